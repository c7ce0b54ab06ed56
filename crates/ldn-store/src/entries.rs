//! Entries in their tables: one row is a link of the chain in clear and the entry sealed.

use ldn_core::ids::{AccountId, CourseId, EntryId, PersonId};
use ldn_core::journal::{Entry, Hash, Head, Header, Link};
use uuid::Uuid;

use crate::StoreError;
use crate::crypt::{PersonKey, Place};
use crate::database::{Engine, Transaction};
use crate::people;
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
    key: PersonKey,
    /// How long it was when it was locked.
    n_before: u64,
    pub(crate) last: Option<Link>,
}

/// A row of `entries` without the sealed part, as the driver reads it.
type LinkRow = (i64, Uuid, i64, Uuid, String, String, Vec<u8>, Vec<u8>, Vec<u8>);

/// A whole row of `entries`.
pub(crate) type EntryRow = (i64, Uuid, i64, Uuid, String, String, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

const COURSE: &str = "SELECT person, n_entries, head FROM courses WHERE id = $1";
/// The same, and nobody else appends to the course until we commit. SQLite locks the whole file instead.
const COURSE_LOCKED: &str = "SELECT person, n_entries, head FROM courses WHERE id = $1 FOR UPDATE";

/// Locks a course and reads what is needed to append to it.
///
/// Statements of their own, because what is read beside the lock would be as old as the wait for it.
///
/// # Errors
/// [`StoreError::NoCourse`], [`StoreError::Erased`], [`StoreError::Unsealable`]; [`StoreError::Damaged`] if the last
/// row is not the one that the course knows as its head: nothing is appended to a damaged chain.
pub(crate) async fn open_course(
    vault: &Vault,
    transaction: &mut Transaction,
    course: CourseId,
) -> Result<OpenCourse, StoreError> {
    let statement = match transaction.engine() {
        Engine::Sqlite => COURSE,
        Engine::Postgres => COURSE_LOCKED,
    };
    let row: Option<(Uuid, i64, Vec<u8>)> = per_engine!(&mut *transaction, connection =>
        sqlx::query_as(statement).bind(course.uuid()).fetch_optional(connection).await)
    .map_err(StoreError::engine("locking a course"))?;
    let (person, n_entries, head) = row.ok_or(StoreError::NoCourse { course })?;
    let key = people::key(vault, transaction, PersonId::from_uuid(person)).await?;
    let last = last_link(transaction, course, n_entries).await?;
    let last_hash = last.map_or_else(|| ldn_core::journal::genesis(course), |link| link.hash);
    if head != last_hash.as_bytes() {
        let damage = format!("entry {n_entries} is not the one that the course knows as its last");
        return Err(StoreError::Damaged { course, damage });
    }
    Ok(OpenCourse { course, key, n_before: last.map_or(0, |link| link.seq), last })
}

async fn last_link(
    transaction: &mut Transaction,
    course: CourseId,
    n_entries: i64,
) -> Result<Option<Link>, StoreError> {
    if n_entries == 0 {
        return Ok(None);
    }
    let row: Option<LinkRow> = per_engine!(transaction, connection => sqlx::query_as(
        "SELECT seq, id, received_us, author, role, day, entry_hash, previous, hash
         FROM entries WHERE course = $1 AND seq = $2",
    )
    .bind(course.uuid())
    .bind(n_entries)
    .fetch_optional(connection)
    .await)
    .map_err(StoreError::engine("reading the last entry of a course"))?;
    row.map(link).transpose()
}

/// Stores an entry at the place of its link; false, and nothing changed, if its id is taken.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    course: &OpenCourse,
    link: &Link,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let place = Place::Entry { course: course.course, id: entry.id(), seq: link.seq };
    let body = course.key.seal(&place, entry.as_bytes())?;
    let done = per_engine!(transaction, connection => sqlx::query(
        "INSERT INTO entries
             (course, seq, id, received_us, author, role, day, entry_hash, previous, hash, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(course.course.uuid())
    .bind(place_number(link.seq)?)
    .bind(entry.id().uuid())
    .bind(to_micros(link.received))
    .bind(entry.author().uuid())
    .bind(entry.role().word())
    .bind(entry.day().to_string())
    .bind(link.entry.as_bytes().as_slice())
    .bind(link.previous.as_bytes().as_slice())
    .bind(link.hash.as_bytes().as_slice())
    .bind(body)
    .execute(connection)
    .await
    .map(|done| done.rows_affected()))
    .map_err(StoreError::engine("storing an entry"))?;
    Ok(done == 1)
}

/// Compares an entry with the stored one that has its id.
pub(crate) async fn compare(transaction: &mut Transaction, sent: &Link) -> Result<Appended, StoreError> {
    let (seq, stored): (i64, Vec<u8>) = per_engine!(transaction, connection =>
        sqlx::query_as("SELECT seq, entry_hash FROM entries WHERE id = $1")
            .bind(sent.header.id.uuid())
            .fetch_one(connection)
            .await)
    .map_err(StoreError::engine("comparing an entry with the stored one"))?;
    // The hash covers the course, so the same hash is the same entry of the same course.
    if stored == sent.entry.as_bytes() {
        Ok(Appended::Known { seq: number(seq, "entries.seq")? })
    } else {
        Ok(Appended::Conflict)
    }
}

/// Writes the new end of a course into its row, if anything was appended.
pub(crate) async fn record_head(
    transaction: &mut Transaction,
    course: &OpenCourse,
) -> Result<(), StoreError> {
    let Some(last) = course.last.filter(|link| link.seq > course.n_before) else { return Ok(()) };
    per_engine!(transaction, connection => sqlx::query("UPDATE courses SET n_entries = $2, head = $3 WHERE id = $1")
        .bind(course.course.uuid())
        .bind(place_number(last.seq)?)
        .bind(last.hash.as_bytes().as_slice())
        .execute(connection)
        .await
        .map(drop))
    .map_err(StoreError::engine("storing the head of a course"))
}

/// Reads a link from its columns.
fn link(row: LinkRow) -> Result<Link, StoreError> {
    let (seq, id, received_us, author, role, day, entry, previous, hash) = row;
    let header = Header {
        id: EntryId::from_uuid(id).map_err(|_| unreadable("entries.id", id, "a UUID of version 7"))?,
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
