//! Dates in words, in the reader's language, and dates as people enter them.

use jiff::civil::{Date, Weekday};
use ldn_report::ShortMonths;

use crate::words::Words;

const MONTHS: [&str; 12] = [
    "plan-month-1",
    "plan-month-2",
    "plan-month-3",
    "plan-month-4",
    "plan-month-5",
    "plan-month-6",
    "plan-month-7",
    "plan-month-8",
    "plan-month-9",
    "plan-month-10",
    "plan-month-11",
    "plan-month-12",
];

const SHORT_MONTHS: [&str; 12] = [
    "plan-short-month-1",
    "plan-short-month-2",
    "plan-short-month-3",
    "plan-short-month-4",
    "plan-short-month-5",
    "plan-short-month-6",
    "plan-short-month-7",
    "plan-short-month-8",
    "plan-short-month-9",
    "plan-short-month-10",
    "plan-short-month-11",
    "plan-short-month-12",
];

/// Returns "1 June 2026".
pub(crate) fn in_words(words: Words, day: Date) -> String {
    let month = words.say(MONTHS[usize::from(day.month().unsigned_abs()) - 1]);
    let (number, year) = (day.day().to_string(), day.year().to_string());
    words.say_with("plan-date", &[("day", &number), ("month", &month), ("year", &year)])
}

/// Returns "Monday 1 June 2026".
pub(crate) fn with_weekday(words: Words, day: Date) -> String {
    let weekday = words.say(match day.weekday() {
        Weekday::Monday => "plan-monday",
        Weekday::Tuesday => "plan-tuesday",
        Weekday::Wednesday => "plan-wednesday",
        Weekday::Thursday => "plan-thursday",
        Weekday::Friday => "plan-friday",
        Weekday::Saturday => "plan-saturday",
        Weekday::Sunday => "plan-sunday",
    });
    words.say_with("plan-weekday-date", &[("weekday", &weekday), ("date", &in_words(words, day))])
}

/// Returns "1 June 2026 to 7 June 2026", or "from 1 June 2026 on".
pub(crate) fn span(words: Words, from: Date, to: Option<Date>) -> String {
    let first = in_words(words, from);
    match to {
        Some(to) if to == from => first,
        Some(to) => words.say_with("plan-span", &[("from", &first), ("to", &in_words(words, to))]),
        None => words.say_with("plan-span-open", &[("from", &first)]),
    }
}

/// Returns the names of months for the axis of a picture.
pub(crate) fn short_months(words: Words) -> ShortMonths {
    SHORT_MONTHS.map(|code| words.say(code))
}

/// A date as typed in three fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedDate {
    pub(crate) day: String,
    pub(crate) month: String,
    pub(crate) year: String,
}

impl TypedDate {
    pub(crate) fn of(date: Date) -> TypedDate {
        TypedDate {
            day: date.day().to_string(),
            month: date.month().to_string(),
            year: date.year().to_string(),
        }
    }

    /// Returns true if nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        [&self.day, &self.month, &self.year].into_iter().all(|field| field.trim().is_empty())
    }

    /// Returns the date; `None` if the three fields are no date with a year of four digits.
    pub(crate) fn date(&self) -> Option<Date> {
        let number = |text: &str| {
            let text = text.trim();
            let is_number =
                !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse::<i16>().ok() } else { None }
        };
        let (day, month, year) = (number(&self.day)?, number(&self.month)?, number(&self.year)?);
        // "26" is not guessed to be 2026.
        if year < 1000 {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use jiff::civil::date;

    #[test]
    fn dates_in_both_languages() {
        let (english, spanish) = (Words::of(Language::English), Words::of(Language::Spanish));
        assert_eq!(with_weekday(english, date(2026, 6, 1)), "Monday 1 June 2026");
        assert_eq!(with_weekday(spanish, date(2026, 6, 1)), "lunes, 1 de junio de 2026");
        let week = (date(2026, 6, 1), Some(date(2026, 6, 7)));
        assert_eq!(span(english, week.0, week.1), "1 June 2026 to 7 June 2026");
        assert_eq!(span(english, week.0, None), "from 1 June 2026 on");
    }

    #[test]
    fn three_fields_are_a_date_or_nothing() {
        for (day, month, year, expected) in [
            ("1", "6", "2026", Some(date(2026, 6, 1))),
            (" 01 ", "06", "2026", Some(date(2026, 6, 1))),
            ("31", "6", "2026", None),
            ("1", "6", "26", None),
            ("1", "", "2026", None),
            ("-1", "6", "2026", None),
            ("1", "300", "2026", None),
        ] {
            let typed = TypedDate { day: day.into(), month: month.into(), year: year.into() };
            assert_eq!(typed.date(), expected, "{day}/{month}/{year}");
        }
    }
}
