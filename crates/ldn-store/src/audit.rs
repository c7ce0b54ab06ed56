//! The trail of who did what: append-only, chained, and without a word of medicine.
//!
//! One row per action, written in the transaction of the action where there is one; a refusal has a transaction of its
//! own. A row says who, in which role, when (UTC), what, with which object, on which course and why, and carries hashes
//! of what was there before and after, never the thing itself. Each row hashes the one before it; the byte form is
//! described at [`Row::hash`], so that anybody can check it with other tools. The tables refuse updates and deletions.
//!
//! A chain cannot see that its own end was cut off, nor a rewrite by somebody who owns the disk. So a [`Head`] is
//! published every day and kept by somebody else; [`verify()`] takes it and then sees both.

mod event;
mod read;
mod row;
mod text;
mod verify;
mod write;

pub use event::{Action, Event, Outcome, RequestId, Why};
pub use read::{by_account, of_course, publish_head, published_heads, recent, verify_store};
pub use row::{Head, HeadError, Row};
pub use text::{LONGEST_TEXT, escaped};
pub use verify::{Damage, Verified, verify};
pub(crate) use write::{append, append_refusal};
