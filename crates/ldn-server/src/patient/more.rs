//! Where everything is that is not needed every day.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Desk;
use super::events::{HeldByScreening, held_by_screening};
use crate::frame::Frame;
use crate::site::Site;
use crate::trouble::rendered;

/// Each page with the code of its name, in the order in which they are listed.
const PAGES: [(&str, &str); 9] = [
    ("/events", "more-events"),
    ("/labs", "more-labs"),
    ("/instruments", "more-instruments"),
    ("/verdict", "more-verdict"),
    ("/card", "more-card"),
    ("/letter", "more-letter"),
    ("/sessions", "more-sessions"),
    ("/data", "more-data"),
    ("/help", "more-help"),
];

#[derive(Template)]
#[template(path = "more/more.html")]
struct MorePage {
    frame: Frame,
    form_token: String,
    held: Option<HeldByScreening>,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/more", get(show))
}

async fn show(State(site): State<Site>, desk: Desk) -> Response {
    let page = MorePage {
        frame: desk.frame(&site, "/more"),
        form_token: desk.signed_in.form_token.as_str().to_owned(),
        held: held_by_screening(&desk),
    };
    rendered(&page).into_response()
}
