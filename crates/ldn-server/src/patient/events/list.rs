//! What was entered, what the screening says of it now, and where to enter more.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use ldn_care::course_screen::{PREGNANCY, Rerun};
use ldn_care::screen::Severity;
use ldn_core::course::{Course, Origin, Recorded};
use ldn_core::ids::{AccountId, EntryId};
use ldn_core::journal::{Lab, LabResult, Medicine, Procedure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

/// What the screening says of everything that was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Screened {
    /// Why no dose may be taken before the prescriber has been asked; null if nothing forbids one, which does not say
    /// that LDN is harmless.
    pub(crate) held: Option<HeldByScreening>,
    /// What to tell the prescriber.
    pub(crate) tell: Vec<String>,
    /// Medicines whose names nobody knows.
    pub(crate) unknown: Vec<String>,
}

impl Screened {
    /// Screens a course again.
    pub(crate) fn of(desk: &Desk) -> Screened {
        let again = screened(&desk.course, desk.today);
        Screened { held: held(&again), tell: to_tell(&again), unknown: unknown(&again) }
    }
}

pub(super) async fn show(State(site): State<Site>, desk: Desk, Query(done): Query<Done>) -> Response {
    let Screened { held, tell, unknown } = Screened::of(&desk);
    let page = EventsPage {
        frame: desk.frame(&site, "/events"),
        form_token: desk.signed_in.form_token.as_str().to_owned(),
        saved: !done.done.is_empty(),
        held,
        tell,
        unknown,
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

/// Something that was entered, as it stands in the journal.
pub(crate) struct Seen<'a> {
    pub(crate) origin: Origin,
    pub(crate) what: What<'a>,
}

/// What was entered.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What<'a> {
    Medicine(&'a Medicine),
    Procedure(&'a Procedure),
    Pregnancy(&'a Lab),
}

/// Everything that was entered, newest first.
pub(crate) fn seen(course: &Course) -> Vec<Seen<'_>> {
    let mut all: Vec<Seen<'_>> = Vec::new();
    let medicines = course.medicines().iter();
    all.extend(
        medicines.map(|Recorded { origin, value }| Seen { origin: *origin, what: What::Medicine(value) }),
    );
    let procedures = course.procedures().iter();
    all.extend(
        procedures.map(|Recorded { origin, value }| Seen { origin: *origin, what: What::Procedure(value) }),
    );
    let pregnancies = course.labs().iter().filter(|lab| lab.value.test == PREGNANCY);
    all.extend(
        pregnancies.map(|Recorded { origin, value }| Seen { origin: *origin, what: What::Pregnancy(value) }),
    );
    all.sort_by_key(|seen| std::cmp::Reverse(seen.origin.order()));
    all
}

/// Returns what a correction has to name; `None` for what somebody else wrote.
pub(crate) fn own_entry(origin: &Origin, reader: Option<AccountId>) -> Option<EntryId> {
    (Some(origin.author) == reader).then(|| origin.corrected_by.unwrap_or(origin.entry))
}

/// The same in words.
pub(super) fn lines(words: Words, course: &Course, reader: Option<AccountId>) -> Vec<EventLine> {
    let line = |seen: Seen<'_>| {
        let entry = own_entry(&seen.origin, reader);
        let (what, detail) = match seen.what {
            What::Medicine(medicine) => (medicine.name.clone(), of_medicine(words, medicine)),
            What::Procedure(procedure) => (procedure.name.clone(), of_procedure(words, procedure)),
            What::Pregnancy(lab) => (of_pregnancy(words, lab), Vec::new()),
        };
        EventLine { day: in_words(words, seen.origin.day), what, detail, entry }
    };
    seen(course).into_iter().map(line).collect()
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
