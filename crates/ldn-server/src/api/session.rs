//! Who is signed in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use crate::site::Site;
use crate::visitor::SignedIn;

/// The session of this cookie.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionJson {
    /// The account that writes entries.
    account: Option<String>,
    /// `patient`, `prescriber`, `pharmacist`, `administrator` or `researcher`.
    role: &'static str,
    /// What the header `x-form-token` must carry; it is of this session alone.
    form_token: String,
    /// Whether a password was given within the last 5 minutes.
    proved: bool,
}

/// Says who is signed in.
#[utoipa::path(
    get,
    path = "/api/session",
    operation_id = "read_session",
    tag = "session",
    responses(
        (status = 200, body = SessionJson),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 500, description = "An error of ours", body = Problem),
    )
)]
pub(super) async fn show(State(site): State<Site>, signed_in: SignedIn) -> Json<SessionJson> {
    Json(SessionJson {
        account: signed_in.actor.account().map(|account| account.to_string()),
        role: signed_in.actor.role().word(),
        form_token: signed_in.form_token.as_str().to_owned(),
        proved: signed_in.actor.has_fresh_proof(site.now()),
    })
}
