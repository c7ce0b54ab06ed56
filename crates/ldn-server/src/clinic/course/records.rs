//! Results of laboratories and questionnaires, newest first.

use ldn_care::course_screen::PREGNANCY;
use ldn_core::instrument::{Catalogue, InstrumentId};
use ldn_core::journal::LabResult;

use crate::clinic::room::Room;
use crate::patient::{in_words, result_told};

/// A result.
pub(super) struct Record {
    pub(super) day: String,
    pub(super) name: String,
    pub(super) result: String,
    pub(super) limit: String,
}

/// Returns the laboratory results.
pub(super) fn labs(room: &Room) -> Vec<Record> {
    let words = room.words();
    let labs = room.course.labs().iter().rev().filter(|lab| lab.value.test != PREGNANCY);
    labs.map(|lab| {
        let (result, limit) = match &lab.value.result {
            LabResult::Amount { value, unit, upper_limit } => (
                format!("{} {unit}", value.as_str()),
                upper_limit.as_ref().map(|limit| format!("{} {unit}", limit.as_str())).unwrap_or_default(),
            ),
            LabResult::Score(value) => (value.as_str().to_owned(), String::new()),
            LabResult::Positive => (words.say("clinic-lab-positive"), String::new()),
            LabResult::Negative => (words.say("clinic-lab-negative"), String::new()),
            LabResult::Text(text) => (text.clone(), String::new()),
        };
        let day = in_words(words, lab.value.on.unwrap_or(lab.origin.day));
        Record { day, name: lab.value.test.clone(), result, limit }
    })
    .collect()
}

/// Returns what questionnaires add up to; the score is computed again from the answers.
pub(super) fn instruments(room: &Room, catalogue: &Catalogue) -> Vec<Record> {
    let words = room.words();
    let answered = room.course.instruments().iter().rev();
    answered
        .filter_map(|answered| {
            let id = InstrumentId::ALL.into_iter().find(|id| id.id() == answered.value.instrument)?;
            let told = result_told(words, catalogue.get(id)?, &answered.value.answers);
            let facts: Vec<String> =
                told.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            Some(Record {
                day: in_words(words, answered.origin.day),
                name: words.say(&format!("instruments-{}", id.id())),
                result: told.headline,
                limit: facts.join("; "),
            })
        })
        .collect()
}
