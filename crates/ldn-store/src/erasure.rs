//! Erasing a person: their key is destroyed, and what was sealed under it is noise.

use jiff::Timestamp;
use ldn_core::ids::PersonId;
use uuid::Uuid;

use crate::database::{Database, Engine, Transaction};
use crate::timestamp::{from_micros, to_micros};
use crate::{Store, StoreError};

impl Store {
    /// Destroys the key of a person and enters the person in the list of erasures; true if there was a key.
    ///
    /// What was sealed under it stays, unreadable, so that the chains still verify. On SQLite the key's bytes are
    /// overwritten, and the write-ahead log that held them is emptied. On PostgreSQL the table of keys is rewritten,
    /// while the server's own log keeps the wrapped key until it recycles it; without the site key it opens nothing.
    ///
    /// A person that the store does not know is entered, too: so a list of erasures can be applied to an older backup.
    /// Doing it again is harmless, and keeps the first date.
    ///
    /// # Errors
    /// [`StoreError::LogNotEmptied`] if the key is destroyed but a reader kept the log from being emptied: do it again.
    pub async fn destroy_key(&self, person: PersonId, erased: Timestamp) -> Result<bool, StoreError> {
        let database = &self.vault().database;
        let mut transaction = database.write().await?;
        lock_courses(&mut transaction, person).await?;
        record(&mut transaction, person, erased).await?;
        let destroyed = destroy(&mut transaction, person).await?;
        transaction.commit().await?;
        scrub(database, person).await?;
        Ok(destroyed)
    }

    /// Returns who was erased and when, in the order of the ids.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if a row was changed from outside.
    pub async fn erasures(&self) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let rows: Vec<(Uuid, i64)> = per_engine!(&mut transaction, connection =>
            sqlx::query_as("SELECT person, erased_us FROM erasures ORDER BY person")
                .fetch_all(connection)
                .await)
        .map_err(StoreError::engine("reading the list of erasures"))?;
        rows.into_iter()
            .map(|(person, micros)| {
                Ok((PersonId::from_uuid(person), from_micros(micros, "erasures.erased_us")?))
            })
            .collect()
    }
}

/// Waits for appends that hold the key, on the engine where they may run beside us.
async fn lock_courses(transaction: &mut Transaction, person: PersonId) -> Result<(), StoreError> {
    if transaction.engine() == Engine::Sqlite {
        return Ok(());
    }
    per_engine!(transaction, connection =>
        sqlx::query("SELECT id FROM courses WHERE person = $1 ORDER BY id FOR UPDATE")
            .bind(person.uuid())
            .execute(connection)
            .await
            .map(drop))
    .map_err(StoreError::engine("locking the courses of a person"))
}

async fn record(
    transaction: &mut Transaction,
    person: PersonId,
    erased: Timestamp,
) -> Result<(), StoreError> {
    per_engine!(transaction, connection => sqlx::query(
        "INSERT INTO erasures (person, erased_us) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING",
    )
    .bind(person.uuid())
    .bind(to_micros(erased))
    .execute(connection)
    .await
    .map(drop))
    .map_err(StoreError::engine("entering an erasure"))
}

/// Overwrites the wrapped key in its place, then deletes the row.
async fn destroy(transaction: &mut Transaction, person: PersonId) -> Result<bool, StoreError> {
    let doing = StoreError::engine("destroying the key of a person");
    let Some(wrapped) = crate::people::wrapped_key(transaction, person).await? else { return Ok(false) };
    per_engine!(&mut *transaction, connection =>
        sqlx::query("UPDATE person_keys SET wrapped = $2 WHERE person = $1")
            .bind(person.uuid())
            .bind(vec![0_u8; wrapped.len()])
            .execute(connection)
            .await
            .map(drop))
    .map_err(&doing)?;
    per_engine!(transaction, connection => sqlx::query("DELETE FROM person_keys WHERE person = $1")
        .bind(person.uuid())
        .execute(connection)
        .await
        .map(drop))
    .map_err(&doing)?;
    Ok(true)
}

/// Removes copies of the key that the engine keeps beside the table.
async fn scrub(database: &Database, person: PersonId) -> Result<(), StoreError> {
    match database {
        Database::Sqlite { writer, .. } => {
            let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_one(writer)
                .await
                .map_err(StoreError::engine("emptying the write-ahead log"))?;
            if busy == 0 { Ok(()) } else { Err(StoreError::LogNotEmptied { person }) }
        }
        Database::Postgres(pool) => sqlx::query("VACUUM (FULL) person_keys")
            .execute(pool)
            .await
            .map(drop)
            .map_err(StoreError::engine("rewriting the table of keys")),
    }
}
