//! What was entered, what the screening says of it now, and where to enter more.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use ldn_care::course_screen::{PREGNANCY, Rerun};
use ldn_care::screen::Severity;
use ldn_core::course::{Course, Origin, Recorded};
use ldn_core::ids::{AccountId, EntryId};
use ldn_core::journal::{Lab, LabResult, Medicine, Procedure};
use serde::Deserialize;

use super::hold::{HeldByScreening, held, screened};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::plan::in_words;
use crate::site::Site;
use crate::trouble::rendered;
use crate::words::Words;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "events/list.html")]
pub(super) struct EventsPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) saved: bool,
    pub(super) held: Option<HeldByScreening>,
    pub(super) tell: Vec<String>,
    pub(super) unknown: Vec<String>,
    pub(super) events: Vec<EventLine>,
}

/// Something that was entered.
pub(super) struct EventLine {
    pub(super) day: String,
    pub(super) what: String,
    pub(super) detail: Vec<String>,
    /// What a correction has to name; `None` for what somebody else wrote.
    pub(super) entry: Option<EntryId>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk, Query(done): Query<Done>) -> Response {
    let again = screened(&desk.course, desk.today);
    let page = EventsPage {
        frame: desk.frame(&site, "/events"),
        form_token: desk.signed_in.form_token.as_str().to_owned(),
        saved: !done.done.is_empty(),
        held: held(&again),
        tell: to_tell(&again),
        unknown: unknown(&again),
        events: lines(desk.signed_in.visitor.look.words(), &desk.course, desk.author()),
    };
    rendered(&page).into_response()
}

/// The medicines whose names nobody knows.
pub(super) fn unknown(again: &Rerun) -> Vec<String> {
    let of_medicines = again.screening.unrecognised.iter().filter(|found| found.at.starts_with("medicine["));
    of_medicines.map(|found| found.value.clone()).collect()
}

/// The patient's words of what a prescriber has to decide because of what was entered.
pub(super) fn to_tell(again: &Rerun) -> Vec<String> {
    let is_of_event =
        |at: &str| at.starts_with("medicine[") || at.starts_with("procedure[") || at == "person.pregnancy";
    let mut said: Vec<String> = Vec::new();
    for finding in &again.screening.findings {
        let is_new = !again.stopping.contains(finding) && !said.contains(&finding.say_patient);
        if finding.severity == Severity::NeedsPrescriberDecision
            && is_new
            && finding.because.iter().any(|fact| is_of_event(&fact.at))
        {
            said.push(finding.say_patient.clone());
        }
    }
    said
}

/// Everything that was entered, newest first.
pub(super) fn lines(words: Words, course: &Course, reader: Option<AccountId>) -> Vec<EventLine> {
    let mut lines: Vec<(Origin, EventLine)> = Vec::new();
    let line = |origin: Origin, what: String, detail: Vec<String>| {
        let own = Some(origin.author) == reader;
        let entry = own.then(|| origin.corrected_by.unwrap_or(origin.entry));
        (origin, EventLine { day: in_words(words, origin.day), what, detail, entry })
    };
    for Recorded { origin, value } in course.medicines() {
        lines.push(line(*origin, value.name.clone(), of_medicine(words, value)));
    }
    for Recorded { origin, value } in course.procedures() {
        lines.push(line(*origin, value.name.clone(), of_procedure(words, value)));
    }
    for Recorded { origin, value } in course.labs().iter().filter(|lab| lab.value.test == PREGNANCY) {
        lines.push(line(*origin, of_pregnancy(words, value), Vec::new()));
    }
    lines.sort_by_key(|(origin, _)| std::cmp::Reverse(origin.order()));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn of_medicine(words: Words, medicine: &Medicine) -> Vec<String> {
    let usage = words.say(&format!("events-use-{}", medicine.usage.word()));
    let last =
        medicine.last_taken.map(|day| words.say_with("events-last-was", &[("day", &in_words(words, day))]));
    std::iter::once(usage).chain(last).collect()
}

fn of_procedure(words: Words, procedure: &Procedure) -> Vec<String> {
    let day = procedure.on.map_or_else(|| words.say("events-day-unknown"), |day| in_words(words, day));
    let opioids = words.say(&format!("events-opioids-{}", procedure.opioids_expected.word()));
    vec![day, opioids]
}

fn of_pregnancy(words: Words, lab: &Lab) -> String {
    words.say(match &lab.result {
        LabResult::Positive => "events-pregnancy-pregnant",
        LabResult::Negative => "events-pregnancy-no",
        LabResult::Text(text) if text == "trying" => "events-pregnancy-trying",
        LabResult::Text(text) if text == "breastfeeding" => "events-pregnancy-breastfeeding",
        _ => "events-pregnancy",
    })
}
