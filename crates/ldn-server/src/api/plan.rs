//! The plan that is followed, as `ldn plan --json` writes it.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::opened::Opened;
use super::{OfCourse, Refusals};
use crate::patient::{Case, PlanOnDesk};
use crate::site::Site;
use crate::visitor::Refused;

/// Returns the plan in force, else the newest one that the patient entered as it was prescribed.
///
/// `{"plan":null}` if there is none, else `{"signed":…,"plan":{…}}` with the object of docs/plan-json.md. While a trial
/// is blinded its steps have no dose.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/plan",
    operation_id = "read_plan",
    tag = "course",
    params(OfCourse),
    responses((status = 200, body = Object), Refusals)
)]
pub(super) async fn show(State(site): State<Site>, Opened(desk): Opened) -> Result<Json<Value>, Refused> {
    let case = Case::of(&desk);
    let Some(PlanOnDesk { plan, signed }) = case.plan() else { return Ok(Json(json!({ "plan": null }))) };
    let written = serde_json::to_value(plan);
    let mut written = written.map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
    if case.is_blinded() {
        hide_doses(&mut written);
    }
    Ok(Json(json!({ "signed": signed, "plan": written })))
}

/// Takes every dose out of a plan, as its papers do, with the words that may name one.
fn hide_doses(written: &mut Value) {
    let Some(plan) = written.as_object_mut() else { return };
    plan.insert("blinded".to_owned(), true.into());
    for free_text in ["reason", "proposed", "rules"] {
        plan.remove(free_text);
    }
    for step in plan.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(step) = step.as_object_mut() else { continue };
        for dose in ["dose_mg", "split", "why"] {
            step.remove(dose);
        }
    }
}
