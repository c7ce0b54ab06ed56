//! The pages of a prescriber: the patients who need one first, the whole case on one page, a plan signed in three clicks.
//!
//! Everything is read and written through [`ldn_store::view::PrescriberView`]; what asks for attention is
//! [`ldn_care::attention`], what is found is [`ldn_care::screen`], what is planned [`ldn_care::plan`]: no rule of medicine
//! stands here. [`room`] opens a course, [`list`] is the first page, [`intake`] what is
//! known about a new patient, [`planning`] the way from screening to order,
//! [`evidence`] and [`letters`] what can be read and handed on, [`course`] the case.

mod course;
mod evidence;
mod intake;
mod letters;
mod list;
mod planning;
mod room;

use axum::Router;

use crate::site::Site;

pub(crate) use course::Verdicts;
pub(crate) use list::Summaries;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .merge(list::routes())
        .merge(intake::routes())
        .merge(planning::routes())
        .merge(course::routes())
        .merge(evidence::routes())
        .merge(letters::routes())
}
