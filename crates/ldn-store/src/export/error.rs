//! What can go wrong with a journal that is brought back.

use ldn_core::ids::CourseId;
use ldn_core::journal::{EntryError, Kind};

use crate::StoreError;

/// Why a journal was not read or not brought back; the store is as before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// A line that is not of a journal.
    #[error("line {line}: expected {expected}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// An entry that breaks a rule.
    #[error("line {line}: not an entry")]
    Entry {
        /// Counted from 1.
        line: usize,
        /// Why.
        source: EntryError,
    },
    /// A version that this program does not know.
    #[error("the journal has form {found}; this program reads form {expected}")]
    Version {
        /// The form found.
        found: u32,
        /// The form that this program reads.
        expected: u32,
    },
    /// The links do not fit together, or not with the head.
    #[error("the journal was changed or cut off:\n{}", findings.join("\n"))]
    Damaged {
        /// What was found.
        findings: Vec<String>,
    },
    /// What an entry says was masked when the journal was taken away.
    #[error(
        "line {line}: the {kind} was masked for the person, as while a blinded trial runs, so the journal is not whole; export again when its code is open, or restore a backup"
    )]
    Masked {
        /// Counted from 1.
        line: usize,
        /// What was masked.
        kind: Kind,
    },
    /// The course is there with other entries.
    #[error("course {course} is there, and differs from the journal at entry {seq}; nothing was changed")]
    Differs {
        /// The course.
        course: CourseId,
        /// The first place that differs.
        seq: u64,
    },
    /// An entry's name is taken by an entry of another course.
    #[error("entry {seq} has a name that another entry of this store has; nothing was changed")]
    NameTaken {
        /// Its place.
        seq: u64,
    },
    /// The person's name is not in the journal.
    #[error("the journal names nobody; expected the name of the person")]
    NoName,
    /// The store has accounts.
    #[error(
        "this store has accounts: a journal could bring entries in other people's names; bring it into a personal store, or restore a backup"
    )]
    NotPersonal,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
