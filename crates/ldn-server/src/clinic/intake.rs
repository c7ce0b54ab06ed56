//! A new patient and what is known about them: one question on a page, saved after every page.
//!
//! [`new`] adds the patient, [`questions`] is the list of pages, [`document`] the intake as it is kept, [`ask`] one page,
//! [`check`] all answers to look over. What was typed goes through the strict reader of [`ldn_care::intake`], and what it
//! refuses is told beside the field.

mod ask;
mod check;
mod document;
mod invite;
mod new;
mod questions;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(super) use questions::page_of;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clinic/new", get(new::show).post(new::save))
        .route("/clinic/courses/{course}/intake", get(check::show))
        .route("/clinic/courses/{course}/intake/{slug}", get(ask::show).post(ask::save))
        .route("/clinic/courses/{course}/invite", get(invite::show).post(invite::make))
}
