//! How a burden becomes a whole number from 0 to 10, and which number to expect.

use crate::flare;
use crate::noise::Noise;

/// Ends of the scale.
const SCALE: (f64, f64) = (0.0, 10.0);

/// Spacing of the tables in points. Linear interpolation is then off by less than 0.0003 for the steadiest patients.
const SPACING: f64 = 1.0 / 40.0;

/// Burdens without noise that a patient can reach; beyond them the expected score is that of the end.
const BURDENS: (f64, f64) = (-12.0, 22.0);

/// Returns the whole point from 0 to 10 that is written down for a burden.
pub(crate) fn report(burden: f64) -> f64 {
    // Adding zero turns -0 into 0.
    burden.round().clamp(SCALE.0, SCALE.1) + 0.0
}

/// The expected report of one patient for every burden without noise.
///
/// The mean of a whole number from 0 to 10 is the sum of P(report ≥ k) over k = 1 to 10, so it follows from the tail of
/// the noise alone: normal slow part, heavy-tailed white part and flares. It is computed by quadrature and not by
/// averaging replicates, so that a truth carries no Monte Carlo error.
#[derive(Clone, Debug)]
pub(crate) struct ExpectedReport {
    by_burden: Table,
}

impl ExpectedReport {
    pub(crate) fn of(noise: &Noise) -> ExpectedReport {
        let (least, greatest) = BURDENS;
        let tail = upper_tail(noise, greatest + SCALE.1);
        let exceeds = |threshold: f64| {
            let beyond = tail.at(threshold.abs());
            if threshold < 0.0 { 1.0 - beyond } else { beyond }
        };
        let without_flare = Table::of(least, greatest + flare::HEIGHT.1, |burden| {
            (1..=10).map(|point| exceeds(f64::from(point) - 0.5 - burden)).sum()
        });
        let by_burden = Table::of(least, greatest, |burden| {
            let in_flare = mean_over_heights(|height| without_flare.at(burden + height));
            (1.0 - flare::SHARE) * without_flare.at(burden) + flare::SHARE * in_flare
        });
        ExpectedReport { by_burden }
    }

    /// Returns the expected report on a day whose burden without noise is given.
    pub(crate) fn at(&self, burden: f64) -> f64 {
        self.by_burden.at(burden)
    }
}

/// Tabulates P(slow + white > x) for x from 0 up.
///
/// Student's t is a normal whose variance is 5 over a chi-squared with five degrees of freedom, so the sum is a mixture
/// of normals over that chi-squared.
fn upper_tail(noise: &Noise, greatest: f64) -> Table {
    let components: Vec<(f64, f64)> = chi_squared_5()
        .into_iter()
        .map(|(value, weight)| {
            let sd = (noise.slow_variance() + noise.white_variance() * 3.0 / value).sqrt();
            (weight, 1.0 / (sd * std::f64::consts::SQRT_2))
        })
        .collect();
    Table::of(0.0, greatest, |x| {
        components.iter().map(|(weight, scale)| weight * 0.5 * libm::erfc(x * scale)).sum()
    })
}

/// Returns nodes and weights for averages over a chi-squared with five degrees of freedom.
///
/// Trapezium rule on the logarithm, where the density v^(5/2) e^(−v/2) dies away on both sides. Its error is the Fourier
/// transform of that density at 2π / spacing, |Γ(5/2 + 15.7i)| / Γ(5/2) = 1e-8, and what lies outside is less.
fn chi_squared_5() -> Vec<(f64, f64)> {
    let mut nodes: Vec<(f64, f64)> = (-20..=10)
        .map(|steps| 0.4 * f64::from(steps))
        .map(|log_value| (libm::exp(log_value), libm::exp(2.5 * log_value - 0.5 * libm::exp(log_value))))
        .collect();
    let total: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    nodes.iter_mut().for_each(|(_, weight)| *weight /= total);
    nodes
}

/// Returns the mean of a function over evenly distributed flare heights, by Simpson's rule.
fn mean_over_heights(function: impl Fn(f64) -> f64) -> f64 {
    const N_INTERVALS: u32 = 16;
    let (least, greatest) = flare::HEIGHT;
    let sum: f64 = (0..=N_INTERVALS)
        .map(|node| {
            let weight = match node {
                0 | N_INTERVALS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * function(least + (greatest - least) * f64::from(node) / f64::from(N_INTERVALS))
        })
        .sum();
    sum / f64::from(3 * N_INTERVALS)
}

/// A function on an interval, tabulated.
#[derive(Clone, Debug)]
struct Table {
    from: f64,
    values: Vec<f64>,
}

impl Table {
    fn of(from: f64, to: f64, function: impl Fn(f64) -> f64) -> Table {
        let n_intervals = ((to - from) / SPACING).ceil() as usize;
        Table { from, values: (0..=n_intervals).map(|i| function(from + i as f64 * SPACING)).collect() }
    }

    /// Interpolates linearly; outside the interval returns the value of the nearer end.
    fn at(&self, x: f64) -> f64 {
        let last = self.values.len() - 1;
        let position = ((x - self.from) / SPACING).clamp(0.0, last as f64);
        let below = (position as usize).min(last - 1);
        let share = position - below as f64;
        self.values[below] + share * (self.values[below + 1] - self.values[below])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::generator;
    use crate::noise::heavy_tailed;

    #[test]
    fn reports_are_whole_points_on_the_scale() {
        for (burden, expected) in
            [(-3.0, 0.0), (-0.2, 0.0), (0.49, 0.0), (0.51, 1.0), (6.7, 7.0), (9.6, 10.0), (14.0, 10.0)]
        {
            assert_eq!(report(burden), expected, "{burden}");
            assert!(report(burden).is_sign_positive(), "{burden}");
        }
    }

    #[test]
    fn chi_squared_nodes_have_its_moments() {
        let mean_of =
            |f: fn(f64) -> f64| chi_squared_5().iter().map(|&(v, weight)| weight * f(v)).sum::<f64>();
        // Mean 5, mean square 35, mean inverse 1/3.
        assert!((mean_of(|v| v) - 5.0).abs() < 1e-6);
        assert!((mean_of(|v| v * v) - 35.0).abs() < 1e-4);
        assert!((mean_of(|v| 1.0 / v) - 1.0 / 3.0).abs() < 1e-5);
    }

    /// The quadrature against brute force: the same noise drawn many times, rounded and clipped.
    #[test]
    fn expected_report_agrees_with_replicates() {
        const N_DAYS: usize = 1_000_000;
        for noise in [
            Noise { sigma: 0.4, ell_days: 2.0, phi: 0.2 },
            Noise { sigma: 1.2, ell_days: 2.0, phi: 0.6 },
            Noise { sigma: 2.0, ell_days: 2.0, phi: 0.05 },
        ] {
            let mut rng = generator(51, Design::Open3Weeks, 0);
            let expected = ExpectedReport::of(&noise);
            let slow = noise.slow_series(N_DAYS, &mut rng);
            let flares = flare::series(N_DAYS, &mut rng);
            let white_sd = noise.white_variance().sqrt();
            let noises: Vec<f64> =
                (0..N_DAYS).map(|t| slow[t] + flares[t] + white_sd * heavy_tailed(&mut rng)).collect();
            for burden in [-2.0, 0.3, 2.5, 6.1, 9.2, 12.0] {
                let replicated =
                    noises.iter().map(|noise| report(burden + noise)).sum::<f64>() / N_DAYS as f64;
                // Clusters and memory leave about 200,000 independent pieces of standard deviation at most 2.3.
                assert!((expected.at(burden) - replicated).abs() < 0.02, "{noise:?} {burden}: {replicated}");
            }
        }
    }

    #[test]
    fn expected_report_stays_on_the_scale_and_rises() {
        let expected = ExpectedReport::of(&Noise { sigma: 1.0, ell_days: 7.0, phi: 0.5 });
        let mut previous = -1e-9;
        for tenth in -300..300 {
            let value = expected.at(f64::from(tenth) / 10.0);
            assert!((0.0..=10.0).contains(&value) && value >= previous - 1e-12, "{tenth}: {value}");
            previous = value;
        }
        // In the middle of the scale a steady patient's flares add 0.3 points on average and nothing else does.
        let steady = ExpectedReport::of(&Noise { sigma: 0.5, ell_days: 7.0, phi: 0.5 });
        assert!((steady.at(3.5) - 3.8).abs() < 0.02, "{}", steady.at(3.5));
    }
}
