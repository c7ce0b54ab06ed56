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

/// Traces of the matrix P = W − W11′W/(1′W1), W = diag(w), that weights the estimates and takes their mean out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traces {
    /// tr P = Σw − Σw²/Σw.
    pub(super) p: f64,
    /// tr PP = Σw² − 2·Σw³/Σw + (Σw²/Σw)².
    pub(super) pp: f64,
}

impl Traces {
    /// Adds products of positive numbers only: the textbook forms above lose all digits, and even their sign, where one
    /// study outweighs the others by 1e8. `total` is Σw.
    pub(super) fn at(effects: &[Effect], tau2: f64, total: f64) -> Traces {
        let (mut before, mut squares_before) = (0.0, 0.0);
        let (mut pairs, mut diagonal, mut square_pairs) = (0.0, 0.0, 0.0);
        for effect in effects {
            let w = weight(effect, tau2) / total;
            let others = w * (1.0 - w);
            pairs += w * before;
            square_pairs += w * w * squares_before;
            diagonal += others * others;
            before += w;
            squares_before += w * w;
        }
        Traces { p: 2.0 * pairs * total, pp: (diagonal + 2.0 * square_pairs) * total * total }
    }
}

/// Returns the sampling variance of a typical study, the scale on which tau² is large or small; infinite for one study.
///
/// (k − 1)·Σw / ((Σw)² − Σw²) with w = 1/v: Higgins and Thompson (2002), equation 9.
pub(super) fn typical_variance(effects: &[Effect]) -> f64 {
    let total = effects.iter().map(|effect| weight(effect, 0.0)).sum();
    (effects.len() as f64 - 1.0) / Traces::at(effects, 0.0, total).p
}
