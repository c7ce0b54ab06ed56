//! The order for the pharmacy: only of a plan that is signed and in force, and only complete.

use std::fmt::Write as _;

use jiff::civil::Date;
use ldn_core::plan::{AskBecause, Signature};
use ldn_core::quantity::UnitForm;
use ldn_core::{Plan, PlanId};
use serde::Deserialize;

use super::compounding::{Compounding, FillerUse};
use super::fills::{Content, Fill};
use super::label::labels;
use super::{Dispensing, words};

/// A plan that a prescriber signed, that has not expired and that no newer plan has replaced, on a certain day.
///
/// There is no other way to an order.
#[derive(Clone, Copy, Debug)]
pub struct SignedPlan<'plan> {
    plan: &'plan Plan,
    signature: &'plan Signature,
    today: Date,
}

/// Why there is no order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    /// Capsules may be placebo.
    #[error("the plan is blinded: {say}; ask the trial for the kit of this period")]
    Blinded {
        /// Why.
        say: String,
    },
    /// Nobody signed the plan.
    #[error("plan {plan} is not signed; expected a prescriber's signature before anything is ordered")]
    NotSigned {
        /// The plan.
        plan: PlanId,
    },
    /// Its last valid day has passed.
    #[error("plan {plan} was valid until {valid_until}; expected a new plan: ask before the next dose")]
    Expired {
        /// The plan.
        plan: PlanId,
        /// Its last valid day.
        valid_until: Date,
    },
    /// A newer plan replaced it.
    #[error(
        "plan {plan} was replaced by {newer}; expected an order of the newer plan: ask before the next dose"
    )]
    Superseded {
        /// The plan.
        plan: PlanId,
        /// The newer one.
        newer: PlanId,
    },
    /// The quantities were computed for something else.
    #[error(
        "the quantities belong to plan {found}, not to plan {expected}; expected them to be computed again"
    )]
    OtherPlan {
        /// The plan of the quantities.
        found: PlanId,
        /// The plan of the order.
        expected: PlanId,
    },
    /// Something is missing or cannot be.
    #[error("the order is not complete:\n{}", .0.iter().map(|problem| format!("  {problem}")).collect::<Vec<_>>().join("\n"))]
    Incomplete(Vec<OrderProblem>),
}

/// Something that an order needs and does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}{}: expected {expected}", .value.as_ref().map(|value| format!(" is {value:?}")).unwrap_or_default())]
pub struct OrderProblem {
    /// Where it would stand: `patient.name`.
    pub at: &'static str,
    /// What stands there; `None` if nothing does.
    pub value: Option<String>,
    /// What was expected.
    pub expected: String,
}

/// What an order needs beside the plan, as written; nothing in it is taken for granted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderDetails {
    /// For whom.
    #[serde(default)]
    pub patient: Patient,
    /// Who orders.
    #[serde(default)]
    pub prescriber: Prescriber,
    /// What is ordered.
    #[serde(default)]
    pub product: Product,
}

/// For whom an order is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Full name.
    #[serde(default)]
    pub name: String,
    /// Date of birth.
    #[serde(default, deserialize_with = "date")]
    pub birth_date: Option<Date>,
    /// Postal address.
    #[serde(default)]
    pub address: String,
}

/// Who orders; the name is that of the signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prescriber {
    /// Number of the licence, or NPI.
    #[serde(default)]
    pub licence: String,
    /// Postal address.
    #[serde(default)]
    pub address: String,
}

/// What is ordered, apart from strengths and quantities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// What is treated.
    #[serde(default)]
    pub condition: String,
    /// Code of the diagnosis; an order may go without.
    #[serde(default)]
    pub diagnosis_code: Option<String>,
    /// Allergies; empty means none known, `None` that nobody asked.
    #[serde(default)]
    pub allergies: Option<Vec<String>>,
    /// "hydrochloride" or "base".
    #[serde(default)]
    pub salt: String,
    /// What the units are filled with.
    #[serde(default)]
    pub filler: String,
    /// What must not be in it; empty means nothing known, `None` that nobody asked.
    #[serde(default)]
    pub avoid: Option<Vec<String>>,
    /// Size of the capsules, or "any".
    #[serde(default)]
    pub capsule_size: String,
    /// Colour of the capsules, or "any".
    #[serde(default)]
    pub capsule_colour: String,
    /// "immediate", if given.
    #[serde(default)]
    pub release: Option<String>,
}

/// A complete order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    plan: PlanId,
    prescriber: String,
    signed_on: Date,
    date: Date,
    details: OrderDetails,
    birth_date: Date,
    generic_name: String,
    avoid: Vec<String>,
    dispensing: Dispensing,
}

fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let found = toml::value::Datetime::deserialize(deserializer)?;
    found.to_string().parse().map(Some).map_err(serde::de::Error::custom)
}

impl<'plan> SignedPlan<'plan> {
    /// Takes a plan, if it is signed and in force on a day; `newer` is the plan that replaced it, if there is one.
    ///
    /// # Errors
    /// [`OrderRefusal::Blinded`], `Superseded`, `Expired` or `NotSigned`.
    pub fn new(
        plan: &'plan Plan,
        today: Date,
        newer: Option<&PlanId>,
        compounding: &Compounding,
    ) -> Result<SignedPlan<'plan>, OrderRefusal> {
        let parts = plan.parts();
        if parts.blinded {
            return Err(OrderRefusal::Blinded { say: compounding.labels().blinded.refuse.clone() });
        }
        match standing(plan, today, newer) {
            Some(AskBecause::Superseded) => {
                let newer = newer.cloned().unwrap_or_else(|| plan.id());
                return Err(OrderRefusal::Superseded { plan: plan.id(), newer });
            }
            Some(AskBecause::Expired) => {
                return Err(OrderRefusal::Expired { plan: plan.id(), valid_until: parts.valid_until });
            }
            None => {}
        }
        match &parts.signature {
            Some(signature) => Ok(SignedPlan { plan, signature, today }),
            None => Err(OrderRefusal::NotSigned { plan: plan.id() }),
        }
    }
}

/// Returns why a plan gives no dose on a day; `None` while it is in force. A plan does not replace itself.
pub(super) fn standing(plan: &Plan, today: Date, newer: Option<&PlanId>) -> Option<AskBecause> {
    if newer.is_some_and(|newer| *newer != plan.id()) {
        return Some(AskBecause::Superseded);
    }
    (today > plan.parts().valid_until).then_some(AskBecause::Expired)
}

impl OrderDetails {
    /// Returns the file that is filled in for an order.
    pub const fn template() -> &'static str {
        include_str!("order/template.toml")
    }

    /// Reads what was filled in. What is missing is told by [`order`], all at once.
    ///
    /// # Errors
    /// What is no TOML, an unknown key or a value of the wrong kind, with its line.
    pub fn from_toml(text: &str) -> Result<OrderDetails, toml::de::Error> {
        toml::from_str(text)
    }
}

/// Makes the order of what was computed for a plan.
///
/// # Errors
/// [`OrderRefusal::OtherPlan`], or [`OrderRefusal::Incomplete`] with everything that is missing.
pub fn order(
    signed: &SignedPlan<'_>,
    dispensing: &Dispensing,
    details: &OrderDetails,
    compounding: &Compounding,
) -> Result<Order, OrderRefusal> {
    let plan = signed.plan.id();
    if *dispensing.plan() != plan {
        return Err(OrderRefusal::OtherPlan { found: dispensing.plan().clone(), expected: plan });
    }
    let mut problems = problems_of(details, compounding);
    check_product(&mut problems, dispensing, details, compounding);
    check_days(&mut problems, dispensing, signed.today);
    let names = &compounding.labels().generic_name;
    let generic_name = match details.product.salt.trim() {
        "hydrochloride" => Some(&names.hydrochloride),
        "base" => Some(&names.base),
        _ => None,
    };
    match (details.patient.birth_date, generic_name) {
        (Some(birth_date), Some(generic_name)) if problems.is_empty() => Ok(Order {
            plan,
            prescriber: signed.signature.prescriber.clone(),
            signed_on: signed.signature.on,
            date: signed.today,
            details: details.clone(),
            birth_date,
            generic_name: generic_name.clone(),
            avoid: avoided(details, compounding),
            dispensing: dispensing.clone(),
        }),
        _ => Err(OrderRefusal::Incomplete(problems)),
    }
}

/// What is missing whatever is ordered.
fn problems_of(details: &OrderDetails, compounding: &Compounding) -> Vec<OrderProblem> {
    let OrderDetails { patient, prescriber, product } = details;
    let mut problems = Vec::new();
    need(&mut problems, "patient.name", &patient.name, "the patient's full name");
    if patient.birth_date.is_none() {
        problems.push(missing("patient.birth_date", "the patient's date of birth"));
    }
    need(&mut problems, "patient.address", &patient.address, "the patient's address");
    need(&mut problems, "prescriber.licence", &prescriber.licence, "the number of the prescriber's licence");
    need(&mut problems, "prescriber.address", &prescriber.address, "the prescriber's address");
    need(&mut problems, "product.condition", &product.condition, "the condition that is treated");
    if product.allergies.is_none() {
        problems.push(missing("product.allergies", "the allergies, or [] for none known"));
    }
    if product.avoid.is_none() {
        problems.push(missing("product.avoid", "what must not be in it, or [] for nothing known"));
    }
    if !matches!(product.salt.trim(), "hydrochloride" | "base") {
        problems.push(found("product.salt", &product.salt, "hydrochloride or base"));
    }
    if let Some(release) = product.release.as_ref().filter(|release| *release != "immediate") {
        problems.push(found("product.release", release, "immediate: slow release is never ordered (FO-01)"));
    }
    check_filler(&mut problems, details, compounding);
    problems
}

fn check_filler(problems: &mut Vec<OrderProblem>, details: &OrderDetails, compounding: &Compounding) {
    let filler = details.product.filler.trim();
    need(problems, "product.filler", filler, "the filler, such as microcrystalline cellulose");
    let known = compounding.fillers().named(filler);
    if known.is_some_and(|known| known.r#use == FillerUse::Refused) {
        problems.push(found("product.filler", filler, "another filler: this one is never ordered (EX-02)"));
    }
    let unwanted = [&details.product.avoid, &details.product.allergies].into_iter().flatten().flatten();
    for unwanted in unwanted.filter(|unwanted| is_same(unwanted, filler, compounding)) {
        problems.push(found("product.filler", filler, format!("none of what is avoided: {unwanted}")));
    }
}

/// Returns true if two words name the same filler.
fn is_same(one: &str, other: &str, compounding: &Compounding) -> bool {
    let plain = |name: &str| {
        let known = compounding.fillers().named(name);
        known.map_or_else(|| name.trim().to_lowercase(), |known| known.name.clone())
    };
    !other.is_empty() && plain(one) == plain(other)
}

/// What is missing for just these forms.
fn check_product(
    problems: &mut Vec<OrderProblem>,
    dispensing: &Dispensing,
    details: &OrderDetails,
    compounding: &Compounding,
) {
    let product = &details.product;
    let is_capsule = |unit: &super::UnitTotal| unit.unit.form() == UnitForm::Capsule;
    if dispensing.units().iter().any(is_capsule) {
        need(problems, "product.capsule_size", &product.capsule_size, "the size of the capsules, or any");
        need(
            problems,
            "product.capsule_colour",
            &product.capsule_colour,
            "the colour of the capsules, or any",
        );
    }
    let mut limits: Vec<&str> = dispensing.fills().iter().map(|fill| fill.limit.as_str()).collect();
    limits.dedup();
    for limit in limits.iter().filter_map(|id| compounding.beyond_use(id)) {
        let needed = limit.needs_filler.as_deref();
        if let Some(needed) = needed.filter(|needed| !is_same(needed, product.filler.trim(), compounding)) {
            let expected = format!("{needed}, because {} days rest on a study with it", limit.days);
            problems.push(found("product.filler", &product.filler, expected));
        }
        if limit.home.is_some() {
            problems.push(found("stock.liquid", &limit.id, "a liquid that a pharmacy makes"));
        }
    }
}

fn check_days(problems: &mut Vec<OrderProblem>, dispensing: &Dispensing, today: Date) {
    if dispensing.from() < today {
        let expected = format!("a first day from {today}, the day of the order");
        problems.push(found("from", &dispensing.from().to_string(), expected));
    }
}

fn need(problems: &mut Vec<OrderProblem>, at: &'static str, value: &str, expected: &str) {
    if value.trim().is_empty() {
        problems.push(missing(at, expected));
    }
}

fn missing(at: &'static str, expected: &str) -> OrderProblem {
    OrderProblem { at, value: None, expected: expected.to_owned() }
}

fn found(at: &'static str, value: &str, expected: impl Into<String>) -> OrderProblem {
    let value = (!value.trim().is_empty()).then(|| value.to_owned());
    OrderProblem { at, value, expected: expected.into() }
}

/// What must not be in it: what nobody should get, and what this person does not tolerate.
fn avoided(details: &OrderDetails, compounding: &Compounding) -> Vec<String> {
    let refused = compounding.fillers().refused().map(|filler| filler.name.clone());
    let mut avoid: Vec<String> = refused.collect();
    for unwanted in details.product.avoid.iter().flatten() {
        if !avoid.iter().any(|known| is_same(known, unwanted, compounding)) {
            avoid.push(unwanted.clone());
        }
    }
    avoid
}

impl Order {
    /// Returns the plan that it was made of.
    pub fn plan(&self) -> &PlanId {
        &self.plan
    }

    /// Returns what the pharmacy makes.
    pub fn dispensing(&self) -> &Dispensing {
        &self.dispensing
    }

    /// Returns the name of the patient.
    pub fn patient_name(&self) -> &str {
        self.details.patient.name.trim()
    }

    /// Returns the date of birth of the patient.
    pub const fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// Returns the name of the prescriber, as under the plan.
    pub fn prescriber(&self) -> &str {
        &self.prescriber
    }

    /// Returns the generic name with its salt.
    pub fn generic_name(&self) -> &str {
        &self.generic_name
    }

    /// Returns the order with all labels as plain text.
    pub fn to_text(&self, compounding: &Compounding) -> String {
        let words = &compounding.labels().order;
        let mut text = format!("ORDER, {}\n\n", words::day(self.date));
        self.write_people(&mut text);
        let _ = writeln!(text, "\n{}\n{}\n{}\n", words.to_be_compounded, words.release, words.off_label);
        self.write_product(&mut text);
        for (index, fill) in self.dispensing.fills().iter().enumerate() {
            text += &self.fill_text(index, fill);
        }
        text += &self.refills_text();
        text += "\nDirections\n";
        for run in self.dispensing.runs() {
            let days = words::days(run.from, run.to);
            if run.swallowings().is_empty() {
                let _ = writeln!(text, "  {days}: no LDN");
            }
            for swallowing in run.swallowings() {
                let how = words::swallowing(swallowing, self.dispensing.concentration());
                let _ = writeln!(text, "  {days}: {how}");
            }
        }
        for caution in self.dispensing.cautions() {
            let _ = writeln!(text, "{caution}");
        }
        for label in labels(self, compounding) {
            let _ = write!(text, "\nLABEL\n{label}");
        }
        text
    }

    fn write_people(&self, text: &mut String) {
        let OrderDetails { patient, prescriber, product } = &self.details;
        let listed = |names: Option<&Vec<String>>| match names {
            Some(names) if !names.is_empty() => words::list(names),
            _ => "none known".to_owned(),
        };
        let _ = writeln!(text, "Patient: {}, born {}", patient.name.trim(), words::day(self.birth_date));
        let _ = writeln!(text, "Address: {}", patient.address.trim());
        let _ = writeln!(text, "Allergies: {}", listed(product.allergies.as_ref()));
        let _ = write!(text, "Condition treated: {}", product.condition.trim());
        let code = product.diagnosis_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let _ = writeln!(text, "{}", code.map(|code| format!(" ({code})")).unwrap_or_default());
        let _ = writeln!(text, "Prescriber: {}, licence {}", self.prescriber, prescriber.licence.trim());
        let _ = writeln!(text, "Address: {}", prescriber.address.trim());
        let _ = writeln!(
            text,
            "Plan {}, version {}, signed on {}, valid until {}",
            self.plan,
            self.dispensing.version(),
            words::day(self.signed_on),
            words::day(self.dispensing.valid_until())
        );
    }

    fn write_product(&self, text: &mut String) {
        let product = &self.details.product;
        let _ = writeln!(text, "Medicine: {}; strengths are of this form of it", self.generic_name);
        let _ = writeln!(text, "Filler: {}", product.filler.trim());
        let _ = writeln!(text, "Not in it: {}", words::list(&self.avoid));
        if self.dispensing.units().iter().any(|unit| unit.unit.form() == UnitForm::Capsule) {
            let _ = writeln!(text, "Capsule size: {}", product.capsule_size.trim());
            let _ = writeln!(text, "Capsule colour: {}", product.capsule_colour.trim());
        }
    }

    fn fill_text(&self, index: usize, fill: &Fill) -> String {
        let name = if index == 0 { "First fill".to_owned() } else { format!("Refill {index}") };
        let mut text = format!("{name}, for {}\n", words::days(fill.from, fill.to));
        for bottle in &fill.bottles {
            let _ = writeln!(text, "  {}: {}", form_of(&bottle.content), words::content(&bottle.content));
        }
        text
    }

    fn refills_text(&self) -> String {
        let refills = self.dispensing.fills().get(1..).unwrap_or_default();
        let dates: Vec<String> = refills.iter().map(|fill| words::day(fill.from)).collect();
        let supply = words::day_count(self.dispensing.days());
        if dates.is_empty() {
            format!("Supply: {supply}\nRefills: none\n")
        } else {
            format!("Supply: {supply}\nRefills: {}, needed on {}\n", dates.len(), words::list(&dates))
        }
    }
}

/// Returns the dosage form in words.
fn form_of(content: &Content) -> String {
    match content {
        Content::Units { unit, .. } => format!("immediate-release {}", unit.form().plural()),
        Content::Liquid { .. } => "oral liquid".to_owned(),
    }
}
