//! Requests that change something must come from our own pages.
//!
//! The first lock of two; the second is the token in each form. A browser says where a request comes from in
//! `Sec-Fetch-Site` and `Origin`, and a page cannot change either. Where both are missing the request comes from no
//! current browser, so it can carry no victim's cookie: it is let through only without a cookie.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::look::Look;
use crate::trouble::Trouble;

/// Refuses what changes something and does not come from here.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !from_here(request.headers()) {
        let look = Look::of(request.headers());
        let json = request.uri().path().starts_with("/api/");
        return if json { Trouble::Stale.into_json() } else { Trouble::Stale.into_page(look) };
    }
    next.run(request).await
}

fn from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
        (None, _) => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_change_something() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://clinic.example"), ("host", "clinic.example")], true),
            (&[("origin", "https://evil.example"), ("host", "clinic.example")], false),
            (&[("origin", "null"), ("host", "clinic.example")], false),
            (&[("host", "clinic.example")], true),
            (&[("host", "clinic.example"), ("cookie", "__Host-session=x")], false),
        ];
        for (headers, expected) in cases {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| {
                    (name.parse::<header::HeaderName>().expect("a name"), value.parse().expect("a value"))
                })
                .collect();
            assert_eq!(from_here(&map), *expected, "{headers:?}");
        }
    }
}
