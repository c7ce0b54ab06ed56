//! Takes entries that devices made, also long ago and without a network.

use axum::Json;
use axum::extract::{Path, State};
use ldn_core::ids::{AccountId, CourseId};
use ldn_core::journal::{Body, Entry, EntryError, Role};
use ldn_store::Appended;
use ldn_store::view::PatientView;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::opened::{Named, Sender};
use super::sent::Sent;
use super::{OfCourse, Refusals, TokenHeader, Unreadable};
use crate::patient::LATE_DAYS;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;
use crate::words::Words;

/// So many entries at once: a month without a network, and an answer within a second.
const MOST: usize = 100;

/// What the session decides and no device may say.
const DECIDED_HERE: [&str; 4] = ["v", "course", "author", "role"];

/// What a device sends.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntriesSent {
    #[schema(value_type = Vec<Object>, max_items = 100)]
    entries: Vec<Map<String, Value>>,
}

/// What became of what was sent, in the same order.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Received {
    outcomes: Vec<Told>,
}

/// What became of one entry.
#[derive(Serialize, utoipa::ToSchema)]
struct Told {
    /// Its id as sent; empty if it had none.
    id: String,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    /// Stored, and on the disk.
    New,
    /// Stored before: sending it again was harmless.
    Known,
    /// Another entry has this id; this one was not stored.
    Conflict,
    /// Not stored, for the reason in the message.
    Refused,
}

/// Stores what can be stored; a bad entry never keeps the others out.
#[utoipa::path(
    post,
    path = "/api/courses/{course}/entries",
    operation_id = "append_entries",
    tag = "course",
    params(OfCourse, TokenHeader),
    request_body = EntriesSent,
    responses((status = 200, body = Received), Unreadable, Refusals)
)]
pub(crate) async fn append(
    State(site): State<Site>,
    Sender(signed_in): Sender,
    Path(course): Path<String>,
    Sent(sent): Sent<EntriesSent>,
) -> Result<Json<Received>, Refused> {
    let refuse = |trouble| signed_in.refuse(trouble);
    let Named { course, view } = Named::of(&site, &signed_in, &course)?;
    let author = signed_in.actor.account().ok_or_else(|| refuse(Trouble::Denied))?;
    if sent.entries.len() > MOST {
        let expected = format!("at most {MOST} entries");
        return Err(refuse(Trouble::Invalid { at: "entries".to_owned(), expected }));
    }
    let words = signed_in.visitor.look.words();
    let read = sent.entries.into_iter().map(|entry| Read::of(entry, course, author, words)).collect();
    let outcomes = Batch { site: &site, view: &view, course, read }.append().await.map_err(refuse)?;
    site.metrics().appended(outcomes.iter().filter(|told| told.outcome == Outcome::New).count());
    Ok(Json(Received { outcomes }))
}

/// One entry as it was sent, read or refused.
struct Read {
    id: String,
    entry: Result<Entry, String>,
}

impl Read {
    fn of(sent: Map<String, Value>, course: CourseId, author: AccountId, words: Words) -> Read {
        let id = sent.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        Read { id, entry: read(sent, course, author, words) }
    }
}

fn read(
    mut sent: Map<String, Value>,
    course: CourseId,
    author: AccountId,
    words: Words,
) -> Result<Entry, String> {
    if let Some(key) = DECIDED_HERE.iter().find(|key| sent.contains_key(**key)) {
        return Err(format!("`{key}`: expected nothing, because the session decides it"));
    }
    sent.insert("v".to_owned(), 1.into());
    sent.insert("course".to_owned(), course.to_string().into());
    sent.insert("author".to_owned(), author.to_string().into());
    sent.insert("role".to_owned(), Role::Patient.word().into());
    let bytes = serde_json::to_vec(&sent).expect("what was read as JSON can be written as JSON");
    let entry = Entry::from_json(&bytes).map_err(|error: EntryError| error.to_string())?;
    if is_of_diary(entry.body()) && !is_in_time(&entry) {
        Err(words.say("today-too-late"))
    } else {
        Ok(entry)
    }
}

const fn is_of_diary(body: &Body) -> bool {
    matches!(body, Body::Dose(_) | Body::Scores(_) | Body::SideEffect(_) | Body::Note(_))
}

/// By the device's own clock and calendar, not by the instant of arrival: a phone may have been away for months.
fn is_in_time(entry: &Entry) -> bool {
    let day = match entry.body() {
        Body::Dose(report) => report.day,
        _ => entry.day(),
    };
    let days_late = (entry.recorded_local().date() - day).get_days();
    (0..=LATE_DAYS).contains(&days_late)
}

struct Batch<'a> {
    site: &'a Site,
    view: &'a PatientView<'a>,
    course: CourseId,
    read: Vec<Read>,
}

impl Batch<'_> {
    /// Appends all at once, and where the store refuses, each for itself.
    async fn append(self) -> Result<Vec<Told>, Trouble> {
        let entries: Vec<Entry> = self.read.iter().filter_map(|read| read.entry.clone().ok()).collect();
        let mut appended = match self.view.append(self.course, &entries, self.site.now()).await {
            Ok(appended) => appended.into_iter().map(Ok).collect(),
            Err(error) => {
                self.refusal(&error)?;
                self.one_by_one(&entries).await?
            }
        }
        .into_iter();
        let told = |read: Read| match read.entry {
            Err(message) => told(read.id, Err(message)),
            Ok(_) => told(read.id, appended.next().unwrap_or_else(|| Err("not stored".to_owned()))),
        };
        Ok(self.read.into_iter().map(told).collect())
    }

    async fn one_by_one(&self, entries: &[Entry]) -> Result<Vec<Result<Appended, String>>, Trouble> {
        let mut appended = Vec::with_capacity(entries.len());
        for entry in entries {
            let one = self.view.append(self.course, std::slice::from_ref(entry), self.site.now()).await;
            appended.push(match one {
                Ok(one) => one.into_iter().next().ok_or_else(|| "not stored".to_owned()),
                Err(error) => Err(self.refusal(&error)?),
            });
        }
        Ok(appended)
    }

    /// Says why an entry is refused; a fault of ours, or a course that is not theirs, refuses the request instead.
    fn refusal(&self, error: &ldn_store::view::AccessError) -> Result<String, Trouble> {
        use ldn_store::view::AccessError;
        match error {
            AccessError::NotTheAuthor { .. } | AccessError::NothingToCorrect { .. } => Ok(error.to_string()),
            AccessError::Refused { operation: ldn_store::policy::Operation::Append, .. } => {
                Ok(error.to_string())
            }
            error => Err(self.site.refusal(error)),
        }
    }
}

fn told(id: String, appended: Result<Appended, String>) -> Told {
    let (outcome, message) = match appended {
        Ok(Appended::New(_)) => (Outcome::New, None),
        Ok(Appended::Known { .. }) => (Outcome::Known, None),
        Ok(Appended::Conflict) => (Outcome::Conflict, Some("another entry has this id".to_owned())),
        Err(message) => (Outcome::Refused, Some(message)),
    };
    Told { id, outcome, message }
}
