//! What else happens on the way, entered, and what the screening says of it at once.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use ldn_core::ids::EntryId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::opened::{Opened, ToChange};
use super::sent::{Filled, Sent, wrong};
use super::{OfCourse, Refusals, TokenHeader, Unreadable};
use crate::patient::Desk;
use crate::patient::events::{AS_WRITTEN, Asked, Entered, Event, Screened, enter, own_entry, seen};
use crate::site::Site;
use crate::trouble::{FieldError, Offer, Trouble};
use crate::visitor::Refused;

/// A medicine that is new, changed or stopped.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MedicineSent {
    /// As it is written on the box.
    name: String,
    /// `daily`, `as-needed`, `planned`, `stopped` or `unknown`.
    #[serde(rename = "use")]
    #[schema(pattern = "^(daily|as-needed|planned|stopped|unknown)$")]
    usage: String,
    /// `oral`, `patch`, `injection`, `nasal`, `inhaled`, `topical`, `other` or `unknown`; unknown without it.
    #[serde(default)]
    #[schema(pattern = "^(|oral|patch|injection|nasal|inhaled|topical|other|unknown)$")]
    route: String,
    /// The day it was last taken.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    last: Option<Date>,
    /// The answer to what was asked about the name: one of the offers.
    #[serde(default)]
    meant: String,
}

/// An infection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InfectionSent {
    /// What it is, in the person's words.
    name: String,
    /// Its first day.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    since: Option<Date>,
}

/// An operation or another procedure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcedureSent {
    /// What it is, in the person's words.
    name: String,
    /// `day`, `next-week`, `later`, `last-weeks` or `longer-ago`.
    #[schema(pattern = "^(day|next-week|later|last-weeks|longer-ago)$")]
    when: String,
    /// Its day, if `when` is `day`.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// Whether opioids are expected: `yes`, `no` or `unknown`.
    #[schema(pattern = "^(yes|no|unknown)$")]
    opioids: String,
}

/// A pregnancy, the wish for one, or its end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PregnancySent {
    /// `pregnant`, `trying`, `breastfeeding` or `no`.
    #[schema(pattern = "^(pregnant|trying|breastfeeding|no)$")]
    state: String,
}

/// Something that was entered by mistake.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StrikeSent {
    /// One of the own entries.
    entry: String,
}

/// What was recorded, and what the screening says now.
#[derive(Serialize, ToSchema)]
pub(super) struct ScreenedJson {
    /// The entries that were recorded.
    entries: Vec<String>,
    screening: Screened,
}

/// Everything that was entered.
#[derive(Serialize, ToSchema)]
pub(super) struct EventsJson {
    screening: Screened,
    /// The newest first.
    events: Vec<EventJson>,
}

/// Something that was entered.
#[derive(Serialize, ToSchema)]
struct EventJson {
    /// The local day on which it was entered.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// What a correction has to name; null for what somebody else wrote.
    entry: Option<String>,
    /// `{"medicine":…}`, `{"procedure":…}` or `{"pregnancy":…}`, as docs/journal.md describes them.
    #[schema(value_type = Object)]
    what: Value,
}

/// Lists medicines, procedures and pregnancies, and what the screening says of everything in the record.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/events",
    operation_id = "list_events",
    tag = "events",
    params(OfCourse),
    responses((status = 200, body = EventsJson), Refusals)
)]
pub(super) async fn list(
    State(site): State<Site>,
    Opened(desk): Opened,
) -> Result<Json<EventsJson>, Refused> {
    let reader = desk.author();
    let mut events = Vec::new();
    for one in seen(&desk.course) {
        let what = serde_json::to_value(&one.what);
        let what = what.map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
        let entry = own_entry(&one.origin, reader).map(|entry| entry.to_string());
        events.push(EventJson { day: one.origin.day, entry, what });
    }
    Ok(Json(EventsJson { screening: Screened::of(&desk), events }))
}

/// Enters a medicine. A name that is not understood is asked about at once: 422 with `offers` for `meant`.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/events/medicine",
    operation_id = "enter_medicine",
    tag = "events",
    params(OfCourse, TokenHeader),
    request_body = MedicineSent,
    responses((status = 201, body = ScreenedJson), Unreadable, Refusals)
)]
pub(super) async fn medicine(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<MedicineSent>,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    let filled = Filled::default().text("name", sent.name).text("use", sent.usage).text("route", sent.route);
    let filled = filled.date("last", sent.last).text("meant", sent.meant);
    entered(&site, &desk, Event::Medicine, filled).await
}

/// Enters an infection.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/events/infection",
    operation_id = "enter_infection",
    tag = "events",
    params(OfCourse, TokenHeader),
    request_body = InfectionSent,
    responses((status = 201, body = ScreenedJson), Unreadable, Refusals)
)]
pub(super) async fn infection(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<InfectionSent>,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    let filled = Filled::default().text("name", sent.name).date("since", sent.since);
    entered(&site, &desk, Event::Infection, filled).await
}

/// Enters an operation or another procedure.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/events/procedure",
    operation_id = "enter_procedure",
    tag = "events",
    params(OfCourse, TokenHeader),
    request_body = ProcedureSent,
    responses((status = 201, body = ScreenedJson), Unreadable, Refusals)
)]
pub(super) async fn procedure(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<ProcedureSent>,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    let filled = Filled::default().text("name", sent.name).text("when", sent.when);
    let filled = filled.date("on", sent.on).text("opioids", sent.opioids);
    entered(&site, &desk, Event::Procedure, filled).await
}

/// Enters a pregnancy, the wish for one, or its end.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/events/pregnancy",
    operation_id = "enter_pregnancy",
    tag = "events",
    params(OfCourse, TokenHeader),
    request_body = PregnancySent,
    responses((status = 201, body = ScreenedJson), Unreadable, Refusals)
)]
pub(super) async fn pregnancy(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<PregnancySent>,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    entered(&site, &desk, Event::Pregnancy, Filled::default().text("state", sent.state)).await
}

/// Strikes out what was entered by mistake; both stay in the journal.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/events/strike",
    operation_id = "strike_out",
    tag = "events",
    params(OfCourse, TokenHeader),
    request_body = StrikeSent,
    responses((status = 201, body = ScreenedJson), Unreadable, Refusals)
)]
pub(super) async fn strike(
    State(site): State<Site>,
    ToChange(desk): ToChange,
    Sent(sent): Sent<StrikeSent>,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    entered(&site, &desk, Event::Strike, Filled::default().text("entry", sent.entry)).await
}

async fn entered(
    site: &Site,
    desk: &Desk,
    event: Event,
    filled: Filled,
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    let fields = filled.fields();
    match enter(site, desk, event, &fields).await? {
        Entered::Recorded(entries) => screened(site, desk, &entries).await,
        Entered::Wrong(problems) => Err(desk.signed_in.refuse(wrong(problems))),
        Entered::Asked(asked) => Err(desk.signed_in.refuse(question(desk, fields.get("name"), asked))),
    }
}

/// Says what was recorded, with what the screening says of the course as it is now.
pub(super) async fn screened(
    site: &Site,
    desk: &Desk,
    entries: &[EntryId],
) -> Result<(StatusCode, Json<ScreenedJson>), Refused> {
    let screening = Screened::of(&desk.again(site).await?);
    let entries = entries.iter().map(EntryId::to_string).collect();
    Ok((StatusCode::CREATED, Json(ScreenedJson { entries, screening })))
}

fn question(desk: &Desk, name: &str, asked: Asked) -> Trouble {
    let words = desk.signed_in.visitor.look.words();
    let as_written = Offer { value: AS_WRITTEN.to_owned(), name: words.say("events-as-written") };
    let (code, near) = match asked {
        Asked::DidYouMean(near) => ("events-did-you-mean", near),
        Asked::NotRecognised => ("events-not-recognised", Vec::new()),
    };
    let near = near.into_iter().map(|(value, name)| Offer { value, name });
    let offers = near.chain([as_written]).collect();
    Trouble::Fields(vec![FieldError {
        at: "meant".to_owned(),
        expected: words.say_with(code, &[("name", name)]),
        offers,
    }])
}
