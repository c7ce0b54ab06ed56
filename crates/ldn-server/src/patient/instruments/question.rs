//! Questions as a form shows them.

use ldn_core::instrument::{Instrument, InstrumentId, Item, Wording};
use ldn_core::journal::ItemAnswer;

use super::answers::is_area;
use super::score::{Answers, CHANGES};
use crate::words::{Language, Words};

/// One question.
pub(crate) struct Question {
    /// Its id, and the name of its field.
    pub(crate) id: String,
    /// Its place, from 1.
    pub(crate) number: usize,
    /// What it asks; where the licence does not allow the wording, its number.
    pub(crate) text: String,
    /// What can be answered.
    pub(crate) options: Vec<AnswerOption>,
    /// True for eleven numbers in a row instead of words below each other.
    pub(super) in_a_row: bool,
}

/// An answer that is offered.
pub(crate) struct AnswerOption {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) chosen: bool,
}

/// A box of the map.
pub(crate) struct AreaBox {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) chosen: bool,
}

/// Returns a text in the reader's language.
pub(crate) fn text(words: Words, wording: &Wording) -> &str {
    match words.language() {
        Language::English => &wording.en,
        Language::Spanish => &wording.es,
    }
}

/// Returns the boxes of the map in the order of the catalogue.
pub(crate) fn areas(words: Words, instrument: &Instrument, answers: &Answers) -> Vec<AreaBox> {
    let places = instrument.items.iter().filter(|item| is_area(instrument, &item.id));
    let area = |item: &Item| AreaBox {
        id: item.id.clone(),
        name: item
            .wording
            .as_ref()
            .map_or_else(|| item.id.clone(), |wording| text(words, wording).to_owned()),
        chosen: answered(answers, &item.id) == Some("1"),
    };
    places.map(area).collect()
}

/// Returns the questions without the map, which is the first where there is one.
pub(crate) fn questions(words: Words, instrument: &Instrument, answers: &Answers) -> Vec<Question> {
    let has_map = usize::from(instrument.id == InstrumentId::Acr2016);
    let asked = instrument.items.iter().filter(|item| !is_area(instrument, &item.id));
    let question = |(index, item): (usize, &Item)| {
        let number = index + 1 + has_map;
        Question {
            id: item.id.clone(),
            number,
            text: match &item.wording {
                Some(wording) => text(words, wording).to_owned(),
                None => words.say_with("instruments-question", &[("number", &number.to_string())]),
            },
            options: options(words, instrument, item, answered(answers, &item.id)),
            in_a_row: item.highest == 10,
        }
    };
    asked.enumerate().map(question).collect()
}

fn answered<'a>(answers: &'a Answers, item: &str) -> Option<&'a str> {
    Some(match answers.get(item)? {
        ItemAnswer::Points(points) => points.as_str(),
        ItemAnswer::Text(text) => text,
        ItemAnswer::LeftOpen => "unknown",
    })
}

fn options(words: Words, instrument: &Instrument, item: &Item, chosen: Option<&str>) -> Vec<AnswerOption> {
    let option =
        |value: String, name: String| AnswerOption { chosen: chosen == Some(value.as_str()), value, name };
    let numbered = |stem: &str, highest: u8| -> Vec<AnswerOption> {
        (0..=highest).map(|value| option(value.to_string(), words.say(&format!("{stem}-{value}")))).collect()
    };
    match instrument.id {
        InstrumentId::Pgic => instrument
            .answers
            .iter()
            .zip(CHANGES)
            .map(|(wording, code)| option(code.to_owned(), text(words, wording).to_owned()))
            .collect(),
        InstrumentId::Acr2016 if item.highest == 1 => vec![
            option("1".to_owned(), words.say("frame-yes")),
            option("0".to_owned(), words.say("frame-no")),
            option("unknown".to_owned(), words.say("frame-do-not-know")),
        ],
        InstrumentId::Acr2016 => numbered("instruments-severity", item.highest),
        InstrumentId::Fiqr => {
            (0..=item.highest).map(|value| option(value.to_string(), value.to_string())).collect()
        }
        InstrumentId::Phq9 | InstrumentId::Gad7 => (0..=item.highest)
            .zip(&instrument.answers)
            .map(|(value, wording)| option(value.to_string(), text(words, wording).to_owned()))
            .collect(),
    }
}
