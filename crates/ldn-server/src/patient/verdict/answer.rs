//! Judges a course for its patient, whether a page or a program asks, and records that the answer was shown.

use ldn_core::journal::{Body, VerdictShown};
use ldn_core::{Diary, Measure};
use ldn_verdict::response::series::SeriesError;
use ldn_verdict::response::{Settings, Verdict, VerdictError, judge};

use super::untreated;
use crate::patient::Desk;
use crate::patient::plan::Case;
use crate::site::Site;
use crate::visitor::Refused;

/// What may be said about a course to its patient.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// A blinded trial runs: nothing may depend on its arm.
    Recording,
    /// There is no score at all.
    NoScores,
    /// Too many days say nothing about the dose.
    DosesUnknown {
        /// Days without a known dose.
        unknown: usize,
        /// Days of the diary.
        days: usize,
    },
    /// The numbers could not be computed well enough.
    Unreliable,
    /// The verdict.
    Judged(Box<Verdict>),
}

/// An answer and its measure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answered {
    /// What was judged: what was asked for, else the first measure with scores, else pain.
    pub(crate) measure: Measure,
    /// The measures with scores; none while a blinded trial runs.
    pub(crate) scored: Vec<Measure>,
    /// What may be said.
    pub(crate) answer: Answer,
}

impl Answered {
    /// Judges a measure of a course and records what is shown.
    pub(crate) async fn of(site: &Site, desk: &Desk, asked: Option<Measure>) -> Result<Answered, Refused> {
        let diary = untreated::diary(&desk.course);
        let scored = diary.as_ref().map(Diary::scored_measures).unwrap_or_default();
        let measure = asked.or(scored.first().copied()).unwrap_or(Measure::Pain);
        if Case::of(desk).is_blinded() {
            return Ok(Answered { measure, scored: Vec::new(), answer: Answer::Recording });
        }
        let Some(diary) = diary else { return Ok(Answered { measure, scored, answer: Answer::NoScores }) };
        // A verdict is computed for some 20 ms: not on a thread that answers others.
        let judged = tokio::task::spawn_blocking(move || judge(&diary, &Settings::new(measure))).await;
        let judged = judged.map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
        let answer = match judged {
            Ok(verdict) => {
                remember(site, desk, &verdict).await?;
                Answer::Judged(Box::new(verdict))
            }
            Err(VerdictError::Series(SeriesError::DoseUnknown { unknown, days })) => {
                Answer::DosesUnknown { unknown, days }
            }
            Err(VerdictError::Series(SeriesError::Masked { .. })) => Answer::Recording,
            Err(VerdictError::Unreliable) => Answer::Unreliable,
        };
        Ok(Answered { measure, scored, answer })
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
