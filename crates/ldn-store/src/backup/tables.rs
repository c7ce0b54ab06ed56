//! What a backup holds: every table that lasts, and why the others are left out.

/// What stands in a column, the same on both engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Uuid,
    Integer,
    Text,
    Bytes,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// A table that a backup holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
    /// The columns of its key, which give the order of its rows.
    pub(crate) key: &'static str,
}

const fn uuid(name: &'static str) -> Column {
    Column { name, kind: Kind::Uuid }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: Kind::Integer }
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

const fn bytes(name: &'static str) -> Column {
    Column { name, kind: Kind::Bytes }
}

/// The tables in an order in which each row comes after what it refers to.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "site", columns: &[integer("id"), integer("created_us"), bytes("key_check")], key: "id" },
    Table { name: "people", columns: &[uuid("id"), integer("created_us"), bytes("name")], key: "id" },
    Table { name: "person_keys", columns: &[uuid("person"), bytes("wrapped")], key: "person" },
    Table { name: "erasures", columns: &[uuid("person"), integer("erased_us")], key: "person" },
    Table {
        name: "courses",
        columns: &[uuid("id"), uuid("person"), integer("n_entries"), bytes("head")],
        key: "id",
    },
    ENTRIES,
    Table {
        name: "sealed_allocations",
        columns: &[bytes("commitment"), uuid("course"), integer("created_us"), bytes("sealed")],
        key: "commitment",
    },
    Table {
        name: "accounts",
        columns: &[
            uuid("id"),
            uuid("person"),
            text("role"),
            bytes("name_mac"),
            text("password"),
            bytes("factor"),
            integer("factor_step"),
            integer("created_us"),
            integer("disabled_us"),
        ],
        key: "id",
    },
    Table {
        name: "recovery_codes",
        columns: &[uuid("account"), bytes("code"), integer("used_us")],
        key: "account, code",
    },
    Table {
        name: "grants",
        columns: &[
            uuid("id"),
            uuid("account"),
            uuid("course"),
            text("kind"),
            integer("from_us"),
            integer("until_us"),
            uuid("given_by"),
            integer("ended_us"),
            bytes("reason"),
        ],
        key: "id",
    },
    Table {
        name: "notices",
        columns: &[
            uuid("id"),
            uuid("account"),
            uuid("course"),
            text("what"),
            uuid("by_account"),
            integer("at_us"),
            integer("read_us"),
        ],
        key: "id",
    },
    AUDIT,
    Table { name: "audit_tip", columns: &[integer("id"), integer("place"), bytes("hash")], key: "id" },
    Table { name: "audit_heads", columns: &[text("day"), integer("place"), bytes("hash")], key: "day" },
];

/// Read course by course.
pub(crate) const ENTRIES: Table = Table {
    name: "entries",
    columns: &[
        uuid("course"),
        integer("seq"),
        uuid("id"),
        integer("received_us"),
        uuid("author"),
        text("role"),
        text("day"),
        bytes("entry_hash"),
        bytes("previous"),
        bytes("hash"),
        bytes("body"),
    ],
    key: "course, seq",
};

/// Read some thousand rows at a time.
pub(crate) const AUDIT: Table = Table {
    name: "audit",
    columns: &[
        integer("place"),
        uuid("id"),
        integer("at_us"),
        uuid("account"),
        text("role"),
        uuid("course"),
        text("action"),
        uuid("subject"),
        text("outcome"),
        text("why"),
        bytes("before_hash"),
        bytes("after_hash"),
        text("request"),
        bytes("previous"),
        bytes("own"),
    ],
    key: "place",
};

/// The tables that are left out, each with the reason. A test holds this list and [`TABLES`] against the schema.
#[cfg(test)]
pub(crate) const LEFT_OUT: &[(&str, &str)] = &[
    ("sessions", "a session that was ended after the backup must not come back: everybody signs in again"),
    ("devices", "what is remembered of a device goes with its sessions"),
    (
        "invitations",
        "one that was used after the backup must not work again: whoever still waits is invited again",
    ),
    ("guesses", "a pause after wrong guesses is over long before a restore"),
    ("_sqlx_migrations", "the schema is made by this program"),
];

impl Table {
    /// Returns the names of the columns, with commas between.
    pub(crate) fn names(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    /// Returns the statement that reads all rows in the order of the key.
    pub(crate) fn select(&self) -> String {
        format!("SELECT {} FROM {} ORDER BY {}", self.names(), self.name, self.key)
    }

    /// Returns the statement that adds a row.
    pub(crate) fn insert(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|place| format!("${place}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.names(), places.join(", "))
    }

    /// Returns the statement that counts rows.
    pub(crate) fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SCHEMA: &str = include_str!("../../migrations/sqlite/0001_first_schema.sql");

    /// The columns of each table of the schema, by the words of the migration.
    fn schema() -> Vec<(String, Vec<String>)> {
        let tables = SCHEMA.split("CREATE TABLE ").skip(1);
        let columns = |body: &str| {
            let lines = body.lines().skip(1).map(str::trim).take_while(|line| !line.starts_with(')'));
            let names = lines.filter_map(|line| line.split(' ').next().map(str::to_owned));
            names.filter(|name| name != "PRIMARY").collect()
        };
        tables.map(|table| (table.split(' ').next().unwrap_or_default().to_owned(), columns(table))).collect()
    }

    #[test]
    fn every_table_is_kept_or_left_out_with_a_reason() {
        let schema = schema();
        let there: BTreeSet<&str> =
            schema.iter().map(|(name, _)| name.as_str()).chain(["_sqlx_migrations"]).collect();
        let named: BTreeSet<&str> =
            TABLES.iter().map(|table| table.name).chain(LEFT_OUT.iter().map(|(name, _)| *name)).collect();
        assert_eq!(named, there);
        assert!(LEFT_OUT.iter().all(|(name, _)| TABLES.iter().all(|table| table.name != *name)));
    }

    #[test]
    fn every_column_is_kept() {
        let schema = schema();
        for table in TABLES {
            let (_, columns) = schema.iter().find(|(name, _)| name == table.name).unwrap();
            let named: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(&named, columns, "{}", table.name);
        }
    }
}
