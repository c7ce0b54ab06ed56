//! The numbers behind a chart, the sentences that say the same, and the picture.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::{Dose, Measure};
use ldn_report::svg::Layout;
use ldn_report::{ChartDay, Theme, course_chart};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::opened::Opened;
use super::{OfCourse, Refusals, Unreadable, verdict};
use crate::patient::Case;
use crate::patient::charts::{Charted, Stretch};
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// Of what, and how far back.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Such as `pain`; pain without it.
    measure: Option<String>,
    /// `4`, `12` or `all`; all without it.
    weeks: Option<String>,
}

/// A chart as data.
#[derive(Serialize, ToSchema)]
pub(super) struct ChartJson {
    measure: &'static str,
    /// `4`, `12` or `all`.
    weeks: &'static str,
    /// True while a trial is blinded: no dose is told, and nothing is compared.
    blinded: bool,
    /// The score that the goal was counted to; null if there is none.
    goal: Option<f64>,
    /// What the picture shows, in the visitor's language.
    sentences: Vec<String>,
    /// Every day from the first score on; none if there is no score.
    days: Vec<ChartDayJson>,
    /// The picture as SVG; null if there is none.
    svg: Option<String>,
}

/// One day.
#[derive(Serialize, ToSchema)]
struct ChartDayJson {
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// On 0 to 10.
    score: Option<f64>,
    /// Whether it was entered after its day.
    late: bool,
    /// Null if nobody said, or nobody may know.
    taken_mg: Option<f64>,
    /// Null if the plan asked for nothing, or nobody may know.
    planned_mg: Option<f64>,
    side_effect: bool,
    /// Whether a blinded trial covers the day.
    blinded: bool,
}

/// Returns one measure of a course, day by day.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/charts",
    operation_id = "read_chart",
    tag = "course",
    params(OfCourse, Asked),
    responses((status = 200, body = ChartJson), Unreadable, Refusals)
)]
pub(super) async fn show(
    Opened(desk): Opened,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<ChartJson>, Refused> {
    let refuse = |trouble| desk.signed_in.refuse(trouble);
    let (measure, stretch) = wanted(asked).map_err(refuse)?;
    let case = Case::of(&desk);
    let blinded = case.is_blinded();
    let none = ChartJson {
        measure: measure.id(),
        weeks: stretch.code(),
        blinded,
        goal: None,
        sentences: Vec::new(),
        days: Vec::new(),
        svg: None,
    };
    let Some(Charted { chart, sentences, .. }) = Charted::of(case, measure, stretch) else {
        return Ok(Json(none));
    };
    let svg = course_chart(&chart, Theme::Page, Layout::Wide);
    let dates = chart.start.series(1.day());
    let days = dates.zip(&chart.days).map(|(date, day)| ChartDayJson::of(date, day)).collect();
    Ok(Json(ChartJson { goal: chart.goal.filter(|_| !blinded), sentences, days, svg, ..none }))
}

impl ChartDayJson {
    fn of(date: Date, day: &ChartDay) -> ChartDayJson {
        ChartDayJson {
            date,
            score: day.score,
            late: day.late,
            taken_mg: day.taken.map(Dose::milligrams),
            planned_mg: day.planned.map(Dose::milligrams),
            side_effect: day.side_effect,
            blinded: day.blinded,
        }
    }
}

fn wanted(asked: Result<Query<Asked>, QueryRejection>) -> Result<(Measure, Stretch), Trouble> {
    let Query(Asked { measure, weeks }) = asked.map_err(|_| Trouble::Invalid {
        at: "query".to_owned(),
        expected: "measure and weeks, and nothing else".to_owned(),
    })?;
    let measure = verdict::measure(measure)?.unwrap_or(Measure::Pain);
    let stretch = match weeks {
        None => Stretch::All,
        Some(code) => Stretch::ALL.into_iter().find(|stretch| stretch.code() == code).ok_or_else(|| {
            Trouble::Invalid { at: "weeks".to_owned(), expected: "4, 12 or all".to_owned() }
        })?,
    };
    Ok((measure, stretch))
}
