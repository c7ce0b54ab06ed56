//! PR-01 to PR-03, AG-01, AG-02, AC-01, AC-02: the person.

use super::{Hit, any};
use crate::intake::{Alcohol, Contraception, Pregnancy};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List};
use crate::screen::rule::Rule;

/// Where something present can stand.
const PRESENT: [List; 3] = [List::Condition, List::Indication, List::Symptom];

fn pregnancy(facts: &Facts<'_>, is: Pregnancy) -> Option<Because> {
    let found = facts.intake.person.pregnancy;
    let because =
        Because { at: "person.pregnancy".to_owned(), value: found.word().to_owned(), recognised: None };
    (found == is).then_some(because)
}

/// PR-01: pregnant.
pub(super) fn pregnant(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["pregnant"];
    // A wish to become pregnant, or a pregnancy planned, is PR-02.
    let listed = facts
        .present(&PRESENT, &terms)
        .filter(|named| !named.has_any(&["trying"]))
        .map(|named| named.because_of(&terms));
    any(pregnancy(facts, Pregnancy::Pregnant).into_iter().chain(listed))
}

/// PR-02: trying, or no reliable contraception where conception could happen.
pub(super) fn may_conceive(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["trying"];
    let listed = facts.present(&PRESENT, &terms).map(|named| named.because_of(&terms));
    let contraception = facts.intake.person.contraception;
    let unprotected = (contraception == Contraception::No && facts.may_conceive()).then(|| Because {
        at: "person.contraception".to_owned(),
        value: contraception.word().to_owned(),
        recognised: None,
    });
    any(pregnancy(facts, Pregnancy::Trying).into_iter().chain(unprotected).chain(listed))
}

/// PR-03: breastfeeding.
pub(super) fn breastfeeding(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["breastfeeding"];
    let listed = facts.present(&PRESENT, &terms).map(|named| named.because_of(&terms));
    any(pregnancy(facts, Pregnancy::Breastfeeding).into_iter().chain(listed))
}

/// AG-01: certainly under age. An age that the year leaves open is a question.
pub(super) fn under_age(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let adult_from = i32::from(rule.whole("adult_from"));
    let is_under = facts.ages.is_some_and(|(_, most)| i32::from(most) < adult_from);
    any(is_under.then(|| facts.birth()))
}

/// AG-02: over 65, or possibly so.
pub(super) fn old_age(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let over = i32::from(rule.whole("over"));
    let is_over = facts.ages.is_some_and(|(_, most)| i32::from(most) > over);
    any(is_over.then(|| facts.birth()))
}

fn drinking(facts: &Facts<'_>) -> Because {
    let value = facts.intake.answers.alcohol.word().to_owned();
    Because { at: "answers.alcohol".to_owned(), value, recognised: None }
}

/// AC-01: light drinking is a caution, heavy drinking a decision.
pub(super) fn alcohol(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    match facts.intake.answers.alcohol {
        Alcohol::Light => vec![Hit::because([drinking(facts)])],
        Alcohol::Heavy => vec![Hit::because([drinking(facts)]).case("heavy")],
        _ => Vec::new(),
    }
}

/// AC-02: dependence or withdrawal.
pub(super) fn alcohol_dependence(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["alcohol-dependence"];
    let is_dependent = matches!(facts.intake.answers.alcohol, Alcohol::Dependent | Alcohol::Withdrawal);
    let listed = facts.present(&PRESENT, &terms).map(|named| named.because_of(&terms));
    any(is_dependent.then(|| drinking(facts)).into_iter().chain(listed))
}
