//! Why there is no page: one place turns every refusal into a page or into JSON.

use askama::Template;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

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
    /// Several things that were sent are not what was expected.
    #[error("{} fields are not as expected", .0.len())]
    Fields(Vec<FieldError>),
    /// As things are now it cannot be done; the text says why.
    #[error("{0}")]
    Closed(String),
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

/// A field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Its place in what was sent, such as `steps[0].dose`.
    pub at: String,
    /// What was expected there, in the visitor's language.
    pub expected: String,
    /// What may be sent instead, where that is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
}

/// Something that may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offer {
    /// What to send.
    pub value: String,
    /// What it is called.
    pub name: String,
}

impl FieldError {
    /// Makes one without offers.
    pub fn new(at: impl Into<String>, expected: impl Into<String>) -> FieldError {
        FieldError { at: at.into(), expected: expected.into(), offers: Vec::new() }
    }
}

/// Why there is no answer, as RFC 9457 writes it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemJson {
    /// Where the kind of problem is described: `/api/problems/` and a stable word.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in a few words of English.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What was the matter this time.
    detail: String,
    /// The fields that are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// The media type of a problem.
pub(crate) const PROBLEM: &str = "application/problem+json";

impl Trouble {
    /// Returns the status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Trouble::Missing => StatusCode::NOT_FOUND,
            Trouble::Denied => StatusCode::FORBIDDEN,
            Trouble::SignIn => StatusCode::UNAUTHORIZED,
            Trouble::StaleProof | Trouble::Stale => StatusCode::FORBIDDEN,
            Trouble::Conflict | Trouble::Closed(_) => StatusCode::CONFLICT,
            Trouble::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Trouble::Invalid { .. } | Trouble::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
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
            Trouble::Invalid { .. } | Trouble::Fields(_) => "invalid",
            Trouble::Closed(_) => "closed",
            Trouble::Broken { .. } => "broken",
        }
    }

    /// Returns the kind in a few words of English.
    pub const fn title(&self) -> &'static str {
        match self {
            Trouble::Missing => "Nothing is here, or nothing of yours",
            Trouble::Denied => "Your role may not do this",
            Trouble::SignIn => "Nobody is signed in",
            Trouble::StaleProof => "This needs a password given within the last 5 minutes",
            Trouble::Stale => "Not sent with this session's token from this site's own origin",
            Trouble::Conflict => "This id stands for something else",
            Trouble::TooMany { .. } => "Too many tries; wait as long as Retry-After says",
            Trouble::TooLarge => "Too large",
            Trouble::Invalid { .. } | Trouble::Fields(_) => "Not as expected; `errors` says where",
            Trouble::Closed(_) => "As things are now this cannot be done; `detail` says why",
            Trouble::Broken { .. } => "An error of ours; the code in `detail` stands in the log",
        }
    }

    /// Turns it into a problem of RFC 9457.
    pub fn into_json(self) -> Response {
        let detail = self.to_string();
        let (status, kind, title) = (self.status(), format!("/api/problems/{}", self.code()), self.title());
        let errors = match &self {
            Trouble::Invalid { at, expected } => vec![FieldError::new(at, expected)],
            Trouble::Fields(errors) => errors.clone(),
            _ => Vec::new(),
        };
        let body = Json(ProblemJson { kind, title, status: status.as_u16(), detail, errors });
        let mut response = (status, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
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
            Trouble::Invalid { .. } | Trouble::Fields(_) | Trouble::Closed(_) => "frame-problem",
            Trouble::Broken { .. } => "trouble-broken",
        };
        let text = match &self {
            Trouble::Invalid { .. } | Trouble::Closed(_) => self.to_string(),
            Trouble::Fields(errors) => {
                let line = |error: &FieldError| format!("{}: {}", error.at, error.expected);
                errors.iter().map(line).collect::<Vec<_>>().join("; ")
            }
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
