//! The verdict against numbers computed elsewhere, against simulated truth, and against itself.

mod classes;
mod exact;
mod golden;
mod posterior;
