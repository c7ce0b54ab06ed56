//! Why a row may not stand in a pool.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Study;
use crate::library::Library;
use crate::outcome::Outcome;
use crate::trial::{Arm, Comparator, Design, Trial};

/// A row that may not stand in a pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refused<'a> {
    /// The trial.
    pub trial: &'a str,
    /// Its name.
    pub label: &'a str,
    /// The row, from 1 in the order of the trial's file.
    pub row: usize,
    /// What the row measured.
    pub outcome: &'a str,
    /// Whose it is.
    pub arm: Arm,
    /// Every reason against it, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The reasons as one text.
    pub reason: String,
}

/// A trial that is not in the pool, in one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedTrial<'a> {
    /// The trial.
    pub trial: &'a str,
    /// Its name, for the label of a forest plot.
    pub label: &'a str,
    /// The rows that were refused.
    pub rows: Vec<usize>,
    /// The reasons: of its differences between arms if there are any, else of all its rows.
    pub reason: String,
}

/// One reason against a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Nobody drew who got what, or in which order.
    NotRandomised(Design),
    /// Compared with something else.
    Comparator(Comparator),
    /// The people are in the pool already.
    SamePeople(String),
    /// A registration without a result.
    NoResultYet,
    /// Another measure that readers look for here.
    OtherMeasure(String),
    /// Change within one arm.
    WithinArm(Arm),
    /// The factorial trial prints no comparison of LDN with placebo.
    Factorial(String),
    /// Another unit.
    Unit {
        /// Of the row.
        found: String,
        /// Of the outcome.
        expected: String,
    },
    /// Another range of the scale, or none stated.
    Scale {
        /// Of the row.
        found: String,
        /// Of the outcome.
        expected: String,
    },
    /// A median.
    Median,
    /// Only a bound.
    Bound,
    /// No number was printed in what was read.
    NoNumber,
    /// No standard error, and nothing to derive it from.
    NoSpread,
    /// A crossover without the spread of differences within the same person.
    Unpaired,
    /// No count for an arm.
    NoCount(Arm),
    /// Events were counted, not people.
    Events,
    /// Another definition.
    Differs(String),
    /// The numbers, or what makes them comparable, are recalled.
    Recalled(String),
    /// Another row of the trial is in the pool.
    OtherRow(usize),
}

impl Reason {
    /// Returns a stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::NotRandomised(_) => "not-randomised",
            Reason::Comparator(_) => "comparator",
            Reason::SamePeople(_) => "same-people",
            Reason::NoResultYet => "no-result-yet",
            Reason::OtherMeasure(_) => "other-measure",
            Reason::WithinArm(_) => "within-arm",
            Reason::Factorial(_) => "factorial",
            Reason::Unit { .. } => "unit",
            Reason::Scale { .. } => "scale",
            Reason::Median => "median",
            Reason::Bound => "bound",
            Reason::NoNumber => "no-number",
            Reason::NoSpread => "no-spread",
            Reason::Unpaired => "unpaired",
            Reason::NoCount(_) => "no-count",
            Reason::Events => "events",
            Reason::Differs(_) => "differs",
            Reason::Recalled(_) => "recalled",
            Reason::OtherRow(_) => "other-row",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NotRandomised(design) => write!(f, "not randomised ({})", design.words()),
            Reason::Comparator(comparator) => write!(f, "compared with {}", comparator.words()),
            Reason::SamePeople(trial) => write!(f, "the same participants as {trial}"),
            Reason::NoResultYet => f.write_str("registered; no result was found"),
            Reason::OtherMeasure(measure) => write!(f, "measures {}", measure.replace('-', " ")),
            Reason::WithinArm(arm) => {
                write!(f, "a change within one arm ({}), not a difference between arms", arm.words())
            }
            Reason::Factorial(with) => {
                write!(f, "factorial with {with}; LDN against placebo is not printed")
            }
            Reason::Unit { found, expected } => write!(f, "in {found}, not in {expected}"),
            Reason::Scale { found, expected } => write!(f, "scale {found}, not {expected}"),
            Reason::Median => f.write_str("a median, whose mean and spread are not printed"),
            Reason::Bound => f.write_str("only a bound of the number is printed"),
            Reason::NoNumber => f.write_str("no number in what was read"),
            Reason::NoSpread => f.write_str("no standard error, and nothing to derive it from"),
            Reason::Unpaired => {
                f.write_str("crossover without the spread of differences within the same person")
            }
            Reason::NoCount(arm) => write!(f, "no count of people in the {} arm", arm.words()),
            Reason::Events => f.write_str("counts events, not people"),
            Reason::Differs(how) => f.write_str(how),
            Reason::Recalled(what) => write!(f, "{what} recalled, not looked up"),
            Reason::OtherRow(row) => write!(f, "row {row} of this trial is in the pool"),
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Reason", 2)?;
        map.serialize_field("code", self.code())?;
        map.serialize_field("text", &self.to_string())?;
        map.end()
    }
}

/// The reasons against a whole trial.
pub(super) fn of_trial(trial: &Trial, outcome: &Outcome) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if trial.registered_only {
        reasons.push(Reason::NoResultYet);
        return reasons;
    }
    if !trial.design.is_randomised() {
        reasons.push(Reason::NotRandomised(trial.design));
    }
    if trial.comparator != outcome.comparator && trial.comparator != Comparator::None {
        reasons.push(Reason::Comparator(trial.comparator));
    }
    reasons
}

/// Makes a refusal out of its reasons.
pub(super) fn refuse<'a>(
    trial: &'a Trial,
    row: usize,
    outcome: &'a str,
    arm: Arm,
    reasons: Vec<Reason>,
) -> Refused<'a> {
    let reason = joined(&reasons);
    Refused { trial: &trial.id, label: &trial.name, row: row + 1, outcome, arm, reasons, reason }
}

fn joined(reasons: &[Reason]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Takes studies out whose people are already in the pool.
pub(super) fn without_same_people<'a>(
    studies: Vec<(&'a Trial, Study<'a>)>,
    refused: &mut Vec<Refused<'a>>,
) -> Vec<Study<'a>> {
    let ids: Vec<&str> = studies.iter().map(|(trial, _)| trial.id.as_str()).collect();
    let mut kept = Vec::new();
    for (trial, study) in studies {
        match trial.same_people_as.as_deref().filter(|other| ids.contains(other)) {
            None => kept.push(study),
            Some(other) => {
                let reasons = vec![Reason::SamePeople(other.to_owned())];
                let row = study.rows.first().map_or(0, |row| row - 1);
                refused.push(refuse(trial, row, &trial.name, Arm::Difference, reasons));
            }
        }
    }
    kept
}

/// Says of refused rows that their people are in another trial of the outcome.
pub(super) fn name_same_people<'a>(library: &Library, included: &[Study<'a>], refused: &mut [Refused<'a>]) {
    let listed: Vec<&str> =
        included.iter().map(|study| study.trial).chain(refused.iter().map(|row| row.trial)).collect();
    for row in refused {
        let other = library.trial(row.trial).and_then(|trial| trial.same_people_as.clone());
        let Some(other) = other.filter(|other| listed.contains(&other.as_str())) else { continue };
        let reason = Reason::SamePeople(other);
        if !row.reasons.contains(&reason) {
            row.reasons.insert(0, reason);
            row.reason = joined(&row.reasons);
        }
    }
}

/// One line for each trial that has refused rows and no study in the pool.
pub(super) fn by_trial<'a>(refused: &[Refused<'a>], included: &[Study<'a>]) -> Vec<RefusedTrial<'a>> {
    let mut trials: Vec<RefusedTrial<'a>> = Vec::new();
    for first in refused {
        let known = trials.iter().any(|line| line.trial == first.trial);
        if known || included.iter().any(|study| study.trial == first.trial) {
            continue;
        }
        let rows: Vec<&Refused> = refused.iter().filter(|row| row.trial == first.trial).collect();
        let between = rows.iter().any(|row| row.arm == Arm::Difference);
        let mut reasons: Vec<Reason> = Vec::new();
        for row in rows.iter().filter(|row| !between || row.arm == Arm::Difference) {
            for reason in &row.reasons {
                if !reasons.contains(reason) {
                    reasons.push(reason.clone());
                }
            }
        }
        trials.push(RefusedTrial {
            trial: first.trial,
            label: first.label,
            rows: rows.iter().map(|row| row.row).collect(),
            reason: joined(&reasons),
        });
    }
    trials
}
