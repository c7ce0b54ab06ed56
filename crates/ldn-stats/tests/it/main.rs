//! The numbers of this crate against values computed elsewhere.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod ar1;
mod golden;
mod meta;
mod meta_properties;
