//! Killing the writer, and the server, at random moments.

use std::collections::BTreeSet;
use std::time::Duration;

use ldn_store::Store;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::entries::{course, entry_id};
use super::process::{Job, Running, Writer};
use super::raw;
use super::site::Site;

/// Courses that are written at the same time.
const LANES: u64 = 4;

/// What a run of kills showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) kills: u32,
    /// How many of the kills hit the server as well.
    pub(crate) server_kills: u32,
    pub(crate) acknowledged: usize,
    /// Acknowledged entries that were not there afterwards.
    pub(crate) lost: usize,
    /// Stored entries that nobody heard of before the kill: allowed, since sending again is harmless.
    pub(crate) unheard: usize,
    /// Times that the file was not whole; on PostgreSQL, that the chains did not verify.
    pub(crate) damaged: u32,
}

/// Kills a writer that appends to four courses at once, until so many entries are acknowledged by so many writers.
pub(crate) async fn run(
    site: &mut Site,
    writer: &Writer,
    kills: u32,
    n_entries: usize,
    seed: u64,
) -> Figures {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    site.with_courses(LANES).await.close().await;
    let mut figures = Figures { kills, ..Figures::default() };
    let mut acknowledged = BTreeSet::new();
    for kill in 0..kills {
        let missing = n_entries.saturating_sub(acknowledged.len());
        let share = missing.div_ceil(usize::try_from(kills - kill).unwrap());
        let first = acknowledged.iter().map(|&(_, number)| number + 1).max().unwrap_or(0);
        let job = Job {
            url: &site.url,
            mode: "full",
            first,
            count: 1 << 30,
            batch: rng.random_range(1..=3),
            lanes: LANES,
        };
        let mut running = Running::start(writer.command(job));
        // One in ten is killed while it starts, the others in the middle of their work.
        let early = kill % 10 == 4;
        if !early {
            running.listen(rng.random_range(share..=share + share / 4 + 1), Duration::from_secs(30));
        }
        std::thread::sleep(Duration::from_micros(rng.random_range(0..if early { 60_000 } else { 8_000 })));
        figures.server_kills += u32::from(kill_server(site, kill));
        acknowledged.extend(running.kill().acknowledged);
        if let Some(cluster) = &mut site.cluster {
            cluster.wait_until_ready();
        }
        figures.damaged += u32::from(!is_whole(site).await);
    }
    let store = site.open().await;
    let found = found(&store).await;
    figures.acknowledged = acknowledged.len();
    figures.lost = acknowledged.difference(&found).count();
    figures.unheard = found.difference(&acknowledged).count();
    let heads = store.heads().await.unwrap();
    figures.damaged += u32::from(!store.verify_all(&heads).await.unwrap().is_sound());
    figures
}

/// Every other kill hits the server, too: in turn all of its processes, and one that serves a connection.
fn kill_server(site: &mut Site, kill: u32) -> bool {
    let Some(cluster) = &mut site.cluster else { return false };
    match kill % 4 {
        1 => cluster.kill_and_restart(),
        3 => cluster.kill_one_backend(),
        _ => return false,
    }
    true
}

async fn is_whole(site: &Site) -> bool {
    if raw::is_postgres(&site.url) {
        return true;
    }
    let mut connection = raw::sqlite(&site.url).await;
    let (answer,): (String,) =
        sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    answer == "ok"
}

/// Every entry that is stored, read through the store and so verified: lane and number.
pub(crate) async fn found(store: &Store) -> BTreeSet<(u64, u64)> {
    let mut found = BTreeSet::new();
    for lane in 1..=LANES {
        if store.course(course(lane)).await.unwrap().is_none() {
            continue;
        }
        for stored in store.entries(course(lane)).await.unwrap() {
            let number = stored.entry.id().uuid().as_u128() as u64 & 0xffff_ffff;
            assert_eq!(stored.entry.id(), entry_id(course(lane), number));
            found.insert((lane, number));
        }
    }
    found
}
