//! Finding what was done to a stored chain.

use std::collections::BTreeMap;
use std::fmt;

use super::chain::{Head, Header, Link, genesis};
use super::entry::{Entry, EntryError};
use super::hash::Hash;
use crate::ids::{CourseId, EntryId};

/// One stored row: a link, and the entry's stored form where it can still be read.
#[derive(Clone, Copy, Debug)]
pub struct Row<'store> {
    /// The link.
    pub link: &'store Link,
    /// The entry's stored form; `None` where it was erased.
    pub bytes: Option<&'store [u8]>,
}

/// A chain in which nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its end; `None` if it is empty.
    pub head: Option<Head>,
    /// How many entries were compared with their hash.
    pub readable: u64,
    /// How many entries were erased, so that only their place could be checked.
    pub erased: u64,
}

/// Something that was done to a chain after it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The place in the course where it shows.
    pub seq: u64,
    /// What was found.
    pub kind: DamageKind,
}

/// What was found in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// Rows are missing, up to and including this place.
    Missing {
        /// The last missing place.
        to: u64,
    },
    /// The row stands after a later one, or its place is taken twice.
    OutOfOrder,
    /// The link names another predecessor than the row before it: something was put in, taken out or exchanged.
    PreviousDiffers,
    /// The link's own content was changed.
    LinkEdited,
    /// The entry was changed.
    EntryEdited,
    /// The entry has the hash of its link and still cannot be read.
    EntryUnreadable(EntryError),
    /// The entry can be read, and is of another course, author, role, day or name than the link says.
    HeaderDiffers,
    /// The entry stands in the chain already.
    RepeatedEntry {
        /// Its name.
        id: EntryId,
        /// The place where it stood first.
        first: u64,
    },
    /// The chain ends before the published head.
    Truncated {
        /// The place of the published head.
        published: u64,
    },
    /// The chain reaches the published head and has another hash there: it was written anew.
    Rewritten {
        /// The published hash.
        published: Hash,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.seq, self.kind)
    }
}

impl fmt::Display for DamageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DamageKind::Missing { to } => write!(f, "missing, up to entry {to}"),
            DamageKind::OutOfOrder => f.write_str("stands after a later entry, or its place is taken twice"),
            DamageKind::PreviousDiffers => f.write_str("does not follow the entry before it"),
            DamageKind::LinkEdited => f.write_str("its place in the journal was edited"),
            DamageKind::EntryEdited => f.write_str("was edited"),
            DamageKind::EntryUnreadable(error) => write!(f, "is unchanged but unreadable: {error}"),
            DamageKind::HeaderDiffers => f.write_str("belongs to another course, author, role, day or name"),
            DamageKind::RepeatedEntry { id, first } => write!(f, "repeats {id} of entry {first}"),
            DamageKind::Truncated { published } => {
                write!(f, "is the last; the published head is {published}")
            }
            DamageKind::Rewritten { published } => {
                write!(f, "the journal was written anew; the published hash is {published}")
            }
        }
    }
}

/// Checks the chain of one course, rows in the order of their place.
///
/// Finds edits, deletions, insertions and reorderings of rows. That rows were cut off at the end, or that everything was
/// written anew, shows only against a head that somebody else holds. Rows without bytes are checked as far as their link
/// goes.
///
/// # Errors
/// Everything that was found, in the order of the rows; never empty.
pub fn verify<'store>(
    course: CourseId,
    rows: impl IntoIterator<Item = Row<'store>>,
    published: Option<Head>,
) -> Result<Verified, Vec<Damage>> {
    let mut walk = Walk::new(course);
    for row in rows {
        walk.step(row, published);
    }
    walk.finish(published)
}

struct Walk {
    course: CourseId,
    /// The largest place seen, with the hash of its link.
    last: Option<Head>,
    seen: BTreeMap<EntryId, u64>,
    readable: u64,
    erased: u64,
    damage: Vec<Damage>,
}

impl Walk {
    fn new(course: CourseId) -> Walk {
        Walk { course, last: None, seen: BTreeMap::new(), readable: 0, erased: 0, damage: Vec::new() }
    }

    fn step(&mut self, row: Row<'_>, published: Option<Head>) {
        let link = row.link;
        self.check_place(link);
        if link.hash != link.computed_hash(self.course) {
            self.note(link.seq, DamageKind::LinkEdited);
        }
        if let Some(first) = self.seen.insert(link.header.id, link.seq) {
            self.note(link.seq, DamageKind::RepeatedEntry { id: link.header.id, first });
        }
        self.check_entry(link, row.bytes);
        if let Some(head) = published
            && head.seq == link.seq
            && head.hash != link.hash
        {
            self.note(link.seq, DamageKind::Rewritten { published: head.hash });
        }
        if self.last.is_none_or(|last| link.seq > last.seq) {
            self.last = Some(link.head());
        }
    }

    fn check_place(&mut self, link: &Link) {
        let expected = self.last.map_or(1, |last| last.seq.saturating_add(1));
        if link.seq < expected {
            self.note(link.seq, DamageKind::OutOfOrder);
        } else if link.seq > expected {
            self.note(expected, DamageKind::Missing { to: link.seq - 1 });
        } else if link.previous != self.last.map_or_else(|| genesis(self.course), |last| last.hash) {
            self.note(link.seq, DamageKind::PreviousDiffers);
        }
    }

    fn check_entry(&mut self, link: &Link, bytes: Option<&[u8]>) {
        let Some(bytes) = bytes else {
            self.erased += 1;
            return;
        };
        self.readable += 1;
        if Hash::of(bytes) != link.entry {
            self.note(link.seq, DamageKind::EntryEdited);
            return;
        }
        match Entry::from_bytes(bytes) {
            Err(error) => self.note(link.seq, DamageKind::EntryUnreadable(error)),
            Ok(entry) if entry.course() != self.course || Header::of(&entry) != link.header => {
                self.note(link.seq, DamageKind::HeaderDiffers);
            }
            Ok(_) => {}
        }
    }

    fn finish(mut self, published: Option<Head>) -> Result<Verified, Vec<Damage>> {
        let end = self.last.map_or(0, |last| last.seq);
        if let Some(head) = published
            && head.seq > end
        {
            self.note(end, DamageKind::Truncated { published: head.seq });
        }
        if self.damage.is_empty() {
            Ok(Verified { head: self.last, readable: self.readable, erased: self.erased })
        } else {
            Err(self.damage)
        }
    }

    fn note(&mut self, seq: u64, kind: DamageKind) {
        self.damage.push(Damage { seq, kind });
    }
}
