//! The verdict page.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use ldn_core::Measure;
use serde::Deserialize;

use super::answer::{Answer, Answered};
use super::told::Told;
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::charts::name_code;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// Which measure.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    measure: String,
}

#[derive(Template)]
#[template(path = "verdict/show.html")]
pub(super) struct VerdictPage {
    pub(super) frame: Frame,
    pub(super) name: String,
    pub(super) told: Told,
    pub(super) measures: Vec<Choice>,
    pub(super) chart: String,
}

/// A link to another measure.
pub(super) struct Choice {
    name: String,
    address: String,
    current: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let frame = desk.frame(&site, "/verdict");
    let words = frame.words;
    let Answered { measure, scored, answer } = Answered::of(&site, &desk, asked.measure.parse().ok()).await?;
    let told = match &answer {
        Answer::Recording => Told::recording(words),
        Answer::NoScores => Told::empty(words),
        Answer::DosesUnknown { unknown, days } => Told::doses_unknown(words, *unknown, *days),
        Answer::Unreliable => Told::unreliable(words),
        Answer::Judged(verdict) => Told::of(words, verdict),
    };
    Ok(rendered(&VerdictPage::of(frame, measure, scored, told)).into_response())
}

impl VerdictPage {
    pub(super) fn of(frame: Frame, measure: Measure, scored: Vec<Measure>, told: Told) -> VerdictPage {
        let words = frame.words;
        let choice = |other: Measure| Choice {
            name: words.say(name_code(other)),
            address: format!("/verdict?measure={}", other.id()),
            current: other == measure,
        };
        VerdictPage {
            name: words.say(name_code(measure)),
            measures: scored.into_iter().map(choice).collect(),
            chart: format!("/charts?measure={}", measure.id()),
            told,
            frame,
        }
    }
}
