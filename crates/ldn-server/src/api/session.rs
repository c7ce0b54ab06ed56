//! Signing in and out, proving again who asks, and one's own sessions.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use ldn_core::journal::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::opened::Sender;
use super::sent::Sent;
use super::{NotAccepted, OurError, Refusals, TokenHeader, Unreadable};
use crate::sign_in::enter::{EnterForm, NotIn, cookies_of, sign_in};
use crate::sign_in::prove::prove_again;
use crate::sign_in::sessions::{end_one, end_this, own};
use crate::site::Site;
use crate::source::Source;
use crate::trouble::Trouble;
use crate::visitor::{FormToken, Refused, SignedIn, Visitor, clear_session};

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

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInSent {
    /// The name for signing in.
    name: String,
    password: String,
    /// The code of the second factor, where there is one.
    #[serde(default)]
    code: String,
    /// True on a device of the person's own: the session lasts longer there.
    #[serde(default)]
    own_device: bool,
}

/// A session that was opened; its cookie is in `set-cookie`.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenedJson {
    /// `patient`, `prescriber`, `pharmacist`, `administrator` or `researcher`.
    role: &'static str,
    /// What the header `x-form-token` must carry; it is of this session alone.
    form_token: String,
}

/// A proof of who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProofSent {
    password: String,
    /// The code of the second factor, where there is one.
    #[serde(default)]
    code: String,
}

/// Which session to end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndSent {
    /// The name of an own session, or `others`.
    session: String,
}

/// One's own sessions.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionsJson {
    sessions: Vec<SessionLineJson>,
}

/// One session.
#[derive(Serialize, ToSchema)]
struct SessionLineJson {
    /// Its name, which is no secret and opens nothing.
    session: String,
    /// True for the one that asks.
    current: bool,
    /// When it was opened.
    #[schema(format = DateTime)]
    since: String,
    /// When it was last used.
    #[schema(format = DateTime)]
    seen: String,
    own_device: bool,
}

/// Says who is signed in.
#[utoipa::path(
    get,
    path = "/api/session",
    operation_id = "read_session",
    tag = "session",
    responses((status = 200, body = SessionJson), Refusals)
)]
pub(super) async fn show(State(site): State<Site>, signed_in: SignedIn) -> Json<SessionJson> {
    Json(SessionJson {
        account: signed_in.actor.account().map(|account| account.to_string()),
        role: signed_in.actor.role().word(),
        form_token: signed_in.form_token.as_str().to_owned(),
        proved: signed_in.actor.has_fresh_proof(site.now()),
    })
}

/// Signs in with name and password, and a code where there is a second factor.
#[utoipa::path(
    post,
    path = "/api/sign-in",
    operation_id = "sign_in",
    tag = "session",
    security(()),
    request_body = SignInSent,
    responses((status = 200, body = OpenedJson), NotAccepted, Unreadable, OurError)
)]
pub(super) async fn enter(
    State(site): State<Site>,
    visitor: Visitor,
    source: Source,
    headers: HeaderMap,
    Sent(sent): Sent<SignInSent>,
) -> Result<Response, Refused> {
    let SignInSent { name, password, code, own_device } = sent;
    let ticked = if own_device { "yes" } else { "" }.to_owned();
    let form = EnterForm { name, password, code, own_device: ticked, ..EnterForm::default() };
    match sign_in(&site, &visitor, &source, &headers, &form).await? {
        Ok(signed_in) => {
            let (cookies, device) = cookies_of(&signed_in, own_device);
            let opened = OpenedJson {
                role: Role::word(signed_in.role),
                form_token: FormToken::of(&signed_in.session).as_str().to_owned(),
            };
            Ok((cookies, device, Json(opened)).into_response())
        }
        Err(not_in) => {
            let (at, words) = match not_in {
                NotIn::CodeNeeded => ("code", "sign-in-code-needed"),
                NotIn::NotAccepted => ("password", "sign-in-not-accepted"),
            };
            let expected = visitor.look.words().say(words);
            Err(Refused::to(&visitor, Trouble::Invalid { at: at.to_owned(), expected }))
        }
    }
}

/// Proves again who asks; export and erasure need it.
#[utoipa::path(
    post,
    path = "/api/prove",
    operation_id = "prove",
    tag = "session",
    params(TokenHeader),
    request_body = ProofSent,
    responses((status = 204, description = "Proved for 5 minutes"), NotAccepted, Unreadable, Refusals)
)]
pub(super) async fn prove(
    State(site): State<Site>,
    Sender(signed_in): Sender,
    Sent(sent): Sent<ProofSent>,
) -> Result<StatusCode, Refused> {
    if prove_again(&site, &signed_in, &sent.password, &sent.code).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let expected = signed_in.visitor.look.words().say("sign-in-not-accepted");
    Err(signed_in.refuse(Trouble::Invalid { at: "password".to_owned(), expected }))
}

/// Lists one's own sessions.
#[utoipa::path(
    get,
    path = "/api/sessions",
    operation_id = "list_sessions",
    tag = "session",
    responses((status = 200, body = SessionsJson), Refusals)
)]
pub(super) async fn list(
    State(site): State<Site>,
    signed_in: SignedIn,
) -> Result<Json<SessionsJson>, Refused> {
    let sessions = own(&site, &signed_in).await?.into_iter().map(|session| SessionLineJson {
        session: session.id.to_string(),
        current: Some(session.id) == signed_in.actor.session(),
        since: session.created.to_string(),
        seen: session.seen.to_string(),
        own_device: session.own_device,
    });
    Ok(Json(SessionsJson { sessions: sessions.collect() }))
}

/// Ends one of one's own sessions, or all the others; one that is not there has ended.
#[utoipa::path(
    post,
    path = "/api/sessions",
    operation_id = "end_session",
    tag = "session",
    params(TokenHeader),
    request_body = EndSent,
    responses((status = 204, description = "Ended"), Unreadable, Refusals)
)]
pub(super) async fn end(
    State(site): State<Site>,
    Sender(signed_in): Sender,
    Sent(sent): Sent<EndSent>,
) -> Result<StatusCode, Refused> {
    end_one(&site, &signed_in, &sent.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends this session.
#[utoipa::path(
    post,
    path = "/api/sign-out",
    operation_id = "sign_out",
    tag = "session",
    params(TokenHeader),
    responses((status = 204, description = "Ended"), Refusals)
)]
pub(super) async fn leave(State(site): State<Site>, Sender(signed_in): Sender) -> Result<Response, Refused> {
    end_this(&site, &signed_in).await?;
    Ok((AppendHeaders(clear_session()), StatusCode::NO_CONTENT).into_response())
}
