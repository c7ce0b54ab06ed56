//! What else happens on the way: a new medicine, an infection, a procedure, a pregnancy.
//!
//! Whatever is entered is screened at once together with all that the course knows, and again on every page that shows a
//! dose ([`held_by_screening`]).

mod enter;
mod fields;
mod hold;
mod infection;
mod list;
mod medicine;
mod pregnancy;
mod procedure;
mod strike;

#[cfg(test)]
mod samples;

use axum::Router;
use axum::routing::{get, post};

use crate::site::Site;

pub(crate) use enter::{Entered, Event, enter};
pub(crate) use fields::{Choice, FieldProblem, Fields, past_date, problem_of};
#[cfg(test)]
pub(crate) use samples::pages as sampled_pages;

pub(in crate::patient) use hold::screened;
pub(crate) use hold::{HeldByScreening, held_by_screening};
pub(crate) use list::{Screened, own_entry, seen};
pub(crate) use medicine::{AS_WRITTEN, Asked};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/events", get(list::show))
        .route("/events/medicine", get(medicine::show).post(medicine::save))
        .route("/events/infection", get(infection::show).post(infection::save))
        .route("/events/procedure", get(procedure::show).post(procedure::save))
        .route("/events/pregnancy", get(pregnancy::show).post(pregnancy::save))
        .route("/events/strike", post(strike::strike))
}
