//! The tables without the store, as somebody with the file or the server's password sees them.

use sqlx::{AssertSqlSafe, ConnectOptions};

pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://")
}

/// A connection to the file that checks no foreign keys.
pub(crate) async fn sqlite(path: &str) -> sqlx::SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(false).connect().await.unwrap()
}

/// A connection to the server that checks no foreign keys.
pub(crate) async fn postgres(url: &str) -> sqlx::PgConnection {
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    options.options([("session_replication_role", "replica")]).connect().await.unwrap()
}

/// Executes statements.
pub(crate) async fn execute(url: &str, statements: &str) {
    let statements = AssertSqlSafe(statements.to_owned());
    if is_postgres(url) {
        sqlx::raw_sql(statements).execute(&mut postgres(url).await).await.unwrap();
    } else {
        sqlx::raw_sql(statements).execute(&mut sqlite(url).await).await.unwrap();
    }
}

/// Reads a number.
pub(crate) async fn number(url: &str, statement: &'static str) -> i64 {
    let (number,): (i64,) = if is_postgres(url) {
        sqlx::query_as(statement).fetch_one(&mut postgres(url).await).await.unwrap()
    } else {
        sqlx::query_as(statement).fetch_one(&mut sqlite(url).await).await.unwrap()
    };
    number
}

/// Reads a wrapped key.
pub(crate) async fn wrapped_key(url: &str, person: uuid::Uuid) -> Vec<u8> {
    const STATEMENT: &str = "SELECT wrapped FROM person_keys WHERE person = $1";
    let (wrapped,): (Vec<u8>,) = if is_postgres(url) {
        sqlx::query_as(STATEMENT).bind(person).fetch_one(&mut postgres(url).await).await.unwrap()
    } else {
        sqlx::query_as(STATEMENT).bind(person).fetch_one(&mut sqlite(url).await).await.unwrap()
    };
    wrapped
}
