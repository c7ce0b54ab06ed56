//! Questions about medicines.

use super::Questions;
use crate::intake::{Answer, Use};
use crate::medicine::Medicine;
use crate::screen::facts::{Facts, Taken};
use crate::screen::rule::Severity;

/// How many near names are offered.
const MOST_NEAR_NAMES: usize = 3;

/// Asks about medicines that are not understood, or not far enough.
pub(super) fn ask(facts: &Facts<'_>, questions: &mut Questions) {
    for taken in &facts.medicines {
        about_name(taken, questions);
        about_amount(taken, questions);
        about_naloxone(taken, questions);
    }
    about_opioids(facts, questions);
}

fn about_name(taken: &Taken<'_>, questions: &mut Questions) {
    let at = format!("medicine[{}].name", taken.idx);
    if taken.needs_an_answer() {
        let names: Vec<&str> =
            taken.near.iter().take(MOST_NEAR_NAMES).map(|near| near.name.as_str()).collect();
        let why = format!("did you mean {}? Write its name, or not_an_opioid = \"yes\"", names.join(" or "));
        questions.block(at, Severity::Contraindicated, why);
    } else if let Some(opioid) = taken.near.iter().find(|near| near.opioid.is_some()) {
        let why = format!("taken as no opioid on the prescriber's word; it resembles {}", opioid.name);
        questions.ask(at, Severity::Contraindicated, why);
    } else if let Some(found) = taken.matches.first().filter(|_| is_called_an_opioid(taken)) {
        let why =
            format!("not_an_opioid = \"no\" calls it an opioid, but it is read as {}", found.medicine.name);
        questions.block(at, Severity::Contraindicated, why);
    }
}

/// Returns true if the prescriber says that a medicine is an opioid, and it was recognised as something else.
fn is_called_an_opioid(taken: &Taken<'_>) -> bool {
    let is_opioid = taken.matches.iter().any(|found| found.medicine.opioid.is_some());
    taken.listed.not_an_opioid == Answer::No && !is_opioid
}

fn about_amount(taken: &Taken<'_>, questions: &mut Questions) {
    if !taken.is_in_use() {
        return;
    }
    let at = format!("medicine[{}].per_day", taken.idx);
    let is =
        |class: &str| taken.matches.iter().any(|found: &crate::medicine::Match<'_>| found.medicine.is(class));
    if taken.naltrexone().is_some_and(|naltrexone| naltrexone.has_no_dose()) {
        let why = "naltrexone of unknown dose: 50 mg is eleven times LDN";
        questions.block(at, Severity::Contraindicated, why);
    } else if taken.listed.per_day.as_ref().is_some_and(|amount| amount.mass.is_some()) {
        // The mass is known; a number of capsules or drops is not one.
    } else if is("loperamide") {
        let why = "more than 16 mg of loperamide a day counts as opioid use";
        questions.ask(at, Severity::Contraindicated, why);
    } else if is("paracetamol") && taken.matches.len() == 1 {
        questions.ask(at, Severity::Caution, "more than 3 g a day burdens the liver");
    }
}

fn about_naloxone(taken: &Taken<'_>, questions: &mut Questions) {
    let is_naloxone = taken.of_class(&["naloxone".to_owned()]).is_some();
    let is_at_hand = matches!(taken.listed.usage, Use::AsNeeded | Use::Unknown);
    if is_naloxone && is_at_hand && taken.listed.last_taken.is_none() {
        let at = format!("medicine[{}].last_taken", taken.idx);
        let why = "naloxone used lately means opioids lately; and who in the household takes opioids?";
        questions.ask(at, Severity::NeedsPrescriberDecision, why);
    }
}

fn about_opioids(facts: &Facts<'_>, questions: &mut Questions) {
    let name =
        |medicine: Option<&Medicine>| medicine.map_or("the opioid", |found| found.name.as_str()).to_owned();
    for opioid in facts.opioids.iter().filter(|opioid| opioid.stands_in_the_way(facts.today)) {
        let (idx, name) = (opioid.taken, name(opioid.medicine));
        if opioid.last_taken.is_none() && opioid.usage != Use::Planned && opioid.interval.is_some() {
            let why = format!("the interval counts from the last dose of {name} (a patch: from removal)");
            questions.ask(format!("medicine[{idx}].last_taken"), Severity::Contraindicated, why);
        }
        if opioid.is_release_open && opioid.medicine.is_some() {
            let why =
                format!("{name} is sold as extended release too: until this is known, it counts as that");
            questions.ask(format!("medicine[{idx}].release"), Severity::Contraindicated, why);
        }
        if opioid.usage == Use::Unknown {
            let why = format!("is {name} still used? Unknown counts as yes");
            questions.ask(format!("medicine[{idx}].use"), Severity::Contraindicated, why);
        }
    }
}
