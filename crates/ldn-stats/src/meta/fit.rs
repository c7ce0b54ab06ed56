//! One pooled estimate.

use super::distribution::{chi_squared_above, student_beyond, student_quantile};
use super::heterogeneity::{Estimator, Stopping};
use super::profile::{h2, i2_percent};
use super::weighted::{Weighted, typical_variance, weight};
use super::{Effect, Interval, MetaError, check_effects, check_level, check_number};
use crate::normal;

/// How the error of the pooled estimate is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inference {
    /// Standard error 1/√Σw and the normal distribution: as if tau² were known.
    Z,
    /// Hartung and Knapp (2001): the squared standard error is scaled by Σw·(y − mean)²/(k − 1), and compared with
    /// Student's t with k − 1 degrees of freedom.
    ///
    /// The factor is **not truncated at 1**: studies that agree better than chance get a narrower interval than under
    /// [`Inference::Z`], as metafor's `test = "knha"` has it and other than the "ad hoc" variant in some programs.
    HartungKnapp,
}

/// What [`fit`] is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How the variance between studies is estimated.
    pub estimator: Estimator,
    /// How the error of the estimate is judged.
    pub inference: Inference,
    /// The confidence level of all intervals, between 0 and 1.
    pub level: f64,
    /// When an iterative search is over.
    pub stopping: Stopping,
}

impl Default for Options {
    /// REML, normal inference, 95 %, exact.
    fn default() -> Options {
        Options {
            estimator: Estimator::RestrictedMaximumLikelihood,
            inference: Inference::Z,
            level: 0.95,
            stopping: Stopping::Exact,
        }
    }
}

/// A pooled estimate and what is known about it. Whatever search it took has converged.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// What was asked for.
    pub options: Options,
    /// The number of studies, k.
    pub studies: usize,
    /// The pooled estimate, in the unit of the effects.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its confidence interval.
    pub interval: Interval,
    /// Estimate over standard error.
    pub statistic: f64,
    /// Degrees of freedom of Student's t; `None` when the statistic is compared with the normal distribution.
    pub degrees: Option<f64>,
    /// Two-sided p-value of a pooled effect of 0.
    pub p: f64,
    /// The variance between studies, in the squared unit of the effects; 0 under [`Estimator::EqualEffects`].
    pub tau2: f64,
    /// I², in percent: the share of tau² in the variance of a typical study's estimate. Under
    /// [`Estimator::EqualEffects`] the original form, (Q − (k − 1))/Q, at least 0 (Higgins and Thompson 2002).
    pub i2_percent: f64,
    /// H²: the variance of a typical study's estimate over its sampling variance. Under [`Estimator::EqualEffects`]
    /// Q/(k − 1), which can lie below 1.
    pub h2: f64,
    /// Cochran's Q, with the weights of equal effects; chi-squared with k − 1 degrees of freedom if all effects are equal.
    pub q: f64,
    /// Its p-value; 1 for one study.
    pub q_p: f64,
    /// Prediction interval of the true effect in a new study; `None` under [`Estimator::EqualEffects`].
    ///
    /// Defined as by default in metafor 3.8: estimate ± c·√(SE² + tau²) with the **same distribution as the confidence
    /// interval**, c from the normal under [`Inference::Z`] and from t with k − 1 degrees of freedom under
    /// [`Inference::HartungKnapp`]. Higgins, Thompson and Spiegelhalter (2009) use t with k − 2 instead, which is wider.
    pub prediction: Option<Interval>,
    /// The share of each study in the estimate, in percent, in the order of the studies.
    pub weights_percent: Vec<f64>,
    /// Steps that the search for tau² took; 0 where there is a closed form.
    pub steps: usize,
}

/// Pools effects.
///
/// One study is pooled under [`Estimator::EqualEffects`] and refused otherwise, because it says nothing about tau²
/// (metafor goes on with tau² = 0).
///
/// ```
/// use ldn_stats::meta::{Effect, Options, fit};
///
/// let effects = [(-0.3, 0.1), (0.1, 0.2), (-0.5, 0.15)].map(|(estimate, variance)| Effect { estimate, variance });
/// let pooled = fit(&effects, &Options::default())?;
/// assert!(pooled.interval.lower < pooled.estimate && pooled.estimate < pooled.interval.upper);
/// # Ok::<(), ldn_stats::meta::MetaError>(())
/// ```
///
/// # Errors
/// [`MetaError::NoStudies`], [`MetaError::Estimate`], [`MetaError::Variance`] and [`MetaError::Level`] for bad input;
/// [`MetaError::TooFewStudies`] for one study where two are needed; [`MetaError::NoSpread`] for identical estimates under
/// [`Inference::HartungKnapp`]; [`MetaError::NotConverged`] where a search did not settle.
pub fn fit(effects: &[Effect], options: &Options) -> Result<Fit, MetaError> {
    check_effects(effects)?;
    check_level(options.level)?;
    let tau2 = options.estimator.tau2(effects, options.stopping)?;
    let (equal, pooled) = (Weighted::at(effects, 0.0), Weighted::at(effects, tau2.at));
    let error = Error::of(effects, &pooled, options)?;
    let statistic = pooled.mean / error.standard_error;
    let heterogeneity = Heterogeneity::of(effects, equal.q, tau2.at, options.estimator);
    let random = options.estimator != Estimator::EqualEffects;
    let spread = (error.standard_error * error.standard_error + tau2.at).sqrt();
    let fit = Fit {
        options: *options,
        studies: effects.len(),
        estimate: pooled.mean,
        standard_error: error.standard_error,
        interval: Interval::around(pooled.mean, error.critical * error.standard_error),
        statistic,
        degrees: error.degrees,
        p: error.p(statistic),
        tau2: tau2.at,
        i2_percent: heterogeneity.i2_percent,
        h2: heterogeneity.h2,
        q: equal.q,
        q_p: heterogeneity.q_p,
        prediction: random.then(|| Interval::around(pooled.mean, error.critical * spread)),
        weights_percent: effects
            .iter()
            .map(|effect| 100.0 * weight(effect, tau2.at) / pooled.total)
            .collect(),
        steps: tau2.steps,
    };
    let finite =
        [fit.estimate, fit.standard_error, fit.interval.lower, fit.interval.upper, fit.tau2, fit.q, spread];
    if finite.iter().all(|number| number.is_finite()) { Ok(fit) } else { Err(MetaError::OutOfRange) }
}

/// The standard error and the distribution it is used with.
struct Error {
    standard_error: f64,
    degrees: Option<f64>,
    /// How many standard errors the interval reaches to each side.
    critical: f64,
}

impl Error {
    fn of(effects: &[Effect], pooled: &Weighted, options: &Options) -> Result<Error, MetaError> {
        let beyond = 1.0 - options.level;
        match options.inference {
            Inference::Z => Ok(Error {
                standard_error: 1.0 / pooled.total.sqrt(),
                degrees: None,
                critical: -normal::quantile(0.5 * beyond),
            }),
            Inference::HartungKnapp => {
                let analysis = "the Hartung–Knapp method";
                check_number(effects, 2, analysis)?;
                check_spread(effects, analysis)?;
                let degrees = effects.len() as f64 - 1.0;
                Ok(Error {
                    standard_error: (pooled.q / degrees / pooled.total).sqrt(),
                    degrees: Some(degrees),
                    critical: student_quantile(beyond, degrees),
                })
            }
        }
    }

    fn p(&self, statistic: f64) -> f64 {
        match self.degrees {
            None => 2.0 * normal::cdf(-statistic.abs()),
            Some(degrees) => student_beyond(statistic, degrees),
        }
    }
}

/// Refuses identical estimates: their spread is 0 but for rounding, and so would the standard error be.
fn check_spread(effects: &[Effect], analysis: &'static str) -> Result<(), MetaError> {
    let differ = effects.windows(2).any(|pair| pair[0].estimate != pair[1].estimate);
    if differ { Ok(()) } else { Err(MetaError::NoSpread { analysis }) }
}

struct Heterogeneity {
    i2_percent: f64,
    h2: f64,
    q_p: f64,
}

impl Heterogeneity {
    fn of(effects: &[Effect], q: f64, tau2: f64, estimator: Estimator) -> Heterogeneity {
        let degrees = effects.len() as f64 - 1.0;
        if effects.len() == 1 {
            return Heterogeneity { i2_percent: 0.0, h2: 1.0, q_p: 1.0 };
        }
        let q_p = chi_squared_above(q, degrees);
        if estimator == Estimator::EqualEffects {
            let i2_percent = if q > degrees { 100.0 * (q - degrees) / q } else { 0.0 };
            return Heterogeneity { i2_percent, h2: q / degrees, q_p };
        }
        let typical = typical_variance(effects);
        Heterogeneity { i2_percent: i2_percent(tau2, typical), h2: h2(tau2, typical), q_p }
    }
}
