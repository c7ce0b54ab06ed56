//! The protocols, those that can be planned for this person first, and the form of one of them.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use ldn_care::plan::{Choices, Protocol, Protocols, Refusal, Request};
use ldn_care::screen::{RuleSet, Severity};
use ldn_core::journal::{Body, PlanProposed};
use ldn_core::plan::{Plan, PlanError};

use super::choices::{Typed, in_fields};
use super::screening::FindingView;
use crate::clinic::room::{Clinician, Room, unprocessable};
use crate::frame::Frame;
use crate::patient::{FieldProblem, Fields, SourceMark, problem_of};
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;
use crate::words::Words;

#[derive(Template)]
#[template(path = "clinic/protocols.html")]
struct ProtocolsPage {
    frame: Frame,
    name: String,
    base: String,
    /// Why there is no plan at all, whatever the protocol.
    refused: Option<String>,
    fitting: Vec<ProtocolView>,
    choosing: Vec<ProtocolView>,
    unfit: Vec<ProtocolView>,
    shown: Vec<ProtocolView>,
}

/// A protocol of the list.
struct ProtocolView {
    id: String,
    alias: String,
    title: String,
    population: String,
    evidence: String,
    facts: Vec<[String; 2]>,
    /// What has to be chosen, why it does not fit, or what its source does not give.
    remark: String,
    status: &'static str,
    marks: Vec<SourceMark>,
}

#[derive(Template)]
#[template(path = "clinic/protocol.html")]
struct ProtocolPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    id: String,
    title: String,
    note: String,
    facts: Vec<[String; 2]>,
    rises: bool,
    divided: bool,
    typed: Typed,
    decisions: Vec<Decision>,
    has_dose_now: bool,
    problems: Vec<FieldProblem>,
}

/// A finding that a prescriber may go against.
struct Decision {
    finding: FindingView,
    reason: String,
    /// What is confirmed, in words.
    confirm: String,
}

#[derive(Template)]
#[template(path = "clinic/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    id: String,
    text: String,
    carried: Vec<(String, String)>,
    decisions: Vec<Decision>,
    problem: Option<String>,
}

pub(super) async fn list(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    Ok(rendered(&ProtocolsPage::of(&site, &room)).into_response())
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path((id, slug)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let protocol = found(&room, &slug)?;
    let typed = Typed::from(tomorrow(room.today));
    Ok(rendered(&ProtocolPage::of(&site, &room, protocol, typed, Vec::new())).into_response())
}

/// Proposes a plan, after the prescriber has confirmed every override once more with its risk in words.
pub(super) async fn propose(
    State(site): State<Site>,
    clinician: Clinician,
    Path((id, slug)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let protocol = found(&room, &slug)?;
    let (words, prescriber) = (room.words(), room.signer(&site).await?);
    let typed = Typed::of(&fields, &decidable(&room));
    let mut problems = Vec::new();
    let Some((start, choices)) = typed.read(&prescriber, words, &mut problems) else {
        return Ok(unprocessable(&ProtocolPage::of(&site, &room, protocol, typed, problems)));
    };
    let plan = match plan_of(&room, protocol, start, &choices) {
        Ok(plan) => plan,
        Err(refusal) => {
            let problems = vec![FieldProblem::new(field_of(&refusal), in_fields(words, &refusal))];
            return Ok(unprocessable(&ProtocolPage::of(&site, &room, protocol, typed, problems)));
        }
    };
    let is_confirmed = |rule: &str| {
        fields.get(&format!("confirmed_{rule}")) == "yes" && !fields.get("confirming").is_empty()
    };
    if !choices.overrides.iter().all(|named| is_confirmed(&named.rule)) {
        let problem = (!fields.get("confirming").is_empty()).then(|| words.say("clinic-confirm-missing"));
        let page = ConfirmPage::of(&site, &room, protocol, &typed, problem);
        return Ok(if page.problem.is_some() {
            unprocessable(&page)
        } else {
            rendered(&page).into_response()
        });
    }
    let preview = room.address(&format!("proposed/{}", plan.id()));
    let is_known = room.course.plans().proposals().iter().any(|known| known.value.id() == plan.id());
    if !is_known {
        let bodies = vec![room.screened(&site)?, Body::PlanProposed(PlanProposed { plan: Box::new(plan) })];
        room.record(&site, bodies).await?;
    }
    Ok(Redirect::to(&preview).into_response())
}

fn found(room: &Room, slug: &str) -> Result<&'static Protocol, Refused> {
    let protocol = Protocols::shipped().find(slug).filter(|protocol| protocol.schedule().is_ok());
    protocol.ok_or_else(|| room.clinician.signed_in.refuse(Trouble::Missing))
}

fn tomorrow(today: Date) -> Date {
    today.saturating_add(1.day())
}

/// Makes the plan of a protocol for the course: the first, or the one that replaces the newest signed one.
fn plan_of(room: &Room, protocol: &Protocol, start: Date, choices: &Choices) -> Result<Plan, Refusal> {
    let request = Request {
        protocol,
        screening: &room.look.rerun.screening,
        intake: &room.look.rerun.intake,
        start,
        choices,
        today: room.today,
    };
    let plan = ldn_care::plan::propose(&request, Protocols::shipped(), RuleSet::shipped())?;
    Ok(after_the_last(room, plan)?)
}

fn after_the_last(room: &Room, plan: Plan) -> Result<Plan, PlanError> {
    let signed = room.course.plans().signed();
    let Some(last) = signed.iter().max_by_key(|signed| signed.plan.parts().version) else { return Ok(plan) };
    let mut parts = plan.into_parts();
    parts.version = last.plan.parts().version + 1;
    parts.parent = Some(last.id.clone());
    Plan::new(parts)
}

/// Returns the rules that a prescriber may go against here: what was found and needs a decision, and the bands of doses.
fn decidable(room: &Room) -> Vec<String> {
    let found = room.look.rerun.screening.findings.iter();
    let mut rules: Vec<String> = found
        .filter(|finding| finding.severity == Severity::NeedsPrescriberDecision || finding.rule == "UN-02")
        .map(|finding| finding.rule.clone())
        .collect();
    for band in Protocols::shipped().planning().bands() {
        if !rules.contains(band) {
            rules.push(band.clone());
        }
    }
    rules
}

/// The field that a refusal is about.
fn field_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ChoiceNeeded { flag, .. } | Refusal::ChoiceOutside { flag, .. } => match *flag {
            "--start-dose" => "start_dose",
            "--step" => "step",
            "--interval" => "interval",
            "--divided-at" => "divided_0",
            "--time" => "time",
            _ => "target",
        },
        Refusal::TargetAboveProtocol { .. }
        | Refusal::TargetBelowStart { .. }
        | Refusal::AboveCeiling { .. }
        | Refusal::BeyondEveryBand { .. } => "target",
        Refusal::HoldTooShort { .. } => "hold_days",
        _ => "start_day",
    }
}

impl ProtocolsPage {
    fn of(site: &Site, room: &Room) -> ProtocolsPage {
        let words = room.words();
        let (mut fitting, mut choosing, mut unfit, mut shown) = (vec![], vec![], vec![], vec![]);
        let (choices, start) = (Choices::default(), tomorrow(room.today));
        let mut refused = None;
        for protocol in Protocols::shipped().all().filter(|protocol| protocol.superseded_by.is_none()) {
            let view = |remark: String| ProtocolView::of(words, protocol, remark);
            match plan_of(room, protocol, start, &choices) {
                Ok(_) => fitting.push(view(words.say("clinic-protocol-fits"))),
                Err(Refusal::NotPlannable { missing, .. }) => shown.push(view(missing.join("; "))),
                Err(
                    refusal @ (Refusal::Emergency { .. }
                    | Refusal::Contraindicated { .. }
                    | Refusal::Incomplete { .. }),
                ) => {
                    refused = Some(in_fields(words, &refusal));
                    choosing.push(view(protocol.missing().join("; ")));
                }
                Err(refusal @ (Refusal::ChoiceNeeded { .. } | Refusal::NeedsOverride { .. })) => {
                    choosing.push(view(in_fields(words, &refusal)));
                }
                Err(refusal) => unfit.push(view(in_fields(words, &refusal))),
            }
        }
        ProtocolsPage {
            frame: room.frame(site, "plan"),
            name: room.name.clone(),
            base: room.address(""),
            refused,
            fitting,
            choosing,
            unfit,
            shown,
        }
    }
}

impl ProtocolView {
    fn of(words: Words, protocol: &Protocol, remark: String) -> ProtocolView {
        ProtocolView {
            id: protocol.id.clone(),
            alias: protocol.alias.clone(),
            title: protocol.title.clone(),
            population: protocol.population.clone(),
            evidence: protocol.evidence.clone(),
            facts: facts(words, protocol),
            remark,
            status: protocol.status.word(),
            marks: protocol.sources.iter().map(|source| SourceMark::of(words, source)).collect(),
        }
    }
}

/// Says the numbers of a protocol, each with whether its source states it.
fn facts(words: Words, protocol: &Protocol) -> Vec<[String; 2]> {
    let listed = protocol.listed();
    let fact = |code: &str, field: Option<ldn_care::plan::ListedField>| {
        let field = field?;
        let from = words.say(&format!("clinic-from-{}", field.from));
        Some([words.say(code), format!("{} ({from})", field.value)])
    };
    let time = (!listed.time_words.is_empty())
        .then(|| [words.say("clinic-plan-time"), listed.time_words.to_owned()]);
    [
        fact("clinic-plan-start-dose", listed.start.clone()),
        fact("clinic-plan-by", listed.step.clone()),
        fact("clinic-plan-interval", listed.interval_days.clone()),
        fact("clinic-plan-target", listed.target.clone()),
        time,
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl ProtocolPage {
    fn of(
        site: &Site,
        room: &Room,
        protocol: &Protocol,
        typed: Typed,
        problems: Vec<FieldProblem>,
    ) -> ProtocolPage {
        let words = room.words();
        let schedule = protocol.schedule().ok();
        ProtocolPage {
            frame: room.frame(site, &format!("plan/{}", protocol.id)),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            id: protocol.id.clone(),
            title: format!("{} {}", protocol.alias, protocol.title),
            note: protocol.note.clone(),
            facts: facts(words, protocol),
            rises: schedule.is_some_and(|schedule| schedule.rise.is_some()),
            divided: schedule.is_some_and(|schedule| schedule.divided),
            decisions: decisions(room, &typed, false),
            has_dose_now: room.look.rerun.intake.course.current_dose.is_some(),
            typed,
            problems,
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }
}

/// Returns what may be decided, with the reasons typed so far; `given` leaves those without a reason out.
fn decisions(room: &Room, typed: &Typed, given: bool) -> Vec<Decision> {
    let reason_of = |rule: &str| {
        typed
            .overrides
            .iter()
            .find(|(named, _)| named == rule)
            .map(|(_, reason)| reason.clone())
            .unwrap_or_default()
    };
    let all = decidable(room).into_iter().map(|rule| {
        let finding = room.look.rerun.screening.finding(&rule);
        let finding = match finding {
            Some(finding) => FindingView::of(room, finding),
            None => FindingView::of_rule(room, &rule),
        };
        let confirm = room.words().say_with("clinic-confirm-read", &[("title", &finding.title)]);
        Decision { reason: reason_of(&rule), finding, confirm }
    });
    // A band of doses is only decided about where somebody asks for such a dose.
    let is_shown = |decision: &Decision| {
        let was_found = room.look.rerun.screening.finding(&decision.finding.rule).is_some();
        if given { !decision.reason.is_empty() } else { was_found || !decision.reason.is_empty() }
    };
    all.filter(is_shown).collect()
}

impl ConfirmPage {
    fn of(
        site: &Site,
        room: &Room,
        protocol: &Protocol,
        typed: &Typed,
        problem: Option<String>,
    ) -> ConfirmPage {
        ConfirmPage {
            frame: room.frame(site, &format!("plan/{}", protocol.id)),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            id: protocol.id.clone(),
            text: room.words().say_with("clinic-confirm-text", &[("name", &room.name)]),
            carried: typed.carried(),
            decisions: decisions(room, typed, true),
            problem,
        }
    }

    /// The contraindications that the overrides lift, in words.
    fn lifted(&self) -> bool {
        self.decisions.iter().any(|decision| decision.finding.rule == "OP-14")
    }
}
