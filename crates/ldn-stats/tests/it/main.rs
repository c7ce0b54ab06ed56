//! The numbers of this crate against values computed elsewhere.

mod ar1;
mod golden;
