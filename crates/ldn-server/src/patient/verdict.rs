//! Is it working? What the diary says, how sure it is, and what else could explain it.
//!
//! [`answer`] judges, [`told`] turns a verdict into the words of its reader; [`show`] is the page.

mod answer;
mod show;
mod told;
mod untreated;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use answer::{Answer, Answered};
pub(crate) use untreated::diary as untreated_diary;

#[cfg(test)]
pub(crate) use tests::pages as sampled_pages;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/verdict", get(show::show))
}
