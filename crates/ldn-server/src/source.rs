//! Where a request comes from, for the limits on guessing.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::site::Site;

/// The network address of whoever asks, as far as this process can know it.
///
/// Behind a proxy that is the proxy's address: then everybody shares one limit, which is slower for guessers and never
/// wrong. A header that anybody can write is not believed.
pub(crate) struct Source(String);

impl Source {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequestParts<Site> for Source {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Source, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Source(peer.map_or_else(|| "unknown".to_owned(), |ConnectInfo(address)| address.ip().to_string())))
    }
}
