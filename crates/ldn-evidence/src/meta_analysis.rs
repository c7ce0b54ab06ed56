//! Published reviews with what they pooled.

use ldn_core::data::{Problems, Status, id_of};
use serde::{Deserialize, Serialize};

use crate::printed::Printed;
use crate::recompute;
use crate::trial::{AdverseEvent, Explained};

/// One published review.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MetaAnalysis {
    /// Equals the file name.
    pub id: String,
    /// Where it was published.
    pub source: String,
    /// What it included, in words.
    pub included: String,
    /// Number of trials, studies or papers.
    pub n_studies: u32,
    /// People in them; `None` if not printed in what was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_people: Option<u32>,
    /// End of its search, as precisely as it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched_to: Option<String>,
    /// The included trials that are in the library.
    pub trials: Vec<String>,
    /// Why [`MetaAnalysis::trials`] is not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials_note: Option<String>,
    /// What a reader must know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What holds for every adverse event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adverse_events_note: Option<String>,
    /// Whether it was seen.
    pub status: Status,
    /// What it found.
    #[serde(rename = "estimate")]
    pub estimates: Vec<Estimate>,
    /// What it pooled about adverse events.
    #[serde(default, rename = "adverse_event", skip_serializing_if = "Vec::is_empty")]
    pub adverse_events: Vec<AdverseEvent>,
}

/// One finding of a review.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// What was pooled.
    pub outcome: String,
    /// Against what: `placebo`, `any control`, `active drugs`, or `within-arm` for changes without a comparison.
    pub comparison: String,
    /// `MD`, `SMD`, `d`, `Hedges g`, `RR`, `RD`, `IRR`, or `none` for words.
    pub measure: String,
    /// The pooled value, LDN minus or against the comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Printed>,
    /// Its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci: Option<[Printed; 2]>,
    /// Rates in the two arms, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rates: Option<Rates>,
    /// I² in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i2: Option<Printed>,
    /// Two-sided p-value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<Printed>,
    /// How it was pooled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it says in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// Why its figures do not agree.
    #[serde(default, skip_serializing_if = "is_default")]
    pub explained: Explained,
    /// Whether the figures were seen.
    pub status: Status,
}

/// Rates in two arms.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// On LDN.
    pub ldn: Printed,
    /// On the comparator.
    pub comparator: Printed,
    /// Unit of both.
    pub unit: String,
}

fn is_default(explained: &Explained) -> bool {
    *explained == Explained::default()
}

impl Estimate {
    /// Returns true if 1 means no difference.
    pub fn is_ratio(&self) -> bool {
        matches!(self.measure.as_str(), "RR" | "OR" | "IRR")
    }

    /// Returns true if nothing was compared: such a change never stands beside a placebo-controlled difference.
    pub fn is_within_arm(&self) -> bool {
        self.comparison == "within-arm"
    }
}

impl MetaAnalysis {
    /// Returns what it says about an outcome under comparison; a change within one arm is not among it.
    pub fn estimates_of(&self, outcome: &str) -> Vec<&Estimate> {
        let compares = |e: &&Estimate| e.outcome == outcome && !e.is_within_arm();
        self.estimates.iter().filter(compares).collect()
    }

    /// Returns what it says about an adverse event.
    pub fn adverse_events_of(&self, event: &str) -> Vec<&AdverseEvent> {
        self.adverse_events.iter().filter(|found| found.event == event).collect()
    }

    /// Notes what is wrong with a review by itself.
    pub(crate) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        if self.estimates.is_empty() {
            problems.value(file, "estimate", "[]", "at least one finding");
        }
        for (index, estimate) in self.estimates.iter().enumerate() {
            estimate.check(file, &format!("estimate[{}]", index + 1), problems);
        }
        recompute::check_adverse_events(&self.adverse_events, file, problems);
    }
}

impl Estimate {
    fn check(&self, file: &str, key: &str, problems: &mut Problems) {
        const MEASURES: [&str; 9] = ["MD", "SMD", "d", "Hedges g", "RR", "OR", "RD", "IRR", "none"];
        if !MEASURES.contains(&self.measure.as_str()) {
            let expected = format_args!("one of {}", MEASURES.join(", ")).to_string();
            problems.value(file, &format!("{key}.measure"), &self.measure, expected);
        }
        if self.value.is_some() && self.unit.as_deref().is_none_or(|unit| unit.trim().is_empty()) {
            problems.value(file, &format!("{key}.unit"), "", "a unit, since there is a value");
        }
        if self.value.is_none() && self.finding.is_none() {
            problems.value(file, &format!("{key}.value"), "", "a value or a finding in words");
        }
        recompute::check_estimate(self, file, key, problems);
    }
}
