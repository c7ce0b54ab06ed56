//! A plan: which dose on which day, and why.
//!
//! A plan is an immutable value. Changing one makes a new one that names its parent and the reason; nothing here is
//! ever edited in place. How a plan is made from a protocol stands elsewhere: this module only knows what every plan
//! must obey ([`Plan::new`]) and how to ask one about a day ([`Plan::on`]).

mod form;

use std::fmt;

use jiff::civil::Date;

use crate::Dose;

/// Which dose on which day, for one course: an immutable value.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    parts: PlanParts,
}

/// What a plan is made of; becomes a [`Plan`] only when it obeys every rule of [`Plan::new`].
#[derive(Clone, Debug, PartialEq)]
pub struct PlanParts {
    /// Id of the protocol that the steps follow.
    pub protocol: String,
    /// 1 for the first plan of a course, one more for each that follows.
    pub version: u32,
    /// The plan that this one replaces; `None` for the first.
    pub parent: Option<PlanId>,
    /// Why it was made, or why it replaces its parent.
    pub reason: String,
    /// The day it was made.
    pub made_on: Date,
    /// The last day on which a dose may be read from it; later it says "ask before the next dose".
    pub valid_until: Date,
    /// Who signed it; `None` while nobody has.
    pub signature: Option<Signature>,
    /// True if capsules may be placebo: nothing printed may depend on the arm.
    pub blinded: bool,
    /// What is swallowed, in order of days; no step contains a held day.
    pub steps: Vec<Step>,
    /// Days on which nothing is swallowed, whatever a step says.
    pub holds: Vec<Hold>,
    /// When somebody looks at what.
    pub review: Vec<Review>,
    /// The first day on which the effect may be judged; `None` if the plan names no target that it reaches.
    pub judge_on: Option<Date>,
    /// What to do when something goes badly, in words, by the name of the event.
    pub rules: PlanRules,
    /// Findings of the screening that the plan itself fulfils.
    pub fulfils: Vec<Fulfilled>,
    /// Findings that a named prescriber overrode.
    pub overrides: Vec<Override>,
    /// Choices that rest on a proposal of ours, and were made by the prescriber.
    pub proposed: Vec<Proposed>,
}

/// The name of a plan: the beginning of the SHA-256 of its content without the signature, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PlanId(String);

/// Who signed a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The prescriber's name.
    pub prescriber: String,
    /// The day of signing.
    pub on: Date,
}

/// A run of days with the same dose.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// First day.
    pub from: Date,
    /// Last day; `None` only in the last step, which runs on.
    pub to: Option<Date>,
    /// What is swallowed on each day, in the order of the day; never empty.
    pub parts: Vec<DayPart>,
    /// Why this step is there.
    pub why: String,
    /// Id of the source it rests on.
    pub source: String,
}

/// One swallowing of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPart {
    /// When.
    pub at: TimeOfDay,
    /// How much; never zero.
    pub dose: Dose,
}

/// When in the day a dose is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeOfDay {
    /// After waking.
    Morning,
    /// Around noon.
    Midday,
    /// Before going to bed.
    Bedtime,
}

/// Days without LDN.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// First day without.
    pub from: Date,
    /// Last day without; `None` if it lasts until somebody screens again.
    pub to: Option<Date>,
    /// Why.
    pub why: String,
    /// Id of the rule of screening that asks for it.
    pub rule: String,
    /// What must happen before LDN is taken again; "re-screen" where opioids are expected or unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// What must happen before LDN is taken again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resume {
    /// A new screening and a new plan.
    ReScreen,
}

/// A day on which somebody looks at something.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The day.
    pub on: Date,
    /// At what.
    pub what: String,
}

/// What to do when something goes badly, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    /// On a side effect.
    pub on_side_effect: String,
    /// On a forgotten dose.
    pub on_missed_dose: String,
    /// After a gap of more than 14 days.
    pub on_gap: String,
    /// When there is no benefit.
    pub on_no_benefit: String,
    /// After an opioid, whatever brought it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on_opioid: String,
}

/// A finding that the plan itself fulfils.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fulfilled {
    /// Id of the rule.
    pub rule: String,
    /// How the plan fulfils it.
    pub how: String,
}

/// A finding that a named prescriber overrode.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Id of the rule.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub prescriber: String,
}

/// A choice that rests on a proposal of ours.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// What was chosen: "step", "interval", "target".
    pub field: String,
    /// The value chosen, as text with its unit.
    pub value: String,
    /// Where the proposal stands.
    pub source: String,
}

/// What a plan says about one day.
#[derive(Clone, Debug, PartialEq)]
pub enum DayPlan<'plan> {
    /// Take this.
    Take(&'plan Step),
    /// Take nothing, for this reason.
    Hold(&'plan Hold),
    /// The plan does not reach this day: it begins later, or ended.
    Nothing,
    /// The plan no longer speaks: "ask before the next dose".
    Ask(AskBecause),
}

/// Why a plan no longer gives a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AskBecause {
    /// Its last valid day has passed.
    Expired,
    /// A newer plan replaced it.
    Superseded,
}

/// Why parts are not a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {expected}")]
pub struct PlanError {
    /// Where in the plan, in the names of its JSON form: `steps[2].to`.
    pub at: String,
    /// What was expected there.
    pub expected: String,
}

impl PlanError {
    fn new(at: impl Into<String>, expected: impl Into<String>) -> PlanError {
        PlanError { at: at.into(), expected: expected.into() }
    }
}

impl Plan {
    /// Makes a plan of parts that obey every rule.
    ///
    /// Steps are in order and do not overlap, only the last is open; holds are in order; no step contains a held day;
    /// every dose is more than zero; a divided day names each time of day once; the first version has no parent and
    /// every later one has.
    ///
    /// # Errors
    /// [`PlanError`] naming the first place that breaks a rule.
    pub fn new(parts: PlanParts) -> Result<Plan, PlanError> {
        check(&parts)?;
        Ok(Plan { parts })
    }

    /// Returns what it is made of.
    pub fn parts(&self) -> &PlanParts {
        &self.parts
    }

    /// Takes it apart, to make the next one.
    pub fn into_parts(self) -> PlanParts {
        self.parts
    }

    /// Returns its name, which its content decides and its signature does not.
    pub fn id(&self) -> PlanId {
        form::id_of(self)
    }

    /// Returns the same plan, signed.
    pub fn sign(self, signature: Signature) -> Plan {
        Plan { parts: PlanParts { signature: Some(signature), ..self.parts } }
    }

    /// Returns true if a prescriber signed it.
    pub fn is_signed(&self) -> bool {
        self.parts.signature.is_some()
    }

    /// Returns the steps in order of days.
    pub fn steps(&self) -> &[Step] {
        &self.parts.steps
    }

    /// Returns the holds in order of days.
    pub fn holds(&self) -> &[Hold] {
        &self.parts.holds
    }

    /// Returns the step that contains a day, whatever today is.
    pub fn step_on(&self, day: Date) -> Option<&Step> {
        self.parts.steps.iter().find(|step| step.contains(day))
    }

    /// Returns the hold that contains a day.
    pub fn hold_on(&self, day: Date) -> Option<&Hold> {
        self.parts.holds.iter().find(|hold| hold.contains(day))
    }

    /// Returns what the plan says about a day, if no newer plan has replaced it.
    pub fn on(&self, day: Date) -> DayPlan<'_> {
        if day > self.parts.valid_until {
            return DayPlan::Ask(AskBecause::Expired);
        }
        if let Some(hold) = self.hold_on(day) {
            return DayPlan::Hold(hold);
        }
        self.step_on(day).map_or(DayPlan::Nothing, DayPlan::Take)
    }

    /// Returns the largest daily dose of any step.
    pub fn highest_dose(&self) -> Dose {
        self.parts.steps.iter().map(Step::dose).max().unwrap_or(Dose::ZERO)
    }
}

impl Step {
    /// Returns the day's total.
    pub fn dose(&self) -> Dose {
        Dose::from_nanograms(self.parts.iter().map(|part| part.dose.nanograms()).sum())
    }

    /// Returns true if the day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Hold {
    /// Returns true if the day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl TimeOfDay {
    /// Returns the words that follow a dose: "at bedtime".
    pub const fn words(self) -> &'static str {
        match self {
            TimeOfDay::Morning => "in the morning",
            TimeOfDay::Midday => "at midday",
            TimeOfDay::Bedtime => "at bedtime",
        }
    }
}

impl PlanId {
    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn check(plan: &PlanParts) -> Result<(), PlanError> {
    match (plan.version, &plan.parent) {
        (0, _) => return Err(PlanError::new("version", "a number from 1")),
        (1, Some(_)) => return Err(PlanError::new("parent", "none, because version 1 replaces nothing")),
        (2.., None) => return Err(PlanError::new("parent", "the plan that it replaces")),
        _ => {}
    }
    if plan.reason.trim().is_empty() {
        return Err(PlanError::new("reason", "why the plan was made"));
    }
    if plan.valid_until < plan.made_on {
        return Err(PlanError::new("valid_until", format!("a day from {}, when it was made", plan.made_on)));
    }
    check_order(plan.steps.iter().map(|step| (step.from, step.to)), "steps")?;
    check_order(plan.holds.iter().map(|hold| (hold.from, hold.to)), "holds")?;
    for (index, step) in plan.steps.iter().enumerate() {
        check_step(step, index)?;
        if let Some(hold) = plan.holds.iter().find(|hold| overlap((step.from, step.to), (hold.from, hold.to)))
        {
            return Err(PlanError::new(
                format!("steps[{index}]"),
                format!("no day of the hold that begins on {}", hold.from),
            ));
        }
    }
    Ok(())
}

/// Checks that runs of days are in order, do not overlap, and that only the last is open.
fn check_order(runs: impl Iterator<Item = (Date, Option<Date>)>, name: &str) -> Result<(), PlanError> {
    let mut before: Option<(Date, Option<Date>)> = None;
    for (index, (from, to)) in runs.enumerate() {
        if to.is_some_and(|to| to < from) {
            return Err(PlanError::new(format!("{name}[{index}].to"), format!("a day from {from}")));
        }
        match before {
            Some((_, None)) => {
                return Err(PlanError::new(
                    format!("{name}[{}].to", index - 1),
                    "a day; only the last may be open",
                ));
            }
            Some((_, Some(last))) if from <= last => {
                return Err(PlanError::new(format!("{name}[{index}].from"), format!("a day after {last}")));
            }
            _ => {}
        }
        before = Some((from, to));
    }
    Ok(())
}

fn check_step(step: &Step, index: usize) -> Result<(), PlanError> {
    if step.parts.is_empty() {
        return Err(PlanError::new(format!("steps[{index}]"), "at least one dose a day"));
    }
    for (place, part) in step.parts.iter().enumerate() {
        if part.dose.is_zero() {
            return Err(PlanError::new(
                format!("steps[{index}].split[{place}].dose_mg"),
                "more than 0; days without a dose are holds",
            ));
        }
        if step.parts[..place].iter().any(|earlier| earlier.at >= part.at) {
            return Err(PlanError::new(
                format!("steps[{index}].split[{place}].at"),
                "each time of day once, in the order of the day",
            ));
        }
    }
    let total = step.parts.iter().try_fold(Dose::ZERO, |sum, part| sum.checked_add(part.dose));
    if total.is_none() {
        return Err(PlanError::new(format!("steps[{index}].dose_mg"), "a dose"));
    }
    Ok(())
}

fn overlap(one: (Date, Option<Date>), other: (Date, Option<Date>)) -> bool {
    one.1.is_none_or(|to| other.0 <= to) && other.1.is_none_or(|to| one.0 <= to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn step(from: Date, to: Option<Date>, milligrams: &str) -> Step {
        let dose = Dose::from_milligrams_text(milligrams).expect("a dose");
        let parts = vec![DayPart { at: TimeOfDay::Bedtime, dose }];
        Step { from, to, parts, why: "first week".into(), source: "webb".into() }
    }

    fn parts() -> PlanParts {
        PlanParts {
            protocol: "fibromyalgia-common".into(),
            version: 1,
            parent: None,
            reason: "first plan".into(),
            made_on: date(2026, 1, 5),
            valid_until: date(2026, 7, 5),
            signature: None,
            blinded: false,
            steps: vec![
                step(date(2026, 1, 5), Some(date(2026, 1, 11)), "1.5"),
                step(date(2026, 1, 12), None, "3"),
            ],
            holds: vec![],
            review: vec![],
            judge_on: Some(date(2026, 4, 6)),
            rules: PlanRules::default(),
            fulfils: vec![],
            overrides: vec![],
            proposed: vec![],
        }
    }

    fn hold(from: Date, to: Option<Date>) -> Hold {
        Hold { from, to, why: "operation".into(), rule: "SU-01".into(), resume: None }
    }

    #[test]
    fn json_reads_back_as_the_same_plan_and_signing_keeps_its_name() {
        let plan = Plan::new(parts()).expect("a plan");
        let signed = plan.clone().sign(Signature { prescriber: "Dr A".into(), on: date(2026, 1, 5) });
        assert_eq!(signed.id(), plan.id());
        for plan in [plan, signed] {
            let text = serde_json::to_string(&plan).expect("JSON");
            assert_eq!(serde_json::from_str::<Plan>(&text).expect("a plan"), plan);
            let changed = text.replace("\"dose_mg\":1.5", "\"dose_mg\":15.0");
            let error = serde_json::from_str::<Plan>(&changed).expect_err("the name no longer fits");
            assert!(error.to_string().contains("changed after it was made"), "{error}");
        }
    }

    #[test]
    fn a_divided_day_is_written_in_parts() {
        let mut divided = parts();
        let milligrams = Dose::from_micrograms(1_500);
        divided.steps[1].parts = vec![
            DayPart { at: TimeOfDay::Morning, dose: milligrams },
            DayPart { at: TimeOfDay::Bedtime, dose: milligrams },
        ];
        let plan = Plan::new(divided).expect("a plan");
        let json = serde_json::to_value(&plan).expect("JSON");
        assert_eq!(json["steps"][1]["dose_mg"], 3.0);
        assert_eq!(json["steps"][1]["split"][0]["at"], "morning");
        assert_eq!(serde_json::from_value::<Plan>(json).expect("a plan"), plan);
    }

    #[test]
    fn every_rule_of_a_plan_is_checked() {
        type Break = fn(&mut PlanParts);
        let broken: [(&str, Break); 9] = [
            ("version", |p| p.version = 0),
            ("parent", |p| p.version = 2),
            ("reason", |p| p.reason = " ".into()),
            ("valid_until", |p| p.valid_until = date(2026, 1, 4)),
            ("steps[0].to", |p| p.steps[0].to = None),
            ("steps[1].from", |p| p.steps[1].from = date(2026, 1, 11)),
            ("steps[0]", |p| p.steps[0].parts.clear()),
            ("steps[0].split[0].dose_mg", |p| p.steps[0].parts[0].dose = Dose::ZERO),
            ("steps[1]", |p| p.holds = vec![hold(date(2026, 2, 1), Some(date(2026, 2, 2)))]),
        ];
        for (at, breaks) in broken {
            let mut parts = parts();
            breaks(&mut parts);
            assert_eq!(Plan::new(parts).expect_err(at).at, at);
        }
    }

    #[test]
    fn an_expired_plan_gives_no_dose() {
        let plan = Plan::new(parts()).expect("a plan");
        assert!(matches!(plan.on(date(2026, 1, 4)), DayPlan::Nothing));
        assert!(
            matches!(plan.on(date(2026, 7, 5)), DayPlan::Take(step) if step.dose() == Dose::from_micrograms(3_000))
        );
        assert_eq!(plan.on(date(2026, 7, 6)), DayPlan::Ask(AskBecause::Expired));
    }
}
