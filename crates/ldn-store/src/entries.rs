//! Entries in their tables: one row is a link of the chain in clear and the entry sealed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, EntryId, PersonId};
use ldn_core::journal::{Entry, Hash, Head, Header, Link, genesis};
use uuid::Uuid;

use crate::StoreError;
use crate::crypt::{PersonKey, Place};
use crate::database::{Engine, Transaction};
use crate::rows::{Statement, chunks, select};
use crate::store::Vault;
use crate::timestamp::{from_micros, to_micros};

/// What became of one entry that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It was new and is stored; its place and the head of its course with it.
    New(Head),
    /// The very same entry is stored already, at this place.
    Known {
        /// Its place in the course.
        seq: u64,
    },
    /// Another entry has this id. That one stays, and this one was not stored; give it a new id and send it again.
    Conflict,
}

/// An entry as it is stored: with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place in the chain.
    pub link: Link,
    /// The entry.
    pub entry: Entry,
}

/// A course that is locked for appending.
pub(crate) struct OpenCourse {
    course: CourseId,
    person: PersonId,
    key: PersonKey,
    /// How long it was when it was locked.
    n_before: u64,
    pub(crate) last: Option<Link>,
}

/// An entry that is ready to be stored.
pub(crate) struct NewRow {
    link: Link,
    course: CourseId,
    body: Vec<u8>,
}

/// A row of `entries` without the sealed part, as the driver reads it.
type LinkRow = (i64, Uuid, i64, Uuid, String, String, Vec<u8>, Vec<u8>, Vec<u8>);

/// A whole row of `entries`.
pub(crate) type EntryRow = (i64, Uuid, i64, Uuid, String, String, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

/// A course with the person's wrapped key and erasure: id, person, number of entries, head, key, erased.
type CourseRow = (Uuid, Uuid, i64, Vec<u8>, Option<Vec<u8>>, Option<i64>);

/// The last link of a course: the course, then as [`LinkRow`].
type LastRow = (Uuid, i64, Uuid, i64, Uuid, String, String, Vec<u8>, Vec<u8>, Vec<u8>);

// Statements for many rows at once: a hop to the engine and back costs more than a row.
const LOCK: Statement = Statement::new("SELECT id FROM courses WHERE id IN ", 0, " ORDER BY id FOR UPDATE");
const COURSES: Statement = Statement::new(
    "SELECT c.id, c.person, c.n_entries, c.head, k.wrapped, x.erased_us FROM courses c
     LEFT JOIN person_keys k ON k.person = c.person
     LEFT JOIN erasures x ON x.person = c.person
     WHERE c.id IN ",
    0,
    "",
);
const LAST: Statement = Statement::new(
    "SELECT e.course, e.seq, e.id, e.received_us, e.author, e.role, e.day, e.entry_hash, e.previous, e.hash
     FROM courses c JOIN entries e ON e.course = c.id AND e.seq = c.n_entries WHERE c.id IN ",
    0,
    "",
);
const KNOWN: Statement = Statement::new("SELECT id, seq, entry_hash FROM entries WHERE id IN ", 0, "");
const INSERT: Statement = Statement::new(
    "INSERT INTO entries
         (course, seq, id, received_us, author, role, day, entry_hash, previous, hash, body) VALUES ",
    11,
    "",
);
/// Each of these courses is there, so this only updates.
const RECORD: Statement = Statement::new(
    "INSERT INTO courses (id, person, n_entries, head) VALUES ",
    4,
    " ON CONFLICT (id) DO UPDATE SET n_entries = excluded.n_entries, head = excluded.head",
);

/// Locks courses, in the order of their ids, and reads what is needed to append to them.
///
/// The lock is a statement of its own, because what is read beside it would be as old as the wait for it. A course that
/// cannot be appended to has its reason: [`StoreError::NoCourse`], [`StoreError::Erased`], [`StoreError::Unsealable`];
/// [`StoreError::Damaged`] if the last row is not the one that the course knows as its head.
pub(crate) async fn open_courses(
    vault: &Vault,
    transaction: &mut Transaction,
    courses: &BTreeSet<CourseId>,
) -> Result<BTreeMap<CourseId, Result<OpenCourse, StoreError>>, StoreError> {
    let ids: Vec<Uuid> = courses.iter().map(|course| course.uuid()).collect();
    if transaction.engine() == Engine::Postgres {
        let _: Vec<(Uuid,)> = select(transaction, LOCK, &ids, "locking courses").await?;
    }
    let rows: Vec<CourseRow> = select(transaction, COURSES, &ids, "reading courses").await?;
    let last: Vec<LastRow> = select(transaction, LAST, &ids, "reading the last entries of courses").await?;
    let mut last: BTreeMap<Uuid, LinkRow> = last.into_iter().map(split_course).collect();
    let mut opened: BTreeMap<_, _> =
        courses.iter().map(|&course| (course, Err(StoreError::NoCourse { course }))).collect();
    for row in rows {
        let last = last.remove(&row.0);
        opened.insert(CourseId::from_uuid(row.0), read_course(vault, row, last));
    }
    Ok(opened)
}

/// Locks one course and reads what is needed to append to it.
///
/// # Errors
/// As the reasons of [`open_courses`].
pub(crate) async fn open_course(
    vault: &Vault,
    transaction: &mut Transaction,
    course: CourseId,
) -> Result<OpenCourse, StoreError> {
    let mut opened = open_courses(vault, transaction, &[course].into()).await?;
    opened.remove(&course).unwrap_or(Err(StoreError::NoCourse { course }))
}

fn split_course(row: LastRow) -> (Uuid, LinkRow) {
    let (course, seq, id, received_us, author, role, day, entry, previous, hash) = row;
    (course, (seq, id, received_us, author, role, day, entry, previous, hash))
}

fn read_course(vault: &Vault, row: CourseRow, last: Option<LinkRow>) -> Result<OpenCourse, StoreError> {
    let (course, person, n_entries, head, wrapped, erased_us) = row;
    let (course, person) = (CourseId::from_uuid(course), PersonId::from_uuid(person));
    let key = match (wrapped, erased_us) {
        (_, Some(micros)) => {
            return Err(StoreError::Erased { person, erased: from_micros(micros, "erasures.erased_us")? });
        }
        (None, None) => return Err(StoreError::NoPerson { person }),
        (Some(wrapped), None) => vault.site_key.unwrap(&wrapped, person)?,
    };
    let last = last.map(link).transpose()?;
    let (n_before, last_hash) = last.map_or((0, genesis(course)), |link| (link.seq, link.hash));
    if head != last_hash.as_bytes() || number(n_entries, "courses.n_entries")? != n_before {
        let damage = format!("entry {n_entries} is not the one that the course knows as its last");
        return Err(StoreError::Damaged { course, damage });
    }
    Ok(OpenCourse { course, person, key, n_before, last })
}

impl OpenCourse {
    /// Gives an entry the next place, and seals it for there.
    pub(crate) fn next(&mut self, entry: &Entry, received: Timestamp) -> Result<NewRow, StoreError> {
        let link = Link::next(self.last.as_ref(), entry, received);
        let row = self.row(&link, entry)?;
        self.last = Some(link);
        Ok(row)
    }

    fn row(&self, link: &Link, entry: &Entry) -> Result<NewRow, StoreError> {
        let place = Place::Entry { course: self.course, id: entry.id(), seq: link.seq };
        let body = self.key.seal(&place, entry.as_bytes())?;
        Ok(NewRow { link: *link, course: self.course, body })
    }
}

impl NewRow {
    /// Returns its place in the chain.
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }
}

/// Finds which of these ids are taken, by which place and hash.
pub(crate) async fn known(
    transaction: &mut Transaction,
    ids: &BTreeSet<EntryId>,
) -> Result<BTreeMap<EntryId, (u64, Hash)>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, i64, Vec<u8>)> =
        select(transaction, KNOWN, &ids, "looking for entries that are known").await?;
    rows.into_iter()
        .map(|(id, seq, entry_hash)| {
            let place = (number(seq, "entries.seq")?, hash(&entry_hash, "entries.entry_hash")?);
            Ok((entry_id(id)?, place))
        })
        .collect()
}

/// Stores new entries.
pub(crate) async fn insert_all(transaction: &mut Transaction, rows: &[NewRow]) -> Result<(), StoreError> {
    let engine = transaction.engine();
    for rows in chunks(rows) {
        let seqs =
            rows.iter().map(|row| place_number(row.link.seq)).collect::<Result<Vec<i64>, StoreError>>()?;
        per_engine!(&mut *transaction, connection => {
            let mut query = sqlx::query(INSERT.of(engine, rows.len()));
            for (row, seq) in rows.iter().zip(seqs) {
                let Link { received, previous, header, entry, hash, .. } = &row.link;
                query = query
                    .bind(row.course.uuid())
                    .bind(seq)
                    .bind(header.id.uuid())
                    .bind(to_micros(*received))
                    .bind(header.author.uuid())
                    .bind(header.role.word())
                    .bind(header.day.to_string())
                    .bind(entry.as_bytes().as_slice())
                    .bind(previous.as_bytes().as_slice())
                    .bind(hash.as_bytes().as_slice())
                    .bind(row.body.as_slice());
            }
            query.execute(connection).await.map(drop)
        })
        .map_err(StoreError::engine("storing entries"))?;
    }
    Ok(())
}

/// Stores one entry at the place of its link; false, and nothing changed, if its id is taken.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    course: &OpenCourse,
    link: &Link,
    entry: &Entry,
) -> Result<bool, StoreError> {
    if !known(transaction, &[entry.id()].into()).await?.is_empty() {
        return Ok(false);
    }
    insert_all(transaction, &[course.row(link, entry)?]).await?;
    Ok(true)
}

/// Writes the new end of a course into its row, if anything was appended.
pub(crate) async fn record_head(
    transaction: &mut Transaction,
    course: &OpenCourse,
) -> Result<(), StoreError> {
    record_heads(transaction, std::iter::once(course)).await
}

/// Writes the new ends of courses into their rows, where anything was appended.
pub(crate) async fn record_heads(
    transaction: &mut Transaction,
    courses: impl Iterator<Item = &OpenCourse>,
) -> Result<(), StoreError> {
    let mut ends = Vec::new();
    for course in courses {
        if let Some(last) = course.last.filter(|link| link.seq > course.n_before) {
            ends.push((course.course, course.person, place_number(last.seq)?, last.hash));
        }
    }
    let engine = transaction.engine();
    for ends in chunks(&ends) {
        per_engine!(&mut *transaction, connection => {
            let mut query = sqlx::query(RECORD.of(engine, ends.len()));
            for (course, person, n_entries, head) in ends {
                query = query
                    .bind(course.uuid())
                    .bind(person.uuid())
                    .bind(n_entries)
                    .bind(head.as_bytes().as_slice());
            }
            query.execute(connection).await.map(drop)
        })
        .map_err(StoreError::engine("storing the heads of courses"))?;
    }
    Ok(())
}

/// Reads a link from its columns.
fn link(row: LinkRow) -> Result<Link, StoreError> {
    let (seq, id, received_us, author, role, day, entry, previous, hash) = row;
    let header = Header {
        id: entry_id(id)?,
        author: AccountId::from_uuid(author),
        role: role.parse().map_err(|_| unreadable("entries.role", &role, "a role"))?,
        day: day.parse().map_err(|_| unreadable("entries.day", &day, "a day such as 2026-01-05"))?,
    };
    Ok(Link {
        seq: number(seq, "entries.seq")?,
        received: from_micros(received_us, "entries.received_us")?,
        previous: self::hash(&previous, "entries.previous")?,
        header,
        entry: self::hash(&entry, "entries.entry_hash")?,
        hash: self::hash(&hash, "entries.hash")?,
    })
}

/// Reads a whole row: the link, and the sealed entry.
pub(crate) fn link_and_body(row: EntryRow) -> Result<(Link, Vec<u8>), StoreError> {
    let (seq, id, received_us, author, role, day, entry, previous, hash, body) = row;
    Ok((link((seq, id, received_us, author, role, day, entry, previous, hash))?, body))
}

fn entry_id(id: Uuid) -> Result<EntryId, StoreError> {
    EntryId::from_uuid(id).map_err(|_| unreadable("entries.id", id, "a UUID of version 7"))
}

/// Reads a stored hash.
pub(crate) fn hash(bytes: &[u8], place: &'static str) -> Result<Hash, StoreError> {
    <[u8; 32]>::try_from(bytes)
        .map(Hash)
        .map_err(|_| unreadable(place, format!("{} bytes", bytes.len()), "a hash of 32 bytes"))
}

/// Reads a stored place or count.
pub(crate) fn number(stored: i64, place: &'static str) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| unreadable(place, stored, "a number that is not negative"))
}

fn place_number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| unreadable("entries.seq", seq, "fewer than 2^63 entries"))
}

fn unreadable(place: &'static str, found: impl ToString, expected: &'static str) -> StoreError {
    let found = found.to_string().chars().take(60).collect();
    StoreError::Unreadable { place, found, expected }
}
