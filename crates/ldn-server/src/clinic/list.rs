//! The list: everybody who needs the prescriber, the most pressing first.

mod page;
mod show;
mod summary;

use std::fmt::Write as _;

use axum::Router;
use axum::routing::get;

use super::room::Room;
use crate::site::Site;
use summary::Now;

pub(crate) use summary::Summaries;

pub(crate) fn routes() -> Router<Site> {
    // Searching is a form, because a name in an address would stand in logs.
    Router::new().route("/clinic", get(show::show).post(show::search))
}

/// Says the day of a course and what is taken now: "Day 12, 3 mg".
pub(crate) fn now_words(room: &Room) -> String {
    let words = room.words();
    let mut said = page::day(words, summary::day_of(&room.course, room.today));
    let now = page::now(words, Now::of(&room.course, &room.look, room.today));
    let _ = write!(said, ", {now}");
    said
}
