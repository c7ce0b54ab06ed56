//! Backups: everything that lasts, consistent while the store is in use, encrypted to people who keep keys elsewhere.
//!
//! A backup is an age file (age-encryption.org/v1) around lines of JSON: the tables in the order of `backup/tables.rs`, the same
//! whichever engine they come from, and a manifest at the end. What is sealed stays sealed, so a backup that is
//! decrypted still says nothing without the site key. The form is described in `docs/backup.md`.
//!
//! [`write_file`] makes one, [`rotate`] removes older ones, [`restore`](restore()) puts one into an empty store and
//! erases again whom the [`ErasureList`] names.

mod dump;
mod erasures;
mod error;
mod file;
mod form;
mod keys;
mod load;
mod restore;
mod rotate;
mod tables;

pub use dump::dump;
pub use erasures::{ERASURE_LIST, ErasureList};
pub use error::BackupError;
pub use file::{BackupFile, write_file};
pub use form::{Header, Manifest, VERSION};
pub use keys::{Identities, Recipients};
pub use restore::{Erasures, Restored, restore};
pub use rotate::{Rotation, rotate};
