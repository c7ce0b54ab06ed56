//! Keeps a store of the newest schema as a fixture for later: `cargo run -p ldn-store --example fixture -- 0001`.
//!
//! Writes `fixtures/schema-NNNN.db` for SQLite, `.sql` for PostgreSQL (a plain dump) and `.txt` with what both hold. To
//! be run once per migration, before it lands, and never again for an old one.
#![expect(clippy::unwrap_used, reason = "nothing is kept if anything fails")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;

use ldn_core::journal::Hash;
use ldn_store::{Engine, SealedAllocation, Store};

use support::entries::{course, entry, instant};
use support::site::{Site, summary};

#[tokio::main]
async fn main() {
    let number = std::env::args().nth(1).expect("Usage: fixture NUMBER");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut summaries = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine).await;
        let store = fill(&site).await;
        summaries.push(summary(&store).await);
        store.close().await;
        match &site.cluster {
            None => {
                std::fs::copy(&site.url, fixtures.join(format!("schema-{number}.db"))).unwrap();
            }
            Some(cluster) => {
                let dumped = cluster
                    .tool("pg_dump", &site.url)
                    .args(["--inserts", "--no-owner", "--no-privileges", "--file"])
                    .arg(fixtures.join(format!("schema-{number}.sql")))
                    .status()
                    .unwrap();
                assert!(dumped.success());
            }
        }
    }
    assert_eq!(summaries[0], summaries[1]);
    std::fs::write(fixtures.join(format!("schema-{number}.txt")), &summaries[0]).unwrap();
}

async fn fill(site: &Site) -> Store {
    let store = site.with_courses(3).await;
    for number in 1..=3 {
        let entries: Vec<_> = (1..=20).map(|n| entry(course(number), n)).collect();
        store.append(&entries, instant(60)).await.unwrap();
        let allocation = SealedAllocation {
            course: course(number),
            commitment: Hash::of(&number.to_be_bytes()),
            created: instant(0),
            encrypted: b"for the pharmacist".to_vec(),
        };
        store.put_allocation(&allocation).await.unwrap();
    }
    store
}
