//! A row of the trail as it is stored, and its hash.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use ldn_core::journal::Hash;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::event::Event;

/// What the hash of a row begins with, so that it can be the hash of nothing else.
const DOMAIN: &[u8] = b"ldn-audit-row-1";

/// A row of the trail, exactly as the table holds it: words are not parsed, so that damaged ones can be hashed too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place, from 1 without gaps.
    pub place: i64,
    /// Its name, a UUID of version 7.
    pub id: Uuid,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub at_us: i64,
    /// Which account.
    pub account: Option<Uuid>,
    /// In which role.
    pub role: Option<String>,
    /// On which course.
    pub course: Option<Uuid>,
    /// What.
    pub action: String,
    /// On which thing exactly.
    pub subject: Option<Uuid>,
    /// Whether it happened.
    pub outcome: String,
    /// Why.
    pub why: String,
    /// The hash of what was there before.
    pub before: Option<Vec<u8>>,
    /// The hash of what is there now.
    pub after: Option<Vec<u8>>,
    /// During which request.
    pub request: String,
    /// The hash of the row before it; 32 zeros for the first.
    pub previous: Vec<u8>,
    /// Its own hash.
    pub own: Vec<u8>,
}

impl Row {
    /// Gives an event its place after `previous`.
    pub(crate) fn chained(event: &Event, id: Uuid, previous: &Head) -> Row {
        let mut row = Row {
            place: previous.place + 1,
            id,
            at_us: event.at.as_microsecond(),
            account: event.account.map(|account| account.uuid()),
            role: event.role.map(|role| role.word().to_owned()),
            course: event.course.map(|course| course.uuid()),
            action: event.action.name(),
            subject: event.subject,
            outcome: event.outcome.name().to_owned(),
            why: event.why.name().to_owned(),
            before: event.before.map(|hash| hash.as_bytes().to_vec()),
            after: event.after.map(|hash| hash.as_bytes().to_vec()),
            request: event.request.as_str().to_owned(),
            previous: previous.hash.as_bytes().to_vec(),
            own: Vec::new(),
        };
        row.own = row.hash().as_bytes().to_vec();
        row
    }

    /// The SHA-256 of the row's canonical bytes.
    ///
    /// The bytes are the 15 characters `ldn-audit-row-1`, then the fields in the order of this type from `place` to
    /// `previous`. A field that is there is its length in bytes as 4 bytes, big end first, and then its bytes; a field
    /// that is not there is four bytes 255. Numbers are 8 bytes, big end first; UUIDs 16 bytes; text is UTF-8.
    pub fn hash(&self) -> Hash {
        let mut bytes = Bytes(DOMAIN.to_vec());
        bytes.field(Some(&self.place.to_be_bytes()));
        bytes.field(Some(self.id.as_bytes()));
        bytes.field(Some(&self.at_us.to_be_bytes()));
        bytes.field(self.account.as_ref().map(|id| id.as_bytes().as_slice()));
        bytes.field(self.role.as_deref().map(str::as_bytes));
        bytes.field(self.course.as_ref().map(|id| id.as_bytes().as_slice()));
        bytes.field(Some(self.action.as_bytes()));
        bytes.field(self.subject.as_ref().map(|id| id.as_bytes().as_slice()));
        bytes.field(Some(self.outcome.as_bytes()));
        bytes.field(Some(self.why.as_bytes()));
        bytes.field(self.before.as_deref());
        bytes.field(self.after.as_deref());
        bytes.field(Some(self.request.as_bytes()));
        bytes.field(Some(&self.previous));
        Hash(Sha256::digest(&bytes.0).into())
    }

    /// The head that the trail has when this is its last row; `None` if the stored hash is none.
    pub fn head(&self) -> Option<Head> {
        let hash = <[u8; 32]>::try_from(self.own.as_slice()).ok()?;
        Some(Head { place: self.place, hash: Hash(hash) })
    }
}

/// Canonical bytes in the making.
struct Bytes(Vec<u8>);

impl Bytes {
    fn field(&mut self, value: Option<&[u8]>) {
        let Some(value) = value else {
            self.0.extend_from_slice(&u32::MAX.to_be_bytes());
            return;
        };
        // Fields are identifiers, hashes and escaped texts; none comes near 4 GiB.
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX - 1);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(value);
    }
}

/// The last place of the trail and its hash: what somebody else keeps, so that a cut end or a rewrite shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// The place of the last row; 0 for an empty trail.
    pub place: i64,
    /// The hash of the last row; zeros for an empty trail.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty trail.
    pub const EMPTY: Head = Head { place: 0, hash: Hash([0; 32]) };

    /// The head as a line to print or to send: `ldn-audit 2026-11-25 412 9f2c…`.
    pub fn line(&self, day: Date) -> String {
        format!("ldn-audit {day} {self}")
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.hash)
    }
}

/// A text that is not a published head.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a published head; expected a place and a hash, such as `412 9f2c…` or `ldn-audit 2026-11-25 412 9f2c…`"
)]
pub struct HeadError {
    /// The text as given, at most 120 characters of it.
    pub text: String,
}

impl FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Head, HeadError> {
        let error = || HeadError { text: text.chars().take(120).collect() };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (place, hash) = match words.as_slice() {
            [place, hash] => (place, hash),
            ["ldn-audit", day, place, hash] if day.parse::<Date>().is_ok() => (place, hash),
            _ => return Err(error()),
        };
        let place = place.parse().map_err(|_| error())?;
        let hash = hash.parse().map_err(|_| error())?;
        Ok(Head { place, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back() {
        let head = Head { place: 412, hash: Hash([0x9f; 32]) };
        let day = jiff::civil::date(2026, 11, 25);
        assert_eq!(head.line(day).parse(), Ok(head));
        assert_eq!(head.to_string().parse(), Ok(head));
        for text in ["", "412", "x y", "ldn-audit yesterday 412 00", "1 2 3"] {
            assert!(text.parse::<Head>().is_err(), "{text}");
        }
    }
}
