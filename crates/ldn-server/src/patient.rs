//! The pages of a patient: one course, one's own.

mod charts;
pub(crate) mod danger;
mod data;
mod desk;
mod events;
mod instruments;
mod labs;
mod more;
mod plan;
mod record;
mod start;
mod today;
mod verdict;

#[cfg(test)]
mod samples;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use desk::{Desk, PlanOnDesk};
pub(crate) use plan::{Case, Tonight};
pub(crate) use today::LATE_DAYS;
pub(crate) use verdict::{Answer, Answered};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .merge(today::routes())
        .merge(danger::routes())
        .route("/start", get(start::show).post(start::begin))
        .merge(charts::routes())
        .merge(data::routes())
        .merge(more::routes())
        .merge(labs::routes())
        .merge(instruments::routes())
        .merge(events::routes())
        .merge(plan::routes())
        .merge(verdict::routes())
}
