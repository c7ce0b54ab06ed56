//! The letter for an operation: asked for with its day, and written for the anaesthetist.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ldn_report::surgery_letter::{SurgeryLetterError, default_hours};
use ldn_report::{Sheet, SurgeryLetterInput, surgery_letter};
use serde::Deserialize;

use super::case::Case;
use super::days::TypedDate;
use super::paper::{SheetView, last_dose, person};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// Columns of the letter as text.
const WIDTH: usize = 78;

/// The day of the operation is nobody's to read in an address, so it is sent as a form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct LetterForm {
    form_token: String,
    #[serde(default)]
    operation_day: String,
    #[serde(default)]
    operation_month: String,
    #[serde(default)]
    operation_year: String,
    #[serde(default)]
    hours: String,
}

#[derive(Template)]
#[template(path = "plan/letter.html")]
pub(super) struct LetterPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) typed: LetterForm,
    pub(super) shortest: String,
    pub(super) sheet: Option<SheetView>,
    /// Codes of what is missing before a letter can be written at all.
    pub(super) missing: Vec<&'static str>,
    pub(super) problem: Option<(&'static str, String)>,
}

pub(super) async fn ask(State(site): State<Site>, desk: Desk) -> Response {
    let coming = desk.course.procedures().iter().filter_map(|procedure| procedure.value.on);
    let typed = match coming.filter(|on| *on >= desk.today).min() {
        Some(on) => LetterForm::on(&TypedDate::of(on)),
        None => LetterForm::default(),
    };
    rendered(&LetterPage::of(&site, &desk, typed)).into_response()
}

pub(super) async fn write(
    State(site): State<Site>,
    desk: Desk,
    Form(form): Form<LetterForm>,
) -> Result<Response, Refused> {
    desk.signed_in.form_token.check(&form.form_token).map_err(|trouble| desk.signed_in.refuse(trouble))?;
    let page = LetterPage::of(&site, &desk, form.clone());
    if !page.missing.is_empty() {
        return Ok((StatusCode::CONFLICT, rendered(&page)).into_response());
    }
    match letter(&desk, &form) {
        Ok(sheet) => Ok(rendered(&LetterPage { sheet: Some(SheetView::of(&sheet)), ..page }).into_response()),
        Err(problem) => {
            let page = LetterPage { problem: Some(problem), ..page };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response())
        }
    }
}

/// Hands the letter out as plain text.
pub(super) async fn download(
    State(site): State<Site>,
    desk: Desk,
    Form(form): Form<LetterForm>,
) -> Result<Response, Refused> {
    desk.signed_in.form_token.check(&form.form_token).map_err(|trouble| desk.signed_in.refuse(trouble))?;
    let page = LetterPage::of(&site, &desk, form.clone());
    if !page.missing.is_empty() {
        return Ok((StatusCode::CONFLICT, rendered(&page)).into_response());
    }
    match letter(&desk, &form) {
        Ok(sheet) => {
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"letter.txt\""),
            ];
            Ok((headers, sheet.text(WIDTH)).into_response())
        }
        Err(problem) => {
            let page = LetterPage { problem: Some(problem), ..page };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response())
        }
    }
}

impl LetterForm {
    fn on(date: &TypedDate) -> LetterForm {
        LetterForm {
            operation_day: date.day.clone(),
            operation_month: date.month.clone(),
            operation_year: date.year.clone(),
            ..LetterForm::default()
        }
    }

    fn date(&self) -> TypedDate {
        TypedDate {
            day: self.operation_day.clone(),
            month: self.operation_month.clone(),
            year: self.operation_year.clone(),
        }
    }
}

impl LetterPage {
    fn of(site: &Site, desk: &Desk, typed: LetterForm) -> LetterPage {
        let case = Case::of(desk);
        let missing = [
            case.plan_for_paper().is_none().then_some("plan-paper-no-plan"),
            person(desk).is_none().then_some("plan-paper-no-birth-year"),
        ];
        LetterPage {
            frame: desk.frame(site, "/letter"),
            form_token: desk.signed_in.form_token.as_str().to_owned(),
            typed,
            shortest: default_hours().to_string(),
            sheet: None,
            missing: missing.into_iter().flatten().collect(),
            problem: None,
        }
    }
}

impl LetterPage {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().filter(|(found, _)| *found == field).map(|(_, text)| text.as_str())
    }
}

/// Writes the letter, or says at which field it failed and why.
fn letter(desk: &Desk, form: &LetterForm) -> Result<Sheet, (&'static str, String)> {
    let case = Case::of(desk);
    let words = case.words;
    let no_date = || ("operation_day", words.say("plan-letter-date"));
    let operation = form.date().date().ok_or_else(no_date)?;
    let shortest = default_hours().to_string();
    let hours_wrong = || ("hours", words.say_with("plan-letter-hours", &[("hours", &shortest)]));
    let hours = match form.hours.trim() {
        "" => None,
        text => Some(text.parse::<u16>().map_err(|_| hours_wrong())?),
    };
    let missing = || ("operation_day", words.say("plan-paper-no-plan"));
    let (plan, superseded) = case.plan_for_paper().ok_or_else(missing)?;
    let person = person(desk).ok_or_else(|| ("operation_day", words.say("plan-paper-no-birth-year")))?;
    let input = SurgeryLetterInput {
        plan: &plan,
        superseded,
        person: &person,
        operation,
        hours,
        last_dose: last_dose(&desk.course, desk.today, &desk.zone),
        today: desk.today,
    };
    surgery_letter(&input).map_err(|error| match error {
        SurgeryLetterError::Hours { .. } => hours_wrong(),
        SurgeryLetterError::Past { .. } => ("operation_day", words.say("plan-letter-past")),
        SurgeryLetterError::BirthYear(_) => ("operation_day", words.say("plan-paper-no-birth-year")),
    })
}
