//! The same as the pages do, for programs: JSON under `/api/`.

mod entries;

use axum::Router;
use axum::routing::post;

use crate::site::Site;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/api/courses/{course}/entries", post(entries::append))
}
