//! A diary day by day, as typed: what the charts, the tables and the sentences beside them are all made of.

use jiff::civil::Date;
use ldn_core::{Diary, Direction, Dose, Measure};
use ldn_verdict::response::series::Series;

/// Days that the course is the median of, and the fewest scores for one.
const WEEK: (usize, usize) = (7, 3);
/// The same for diaries of years, whose weeks would be a thicket.
const FOUR_WEEKS: (usize, usize) = (28, 7);
/// The longest diary that is drawn and told by weeks.
pub(crate) const LONGEST_BY_WEEK: usize = 730;
/// From this many unscored days in a row on, the line is broken.
const BREAKING_GAP: usize = 3;
/// Longest pause that a dose's label ignores.
const LONGEST_PAUSE: usize = 6;

/// One calendar day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Day {
    /// The score as typed, on 0 to 10.
    pub(crate) score: Option<f64>,
    pub(crate) taken: Taken,
    pub(crate) blind: bool,
    pub(crate) side_effects: Vec<String>,
}

/// What was swallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Nothing,
    /// A capsule without naltrexone.
    Placebo,
    Dose(Dose),
}

/// Consecutive days of one dose; short pauses belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Regimen {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) taken: Taken,
}

/// All days of one measure of one diary.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    pub(crate) measure: Measure,
    pub(crate) start: Date,
    pub(crate) days: Vec<Day>,
}

impl Taken {
    pub(crate) fn milligrams(self) -> f64 {
        match self {
            Taken::Dose(dose) => dose.milligrams(),
            Taken::Nothing | Taken::Placebo => 0.0,
        }
    }

    /// "4.5 mg", "placebo"; empty for nothing.
    pub(crate) fn words(self) -> String {
        match self {
            Taken::Dose(dose) => dose.to_string(),
            Taken::Placebo => "placebo".to_owned(),
            Taken::Nothing => String::new(),
        }
    }
}

impl Days {
    /// Doses come from the series, which has carried forward what was not recorded; scores come from the diary, because
    /// a series forgets the middle of a very long one.
    pub(crate) fn new(diary: &Diary, series: &Series, measure: Measure) -> Days {
        let start = series.date(0);
        let mut days: Vec<Day> = series
            .days()
            .iter()
            .map(|day| Day {
                score: None,
                taken: match (day.capsule, day.dose.is_zero()) {
                    (_, false) => Taken::Dose(day.dose),
                    (true, true) => Taken::Placebo,
                    (false, true) => Taken::Nothing,
                },
                blind: day.blind,
                side_effects: Vec::new(),
            })
            .collect();
        for row in diary.rows() {
            let Ok(t) = usize::try_from((row.date - start).get_days()) else { continue };
            if let Some(day) = days.get_mut(t) {
                day.score = row.score(measure).map(|score| score.on_ten_points());
                day.side_effects.clone_from(&row.side_effects);
            }
        }
        Days { measure, start, days }
    }

    pub(crate) fn n(&self) -> usize {
        self.days.len()
    }

    pub(crate) fn n_scored(&self) -> usize {
        self.days.iter().filter(|day| day.score.is_some()).count()
    }

    pub(crate) fn date(&self, day: usize) -> Date {
        self.start.saturating_add(jiff::Span::new().days(i64::try_from(day).unwrap_or(i64::MAX)))
    }

    pub(crate) fn lower_is_better(&self) -> bool {
        self.measure.direction() == Direction::LowerIsBetter
    }

    /// Returns over how many days the course is taken.
    pub(crate) fn course_days(&self) -> usize {
        self.course_window().0
    }

    fn course_window(&self) -> (usize, usize) {
        if self.n() <= LONGEST_BY_WEEK { WEEK } else { FOUR_WEEKS }
    }

    /// Medians of the days around each; `None` inside a run of unscored days, so that no line crosses it.
    pub(crate) fn medians(&self) -> Vec<Option<f64>> {
        let silent = self.silent();
        let (window, fewest) = self.course_window();
        (0..self.n())
            .map(|t| {
                let around = t.saturating_sub(window / 2)..(t + window.div_ceil(2)).min(self.n());
                let scores: Vec<f64> = self.days[around].iter().filter_map(|day| day.score).collect();
                (!silent[t] && scores.len() >= fewest).then(|| median(scores)).flatten()
            })
            .collect()
    }

    /// Whether a day lies in a run of unscored days that breaks the line.
    fn silent(&self) -> Vec<bool> {
        let mut silent = vec![false; self.n()];
        for run in self.runs(|day| day.score.is_none()) {
            if run.len() >= BREAKING_GAP {
                silent[run].fill(true);
            }
        }
        silent
    }

    /// Runs of days of which something is true.
    pub(crate) fn runs(&self, is: impl Fn(&Day) -> bool) -> Vec<std::ops::Range<usize>> {
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for (t, _) in self.days.iter().enumerate().filter(|(_, day)| is(day)) {
            match runs.last_mut() {
                Some(run) if run.end == t => run.end = t + 1,
                _ => runs.push(t..t + 1),
            }
        }
        runs
    }

    pub(crate) fn regimens(&self) -> Vec<Regimen> {
        let mut regimens: Vec<Regimen> = Vec::new();
        for (t, day) in self.days.iter().enumerate().filter(|(_, day)| day.taken != Taken::Nothing) {
            match regimens.last_mut() {
                Some(r) if r.taken == day.taken && t - r.last <= LONGEST_PAUSE + 1 => r.last = t,
                _ => regimens.push(Regimen { first: t, last: t, taken: day.taken }),
            }
        }
        regimens
    }

    pub(crate) fn highest_mg(&self) -> f64 {
        self.days.iter().map(|day| day.taken.milligrams()).fold(0.0, f64::max)
    }
}

/// The median; `None` of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len(), values.len() % 2) {
        (0, _) => None,
        (_, 1) => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A digit is a score, a dot an unscored day.
    fn days(scores: &str) -> Days {
        let day = |c: char| Day {
            score: c.to_digit(10).map(f64::from),
            taken: Taken::Nothing,
            blind: false,
            side_effects: Vec::new(),
        };
        Days {
            measure: Measure::Pain,
            start: jiff::civil::date(2026, 1, 1),
            days: scores.chars().map(day).collect(),
        }
    }

    #[test]
    fn the_line_breaks_where_days_are_missing() {
        let drawn = |scores: &str| -> String {
            days(scores).medians().iter().map(|m| if m.is_some() { 'x' } else { '.' }).collect()
        };
        assert_eq!(drawn("55.55.55"), "xxxxxxxx", "single missing days do not break it");
        assert_eq!(drawn("5555...5555"), "xxxx...xxxx");
        assert_eq!(drawn("5......5"), "........", "too few scores for a median");
    }

    #[test]
    fn medians() {
        assert_eq!(days("1234567").medians()[3], Some(4.0));
        assert_eq!(median(vec![3.0, 1.0]), Some(2.0));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn a_short_pause_does_not_end_a_regimen() {
        let dose = Taken::Dose(Dose::from_micrograms(3_000));
        let mut d = days(&"5".repeat(20));
        for t in [2, 3, 10, 18] {
            d.days[t].taken = dose;
        }
        let found: Vec<(usize, usize)> = d.regimens().iter().map(|r| (r.first, r.last)).collect();
        assert_eq!(found, [(2, 10), (18, 18)]);
    }
}
