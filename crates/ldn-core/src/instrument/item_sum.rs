//! Questionnaires whose score is a sum of items from 0 to 3.

use serde::{Deserialize, Serialize};

use super::{NotScored, check_range, tally};

const HIGHEST: u8 = 3;

/// Answers of the Patient Health Questionnaire, past two weeks, each 0 to 3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phq9 {
    /// The nine items in their printed order; `None` was not answered.
    pub items: [Option<u8>; 9],
}

/// Answers of the Generalised Anxiety Disorder scale, past two weeks, each 0 to 3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gad7 {
    /// The seven items in their printed order; `None` was not answered.
    pub items: [Option<u8>; 7],
}

/// A sum with its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ItemSum {
    /// The sum; higher is worse.
    pub total: u8,
    /// The code of its word.
    pub band: &'static str,
}

/// What the ninth item of the PHQ-9 says, which matters before any sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SelfHarmAnswer {
    /// Not at all.
    None,
    /// Several days or more: the help page is shown at once, with or without a network, and a person is told.
    Some,
    /// Not answered: asked again, never read as none.
    Unanswered,
}

impl Phq9 {
    /// Adds it up; an unanswered item leaves it without a score, because no rule of ours stands in for it.
    ///
    /// # Errors
    /// An answer above 3, or fewer than nine answers.
    pub fn score(&self) -> Result<ItemSum, NotScored> {
        sum("phq9", &self.items, &[(4, "minimal"), (9, "mild"), (14, "moderate"), (19, "moderately-severe")])
    }

    /// Returns what the ninth item says, whether or not the rest is answered.
    pub fn self_harm(&self) -> SelfHarmAnswer {
        match self.items[8] {
            None => SelfHarmAnswer::Unanswered,
            Some(0) => SelfHarmAnswer::None,
            Some(_) => SelfHarmAnswer::Some,
        }
    }
}

impl Gad7 {
    /// Adds it up; an unanswered item leaves it without a score.
    ///
    /// # Errors
    /// An answer above 3, or fewer than seven answers.
    pub fn score(&self) -> Result<ItemSum, NotScored> {
        sum("gad7", &self.items, &[(4, "minimal"), (9, "mild"), (14, "moderate")])
    }
}

fn sum(
    part: &'static str,
    items: &[Option<u8>],
    limits: &[(u8, &'static str)],
) -> Result<ItemSum, NotScored> {
    check_range(part, items, HIGHEST)?;
    let (answered, total) = tally(items);
    let asked = items.len() as u8;
    if answered < asked {
        return Err(NotScored::TooFewAnswers { part, answered, items: asked, needed: asked });
    }
    let total = total as u8;
    let band = limits.iter().find(|(limit, _)| total <= *limit).map_or("severe", |(_, band)| band);
    Ok(ItemSum { total, band })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phq9(total: u8) -> Phq9 {
        let mut left = total;
        let items = std::array::from_fn(|_| {
            let answer = left.min(3);
            left -= answer;
            Some(answer)
        });
        Phq9 { items }
    }

    #[test]
    fn bands_change_at_their_limits() {
        for (total, band) in [
            (0, "minimal"),
            (4, "minimal"),
            (5, "mild"),
            (9, "mild"),
            (10, "moderate"),
            (14, "moderate"),
            (15, "moderately-severe"),
            (19, "moderately-severe"),
            (20, "severe"),
            (27, "severe"),
        ] {
            assert_eq!(phq9(total).score(), Ok(ItemSum { total, band }));
        }
        let gad7 =
            |items: [u8; 7]| Gad7 { items: items.map(Some) }.score().map(|score| (score.total, score.band));
        assert_eq!(gad7([1, 1, 1, 1, 0, 0, 0]), Ok((4, "minimal")));
        assert_eq!(gad7([1, 1, 1, 1, 1, 0, 0]), Ok((5, "mild")));
        assert_eq!(gad7([2, 2, 2, 2, 2, 0, 0]), Ok((10, "moderate")));
        assert_eq!(gad7([3, 3, 3, 3, 3, 0, 0]), Ok((15, "severe")));
    }

    #[test]
    fn the_ninth_item_speaks_without_the_others() {
        let mut answers = Phq9::default();
        assert_eq!(answers.self_harm(), SelfHarmAnswer::Unanswered);
        for (answer, expected) in [
            (0, SelfHarmAnswer::None),
            (1, SelfHarmAnswer::Some),
            (2, SelfHarmAnswer::Some),
            (3, SelfHarmAnswer::Some),
        ] {
            answers.items[8] = Some(answer);
            assert_eq!(answers.self_harm(), expected, "{answer}");
            assert!(answers.score().is_err(), "one answer is no score");
        }
    }
}
