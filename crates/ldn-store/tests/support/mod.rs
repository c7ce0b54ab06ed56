//! What the tests, the measurements and the writer process share.
#![allow(dead_code, reason = "each of the programs that share this uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test or a measurement that cannot go on ends")]

pub(crate) mod crash;
pub(crate) mod entries;
pub(crate) mod postgres;
pub(crate) mod power;
pub(crate) mod process;
pub(crate) mod raw;
pub(crate) mod site;
pub(crate) mod writer;
