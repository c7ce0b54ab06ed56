//! UN-02 to UN-07: doses, concentrations and steps.

use ldn_core::Dose;

use super::{Hit, any};
use crate::intake::{Concentration, Use};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Taken};
use crate::screen::rule::Rule;

/// Returns what is taken a day of naltrexone on the list, with where it says so. What is only planned is not taken.
fn listed_doses(facts: &Facts<'_>) -> Vec<(Dose, Because)> {
    let taken_now =
        facts.medicines.iter().filter(|taken| taken.is_in_use() && taken.listed.usage != Use::Planned);
    let dose = |taken: &Taken<'_>| {
        let naltrexone = taken.naltrexone()?;
        let because = taken.per_day().filter(|_| naltrexone.per_day.is_some());
        Some((naltrexone.dose()?, because.unwrap_or_else(|| taken.because(naltrexone.medicine))))
    };
    taken_now.filter_map(dose).collect()
}

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

/// UN-02, UN-03, UN-04: a dose above one bound, up to and including the other, in the course or on the list.
pub(super) fn band(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (above, up_to) = (rule.milligrams("above"), rule.milligrams("up_to"));
    let is_inside = |dose: Dose| dose > above && dose <= up_to;
    let listed = listed_doses(facts).into_iter().filter(|(dose, _)| is_inside(*dose));
    let course = doses(facts, |_, dose| is_inside(dose));
    any(course.into_iter().chain(listed.map(|(_, because)| because)))
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

/// UN-07: from the present dose to the one asked for is more than a step, or the first interval has not passed. Without a
/// present dose there is no step. Whether the dose asked for is a target or the next dose the intake does not say, so
/// this speaks for both; a plan that climbs in small steps fulfils it.
pub(super) fn step(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let course = &facts.intake.course;
    let of_course = course.current_dose.map(|dose| (dose, Facts::dose("current_dose", dose)));
    // The least of several: the step up from it is the largest.
    let listed = || listed_doses(facts).into_iter().min_by_key(|(dose, _)| *dose);
    let Some((requested, (current, current_fact))) = course.requested_dose.zip(of_course.or_else(listed))
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
    let doses = [Facts::dose("requested_dose", requested), current_fact];
    any(doses.into_iter().chain(since))
}
