//! Planning: which dose on which day, from a protocol, a screening and the prescriber's choices.
//!
//! [`Protocols`] are data, one file each under `data/protocols/`: what a source states, what it leaves to a choice, and
//! what is missing. [`propose`] turns one of them into a [`Plan`], or into a [`Refusal`] that names the rule or the field
//! and the way out; nothing that a source leaves open is filled in silently. [`adapt`] reads a diary and proposes what to
//! change, never to climb faster. [`Slots`] decides about a single forgotten dose. All of it is pure and addressed to
//! the prescriber: a proposal is a new, unsigned plan, not advice to the patient.
//!
//! ```
//! use jiff::civil::date;
//! use ldn_care::medicine::Formulary;
//! use ldn_care::plan::{Choices, Protocols, Refusal, Request, propose};
//! use ldn_care::screen::{RuleSet, screen};
//! let intake = ldn_care::intake::read(b"schema = 1\ndate = 2026-01-05\n")?;
//! let rules = RuleSet::shipped();
//! let screening = screen(&intake, rules, Formulary::shipped());
//! let protocols = Protocols::shipped();
//! let request = Request {
//!     protocol: protocols.find("T01").expect("shipped"),
//!     screening: &screening,
//!     intake: &intake,
//!     start: date(2026, 1, 6),
//!     choices: &Choices::default(),
//!     today: date(2026, 1, 5),
//! };
//! // Nothing is known about this person, and unknown is not no.
//! assert!(matches!(propose(&request, protocols, rules), Err(Refusal::Incomplete { .. })));
//! # Ok::<(), ldn_care::intake::Problems>(())
//! ```

mod adapt;
mod choices;
mod findings;
mod holds;
mod ladder;
mod missed;
mod propose;
mod protocol;
mod protocols;
mod refusal;
mod settings;
mod terms;

use jiff::Span;
use jiff::civil::Date;

pub use adapt::{Change, DiaryFact, Proposal, ProposalKind, adapt};
pub use choices::{Choices, Request};
pub use missed::{Slot, SlotId, SlotRefusal, SlotTimes, Slots, TakeLate};
pub use propose::propose;
pub use protocol::{Field, Kind, Listed, ListedField, Protocol, Rise, Schedule, Target};
pub use protocols::Protocols;
pub use refusal::Refusal;
pub use settings::Planning;

#[cfg(doc)]
use ldn_core::Plan;

/// Returns the day so many days later.
pub(crate) fn plus(day: Date, days: impl Into<i64>) -> Date {
    day.saturating_add(Span::new().days(days.into()))
}

/// Returns whole days from one day to another; negative if the other comes first.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
