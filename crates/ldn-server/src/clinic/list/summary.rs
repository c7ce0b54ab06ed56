//! One line of the list, computed from a course, and kept as long as nothing was added to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_care::attention::Item;
use ldn_core::course::Course;
use ldn_core::ids::CourseId;
use ldn_core::journal::Head;
use ldn_core::plan::{AskBecause, DayPlan};
use ldn_core::{Dose, Measure};
use ldn_report::recent_line::RecentScore;

use crate::clinic::room::{Looked, birth_year, is_blinded};

/// How many days the small picture shows: four weeks, so that each weekday counts alike.
const DAYS: i64 = 28;

/// What the list says of a course; names are not in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Summary {
    /// The year of birth, if the intake has it.
    pub(crate) birth_year: Option<i16>,
    /// The running number of today from the first day of the first signed plan on, from 1; 0 or less before it.
    pub(crate) day: Option<i64>,
    /// What is taken now.
    pub(crate) now: Now,
    /// Pain of the last 28 days, today last; `None` is a day without a score.
    pub(crate) pain: Vec<Option<RecentScore>>,
    /// The newest day that the patient wrote about.
    pub(crate) last_entry: Option<Date>,
    /// What somebody should look at, the most pressing first.
    pub(crate) items: Vec<Item>,
}

/// What is taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Now {
    /// A blinded trial runs: no dose is shown.
    Blinded,
    /// This much a day.
    Dose(Dose),
    /// The screening forbids it.
    Stopped,
    /// A hold.
    Held,
    /// The plan no longer speaks.
    Ask,
    /// No plan asks for a dose.
    Nothing,
}

impl Summary {
    /// Computes the line of a course on a day; the same course and day give the same line.
    pub(crate) fn of(course: &Course, today: Date) -> Summary {
        let look = Looked::at(course, today);
        Summary {
            birth_year: birth_year(course),
            day: day_of(course, today),
            now: Now::of(course, &look, today),
            pain: (0..DAYS).rev().map(|ago| pain(course, today, ago)).collect(),
            last_entry: course.days().map(|(date, _)| date).filter(|date| *date <= today).last(),
            items: look.items,
        }
    }
}

/// Returns the running number of a day from the first day of the first signed plan on, from 1; `None` without a plan.
pub(super) fn day_of(course: &Course, today: Date) -> Option<i64> {
    let first = course.plans().signed().first()?.plan.steps().first()?.from;
    Some(days_from(first, today) + 1)
}

impl Now {
    /// Says what a course takes on a day.
    pub(crate) fn of(course: &Course, look: &Looked, today: Date) -> Now {
        let stopped = !look.rerun.stopping.is_empty() && !course.plans().signed().is_empty();
        match course.plan_on(today) {
            DayPlan::Hold(_) => Now::Held,
            _ if stopped => Now::Stopped,
            DayPlan::Ask(AskBecause::Expired | AskBecause::Superseded) => Now::Ask,
            DayPlan::Take(_) if is_blinded(course, today) => Now::Blinded,
            DayPlan::Take(step) => Now::Dose(step.dose()),
            DayPlan::Nothing => Now::Nothing,
        }
    }
}

fn pain(course: &Course, today: Date, days_ago: i64) -> Option<RecentScore> {
    let score = course.day(today.checked_sub(days_ago.days()).ok()?)?.score(Measure::Pain)?;
    Some(RecentScore { value: score.value.on_ten_points(), late: score.origin.is_late() })
}

fn days_from(first: Date, today: Date) -> i64 {
    first.until(today).map_or(0, |span| i64::from(span.get_days()))
}

/// Lines that were computed, each with what it was computed of: the head of the chain and the day.
///
/// Nothing is ever changed in a journal, so a line holds until an entry is added or the day ends. Only a prescriber's view
/// yields the head that opens it.
#[derive(Default)]
pub(crate) struct Summaries(Mutex<BTreeMap<CourseId, Kept>>);

struct Kept {
    head: Option<Head>,
    today: Date,
    summary: Arc<Summary>,
}

impl Summaries {
    /// Returns the line of a course if it still holds.
    pub(crate) fn get(&self, course: CourseId, head: Option<Head>, today: Date) -> Option<Arc<Summary>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(&course)?;
        (found.head == head && found.today == today).then(|| found.summary.clone())
    }

    /// Keeps the line of a course in the place of an older one.
    pub(crate) fn put(&self, course: CourseId, head: Option<Head>, today: Date, summary: Arc<Summary>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(course, Kept { head, today, summary });
    }
}
