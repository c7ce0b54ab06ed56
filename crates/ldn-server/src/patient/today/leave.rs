//! Leaving with entries that have not been sent: asked once, in plain words.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::frame::Frame;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::rendered;

#[derive(Template)]
#[template(path = "today/leave.html")]
pub(super) struct LeavePage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    let form_token = desk.signed_in.form_token.as_str().to_owned();
    rendered(&LeavePage { frame: desk.frame(&site, "/today/leave"), form_token }).into_response()
}
