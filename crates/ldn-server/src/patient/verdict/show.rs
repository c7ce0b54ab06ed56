//! The verdict page, and the record that it was shown.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use ldn_core::journal::{Body, VerdictShown};
use ldn_core::{Diary, Measure};
use ldn_verdict::response::series::SeriesError;
use ldn_verdict::response::{Settings, Verdict, VerdictError, judge};
use serde::Deserialize;

use super::told::Told;
use super::untreated;
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::charts::name_code;
use crate::patient::plan::Case;
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
    let case = Case::of(&desk);
    let diary = untreated::diary(&desk.course);
    let scored = diary.as_ref().map(Diary::scored_measures).unwrap_or_default();
    let measure = asked.measure.parse().ok().or(scored.first().copied()).unwrap_or(Measure::Pain);
    let words = case.words;
    if case.is_blinded() {
        return Ok(
            rendered(&VerdictPage::of(frame, measure, Vec::new(), Told::recording(words))).into_response()
        );
    }
    let Some(diary) = diary else {
        return Ok(rendered(&VerdictPage::of(frame, measure, scored, Told::empty(words))).into_response());
    };
    // A verdict is computed for some 20 ms: not on a thread that answers others.
    let judged = tokio::task::spawn_blocking(move || judge(&diary, &Settings::new(measure))).await;
    let judged = judged.map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
    let told = match &judged {
        Ok(verdict) => {
            remember(&site, &desk, verdict).await?;
            Told::of(words, verdict)
        }
        Err(VerdictError::Series(SeriesError::DoseUnknown { unknown, days })) => {
            Told::doses_unknown(words, *unknown, *days)
        }
        Err(VerdictError::Series(SeriesError::Masked { .. })) => Told::recording(words),
        Err(VerdictError::Unreliable) => Told::unreliable(words),
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

/// Records what was shown, because from now on the person may know it: once for each verdict that differs from the last
/// one shown of its measure.
async fn remember(site: &Site, desk: &Desk, verdict: &Verdict) -> Result<(), Refused> {
    // Where nothing may be said about a change, nothing was learned.
    if verdict.shown_estimate().is_none() {
        return Ok(());
    }
    let broken = |error: &dyn std::fmt::Display| desk.signed_in.refuse(site.broken(error));
    let document = serde_json::to_string(verdict).map_err(|error| broken(&error))?;
    let of_measure = format!("\"measure\":\"{}\"", verdict.measure.id());
    let shown = desk.course.verdicts_shown().iter();
    let last = shown.rev().find(|shown| shown.value.document.contains(&of_measure));
    let is_known = last.is_some_and(|last| {
        // The same day's verdict is kept once, however the diary of the day still changes.
        last.origin.day == desk.today || last.value.document == document
    });
    if is_known {
        return Ok(());
    }
    let body = Body::VerdictShown(VerdictShown { model: verdict.model.to_owned(), document });
    desk.record(site, desk.today, vec![body]).await.map(drop)
}
