//! Laboratory results: as they were written, not judged.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::events::{ScreenedJson, screened};
use super::opened::{Opened, ToChange};
use super::sent::{Filled, Sent, wrong};
use super::{OfCourse, Refusals, TokenHeader, Unreadable};
use crate::patient::events::own_entry;
use crate::patient::labs::{OFFERED, OfferedTest, enter, newest_first};
use crate::site::Site;
use crate::visitor::Refused;

/// A result of a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LabSent {
    /// One of the tests of `offered`, or `other`.
    #[schema(pattern = "^(alt|ast|bilirubin|egfr|tsh|creatinine|crp|esr|other)$")]
    test: String,
    /// The name of another test.
    #[serde(default)]
    other: String,
    /// As it stands in the report, such as `38.0`: with a point, without a unit.
    #[schema(example = "38.0")]
    value: String,
    /// One of the units of the test.
    unit: String,
    /// The upper limit of the same report.
    #[serde(default)]
    limit: String,
    /// True if the report has no limit.
    #[serde(default)]
    no_limit: bool,
    /// The day of the report.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// True if nobody knows the day.
    #[serde(default)]
    no_day: bool,
}

/// The results so far.
#[derive(Serialize, ToSchema)]
pub(super) struct LabsJson {
    /// The tests that are known by name.
    offered: Vec<OfferedJson>,
    /// The newest first.
    results: Vec<LabJson>,
}

/// A test that is known by name.
#[derive(Serialize, ToSchema)]
struct OfferedJson {
    /// What `test` names.
    test: &'static str,
    /// Its name in the journal; empty for another test.
    name: &'static str,
    /// Its units; any where there is none.
    units: &'static [&'static str],
}

/// A result.
#[derive(Serialize, ToSchema)]
struct LabJson {
    /// What a correction has to name; null for what somebody else wrote.
    entry: Option<String>,
    /// As docs/journal.md describes it.
    #[schema(value_type = Object)]
    lab: Value,
}

/// Lists the results so far, and the tests that are known by name.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/labs",
    operation_id = "list_labs",
    tag = "labs",
    params(OfCourse),
    responses((status = 200, body = LabsJson), Refusals)
)]
pub(super) async fn list(State(site): State<Site>, Opened(desk): Opened) -> Result<Json<LabsJson>, Refused> {
    let reader = desk.author();
    let mut results = Vec::new();
    for recorded in newest_first(&desk.course) {
        let lab = serde_json::to_value(&recorded.value);
        let lab = lab.map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
        let entry = own_entry(&recorded.origin, reader).map(|entry| entry.to_string());
        results.push(LabJson { entry, lab });
    }
    let offered = |test: &OfferedTest| OfferedJson { test: test.code, name: test.name, units: test.units };
    Ok(Json(LabsJson { offered: OFFERED.iter().map(offered).collect(), results }))
}

/// Enters a result, and says what the screening says now.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/labs",
    operation_id = "enter_lab",
    tag = "labs",
    params(OfCourse, TokenHeader),
    request_body = LabSent,
    responses((status = 201, body = ScreenedJson), Unreadable, Refusals)
)]
pub(super) async fn save(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<LabSent>,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    let filled = Filled::default()
        .text("test", sent.test)
        .text("other", sent.other)
        .text("value", sent.value)
        .text("unit", sent.unit)
        .text("limit", sent.limit)
        .ticked("no_limit", sent.no_limit)
        .date("on", sent.on)
        .ticked("no_day", sent.no_day);
    match enter(&site, &desk, &filled.fields()).await? {
        Ok(entries) => screened(&site, &desk, &entries).await,
        Err(problems) => Err(desk.signed_in.refuse(wrong(problems))),
    }
}
