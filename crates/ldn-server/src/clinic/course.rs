//! One patient: the problem to decide first, then the diary, the plan, what was found, the verdict, and everything that was
//! written, on one page in one column.
//!
//! [`problems`] are the items of [`ldn_care::attention`] with what can be done about each, [`change`] what the diary asks of
//! the plan, [`effects`] side effects against dose steps, [`adherence`] what was taken of what was asked for, [`judged`] the
//! verdict, [`history`] the entries. [`decide`] takes every decision, [`show`] is the page.

mod adherence;
mod change;
mod decide;
mod effects;
mod history;
mod judged;
mod problems;
mod records;
mod show;

use axum::Router;
use axum::routing::{get, post};

use crate::site::Site;

pub(super) use change::dose;
pub(crate) use judged::Verdicts;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clinic/courses/{course}", get(show::show))
        .route("/clinic/courses/{course}/history", get(history::show))
        .route("/clinic/courses/{course}/accept", post(decide::accept))
        .route("/clinic/courses/{course}/decline", post(decide::decline))
        .route("/clinic/courses/{course}/hold", post(decide::hold))
        .route("/clinic/courses/{course}/screened", post(decide::screened))
        .route("/clinic/courses/{course}/verdict", post(decide::verdict_seen))
}
