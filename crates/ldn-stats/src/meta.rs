//! Pooling the results of several trials.
//!
//! Start with [`effect`], which turns what a paper prints into an [`Effect`]: an estimate and its sampling variance.
//! [`fit`] pools effects, [`q_profile`] says how well the spread between trials is known, [`egger`] asks whether small
//! trials tell another story, [`leave_one_out`] and [`cumulative`] ask how much hangs on one trial. [`bayes`] gives the
//! exact posterior under a stated prior and, from it, the distribution of the effect that a new trial would find.
//!
//! The module does not know what may be pooled: that outcomes, scales and designs fit together is for the caller.
//!
//! Studies are named by their position in the slice, from 0 in fields and from 1 in messages. To add an estimator of
//! tau², add a variant to [`Estimator`] and its function to the private module `heterogeneity`.

pub mod bayes;
pub(crate) mod distribution;
pub mod effect;
mod egger;
mod fit;
mod heterogeneity;
mod profile;
mod root;
mod sensitivity;
mod weighted;

pub use effect::Effect;
pub use egger::{Egger, egger};
pub use fit::{Fit, Inference, Options, fit};
pub use heterogeneity::{Estimator, Stopping};
pub use profile::{QProfile, q_profile};
pub use sensitivity::{Accumulation, Omission, cumulative, leave_one_out};

/// Two ends, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

impl Interval {
    fn around(centre: f64, margin: f64) -> Interval {
        Interval { lower: centre - margin, upper: centre + margin }
    }
}

/// Why effects could not be pooled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MetaError {
    /// The list of effects is empty.
    #[error("there are no studies to pool")]
    NoStudies,
    /// An estimate is NaN or infinite.
    #[error("study {}: its estimate is {value}; expected a finite number", .study + 1)]
    Estimate {
        /// Position in the slice, from 0.
        study: usize,
        /// What stands there.
        value: f64,
    },
    /// A variance is zero, negative, NaN or infinite.
    #[error("study {}: its variance is {value}; expected a finite number above 0", .study + 1)]
    Variance {
        /// Position in the slice, from 0.
        study: usize,
        /// What stands there.
        value: f64,
    },
    /// The analysis cannot be made of so few studies.
    #[error("{analysis} needs at least {needed} studies; there are {found}")]
    TooFewStudies {
        /// What was asked for.
        analysis: &'static str,
        /// The least number of studies.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// All studies agree to the last bit where their disagreement is the measure of error.
    #[error("{analysis} takes its error from the spread of the studies; these have none")]
    NoSpread {
        /// What was asked for.
        analysis: &'static str,
    },
    /// All studies have the same standard error, so that nothing can be regressed on it.
    #[error("Egger's test compares small studies with large ones; these all have the same variance")]
    SameSize,
    /// The confidence level is not strictly between 0 and 1.
    #[error("the confidence level is {value}; expected a number between 0 and 1, such as 0.95")]
    Level {
        /// What was given.
        value: f64,
    },
    /// A parameter of a prior is out of its range.
    #[error("the prior's {parameter} is {value}; expected {expected}")]
    Prior {
        /// Which one.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// Its range.
        expected: &'static str,
    },
    /// The order given to [`cumulative`] is not a permutation of the studies.
    #[error("an order of {studies} studies names each of 1 to {studies} once; place {} breaks it", .place + 1)]
    Order {
        /// The first place, from 0, that is missing, repeats a study or names one that does not exist.
        place: usize,
        /// How many studies there are.
        studies: usize,
    },
    /// The search for tau² did not settle.
    #[error("{search} did not converge in {steps} steps; it stood at tau² = {tau2}")]
    NotConverged {
        /// Which search.
        search: &'static str,
        /// How many steps were allowed.
        steps: usize,
        /// Where it stopped.
        tau2: f64,
    },
    /// Squares or reciprocals of the input leave the range of floating-point numbers.
    #[error("the estimates or variances are too large or too small to compute with; change their unit")]
    OutOfRange,
}

/// Refuses an empty list, an estimate that is not finite, and a variance that is not finite and positive.
fn check_effects(effects: &[Effect]) -> Result<(), MetaError> {
    if effects.is_empty() {
        return Err(MetaError::NoStudies);
    }
    for (study, Effect { estimate, variance }) in effects.iter().enumerate() {
        if !estimate.is_finite() {
            return Err(MetaError::Estimate { study, value: *estimate });
        }
        if !(variance.is_finite() && *variance > 0.0) {
            return Err(MetaError::Variance { study, value: *variance });
        }
    }
    Ok(())
}

fn check_number(effects: &[Effect], needed: usize, analysis: &'static str) -> Result<(), MetaError> {
    let found = effects.len();
    if found < needed { Err(MetaError::TooFewStudies { analysis, needed, found }) } else { Ok(()) }
}

fn check_level(value: f64) -> Result<(), MetaError> {
    if value > 0.0 && value < 1.0 { Ok(()) } else { Err(MetaError::Level { value }) }
}
