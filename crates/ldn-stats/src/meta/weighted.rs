//! Weighted sums over studies, at a given variance between them.

use super::Effect;

/// The inverse-variance mean at one tau², and how far the studies lie from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighted {
    /// Σ w, with w = 1/(v + tau²).
    pub(super) total: f64,
    /// Σ w·y / Σ w.
    pub(super) mean: f64,
    /// Σ w·(y − mean)²: Cochran's Q at tau² = 0, the generalised Q elsewhere.
    pub(super) q: f64,
    /// Σ w²·(y − mean)², minus the derivative of `q` with respect to tau².
    pub(super) q_slope: f64,
}

impl Weighted {
    pub(super) fn at(effects: &[Effect], tau2: f64) -> Weighted {
        let (mut total, mut sum) = (0.0, 0.0);
        for effect in effects {
            let w = weight(effect, tau2);
            total += w;
            sum += w * effect.estimate;
        }
        let mean = sum / total;
        let (mut q, mut q_slope) = (0.0, 0.0);
        for effect in effects {
            let w = weight(effect, tau2);
            let residual = effect.estimate - mean;
            let squared = w * residual * residual;
            q += squared;
            q_slope += w * squared;
        }
        Weighted { total, mean, q, q_slope }
    }
}

/// Returns 1/(v + tau²).
pub(super) fn weight(effect: &Effect, tau2: f64) -> f64 {
    1.0 / (effect.variance + tau2)
}

/// Returns the sums of the weights, of their squares and of their cubes.
pub(super) fn power_sums(effects: &[Effect], tau2: f64) -> [f64; 3] {
    effects.iter().fold([0.0; 3], |[first, second, third], effect| {
        let w = weight(effect, tau2);
        [first + w, second + w * w, third + w * w * w]
    })
}

/// Returns the sampling variance of a typical study, the scale on which tau² is large or small; 0 for one study.
///
/// (k − 1)·Σw / ((Σw)² − Σw²) with w = 1/v: Higgins and Thompson (2002), equation 9.
pub(super) fn typical_variance(effects: &[Effect]) -> f64 {
    if effects.len() < 2 {
        return 0.0;
    }
    let [first, second, _] = power_sums(effects, 0.0);
    (effects.len() as f64 - 1.0) * first / (first * first - second)
}
