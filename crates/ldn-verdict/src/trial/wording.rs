//! The analysis of a trial in words; the sentences stand in a data file.

use std::collections::BTreeMap;

use ldn_core::data;
use serde::{Deserialize, Serialize};

use super::analysis::{Analysis, Statement};
use super::belief::{BlindingStatus, CorrectShare};
use super::gls::Coefficient;
use super::masked::Masked;
use super::permutation::Method;
use crate::response::prior::DrugPrior;
use crate::response::verdict::Estimate;
use crate::response::wording::{change, hundredths, range_of, render, trim};

/// A belief-adjusted error of so many times the plain one says that the two cannot be told apart.
const INSEPARABLE: f64 = 3.0;

/// The words for both readers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TrialText {
    /// One sentence for the top of a page.
    pub headline: String,
    /// For the person.
    pub patient: String,
    /// For the prescriber, besides what the patient reads.
    pub prescriber: String,
}

/// Writes the words of an analysis.
pub fn text(analysis: &Analysis) -> TrialText {
    Writer { phrases: &Phrases::shipped(), analysis }.text()
}

/// Writes the words of a sealed trial.
pub fn masked(masked: &Masked) -> String {
    let phrases = Phrases::shipped();
    let of_planned = masked.planned_days.map(|days| format!(", of {days} days planned"));
    let value = |name: &str| {
        Some(match name {
            "days" => masked.days.to_string(),
            "scored" => masked.scored.to_string(),
            "of_planned" => of_planned.clone().unwrap_or_default(),
            "error" => format!("{:.1}", masked.expected_standard_error?),
            _ => return None,
        })
    };
    let keys = [Some("look"), masked.expected_standard_error.map(|_| "error"), Some("wait")];
    let sentences = keys.into_iter().flatten().map(|key| render(phrase(&phrases.masked, key), value));
    sentences.collect::<Vec<_>>().join(" ")
}

/// Writes what a share of correct guesses says, for any group of people.
pub fn blinding(status: BlindingStatus, share: Option<&CorrectShare>) -> String {
    let phrases = Phrases::shipped();
    render(phrase(&phrases.blinding, key_of(&status).as_str()), |name| guesses(name, share))
}

/// The sentences, by section and key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    statement: Section,
    because: Section,
    blinding: Section,
    sensitivity: Section,
    early: Section,
    harms: Section,
    prescriber: Section,
    flag: Section,
    masked: Section,
    always: Section,
}

type Section = BTreeMap<String, String>;

impl Phrases {
    fn shipped() -> Phrases {
        let text = include_str!("../../../../data/wording/trial.toml");
        data::parse("wording/trial.toml", text).expect("a test reads every file that is compiled in")
    }
}

fn phrase<'a>(section: &'a Section, key: &str) -> &'a str {
    section.get(key).unwrap_or_else(|| panic!("a test asks for every phrase; `{key}` is missing"))
}

/// The name of a variant as it stands in the data file and in JSON.
fn key_of<T: Serialize>(variant: &T) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(key)) => key,
        _ => String::new(),
    }
}

struct Writer<'a> {
    phrases: &'a Phrases,
    analysis: &'a Analysis,
}

impl Writer<'_> {
    fn text(&self) -> TrialText {
        let (p, a) = (self.phrases, self.analysis);
        let statement = self.fill(&p.statement, &key_of(&a.statement));
        let because = self.fill(&p.because, &key_of(&a.because));
        let ended = a.planned_periods.is_some_and(|planned| a.periods.len() < planned);
        let patient = [
            Some(statement.clone()),
            Some(because),
            ended.then(|| self.fill(&p.early, "ended")),
            Some(self.blinding()),
            self.sensitivity(),
            a.nocebo.as_ref().and_then(|n| n.ratio).map(|_| self.fill(&p.harms, "three-arms")),
            Some(a.verdict.text.next.clone()).filter(|_| a.statement != Statement::Undecided),
            Some(self.fill(&p.always, "safety")),
        ];
        let guessed = a.blinding.as_ref().and_then(|b| b.all.as_ref()).is_some();
        let prescriber = [
            a.verdict.estimate.as_ref().map(|_| "drug"),
            (!a.pairs.is_empty()).then_some("pairs"),
            Some(if a.randomisation.is_some() { "randomisation" } else { "no-randomisation" }),
            a.carry_over.map(|_| "carry-over"),
            a.period_effects.as_ref().map(|_| "periods"),
            guessed.then_some("blinding"),
        ];
        let mut prescriber: Vec<String> =
            prescriber.into_iter().flatten().map(|key| self.fill(&p.prescriber, key)).collect();
        prescriber.push(self.fill(&p.harms, "days"));
        TrialText { headline: statement, patient: join(patient), prescriber: prescriber.join(" ") }
    }

    fn blinding(&self) -> String {
        match &self.analysis.blinding {
            Some(found) => self.fill(&self.phrases.blinding, &key_of(&found.status)),
            None => self.fill(&self.phrases.blinding, "not-asked"),
        }
    }

    /// Told where guesses beat chance; otherwise it would answer a question that nobody has.
    fn sensitivity(&self) -> Option<String> {
        let found = self
            .analysis
            .blinding
            .as_ref()
            .filter(|found| matches!(found.status, BlindingStatus::Failed | BlindingStatus::Reversed))?;
        let s = found.sensitivity?;
        let inseparable = s.with_belief.standard_error > INSEPARABLE * s.without_belief.standard_error;
        Some(self.fill(&self.phrases.sensitivity, if inseparable { "cannot" } else { "shrinks" }))
    }

    fn fill(&self, section: &Section, key: &str) -> String {
        render(phrase(section, key), |name| self.value(name))
    }

    fn value(&self, name: &str) -> Option<String> {
        let a = self.analysis;
        Some(match name {
            "measure" => if a.measure.id() == "fog" { "brain fog" } else { a.measure.id() }.to_owned(),
            "pairs" => a.pairs.len().to_string(),
            "pairs_in_favour" => a.pairs_in_favour.to_string(),
            "mean_of_pairs" => {
                let mean = a.mean_of_pairs?;
                format!("{} (range {})", change(mean.estimate), range_of(mean.interval(0.9)))
            }
            "periods" => a.periods.len().to_string(),
            "planned_periods" => a.planned_periods?.to_string(),
            "excluded_days" => a.excluded_days.to_string(),
            "no_randomisation" => a.no_randomisation.clone()?,
            "grade" => key_of(&a.verdict.grade),
            "pair_list" => self.pair_list(),
            "side_effect_days" => self.side_effect_days(),
            "nocebo" => format!("{:.0}", 100.0 * a.nocebo.as_ref()?.ratio?),
            "correct" | "guesses" | "share" | "low" | "high" => {
                guesses(name, a.blinding.as_ref()?.all.as_ref())?
            }
            "bang_ldn" => index(a.blinding.as_ref()?.bang_ldn),
            "bang_placebo" => index(a.blinding.as_ref()?.bang_placebo),
            "without" => points(a.blinding.as_ref()?.sensitivity?.without_belief),
            "with" => points(a.blinding.as_ref()?.sensitivity?.with_belief),
            "method" | "at_least" | "looked_at" | "admissible" | "floor" => self.randomisation(name)?,
            "early" | "late" | "carry_flag" | "left" | "built" => self.carry_over(name)?,
            "drift" => points(a.period_effects.as_ref()?.drift_per_90_days),
            "period_flag" => {
                let flag = a.period_effects.as_ref()?.flag;
                if flag { self.fill(&self.phrases.flag, "period") } else { String::new() }
            }
            other => return self.estimated(other, a.verdict.estimate.as_ref()),
        })
    }

    fn estimated(&self, name: &str, estimate: Option<&Estimate>) -> Option<String> {
        let Some(e) = estimate else {
            // Where nothing could be estimated the probability is not known.
            return name
                .starts_with("p_")
                .then(|| "an unknown number".to_owned())
                .or_else(|| (name == "worthwhile").then(|| trim(crate::response::verdict::WORTHWHILE)));
        };
        let of = |prior: DrugPrior| e.sensitivity.get(prior.id()).map_or(e.p_worthwhile, |o| o.p_worthwhile);
        Some(match name {
            "worthwhile" => trim(e.worthwhile),
            "p_main" => hundredths(e.p_attribution),
            "p_sceptical" => hundredths(of(DrugPrior::Sceptical)),
            "p_enthusiastic" => hundredths(of(DrugPrior::Enthusiastic)),
            "b" => {
                let b = e.quantities.b;
                format!("{}, 90 % interval {}", change(b.mean), range_of([b.q[0], b.q[4]]))
            }
            _ => return None,
        })
    }

    fn randomisation(&self, name: &str) -> Option<String> {
        let test = self.analysis.randomisation.as_ref()?;
        Some(match name {
            "method" => match test.method {
                Method::Exact => "exact".to_owned(),
                Method::ExactGivenOpenPeriods => "exact, given the periods without capsules".to_owned(),
                Method::Sampled => {
                    let error = 100.0 * test.sampling_error.unwrap_or_default();
                    format!("a sample, standard error {error:.1} per cent")
                }
            },
            "at_least" => test.at_least_as_large.to_string(),
            "looked_at" => test.looked_at.to_string(),
            "admissible" => test.admissible.to_string(),
            _ => format!("{:.0}", test.floor * test.looked_at as f64),
        })
    }

    fn carry_over(&self, name: &str) -> Option<String> {
        let found = self.analysis.carry_over.as_ref()?;
        let percent = |share: Option<f64>| share.map_or("?".to_owned(), |s| format!("{:.0}", 100.0 * s));
        Some(match name {
            "early" => points(found.early),
            "late" => points(found.late),
            "left" => percent(found.left_in_placebo),
            "built" => percent(found.built_up_in_ldn),
            _ if found.flag => self.fill(&self.phrases.flag, "carry"),
            _ => String::new(),
        })
    }

    fn pair_list(&self) -> String {
        let pairs = self.analysis.pairs.iter();
        let of = |pair: &super::diagnostics::PairEstimate| points(pair.difference);
        pairs.map(of).collect::<Vec<_>>().join("; ")
    }

    fn side_effect_days(&self) -> String {
        let days = self.analysis.side_effect_days();
        let arms = days.iter().map(|(arm, (with_any, all))| format!("{with_any} of {all} on {arm}"));
        arms.collect::<Vec<_>>().join(", ")
    }
}

fn guesses(name: &str, share: Option<&CorrectShare>) -> Option<String> {
    Some(match (name, share) {
        ("guesses", None) => "none".to_owned(),
        ("correct", Some(share)) => share.correct.to_string(),
        ("guesses", Some(share)) => share.guesses.to_string(),
        ("share", Some(share)) => format!("{:.0}", 100.0 * share.share),
        ("low", Some(share)) => format!("{:.0}", 100.0 * share.interval_95[0]),
        ("high", Some(share)) => format!("{:.0}", 100.0 * share.interval_95[1]),
        _ => return None,
    })
}

fn index(index: Option<f64>) -> String {
    index.map_or("unknown".to_owned(), |index| format!("{index:.2}").replace('-', "−"))
}

/// "1.2 points (SE 0.4)".
fn points(value: Coefficient) -> String {
    format!("{:.1} points (SE {:.1})", value.estimate, value.standard_error).replace('-', "−")
}

fn join<const N: usize>(parts: [Option<String>; N]) -> String {
    let full = parts.into_iter().flatten().filter(|part| !part.is_empty());
    full.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::analysis::Because;
    use super::*;

    /// Every variant has its phrase.
    #[test]
    fn no_phrase_is_missing() {
        let phrases = Phrases::shipped();
        for statement in [Statement::Responder, Statement::NotAResponder, Statement::Undecided] {
            phrase(&phrases.statement, &key_of(&statement));
        }
        for because in [
            Because::ThresholdAndPairs,
            Because::BetweenThresholds,
            Because::TooFewPairs,
            Because::PairsDisagree,
            Because::DependsOnOpinion,
            Because::NotSeparable,
        ] {
            phrase(&phrases.because, &key_of(&because));
        }
        for status in [
            BlindingStatus::Failed,
            BlindingStatus::Reversed,
            BlindingStatus::NoSignOfFailure,
            BlindingStatus::TooFewGuesses,
        ] {
            phrase(&phrases.blinding, &key_of(&status));
        }
    }
}
