//! Style sheets, scripts and pictures, compiled in and served under names that change with their content.

use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// One file that the browser may ask for.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal: $media_type:literal),+ $(,)?) => {
        &[$(Asset {
            name: $name,
            media_type: $media_type,
            bytes: include_bytes!(concat!("../assets/", $name)),
        }),+]
    };
}

const ASSETS: &[Asset] = assets![
    "clinic.css": "text/css; charset=utf-8",
    "common.css": "text/css; charset=utf-8",
    "course.css": "text/css; charset=utf-8",
    "diary.css": "text/css; charset=utf-8",
    "instruments.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "icon-180.png": "image/png",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
    "clinic.js": "text/javascript; charset=utf-8",
    "diary.js": "text/javascript; charset=utf-8",
    "fold.js": "text/javascript; charset=utf-8",
    "instruments.js": "text/javascript; charset=utf-8",
    "leave.js": "text/javascript; charset=utf-8",
    "queue.js": "text/javascript; charset=utf-8",
    "vault.js": "text/javascript; charset=utf-8",
    "view.js": "text/javascript; charset=utf-8",
];

/// Forty bits: enough to tell two releases apart.
const TAG_BYTES: usize = 5;

fn tags() -> &'static [String] {
    static TAGS: OnceLock<Vec<String>> = OnceLock::new();
    TAGS.get_or_init(|| {
        // Scripts import each other by relative addresses, so all of them live under one tag.
        let scripts = hash(ASSETS.iter().filter(|asset| asset.is_script()));
        let tag = |asset| if Asset::is_script(asset) { scripts.clone() } else { hash([asset]) };
        ASSETS.iter().map(tag).collect()
    })
}

fn hash<'a>(assets: impl IntoIterator<Item = &'a Asset>) -> String {
    let mut hasher = Sha256::new();
    for asset in assets {
        hasher.update(asset.name);
        hasher.update(asset.bytes);
    }
    hasher.finalize().iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

impl Asset {
    fn is_script(&self) -> bool {
        self.media_type.starts_with("text/javascript")
    }
}

/// Returns the address of a file, which changes when the file does.
///
/// A name that does not exist gives an address that is not found; a test of all pages follows every address.
pub fn address(name: &str) -> String {
    let tag = ASSETS.iter().position(|asset| asset.name == name).map_or("missing", |place| &tags()[place]);
    format!("/static/{tag}/{name}")
}

/// Serves a file for a year under its tagged name; any other tag is not found, so that nobody mixes two releases.
pub(crate) async fn serve(Path((tag, name)): Path<(String, String)>) -> Response {
    let found = ASSETS.iter().zip(tags()).find(|(asset, known)| asset.name == name && **known == tag);
    let Some((asset, _)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Response::new(Body::from(asset.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_share_a_folder_and_what_they_import_is_served() {
        let scripts: Vec<&Asset> = ASSETS.iter().filter(|asset| asset.is_script()).collect();
        let folder = |name: &str| address(name).rsplit_once('/').map(|(folder, _)| folder.to_owned());
        for script in &scripts {
            assert_eq!(folder(script.name), folder(scripts[0].name), "{}", script.name);
            let text = std::str::from_utf8(script.bytes).expect("UTF-8");
            let imports =
                text.lines().filter(|line| line.starts_with("import ") || line.starts_with("} from"));
            for import in imports {
                let name = import.split('"').nth(1).expect("a name in double quotes");
                let name = name.strip_prefix("./").expect("a relative name");
                assert!(scripts.iter().any(|known| known.name == name), "{} imports {name}", script.name);
            }
        }
    }
}
