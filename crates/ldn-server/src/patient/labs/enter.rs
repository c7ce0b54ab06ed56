//! Entering a result, and the results so far.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_care::course_screen::PREGNANCY;
use ldn_core::course::{Course, Recorded};
use ldn_core::ids::{AccountId, EntryId};
use ldn_core::journal::{Body, Decimal, Lab, LabResult};
use serde::Deserialize;

use super::tests_offered::{OFFERED, OTHER, name_of, number, offered, units};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::events::{
    Choice, FieldProblem, Fields, HeldByScreening, held_by_screening, own_entry, past_date, problem_of,
};
use crate::patient::plan::{TypedDate, in_words};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// What stands in the fields.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedLab {
    test: String,
    other: String,
    value: String,
    unit: String,
    limit: String,
    no_limit: bool,
    on: TypedDate,
    no_day: bool,
}

/// A result so far.
pub(super) struct LabLine {
    day: String,
    test: String,
    result: String,
    limit: String,
    entry: Option<EntryId>,
}

#[derive(Template)]
#[template(path = "labs/labs.html")]
pub(super) struct LabsPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) typed: TypedLab,
    pub(super) problems: Vec<FieldProblem>,
    pub(super) saved: bool,
    pub(super) held: Option<HeldByScreening>,
    pub(super) results: Vec<LabLine>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk, Query(done): Query<Done>) -> Response {
    let mut page = LabsPage::of(&site, &desk, TypedLab::default(), Vec::new());
    page.saved = !done.done.is_empty();
    rendered(&page).into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    match enter(&site, &desk, &fields).await? {
        Ok(_) => Ok(Redirect::to("/labs?done=lab").into_response()),
        Err(problems) => {
            let page = LabsPage::of(&site, &desk, TypedLab::of(&fields), problems);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response())
        }
    }
}

/// Reads a result and records it, whether a form or a program sends it; else returns every problem.
///
/// # Errors
/// Refused by the store.
pub(crate) async fn enter(
    site: &Site,
    desk: &Desk,
    fields: &Fields,
) -> Result<Result<Vec<EntryId>, Vec<FieldProblem>>, Refused> {
    match TypedLab::of(fields).lab(fields, desk.today, desk.signed_in.visitor.look.words()) {
        Ok(lab) => desk.record(site, desk.today, vec![Body::Lab(lab)]).await.map(Ok),
        Err(problems) => Ok(Err(problems)),
    }
}

/// Returns the results so far, newest first.
pub(crate) fn newest_first(course: &Course) -> Vec<&Recorded<Lab>> {
    let mut labs: Vec<&Recorded<Lab>> =
        course.labs().iter().filter(|lab| lab.value.test != PREGNANCY).collect();
    labs.sort_by_key(|lab| std::cmp::Reverse((lab.value.on, lab.origin.order())));
    labs
}

impl TypedLab {
    pub(super) fn of(fields: &Fields) -> TypedLab {
        TypedLab {
            test: fields.get("test").to_owned(),
            other: fields.get("other").to_owned(),
            value: fields.get("value").to_owned(),
            unit: fields.get("unit").to_owned(),
            limit: fields.get("limit").to_owned(),
            no_limit: fields.get("no_limit") == "yes",
            on: fields.date("on"),
            no_day: fields.get("no_day") == "yes",
        }
    }

    pub(super) fn lab(&self, fields: &Fields, today: Date, words: Words) -> Result<Lab, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let test = offered(&self.test);
        let name = match test {
            Some(test) if test.code == OTHER => fields.name("other", words, &mut problems),
            Some(test) => test.name.to_owned(),
            None => {
                problems.push(FieldProblem::new("test", words.say("labs-test-missing")));
                String::new()
            }
        };
        let value = decimal("value", &self.value, words, &mut problems);
        let unit = self.unit_of(test.map_or(&[], |test| test.units), words, &mut problems);
        let upper_limit = self.upper_limit(words, &mut problems);
        let on = past_date(&self.on, "on", today, words, &mut problems);
        if self.on.is_empty() != self.no_day {
            problems.push(FieldProblem::new("on_day", words.say("labs-day-missing")));
        }
        match value {
            Some(value) if problems.is_empty() => {
                Ok(Lab { test: name, result: LabResult::Amount { value, unit, upper_limit }, on })
            }
            _ => Err(problems),
        }
    }

    /// A number without its unit is never guessed, and a unit that no rule could read is told at once.
    fn unit_of(&self, units: &[&str], words: Words, problems: &mut Vec<FieldProblem>) -> String {
        let plain = |text: &str| text.to_lowercase().replace(' ', "").replace('μ', "µ");
        let found = units.iter().find(|unit| plain(unit) == plain(&self.unit));
        match found {
            Some(unit) => (*unit).to_owned(),
            None if units.is_empty() && !self.unit.is_empty() => self.unit.clone(),
            None => {
                let text = match units {
                    [] => words.say("labs-unit-missing"),
                    units => words.say_with("labs-unit-wrong", &[("units", &units.join(", "))]),
                };
                problems.push(FieldProblem::new("unit", text));
                String::new()
            }
        }
    }

    /// The limit of the same report, or the word that it is not there; left open it is asked again.
    fn upper_limit(&self, words: Words, problems: &mut Vec<FieldProblem>) -> Option<Decimal> {
        match (self.limit.is_empty(), self.no_limit) {
            (true, true) => None,
            (false, false) => decimal("limit", &self.limit, words, problems),
            _ => {
                problems.push(FieldProblem::new("limit", words.say("labs-limit-missing")));
                None
            }
        }
    }
}

/// Reads a number; what is wrong with it is noted at its field.
fn decimal(field: &str, text: &str, words: Words, problems: &mut Vec<FieldProblem>) -> Option<Decimal> {
    number(text, words).map_err(|text| problems.push(FieldProblem::new(field, text))).ok()
}

impl LabsPage {
    fn of(site: &Site, desk: &Desk, typed: TypedLab, problems: Vec<FieldProblem>) -> LabsPage {
        LabsPage {
            frame: desk.frame(site, "/labs"),
            form_token: desk.signed_in.form_token.as_str().to_owned(),
            typed,
            problems,
            saved: false,
            held: held_by_screening(desk),
            results: results(desk.signed_in.visitor.look.words(), &desk.course, desk.author()),
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }

    fn tests(&self) -> Vec<Choice> {
        let words = self.frame.words;
        let choice = |test: &super::tests_offered::OfferedTest| Choice {
            value: test.code,
            name: words.say(&format!("labs-test-{}", test.code)),
            chosen: test.code == self.typed.test,
        };
        OFFERED.iter().map(choice).collect()
    }

    fn units(&self) -> Vec<&'static str> {
        units()
    }
}

/// The results so far, newest first, as they were written.
pub(super) fn results(words: Words, course: &Course, reader: Option<AccountId>) -> Vec<LabLine> {
    let line = |lab: &Recorded<Lab>| {
        let day = lab.value.on.map_or_else(|| words.say("events-day-unknown"), |day| in_words(words, day));
        let (result, limit) = as_written(words, &lab.value.result);
        let entry = own_entry(&lab.origin, reader);
        LabLine { day, test: name_of(words, &lab.value), result, limit, entry }
    };
    newest_first(course).into_iter().map(line).collect()
}

fn as_written(words: Words, result: &LabResult) -> (String, String) {
    let none = || words.say("labs-no-limit-short");
    match result {
        LabResult::Amount { value, unit, upper_limit } => {
            let limit = upper_limit.as_ref().map_or_else(none, |limit| format!("{limit} {unit}"));
            (format!("{value} {unit}"), limit)
        }
        LabResult::Score(score) => (score.to_string(), none()),
        LabResult::Positive => (words.say("labs-positive"), none()),
        LabResult::Negative => (words.say("labs-negative"), none()),
        LabResult::Text(text) => (text.clone(), none()),
    }
}
