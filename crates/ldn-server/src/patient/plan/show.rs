//! The plan page.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use ldn_core::Plan;
use ldn_core::plan::Hold;

use super::AS_PRESCRIBED;
use super::case::Case;
use super::days::{in_words, span, with_weekday};
use super::mark::SourceMark;
use super::picture::{Drawn, of_plan};
use super::rules::{BadDay, without_marks};
use super::tonight::{Tonight, next_step, step_in_words};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::rendered;

#[derive(Template)]
#[template(path = "plan/show.html")]
pub(super) struct PlanPage {
    pub(super) frame: Frame,
    tonight: Tonight,
    next: Option<String>,
    steps: Vec<StepLine>,
    chart: Option<(Drawn, String)>,
    holds: Vec<HoldLine>,
    reviews: Vec<ReviewLine>,
    judge: Option<String>,
    bad_days: Vec<BadDay>,
    about: Vec<String>,
    /// Whether there is a plan to print papers of.
    has_plan: bool,
    /// Whether the person enters the plan alone.
    enters_alone: bool,
}

/// One step of the plan.
struct StepLine {
    days: String,
    dose: String,
    now: bool,
    /// The plan's own words; `None` for a dose as it was prescribed.
    why: Option<String>,
    mark: SourceMark,
}

/// Days without LDN.
struct HoldLine {
    days: String,
    why: String,
    marks: Vec<SourceMark>,
}

/// When somebody looks at what.
struct ReviewLine {
    day: String,
    what: String,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    rendered(&PlanPage::of(Case::of(&desk), desk.frame(&site, "/plan"))).into_response()
}

impl PlanPage {
    pub(super) fn of(case: Case<'_>, frame: Frame) -> PlanPage {
        let tonight = Tonight::of(case);
        let on_desk = case.plan();
        let plan = on_desk.as_ref().map(|on_desk| on_desk.plan);
        // A plan that ended says so and nothing else; of a blinded one no step is shown.
        let open = plan.filter(|_| tonight.speaks && !case.is_blinded());
        let speaks = plan.filter(|_| tonight.speaks || case.is_blinded() && !tonight.act);
        PlanPage {
            next: open.and_then(|plan| next(case, plan)),
            steps: open.map(|plan| steps(case, plan)).unwrap_or_default(),
            chart: open.and_then(|plan| of_plan(case, plan)),
            holds: holds(case, speaks),
            reviews: speaks.map(|plan| reviews(case, plan)).unwrap_or_default(),
            judge: speaks.and_then(|plan| judge(case, plan)),
            bad_days: speaks.map(|plan| BadDay::all(case.words, &plan.parts().rules)).unwrap_or_default(),
            about: plan
                .map(|plan| about(case, plan, on_desk.as_ref().is_some_and(|desk| desk.signed)))
                .unwrap_or_default(),
            has_plan: case.plan_for_paper().is_some(),
            enters_alone: case.course.plans().signed().is_empty(),
            tonight,
            frame,
        }
    }
}

/// What comes next, when, and in how many days.
fn next(case: Case<'_>, plan: &Plan) -> Option<String> {
    let words = case.words;
    let step = next_step(plan, case.today)?;
    let days = u32::try_from((step.from - case.today).get_days()).ok()?;
    let (dose, date) = (step_in_words(words, step), with_weekday(words, step.from));
    let when = words.count("plan-in-days", days);
    Some(words.say_with("plan-next", &[("dose", &dose), ("date", &date), ("when", &when)]))
}

fn steps(case: Case<'_>, plan: &Plan) -> Vec<StepLine> {
    let ended = |to: Option<Date>| to.is_some_and(|to| to < case.today);
    let line = |step: &ldn_core::plan::Step| StepLine {
        days: span(case.words, step.from, step.to),
        dose: step_in_words(case.words, step),
        now: step.contains(case.today),
        why: (step.source != AS_PRESCRIBED).then(|| step.why.clone()),
        mark: SourceMark::of(case.words, &step.source),
    };
    plan.steps().iter().filter(|step| !ended(step.to)).map(line).collect()
}

/// The pauses of the plan and those recorded beside it that are not over.
fn holds(case: Case<'_>, plan: Option<&Plan>) -> Vec<HoldLine> {
    let of_plan = plan.map_or(&[][..], |plan| plan.holds());
    let beside = case.holds_beside().map(|held| &held.hold);
    let over = |hold: &&Hold| hold.to.is_some_and(|to| to < case.today);
    let mut all: Vec<&Hold> = of_plan.iter().chain(beside).filter(|hold| !over(hold)).collect();
    all.sort_by_key(|hold| hold.from);
    all.dedup();
    let line = |hold: &Hold| HoldLine {
        days: span(case.words, hold.from, hold.to),
        why: hold.why.clone(),
        marks: SourceMark::of_rule(case.words, &hold.rule),
    };
    all.into_iter().map(line).collect()
}

fn reviews(case: Case<'_>, plan: &Plan) -> Vec<ReviewLine> {
    let coming = plan.parts().review.iter().filter(|review| review.on >= case.today);
    coming
        .map(|review| ReviewLine {
            day: with_weekday(case.words, review.on),
            what: without_marks(&review.what).0.to_owned(),
        })
        .collect()
}

fn judge(case: Case<'_>, plan: &Plan) -> Option<String> {
    let on = plan.parts().judge_on?;
    let code = if on > case.today { "plan-judge-later" } else { "plan-judge-now" };
    Some(case.words.say_with(code, &[("date", &in_words(case.words, on))]))
}

/// Version, signature and the last day. A blinded plan's own name follows from its doses and so stands nowhere.
fn about(case: Case<'_>, plan: &Plan, signed: bool) -> Vec<String> {
    let (words, parts) = (case.words, plan.parts());
    let version = words.say_with(
        "plan-version",
        &[("version", &parts.version.to_string()), ("date", &in_words(words, parts.made_on))],
    );
    let signature = match &parts.signature {
        Some(signature) if signed => words.say_with(
            "plan-signed",
            &[("prescriber", &signature.prescriber), ("date", &in_words(words, signature.on))],
        ),
        _ => words.say("plan-not-signed"),
    };
    let valid = words.say_with("plan-valid", &[("date", &in_words(words, parts.valid_until))]);
    vec![version, signature, valid]
}
