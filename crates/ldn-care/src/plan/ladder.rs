//! Levels of dose, and how they are laid on days around holds.

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::plan::{DayPart, Hold, Step};

use super::{days_between, plus};

/// A dose and how many days it is taken before the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// What is swallowed on a day.
    pub(super) parts: Vec<DayPart>,
    /// Days with this dose before the next level; `None` for the last, which runs on.
    pub(super) days: Option<u16>,
    /// Why this level is there.
    pub(super) why: String,
    /// Id of the source.
    pub(super) source: String,
}

impl Level {
    /// Returns the day's total.
    pub(super) fn dose(&self) -> Dose {
        Dose::from_nanograms(self.parts.iter().map(|part| part.dose.nanograms()).sum())
    }
}

/// Where levels are laid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span<'a> {
    /// The first day that may have a dose.
    pub(super) from: Date,
    /// The last day before it that had one; `None` at the beginning of a course.
    pub(super) last_dose: Option<Date>,
    /// Days without LDN, in order.
    pub(super) holds: &'a [Hold],
    /// More days than this without LDN, and the climb begins again.
    pub(super) gap_days: u16,
}

/// Levels on days.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Laid {
    /// The steps in order; empty if a hold leaves no day.
    pub(super) steps: Vec<Step>,
    /// The first day of the last level, in the last climb that reaches it.
    pub(super) at_target_from: Option<Date>,
}

/// Lays levels on days from a first one.
///
/// A level lasts as many days as it is taken, so a hold shifts what follows and shortens nothing. After a hold of more
/// than the gap's days without LDN the climb begins again at the first level of `again`. A hold without an end ends the
/// steps.
pub(super) fn lay(climb: &[Level], again: &[Level], span: &Span<'_>) -> Laid {
    let mut laid = Laid { steps: Vec::new(), at_target_from: None };
    if climb.is_empty() {
        return laid;
    }
    let (mut levels, mut index, mut day) = (climb, 0, span.from);
    let (mut left, mut note) = (days_of(levels, 0), String::new());
    loop {
        if let Some(hold) = span.holds.iter().find(|hold| hold.contains(day)) {
            let Some(to) = hold.to else {
                return laid;
            };
            let last_dose = laid.steps.last().and_then(|step| step.to).or(span.last_dose);
            let without = last_dose.map(|last| days_between(last, to));
            if without.is_some_and(|days| days > i64::from(span.gap_days)) && !again.is_empty() {
                (levels, index, left) = (again, 0, days_of(again, 0));
                laid.at_target_from = None;
                note = format!(
                    "again from the beginning after {} days without LDN (UN-08); ",
                    without.unwrap_or(0)
                );
            } else if without.is_some() {
                note = "goes on after the hold; ".to_owned();
            }
            day = plus(to, 1);
            continue;
        }
        let level = &levels[index];
        let before_hold = span.holds.iter().find(|hold| hold.from > day).map(|hold| plus(hold.from, -1));
        let full = left.map(|left| plus(day, i64::from(left) - 1));
        let to = match (full, before_hold) {
            (Some(full), Some(before)) => Some(full.min(before)),
            (full, before) => full.or(before),
        };
        laid.steps.push(Step {
            from: day,
            to,
            parts: level.parts.clone(),
            why: format!("{note}{}", level.why),
            source: level.source.clone(),
        });
        note.clear();
        if left.is_none() && laid.at_target_from.is_none() {
            laid.at_target_from = Some(day);
        }
        let Some(to) = to else {
            return laid;
        };
        left = left.map(|left| left - u16::try_from(days_between(day, to) + 1).unwrap_or(left));
        if left == Some(0) && index + 1 < levels.len() {
            index += 1;
            left = days_of(levels, index);
        }
        day = plus(to, 1);
    }
}

/// Returns the days of a level; `None` for the last, which runs on.
fn days_of(levels: &[Level], index: usize) -> Option<u16> {
    levels.get(index).filter(|_| index + 1 < levels.len()).and_then(|level| level.days)
}

/// Returns the levels of a rise from one dose to another, by equal steps, the last one shortened to end at the target.
pub(super) fn doses(start: Dose, step: Dose, target: Dose) -> Vec<Dose> {
    let mut doses = vec![start];
    let mut dose = start;
    while dose < target && !step.is_zero() {
        dose = dose.checked_add(step).map_or(target, |next| next.min(target));
        doses.push(dose);
    }
    doses
}
