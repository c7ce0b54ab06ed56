//! Name, password, and a code where there is a second factor.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use ldn_core::journal::Role;
use ldn_store::account::{self, AccountError, Credentials, Password};
use serde::Deserialize;

use crate::frame::Frame;
use crate::look::own_address;
use crate::site::Site;
use crate::source::Source;
use crate::trouble::{Trouble, rendered};
use crate::visitor::{Refused, SignedIn, Visitor, device_token, set_device, set_session};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// Returns where to go afterwards: an address of this site.
    pub(crate) fn address(&self) -> &str {
        own_address(&self.next)
    }
}

#[derive(Default, Deserialize)]
pub(crate) struct EnterForm {
    pub(crate) name: String,
    pub(crate) password: String,
    #[serde(default)]
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) own_device: String,
    #[serde(default)]
    pub(crate) next: String,
}

#[derive(Template)]
#[template(path = "sign_in/enter.html")]
struct EnterPage {
    frame: Frame,
    name: String,
    next: String,
    own_device: bool,
    asks_code: bool,
    problem: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(next): Query<Next>) -> Response {
    let page = EnterPage {
        frame: Frame::plain(visitor.look, "/sign-in"),
        name: String::new(),
        next: next.address().to_owned(),
        own_device: false,
        asks_code: false,
        problem: None,
    };
    rendered(&page).into_response()
}

pub(crate) async fn enter(
    State(site): State<Site>,
    visitor: Visitor,
    source: Source,
    headers: HeaderMap,
    Form(form): Form<EnterForm>,
) -> Result<Response, Refused> {
    let own_device = form.own_device == "yes";
    match sign_in(&site, &visitor, &source, &headers, &form).await? {
        Ok(signed_in) => {
            let home = match own_address(&form.next) {
                "/" => home_of(signed_in.role),
                next => next,
            };
            let (cookies, device) = cookies_of(&signed_in, own_device);
            Ok((cookies, device, Redirect::to(home)).into_response())
        }
        Err(not_in) => {
            let (code, asks_code) = match not_in {
                NotIn::CodeNeeded => (None, true),
                NotIn::NotAccepted => (Some("sign-in-not-accepted"), !form.code.is_empty()),
            };
            let words = visitor.look.words();
            let page = EnterPage {
                frame: Frame::plain(visitor.look, "/sign-in"),
                name: form.name,
                next: own_address(&form.next).to_owned(),
                own_device,
                asks_code,
                problem: code.map(|code| words.say(code)),
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response())
        }
    }
}

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotIn {
    /// Name, password or code is wrong: which, is not said.
    NotAccepted,
    /// A code is needed as well.
    CodeNeeded,
}

/// Signs in, whether a form or a program asks.
///
/// # Errors
/// Too many tries, or an error of ours.
pub(crate) async fn sign_in(
    site: &Site,
    visitor: &Visitor,
    source: &Source,
    headers: &HeaderMap,
    form: &EnterForm,
) -> Result<Result<account::SignedIn, NotIn>, Refused> {
    let password = Password::typed(&form.password);
    let device = device_token(headers);
    let credentials = Credentials {
        name: &form.name,
        password: &password,
        code: Some(form.code.trim()).filter(|code| !code.is_empty()),
        source: source.as_str(),
        device: device.as_ref(),
        own_device: form.own_device == "yes",
    };
    match site.accounts().sign_in(&credentials, &visitor.request, site.now()).await {
        Ok(signed_in) => Ok(Ok(signed_in)),
        Err(AccountError::CodeNeeded) => Ok(Err(NotIn::CodeNeeded)),
        Err(AccountError::NotAccepted) => Ok(Err(NotIn::NotAccepted)),
        Err(error) => Err(Refused::to(visitor, paused_or_broken(site, &error))),
    }
}

/// Returns the cookies of a session that was just opened.
pub(crate) fn cookies_of(
    signed_in: &account::SignedIn,
    own_device: bool,
) -> (AppendHeaders<[Cookie; 1]>, Option<AppendHeaders<[Cookie; 1]>>) {
    let device = signed_in.device.as_ref().map(|token| AppendHeaders([set_device(token)]));
    (AppendHeaders([set_session(&signed_in.session, own_device)]), device)
}

/// A header that sets a cookie.
type Cookie = (HeaderName, HeaderValue);

/// Says how long a pause lasts; every other error is ours.
pub(crate) fn paused_or_broken(site: &Site, error: &AccountError) -> Trouble {
    match error {
        AccountError::Paused { until } => {
            let seconds = until.duration_since(site.now()).as_secs().clamp(1, 86_400);
            Trouble::TooMany { seconds: seconds as u32 }
        }
        error => site.broken(error),
    }
}

/// Sends everybody to their first page, and strangers to the door.
pub(crate) async fn home(signed_in: Result<SignedIn, Refused>) -> Redirect {
    Redirect::to(signed_in.map_or("/sign-in", |signed_in| home_of(signed_in.actor.role())))
}

/// Returns the first page of a role; who has none yet sees where they are signed in.
pub(crate) const fn home_of(role: Role) -> &'static str {
    match role {
        Role::Patient => "/today",
        Role::Prescriber => "/clinic",
        Role::Pharmacist | Role::Researcher | Role::Administrator => "/sessions",
    }
}
