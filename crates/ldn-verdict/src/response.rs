//! Did it work? One diary in, a posterior, its checks, a decision and its words out.
//!
//! The way through: a [`series::Series`] is one measure of a diary, day by day; [`exact::Design`] evaluates the model
//! exactly at given nonlinear parameters; [`posterior::Posterior`] carries those parameters as weighted points;
//! [`summary::Answers`] asks it questions; [`verdict::judge`] does all of it and adds [`checks`], a [`decision`] and
//! its [`wording`]. Many diaries at once: [`batch`].

pub mod audit;
pub mod batch;
pub mod calibration;
pub mod checks;
pub mod decision;
pub mod detail;
pub mod exact;
pub mod grade;
pub mod missing;
pub mod posterior;
pub mod prior;
pub mod series;
pub mod summary;
pub mod theta;
pub mod verdict;
pub mod wording;

pub use verdict::{Settings, Verdict, VerdictError, judge};
