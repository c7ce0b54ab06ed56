//! Reading the trail, publishing its head, and verifying the stored one.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ldn_core::ids::{AccountId, CourseId};
use ldn_core::journal::Hash;
use sqlx::{ColumnIndex, Decode, Type};
use uuid::Uuid;

use super::event::{Action, Event, Outcome, RequestId, Why};
use super::row::{Head, Row};
use super::verify::{Damage, Verified, verify};
use super::write::append;
use crate::database::{Database, Transaction};
use crate::error::StoreError;

const COLUMNS_ALL: &str = "SELECT place, id, at_us, account, role, course, action, subject, outcome, why, \
     before_hash, after_hash, request, previous, own FROM audit ORDER BY place, id";
const COLUMNS_COURSE: &str = "SELECT place, id, at_us, account, role, course, action, subject, outcome, why, \
     before_hash, after_hash, request, previous, own FROM audit WHERE course = $1 ORDER BY place";
const COLUMNS_ACCOUNT: &str = "SELECT place, id, at_us, account, role, course, action, subject, outcome, why, \
     before_hash, after_hash, request, previous, own FROM audit WHERE account = $1 ORDER BY place";
const COLUMNS_RECENT: &str = "SELECT place, id, at_us, account, role, course, action, subject, outcome, why, \
     before_hash, after_hash, request, previous, own FROM audit ORDER BY place DESC LIMIT $1";

/// Returns the rows about one course, oldest first.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Unreadable`] for a damaged row: run [`verify_store`].
pub async fn of_course(database: &Database, course: CourseId) -> Result<Vec<Row>, StoreError> {
    let mut transaction = database.read().await?;
    let rows = per_engine!(&mut transaction, connection => {
        let found = sqlx::query(COLUMNS_COURSE).bind(course.uuid()).fetch_all(connection).await;
        found.map(|rows| rows.iter().map(read_row).collect())
    });
    readable(rows)
}

/// Returns what one account did, oldest first.
///
/// # Errors
/// As [`of_course`].
pub async fn by_account(database: &Database, account: AccountId) -> Result<Vec<Row>, StoreError> {
    let mut transaction = database.read().await?;
    let rows = per_engine!(&mut transaction, connection => {
        let found = sqlx::query(COLUMNS_ACCOUNT).bind(account.uuid()).fetch_all(connection).await;
        found.map(|rows| rows.iter().map(read_row).collect())
    });
    readable(rows)
}

/// Returns the newest rows, newest first.
///
/// # Errors
/// As [`of_course`].
pub async fn recent(database: &Database, n_rows: u32) -> Result<Vec<Row>, StoreError> {
    let mut transaction = database.read().await?;
    let rows = per_engine!(&mut transaction, connection => {
        let found = sqlx::query(COLUMNS_RECENT).bind(i64::from(n_rows)).fetch_all(connection).await;
        found.map(|rows| rows.iter().map(read_row).collect())
    });
    readable(rows)
}

/// Checks the whole stored trail against itself, against the heads that the store published, and against heads that
/// somebody else kept. Only the last can show that the end was cut off by somebody who owns the disk.
///
/// # Errors
/// [`StoreError`] if the trail cannot be read at all; damage is the inner error.
pub async fn verify_store(
    database: &Database,
    kept: &[Head],
) -> Result<Result<Verified, Vec<Damage>>, StoreError> {
    let mut transaction = database.read().await?;
    verify_in(&mut transaction, kept).await
}

pub(super) async fn verify_in(
    transaction: &mut Transaction,
    kept: &[Head],
) -> Result<Result<Verified, Vec<Damage>>, StoreError> {
    let found: Result<Vec<Result<Row, sqlx::Error>>, sqlx::Error> = per_engine!(transaction, connection => {
        let found = sqlx::query(COLUMNS_ALL).fetch_all(connection).await;
        found.map(|rows| rows.iter().map(read_row).collect())
    });
    let (rows, mut damages) = split(found.map_err(StoreError::engine("reading the audit trail"))?);
    let mut heads: Vec<Head> = published_in(transaction).await?.into_iter().map(|(_, head)| head).collect();
    heads.extend_from_slice(kept);
    let verdict = verify(&rows, &heads);
    let tip = tip_in(transaction).await?;
    let end = rows.last().and_then(Row::head).unwrap_or(Head::EMPTY);
    if tip != end {
        damages.push(Damage::Tip { noted: tip.place, end: end.place });
    }
    Ok(match verdict {
        Ok(verified) if damages.is_empty() => Ok(verified),
        Ok(_) => Err(damages),
        Err(found) => {
            damages.extend(found);
            Err(damages)
        }
    })
}

/// Publishes the head of the trail for the UTC day of `now`, once a day: the second call returns the first one's head.
///
/// Give [`Head::line`] to somebody who does not own the disk: print it on the report, send it to the pharmacist.
///
/// # Errors
/// [`StoreError`] of the engine.
pub async fn publish_head(
    database: &Database,
    now: Timestamp,
    request: &RequestId,
) -> Result<(Date, Head), StoreError> {
    let day = now.to_zoned(TimeZone::UTC).date();
    let mut transaction = database.write().await?;
    if let Some((_, head)) = published_in(&mut transaction).await?.into_iter().find(|(on, _)| *on == day) {
        return Ok((day, head));
    }
    let head = append(&mut transaction, &published_event(now, request)).await?;
    per_engine!(&mut transaction, connection => {
        sqlx::query("INSERT INTO audit_heads (day, place, hash) VALUES ($1, $2, $3)")
            .bind(day.to_string())
            .bind(head.place)
            .bind(head.hash.as_bytes().to_vec())
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("publishing the head of the audit trail"))?;
    transaction.commit().await?;
    Ok((day, head))
}

fn published_event(now: Timestamp, request: &RequestId) -> Event {
    Event {
        at: now,
        account: None,
        role: None,
        course: None,
        action: Action::PublishHead,
        subject: None,
        outcome: Outcome::Done,
        why: Why::Administration,
        before: None,
        after: None,
        request: request.clone(),
    }
}

/// Returns the heads that were published, oldest first.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Unreadable`].
pub async fn published_heads(database: &Database) -> Result<Vec<(Date, Head)>, StoreError> {
    let mut transaction = database.read().await?;
    published_in(&mut transaction).await
}

async fn published_in(transaction: &mut Transaction) -> Result<Vec<(Date, Head)>, StoreError> {
    let rows: Vec<(String, i64, Vec<u8>)> = per_engine!(transaction, connection => {
        sqlx::query_as("SELECT day, place, hash FROM audit_heads ORDER BY day").fetch_all(connection).await
    })
    .map_err(StoreError::engine("reading the published heads"))?;
    rows.into_iter()
        .map(|(day, place, hash)| Ok((read_day(&day)?, Head { place, hash: read_hash(&hash)? })))
        .collect()
}

async fn tip_in(transaction: &mut Transaction) -> Result<Head, StoreError> {
    let (place, hash): (i64, Vec<u8>) = per_engine!(transaction, connection => {
        sqlx::query_as("SELECT place, hash FROM audit_tip WHERE id = 1").fetch_one(connection).await
    })
    .map_err(StoreError::engine("reading the end of the audit trail"))?;
    Ok(Head { place, hash: read_hash(&hash)? })
}

fn read_day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable {
        place: "audit_heads.day",
        found: super::escaped(text),
        expected: "a day such as 2026-11-25",
    })
}

fn read_hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    <[u8; 32]>::try_from(bytes).map(Hash).map_err(|_| StoreError::Unreadable {
        place: "audit hash",
        found: format!("{} bytes", bytes.len()),
        expected: "32 bytes",
    })
}

/// Separates rows that can be read from damage.
fn split(found: Vec<Result<Row, sqlx::Error>>) -> (Vec<Row>, Vec<Damage>) {
    let mut rows = Vec::with_capacity(found.len());
    let mut damages = Vec::new();
    for (place, row) in (1..).zip(found) {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                damages.push(Damage::Unreadable { place, reason: super::escaped(&error.to_string()) })
            }
        }
    }
    (rows, damages)
}

fn readable(found: Result<Vec<Result<Row, sqlx::Error>>, sqlx::Error>) -> Result<Vec<Row>, StoreError> {
    let (rows, damages) = split(found.map_err(StoreError::engine("reading the audit trail"))?);
    match damages.into_iter().next() {
        None => Ok(rows),
        Some(damage) => Err(StoreError::Unreadable {
            place: "audit",
            found: damage.to_string(),
            expected: "a row as this program writes it",
        }),
    }
}

/// Reads a row of either engine without judging it.
fn read_row<R>(row: &R) -> Result<Row, sqlx::Error>
where
    R: sqlx::Row,
    for<'c> &'c str: ColumnIndex<R>,
    for<'c> i64: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Uuid: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> String: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Vec<u8>: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Option<Uuid>: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Option<String>: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Option<Vec<u8>>: Decode<'c, R::Database> + Type<R::Database>,
{
    Ok(Row {
        place: row.try_get("place")?,
        id: row.try_get("id")?,
        at_us: row.try_get("at_us")?,
        account: row.try_get("account")?,
        role: row.try_get("role")?,
        course: row.try_get("course")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        outcome: row.try_get("outcome")?,
        why: row.try_get("why")?,
        before: row.try_get("before_hash")?,
        after: row.try_get("after_hash")?,
        request: row.try_get("request")?,
        previous: row.try_get("previous")?,
        own: row.try_get("own")?,
    })
}
