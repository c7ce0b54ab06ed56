//! What a screening did not look at. Without this list "no finding" would say too much.

use super::facts::{Facts, List};
use super::ruleset::RuleSet;
use crate::intake::{LabTest, Pregnancy};

/// Returns what was not looked at: the age of the rules first, then what is not on file, then what never is.
pub(super) fn list(facts: &Facts<'_>, rules: &RuleSet) -> Vec<String> {
    let about = rules.about();
    let mut lines: Vec<String> = rules.outdated(facts.today).into_iter().collect();
    for taken in facts.medicines.iter().filter(|taken| taken.is_vouched_for()) {
        lines.push(format!(
            "{:?} is not recognised. The prescriber says that it is no opioid; nothing else about it was checked.",
            taken.listed.name
        ));
    }
    let lacks = |tests: &[LabTest]| facts.intake.labs.iter().all(|lab| !tests.contains(&lab.test));
    let names_thyroid = facts.present(&[List::Condition, List::Indication], &["thyroid"]).next().is_some();
    let rests_on_answer =
        facts.may_be_pregnant() && facts.intake.person.pregnancy != Pregnancy::NotApplicable;
    let missing = &about.not_on_file;
    for (is_missing, line) in [
        (lacks(&[LabTest::UrineOpioidScreen]), &missing.urine_opioid_screen),
        (lacks(&[LabTest::Alt, LabTest::Ast]), &missing.liver),
        (lacks(&[LabTest::Bilirubin]), &missing.bilirubin),
        (lacks(&[LabTest::Egfr]), &missing.kidney),
        (lacks(&[LabTest::Phq9, LabTest::Phq9Item9]), &missing.mood),
        (names_thyroid && lacks(&[LabTest::Tsh]), &missing.thyroid),
        (rests_on_answer, &missing.pregnancy_test),
    ] {
        if is_missing {
            lines.push(line.clone());
        }
    }
    lines.extend(about.not_checked.iter().cloned());
    lines
}
