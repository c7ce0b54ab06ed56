//! PS-01 to PS-03: mood and mind.

use super::{Hit, any};
use crate::intake::{Answer, LabResult, LabTest, Measured};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List};
use crate::screen::rule::Rule;

/// Where something present can stand.
const PRESENT: [List; 3] = [List::Condition, List::Indication, List::Symptom];

/// Returns the standing scores of a questionnaire that fit.
fn scores(facts: &Facts<'_>, test: LabTest, fits: impl Fn(Measured) -> bool) -> Vec<Because> {
    let standing = facts.standing(test).into_iter();
    let of_score = |result: &LabResult| matches!(result, LabResult::Score(score) if fits(*score));
    standing.filter(|found| of_score(&found.lab.result)).map(|found| found.because()).collect()
}

/// PS-01: suicidal thoughts now, or any point on item 9.
pub(super) fn suicidal(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (answer, terms) = (facts.intake.answers.suicidal_thoughts_now, ["suicidal"]);
    let threshold = rule.measured("item9_above");
    let said = (answer == Answer::Yes).then(|| Facts::answer("suicidal_thoughts_now", answer));
    let item = scores(facts, LabTest::Phq9Item9, |score| score > threshold);
    let listed = facts
        .present(&PRESENT, &terms)
        .filter(|named| !named.has_any(&["suicide-attempt"]) || named.list == List::Symptom)
        .map(|named| named.because_of(&terms));
    any(said.into_iter().chain(item).chain(listed))
}

/// PS-01b: an attempt in the past.
pub(super) fn past_attempt(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let (answer, terms) = (facts.intake.answers.past_suicide_attempt, ["suicide-attempt"]);
    let said = (answer == Answer::Yes).then(|| Facts::answer("past_suicide_attempt", answer));
    let listed = facts.ever(&PRESENT, &terms).map(|named| named.because_of(&terms));
    any(said.into_iter().chain(listed))
}

/// PS-02: marked depression, unless it is known to be treated.
pub(super) fn untreated_depression(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    if facts.intake.answers.depression_treated == Answer::Yes {
        return Vec::new();
    }
    let (from, terms) = (rule.measured("phq9_from"), ["severe-depression"]);
    let scored = scores(facts, LabTest::Phq9, |score| score >= from);
    let listed = facts.present(&PRESENT, &terms).map(|named| named.because_of(&terms));
    any(scored.into_iter().chain(listed))
}

/// PS-03: psychosis and bipolar disorder, over or not; severe anxiety and insomnia now.
pub(super) fn psychosis_anxiety_insomnia(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let (lasting, passing) = (["psychosis"], ["severe-anxiety", "insomnia"]);
    let conditions = [List::Condition, List::Indication];
    let mind = facts.ever(&conditions, &lasting).map(|named| named.because_of(&lasting));
    let now = facts.present(&PRESENT, &passing).map(|named| named.because_of(&passing));
    any(mind.chain(now))
}
