//! What is handed to those who have no program: the calendar, the card for the wallet, the letter for an operation.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use ldn_report::{Sheet, Titles};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::opened::{Opened, ToChange};
use super::sent::{Sent, wrong};
use super::{OfCourse, Refusals, Shut, TokenHeader, Unreadable};
use crate::patient::Desk;
use crate::patient::events::FieldProblem;
use crate::patient::plan::{
    CARD_WIDTH, LETTER_WIDTH, LetterForm, NoCalendar, NoLetter, TypedDate, as_text, calendar, card,
    handed_out, letter,
};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// How much the titles of the calendar say.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `plain` names doses; `neutral`, as without it, does not.
    titles: Option<String>,
}

/// A paper as data.
#[derive(Serialize, ToSchema)]
pub(super) struct SheetJson {
    /// For whom it is.
    to: String,
    title: String,
    facts: Vec<FactJson>,
    sections: Vec<SectionJson>,
    closing: Vec<String>,
    sources: Vec<String>,
}

/// A line at the top.
#[derive(Serialize, ToSchema)]
struct FactJson {
    label: String,
    value: String,
}

/// Paragraphs under a heading.
#[derive(Serialize, ToSchema)]
struct SectionJson {
    heading: String,
    paragraphs: Vec<String>,
}

/// The operation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LetterSent {
    /// Its day.
    #[schema(value_type = String, format = Date)]
    operation: Date,
    /// How many hours before it the last dose is to be; as the rules of screening say without it.
    #[serde(default)]
    hours: Option<u16>,
}

/// Returns the plan as a calendar file. 409 while there is no plan, or while no dose may be shown.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/plan/calendar.ics",
    operation_id = "read_calendar",
    tag = "papers",
    params(OfCourse, Asked),
    responses(
        (status = 200, content_type = "text/calendar", body = String),
        Shut,
        Unreadable,
        Refusals
    )
)]
pub(super) async fn calendar_file(
    State(site): State<Site>,
    Opened(desk): Opened,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refused> {
    let refuse = |trouble| desk.signed_in.refuse(trouble);
    let words = desk.signed_in.visitor.look.words();
    let asked = asked.ok().and_then(|Query(asked)| match asked.titles.as_deref() {
        None | Some("neutral") => Some(Titles::Neutral),
        Some("plain") => Some(Titles::Plain),
        Some(_) => None,
    });
    let titles = asked.ok_or_else(|| {
        refuse(Trouble::Invalid { at: "titles".to_owned(), expected: "plain or neutral".to_owned() })
    })?;
    match calendar(&site, &desk, titles)? {
        Ok(file) => Ok(handed_out(file)),
        Err(NoCalendar::NoPlan) => Err(refuse(Trouble::Closed(words.say("plan-paper-no-plan")))),
        Err(NoCalendar::Held) => Err(refuse(Trouble::Closed(words.say("plan-stopped-text")))),
    }
}

/// Returns the card for the wallet. 409 while there is no plan or no year of birth.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/card",
    operation_id = "read_card",
    tag = "papers",
    params(OfCourse),
    responses((status = 200, body = SheetJson), Shut, Refusals)
)]
pub(super) async fn card_data(Opened(desk): Opened) -> Result<Json<SheetJson>, Refused> {
    Ok(Json(SheetJson::of(&own_card(&desk)?)))
}

/// Returns the card for the wallet as plain text. 409 while there is no plan or no year of birth.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/card.txt",
    operation_id = "read_card_text",
    tag = "papers",
    params(OfCourse),
    responses((status = 200, content_type = "text/plain", body = String), Shut, Refusals)
)]
pub(super) async fn card_text(Opened(desk): Opened) -> Result<Response, Refused> {
    Ok(as_text("card.txt", own_card(&desk)?.text(CARD_WIDTH)))
}

/// Writes the letter for an operation. The day is sent, so that it stands in no address.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/letter",
    operation_id = "write_letter",
    tag = "papers",
    params(OfCourse, TokenHeader),
    request_body = LetterSent,
    responses((status = 200, body = SheetJson), Shut, Unreadable, Refusals)
)]
pub(super) async fn letter_data(
    ToChange(desk): ToChange,
    Sent(sent): Sent<LetterSent>,
) -> Result<Json<SheetJson>, Refused> {
    Ok(Json(SheetJson::of(&own_letter(&desk, &sent)?)))
}

/// Writes the letter for an operation as plain text.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/letter.txt",
    operation_id = "write_letter_text",
    tag = "papers",
    params(OfCourse, TokenHeader),
    request_body = LetterSent,
    responses(
        (status = 200, content_type = "text/plain", body = String),
        Shut,
        Unreadable,
        Refusals
    )
)]
pub(super) async fn letter_text(
    ToChange(desk): ToChange,
    Sent(sent): Sent<LetterSent>,
) -> Result<Response, Refused> {
    Ok(as_text("letter.txt", own_letter(&desk, &sent)?.text(LETTER_WIDTH)))
}

fn own_card(desk: &Desk) -> Result<Sheet, Refused> {
    card(desk).map_err(|missing| desk.signed_in.refuse(lacking(desk, &missing)))
}

fn own_letter(desk: &Desk, sent: &LetterSent) -> Result<Sheet, Refused> {
    let hours = sent.hours.map(|hours| hours.to_string()).unwrap_or_default();
    let form = LetterForm::on(&TypedDate::of(sent.operation)).with_hours(hours);
    letter(desk, &form).map_err(|none| {
        desk.signed_in.refuse(match none {
            NoLetter::Missing(missing) => lacking(desk, &missing),
            NoLetter::Wrong(field, text) => wrong(vec![FieldProblem::new(field, text)]),
        })
    })
}

fn lacking(desk: &Desk, missing: &[&str]) -> Trouble {
    let words = desk.signed_in.visitor.look.words();
    Trouble::Closed(missing.iter().map(|code| words.say(code)).collect::<Vec<_>>().join(" "))
}

impl SheetJson {
    fn of(sheet: &Sheet) -> SheetJson {
        let fact =
            |(label, value): (&str, &str)| FactJson { label: label.to_owned(), value: value.to_owned() };
        SheetJson {
            to: sheet.to().to_owned(),
            title: sheet.title().to_owned(),
            facts: sheet.facts().map(fact).collect(),
            sections: sheet
                .sections()
                .map(|section| SectionJson {
                    heading: section.heading.to_owned(),
                    paragraphs: section.paragraphs.to_vec(),
                })
                .collect(),
            closing: sheet.closing().to_vec(),
            sources: sheet.sources().to_vec(),
        }
    }
}
