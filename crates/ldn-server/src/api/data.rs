//! One's own data: taken away, or erased. Both ask for a password given within the last 5 minutes.

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::opened::{Opened, ToChange};
use super::sent::{Sent, wrong};
use super::{OfCourse, Refusals, TokenHeader, Unreadable};
use crate::patient::data::{erase_me, take};
use crate::site::Site;
use crate::visitor::{Refused, clear_session};

/// A sign that somebody means it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EraseSent {
    /// The person's own name, typed out.
    name: String,
}

/// What was erased.
#[derive(Serialize, ToSchema)]
pub(super) struct ErasedJson {
    /// The course whose key was destroyed.
    course: String,
    /// When.
    at: String,
}

/// Returns every entry with its place in the chain, one a line; `ldn course import --journal` brings it back identical.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/data/journal.jsonl",
    operation_id = "export_journal",
    tag = "data",
    params(OfCourse),
    responses((status = 200, content_type = "application/jsonl", body = String), Refusals)
)]
pub(super) async fn journal(State(site): State<Site>, Opened(desk): Opened) -> Result<Response, Refused> {
    take::journal(&site, &desk).await
}

/// Returns the diary as a table, one row a day.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/data/diary.csv",
    operation_id = "export_diary",
    tag = "data",
    params(OfCourse),
    responses((status = 200, content_type = "text/csv", body = String), Refusals)
)]
pub(super) async fn diary(State(site): State<Site>, Opened(desk): Opened) -> Result<Response, Refused> {
    take::diary(&site, &desk).await
}

/// Returns who did what with the course, one action a line.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/data/trail.jsonl",
    operation_id = "export_trail",
    tag = "data",
    params(OfCourse),
    responses((status = 200, content_type = "application/jsonl", body = String), Refusals)
)]
pub(super) async fn trail(State(site): State<Site>, Opened(desk): Opened) -> Result<Response, Refused> {
    take::trail(&site, &desk).await
}

/// Destroys the key of everything that the person wrote, and ends their sessions. It cannot be undone.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/data/erase",
    operation_id = "erase_me",
    tag = "data",
    params(OfCourse, TokenHeader),
    request_body = EraseSent,
    responses((status = 200, body = ErasedJson), Unreadable, Refusals)
)]
pub(super) async fn erase(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<EraseSent>,
) -> Result<Response, Refused> {
    match erase_me(&site, &desk, &sent.name).await? {
        Ok(()) => {
            let erased = ErasedJson { course: desk.course_id.to_string(), at: site.now().to_string() };
            Ok((AppendHeaders(clear_session()), Json(erased)).into_response())
        }
        Err(problem) => Err(desk.signed_in.refuse(wrong(vec![problem]))),
    }
}
