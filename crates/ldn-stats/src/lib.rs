//! Numbers without medicine: distributions, filters, small matrices, point sets and importance weights.
//!
//! What the verdict needs and no more. Everything is pure and deterministic: transcendental functions come from `libm`
//! or are written here, multiply-add is always the fused one, and no sum depends on how many threads or how wide
//! registers a machine has, so that the same input gives the same bytes everywhere.
//!
//! The crate knows nothing of doses, scores or patients. Hot loops are written once over [`Lanes`], four numbers side
//! by side, and started through [`lanes::dispatch`].

pub mod ar1;
pub mod eigen;
pub mod halton;
pub mod kolmogorov;
pub mod lanes;
pub mod linear;
pub mod meta;
pub mod mixed;
pub mod mixture;
pub mod newton;
pub mod normal;
pub mod proportion;
pub mod psis;
pub mod welch;

pub use lanes::Lanes;
