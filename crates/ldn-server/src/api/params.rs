//! Parameters and refusals that many addresses share, for the document.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use utoipa::{IntoParams, IntoResponses};

use crate::site::Site;
use crate::trouble::{ProblemJson, Trouble};
use crate::visitor::{Refused, Visitor};

/// The course.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes what `Opened` reads")]
pub(crate) struct OfCourse {
    /// The name of an own course
    course: String,
}

/// The session's token.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `Sender` reads")]
pub(crate) struct TokenHeader {
    /// `form_token` of `/api/session`
    #[param(rename = "x-form-token")]
    token: String,
}

/// The questionnaire.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfQuestionnaire {
    /// `fiqr`, `acr2016`, `phq9`, `gad7` or `pgic`
    pub(super) id: String,
}

impl FromRequestParts<Site> for OfQuestionnaire {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<OfQuestionnaire, Refused> {
        let Ok(visitor) = Visitor::from_request_parts(parts, site).await;
        let names = Path::<BTreeMap<String, String>>::from_request_parts(parts, site).await;
        let id = names.ok().and_then(|Path(mut names)| names.remove("id"));
        id.map(|id| OfQuestionnaire { id }).ok_or_else(|| Refused::to(&visitor, Trouble::Missing))
    }
}

/// How every address of somebody signed in may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum Refusals {
    /// Nobody is signed in
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(#[to_schema] ProblemJson),
    /// Another role, a form token that is not of this session, or a password given too long ago
    #[response(status = 403, content_type = "application/problem+json")]
    Denied(#[to_schema] ProblemJson),
    /// Not there, or not yours
    #[response(status = 404, content_type = "application/problem+json")]
    Missing(#[to_schema] ProblemJson),
    /// An error of ours; its code stands in the log
    #[response(status = 500, content_type = "application/problem+json")]
    Broken(#[to_schema] ProblemJson),
}

/// How an address that reads something may refuse it.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum Unreadable {
    /// Too large
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] ProblemJson),
    /// Not as expected; `errors` says where
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(#[to_schema] ProblemJson),
}

/// How an address refuses what cannot be done as things are.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum Shut {
    /// As things are now this cannot be done; `detail` says why
    #[response(status = 409, content_type = "application/problem+json")]
    Closed(#[to_schema] ProblemJson),
}

/// How guessing is refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum NotAccepted {
    /// Too many tries; `retry-after` says how long to wait
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] ProblemJson),
}

/// What an address may answer that anybody may ask to change something.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum OurError {
    /// Not from this site's own origin
    #[response(status = 403, content_type = "application/problem+json")]
    Stale(#[to_schema] ProblemJson),
    /// An error of ours; its code stands in the log
    #[response(status = 500, content_type = "application/problem+json")]
    Broken(#[to_schema] ProblemJson),
}

/// How an address that says nothing of anybody may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum NotFromHere {
    /// Not from this site's own origin
    #[response(status = 403, content_type = "application/problem+json")]
    Stale(#[to_schema] ProblemJson),
}

/// How an address without a visitor refuses.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum NotThere {
    /// Not there
    #[response(status = 404, content_type = "application/problem+json")]
    Missing(#[to_schema] ProblemJson),
}
