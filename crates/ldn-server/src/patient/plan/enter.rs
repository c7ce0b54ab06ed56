//! Entering a plan as it was prescribed: data entry, never advice. Nothing is recorded before the person has seen the
//! dates and doses that follow.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ldn_care::plan::Protocols;
use ldn_core::journal::{Body, PlanProposed};
use serde::Deserialize;

use super::case::Case;
use super::days::{in_words, span};
use super::draft::{Draft, Place, draft};
use super::mark::SourceMark;
use super::picture::{Drawn, of_plan};
use super::tonight::step_in_words;
use super::typed::{MOST_STEPS, TIMES, Typed, TypedStep, offered, word};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::events::FieldProblem;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

/// Which schedule to fill in.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    protocol: String,
}

#[derive(Template)]
#[template(path = "plan/enter.html")]
pub(super) struct EnterPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) typed: Typed,
    pub(super) problems: Vec<FieldProblem>,
    pub(super) schedules: Vec<ScheduleLine>,
    pub(super) may_add: bool,
}

/// The fields of one step.
struct StepFields<'a> {
    legend: String,
    dose_id: String,
    days_id: String,
    typed: &'a TypedStep,
}

/// A known schedule.
pub(super) struct ScheduleLine {
    alias: String,
    title: String,
}

#[derive(Template)]
#[template(path = "plan/check.html")]
pub(super) struct CheckPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) typed: Typed,
    pub(super) steps: Vec<[String; 2]>,
    pub(super) chart: Option<(Drawn, String)>,
    pub(super) valid: String,
    pub(super) cautions: Vec<Caution>,
    pub(super) problem: Option<String>,
}

/// A rule that a dose falls under.
pub(super) struct Caution {
    text: String,
    marks: Vec<SourceMark>,
}

#[derive(Template)]
#[template(path = "plan/closed.html")]
pub(super) struct ClosedPage {
    pub(super) frame: Frame,
    pub(super) text: String,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk, Query(asked): Query<Asked>) -> Response {
    if let Some(code) = closed(Case::of(&desk)) {
        return closed_page(&site, &desk, code);
    }
    let protocol = offered().find(|protocol| protocol.alias == asked.protocol);
    let typed = protocol.map_or_else(Typed::empty, Typed::following);
    rendered(&EnterPage::of(&desk, desk.frame(&site, "/plan/enter"), typed, Vec::new())).into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let mut typed = Typed::read(&fields);
    desk.signed_in.form_token.check(&typed.form_token).map_err(|trouble| desk.signed_in.refuse(trouble))?;
    let case = Case::of(&desk);
    if let Some(code) = closed(case) {
        return Ok(closed_page(&site, &desk, code));
    }
    let frame = desk.frame(&site, "/plan/enter");
    if typed.button == "more" && typed.steps.len() < MOST_STEPS {
        typed.steps.push(TypedStep::default());
    }
    if matches!(typed.button.as_str(), "more" | "change") {
        return Ok(rendered(&EnterPage::of(&desk, frame, typed, Vec::new())).into_response());
    }
    let (draft, asks) = match enter(&site, &desk, &typed).await? {
        Entering::Recorded(_) => return Ok(Redirect::to("/plan").into_response()),
        Entering::Closed(code) => return Ok(closed_page(&site, &desk, code)),
        Entering::Wrong(problems) => {
            let page = EnterPage::of(&desk, frame, typed, problems);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
        }
        Entering::Shown(draft) => (draft, false),
        Entering::Unconfirmed(draft) => (draft, true),
    };
    let page = CheckPage::of(case, frame, desk.signed_in.form_token.as_str(), typed, &draft, asks);
    let status = if asks { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, rendered(&page)).into_response())
}

/// What became of a plan that was sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entering {
    /// No plan can be entered; the code of the reason.
    Closed(&'static str),
    /// Every field to put right.
    Wrong(Vec<FieldProblem>),
    /// Not recorded: what would follow from it.
    Shown(Box<Draft>),
    /// Not recorded: a dose falls under a rule, and nobody confirmed that it was prescribed so.
    Unconfirmed(Box<Draft>),
    /// Recorded.
    Recorded(Box<Draft>),
}

/// Reads a plan as it was prescribed and, if that is the button, records it; the same for a form and for a program.
///
/// # Errors
/// Refused by the store.
pub(crate) async fn enter(site: &Site, desk: &Desk, typed: &Typed) -> Result<Entering, Refused> {
    let case = Case::of(desk);
    if let Some(code) = closed(case) {
        return Ok(Entering::Closed(code));
    }
    let draft = match draft(case.words, typed, &place(case), desk.today) {
        Ok(draft) => Box::new(draft),
        Err(problems) => return Ok(Entering::Wrong(problems)),
    };
    if typed.button != "save" {
        return Ok(Entering::Shown(draft));
    }
    if !draft.cautions.is_empty() && !typed.confirmed {
        return Ok(Entering::Unconfirmed(draft));
    }
    let proposed = Body::PlanProposed(PlanProposed { plan: Box::new(draft.plan.clone()) });
    desk.record(site, desk.today, vec![proposed]).await?;
    Ok(Entering::Recorded(draft))
}

/// Says why no plan can be entered: a prescriber signs here, or a screening must be settled first.
fn closed(case: Case<'_>) -> Option<&'static str> {
    if !case.course.plans().signed().is_empty() {
        Some("plan-enter-closed-signed")
    } else if case.is_stopped() {
        Some("plan-enter-closed-stopped")
    } else if case.is_blinded() {
        Some("plan-enter-closed-blinded")
    } else {
        None
    }
}

fn closed_page(site: &Site, desk: &Desk, code: &str) -> Response {
    let text = desk.signed_in.visitor.look.words().say(code);
    let page = ClosedPage { frame: desk.frame(site, "/plan/enter"), text };
    (StatusCode::CONFLICT, rendered(&page)).into_response()
}

/// The next version; it names the plan that it replaces.
fn place(case: Case<'_>) -> Place {
    match case.course.plans().proposals().last() {
        Some(newest) => {
            Place { version: newest.value.parts().version.saturating_add(1), parent: Some(newest.value.id()) }
        }
        None => Place { version: 1, parent: None },
    }
}

impl EnterPage {
    fn of(desk: &Desk, frame: Frame, typed: Typed, problems: Vec<FieldProblem>) -> EnterPage {
        EnterPage::new(frame, desk.signed_in.form_token.as_str(), typed, problems)
    }

    pub(super) fn new(
        frame: Frame,
        form_token: &str,
        typed: Typed,
        problems: Vec<FieldProblem>,
    ) -> EnterPage {
        let schedules = offered()
            .map(|protocol| ScheduleLine { alias: protocol.alias.clone(), title: protocol.title.clone() })
            .collect();
        EnterPage {
            frame,
            form_token: form_token.to_owned(),
            may_add: typed.steps.len() < MOST_STEPS,
            typed,
            problems,
            schedules,
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.text.as_str())
    }

    fn steps(&self) -> Vec<StepFields<'_>> {
        let fields = |(index, typed): (usize, _)| {
            let number = (index + 1).to_string();
            StepFields {
                legend: self.frame.words.say_with("plan-enter-step", &[("number", &number)]),
                dose_id: format!("dose_{number}"),
                days_id: format!("days_{number}"),
                typed,
            }
        };
        self.typed.steps.iter().enumerate().map(fields).collect()
    }

    /// The name of the schedule that was filled in.
    fn following(&self) -> Option<&'static str> {
        Protocols::shipped().find(&self.typed.protocol).map(|protocol| protocol.title.as_str())
    }

    /// Times of day: code, code of its name, whether it is chosen.
    fn times(&self) -> Vec<(&'static str, String, bool)> {
        let time = |at| {
            let code = word(at);
            (code, self.frame.words.say(&format!("plan-at-{code}")), self.typed.at == code)
        };
        TIMES.map(time).to_vec()
    }
}

/// Says what a rule of screening says of a dose.
pub(crate) fn caution(words: Words, rule: &str) -> String {
    words.say(&format!("plan-caution-{rule}").to_lowercase())
}

impl CheckPage {
    pub(super) fn of(
        case: Case<'_>,
        frame: Frame,
        form_token: &str,
        typed: Typed,
        draft: &Draft,
        must_confirm: bool,
    ) -> CheckPage {
        let words = case.words;
        let steps = draft.plan.steps().iter();
        let caution =
            |rule: &String| Caution { text: caution(words, rule), marks: SourceMark::of_rule(words, rule) };
        CheckPage {
            frame,
            form_token: form_token.to_owned(),
            typed,
            steps: steps.map(|step| [span(words, step.from, step.to), step_in_words(words, step)]).collect(),
            chart: of_plan(case, &draft.plan),
            valid: words
                .say_with("plan-valid", &[("date", &in_words(words, draft.plan.parts().valid_until))]),
            cautions: draft.cautions.iter().map(caution).collect(),
            problem: must_confirm.then(|| words.say("plan-check-confirm-missing")),
        }
    }
}
