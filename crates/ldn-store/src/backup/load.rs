//! Reading the lines of a backup into the tables of an empty store.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};

use ldn_core::ids::PersonId;
use ldn_core::journal::Hash;
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::form::{Cell, Header, Line, Manifest, VERSION};
use super::tables::{Kind, TABLES, Table};
use super::{BackupError, ErasureList};
use crate::crypt::SiteKey;
use crate::database::{self, Transaction};
use crate::timestamp::to_micros;
use crate::{StoreError, account};

/// The longest line that is read, 16 MiB: the largest entry, sealed and in hexadecimal, is an eighth of it.
const LONGEST_LINE: u64 = 16 << 20;

/// A backup that is being read line by line.
pub(super) struct Reader<R> {
    lines: R,
    n_lines: u64,
    hash: Sha256,
}

/// The row of the table `site`, which is entered last: until then nobody can open the store.
pub(super) struct Mark(Vec<Cell>);

/// What was loaded.
pub(super) struct Loaded {
    pub(super) manifest: Manifest,
    pub(super) mark: Mark,
    /// Who was not erased in the backup and is now.
    pub(super) erased_again: Vec<PersonId>,
}

impl<R: BufRead> Reader<R> {
    /// Reads the first line.
    pub(super) fn open(lines: R) -> Result<(Reader<R>, Header), BackupError> {
        let mut reader = Reader { lines, n_lines: 0, hash: Sha256::new() };
        let line = reader.next()?.unwrap_or_default();
        reader.hash.update(&line);
        let header: Header =
            serde_json::from_slice(&line).map_err(|_| reader.wrong("the header of a backup"))?;
        let schema = database::newest_schema();
        if header.ldn_backup != VERSION || header.schema != schema {
            return Err(BackupError::OtherVersion {
                form: header.ldn_backup,
                schema: header.schema,
                expected_form: VERSION,
                expected_schema: schema,
            });
        }
        Ok((reader, header))
    }

    /// Returns the next line with its line feed; `None` at the end.
    fn next(&mut self) -> Result<Option<Vec<u8>>, BackupError> {
        let mut line = Vec::new();
        let mut limited = self.lines.by_ref().take(LONGEST_LINE);
        limited.read_until(b'\n', &mut line).map_err(BackupError::stream("read"))?;
        self.n_lines += u64::from(!line.is_empty());
        match line.last() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) => Err(self.wrong("a line of at most 16 MiB that ends")),
        }
    }

    fn wrong(&self, expected: impl Into<String>) -> BackupError {
        BackupError::Line { line: self.n_lines, expected: expected.into() }
    }

    /// Enters every row but the mark of the site key, and never the key of anybody who is on the list.
    pub(super) async fn load(
        mut self,
        transaction: &mut Transaction,
        site_key: &SiteKey,
        list: Option<&ErasureList>,
    ) -> Result<Loaded, BackupError> {
        let mut state = State::new(list);
        forget_tip(transaction).await?;
        let manifest = loop {
            let line =
                self.next()?.ok_or_else(|| self.wrong("a manifest at the end; the backup is cut off"))?;
            let parsed: Line = serde_json::from_slice(&line)
                .map_err(|_| self.wrong("columns, a row or a manifest, as docs/backup.md has them"))?;
            match parsed {
                Line::Manifest { manifest } => break manifest,
                Line::Columns { table, columns } => self.check_columns(&table, &columns, &mut state)?,
                Line::Row { table, row } => {
                    let (table, row) = self.row(&table, &row, &mut state)?;
                    state.notice(table, &row, site_key)?;
                    if state.is_wanted(table, &row) {
                        insert(transaction, table, &row).await?;
                    }
                }
            }
            self.hash.update(&line);
        };
        if self.next()?.is_some() {
            return Err(self.wrong("nothing after the manifest"));
        }
        self.check(&manifest, &state)?;
        let erased_again = state.erase_again(transaction).await?;
        let mark = state.mark.ok_or_else(|| BackupError::Manifest { what: "there is no site".to_owned() })?;
        Ok(Loaded { manifest, mark, erased_again })
    }

    /// Tables come in their order, each with the columns that this program knows.
    fn check_columns(&self, name: &str, columns: &[String], state: &mut State) -> Result<(), BackupError> {
        let expected =
            TABLES.get(state.n_tables).ok_or_else(|| self.wrong("a manifest after the last table"))?;
        if name != expected.name || !columns.iter().eq(expected.columns.iter().map(|column| column.name)) {
            return Err(self.wrong(format!("table {} with columns {}", expected.name, expected.names())));
        }
        state.n_tables += 1;
        Ok(())
    }

    fn row(
        &self,
        name: &str,
        row: &[serde_json::Value],
        state: &mut State,
    ) -> Result<(&'static Table, Vec<Cell>), BackupError> {
        let table = state.n_tables.checked_sub(1).map(|at| &TABLES[at]);
        let table = table
            .filter(|table| table.name == name && table.columns.len() == row.len())
            .ok_or_else(|| self.wrong("a row of the table whose columns came last"))?;
        let cells = table.columns.iter().zip(row).map(|(column, value)| {
            Cell::read(column.kind, value)
                .ok_or_else(|| self.wrong(format!("{}.{} to be {:?}", table.name, column.name, column.kind)))
        });
        *state.rows.entry(name.to_owned()).or_default() += 1;
        Ok((table, cells.collect::<Result<_, _>>()?))
    }

    fn check(&self, manifest: &Manifest, state: &State) -> Result<(), BackupError> {
        let differs = |what: String| Err(BackupError::Manifest { what });
        if Hash(self.hash.clone().finalize().into()) != manifest.sha256 {
            return differs("the lines have another SHA-256".to_owned());
        }
        for table in TABLES {
            let (found, stated) = (state.rows.get(table.name), manifest.rows.get(table.name));
            let (found, stated) = (found.copied().unwrap_or(0), stated.copied().unwrap_or(0));
            if found != stated {
                return differs(format!("{} has {found} rows, the manifest says {stated}", table.name));
            }
        }
        Ok(())
    }
}

/// What is gathered while rows are read.
struct State<'l> {
    list: Option<&'l ErasureList>,
    n_tables: usize,
    rows: BTreeMap<String, u64>,
    mark: Option<Mark>,
    /// Who was erased before the backup.
    erased_before: BTreeSet<PersonId>,
}

impl<'l> State<'l> {
    fn new(list: Option<&'l ErasureList>) -> State<'l> {
        State { list, n_tables: 0, rows: BTreeMap::new(), mark: None, erased_before: BTreeSet::new() }
    }

    fn notice(&mut self, table: &Table, row: &[Cell], site_key: &SiteKey) -> Result<(), BackupError> {
        match (table.name, row) {
            ("site", [_, _, Cell::Bytes(check)]) => {
                if !site_key.fits(check) {
                    return Err(StoreError::WrongSiteKey.into());
                }
                self.mark = Some(Mark(row.to_vec()));
            }
            ("erasures", [Cell::Uuid(person), _]) => {
                let person = PersonId::from_uuid(*person);
                if self.list.is_some_and(|list| !list.erased.contains_key(&person)) {
                    return Err(BackupError::IncompleteErasureList { person });
                }
                self.erased_before.insert(person);
            }
            _ => {}
        }
        Ok(())
    }

    /// The mark comes last, and the key of an erased person never touches the disk again.
    fn is_wanted(&self, table: &Table, row: &[Cell]) -> bool {
        match (table.name, row) {
            ("site", _) => false,
            ("person_keys", [Cell::Uuid(person), ..]) => {
                self.list.is_none_or(|list| !list.erased.contains_key(&PersonId::from_uuid(*person)))
            }
            _ => true,
        }
    }

    async fn erase_again(&self, transaction: &mut Transaction) -> Result<Vec<PersonId>, BackupError> {
        let mut erased_again = Vec::new();
        for (person, at) in self.list.iter().flat_map(|list| &list.erased) {
            if self.erased_before.contains(person) {
                continue;
            }
            account::erase_person(transaction, *person, *at).await?;
            per_engine!(&mut *transaction, connection =>
                sqlx::query("INSERT INTO erasures (person, erased_us) VALUES ($1, $2)")
                    .bind(person.uuid())
                    .bind(to_micros(*at))
                    .execute(connection)
                    .await
                    .map(drop))
            .map_err(StoreError::engine("erasing again"))?;
            erased_again.push(*person);
        }
        Ok(erased_again)
    }
}

impl Mark {
    /// Enters the mark of the site key: from now on the store can be opened.
    pub(super) async fn set(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        insert(transaction, &TABLES[0], &self.0).await
    }
}

/// A new schema has the end of an empty trail; the backup brings its own.
async fn forget_tip(transaction: &mut Transaction) -> Result<(), StoreError> {
    per_engine!(transaction, connection =>
        sqlx::query("DELETE FROM audit_tip").execute(connection).await.map(drop))
    .map_err(StoreError::engine("preparing to restore"))
}

async fn insert(transaction: &mut Transaction, table: &Table, row: &[Cell]) -> Result<(), StoreError> {
    // Made of names that stand in this program only.
    let statement = AssertSqlSafe(table.insert());
    per_engine!(transaction, connection => {
        let mut query = sqlx::query(statement);
        for (column, cell) in table.columns.iter().zip(row) {
            query = match (cell, column.kind) {
                (Cell::Uuid(uuid), _) => query.bind(*uuid),
                (Cell::Integer(number), _) => query.bind(*number),
                (Cell::Text(text), _) => query.bind(text.clone()),
                (Cell::Bytes(bytes), _) => query.bind(bytes.clone()),
                (Cell::Null, Kind::Uuid) => query.bind(None::<Uuid>),
                (Cell::Null, Kind::Integer) => query.bind(None::<i64>),
                (Cell::Null, Kind::Text) => query.bind(None::<String>),
                (Cell::Null, Kind::Bytes) => query.bind(None::<Vec<u8>>),
            };
        }
        query.execute(connection).await.map(drop)
    })
    .map_err(StoreError::engine("restoring a row"))
}
