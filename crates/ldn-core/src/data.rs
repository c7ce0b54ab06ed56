//! Reading the reviewed data files: facts that a clinician or statistician could dispute.
//!
//! Every such fact is a small TOML file under `data/`, its name is its id, and every value in it has a unit, a source
//! and a status. This module holds what all of them share; each kind of file has its own type in the crate that uses it.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// How far a value has been checked; shown with the value, never upgraded by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Chosen or remembered by us; nobody has read it in a source.
    Proposed,
    /// From general knowledge, not verified.
    Recalled,
    /// Chosen with a stated reason where no source decides.
    Judgement,
    /// Read in the source it names.
    Seen,
    /// Seen, and checked by a second person.
    Reviewed,
}

/// A data file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// Not TOML, an unknown key, a missing key or a value of the wrong kind.
    #[error("data file `{file}`: {message}")]
    Malformed {
        /// Path of the file inside `data/`.
        file: String,
        /// What the parser says, with line and column.
        message: String,
    },
    /// Readable, but a value breaks a rule of its kind.
    #[error("data file `{file}`, `{key}`: {expected}")]
    Rule {
        /// Path of the file inside `data/`.
        file: String,
        /// Where the value stands.
        key: String,
        /// What was expected.
        expected: String,
    },
}

/// Reads one data file into its type; unknown keys are refused by the type.
///
/// # Errors
/// [`DataError::Malformed`] naming the file and the place.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, DataError> {
    toml::from_str(text).map_err(|error| DataError::Malformed {
        file: file.to_owned(),
        message: error.to_string().trim_end().to_owned(),
    })
}

/// A source of facts: a paper, a registration, a data set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `<firstauthor><year>` or a plain slug; equals the file name.
    pub id: String,
    /// Enough to find it.
    pub citation: String,
    /// Digital object identifier, without a resolver in front.
    pub doi: Option<String>,
    /// PubMed number.
    pub pmid: Option<u64>,
    /// Trial registration.
    pub nct: Option<String>,
    /// What kind of thing it is.
    pub kind: SourceKind,
    /// Year of publication.
    pub year: u16,
    /// What of it was read.
    pub read: Reading,
}

/// What kind of thing a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A trial's own publication.
    Trial,
    /// A review that pools or discusses others.
    Review,
    /// An observational or methodological study.
    Study,
    /// Published data.
    DataSet,
    /// Guidance or a consensus statement.
    Guidance,
}

/// How much of a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// All of it.
    FullText,
    /// The abstract or registry entry.
    Abstract,
    /// Another text that reports it.
    Secondary,
    /// The data themselves.
    Data,
}
