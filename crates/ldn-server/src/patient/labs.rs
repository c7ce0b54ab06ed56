//! Laboratory results: entered with their unit and the limit of the same report, shown as they were written, not judged.

mod enter;
mod tests_offered;

#[cfg(test)]
mod samples;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use enter::{enter, newest_first};
pub(crate) use tests_offered::{OFFERED, OfferedTest};

#[cfg(test)]
pub(crate) use samples::pages as sampled_pages;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/labs", get(enter::show).post(enter::save))
}
