//! A verdict in words: which sentences, in which order, with which numbers. The sentences stand in a data file.

use std::collections::BTreeMap;

use ldn_core::{Direction, data};
use serde::{Deserialize, Serialize};

use super::decision::{Action, Attribution, BASELINE_SCORES, EVALUATION_SCORES, Response};
use super::grade::Grade;
use super::prior::DrugPrior;
use super::summary::Summary;
use super::verdict::{Estimate, Verdict};

/// The words for both readers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// One sentence for the top of a page.
    pub headline: String,
    /// For the person who kept the diary.
    pub patient: String,
    /// For the prescriber.
    pub prescriber: String,
    /// What to do next.
    pub next: String,
    /// What would make the answer surer.
    pub surer: String,
}

/// Number of equally likely answers that a patient is told of.
pub const PATIENT_DOTS: usize = 20;

/// Writes the words of a verdict.
pub fn text(verdict: &Verdict) -> Text {
    Writer { phrases: &Phrases::shipped(), verdict }.text()
}

/// The sentences, by section and key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    measure: BTreeMap<String, String>,
    total: BTreeMap<String, String>,
    headline: BTreeMap<String, String>,
    response: BTreeMap<String, String>,
    lacking: BTreeMap<String, String>,
    cause: BTreeMap<String, String>,
    prescriber: BTreeMap<String, String>,
    action: BTreeMap<String, String>,
    until: BTreeMap<String, String>,
    surer: BTreeMap<String, String>,
    always: BTreeMap<String, String>,
}

impl Phrases {
    fn shipped() -> Phrases {
        let text = include_str!("../../../../data/wording/verdict.toml");
        data::parse("wording/verdict.toml", text).expect("a test reads every file that is compiled in")
    }
}

struct Writer<'a> {
    phrases: &'a Phrases,
    verdict: &'a Verdict,
}

impl Writer<'_> {
    fn text(&self) -> Text {
        let response = self.fill(&self.phrases.response, self.verdict.response.id());
        let next = self.next();
        let cause = self.cause();
        let always = self.fill(&self.phrases.always, "safety");
        let (stopped, built_up) = (self.stopped(), self.built_up());
        let patient = [
            self.total("patient", "patient_upwards"),
            stopped.clone(),
            built_up.clone(),
            Some(response.clone()),
            cause.clone(),
            Some(next.clone()),
            Some(always),
        ];
        let total = self.total("prescriber", "prescriber_upwards");
        let prescriber = [total, stopped, built_up, Some(response), cause, self.for_the_prescriber()];
        Text {
            headline: self.headline(),
            patient: join(patient),
            prescriber: join(prescriber),
            next,
            surer: self.surer(),
        }
    }

    /// The total improvement, where it may be shown; per cent are of the burden, so that they are told differently for a
    /// measure on which higher is better.
    fn total(&self, downwards: &str, upwards: &str) -> Option<String> {
        self.verdict.shown_estimate()?;
        let key = match self.verdict.measure.direction() {
            Direction::LowerIsBetter => downwards,
            Direction::HigherIsBetter => upwards,
        };
        Some(self.fill(&self.phrases.total, key))
    }

    /// What to do next; a course that was stopped, or that began without a baseline, has an answer of its own.
    fn next(&self) -> String {
        let action = self.verdict.action;
        let key = match action {
            Action::Collect if self.baseline_is_lost() => "no baseline",
            Action::Collect | Action::KeepTheDiary | Action::ReviewOrStop => action.id(),
            _ if self.verdict.stopped_on.is_some() => "stopped",
            _ => action.id(),
        };
        self.fill(&self.phrases.action, key)
    }

    /// Treatment began before there were enough scores: no further day can make up for them.
    fn baseline_is_lost(&self) -> bool {
        self.verdict.first_capsule.is_some() && self.verdict.observed.baseline_scored < BASELINE_SCORES
    }

    fn stopped(&self) -> Option<String> {
        self.verdict.shown_estimate()?;
        self.verdict.stopped_on.map(|_| self.fill(&self.phrases.total, "stopped"))
    }

    /// What the response rests on, where that is not the total so far.
    fn built_up(&self) -> Option<String> {
        self.verdict.shown_estimate().filter(|_| self.verdict.judged_built_up)?;
        Some(self.fill(&self.phrases.total, "built_up"))
    }

    fn headline(&self) -> String {
        let key = match (self.verdict.response, self.verdict.shown_estimate()) {
            (Response::NoTreatmentYet, _) => "no_treatment",
            (_, None) => "insufficient",
            (Response::TooEarly, _) => "too_early",
            _ => "better",
        };
        self.fill(&self.phrases.headline, key)
    }

    /// What may have caused the change; nothing where there is no change to explain.
    fn cause(&self) -> Option<String> {
        self.verdict.estimate.as_ref()?;
        if self.verdict.attribution == Attribution::NotSeparable {
            self.verdict.shown_estimate()?;
            let key = match self.verdict.grade {
                _ if self.verdict.started_together => "together",
                _ if self.verdict.judged_built_up => "one_arm",
                Grade::C => "withdrawal",
                _ => "open",
            };
            return Some(self.fill(&self.phrases.cause, key));
        }
        let statement = format!("blinded_{}", self.verdict.attribution.id().replace(' ', "_"));
        let sensitive = self.verdict.prior_sensitive.then_some("sensitive");
        let keys = [Some(statement.as_str()), Some("opinions"), sensitive];
        Some(join(keys.map(|key| key.map(|key| self.fill(&self.phrases.cause, key)))))
    }

    fn for_the_prescriber(&self) -> Option<String> {
        let estimate = self.verdict.estimate.as_ref().filter(|_| !self.verdict.started_together)?;
        if !self.verdict.grade.is_blinded() {
            // Without a change to explain, an open-label drug effect is nothing but the prior.
            self.verdict.shown_estimate()?;
        }
        let grade = match self.verdict.grade {
            Grade::A => "grade_a",
            Grade::B => "grade_b",
            Grade::C => "grade_c",
            Grade::D => "grade_d",
        };
        let share = estimate.drug_share.map(|_| "share");
        let extrapolation = self.verdict.extrapolated.then_some("extrapolation");
        let keys = [Some(grade), Some("drug"), extrapolation, share, Some("regret")];
        Some(join(keys.map(|key| key.map(|key| self.fill(&self.phrases.prescriber, key)))))
    }

    fn surer(&self) -> String {
        let grade = self.verdict.grade;
        let key = match self.verdict.action {
            Action::Collect if self.baseline_is_lost() => "no_baseline",
            Action::KeepTheDiary | Action::Collect => "insufficient",
            Action::ReviewOrStop => "worse",
            _ if self.verdict.started_together => "together",
            Action::Wait | Action::KeepObserving
                if !grade.is_blinded() && self.verdict.stopped_on.is_none() =>
            {
                "days"
            }
            _ if grade.is_blinded() => "blinded",
            _ if grade == Grade::C => "withdrawal",
            _ => "open",
        };
        self.fill(&self.phrases.surer, key)
    }

    /// Which window lacks how many days.
    fn lacking(&self) -> String {
        let observed = self.verdict.observed;
        let no_baseline = observed.baseline_scored == 0 && self.verdict.first_capsule.is_some();
        let mut parts = Vec::new();
        for (key, have, need) in [
            (
                if no_baseline { "baseline_never" } else { "baseline" },
                observed.baseline_scored,
                BASELINE_SCORES,
            ),
            ("evaluation", observed.evaluation_scored, EVALUATION_SCORES),
        ] {
            if have < need {
                let numbers = [("have", have.to_string()), ("need", need.to_string())];
                parts.push(render(&self.phrases.lacking[key], |name| {
                    numbers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone())
                }));
            }
        }
        parts.join("; ")
    }

    fn until(&self) -> String {
        self.fill(&self.phrases.until, if self.verdict.built_up_on.is_some() { "date" } else { "never" })
    }

    fn fill(&self, section: &BTreeMap<String, String>, key: &str) -> String {
        let phrase =
            section.get(key).unwrap_or_else(|| panic!("a test asks for every phrase; `{key}` is missing"));
        render(phrase, |name| self.value(name))
    }

    /// Returns what stands for a name between braces.
    fn value(&self, name: &str) -> Option<String> {
        let v = self.verdict;
        let observed = v.observed;
        Some(match name {
            "measure" => self.phrases.measure[v.measure.id()].clone(),
            "scored" => v.scored.to_string(),
            "baseline_mean" => {
                observed.baseline_mean.map_or("unknown".to_owned(), |mean| format!("{mean:.1}"))
            }
            "baseline_scored" => observed.baseline_scored.to_string(),
            "evaluation_scored" => observed.evaluation_scored.to_string(),
            "lacking" => self.lacking(),
            "until" => self.until(),
            "stopped" => v.stopped_on?.strftime("%-d %B %Y").to_string(),
            "date" => v.built_up_on?.strftime("%-d %B %Y").to_string(),
            "prior_set" => v.prior_set.clone(),
            "prior" => v.prior.id().to_owned(),
            "reference_dose" => format!("{} mg", trim(v.reference_dose_mg)),
            other => return self.estimated(other, v.estimate.as_ref()?),
        })
    }

    fn estimated(&self, name: &str, e: &Estimate) -> Option<String> {
        let q = &e.quantities;
        let opinion = |prior: DrugPrior| match e.sensitivity.get(prior.id()) {
            Some(opinion) => (opinion.b, opinion.p_worthwhile),
            None => (q.b, e.p_worthwhile),
        };
        Some(match name {
            "change" => change(q.total.mean),
            "of_baseline" => self.of_baseline(e),
            "percent" => format!("{:.0}", 100.0 * (q.total.mean / q.baseline.mean).abs()),
            "range" => range(&q.total),
            "built_up" => change(q.total_ss.mean),
            "built_up_range" => range(&q.total_ss),
            "baseline" => format!("{:.1}", self.verdict.as_typed(q.baseline.mean)),
            "dots" => dots_above(&e.total_dots, 0.0, PATIENT_DOTS).to_string(),
            "buildup" => format!("{:.0}", 100.0 * q.buildup.mean),
            "p_worse" => {
                hundredths(self.judged(e.probabilities.total_le_minus1, e.probabilities.ss_le_minus1))
            }
            "p_half" => hundredths(self.judged(e.probabilities.total_ge_50pct, e.probabilities.ss_ge_50pct)),
            "p_third" => hundredths(self.judged(e.probabilities.total_ge_30pct, e.probabilities.ss_ge_30pct)),
            "p_point" => hundredths(self.judged(e.probabilities.total_ge_1, e.probabilities.ss_ge_1)),
            "worthwhile" => trim(e.worthwhile),
            "p_main" => hundredths(e.p_attribution),
            "p_prior" => hundredths(e.p_worthwhile),
            "p_sceptical" => hundredths(opinion(DrugPrior::Sceptical).1),
            "p_enthusiastic" => hundredths(opinion(DrugPrior::Enthusiastic).1),
            "b" => signed(&q.b),
            "b_sceptical" => signed(&opinion(DrugPrior::Sceptical).0),
            "b_enthusiastic" => signed(&opinion(DrugPrior::Enthusiastic).0),
            "share" => format!("{:.0}", 100.0 * e.drug_share?),
            "regret_continue" => format!("{:.2}", e.regret.going_on),
            "regret_stop" => format!("{:.2}", e.regret.stopping),
            _ => return None,
        })
    }

    /// The change in per cent of the burden; nothing where the baseline is so low that per cent mislead.
    fn of_baseline(&self, e: &Estimate) -> String {
        const LEAST_BASELINE: f64 = 1.0;
        if e.quantities.baseline.mean < LEAST_BASELINE || change(e.quantities.total.mean) == UNCHANGED {
            return String::new();
        }
        let key = match self.verdict.measure.direction() {
            Direction::LowerIsBetter => "of_baseline",
            Direction::HigherIsBetter => "of_baseline_upwards",
        };
        self.fill(&self.phrases.total, key)
    }

    /// The probability that the response rests on.
    fn judged(&self, now: f64, built_up: f64) -> f64 {
        if self.verdict.judged_built_up { built_up } else { now }
    }
}

/// Returns how many of `n` equally likely answers lie above a bound.
///
/// `dots` are the quantiles at (k − ½)/50; an answer out of `n` is the quantile at (k − ½)/n, between two of them.
pub fn dots_above(dots: &[f64], bound: f64, n: usize) -> usize {
    equally_likely(dots, n).into_iter().filter(|answer| *answer > bound).count()
}

/// Returns `n` equally likely answers from a finer list of them, both ascending.
pub fn equally_likely(dots: &[f64], n: usize) -> Vec<f64> {
    (0..n)
        .map(|k| {
            let position = (k as f64 + 0.5) / n as f64 * dots.len() as f64 - 0.5;
            let below = position.floor().clamp(0.0, (dots.len() - 1) as f64) as usize;
            let above = (below + 1).min(dots.len() - 1);
            let share = (position - below as f64).clamp(0.0, 1.0);
            dots[below] + share * (dots[above] - dots[below])
        })
        .collect()
}

/// A change that rounds to nothing.
const UNCHANGED: &str = "the same to 0.1 points";

/// "2.4 points better", "0.3 points worse", "the same to 0.1 points".
pub(crate) fn change(points: f64) -> String {
    match format!("{:.1}", points.abs()).as_str() {
        "0.0" => UNCHANGED.to_owned(),
        size if points > 0.0 => format!("{size} points better"),
        size => format!("{size} points worse"),
    }
}

/// "between 1.5 and 3.3 points better", "between 0.3 points worse and 1.2 points better".
fn range(summary: &Summary) -> String {
    range_of([summary.q[0], summary.q[4]])
}

/// As [`range`], from the ends.
pub(crate) fn range_of([low, high]: [f64; 2]) -> String {
    if low >= 0.0 {
        format!("between {low:.1} and {high:.1} points better")
    } else if high <= 0.0 {
        format!("between {:.1} and {:.1} points worse", -high, -low)
    } else {
        format!("between {:.1} points worse and {high:.1} points better", -low)
    }
}

/// "0.9 points (−0.2 to 2.0)".
fn signed(summary: &Summary) -> String {
    format!("{:.1} points ({:.1} to {:.1})", summary.mean, summary.q[0], summary.q[4]).replace('-', "−")
}

/// A probability as "so many of 100", never 0 or 100: nothing is certain.
pub(crate) fn hundredths(p: f64) -> String {
    match (100.0 * p).round() {
        n if n < 1.0 => "fewer than 1".to_owned(),
        n if n > 99.0 => "more than 99".to_owned(),
        n => format!("{n:.0}"),
    }
}

pub(crate) fn trim(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn join<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Fills `{names}` in a phrase.
pub(crate) fn render(phrase: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or_else(|| panic!("unclosed brace in {phrase:?}"));
        text.push_str(before);
        text.push_str(&value(name).unwrap_or_else(|| panic!("no value for {{{name}}} in {phrase:?}")));
        rest = after;
    }
    text.push_str(rest);
    text
}
