//! How well the variance between studies is known.

use super::distribution::chi_squared_quantile;
use super::fit::Options;
use super::heterogeneity::{METAFOR_CEILING, Stopping, not_converged, tau2_at_q};
use super::weighted::typical_variance;
use super::{Effect, Interval, MetaError, check_effects, check_level, check_number};

/// Confidence intervals of heterogeneity, from [`q_profile`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QProfile {
    /// Of the variance between studies. Both ends are 0 when the studies agree better than chance would have them.
    pub tau2: Interval,
    /// Of I², in percent.
    pub i2_percent: Interval,
    /// Of H².
    pub h2: Interval,
}

/// Returns the Q-profile intervals of tau², I² and H².
///
/// The generalised Q at the true tau² is chi-squared with k − 1 degrees of freedom; the interval holds the values at which
/// Q lies between the quantiles of that distribution (Viechtbauer 2007). I² and H² follow from each end. The intervals are
/// exact for normal effects with known variances, and do not depend on the estimator: of the options, only the level, the
/// stopping rule and, for metafor's stopping rule, the estimator count (its bracket ends at ten times the estimate).
///
/// # Errors
/// As [`fit`](super::fit()); [`MetaError::TooFewStudies`] for one study.
pub fn q_profile(effects: &[Effect], options: &Options) -> Result<QProfile, MetaError> {
    check_effects(effects)?;
    check_level(options.level)?;
    check_number(effects, 2, "an interval of the variance between studies")?;
    let degrees = effects.len() as f64 - 1.0;
    let tail = 0.5 * (1.0 - options.level);
    let ceiling = match options.stopping {
        Stopping::Exact => f64::INFINITY,
        Stopping::Metafor => {
            METAFOR_CEILING.max(10.0 * options.estimator.tau2(effects, options.stopping)?.at)
        }
    };
    let end = |p: f64| {
        tau2_at_q(effects, chi_squared_quantile(p, degrees), options.stopping, ceiling)
            .map(|root| root.at)
            .map_err(|lost| not_converged("the Q-profile", lost))
    };
    let tau2 = Interval { lower: end(1.0 - tail)?, upper: end(tail)? };
    if !tau2.upper.is_finite() {
        return Err(MetaError::OutOfRange);
    }
    let typical = typical_variance(effects);
    let both =
        |f: fn(f64, f64) -> f64| Interval { lower: f(tau2.lower, typical), upper: f(tau2.upper, typical) };
    Ok(QProfile { tau2, i2_percent: both(i2_percent), h2: both(h2) })
}

/// The share of tau² in the variance of a typical study's estimate, in percent.
pub(super) fn i2_percent(tau2: f64, typical: f64) -> f64 {
    if tau2 > 0.0 { 100.0 * tau2 / (tau2 + typical) } else { 0.0 }
}

/// The variance of a typical study's estimate over its sampling variance.
pub(super) fn h2(tau2: f64, typical: f64) -> f64 {
    if tau2 > 0.0 { tau2 / typical + 1.0 } else { 1.0 }
}
