//! The kinds of problems, each at the address that its `type` names.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::NotThere;
use crate::trouble::Trouble;

/// A kind of problem.
#[derive(Serialize, ToSchema)]
pub(super) struct KindJson {
    /// Its stable word.
    code: &'static str,
    /// What it means.
    title: &'static str,
    /// The status of answers that have it.
    status: u16,
}

/// Every kind, once.
fn kinds() -> [Trouble; 11] {
    let text = String::new;
    [
        Trouble::Missing,
        Trouble::Denied,
        Trouble::SignIn,
        Trouble::StaleProof,
        Trouble::Stale,
        Trouble::Conflict,
        Trouble::TooMany { seconds: 1 },
        Trouble::TooLarge,
        Trouble::Fields(Vec::new()),
        Trouble::Closed(text()),
        Trouble::Broken { code: text() },
    ]
}

/// Describes a kind of problem.
#[utoipa::path(
    get,
    path = "/api/problems/{code}",
    operation_id = "read_problem",
    tag = "problems",
    security(()),
    params(("code" = String, Path, description = "The last word of a problem's `type`")),
    responses((status = 200, body = KindJson), NotThere)
)]
pub(super) async fn show(Path(code): Path<String>) -> Response {
    let found = kinds().into_iter().find(|kind| kind.code() == code);
    let json =
        |kind: Trouble| KindJson { code: kind.code(), title: kind.title(), status: kind.status().as_u16() };
    found.map_or_else(|| Trouble::Missing.into_json(), |kind| Json(json(kind)).into_response())
}
