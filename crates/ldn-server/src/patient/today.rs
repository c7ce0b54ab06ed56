//! Today's diary: one screen, one thumb, under twenty seconds.
//!
//! [`model`] says what a day holds; the page without script ([`show`], [`save`]) and the script that works without a
//! network both draw from it, so that they cannot disagree.

mod leave;
mod line;
mod model;
mod page;
mod save;
mod show;
mod steps;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use model::Model;
pub(crate) use save::{SaveForm, save_answer};
pub(crate) use show::may_keep;

#[cfg(test)]
mod tests;

/// How many days back an entry may still be made.
pub(crate) const LATE_DAYS: i32 = 7;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/today", get(show::show).post(save::save)).route("/today/leave", get(leave::show))
}
