//! Answering a questionnaire: with a pause where one is needed, and no score before the end.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ldn_core::ids::EntryId;
use ldn_core::instrument::{Catalogue, Instrument, InstrumentId};
use ldn_core::journal::{self, Body, Corrected};

use super::answers::{MAP_DONE, finished, n_questions, open, paused, read};
use super::body_map::{PLACES, Place};
use super::question::{AreaBox, Question, areas, questions};
use super::score::{Answers, tells_self_harm};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::events::{FieldProblem, Fields, problem_of};
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;
use crate::words::Words;

/// How many steps the words of what to do about thoughts of self-harm have.
const SELF_HARM_STEPS: usize = 3;

#[derive(Template)]
#[template(path = "instruments/fill.html")]
pub(super) struct FillPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) id: &'static str,
    pub(super) version: String,
    pub(super) name: String,
    pub(super) period: String,
    /// Says that the wording is not included.
    pub(super) without_text: bool,
    pub(super) areas: Vec<AreaBox>,
    pub(super) map_done: bool,
    pub(super) questions: Vec<Question>,
    pub(super) progress: String,
    pub(super) n_questions: usize,
    pub(super) problems: Vec<FieldProblem>,
    /// May be finished with gaps, now that they were shown.
    pub(super) may_leave_open: bool,
    /// What to do about thoughts of self-harm, here already so that no network is needed.
    pub(super) self_harm: Option<SelfHarm>,
    /// What a record that is made without a network needs: account, course, day.
    pub(super) own: [String; 3],
}

/// What to do about thoughts of self-harm.
pub(super) struct SelfHarm {
    pub(super) steps: Vec<String>,
    pub(super) address: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let waiting = paused(&desk.course, instrument, desk.today);
    let answers = waiting.map(|recorded| recorded.value.answers.clone()).unwrap_or_default();
    Ok(rendered(&FillPage::of(&site, &desk, instrument, &answers)).into_response())
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Path(id): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let answers = read(instrument, &fields);
    let to = match answer(&site, &desk, instrument, answers.clone(), fields.get("button")).await? {
        Kept::SelfHarm(_) => self_harm_address(desk.signed_in.visitor.look.words()),
        Kept::Paused(_) => "/instruments?done=pause".to_owned(),
        Kept::Finished(_) => format!("/instruments/{}/result", instrument.id),
        Kept::Open(open) => {
            let mut page = FillPage::of(&site, &desk, instrument, &answers);
            page.map_done = fields.get(MAP_DONE) == "yes";
            page.problems = page.gaps(&open);
            page.may_leave_open = instrument.items.len() > 1 && !answers.is_empty();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
        }
    };
    Ok(Redirect::to(&to).into_response())
}

/// What became of a set of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept<'i> {
    /// Kept; they tell of thoughts of self-harm, and that comes before anything else.
    SelfHarm(EntryId),
    /// Kept, to be finished.
    Paused(EntryId),
    /// Kept whole.
    Finished(EntryId),
    /// Not kept: these questions are open.
    Open(Vec<&'i str>),
}

/// Keeps a set of answers, whether a form or a program sends it; `button` is "pause", "leave-open" or anything else.
///
/// # Errors
/// Refused by the store.
pub(crate) async fn answer<'i>(
    site: &Site,
    desk: &Desk,
    instrument: &'i Instrument,
    answers: Answers,
    button: &str,
) -> Result<Kept<'i>, Refused> {
    // Before anything else: neither a gap nor a button stands between this answer and help.
    if tells_self_harm(instrument.id, &answers) {
        return keep(site, desk, instrument, answers).await.map(Kept::SelfHarm);
    }
    let open = open(instrument, &answers);
    if button == "pause" && !answers.is_empty() {
        return keep(site, desk, instrument, answers).await.map(Kept::Paused);
    }
    let leaves_open = button == "leave-open" && instrument.items.len() > 1 && !answers.is_empty();
    if !open.is_empty() && !leaves_open {
        return Ok(Kept::Open(open));
    }
    keep(site, desk, instrument, finished(instrument, answers)).await.map(Kept::Finished)
}

/// Records answers: a new entry, or a correction of the one that was paused.
async fn keep(
    site: &Site,
    desk: &Desk,
    instrument: &Instrument,
    answers: Answers,
) -> Result<EntryId, Refused> {
    let body = Body::Instrument(journal::Instrument {
        instrument: instrument.id.id().to_owned(),
        version: instrument.version.clone(),
        answers,
    });
    let body = match paused(&desk.course, instrument, desk.today) {
        Some(waiting) => Body::Corrected(Corrected {
            replaces: waiting.origin.corrected_by.unwrap_or(waiting.origin.entry),
            with: Some(Box::new(body)),
            reason: desk.signed_in.visitor.look.words().say("instruments-went-on"),
        }),
        None => body,
    };
    desk.record_one(site, desk.today, body).await
}

pub(crate) fn catalogue(site: &Site, desk: &Desk) -> Result<Catalogue, Refused> {
    Catalogue::shipped().map_err(|problems| desk.signed_in.refuse(site.broken(&problems)))
}

pub(crate) fn find<'c>(desk: &Desk, catalogue: &'c Catalogue, id: &str) -> Result<&'c Instrument, Refused> {
    let found = id.parse::<InstrumentId>().ok().and_then(|id| catalogue.get(id));
    found.ok_or_else(|| desk.signed_in.refuse(Trouble::Missing))
}

pub(crate) fn self_harm_address(words: Words) -> String {
    format!("/danger/{}/self-harm", words.language().code())
}

impl FillPage {
    fn of(site: &Site, desk: &Desk, instrument: &Instrument, answers: &Answers) -> FillPage {
        let frame = desk.frame(site, &format!("/instruments/{}", instrument.id));
        let own = [
            desk.author().map(|account| account.to_string()).unwrap_or_default(),
            desk.course_id.to_string(),
            desk.today.to_string(),
        ];
        FillPage::new(frame, desk.signed_in.form_token.as_str(), own, instrument, answers)
    }

    pub(super) fn new(
        frame: Frame,
        form_token: &str,
        own: [String; 3],
        instrument: &Instrument,
        answers: &Answers,
    ) -> FillPage {
        let id = instrument.id.id();
        let words = frame.words;
        let n_questions = n_questions(instrument);
        let answered = n_questions - open(instrument, answers).len();
        let (done, all) = (answered.to_string(), n_questions.to_string());
        let step = |step: usize| words.say(&format!("danger-self-harm-{step}"));
        FillPage {
            form_token: form_token.to_owned(),
            id,
            version: instrument.version.clone(),
            name: words.say(&format!("instruments-{id}")),
            period: words.say(&format!("instruments-{}", instrument.period)),
            without_text: !instrument.licence.text_included,
            areas: areas(words, instrument, answers),
            map_done: open(instrument, answers).first().is_none_or(|first| *first == "fatigue"),
            questions: questions(words, instrument, answers),
            progress: words.say_with("instruments-progress", &[("done", &done), ("all", &all)]),
            n_questions,
            problems: Vec::new(),
            may_leave_open: false,
            self_harm: (instrument.id == InstrumentId::Phq9).then(|| SelfHarm {
                steps: (1..=SELF_HARM_STEPS).map(step).collect(),
                address: self_harm_address(words),
            }),
            own,
            frame,
        }
    }

    /// Says of every question that is open that it is.
    pub(super) fn gaps(&self, open: &[&str]) -> Vec<FieldProblem> {
        let words = self.frame.words;
        let text = |id: &str| match self.questions.iter().find(|question| question.id == id) {
            Some(question) => words.say_with("instruments-open", &[("number", &question.number.to_string())]),
            None => words.say("instruments-map-open"),
        };
        open.iter().map(|id| FieldProblem::new(id, text(id))).collect()
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }

    fn map_problem(&self) -> Option<&str> {
        self.areas.iter().find_map(|area| self.problem(&area.id))
    }

    fn places(&self) -> &'static [Place] {
        &PLACES
    }
}
