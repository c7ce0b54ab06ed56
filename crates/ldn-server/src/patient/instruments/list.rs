//! The questionnaires, and when each was last answered.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use ldn_core::course::Course;
use ldn_core::instrument::{Catalogue, Instrument};
use serde::Deserialize;

use super::answers::{newest_finished, paused};
use super::fill::catalogue;
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::events::{HeldByScreening, held_by_screening};
use crate::patient::plan::in_words;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// One questionnaire.
pub(super) struct InstrumentLine {
    id: &'static str,
    name: String,
    about: String,
    last: String,
    /// It was paused and can be finished.
    waits: bool,
    /// It was finished once.
    has_result: bool,
}

#[derive(Template)]
#[template(path = "instruments/list.html")]
pub(super) struct ListPage {
    pub(super) frame: Frame,
    pub(super) paused: bool,
    pub(super) held: Option<HeldByScreening>,
    pub(super) instruments: Vec<InstrumentLine>,
}

pub(super) async fn show(
    State(site): State<Site>,
    desk: Desk,
    Query(done): Query<Done>,
) -> Result<Response, Refused> {
    let catalogue = catalogue(&site, &desk)?;
    let page = ListPage {
        frame: desk.frame(&site, "/instruments"),
        paused: done.done == "pause",
        held: held_by_screening(&desk),
        instruments: lines(desk.signed_in.visitor.look.words(), &desk.course, desk.today, &catalogue),
    };
    Ok(rendered(&page).into_response())
}

pub(super) fn lines(
    words: Words,
    course: &Course,
    today: Date,
    catalogue: &Catalogue,
) -> Vec<InstrumentLine> {
    catalogue.all().map(|instrument| line(words, course, today, instrument)).collect()
}

fn line(words: Words, course: &Course, today: Date, instrument: &Instrument) -> InstrumentLine {
    let id = instrument.id.id();
    let newest = newest_finished(course, instrument);
    InstrumentLine {
        id,
        name: words.say(&format!("instruments-{id}")),
        about: words.say(&format!("instruments-{id}-about")),
        last: match newest {
            Some(newest) => {
                words.say_with("instruments-last", &[("day", &in_words(words, newest.origin.day))])
            }
            None => words.say("instruments-never"),
        },
        waits: paused(course, instrument, today).is_some(),
        has_result: newest.is_some(),
    }
}
