//! One rule as data: what it says, how grave it is, and the numbers it uses.

use std::collections::BTreeMap;

use ldn_core::Dose;
use ldn_core::data::{Problems, Status, id_of};
use serde::{Deserialize, Serialize};

use crate::intake::Measured;

/// A rule of screening.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Such as `OP-01`; equals the file name.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// How grave a finding is.
    pub severity: Severity,
    /// What a plan must do about it.
    pub action: ActionKind,
    /// For the prescriber.
    pub say_prescriber: String,
    /// For the patient.
    pub say_patient: String,
    /// Classes of medicines it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Single medicines it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub medicines: Vec<String>,
    /// Medicines of those classes that it is not about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Where it is checked.
    #[serde(default)]
    pub checked_at: CheckedAt,
    /// Ids of the sources in `data/sources`; empty only if nothing was seen.
    pub sources: Vec<String>,
    /// How far it has been checked.
    pub status: Status,
    /// What of it was seen and what was not, where `status` does not say it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub checked: String,
    /// Who disagrees, and what was chosen; empty if nobody is known to.
    #[serde(default)]
    pub disagreement: String,
    /// The numbers it uses or quotes, each with its unit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Parameter>,
    /// Cases that are graver or lighter than the rule itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cases: BTreeMap<String, Case>,
}

/// How grave a finding is, lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Something to take care of.
    Caution,
    /// Only with a prescriber's reason.
    NeedsPrescriberDecision,
    /// Not under these circumstances.
    Contraindicated,
    /// Act now.
    Emergency,
}

impl Severity {
    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Caution => "caution",
            Severity::NeedsPrescriberDecision => "needs-prescriber-decision",
            Severity::Contraindicated => "contraindicated",
            Severity::Emergency => "emergency",
        }
    }
}

/// What a plan must do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// No plan.
    Refuse,
    /// Not before a day.
    Delay,
    /// Only with a named prescriber's reason.
    RequireOverride,
    /// Only in micrograms, with a specialist.
    UltraLowOnly,
    /// Begin with less.
    StartLower,
    /// Climb more slowly.
    Slower,
    /// Keep a window without doses.
    Hold,
    /// Stop.
    Stop,
    /// Move the time of day.
    ChangeTime,
    /// Choose another form or filler.
    ChangeForm,
    /// Measure something.
    Monitor,
    /// Ask something.
    Ask,
    /// Tell something.
    Tell,
}

impl ActionKind {
    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            ActionKind::Refuse => "refuse",
            ActionKind::Delay => "delay",
            ActionKind::RequireOverride => "require-override",
            ActionKind::UltraLowOnly => "ultra-low-only",
            ActionKind::StartLower => "start-lower",
            ActionKind::Slower => "slower",
            ActionKind::Hold => "hold",
            ActionKind::Stop => "stop",
            ActionKind::ChangeTime => "change-time",
            ActionKind::ChangeForm => "change-form",
            ActionKind::Monitor => "monitor",
            ActionKind::Ask => "ask",
            ActionKind::Tell => "tell",
        }
    }
}

/// Where a rule is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedAt {
    /// When a person is screened.
    #[default]
    Screening,
    /// When the intake is read: what breaks it never gets as far as a screening.
    Reading,
}

/// A case that is graver or lighter than its rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// How grave.
    pub severity: Severity,
    /// What a plan must do about it.
    pub action: ActionKind,
    /// For the prescriber.
    pub say_prescriber: String,
    /// For the patient.
    pub say_patient: String,
}

/// A number that a rule uses or quotes.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The number, several, or a range as its source prints it.
    pub value: Value,
    /// What it counts.
    pub unit: String,
    /// How far it has been checked, where that differs from the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// One number.
    Number(f64),
    /// Several.
    Numbers(Vec<f64>),
    /// A range as printed, which no rule computes with.
    Quoted(String),
}

/// Why the number of a parameter can be relied on.
const CHECKED: &str = "RuleSet::read refuses a rule without the numbers its check reads";

impl Rule {
    /// Returns true if a named prescriber with a reason may go against it.
    pub fn may_be_overridden(&self) -> bool {
        self.severity == Severity::NeedsPrescriberDecision
    }

    /// Returns the number of a parameter.
    pub(super) fn number(&self, name: &str) -> f64 {
        match self.parameters.get(name).map(|parameter| &parameter.value) {
            Some(Value::Number(number)) => *number,
            _ => unreachable!("{}, `{name}`: {CHECKED}", self.id),
        }
    }

    /// Returns the numbers of a parameter.
    pub(super) fn numbers(&self, name: &str) -> &[f64] {
        match self.parameters.get(name).map(|parameter| &parameter.value) {
            Some(Value::Numbers(numbers)) => numbers,
            _ => unreachable!("{}, `{name}`: {CHECKED}", self.id),
        }
    }

    /// Returns a parameter that counts whole days, hours, months, years or weeks.
    pub(super) fn whole(&self, name: &str) -> u16 {
        self.number(name) as u16
    }

    /// Returns a parameter that is a number as measured.
    pub(super) fn measured(&self, name: &str) -> Measured {
        Measured::from_millionths((self.number(name) * 1e6).round() as u64)
    }

    /// Returns a parameter that is a dose in milligrams.
    pub(super) fn milligrams(&self, name: &str) -> Dose {
        Dose::from_nanograms((self.number(name) * 1e6).round() as u64)
    }

    /// Returns a parameter that is a dose in micrograms.
    pub(super) fn micrograms(&self, name: &str) -> Dose {
        Dose::from_nanograms((self.number(name) * 1e3).round() as u64)
    }

    /// Notes what is wrong with a rule as read.
    pub(super) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        let texts = [
            ("title", &self.title),
            ("say_prescriber", &self.say_prescriber),
            ("say_patient", &self.say_patient),
        ];
        let of_cases = self.cases.values().flat_map(|case| {
            [("cases.say_prescriber", &case.say_prescriber), ("cases.say_patient", &case.say_patient)]
        });
        for (key, text) in texts.into_iter().chain(of_cases) {
            check_wording(file, key, text, problems);
        }
        let nothing_seen = matches!(self.status, Status::Recalled | Status::Proposed);
        if self.sources.is_empty() && !nothing_seen {
            problems.value(file, "sources", "[]", "a source, or the status recalled or proposed");
        }
        for (name, parameter) in &self.parameters {
            self.check_parameter(file, name, parameter, problems);
        }
    }

    fn check_parameter(&self, file: &str, name: &str, parameter: &Parameter, problems: &mut Problems) {
        let numbers = match &parameter.value {
            Value::Number(number) => std::slice::from_ref(number),
            Value::Numbers(numbers) => numbers,
            Value::Quoted(_) => &[],
        };
        if numbers.iter().any(|number| !number.is_finite() || *number < 0.0) {
            problems.value(file, name, format_args!("{numbers:?}"), "numbers from 0");
        }
        if parameter.unit.trim().is_empty() {
            problems.value(file, name, &parameter.unit, "a unit");
        }
    }
}

/// Notes words that this program does not use. Nothing in it is called safe, and micrograms are written out.
fn check_wording(file: &str, key: &str, text: &str, problems: &mut Problems) {
    if text.trim().is_empty() {
        problems.value(file, key, text, "words");
    }
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if ["safe", "unsafe", "safely", "mcg", "ug"].contains(&word.to_lowercase().as_str()) {
            problems.value(
                file,
                key,
                word,
                "another word: the program promises nothing and writes units out",
            );
        }
    }
}
