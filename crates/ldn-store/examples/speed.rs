//! How fast the store is, as ratios in one run: `cargo run --release -p ldn-store --example speed`.
//!
//! The yardstick is SQLite itself through the same driver: bare inserts of rows of the same size into a table with a
//! primary key, `synchronous=FULL`, with the same number of transactions and so of syncs. Runs alternate, and the
//! medians are compared, because a disk's sync takes as long as it likes.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use ldn_store::{Database, Engine, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use support::entries::{course, entry, instant, key, person};
use support::site::Site;

/// Pairs of runs for each ratio.
const ROUNDS: usize = 9;

#[tokio::main]
async fn main() {
    println!("{:<44} {:>12} {:>12} {:>7}", "", "store", "SQLite", "ratio");
    for (name, clients, batches, size) in [
        ("one client, batches of 100", 1, 20, 100),
        ("one client, batches of 1,000", 1, 4, 1_000),
        ("one client, one entry at a time", 1, 100, 1),
        ("64 clients, one entry at a time", 64, 20, 1),
    ] {
        compare(name, clients, batches, size).await;
    }
    open_with_many_courses().await;
}

/// Compares appends with bare inserts in as many transactions.
async fn compare(name: &str, clients: u64, batches: u64, size: u64) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let site = Site::new(Engine::Sqlite).await;
        let store = site.with_courses(clients).await;
        ours.push(append(&store, clients, batches, size).await);
        // Appends of many clients share transactions: each wave of them is one.
        theirs.push(insert(&site, batches, clients * size).await);
    }
    let n_entries = (clients * batches * size) as f64;
    let [ours, theirs] = [median(ours), median(theirs)].map(|time| n_entries / time.as_secs_f64());
    println!("{name:<44} {ours:>10.0}/s {theirs:>10.0}/s {:>7.2}", ours / theirs);
}

async fn append(store: &Store, clients: u64, batches: u64, size: u64) -> Duration {
    let prepared: Vec<Vec<Vec<_>>> = (1..=clients)
        .map(|client| {
            let batch =
                |number: u64| (0..size).map(|n| entry(course(client), number * size + n)).collect::<Vec<_>>();
            (0..batches).map(batch).collect()
        })
        .collect();
    let begun = Instant::now();
    let clients: Vec<_> = prepared
        .into_iter()
        .map(|batches| {
            let store = store.clone();
            tokio::spawn(async move {
                for batch in batches {
                    store.append(&batch, instant(0)).await.unwrap();
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    begun.elapsed()
}

async fn insert(site: &Site, transactions: u64, size: u64) -> Duration {
    let mut connection = bare(site).await;
    let row = vec![7_u8; row_size()];
    let begun = Instant::now();
    for transaction in 0..transactions {
        let mut open = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for number in 0..size {
            sqlx::query("INSERT INTO bare (course, seq, row) VALUES ($1, $2, $3)")
                .bind(course(1).uuid())
                .bind(i64::try_from(transaction * size + number).unwrap())
                .bind(row.as_slice())
                .execute(&mut *open)
                .await
                .unwrap();
        }
        open.commit().await.unwrap();
    }
    begun.elapsed()
}

async fn bare(site: &Site) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new()
        .filename(site.folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .unwrap();
    let table = "CREATE TABLE bare (course BLOB NOT NULL, seq INTEGER NOT NULL, row BLOB NOT NULL,
                 PRIMARY KEY (course, seq)) STRICT";
    sqlx::query(table).execute(&mut connection).await.unwrap();
    connection
}

/// Bytes of an entry's columns but its course and place: sealed form, id, author, three hashes, role and day.
fn row_size() -> usize {
    entry(course(1), 1).as_bytes().len() + 40 + 16 + 16 + 3 * 32 + 7 + 10
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

async fn open_with_many_courses() {
    let site = Site::new(Engine::Sqlite).await;
    site.create().await.close().await;
    let database = Database::open(&site.url).await.unwrap();
    let store = Store::open_database(database, key(), &site.url).await.unwrap();
    store.add_person(person(1), "Person 1", instant(0)).await.unwrap();
    for wave in 0..100 {
        let added: Vec<_> = (1..=100)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move { store.add_course(course(wave * 100 + number), person(1)).await })
            })
            .collect();
        for course in added {
            course.await.unwrap().unwrap();
        }
    }
    for number in 1..=10_000 {
        store.append(&[entry(course(number), 1)], instant(0)).await.unwrap();
    }
    store.close().await;
    let mut times = Vec::new();
    let mut listings = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let store = site.open().await;
        times.push(begun.elapsed());
        let begun = Instant::now();
        assert_eq!(store.courses().await.unwrap().len(), 10_000);
        listings.push(begun.elapsed());
        store.close().await;
    }
    println!(
        "opening a store with 10,000 courses: {:.1} ms; listing them: {:.1} ms",
        median(times).as_secs_f64() * 1e3,
        median(listings).as_secs_f64() * 1e3
    );
}
