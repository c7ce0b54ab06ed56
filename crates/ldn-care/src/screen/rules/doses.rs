//! UN-02 to UN-07: doses, concentrations and steps.

use ldn_core::Dose;

use super::{Hit, any};
use crate::intake::Concentration;
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Naltrexone, Taken};
use crate::screen::rule::Rule;

/// Returns the doses of the course that fit.
fn doses(facts: &Facts<'_>, fits: impl Fn(&str, Dose) -> bool) -> Vec<Because> {
    let course = &facts.intake.course;
    [("requested_dose", course.requested_dose), ("current_dose", course.current_dose)]
        .into_iter()
        .filter_map(|(key, dose)| Some((key, dose?)))
        .filter(|(key, dose)| fits(key, *dose))
        .map(|(key, dose)| Facts::dose(key, dose))
        .collect()
}

/// UN-02, UN-03, UN-04: a dose above one bound, up to and including the other.
pub(super) fn band(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (above, up_to) = (rule.milligrams("above"), rule.milligrams("up_to"));
    any(doses(facts, |_, dose| dose > above && dose <= up_to))
}

/// UN-05: a dose beyond every band. One that was swallowed and reaches UN-05b is told there.
pub(super) fn beyond(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let above = rule.milligrams("above");
    let swallowed = facts.rules.rule("UN-05b").map(|rule| rule.milligrams("from"));
    let is_told_there = |key: &str, dose| key == "current_dose" && swallowed.is_some_and(|from| dose >= from);
    any(doses(facts, |key, dose| dose > above && !is_told_there(key, dose)))
}

/// UN-05b: a dose of this size was swallowed.
pub(super) fn swallowed(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (from, terms) = (rule.milligrams("from"), ["swallowed-tablet"]);
    let current = doses(facts, |key, dose| key == "current_dose" && dose >= from);
    let events = facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms));
    any(current.into_iter().chain(events))
}

/// UN-06: a concentration that is none of the usual ones. One that is missing is a question that blocks.
pub(super) fn concentration(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let is_usual = |found: Concentration| {
        let tolerance = rule.measured("tolerance").millionths();
        rule.numbers("allowed").iter().any(|usual| {
            let usual = (usual * 1e6).round() as u64;
            // In whole nanograms and millionths of a percent, so that the bound itself is inside.
            u128::from(found.nanograms_per_ml().abs_diff(usual)) * 100_000_000
                <= u128::from(usual) * u128::from(tolerance)
        })
    };
    let unusual = facts.intake.course.concentration.filter(|found| !is_usual(*found));
    any(unusual.map(|found| Because {
        at: "course.concentration".to_owned(),
        value: found.to_string(),
        recognised: None,
    }))
}

/// UN-07: from the present dose to the one asked for is more than a step, or the first interval has not passed.
pub(super) fn step(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let course = &facts.intake.course;
    let listed = || facts.medicines.iter().filter(|taken| taken.is_in_use()).filter_map(Taken::naltrexone);
    // The least of several: the step up from it is the largest.
    let listed_dose = || listed().filter_map(|naltrexone: Naltrexone<'_>| naltrexone.dose()).min();
    let Some((requested, current)) = course.requested_dose.zip(course.current_dose.or_else(listed_dose))
    else {
        return Vec::new();
    };
    let is_too_large =
        current.checked_add(rule.milligrams("step_at_most")).is_some_and(|most| requested > most);
    let is_too_early = requested > current
        && course.ldn_since.is_some_and(|day| facts.days_since(day) < i32::from(rule.whole("step_days")));
    if !facts.ldn.has_begun || (!is_too_large && !is_too_early) {
        return Vec::new();
    }
    let since = course.ldn_since.filter(|_| is_too_early).map(|day| Facts::course_date("ldn_since", day));
    let doses = [Facts::dose("requested_dose", requested), Facts::dose("current_dose", current)];
    any(doses.into_iter().chain(since))
}
