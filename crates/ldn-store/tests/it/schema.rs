//! The schema: the same on both engines, and every one that ever landed can be brought up to date.

use std::path::{Path, PathBuf};

use ldn_store::{Database, Engine, Store, StoreError};

use crate::support::entries::{course, key};
use crate::support::raw;
use crate::support::site::{Site, summary};

/// Table, column, type, may be null, part of the primary key.
type Column = (String, String, String, bool, bool);

/// What the types of PostgreSQL are called in SQLite.
const TYPES: &[(&str, &[&str])] = &[
    ("BLOB", &["bytea", "uuid"]),
    ("INTEGER", &["bigint", "boolean"]),
    ("TEXT", &["text"]),
    ("REAL", &["double precision"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_column_by_column() {
    let sqlite = Site::new(Engine::Sqlite).await;
    let postgres = Site::new(Engine::Postgres).await;
    sqlite.create().await.close().await;
    postgres.create().await.close().await;
    let here = columns_of_sqlite(&sqlite.url).await;
    let there = columns_of_postgres(&postgres.url).await;
    assert!(here.len() > 40, "{here:?}");
    let names = |columns: &[Column]| columns.iter().map(|c| format!("{}.{}", c.0, c.1)).collect::<Vec<_>>();
    assert_eq!(names(&here), names(&there));
    for (here, there) in here.iter().zip(&there) {
        let (_, same) = TYPES.iter().find(|(name, _)| *name == here.2).unwrap();
        assert!(same.contains(&there.2.as_str()), "{here:?} is {} on PostgreSQL", there.2);
        assert_eq!((here.3, here.4), (there.3, there.4), "null or key of {here:?}");
    }
}

async fn columns_of_sqlite(path: &str) -> Vec<Column> {
    let statement = "SELECT t.name, c.name, c.type, c.\"notnull\" = 0, c.pk > 0
        FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'
        ORDER BY t.name, c.name";
    sqlx::query_as(statement).fetch_all(&mut raw::sqlite(path).await).await.unwrap()
}

async fn columns_of_postgres(url: &str) -> Vec<Column> {
    let statement =
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable = 'YES',
            EXISTS (SELECT FROM information_schema.table_constraints t
                    JOIN information_schema.key_column_usage k USING (constraint_name, table_name)
                    WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_name = c.table_name
                      AND k.column_name = c.column_name)
        FROM information_schema.columns c
        WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_sqlx%'
        ORDER BY c.table_name COLLATE \"C\", c.column_name COLLATE \"C\"";
    sqlx::query_as(statement).fetch_all(&mut raw::postgres(url).await).await.unwrap()
}

/// Foreign keys, unique columns and indexes by name and columns.
#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_indexes() {
    let sqlite = Site::new(Engine::Sqlite).await;
    let postgres = Site::new(Engine::Postgres).await;
    sqlite.create().await.close().await;
    postgres.create().await.close().await;
    let here: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    )
    .fetch_all(&mut raw::sqlite(&sqlite.url).await)
    .await
    .unwrap();
    let there: Vec<(String,)> = sqlx::query_as(
        "SELECT i.indexname::text FROM pg_indexes i
         WHERE i.schemaname = 'public' AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)
         ORDER BY i.indexname COLLATE \"C\"",
    )
    .fetch_all(&mut raw::postgres(&postgres.url).await)
    .await
    .unwrap();
    assert_eq!(here, there);
    assert!(!here.is_empty());
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Numbers of the migrations, from the folder of an engine.
fn migrations(engine: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn both_engines_have_the_same_migrations_and_each_has_a_fixture() {
    let names = migrations("sqlite");
    assert_eq!(names, migrations("postgres"));
    for name in names {
        let number = name.split('_').next().unwrap();
        for end in ["db", "sql", "txt"] {
            let fixture = fixtures().join(format!("schema-{number}.{end}"));
            assert!(fixture.exists(), "{name} has no fixture {}", fixture.display());
        }
    }
}

/// What a fixture held when it was made: number of entries, and hash of everything that was readable.
fn expected(number: &str) -> String {
    std::fs::read_to_string(fixtures().join(format!("schema-{number}.txt"))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_old_schema_of_sqlite_is_brought_up_to_date_with_everything_in_it() {
    for name in migrations("sqlite") {
        let number = name.split('_').next().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("old.db");
        std::fs::copy(fixtures().join(format!("schema-{number}.db")), &copy).unwrap();
        let store = Store::open(copy.to_str().unwrap(), key()).await.unwrap();
        assert_eq!(summary(&store).await, expected(number), "schema {number}");
        let verification = store.verify_all(&store.heads().await.unwrap()).await.unwrap();
        assert!(verification.is_sound(), "{:?}", verification.damage);
        assert!(verification.sound[&course(1)].readable > 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_old_schema_of_postgresql_is_brought_up_to_date_with_everything_in_it() {
    let site = Site::new(Engine::Postgres).await;
    let cluster = site.cluster.as_ref().unwrap();
    for name in migrations("postgres") {
        let number = name.split('_').next().unwrap();
        let url = cluster.new_database().await;
        let loaded = cluster
            .tool("psql", &url)
            .args(["--quiet", "--set=ON_ERROR_STOP=1", "--output"])
            .arg(site.folder.path().join("psql"))
            .arg("--file")
            .arg(fixtures().join(format!("schema-{number}.sql")))
            .output()
            .unwrap();
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        let store = Store::open(&url, key()).await.unwrap();
        assert_eq!(summary(&store).await, expected(number), "schema {number}");
        let verification = store.verify_all(&store.heads().await.unwrap()).await.unwrap();
        assert!(verification.is_sound(), "{:?}", verification.damage);
    }
}

/// A migration that was edited after it had run somewhere is refused, and so is a store of a newer program.
#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_this_program_does_not_know_is_refused() {
    for change in
        ["UPDATE _sqlx_migrations SET checksum = x'00'", "UPDATE _sqlx_migrations SET version = 9999"]
    {
        let site = Site::new(Engine::Sqlite).await;
        site.create().await.close().await;
        raw::execute(&site.url, change).await;
        let error = Database::open(&site.url).await.unwrap_err();
        assert!(matches!(error, StoreError::Migration { .. }), "{error}");
    }
}
