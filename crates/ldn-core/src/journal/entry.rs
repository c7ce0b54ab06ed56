//! One entry of the journal.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::body::{Body, Kind};
use super::form;
use super::hash::Hash;
use super::words::Role;
use crate::ids::{AccountId, CourseId, DeviceId, EntryId};

/// The largest entry in its stored form, 1 MiB: room for any document that a course holds.
pub const LARGEST_ENTRY: usize = 1 << 20;

/// The longest name of a time zone, in characters; the longest known is 32.
const LONGEST_ZONE: usize = 64;

/// How much of a bad value its message repeats, in characters.
const LONGEST_VALUE_SHOWN: usize = 60;

/// What a client makes and sends: one thing that happened, never changed again. Cloning it is cheap.
#[derive(Clone)]
pub struct Entry {
    inner: Arc<Inner>,
}

struct Inner {
    parts: EntryParts,
    /// The stored form, in the version that the entry was made or read in: an old entry keeps its hash.
    bytes: Vec<u8>,
}

/// What an entry is made of; becomes an [`Entry`] only when it obeys every rule of [`Entry::new`].
#[derive(Clone, Debug, PartialEq)]
pub struct EntryParts {
    /// Its name, made by the client together with it: sending it twice is harmless.
    pub id: EntryId,
    /// The course it belongs to.
    pub course: CourseId,
    /// Who wrote it.
    pub author: AccountId,
    /// In which role.
    pub role: Role,
    /// On which device; `None` if it was not a device that has a name.
    pub device: Option<DeviceId>,
    /// The person's local day that it is about, chosen by the person; never derived from an instant.
    pub day: Date,
    /// The time zone of that day, as in the IANA database: "Europe/Berlin".
    pub zone: String,
    /// What the device's clock showed beyond UTC when it was recorded.
    pub offset: Offset,
    /// When it was recorded, by the device's clock.
    pub recorded: Timestamp,
    /// Made at random with the entry.
    pub salt: Salt,
    /// What it says.
    pub body: Body,
}

/// Sixteen random bytes made with an entry, so that from a hash kept after erasure nobody can guess what it said.
///
/// Whoever has a generator makes it; printed nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

/// Why something is not an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No JSON, an unknown or missing key, or a value of the wrong kind.
    #[error("the entry could not be read: {message}")]
    Unreadable {
        /// What the reader says, with line and column.
        message: String,
    },
    /// A version that this program does not know.
    #[error("`v` is {found}; expected at most {}: a newer program wrote the entry", form::VERSION)]
    Version {
        /// The version found.
        found: u32,
    },
    /// A rule is broken.
    #[error("`{at}` is {value}: expected {expected}")]
    Rule {
        /// Where, in the names of the stored form.
        at: String,
        /// What stands there, shortened.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// Readable, but written in another way than the one in which it is hashed.
    #[error(
        "byte {at} is not as the stored form has it; expected keys in their order and nothing between them"
    )]
    NotCanonical {
        /// The first byte that differs, counted from 0.
        at: usize,
    },
    /// Too large.
    #[error("the entry has {size} bytes; expected at most {LARGEST_ENTRY}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
}

impl EntryError {
    pub(super) fn rule(
        at: impl Into<String>,
        value: impl fmt::Display,
        expected: impl Into<String>,
    ) -> EntryError {
        let value = value.to_string();
        let mut shown: String = value.chars().take(LONGEST_VALUE_SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        EntryError::Rule { at: at.into(), value: shown, expected: expected.into() }
    }
}

impl Entry {
    /// Makes an entry of parts that obey every rule.
    ///
    /// The day is from 1980 to 2100, the zone looks like a name of the IANA database, texts that must say something are
    /// not blank, documents are TOML or JSON, a proposed plan is not signed, what replaces an entry is not itself a
    /// correction, and the whole is not larger than [`LARGEST_ENTRY`].
    ///
    /// # Errors
    /// [`EntryError::Rule`] naming the first place that breaks one, or [`EntryError::TooLarge`].
    pub fn new(parts: EntryParts) -> Result<Entry, EntryError> {
        Entry::in_version(parts, form::Version::NEWEST)
    }

    fn in_version(parts: EntryParts, version: form::Version) -> Result<Entry, EntryError> {
        check(&parts)?;
        let bytes = form::write(&parts, version);
        if bytes.len() > LARGEST_ENTRY {
            return Err(EntryError::TooLarge { size: bytes.len() });
        }
        Ok(Entry { inner: Arc::new(Inner { parts, bytes }) })
    }

    /// Reads the stored form, exactly as it was written.
    ///
    /// # Errors
    /// [`EntryError`], also [`EntryError::NotCanonical`] where the same entry would be written otherwise.
    pub fn from_bytes(bytes: &[u8]) -> Result<Entry, EntryError> {
        let entry = Entry::from_json(bytes)?;
        match first_difference(bytes, entry.as_bytes()) {
            None => Ok(entry),
            Some(at) => Err(EntryError::NotCanonical { at }),
        }
    }

    /// Reads what a client sent: the stored form, but with any order of keys, white space, and way of writing a number.
    ///
    /// # Errors
    /// [`EntryError`] if it is not an entry.
    pub fn from_json(bytes: &[u8]) -> Result<Entry, EntryError> {
        // Refused before it is read: nobody should be able to make a server parse more.
        if bytes.len() > 2 * LARGEST_ENTRY {
            return Err(EntryError::TooLarge { size: bytes.len() });
        }
        let (parts, version) = form::read(bytes)?;
        Entry::in_version(parts, version)
    }

    /// Returns what it is made of.
    pub fn parts(&self) -> &EntryParts {
        &self.inner.parts
    }

    /// Returns its name.
    pub fn id(&self) -> EntryId {
        self.parts().id
    }

    /// Returns the course it belongs to.
    pub fn course(&self) -> CourseId {
        self.parts().course
    }

    /// Returns who wrote it.
    pub fn author(&self) -> AccountId {
        self.parts().author
    }

    /// Returns in which role it was written.
    pub fn role(&self) -> Role {
        self.parts().role
    }

    /// Returns the device it was written on.
    pub fn device(&self) -> Option<DeviceId> {
        self.parts().device
    }

    /// Returns the local day that it is about.
    pub fn day(&self) -> Date {
        self.parts().day
    }

    /// Returns the time zone of that day.
    pub fn zone(&self) -> &str {
        &self.parts().zone
    }

    /// Returns when it was recorded.
    pub fn recorded(&self) -> Timestamp {
        self.parts().recorded
    }

    /// Returns what the device's clock on the wall showed when it was recorded.
    pub fn recorded_local(&self) -> DateTime {
        self.parts().offset.to_datetime(self.recorded())
    }

    /// Returns how many days after its day it was recorded, of a dose after the day that the dose belongs to; 0 for the
    /// day itself and for days to come.
    ///
    /// By the calendar: what is recorded after midnight for the day before counts one.
    pub fn days_late(&self) -> u32 {
        let day = match self.body() {
            Body::Dose(report) => report.day,
            _ => self.day(),
        };
        let hours = self.recorded_local().date().duration_since(day).as_hours();
        u32::try_from(hours / 24).unwrap_or(0)
    }

    /// Returns what it says.
    pub fn body(&self) -> &Body {
        &self.parts().body
    }

    /// Returns what kind of thing it says.
    pub fn kind(&self) -> Kind {
        self.body().kind()
    }

    /// Returns the stored form: one entry, one sequence of bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// Returns a copy of the stored form.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.inner.bytes.clone()
    }

    /// Returns the SHA-256 of the stored form.
    pub fn hash(&self) -> Hash {
        Hash::of(self.as_bytes())
    }
}

/// Two entries are equal when their stored forms are.
impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) || self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Entry {}

/// Names the entry and its kind; what it says belongs in no log.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({} {} {})", self.id(), self.kind(), self.day())
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

fn check(parts: &EntryParts) -> Result<(), EntryError> {
    let (first, last) = crate::diary::DATE_RANGE;
    if !(first..=last).contains(&parts.day) {
        return Err(EntryError::rule("day", parts.day, format!("a day from {first} to {last}")));
    }
    if !is_zone_name(&parts.zone) {
        return Err(EntryError::rule("zone", &parts.zone, "a name such as Europe/Berlin"));
    }
    parts.body.check("body.content")
}

/// Returns true if a text looks like a name of the IANA database; whether it is one, only the database knows.
fn is_zone_name(name: &str) -> bool {
    let fits = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    name.len() <= LONGEST_ZONE
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.split('/').all(fits)
}

fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    Some(same)
}
