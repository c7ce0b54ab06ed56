//! The conditions of the rules: one small function each, beside those of its family.
//!
//! A function looks at the facts and at the numbers of its rule, and returns why the rule applies; nothing if it does
//! not. It never looks at other findings. What it cannot judge is a matter for the questions.

mod allergies;
mod conditions;
mod course;
mod doses;
mod kidneys;
mod liver;
mod mood;
mod opioids;
mod other_medicines;
mod person;
mod procedures;
mod suspicions;

use jiff::civil::Date;

use super::answer::{Action, Because, Finding};
use super::facts::Facts;
use super::rule::{Case, Rule};
use super::ruleset::RuleSet;

/// Why a rule applies.
pub(super) struct Hit {
    because: Vec<Because>,
    /// First day on which it no longer stands in the way.
    earliest_start: Option<Date>,
    /// A case of the rule that is graver or lighter than the rule.
    case: Option<&'static str>,
}

impl Hit {
    /// A rule applies because of this.
    fn because(because: impl IntoIterator<Item = Because>) -> Hit {
        Hit { because: because.into_iter().collect(), earliest_start: None, case: None }
    }

    /// It no longer stands in the way from this day.
    fn until(self, earliest_start: Option<Date>) -> Hit {
        Hit { earliest_start, ..self }
    }

    /// It is this case of the rule.
    fn case(self, case: &'static str) -> Hit {
        Hit { case: Some(case), ..self }
    }
}

/// The condition of a rule.
type Find = fn(&Facts<'_>, &Rule) -> Vec<Hit>;

/// A rule, the numbers that its condition reads, and the condition.
pub(super) struct Check {
    pub(super) rule: &'static str,
    pub(super) reads: &'static [&'static str],
    find: Find,
}

const fn check(rule: &'static str, reads: &'static [&'static str], find: Find) -> Check {
    Check { rule, reads, find }
}

/// Every rule with its condition, in the order of the dossier.
pub(super) const CHECKS: [Check; 91] = [
    check("OP-01", &["opioid_free_days"], opioids::in_use),
    check("OP-02", &["opioid_free_days"], opioids::in_use),
    check("OP-03", &["opioid_free_days"], opioids::patch),
    check("OP-04", &["opioid_free_days"], opioids::in_use),
    check("OP-05", &["opioid_free_days"], opioids::in_use),
    check("OP-06", &["lookback_months"], opioids::depot),
    check("OP-07", &["opioid_free_days"], opioids::in_use),
    check("OP-08", &["opioid_free_days"], opioids::in_use),
    check("OP-09", &["opioid_free_days"], opioids::in_use),
    check("OP-10", &["kratom_free_days"], opioids::kratom),
    check("OP-11", &["loperamide_mg_per_day", "misuse_free_days"], opioids::antidiarrhoeal),
    check("OP-12", &[], other_medicines::in_use),
    check("OP-13", &["opioid_free_days"], opioids::in_use),
    check("OP-14", &[], opioids::occasional),
    check("OP-15", &["called_ultra_low_up_to_micrograms"], opioids::ultra_low_dose),
    check("OP-16", &["short_acting_days", "long_acting_days", "procedure_days"], opioids::stopped),
    check("OP-17", &[], suspicions::opioid_use_disorder),
    check("OP-18", &[], suspicions::positive_urine_screen),
    check("OP-19", &["recent_days"], suspicions::false_positive_oxycodone),
    check("OP-20", &[], suspicions::withdrawal_or_failed_challenge),
    check("OP-21", &["window", "window_long_acting"], suspicions::withdrawal_after_naltrexone),
    check("OP-22", &["restart_after_opioid_free_days"], opioids::begun_on_ldn),
    check("OP-23", &[], suspicions::overcoming_the_block),
    check("OP-24", &["opioid_free_days"], opioids::in_use),
    check("OP-25", &["lookback_days"], suspicions::missing_opioid),
    check("SU-01", &["hold"], procedures::coming),
    check("SU-02", &["around_days"], procedures::emergency),
    check("SU-03", &["opioid_free_days", "lookback_days"], procedures::restart),
    check("SU-04", &["hold"], procedures::sedation),
    check("AL-01", &[], allergies::naltrexone),
    check("AL-02", &[], allergies::related),
    check("AL-03", &[], allergies::severe_reaction),
    check("AL-04", &[], allergies::new_breathlessness),
    check("HP-01", &[], liver::failing),
    check(
        "HP-02",
        &["enzymes_above", "enzymes_with_symptoms_from", "bilirubin_from"],
        liver::enzymes_far_above,
    ),
    check("HP-02b", &["enzymes_from", "enzymes_up_to", "bilirubin_below"], liver::enzymes_raised),
    check("HP-03", &[], liver::disease),
    check("HP-04", &[], liver::signs_on_ldn),
    check("HP-05", &[], liver::no_tests),
    check("RE-01", &["egfr_below"], kidneys::failing),
    check("RE-02", &["egfr_from", "egfr_below"], kidneys::moderate),
    check("PR-01", &[], person::pregnant),
    check("PR-02", &[], person::may_conceive),
    check("PR-03", &[], person::breastfeeding),
    check("AG-01", &["adult_from"], person::under_age),
    check("AG-02", &["over"], person::old_age),
    check("PS-01", &["item9_above"], mood::suicidal),
    check("PS-01b", &[], mood::past_attempt),
    check("PS-02", &["phq9_from"], mood::untreated_depression),
    check("PS-03", &[], mood::psychosis_anxiety_insomnia),
    check("AC-01", &[], person::alcohol),
    check("AC-02", &[], person::alcohol_dependence),
    check("DI-01", &[], other_medicines::in_use),
    check("DI-02", &[], other_medicines::in_use),
    check("DI-03", &["paracetamol_above"], other_medicines::hepatotoxic),
    check("DI-04", &[], other_medicines::in_use),
    check("DI-05", &[], other_medicines::in_use),
    check("DI-06", &[], other_medicines::in_use),
    check("DI-07", &[], other_medicines::in_use),
    check("DI-08", &[], other_medicines::in_use),
    check("TH-01", &[], conditions::thyroid),
    check("IM-01", &[], conditions::transplant),
    check("IM-02", &["anti_tnf_washout"], other_medicines::immunosuppressant),
    check("MS-01", &[], conditions::multiple_sclerosis),
    check("MC-01", &[], conditions::mast_cell),
    check("EX-01", &[], allergies::lactose),
    check("EX-02", &[], allergies::filler),
    check("FO-01", &[], course::extended_release),
    check("FO-02", &["tablet_from"], course::home_dissolving),
    check("FO-03", &[], course::splitting),
    check("FO-04", &[], course::swallowing),
    check("DU-01", &[], other_medicines::in_use),
    check("DU-02", &["clearance"], other_medicines::naltrexone_depot),
    check("DU-03", &["ldn_at_most"], other_medicines::antagonist),
    check("DU-04", &[], other_medicines::in_use),
    check("UN-01", &[], checked_by_the_reader),
    check("UN-02", &["above", "up_to"], doses::band),
    check("UN-03", &["above", "up_to"], doses::band),
    check("UN-04", &["above", "up_to"], doses::band),
    check("UN-05", &["above"], doses::beyond),
    check("UN-05b", &["from"], doses::swallowed),
    check("UN-06", &["allowed", "tolerance"], doses::concentration),
    check("UN-07", &["step_at_most", "step_days"], doses::step),
    check("UN-08", &["gap"], course::gap),
    check("DR-01", &[], course::driving),
    check("MD-01", &["missed_from"], course::missed_dose),
    check("VO-01", &[], course::vomiting),
    check("ST-01", &[], course::stopping),
    check("ST-02", &[], course::household),
    check("BL-01", &[], course::blinded),
    check("LB-01", &[], course::drug_testing),
];

/// UN-01: an intake that was read has no dose without its unit.
fn checked_by_the_reader(_: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    Vec::new()
}

/// Returns every rule that applies, gravest first, then in the order of the dossier.
pub(super) fn find(facts: &Facts<'_>, rules: &RuleSet) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in &CHECKS {
        if let Some(rule) = rules.rule(check.rule) {
            findings.extend(finding(rule, (check.find)(facts, rule)));
        }
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Makes one finding of all that makes a rule apply; the gravest speaks, be it a case or the rule itself.
fn finding(rule: &Rule, hits: Vec<Hit>) -> Option<Finding> {
    let case_of = |hit: &Hit| hit.case.and_then(|case| rule.cases.get(case));
    let severity_of = |case: &Option<&Case>| case.map_or(rule.severity, |case| case.severity);
    let case = hits.iter().map(case_of).max_by_key(severity_of)?;
    // Without a date for one of them there is no date for all.
    let starts: Option<Vec<Date>> = hits.iter().map(|hit| hit.earliest_start).collect();
    let earliest_start = starts.and_then(|starts| starts.into_iter().max());
    let mut because = Vec::new();
    for fact in hits.into_iter().flat_map(|hit| hit.because) {
        if !because.contains(&fact) {
            because.push(fact);
        }
    }
    Some(Finding {
        rule: rule.id.clone(),
        severity: case.map_or(rule.severity, |case| case.severity),
        because,
        say_prescriber: case.map_or(&rule.say_prescriber, |case| &case.say_prescriber).clone(),
        say_patient: case.map_or(&rule.say_patient, |case| &case.say_patient).clone(),
        action: Action { kind: case.map_or(rule.action, |case| case.action), earliest_start },
        sources: rule.sources.clone(),
        status: rule.status,
        disagreement: rule.disagreement.clone(),
    })
}

/// Returns a hit with these facts, none if there are none.
fn any(because: impl IntoIterator<Item = Because>) -> Vec<Hit> {
    let hit = Hit::because(because);
    if hit.because.is_empty() { Vec::new() } else { vec![hit] }
}

/// Returns true if something makes this person drowsy or dizzy, as DR-01 sees it.
pub(super) fn sedates(facts: &Facts<'_>) -> bool {
    facts.rules.rule("DR-01").is_some_and(|rule| !course::sedation(facts, rule).is_empty())
}
