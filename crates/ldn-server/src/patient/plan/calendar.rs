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
    let titles = if asked.titles == "plain" { Titles::Plain } else { Titles::Neutral };
    match calendar(&site, &desk, titles)? {
        Ok(file) => Ok(handed_out(file)),
        Err(NoCalendar::NoPlan | NoCalendar::Held) => Ok(Redirect::to("/plan").into_response()),
    }
}

/// Why there is no calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoCalendar {
    /// There is no plan.
    NoPlan,
    /// A file would go on showing doses on days that the page no longer gives one for.
    Held,
}

/// Returns the calendar file under a name that tells nothing.
pub(crate) fn handed_out(file: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"check-ins.ics\""),
    ];
    (headers, file).into_response()
}

/// Writes the plan as a calendar file.
///
/// # Errors
/// What only a mistake of ours can be.
pub(crate) fn calendar(
    site: &Site,
    desk: &Desk,
    titles: Titles,
) -> Result<Result<String, NoCalendar>, Refused> {
    let case = Case::of(desk);
    let Some((plan, superseded)) = case.plan_for_paper() else { return Ok(Err(NoCalendar::NoPlan)) };
    if case.is_stopped() || case.holds_beside().next().is_some() {
        return Ok(Err(NoCalendar::Held));
    }
    let replaces: Vec<Plan> = lineage(case);
    let input = PlanCalendarInput {
        plan: &plan,
        replaces: &replaces,
        superseded,
        today: desk.today,
        titles,
        times: DayTimes::default(),
    };
    plan_calendar(&input).map(Ok).map_err(|error| desk.signed_in.refuse(site.broken(&error)))
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
