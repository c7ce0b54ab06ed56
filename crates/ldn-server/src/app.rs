//! All addresses in one place, and what every request passes through.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::look::Look;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::{api, assets, clinic, headers, help, look, metrics, offline, origin, patient, sign_in};

/// A year of diary in one file, and room to spare; pages that take more say so themselves.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// Longer than any page takes, shorter than a browser waits.
const LONGEST_ANSWER: Duration = Duration::from_secs(20);

/// Returns every address of the application.
pub fn router(site: Site) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/static/{tag}/{name}", get(assets::serve))
        .route("/look", post(look::save))
        .merge(sign_in::routes())
        .merge(patient::routes())
        .merge(clinic::routes())
        .merge(help::routes())
        .merge(api::routes())
        .merge(offline::routes())
        .fallback(missing)
        .layer(middleware::from_fn(origin::check))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST_ANSWER))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        // Outermost, so that refusals and panics carry the headers too.
        .layer(middleware::from_fn(headers::add))
        .layer(middleware::from_fn_with_state(site.clone(), metrics::count))
        .with_state(site)
}

/// Answers requests until `shutdown` completes; requests under way are answered first.
///
/// # Errors
/// What the operating system says of the socket.
pub async fn serve(
    listener: TcpListener,
    site: Site,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(site).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}

/// Says that the process answers; no more, because anybody may ask.
async fn health() -> &'static str {
    "ok\n"
}

/// Says whether the store answers too, so that a proxy sends requests elsewhere while it does not; why not, the log says.
async fn ready(State(site): State<Site>) -> (StatusCode, &'static str) {
    match site.store().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            site.broken(&error);
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

async fn missing(look: Look, uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        Trouble::Missing.into_json()
    } else {
        Trouble::Missing.into_page(look)
    }
}

/// A bug ends one request, not the server, and tells the visitor nothing of its inside.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here. What you sent was not saved.\n")
        .into_response()
}
