//! The revised Fibromyalgia Impact Questionnaire.

use serde::{Deserialize, Serialize};

use super::{NotScored, Ratio, check_range, tally};

const HIGHEST: u8 = 10;

/// Answers of the past seven days, each 0 to 10; `None` was not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fiqr {
    /// Function: how hard nine everyday things were.
    pub function: [Option<u8>; 9],
    /// Overall impact: goals not reached, overwhelmed.
    pub overall: [Option<u8>; 2],
    /// Symptoms: ten of them.
    pub symptoms: [Option<u8>; 10],
}

/// Which printed limits give the word; two sets exist and disagree, so the set is kept with every result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FiqrBandSet {
    /// Set A: to 30 remission, to 45 mild, to 65 moderate, above severe (Salaffi 2018).
    Salaffi2018,
    /// Set B: to 23 remission, to 40 mild, to 63 moderate, to 82 severe, above very severe (Salaffi 2021).
    Salaffi2021,
}

/// The total with what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FiqrScore {
    /// 0 to 100; higher is worse.
    pub total: Ratio,
    /// 0 to 30.
    pub function: Ratio,
    /// 0 to 20.
    pub overall: Ratio,
    /// 0 to 50.
    pub symptoms: Ratio,
    /// True if an unanswered item was replaced by the mean of the others in its part.
    pub prorated: bool,
}

impl Fiqr {
    /// Adds it up: a third of function, overall as it is, half of symptoms; a part with gaps counts by its mean.
    ///
    /// # Errors
    /// An answer above 10, or a part without any answer.
    pub fn score(&self) -> Result<FiqrScore, NotScored> {
        let function = part("function", &self.function, 30)?;
        let overall = part("overall", &self.overall, 20)?;
        let symptoms = part("symptoms", &self.symptoms, 50)?;
        let gaps =
            [&self.function[..], &self.overall, &self.symptoms].iter().any(|answers| answers.contains(&None));
        Ok(FiqrScore {
            total: function.plus(overall).plus(symptoms),
            function,
            overall,
            symptoms,
            prorated: gaps,
        })
    }
}

/// Returns the part's contribution: its mean answer, stretched so that all tens give `highest_contribution`.
fn part(name: &'static str, answers: &[Option<u8>], highest_contribution: u32) -> Result<Ratio, NotScored> {
    check_range(name, answers, HIGHEST)?;
    let (answered, sum) = tally(answers);
    if answered == 0 {
        return Err(NotScored::TooFewAnswers { part: name, answered, items: answers.len() as u8, needed: 1 });
    }
    Ok(Ratio::new(sum * (highest_contribution / u32::from(HIGHEST)), u32::from(answered)))
}

impl FiqrBandSet {
    /// Returns the code of the word for a total. The printed bands leave gaps (45 to 46, every fraction in set B), so a
    /// total is assigned by upper limits alone; the answer must say so.
    pub fn band(self, total: Ratio) -> &'static str {
        let limits: &[(u32, &'static str)] = match self {
            FiqrBandSet::Salaffi2018 => &[(30, "remission"), (45, "mild"), (65, "moderate")],
            FiqrBandSet::Salaffi2021 => &[(23, "remission"), (40, "mild"), (63, "moderate"), (82, "severe")],
        };
        let highest = match self {
            FiqrBandSet::Salaffi2018 => "severe",
            FiqrBandSet::Salaffi2021 => "very-severe",
        };
        limits.iter().find(|(limit, _)| total <= Ratio::whole(*limit)).map_or(highest, |(_, band)| band)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fiqr(function: [u8; 9], overall: [u8; 2], symptoms: [u8; 10]) -> Fiqr {
        Fiqr { function: function.map(Some), overall: overall.map(Some), symptoms: symptoms.map(Some) }
    }

    #[test]
    fn the_printed_examples_add_up() {
        let mut one_missing = fiqr([5; 9], [6; 2], [6; 10]);
        one_missing.function[3] = None;
        let mut eight = fiqr([4, 5, 6, 3, 2, 7, 5, 4, 0], [8, 6], [6; 10]);
        eight.function[8] = None;
        for (answers, total, prorated) in [
            (fiqr([5; 9], [6; 2], [6; 10]), "57", false),
            (fiqr([10; 9], [10; 2], [10; 10]), "100", false),
            (fiqr([0; 9], [0; 2], [0; 10]), "0", false),
            (one_missing, "57", true),
            (eight, "57.5", true),
        ] {
            let score = answers.score().expect("a score");
            assert_eq!((score.total.to_string().as_str(), score.prorated), (total, prorated), "{answers:?}");
        }
    }

    #[test]
    fn a_part_without_answers_has_no_score_and_neither_has_eleven() {
        let mut empty = fiqr([5; 9], [6; 2], [6; 10]);
        empty.overall = [None; 2];
        assert!(matches!(empty.score(), Err(NotScored::TooFewAnswers { part: "overall", answered: 0, .. })));
        let eleven = fiqr([5; 9], [6, 11], [6; 10]);
        assert_eq!(
            eleven.score().expect_err("no score").to_string(),
            "overall-2 is 11; expected a whole number from 0 to 10"
        );
    }

    #[test]
    fn totals_in_the_printed_gaps_have_a_band() {
        let halves = |numerator| Ratio::new(numerator, 2);
        for (twice, a, b) in [
            (47, "remission", "mild"),
            (60, "remission", "mild"),
            (61, "mild", "mild"),
            (81, "mild", "moderate"),
            (90, "mild", "moderate"),
            (91, "moderate", "moderate"),
            (127, "moderate", "severe"),
            (165, "severe", "very-severe"),
            (166, "severe", "very-severe"),
        ] {
            let total = halves(twice);
            assert_eq!(FiqrBandSet::Salaffi2018.band(total), a, "{total}");
            assert_eq!(FiqrBandSet::Salaffi2021.band(total), b, "{total}");
        }
    }

    /// H17: adding one to any answer never improves the score.
    #[test]
    fn worse_answers_never_give_a_better_score() {
        let base = fiqr([5, 0, 9, 3, 2, 7, 5, 4, 1], [8, 6], [6, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let total = base.score().expect("a score").total;
        for item in 0..21 {
            let mut worse = base;
            let place = match item {
                0..9 => &mut worse.function[item],
                9..11 => &mut worse.overall[item - 9],
                _ => &mut worse.symptoms[item - 11],
            };
            *place = place.map(|value| value + 1);
            assert!(worse.score().expect("a score").total > total, "item {item}");
        }
    }
}
