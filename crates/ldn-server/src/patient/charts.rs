//! The diary as pictures, each with a sentence and a table that say the same.

mod chart;
mod show;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use chart::{Charted, Stretch, in_sentence, name_code};

#[cfg(test)]
pub(crate) use tests::pages as sampled_pages;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/charts", get(show::show))
}
