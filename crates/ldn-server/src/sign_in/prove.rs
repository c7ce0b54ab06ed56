//! Proving again who one is, before something that cannot be undone.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ldn_store::account::{AccountError, Password};
use serde::Deserialize;

use super::enter::{Next, paused_or_broken};
use crate::frame::Frame;
use crate::look::own_address;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::{Refused, SignedIn};

#[derive(Deserialize)]
pub(crate) struct ProveForm {
    form_token: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "sign_in/prove.html")]
struct ProvePage {
    frame: Frame,
    form_token: String,
    next: String,
    problem: Option<String>,
}

pub(crate) async fn show(signed_in: SignedIn, Query(next): Query<Next>) -> Response {
    rendered(&page(&signed_in, next.address(), None)).into_response()
}

pub(crate) async fn prove(
    State(site): State<Site>,
    signed_in: SignedIn,
    Form(form): Form<ProveForm>,
) -> Result<Response, Refused> {
    signed_in.form_token.check(&form.form_token).map_err(|trouble| signed_in.refuse(trouble))?;
    if prove_again(&site, &signed_in, &form.password, &form.code).await? {
        return Ok(Redirect::to(own_address(&form.next)).into_response());
    }
    let problem = signed_in.visitor.look.words().say("sign-in-not-accepted");
    let page = page(&signed_in, own_address(&form.next), Some(problem));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response())
}

/// Proves again who asks, whether a form or a program does; false if it was not accepted.
///
/// # Errors
/// Too many tries, or an error of ours.
pub(crate) async fn prove_again(
    site: &Site,
    signed_in: &SignedIn,
    password: &str,
    code: &str,
) -> Result<bool, Refused> {
    let password = Password::typed(password);
    let code = Some(code.trim()).filter(|code| !code.is_empty());
    match site.accounts().prove_again(&signed_in.actor, &password, code, site.now()).await {
        Ok(()) => Ok(true),
        Err(AccountError::NotAccepted | AccountError::CodeNeeded) => Ok(false),
        Err(error) => Err(signed_in.refuse(paused_or_broken(site, &error))),
    }
}

fn page(signed_in: &SignedIn, next: &str, problem: Option<String>) -> ProvePage {
    ProvePage {
        frame: Frame::plain(signed_in.visitor.look, "/prove"),
        form_token: signed_in.form_token.as_str().to_owned(),
        next: next.to_owned(),
        problem,
    }
}
