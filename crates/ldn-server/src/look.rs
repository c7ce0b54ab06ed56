//! How a page looks: theme and language, kept in two cookies that say nothing about the person.

use axum::extract::{Form, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use serde::Deserialize;

use crate::words::{Language, Words};

/// The colours of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device asks.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Dim and warm, for eyes that light hurts.
    Dim,
}

impl Theme {
    /// Every theme, in the order in which they are offered.
    pub const ALL: [Theme; 4] = [Theme::Auto, Theme::Light, Theme::Dark, Theme::Dim];

    /// Returns the code in cookies and style sheets.
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Dim => "dim",
        }
    }

    /// Returns the code of its name.
    pub const fn name_code(self) -> &'static str {
        match self {
            Theme::Auto => "frame-theme-auto",
            Theme::Light => "frame-theme-light",
            Theme::Dark => "frame-theme-dark",
            Theme::Dim => "frame-theme-dim",
        }
    }

    /// Finds a theme by its code.
    pub(crate) fn from_code(code: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// How a page looks to this visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// The language.
    pub language: Language,
}

impl Look {
    /// Reads the two cookies; without them the device's own wishes decide.
    pub fn of(headers: &HeaderMap) -> Look {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        Look {
            theme: cookie(headers, "theme").and_then(Theme::from_code).unwrap_or_default(),
            language: cookie(headers, "language")
                .and_then(Language::from_code)
                .unwrap_or_else(|| Language::accepted(accepted)),
        }
    }

    /// Returns the words in this visitor's language.
    pub const fn words(self) -> Words {
        Words::of(self.language)
    }

    /// Returns the attribute that overrides the device's colours.
    pub const fn theme_attribute(&self) -> Option<&'static str> {
        match self.theme {
            Theme::Auto => None,
            chosen => Some(chosen.code()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Look, Self::Rejection> {
        Ok(Look::of(&parts.headers))
    }
}

/// Returns the value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// What the form at the foot of every page sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookForm {
    theme: String,
    language: String,
    return_to: String,
}

/// Keeps the choice for a year and goes back to the page.
pub(crate) async fn save(Form(form): Form<LookForm>) -> impl IntoResponse {
    let theme = Theme::from_code(&form.theme).unwrap_or_default();
    let language = Language::from_code(&form.language).unwrap_or(Language::English);
    (AppendHeaders(Look { theme, language }.cookies()), Redirect::to(own_address(&form.return_to)))
}

impl Look {
    /// Returns the headers that keep it for a year.
    pub(crate) fn cookies(self) -> [(HeaderName, String); 2] {
        let keep = |name: &str, value: &str| {
            (
                header::SET_COOKIE,
                format!("{name}={value}; Path=/; Max-Age=31536000; Secure; SameSite=Lax; HttpOnly"),
            )
        };
        [keep("theme", self.theme.code()), keep("language", self.language.code())]
    }
}

/// Returns the address if it is one of this site, else the first page: nobody is sent elsewhere by a form.
pub(crate) fn own_address(address: &str) -> &str {
    let own = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    if own { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_sends_nobody_to_another_site() {
        for (address, own) in [
            ("/plan", "/plan"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(own_address(address), own, "{address:?}");
        }
    }
}
