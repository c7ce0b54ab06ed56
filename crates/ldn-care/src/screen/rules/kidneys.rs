//! RE-01, RE-02: the kidneys.

use super::{Hit, any};
use crate::intake::{LabTest, Measured};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List};
use crate::screen::rule::Rule;

/// Where a disease can stand.
const CONDITIONS: [List; 2] = [List::Condition, List::Indication];

/// Returns the standing filtration rates that fit.
fn rates(facts: &Facts<'_>, fits: impl Fn(Measured) -> bool) -> Vec<Because> {
    let standing = facts.standing(LabTest::Egfr).into_iter();
    standing.filter(|found| found.amount().is_some_and(&fits)).map(|found| found.because()).collect()
}

/// RE-01: filtration below 30, or dialysis.
pub(super) fn failing(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let limit = rule.measured("egfr_below");
    let terms = ["dialysis"];
    let conditions = facts
        .present(&[List::Condition, List::Indication, List::Procedure], &terms)
        .map(|named| named.because_of(&terms));
    any(rates(facts, |rate| rate < limit).into_iter().chain(conditions))
}

/// RE-02: filtration from 30 to below 60, or a disease of that stage.
pub(super) fn moderate(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (from, below) = (rule.measured("egfr_from"), rule.measured("egfr_below"));
    let terms = ["kidney-moderate"];
    let conditions = facts.present(&CONDITIONS, &terms).map(|named| named.because_of(&terms));
    any(rates(facts, |rate| rate >= from && rate < below).into_iter().chain(conditions))
}
