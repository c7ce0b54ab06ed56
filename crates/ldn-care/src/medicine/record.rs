//! What is known about one medicine.

use ldn_core::data::Status;
use serde::{Deserialize, Serialize};

/// A medicine, or a form of one that the rules treat apart (`fentanyl-patch` beside `fentanyl`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Medicine {
    /// Kebab-case, unique in the formulary.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// Id of the medicine of which this is a form; its own id where it is none.
    pub ingredient: String,
    /// Kebab-case ids of the classes that a rule may name, such as `opioid-agonist` or `thyroid-hormone`.
    pub classes: Vec<String>,
    /// What makes it an opioid; `None` for everything else, antagonists included.
    pub opioid: Option<Opioid>,
    /// How far the entry has been checked.
    pub status: Status,
    /// What of it was seen and what was recalled, in the words of the dossier; empty where `status` says it all.
    pub checked: String,
    /// Ids of the sources in `data/sources`.
    pub sources: Vec<String>,
    /// Where the dossier read it, in its words.
    pub read_in: String,
    /// Codes of the WHO classification.
    pub atc: Vec<String>,
    /// RxNorm number of the ingredient.
    pub rxcui: Option<u32>,
    /// What a prescriber should know about it.
    pub note: Option<String>,
}

impl Medicine {
    /// Tells whether it belongs to a class.
    pub fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|own| own == class)
    }

    /// Tells whether it is an opioid of more than the gut.
    pub(super) fn is_refused_opioid(&self) -> bool {
        self.opioid.as_ref().is_some_and(|opioid| opioid.kind != OpioidKind::Antidiarrhoeal)
    }
}

/// What the opioid rules need to know about an opioid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opioid {
    /// How it acts.
    pub kind: OpioidKind,
    /// The opioid-free interval as the sources give it, such as `7-10`.
    pub opioid_free_days_source: String,
    /// The interval to use, in days after the last exposure: the longest where sources differ. Zero: none is needed.
    ///
    /// Means nothing where [`Opioid::no_date`] is set.
    pub opioid_free_days: u16,
    /// The interval for an extended-release form, in days, where it is longer.
    pub extended_release_days: Option<u16>,
    /// The interval for use above the labelled dose, in days, where it differs.
    pub misuse_days: Option<u16>,
    /// The conservative interval in the words of the dossier.
    pub opioid_free_dossier: String,
    /// Why these intervals.
    pub basis: String,
    /// A skin patch: the interval counts from its removal.
    pub patch: bool,
    /// A depot injection or an implant.
    pub depot: bool,
    /// No date may be computed; only a specialist can decide.
    pub no_date: bool,
    /// Half-life as the sources give it, with its unit.
    pub half_life: String,
    /// Active metabolite and its half-life; empty if there is none or none is known.
    pub active_metabolite: String,
}

/// How an opioid acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpioidKind {
    /// Full agonist.
    FullAgonist,
    /// Partial agonist.
    PartialAgonist,
    /// Agonist at one receptor, antagonist at another.
    MixedAgonistAntagonist,
    /// Used against cough.
    Antitussive,
    /// Acts on the gut at the labelled dose.
    Antidiarrhoeal,
    /// A herb or a product made from one.
    Herbal,
    /// Acts at opioid receptors beside something else.
    Atypical,
}

/// How fast a product lets its medicine go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// At once.
    Immediate,
    /// Extended, modified, slow, sustained, prolonged, controlled.
    Extended,
    /// The name is sold in both forms, and nothing written says which.
    Both,
}

/// A form that can make another medicine of the same ingredient, as far as the rules go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// On the skin for days.
    Patch,
    /// Injected or infused.
    Injection,
    /// Put under the skin for months.
    Implant,
    /// Taken up by the lining of mouth or nose.
    Transmucosal,
    /// Swallowed.
    Oral,
}
