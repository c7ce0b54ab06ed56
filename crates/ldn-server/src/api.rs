//! The same as the pages do, for programs: JSON under `/api/`, described by `/api/openapi.json`.
//!
//! [`opened`] opens the course that the address names, under the same policy as the pages; one file per address.
//! [`document`] is made from the handlers themselves, so what it says is what is served.

mod diary;
mod document;
mod entries;
mod journal;
mod opened;
mod plan;
mod session;
mod state;
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
pub(crate) use document::{Problem, Refusals};

pub(crate) fn routes() -> Router<Site> {
    let (router, _) = document::routes().split_for_parts();
    router.route("/api/openapi.json", get(document::show)).layer(middleware::from_fn(in_json))
}

/// The router itself answers an address that is not UTF-8, in plain text; nothing is at such an address.
async fn in_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::BAD_REQUEST { Trouble::Missing.into_json() } else { response }
}
