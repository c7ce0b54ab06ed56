//! Entering an event, whether a form or a program sends it: read, and recorded whole or not at all.

use ldn_core::ids::EntryId;
use ldn_core::journal::Body;

use super::fields::{FieldProblem, Fields};
use super::medicine::Asked;
use super::{infection, medicine, pregnancy, procedure, strike};
use crate::patient::Desk;
use crate::site::Site;
use crate::visitor::Refused;

/// What can happen on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A medicine that is new, changed or stopped.
    Medicine,
    /// An infection.
    Infection,
    /// An operation or another procedure.
    Procedure,
    /// A pregnancy, the wish for one, or its end.
    Pregnancy,
    /// Something that was entered by mistake.
    Strike,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    /// It is on the disk, as these entries.
    Recorded(Vec<EntryId>),
    /// Nothing was recorded: every field to put right.
    Wrong(Vec<FieldProblem>),
    /// Nothing was recorded: this has to be answered first.
    Asked(Asked),
}

/// Reads the fields of an event and records it.
///
/// # Errors
/// Refused by the store.
pub(crate) async fn enter(
    site: &Site,
    desk: &Desk,
    event: Event,
    fields: &Fields,
) -> Result<Entered, Refused> {
    match read(desk, event, fields) {
        Ok(bodies) => desk.record(site, desk.today, bodies).await.map(Entered::Recorded),
        Err(not_entered) => Ok(not_entered),
    }
}

fn read(desk: &Desk, event: Event, fields: &Fields) -> Result<Vec<Body>, Entered> {
    let words = desk.signed_in.visitor.look.words();
    match event {
        Event::Medicine => medicine::read(fields, desk.today, words),
        Event::Infection => infection::read(fields, desk.today, words).map_err(Entered::Wrong),
        Event::Procedure => procedure::read(fields, desk.today, words).map_err(Entered::Wrong),
        Event::Pregnancy => pregnancy::read(fields, desk.today, words).map_err(Entered::Wrong),
        Event::Strike => strike::read(fields, words).map_err(Entered::Wrong),
    }
}
