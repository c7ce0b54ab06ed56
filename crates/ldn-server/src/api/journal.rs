//! Entries as they are stored, for devices that keep a copy.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use ldn_store::view::Seen;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::opened::Named;
use super::{OfCourse, Refusals, Unreadable};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::{Refused, SignedIn};

/// So many entries in one answer: some months of a diary, and far below a megabyte.
const MOST: usize = 1_000;

/// From where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// Entries after this place in the journal; all of them without it.
    #[serde(default)]
    since: u64,
}

/// A piece of a journal.
#[derive(Serialize, ToSchema)]
pub(super) struct JournalJson {
    /// In the order of the chain; what a blinded trial hides is left out.
    entries: Vec<PlacedJson>,
    /// True if more follow: ask again with the last place.
    more: bool,
}

/// An entry with its place in the chain.
#[derive(Serialize, ToSchema)]
struct PlacedJson {
    /// Counted from 1.
    seq: u64,
    /// The hash of its link.
    hash: String,
    /// The entry, as docs/journal.md describes it.
    #[schema(value_type = Object)]
    entry: Value,
}

/// Returns the entries of a course after a place.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/entries",
    operation_id = "list_entries",
    tag = "course",
    params(OfCourse, Since),
    responses((status = 200, body = JournalJson), Unreadable, Refusals)
)]
pub(super) async fn since(
    State(site): State<Site>,
    signed_in: SignedIn,
    Path(course): Path<String>,
    asked: Result<Query<Since>, QueryRejection>,
) -> Result<Json<JournalJson>, Refused> {
    let Named { course, view } = Named::of(&site, &signed_in, &course)?;
    let seen = view.entries(course, site.now()).await;
    let seen = seen.map_err(|error| signed_in.refuse(site.refusal(&error)))?;
    let Query(Since { since }) = asked.map_err(|_| {
        let expected = "a whole number, from 0 on, and nothing else in the query".to_owned();
        signed_in.refuse(Trouble::Invalid { at: "since".to_owned(), expected })
    })?;
    let mut after = seen.into_iter().filter_map(|seen| match seen {
        Seen::Whole(stored) if stored.link.seq > since => Some(stored),
        _ => None,
    });
    let broken = |error: serde_json::Error| signed_in.refuse(site.broken(&error));
    let mut entries = Vec::new();
    for stored in after.by_ref().take(MOST) {
        let entry = serde_json::from_slice(stored.entry.as_bytes()).map_err(broken)?;
        entries.push(PlacedJson { seq: stored.link.seq, hash: stored.link.hash.to_string(), entry });
    }
    Ok(Json(JournalJson { entries, more: after.next().is_some() }))
}
