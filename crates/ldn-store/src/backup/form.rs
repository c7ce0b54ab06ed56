//! The lines of a backup.

use std::fmt::Write;

use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Hash, Head};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::tables::{Kind, Table};

/// The version of the form that this program writes and reads.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the form.
    pub ldn_backup: u32,
    /// The number of the newest migration.
    pub schema: i64,
    /// Which store: the hash of its mark of the site key, the same after a restore.
    pub store: Hash,
    /// When it was taken, in whole microseconds.
    pub taken: Timestamp,
}

/// The last line: what the lines before it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How many rows each table has.
    pub rows: std::collections::BTreeMap<String, u64>,
    /// The head of each course that has one.
    pub heads: std::collections::BTreeMap<String, Head>,
    /// The end of the audit trail.
    pub audit: AuditEnd,
    /// The SHA-256 of everything before this line.
    pub sha256: Hash,
}

/// The end of the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEnd {
    /// The last place; 0 for an empty trail.
    pub place: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Manifest {
    /// Returns the heads by course.
    ///
    /// # Errors
    /// The key that is no course.
    pub(super) fn course_heads(&self) -> Result<std::collections::BTreeMap<CourseId, Head>, String> {
        self.heads
            .iter()
            .map(|(course, head)| Ok((course.parse().map_err(|_| course.clone())?, *head)))
            .collect()
    }
}

/// Any line after the first.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// What a table's rows hold.
    Columns { table: String, columns: Vec<String> },
    /// One row.
    Row { table: String, row: Vec<serde_json::Value> },
    /// The last line.
    Manifest { manifest: Manifest },
}

/// What stands in one place of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Uuid(Uuid),
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    fn json(&self) -> serde_json::Value {
        match self {
            Cell::Null => serde_json::Value::Null,
            Cell::Uuid(uuid) => uuid.hyphenated().to_string().into(),
            Cell::Integer(number) => (*number).into(),
            Cell::Text(text) => text.as_str().into(),
            Cell::Bytes(bytes) => hex(bytes).into(),
        }
    }

    /// Reads a cell of a column's kind; `None` if it is of another.
    pub(super) fn read(kind: Kind, value: &serde_json::Value) -> Option<Cell> {
        match (kind, value) {
            (_, serde_json::Value::Null) => Some(Cell::Null),
            (Kind::Uuid, serde_json::Value::String(text)) => Uuid::try_parse(text).ok().map(Cell::Uuid),
            (Kind::Integer, serde_json::Value::Number(number)) => number.as_i64().map(Cell::Integer),
            (Kind::Text, serde_json::Value::String(text)) => Some(Cell::Text(text.clone())),
            (Kind::Bytes, serde_json::Value::String(text)) => unhex(text).map(Cell::Bytes),
            _ => None,
        }
    }
}

pub(super) fn columns_line(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    serde_json::json!({ "table": table.name, "columns": names }).to_string() + "\n"
}

pub(super) fn row_line(table: &Table, row: &[Cell]) -> String {
    let row: Vec<serde_json::Value> = row.iter().map(Cell::json).collect();
    serde_json::json!({ "table": table.name, "row": row }).to_string() + "\n"
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_reads_back_and_only_as_its_kind() {
        let uuid = Uuid::from_u128(7);
        for (kind, cell) in [
            (Kind::Uuid, Cell::Uuid(uuid)),
            (Kind::Integer, Cell::Integer(i64::MIN)),
            (Kind::Text, Cell::Text("a \"b\"\n".to_owned())),
            (Kind::Bytes, Cell::Bytes(vec![0, 255, 16])),
            (Kind::Bytes, Cell::Bytes(vec![])),
            (Kind::Text, Cell::Null),
        ] {
            assert_eq!(Cell::read(kind, &cell.json()), Some(cell));
        }
        for (kind, value) in [
            (Kind::Uuid, serde_json::json!("7")),
            (Kind::Integer, serde_json::json!("7")),
            (Kind::Integer, serde_json::json!(7.5)),
            (Kind::Bytes, serde_json::json!("abc")),
            (Kind::Bytes, serde_json::json!("zz")),
            (Kind::Text, serde_json::json!(7)),
        ] {
            assert_eq!(Cell::read(kind, &value), None, "{kind:?} {value}");
        }
    }
}
