//! Where courses are kept: nothing that was acknowledged is lost, and a stolen file says nothing.
//!
//! One schema on two engines: SQLite in one file, and PostgreSQL for clinics with several servers. Start with
//! [`Store`]: it appends entries, many callers in one transaction, and reads them back verified. Each person's entries
//! are sealed under a key of their own, which the [`SiteKey`] wraps; to erase a person is to destroy that key.
//!
//! This crate has no clock and reads no environment: the instant of receipt and the site key are parameters. It
//! generates keys and nonces from the operating system, and nothing else at random. It judges no medicine.
//!
//! To change the schema, add a file with the next number to `migrations/sqlite` and `migrations/postgres`, enter both
//! in `database.rs`, and keep a store of the old schema as a fixture (`cargo run -p ldn-store --example fixture`).
//! A migration that has landed is never edited.

// First, because the others use its macro.
#[macro_use]
mod database;

pub mod account;
mod allocations;
pub mod audit;
pub mod backup;
mod crypt;
mod entries;
mod erasure;
mod error;
pub mod export;
pub mod grant;
pub mod invitation;
pub mod local;
mod people;
pub mod policy;
mod reading;
mod rows;
pub mod session;
mod store;
mod timestamp;
pub mod view;
mod writer;

pub use allocations::{OpenedAllocation, SealError, SealedAllocation};
pub use crypt::{SiteKey, SiteKeyError};
pub use database::{Database, Engine};
pub use entries::{Appended, StoredEntry};
pub use error::{Fault, StoreError};
pub use people::{CourseRecord, PersonRecord};
pub use reading::{CourseDamage, Verification};
pub use store::Store;
