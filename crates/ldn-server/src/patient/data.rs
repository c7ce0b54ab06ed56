//! One's own data: taken away, or erased. Both ask for a fresh proof of who asks.

mod erase;
pub(crate) mod take;

#[cfg(test)]
mod samples;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Desk;
use crate::frame::Frame;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

pub(crate) use erase::erase_me;

#[cfg(test)]
pub(crate) use samples::pages as sampled_pages;

#[derive(Template)]
#[template(path = "data/data.html")]
struct DataPage {
    frame: Frame,
    entries: String,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/data", get(show))
        .route("/data/journal.jsonl", get(journal))
        .route("/data/diary.csv", get(diary))
        .route("/data/trail.jsonl", get(trail))
        .route("/data/erase", get(erase::show).post(erase::erase))
}

async fn journal(State(site): State<Site>, desk: Desk) -> Result<Response, Refused> {
    take::journal(&site, &desk).await
}

async fn diary(State(site): State<Site>, desk: Desk) -> Result<Response, Refused> {
    take::diary(&site, &desk).await
}

async fn trail(State(site): State<Site>, desk: Desk) -> Result<Response, Refused> {
    take::trail(&site, &desk).await
}

async fn show(State(site): State<Site>, desk: Desk) -> Response {
    let frame = desk.frame(&site, "/data");
    let count = u32::try_from(desk.course.n_entries()).unwrap_or(u32::MAX);
    let entries = frame.words.count("data-entries", count);
    rendered(&DataPage { frame, entries }).into_response()
}
