//! The plan as a calendar file.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use ldn_core::Plan;
use ldn_report::{DayTimes, PlanCalendarInput, Titles, plan_calendar};
use serde::Deserialize;

use super::case::Case;
use crate::patient::Desk;
use crate::site::Site;
use crate::visitor::Refused;

/// How much the titles say.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    titles: String,
}

/// Hands the file out under a name that tells nothing.
pub(super) async fn download(
    State(site): State<Site>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let case = Case::of(&desk);
    let Some((plan, superseded)) = case.plan_for_paper() else {
        return Ok(Redirect::to("/plan").into_response());
    };
    // A file would go on showing doses on days that the page no longer gives one for.
    if case.is_stopped() || case.holds_beside().next().is_some() {
        return Ok(Redirect::to("/plan").into_response());
    }
    let replaces: Vec<Plan> = lineage(case);
    let titles = if asked.titles == "plain" { Titles::Plain } else { Titles::Neutral };
    let input = PlanCalendarInput {
        plan: &plan,
        replaces: &replaces,
        superseded,
        today: desk.today,
        titles,
        times: DayTimes::default(),
    };
    let file = plan_calendar(&input).map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"check-ins.ics\""),
    ];
    Ok((headers, file).into_response())
}

/// The plans that the one of this course follows from.
fn lineage(case: Case<'_>) -> Vec<Plan> {
    let plans = case.course.plans();
    let id = match case.plan() {
        Some(on_desk) => on_desk.plan.id(),
        None => match plans.signed().last() {
            Some(signed) => signed.id.clone(),
            None => return Vec::new(),
        },
    };
    plans.lineage(&id).into_iter().skip(1).map(|older| older.value.clone()).collect()
}
