//! The files under `data/medicines/`, as they stand.

use std::collections::BTreeMap;

use ldn_core::data::{self, Problems, Status};
use serde::Deserialize;

use super::{Form, OpioidKind, Release};

/// The files of the formulary: path inside `data/`, text.
pub(super) type Files<'a> = &'a [(&'a str, &'a str)];

/// All files, read but not yet joined.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// Opioids by file.
    pub(super) opioids: Vec<(String, OpioidFile)>,
    /// Everything else by file.
    pub(super) groups: Vec<(String, GroupFile)>,
    /// What may stand beside a name.
    pub(super) words: Option<(String, WordsFile)>,
    /// Endings that decide.
    pub(super) stems: Option<(String, StemsFile)>,
}

impl Raw {
    /// Reads the files; what is wrong with them is added to the problems.
    pub(super) fn read(files: Files<'_>, problems: &mut Problems) -> Raw {
        let mut raw = Raw::default();
        for (file, text) in files {
            match file.strip_prefix("medicines/") {
                Some("words.toml") => raw.words = read(file, text, problems),
                Some("stems.toml") => raw.stems = read(file, text, problems),
                Some(rest) if rest.starts_with("opioids/") => raw.opioids.extend(read(file, text, problems)),
                Some(rest) if rest.starts_with("groups/") => raw.groups.extend(read(file, text, problems)),
                Some(_) => problems.value(file, "", file, "words.toml, stems.toml, opioids/… or groups/…"),
                None => (),
            }
        }
        raw
    }
}

fn read<T: serde::de::DeserializeOwned>(
    file: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<(String, T)> {
    data::parse_into(file, text, problems).map(|value| (file.to_owned(), value))
}

/// `opioids/<ingredient>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpioidFile {
    /// The ingredient as such first, then the forms that rules treat apart.
    pub(super) product: Vec<Product>,
}

/// One opioid, or one form of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: OpioidKind,
    pub(super) classes: Vec<String>,
    /// The forms that make this of the file's first product.
    #[serde(default)]
    pub(super) forms: Vec<Form>,
    #[serde(default)]
    pub(super) atc: Vec<String>,
    pub(super) rxcui: Option<u32>,
    pub(super) note: Option<String>,
    pub(super) status: Status,
    pub(super) checked: String,
    pub(super) sources: Vec<String>,
    pub(super) read_in: String,
    pub(super) names: Vec<Name>,
    #[serde(default)]
    pub(super) ask: Vec<Ask>,
    #[serde(default)]
    pub(super) alone: Vec<String>,
    pub(super) opioid_free: OpioidFree,
}

/// A name that decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) release: Option<Release>,
    /// Ids of what else is in it.
    #[serde(default)]
    pub(super) with: Vec<String>,
    pub(super) status: Status,
}

/// A name that only raises a question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub(super) name: String,
    /// Id of the other thing that it may mean: where that is named too, there is nothing to ask.
    pub(super) or: Option<String>,
}

/// The interval without opioids, and what it rests on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpioidFree {
    pub(super) source: String,
    pub(super) dossier: String,
    pub(super) days: u16,
    pub(super) extended_release_days: Option<u16>,
    pub(super) misuse_days: Option<u16>,
    pub(super) basis: String,
    #[serde(default)]
    pub(super) patch: bool,
    #[serde(default)]
    pub(super) depot: bool,
    #[serde(default)]
    pub(super) no_date: bool,
    pub(super) half_life_h: String,
    pub(super) active_metabolite_h: String,
}

/// `groups/<group>.toml`: medicines that are no opioids.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupFile {
    pub(super) title: String,
    pub(super) status: Status,
    pub(super) section: Vec<Section>,
}

/// Medicines of the same classes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) classes: Vec<String>,
    pub(super) medicines: Vec<Ordinary>,
    /// What else is in a brand: ids by brand.
    #[serde(default)]
    pub(super) with: BTreeMap<String, Vec<String>>,
}

/// A medicine that is no opioid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ordinary {
    /// Made from the name where it is missing.
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// Names that only raise a question.
    #[serde(default)]
    pub(super) ask: Vec<String>,
    /// The medicine of which it is a form, and the forms that make it one.
    pub(super) form_of: Option<String>,
    #[serde(default)]
    pub(super) forms: Vec<Form>,
}

/// `words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsFile {
    pub(super) extended: Vec<String>,
    pub(super) immediate: Vec<String>,
    pub(super) forms: BTreeMap<Form, Vec<String>>,
    pub(super) plain: Plain,
}

/// Words that mean nothing for the name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plain {
    strength: Vec<String>,
    form: Vec<String>,
    salt: Vec<String>,
    route: Vec<String>,
    frequency: Vec<String>,
    filler: Vec<String>,
}

impl Plain {
    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        [&self.strength, &self.form, &self.salt, &self.route, &self.frequency, &self.filler]
            .into_iter()
            .flatten()
    }
}

/// `stems.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StemsFile {
    pub(super) status: Status,
    /// Letters that a word needs at least.
    pub(super) shortest: usize,
    pub(super) stem: Vec<Stem>,
    pub(super) opioid: Vec<OpioidStem>,
}

/// An ending that makes a medicine of a kind that is no opioid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stem {
    pub(super) ending: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) classes: Vec<String>,
}

/// An ending of opioids.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpioidStem {
    pub(super) ending: String,
    pub(super) ask: String,
}
