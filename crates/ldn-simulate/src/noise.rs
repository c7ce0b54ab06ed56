//! What moves a score from day to day for no cause in the model.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Slow AR(1) plus white noise; the stationary variance of their sum is `sigma`².
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Noise {
    /// Standard deviation of the sum, in points.
    pub(crate) sigma: f64,
    /// Days in which the correlation of the slow part falls to 1/e.
    pub(crate) ell_days: f64,
    /// Share of the slow part in the variance, from 0 to 1.
    pub(crate) phi: f64,
}

impl Noise {
    pub(crate) fn slow_variance(&self) -> f64 {
        self.sigma * self.sigma * self.phi
    }

    pub(crate) fn white_variance(&self) -> f64 {
        self.sigma * self.sigma * (1.0 - self.phi)
    }

    /// Draws the slow part, stationary from the first day on.
    pub(crate) fn slow_series(&self, n_days: usize, rng: &mut impl Rng) -> Vec<f64> {
        let rho = libm::exp(-1.0 / self.ell_days);
        let sd = self.slow_variance().sqrt();
        let innovation_sd = sd * (1.0 - rho * rho).sqrt();
        let mut eta = sd * normal(rng);
        let mut series = Vec::with_capacity(n_days);
        for _ in 0..n_days {
            series.push(eta);
            eta = rho * eta + innovation_sd * normal(rng);
        }
        series
    }

    /// Draws slow and white noise, the rounding variance `step`²/12 of the model added to the white part.
    pub(crate) fn series(&self, n_days: usize, step: f64, rng: &mut impl Rng) -> Vec<f64> {
        let white_sd = (self.white_variance() + step * step / 12.0).sqrt();
        let mut series = self.slow_series(n_days, rng);
        for noise in &mut series {
            *noise += white_sd * normal(rng);
        }
        series
    }
}

/// Draws a standard normal number.
pub(crate) fn normal(rng: &mut impl Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// Draws from Student's t with five degrees of freedom, scaled to variance 1 (its own variance is 5/3).
///
/// From normals and a square root alone, which are the same on every machine to the last bit.
pub(crate) fn heavy_tailed(rng: &mut impl Rng) -> f64 {
    let chi_squared: f64 = (0..5).map(|_| normal(rng)).map(|x| x * x).sum();
    normal(rng) * (3.0 / chi_squared).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::generator;

    /// Returns mean, variance and the correlation of each value with the one `lag` days before.
    fn moments(series: &[f64], lag: usize) -> (f64, f64, f64) {
        let n = series.len() as f64;
        let mean = series.iter().sum::<f64>() / n;
        let variance = series.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let products = series.iter().zip(&series[lag..]).map(|(a, b)| (a - mean) * (b - mean));
        (mean, variance, products.sum::<f64>() / (n - lag as f64) / variance)
    }

    #[test]
    fn stationary_moments() {
        let noise = Noise { sigma: 1.4, ell_days: 7.0, phi: 0.4 };
        let mut rng = generator(1, Design::Open3Weeks, 0);
        // About 400,000 / 14 independent pieces of the slow part: standard errors below 0.006 throughout.
        for (step, series) in [0.0, 1.0].map(|step| (step, noise.series(400_000, step, &mut rng))) {
            let total = 1.4 * 1.4 + step * step / 12.0;
            for lag in [1, 3, 10] {
                let (mean, variance, correlation) = moments(&series, lag);
                let expected = 1.4 * 1.4 * 0.4 * libm::exp(-(lag as f64) / 7.0) / total;
                assert!(mean.abs() < 0.03, "{mean}");
                assert!((variance / total - 1.0).abs() < 0.015, "{variance}");
                assert!((correlation - expected).abs() < 0.015, "lag {lag}: {correlation} for {expected}");
            }
        }
    }

    #[test]
    fn the_first_day_is_as_noisy_as_any_other() {
        let noise = Noise { sigma: 1.0, ell_days: 30.0, phi: 0.8 };
        let starts: Vec<f64> = (0..20_000)
            .map(|index| noise.slow_series(1, &mut generator(2, Design::Open3Weeks, index))[0])
            .collect();
        let (_, variance, _) = moments(&starts, 1);
        assert!((variance / 0.8 - 1.0).abs() < 0.04, "{variance}");
    }

    #[test]
    fn heavy_tails_have_unit_variance_and_are_heavy() {
        let mut rng = generator(3, Design::Open3Weeks, 0);
        let series: Vec<f64> = (0..400_000).map(|_| heavy_tailed(&mut rng)).collect();
        let (mean, variance, _) = moments(&series, 1);
        assert!(mean.abs() < 0.007 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        // P(|t5| > 4 · sqrt(5/3)) = 0.00357; a normal has 0.00006 beyond four standard deviations.
        let share = series.iter().filter(|x| x.abs() > 4.0).count() as f64 / 400_000.0;
        assert!((share - 0.00357).abs() < 0.0004, "{share}");
    }
}
