//! The verdict, as `ldn verdict --json` writes it, without what is said to a prescriber.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use ldn_core::Measure;
use ldn_verdict::response::Verdict;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::opened::Opened;
use super::{OfCourse, Refusals, Unreadable};
use crate::patient::{Answer, Answered};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// Of what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Such as `pain`; the first measure with scores without it.
    measure: Option<String>,
}

/// Judges a course, and records that its patient was shown the answer.
///
/// The object of docs/verdict-json.md without `action`, `regret` and `text`, which are for a prescriber; `{"recording":true}` while a trial is blinded; and
/// `{"cannot_tell":WHY,"measure":…}` with `no-scores`, `doses-unknown` or `unreliable` where there is no verdict.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/verdict",
    operation_id = "read_verdict",
    tag = "course",
    params(OfCourse, Asked),
    responses((status = 200, body = Object), Unreadable, Refusals)
)]
pub(super) async fn show(
    State(site): State<Site>,
    Opened(desk): Opened,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refused> {
    let measure = asked_for(asked).map_err(|trouble| desk.signed_in.refuse(trouble))?;
    let Answered { measure, answer, .. } = Answered::of(&site, &desk, measure).await?;
    let cannot_tell =
        |why: &str| Json(json!({ "cannot_tell": why, "measure": measure.id() })).into_response();
    Ok(match answer {
        Answer::Judged(verdict) => Json(described(&verdict)).into_response(),
        Answer::Recording => Json(json!({ "recording": true })).into_response(),
        Answer::NoScores => cannot_tell("no-scores"),
        Answer::DosesUnknown { unknown, days } => {
            let why = "doses-unknown";
            let body =
                json!({ "cannot_tell": why, "measure": measure.id(), "unknown": unknown, "days": days });
            Json(body).into_response()
        }
        Answer::Unreliable => cannot_tell("unreliable"),
    })
}

/// What a patient's program may read: a description, never what to do about a dose.
fn described(verdict: &Verdict) -> Value {
    let mut described = json!(verdict);
    if let Some(fields) = described.as_object_mut() {
        for for_prescriber in ["action", "regret", "text"] {
            fields.remove(for_prescriber);
        }
    }
    described
}

fn asked_for(asked: Result<Query<Asked>, QueryRejection>) -> Result<Option<Measure>, Trouble> {
    let Query(Asked { measure: word }) = asked.map_err(|_| no_measure())?;
    measure(word)
}

/// Reads a measure.
pub(super) fn measure(word: Option<String>) -> Result<Option<Measure>, Trouble> {
    word.map(|word| word.parse().map_err(|_| no_measure())).transpose()
}

fn no_measure() -> Trouble {
    Trouble::Invalid {
        at: "measure".to_owned(),
        expected: format!("one of {}", Measure::ALL.map(Measure::id).join(", ")),
    }
}
