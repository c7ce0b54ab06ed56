//! What can go wrong in the store.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use ldn_core::ids::{CourseId, PersonId};

/// What the store refuses, or what the engine under it refused.
///
/// Cheap to clone: callers whose entries were gathered into one transaction all get the same error.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The engine reported an error; nothing of what was being done is half-stored.
    #[error("{doing}: {fault}")]
    Engine {
        /// What was being done.
        doing: &'static str,
        /// What kind of fault it is, with the way out.
        fault: Fault,
        /// The engine's own words.
        source: Arc<sqlx::Error>,
    },
    /// The schema could not be brought up to date.
    #[error("the schema of {place} could not be brought up to date")]
    Migration {
        /// The store, without a password.
        place: String,
        /// Which migration, and why.
        source: Arc<sqlx::migrate::MigrateError>,
    },
    /// The address names no store that this program can open.
    #[error("`{url}` is not a store; expected a path such as ldn.db, or postgres://user@host/database")]
    Url {
        /// The address, without a password.
        url: String,
    },
    /// There is no file at this path.
    #[error("there is no store at {path}; create one first, or check the path")]
    Missing {
        /// The path.
        path: String,
    },
    /// The file could not be created or opened.
    #[error("{path} cannot be opened")]
    File {
        /// The path.
        path: String,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// The database is there, but nobody has created a store in it.
    #[error("{place} holds no store yet; create one first")]
    NotAStore {
        /// The database, without a password.
        place: String,
    },
    /// There is a store already.
    #[error("{place} holds a store already; open it instead")]
    AlreadyAStore {
        /// The database, without a password.
        place: String,
    },
    /// A restore was interrupted: there are people, and no mark of the key that they are sealed under.
    #[error("{place} holds a restore that was interrupted; empty the database and restore again")]
    HalfRestored {
        /// The database, without a password.
        place: String,
    },
    /// The server may lose what it acknowledged.
    #[error(
        "the PostgreSQL server has {setting} = {found}, so it may lose what it acknowledged; expected {expected}"
    )]
    NotDurable {
        /// The server's setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The value that keeps acknowledged writes.
        expected: &'static str,
    },
    /// The site key is not the one that this store was created with.
    #[error("the site key does not fit this store; expected the key that it was created with")]
    WrongSiteKey,
    /// No such course.
    #[error("there is no course {course} in this store")]
    NoCourse {
        /// The course.
        course: CourseId,
    },
    /// No such person.
    #[error("there is no person {person} in this store")]
    NoPerson {
        /// The person.
        person: PersonId,
    },
    /// The id is taken by something else.
    #[error("the {kind} {id} exists already with other content; nothing was changed")]
    Taken {
        /// What kind of thing.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// The person was erased, and with them the key that could read this.
    #[error("person {person} was erased on {erased}; what was theirs cannot be read or written any more")]
    Erased {
        /// The person.
        person: PersonId,
        /// When.
        erased: Timestamp,
    },
    /// A value in the database is not one that this program writes.
    #[error("{place} holds `{found}`; expected {expected}; run verify")]
    Unreadable {
        /// Table and column.
        place: &'static str,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// Sealed bytes do not open: they were changed, moved, or sealed for something else.
    #[error("{what} does not open with its key; expected the bytes as this program sealed them; run verify")]
    Unsealable {
        /// What was sealed, with its id.
        what: String,
    },
    /// The entries of a course do not fit their chain.
    #[error("course {course} is damaged: {damage}")]
    Damaged {
        /// The course.
        course: CourseId,
        /// The first thing that does not fit.
        damage: String,
    },
    /// A copy of a destroyed key may still stand in the write-ahead log.
    #[error(
        "the key of person {person} is destroyed, but a reader kept the write-ahead log from being emptied; run erase again"
    )]
    LogNotEmptied {
        /// The person.
        person: PersonId,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes, so nothing was sealed")]
    NoRandomness,
    /// The writer has stopped because the store was closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Returns the kind of fault, if the engine reported one.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            StoreError::Engine { fault, .. } => Some(*fault),
            _ => None,
        }
    }

    /// Wraps an error of the engine with what was being done.
    pub(crate) fn engine(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
        move |source| StoreError::Engine { doing, fault: Fault::of(&source), source: Arc::new(source) }
    }
}

/// What kind of fault an engine reported. In every case nothing is half-written.
///
/// After a failed sync or a broken connection nobody knows whether it was written as a whole; sending it again tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No room on the disk.
    DiskFull,
    /// The file or the server does not accept writes.
    ReadOnly,
    /// The disk reported an error.
    InputOutput,
    /// Somebody else held the database for longer than the waiting time.
    Locked,
    /// The file is not a database, or its pages are damaged.
    Malformed,
    /// The database cannot be opened or reached.
    Unreachable,
    /// Anything else.
    Other,
}

impl Fault {
    /// Tells whether the same request may succeed later without anybody repairing anything.
    pub fn is_temporary(self) -> bool {
        matches!(self, Fault::Locked | Fault::Unreachable)
    }

    fn of(error: &sqlx::Error) -> Fault {
        match error {
            sqlx::Error::Database(error) => error.code().map_or(Fault::Other, |code| Fault::of_code(&code)),
            sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Fault::DiskFull,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => Fault::Unreachable,
            _ => Fault::Other,
        }
    }

    /// SQLite has numbers (the lowest byte is the primary code), PostgreSQL five characters.
    fn of_code(code: &str) -> Fault {
        if code.len() == 5 {
            return Fault::of_sql_state(code);
        }
        match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => Fault::Locked,
            Ok(8) => Fault::ReadOnly,
            Ok(10) => Fault::InputOutput,
            Ok(11 | 26) => Fault::Malformed,
            Ok(13) => Fault::DiskFull,
            Ok(14) => Fault::Unreachable,
            _ => Fault::Other,
        }
    }

    fn of_sql_state(state: &str) -> Fault {
        match state {
            "53100" => Fault::DiskFull,
            "25006" => Fault::ReadOnly,
            "58030" => Fault::InputOutput,
            "55P03" | "40P01" | "40001" | "57014" => Fault::Locked,
            "XX001" | "XX002" => Fault::Malformed,
            _ if state.starts_with("08") || state.starts_with("57P") || state == "53300" => {
                Fault::Unreachable
            }
            _ => Fault::Other,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::DiskFull => "the disk is full; nothing of this was stored; make room and send it again",
            Fault::ReadOnly => {
                "the store is read-only; nothing of this was stored; make it writable and send it again"
            }
            Fault::InputOutput => {
                "the disk reported an error; check it, and send it again: what arrived is recognised"
            }
            Fault::Locked => "somebody else kept the store locked; nothing of this was stored; send it again",
            Fault::Malformed => "the database is damaged; restore a backup",
            Fault::Unreachable => "the database cannot be reached; send it again: what arrived is recognised",
            Fault::Other => "the database refused",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_engines_are_told_apart() {
        for (code, fault) in [
            ("13", Fault::DiskFull),
            ("53100", Fault::DiskFull),
            ("8", Fault::ReadOnly),
            ("1032", Fault::ReadOnly),
            ("25006", Fault::ReadOnly),
            ("778", Fault::InputOutput),
            ("1034", Fault::InputOutput),
            ("5", Fault::Locked),
            ("517", Fault::Locked),
            ("55P03", Fault::Locked),
            ("11", Fault::Malformed),
            ("14", Fault::Unreachable),
            ("57P01", Fault::Unreachable),
            ("1555", Fault::Other),
        ] {
            assert_eq!(Fault::of_code(code), fault, "{code}");
        }
    }
}
