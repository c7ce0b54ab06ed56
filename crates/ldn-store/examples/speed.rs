//! How fast the store is, as ratios in one run: `cargo run --release -p ldn-store --example speed`.
//!
//! The yardstick is SQLite itself through the same driver: the same rows, sealed and hashed already, put into a table
//! like the store's by bare inserts, `synchronous=FULL`, with the same number of transactions and so of syncs. Runs
//! alternate. What is compared is the fastest tenth of the transactions: others use the disk and the processor, too, and
//! a median then says more about them.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use ldn_store::{Database, Engine, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use uuid::Uuid;

use support::entries::{course, entry, instant, key, person};
use support::site::Site;

/// Pairs of runs for each ratio, and openings of the large store.
const ROUNDS: usize = 9;

#[tokio::main]
async fn main() {
    println!("transactions: fastest tenth (median)");
    println!("{:<34} {:>22} {:>22} {:>7} {:>9}", "", "store", "SQLite", "ratio", "(median)");
    for (name, clients, waves, size) in [
        ("one client, batches of 100", 1, 40, 100),
        ("one client, batches of 1,000", 1, 8, 1_000),
        ("one client, one entry at a time", 1, 100, 1),
        ("64 clients, one entry at a time", 64, 40, 1),
    ] {
        compare(name, clients, waves, size).await;
    }
    open_with_many_courses().await;
}

/// Compares appends with bare inserts in as many transactions.
async fn compare(name: &str, clients: u64, waves: u64, size: u64) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let site = Site::new(Engine::Sqlite).await;
        let store = site.with_courses(clients).await;
        ours.extend(append(&store, clients, waves, size).await);
        theirs.extend(insert(&site, waves, clients * size).await);
    }
    let shown = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1e3);
    let [our_fast, our_median] = [quantile(&mut ours, 0.1), quantile(&mut ours, 0.5)];
    let [their_fast, their_median] = [quantile(&mut theirs, 0.1), quantile(&mut theirs, 0.5)];
    println!(
        "{name:<34} {:>22} {:>22} {:>7.2} {:>9.2}",
        format!("{} ({}) ms", shown(our_fast), shown(our_median)),
        format!("{} ({}) ms", shown(their_fast), shown(their_median)),
        their_fast.as_secs_f64() / our_fast.as_secs_f64(),
        their_median.as_secs_f64() / our_median.as_secs_f64(),
    );
}

/// Times waves: in each, every client appends one batch to its course, and all wait.
async fn append(store: &Store, clients: u64, waves: u64, size: u64) -> Vec<Duration> {
    let mut times = Vec::new();
    for wave in 0..waves {
        let batches: Vec<Vec<_>> = (1..=clients)
            .map(|client| (0..size).map(|n| entry(course(client), wave * size + n)).collect())
            .collect();
        let begun = Instant::now();
        let appends: Vec<_> = batches
            .into_iter()
            .map(|batch| {
                let store = store.clone();
                tokio::spawn(async move { store.append(&batch, instant(0)).await })
            })
            .collect();
        for append in appends {
            append.await.unwrap().unwrap();
        }
        times.push(begun.elapsed());
    }
    times
}

/// Puts the rows that the store has just written into a table like its own.
async fn insert(site: &Site, transactions: u64, size: u64) -> Vec<Duration> {
    let mut connection = bare(site).await;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT course, seq, id, received_us, author, role, day, entry_hash || previous || hash, body FROM entries
         ORDER BY seq, course",
    )
    .fetch_all(&mut support::raw::sqlite(&site.url).await)
    .await
    .unwrap();
    assert_eq!(rows.len() as u64, transactions * size);
    let mut times = Vec::new();
    for rows in rows.chunks(usize::try_from(size).unwrap()) {
        let begun = Instant::now();
        let mut open = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for (course, seq, id, received_us, author, role, day, hashes, body) in rows {
            sqlx::query("INSERT INTO bare VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
                .bind(course)
                .bind(seq)
                .bind(id)
                .bind(received_us)
                .bind(author)
                .bind(role)
                .bind(day)
                .bind(&hashes[..32])
                .bind(&hashes[32..64])
                .bind(&hashes[64..])
                .bind(body)
                .execute(&mut *open)
                .await
                .unwrap();
        }
        open.commit().await.unwrap();
        times.push(begun.elapsed());
    }
    times
}

/// A row of `entries`, its three hashes in one.
type Row = (Uuid, i64, Uuid, i64, Uuid, String, String, Vec<u8>, Vec<u8>);

async fn bare(site: &Site) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new()
        .filename(site.folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .unwrap();
    let table = "CREATE TABLE bare (course BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
        received_us INTEGER NOT NULL, author BLOB NOT NULL, role TEXT NOT NULL, day TEXT NOT NULL,
        entry_hash BLOB NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (course, seq)) STRICT";
    sqlx::query(table).execute(&mut connection).await.unwrap();
    connection
}

fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort();
    times[(times.len() as f64 * share) as usize]
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
        quantile(&mut times, 0.5).as_secs_f64() * 1e3,
        quantile(&mut listings, 0.5).as_secs_f64() * 1e3
    );
}
