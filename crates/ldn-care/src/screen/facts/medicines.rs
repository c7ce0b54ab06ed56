//! Medicines, recognised.

use ldn_core::Dose;

use crate::intake::{Answer, Intake, ListedMedicine, Route, Use};
use crate::medicine::{Form, Formulary, Match, Medicine, Recognition};
use crate::screen::answer::Because;

/// A medicine of the list, and what it was recognised as.
pub(in crate::screen) struct Taken<'a> {
    /// Position in the list.
    pub(in crate::screen) idx: usize,
    pub(in crate::screen) listed: &'a ListedMedicine,
    /// What it is; empty if it was not recognised.
    pub(in crate::screen) matches: Vec<Match<'a>>,
    /// What it may be, where it was not recognised.
    pub(in crate::screen) near: Vec<&'a Medicine>,
}

impl<'a> Taken<'a> {
    /// Returns true while it is not stopped; unknown use is use, and so is planned use.
    pub(in crate::screen) fn is_in_use(&self) -> bool {
        self.listed.usage != Use::Stopped
    }

    /// Returns true if nothing was recognised, nothing is near, and no prescriber has vouched for it.
    pub(in crate::screen) fn is_unrecognised(&self) -> bool {
        self.matches.is_empty() && self.near.is_empty() && self.listed.not_an_opioid == Answer::Unknown
    }

    /// Returns true if somebody has to say which of the near medicines was meant.
    pub(in crate::screen) fn needs_an_answer(&self) -> bool {
        self.matches.is_empty() && !self.near.is_empty() && self.listed.not_an_opioid == Answer::Unknown
    }

    /// Returns true if it was not recognised and the prescriber has said that it is no opioid.
    pub(in crate::screen) fn is_vouched_for(&self) -> bool {
        self.matches.is_empty() && self.listed.not_an_opioid == Answer::Yes
    }

    /// Returns the first ingredient of one of these classes. What only accompanies an opioid, such as the naloxone in
    /// a combination, is not looked at.
    pub(in crate::screen) fn of_class(&self, classes: &[String]) -> Option<&Match<'a>> {
        let has_opioid = self.matches.iter().any(|found| found.medicine.opioid.is_some());
        let is_companion =
            |medicine: &Medicine| has_opioid && medicine.opioid.is_none() && medicine.is("opioid-antagonist");
        self.matches.iter().find(|found| {
            !is_companion(found.medicine) && classes.iter().any(|class| found.medicine.is(class))
        })
    }

    /// Returns its name as a fact.
    pub(in crate::screen) fn name(&self) -> Because {
        let at = format!("medicine[{}].name", self.idx);
        Because { at, value: self.listed.name.clone(), recognised: None }
    }

    /// Returns its name as a fact, recognised as this medicine.
    pub(in crate::screen) fn because(&self, medicine: &Medicine) -> Because {
        Because { recognised: Some(medicine.name.clone()), ..self.name() }
    }

    /// Returns the fact of its last dose, if that is known.
    pub(in crate::screen) fn last_taken(&self) -> Option<Because> {
        let at = format!("medicine[{}].last_taken", self.idx);
        self.listed.last_taken.map(|date| Because { at, value: date.to_string(), recognised: None })
    }

    /// Returns the fact of its daily amount, if that is known.
    pub(in crate::screen) fn per_day(&self) -> Option<Because> {
        let at = format!("medicine[{}].per_day", self.idx);
        let amount = self.listed.per_day.as_ref()?;
        Some(Because { at, value: amount.written.clone(), recognised: None })
    }

    /// Returns the naltrexone in it, if it is naltrexone that is swallowed and nothing else.
    pub(in crate::screen) fn naltrexone(&self) -> Option<Naltrexone<'a>> {
        let found = self.matches.iter().find(|found| found.medicine.is("naltrexone"))?;
        let is_something_else = |found: &Match<'_>| {
            let medicine = found.medicine;
            medicine.opioid.is_some()
                || medicine.is("naltrexone-depot")
                || medicine.is("bupropion-naltrexone")
        };
        if self.matches.iter().any(is_something_else) {
            return None;
        }
        let strength = dose_in(&self.listed.name);
        let per_day = self.listed.per_day.as_ref().and_then(|amount| amount.mass);
        let is_full_dose = found.medicine.is("naltrexone-full-dose");
        Some(Naltrexone { medicine: found.medicine, strength, per_day, is_full_dose })
    }
}

/// Naltrexone that is swallowed by itself: low-dose, full-dose, or of unknown dose.
pub(in crate::screen) struct Naltrexone<'a> {
    pub(in crate::screen) medicine: &'a Medicine,
    /// The amount in its name.
    pub(in crate::screen) strength: Option<Dose>,
    /// The amount a day.
    pub(in crate::screen) per_day: Option<Dose>,
    /// A brand that is sold at full dose only.
    is_full_dose: bool,
}

impl Naltrexone<'_> {
    /// Returns what is taken a day; the amount in the name where nothing else is known.
    pub(in crate::screen) fn dose(&self) -> Option<Dose> {
        self.per_day.or(self.strength)
    }

    /// Returns true if it is more than LDN goes up to.
    pub(in crate::screen) fn is_above(&self, ldn_at_most: Dose) -> bool {
        match self.dose() {
            Some(dose) => dose > ldn_at_most,
            None => self.is_full_dose,
        }
    }

    /// Returns true if nothing says how much it is.
    pub(in crate::screen) fn has_no_dose(&self) -> bool {
        self.dose().is_none() && !self.is_full_dose
    }
}

/// Recognises every medicine of an intake.
pub(super) fn recognise_all<'a>(intake: &'a Intake, formulary: &'a Formulary) -> Vec<Taken<'a>> {
    let recognise = |(idx, listed): (usize, &'a ListedMedicine)| {
        let (matches, near) = match recognise(listed, formulary) {
            Recognition::Recognised(matches) => (matches, Vec::new()),
            Recognition::DidYouMean(near) => (Vec::new(), near),
            Recognition::NotRecognised => (Vec::new(), Vec::new()),
        };
        Taken { idx, listed, matches, near }
    };
    intake.medicines.iter().enumerate().map(recognise).collect()
}

/// Recognises a medicine; a route that makes another product of it counts as if it stood in the name.
fn recognise<'a>(listed: &ListedMedicine, formulary: &'a Formulary) -> Recognition<'a> {
    let form = match listed.route {
        Some(Route::Patch) => Form::Patch,
        Some(Route::Injection) => Form::Injection,
        Some(Route::Implant) => Form::Implant,
        Some(Route::Sublingual | Route::Buccal | Route::Nasal) => Form::Transmucosal,
        _ => return formulary.recognise(&listed.name),
    };
    let mut recognition = formulary.recognise(&listed.name);
    if let Recognition::Recognised(matches) = &mut recognition {
        for found in matches {
            found.medicine = formulary.in_form(found.medicine, form);
        }
    }
    recognition
}

/// Returns the largest dose that a name states, such as the 50 mg of "Naltrexone 50 mg tablets". A concentration is
/// no dose, and a number with a decimal comma is not read.
pub(super) fn dose_in(name: &str) -> Option<Dose> {
    let mut largest = None;
    let mut rest = name;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number_end = end_of(&rest[start..], |c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let (number, after) = rest[start..].split_at(number_end);
        let after_space = after.trim_start();
        let (unit, tail) = after_space.split_at(end_of(after_space, char::is_alphabetic));
        let is_concentration = tail.trim_start().starts_with('/');
        let unit = unit.to_lowercase();
        if !is_concentration && let Ok(dose) = format!("{number} {unit}").parse() {
            largest = largest.max(Some(dose));
        }
        rest = after;
    }
    largest
}

/// Returns where a run of such characters ends.
fn end_of(text: &str, is_inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_inside(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doses_in_names() {
        for (name, text) in [
            ("Naltrexone 50 mg tablets", Some("50 mg")),
            ("naltrexone 4.5mg caps", Some("4.5 mg")),
            ("LDN 500 micrograms", Some("0.5 mg")),
            ("LDN 3 x 1.5 mg", Some("1.5 mg")),
            ("LDN 1 mg/mL", None),
            ("LDN 4,5 mg", None),
            ("LDN", None),
            ("naltrexone 2x", None),
            ("naltrexone µ 5", None),
        ] {
            assert_eq!(dose_in(name), text.map(|text| text.parse().unwrap()), "{name}");
        }
    }
}
