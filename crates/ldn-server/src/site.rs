//! What every request shares.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};

use jiff::Timestamp;
use ldn_store::Store;
use ldn_store::account::Accounts;
use sha2::{Digest, Sha256};

use crate::clinic::{Summaries, Verdicts};
use crate::metrics::Metrics;
use crate::trouble::Trouble;

/// Tells the time; a parameter, so that tests can turn the calendar.
pub type Clock = fn() -> Timestamp;

/// What every request shares: cheap to clone.
#[derive(Clone)]
pub struct Site {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    settings: Settings,
    started: Timestamp,
    requests: AtomicU64,
    entries: AtomicU16,
    metrics: Metrics,
    summaries: Summaries,
    verdicts: Verdicts,
}

/// How this site is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Tells the time.
    pub clock: Clock,
    /// True if every course was generated; each page says so.
    pub sample: bool,
    /// The origin under which browsers see it, such as `https://ldn.example`; passkeys are bound to its host.
    pub origin: String,
}

impl Site {
    /// Makes a site of an open store.
    pub fn new(store: Store, settings: Settings) -> Site {
        let started = (settings.clock)();
        Site {
            shared: Arc::new(Shared {
                store,
                settings,
                started,
                requests: AtomicU64::new(0),
                entries: AtomicU16::new(0),
                metrics: Metrics::default(),
                summaries: Summaries::default(),
                verdicts: Verdicts::default(),
            }),
        }
    }

    /// Returns the present instant.
    pub fn now(&self) -> Timestamp {
        (self.shared.settings.clock)()
    }

    /// Returns how it is run.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Returns the store.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// Returns the accounts of the store.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts::of(&self.shared.store)
    }

    /// Returns what is counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Returns the lines of the prescribers' lists that were computed.
    pub(crate) fn summaries(&self) -> &Summaries {
        &self.shared.summaries
    }

    /// Returns the verdicts that prescribers looked at.
    pub(crate) fn verdicts(&self) -> &Verdicts {
        &self.shared.verdicts
    }

    /// Returns a name for the next request, short enough to read out on the telephone: unique while the process runs,
    /// and it differs between runs.
    pub(crate) fn next_request(&self) -> String {
        let number = self.shared.requests.fetch_add(1, Ordering::Relaxed);
        let run = Sha256::digest(self.shared.started.as_nanosecond().to_be_bytes());
        format!("{:02x}{:02x}-{number}", run[0], run[1])
    }

    /// Returns the next of 4,096 numbers, over and over: the count inside the ids of entries made here.
    pub(crate) fn next_entry(&self) -> u16 {
        self.shared.entries.fetch_add(1, Ordering::Relaxed) & 0x0fff
    }

    /// Notes a fault of ours under a code and returns what the visitor is told: the code and nothing of the inside.
    pub(crate) fn broken(&self, error: &dyn Display) -> Trouble {
        let code = self.next_request();
        self.metrics().erred();
        // Standard error is the log of the process; errors of the store name places, never what stands there.
        eprintln!("ldn: error {code}: {error}");
        Trouble::Broken { code }
    }
}
