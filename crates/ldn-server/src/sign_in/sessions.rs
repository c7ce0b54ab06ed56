//! Where one is signed in, and ending it.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use ldn_store::session::{self, SessionRecord};
use serde::Deserialize;
use std::str::FromStr;
use uuid::Uuid;

use crate::frame::Frame;
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::{Refused, SignedIn, clear_session};

#[derive(Deserialize)]
pub(crate) struct EndForm {
    form_token: String,
    /// A session's name, or "others".
    #[serde(default)]
    session: String,
}

#[derive(Template)]
#[template(path = "sign_in/sessions.html")]
struct SessionsPage {
    frame: Frame,
    form_token: String,
    sessions: Vec<SessionLine>,
}

struct SessionLine {
    id: String,
    current: bool,
    since: String,
    seen: String,
    own_device: bool,
}

pub(crate) async fn show(State(site): State<Site>, signed_in: SignedIn) -> Result<Response, Refused> {
    let own = own(&site, &signed_in).await?;
    // The store keeps instants; which zone the reader is in is not known here, so the page says UTC.
    let text = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string();
    let sessions = own.iter().map(|session| SessionLine {
        id: session.id.to_string(),
        current: Some(session.id) == signed_in.actor.session(),
        since: text(session.created),
        seen: text(session.seen),
        own_device: session.own_device,
    });
    let page = SessionsPage {
        frame: Frame::plain(signed_in.visitor.look, "/sessions"),
        form_token: signed_in.form_token.as_str().to_owned(),
        sessions: sessions.collect(),
    };
    Ok(rendered(&page).into_response())
}

/// Ends one of one's own sessions, or all the others.
pub(crate) async fn end(
    State(site): State<Site>,
    signed_in: SignedIn,
    Form(form): Form<EndForm>,
) -> Result<Redirect, Refused> {
    signed_in.form_token.check(&form.form_token).map_err(|trouble| signed_in.refuse(trouble))?;
    end_one(&site, &signed_in, &form.session).await?;
    Ok(Redirect::to("/sessions"))
}

/// Returns one's own sessions.
///
/// # Errors
/// An error of ours.
pub(crate) async fn own(site: &Site, signed_in: &SignedIn) -> Result<Vec<SessionRecord>, Refused> {
    let own = session::own(site.store().database(), &signed_in.actor, site.now()).await;
    own.map_err(|error| signed_in.refuse(site.broken(&error)))
}

/// Ends one of one's own sessions by its name, or all the others by "others"; one that is not there has ended.
///
/// # Errors
/// A name that can be no session's, or an error of ours.
pub(crate) async fn end_one(site: &Site, signed_in: &SignedIn, which: &str) -> Result<(), Refused> {
    let database = site.store().database();
    let ended = if which == "others" {
        session::end_others(database, &signed_in.actor, site.now()).await.map(drop)
    } else {
        let id = Uuid::from_str(which).map_err(|_| signed_in.refuse(Trouble::Missing))?;
        session::end_own(database, &signed_in.actor, id, site.now()).await.map(drop)
    };
    ended.map_err(|error| signed_in.refuse(site.broken(&error)))
}

/// Ends this session in the store.
///
/// # Errors
/// An error of ours.
pub(crate) async fn end_this(site: &Site, signed_in: &SignedIn) -> Result<(), Refused> {
    let Some(id) = signed_in.actor.session() else { return Ok(()) };
    let ended = session::end_own(site.store().database(), &signed_in.actor, id, site.now()).await;
    ended.map(drop).map_err(|error| signed_in.refuse(site.broken(&error)))
}

/// Ends this session here and in the store, and removes what the browser kept.
pub(crate) async fn sign_out(
    State(site): State<Site>,
    signed_in: SignedIn,
    _headers: HeaderMap,
    Form(form): Form<EndForm>,
) -> Result<Response, Refused> {
    signed_in.form_token.check(&form.form_token).map_err(|trouble| signed_in.refuse(trouble))?;
    end_this(&site, &signed_in).await?;
    Ok((AppendHeaders(clear_session()), Redirect::to("/sign-in")).into_response())
}
