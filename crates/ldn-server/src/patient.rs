//! The pages of a patient: one course, one's own.

pub(crate) mod charts;
pub(crate) mod danger;
pub(crate) mod data;
mod desk;
pub(crate) mod events;
pub(crate) mod instruments;
pub(crate) mod labs;
mod more;
pub(crate) mod plan;
mod record;
pub(crate) mod start;
pub(crate) mod today;
mod verdict;

#[cfg(test)]
mod samples;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use charts::{Charted, Stretch, name_code};
pub(crate) use desk::{Desk, NoDesk, PlanOnDesk, today_in, zone_of};
pub(crate) use events::{Choice, FieldProblem, Fields, problem_of};
pub(crate) use instruments::result_told;
pub(crate) use plan::{
    Case, Drawn, SheetView, SourceMark, Tonight, TypedDate, in_words, last_dose, of_plan, span,
};
pub(crate) use record::{Made, invalid};
pub(crate) use today::LATE_DAYS;
pub(crate) use verdict::{Answer, Answered, untreated_diary};

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
