//! OP-17 to OP-21, OP-23, OP-25: what points to opioids, to withdrawal, or to an attempt to get round the block.

use super::{Hit, any};
use crate::intake::{LabResult, LabTest, Use};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Named, Taken};
use crate::screen::rule::Rule;

/// Lists in which conditions stand.
const CONDITIONS: [List; 2] = [List::Condition, List::Indication];
/// Lists in which anything present stands.
const PRESENT: [List; 3] = [List::Condition, List::Indication, List::Symptom];

/// OP-17: opioid use disorder now or in the past, or a medicine against it.
pub(super) fn opioid_use_disorder(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let terms = ["opioid-use-disorder"];
    let conditions = facts.ever(&CONDITIONS, &terms).map(|named| named.because_of(&terms));
    let by_medicine = |taken: &Taken<'_>| {
        let found = taken.of_class(&rule.classes)?;
        // Patches are prescribed against pain.
        (!found.medicine.is("opioid-patch")).then(|| taken.because(found.medicine))
    };
    any(conditions.chain(facts.medicines.iter().filter_map(by_medicine)))
}

/// Returns the standing positive results of a test.
fn positive(facts: &Facts<'_>, test: LabTest) -> Vec<Because> {
    let is_positive = |result: &LabResult| *result == LabResult::Positive;
    facts
        .standing(test)
        .into_iter()
        .filter(|found| is_positive(&found.lab.result))
        .map(|found| found.because())
        .collect()
}

/// OP-18: a urine screen shows an opioid. An oxycodone test on naltrexone is OP-19.
pub(super) fn positive_urine_screen(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let mut found = positive(facts, LabTest::UrineOpioidScreen);
    if !facts.ldn.is_taken {
        found.extend(positive(facts, LabTest::UrineOxycodone));
    }
    any(found)
}

/// OP-19: a test that naltrexone itself can turn positive.
pub(super) fn false_positive_oxycodone(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let last_dose = facts.ldn.last_dose;
    let is_recent = last_dose.is_none_or(|day| facts.days_since(day) <= i32::from(rule.whole("recent_days")));
    if !facts.ldn.is_taken || !is_recent {
        return Vec::new();
    }
    let tests = [LabTest::UrineOxycodone, LabTest::UrineOpioidScreen];
    any(tests.into_iter().flat_map(|test| positive(facts, test)))
}

/// OP-20: withdrawal now, or signs of it at a naloxone challenge.
pub(super) fn withdrawal_or_failed_challenge(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["opioid-withdrawal"];
    let now = facts.present(&PRESENT, &terms).map(|named| named.because_of(&terms));
    any(now.chain(positive(facts, LabTest::NaloxoneChallenge)))
}

/// OP-21: signs of withdrawal within the window after naltrexone. Dates without a time count as long as they can.
pub(super) fn withdrawal_after_naltrexone(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let is_long_acting = facts.opioids.iter().any(|opioid| opioid.is_long_acting || opioid.is_depot());
    let window = if is_long_acting { "window_long_acting" } else { "window" };
    let days = i32::from(rule.whole(window) / 24);
    let is_within = facts.ldn.last_dose.is_none_or(|day| facts.days_since(day) <= days);
    if !facts.ldn.has_begun || !is_within {
        return Vec::new();
    }
    let terms = ["withdrawal-sign", "opioid-withdrawal"];
    let signs: Vec<Because> =
        facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms)).collect();
    if signs.is_empty() {
        return Vec::new();
    }
    any(signs.into_iter().chain(facts.ldn.last_dose.map(|day| Facts::course_date("last_ldn_dose", day))))
}

/// OP-23: extra opioid against the block. An emergency whether or not LDN is on record.
pub(super) fn overcoming_the_block(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["overcome-block"];
    any(facts.present(&PRESENT, &terms).map(|named: &Named<'_>| named.because_of(&terms)))
}

/// OP-25: a medicine that is given with or after opioids.
pub(super) fn missing_opioid(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let is_explained = facts.opioids.iter().any(|opioid| opioid.stands_in_the_way(facts.today));
    let lookback = i32::from(rule.whole("lookback_days"));
    let mut hits = Vec::new();
    for taken in &facts.medicines {
        let Some(found) = taken.of_class(&rule.classes) else {
            continue;
        };
        let of_gut = found.medicine.is("peripheral-opioid-antagonist");
        if (of_gut && is_explained) || !was_used(facts, taken, lookback) {
            continue;
        }
        // Naloxone at hand is not naloxone used: a question, unless somebody says when it was used.
        let is_only_at_hand = found.medicine.is("naloxone")
            && matches!(taken.listed.usage, Use::AsNeeded | Use::Unknown | Use::Planned)
            && taken.listed.last_taken.is_none();
        if !is_only_at_hand {
            hits.push(Hit::because(std::iter::once(taken.because(found.medicine)).chain(taken.last_taken())));
        }
    }
    hits
}

/// Returns true if a medicine is used, or was within so many days, or nobody knows when.
fn was_used(facts: &Facts<'_>, taken: &Taken<'_>, lookback: i32) -> bool {
    let is_recent = taken.listed.last_taken.is_none_or(|day| facts.days_since(day) <= lookback);
    let is_regular = matches!(taken.listed.usage, Use::Daily | Use::Weekly | Use::Monthly);
    is_regular || is_recent
}
