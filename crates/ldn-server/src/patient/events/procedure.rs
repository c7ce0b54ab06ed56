//! An operation or another procedure, past or coming.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::journal::{Answer, Body, Note, Procedure};

use super::enter::{Entered, Event, enter};
use super::fields::{Choice, FieldProblem, Fields, choices, optional_date, problem_of};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::plan::TypedDate;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

const WHEN: [&str; 5] = ["day", "next-week", "later", "last-weeks", "longer-ago"];
const OPIOIDS: [&str; 3] = ["yes", "no", "unknown"];

/// What stands in the fields.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedProcedure {
    name: String,
    when: String,
    on: TypedDate,
    opioids: String,
}

#[derive(Template)]
#[template(path = "events/procedure.html")]
pub(super) struct ProcedurePage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) typed: TypedProcedure,
    pub(super) problems: Vec<FieldProblem>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    rendered(&ProcedurePage::of(&site, &desk, TypedProcedure::default(), Vec::new())).into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    if let Entered::Wrong(problems) = enter(&site, &desk, Event::Procedure, &fields).await? {
        let page = ProcedurePage::of(&site, &desk, TypedProcedure::of(&fields), problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
    }
    Ok(Redirect::to("/events?done=procedure").into_response())
}

/// Reads a procedure; where its day is not known, a note says so.
pub(super) fn read(fields: &Fields, today: Date, words: Words) -> Result<Vec<Body>, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let typed = TypedProcedure::of(fields);
    fields.name("name", words, &mut problems);
    let on = match typed.when.as_str() {
        "day" => {
            let on = optional_date(&typed.on, "on", words, &mut problems);
            if typed.on.is_empty() {
                problems.push(FieldProblem::new("on_day", words.say("events-date-wrong")));
            }
            on
        }
        about if WHEN.contains(&about) => counted_as(about, today),
        _ => {
            problems.push(FieldProblem::new("when", words.say("events-when-missing")));
            None
        }
    };
    let opioids_expected: Option<Answer> = typed.opioids.parse().ok();
    if opioids_expected.is_none() {
        problems.push(FieldProblem::new("opioids", words.say("events-opioids-missing")));
    }
    let (true, Some(opioids_expected)) = (problems.is_empty(), opioids_expected) else {
        return Err(problems);
    };
    let mut bodies = vec![Body::Procedure(Procedure { name: typed.name.clone(), on, opioids_expected })];
    if typed.when != "day" {
        let about = words.say(&format!("events-when-{}", typed.when));
        let text = words.say_with("events-about", &[("name", &typed.name), ("when", &about)]);
        bodies.push(Body::Note(Note { text }));
    }
    Ok(bodies)
}

impl TypedProcedure {
    fn of(fields: &Fields) -> TypedProcedure {
        let text = |field: &str| fields.get(field).to_owned();
        TypedProcedure {
            name: text("name"),
            when: text("when"),
            on: fields.date("on"),
            opioids: text("opioids"),
        }
    }
}

/// Returns the day as which an uncertain one counts: of a near one the day that keeps LDN away longest, beginning now.
/// The note beside it says that the day is not known; entering the day and striking this out ends it.
fn counted_as(about: &str, today: Date) -> Option<Date> {
    match about {
        "next-week" => Some(today.saturating_add(1.day())),
        "last-weeks" => Some(today),
        _ => None,
    }
}

impl ProcedurePage {
    fn of(site: &Site, desk: &Desk, typed: TypedProcedure, problems: Vec<FieldProblem>) -> ProcedurePage {
        let form_token = desk.signed_in.form_token.as_str().to_owned();
        ProcedurePage { frame: desk.frame(site, "/events/procedure"), form_token, typed, problems }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }

    fn whens(&self) -> Vec<Choice> {
        choices(self.frame.words, "events-when", &WHEN, &self.typed.when)
    }

    fn opioids(&self) -> Vec<Choice> {
        choices(self.frame.words, "events-opioids", &OPIOIDS, &self.typed.opioids)
    }
}
