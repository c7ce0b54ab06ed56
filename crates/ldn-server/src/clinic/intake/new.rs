//! Adding a patient.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::clinic::room::{Clinician, unprocessable};
use crate::frame::Frame;
use crate::patient::{FieldProblem, Fields, problem_of};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// The longest name that is kept, in characters; that of an intake.
const LONGEST_NAME: usize = ldn_care::intake::LONGEST_TEXT;

#[derive(Template)]
#[template(path = "clinic/new.html")]
struct NewPage {
    frame: Frame,
    form_token: String,
    name: String,
    problems: Vec<FieldProblem>,
}

pub(super) async fn show(State(site): State<Site>, clinician: Clinician) -> Response {
    rendered(&NewPage::of(&site, &clinician, String::new(), Vec::new())).into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    clinician: Clinician,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let (words, name) = (clinician.words(), fields.get("patient").to_owned());
    let code = match name.chars().count() {
        0 => Some("clinic-new-missing"),
        length if length > LONGEST_NAME => Some("clinic-new-long"),
        _ => None,
    };
    if let Some(code) = code {
        let problems = vec![FieldProblem::new("patient", words.say(code))];
        return Ok(unprocessable(&NewPage::of(&site, &clinician, name, problems)));
    }
    let view = clinician.view(&site)?;
    let added = view.add_patient(&name, site.now()).await;
    let (_, course) = added.map_err(|error| clinician.refuse(&site, &error))?;
    Ok(Redirect::to(&format!("/clinic/courses/{course}/intake/birth")).into_response())
}

impl NewPage {
    fn of(site: &Site, clinician: &Clinician, name: String, problems: Vec<FieldProblem>) -> NewPage {
        NewPage {
            frame: clinician.frame(site, "/clinic/new"),
            form_token: clinician.form_token(),
            name,
            problems,
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }
}
