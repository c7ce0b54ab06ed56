//! What a program needs to know of the addresses, made from the handlers.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Info, OpenApi, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{
    begin, chart, data, diary, entries, events, instruments, journal, labs, look, papers, plan, plan_entry,
    problems, session, state, today, verdict,
};
use crate::site::Site;

const ABOUT: &str = "What the pages of a patient do, for programs. The session is the cookie that signing in sets; what \
                     changes something also needs the header `x-form-token` and must come from the site's own origin. A \
                     course that is not yours and one that does not exist are both 404. Doses are in milligrams, scores \
                     on 0 to 10, days are the patient's own. A refusal is a problem of RFC 9457 with the place of every \
                     field that is to blame.";

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(empty())
        .routes(routes!(session::show))
        .routes(routes!(session::enter))
        .routes(routes!(session::prove))
        .routes(routes!(session::list, session::end))
        .routes(routes!(session::leave))
        .routes(routes!(look::show, look::save))
        .routes(routes!(problems::show))
        .routes(routes!(begin::begin))
        .routes(routes!(today::show))
        .routes(routes!(state::list))
        .routes(routes!(state::show))
        .routes(routes!(today::save))
        .routes(routes!(journal::since, entries::append))
        .routes(routes!(diary::show))
        .routes(routes!(chart::show))
        .routes(routes!(verdict::show))
        .routes(routes!(plan::show))
        .routes(routes!(plan_entry::preview))
        .routes(routes!(plan_entry::schedules, plan_entry::save))
        .merge(of_record())
        .merge(of_papers())
}

fn of_record() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(events::list))
        .routes(routes!(events::medicine))
        .routes(routes!(events::infection))
        .routes(routes!(events::procedure))
        .routes(routes!(events::pregnancy))
        .routes(routes!(events::strike))
        .routes(routes!(labs::list, labs::save))
        .routes(routes!(instruments::list))
        .routes(routes!(instruments::show, instruments::save))
        .routes(routes!(instruments::only_score))
        .routes(routes!(instruments::result))
}

fn of_papers() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(papers::calendar_file))
        .routes(routes!(papers::card_data))
        .routes(routes!(papers::card_text))
        .routes(routes!(papers::letter_data))
        .routes(routes!(papers::letter_text))
        .routes(routes!(data::journal))
        .routes(routes!(data::diary))
        .routes(routes!(data::trail))
        .routes(routes!(data::erase))
}

/// Returns the OpenAPI 3.1 document of everything under `/api/` but itself.
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
