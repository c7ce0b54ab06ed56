//! OP-01 to OP-11, OP-13 to OP-16, OP-22, OP-24: opioids of the list.

use jiff::ToSpan;

use super::{Hit, any};
use crate::intake::{Answer, Use};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, OpioidUse};
use crate::screen::first_allowed_day;
use crate::screen::rule::Rule;

/// Days that the question about opioids looks back.
pub(super) const DAYS_OF_THE_QUESTION: i32 = 90;

/// Returns the facts of an opioid: its name, and its last dose where that is known.
fn facts_of(facts: &Facts<'_>, opioid: &OpioidUse<'_>) -> Vec<Because> {
    let last_taken = facts.medicines.get(opioid.taken).and_then(|taken| taken.last_taken());
    std::iter::once(opioid.because()).chain(last_taken).collect()
}

/// OP-01, 02, 04, 05, 07, 08, 09, 13, 24: an opioid of this rule is in use.
pub(super) fn in_use(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let applies = |opioid: &&OpioidUse<'_>| opioid.is_under(&rule.id) && opioid.is_in_use();
    let hit = |opioid: &OpioidUse<'_>| {
        Hit::because(facts_of(facts, opioid)).until(opioid.earliest_start(facts.today))
    };
    facts.opioids.iter().filter(applies).map(hit).collect()
}

/// OP-03 and OP-10 look at what was stopped as well.
fn in_use_or_lately(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let applies = |opioid: &&OpioidUse<'_>| {
        opioid.is_under(&rule.id) && (opioid.is_in_use() || opioid.is_within_interval(facts.today))
    };
    let hit = |opioid: &OpioidUse<'_>| {
        Hit::because(facts_of(facts, opioid)).until(opioid.earliest_start(facts.today))
    };
    facts.opioids.iter().filter(applies).map(hit).collect()
}

/// OP-03: a patch on the skin, or off for less than the interval.
pub(super) fn patch(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    in_use_or_lately(facts, rule)
}

/// OP-10: any use of kratom within the interval.
pub(super) fn kratom(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    in_use_or_lately(facts, rule)
}

/// OP-06: a depot in use, or within the months before, or nobody knows when. Never a date.
pub(super) fn depot(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let first_day = facts.today.saturating_sub(i32::from(rule.whole("lookback_months")).months());
    let applies = |opioid: &&OpioidUse<'_>| {
        let is_recent = opioid.last_taken.is_none_or(|day| day >= first_day);
        opioid.is_depot() && (opioid.is_in_use() || is_recent)
    };
    let hit = |opioid| Hit::because(facts_of(facts, opioid));
    facts.opioids.iter().filter(applies).map(hit).collect()
}

/// OP-11: an antidiarrhoeal that acts at opioid receptors; too much of it is OP-01 as well.
pub(super) fn antidiarrhoeal(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let mut hits = Vec::new();
    for taken in facts.medicines.iter().filter(|taken| taken.is_in_use()) {
        if let Some(found) = taken.of_class(&rule.classes) {
            hits.push(Hit::because(std::iter::once(taken.because(found.medicine)).chain(taken.per_day())));
        }
    }
    hits
}

/// OP-14: a short-acting opioid now and then.
pub(super) fn occasional(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let applies = |opioid: &&OpioidUse<'_>| opioid.is_occasional();
    facts.opioids.iter().filter(applies).map(|opioid| Hit::because(facts_of(facts, opioid))).collect()
}

/// OP-15: a dose beside an opioid that somebody calls ultra-low. It speaks on both sides of the amount that is blocked
/// without a specialist.
pub(super) fn ultra_low_dose(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let Some(dose) = facts.intake.course.requested_dose else {
        return Vec::new();
    };
    let is_ultra_low = !dose.is_zero() && dose <= rule.micrograms("called_ultra_low_up_to_micrograms");
    let beside = || facts.opioids.iter().filter(|opioid| opioid.stands_in_the_way(facts.today));
    if !is_ultra_low || beside().next().is_none() {
        return Vec::new();
    }
    any(std::iter::once(Facts::dose("requested_dose", dose)).chain(beside().map(OpioidUse::because)))
}

/// OP-16: an opioid was taken and its interval has not passed, or cannot be counted.
pub(super) fn stopped(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let of_list = facts
        .opioids
        .iter()
        .filter(|opioid| opioid.is_within_interval(facts.today))
        .map(|opioid| Hit::because(facts_of(facts, opioid)).until(opioid.earliest_start(facts.today)));
    of_list.chain(procedures(facts, rule)).chain(unexplained_opioid(facts)).collect()
}

/// A procedure counts as an exposure on its day unless it is known to be without opioids.
fn procedures(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (idx, procedure) in facts.intake.procedures.iter().enumerate() {
        let Some(date) = procedure.date.filter(|date| *date <= facts.today) else {
            continue;
        };
        let first_day = first_allowed_day(date, rule.whole("procedure_days"));
        if procedure.opioids_expected != Answer::No && first_day > facts.today {
            let at = |key: &str| format!("procedure[{idx}].{key}");
            let name = Because { at: at("name"), value: procedure.name.clone(), recognised: None };
            let day = Because { at: at("date"), value: date.to_string(), recognised: None };
            hits.push(Hit::because([name, day]).until(Some(first_day)));
        }
    }
    hits
}

/// Opioids within 90 days, and nothing listed that explains them: which and when is not known, so no date. A procedure of
/// which nobody knows whether it brought opioids explains nothing.
fn unexplained_opioid(facts: &Facts<'_>) -> Option<Hit> {
    let answer = facts.intake.answers.opioids_last_90_days;
    let is_within = |date| (0..=DAYS_OF_THE_QUESTION).contains(&facts.days_since(date));
    let by_list =
        facts.opioids.iter().any(|opioid| opioid.is_in_use() || opioid.last_taken.is_none_or(is_within));
    let by_procedure =
        facts.intake.procedures.iter().any(|procedure| {
            procedure.opioids_expected == Answer::Yes && procedure.date.is_some_and(is_within)
        });
    let is_unexplained = answer == Answer::Yes && !by_list && !by_procedure;
    is_unexplained.then(|| Hit::because([Facts::answer("opioids_last_90_days", answer)]))
}

/// OP-22: an opioid is in use, planned, or was begun after LDN, while LDN is taken.
pub(super) fn begun_on_ldn(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    if !facts.ldn.is_taken {
        return Vec::new();
    }
    let is_since_ldn = |opioid: &OpioidUse<'_>| {
        opioid.last_taken.zip(facts.ldn.since).is_none_or(|(last, since)| last >= since)
    };
    let applies = |opioid: &&OpioidUse<'_>| {
        opioid.stands_in_the_way(facts.today) && (opioid.is_in_use() || is_since_ldn(opioid))
    };
    let hit = |opioid: &OpioidUse<'_>| {
        let restart = opioid.last_taken.filter(|_| opioid.usage != Use::Planned && !opioid.is_depot());
        let by_rule =
            restart.map(|last| first_allowed_day(last, rule.whole("restart_after_opioid_free_days")));
        let earliest = opioid.earliest_start(facts.today).max(by_rule).filter(|day| *day > facts.today);
        Hit::because(facts_of(facts, opioid)).until(earliest)
    };
    facts.opioids.iter().filter(applies).map(hit).collect()
}
