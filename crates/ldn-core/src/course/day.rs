//! What was recorded for one local day.

use std::collections::BTreeMap;

use super::{Origin, Recorded, push};
use crate::journal::{DoseReport, Note, Outcome, Scores, SideEffect};
use crate::plan::TimeOfDay;
use crate::score::{Measure, Score};

/// What was recorded for one local day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// Its doses.
    pub doses: DayDoses,
    /// Its side effects in the order of recording.
    pub side_effects: Vec<Recorded<SideEffect>>,
    /// Its notes in the order of recording.
    pub notes: Vec<Recorded<Note>>,
    scores: [Vec<Recorded<Score>>; Measure::ALL.len()],
}

/// The doses of one local day: one slot, or one for each part of a divided dose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayDoses {
    slots: BTreeMap<Option<TimeOfDay>, Slot>,
}

/// The place of one dose on one day. However many devices reported it and however often, it holds at most one dose.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    reports: Vec<Recorded<DoseReport>>,
}

/// What became of a dose, and what decided it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decided<'course> {
    /// The report that counts.
    pub report: &'course Recorded<DoseReport>,
    /// Why it counts.
    pub by: DecidedBy,
}

/// Why one of several reports of a dose counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// There is one report, or all say the same.
    Agreement,
    /// "Taken" counts before "not taken" and "skipped": a dose that may have been taken is not offered again.
    TakenDominates,
    /// "Taken" was reported with different amounts or times; it counts once, the later report, and somebody should ask.
    TakenOnce,
    /// "Skipped" counts before "not taken": nobody asks for the dose again.
    SkippedIsFinal,
}

impl DecidedBy {
    /// Returns true if the reports do not agree.
    pub const fn is_conflict(self) -> bool {
        !matches!(self, DecidedBy::Agreement)
    }

    /// Returns the rule in words, to be shown beside the reports.
    pub const fn words(self) -> &'static str {
        match self {
            DecidedBy::Agreement => "the reports agree",
            DecidedBy::TakenDominates => "reported as taken and as not taken: it counts as taken",
            DecidedBy::TakenOnce => {
                "reported as taken with different amounts or times: it counts once, as last reported"
            }
            DecidedBy::SkippedIsFinal => "reported as skipped and as not taken: it counts as skipped",
        }
    }
}

impl Day {
    pub(super) fn add_dose(&mut self, origin: Origin, report: &DoseReport) {
        let slot = self.doses.slots.entry(report.part).or_insert_with(|| Slot { reports: Vec::new() });
        push(&mut slot.reports, origin, report);
    }

    pub(super) fn add_scores(&mut self, origin: Origin, scores: &Scores) {
        for score in scores.iter() {
            push(&mut self.scores[score.measure().index()], origin, &score);
        }
    }

    /// Returns the score that counts: of several the one recorded last; `None` if there is none.
    pub fn score(&self, measure: Measure) -> Option<&Recorded<Score>> {
        self.scores[measure.index()].last()
    }

    /// Returns every score of a measure in the order of recording; two or more are worth a question.
    pub fn all_scores(&self, measure: Measure) -> &[Recorded<Score>] {
        &self.scores[measure.index()]
    }

    /// Returns true if the day has something that a diary has a place for.
    pub(super) fn is_in_diary(&self) -> bool {
        let scored = self.scores.iter().any(|scores| !scores.is_empty());
        scored || !self.doses.slots.is_empty() || !self.side_effects.is_empty() || !self.notes.is_empty()
    }
}

impl DayDoses {
    /// Returns true if no dose was reported, which is not "no dose".
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Returns the slots with the part of the day; `None` is the one dose of an undivided day.
    pub fn slots(&self) -> impl Iterator<Item = (Option<TimeOfDay>, &Slot)> {
        self.slots.iter().map(|(part, slot)| (*part, slot))
    }

    /// Returns one slot.
    pub fn slot(&self, part: Option<TimeOfDay>) -> Option<&Slot> {
        self.slots.get(&part)
    }

    /// Returns true if the reports of a slot do not agree, or the day was reported both whole and in parts.
    pub fn has_conflict(&self) -> bool {
        let whole_and_parts = self.slots.contains_key(&None) && self.slots.len() > 1;
        whole_and_parts || self.slots.values().any(|slot| slot.decided().by.is_conflict())
    }
}

impl Slot {
    /// Returns every report in the order of recording; at least one.
    pub fn reports(&self) -> &[Recorded<DoseReport>] {
        &self.reports
    }

    /// Returns what became of the dose: "taken" before "skipped" before "not taken", a known amount before an unknown one,
    /// and of equals the later.
    pub fn decided(&self) -> Decided<'_> {
        let report = self
            .reports
            .iter()
            .max_by_key(|report| rank(&report.value.outcome))
            .expect("a slot is made together with its first report");
        Decided { report, by: self.decided_by(&report.value.outcome) }
    }

    fn decided_by(&self, outcome: &Outcome) -> DecidedBy {
        let others = || self.reports.iter().map(|report| &report.value.outcome);
        let another_kind = others().any(|other| rank(other).0 != rank(outcome).0);
        match outcome {
            Outcome::Taken { .. } if others().any(|other| contradicts(outcome, other)) => {
                DecidedBy::TakenOnce
            }
            Outcome::Taken { .. } if another_kind => DecidedBy::TakenDominates,
            Outcome::Skipped if another_kind => DecidedBy::SkippedIsFinal,
            _ => DecidedBy::Agreement,
        }
    }
}

/// What counts before what; of one rank the later report counts.
const fn rank(outcome: &Outcome) -> (u8, bool) {
    match outcome {
        Outcome::NotTaken => (0, false),
        Outcome::Skipped => (1, false),
        Outcome::Taken { dose, .. } => (2, dose.is_some()),
    }
}

/// Returns true if two reports of a dose that was taken cannot both be right; what one leaves open contradicts nothing.
fn contradicts(one: &Outcome, other: &Outcome) -> bool {
    match (one, other) {
        (Outcome::Taken { dose, at }, Outcome::Taken { dose: other_dose, at: other_at }) => {
            differ(*dose, *other_dose) || differ(*at, *other_at)
        }
        _ => false,
    }
}

fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.is_some() && other.is_some() && one != other
}
