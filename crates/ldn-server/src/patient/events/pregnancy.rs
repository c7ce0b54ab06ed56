//! A pregnancy, the wish for one, or its end.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_care::course_screen::PREGNANCY;
use ldn_core::journal::{Body, Lab, LabResult};

use super::enter::{Entered, Event, enter};
use super::fields::{Choice, FieldProblem, Fields, choices, problem_of};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

const STATES: [&str; 4] = ["pregnant", "trying", "breastfeeding", "no"];

#[derive(Template)]
#[template(path = "events/pregnancy.html")]
pub(super) struct PregnancyPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) problems: Vec<FieldProblem>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    rendered(&PregnancyPage::of(&site, &desk, Vec::new())).into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    if let Entered::Wrong(problems) = enter(&site, &desk, Event::Pregnancy, &fields).await? {
        let page = PregnancyPage::of(&site, &desk, problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
    }
    Ok(Redirect::to("/events?done=pregnancy").into_response())
}

/// Reads what is so now as the result that the screening knows.
pub(super) fn read(fields: &Fields, today: Date, words: Words) -> Result<Vec<Body>, Vec<FieldProblem>> {
    let result = match fields.get("state") {
        "pregnant" => LabResult::Positive,
        "no" => LabResult::Negative,
        text @ ("trying" | "breastfeeding") => LabResult::Text(text.to_owned()),
        _ => {
            return Err(vec![FieldProblem::new("state", words.say("events-pregnancy-missing"))]);
        }
    };
    Ok(vec![Body::Lab(Lab { test: PREGNANCY.to_owned(), result, on: Some(today) })])
}

impl PregnancyPage {
    fn of(site: &Site, desk: &Desk, problems: Vec<FieldProblem>) -> PregnancyPage {
        let form_token = desk.signed_in.form_token.as_str().to_owned();
        PregnancyPage { frame: desk.frame(site, "/events/pregnancy"), form_token, problems }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }

    fn states(&self) -> Vec<Choice> {
        choices(self.frame.words, "events-pregnancy", &STATES, "")
    }
}
