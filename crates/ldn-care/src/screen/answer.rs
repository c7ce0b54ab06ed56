//! What a screening says.

use jiff::civil::Date;
use ldn_core::data::Status;
use serde::Serialize;

use super::rule::{ActionKind, Severity};

/// The outcome of a screening; its JSON is that of `ldn screen --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Screening {
    /// Version of this format.
    pub schema: u8,
    /// The day of screening.
    pub date: Date,
    /// Which rules were asked.
    pub ruleset: RuleSetVersion,
    /// What follows from all of it.
    pub disposition: Disposition,
    /// What was found, gravest first, then by rule.
    pub findings: Vec<Finding>,
    /// What could not be judged, most decisive first.
    pub questions: Vec<Question>,
    /// Names that were not recognised.
    pub unrecognised: Vec<Unrecognised>,
    /// What this screening did not look at.
    pub not_checked: Vec<String>,
    /// Says that the rules are too old to rely on; also the first line of `not_checked` then.
    #[serde(skip)]
    pub outdated: Option<String>,
}

impl Screening {
    /// Returns the first day on which every refusal by a date has run out; `None` if there is no refusal, or one
    /// without a date.
    pub fn earliest_start(&self) -> Option<Date> {
        let mut earliest = None;
        for finding in self.findings.iter().filter(|finding| finding.severity == Severity::Contraindicated) {
            earliest = earliest.max(Some(finding.action.earliest_start?));
        }
        earliest
    }

    /// Returns the finding of a rule.
    pub fn finding(&self, rule: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rule == rule)
    }
}

/// Which rules were asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleSetVersion {
    /// Id of the rule set.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its date.
    pub date: Date,
}

/// What follows from a screening, by severity alone; the gravest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// Nothing above information was found. It does not say that nothing is there.
    NoFinding,
    /// Something to take care of.
    Caution,
    /// A question that blocks, or a medicine that was not recognised.
    Incomplete,
    /// A prescriber has to decide.
    PrescriberDecision,
    /// Contraindicated.
    Refuse,
    /// Somebody has to act now.
    Emergency,
}

impl Disposition {
    /// Returns the gravest that findings and open questions call for.
    pub(super) fn of(findings: &[Finding], blocks: bool) -> Disposition {
        let gravest = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
        let of_findings = match gravest {
            Severity::Emergency => Disposition::Emergency,
            Severity::Contraindicated => Disposition::Refuse,
            Severity::NeedsPrescriberDecision => Disposition::PrescriberDecision,
            Severity::Caution => Disposition::Caution,
            Severity::Info => Disposition::NoFinding,
        };
        if blocks { of_findings.max(Disposition::Incomplete) } else { of_findings }
    }

    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Disposition::NoFinding => "no-finding",
            Disposition::Caution => "caution",
            Disposition::Incomplete => "incomplete",
            Disposition::PrescriberDecision => "prescriber-decision",
            Disposition::Refuse => "refuse",
            Disposition::Emergency => "emergency",
        }
    }
}

/// A rule that applies, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// How grave.
    pub severity: Severity,
    /// The facts it rests on, in the order of the intake.
    pub because: Vec<Because>,
    /// For the prescriber.
    pub say_prescriber: String,
    /// For the patient.
    pub say_patient: String,
    /// What a plan must do about it.
    pub action: Action,
    /// Ids of the sources in `data/sources`.
    pub sources: Vec<String>,
    /// How far the rule has been checked.
    pub status: Status,
    /// Who disagrees, and what was chosen; empty if nobody is known to.
    pub disagreement: String,
}

/// A fact that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Because {
    /// Where it stands, such as `medicine[0].name`.
    pub at: String,
    /// As written.
    pub value: String,
    /// What it was recognised as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recognised: Option<String>,
}

/// What a plan must do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// What kind of thing.
    pub kind: ActionKind,
    /// First day on which this finding no longer stands in the way, if nothing more is taken; absent where no date can
    /// be computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_start: Option<Date>,
}

/// Something that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Where the answer would stand.
    pub at: String,
    /// Why it is asked, in one line.
    pub why: String,
    /// Whether a plan has to wait for the answer.
    pub blocks: bool,
}

/// A name that was not recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unrecognised {
    /// Where it stands.
    pub at: String,
    /// As written.
    pub value: String,
}
