//! Conditions, symptoms, allergies and procedures, recognised.

use crate::intake::{ConditionStatus, Intake};
use crate::medicine::{Formulary, Medicine, Recognition};
use crate::screen::answer::Because;
use crate::screen::lexicon::Lexicon;

/// Every term that a rule or a question asks about; reading a rule set checks that all of them are there.
pub(in crate::screen) const TERMS: [&str; 50] = [
    "acute-hepatitis",
    "agitation",
    "alcohol-dependence",
    "allergic",
    "breastfeeding",
    "cirrhosis",
    "cramps",
    "dialysis",
    "diarrhoea",
    "drowsy",
    "emergency-surgery",
    "fast-heartbeat",
    "filler",
    "goose-flesh",
    "home-dissolving",
    "insomnia",
    "kidney-disease",
    "kidney-moderate",
    "lactose",
    "liver-disease",
    "liver-failure",
    "liver-sign",
    "liver-symptom",
    "mast-cell",
    "missed-dose",
    "multiple-sclerosis",
    "naltrexone-allergy",
    "new-breath",
    "opioid-groups",
    "opioid-use-disorder",
    "opioid-withdrawal",
    "overcome-block",
    "pregnant",
    "psychosis",
    "sedation",
    "severe-allergic",
    "severe-anxiety",
    "severe-depression",
    "severe-fatigue",
    "stopping-ldn",
    "suicidal",
    "suicide-attempt",
    "swallowed-tablet",
    "sweating",
    "thyroid",
    "transplant",
    "trying",
    "vomiting",
    "withdrawal",
    "yawning",
];

/// Signs of withdrawal, one term each, because it matters how many there are.
pub(in crate::screen) const WITHDRAWAL_SIGNS: [&str; 8] = [
    "withdrawal",
    "yawning",
    "goose-flesh",
    "sweating",
    "cramps",
    "diarrhoea",
    "agitation",
    "fast-heartbeat",
];

/// Which list of the intake a name stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::screen) enum List {
    Indication,
    Condition,
    Symptom,
    Allergy,
    Procedure,
}

/// A name and what it was recognised as.
pub(in crate::screen) struct Named<'a> {
    pub(in crate::screen) list: List,
    /// Position in its list.
    pub(in crate::screen) idx: usize,
    pub(in crate::screen) written: &'a str,
    terms: Vec<&'a str>,
    /// Medicines that an allergy is against; near ones where nothing was recognised.
    pub(in crate::screen) medicines: Vec<&'a Medicine>,
    /// Whether a medicine was recognised, not only near.
    is_medicine: bool,
    /// A condition that is over.
    pub(in crate::screen) is_past: bool,
}

impl<'a> Named<'a> {
    fn new(list: List, idx: usize, written: &'a str, lexicon: &'a Lexicon) -> Named<'a> {
        let terms = lexicon.find(written).into_iter().collect();
        Named { list, idx, written, terms, medicines: Vec::new(), is_medicine: false, is_past: false }
    }

    /// Returns true if it was recognised as one of these.
    pub(in crate::screen) fn has_any(&self, terms: &[&str]) -> bool {
        debug_assert!(terms.iter().all(|term| TERMS.contains(term)), "{terms:?} is not in TERMS");
        terms.iter().any(|term| self.terms.contains(term))
    }

    /// Returns true if nothing is known about it.
    pub(in crate::screen) fn is_unrecognised(&self) -> bool {
        self.terms.is_empty() && !self.is_medicine
    }

    /// Returns where it stands.
    fn at(&self) -> String {
        match self.list {
            List::Indication => "course.indication".to_owned(),
            List::Condition => format!("condition[{}].name", self.idx),
            List::Symptom => format!("symptom[{}].name", self.idx),
            List::Allergy => format!("allergy[{}].substance", self.idx),
            List::Procedure => format!("procedure[{}].name", self.idx),
        }
    }

    /// Returns it as a fact.
    pub(in crate::screen) fn because(&self) -> Because {
        Because { at: self.at(), value: self.written.to_owned(), recognised: None }
    }

    /// Returns it as a fact, recognised as the first of these terms that fits.
    pub(in crate::screen) fn because_of(&self, terms: &[&str]) -> Because {
        let term = terms.iter().find(|term| self.terms.contains(term));
        Because { recognised: term.map(|term| term.replace('-', " ")), ..self.because() }
    }
}

/// Recognises everything that is named in an intake, medicines apart.
pub(super) fn recognise_all<'a>(
    intake: &'a Intake,
    lexicon: &'a Lexicon,
    formulary: &'a Formulary,
) -> Vec<Named<'a>> {
    let mut named = Vec::new();
    if let Some(indication) = &intake.course.indication {
        named.push(Named::new(List::Indication, 0, indication, lexicon));
    }
    for (idx, condition) in intake.conditions.iter().enumerate() {
        let mut found = Named::new(List::Condition, idx, &condition.name, lexicon);
        found.is_past = condition.status == ConditionStatus::Past;
        named.push(found);
    }
    for (idx, symptom) in intake.symptoms.iter().enumerate() {
        named.push(Named::new(List::Symptom, idx, &symptom.name, lexicon));
    }
    for (idx, allergy) in intake.allergies.iter().enumerate() {
        let mut found = Named::new(List::Allergy, idx, &allergy.substance, lexicon);
        match formulary.recognise(&allergy.substance) {
            Recognition::Recognised(matches) => {
                found.is_medicine = true;
                found.medicines = matches.into_iter().map(|matched| matched.medicine).collect();
            }
            Recognition::DidYouMean(near) => found.medicines = near,
            Recognition::NotRecognised => (),
        }
        named.push(found);
    }
    for (idx, procedure) in intake.procedures.iter().enumerate() {
        named.push(Named::new(List::Procedure, idx, &procedure.name, lexicon));
    }
    named
}
