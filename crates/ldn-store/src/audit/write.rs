//! Adding a row to the trail.

use ldn_core::journal::Hash;

use super::event::Event;
use super::row::{Head, Row};
use crate::account::secret::uuid_v7;
use crate::database::{Database, Transaction};
use crate::error::StoreError;

const LOCK_TIP: &str = "UPDATE audit_tip SET place = place + 1 WHERE id = 1 RETURNING place, hash";
const MOVE_TIP: &str = "UPDATE audit_tip SET hash = $1 WHERE id = 1";
const INSERT: &str = "INSERT INTO audit (place, id, at_us, account, role, course, action, subject, outcome, why, \
     before_hash, after_hash, request, previous, own) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

/// Adds an event to the trail inside the transaction of what it records: either both happen or neither.
///
/// Adding locks the end of the trail until the transaction ends, so call it last.
pub(crate) async fn append(transaction: &mut Transaction, event: &Event) -> Result<Head, StoreError> {
    let previous = lock_tip(transaction).await?;
    let row = Row::chained(event, uuid_v7(event.at)?, &previous);
    insert(transaction, &row).await?;
    let hash = row.hash();
    per_engine!(transaction, connection => {
        sqlx::query(MOVE_TIP).bind(hash.as_bytes().to_vec()).execute(connection).await.map(drop)
    })
    .map_err(StoreError::engine("moving the end of the audit trail"))?;
    Ok(Head { place: row.place, hash })
}

/// Records that something was refused, in a transaction of its own: what was refused has none.
pub(crate) async fn append_refusal(database: &Database, event: &Event) -> Result<(), StoreError> {
    let mut transaction = database.write().await?;
    append(&mut transaction, event).await?;
    transaction.commit().await
}

/// Returns the head so far and holds it until the transaction ends, so that two writers never get one place.
async fn lock_tip(transaction: &mut Transaction) -> Result<Head, StoreError> {
    let (place, hash): (i64, Vec<u8>) =
        per_engine!(transaction, connection => sqlx::query_as(LOCK_TIP).fetch_one(connection).await)
            .map_err(StoreError::engine("locking the end of the audit trail"))?;
    let hash = <[u8; 32]>::try_from(hash.as_slice()).map_err(|_| StoreError::Unreadable {
        place: "audit_tip.hash",
        found: format!("{} bytes", hash.len()),
        expected: "32 bytes",
    })?;
    Ok(Head { place: place - 1, hash: Hash(hash) })
}

async fn insert(transaction: &mut Transaction, row: &Row) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query(INSERT)
            .bind(row.place)
            .bind(row.id)
            .bind(row.at_us)
            .bind(row.account)
            .bind(row.role.as_deref())
            .bind(row.course)
            .bind(row.action.as_str())
            .bind(row.subject)
            .bind(row.outcome.as_str())
            .bind(row.why.as_str())
            .bind(row.before.as_deref())
            .bind(row.after.as_deref())
            .bind(row.request.as_str())
            .bind(row.previous.as_slice())
            .bind(row.own.as_slice())
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("adding to the audit trail"))
}
