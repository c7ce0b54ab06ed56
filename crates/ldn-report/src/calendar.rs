//! Dates on an axis and in sentences.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Diaries shorter than this are marked by weeks.
const SHORT_DAYS: usize = 70;

/// One mark on a time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Days since the start.
    pub(crate) day: usize,
    pub(crate) label: String,
    /// The year, where it must be said.
    pub(crate) year: Option<String>,
}

/// "6 January 2025".
pub(crate) fn in_words(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date), date.year())
}

/// "6 Jan".
pub(crate) fn short(date: Date) -> String {
    format!("{} {}", date.day(), &month_name(date)[..3])
}

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// Returns the marks of an axis of `n_days`, at least `apart` apart if a day is `unit` long.
pub(crate) fn marks(start: Date, n_days: usize, unit: f64, apart: f64) -> Vec<Mark> {
    let mut marks = if n_days < SHORT_DAYS {
        weeks(start, n_days, unit, apart)
    } else {
        months(start, n_days, unit, apart)
    };
    let mut said = None;
    for mark in &mut marks {
        if mark.year == said {
            mark.year = None;
        } else {
            said.clone_from(&mark.year);
        }
    }
    marks
}

fn weeks(start: Date, n_days: usize, unit: f64, apart: f64) -> Vec<Mark> {
    let step = (1..).map(|weeks| 7 * weeks).find(|days| *days as f64 * unit >= apart).unwrap_or(7);
    (0..n_days)
        .step_by(step)
        .map(|day| {
            let date = start.saturating_add(jiff::Span::new().days(day as i64));
            Mark { day, label: short(date), year: Some(date.year().to_string()) }
        })
        .collect()
}

fn months(start: Date, n_days: usize, unit: f64, apart: f64) -> Vec<Mark> {
    const MONTH: f64 = 30.4;
    let step = [1, 2, 3, 6, 12, 24, 60, 120]
        .into_iter()
        .find(|months| f64::from(*months) * MONTH * unit >= apart)
        .unwrap_or(240);
    let mut marks = Vec::new();
    let mut date = start.first_of_month();
    loop {
        match usize::try_from((date - start).get_days()) {
            Ok(day) if day >= n_days => return marks,
            Ok(day) if months_since_zero(date) % step == 0 => {
                let (name, year) = (month_name(date)[..3].to_owned(), date.year().to_string());
                let (label, year) = if step < 12 { (name, Some(year)) } else { (year, None) };
                marks.push(Mark { day, label, year });
            }
            // The month that the diary began in, unless it began on its first.
            _ => {}
        }
        let next = date.saturating_add(jiff::Span::new().months(1));
        if next.day() != 1 {
            // The calendar itself has ended.
            return marks;
        }
        date = next;
    }
}

fn months_since_zero(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn labels(start: Date, n_days: usize, unit: f64) -> Vec<String> {
        marks(start, n_days, unit, 40.0)
            .into_iter()
            .map(|m| [Some(m.label), m.year].into_iter().flatten().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn marks_fit_the_length() {
        assert_eq!(labels(date(2025, 11, 6), 100, 3.0), ["Dec 2025", "Jan 2026", "Feb"]);
        assert_eq!(labels(date(2025, 12, 24), 21, 10.0), ["24 Dec 2025", "31 Dec", "7 Jan 2026"]);
        assert_eq!(labels(date(2024, 11, 6), 400, 0.5), ["Jan 2025", "Apr", "Jul", "Oct"]);
        assert_eq!(
            labels(date(2016, 5, 1), 3_650, 0.15),
            ["2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026"]
        );
        assert_eq!(in_words(date(2025, 1, 6)), "6 January 2025");
    }

    #[test]
    fn the_last_day_of_the_calendar_ends_the_marks() {
        assert!(!marks(date(9999, 9, 1), 999, 2.0, 40.0).is_empty());
    }
}
