//! Recognising medicines as people write them.
//!
//! [`Formulary::recognise`] has three answers only: recognised, did you mean …?, and not recognised. There is no
//! "no match, so no opioid": what is not understood is handed back as not understood, and the screen blocks on it.

mod assemble;
mod edits;
mod formulary;
mod index;
mod load;
mod reading;
mod recognise;
mod record;
mod text;

pub use formulary::Formulary;
pub use reading::{Match, Reading, Recognition};
pub use record::{Form, Medicine, Opioid, OpioidKind, Release};
