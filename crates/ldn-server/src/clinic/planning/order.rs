//! The order for the pharmacy: which strengths for how many days, and everything that an order needs beside the plan.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_care::dispense::order::{Patient, Prescriber, Product};
use ldn_care::dispense::{
    Compounding, Dispensing, FillerUse, Order, OrderDetails, OrderRefusal, SignedPlan, Stock, dispense, order,
};
use ldn_care::intake::{Answer, Birth};
use ldn_core::ids::AccountId;
use ldn_core::journal::{Body, Content, Ordered, Role};
use ldn_core::plan::Plan;
use ldn_core::quantity::Quantity;
use ldn_store::grant::Span;
use ldn_store::view::{AccessError, Colleague};
use serde::Deserialize;

use super::preview::{fill_of, strengths, strengths_text};
use crate::clinic::room::{Clinician, Room, unprocessable};
use crate::frame::Frame;
use crate::patient::{FieldProblem, Fields, TypedDate, problem_of};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

/// The salts that an order names.
const SALTS: [&str; 2] = ["hydrochloride", "base"];

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// What stands in the form; every field by its place in the details of an order.
#[derive(Clone, Debug, Default)]
struct Typed {
    days: String,
    strengths: String,
    birth: TypedDate,
    patient_address: String,
    licence: String,
    prescriber_address: String,
    condition: String,
    diagnosis_code: String,
    allergies: String,
    no_allergies: bool,
    avoid: String,
    no_avoid: bool,
    salt: String,
    filler: String,
    capsule_size: String,
    capsule_colour: String,
    pharmacist: String,
}

#[derive(Template)]
#[template(path = "clinic/order.html")]
struct OrderPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    signed: bool,
    /// Why nothing can be ordered at all.
    refused: Option<String>,
    typed: Typed,
    /// Strengths, capsules, and whether they are chosen.
    choices: Vec<(String, String, bool)>,
    salts: Vec<(String, bool)>,
    fillers: Vec<(String, bool)>,
    pharmacists: Vec<(String, String, bool)>,
    problems: Vec<FieldProblem>,
    /// The newest order as it was sent.
    paper: Option<String>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let typed = Typed::usual(&room);
    let pharmacists = pharmacists(&site, &room).await?;
    let mut page = OrderPage::of(&site, &room, typed, &pharmacists, Vec::new());
    page.signed = done.done == "signed";
    if done.done == "ordered" {
        page.paper = room.course.orders().last().map(|ordered| ordered.value.document.clone());
    }
    Ok(rendered(&page).into_response())
}

/// Makes the order, records it, and lets the chosen pharmacist see the course.
pub(super) async fn make(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let typed = Typed::of(&fields);
    let pharmacists = pharmacists(&site, &room).await?;
    if why_not(&room).is_some() {
        let page = OrderPage::of(&site, &room, typed, &pharmacists, Vec::new());
        return Ok((StatusCode::CONFLICT, rendered(&page)).into_response());
    }
    let order = match made(&room, &typed) {
        Ok(order) => order,
        Err(problems) => {
            return Ok(unprocessable(&OrderPage::of(&site, &room, typed, &pharmacists, problems)));
        }
    };
    let contents = contents(order.dispensing());
    let document = order.to_text(Compounding::shipped());
    room.record(&site, vec![Body::Ordered(Ordered { document, contents })]).await?;
    if let Some(chosen) = pharmacists.iter().find(|known| known.account.to_string() == typed.pharmacist) {
        give(&site, &room, chosen.account).await?;
    }
    Ok(Redirect::to(&room.address("order?done=ordered")).into_response())
}

/// Lets a pharmacist see the course, unless they may already.
async fn give(site: &Site, room: &Room, account: AccountId) -> Result<(), Refused> {
    let refuse = |error: AccessError| room.clinician.refuse(site, &error);
    let (view, now) = (room.clinician.view(site)?, site.now());
    let grants = view.grants(room.course_id, now).await.map_err(refuse)?;
    if grants.iter().any(|grant| grant.account == account && grant.is_in_force(now)) {
        return Ok(());
    }
    view.give(room.course_id, account, Span::from(now), now).await.map_err(refuse)?;
    Ok(())
}

async fn pharmacists(site: &Site, room: &Room) -> Result<Vec<Colleague>, Refused> {
    let view = room.clinician.view(site)?;
    let found = view.colleagues(room.course_id, site.now()).await;
    let mut found = found.map_err(|error| room.clinician.refuse(site, &error))?;
    found.retain(|colleague| colleague.role == Role::Pharmacist);
    Ok(found)
}

/// Says why nothing can be ordered: no signed plan in force, a hold, a finding that forbids a dose.
fn why_not(room: &Room) -> Option<String> {
    let words = room.words();
    if let Some(finding) = room.look.rerun.stopping.first() {
        let is_planned_for =
            room.course.plans().in_force(room.today).is_some_and(|signed| {
                signed.plan.parts().fulfils.iter().any(|done| done.rule == finding.rule)
            });
        if !is_planned_for {
            return Some(words.say_with("clinic-order-stopped", &[("rule", &finding.rule)]));
        }
    }
    let Some(signed) = room.course.plans().in_force(room.today) else {
        return Some(words.say("clinic-order-no-plan"));
    };
    match SignedPlan::new(&signed.plan, room.today, None, Compounding::shipped()) {
        Ok(_) => None,
        Err(refusal) => Some(refusal.to_string()),
    }
}

fn plan_of(room: &Room) -> Option<&Plan> {
    room.course.plans().in_force(room.today).map(|signed| &signed.plan)
}

/// Makes the order, or says everything that is missing at its field.
fn made(room: &Room, typed: &Typed) -> Result<Order, Vec<FieldProblem>> {
    let (compounding, words) = (Compounding::shipped(), room.words());
    let one = |field: &str, text: String| vec![FieldProblem::new(field, text)];
    let plan = plan_of(room).ok_or_else(|| one("days", words.say("clinic-order-no-plan")))?;
    let signed = SignedPlan::new(plan, room.today, None, compounding);
    let signed = signed.map_err(|refusal| one("days", refusal.to_string()))?;
    let days = typed.days.parse().map_err(|_| one("days", words.say("clinic-plan-days-wrong")))?;
    let units = Stock::read_units(&typed.strengths).map_err(|error| one("strengths", error.to_string()))?;
    let stock = Stock::of_units(units, compounding).map_err(|error| one("strengths", error.to_string()))?;
    let (from, _) = fill_of(plan, room.today);
    let dispensing = dispense(plan, from, days, &stock, compounding);
    let dispensing = dispensing.map_err(|refusal| one("strengths", refusal.to_string()))?;
    order(&signed, &dispensing, &typed.details(&room.name), compounding).map_err(|refusal| match refusal {
        OrderRefusal::Incomplete(problems) => problems
            .into_iter()
            .map(|problem| {
                let expected = words.say_with("clinic-order-expected", &[("expected", &problem.expected)]);
                FieldProblem::new(field_of(problem.at), expected)
            })
            .collect(),
        refusal => one("days", refusal.to_string()),
    })
}

/// The field of a place in the details of an order.
fn field_of(at: &str) -> &'static str {
    match at {
        "patient.birth_date" => "birth_day",
        "patient.address" => "patient_address",
        "prescriber.licence" => "licence",
        "prescriber.address" => "prescriber_address",
        "product.condition" => "condition",
        "product.allergies" => "allergies",
        "product.avoid" => "avoid",
        "product.salt" => "salt",
        "product.filler" => "filler",
        "product.capsule_size" => "capsule_size",
        "product.capsule_colour" => "capsule_colour",
        _ => "days",
    }
}

/// What is ordered, as far as anybody must compute with it.
fn contents(dispensing: &Dispensing) -> Vec<Content> {
    let units = dispensing.units().into_iter().map(|total| Content::Units {
        strength: total.unit.strength(),
        quantity: Quantity { count: u32::try_from(total.count).unwrap_or(u32::MAX), form: total.unit.form() },
    });
    let liquid = dispensing
        .liquid()
        .map(|liquid| Content::Liquid { concentration: liquid.concentration, volume: liquid.volume });
    units.chain(liquid).collect()
}

impl Typed {
    /// Fills in what is known: the intake's own words, and what is usual.
    fn usual(room: &Room) -> Typed {
        let intake = &room.look.rerun.intake;
        let birth = match intake.person.birth {
            Birth::Date(date) => TypedDate::of(date),
            Birth::Year(year) => TypedDate { year: year.to_string(), ..TypedDate::default() },
            Birth::Unknown => TypedDate::default(),
        };
        let allergies: Vec<&str> =
            intake.allergies.iter().map(|allergy| allergy.substance.as_str()).collect();
        let plan = plan_of(room);
        let best = plan.and_then(|plan| strengths(plan, room.today).ok()?.into_iter().next());
        let filler =
            Compounding::shipped().fillers().known.iter().find(|filler| filler.r#use == FillerUse::Usual);
        Typed {
            days: plan.map_or_else(String::new, |plan| fill_of(plan, room.today).1.to_string()),
            strengths: best.map(|choice| comma(&strengths_text(&choice))).unwrap_or_default(),
            birth,
            condition: intake.course.indication.clone().unwrap_or_default(),
            no_allergies: allergies.is_empty() && intake.answers.lists_complete == Answer::Yes,
            allergies: allergies.join(", "),
            salt: SALTS[0].to_owned(),
            filler: filler.map(|filler| filler.name.clone()).unwrap_or_default(),
            capsule_size: "any".to_owned(),
            capsule_colour: "any".to_owned(),
            ..Typed::default()
        }
    }

    fn of(fields: &Fields) -> Typed {
        let get = |name: &str| fields.get(name).to_owned();
        Typed {
            days: get("days"),
            strengths: match fields.get("strengths_other") {
                "" => get("strengths"),
                other => other.to_owned(),
            },
            birth: fields.date("birth"),
            patient_address: get("patient_address"),
            licence: get("licence"),
            prescriber_address: get("prescriber_address"),
            condition: get("condition"),
            diagnosis_code: get("diagnosis_code"),
            allergies: get("allergies"),
            no_allergies: !fields.get("no_allergies").is_empty(),
            avoid: get("avoid"),
            no_avoid: !fields.get("no_avoid").is_empty(),
            salt: get("salt"),
            filler: get("filler"),
            capsule_size: get("capsule_size"),
            capsule_colour: get("capsule_colour"),
            pharmacist: get("pharmacist"),
        }
    }

    fn details(&self, name: &str) -> OrderDetails {
        OrderDetails {
            patient: Patient {
                name: name.to_owned(),
                birth_date: self.birth.date() as Option<Date>,
                address: self.patient_address.clone(),
            },
            prescriber: Prescriber {
                licence: self.licence.clone(),
                address: self.prescriber_address.clone(),
            },
            product: Product {
                condition: self.condition.clone(),
                diagnosis_code: (!self.diagnosis_code.is_empty()).then(|| self.diagnosis_code.clone()),
                allergies: listed(&self.allergies, self.no_allergies),
                salt: self.salt.clone(),
                filler: self.filler.clone(),
                avoid: listed(&self.avoid, self.no_avoid),
                capsule_size: self.capsule_size.clone(),
                capsule_colour: self.capsule_colour.clone(),
                release: None,
            },
        }
    }
}

/// Reads a list with commas; empty only if somebody says that there is nothing, else nobody has asked.
fn listed(text: &str, nothing: bool) -> Option<Vec<String>> {
    let list: Vec<String> =
        text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    (!list.is_empty() || nothing).then_some(list)
}

fn comma(text: &str) -> String {
    text.replace(" and ", ", ")
}

impl OrderPage {
    fn of(
        site: &Site,
        room: &Room,
        typed: Typed,
        pharmacists: &[Colleague],
        problems: Vec<FieldProblem>,
    ) -> OrderPage {
        let words = room.words();
        let refused = why_not(room);
        let found = plan_of(room).filter(|_| refused.is_none());
        let choices = found.and_then(|plan| strengths(plan, room.today).ok()).unwrap_or_default();
        let fillers = Compounding::shipped().fillers().known.iter();
        OrderPage {
            frame: room.frame(site, "order"),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            signed: false,
            refused,
            choices: choices
                .iter()
                .map(|choice| {
                    let text = comma(&strengths_text(choice));
                    let chosen = text == typed.strengths;
                    (text, of_capsules(words, choice.capsules), chosen)
                })
                .collect(),
            salts: SALTS.iter().map(|salt| ((*salt).to_owned(), *salt == typed.salt)).collect(),
            fillers: fillers
                .filter(|filler| filler.r#use != FillerUse::Refused)
                .map(|filler| (filler.name.clone(), filler.name == typed.filler))
                .collect(),
            pharmacists: pharmacists
                .iter()
                .map(|colleague| {
                    let id = colleague.account.to_string();
                    let chosen = id == typed.pharmacist || pharmacists.len() == 1;
                    (id, colleague.name.clone().unwrap_or_default(), chosen)
                })
                .collect(),
            typed,
            problems,
            paper: None,
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }

    /// True if the strengths were typed and are none of those offered.
    fn other_strengths(&self) -> &str {
        if self.choices.iter().any(|(_, _, chosen)| *chosen) { "" } else { &self.typed.strengths }
    }
}

fn of_capsules(words: Words, capsules: u64) -> String {
    words.count("clinic-order-capsules", u32::try_from(capsules).unwrap_or(u32::MAX))
}
