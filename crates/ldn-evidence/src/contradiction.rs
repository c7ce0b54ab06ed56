//! Disagreements between sources, and what the product does about each.

use ldn_core::data::{Problems, Status, id_of};
use serde::{Deserialize, Serialize};

/// One disagreement.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// Equals the file name.
    pub id: String,
    /// Position in the list.
    pub number: u16,
    /// What it is about.
    pub title: String,
    /// Who disagrees.
    pub scope: Scope,
    /// How we read it.
    pub reading: String,
    /// What the product does about it.
    pub product: String,
    /// Whether the sides were seen.
    pub status: Status,
    /// The sides; at least two.
    #[serde(rename = "side")]
    pub sides: Vec<Side>,
}

/// Who disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Lay articles with one another, or one with itself.
    AmongLaySources,
    /// Lay articles with papers.
    AgainstTheLiterature,
    /// Papers and registrations with one another.
    WithinTheLiterature,
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// What it says.
    pub says: String,
    /// Claims that say it.
    #[serde(default)]
    pub claims: Vec<String>,
    /// Sources that say it.
    #[serde(default)]
    pub sources: Vec<String>,
}

impl Contradiction {
    /// Notes what is wrong with a contradiction by itself.
    pub(crate) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        for (key, text) in [("title", &self.title), ("reading", &self.reading), ("product", &self.product)] {
            if text.trim().is_empty() {
                problems.value(file, key, text, "a text");
            }
        }
        if self.sides.len() < 2 {
            problems.value(file, "side", format_args!("{} of them", self.sides.len()), "at least two sides");
        }
        for (index, side) in self.sides.iter().enumerate() {
            let nobody = side.claims.is_empty() && side.sources.is_empty();
            if nobody && self.status >= Status::Seen {
                problems.value(
                    file,
                    &format!("side[{index}]"),
                    &side.says,
                    "a claim or a source that says it",
                );
            }
        }
    }
}
