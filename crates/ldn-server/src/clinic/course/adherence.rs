//! What was taken of what the plan asked for.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::course::Course;
use ldn_core::journal::Outcome;
use ldn_core::plan::DayPlan;

/// Days of a stretch on which the plan asked for a dose, by what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Adherence {
    /// The plan asked for a dose.
    pub(super) asked: u32,
    /// It was taken.
    pub(super) taken: u32,
    /// It was not, or not on purpose.
    pub(super) not_taken: u32,
    /// Nobody said; that is not "no".
    pub(super) unknown: u32,
}

impl Adherence {
    /// Counts the days before today, so many of them.
    pub(super) fn of(course: &Course, today: Date, days: i64) -> Adherence {
        let mut counted = Adherence::default();
        for ago in 1..=days {
            let Ok(date) = today.checked_sub(ago.days()) else { break };
            if !matches!(course.plan_on(date), DayPlan::Take(_)) {
                continue;
            }
            counted.asked += 1;
            match became(course, date) {
                Some(true) => counted.taken += 1,
                Some(false) => counted.not_taken += 1,
                None => counted.unknown += 1,
            }
        }
        counted
    }
}

/// Returns whether any dose of a day was taken; `None` if nobody said.
fn became(course: &Course, date: Date) -> Option<bool> {
    let slots = course.day(date)?.doses.slots();
    let taken: Vec<bool> =
        slots.map(|(_, slot)| matches!(slot.decided().report.value.outcome, Outcome::Taken { .. })).collect();
    (!taken.is_empty()).then(|| taken.contains(&true))
}
