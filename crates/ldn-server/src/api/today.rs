//! The diary of today: what it knows and asks, and one answer at a time.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::opened::ToChange;
use super::sent::Sent;
use super::{OfCourse, Refusals, TokenHeader, Unreadable};
use crate::patient::today::{Model, SaveForm, may_keep, save_answer};
use crate::patient::{Desk, NoDesk};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::{Refused, Visitor};

/// What the diary knows, with the token that sends entries.
#[derive(Serialize, ToSchema)]
pub(super) struct DiaryOfToday {
    /// What the header `x-form-token` must carry; never kept.
    token: String,
    #[serde(flatten)]
    model: Model,
}

/// One answer of the diary. Which fields count, `what` decides.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerSent {
    /// The local day, from a week back to today; today without it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<Date>,
    /// `score`, `dose`, `side-effect`, `severity`, `note` or `undo`.
    #[schema(pattern = "^(score|dose|side-effect|severity|note|undo)$")]
    what: String,
    /// Of a score: `pain`, `fatigue`, `sleep`, `mood` or `fog`.
    #[serde(default)]
    #[schema(pattern = "^(|pain|fatigue|sleep|mood|fog)$")]
    measure: String,
    /// Of a score: 0 to 10.
    #[serde(default)]
    #[schema(maximum = 10)]
    value: Option<u8>,
    /// Of a dose: which of the day's doses, from 0.
    #[serde(default)]
    place: u8,
    /// Of a dose: `yes`, `no` or `changed`.
    #[serde(default)]
    #[schema(pattern = "^(|yes|no|changed)$")]
    answer: String,
    /// Of a changed dose: milligrams as written, such as `3`; as planned without it.
    #[serde(default)]
    amount: String,
    /// Of a changed dose: the time, such as `22:30`.
    #[serde(default)]
    time: String,
    /// Of a side effect: what it is, in the person's words.
    #[serde(default)]
    term: String,
    /// Of a severity or an undoing: the entry.
    #[serde(default)]
    entry: String,
    /// Of a severity: `mild`, `moderate` or `severe`.
    #[serde(default)]
    #[schema(pattern = "^(|mild|moderate|severe)$")]
    severity: String,
    /// Of a note: its text.
    #[serde(default)]
    text: String,
}

/// What was saved.
#[derive(Serialize, ToSchema)]
pub(super) struct SavedJson {
    /// The local day that it is of.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The entry, by which it can be undone.
    entry: String,
}

/// Returns what the page of today knows: the days that can be written, their doses, scores and side effects.
#[utoipa::path(
    get,
    path = "/api/today",
    operation_id = "read_today",
    tag = "diary",
    responses((status = 200, body = DiaryOfToday), Refusals)
)]
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    desk: Result<Desk, NoDesk>,
) -> Result<Json<DiaryOfToday>, Refused> {
    let desk = desk.map_err(|none| match none {
        NoDesk::Refused(refused) => refused,
        NoDesk::NoCourse => Refused::to(&visitor, Trouble::Missing),
    })?;
    let may_keep = may_keep(&site, &desk).await?;
    let model = Model::of(&desk, site.now(), may_keep);
    Ok(Json(DiaryOfToday { token: desk.signed_in.form_token.as_str().to_owned(), model }))
}

/// Saves one answer of the diary. Answering again corrects: both answers stay in the journal.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/today",
    operation_id = "save_answer",
    tag = "diary",
    params(OfCourse, TokenHeader),
    request_body = AnswerSent,
    responses((status = 201, body = SavedJson), Unreadable, Refusals)
)]
pub(super) async fn save(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<AnswerSent>,
) -> Result<(StatusCode, Json<SavedJson>), Refused> {
    let (day, entry) = save_answer(&site, &desk, &sent.form()).await?;
    Ok((StatusCode::CREATED, Json(SavedJson { day, entry: entry.to_string() })))
}

impl AnswerSent {
    fn form(self) -> SaveForm {
        let AnswerSent { day, what, measure, answer, amount, time, term, entry, severity, text, .. } = self;
        let value = self.value.map(|value| value.to_string()).unwrap_or_default();
        let place = usize::from(self.place);
        SaveForm {
            day,
            what,
            measure,
            value,
            place,
            answer,
            amount,
            time,
            term,
            entry,
            severity,
            text,
            ..SaveForm::default()
        }
    }
}
