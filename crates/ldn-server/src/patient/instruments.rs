//! Questionnaires: which were answered when, answering one, and what the answers add up to.
//!
//! Only answers are stored; every score is computed again. `assets/instruments.js` computes the same without a network,
//! and `golden/instruments/vectors.json` holds the two together. Thoughts of self-harm come before anything else: any
//! such answer is recorded at once, however little else is answered, and leads to the page that says what to do (H34).

mod answers;
mod body_map;
mod fill;
mod list;
mod question;
mod result;
mod score;

#[cfg(test)]
mod samples;

use axum::Router;
use axum::routing::get;

use crate::site::Site;

pub(crate) use answers::{MAP_DONE, is_area, newest_finished, open, paused, read};
pub(crate) use fill::{Kept, answer, catalogue, find, self_harm_address};
pub(crate) use question::{areas, questions};
pub(crate) use result::result_told;
#[cfg(test)]
pub(crate) use samples::pages as sampled_pages;
pub(crate) use score::{Answers, as_json, score, tells_self_harm};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/instruments", get(list::show))
        .route("/instruments/{id}", get(fill::show).post(fill::save))
        .route("/instruments/{id}/result", get(result::show))
}
