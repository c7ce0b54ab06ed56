//! Reading the reviewed data files: facts that a clinician or statistician could dispute.
//!
//! Every such fact is a small TOML file under `data/`, its name is its id, and every value in it has a unit, a source
//! and a status. This module holds what all of them share; each kind of file has its own type in the crate that uses it.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How far a value has been checked; shown with the value, never upgraded by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
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

impl Status {
    /// Returns the word of data files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Proposed => "proposed",
            Status::Recalled => "recalled",
            Status::Judgement => "judgement",
            Status::Seen => "seen",
            Status::Reviewed => "reviewed",
        }
    }
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
    /// Readable, but this value breaks a rule of its kind.
    #[error("data file `{file}`, `{key}` is {value:?}: expected {expected}")]
    Value {
        /// Path of the file inside `data/`.
        file: String,
        /// Where the value stands.
        key: String,
        /// The value as read.
        value: String,
        /// What was expected.
        expected: String,
    },
}

/// Everything that is wrong with a set of data files, in the order it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<DataError>);

impl Problems {
    /// Returns no problems yet.
    pub const fn new() -> Problems {
        Problems(Vec::new())
    }

    /// Notes a problem.
    pub fn push(&mut self, problem: DataError) {
        self.0.push(problem);
    }

    /// Notes that a value breaks a rule.
    pub fn value(&mut self, file: &str, key: &str, value: impl fmt::Display, expected: impl fmt::Display) {
        self.push(DataError::Value {
            file: file.to_owned(),
            key: key.to_owned(),
            value: value.to_string(),
            expected: expected.to_string(),
        });
    }

    /// Returns all of them.
    pub fn all(&self) -> &[DataError] {
        &self.0
    }

    /// Returns the value if nothing is wrong, else all the problems.
    ///
    /// # Errors
    /// The problems themselves, if there are any.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "problem" } else { "problems" };
        write!(f, "{} {plural} in the data files", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}

/// Returns the id that a path inside `data/` stands for: `claims/fm-sleep.toml` is `fm-sleep`.
pub fn id_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// Reads one data file; what is wrong with it is added to the problems, so that all files are told about at once.
pub fn parse_into<T: DeserializeOwned>(file: &str, text: &str, problems: &mut Problems) -> Option<T> {
    for (number, line) in text.lines().enumerate() {
        if let Some(word) = placeholder(line) {
            problems.value(file, &format!("line {}", number + 1), word, "text that is finished");
        }
    }
    match parse(file, text) {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push(error);
            None
        }
    }
}

/// Returns the first word of a line that stands for text still to be written.
fn placeholder(line: &str) -> Option<&str> {
    line.split(|c: char| !c.is_alphanumeric())
        .find(|word| ["todo", "tbd", "fixme", "lorem", "xxx"].contains(&word.to_lowercase().as_str()))
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

/// A source of facts: a paper, a registration, a label, a lay article, a data set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `<firstauthor><year>` or a plain slug; equals the file name.
    pub id: String,
    /// Enough to find it.
    pub citation: String,
    /// Digital object identifier, without a resolver in front.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// PubMed number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<u64>,
    /// PubMed Central id, such as `PMC6313374`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmcid: Option<String>,
    /// Number at ClinicalTrials.gov.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nct: Option<String>,
    /// Number of another trial registry, as that registry writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    /// Public address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What kind of thing it is.
    pub kind: SourceKind,
    /// Year of publication; `None` if it has none or it was not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// What of it was read.
    pub read: Reading,
    /// Whether the source itself, or the copy named in `read`, was seen.
    pub status: Status,
    /// Names by which people know it, such as that of a trial.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_called: Vec<String>,
    /// What a reader must know about it: what was recalled, what is approximate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it is kept while no other data file cites it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_for: Option<String>,
}

/// What kind of thing a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A trial's own publication.
    Trial,
    /// The entry of a trial in a registry, or the text of its grant.
    Registration,
    /// A review that pools or discusses others.
    Review,
    /// An observational or methodological study.
    Study,
    /// Published data.
    DataSet,
    /// Guidance or a consensus statement.
    Guidance,
    /// The product information of a medicine.
    Label,
    /// A monograph, a textbook, an encyclopaedia, terms of use.
    Reference,
    /// An article for the public: it makes claims, it does not carry them.
    LayArticle,
    /// Advice of a pharmacy, a clinic or a patients' organisation.
    PracticePage,
    /// A report in the press, of a company's results for one.
    News,
}

/// How much of a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// All of it.
    FullText,
    /// The parts that matter here.
    Part,
    /// The abstract or registry entry.
    Abstract,
    /// Another text that reports it.
    Secondary,
    /// The data themselves.
    Data,
}

impl Source {
    /// Notes what is wrong with a source that was read from a file.
    pub fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        if self.citation.trim().is_empty() {
            problems.value(file, "citation", &self.citation, "enough to find the source");
        }
        let shaped = |text: &Option<String>, right: fn(&str) -> bool| text.as_deref().is_none_or(right);
        if !shaped(&self.doi, |doi| doi.starts_with("10.") && doi.contains('/')) {
            problems.value(file, "doi", shown(&self.doi), "10.<number>/<rest>, without a resolver");
        }
        if !shaped(&self.pmcid, |pmc| pmc.strip_prefix("PMC").is_some_and(all_digits)) {
            problems.value(file, "pmcid", shown(&self.pmcid), "PMC and digits");
        }
        if !shaped(&self.nct, |nct| nct.strip_prefix("NCT").is_some_and(|n| n.len() == 8 && all_digits(n))) {
            problems.value(file, "nct", shown(&self.nct), "NCT and eight digits");
        }
        if !shaped(&self.url, |url| url.starts_with("https://") || url.starts_with("http://")) {
            problems.value(file, "url", shown(&self.url), "an address that starts with http");
        }
        if let Some(year) = self.year.filter(|year| !(1900..=2100).contains(year)) {
            problems.value(file, "year", year, "a year from 1900 to 2100");
        }
    }

    /// Returns the number of its registration, at whichever registry.
    pub fn registered_as(&self) -> Option<&str> {
        self.nct.as_deref().or(self.registration.as_deref())
    }
}

fn shown(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
