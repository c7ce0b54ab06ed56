//! What a phone without a network needs: the service worker, the page that it shows, and the manifest for installing.
//!
//! None of it belongs to a person. What does is sealed in the browser's vault by the script, and only there.

use std::fmt::Write as _;
use std::sync::OnceLock;

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::assets::address;
use crate::frame::Frame;
use crate::look::{Look, Theme};
use crate::patient::danger;
use crate::site::Site;
use crate::trouble::rendered;
use crate::words::Language;

/// The page that stands in for the diary while there is no network.
const SHELL: &str = "/offline";

/// Our own files that the page and the pages of danger need.
const FILES: [&str; 10] = [
    "common.css",
    "diary.css",
    "icon.svg",
    "icon-192.png",
    "diary.js",
    "fold.js",
    "leave.js",
    "queue.js",
    "vault.js",
    "view.js",
];

const WORKER: &str = include_str!("../assets/sw.js");

#[derive(Template)]
#[template(path = "today/offline.html")]
pub(crate) struct OfflinePage {
    frame: Frame,
    danger: Vec<danger::DangerLink>,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/sw.js", get(worker))
        .route("/manifest.webmanifest", get(manifest))
        .route(SHELL, get(shell))
}

impl OfflinePage {
    /// Makes the page; it says nothing of anybody.
    pub(crate) fn new(look: Look) -> OfflinePage {
        OfflinePage { frame: Frame::plain(look, SHELL), danger: danger::links(look.words()) }
    }
}

async fn shell(look: Look) -> Response {
    rendered(&OfflinePage::new(look)).into_response()
}

/// Serves the service worker with the list of what it keeps; a new release makes other bytes, and so a new worker.
async fn worker() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        let files = json!(kept());
        format!("self.RELEASE = {:?};\nself.FILES = {files};\n{WORKER}", release())
    });
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, text.as_str()).into_response()
}

/// Returns the addresses that are kept: nobody's.
fn kept() -> Vec<String> {
    let files = FILES.iter().map(|name| address(name));
    [SHELL.to_owned()].into_iter().chain(files).chain(danger::addresses()).collect()
}

/// Names what the kept pages say and look like, in every language.
fn release() -> String {
    let mut hasher = Sha256::new();
    for address in kept() {
        hasher.update(address);
    }
    for language in Language::ALL {
        let look = Look { theme: Theme::Auto, language };
        hasher.update(rendered(&OfflinePage::new(look)).0);
        for page in danger::pages(look) {
            hasher.update(rendered(&page).0);
        }
    }
    hasher.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The name on the home screen tells nobody what it is for.
async fn manifest(look: Look) -> Response {
    let words = look.words();
    let icon =
        |name: &str, sizes: &str, kind: &str| json!({ "src": address(name), "sizes": sizes, "type": kind });
    let manifest = json!({
        "id": "/today",
        "name": words.say("offline-app-name"),
        "short_name": words.say("offline-app-short-name"),
        "lang": words.language().code(),
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fcfbf8",
        "theme_color": "#17697a",
        "icons": [
            icon("icon.svg", "any", "image/svg+xml"),
            icon("icon-192.png", "192x192", "image/png"),
            icon("icon-512.png", "512x512", "image/png"),
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, manifest.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_keeps_only_pages_of_nobody_and_files_that_exist() {
        let kept = kept();
        assert!(kept.iter().all(|address| !address.contains("missing")), "{kept:?}");
        let ours = |address: &String| {
            address == SHELL || address.starts_with("/static/") || address.starts_with("/danger/")
        };
        assert!(kept.iter().all(ours), "{kept:?}");
        for language in Language::ALL {
            let page = OfflinePage::new(Look { theme: Theme::Auto, language });
            assert!(page.frame.person.is_none());
        }
    }
}
