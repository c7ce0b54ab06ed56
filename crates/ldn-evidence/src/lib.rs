//! What is known about low-dose naltrexone, how well, and who disagrees.
//!
//! [`Library::shipped`] holds the reviewed files under `data/`: sources, the claims of lay articles with what the best
//! source says about each, contradictions, the results of trials, and published reviews. From it come
//! [`Library::show`] (one thing with everything linked to it), [`Library::search`], [`Library::conflicts`] and
//! [`pool::select`], which decides what may stand in one meta-analysis and says why the rest may not.
//!
//! The crate deliberately does not know how to pool (that is arithmetic, in `ldn-stats`), and it reads nothing at run
//! time: the files are compiled in. Start at [`Library`]. To add a source, a claim or a trial, write a file; see
//! `docs/guide/researcher-evidence.md`.

pub mod claim;
pub mod contradiction;
mod kind;
mod library;
pub mod meta_analysis;
pub mod outcome;
pub mod pool;
mod printed;
mod recompute;
pub mod search;
pub mod show;
pub mod trial;

pub use claim::Claim;
pub use contradiction::Contradiction;
pub use kind::Kind;
pub use ldn_core::data::{Problems, Source, Status};
pub use library::{Library, Summary};
pub use meta_analysis::MetaAnalysis;
pub use outcome::Outcome;
pub use printed::Printed;
pub use trial::Trial;
