//! Downloads of everything: the journal that can be brought back identical, the diary as a table, and who did what.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use ldn_core::Scale;
use ldn_core::course::Course;
use ldn_core::journal::Entry;
use ldn_store::audit::Row;
use ldn_store::export::{CourseExport, JournalLine, of_course};
use serde_json::json;

use crate::patient::Desk;
use crate::site::Site;
use crate::visitor::Refused;

const JSON_LINES: &str = "application/jsonl; charset=utf-8";

/// Every entry with its place in the chain; `ldn course import --journal` brings it back identical.
pub(crate) async fn journal(site: &Site, desk: &Desk) -> Result<Response, Refused> {
    let export = everything(site, desk).await?;
    Ok(file(desk, "journal.jsonl", JSON_LINES, export.journal.to_text()))
}

/// The diary as a table, one row a day; the columns alone if it is empty.
pub(crate) async fn diary(site: &Site, desk: &Desk) -> Result<Response, Refused> {
    let export = everything(site, desk).await?;
    let entries: Vec<&Entry> = export
        .journal
        .lines
        .iter()
        .filter_map(|line| match line {
            JournalLine::Whole { entry, .. } => Some(entry),
            JournalLine::Masked { .. } => None,
        })
        .collect();
    let diary = Course::replay(entries).diary();
    let text =
        diary.map_or_else(|_| "date,dose_mg,pain\n".to_owned(), |diary| diary.to_csv(Scale::ZeroToTen));
    Ok(file(desk, "diary.csv", "text/csv; charset=utf-8", text))
}

/// Who did what with the course: ids, hashes and instants.
pub(crate) async fn trail(site: &Site, desk: &Desk) -> Result<Response, Refused> {
    let export = everything(site, desk).await?;
    let text: String = export.trail.iter().map(|row| line(row) + "\n").collect();
    Ok(file(desk, "trail.jsonl", JSON_LINES, text))
}

async fn everything(site: &Site, desk: &Desk) -> Result<CourseExport, Refused> {
    let export = of_course(site.store(), &desk.signed_in.actor, desk.course_id, site.now()).await;
    export.map_err(|error| desk.signed_in.refuse(site.refusal(&error)))
}

fn line(row: &Row) -> String {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let at =
        Timestamp::from_microsecond(row.at_us).map_or_else(|_| row.at_us.to_string(), |at| at.to_string());
    json!({
        "place": row.place, "id": row.id, "at": at, "account": row.account, "role": row.role,
        "course": row.course, "action": row.action, "subject": row.subject, "outcome": row.outcome,
        "why": row.why, "before": row.before.as_deref().map(hex), "after": row.after.as_deref().map(hex),
        "request": row.request, "hash": hex(&row.own),
    })
    .to_string()
}

/// The name of a file says the day and nothing about the person.
fn file(desk: &Desk, name: &str, media_type: &'static str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{}-{name}\"", desk.today);
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}
