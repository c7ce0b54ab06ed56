//! What is known, how well, and who disagrees: a search, and one page for each claim, disagreement, trial, review, source
//! and pooled outcome.
//!
//! Everything is asked of [`ldn_evidence`]; [`facts`] turns a thing into lines, [`forest`] pools what may be pooled.

mod facts;
mod forest;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ldn_evidence::Library;
use serde::Deserialize;

use super::room::Clinician;
use crate::frame::Frame;
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;
use facts::Facts;

/// Hits of one search.
const HITS: usize = 30;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/evidence", get(search)).route("/evidence/{slug}", get(show))
}

/// What is looked for; it is about the literature and names nobody.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

/// A link with what it leads to.
struct Link {
    id: String,
    title: String,
    about: String,
}

#[derive(Template)]
#[template(path = "clinic/evidence.html")]
struct SearchPage {
    frame: Frame,
    asked: String,
    hits: Vec<Link>,
    n_more: usize,
    read_as: Vec<String>,
    outcomes: Vec<Link>,
    conflicts: Vec<Link>,
}

#[derive(Template)]
#[template(path = "clinic/evidence_one.html")]
struct OnePage {
    frame: Frame,
    facts: Facts,
    plots: Vec<forest::Plot>,
}

async fn search(State(site): State<Site>, clinician: Clinician, Query(asked): Query<Asked>) -> Response {
    let library = Library::shipped();
    let found = library.search(&asked.q);
    let words = clinician.words();
    let link =
        |id: &str, title: &str, about: String| Link { id: id.to_owned(), title: title.to_owned(), about };
    let hits: Vec<Link> = found
        .hits
        .iter()
        .take(HITS)
        .map(|hit| {
            let about = hit.verdict.map_or(hit.kind.id(), |verdict| verdict.id());
            link(hit.id, hit.title, words.say(&format!("clinic-evidence-is-{about}")))
        })
        .collect();
    let page = SearchPage {
        frame: clinician.frame(&site, "/evidence"),
        asked: asked.q.trim().to_owned(),
        n_more: found.hits.len().saturating_sub(HITS),
        hits,
        read_as: found.read_as.iter().map(|read| format!("{} → {}", read.typed, read.read)).collect(),
        outcomes: library.outcomes().map(|found| link(&found.id, &found.title, String::new())).collect(),
        conflicts: library
            .conflicts()
            .into_iter()
            .map(|found| link(&found.id, &found.title, found.status.word().to_owned()))
            .collect(),
    };
    rendered(&page).into_response()
}

async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(slug): Path<String>,
) -> Result<Response, Refused> {
    let library = Library::shipped();
    let (words, missing) = (clinician.words(), || clinician.signed_in.refuse(Trouble::Missing));
    let (facts, outcomes) = Facts::of(words, library, &slug).ok_or_else(missing)?;
    let plots = outcomes.iter().filter_map(|id| forest::Plot::of(words, library, id)).collect();
    let frame = clinician.frame(&site, &format!("/evidence/{slug}"));
    Ok(rendered(&OnePage { frame, facts, plots }).into_response())
}
