//! Who asks: everybody who asks for a page, and those who have signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use ldn_store::account::{Token, TokenKind};
use ldn_store::audit::RequestId;
use ldn_store::session::{self, Actor, SessionError};
use sha2::{Digest, Sha256};

use crate::look::{Look, cookie};
use crate::site::Site;
use crate::trouble::Trouble;

/// The cookie of a session. The prefix makes browsers refuse it without TLS, for other paths and for other hosts.
const SESSION_COOKIE: &str = "__Host-session";

/// The cookie by which a device is known again, so that guesses made elsewhere do not slow it down.
const DEVICE_COOKIE: &str = "__Host-device";

/// A year, in seconds.
const DEVICE_LASTS: u32 = 31_536_000;

/// Somebody who asks for a page, signed in or not.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// Theme and language.
    pub(crate) look: Look,
    /// The address asked for, without the host.
    pub(crate) path: String,
    /// The name of this request in the trail and in the log.
    pub(crate) request: RequestId,
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// Who they are, to the store.
    pub(crate) actor: Actor,
    /// How they want pages to look, and what they asked for.
    pub(crate) visitor: Visitor,
    /// The token that every form of this session carries.
    pub(crate) form_token: FormToken,
}

/// Shows that a form was made by us for this session. It is a hash of the session's secret, so there is nothing to keep.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FormToken(String);

impl FormToken {
    /// Returns the token of a session.
    pub(crate) fn of(session: &Token) -> FormToken {
        let hash = Sha256::new().chain_update(b"ldn-form-1\0").chain_update(session.expose()).finalize();
        FormToken(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Returns it as forms carry it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks what a form carried.
    ///
    /// # Errors
    /// [`Trouble::Stale`].
    pub(crate) fn check(&self, carried: &str) -> Result<(), Trouble> {
        // Every byte is looked at, so that the time tells nothing of where the first wrong one stands.
        let differing =
            self.0.bytes().zip(carried.bytes()).fold(0, |found, (ours, theirs)| found | (ours ^ theirs));
        if differing == 0 && self.0.len() == carried.len() { Ok(()) } else { Err(Trouble::Stale) }
    }
}

impl std::fmt::Debug for FormToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormToken(…)")
    }
}

/// A refusal in the form that the address speaks: JSON under `/api/`, a page elsewhere.
#[derive(Debug)]
pub(crate) struct Refused {
    trouble: Trouble,
    look: Look,
    path: String,
}

impl Refused {
    /// Says it to this visitor.
    pub(crate) fn to(visitor: &Visitor, trouble: Trouble) -> Refused {
        Refused { trouble, look: visitor.look, path: visitor.path.clone() }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self.trouble {
            trouble if self.path.starts_with("/api/") => trouble.into_json(),
            // What was typed into a form is kept by the page's script; without it, the browser's Back still has it.
            Trouble::SignIn => {
                Redirect::to(&format!("/sign-in?next={}", escaped(&self.path))).into_response()
            }
            Trouble::StaleProof => {
                Redirect::to(&format!("/prove?next={}", escaped(&self.path))).into_response()
            }
            trouble => trouble.into_page(self.look),
        }
    }
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Visitor, Self::Rejection> {
        Ok(Visitor {
            look: Look::of(&parts.headers),
            path: path_of(&parts.uri),
            request: RequestId::new(&site.next_request()),
        })
    }
}

impl FromRequestParts<Site> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<SignedIn, Refused> {
        let Ok(visitor) = Visitor::from_request_parts(parts, site).await;
        let refuse = |trouble| Refused::to(&visitor, trouble);
        let token = session_token(&parts.headers).ok_or_else(|| refuse(Trouble::SignIn))?;
        let database = site.store().database();
        let authenticated =
            session::authenticate(database, &token, visitor.request.clone(), site.now()).await;
        let actor = authenticated.map_err(|error| match error {
            SessionError::None | SessionError::Idle | SessionError::Over => refuse(Trouble::SignIn),
            SessionError::Store(error) => refuse(site.broken(&error)),
        })?;
        Ok(SignedIn { actor, visitor, form_token: FormToken::of(&token) })
    }
}

impl SignedIn {
    /// Refuses in this visitor's form.
    pub(crate) fn refuse(&self, trouble: Trouble) -> Refused {
        Refused::to(&self.visitor, trouble)
    }
}

/// Returns the session's token that the browser sent.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<Token> {
    Token::parse(TokenKind::Session, cookie(headers, SESSION_COOKIE)?).ok()
}

/// Returns the device's token that the browser sent.
pub(crate) fn device_token(headers: &HeaderMap) -> Option<Token> {
    Token::parse(TokenKind::Device, cookie(headers, DEVICE_COOKIE)?).ok()
}

/// Returns the header that gives a browser its session. It ends with the browser unless the device is the person's own;
/// the store ends it in any case.
pub(crate) fn set_session(token: &Token, own_device: bool) -> (header::HeaderName, HeaderValue) {
    let lasts = if own_device { "; Max-Age=2592000" } else { "" };
    set_cookie(&format!("{SESSION_COOKIE}={}{lasts}", token.expose()))
}

/// Returns the header by which a device is known again.
pub(crate) fn set_device(token: &Token) -> (header::HeaderName, HeaderValue) {
    set_cookie(&format!("{DEVICE_COOKIE}={}; Max-Age={DEVICE_LASTS}", token.expose()))
}

/// Returns the headers that end a session in the browser and remove what pages kept there.
pub(crate) fn clear_session() -> [(header::HeaderName, HeaderValue); 2] {
    [
        set_cookie(&format!("{SESSION_COOKIE}=; Max-Age=0")),
        (
            header::HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"cache\", \"storage\""),
        ),
    ]
}

fn set_cookie(pair: &str) -> (header::HeaderName, HeaderValue) {
    let text = format!("{pair}; Path=/; Secure; HttpOnly; SameSite=Strict");
    (header::SET_COOKIE, HeaderValue::from_str(&text).expect("hexadecimal digits and our own words"))
}

fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// Writes an address as a value of another.
fn escaped(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
