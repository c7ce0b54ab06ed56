//! The verdict against numbers computed elsewhere, against simulated truth, and against itself.

mod classes;
mod degenerate;
mod exact;
mod golden;
mod metamorphic;
mod posterior;
mod words;
