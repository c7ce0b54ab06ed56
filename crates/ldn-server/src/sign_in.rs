//! Signing in and out, invitations, and one's own sessions.

pub(crate) mod enter;
mod invitation;
pub(crate) mod prove;
pub(crate) mod sessions;

use axum::Router;
use axum::routing::{get, post};

use crate::site::Site;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(enter::home))
        .route("/sign-in", get(enter::show).post(enter::enter))
        .route("/prove", get(prove::show).post(prove::prove))
        .route("/sign-out", post(sessions::sign_out))
        .route("/invitation/{token}", get(invitation::show).post(invitation::redeem))
        .route("/sessions", get(sessions::show).post(sessions::end))
}
