//! A process that appends entries and says so, for tests that kill it: `URL MODE FIRST COUNT BATCH LANES`.
//!
//! Each of the lanes appends to the course of its number, in batches; after each acknowledged entry the line `ack LANE
//! NUMBER` goes out, and for a batch that was refused `err LANE NUMBER` and the error. `MODE` is `full`, or `normal` for
//! a SQLite that may lose commits when the power fails.

use std::io::Write;

use ldn_store::{Database, Store, StoreError};

use super::entries::{course, entry, instant, key};

/// Does what the arguments say.
pub(crate) async fn write(arguments: &[String]) {
    let [url, mode, first, count, batch, lanes] = arguments else {
        panic!("expected URL MODE FIRST COUNT BATCH LANES, found {arguments:?}");
    };
    let [first, count, batch, lanes] = [first, count, batch, lanes].map(|text| text.parse::<u64>().unwrap());
    let store = match open(url, mode).await {
        Ok(store) => store,
        Err(error) => return say(&format!("err open {error:?}")),
    };
    let lanes = (1..=lanes).map(|lane| tokio::spawn(write_lane(store.clone(), lane, first, count, batch)));
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
}

async fn open(url: &str, mode: &str) -> Result<Store, StoreError> {
    match mode {
        "normal" => {
            let database = Database::open_that_may_lose_commits(url).await?;
            Store::open_database(database, key(), url).await
        }
        _ => Store::open(url, key()).await,
    }
}

async fn write_lane(store: Store, lane: u64, first: u64, count: u64, batch: u64) {
    let mut number = first;
    while number < first + count {
        let end = (number + batch).min(first + count);
        let entries: Vec<_> = (number..end).map(|number| entry(course(lane), number)).collect();
        match store.append(&entries, instant(0)).await {
            Ok(_) => (number..end).for_each(|number| say(&format!("ack {lane} {number}"))),
            Err(error) => say(&format!("err {lane} {number} {error:?}")),
        }
        number = end;
    }
}

/// One line in one call to the system, so that a kill never leaves half of one.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}
