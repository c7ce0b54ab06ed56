//! Tests of the store, each on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod accounts_passwords;
mod accounts_people;
mod append;
mod audit;
mod backup;
mod crashing;
mod erasure_everywhere;
mod export;
mod faults;
mod keeping;
mod policy;
mod schema;
mod tampering;
mod views;

use ldn_store::Engine;

use support::site::Site;

/// Makes two tests of one function, in a module of its name.
macro_rules! on_both_engines {
    ($($name:ident)+) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::run(ldn_store::Engine::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::run(ldn_store::Engine::Postgres, super::$name);
            }
        }
    )+};
}
pub(crate) use on_both_engines;

/// Runs a test in a runtime of its own.
pub(crate) fn run<F: AsyncFnOnce(&mut Site)>(engine: Engine, test: F) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let mut site = Site::new(engine).await;
        test(&mut site).await;
    });
}
