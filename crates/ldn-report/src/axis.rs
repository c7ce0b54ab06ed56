//! The days along the bottom of a picture, in the words of the reader's language.

use jiff::civil::Date;

use crate::calendar;
use crate::scale::Scale;
use crate::svg::{Drawing, Lettering, Stroke};
use crate::theme::Role;

/// Height that the labels below an axis need: a line for days or months and one for the year.
pub(crate) const AXIS_LABELS: f64 = 38.0;
/// Least distance of two labels.
const APART: f64 = 50.0;

/// Short names of the months, January first: "Jan", "ene".
pub type ShortMonths = [String; 12];

/// Draws hairlines from `top` to `bottom` and the labels under them; `right` is the end of the drawing.
pub(crate) fn days(
    drawing: &mut Drawing,
    start: Date,
    n_days: usize,
    x: &Scale,
    [top, bottom, right]: [f64; 3],
    months: &ShortMonths,
) {
    let mut free_from = f64::MIN;
    for mark in calendar::marks(start, n_days, x.unit(), APART) {
        let place = x.place(mark.day as f64 - 0.5);
        drawing.line([place, top], [place, bottom], Stroke::full(Role::Soft, 0.8));
        let day = start.saturating_add(jiff::Span::new().days(i64::try_from(mark.day).unwrap_or(i64::MAX)));
        // Not beyond the edge of the drawing.
        let place = place.min(right - 44.0) + 2.0;
        if place < free_from {
            continue;
        }
        free_from = place + APART - 4.0;
        drawing.text([place, bottom + 14.0], &label(&mark.label, day, months), Lettering::QUIET);
        if let Some(year) = &mark.year {
            drawing.text([place, bottom + 31.0], year, Lettering::QUIET);
        }
    }
}

/// Writes what a mark names, a day, a month or a year, with the months of the language.
fn label(named: &str, day: Date, months: &ShortMonths) -> String {
    let month = &months[usize::from(day.month().unsigned_abs()) - 1];
    let has_number = named.starts_with(|c: char| c.is_ascii_digit());
    let has_letters = named.ends_with(|c: char| c.is_alphabetic());
    match (has_number, has_letters) {
        (true, true) => format!("{} {month}", day.day()),
        (false, _) => month.clone(),
        (true, false) => named.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn labels_speak_the_language() {
        let months = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"];
        let months = months.map(str::to_owned);
        let day = date(2026, 8, 9);
        assert_eq!(label("9 Aug", day, &months), "9 ago");
        assert_eq!(label("Aug", day, &months), "ago");
        assert_eq!(label("2026", day, &months), "2026");
    }
}
