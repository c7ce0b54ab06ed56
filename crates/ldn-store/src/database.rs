//! The two engines behind one type, and the transactions that everything runs in.
//!
//! SQL is written once, in the subset that both engines share, with `$1` for parameters. [`per_engine!`] repeats an
//! expression per engine, so each statement is compiled against both drivers; every test of the store runs on both.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Postgres, SqlSafeStr, Sqlite};

use crate::StoreError;

/// How long a writer waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(5);

/// Connections that only read; SQLite serves them while the writer writes.
const READERS: u32 = 4;

/// Connections to a PostgreSQL server.
const POSTGRES_CONNECTIONS: u32 = 8;

/// The migrations of SQLite and PostgreSQL: number, name, and the statements for each.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[(
    1,
    "first schema",
    include_str!("../migrations/sqlite/0001_first_schema.sql"),
    include_str!("../migrations/postgres/0001_first_schema.sql"),
)];

/// Which engine keeps a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file on this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database with the newest schema.
#[derive(Clone, Debug)]
pub enum Database {
    /// One file on this machine.
    Sqlite {
        /// One connection: SQLite has one writer at a time, and so writers queue here in order.
        writer: SqlitePool,
        /// Connections that cannot write.
        readers: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// Repeats an expression per engine, with the connection of a [`Transaction`] under the given name.
///
/// ```text
/// per_engine!(transaction, connection => sqlx::query(SQL).bind(id).execute(connection).await.map(drop))
/// ```
macro_rules! per_engine {
    ($transaction:expr, $connection:ident => $body:expr) => {
        match $transaction {
            $crate::database::Transaction::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
            $crate::database::Transaction::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}

/// A transaction on either engine; dropped without [`Transaction::commit`], nothing of it happened.
pub(crate) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Database {
    /// Opens a database by its address, creates the file if there is none, and brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Url`], [`StoreError::File`], [`StoreError::Engine`], [`StoreError::Migration`],
    /// [`StoreError::NotDurable`].
    pub async fn create(url: &str) -> Result<Database, StoreError> {
        if let Address::File(path) = Address::parse(url) {
            create_private(path)?;
        }
        Database::open(url).await
    }

    /// Opens a database by its address (`ldn.db`, `sqlite:ldn.db` or `postgres://…`) and brings the schema up to date.
    ///
    /// # Errors
    /// As [`Database::create`]; [`StoreError::Missing`] if there is no such file.
    pub async fn open(url: &str) -> Result<Database, StoreError> {
        Database::open_with(url, SqliteSynchronous::Full).await
    }

    /// Opens a SQLite file so that it may lose acknowledged commits when the power fails.
    ///
    /// Exists for one purpose: a test of power loss that never loses anything proves nothing, unless the same test
    /// sees the loss here.
    ///
    /// # Errors
    /// As [`Database::open`].
    #[doc(hidden)]
    pub async fn open_that_may_lose_commits(url: &str) -> Result<Database, StoreError> {
        Database::open_with(url, SqliteSynchronous::Normal).await
    }

    async fn open_with(url: &str, synchronous: SqliteSynchronous) -> Result<Database, StoreError> {
        let database = match Address::parse(url) {
            Address::File(path) => open_sqlite(path, synchronous).await?,
            Address::Server(url) => open_postgres(url).await?,
        };
        database.migrate(&without_password(url)).await?;
        Ok(database)
    }

    /// Returns which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Database::Sqlite { .. } => Engine::Sqlite,
            Database::Postgres(_) => Engine::Postgres,
        }
    }

    /// Begins a transaction that may write; on SQLite it holds the write lock from the start.
    pub(crate) async fn write(&self) -> Result<Transaction, StoreError> {
        let begun = match self {
            Database::Sqlite { writer, .. } => {
                writer.begin_with("BEGIN IMMEDIATE").await.map(Transaction::Sqlite)
            }
            Database::Postgres(pool) => pool.begin().await.map(Transaction::Postgres),
        };
        begun.map_err(StoreError::engine("beginning to write"))
    }

    /// Begins a transaction that sees one state of the database and cannot write.
    pub(crate) async fn read(&self) -> Result<Transaction, StoreError> {
        let begun = match self {
            Database::Sqlite { readers, .. } => readers.begin().await.map(Transaction::Sqlite),
            Database::Postgres(pool) => pool
                .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .await
                .map(Transaction::Postgres),
        };
        begun.map_err(StoreError::engine("beginning to read"))
    }

    /// Closes all connections; on SQLite the last one writes the log back into the file.
    pub async fn close(&self) {
        match self {
            Database::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }

    async fn migrate(&self, place: &str) -> Result<(), StoreError> {
        let migrator = self.migrator();
        let migrated = match self {
            Database::Sqlite { writer, .. } => migrator.run(writer).await,
            Database::Postgres(pool) => migrator.run(pool).await,
        };
        migrated.map_err(|source| StoreError::Migration { place: place.to_owned(), source: Arc::new(source) })
    }

    fn migrator(&self) -> Migrator {
        let migrations = MIGRATIONS.iter().map(|&(number, name, sqlite, postgres)| {
            let statements = match self.engine() {
                Engine::Sqlite => sqlite,
                Engine::Postgres => postgres,
            };
            Migration::new(number, name.into(), MigrationType::Simple, statements.into_sql_str(), false)
        });
        Migrator::with_migrations(migrations.collect())
    }
}

impl Transaction {
    /// Commits: when this returns, the engine has synced.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let committed = match self {
            Transaction::Sqlite(transaction) => transaction.commit().await,
            Transaction::Postgres(transaction) => transaction.commit().await,
        };
        committed.map_err(StoreError::engine("committing"))
    }

    /// Rolls back and waits until that is done.
    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        let undone = match self {
            Transaction::Sqlite(transaction) => transaction.rollback().await,
            Transaction::Postgres(transaction) => transaction.rollback().await,
        };
        undone.map_err(StoreError::engine("rolling back"))
    }

    /// Returns which engine this runs on.
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Transaction::Sqlite(_) => Engine::Sqlite,
            Transaction::Postgres(_) => Engine::Postgres,
        }
    }
}

enum Address<'a> {
    File(&'a Path),
    Server(&'a str),
}

impl Address<'_> {
    fn parse(url: &str) -> Address<'_> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Address::Server(url);
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
        Address::File(Path::new(path))
    }
}

/// Returns the number of the newest migration.
pub(crate) fn newest_schema() -> i64 {
    MIGRATIONS.iter().map(|(number, ..)| *number).max().unwrap_or(0)
}

/// Returns the path of an address that is a file; `None` for a server.
pub(crate) fn file_path(url: &str) -> Option<&Path> {
    match Address::parse(url) {
        Address::File(path) => Some(path),
        Address::Server(_) => None,
    }
}

/// Returns an address as it may be shown: what stands between `:` and `@`, and every parameter, is left out.
pub(crate) fn without_password(url: &str) -> String {
    let Address::Server(url) = Address::parse(url) else { return url.to_owned() };
    match PgConnectOptions::from_str(url) {
        Ok(options) => format!(
            "postgres://{}@{}/{}",
            options.get_username(),
            options.get_host(),
            options.get_database().unwrap_or_default()
        ),
        Err(_) => "postgres://…".to_owned(),
    }
}

/// Creates an empty file that only its owner can read, unless there is a file.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(StoreError::File { path: path.display().to_string(), source: Arc::new(source) }),
    }
}

async fn open_sqlite(path: &Path, synchronous: SqliteSynchronous) -> Result<Database, StoreError> {
    if !path.exists() {
        return Err(StoreError::Missing { path: path.display().to_string() });
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // Deleted rows are overwritten with zeros; erasing a person relies on it.
        .pragma("secure_delete", "ON")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let opening = StoreError::engine("opening the database file");
    let writer = pool_of(1).connect_with(options.clone()).await.map_err(&opening)?;
    let readers = pool_of(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Database::Sqlite { writer, readers })
}

/// A pool that gives a connection up when it does not know whether a transaction is open.
///
/// After a full disk or an I/O error SQLite has rolled back by itself, and the driver still counts the transaction: the
/// connection would refuse to begin another one for ever.
fn pool_of(n_connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(n_connections)
        // Returning a connection waits for its rollback; taking it need not ask the file again whether it is there.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
}

async fn open_postgres(url: &str) -> Result<Database, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Url { url: without_password(url) })?
        .options([("synchronous_commit", "on"), ("lock_timeout", "5s")])
        .application_name("ldn");
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .connect_with(options)
        .await
        .map_err(StoreError::engine("connecting to the PostgreSQL server"))?;
    for (setting, question) in [("fsync", "SHOW fsync"), ("full_page_writes", "SHOW full_page_writes")] {
        let (found,): (String,) = sqlx::query_as(question)
            .fetch_one(&pool)
            .await
            .map_err(StoreError::engine("asking the server whether it is durable"))?;
        if found != "on" {
            return Err(StoreError::NotDurable { setting, found, expected: "on" });
        }
    }
    Ok(Database::Postgres(pool))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("ldn.db", "ldn.db"),
            (
                "postgres://ldn:secret@db.example:5433/clinic?sslmode=require",
                "postgres://ldn@db.example/clinic",
            ),
            ("postgres://[secret", "postgres://…"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
