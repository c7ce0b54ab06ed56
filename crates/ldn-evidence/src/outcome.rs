//! Outcomes that may be asked of the trials together.

use ldn_core::data::{Problems, Status, id_of};
use serde::{Deserialize, Serialize};

use crate::printed::Printed;
use crate::trial::{Better, Comparator};

/// One question to all trials, with the rules of who may answer it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Equals the file name.
    pub id: String,
    /// What is asked.
    pub title: String,
    /// What is pooled.
    pub effect: Effect,
    /// Which rows of a trial may answer.
    pub table: Table,
    /// The measures that answer.
    pub measures: Vec<String>,
    /// Measures that readers look for here; they are refused with a reason instead of being left out silently.
    pub also_looked_at: Vec<String>,
    /// The illnesses asked about.
    pub conditions: Vec<String>,
    /// What LDN must have been compared with.
    pub comparator: Comparator,
    /// The unit of a difference, or what is counted.
    pub unit: String,
    /// The range of the scale, where the rows must share one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Range>,
    /// Which way is better.
    pub better: Better,
    /// What the sign of the effect means.
    pub sign: String,
    /// Published findings about the same question, to be shown beside; never a change within one arm.
    pub published: Vec<PublishedFinding>,
    /// Whether the rules were checked.
    pub status: Status,
    /// Why these rules.
    pub why: String,
}

/// A finding of a published review.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedFinding {
    /// The review.
    pub review: String,
    /// The outcome of its estimate, or else the event of its adverse event.
    pub estimate: String,
}

/// What is pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Differences between arms, LDN minus comparator.
    MeanDifference,
    /// Pairs of counts, from which a ratio or a difference of risks is made.
    Counts,
}

/// Which rows of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Table {
    /// Its results.
    Result,
    /// Its adverse events.
    AdverseEvent,
}

/// The ends of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lower end.
    pub low: Printed,
    /// Upper end.
    pub high: Printed,
}

impl Outcome {
    /// Notes what is wrong with an outcome by itself.
    pub(crate) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        for (key, text) in
            [("title", &self.title), ("unit", &self.unit), ("sign", &self.sign), ("why", &self.why)]
        {
            if text.trim().is_empty() {
                problems.value(file, key, text, "a text");
            }
        }
        for (key, list) in [("measures", &self.measures), ("conditions", &self.conditions)] {
            if list.is_empty() {
                problems.value(file, key, "[]", "at least one");
            }
        }
        if self.table == Table::AdverseEvent && self.effect != Effect::Counts {
            problems.value(file, "effect", "mean-difference", "counts, since adverse events are counted");
        }
    }
}
