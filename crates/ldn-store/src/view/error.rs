//! Why a view refuses.

use ldn_core::ids::EntryId;
use ldn_core::journal::Role;

use crate::error::StoreError;
use crate::policy::{Object, Operation};

/// Why a view refuses. It never tells whether a course exists that the actor may not see.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The policy does not permit it, or the course is not one that the actor may see.
    #[error("a {role} may not {} this {}, or it is not there; whoever may grant access to the course can change that", operation.name(), object.name())]
    Refused {
        /// The role that asked.
        role: Role,
        /// What it wanted to do.
        operation: Operation,
        /// With what.
        object: Object,
    },
    /// The actor has another role than the view.
    #[error("this is for a {expected}, but a {found} asks; sign in with the account of a {expected}")]
    WrongRole {
        /// The role of the view.
        expected: Role,
        /// The role of the actor.
        found: Role,
    },
    /// The proof of identity is too old for this.
    #[error("give your password again first: this needs a proof from the last 5 minutes")]
    StaleProof,
    /// An entry was written in another name, role or course than the actor's.
    #[error("entry {entry} names another author, role or course; an entry is written in the own name only")]
    NotTheAuthor {
        /// The entry.
        entry: EntryId,
    },
    /// A correction names an entry that the course does not have.
    #[error("entry {entry} corrects {replaces}, which this course does not have; send that one first")]
    NothingToCorrect {
        /// The correction.
        entry: EntryId,
        /// What it names.
        replaces: EntryId,
    },
    /// A reason is needed.
    #[error("a reason is missing: say in a few words why; it is kept sealed")]
    NoReason,
    /// The account cannot hold a grant for a course.
    #[error("a {role} is not given a course; only prescribers and pharmacists are")]
    NotGrantable {
        /// Its role.
        role: Role,
    },
    /// The end of a trial is opened once.
    #[error(
        "this trial was opened before, and that is done once; what was opened then can be checked with `ldn trial verify`"
    )]
    AlreadyOpened,
    /// There is no such thing to end.
    #[error("there is no such grant in force")]
    NoGrant,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
