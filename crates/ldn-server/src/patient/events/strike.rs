//! Striking out what was entered by mistake: both stay in the journal.

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use ldn_core::ids::EntryId;
use ldn_core::journal::{Body, Corrected};

use super::fields::Fields;
use crate::look::own_address;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

pub(super) async fn strike(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    let replaces: EntryId =
        fields.get("entry").parse().map_err(|_| desk.signed_in.refuse(Trouble::Missing))?;
    let reason = desk.signed_in.visitor.look.words().say("events-strike-reason");
    let correction = Corrected { replaces, with: None, reason };
    desk.record(&site, desk.today, vec![Body::Corrected(correction)]).await?;
    Ok(Redirect::to(own_address(fields.get("back"))).into_response())
}

impl Desk {
    /// Checks that a form is one of this session.
    pub(crate) fn check_form(&self, carried: &str) -> Result<(), Refused> {
        self.signed_in.form_token.check(carried).map_err(|trouble| self.signed_in.refuse(trouble))
    }
}
