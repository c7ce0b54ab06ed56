//! Questionnaires: what was answered, and what it adds up to.
//!
//! A score is always computed again from the answers, never stored alone, and it carries how it came about: which items
//! were missing, whether a sum was prorated, which set of bands gave the word. All arithmetic is in whole numbers, so that
//! a total that falls on a limit falls on the same side everywhere.
//!
//! Wording and licences stand in `data/instruments/`; where a licence does not allow the wording, only the scoring is here.

mod acr2016;
mod catalogue;
mod fiqr;
mod item_sum;
mod pgic;
mod ratio;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use acr2016::{Acr2016, Acr2016Score, BodyArea, Region, SymptomSeverity};
pub use catalogue::{Catalogue, Instrument, Item, Licence, Wording};
pub use fiqr::{Fiqr, FiqrBandSet, FiqrScore};
pub use item_sum::{Gad7, ItemSum, Phq9, SelfHarmAnswer};
pub use pgic::Pgic;
pub use ratio::Ratio;

/// A questionnaire that can be filled in and scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstrumentId {
    /// Revised Fibromyalgia Impact Questionnaire (2009): 21 items, 0 to 10.
    Fiqr,
    /// Fibromyalgia criteria of 2016: widespread pain index and symptom severity scale.
    Acr2016,
    /// Patient Health Questionnaire, depression: 9 items, 0 to 3.
    Phq9,
    /// Generalised Anxiety Disorder scale: 7 items, 0 to 3.
    Gad7,
    /// Patient's global impression of change: one item, 7 answers.
    Pgic,
}

impl InstrumentId {
    /// Every questionnaire.
    pub const ALL: [InstrumentId; 5] = [
        InstrumentId::Fiqr,
        InstrumentId::Acr2016,
        InstrumentId::Phq9,
        InstrumentId::Gad7,
        InstrumentId::Pgic,
    ];

    /// Returns the name in files, which is also the name of its file under `data/instruments/`.
    pub const fn id(self) -> &'static str {
        match self {
            InstrumentId::Fiqr => "fiqr",
            InstrumentId::Acr2016 => "acr2016",
            InstrumentId::Phq9 => "phq9",
            InstrumentId::Gad7 => "gad7",
            InstrumentId::Pgic => "pgic",
        }
    }
}

impl fmt::Display for InstrumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for InstrumentId {
    type Err = UnknownInstrument;

    fn from_str(text: &str) -> Result<InstrumentId, UnknownInstrument> {
        InstrumentId::ALL
            .into_iter()
            .find(|instrument| instrument.id() == text)
            .ok_or_else(|| UnknownInstrument(text.to_owned()))
    }
}

/// A word that names no questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a questionnaire; expected fiqr, acr2016, phq9, gad7 or pgic")]
pub struct UnknownInstrument(pub String);

/// Why answers have no score.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotScored {
    /// An answer lies outside its scale.
    #[error("{item} is {value}; expected a whole number from 0 to {highest}")]
    OutOfRange {
        /// The item's id.
        item: String,
        /// The answer.
        value: u8,
        /// The highest answer of this item.
        highest: u8,
    },
    /// Too few items were answered.
    #[error("{part} has {answered} of {items} answers; {needed} are needed for a score")]
    TooFewAnswers {
        /// The part of the questionnaire.
        part: &'static str,
        /// Items answered.
        answered: u8,
        /// Items asked.
        items: u8,
        /// Answers needed.
        needed: u8,
    },
}

/// Checks that every answer given lies on its scale.
fn check_range(part: &str, answers: &[Option<u8>], highest: u8) -> Result<(), NotScored> {
    let wrong = answers
        .iter()
        .enumerate()
        .find_map(|(index, answer)| answer.filter(|v| *v > highest).map(|v| (index, v)));
    match wrong {
        None => Ok(()),
        Some((index, value)) => {
            Err(NotScored::OutOfRange { item: format!("{part}-{}", index + 1), value, highest })
        }
    }
}

/// Returns how many were answered and their sum.
fn tally(answers: &[Option<u8>]) -> (u8, u32) {
    let answered = answers.iter().flatten();
    (answered.clone().count() as u8, answered.map(|value| u32::from(*value)).sum())
}
