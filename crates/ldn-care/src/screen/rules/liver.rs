//! HP-01 to HP-05: the liver.

use super::{Hit, any};
use crate::intake::{Answer, LabTest};
use crate::screen::answer::Because;
use crate::screen::facts::{Bilirubin, Enzymes, Facts, List, Symptoms};
use crate::screen::rule::Rule;

/// Where a disease can stand.
const CONDITIONS: [List; 3] = [List::Condition, List::Indication, List::Symptom];
/// Diseases that forbid a start.
const FAILING: [&str; 2] = ["acute-hepatitis", "liver-failure"];

/// HP-01: acute hepatitis, liver failure, decompensated cirrhosis.
pub(super) fn failing(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    any(facts.present(&CONDITIONS, &FAILING).map(|named| named.because_of(&FAILING)))
}

/// HP-02: enzymes far above the limit, or high together with symptoms or bilirubin.
pub(super) fn enzymes_far_above(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (from, up_to) = (rule.measured("enzymes_with_symptoms_from"), rule.measured("enzymes_above"));
    let Enzymes { above, between } = facts.enzymes(from, up_to);
    let mut because: Vec<Because> = above.iter().map(|found| found.because()).collect();
    if !between.is_empty() {
        let mut with = Vec::new();
        if let Symptoms::Present(symptoms) = facts.liver_symptoms() {
            with.extend(symptoms);
        }
        if facts.bilirubin(rule.measured("bilirubin_from")) == Bilirubin::High {
            with.extend(facts.standing(LabTest::Bilirubin).into_iter().map(|found| found.because()));
        }
        if !with.is_empty() {
            because.extend(between.iter().map(|found| found.because()).chain(with));
        }
    }
    any(because)
}

/// HP-02b: enzymes from 3 to 5 times the limit, none above, bilirubin known not to be high, no symptoms.
pub(super) fn enzymes_raised(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let enzymes = facts.enzymes(rule.measured("enzymes_from"), rule.measured("enzymes_up_to"));
    let is_without_symptoms = matches!(facts.liver_symptoms(), Symptoms::None);
    let is_below = facts.bilirubin(rule.measured("bilirubin_below")) == Bilirubin::Below;
    if !is_without_symptoms || !is_below || !enzymes.above.is_empty() {
        return Vec::new();
    }
    any(enzymes.between.into_iter().map(|found| found.because()))
}

/// HP-03: a liver disease that is not HP-01, the answer yes, or signs of one in somebody who is not on LDN.
pub(super) fn disease(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["cirrhosis", "liver-disease"];
    let present = facts
        .present(&CONDITIONS, &terms)
        .filter(|named| !named.has_any(&FAILING))
        .map(|named| named.because_of(&terms));
    // Scars and failure do not go away by being past.
    let lasting = ["cirrhosis", "liver-failure"];
    let past = facts
        .ever(&CONDITIONS, &lasting)
        .filter(|named| named.is_past)
        .map(|named| named.because_of(&lasting));
    let signs = ["liver-sign"];
    let unexplained = facts
        .present(&CONDITIONS, &signs)
        .filter(|_| !facts.ldn.has_begun)
        .map(|named| named.because_of(&signs));
    let because: Vec<Because> = present.chain(past).chain(unexplained).collect();
    if !because.is_empty() {
        return any(because);
    }
    let is_failing = facts.present(&CONDITIONS, &FAILING).next().is_some();
    let answer = facts.intake.answers.liver_disease;
    any((answer == Answer::Yes && !is_failing).then(|| Facts::answer("liver_disease", answer)))
}

/// HP-04: signs of liver injury once LDN has begun.
pub(super) fn signs_on_ldn(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["liver-sign", "severe-fatigue"];
    if !facts.ldn.has_begun {
        return Vec::new();
    }
    any(facts.present(&[List::Symptom, List::Condition], &terms).map(|named| named.because_of(&terms)))
}

/// HP-05: neither ALT nor AST on file.
pub(super) fn no_tests(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let has_tests = facts.intake.labs.iter().any(|lab| matches!(lab.test, LabTest::Alt | LabTest::Ast));
    let absent = Because { at: "lab[ALT]".to_owned(), value: "not on file".to_owned(), recognised: None };
    any((!has_tests).then_some(absent))
}
