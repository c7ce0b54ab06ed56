//! One forgotten dose: one slot for each dose of a local day, and what may still be done about it.
//!
//! Times are local clock times as the person lived them; no zone is needed. A slot is pending until it is taken,
//! skipped or missed, and then stays so: nothing leads back, so no slot can hold two doses. A dose swallowed after
//! midnight still belongs to the day before until the day turns.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use ldn_core::plan::TimeOfDay;

use super::protocols::Protocols;
use super::refusal::Refusal;
use super::settings::number;
use super::{days_between, plus};
use crate::screen::RuleSet;

/// The rule of a missed dose.
const MISSED: &str = "MD-01";

/// Which dose of which local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId {
    /// The local day.
    pub day: Date,
    /// The dose of that day.
    pub at: TimeOfDay,
}

/// When a slot is planned, by the local clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotTimes {
    /// When its dose is planned.
    pub planned: DateTime,
    /// When the next dose is planned.
    pub next: DateTime,
}

/// What became of one dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Nothing yet.
    Pending,
    /// Swallowed.
    Taken {
        /// When.
        at: DateTime,
    },
    /// Left out on purpose; final.
    Skipped {
        /// When that was decided.
        at: DateTime,
    },
    /// Its time has passed.
    Missed,
}

/// Until when a forgotten dose may still be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakeLate {
    /// A late dose is skipped when the next is planned within this time. Sources say 6 hours, half the interval, or
    /// always skip; the rule takes 12 hours.
    pub skip_when_next_within: SignedDuration,
    /// Up to so long after its time a dose is not late at all.
    pub on_time: SignedDuration,
    /// The clock time at which a new day of doses begins.
    pub day_turns_at: Time,
}

/// Why a slot does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotRefusal {
    /// The plan has no such dose.
    #[error("no dose is planned on {day} {}: look at the plan", at.words())]
    NoSuchSlot {
        /// The local day.
        day: Date,
        /// The dose of that day.
        at: TimeOfDay,
    },
    /// It was swallowed already.
    #[error("this dose was taken at {at}: no second dose; the next one comes as planned")]
    AlreadyTaken {
        /// When.
        at: DateTime,
    },
    /// It was skipped, and that is final.
    #[error("this dose was skipped at {at}, and that is final; the next one comes as planned")]
    Skipped {
        /// When.
        at: DateTime,
    },
    /// Its time has passed.
    #[error("the time for this dose has passed; the next one comes as planned")]
    Missed,
    /// The clock shows another day than the slot's.
    #[error("this dose belongs to {day}, and now it is {today}: skip it; the next one comes as planned")]
    OtherDay {
        /// The slot's day.
        day: Date,
        /// The day of doses that the clock shows.
        today: Date,
    },
    /// The next dose is too near.
    #[error("the next dose is planned at {next}, too near: skip this one")]
    NextTooNear {
        /// When the next is planned.
        next: DateTime,
    },
    /// Another dose was swallowed too shortly before.
    #[error("a dose was taken at {last}, too shortly before: wait until {planned}")]
    TooSoonAfter {
        /// When the other was taken.
        last: DateTime,
        /// When this one is planned.
        planned: DateTime,
    },
}

impl TakeLate {
    /// Returns the shipped numbers: the rule's hours, and ours for what the rule leaves open.
    ///
    /// # Errors
    /// [`Refusal::RuleWithoutNumber`] if the rules hold no hours.
    pub fn of(rules: &RuleSet, protocols: &Protocols) -> Result<TakeLate, Refusal> {
        let parameter = "skip_when_next_within";
        let missing = Refusal::RuleWithoutNumber { rule: MISSED, parameter };
        let hours = rules.rule(MISSED).and_then(|rule| number(rule, parameter, "hours")).ok_or(missing)?;
        let slots = &protocols.planning().slots;
        Ok(TakeLate {
            skip_when_next_within: SignedDuration::from_hours(hours.ceil() as i64),
            on_time: SignedDuration::from_mins(i64::from(slots.on_time_minutes)),
            day_turns_at: slots.day_turns_at,
        })
    }

    /// Returns the day of doses that a clock time belongs to.
    pub fn day_of(&self, now: DateTime) -> Date {
        if now.time() < self.day_turns_at { plus(now.date(), -1) } else { now.date() }
    }
}

impl Slot {
    /// Returns the slot with its dose swallowed.
    ///
    /// # Errors
    /// [`SlotRefusal`] unless it is pending, the day is its own, and the next dose is far enough.
    pub fn take(
        self,
        day: Date,
        times: SlotTimes,
        now: DateTime,
        late: &TakeLate,
    ) -> Result<Slot, SlotRefusal> {
        self.pending()?;
        let today = late.day_of(now);
        if today != day {
            return Err(SlotRefusal::OtherDay { day, today });
        }
        let is_late = times.planned.duration_until(now) > late.on_time;
        if is_late && now.duration_until(times.next) < late.skip_when_next_within {
            return Err(SlotRefusal::NextTooNear { next: times.next });
        }
        Ok(Slot::Taken { at: now })
    }

    /// Returns the slot left out on purpose.
    ///
    /// # Errors
    /// [`SlotRefusal`] unless it is pending: a dose that was swallowed cannot be skipped afterwards.
    pub fn skip(self, now: DateTime) -> Result<Slot, SlotRefusal> {
        self.pending().map(|()| Slot::Skipped { at: now })
    }

    /// Returns the slot as the clock leaves it: pending until it can no longer be taken, then missed.
    pub fn settle(self, day: Date, times: SlotTimes, now: DateTime, late: &TakeLate) -> Slot {
        let may_still_come =
            days_between(late.day_of(now), day) > 0 || self.take(day, times, now, late).is_ok();
        if self == Slot::Pending && !may_still_come { Slot::Missed } else { self }
    }

    fn pending(self) -> Result<(), SlotRefusal> {
        match self {
            Slot::Pending => Ok(()),
            Slot::Taken { at } => Err(SlotRefusal::AlreadyTaken { at }),
            Slot::Skipped { at } => Err(SlotRefusal::Skipped { at }),
            Slot::Missed => Err(SlotRefusal::Missed),
        }
    }
}

/// The doses of some days, each with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots {
    slots: BTreeMap<SlotId, (SlotTimes, Slot)>,
    late: TakeLate,
}

impl Slots {
    /// Makes the slots of a run of planned times, in order; all pending. The last planned time only ends the one
    /// before it.
    pub fn new(planned: &[(SlotId, DateTime)], late: TakeLate) -> Slots {
        let times = planned.windows(2).map(|pair| {
            let times = SlotTimes { planned: pair[0].1, next: pair[1].1 };
            (pair[0].0, (times, Slot::Pending))
        });
        Slots { slots: times.collect(), late }
    }

    /// Returns what became of a dose.
    pub fn get(&self, id: SlotId) -> Option<Slot> {
        self.slots.get(&id).map(|(_, slot)| *slot)
    }

    /// Returns the slots in order.
    pub fn all(&self) -> impl Iterator<Item = (SlotId, Slot)> {
        self.slots.iter().map(|(id, (_, slot))| (*id, *slot))
    }

    /// Returns the slots with a dose swallowed.
    ///
    /// # Errors
    /// [`SlotRefusal`]; nothing changes then.
    pub fn take(mut self, id: SlotId, now: DateTime) -> Result<Slots, SlotRefusal> {
        let (times, slot) = self.find(id)?;
        let taken = slot.take(id.day, times, now, &self.late)?;
        if let Some(last) = self.too_soon_after(times, now) {
            return Err(SlotRefusal::TooSoonAfter { last, planned: times.planned });
        }
        self.slots.insert(id, (times, taken));
        Ok(self)
    }

    /// Returns the slots with a dose left out on purpose.
    ///
    /// # Errors
    /// [`SlotRefusal`]; nothing changes then.
    pub fn skip(mut self, id: SlotId, now: DateTime) -> Result<Slots, SlotRefusal> {
        let (times, slot) = self.find(id)?;
        self.slots.insert(id, (times, slot.skip(now)?));
        Ok(self)
    }

    /// Returns the slots as the clock leaves them.
    pub fn settle(mut self, now: DateTime) -> Slots {
        for (id, (times, slot)) in &mut self.slots {
            *slot = slot.settle(id.day, *times, now, &self.late);
        }
        self
    }

    fn find(&self, id: SlotId) -> Result<(SlotTimes, Slot), SlotRefusal> {
        self.slots.get(&id).copied().ok_or(SlotRefusal::NoSuchSlot { day: id.day, at: id.at })
    }

    /// Returns when another dose was taken that is too near for one that comes before its time.
    fn too_soon_after(&self, times: SlotTimes, now: DateTime) -> Option<DateTime> {
        if now.duration_until(times.planned) <= self.late.on_time {
            return None;
        }
        let taken = self.slots.values().filter_map(|(_, slot)| match slot {
            Slot::Taken { at } => Some(*at),
            _ => None,
        });
        taken.filter(|at| at.duration_until(now).abs() < self.late.skip_when_next_within).max()
    }
}
