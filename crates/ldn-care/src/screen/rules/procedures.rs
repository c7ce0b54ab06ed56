//! SU-01 to SU-04: procedures, coming, past and sudden.

use super::{Hit, any};
use crate::intake::{Answer, Procedure};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Named};
use crate::screen::first_allowed_day;
use crate::screen::rule::Rule;

/// Returns the procedures with what was recognised in their names.
fn listed<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = (&'f Named<'f>, &'f Procedure)> {
    let named = facts.named.iter().filter(|named| named.list == List::Procedure);
    named.filter_map(|named| Some((named, facts.intake.procedures.get(named.idx)?)))
}

/// Returns true for a procedure that is to come, or may be, and may bring opioids.
fn is_coming(facts: &Facts<'_>, procedure: &Procedure) -> bool {
    procedure.opioids_expected != Answer::No && procedure.date.is_none_or(|date| date >= facts.today)
}

/// Returns the name of a procedure and its day as facts.
fn facts_of(named: &Named<'_>, procedure: &Procedure) -> Vec<Because> {
    let at = format!("procedure[{}].date", named.idx);
    let day = procedure.date.map(|date| Because { at, value: date.to_string(), recognised: None });
    std::iter::once(named.because()).chain(day).collect()
}

/// SU-01: a coming procedure, unless it is known to be without opioids.
pub(super) fn coming(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let applies = listed(facts).filter(|(_, procedure)| is_coming(facts, procedure));
    any(applies.flat_map(|(named, procedure)| facts_of(named, procedure)))
}

/// SU-04: a coming procedure that usually goes with sedation.
pub(super) fn sedation(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let applies = listed(facts)
        .filter(|(named, procedure)| named.has_any(&["sedation"]) && is_coming(facts, procedure));
    any(applies.flat_map(|(named, procedure)| facts_of(named, procedure)))
}

/// SU-02: an emergency operation or an injury while on LDN.
pub(super) fn emergency(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    if !facts.ldn.is_taken {
        return Vec::new();
    }
    let terms = ["emergency-surgery"];
    let around = i32::from(rule.whole("around_days"));
    let is_now = |procedure: &Procedure| {
        procedure.date.is_none_or(|date| (-around..=around).contains(&facts.days_since(date)))
    };
    let operations = listed(facts)
        .filter(|(named, procedure)| named.has_any(&terms) && is_now(procedure))
        .flat_map(|(named, procedure)| facts_of(named, procedure));
    let injuries = facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms));
    any(operations.chain(injuries))
}

/// SU-03: LDN stood still for a procedure and has not been restarted.
pub(super) fn restart(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (named, procedure) in listed(facts) {
        let Some(date) = procedure.date else {
            continue;
        };
        let days = facts.days_since(date);
        let is_past = (0..=i32::from(rule.whole("lookback_days"))).contains(&days);
        let had_begun = facts.ldn.since.or(facts.ldn.last_dose).is_some_and(|day| day <= date);
        let has_restarted = facts.ldn.last_dose.is_some_and(|last| last > date);
        if is_past && had_begun && !has_restarted && procedure.opioids_expected != Answer::No {
            let earliest = first_allowed_day(date, rule.whole("opioid_free_days"));
            hits.push(Hit::because(facts_of(named, procedure)).until(Some(earliest.max(facts.today))));
        }
    }
    hits
}
