//! The verdict against numbers computed elsewhere, against simulated truth, and against itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod classes;
mod degenerate;
mod exact;
mod golden;
mod metamorphic;
mod posterior;
mod trial_analysis;
mod trial_power;
mod trial_published;
mod words;
