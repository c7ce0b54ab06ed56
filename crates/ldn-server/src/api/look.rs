//! Theme and language, kept in two cookies that say nothing about the person.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sent::Sent;
use super::{NotFromHere, Unreadable};
use crate::look::{Look, Theme};
use crate::trouble::Trouble;
use crate::visitor::{Refused, Visitor};
use crate::words::Language;

/// How answers are written for this visitor.
#[derive(Serialize, ToSchema)]
pub(super) struct LookJson {
    theme: &'static str,
    language: &'static str,
    /// Every theme.
    themes: Vec<&'static str>,
    /// Every language, by its code of BCP 47.
    languages: Vec<&'static str>,
}

/// What is wished.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookSent {
    /// One of `themes`.
    #[schema(pattern = "^(auto|light|dark|dim)$")]
    theme: String,
    /// One of `languages`.
    #[schema(pattern = "^(en|es)$")]
    language: String,
}

/// Returns theme and language: of the two cookies, else of the header `accept-language`.
#[utoipa::path(
    get,
    path = "/api/look",
    operation_id = "read_look",
    tag = "look",
    security(()),
    responses((status = 200, body = LookJson))
)]
pub(super) async fn show(look: Look) -> Json<LookJson> {
    Json(LookJson {
        theme: look.theme.code(),
        language: look.language.code(),
        themes: Theme::ALL.map(Theme::code).to_vec(),
        languages: Language::ALL.map(Language::code).to_vec(),
    })
}

/// Keeps theme and language for a year.
#[utoipa::path(
    post,
    path = "/api/look",
    operation_id = "save_look",
    tag = "look",
    security(()),
    request_body = LookSent,
    responses((status = 204, description = "Kept in two cookies"), NotFromHere, Unreadable)
)]
pub(super) async fn save(visitor: Visitor, Sent(sent): Sent<LookSent>) -> Result<Response, Refused> {
    let invalid = |at: &str, known: Vec<&str>| {
        let expected = format!("one of {}", known.join(", "));
        Refused::to(&visitor, Trouble::Invalid { at: at.to_owned(), expected })
    };
    let theme = Theme::from_code(&sent.theme);
    let theme = theme.ok_or_else(|| invalid("theme", Theme::ALL.map(Theme::code).to_vec()))?;
    let language = Language::from_code(&sent.language);
    let language = language.ok_or_else(|| invalid("language", Language::ALL.map(Language::code).to_vec()))?;
    Ok((AppendHeaders(Look { theme, language }.cookies()), StatusCode::NO_CONTENT).into_response())
}
