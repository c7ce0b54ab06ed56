//! Which local day something belongs to, for people whose day does not end at midnight.

use jiff::civil::{Date, DateTime, Time};

/// The time at which a person's day begins: from midnight to before noon.
///
/// Somebody who goes to bed at half past one takes the dose of the day that began the morning before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayBoundary(Time);

/// A time at which no day begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not the beginning of a day; expected a time from 00:00 to before 12:00")]
pub struct BoundaryError(pub Time);

impl DayBoundary {
    /// The calendar's day.
    pub const MIDNIGHT: DayBoundary = DayBoundary(Time::midnight());

    /// Makes a boundary.
    ///
    /// # Errors
    /// [`BoundaryError`] from noon on: half of the day would belong to the day before.
    pub fn new(begins: Time) -> Result<DayBoundary, BoundaryError> {
        if begins.hour() < 12 { Ok(DayBoundary(begins)) } else { Err(BoundaryError(begins)) }
    }

    /// Returns when the day begins.
    pub const fn begins(self) -> Time {
        self.0
    }
}

/// Returns the local day of what the clock on the wall showed: before the boundary it is still the day before.
///
/// Only proposes a day; the person decides, and the journal keeps what the person chose. Takes the clock on the wall
/// rather than an instant and a zone, because the rules of time zones change and this crate carries no copy of them.
pub fn local_day(wall: DateTime, boundary: DayBoundary) -> Date {
    let date = wall.date();
    if wall.time() < boundary.begins() { date.yesterday().unwrap_or(date) } else { date }
}
