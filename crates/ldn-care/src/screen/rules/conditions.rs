//! TH-01, IM-01, MS-01, MC-01: conditions that change how LDN is started.

use super::{Hit, any};
use crate::intake::Answer;
use crate::screen::facts::{Facts, List, Taken};
use crate::screen::rule::Rule;

/// Where a condition can stand.
const CONDITIONS: [List; 2] = [List::Condition, List::Indication];

/// TH-01: thyroid hormone, Hashimoto's disease or an underactive thyroid.
pub(super) fn thyroid(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let terms = ["thyroid"];
    let conditions = facts.present(&CONDITIONS, &terms).map(|named| named.because_of(&terms));
    let fact = |taken: &Taken<'_>| taken.of_class(&rule.classes).map(|found| taken.because(found.medicine));
    let medicines = facts.medicines.iter().filter(|taken| taken.is_in_use()).filter_map(fact);
    any(conditions.chain(medicines))
}

/// IM-01: a transplant, however long ago.
pub(super) fn transplant(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["transplant"];
    let lists = [List::Condition, List::Indication, List::Procedure];
    any(facts.ever(&lists, &terms).map(|named| named.because_of(&terms)))
}

/// MS-01: multiple sclerosis.
pub(super) fn multiple_sclerosis(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["multiple-sclerosis"];
    any(facts.present(&CONDITIONS, &terms).map(|named| named.because_of(&terms)))
}

/// MC-01: mast cell disease, or reactions to many medicines.
pub(super) fn mast_cell(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let (answer, terms) = (facts.intake.answers.sensitive_to_medicines, ["mast-cell"]);
    let lists = [List::Condition, List::Indication, List::Allergy];
    let said = (answer == Answer::Yes).then(|| Facts::answer("sensitive_to_medicines", answer));
    any(said.into_iter().chain(facts.present(&lists, &terms).map(|named| named.because_of(&terms))))
}
