//! A plan as a calendar file (RFC 5545), for the calendar that a person has anyway.
//!
//! Times are floating: 21:30 stays 21:30 on every trip and through every change of the clock. Entries are named by the
//! course and the step, so that the file of a newer plan replaces the entries of the older ones; those that it no longer
//! has are cancelled. A plan that has expired or was replaced exports no dose.

mod entries;
mod file;

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, time};
use ldn_core::data;
use ldn_core::plan::{AskBecause, TimeOfDay};
use ldn_core::{Plan, PlanId};
use serde::Deserialize;

/// What a calendar file is made of.
#[derive(Clone, Copy, Debug)]
pub struct PlanCalendarInput<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Every plan of the course that it replaces, back to the first, in any order.
    pub replaces: &'a [Plan],
    /// Whether a newer plan has replaced it.
    pub superseded: bool,
    /// The day of the file.
    pub today: Date,
    /// How much the titles say.
    pub titles: Titles,
    /// When in the day the entries stand.
    pub times: DayTimes,
}

/// How much the titles of the entries say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Titles {
    /// No medicine and no dose in a title: "Evening check-in".
    #[default]
    Neutral,
    /// "LDN, 1.5 mg, at bedtime".
    Plain,
}

/// Local wall-clock times of the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTimes {
    /// Of a dose in the morning.
    pub morning: Time,
    /// Of a dose at midday.
    pub midday: Time,
    /// Of a dose at bedtime.
    pub bedtime: Time,
    /// Of the diary.
    pub diary: Time,
}

/// Why there is no calendar file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanCalendarError {
    /// The course has an older plan whose entries could not be replaced.
    #[error("plan {missing} is needed too: this plan follows from it, and its entries have to be replaced")]
    MissingAncestor {
        /// The plan that was not given.
        missing: PlanId,
    },
    /// A plan was given that this one does not follow from.
    #[error("plan {0} is not one that this plan replaces")]
    NotAnAncestor(PlanId),
}

impl Default for DayTimes {
    /// 08:00, 12:30 and 21:30; the diary together with the bedtime dose, because two reminders are one too many.
    fn default() -> DayTimes {
        let bedtime = time(21, 30, 0, 0);
        DayTimes { morning: time(8, 0, 0, 0), midday: time(12, 30, 0, 0), bedtime, diary: bedtime }
    }
}

impl DayTimes {
    /// Returns the wall-clock time of a time of day.
    pub const fn of(self, at: TimeOfDay) -> Time {
        match at {
            TimeOfDay::Morning => self.morning,
            TimeOfDay::Midday => self.midday,
            TimeOfDay::Bedtime => self.bedtime,
        }
    }
}

/// Writes the calendar file; the same input gives the same bytes.
///
/// # Errors
/// [`PlanCalendarError::MissingAncestor`] if a plan between this one and the first of the course is not given, and
/// [`PlanCalendarError::NotAnAncestor`] if one is given that does not belong there.
pub fn plan_calendar(input: &PlanCalendarInput<'_>) -> Result<String, PlanCalendarError> {
    let lineage = Lineage::of(input.plan, input.replaces)?;
    let words = Words::shipped();
    let current = match ask_because(input.plan, input.today, input.superseded) {
        Some(because) => vec![entries::ask(input, &words, because)],
        None => entries::current(input, &words),
    };
    let mut all = current;
    if !input.superseded {
        all.extend(entries::replaced(input, &words, &lineage.ancestors, &all));
    }
    let titles = words.titles(input.titles);
    Ok(file::written(&all, &titles["calendar"], &lineage.course, input.plan))
}

/// Returns why a plan no longer gives a dose on a day; `None` while it does.
pub fn ask_because(plan: &Plan, today: Date, superseded: bool) -> Option<AskBecause> {
    if superseded {
        return Some(AskBecause::Superseded);
    }
    (today > plan.parts().valid_until).then_some(AskBecause::Expired)
}

/// The plans that one follows from.
struct Lineage<'a> {
    /// The name of the first plan, which stands for the course.
    course: PlanId,
    ancestors: Vec<&'a Plan>,
}

impl<'a> Lineage<'a> {
    fn of(plan: &Plan, replaces: &'a [Plan]) -> Result<Lineage<'a>, PlanCalendarError> {
        let mut by_id: BTreeMap<PlanId, &Plan> = replaces.iter().map(|older| (older.id(), older)).collect();
        let mut ancestors = Vec::new();
        let (mut course, mut parent) = (plan.id(), plan.parts().parent.clone());
        while let Some(id) = parent {
            let Some(older) = by_id.remove(&id) else {
                return Err(PlanCalendarError::MissingAncestor { missing: id });
            };
            parent = older.parts().parent.clone();
            course = id;
            ancestors.push(older);
        }
        match by_id.into_keys().next() {
            Some(stranger) => Err(PlanCalendarError::NotAnAncestor(stranger)),
            None => Ok(Lineage { course, ancestors }),
        }
    }
}

/// The words of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    neutral: BTreeMap<String, String>,
    plain: BTreeMap<String, String>,
    what: BTreeMap<String, String>,
    description: BTreeMap<String, String>,
}

impl Words {
    fn shipped() -> Words {
        let text = include_str!("../../../data/wording/plan-calendar.toml");
        data::parse("wording/plan-calendar.toml", text).expect("a test writes every entry")
    }

    fn titles(&self, titles: Titles) -> &BTreeMap<String, String> {
        match titles {
            Titles::Neutral => &self.neutral,
            Titles::Plain => &self.plain,
        }
    }
}
