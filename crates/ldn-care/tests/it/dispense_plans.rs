//! Plans and stocks for the tests of dispensing.

use jiff::civil::{Date, date};
use ldn_care::dispense::{Compounding, Liquid, Stock};
use ldn_core::Plan;
use ldn_core::plan::{DayPart, Hold, PlanParts, PlanRules, Signature, Step, TimeOfDay};

/// The first day of every plan.
pub(crate) const START: Date = date(2026, 1, 5);

pub(crate) fn shipped() -> &'static Compounding {
    Compounding::shipped()
}

/// The day so many days after the start.
pub(crate) fn day(offset: i64) -> Date {
    START.checked_add(jiff::ToSpan::days(offset)).unwrap()
}

/// Steps as "1.5 mg x 7; 3 mg x 7; 4.5 mg"; a divided dose as "1.5 mg + 1.5 mg x 7".
pub(crate) fn steps(text: &str) -> Vec<Step> {
    let mut next = 0;
    let mut steps = Vec::new();
    for step in text.split(';') {
        let (doses, days) = match step.split_once(" x ") {
            Some((doses, days)) => (doses, Some(days.trim().parse::<i64>().unwrap())),
            None => (step, None),
        };
        let times = [TimeOfDay::Morning, TimeOfDay::Midday, TimeOfDay::Bedtime];
        let doses: Vec<&str> = doses.split('+').collect();
        let parts = doses.iter().enumerate().map(|(index, dose)| DayPart {
            at: if doses.len() == 1 { TimeOfDay::Bedtime } else { times[index] },
            dose: dose.parse().unwrap(),
        });
        steps.push(Step {
            from: day(next),
            to: days.map(|days| day(next + days - 1)),
            parts: parts.collect(),
            why: "as the protocol says".into(),
            source: "ldnrt-starting-dose".into(),
        });
        next += days.unwrap_or(0);
    }
    steps
}

pub(crate) fn parts(steps: Vec<Step>, holds: Vec<Hold>) -> PlanParts {
    PlanParts {
        protocol: "test".into(),
        version: 1,
        parent: None,
        reason: "first plan".into(),
        made_on: START,
        valid_until: day(729),
        signature: None,
        blinded: false,
        steps,
        holds,
        review: vec![],
        judge_on: None,
        rules: PlanRules::default(),
        fulfils: vec![],
        overrides: vec![],
        proposed: vec![],
    }
}

pub(crate) fn plan(text: &str) -> Plan {
    Plan::new(parts(steps(text), vec![])).unwrap()
}

pub(crate) fn signed(plan: Plan) -> Plan {
    plan.sign(Signature { prescriber: "Dr Anna Beispiel".into(), on: START })
}

pub(crate) fn hold(from: Date, to: Option<Date>) -> Hold {
    Hold { from, to, why: "planned operation".into(), rule: "SU-01".into(), resume: None }
}

/// Units as "0.5 mg, 3 mg tablet scored in halves", or a liquid as "1 mg/mL liquid-unpreserved 50 mL".
pub(crate) fn stock(text: &str) -> Stock {
    if !text.contains("/mL") {
        return Stock::of_units(Stock::read_units(text).unwrap(), shipped()).unwrap();
    }
    let words: Vec<&str> = text.splitn(4, ' ').collect();
    let concentration = words[..2].join(" ").parse().unwrap();
    let bottle = words.get(3).map(|bottle| bottle.parse().unwrap());
    let keeps = words[2].to_owned();
    let liquid = Liquid { bottle, keeps, ..Liquid::unpreserved(concentration, shipped()) };
    Stock::of_liquid(liquid, shipped()).unwrap()
}
