//! Is it the drug? A blinded crossover of one person.
//!
//! The way through: a [`Design`] says how many periods of which length; [`Admissible`] is the set of sequences that may
//! be drawn for it, all equally likely; a [`Sequence`] is one of them, an arm for each period and a shift for each
//! switch. Everything is measured in kits, the bottles that the person opens one after the other: a switch falls between
//! two kits, never inside one.
//!
//! Nothing here draws at random: the seed is a parameter.

pub mod design;
pub mod sequence;

pub use design::{Arm, Arms, Balance, Design, DesignError, DesignParts};
pub use sequence::{Admissible, Sequence};
