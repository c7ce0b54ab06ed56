//! The variance between studies, tau².

use super::root::{self, Lost, Root};
use super::weighted::{Traces, Weighted, typical_variance, weight};
use super::{Effect, MetaError, check_number};

/// How the variance between studies is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// Equal effects (also called fixed effect): tau² = 0 by assumption.
    EqualEffects,
    /// DerSimonian and Laird (1986), their moment estimator: max(0, (Q − (k − 1)) / (Σw − Σw²/Σw)).
    DerSimonianLaird,
    /// Paule and Mandel (1982): the tau² at which the generalised Q equals k − 1, or 0 if it is below that at 0.
    PauleMandel,
    /// Restricted maximum likelihood: Viechtbauer (2005), equation 8.
    ///
    /// The restricted likelihood of few studies can have a maximum at tau² = 0 and another one inside. The search climbs
    /// from the unweighted moment estimate of Hedges and Olkin (1985), and takes 0 instead if that is likelier. A third
    /// maximum is not looked for: it won in 6 of 20,000 sets made up with variances over several orders of magnitude.
    RestrictedMaximumLikelihood,
}

/// When an iterative search for tau² is over.
///
/// The two differ by what R's metafor leaves undone with its default settings: about 1e-4 relative in tau², and for an
/// end of a Q-profile interval up to 6e-5 absolute. The results of one are as good as those of the other for any
/// reader; only a comparison digit by digit can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping {
    /// At the limit of floating-point numbers. Scaling the effects scales the result.
    Exact,
    /// Where metafor 3.8 stops with its default settings, to reproduce numbers printed by it: REML by plain Fisher
    /// scoring until a step is at most 1e-5, or an error after 100; Paule–Mandel and Q-profile by Brent's method between
    /// 0 and 100 (or more, see [`q_profile`](super::q_profile)) to 2^−13.
    Metafor,
}

impl Estimator {
    /// Returns the estimate and the number of steps of its search, 0 if it has a closed form.
    pub(super) fn tau2(self, effects: &[Effect], stopping: Stopping) -> Result<Root, MetaError> {
        if self != Estimator::EqualEffects {
            check_number(effects, 2, "an estimate of the variance between studies")?;
        }
        match (self, stopping) {
            (Estimator::EqualEffects, _) => Ok(Root { at: 0.0, steps: 0 }),
            (Estimator::DerSimonianLaird, _) => Ok(Root { at: dersimonian_laird(effects), steps: 0 }),
            (Estimator::PauleMandel, _) => paule_mandel(effects, stopping),
            (Estimator::RestrictedMaximumLikelihood, Stopping::Exact) => reml(effects),
            (Estimator::RestrictedMaximumLikelihood, Stopping::Metafor) => reml_like_metafor(effects),
        }
    }
}

/// Returns the tau² ≥ 0 at which the generalised Q falls to `target`, or 0 if it is not above that at 0.
///
/// Q falls with tau² and is convex, so that Newton's method from 0 climbs to the root (DerSimonian and Kacker 2007).
/// `ceiling` is the upper end of metafor's bracket; where that is too low the exact root is returned.
pub(super) fn tau2_at_q(
    effects: &[Effect],
    target: f64,
    stopping: Stopping,
    ceiling: f64,
) -> Result<Root, Lost> {
    let excess = |tau2: f64| Weighted::at(effects, tau2).q - target;
    if excess(0.0) <= 0.0 {
        return Ok(Root { at: 0.0, steps: 0 });
    }
    if stopping == Stopping::Metafor && excess(ceiling) < 0.0 {
        return root::brent((0.0, ceiling), METAFOR_ROOT_TOLERANCE, excess);
    }
    root::follow(0.0, typical_variance(effects), |tau2| {
        let Weighted { q, q_slope, .. } = Weighted::at(effects, tau2);
        (q - target) / q_slope
    })
}

/// Fourth root of the distance from 1 to the next number, R's customary tolerance: 2^−13.
const METAFOR_ROOT_TOLERANCE: f64 = 1.220_703_125e-4;
const METAFOR_LAST_STEP: f64 = 1e-5;
const METAFOR_MOST_STEPS: usize = 100;
/// The bracket that metafor searches, unless the effects spread wider.
pub(super) const METAFOR_CEILING: f64 = 100.0;

fn dersimonian_laird(effects: &[Effect]) -> f64 {
    let Weighted { total, q, .. } = Weighted::at(effects, 0.0);
    let excess = q - (effects.len() as f64 - 1.0);
    (excess / Traces::at(effects, 0.0, total).p).max(0.0)
}

fn paule_mandel(effects: &[Effect], stopping: Stopping) -> Result<Root, MetaError> {
    let ceiling = METAFOR_CEILING.max(10.0 * squared_median_deviation(effects));
    let degrees = effects.len() as f64 - 1.0;
    tau2_at_q(effects, degrees, stopping, ceiling)
        .map_err(|lost| not_converged("the Paule–Mandel search", lost))
}

pub(super) fn not_converged(search: &'static str, lost: Lost) -> MetaError {
    MetaError::NotConverged { search, steps: root::MOST_STEPS, tau2: lost.at }
}

/// The median absolute deviation, scaled to the standard deviation of normal data (factor 1.4826), squared.
fn squared_median_deviation(effects: &[Effect]) -> f64 {
    let centre = median(effects.iter().map(|effect| effect.estimate).collect());
    let deviation = 1.4826 * median(effects.iter().map(|effect| (effect.estimate - centre).abs()).collect());
    deviation * deviation
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { 0.5 * (values[middle - 1] + values[middle]) }
}

fn reml(effects: &[Effect]) -> Result<Root, MetaError> {
    const SEARCH: &str = "restricted maximum likelihood";
    let scale = typical_variance(effects);
    let root = root::follow(hedges_olkin(effects), scale, |tau2| scoring_step(effects, tau2))
        .map_err(|lost| not_converged(SEARCH, lost))?;
    Ok(if zero_is_likelier(effects, root.at, 0.0) { Root { at: 0.0, ..root } } else { root })
}

fn reml_like_metafor(effects: &[Effect]) -> Result<Root, MetaError> {
    let mut tau2 = hedges_olkin(effects);
    for steps in 1..=METAFOR_MOST_STEPS {
        let mut step = scoring_step(effects, tau2);
        while tau2 + step < 0.0 {
            step *= 0.5;
        }
        let moved = tau2 + step;
        let change = (moved - tau2).abs();
        tau2 = moved;
        if change <= METAFOR_LAST_STEP {
            let beaten = tau2 > METAFOR_LAST_STEP && zero_is_likelier(effects, tau2, METAFOR_ROOT_TOLERANCE);
            return Ok(Root { at: if beaten { 0.0 } else { tau2 }, steps });
        }
    }
    let search = "metafor's restricted maximum likelihood";
    Err(MetaError::NotConverged { search, steps: METAFOR_MOST_STEPS, tau2 })
}

/// The unweighted moment estimate, at least 0: the variance of the estimates less their mean sampling variance.
fn hedges_olkin(effects: &[Effect]) -> f64 {
    let k = effects.len() as f64;
    let mean = effects.iter().map(|effect| effect.estimate).sum::<f64>() / k;
    let squares =
        effects.iter().map(|effect| (effect.estimate - mean) * (effect.estimate - mean)).sum::<f64>();
    let sampling = effects.iter().map(|effect| effect.variance).sum::<f64>() / k;
    (squares / (k - 1.0) - sampling).max(0.0)
}

/// One step of Fisher scoring: (y′PPy − tr P) / tr PP, with P the matrix that weights and centres.
fn scoring_step(effects: &[Effect], tau2: f64) -> f64 {
    let Weighted { total, q_slope, .. } = Weighted::at(effects, tau2);
    let Traces { p, pp } = Traces::at(effects, tau2, total);
    (q_slope - p) / pp
}

fn zero_is_likelier(effects: &[Effect], tau2: f64, margin: f64) -> bool {
    tau2 > 0.0 && restricted_log_likelihood(effects, 0.0) - restricted_log_likelihood(effects, tau2) > margin
}

/// Up to a constant: −½·(Σ ln(v + tau²) + ln Σw + Σ w·(y − mean)²).
pub(super) fn restricted_log_likelihood(effects: &[Effect], tau2: f64) -> f64 {
    let Weighted { total, q, .. } = Weighted::at(effects, tau2);
    let logs: f64 = effects.iter().map(|effect| -libm::log(weight(effect, tau2))).sum();
    -0.5 * (logs + libm::log(total) + q)
}
