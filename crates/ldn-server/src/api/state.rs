//! The own courses, and what one is now.

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use ldn_core::Measure;
use ldn_core::plan::{DayPlan, Hold};
use ldn_store::view::PatientView;
use serde::Serialize;
use utoipa::ToSchema;

use super::opened::Opened;
use super::{OfCourse, Refusals};
use crate::patient::{Case, Desk, PlanOnDesk, Tonight};
use crate::site::Site;
use crate::visitor::{Refused, SignedIn};

/// The own courses, the oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct CoursesJson {
    courses: Vec<CourseLineJson>,
}

/// One course.
#[derive(Serialize, ToSchema)]
struct CourseLineJson {
    /// Its name in the addresses.
    course: String,
    /// Entries in its journal.
    entries: u64,
}

/// What a course is now.
#[derive(Serialize, ToSchema)]
pub(super) struct StateJson {
    course: String,
    /// True while nothing may be told that depends on the arm of a trial.
    blinded: bool,
    today: TodayJson,
    plan: Option<PlanLineJson>,
    /// The newest score of each measure that has one.
    scores: Vec<ScoreJson>,
    /// Days without LDN that have not ended, of the plan and beside it.
    holds: Vec<HoldJson>,
}

/// What today asks for.
#[derive(Serialize, ToSchema)]
struct TodayJson {
    /// The patient's local day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    says: Says,
    /// The doses, if `says` is `take`.
    take: Vec<PartJson>,
    /// The same in the visitor's language.
    lines: Vec<String>,
    notes: Vec<String>,
}

/// What a plan says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Says {
    /// The doses in `take`.
    Take,
    /// The numbered capsules of the trial's kit.
    Kit,
    /// No LDN on this day.
    Hold,
    /// Ask the prescriber before the next dose.
    Ask,
    /// A screening forbids a dose.
    Stopped,
    /// The plan says nothing of this day, or there is none.
    Nothing,
}

/// One dose of a day.
#[derive(Serialize, ToSchema)]
struct PartJson {
    /// `morning`, `midday` or `bedtime`.
    #[schema(value_type = String)]
    at: ldn_core::plan::TimeOfDay,
    dose_mg: f64,
}

/// The plan that is followed.
#[derive(Serialize, ToSchema)]
struct PlanLineJson {
    id: String,
    version: u32,
    /// False for a plan as the patient says it was prescribed.
    signed: bool,
    /// The last day on which a dose may be read from it.
    #[schema(value_type = String, format = Date)]
    valid_until: Date,
}

/// A score and its day.
#[derive(Serialize, ToSchema)]
struct ScoreJson {
    /// Such as `pain`.
    measure: &'static str,
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// On 0 to 10.
    score: f64,
}

/// Days without LDN.
#[derive(Serialize, ToSchema)]
struct HoldJson {
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day; absent until somebody screens again.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    why: String,
    /// The rule of screening.
    rule: String,
}

/// Lists the own courses.
#[utoipa::path(
    get,
    path = "/api/courses",
    operation_id = "list_courses",
    tag = "course",
    responses((status = 200, body = CoursesJson), Refusals)
)]
pub(super) async fn list(
    State(site): State<Site>,
    signed_in: SignedIn,
) -> Result<Json<CoursesJson>, Refused> {
    let refuse = |error| signed_in.refuse(site.refusal(&error));
    let view = PatientView::of(site.store(), signed_in.actor.clone()).map_err(refuse)?;
    let courses = view.courses().await.map_err(refuse)?.into_iter().map(|record| CourseLineJson {
        course: record.id.to_string(),
        entries: record.head.map_or(0, |head| head.seq),
    });
    Ok(Json(CoursesJson { courses: courses.collect() }))
}

/// Says what a course is now.
#[utoipa::path(
    get,
    path = "/api/courses/{course}",
    operation_id = "read_course",
    tag = "course",
    params(OfCourse),
    responses((status = 200, body = StateJson), Refusals)
)]
pub(super) async fn show(Opened(desk): Opened) -> Json<StateJson> {
    Json(StateJson {
        course: desk.course_id.to_string(),
        blinded: Case::of(&desk).is_blinded(),
        today: TodayJson::of(&desk),
        plan: desk.plan().map(|on_desk| PlanLineJson::of(&on_desk)),
        scores: Measure::ALL.into_iter().filter_map(|measure| newest(&desk, measure)).collect(),
        holds: holds(&desk),
    })
}

impl TodayJson {
    fn of(desk: &Desk) -> TodayJson {
        let case = Case::of(desk);
        let words = Tonight::of(case);
        let (says, take) = match case.on(desk.today) {
            _ if case.is_stopped() => (Says::Stopped, Vec::new()),
            DayPlan::Hold(_) => (Says::Hold, Vec::new()),
            DayPlan::Ask(_) => (Says::Ask, Vec::new()),
            _ if case.is_blinded() => (Says::Kit, Vec::new()),
            DayPlan::Take(step) => {
                let part = |part: &ldn_core::plan::DayPart| PartJson {
                    at: part.at,
                    dose_mg: part.dose.milligrams(),
                };
                (Says::Take, step.parts.iter().map(part).collect())
            }
            DayPlan::Nothing => (Says::Nothing, Vec::new()),
        };
        let lines = words.headings.into_iter().map(|line| line.dose).collect();
        TodayJson { day: desk.today, says, take, lines, notes: words.notes }
    }
}

impl PlanLineJson {
    fn of(on_desk: &PlanOnDesk<'_>) -> PlanLineJson {
        let parts = on_desk.plan.parts();
        PlanLineJson {
            id: on_desk.plan.id().as_str().to_owned(),
            version: parts.version,
            signed: on_desk.signed,
            valid_until: parts.valid_until,
        }
    }
}

fn newest(desk: &Desk, measure: Measure) -> Option<ScoreJson> {
    let mut scores = desk.course.days().filter_map(|(date, day)| Some((date, day.score(measure)?.value)));
    let first = scores.next()?;
    let (day, score) = scores.fold(first, |newest, next| if next.0 > newest.0 { next } else { newest });
    Some(ScoreJson { measure: measure.id(), day, score: score.on_ten_points() })
}

fn holds(desk: &Desk) -> Vec<HoldJson> {
    let planned = desk.plan().map_or(&[][..], |on_desk| on_desk.plan.holds());
    let planned = planned.iter().filter(|hold| hold.to.is_none_or(|to| to >= desk.today));
    let beside = Case::of(desk).holds_beside().map(|held| &held.hold);
    let json = |hold: &Hold| HoldJson {
        from: hold.from,
        to: hold.to,
        why: hold.why.clone(),
        rule: hold.rule.clone(),
    };
    planned.chain(beside).map(json).collect()
}
