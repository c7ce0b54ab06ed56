//! Results that rules read: which of them still stand, and what they say about the liver.

use super::{Facts, List};
use crate::intake::{Answer, Lab, LabResult, LabTest, Measured};
use crate::screen::answer::Because;

/// A result that has not been superseded.
#[derive(Clone, Copy)]
pub(in crate::screen) struct Standing<'a> {
    pub(in crate::screen) idx: usize,
    pub(in crate::screen) lab: &'a Lab,
}

impl Standing<'_> {
    /// Returns it as a fact.
    pub(in crate::screen) fn because(self) -> Because {
        let key = if matches!(self.lab.result, LabResult::Positive | LabResult::Negative) {
            "text"
        } else {
            "value"
        };
        Because {
            at: format!("lab[{}].{key}", self.idx),
            value: self.lab.result.to_string(),
            recognised: Some(self.lab.test.name().to_owned()),
        }
    }

    /// Returns the amount with the upper limit of the same report, if both are known.
    pub(in crate::screen) fn with_limit(self) -> Option<(Measured, Measured)> {
        match &self.lab.result {
            LabResult::Amount { value, upper_limit: Some(limit), .. } => Some((*value, *limit)),
            _ => None,
        }
    }

    /// Returns the amount.
    pub(in crate::screen) fn amount(self) -> Option<Measured> {
        match &self.lab.result {
            LabResult::Amount { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// What bilirubin says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::screen) enum Bilirubin {
    Unknown,
    Below,
    High,
}

/// What the symptoms say about the liver.
pub(in crate::screen) enum Symptoms {
    /// None was listed, and nobody said that the lists are complete.
    Unknown,
    /// None that fits.
    None,
    /// These fit, or are not recognised and so cannot be ruled out.
    Present(Vec<Because>),
}

/// How high ALT and AST are.
#[derive(Default)]
pub(in crate::screen) struct Enzymes<'a> {
    /// More than the upper bound.
    pub(in crate::screen) above: Vec<Standing<'a>>,
    /// From the lower bound up to and including the upper.
    pub(in crate::screen) between: Vec<Standing<'a>>,
}

/// Terms of symptoms that fit a disease of the liver.
const LIVER_TERMS: [&str; 3] = ["liver-sign", "liver-symptom", "severe-fatigue"];

impl<'a> Facts<'a> {
    /// Returns the results of a test that no later one has replaced. A result without a date stands; one that cannot
    /// be judged replaces nothing.
    pub(in crate::screen) fn standing(&self, test: LabTest) -> Vec<Standing<'a>> {
        let of_test: Vec<Standing<'a>> = (self.intake.labs.iter().enumerate())
            .filter(|(_, lab)| lab.test == test)
            .map(|(idx, lab)| Standing { idx, lab })
            .collect();
        let needs_limit = matches!(test, LabTest::Alt | LabTest::Ast | LabTest::Bilirubin);
        let can_replace = |later: &Standing<'_>| !needs_limit || later.with_limit().is_some();
        let is_replaced = |found: &Standing<'_>| {
            of_test.iter().any(|later| {
                later.lab.date > found.lab.date && found.lab.date.is_some() && can_replace(later)
            })
        };
        of_test.iter().copied().filter(|found| !is_replaced(found)).collect()
    }

    /// Returns how ALT and AST stand to two multiples of their limits.
    pub(in crate::screen) fn enzymes(&self, from: Measured, up_to: Measured) -> Enzymes<'a> {
        let mut enzymes = Enzymes::default();
        for found in [LabTest::Alt, LabTest::Ast].into_iter().flat_map(|test| self.standing(test)) {
            let Some((value, limit)) = found.with_limit() else {
                continue;
            };
            if value.is_more_than(up_to, limit) {
                enzymes.above.push(found);
            } else if value.is_at_least(from, limit) {
                enzymes.between.push(found);
            }
        }
        enzymes
    }

    /// Returns how bilirubin stands to a multiple of its limit.
    pub(in crate::screen) fn bilirubin(&self, high_from: Measured) -> Bilirubin {
        let judged: Vec<bool> = (self.standing(LabTest::Bilirubin).into_iter())
            .filter_map(Standing::with_limit)
            .map(|(value, limit)| value.is_at_least(high_from, limit))
            .collect();
        match judged.as_slice() {
            [] => Bilirubin::Unknown,
            judged if judged.contains(&true) => Bilirubin::High,
            _ => Bilirubin::Below,
        }
    }

    /// Returns what the symptoms say about the liver.
    pub(in crate::screen) fn liver_symptoms(&self) -> Symptoms {
        let symptoms = || self.named.iter().filter(|named| named.list == List::Symptom);
        let fits: Vec<Because> = symptoms()
            .filter(|named| named.is_unrecognised() || named.has_any(&LIVER_TERMS))
            .map(|named| named.because_of(&LIVER_TERMS))
            .collect();
        if !fits.is_empty() {
            return Symptoms::Present(fits);
        }
        let is_known = self.intake.answers.lists_complete == Answer::Yes || symptoms().next().is_some();
        if is_known { Symptoms::None } else { Symptoms::Unknown }
    }
}
