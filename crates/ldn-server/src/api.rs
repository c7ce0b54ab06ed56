//! The same as the pages do, for programs: JSON under `/api/`, described by `/api/openapi.json`.
//!
//! Every handler hands what was sent to the function that the page's form calls too ([`sent`] fills in the form), so that
//! neither can do what the other may not. [`opened`] opens the course that the address names, under the same policy as the pages; one file per family.
//! [`document`] is made from the handlers themselves, so what it says is what is served.

mod begin;
mod chart;
mod data;
mod diary;
mod document;
mod entries;
mod events;
mod instruments;
mod journal;
mod labs;
mod look;
mod opened;
mod papers;
mod params;
mod plan;
mod plan_entry;
mod problems;
mod sent;
mod session;
mod state;
mod today;
mod verdict;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;

use crate::site::Site;
use crate::trouble::Trouble;

pub use document::document;
use params::{
    NotAccepted, NotFromHere, NotThere, OfCourse, OfQuestionnaire, OurError, Refusals, Shut, TokenHeader,
    Unreadable,
};

pub(crate) fn routes() -> Router<Site> {
    let (router, _) = document::routes().split_for_parts();
    router.route("/api/openapi.json", get(document::show)).layer(middleware::from_fn(in_json))
}

/// The router itself answers an address that is not UTF-8, in plain text; nothing is at such an address.
async fn in_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::BAD_REQUEST { Trouble::Missing.into_json() } else { response }
}
