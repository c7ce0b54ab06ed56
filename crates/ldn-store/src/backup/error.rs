//! What can go wrong with a backup.

use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use ldn_core::ids::PersonId;
use ldn_core::journal::Hash;

use crate::StoreError;

/// Why a backup was not made or not restored. The store that was to be backed up is never changed by it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder could not be read or written.
    #[error("{path} could not be {doing}")]
    File {
        /// The path.
        path: String,
        /// What was being done: "read", "written".
        doing: &'static str,
        /// Why.
        source: Arc<io::Error>,
    },
    /// The encrypted stream could not be read or written.
    #[error("the backup could not be {doing}; a truncated or changed file does not decrypt")]
    Stream {
        /// What was being done: "read", "written".
        doing: &'static str,
        /// Why.
        source: Arc<io::Error>,
    },
    /// A text that is no recipient.
    #[error("line {line} of the recipients is not one; expected a public key such as age1…")]
    Recipient {
        /// Counted from 1.
        line: usize,
    },
    /// A secret key where a public one belongs.
    #[error(
        "line {line} of the recipients is a secret key; give the public one, age1…, and keep the secret one apart"
    )]
    SecretRecipient {
        /// Counted from 1.
        line: usize,
    },
    /// Too few keys could open the backup.
    #[error(
        "{found} recipient; expected at least 2 different ones, such as the clinic's key and one that is kept offline"
    )]
    TooFewRecipients {
        /// How many different ones were given.
        found: usize,
    },
    /// A text that is no identity; it is not repeated.
    #[error("line {line} of the identity file is no secret key; expected AGE-SECRET-KEY-1…")]
    Identity {
        /// Counted from 1.
        line: usize,
    },
    /// The identity file holds no key.
    #[error("the identity file holds no key; expected a line AGE-SECRET-KEY-1…, as age-keygen writes it")]
    NoIdentity,
    /// The file is not an age file, or not encrypted to the identity.
    #[error("the backup does not decrypt")]
    Decrypt(#[source] Arc<age::DecryptError>),
    /// The recipients cannot be used together.
    #[error("the backup could not be encrypted")]
    Encrypt(#[source] Arc<age::EncryptError>),
    /// A line that is not of a backup.
    #[error("line {line} of the backup: expected {expected}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What should stand there.
        expected: String,
    },
    /// Written by a program with another schema.
    #[error(
        "the backup has form {form} and schema {schema}; this program reads form {expected_form} and schema {expected_schema}; restore it with the release that wrote it, then open the store with this one"
    )]
    OtherVersion {
        /// The form found.
        form: u32,
        /// The schema found.
        schema: i64,
        /// The form that this program reads.
        expected_form: u32,
        /// The schema that this program reads.
        expected_schema: i64,
    },
    /// The lines are not those that the manifest was made for.
    #[error("the manifest does not fit: {what}; the backup is damaged, use another one")]
    Manifest {
        /// What differs.
        what: String,
    },
    /// There is something in the store already.
    #[error("{place} is not empty: {what}; a backup is restored into an empty store only")]
    NotEmpty {
        /// The store, without a password.
        place: String,
        /// What was found.
        what: String,
    },
    /// Chains that do not verify after the restore.
    #[error("what was restored does not verify:\n{}", findings.join("\n"))]
    Damaged {
        /// What was found.
        findings: Vec<String>,
    },
    /// A text that is no list of erasures.
    #[error("this is not a list of erasures: {why}; expected the file that `ldn backup --erasures` writes")]
    ErasureList {
        /// What is wrong with it.
        why: String,
    },
    /// A list of another store.
    #[error("the list of erasures is of another store ({found}); the backup is of {expected}")]
    OtherStore {
        /// The store of the list.
        found: Hash,
        /// The store of the backup.
        expected: Hash,
    },
    /// A list that is older than the backup.
    #[error(
        "the list of erasures is of {list}, the backup of {backup}: it cannot know who was erased since; take the newest list"
    )]
    OldErasureList {
        /// When the list was written.
        list: Timestamp,
        /// When the backup was taken.
        backup: Timestamp,
    },
    /// A list that lacks somebody whom the backup knows to be erased.
    #[error(
        "the list of erasures lacks person {person}, whom the backup knows to be erased: the list is incomplete"
    )]
    IncompleteErasureList {
        /// Who is missing.
        person: PersonId,
    },
    /// A number of backups that cannot be kept.
    #[error("0 backups cannot be kept; expected at least 1")]
    KeepNone,
}

impl BackupError {
    pub(crate) fn file(path: &Path, doing: &'static str) -> impl Fn(io::Error) -> BackupError + use<> {
        let path = path.display().to_string();
        move |source| BackupError::File { path: path.clone(), doing, source: Arc::new(source) }
    }

    pub(crate) fn stream(doing: &'static str) -> impl Fn(io::Error) -> BackupError + use<> {
        move |source| BackupError::Stream { doing, source: Arc::new(source) }
    }
}
