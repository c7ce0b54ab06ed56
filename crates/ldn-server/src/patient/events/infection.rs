//! An infection: a note of the day, because it is neither a side effect nor a condition that a rule asks about, and may
//! still explain a bad week.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_core::journal::{Body, Note};

use super::enter::{Entered, Event, enter};
use super::fields::{FieldProblem, Fields, past_date, problem_of};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::plan::{TypedDate, in_words};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

#[derive(Template)]
#[template(path = "events/infection.html")]
pub(super) struct InfectionPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) name: String,
    pub(super) since: TypedDate,
    pub(super) problems: Vec<FieldProblem>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    rendered(&InfectionPage::of(&site, &desk, String::new(), TypedDate::default(), Vec::new()))
        .into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    if let Entered::Wrong(problems) = enter(&site, &desk, Event::Infection, &fields).await? {
        let (name, typed) = (fields.get("name").to_owned(), fields.date("since"));
        let page = InfectionPage::of(&site, &desk, name, typed, problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
    }
    Ok(Redirect::to("/events?done=infection").into_response())
}

/// Reads an infection as the note that it becomes.
pub(super) fn read(fields: &Fields, today: Date, words: Words) -> Result<Vec<Body>, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name = fields.name("name", words, &mut problems);
    let since = past_date(&fields.date("since"), "since", today, words, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let text = match since {
        Some(day) => {
            words.say_with("events-infection-since", &[("name", &name), ("day", &in_words(words, day))])
        }
        None => words.say_with("events-infection-noted", &[("name", &name)]),
    };
    Ok(vec![Body::Note(Note { text })])
}

impl InfectionPage {
    fn of(
        site: &Site,
        desk: &Desk,
        name: String,
        since: TypedDate,
        problems: Vec<FieldProblem>,
    ) -> InfectionPage {
        let form_token = desk.signed_in.form_token.as_str().to_owned();
        InfectionPage { frame: desk.frame(site, "/events/infection"), form_token, name, since, problems }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }
}
