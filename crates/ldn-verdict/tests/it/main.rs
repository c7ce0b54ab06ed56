//! The verdict against numbers computed elsewhere, against simulated truth, and against itself.

mod exact;
mod golden;
mod posterior;
