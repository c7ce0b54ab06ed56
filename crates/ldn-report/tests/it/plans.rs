//! Plans for tests of what is printed about them.

use jiff::civil::{Date, date};
use ldn_core::plan::{DayPart, Hold, PlanParts, PlanRules, Resume, Review, Signature, Step, TimeOfDay};
use ldn_core::{Dose, Plan};

/// "1.5" milligrams at bedtime.
pub(crate) fn step(from: Date, to: Option<Date>, milligrams: &str) -> Step {
    parts(from, to, &[(TimeOfDay::Bedtime, milligrams)])
}

pub(crate) fn parts(from: Date, to: Option<Date>, parts: &[(TimeOfDay, &str)]) -> Step {
    let dose = |text: &str| Dose::from_milligrams_text(text).unwrap();
    let parts = parts.iter().map(|(at, text)| DayPart { at: *at, dose: dose(text) }).collect();
    Step { from, to, parts, why: "one week at each step".into(), source: "practice".into() }
}

/// A year with every kind of entry: the spring and the autumn change of the clock of every zone lie in it.
pub(crate) fn year() -> PlanParts {
    PlanParts {
        protocol: "fibromyalgia-common".into(),
        version: 1,
        parent: None,
        reason: "first plan".into(),
        made_on: date(2026, 1, 2),
        valid_until: date(2026, 12, 31),
        signature: None,
        blinded: false,
        steps: vec![
            step(date(2026, 1, 5), Some(date(2026, 1, 11)), "1.5"),
            step(date(2026, 1, 12), Some(date(2026, 1, 18)), "3"),
            step(date(2026, 1, 19), Some(date(2026, 3, 26)), "4.5"),
            step(date(2026, 4, 4), None, "4.5"),
        ],
        holds: vec![hold(date(2026, 3, 27), Some(date(2026, 4, 3)))],
        review: vec![
            Review { on: date(2026, 1, 19), what: "sleep; dreams, nausea".into() },
            Review { on: date(2027, 1, 19), what: "after the end".into() },
        ],
        judge_on: Some(date(2026, 6, 27)),
        rules: PlanRules::default(),
        fulfils: vec![],
        overrides: vec![],
        proposed: vec![],
    }
}

pub(crate) fn hold(from: Date, to: Option<Date>) -> Hold {
    let resume = to.is_none().then_some(Resume::ReScreen);
    Hold { from, to, why: "operation on 30 March".into(), rule: "SU-01".into(), resume }
}

pub(crate) fn plan(change: impl FnOnce(&mut PlanParts)) -> Plan {
    let mut parts = year();
    change(&mut parts);
    Plan::new(parts).unwrap()
}

pub(crate) fn signed(plan: Plan) -> Plan {
    plan.sign(Signature { prescriber: "Dr A. Example".into(), on: date(2026, 1, 3) })
}

/// The plan that follows from another, with fewer steps.
pub(crate) fn next(older: &Plan) -> Plan {
    let mut parts = older.clone().into_parts();
    parts.version += 1;
    parts.parent = Some(older.id());
    parts.signature = None;
    parts.reason = "a lower dose does".into();
    parts.made_on = date(2026, 2, 1);
    parts.steps = vec![step(date(2026, 2, 1), None, "3")];
    parts.holds.clear();
    Plan::new(parts).unwrap()
}
