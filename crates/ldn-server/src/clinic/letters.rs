//! Letters: for the anaesthetist of an operation, and for the general practitioner.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ldn_report::surgery_letter::{SurgeryLetterError, default_hours};
use ldn_report::{
    Person, PractitionerLetterInput, Sheet, SurgeryLetterInput, practitioner_letter, surgery_letter,
};

use super::room::{Clinician, Room, birth_year, unprocessable};
use crate::frame::Frame;
use crate::patient::{Case, FieldProblem, Fields, SheetView, TypedDate, last_dose, problem_of};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/clinic/courses/{course}/letters", get(show).post(write))
}

#[derive(Template)]
#[template(path = "clinic/letters.html")]
struct LettersPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    operation: TypedDate,
    hours: String,
    shortest: String,
    /// Codes of what must be known first.
    missing: Vec<&'static str>,
    problems: Vec<FieldProblem>,
    sheet: Option<SheetView>,
}

async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let coming = room.course.procedures().iter().filter_map(|procedure| procedure.value.on);
    let operation = coming.filter(|on| *on >= room.today).min().map(TypedDate::of).unwrap_or_default();
    Ok(rendered(&LettersPage::of(&site, &room, operation, String::new())).into_response())
}

/// Writes a letter; the day of an operation is sent as a form, because an address would keep it.
async fn write(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let operation = fields.date("operation");
    let mut page = LettersPage::of(&site, &room, operation.clone(), fields.get("hours").to_owned());
    let written = match fields.get("letter") {
        "practitioner" => for_practitioner(&room),
        _ => for_operation(&room, &operation, fields.get("hours")),
    };
    match written {
        Ok(sheet) => {
            page.sheet = Some(SheetView::of(&sheet));
            Ok(rendered(&page).into_response())
        }
        Err(problem) => {
            page.problems.extend(problem);
            Ok(unprocessable(&page))
        }
    }
}

/// Whose paper it is; `None` while the year of birth is not known.
fn person(room: &Room) -> Option<Person> {
    birth_year(&room.course).map(|birth_year| Person { name: room.name.clone(), birth_year })
}

/// Writes the letter, or says what is wrong; nothing is said of what the page already calls missing.
fn for_operation(room: &Room, operation: &TypedDate, hours: &str) -> Result<Sheet, Option<FieldProblem>> {
    let (words, shortest) = (room.words(), default_hours().to_string());
    let wrong = |field: &str, text: String| Some(FieldProblem::new(field, text));
    let hours_wrong = || wrong("hours", words.say_with("plan-letter-hours", &[("hours", &shortest)]));
    let case = Case { course: &room.course, today: room.today, words };
    let (plan, superseded) = case.plan_for_paper().ok_or(None)?;
    let person = person(room).ok_or(None)?;
    let operation = operation.date().ok_or_else(|| wrong("operation_day", words.say("plan-letter-date")))?;
    let hours = match hours {
        "" => None,
        text => Some(text.parse::<u16>().map_err(|_| hours_wrong())?),
    };
    let input = SurgeryLetterInput {
        plan: &plan,
        superseded,
        person: &person,
        operation,
        hours,
        last_dose: last_dose(&room.course, room.today, &room.zone),
        today: room.today,
    };
    surgery_letter(&input).map_err(|error| match error {
        SurgeryLetterError::Hours { .. } => hours_wrong(),
        SurgeryLetterError::Past { .. } => wrong("operation_day", words.say("plan-letter-past")),
        SurgeryLetterError::BirthYear(_) => None,
    })
}

fn for_practitioner(room: &Room) -> Result<Sheet, Option<FieldProblem>> {
    let case = Case { course: &room.course, today: room.today, words: room.words() };
    let (plan, superseded) = case.plan_for_paper().ok_or(None)?;
    let person = person(room).ok_or(None)?;
    let input = PractitionerLetterInput {
        plan: &plan,
        superseded,
        person: &person,
        last_dose: last_dose(&room.course, room.today, &room.zone),
        today: room.today,
    };
    practitioner_letter(&input).map_err(|_| None)
}

impl LettersPage {
    fn of(site: &Site, room: &Room, operation: TypedDate, hours: String) -> LettersPage {
        let case = Case { course: &room.course, today: room.today, words: room.words() };
        let missing = [
            case.plan_for_paper().is_none().then_some("plan-paper-no-plan"),
            person(room).is_none().then_some("plan-paper-no-birth-year"),
        ];
        LettersPage {
            frame: room.frame(site, "letters"),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            operation,
            hours,
            shortest: room
                .words()
                .say_with("plan-letter-hours-hint", &[("hours", &default_hours().to_string())]),
            missing: missing.into_iter().flatten().collect(),
            problems: Vec::new(),
            sheet: None,
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }
}
