//! Questionnaires: what they ask, what answers add up to, and answering one.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use ldn_core::instrument::Instrument;
use ldn_core::journal::ItemAnswer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::opened::{Opened, ToChange};
use super::sent::{Filled, Sent};
use super::{OfCourse, OfQuestionnaire, Refusals, TokenHeader, Unreadable};
use crate::patient::Desk;
use crate::patient::instruments::{
    Answers, Kept, MAP_DONE, answer, areas, as_json, catalogue, find, newest_finished, open, paused,
    questions, read, score, self_harm_address, tells_self_harm,
};
use crate::site::Site;
use crate::trouble::{FieldError, Trouble};
use crate::visitor::Refused;

/// The questionnaires.
#[derive(Serialize, ToSchema)]
pub(super) struct InstrumentsJson {
    instruments: Vec<InstrumentLineJson>,
}

/// One questionnaire.
#[derive(Serialize, ToSchema)]
struct InstrumentLineJson {
    /// Its name in the addresses.
    id: &'static str,
    /// The version of wording and scoring.
    version: String,
    /// In the visitor's language.
    name: String,
    /// The day on which it was last finished.
    #[schema(value_type = Option<String>, format = Date)]
    last: Option<Date>,
    /// True if it was paused and can be finished.
    waits: bool,
}

/// What a questionnaire asks.
#[derive(Serialize, ToSchema)]
pub(super) struct InstrumentJson {
    id: &'static str,
    version: String,
    name: String,
    /// Lowest and highest total.
    range: [u8; 2],
    /// False if only a site with its own licence may show the wording.
    text_included: bool,
    /// In order; the places of the map of the body first.
    questions: Vec<QuestionJson>,
    /// Answers that were paused, by question.
    #[schema(value_type = Object)]
    paused: Value,
}

/// One question.
#[derive(Serialize, ToSchema)]
struct QuestionJson {
    /// Its name in `answers`.
    id: String,
    /// What it asks; where the licence does not allow the wording, its number.
    text: String,
    /// What can be answered: values and their words.
    options: Vec<OptionJson>,
}

/// An answer that is offered.
#[derive(Serialize, ToSchema)]
struct OptionJson {
    value: String,
    name: String,
}

/// Answers to a questionnaire.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswersSent {
    /// By question: one of the values that it offers, as text.
    answers: BTreeMap<String, String>,
    /// True if the map of the body is complete: a place that was not named does not hurt.
    #[serde(default)]
    map: bool,
    /// `pause` keeps what is there for a day, `leave-open` finishes with gaps.
    #[serde(default)]
    #[schema(pattern = "^(|finish|pause|leave-open)$")]
    button: String,
}

/// What answers add up to.
#[derive(Serialize, ToSchema)]
pub(super) struct AddedUpJson {
    /// As `golden/instruments/vectors.json` writes it: totals and bands, or `{"error":…}`.
    #[schema(value_type = Object)]
    score: Value,
    /// Questions without an answer.
    open: Vec<String>,
    /// The page that says what to do now about thoughts of self-harm; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    self_harm: Option<String>,
}

/// What became of a set of answers.
#[derive(Serialize, ToSchema)]
pub(super) struct KeptJson {
    /// `finished`, `paused` or `self-harm`.
    kept: &'static str,
    /// The entry.
    entry: String,
    #[serde(flatten)]
    scored: AddedUpJson,
}

/// The newest set of answers that was finished.
#[derive(Serialize, ToSchema)]
pub(super) struct FinishedJson {
    /// Its day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The answers by question.
    #[schema(value_type = Object)]
    answers: Value,
    #[serde(flatten)]
    scored: AddedUpJson,
}

/// Lists the questionnaires, and when each was last finished.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/instruments",
    operation_id = "list_instruments",
    tag = "instruments",
    params(OfCourse),
    responses((status = 200, body = InstrumentsJson), Refusals)
)]
pub(super) async fn list(
    State(site): State<Site>,
    Opened(desk): Opened,
) -> Result<Json<InstrumentsJson>, Refused> {
    let words = desk.signed_in.visitor.look.words();
    let catalogue = catalogue(&site, &desk)?;
    let line = |instrument: &Instrument| InstrumentLineJson {
        id: instrument.id.id(),
        version: instrument.version.clone(),
        name: words.say(&format!("instruments-{}", instrument.id)),
        last: newest_finished(&desk.course, instrument).map(|newest| newest.origin.day),
        waits: paused(&desk.course, instrument, desk.today).is_some(),
    };
    Ok(Json(InstrumentsJson { instruments: catalogue.all().map(line).collect() }))
}

/// Returns what a questionnaire asks.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/instruments/{id}",
    operation_id = "read_instrument",
    tag = "instruments",
    params(OfCourse, OfQuestionnaire),
    responses((status = 200, body = InstrumentJson), Refusals)
)]
pub(super) async fn show(
    State(site): State<Site>,
    Opened(desk): Opened,
    OfQuestionnaire { id }: OfQuestionnaire,
) -> Result<Json<InstrumentJson>, Refused> {
    let words = desk.signed_in.visitor.look.words();
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let none = Answers::new();
    let of_map = areas(words, instrument, &none).into_iter().map(|area| QuestionJson {
        id: area.id,
        text: area.name,
        options: ["frame-yes", "frame-no"]
            .into_iter()
            .zip(["1", "0"])
            .map(|(code, value)| OptionJson { value: value.to_owned(), name: words.say(code) })
            .collect(),
    });
    let others = questions(words, instrument, &none).into_iter().map(|question| QuestionJson {
        id: question.id,
        text: question.text,
        options: question
            .options
            .into_iter()
            .map(|option| OptionJson { value: option.value, name: option.name })
            .collect(),
    });
    let questions = of_map.chain(others).collect();
    let waiting = paused(&desk.course, instrument, desk.today).map(|recorded| &recorded.value.answers);
    Ok(Json(InstrumentJson {
        id: instrument.id.id(),
        version: instrument.version.clone(),
        name: words.say(&format!("instruments-{}", instrument.id)),
        range: instrument.range,
        text_included: instrument.licence.text_included,
        questions,
        paused: as_value(&site, &desk, waiting.unwrap_or(&none))?,
    }))
}

/// Keeps answers. Thoughts of self-harm come before anything else: they are kept at once, whatever is open, and lead to
/// the page that says what to do.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/instruments/{id}",
    operation_id = "answer_instrument",
    tag = "instruments",
    params(OfCourse, TokenHeader, OfQuestionnaire),
    request_body = AnswersSent,
    responses((status = 201, body = KeptJson), Unreadable, Refusals)
)]
pub(super) async fn save(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    OfQuestionnaire { id }: OfQuestionnaire,
    Sent(sent): Sent<AnswersSent>,
) -> Result<(StatusCode, Json<KeptJson>), Refused> {
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let button = sent.button.clone();
    let answers = on_their_scales(instrument, sent).map_err(|trouble| desk.signed_in.refuse(trouble))?;
    let (kept, entry) = match answer(&site, &desk, instrument, answers.clone(), &button).await? {
        Kept::SelfHarm(entry) => ("self-harm", entry),
        Kept::Paused(entry) => ("paused", entry),
        Kept::Finished(entry) => ("finished", entry),
        Kept::Open(open) => return Err(desk.signed_in.refuse(gaps(&open))),
    };
    let scored = scored(&desk, instrument, &answers);
    Ok((StatusCode::CREATED, Json(KeptJson { kept, entry: entry.to_string(), scored })))
}

/// Says what answers add up to; nothing is kept.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/instruments/{id}/score",
    operation_id = "score_instrument",
    tag = "instruments",
    params(OfCourse, TokenHeader, OfQuestionnaire),
    request_body = AnswersSent,
    responses((status = 200, body = AddedUpJson), Unreadable, Refusals)
)]
pub(super) async fn only_score(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    OfQuestionnaire { id }: OfQuestionnaire,
    Sent(sent): Sent<AnswersSent>,
) -> Result<Json<AddedUpJson>, Refused> {
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let answers = on_their_scales(instrument, sent).map_err(|trouble| desk.signed_in.refuse(trouble))?;
    Ok(Json(scored(&desk, instrument, &answers)))
}

/// Returns the newest set of answers that was finished, and what it adds up to.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/instruments/{id}/result",
    operation_id = "read_result",
    tag = "instruments",
    params(OfCourse, OfQuestionnaire),
    responses((status = 200, body = FinishedJson), Refusals)
)]
pub(super) async fn result(
    State(site): State<Site>,
    Opened(desk): Opened,
    OfQuestionnaire { id }: OfQuestionnaire,
) -> Result<Json<FinishedJson>, Refused> {
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let newest = newest_finished(&desk.course, instrument);
    let newest = newest.ok_or_else(|| desk.signed_in.refuse(Trouble::Missing))?;
    let answers = &newest.value.answers;
    Ok(Json(FinishedJson {
        day: newest.origin.day,
        answers: as_value(&site, &desk, answers)?,
        scored: scored(&desk, instrument, answers),
    }))
}

fn as_value(site: &Site, desk: &Desk, answers: &Answers) -> Result<Value, Refused> {
    serde_json::to_value(answers).map_err(|error| desk.signed_in.refuse(site.broken(&error)))
}

/// Reads answers as the page's form does; what a form cannot even send is refused here.
fn on_their_scales(instrument: &Instrument, sent: AnswersSent) -> Result<Answers, Trouble> {
    let fill = |filled: Filled, (item, value): (&String, &String)| filled.text(item, value.as_str());
    let filled = sent.answers.iter().fold(Filled::default().ticked(MAP_DONE, sent.map), fill);
    let answers = read(instrument, &filled.fields());
    // A place of the map that does not hurt is absent until the map is complete.
    let is_read = |item: &str, value: &str| match answers.get(item) {
        Some(ItemAnswer::Points(points)) => points.as_str() == value,
        Some(ItemAnswer::Text(text)) => text == value,
        Some(ItemAnswer::LeftOpen) => value == "unknown",
        None => value == "0" && crate::patient::instruments::is_area(instrument, item),
    };
    let wrong: Vec<FieldError> = sent
        .answers
        .iter()
        .filter(|(item, value)| !is_read(item, value))
        .map(|(item, _)| {
            FieldError::new(format!("answers.{item}"), "a question's id and a value that it offers")
        })
        .collect();
    if wrong.is_empty() { Ok(answers) } else { Err(Trouble::Fields(wrong)) }
}

fn gaps(open: &[&str]) -> Trouble {
    let expected = "an answer; or send `button` as `leave-open` or `pause`";
    Trouble::Fields(open.iter().map(|item| FieldError::new(format!("answers.{item}"), expected)).collect())
}

fn scored(desk: &Desk, instrument: &Instrument, answers: &Answers) -> AddedUpJson {
    let words = desk.signed_in.visitor.look.words();
    AddedUpJson {
        score: as_json(&score(instrument.id, answers)),
        open: open(instrument, answers).into_iter().map(str::to_owned).collect(),
        self_harm: tells_self_harm(instrument.id, answers).then(|| self_harm_address(words)),
    }
}
