//! FO-01 to FO-04, UN-08, DR-01, MD-01, VO-01, ST-01, ST-02, BL-01, LB-01: the course and its form.

use super::{Hit, any};
use crate::intake::{Answer, Release};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Taken};
use crate::screen::rule::Rule;

/// Where an event can stand.
const EVENTS: [List; 3] = [List::Symptom, List::Condition, List::Indication];

/// Returns the fact of an answer that is yes.
fn yes(key: &str, answer: Answer) -> Vec<Hit> {
    any((answer == Answer::Yes).then(|| Facts::answer(key, answer)))
}

/// FO-01: extended-release LDN asked for, or on the list.
pub(super) fn extended_release(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let release = facts.intake.course.release;
    let asked = (release == Release::Extended).then(|| Because {
        at: "course.release".to_owned(),
        value: release.word().to_owned(),
        recognised: None,
    });
    let is_slow = |taken: &&Taken<'_>| {
        let stated = taken.listed.release == Release::Extended;
        let named =
            taken.matches.iter().any(|found| found.release == Some(crate::medicine::Release::Extended));
        taken.is_in_use() && (stated || named)
    };
    let listed = facts
        .medicines
        .iter()
        .filter(is_slow)
        .filter_map(|taken| taken.naltrexone().map(|naltrexone| taken.because(naltrexone.medicine)));
    any(asked.into_iter().chain(listed))
}

/// FO-02: a full-strength tablet made into small doses at home.
pub(super) fn home_dissolving(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (tablet, terms) = (rule.milligrams("tablet_from"), ["home-dissolving"]);
    let listed = facts.medicines.iter().filter(|taken| taken.is_in_use()).filter_map(|taken| {
        let naltrexone = taken.naltrexone()?;
        let is_cut_up = naltrexone.strength? >= tablet && naltrexone.per_day? < tablet;
        is_cut_up.then(|| taken.because(naltrexone.medicine))
    });
    let told = facts.present(&EVENTS, &terms).map(|named| named.because_of(&terms));
    any(listed.chain(told))
}

/// FO-03: splitting.
pub(super) fn splitting(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    yes("splits_tablets", facts.intake.answers.splits_tablets)
}

/// FO-04: difficulty swallowing.
pub(super) fn swallowing(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    yes("swallowing_difficulty", facts.intake.answers.swallowing_difficulty)
}

/// UN-08: a gap longer than allowed.
pub(super) fn gap(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let longest = i32::from(rule.whole("gap"));
    let last = facts.ldn.last_dose.filter(|day| facts.days_since(*day) > longest);
    any(last.map(|day| Facts::course_date("last_ldn_dose", day)))
}

/// DR-01: drowsiness, dizziness or a sedating interaction in somebody who drives.
pub(super) fn driving(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let (answer, sedation) = (facts.intake.answers.drives, sedation(facts, rule));
    if answer != Answer::Yes || sedation.is_empty() {
        return Vec::new();
    }
    any(sedation.into_iter().chain([Facts::answer("drives", answer)]))
}

/// Returns what makes a person drowsy or dizzy.
pub(in crate::screen) fn sedation(facts: &Facts<'_>, rule: &Rule) -> Vec<Because> {
    let terms = ["drowsy"];
    let symptoms = facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms));
    let fact = |taken: &Taken<'_>| taken.of_class(&rule.classes).map(|found| taken.because(found.medicine));
    let medicines = facts.medicines.iter().filter(|taken| taken.is_in_use()).filter_map(fact);
    symptoms.chain(medicines).collect()
}

/// MD-01: a dose was missed, told or by the dates.
pub(super) fn missed_dose(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let terms = ["missed-dose"];
    let told = facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms));
    let from = i32::from(rule.whole("missed_from"));
    let by_date = facts.ldn.last_dose.filter(|day| facts.ldn.is_taken && facts.days_since(*day) >= from);
    any(told.chain(by_date.map(|day| Facts::course_date("last_ldn_dose", day))))
}

/// VO-01: vomiting once LDN has begun.
pub(super) fn vomiting(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["vomiting"];
    if !facts.ldn.has_begun {
        return Vec::new();
    }
    any(facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms)))
}

/// ST-01: LDN is to be stopped.
pub(super) fn stopping(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["stopping-ldn"];
    let told = facts.present(&EVENTS, &terms).map(|named| named.because_of(&terms));
    let none_asked = facts.intake.course.requested_dose.filter(|dose| facts.ldn.has_begun && dose.is_zero());
    any(told.chain(none_asked.map(|dose| Facts::dose("requested_dose", dose))))
}

/// ST-02: somebody in the household takes opioids.
pub(super) fn household(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    yes("household_opioid_user", facts.intake.answers.household_opioid_user)
}

/// BL-01: a blinded period.
pub(super) fn blinded(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let answer = facts.intake.course.blinded_period;
    any((answer == Answer::Yes).then(|| Because {
        at: "course.blinded_period".to_owned(),
        value: answer.word().to_owned(),
        recognised: None,
    }))
}

/// LB-01: tested for drugs.
pub(super) fn drug_testing(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    yes("drug_tested", facts.intake.answers.drug_tested)
}
