//! The plan: what is taken tonight, what comes next and why, and the papers that are made of it.
//!
//! [`case`] holds what the pages are made from, [`tonight`] says what today asks for, [`making`] of what it is made,
//! [`mark`] where a step comes from, [`days`] writes dates. [`show`] is the page, [`enter`] takes down a plan as it was
//! prescribed, [`calendar`], [`card`] and [`letter`] are for those who have no program.

mod calendar;
mod card;
mod case;
mod days;
mod draft;
mod enter;
mod letter;
mod making;
mod mark;
mod paper;
mod picture;
mod rules;
mod show;
mod tonight;
mod typed;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};

use crate::site::Site;

pub(crate) use calendar::{NoCalendar, calendar, handed_out};
pub(crate) use card::{WIDTH as CARD_WIDTH, card};
pub(crate) use case::Case;
pub(super) use days::short_months;
pub(crate) use days::{TypedDate, in_words, span};
pub(crate) use enter::{Entering, caution, enter};
pub(crate) use letter::{LetterForm, NoLetter, WIDTH as LETTER_WIDTH, letter};
pub(crate) use mark::SourceMark;
pub(crate) use paper::{SheetView, as_text, last_dose};
pub(crate) use picture::{Drawn, of_plan};
pub(crate) use tonight::Tonight;
pub(crate) use typed::{MOST_STEPS, Typed, TypedStep, offered};

#[cfg(test)]
pub(crate) use tests::pages as sampled_pages;

/// The protocol of a plan that was entered as it was prescribed and follows no known schedule.
const AS_PRESCRIBED: &str = "as-prescribed";

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/plan", get(show::show))
        .route("/plan/enter", get(enter::show).post(enter::save))
        .route("/plan/calendar.ics", get(calendar::download))
        .route("/card", get(card::show))
        .route("/card.txt", get(card::download))
        .route("/letter", get(letter::ask).post(letter::write))
        .route("/letter.txt", post(letter::download))
}
