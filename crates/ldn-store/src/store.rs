//! The handle of a store.

use std::sync::Arc;

use jiff::Timestamp;
use ldn_core::journal::Entry;
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;
use crate::crypt::SiteKey;
use crate::database::{Database, Transaction, without_password};
use crate::entries::Appended;
use crate::timestamp::to_micros;
use crate::writer::{self, Request};

/// How many appends may wait before the next caller waits, too.
const QUEUE: usize = 1024;

/// A store of courses, open with its site key. Clones share one writer and one pool of connections.
#[derive(Clone)]
pub struct Store {
    vault: Arc<Vault>,
    requests: mpsc::Sender<Request>,
}

/// The database and the key that opens what is sealed in it.
pub(crate) struct Vault {
    pub(crate) database: Database,
    pub(crate) site_key: SiteKey,
}

impl Store {
    /// Creates a store: the file and the schema where they are missing, and the mark of the site key.
    ///
    /// Must be called inside a tokio runtime, which then runs the writer. `url` is a path such as `ldn.db` or
    /// `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::AlreadyAStore`], [`StoreError::HalfRestored`]; otherwise as [`Database::create`].
    pub async fn create(url: &str, site_key: SiteKey, created: Timestamp) -> Result<Store, StoreError> {
        let database = Database::create(url).await?;
        refuse_half_restored(&database, url).await?;
        mark(&database, &site_key, created, url).await?;
        Ok(Store::start(database, site_key))
    }

    /// Opens a store with the site key that it was created with, and brings its schema up to date.
    ///
    /// Must be called inside a tokio runtime, which then runs the writer.
    ///
    /// # Errors
    /// [`StoreError::WrongSiteKey`], [`StoreError::NotAStore`]; otherwise as [`Database::open`].
    pub async fn open(url: &str, site_key: SiteKey) -> Result<Store, StoreError> {
        Store::open_database(Database::open(url).await?, site_key, url).await
    }

    /// Makes a store of an open database. For tests that open the database in a special way.
    #[doc(hidden)]
    pub async fn open_database(
        database: Database,
        site_key: SiteKey,
        url: &str,
    ) -> Result<Store, StoreError> {
        let mut transaction = database.read().await?;
        let check = key_check(&mut transaction).await?;
        transaction.rollback().await?;
        match check {
            None => Err(StoreError::NotAStore { place: without_password(url) }),
            Some(check) if site_key.fits(&check) => Ok(Store::start(database, site_key)),
            Some(_) => Err(StoreError::WrongSiteKey),
        }
    }

    /// Makes a store of a database that has no mark of its site key yet, to verify what was restored into it.
    pub(crate) fn unmarked(database: Database, site_key: SiteKey) -> Store {
        Store::start(database, site_key)
    }

    fn start(database: Database, site_key: SiteKey) -> Store {
        let vault = Arc::new(Vault { database, site_key });
        let (requests, inbox) = mpsc::channel(QUEUE);
        tokio::spawn(writer::run(Arc::clone(&vault), inbox));
        Store { vault, requests }
    }

    /// Appends entries to their courses, in this order, in one transaction; when it returns, they are on the disk.
    ///
    /// The answers stand in the order of the entries. Sending an entry again is harmless, and an entry whose id is
    /// taken by another changes nothing: see [`Appended`]. Appends that arrive while the disk is busy share one
    /// transaction, so many callers cost as few syncs as one. If the caller stops waiting, the entries may still be
    /// stored.
    ///
    /// # Errors
    /// [`StoreError::NoCourse`] or [`StoreError::Erased`] if that is true of any course named, or
    /// [`StoreError::Engine`]; nothing of the call is stored then.
    pub async fn append(&self, entries: &[Entry], received: Timestamp) -> Result<Vec<Appended>, StoreError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let request = Request { entries: entries.to_vec(), received, answer };
        self.requests.send(request).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Asks the engine for one row, and the writer whether it still takes entries: whether a request could be served.
    ///
    /// # Errors
    /// [`StoreError::Engine`], [`StoreError::Closed`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        if self.requests.is_closed() {
            return Err(StoreError::Closed);
        }
        let mut transaction = self.vault.database.read().await?;
        let asked: Result<(i64,), sqlx::Error> = per_engine!(&mut transaction, connection => {
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM site").fetch_one(connection).await
        });
        asked.map(drop).map_err(StoreError::engine("asking whether it answers"))
    }

    /// Closes the connections; on SQLite the log is written back into the file. Await every append first.
    pub async fn close(&self) {
        self.vault.database.close().await;
    }

    /// Returns the database, for what stands beside the journal: accounts, grants, the trail.
    pub fn database(&self) -> &Database {
        &self.vault.database
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.vault.database.engine()).finish_non_exhaustive()
    }
}

/// Refuses a database with people and without the mark of a site key: a restore into it was interrupted, and under a new
/// key nothing in it could be read again.
async fn refuse_half_restored(database: &Database, url: &str) -> Result<(), StoreError> {
    let mut transaction = database.read().await?;
    let check = key_check(&mut transaction).await?;
    let (n_people,): (i64,) = per_engine!(&mut transaction, connection => {
        sqlx::query_as("SELECT COUNT(*) FROM people").fetch_one(connection).await
    })
    .map_err(StoreError::engine("looking for people in a new store"))?;
    transaction.rollback().await?;
    if check.is_none() && n_people > 0 {
        return Err(StoreError::HalfRestored { place: without_password(url) });
    }
    Ok(())
}

async fn mark(
    database: &Database,
    site_key: &SiteKey,
    created: Timestamp,
    url: &str,
) -> Result<(), StoreError> {
    let mut transaction = database.write().await?;
    let check = site_key.check()?;
    let marked = per_engine!(&mut transaction, connection => sqlx::query(
        "INSERT INTO site (id, created_us, key_check) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
    )
    .bind(to_micros(created))
    .bind(&check)
    .execute(connection)
    .await
    .map(|done| done.rows_affected()))
    .map_err(StoreError::engine("creating the store"))?;
    if marked == 0 {
        return Err(StoreError::AlreadyAStore { place: without_password(url) });
    }
    transaction.commit().await
}

async fn key_check(transaction: &mut Transaction) -> Result<Option<Vec<u8>>, StoreError> {
    per_engine!(transaction, connection => sqlx::query_as("SELECT key_check FROM site WHERE id = 1")
        .fetch_optional(connection)
        .await)
    .map(|row: Option<(Vec<u8>,)>| row.map(|(check,)| check))
    .map_err(StoreError::engine("reading the mark of the site key"))
}
