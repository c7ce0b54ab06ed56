//! Why there is no page: one place turns every refusal into a page or into JSON.

use askama::Template;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use crate::frame::Frame;
use crate::look::Look;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is nothing at this address, or nothing that this person may know of.
    #[error("not found")]
    Missing,
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Denied,
    /// Nobody is signed in.
    #[error("not signed in")]
    SignIn,
    /// Signed in, but who it is must be proved again for this.
    #[error("give your password again first: this needs a proof from the last 5 minutes")]
    StaleProof,
    /// A form from another site, or from a session that has ended.
    #[error("the form does not belong to this session")]
    Stale,
    /// The same id was sent with another content.
    #[error("this id is already used for something else")]
    Conflict,
    /// Too many tries.
    #[error("too many tries; wait {seconds} seconds")]
    TooMany {
        /// How long to wait.
        seconds: u32,
    },
    /// What was sent is larger than this address takes.
    #[error("too large")]
    TooLarge,
    /// What was sent is not what was expected.
    #[error("{at}: {expected}")]
    Invalid {
        /// The field.
        at: String,
        /// What was expected there.
        expected: String,
    },
    /// It is our fault; the code stands in the log beside the reason.
    #[error("internal error {code}")]
    Broken {
        /// A code to name when asking for help.
        code: String,
    },
}

#[derive(Template)]
#[template(path = "layout/trouble.html")]
struct TroublePage {
    frame: Frame,
    title: String,
    text: String,
}

#[derive(Serialize)]
struct TroubleJson<'a> {
    error: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
}

impl Trouble {
    /// Returns the status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Trouble::Missing => StatusCode::NOT_FOUND,
            Trouble::Denied => StatusCode::FORBIDDEN,
            Trouble::SignIn => StatusCode::UNAUTHORIZED,
            Trouble::StaleProof | Trouble::Stale => StatusCode::FORBIDDEN,
            Trouble::Conflict => StatusCode::CONFLICT,
            Trouble::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Trouble::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns the stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Trouble::Missing => "missing",
            Trouble::Denied => "denied",
            Trouble::SignIn => "sign-in",
            Trouble::StaleProof => "stale-proof",
            Trouble::Stale => "stale",
            Trouble::Conflict => "conflict",
            Trouble::TooMany { .. } => "too-many",
            Trouble::TooLarge => "too-large",
            Trouble::Invalid { .. } => "invalid",
            Trouble::Broken { .. } => "broken",
        }
    }

    /// Turns it into JSON.
    pub fn into_json(self) -> Response {
        let at = match &self {
            Trouble::Invalid { at, .. } => Some(at.as_str()),
            _ => None,
        };
        let body = Json(TroubleJson { error: self.code(), message: self.to_string(), at });
        let mut response = (self.status(), body).into_response();
        self.add_headers(response.headers_mut());
        response
    }

    /// Turns it into a page in the visitor's language.
    pub fn into_page(self, look: Look) -> Response {
        let words = look.words();
        let seconds;
        let values: &[(&str, &str)] = match &self {
            Trouble::TooMany { seconds: wait } => {
                seconds = wait.to_string();
                &[("seconds", &seconds)]
            }
            Trouble::Broken { code } => &[("code", code)],
            _ => &[],
        };
        let stem = match &self {
            Trouble::SignIn | Trouble::StaleProof | Trouble::Denied => "trouble-denied",
            Trouble::Missing => "trouble-missing",
            Trouble::Stale | Trouble::Conflict => "trouble-stale",
            Trouble::TooMany { .. } => "trouble-too-many",
            Trouble::TooLarge => "trouble-too-large",
            Trouble::Invalid { .. } => "frame-problem",
            Trouble::Broken { .. } => "trouble-broken",
        };
        let text = match &self {
            Trouble::Invalid { at, expected } => format!("{at}: {expected}"),
            _ => words.say_with(&format!("{stem}-text"), values),
        };
        let page = TroublePage { frame: Frame::plain(look, "/"), title: words.say(stem), text };
        let mut response = (self.status(), rendered(&page)).into_response();
        self.add_headers(response.headers_mut());
        response
    }

    fn add_headers(&self, headers: &mut HeaderMap) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Trouble::TooMany { seconds } = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
    }
}

/// Renders a page; templates are checked when they are compiled, so only the formatter of a value could fail.
pub(crate) fn rendered(page: &impl Template) -> Html<String> {
    Html(page.render().expect("a template of strings and numbers always renders"))
}
