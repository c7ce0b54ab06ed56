//! What card and letter share: whose they are, the last dose, and how a sheet stands in a page.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ldn_core::course::Course;
use ldn_core::journal::Outcome;
use ldn_report::{LastDose, Person, Sheet};

use crate::patient::Desk;

/// A sheet as a template writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetView {
    pub(crate) to: String,
    pub(crate) title: String,
    pub(crate) facts: Vec<[String; 2]>,
    pub(crate) sections: Vec<(String, Vec<String>)>,
    pub(crate) closing: Vec<String>,
    pub(crate) sources: Vec<String>,
}

impl SheetView {
    pub(crate) fn of(sheet: &Sheet) -> SheetView {
        SheetView {
            to: sheet.to().to_owned(),
            title: sheet.title().to_owned(),
            facts: sheet.facts().map(|(label, value)| [label.to_owned(), value.to_owned()]).collect(),
            sections: sheet
                .sections()
                .map(|section| (section.heading.to_owned(), section.paragraphs.to_vec()))
                .collect(),
            closing: sheet.closing().to_vec(),
            sources: sheet.sources().to_vec(),
        }
    }
}

/// Hands a paper out as plain text, which every device can show without a network.
pub(crate) fn as_text(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

/// Returns whose paper it is; `None` while the year of birth is not known.
pub(super) fn person(desk: &Desk) -> Option<Person> {
    desk.birth_year().map(|birth_year| Person { name: desk.name.clone(), birth_year })
}

/// Returns the last dose that the journal has as taken.
pub(crate) fn last_dose(course: &Course, today: Date, zone: &str) -> Option<LastDose> {
    let days: Vec<_> = course.days().filter(|(day, _)| *day <= today).collect();
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    days.into_iter().rev().find_map(|(on, day)| {
        let taken = day.doses.slots().filter_map(|(_, slot)| match slot.decided().report.value.outcome {
            Outcome::Taken { dose, at } => Some((dose, at)),
            Outcome::NotTaken | Outcome::Skipped => None,
        });
        let (dose, at) = taken.last()?;
        Some(LastDose { on, at: at.map(|at| at.to_zoned(zone.clone()).time()), dose })
    })
}
