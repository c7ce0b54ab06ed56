//! What the questionnaires ask, in words that their licences allow.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::InstrumentId;
use crate::data::{Problems, Status, parse_into};

/// Every questionnaire, from `data/instruments/`.
#[derive(Clone, Debug)]
pub struct Catalogue {
    instruments: BTreeMap<InstrumentId, Instrument>,
}

/// What one questionnaire asks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Which one it is; equals the file name.
    pub id: InstrumentId,
    /// Version of the wording and the scoring, kept with every set of answers.
    pub version: String,
    /// Its name in full.
    pub name: String,
    /// The period it asks about, as a code of words.
    pub period: String,
    /// Lowest and highest total.
    pub range: [u8; 2],
    /// Whether the wording may be shown, and who says so.
    pub licence: Licence,
    /// What it asks, in order.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
    /// The answers that every item offers, by value from 0; empty where each number stands for itself.
    #[serde(default, rename = "answer")]
    pub answers: Vec<Wording>,
    /// Sources of scoring and bands.
    pub sources: Vec<String>,
    /// How far wording and scoring have been checked.
    pub status: Status,
}

/// Whether the wording may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// True if the wording is here; false if only a site with its own licence may show it.
    pub text_included: bool,
    /// What the licence says, in our words.
    pub statement: String,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id: the part and the number.
    pub id: String,
    /// The highest answer; the lowest is 0.
    pub highest: u8,
    /// Its wording by language; absent where the licence does not allow it.
    #[serde(flatten)]
    pub wording: Option<Wording>,
}

/// A text in every language we have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// English.
    pub en: String,
    /// Spanish.
    pub es: String,
}

const FILES: [(&str, &str); 5] = [
    ("instruments/acr2016.toml", include_str!("../../../../data/instruments/acr2016.toml")),
    ("instruments/fiqr.toml", include_str!("../../../../data/instruments/fiqr.toml")),
    ("instruments/gad7.toml", include_str!("../../../../data/instruments/gad7.toml")),
    ("instruments/pgic.toml", include_str!("../../../../data/instruments/pgic.toml")),
    ("instruments/phq9.toml", include_str!("../../../../data/instruments/phq9.toml")),
];

impl Catalogue {
    /// Reads the questionnaires that are compiled in.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn shipped() -> Result<Catalogue, Problems> {
        let mut problems = Problems::new();
        let mut instruments = BTreeMap::new();
        for (file, text) in FILES {
            let Some(instrument) = parse_into::<Instrument>(file, text, &mut problems) else { continue };
            check(file, &instrument, &mut problems);
            instruments.insert(instrument.id, instrument);
        }
        problems.or(Catalogue { instruments })
    }

    /// Returns one of them.
    pub fn get(&self, id: InstrumentId) -> Option<&Instrument> {
        self.instruments.get(&id)
    }

    /// Returns all of them in the order of [`InstrumentId::ALL`].
    pub fn all(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.values()
    }
}

fn check(file: &str, instrument: &Instrument, problems: &mut Problems) {
    if crate::data::id_of(file) != instrument.id.id() {
        problems.value(file, "id", instrument.id, "the name of the file");
    }
    for item in &instrument.items {
        if item.wording.is_some() != instrument.licence.text_included {
            problems.value(file, &item.id, "wording", "wording exactly where licence.text_included is true");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_questionnaires_are_sound_and_ask_what_is_scored() {
        let catalogue = Catalogue::shipped().unwrap_or_else(|problems| panic!("{problems}"));
        for (id, items, range) in [
            (InstrumentId::Fiqr, 21, [0, 100]),
            (InstrumentId::Acr2016, 26, [0, 31]),
            (InstrumentId::Phq9, 9, [0, 27]),
            (InstrumentId::Gad7, 7, [0, 21]),
            (InstrumentId::Pgic, 1, [0, 6]),
        ] {
            let instrument = catalogue.get(id).expect("a file for each");
            assert_eq!((instrument.items.len(), instrument.range), (items, range), "{id}");
        }
    }
}
