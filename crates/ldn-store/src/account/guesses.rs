//! The buckets of guesses in their table.

use jiff::Timestamp;
use ldn_core::journal::Hash;

use super::guess::Bucket;
use crate::database::{Database, Engine, Transaction};
use crate::error::StoreError;
use crate::timestamp::{from_micros, to_micros};

const READ: &str = "SELECT n_wrong, paused_us, last_us FROM guesses WHERE bucket = $1";
/// The same, locked until the transaction ends; SQLite locks the whole file instead.
const READ_LOCKED: &str = "SELECT n_wrong, paused_us, last_us FROM guesses WHERE bucket = $1 FOR UPDATE";

/// One bucket that a guess falls into, and how many guesses it lets pass freely.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub(super) bucket: Hash,
    pub(super) free: i64,
}

/// Counts a guess in all its buckets before it is looked at; if one of them pauses, in none, and says until when.
pub(super) async fn charge(
    database: &Database,
    buckets: &[Charge],
    now: Timestamp,
) -> Result<Result<(), Timestamp>, StoreError> {
    let mut writing = database.write().await?;
    // In the order of their names, so that two guesses never wait for each other.
    let mut buckets = buckets.to_vec();
    buckets.sort_unstable_by_key(|into| into.bucket);
    for into in &buckets {
        make(&mut writing, into.bucket, now).await?;
        let before = read(&mut writing, into.bucket, now).await?;
        match before.admit(into.free, now) {
            Ok(after) => write(&mut writing, into.bucket, after).await?,
            Err(paused_until) => {
                writing.rollback().await?;
                return Ok(Err(paused_until));
            }
        }
    }
    writing.commit().await?;
    Ok(Ok(()))
}

/// Empties a bucket after a success.
pub(super) async fn empty(transaction: &mut Transaction, bucket: Hash) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query("DELETE FROM guesses WHERE bucket = $1")
            .bind(bucket.as_bytes().to_vec())
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("forgetting wrong guesses"))
}

/// Takes one guess back that turned out right, and the pause with it if it caused one.
pub(super) async fn take_back(
    transaction: &mut Transaction,
    into: Charge,
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = read(transaction, into.bucket, now).await?;
    write(
        transaction,
        into.bucket,
        Bucket { n_wrong: (before.n_wrong - 1).max(0), paused_until: now, ..before },
    )
    .await
}

/// A row that is there can be locked.
async fn make(transaction: &mut Transaction, bucket: Hash, now: Timestamp) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query(
            "INSERT INTO guesses (bucket, n_wrong, paused_us, last_us) VALUES ($1, 0, $2, $2) \
             ON CONFLICT (bucket) DO NOTHING",
        )
        .bind(bucket.as_bytes().to_vec())
        .bind(to_micros(now))
        .execute(connection)
        .await
        .map(drop)
    })
    .map_err(StoreError::engine("counting a guess"))
}

async fn read(transaction: &mut Transaction, bucket: Hash, now: Timestamp) -> Result<Bucket, StoreError> {
    let statement = match transaction.engine() {
        Engine::Sqlite => READ,
        Engine::Postgres => READ_LOCKED,
    };
    let row: Option<(i64, i64, i64)> = per_engine!(transaction, connection => {
        sqlx::query_as(statement).bind(bucket.as_bytes().to_vec()).fetch_optional(connection).await
    })
    .map_err(StoreError::engine("counting a guess"))?;
    let Some((n_wrong, paused, last)) = row else { return Ok(Bucket::empty(now)) };
    Ok(Bucket {
        n_wrong,
        paused_until: from_micros(paused, "guesses.paused_us")?,
        last: from_micros(last, "guesses.last_us")?,
    })
}

async fn write(transaction: &mut Transaction, bucket: Hash, state: Bucket) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query("UPDATE guesses SET n_wrong = $2, paused_us = $3, last_us = $4 WHERE bucket = $1")
            .bind(bucket.as_bytes().to_vec())
            .bind(state.n_wrong)
            .bind(to_micros(state.paused_until))
            .bind(to_micros(state.last))
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("counting a guess"))
}
