//! A proposed plan before it is signed: every step with its reason, and what each choice of strengths costs in capsules.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_care::dispense::{Choice as Strengths, Compounding, choose_strengths};
use ldn_core::course::{Origin, Recorded};
use ldn_core::journal::{Body, PlanSigned};
use ldn_core::plan::Plan;

use crate::clinic::course::dose;
use crate::clinic::room::{Clinician, Room};
use crate::frame::Frame;
use crate::patient::{Case, Drawn, Fields, SourceMark, in_words, of_plan, span};
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;
use crate::words::Words;

/// Days of the fill that choices of strengths are compared for.
const FILL_DAYS: u32 = 30;
/// The most strengths that a choice has.
const MOST_STRENGTHS: usize = 3;

#[derive(Template)]
#[template(path = "clinic/preview.html")]
struct PreviewPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    id: String,
    title: String,
    chart: Option<(Drawn, String)>,
    steps: Vec<StepView>,
    holds: Vec<[String; 2]>,
    reviews: Vec<[String; 2]>,
    fulfils: Vec<[String; 2]>,
    overrides: Vec<[String; 3]>,
    proposed: Vec<[String; 3]>,
    rules: Vec<[String; 2]>,
    costs: Vec<Cost>,
    cost_refused: Option<String>,
    /// Why it cannot be signed; `None` if it can.
    refused: Option<String>,
    is_signed: bool,
    /// Who signs for whom.
    sign_text: String,
}

/// A step with its reason.
struct StepView {
    days: String,
    dose: String,
    why: String,
    mark: SourceMark,
}

/// One choice of strengths.
struct Cost {
    strengths: String,
    capsules: String,
    price: String,
    left_over: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path((id, slug)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let signer = room.signer(&site).await?;
    let proposal = found(&room, &slug)?;
    let refused = why_not(&room, proposal);
    Ok(rendered(&PreviewPage::of(&site, &room, proposal, refused, signer)).into_response())
}

/// Signs a proposed plan, unless something was learned since it was proposed.
pub(super) async fn sign(
    State(site): State<Site>,
    clinician: Clinician,
    Path((id, slug)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let signer = room.signer(&site).await?;
    let proposal = found(&room, &slug)?;
    if let Some(refused) = why_not(&room, proposal) {
        let page = PreviewPage::of(&site, &room, proposal, Some(refused), signer);
        return Ok((StatusCode::CONFLICT, rendered(&page)).into_response());
    }
    let signed = PlanSigned { plan: proposal.value.id(), prescriber: signer, on: room.today };
    room.record(&site, vec![Body::PlanSigned(signed)]).await?;
    let next = if proposal.value.parts().blinded { room.address("") } else { room.address("order") };
    Ok(Redirect::to(&format!("{next}?done=signed")).into_response())
}

fn found<'r>(room: &'r Room, id: &str) -> Result<&'r Recorded<Plan>, Refused> {
    let proposals = room.course.plans().proposals().iter();
    let found = proposals.rev().find(|proposal| proposal.value.id().as_str() == id);
    found.ok_or_else(|| room.clinician.signed_in.refuse(Trouble::Missing))
}

/// Says why a proposal cannot be signed now: it is signed, declined, of another day, or something was learned since.
fn why_not(room: &Room, proposal: &Recorded<Plan>) -> Option<String> {
    let (words, id) = (room.words(), proposal.value.id());
    let plans = room.course.plans();
    let code = if plans.signed().iter().any(|signed| signed.id == id) {
        "clinic-preview-signed"
    } else if plans.ended().iter().any(|ended| ended.value.plan == id) {
        "clinic-preview-ended"
    } else if proposal.origin.role != ldn_core::journal::Role::Prescriber {
        "clinic-preview-patients"
    } else if proposal.value.parts().made_on != room.today {
        "clinic-preview-old"
    } else if learned_since(room, &proposal.origin) {
        "clinic-preview-learned"
    } else if plans
        .signed()
        .iter()
        .any(|signed| signed.plan.parts().version >= proposal.value.parts().version)
    {
        "clinic-preview-replaced"
    } else {
        return None;
    };
    Some(words.say(code))
}

/// Returns true if anything that a screening reads was recorded after an entry.
fn learned_since(room: &Room, proposed: &Origin) -> bool {
    let course = &room.course;
    let known = course
        .intakes()
        .iter()
        .map(|found| found.origin)
        .chain(course.medicines().iter().map(|found| found.origin))
        .chain(course.procedures().iter().map(|found| found.origin))
        .chain(course.labs().iter().map(|found| found.origin))
        .chain(course.instruments().iter().map(|found| found.origin))
        .chain(course.plans().holds().iter().map(|found| found.origin));
    known.map(|origin| origin.order()).any(|order| order > proposed.order())
}

impl PreviewPage {
    fn of(
        site: &Site,
        room: &Room,
        proposal: &Recorded<Plan>,
        refused: Option<String>,
        signer: String,
    ) -> PreviewPage {
        let (words, plan) = (room.words(), &proposal.value);
        let parts = plan.parts();
        let case = Case { course: &room.course, today: room.today, words };
        let (costs, cost_refused) = costs(words, plan, room.today);
        let pair = |code: &str, text: &String| (!text.is_empty()).then(|| [words.say(code), text.clone()]);
        PreviewPage {
            frame: room.frame(site, &format!("proposed/{}", plan.id())),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            id: plan.id().as_str().to_owned(),
            title: words.say_with(
                "clinic-plan-title",
                &[("version", &parts.version.to_string()), ("id", plan.id().as_str())],
            ),
            chart: of_plan(case, plan),
            steps: if parts.blinded { Vec::new() } else { steps(words, plan) },
            holds: parts
                .holds
                .iter()
                .map(|hold| [span(words, hold.from, hold.to), format!("{} ({})", hold.why, hold.rule)])
                .collect(),
            reviews: parts
                .review
                .iter()
                .map(|review| [in_words(words, review.on), review.what.clone()])
                .collect(),
            fulfils: parts.fulfils.iter().map(|done| [done.rule.clone(), done.how.clone()]).collect(),
            overrides: parts
                .overrides
                .iter()
                .map(|named| [named.rule.clone(), named.reason.clone(), named.prescriber.clone()])
                .collect(),
            proposed: parts
                .proposed
                .iter()
                .map(|chosen| [chosen.field.clone(), chosen.value.clone(), chosen.source.clone()])
                .collect(),
            rules: [
                pair("plan-if-side-effect", &parts.rules.on_side_effect),
                pair("plan-if-missed", &parts.rules.on_missed_dose),
                pair("plan-if-gap", &parts.rules.on_gap),
                pair("plan-if-no-benefit", &parts.rules.on_no_benefit),
                pair("plan-if-opioid", &parts.rules.on_opioid),
            ]
            .into_iter()
            .flatten()
            .collect(),
            costs,
            cost_refused,
            is_signed: room.course.plans().signed().iter().any(|signed| signed.id == plan.id()),
            refused,
            sign_text: words.say_with("clinic-sign-text", &[("signer", &signer), ("name", &room.name)]),
        }
    }
}

fn steps(words: Words, plan: &Plan) -> Vec<StepView> {
    plan.steps()
        .iter()
        .map(|step| StepView {
            days: span(words, step.from, step.to),
            dose: dose(step),
            why: step.why.clone(),
            mark: SourceMark::of(words, &step.source),
        })
        .collect()
}

/// Returns the first day that is dispensed for, and for how many days.
pub(super) fn fill_of(plan: &Plan, today: Date) -> (Date, u32) {
    let from = plan.steps().first().map_or(today, |step| step.from.max(today));
    let left = from.until(plan.parts().valid_until).map_or(0, |span| span.get_days()) + 1;
    (from, u32::try_from(left).map_or(FILL_DAYS, |left| left.clamp(1, FILL_DAYS)))
}

/// Returns the choices of strengths for a fill, the fewest capsules first, or why there are none.
pub(super) fn strengths(plan: &Plan, today: Date) -> Result<Vec<Strengths>, String> {
    let (from, days) = fill_of(plan, today);
    choose_strengths(plan, from, days, MOST_STRENGTHS, Compounding::shipped())
        .map_err(|refusal| refusal.to_string())
}

fn costs(words: Words, plan: &Plan, today: Date) -> (Vec<Cost>, Option<String>) {
    match strengths(plan, today) {
        Ok(choices) => (choices.iter().map(|choice| Cost::of(words, choice)).collect(), None),
        Err(refused) => (Vec::new(), Some(refused)),
    }
}

impl Cost {
    fn of(words: Words, choice: &Strengths) -> Cost {
        let dispensing = &choice.dispensing;
        let amount = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
        Cost {
            strengths: strengths_text(choice),
            capsules: choice.capsules.to_string(),
            price: dispensing.cost().map_or_else(
                || words.say("clinic-cost-unknown"),
                |cost| {
                    let (low, high) = (amount(cost.low_cents), amount(cost.high_cents));
                    format!("{low} to {high} {}", cost.currency)
                },
            ),
            left_over: dispensing.wasted().to_string(),
        }
    }
}

/// Says the strengths of a choice: "1.5 mg and 3 mg".
pub(super) fn strengths_text(choice: &Strengths) -> String {
    choice.strengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}
