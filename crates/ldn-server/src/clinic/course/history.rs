//! Everything that was written, newest first, and who looked at it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ldn_core::journal::{Body, Entry};
use serde::Deserialize;

use crate::clinic::room::{Clinician, Room};
use crate::frame::Frame;
use crate::patient::in_words;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

/// Entries of one page.
const LINES: usize = 100;

/// Which page of the history.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: usize,
}

/// An entry.
pub(super) struct Line {
    pub(super) day: String,
    pub(super) what: String,
    pub(super) said: String,
    pub(super) by: String,
    pub(super) late: bool,
    pub(super) id: String,
}

/// Somebody did something with the course.
struct Look {
    at: String,
    who: String,
    what: String,
    outcome: String,
}

#[derive(Template)]
#[template(path = "clinic/history.html")]
struct HistoryPage {
    frame: Frame,
    name: String,
    case: String,
    lines: Vec<Line>,
    looks: Vec<Look>,
    before: Option<usize>,
    after: Option<usize>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let view = room.clinician.view(&site)?;
    let trail = view.trail(room.course_id, site.now()).await;
    let trail = trail.map_err(|error| room.clinician.refuse(&site, &error))?;
    let n_pages = room.entries.len().div_ceil(LINES).max(1);
    let page = asked.page.min(n_pages - 1);
    let words = room.words();
    let zone = TimeZone::get(&room.zone).unwrap_or(TimeZone::UTC);
    let looks = trail.iter().rev().take(LINES).map(|row| Look {
        at: instant(row.at_us, &zone),
        who: row.role.clone().unwrap_or_default(),
        what: row.action.clone(),
        outcome: row.outcome.clone(),
    });
    let page = HistoryPage {
        frame: room.frame(&site, "history"),
        name: room.name.clone(),
        case: room.address(""),
        lines: lines(words, &room, page * LINES, LINES),
        looks: looks.collect(),
        before: page.checked_sub(1),
        after: (page + 1 < n_pages).then_some(page + 1),
    };
    Ok(rendered(&page).into_response())
}

/// Returns so many entries, newest first.
pub(super) fn lines(words: Words, room: &Room, skip: usize, take: usize) -> Vec<Line> {
    let is_blinded = room.is_blinded();
    let mut entries: Vec<&Entry> = room.entries.iter().collect();
    entries.sort_by_key(|entry| (entry.recorded(), entry.id()));
    entries.into_iter().rev().skip(skip).take(take).map(|entry| line(words, entry, is_blinded)).collect()
}

fn line(words: Words, entry: &Entry, is_blinded: bool) -> Line {
    Line {
        day: in_words(words, entry.day()),
        what: words.say(&format!("clinic-kind-{}", entry.kind().word())),
        said: said(entry.body(), is_blinded),
        by: words.say(&format!("clinic-role-{}", entry.role().word())),
        late: entry.days_late() > 0,
        id: entry.id().to_string(),
    }
}

/// Says the gist of an entry in one line, as written; documents are shown elsewhere.
fn said(body: &Body, is_blinded: bool) -> String {
    match body {
        Body::Screened(screened) => screened.disposition.word().to_owned(),
        Body::PlanProposed(proposed) => {
            format!(
                "{}, version {}: {}",
                proposed.plan.parts().protocol,
                proposed.plan.parts().version,
                proposed.plan.parts().reason
            )
        }
        Body::PlanSigned(signed) => format!("{}, {}", signed.prescriber, signed.plan),
        Body::PlanHeld(held) => format!("{} ({})", held.hold.why, held.hold.rule),
        Body::PlanEnded(ended) => format!("{}: {}", ended.plan, ended.reason),
        Body::Dose(report) => match report.outcome {
            ldn_core::journal::Outcome::Taken { dose, .. } => {
                dose.filter(|_| !is_blinded).map(|dose| dose.to_string()).unwrap_or_default()
            }
            ldn_core::journal::Outcome::NotTaken => "not taken".to_owned(),
            ldn_core::journal::Outcome::Skipped => "skipped".to_owned(),
        },
        Body::Scores(scores) => {
            let each: Vec<String> = scores
                .iter()
                .map(|score| format!("{} {}", score.measure().id(), score.on_ten_points()))
                .collect();
            each.join(", ")
        }
        Body::SideEffect(effect) => format!("{}, {}", effect.term, effect.severity),
        Body::Instrument(instrument) => instrument.instrument.clone(),
        Body::Lab(lab) => lab.test.clone(),
        Body::Medicine(medicine) => format!("{}, {}", medicine.name, medicine.usage),
        Body::Procedure(procedure) => procedure.name.clone(),
        Body::KitOpened(kit) => kit.kit.clone(),
        Body::Unblinded(unblinded) => unblinded.reason.clone(),
        Body::VerdictShown(shown) => shown.model.clone(),
        Body::Consent(consent) => {
            format!("{} {}", consent.version, if consent.given { "given" } else { "not given" })
        }
        Body::Note(note) => note.text.clone(),
        Body::Corrected(corrected) => format!("{}: {}", corrected.replaces, corrected.reason),
        Body::Intake(_)
        | Body::Ordered(_)
        | Body::Dispensed(_)
        | Body::TrialStarted(_)
        | Body::BeliefRecorded(_) => String::new(),
    }
}

fn instant(at_us: i64, zone: &TimeZone) -> String {
    Timestamp::from_microsecond(at_us).map_or_else(
        |_| at_us.to_string(),
        |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
