//! The journal of one course: what was entered, never changed, and how anybody can see that it was not.
//!
//! A client makes an [`Entry`] and sends it. The store gives it a place in the chain of its course, a [`Link`]; and
//! [`verify()`] finds what was edited, removed, inserted, reordered, or, given a head that somebody else holds, cut off
//! or rewritten. What a course is now is a pure fold over its entries: [`Course::replay`](crate::course::Course::replay).
//!
//! Nothing here is ever edited: a correction is an entry that names the one it replaces ([`Corrected`]). The stored
//! form is described in `docs/journal.md`. To add a kind of entry, add a line to the list in `body.rs` and a fixture;
//! to change one, read `form.rs` first.

mod body;
mod chain;
mod entry;
mod form;
mod hash;
mod text;
mod verify;
mod words;

pub use body::{
    BeliefRecorded, Body, Consent, Container, Content, Corrected, Dispensed, DoseReport, Instrument, Intake,
    ItemAnswer, Kind, KitOpened, Lab, LabResult, Medicine, Note, Ordered, Outcome, PlanEnded, PlanHeld,
    PlanProposed, PlanSigned, Procedure, Scores, ScoresError, Screened, SideEffect, TrialStarted, Unblinded,
    VerdictShown,
};
pub use chain::{Head, Header, Link, genesis};
pub use entry::{Entry, EntryError, EntryParts, LARGEST_ENTRY, Salt};
pub use form::VERSION;
pub use hash::{Hash, HashError};
pub use text::{Decimal, DecimalError, Percent, PercentError};
pub use verify::{Damage, DamageKind, Row, Verified, verify};
pub use words::{Answer, Disposition, Guess, Release, Role, Route, Severity, UnknownWord, Use};
