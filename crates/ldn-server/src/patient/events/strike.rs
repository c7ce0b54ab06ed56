//! Striking out what was entered by mistake: both stay in the journal.

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use ldn_core::ids::EntryId;
use ldn_core::journal::{Body, Corrected};

use super::enter::{Entered, Event, enter};
use super::fields::{FieldProblem, Fields};
use crate::look::own_address;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;
use crate::words::Words;

pub(super) async fn strike(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    match enter(&site, &desk, Event::Strike, &fields).await? {
        Entered::Recorded(_) => Ok(Redirect::to(own_address(fields.get("back"))).into_response()),
        Entered::Wrong(_) | Entered::Asked(_) => Err(desk.signed_in.refuse(Trouble::Missing)),
    }
}

/// Reads which entry is struck out.
pub(super) fn read(fields: &Fields, words: Words) -> Result<Vec<Body>, Vec<FieldProblem>> {
    let replaces: EntryId = fields
        .get("entry")
        .parse()
        .map_err(|_| vec![FieldProblem::new("entry", words.say("events-strike-unknown"))])?;
    let reason = words.say("events-strike-reason");
    Ok(vec![Body::Corrected(Corrected { replaces, with: None, reason })])
}

impl Desk {
    /// Checks that a form is one of this session.
    pub(crate) fn check_form(&self, carried: &str) -> Result<(), Refused> {
        self.signed_in.form_token.check(carried).map_err(|trouble| self.signed_in.refuse(trouble))
    }
}
