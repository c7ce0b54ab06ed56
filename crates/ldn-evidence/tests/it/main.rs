//! The evidence library from outside: its data, its samples, its searches and its pools.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod folder;
mod guide;
mod numbers;
mod pools;
mod samples;
mod searches;
mod shown;
