//! Is it the drug? A blinded crossover of one person.
//!
//! The way through: a [`Design`] says how many periods of which length; [`Admissible`] is the set of sequences that may
//! be drawn for it, all equally likely; a [`Sequence`] is one of them, an arm for each period and a shift for each
//! switch. Everything is measured in kits, the bottles that the person opens one after the other: a switch falls between
//! two kits, never inside one. An [`Allocation`] is the sequence that was drawn: the secret, with a commitment to it that
//! may be shown to everybody. A [`Protocol`] is what everybody knows: the rules, and which kit is for which days.
//!
//! Nothing here draws at random: the seed is a parameter.
//!
//! Afterwards an [`Opened`] diary knows what its periods held, and [`analysis::analyse`] asks it by the model of the
//! verdict and by the randomisation test; [`masked::look`] says what may be said while the code is sealed.

pub mod allocation;
pub mod analysis;
pub mod belief;
pub mod design;
pub mod diagnostics;
mod gls;
pub mod import;
pub mod legacy;
pub mod masked;
pub mod opened;
pub mod permutation;
pub mod power;
pub mod protocol;
pub mod sequence;
pub mod wording;

pub use allocation::{Allocation, AllocationError, Seed};
pub use analysis::{Analysis, AnalysisError, Because, Statement, analyse};
pub use belief::{Belief, Blinding};
pub use design::{Arm, Arms, Balance, Design, DesignError, DesignParts};
pub use gls::Coefficient;
pub use masked::Masked;
pub use opened::{OpenError, Opened, Period, Plan};
pub use permutation::RandomisationTest;
pub use protocol::{Kit, Protocol, ProtocolError, ProtocolParts, Stage, trial_code};
pub use sequence::{Admissible, Sequence};
