//! OP-17 to OP-21, OP-23, OP-25: what points to opioids, to withdrawal, or to an attempt to get round the block.

use super::opioids::DAYS_OF_THE_QUESTION;
use super::{Hit, any};
use crate::intake::{Answer, LabResult, LabTest, Procedure, Use};
use crate::medicine::Medicine;
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Named, Standing, Taken, WITHDRAWAL_SIGNS};
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
fn positive<'f>(facts: &'f Facts<'_>, test: LabTest) -> impl Iterator<Item = Standing<'f>> {
    facts.standing(test).into_iter().filter(|found| found.lab.result == LabResult::Positive)
}

/// OP-18: a urine screen shows an opioid. A general screen says so on naltrexone too, because it looks for more than
/// what naltrexone can feign; an oxycodone test that naltrexone itself may have turned positive is OP-19 alone.
pub(super) fn positive_urine_screen(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let screens = positive(facts, LabTest::UrineOpioidScreen).map(Standing::because);
    let oxycodone = positive(facts, LabTest::UrineOxycodone)
        .filter(|found| !facts.ldn.is_certain || !is_after_the_start(facts, *found))
        .map(Standing::because);
    any(screens.chain(oxycodone))
}

/// Returns true for a test after the first day on LDN. A test without a date counts as one of now; whether a dated test
/// came after a start that nobody dated is not known, so it did not.
fn is_after_the_start(facts: &Facts<'_>, test: Standing<'_>) -> bool {
    test.lab.date.is_none_or(|day| facts.ldn.since.is_some_and(|since| day > since))
}

/// OP-19: a test that naltrexone itself can turn positive.
pub(super) fn false_positive_oxycodone(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let last_dose = facts.ldn.last_dose;
    let is_recent = last_dose.is_none_or(|day| facts.days_since(day) <= i32::from(rule.whole("recent_days")));
    if !facts.ldn.is_taken || !is_recent {
        return Vec::new();
    }
    // A test from before the start cannot come from naltrexone.
    let is_before =
        |found: &Standing<'_>| found.lab.date.zip(facts.ldn.since).is_some_and(|(day, since)| day <= since);
    let tests = [LabTest::UrineOxycodone, LabTest::UrineOpioidScreen];
    let found = tests.into_iter().flat_map(|test| positive(facts, test));
    any(found.filter(|found| !is_before(found)).map(Standing::because))
}

/// OP-20: withdrawal now, or signs of it at a naloxone challenge.
pub(super) fn withdrawal_or_failed_challenge(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["opioid-withdrawal"];
    let now = facts.present(&PRESENT, &terms).map(|named| named.because_of(&terms));
    any(now.chain(positive(facts, LabTest::NaloxoneChallenge).map(Standing::because)))
}

/// OP-21: signs of withdrawal within the window after naltrexone. Dates without a time count as long as they can.
pub(super) fn withdrawal_after_naltrexone(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let is_long_acting = facts.opioids.iter().any(|opioid| opioid.is_long_acting || opioid.is_depot());
    let window = if is_long_acting { "window_long_acting" } else { "window" };
    let Some(naltrexone) = naltrexone_within(facts, i32::from(rule.whole(window) / 24)) else {
        return Vec::new();
    };
    let telling = ["opioid-withdrawal", "withdrawal", "yawning", "goose-flesh"];
    let terms: Vec<&str> = std::iter::once("opioid-withdrawal").chain(WITHDRAWAL_SIGNS).collect();
    let named: Vec<&Named<'_>> = facts.present(&[List::Symptom], &terms).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let signs = terms.iter().filter(|term| named.iter().any(|named| named.has_any(&[term]))).count();
    let is_telling = named.iter().any(|named| named.has_any(&telling));
    let hit = Hit::because(named.iter().map(|named| named.because_of(&terms)).chain(naltrexone));
    // One sign such as loose stools is common; what makes it an emergency is an opioid that may be there.
    let is_one_sign = signs == 1 && !is_telling && is_opioid_ruled_out(facts);
    vec![if is_one_sign { hit.case("one_sign") } else { hit }]
}

/// Returns the facts of naltrexone taken within so many days, as LDN or as anything else; `None` if there was none. A
/// dose that nobody dated counts.
fn naltrexone_within(facts: &Facts<'_>, days: i32) -> Option<Vec<Because>> {
    let is_within = |day| facts.days_since(day) <= days;
    let last_dose = facts.ldn.last_dose.filter(|day| is_within(*day));
    let mut because: Vec<Because> =
        last_dose.map(|day| Facts::course_date("last_ldn_dose", day)).into_iter().collect();
    let mut is_known = facts.ldn.has_begun && facts.ldn.last_dose.is_none_or(is_within);
    let classes = ["naltrexone".to_owned()];
    for taken in facts.medicines.iter().filter(|taken| taken.listed.usage != Use::Planned) {
        // The day of the last LDN dose stands in the course.
        let is_told_there = taken.naltrexone().is_some() && taken.is_in_use();
        let counts = taken.listed.last_taken.map_or(!is_told_there, is_within);
        // A depot in use acts all the time.
        let is_depot_in_use = taken.is_in_use() && taken.naltrexone().is_none();
        if let Some(found) = taken.of_class(&classes)
            && (counts || is_depot_in_use)
        {
            is_known = true;
            because.extend(std::iter::once(taken.because(found.medicine)).chain(taken.last_taken()));
        }
    }
    is_known.then_some(because)
}

/// Returns true if every answer, list and test speaks against an opioid. One that is missing does not.
fn is_opioid_ruled_out(facts: &Facts<'_>) -> bool {
    let answers = &facts.intake.answers;
    let hints: Vec<String> =
        ["naloxone", "lofexidine", "peripheral-opioid-antagonist", "antidiarrhoeal-opioid"]
            .map(str::to_owned)
            .to_vec();
    // Loperamide of a known amount that is none too much is no opioid here; too much of it is one of the opioids below.
    let is_measured = |taken: &Taken<'_>, medicine: &Medicine| {
        medicine.is("loperamide") && taken.listed.per_day.as_ref().is_some_and(|amount| amount.mass.is_some())
    };
    let may_be_one = |taken: &Taken<'_>| {
        taken.matches.is_empty()
            || taken.of_class(&hints).is_some_and(|found| !is_measured(taken, found.medicine))
    };
    let tests = [LabTest::UrineOpioidScreen, LabTest::UrineOxycodone, LabTest::NaloxoneChallenge];
    let conditions = ["opioid-use-disorder", "opioid-withdrawal", "overcome-block"];
    let lists = [List::Condition, List::Indication, List::Symptom];
    let is_at_risk = |procedure: &Procedure| {
        procedure.opioids_expected != Answer::No
            && procedure.date.is_none_or(|day| (0..=DAYS_OF_THE_QUESTION).contains(&facts.days_since(day)))
    };
    answers.opioids_last_90_days == Answer::No
        && answers.lists_complete == Answer::Yes
        && facts.opioids.is_empty()
        && !facts.medicines.iter().any(may_be_one)
        && tests.into_iter().all(|test| positive(facts, test).next().is_none())
        && facts.ever(&lists, &conditions).next().is_none()
        && !facts.intake.procedures.iter().any(is_at_risk)
}

/// OP-23: extra opioid against the block. An emergency whether or not LDN is on record.
pub(super) fn overcoming_the_block(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["overcome-block"];
    any(facts.present(&PRESENT, &terms).map(|named: &Named<'_>| named.because_of(&terms)))
}

/// OP-25: a medicine that is given with or after opioids, where no opioid on the list that is in use, or was until
/// lately, explains it.
pub(super) fn missing_opioid(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let is_explained = facts.opioids.iter().any(|opioid| opioid.stands_in_the_way(facts.today));
    let lookback = i32::from(rule.whole("lookback_days"));
    let mut hits = Vec::new();
    for taken in &facts.medicines {
        let Some(found) = taken.of_class(&rule.classes) else {
            continue;
        };
        if is_explained || !was_used(facts, taken, lookback) {
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
