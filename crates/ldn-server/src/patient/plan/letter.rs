//! The letter for an operation: asked for with its day, and written for the anaesthetist.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ldn_report::surgery_letter::{SurgeryLetterError, default_hours};
use ldn_report::{Sheet, SurgeryLetterInput, surgery_letter};
use serde::Deserialize;

use super::case::Case;
use super::days::TypedDate;
use super::paper::{SheetView, as_text, last_dose, person};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// Columns of the letter as text.
pub(crate) const WIDTH: usize = 78;

/// The day of the operation is nobody's to read in an address, so it is sent as a form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct LetterForm {
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
    Ok(match letter(&desk, &form) {
        Ok(sheet) => {
            let page = LetterPage::of(&site, &desk, form);
            rendered(&LetterPage { sheet: Some(SheetView::of(&sheet)), ..page }).into_response()
        }
        Err(none) => no_letter(&site, &desk, form, none),
    })
}

fn no_letter(site: &Site, desk: &Desk, form: LetterForm, none: NoLetter) -> Response {
    let page = LetterPage::of(site, desk, form);
    match none {
        NoLetter::Missing(_) => (StatusCode::CONFLICT, rendered(&page)).into_response(),
        NoLetter::Wrong(field, text) => {
            let page = LetterPage { problem: Some((field, text)), ..page };
            (StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response()
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
    Ok(match letter(&desk, &form) {
        Ok(sheet) => as_text("letter.txt", sheet.text(WIDTH)),
        Err(none) => no_letter(&site, &desk, form, none),
    })
}

/// Why there is no letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoLetter {
    /// Codes of what must be known first.
    Missing(Vec<&'static str>),
    /// The field that is wrong, and what was expected.
    Wrong(&'static str, String),
}

impl LetterForm {
    /// Fills in the day of an operation.
    pub(crate) fn on(date: &TypedDate) -> LetterForm {
        LetterForm {
            operation_day: date.day.clone(),
            operation_month: date.month.clone(),
            operation_year: date.year.clone(),
            ..LetterForm::default()
        }
    }

    /// Fills in for how many hours opioids will be needed, as text.
    pub(crate) fn with_hours(self, hours: String) -> LetterForm {
        LetterForm { hours, ..self }
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
        LetterPage {
            frame: desk.frame(site, "/letter"),
            form_token: desk.signed_in.form_token.as_str().to_owned(),
            typed,
            shortest: default_hours().to_string(),
            sheet: None,
            missing: missing(desk),
            problem: None,
        }
    }
}

impl LetterPage {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().filter(|(found, _)| *found == field).map(|(_, text)| text.as_str())
    }
}

/// Codes of what is missing before a letter can be written at all.
fn missing(desk: &Desk) -> Vec<&'static str> {
    let missing = [
        Case::of(desk).plan_for_paper().is_none().then_some("plan-paper-no-plan"),
        person(desk).is_none().then_some("plan-paper-no-birth-year"),
    ];
    missing.into_iter().flatten().collect()
}

/// Writes the letter.
///
/// # Errors
/// What is missing, or at which field it failed and why.
pub(crate) fn letter(desk: &Desk, form: &LetterForm) -> Result<Sheet, NoLetter> {
    let lacking = || NoLetter::Missing(missing(desk));
    let (Some((plan, superseded)), Some(person)) = (Case::of(desk).plan_for_paper(), person(desk)) else {
        return Err(lacking());
    };
    let case = Case::of(desk);
    let words = case.words;
    let no_date = || NoLetter::Wrong("operation_day", words.say("plan-letter-date"));
    let operation = form.date().date().ok_or_else(no_date)?;
    let shortest = default_hours().to_string();
    let hours_wrong =
        || NoLetter::Wrong("hours", words.say_with("plan-letter-hours", &[("hours", &shortest)]));
    let hours = match form.hours.trim() {
        "" => None,
        text => Some(text.parse::<u16>().map_err(|_| hours_wrong())?),
    };
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
        SurgeryLetterError::Past { .. } => NoLetter::Wrong("operation_day", words.say("plan-letter-past")),
        SurgeryLetterError::BirthYear(_) => lacking(),
    })
}
