//! Help that needs no account: what this is and is not, signing in, and where help is in a crisis.

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::frame::Frame;
use crate::look::Look;
use crate::patient::danger::{DangerLink, links};
use crate::site::Site;
use crate::trouble::rendered;

#[derive(Template)]
#[template(path = "help/help.html")]
struct HelpPage {
    frame: Frame,
    danger: Vec<DangerLink>,
}

#[derive(Template)]
#[template(path = "help/sign_in.html")]
struct SignInHelpPage {
    frame: Frame,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/help", get(show)).route("/help/sign-in", get(sign_in))
}

async fn show(look: Look) -> Response {
    rendered(&HelpPage { frame: Frame::plain(look, "/help"), danger: links(look.words()) }).into_response()
}

async fn sign_in(look: Look) -> Response {
    rendered(&SignInHelpPage { frame: Frame::plain(look, "/help/sign-in") }).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Theme;
    use crate::words::Language;

    #[test]
    fn both_pages_say_all_their_words_in_every_language() {
        for language in Language::ALL {
            let look = Look { theme: Theme::Auto, language };
            let help = HelpPage { frame: Frame::plain(look, "/help"), danger: links(look.words()) };
            let pages =
                [rendered(&help).0, rendered(&SignInHelpPage { frame: Frame::plain(look, "/help") }).0];
            for html in pages {
                assert!(!html.contains(">help-") && html.matches("<h1>").count() == 1, "{html}");
            }
            assert!(help.danger.iter().any(|link| link.address.ends_with("self-harm")));
        }
    }
}
