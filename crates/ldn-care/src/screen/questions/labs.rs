//! Questions about results.

use super::Questions;
use crate::intake::{Answer, LabResult, LabTest};
use crate::screen::facts::{Bilirubin, Facts, List, Symptoms};
use crate::screen::rule::Severity;

/// Asks about results that are missing or cannot be judged.
pub(super) fn ask(facts: &Facts<'_>, questions: &mut Questions) {
    about_limits(facts, questions);
    about_raised_enzymes(facts, questions);
    about_kidneys(facts, questions);
    about_oxycodone(facts, questions);
    for (idx, lab) in facts.intake.labs.iter().enumerate() {
        if lab.test == LabTest::Other {
            let why = format!("no rule reads {:?}: is it the name of another test?", lab.written);
            questions.ask(format!("lab[{idx}].test"), Severity::Info, why);
        }
    }
}

/// A liver test without the upper limit of its report says nothing.
fn about_limits(facts: &Facts<'_>, questions: &mut Questions) {
    for test in [LabTest::Alt, LabTest::Ast, LabTest::Bilirubin] {
        for found in facts.standing(test) {
            if matches!(found.lab.result, LabResult::Amount { upper_limit: None, .. }) {
                let why = format!("{} cannot be judged without the upper limit of its report", test.name());
                let at = format!("lab[{}].upper_limit", found.idx);
                questions.block(at, Severity::NeedsPrescriberDecision, why);
            }
        }
    }
}

/// Raised enzymes are judged together with bilirubin and symptoms.
fn about_raised_enzymes(facts: &Facts<'_>, questions: &mut Questions) {
    let Some(rule) = facts.rules.rule("HP-02") else {
        return;
    };
    let enzymes = facts.enzymes(rule.measured("enzymes_with_symptoms_from"), rule.measured("enzymes_above"));
    let (bilirubin, symptoms) = (facts.bilirubin(rule.measured("bilirubin_from")), facts.liver_symptoms());
    let is_decided = bilirubin == Bilirubin::High || matches!(symptoms, Symptoms::Present(_));
    if enzymes.between.is_empty() || !enzymes.above.is_empty() || is_decided {
        return;
    }
    if bilirubin == Bilirubin::Unknown && facts.standing(LabTest::Bilirubin).is_empty() {
        let why = "ALT or AST is raised: bilirubin decides how far";
        questions.block("lab[bilirubin]", Severity::NeedsPrescriberDecision, why);
    }
    if matches!(symptoms, Symptoms::Unknown) {
        let why = "ALT or AST is raised: symptoms decide; list them, or say that the lists are complete";
        questions.block("symptom", Severity::NeedsPrescriberDecision, why);
    }
}

/// A positive oxycodone test is put down to naltrexone only if it came after the start.
fn about_oxycodone(facts: &Facts<'_>, questions: &mut Questions) {
    for found in facts.standing(LabTest::UrineOxycodone) {
        let is_undated = found.lab.result == LabResult::Positive && found.lab.date.is_none();
        if is_undated && facts.ldn.is_taken {
            let why = "if this test came before the first dose of LDN, it shows an opioid";
            questions.ask(format!("lab[{}].date", found.idx), Severity::Contraindicated, why);
        }
    }
}

/// A kidney disease without a filtration rate cannot be graded.
fn about_kidneys(facts: &Facts<'_>, questions: &mut Questions) {
    let lists = [List::Condition, List::Indication];
    let is_listed = facts.present(&lists, &["kidney-disease", "kidney-moderate"]).next().is_some();
    let is_graded = facts.present(&lists, &["dialysis"]).next().is_some();
    let has_disease = facts.intake.answers.kidney_disease == Answer::Yes || is_listed;
    if has_disease && !is_graded && facts.standing(LabTest::Egfr).is_empty() {
        questions.block("lab[eGFR]", Severity::Contraindicated, "kidney disease: below 30 forbids a start");
    }
}
