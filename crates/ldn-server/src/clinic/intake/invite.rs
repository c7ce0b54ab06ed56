//! Inviting a patient to keep the diary: a link that works once.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use ldn_core::journal::Role;
use ldn_store::account::AccountError;

use crate::clinic::room::{Clinician, Room};
use crate::frame::Frame;
use crate::patient::{Fields, in_words};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

#[derive(Template)]
#[template(path = "clinic/invite.html")]
struct InvitePage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    /// The link, and until when it works; it is shown once and kept nowhere.
    link: Option<(String, String)>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    Ok(rendered(&InvitePage::of(&site, &room, None)).into_response())
}

pub(super) async fn make(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let actor = &room.clinician.signed_in.actor;
    let invited = site.accounts().invite(actor, Role::Patient, Some(room.course_id), site.now()).await;
    let invited = invited.map_err(|error| match error {
        AccountError::Access(error) => room.clinician.refuse(&site, &error),
        error => room.clinician.signed_in.refuse(site.broken(&error)),
    })?;
    let zone = jiff::tz::TimeZone::get(&room.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let day = in_words(room.words(), invited.expires.to_zoned(zone).date());
    let until = room.words().say_with("clinic-invite-until", &[("day", &day)]);
    let link = format!("{}/invitation/{}", site.settings().origin, invited.token.expose());
    Ok(rendered(&InvitePage::of(&site, &room, Some((link, until)))).into_response())
}

impl InvitePage {
    fn of(site: &Site, room: &Room, link: Option<(String, String)>) -> InvitePage {
        InvitePage {
            frame: room.frame(site, "invite"),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            link,
        }
    }
}
