//! What a program needs to know of the addresses, made from the handlers.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Info, OpenApi, SecurityRequirement};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{diary, entries, journal, plan, session, state, verdict};
use crate::site::Site;

const ABOUT: &str = "What the pages of a patient do, for programs. The session is the cookie that signing in sets; what \
                     changes something also needs the header `x-form-token` and must come from the site's own origin. A \
                     course that is not yours and one that does not exist are both 404. Doses are in milligrams, scores \
                     on 0 to 10, days are the patient's own.";

/// Why there is no answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) struct Problem {
    /// A stable word, such as `missing`, `denied`, `sign-in`, `stale` or `invalid`.
    error: String,
    /// The same for people, in English.
    message: String,
    /// The field, where one is to blame.
    at: Option<String>,
}

/// How every address of a patient may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Trouble` writes")]
pub(crate) enum Refusals {
    /// Nobody is signed in
    #[response(status = 401)]
    SignIn(Problem),
    /// Another role, or a form token that is not of this session
    #[response(status = 403)]
    Denied(Problem),
    /// Not there, or not yours
    #[response(status = 404)]
    Missing(Problem),
    /// An error of ours; its code stands in the log
    #[response(status = 500)]
    Broken(Problem),
}

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(empty())
        .routes(routes!(session::show))
        .routes(routes!(state::list))
        .routes(routes!(state::show))
        .routes(routes!(journal::since, entries::append))
        .routes(routes!(diary::show))
        .routes(routes!(verdict::show))
        .routes(routes!(plan::show))
}

/// Returns the OpenAPI 3.1 document of everything under `/api/courses` and `/api/session`.
pub fn document() -> OpenApi {
    let (_, mut document) = routes().split_for_parts();
    let session = ApiKeyValue::with_description("__Host-session", "Set by signing in");
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    document.security = Some(vec![SecurityRequirement::new("session", [""; 0])]);
    document
}

fn empty() -> OpenApi {
    let mut info = Info::new("ldn", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    OpenApi::new(info, utoipa::openapi::Paths::new())
}

/// Serves the document; anybody may read it, it names nobody.
pub(super) async fn show() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| document().to_json().expect("text and lists can be written as JSON"));
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}
