//! The journal of a course, from outside: its stored form, its chain, and the course that it folds to.
#![expect(
    clippy::unwrap_used,
    reason = "a test that panics has failed; clippy knows only functions marked as tests"
)]

mod any;
mod chain;
mod clock;
mod corrections;
mod document;
mod form;
mod plans;
mod replay;
mod sample;
