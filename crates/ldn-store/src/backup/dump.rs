//! Writing the tables as lines, in one transaction that sees one state of the store.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::Timestamp;
use ldn_core::journal::{Hash, Head};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Type};
use uuid::Uuid;

use super::BackupError;
use super::form::{AuditEnd, Cell, Header, Manifest, VERSION, columns_line, row_line};
use super::tables::{AUDIT, ENTRIES, Kind, TABLES, Table};
use crate::database::{self, Transaction};
use crate::{Store, StoreError};

/// Rows of the trail that are held in memory at once.
const ROWS_AT_ONCE: i64 = 10_000;

/// Writes everything that lasts as lines, without encrypting it: what is sealed stays sealed, all else is readable.
///
/// Writers are not disturbed, and what they write meanwhile is not in it. Two dumps of one state with one `taken` are
/// the same bytes, whichever engine keeps it.
///
/// # Errors
/// [`BackupError::Store`], [`BackupError::Stream`].
pub async fn dump(
    store: &Store,
    out: &mut impl Write,
    taken: Timestamp,
) -> Result<(Header, Manifest), BackupError> {
    let mut transaction = store.database().read().await?;
    let header = header(&mut transaction, taken).await?;
    let mut lines = Lines { out, hash: Sha256::new() };
    lines.write(&(serde_json::json!(header).to_string() + "\n"))?;
    let mut rows = BTreeMap::new();
    let mut ends = Ends::default();
    for table in TABLES {
        lines.write(&columns_line(table))?;
        let n_rows = match table.name {
            name if name == ENTRIES.name => entries(&mut transaction, &mut lines, &ends).await?,
            name if name == AUDIT.name => trail(&mut transaction, &mut lines).await?,
            _ => whole(&mut transaction, &mut lines, table, &mut ends).await?,
        };
        rows.insert(table.name.to_owned(), n_rows);
    }
    transaction.rollback().await?;
    let manifest =
        Manifest { rows, heads: ends.heads, audit: ends.audit, sha256: Hash(lines.hash.finalize().into()) };
    let last = serde_json::json!({ "manifest": manifest }).to_string() + "\n";
    out.write_all(last.as_bytes()).map_err(BackupError::stream("written"))?;
    Ok((header, manifest))
}

/// Where the chains end, picked up while their tables are written.
struct Ends {
    courses: Vec<Uuid>,
    heads: BTreeMap<String, Head>,
    audit: AuditEnd,
}

impl Default for Ends {
    fn default() -> Ends {
        let audit = AuditEnd { place: 0, hash: Hash([0; 32]) };
        Ends { courses: Vec::new(), heads: BTreeMap::new(), audit }
    }
}

impl Ends {
    fn notice(&mut self, table: &Table, row: &[Cell]) {
        match (table.name, row) {
            ("courses", [Cell::Uuid(course), _, Cell::Integer(n_entries), Cell::Bytes(head)]) => {
                self.courses.push(*course);
                if let (Ok(seq @ 1..), Some(hash)) = (u64::try_from(*n_entries), hash(head)) {
                    self.heads.insert(course.hyphenated().to_string(), Head { seq, hash });
                }
            }
            ("audit_tip", [_, Cell::Integer(place), Cell::Bytes(own)]) => {
                if let Some(hash) = hash(own) {
                    self.audit = AuditEnd { place: *place, hash };
                }
            }
            _ => {}
        }
    }
}

fn hash(bytes: &[u8]) -> Option<Hash> {
    <[u8; 32]>::try_from(bytes).ok().map(Hash)
}

/// Where lines go, and the hash of all of them.
struct Lines<'o, W> {
    out: &'o mut W,
    hash: Sha256,
}

impl<W: Write> Lines<'_, W> {
    fn write(&mut self, line: &str) -> Result<(), BackupError> {
        self.hash.update(line.as_bytes());
        self.out.write_all(line.as_bytes()).map_err(BackupError::stream("written"))
    }
}

async fn header(transaction: &mut Transaction, taken: Timestamp) -> Result<Header, BackupError> {
    let (check,): (Vec<u8>,) = per_engine!(transaction, connection =>
        sqlx::query_as("SELECT key_check FROM site WHERE id = 1").fetch_one(connection).await)
    .map_err(StoreError::engine("reading the mark of the site key"))?;
    let taken = crate::timestamp::from_micros(crate::timestamp::to_micros(taken), "now")?;
    Ok(Header { ldn_backup: VERSION, schema: database::newest_schema(), store: Hash::of(&check), taken })
}

async fn whole(
    transaction: &mut Transaction,
    lines: &mut Lines<'_, impl Write>,
    table: &Table,
    ends: &mut Ends,
) -> Result<u64, BackupError> {
    let rows = read(transaction, table, table.select(), None).await?;
    for row in &rows {
        ends.notice(table, row);
        lines.write(&row_line(table, row))?;
    }
    Ok(rows.len() as u64)
}

/// The entries course by course, so that only one course is in memory.
async fn entries(
    transaction: &mut Transaction,
    lines: &mut Lines<'_, impl Write>,
    ends: &Ends,
) -> Result<u64, BackupError> {
    let statement = format!("SELECT {} FROM entries WHERE course = $1 ORDER BY seq", ENTRIES.names());
    let mut n_rows = 0;
    for course in &ends.courses {
        let rows = read(transaction, &ENTRIES, statement.clone(), Some(Cell::Uuid(*course))).await?;
        for row in &rows {
            lines.write(&row_line(&ENTRIES, row))?;
        }
        n_rows += rows.len() as u64;
    }
    Ok(n_rows)
}

async fn trail(transaction: &mut Transaction, lines: &mut Lines<'_, impl Write>) -> Result<u64, BackupError> {
    let statement =
        format!("SELECT {} FROM audit WHERE place > $1 ORDER BY place LIMIT {ROWS_AT_ONCE}", AUDIT.names());
    let (mut n_rows, mut last) = (0, i64::MIN);
    loop {
        let rows = read(transaction, &AUDIT, statement.clone(), Some(Cell::Integer(last))).await?;
        for row in &rows {
            lines.write(&row_line(&AUDIT, row))?;
        }
        n_rows += rows.len() as u64;
        match rows.last().and_then(|row| row.first()) {
            Some(Cell::Integer(place)) => last = *place,
            _ => return Ok(n_rows),
        }
    }
}

/// Reads rows of a table; the statement has at most one parameter.
async fn read(
    transaction: &mut Transaction,
    table: &Table,
    statement: String,
    parameter: Option<Cell>,
) -> Result<Vec<Vec<Cell>>, StoreError> {
    // Made of names that stand in this program only.
    let statement = AssertSqlSafe(statement);
    per_engine!(transaction, connection => {
        let query = sqlx::query(statement);
        let query = match parameter {
            Some(Cell::Uuid(uuid)) => query.bind(uuid),
            Some(Cell::Integer(number)) => query.bind(number),
            _ => query,
        };
        match query.fetch_all(connection).await {
            Ok(rows) => rows.iter().map(|row| cells(row, table)).collect(),
            Err(error) => Err(error),
        }
    })
    .map_err(StoreError::engine("reading a table for a backup"))
}

/// Reads a row of either engine.
fn cells<R>(row: &R, table: &Table) -> Result<Vec<Cell>, sqlx::Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    for<'c> Option<i64>: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Option<Uuid>: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Option<String>: Decode<'c, R::Database> + Type<R::Database>,
    for<'c> Option<Vec<u8>>: Decode<'c, R::Database> + Type<R::Database>,
{
    let cell = |(at, kind): (usize, Kind)| {
        let cell = match kind {
            Kind::Uuid => row.try_get::<Option<Uuid>, _>(at)?.map(Cell::Uuid),
            Kind::Integer => row.try_get::<Option<i64>, _>(at)?.map(Cell::Integer),
            Kind::Text => row.try_get::<Option<String>, _>(at)?.map(Cell::Text),
            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map(Cell::Bytes),
        };
        Ok(cell.unwrap_or(Cell::Null))
    };
    table.columns.iter().map(|column| column.kind).enumerate().map(cell).collect()
}
