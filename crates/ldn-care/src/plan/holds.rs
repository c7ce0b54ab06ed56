//! Holds before procedures: constraints on every dose, not notes beside them.

use jiff::civil::Date;
use ldn_core::plan::{Hold, Resume};

use super::choices::Request;
use super::plus;
use super::refusal::Refusal;
use super::settings::number;
use crate::intake::{Answer, Procedure};
use crate::screen::RuleSet;

/// The rule that a hold for any procedure rests on.
const PROCEDURE: &str = "SU-01";
/// The rule for procedures that usually go with sedation, dental work among them.
const SEDATION: &str = "SU-04";
const HOURS_PER_DAY: f64 = 24.0;

/// Returns the holds of a plan in order: from D − 3 through the day D of every procedure that is dated from the start
/// on; until a new screening where opioids are expected or nobody knows.
///
/// # Errors
/// A hold shorter than the rule, a coming procedure without a day, or one before the start that may bring opioids.
pub(super) fn of(request: &Request<'_>, rules: &RuleSet) -> Result<Vec<Hold>, Refusal> {
    let days_before = days_before(request, rules)?;
    let mut holds = Vec::new();
    for (index, procedure) in request.intake.procedures.iter().enumerate() {
        if let Some(day) = day_to_hold(index, procedure, request)? {
            holds.push(hold(index, procedure, day, days_before, request));
        }
    }
    Ok(merge(holds))
}

/// Returns the whole days before a procedure without LDN: 72 hours are three days, because a date has no hour.
fn days_before(request: &Request<'_>, rules: &RuleSet) -> Result<u16, Refusal> {
    let missing = Refusal::RuleWithoutNumber { rule: PROCEDURE, parameter: "hold" };
    let hours = rules.rule(PROCEDURE).and_then(|rule| number(rule, "hold", "hours")).ok_or(missing)?;
    let least = (hours / HOURS_PER_DAY).ceil() as u16;
    match request.choices.hold_days {
        Some(days) if days < least => Err(Refusal::HoldTooShort { days, least, rule: PROCEDURE.to_owned() }),
        chosen => Ok(chosen.unwrap_or(least)),
    }
}

/// Returns the day of a procedure that needs a hold; `None` for one that is over.
fn day_to_hold(index: usize, procedure: &Procedure, request: &Request<'_>) -> Result<Option<Date>, Refusal> {
    let at = || format!("procedure[{index}].date");
    let may_bring_opioids = procedure.opioids_expected != Answer::No;
    match procedure.date {
        None if may_bring_opioids => Err(Refusal::ProcedureWithoutDate { at: at() }),
        None => Ok(None),
        Some(day) if day >= request.start => Ok(Some(day)),
        Some(day) if may_bring_opioids && day > request.intake.date => {
            Err(Refusal::ProcedureBeforeStart { at: at(), date: day })
        }
        // Over before the first dose: what it brought is judged by the screening.
        Some(_) => Ok(None),
    }
}

fn hold(index: usize, procedure: &Procedure, day: Date, days_before: u16, request: &Request<'_>) -> Hold {
    let place = format!("procedure[{index}]");
    let is_sedation = request
        .screening
        .finding(SEDATION)
        .is_some_and(|finding| finding.because.iter().any(|fact| fact.at.starts_with(&place)));
    let opens = procedure.opioids_expected != Answer::No;
    Hold {
        from: plus(day, -i64::from(days_before)),
        to: (!opens).then_some(day),
        why: format!("{} on {day}", procedure.name),
        rule: if is_sedation { SEDATION } else { PROCEDURE }.to_owned(),
        resume: opens.then_some(Resume::ReScreen),
    }
}

/// Puts holds in order and joins those that touch the same days; one without an end swallows all that follow.
fn merge(mut holds: Vec<Hold>) -> Vec<Hold> {
    holds.sort_by_key(|hold| hold.from);
    let mut merged: Vec<Hold> = Vec::new();
    for hold in holds {
        match merged.last_mut() {
            Some(last) if last.to.is_none_or(|to| hold.from <= to) => {
                last.to = last.to.zip(hold.to).map(|(one, other)| one.max(other));
                last.resume = last.resume.or(hold.resume);
                last.why = format!("{}; {}", last.why, hold.why);
            }
            _ => merged.push(hold),
        }
    }
    merged
}
