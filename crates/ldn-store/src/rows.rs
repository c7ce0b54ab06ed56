//! Statements over many rows at once.
//!
//! Going to the engine and back costs more than a row does there, on SQLite, whose connection is a thread of its own, as
//! well as on a server. So rows are sent in chunks, of few sizes, so that few statements have to be prepared.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::StoreError;
use crate::database::{Engine, Transaction};

/// The sizes of chunks, the largest first. 64 rows of 11 values are far below the 32,766 values that SQLite allows.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// The text of a statement with a list of rows in it.
#[derive(Clone, Copy)]
pub(crate) struct Statement {
    before: &'static str,
    /// Values in a row; 0 for a list of single values in one pair of brackets.
    width: usize,
    after: &'static str,
}

impl Statement {
    pub(crate) const fn new(before: &'static str, width: usize, after: &'static str) -> Statement {
        Statement { before, width, after }
    }

    /// Returns the statement for a number of rows. It holds nothing but its own text and placeholders.
    pub(crate) fn of(self, engine: Engine, n_rows: usize) -> AssertSqlSafe<String> {
        AssertSqlSafe(self.write(engine, n_rows))
    }

    /// SQLite gets `?` instead of `$1`: to find a parameter by its name it walks through a list of all names, so that a
    /// statement of hundreds would cost their square.
    fn write(self, engine: Engine, n_rows: usize) -> String {
        let mut text = String::with_capacity(self.before.len() + n_rows * (self.width + 1) * 6);
        text.push_str(self.before);
        let (n_brackets, n_values) = if self.width == 0 { (1, n_rows) } else { (n_rows, self.width) };
        for place in 0..n_brackets * n_values {
            text.push_str(match (place, place % n_values) {
                (0, _) => "(",
                (_, 0) => "), (",
                _ => ", ",
            });
            match engine {
                Engine::Sqlite => text.push('?'),
                Engine::Postgres => text.push_str(&format!("${}", place + 1)),
            }
        }
        text.push(')');
        text.push_str(self.after);
        text
    }
}

/// Cuts rows into chunks of the sizes that statements are prepared for.
pub(crate) fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|&size| size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// Reads the rows that a list of ids selects, in no order.
pub(crate) async fn select<T>(
    transaction: &mut Transaction,
    statement: Statement,
    ids: &[Uuid],
    doing: &'static str,
) -> Result<Vec<T>, StoreError>
where
    T: Send + Unpin + for<'row> FromRow<'row, SqliteRow> + for<'row> FromRow<'row, PgRow>,
{
    let engine = transaction.engine();
    let mut rows = Vec::new();
    for ids in chunks(ids) {
        let selected: Vec<T> = per_engine!(&mut *transaction, connection => {
            let mut query = sqlx::query_as(statement.of(engine, ids.len()));
            for id in ids {
                query = query.bind(id);
            }
            query.fetch_all(connection).await
        })
        .map_err(StoreError::engine(doing))?;
        rows.extend(selected);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_every_row_once_in_order() {
        for n in [0, 1, 3, 4, 63, 64, 65, 200] {
            let rows: Vec<usize> = (0..n).collect();
            assert_eq!(chunks(&rows).flatten().copied().collect::<Vec<_>>(), rows);
            assert!(chunks(&rows).all(|chunk| SIZES.contains(&chunk.len())));
        }
    }

    #[test]
    fn a_statement_has_a_placeholder_per_value() {
        let insert = Statement::new("INSERT INTO t VALUES ", 2, " RETURNING a");
        let select = Statement::new("SELECT a FROM t WHERE a IN ", 0, "");
        for (statement, n_rows, engine, text) in [
            (insert, 2, Engine::Postgres, "INSERT INTO t VALUES ($1, $2), ($3, $4) RETURNING a"),
            (insert, 2, Engine::Sqlite, "INSERT INTO t VALUES (?, ?), (?, ?) RETURNING a"),
            (select, 3, Engine::Postgres, "SELECT a FROM t WHERE a IN ($1, $2, $3)"),
            (select, 1, Engine::Sqlite, "SELECT a FROM t WHERE a IN (?)"),
        ] {
            assert_eq!(statement.write(engine, n_rows), text);
        }
    }
}
