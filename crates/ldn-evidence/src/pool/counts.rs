//! Pairs of counts.

use ldn_core::data::Status;

use super::refusal::{self, Reason};
use super::{Answer, CountOf, Recalled, Study, StudyEffect, is_comparator, study_of};
use crate::outcome::{Outcome, Table};
use crate::printed::Printed;
use crate::trial::{AdverseEvent, Arm, Counts, Derived, Design, ResultRow, Trial};

/// One row of either table.
struct CountRow<'a> {
    index: usize,
    arm: Arm,
    what: &'a str,
    measure: &'a str,
    count: Option<CountOf>,
    counts: Counts,
    differs: Option<&'a str>,
    status: Status,
    recalled: &'a [String],
    derived: &'a [Derived],
    note: Option<&'a str>,
    weeks: Option<Printed>,
}

/// Asks one trial.
pub(super) fn of<'a>(trial: &'a Trial, outcome: &'a Outcome, recalled: Recalled) -> Answer<'a> {
    let rows = candidates(trial, outcome);
    let pair = Pair::of(&rows, outcome);
    let mut refused = Vec::new();
    for row in &rows {
        let mut reasons = reasons(trial, row, outcome, recalled);
        if asked_for(outcome, row) && !trial.registered_only {
            reasons.extend(pair.missing());
        }
        if reasons.is_empty() && !pair.uses(row) {
            let first = pair.ldn.map_or(1, |row| row.index + 1);
            reasons.push(Reason::OtherRow(first));
        }
        if !reasons.is_empty() {
            refused.push(refusal::refuse(trial, row.index, row.what, row.arm, reasons));
        }
    }
    let stands = |row: &CountRow| refused.iter().all(|refused| refused.row != row.index + 1);
    let study = pair.study(trial, outcome, stands);
    Answer { study, refused }
}

/// The rows of the two arms, as far as there are.
struct Pair<'r, 'a> {
    ldn: Option<&'r CountRow<'a>>,
    comparator: Option<&'r CountRow<'a>>,
}

impl<'r, 'a> Pair<'r, 'a> {
    fn of(rows: &'r [CountRow<'a>], outcome: &Outcome) -> Pair<'r, 'a> {
        let mut right = rows.iter().filter(|row| asked_for(outcome, row));
        Pair {
            ldn: right.clone().find(|row| row.arm == Arm::Ldn),
            comparator: right.find(|row| is_comparator(row.arm)),
        }
    }

    fn missing(&self) -> impl Iterator<Item = Reason> {
        let arms = [(self.ldn, Arm::Ldn), (self.comparator, Arm::Placebo)];
        let without = arms.into_iter().filter(|(row, _)| row.is_none_or(|row| row.count.is_none()));
        without.map(|(_, arm)| Reason::NoCount(arm))
    }

    fn uses(&self, row: &CountRow) -> bool {
        [self.ldn, self.comparator].into_iter().flatten().any(|used| used.index == row.index)
    }

    fn study(
        &self,
        trial: &'a Trial,
        outcome: &Outcome,
        stands: impl Fn(&CountRow) -> bool,
    ) -> Option<Study<'a>> {
        let rows = [self.ldn?, self.comparator?];
        if !rows.iter().all(|row| stands(row)) {
            return None;
        }
        let (ldn, comparator) = (rows[0].count?, rows[1].count?);
        let mut study = study_of(trial, StudyEffect::Counts { ldn, comparator });
        study.n = Some(ldn.of + comparator.of);
        for row in rows {
            study.rows.push(row.index + 1);
            study.status = study.status.min(row.status);
            study.derived.extend(row.derived);
            study.recalled.extend(row.recalled.iter().map(String::as_str));
            study.notes.extend(row.note);
            study.weeks = row.weeks.or(study.weeks);
        }
        if outcome.table == Table::AdverseEvent {
            study.notes.extend(trial.adverse_events_note.as_deref());
        }
        Some(study)
    }
}

/// Whether a row measures what is asked, and not only what readers look for beside it.
fn asked_for(outcome: &Outcome, row: &CountRow) -> bool {
    outcome.measures.iter().any(|measure| measure == row.measure)
}

/// The rows that answer, and those that a reader would look for.
fn candidates<'a>(trial: &'a Trial, outcome: &Outcome) -> Vec<CountRow<'a>> {
    let rows: Vec<CountRow> = match outcome.table {
        Table::Result => trial.results.iter().enumerate().filter_map(of_result).collect(),
        Table::AdverseEvent => trial.adverse_events.iter().enumerate().filter_map(of_event).collect(),
    };
    let wanted = |row: &CountRow| {
        let mut asked = outcome.measures.iter().chain(&outcome.also_looked_at);
        asked.any(|measure| measure == row.measure)
    };
    rows.into_iter().filter(wanted).collect()
}

fn of_result((index, row): (usize, &ResultRow)) -> Option<CountRow<'_>> {
    Some(CountRow {
        index,
        arm: row.arm,
        what: &row.outcome,
        measure: row.measure.as_deref()?,
        count: row.responders.map(|responders| CountOf { events: responders.n, of: responders.of }),
        counts: Counts::People,
        differs: row.differs.as_deref(),
        status: row.status,
        recalled: &row.recalled,
        derived: &row.derived,
        note: row.note.as_deref(),
        weeks: row.weeks,
    })
}

fn of_event((index, event): (usize, &AdverseEvent)) -> Option<CountRow<'_>> {
    Some(CountRow {
        index,
        arm: event.arm,
        what: &event.event,
        measure: event.term.as_deref()?,
        count: event.count.zip(event.n_at_risk).map(|(events, of)| CountOf { events, of }),
        counts: event.counts,
        differs: event.differs.as_deref(),
        status: event.status,
        recalled: &[],
        derived: &event.derived,
        note: event.note.as_deref(),
        weeks: event.weeks,
    })
}

/// Every reason against a row by itself.
fn reasons(trial: &Trial, row: &CountRow, outcome: &Outcome, recalled: Recalled) -> Vec<Reason> {
    let mut reasons = refusal::of_trial(trial, outcome);
    if trial.registered_only {
        return reasons;
    }
    if !asked_for(outcome, row) {
        reasons.push(Reason::OtherMeasure(row.measure.to_owned()));
    }
    if trial.design == Design::RctCrossover {
        reasons.push(Reason::Unpaired);
    }
    if row.counts == Counts::Events {
        reasons.push(Reason::Events);
    }
    if let Some(how) = row.differs {
        reasons.push(Reason::Differs(how.to_owned()));
    }
    if row.status < Status::Judgement && recalled == Recalled::Refuse {
        reasons.push(Reason::Recalled("the numbers are".to_owned()));
    }
    reasons
}
