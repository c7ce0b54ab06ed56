//! The calendar file of a plan: its flags, and when it is written.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::{Date, Time};
use ldn_core::Plan;
use ldn_report::{DayTimes, PlanCalendarInput, Titles, plan_calendar};

use super::read_plan;
use crate::error::Failure;

/// How a calendar file is written.
#[derive(Debug, Args)]
pub(super) struct CalendarArgs {
    /// Write a calendar file (RFC 5545) with the doses, the diary, the reviews and the pauses
    #[arg(long, value_name = "FILE")]
    pub(super) ics: Option<PathBuf>,

    /// Name medicine and dose in the titles of the calendar; without it they say "Evening check-in"
    #[arg(long, requires = "ics")]
    plain_titles: bool,

    /// Time of the morning dose in the calendar, 08:00 if not given
    #[arg(long, value_name = "TIME", value_parser = wall_clock, requires = "ics")]
    morning_at: Option<Time>,

    /// Time of the midday dose in the calendar, 12:30 if not given
    #[arg(long, value_name = "TIME", value_parser = wall_clock, requires = "ics")]
    midday_at: Option<Time>,

    /// Time of the bedtime dose in the calendar, 21:30 if not given
    #[arg(long, value_name = "TIME", value_parser = wall_clock, requires = "ics")]
    bedtime_at: Option<Time>,

    /// Time of the diary in the calendar; with the bedtime dose if not given
    #[arg(long, value_name = "TIME", value_parser = wall_clock, requires = "ics")]
    diary_at: Option<Time>,

    /// An older plan of the course, in JSON, whose calendar entries are replaced; all of them back to the first
    #[arg(long, value_name = "OLDER", requires = "ics")]
    replaces: Vec<PathBuf>,
}

impl CalendarArgs {
    /// The text of the file, if one is asked for; `known` are older plans that are at hand anyway.
    pub(super) fn written(
        &self,
        plan: &Plan,
        known: &[Plan],
        superseded: bool,
        today: Date,
    ) -> Result<Option<String>, Failure> {
        if self.ics.is_none() {
            return Ok(None);
        }
        let given = self.replaces.iter().map(|path| read_plan(path)).collect::<Result<Vec<_>, _>>()?;
        let replaces: Vec<Plan> = known.iter().cloned().chain(given).collect();
        let titles = if self.plain_titles { Titles::Plain } else { Titles::Neutral };
        let input =
            PlanCalendarInput { plan, replaces: &replaces, superseded, today, titles, times: self.times() };
        Ok(Some(plan_calendar(&input).map_err(Failure::PlanCalendar)?))
    }

    fn times(&self) -> DayTimes {
        let usual = DayTimes::default();
        let bedtime = self.bedtime_at.unwrap_or(usual.bedtime);
        DayTimes {
            morning: self.morning_at.unwrap_or(usual.morning),
            midday: self.midday_at.unwrap_or(usual.midday),
            bedtime,
            diary: self.diary_at.unwrap_or(bedtime),
        }
    }
}

/// Reads "21:30".
pub(super) fn wall_clock(text: &str) -> Result<Time, String> {
    let expected = || format!("`{text}` is not a time; expected hours and minutes such as 21:30");
    let (hour, minute) = text.split_once(':').ok_or_else(expected)?;
    let number = |digits: &str| {
        let is_two_digits = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_two_digits.then(|| digits.parse::<i8>().ok()).flatten().ok_or_else(expected)
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::wall_clock;

    #[test]
    fn only_hours_and_minutes_are_a_time() {
        assert_eq!(wall_clock("08:05").unwrap().to_string(), "08:05:00");
        for text in ["8:05", "24:00", "21.30", "21:60", "21:30:00", "", "9pm", "+9:00"] {
            assert!(wall_clock(text).is_err(), "{text}");
        }
    }
}
