//! What the journal says and could not be applied.

use std::fmt;

use crate::ids::{CourseId, EntryId};
use crate::journal::{Kind, Role};
use crate::plan::PlanId;

/// An entry that could not be applied, or not as it was meant. It stays in the journal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The entry.
    pub entry: EntryId,
    /// Why.
    pub kind: ProblemKind,
}

/// Why an entry could not be applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// It belongs to another course and was left out.
    OtherCourse {
        /// The course it names.
        course: CourseId,
    },
    /// Another entry has the same name and says something else; one of the two was left out.
    SameNameOtherContent,
    /// It corrects an entry that is not in the journal.
    CorrectsUnknown {
        /// The entry it names.
        replaces: EntryId,
    },
    /// It corrects, through others, itself.
    CorrectsItself,
    /// It corrects what somebody wrote in another role.
    CorrectsOtherRole {
        /// The role of what it corrects.
        role: Role,
    },
    /// What it puts in is of another kind than what it takes out.
    CorrectsOtherKind {
        /// The kind of what it corrects.
        expected: Kind,
        /// The kind that it puts in.
        found: Kind,
    },
    /// It would take back something that cannot be unknown again.
    CannotBeTakenBack {
        /// The kind of what it corrects.
        kind: Kind,
    },
    /// It signs or ends a plan that is not in the journal.
    UnknownPlan {
        /// The plan it names.
        plan: PlanId,
    },
    /// It signs a plan, and was not written by a prescriber.
    SignedByOther {
        /// The role in which it was written.
        role: Role,
    },
    /// It signs a plan, and another plan of the same version is signed already: neither is read until a newer is signed.
    TwoPlansOfOneVersion {
        /// The version.
        version: u32,
    },
    /// It belongs to a trial, and none was started before it.
    NoTrial {
        /// Its kind.
        kind: Kind,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.entry, self.kind)
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProblemKind::OtherCourse { course } => write!(f, "left out: it belongs to course {course}"),
            ProblemKind::SameNameOtherContent => {
                f.write_str("another entry of this name says something else; one was left out")
            }
            ProblemKind::CorrectsUnknown { replaces } => {
                write!(f, "not applied: it corrects {replaces}, which is not in the journal")
            }
            ProblemKind::CorrectsItself => f.write_str("not applied: it corrects itself through others"),
            ProblemKind::CorrectsOtherRole { role } => {
                write!(
                    f,
                    "not applied: what it corrects was written as {role}; only that role may correct it"
                )
            }
            ProblemKind::CorrectsOtherKind { expected, found } => write!(
                f,
                "not applied: it puts in {found} for {expected}; strike that out and make a new entry"
            ),
            ProblemKind::CannotBeTakenBack { kind } => {
                write!(f, "not applied: {kind} cannot be taken back; add a note")
            }
            ProblemKind::UnknownPlan { plan } => {
                write!(f, "not applied: plan {plan} was never proposed in this course")
            }
            ProblemKind::SignedByOther { role } => {
                write!(f, "not applied: a plan is signed by a prescriber, and this was written as {role}")
            }
            ProblemKind::TwoPlansOfOneVersion { version } => write!(
                f,
                "another plan of version {version} is signed too; neither is read until a newer one is signed"
            ),
            ProblemKind::NoTrial { kind } => {
                write!(f, "not applied: {kind} without a trial that was started")
            }
        }
    }
}
