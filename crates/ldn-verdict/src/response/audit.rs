//! False alarms: what the method says about real diaries in which nothing was done.
//!
//! A start of LDN is pretended on day 28 of every 84-day window of a diary kept without treatment. Whatever a method
//! then "finds" is a false alarm.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::data;
use ldn_core::{Diary, Dose, Measure};
use ldn_stats::welch;
use serde::{Deserialize, Serialize};

use super::decision::{Attribution, Response};
use super::prior::PriorSet;
use super::series::{DayRecord, Series};
use super::verdict::{Settings, judge_series};

/// Days of a window.
pub const WINDOW_DAYS: usize = 84;
/// Day of the pretended start.
pub const PRETENDED_START: usize = 28;
/// Days from one window's start to the next one's.
pub const WINDOW_STEP: usize = 7;
/// Dose that is pretended.
const PRETENDED_DOSE: Dose = Dose::from_micrograms(4_500);

/// How often each method raised a false alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FalseAlarms {
    /// Windows looked at.
    pub windows: usize,
    /// Windows with too few scores for a response class.
    pub insufficient: usize,
    /// Windows whose numbers could not be trusted, so that there was no verdict.
    pub unreliable: usize,
    /// Response "some" or better.
    pub improved: usize,
    /// Response "worse".
    pub worse: usize,
    /// Any attribution but "not separable".
    pub attributed: usize,
    /// Windows that the before/after test could be computed on.
    pub welch_windows: usize,
    /// p < 0.05 of a Welch test of the first 28 against the last 28 days.
    pub welch: usize,
}

impl FalseAlarms {
    /// Returns the windows that got a response class.
    pub fn judged(&self) -> usize {
        self.windows - self.insufficient - self.unreliable
    }

    /// Returns how many of 100 windows with enough scores this method called improved or worse.
    pub fn per_100(&self) -> f64 {
        100.0 * (self.improved + self.worse) as f64 / self.judged() as f64
    }

    /// Returns how many of 100 windows the before/after test called changed.
    pub fn welch_per_100(&self) -> f64 {
        100.0 * self.welch as f64 / self.welch_windows as f64
    }
}

/// The windows of one measure of a diary, each as if LDN had been started in its middle third.
pub fn windows(diary: &Diary, measure: Measure) -> Vec<Series> {
    let scores: BTreeMap<Date, f64> =
        diary.rows().iter().filter_map(|row| Some((row.date, row.score(measure)?.burden()))).collect();
    let days = jiff::Span::new().days(WINDOW_STEP as i64);
    let last_day = |start: Date| start.saturating_add(jiff::Span::new().days(WINDOW_DAYS as i64 - 1));
    let starts = diary.first_date().series(days).take_while(|start| last_day(*start) <= diary.last_date());
    starts.map(|start| pretend(&scores, start)).collect()
}

fn pretend(scores: &BTreeMap<Date, f64>, start: Date) -> Series {
    let dates = start.series(jiff::Span::new().days(1)).take(WINDOW_DAYS);
    let days = dates
        .enumerate()
        .map(|(t, date)| DayRecord {
            dose: if t >= PRETENDED_START { PRETENDED_DOSE } else { Dose::ZERO },
            capsule: t >= PRETENDED_START,
            blind: false,
            arm: None,
            burden: scores.get(&date).copied(),
        })
        .collect();
    Series::new(start, days, Some(PRETENDED_DOSE))
}

impl FalseAlarms {
    /// Judges one window with every method.
    pub fn of_window(window: &Series) -> FalseAlarms {
        let (first, last) = (0..PRETENDED_START, WINDOW_DAYS - PRETENDED_START..WINDOW_DAYS);
        let scores = |days: std::ops::Range<usize>| -> Vec<f64> {
            days.filter_map(|t| window.days()[t].burden).collect()
        };
        let p = welch::p_value(&scores(first), &scores(last));
        let mut alarms = FalseAlarms {
            windows: 1,
            welch_windows: usize::from(p.is_some()),
            welch: usize::from(p.is_some_and(|p| p < 0.05)),
            ..FalseAlarms::default()
        };
        let settings = Settings::new(Measure::Pain);
        let verdict = judge_series(window, &settings, &PriorSet::for_measure(settings.measure));
        match verdict.as_ref().map(|verdict| verdict.response) {
            Err(_) => alarms.unreliable = 1,
            Ok(Response::InsufficientData) => alarms.insufficient = 1,
            Ok(Response::Some | Response::Moderate | Response::Substantial) => alarms.improved = 1,
            Ok(Response::Worse) => alarms.worse = 1,
            Ok(_) => {}
        }
        let attributed = verdict.is_ok_and(|verdict| verdict.attribution != Attribution::NotSeparable);
        alarms.attributed = usize::from(attributed);
        alarms
    }
}

impl std::iter::Sum for FalseAlarms {
    fn sum<I: Iterator<Item = FalseAlarms>>(alarms: I) -> FalseAlarms {
        alarms.fold(FalseAlarms::default(), |a, b| FalseAlarms {
            windows: a.windows + b.windows,
            insufficient: a.insufficient + b.insufficient,
            unreliable: a.unreliable + b.unreliable,
            improved: a.improved + b.improved,
            worse: a.worse + b.worse,
            attributed: a.attributed + b.attributed,
            welch_windows: a.welch_windows + b.welch_windows,
            welch: a.welch + b.welch,
        })
    }
}

/// The figures of the last audit, recorded in a data file and shown on every page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedAudit {
    /// Name of the file.
    pub id: String,
    /// Where the diaries come from.
    pub source: String,
    /// How far the figures have been checked.
    pub status: data::Status,
    /// The figures.
    pub alarms: FalseAlarms,
}

impl RecordedAudit {
    /// Returns the record that is shipped.
    pub fn shipped() -> RecordedAudit {
        let text = include_str!("../../../../data/calibration/null-diaries.toml");
        data::parse("calibration/null-diaries.toml", text)
            .expect("a test reads every file that is compiled in")
    }
}
