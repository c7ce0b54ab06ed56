//! The 18 parameters of the model and their priors, set `ldn-pain-1`, section 3.

use rand::Rng;

use crate::intake::Day;
use crate::noise::{Noise, normal};

/// One draw of every parameter of the model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameters {
    /// Level of the burden in points.
    pub(crate) mu: f64,
    /// Coordinates of the weekday effect in the Helmert basis.
    pub(crate) weekday: [f64; 6],
    /// Improvement in points per 90 days.
    pub(crate) delta: f64,
    /// Nonspecific improvements p1, p2, p3 in points.
    pub(crate) nonspecific: [f64; 3],
    /// Improvement by the drug in points, at the reference dose and fully built up.
    pub(crate) b: f64,
    /// Mean delay of the drug effect.
    pub(crate) tau_b_days: f64,
    /// Dose of half the effect as a ratio to the reference dose.
    pub(crate) half_effect_ratio: f64,
    /// Mean delay of the nonspecific effects.
    pub(crate) tau_p_days: f64,
    pub(crate) noise: Noise,
}

impl Parameters {
    /// Draws from the main prior.
    pub(crate) fn draw(rng: &mut impl Rng) -> Parameters {
        Parameters {
            mu: normal_around(6.0, 2.0, rng),
            weekday: std::array::from_fn(|_| normal_around(0.0, 0.25, rng)),
            delta: normal_around(0.0, 0.5, rng),
            nonspecific: [(0.4, 0.8), (0.4, 0.5), (0.1, 0.4)].map(|(mean, sd)| normal_around(mean, sd, rng)),
            b: normal_around(0.3, 0.9, rng),
            tau_b_days: log_normal(16.0, 0.7, rng),
            half_effect_ratio: log_normal(0.67, 0.5, rng),
            tau_p_days: log_normal(10.0, 0.9, rng),
            noise: draw_noise(1.2, 0.4, rng),
        }
    }

    /// Returns the weekday effect of each day in points; over a week they sum to zero.
    pub(crate) fn weekday_effects(&self, days: &[Day]) -> Vec<f64> {
        let of_weekday: [f64; 7] = std::array::from_fn(|weekday| weekday_effect(&self.weekday, weekday));
        days.iter().map(|day| of_weekday[day.weekday()]).collect()
    }
}

/// Draws the noise with the prior's memory and composition and a total of the given median and spread.
pub(crate) fn draw_noise(median_sigma: f64, sd_of_log_sigma: f64, rng: &mut impl Rng) -> Noise {
    Noise {
        ell_days: log_normal(7.0, 0.9, rng),
        sigma: log_normal(median_sigma, sd_of_log_sigma, rng),
        phi: logistic(normal_around(0.0, 1.2, rng)),
    }
}

pub(crate) fn normal_around(mean: f64, sd: f64, rng: &mut impl Rng) -> f64 {
    mean + sd * normal(rng)
}

pub(crate) fn logistic(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

fn log_normal(median: f64, sd_of_log: f64, rng: &mut impl Rng) -> f64 {
    median * libm::exp(sd_of_log * normal(rng))
}

/// Row `weekday` of the 7×6 orthonormal Helmert matrix, times `z`.
fn weekday_effect(z: &[f64; 6], weekday: usize) -> f64 {
    let entry = |column: usize| {
        let j = column as f64;
        let norm = (j * (j + 1.0)).sqrt();
        match weekday.cmp(&column) {
            std::cmp::Ordering::Less => 1.0 / norm,
            std::cmp::Ordering::Equal => -j / norm,
            std::cmp::Ordering::Greater => 0.0,
        }
    };
    (1..=6).map(|column| entry(column) * z[column - 1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Weekday;

    use crate::design::Design;
    use crate::{generator, intake};

    #[test]
    fn draws_have_the_moments_of_the_prior() {
        let mut rng = generator(5, Design::Open3Weeks, 0);
        let draws: Vec<Parameters> = (0..40_000).map(|_| Parameters::draw(&mut rng)).collect();
        type Column = (&'static str, fn(&Parameters) -> f64, f64, f64);
        let columns: [Column; 14] = [
            ("mu", |p| p.mu, 6.0, 2.0),
            ("first weekday", |p| p.weekday[0], 0.0, 0.25),
            ("last weekday", |p| p.weekday[5], 0.0, 0.25),
            ("delta", |p| p.delta, 0.0, 0.5),
            ("p1", |p| p.nonspecific[0], 0.4, 0.8),
            ("p2", |p| p.nonspecific[1], 0.4, 0.5),
            ("p3", |p| p.nonspecific[2], 0.1, 0.4),
            ("b", |p| p.b, 0.3, 0.9),
            ("log tau_b", |p| libm::log(p.tau_b_days), libm::log(16.0), 0.7),
            ("log half effect", |p| libm::log(p.half_effect_ratio), libm::log(0.67), 0.5),
            ("log tau_p", |p| libm::log(p.tau_p_days), libm::log(10.0), 0.9),
            ("log ell", |p| libm::log(p.noise.ell_days), libm::log(7.0), 0.9),
            ("log sigma", |p| libm::log(p.noise.sigma), libm::log(1.2), 0.4),
            ("logit phi", |p| libm::log(p.noise.phi / (1.0 - p.noise.phi)), 0.0, 1.2),
        ];
        let n = draws.len() as f64;
        for (name, column, mean, sd) in columns {
            let found_mean = draws.iter().map(column).sum::<f64>() / n;
            let found_sd =
                (draws.iter().map(|p| (column(p) - mean) * (column(p) - mean)).sum::<f64>() / n).sqrt();
            assert!((found_mean - mean).abs() < 4.0 * sd / n.sqrt(), "{name}: mean {found_mean}");
            assert!((found_sd / sd - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{name}: SD {found_sd}");
        }
    }

    #[test]
    fn weekday_effects_go_by_the_date() {
        let days = intake::draw(Design::Open3Weeks, &mut generator(6, Design::Open3Weeks, 0));
        let mut parameters = Parameters::draw(&mut generator(6, Design::Open3Weeks, 1));
        parameters.weekday = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        for (day, effect) in days.iter().zip(parameters.weekday_effects(&days)) {
            let expected = match day.date.weekday() {
                Weekday::Monday => 0.5_f64.sqrt(),
                Weekday::Tuesday => -(0.5_f64.sqrt()),
                _ => 0.0,
            };
            assert!((effect - expected).abs() < 1e-15, "{}", day.date);
        }
    }

    #[test]
    fn weekday_columns_are_orthonormal_and_sum_to_zero() {
        let column = |j: usize| {
            let mut z = [0.0; 6];
            z[j] = 1.0;
            (0..7).map(|weekday| weekday_effect(&z, weekday)).collect::<Vec<f64>>()
        };
        for i in 0..6 {
            assert!(column(i).iter().sum::<f64>().abs() < 1e-15);
            for j in 0..6 {
                let product: f64 = column(i).iter().zip(column(j)).map(|(a, b)| a * b).sum();
                assert!((product - if i == j { 1.0 } else { 0.0 }).abs() < 1e-15, "{i} {j}");
            }
        }
        // The first column contrasts Monday with Tuesday, and nothing else.
        assert!(column(0)[0] > 0.7 && column(0)[1] < -0.7 && column(0)[2..].iter().all(|&w| w == 0.0));
    }
}
