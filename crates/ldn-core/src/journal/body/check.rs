//! What must hold of each kind of entry beyond its types.

use jiff::civil::Date;
use serde::de::IgnoredAny;

use super::{
    BeliefRecorded, Body, Consent, Content, Corrected, Dispensed, DoseReport, Instrument, Intake, ItemAnswer,
    KitOpened, Lab, LabResult, Medicine, Note, Ordered, Outcome, PlanEnded, PlanHeld, PlanProposed,
    PlanSigned, Procedure, Scores, Screened, SideEffect, TrialStarted, Unblinded, VerdictShown,
};
use crate::Dose;
use crate::diary::DATE_RANGE;
use crate::journal::EntryError;
use crate::quantity::Quantity;

/// The largest whole number that every reader of JSON keeps, 2⁵³, here in nanograms (9 kg).
const LARGEST_EXACT: Dose = Dose::from_nanograms(1 << 53);

type Checked = Result<(), EntryError>;

/// Something with rules beyond its types.
pub(super) trait Check {
    /// Checks them; `at` is its place in the stored form.
    fn check(&self, at: &str) -> Checked;
}

impl Check for Intake {
    fn check(&self, at: &str) -> Checked {
        match toml::from_str::<toml::Table>(&self.document) {
            Ok(_) => Ok(()),
            Err(error) => {
                Err(EntryError::rule(format!("{at}.document"), &self.document, format!("TOML: {error}")))
            }
        }
    }
}

impl Check for Screened {
    fn check(&self, at: &str) -> Checked {
        json(&self.document, at, "document")
    }
}

impl Check for PlanProposed {
    fn check(&self, at: &str) -> Checked {
        if self.plan.is_signed() {
            return Err(EntryError::rule(
                format!("{at}.plan.signed"),
                "true",
                "false; signing is an entry of its own",
            ));
        }
        match self.plan.steps().iter().position(|step| step.dose() > LARGEST_EXACT) {
            None => Ok(()),
            Some(index) => dose(Some(self.plan.steps()[index].dose()), at, &format!("plan.steps[{index}]")),
        }
    }
}

impl Check for PlanSigned {
    fn check(&self, at: &str) -> Checked {
        words(&self.prescriber, at, "prescriber", "the prescriber's name")?;
        date(self.on, at, "on")
    }
}

impl Check for PlanHeld {
    fn check(&self, at: &str) -> Checked {
        words(&self.hold.why, at, "hold.why", "why")?;
        match self.hold.to {
            Some(to) if to < self.hold.from => {
                Err(EntryError::rule(format!("{at}.hold.to"), to, format!("a day from {}", self.hold.from)))
            }
            _ => Ok(()),
        }
    }
}

impl Check for PlanEnded {
    fn check(&self, at: &str) -> Checked {
        words(&self.reason, at, "reason", "why")
    }
}

impl Check for Ordered {
    fn check(&self, at: &str) -> Checked {
        words(&self.document, at, "document", "the order as sent")?;
        some(self.contents.len(), at, "contents")?;
        self.contents
            .iter()
            .enumerate()
            .try_for_each(|(index, content)| content_of(content, &format!("{at}.contents[{index}]")))
    }
}

impl Check for Dispensed {
    fn check(&self, at: &str) -> Checked {
        words(&self.document, at, "document", "the pharmacy's document or the label as written")?;
        some(self.containers.len(), at, "containers")?;
        self.containers.iter().enumerate().try_for_each(|(index, container)| {
            let at = format!("{at}.containers[{index}]");
            content_of(&container.content, &format!("{at}.content"))?;
            words_if_any(container.lot.as_deref(), &at, "lot", "the number of the batch, or nothing")
        })
    }
}

impl Check for DoseReport {
    fn check(&self, at: &str) -> Checked {
        date(self.day, at, "day")?;
        match &self.outcome {
            Outcome::Taken { dose: taken, .. } => dose(*taken, at, "outcome.taken.dose_ng"),
            Outcome::NotTaken | Outcome::Skipped => Ok(()),
        }
    }
}

impl Check for Scores {
    fn check(&self, _at: &str) -> Checked {
        Ok(())
    }
}

impl Check for SideEffect {
    fn check(&self, at: &str) -> Checked {
        words(&self.term, at, "term", "the name of the side effect")
    }
}

impl Check for Instrument {
    fn check(&self, at: &str) -> Checked {
        words(&self.instrument, at, "instrument", "the id of a questionnaire")?;
        words(&self.version, at, "version", "the version of the questionnaire")?;
        if self.answers.is_empty() {
            return Err(EntryError::rule(format!("{at}.answers"), "{}", "at least one answer"));
        }
        self.answers.iter().try_for_each(|(question, answer)| {
            words(question, at, "answers", "the id of a question")?;
            match answer {
                ItemAnswer::Text(text) => {
                    words(text, at, &format!("answers.{question}"), "an answer, or left-open")
                }
                ItemAnswer::Points(_) | ItemAnswer::LeftOpen => Ok(()),
            }
        })
    }
}

impl Check for Lab {
    fn check(&self, at: &str) -> Checked {
        words(&self.test, at, "test", "the name of the test")?;
        match &self.result {
            LabResult::Amount { unit, .. } => words(unit, at, "result.amount.unit", "the unit"),
            LabResult::Text(text) => words(text, at, "result.text", "the result as written"),
            LabResult::Score(_) | LabResult::Positive | LabResult::Negative => Ok(()),
        }
    }
}

impl Check for Medicine {
    fn check(&self, at: &str) -> Checked {
        words(&self.name, at, "name", "the name of the medicine as written")?;
        words_if_any(self.per_day.as_deref(), at, "per_day", "an amount with its unit, or nothing")
    }
}

impl Check for Procedure {
    fn check(&self, at: &str) -> Checked {
        words(&self.name, at, "name", "the name of the procedure as written")
    }
}

impl Check for TrialStarted {
    fn check(&self, at: &str) -> Checked {
        json(&self.design, at, "design")
    }
}

impl Check for KitOpened {
    fn check(&self, at: &str) -> Checked {
        words(&self.kit, at, "kit", "the number on the bottle")
    }
}

impl Check for BeliefRecorded {
    fn check(&self, _at: &str) -> Checked {
        Ok(())
    }
}

impl Check for Unblinded {
    fn check(&self, at: &str) -> Checked {
        words(&self.reason, at, "reason", "why the code was broken")?;
        words(&self.by, at, "by", "the name of who asked")
    }
}

impl Check for VerdictShown {
    fn check(&self, at: &str) -> Checked {
        words(&self.model, at, "model", "the version of the method")?;
        json(&self.document, at, "document")
    }
}

impl Check for Consent {
    fn check(&self, at: &str) -> Checked {
        words(&self.version, at, "version", "the version of the text")
    }
}

impl Check for Note {
    fn check(&self, at: &str) -> Checked {
        words(&self.text, at, "text", "a text")
    }
}

impl Check for Corrected {
    fn check(&self, at: &str) -> Checked {
        words(&self.reason, at, "reason", "why")?;
        match self.with.as_deref() {
            None => Ok(()),
            Some(Body::Corrected(_)) => Err(EntryError::rule(
                format!("{at}.with.kind"),
                "corrected",
                "what holds instead; a correction is corrected by naming it in `replaces`",
            )),
            Some(body) => body.check(&format!("{at}.with.content")),
        }
    }
}

fn content_of(content: &Content, at: &str) -> Checked {
    match content {
        Content::Units { quantity, .. } => counted(*quantity, &format!("{at}.units")),
        Content::Liquid { volume, .. } if volume.is_zero() => {
            Err(EntryError::rule(format!("{at}.liquid.volume"), volume, "more than 0 mL"))
        }
        Content::Liquid { .. } => Ok(()),
        Content::Kit { number, quantity } => {
            words(number, at, "kit.number", "the number on the bottle")?;
            counted(*quantity, &format!("{at}.kit"))
        }
    }
}

fn counted(quantity: Quantity, at: &str) -> Checked {
    if quantity.count > 0 {
        Ok(())
    } else {
        Err(EntryError::rule(format!("{at}.quantity"), quantity, "more than none"))
    }
}

fn some(n: usize, at: &str, key: &str) -> Checked {
    if n > 0 { Ok(()) } else { Err(EntryError::rule(format!("{at}.{key}"), "[]", "at least one")) }
}

fn dose(dose: Option<Dose>, at: &str, key: &str) -> Checked {
    match dose {
        Some(dose) if dose > LARGEST_EXACT => {
            Err(EntryError::rule(format!("{at}.{key}"), dose.nanograms(), "at most 2^53 nanograms"))
        }
        _ => Ok(()),
    }
}

/// Checks that a day is one on which something can have happened; the range is the diary's.
pub(in crate::journal) fn date(date: Date, at: &str, key: &str) -> Checked {
    let (first, last) = DATE_RANGE;
    if (first..=last).contains(&date) {
        Ok(())
    } else {
        Err(EntryError::rule(format!("{at}.{key}"), date, format!("a day from {first} to {last}")))
    }
}

fn words(text: &str, at: &str, key: &str, expected: &str) -> Checked {
    if text.trim().is_empty() {
        Err(EntryError::rule(format!("{at}.{key}"), format!("{text:?}"), expected))
    } else {
        Ok(())
    }
}

fn words_if_any(text: Option<&str>, at: &str, key: &str, expected: &str) -> Checked {
    text.map_or(Ok(()), |text| words(text, at, key, expected))
}

fn json(text: &str, at: &str, key: &str) -> Checked {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(IgnoredAny) => Ok(()),
        Err(error) => Err(EntryError::rule(format!("{at}.{key}"), text, format!("JSON: {error}"))),
    }
}
