//! The chain of one course: each link holds the hash of the one before it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::hash::Hash;
use super::words::Role;
use crate::ids::{AccountId, CourseId, EntryId};

/// The place of one entry in the chain of its course.
///
/// It holds everything that its own hash is made of, so a chain can be checked also where what the entries say was
/// erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Place in the course, counted from 1 without gaps.
    pub seq: u64,
    /// When the store received the entry, in whole microseconds.
    pub received: Timestamp,
    /// Hash of the link before it; of the first, [`genesis`].
    pub previous: Hash,
    /// What stays readable of the entry.
    pub header: Header,
    /// SHA-256 of the entry's stored form.
    pub entry: Hash,
    /// Hash of all of the above.
    pub hash: Hash,
}

/// What the store keeps readable of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub id: EntryId,
    /// Who wrote it.
    pub author: AccountId,
    /// In which role.
    pub role: Role,
    /// The local day that it is about.
    pub day: Date,
}

/// The end of a chain at some moment; published, it proves later that nothing before it was changed or cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Place of the last link.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Link {
    /// Gives an entry its place after the last link, or the first place.
    ///
    /// The time of receipt is cut to whole microseconds, the finest that every database keeps.
    pub fn next(previous: Option<&Link>, entry: &Entry, received: Timestamp) -> Link {
        let (seq, before) = match previous {
            Some(link) => (link.seq + 1, link.hash),
            None => (1, genesis(entry.course())),
        };
        let mut link = Link {
            seq,
            received: whole_microseconds(received),
            previous: before,
            header: Header::of(entry),
            entry: entry.hash(),
            hash: before,
        };
        link.hash = link.computed_hash(entry.course());
        link
    }

    /// Returns the hash that the link must have in a course.
    ///
    /// It is the SHA-256 of these lines, each with a line feed at its end; hashes and ids in lower case, the time in UTC
    /// with six digits after the point:
    ///
    /// ```text
    /// ldn journal link 1
    /// course 0197a3c0-5f00-7000-8000-000000000001
    /// seq 1
    /// received 2026-01-05T20:30:01.000000Z
    /// previous 8d…
    /// id 0197a3c0-5f00-7000-8000-000000000002
    /// author 0197a3c0-5f00-7000-8000-000000000003
    /// role patient
    /// day 2026-01-05
    /// entry 41…
    /// ```
    pub fn computed_hash(&self, course: CourseId) -> Hash {
        Hash::of(self.hashed_text(course).as_bytes())
    }

    /// Returns the lines that its hash is computed from.
    pub fn hashed_text(&self, course: CourseId) -> String {
        let Link { seq, received, previous, header, entry, .. } = self;
        let Header { id, author, role, day } = header;
        format!(
            "ldn journal link 1\ncourse {course}\nseq {seq}\nreceived {received:.6}\nprevious {previous}\n\
             id {id}\nauthor {author}\nrole {role}\nday {day}\nentry {entry}\n"
        )
    }

    /// Returns the head of the chain that ends with it.
    pub const fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

impl Header {
    /// Returns what stays readable of an entry.
    pub fn of(entry: &Entry) -> Header {
        Header { id: entry.id(), author: entry.author(), role: entry.role(), day: entry.day() }
    }
}

/// Returns what stands before the first link of a course: the SHA-256 of two lines, "ldn journal genesis 1" and
/// "course" with the id.
pub fn genesis(course: CourseId) -> Hash {
    Hash::of(format!("ldn journal genesis 1\ncourse {course}\n").as_bytes())
}

/// Cuts an instant to whole microseconds, downwards.
fn whole_microseconds(instant: Timestamp) -> Timestamp {
    let below = instant.as_microsecond();
    let cut = Timestamp::from_microsecond(below).unwrap_or(Timestamp::MIN);
    if cut <= instant { cut } else { Timestamp::from_microsecond(below - 1).unwrap_or(Timestamp::MIN) }
}
