//! Pareto-smoothed importance sampling (Vehtari and others, J Mach Learn Res 2024).

/// Importance weights after smoothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothed {
    /// Normalised weights, in the order given; they add up to 1.
    pub weights: Vec<f64>,
    /// Estimated shape of the tail of the raw weights: above about 0.7 the weights cannot be trusted. Minus infinity
    /// where the largest weights are all equal and so have no tail.
    pub k_hat: f64,
    /// Effective number of draws, 1/Σw².
    pub effective_draws: f64,
}

/// Smooths the largest weights by a generalised Pareto distribution and normalises all of them.
///
/// Takes logarithms of raw weights in any scale; minus infinity stands for a weight of zero, at least one must be
/// finite. Differs from the R package loo in nothing but the tail size, which here is `ceil(min(0.2·n, 3·√n))` for
/// every n.
pub fn smooth(log_weights: &[f64]) -> Smoothed {
    let n = log_weights.len();
    let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut weights: Vec<f64> = log_weights.iter().map(|w| libm::exp(w - largest)).collect();
    let mut order: Vec<usize> = (0..n).collect();
    // The position breaks ties, so that the order is always the same.
    order.sort_unstable_by(|a, b| weights[*a].total_cmp(&weights[*b]).then(a.cmp(b)));

    let tail_size = (0.2 * n as f64).min(3.0 * (n as f64).sqrt()).ceil() as usize;
    let mut k_hat = f64::NEG_INFINITY;
    if tail_size >= 5 && tail_size < n {
        let (body, tail) = order.split_at(n - tail_size);
        let cutoff = weights[body[body.len() - 1]];
        let excesses: Vec<f64> = tail.iter().map(|idx| weights[*idx] - cutoff).collect();
        if let Some(pareto) = GeneralisedPareto::fit(&excesses) {
            k_hat = pareto.shape;
            for (rank, idx) in tail.iter().enumerate() {
                let p = (rank as f64 + 0.5) / tail_size as f64;
                weights[*idx] = (cutoff + pareto.quantile(p)).min(1.0);
            }
        }
    }
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= total);
    let effective_draws = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
    Smoothed { weights, k_hat, effective_draws }
}

/// A generalised Pareto distribution from 0 upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
struct GeneralisedPareto {
    shape: f64,
    scale: f64,
}

impl GeneralisedPareto {
    /// Fits ascending excesses by the method of Zhang and Stephens (Technometrics 2009).
    ///
    /// The shape is shrunk towards ½ with the weight of ten observations. `None` if the quartile is zero: then most
    /// of the tail is tied with the cutoff and there is nothing to fit.
    fn fit(excesses: &[f64]) -> Option<GeneralisedPareto> {
        const PRIOR_WEIGHT: f64 = 10.0;
        const PRIOR_SHAPE: f64 = 0.5;
        let n = excesses.len() as f64;
        let quartile = excesses[(n / 4.0 + 0.5).floor() as usize - 1];
        let largest = excesses[excesses.len() - 1];
        if quartile <= 0.0 {
            return None;
        }
        let grid_size = 30 + n.sqrt().floor() as usize;
        let shape_at = |b: f64| excesses.iter().map(|x| libm::log1p(-b * x)).sum::<f64>() / n;
        let grid: Vec<(f64, f64)> = (1..=grid_size)
            .map(|i| {
                let spread = 1.0 - (grid_size as f64 / (i as f64 - 0.5)).sqrt();
                let b = spread / (3.0 * quartile) + 1.0 / largest;
                let shape = shape_at(b);
                (b, n * (libm::log(-b / shape) - shape - 1.0))
            })
            .collect();
        let best = grid.iter().map(|(_, l)| *l).fold(f64::NEG_INFINITY, f64::max);
        let (mut b_sum, mut weight_sum) = (0.0, 0.0);
        for (b, log_likelihood) in &grid {
            let weight = libm::exp(log_likelihood - best);
            b_sum += weight * b;
            weight_sum += weight;
        }
        let b = b_sum / weight_sum;
        let shape = shape_at(b);
        Some(GeneralisedPareto {
            shape: (n * shape + PRIOR_WEIGHT * PRIOR_SHAPE) / (n + PRIOR_WEIGHT),
            scale: -shape / b,
        })
    }

    fn quantile(self, p: f64) -> f64 {
        let log_survival = libm::log1p(-p);
        let standard = if self.shape == 0.0 {
            -log_survival
        } else {
            libm::expm1(-self.shape * log_survival) / self.shape
        };
        self.scale * standard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_need_no_smoothing() {
        let smoothed = smooth(&[-700.0; 100]);
        assert_eq!(smoothed.k_hat, f64::NEG_INFINITY);
        assert!((smoothed.effective_draws - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_weight_of_zero_stays_zero() {
        let mut log_weights: Vec<f64> = (0..200).map(|i| f64::from(i % 17) * 0.1).collect();
        log_weights[3] = f64::NEG_INFINITY;
        let smoothed = smooth(&log_weights);
        assert_eq!(smoothed.weights[3], 0.0);
        assert!((smoothed.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_heavier_tail_has_a_larger_shape() {
        // Quantiles of Pareto distributions with tail index 1/k: the largest 96 of 1,024 follow shape k.
        let estimate = |k: f64| {
            let log_weights: Vec<f64> =
                (1..=1024).map(|i| -k * libm::log(1.0 - (i as f64 - 0.5) / 1024.0)).collect();
            smooth(&log_weights).k_hat
        };
        let (light, heavy) = (estimate(0.2), estimate(0.9));
        assert!((light - 0.2).abs() < 0.1, "{light}");
        assert!((heavy - 0.9).abs() < 0.12, "{heavy}");
    }
}
