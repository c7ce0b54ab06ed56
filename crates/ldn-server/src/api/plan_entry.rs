//! Entering a plan as it was prescribed: data entry, never advice. What follows can be seen before it is recorded.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::opened::{Opened, ToChange};
use super::sent::{Sent, wrong};
use super::{OfCourse, Refusals, Shut, TokenHeader, Unreadable};
use crate::patient::Desk;
use crate::patient::plan::{Entering, MOST_STEPS, Typed, TypedDate, TypedStep, caution, enter, offered};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// A plan as it was prescribed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanSent {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    start: Date,
    /// The last day on which it holds; twelve weeks after the last step begins, without it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// `bedtime`, `morning` or `midday`.
    #[schema(pattern = "^(bedtime|morning|midday)$")]
    at: String,
    /// The steps in order.
    #[schema(min_items = 1, max_items = 12)]
    steps: Vec<StepSent>,
    /// The schedule that the steps were filled in from, if they still are what it states.
    #[serde(default)]
    protocol: String,
    /// True if somebody confirmed that a dose above the usual was prescribed so.
    #[serde(default)]
    confirmed: bool,
}

/// One step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepSent {
    /// With its unit, such as `1.5 mg`.
    #[schema(example = "1.5 mg")]
    dose: String,
    /// How many days; only the last step may leave it out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u16>,
}

/// A plan that was entered, or would be.
#[derive(Serialize, ToSchema)]
pub(super) struct EnteredPlanJson {
    /// False for a preview.
    recorded: bool,
    /// Rules of screening that a dose falls under.
    cautions: Vec<CautionJson>,
    /// As docs/plan-json.md describes it.
    #[schema(value_type = Object)]
    plan: Value,
}

/// A rule that a dose falls under.
#[derive(Serialize, ToSchema)]
struct CautionJson {
    /// Its id.
    rule: String,
    /// What it says, in the visitor's language.
    says: String,
}

/// Schedules whose every step is stated.
#[derive(Serialize, ToSchema)]
pub(super) struct SchedulesJson {
    schedules: Vec<ScheduleJson>,
    /// How many steps a plan may have.
    most_steps: usize,
}

/// One schedule, as its source states it.
#[derive(Serialize, ToSchema)]
struct ScheduleJson {
    /// What `protocol` names.
    protocol: &'static str,
    title: &'static str,
    /// `bedtime`, `morning` or `midday`.
    at: String,
    steps: Vec<StatedStepJson>,
}

/// One step of a schedule.
#[derive(Serialize, ToSchema)]
struct StatedStepJson {
    dose: String,
    /// Null for the last, which runs on.
    days: Option<u16>,
}

/// Lists the schedules that fill in a form.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/plan/enter",
    operation_id = "list_schedules",
    tag = "plan",
    params(OfCourse),
    responses((status = 200, body = SchedulesJson), Refusals)
)]
pub(super) async fn schedules(Opened(_): Opened) -> Json<SchedulesJson> {
    let schedules = offered().map(|protocol| {
        let typed = Typed::following(protocol);
        let step = |step: TypedStep| StatedStepJson { dose: step.dose, days: step.days.parse().ok() };
        ScheduleJson {
            protocol: &protocol.alias,
            title: &protocol.title,
            at: typed.at,
            steps: typed.steps.into_iter().map(step).collect(),
        }
    });
    Json(SchedulesJson { schedules: schedules.collect(), most_steps: MOST_STEPS })
}

/// Says what follows from a plan as it was prescribed; nothing is recorded.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/plan/preview",
    operation_id = "preview_plan",
    tag = "plan",
    params(OfCourse, TokenHeader),
    request_body = PlanSent,
    responses((status = 200, body = EnteredPlanJson), Shut, Unreadable, Refusals)
)]
pub(super) async fn preview(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<PlanSent>,
) -> Result<Json<EnteredPlanJson>, Refused> {
    entered(&site, &desk, sent, "check").await.map(Json)
}

/// Records a plan as it was prescribed; it is no signed plan.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/plan/enter",
    operation_id = "enter_plan",
    tag = "plan",
    params(OfCourse, TokenHeader),
    request_body = PlanSent,
    responses((status = 201, body = EnteredPlanJson), Shut, Unreadable, Refusals)
)]
pub(super) async fn save(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<PlanSent>,
) -> Result<(StatusCode, Json<EnteredPlanJson>), Refused> {
    Ok((StatusCode::CREATED, Json(entered(&site, &desk, sent, "save").await?)))
}

async fn entered(site: &Site, desk: &Desk, sent: PlanSent, button: &str) -> Result<EnteredPlanJson, Refused> {
    let refuse = |trouble| desk.signed_in.refuse(trouble);
    let words = desk.signed_in.visitor.look.words();
    if sent.steps.is_empty() || sent.steps.len() > MOST_STEPS {
        let expected = format!("1 to {MOST_STEPS} steps");
        return Err(refuse(Trouble::Invalid { at: "steps".to_owned(), expected }));
    }
    let (draft, recorded) = match enter(site, desk, &sent.typed(button)).await? {
        Entering::Closed(code) => return Err(refuse(Trouble::Closed(words.say(code)))),
        Entering::Wrong(problems) => return Err(refuse(wrong(problems))),
        Entering::Unconfirmed(_) => {
            let expected = words.say("plan-check-confirm-missing");
            return Err(refuse(Trouble::Invalid { at: "confirmed".to_owned(), expected }));
        }
        Entering::Shown(draft) => (draft, false),
        Entering::Recorded(draft) => (draft, true),
    };
    let plan = serde_json::to_value(&draft.plan).map_err(|error| refuse(site.broken(&error)))?;
    let caution = |rule: &String| CautionJson { rule: rule.clone(), says: caution(words, rule) };
    Ok(EnteredPlanJson { recorded, cautions: draft.cautions.iter().map(caution).collect(), plan })
}

impl PlanSent {
    fn typed(self, button: &str) -> Typed {
        let step = |step: StepSent| TypedStep {
            dose: step.dose,
            days: step.days.map(|days| days.to_string()).unwrap_or_default(),
        };
        Typed {
            button: button.to_owned(),
            start: TypedDate::of(self.start),
            until: self.until.map(TypedDate::of).unwrap_or_default(),
            at: self.at,
            steps: self.steps.into_iter().map(step).collect(),
            protocol: self.protocol,
            confirmed: self.confirmed,
            ..Typed::default()
        }
    }
}
