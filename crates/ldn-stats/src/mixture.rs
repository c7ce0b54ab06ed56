//! Weighted mixtures of normal distributions.

use crate::lanes::{Arch, Kernel, LANES, Lanes, dispatch};
use crate::normal;

/// A mixture of normal distributions; the weights add up to 1.
#[derive(Clone, Debug)]
pub struct Mixture {
    weights: Vec<[f64; LANES]>,
    means: Vec<[f64; LANES]>,
    precisions: Vec<[f64; LANES]>,
    mean: f64,
    sd: f64,
    skewness: f64,
}

/// Components narrower than this count as this narrow, so that a point mass has a distribution function.
const NARROWEST: f64 = 1e-9;

impl Mixture {
    /// Makes a mixture from normalised weights, means and standard deviations, in equal number and at least one.
    pub fn new(weights: &[f64], means: &[f64], sds: &[f64]) -> Mixture {
        let padded = |values: &[f64], rest: f64| -> Vec<[f64; LANES]> {
            values
                .chunks(LANES)
                .map(|chunk| std::array::from_fn(|l| chunk.get(l).copied().unwrap_or(rest)))
                .collect()
        };
        let weight_sum = |f: &dyn Fn(usize) -> f64| -> f64 { (0..weights.len()).map(|k| weights[k] * f(k)).sum() };
        let mean = weight_sum(&|k| means[k]);
        let variance = weight_sum(&|k| (means[k] - mean) * (means[k] - mean) + sds[k] * sds[k]);
        let sd = variance.sqrt().max(NARROWEST);
        let third = weight_sum(&|k| {
            let d = means[k] - mean;
            d * (d * d + 3.0 * sds[k] * sds[k])
        });
        Mixture {
            weights: padded(weights, 0.0),
            means: padded(means, 0.0),
            precisions: padded(sds, 1.0).into_iter().map(|sd| sd.map(|sd| 1.0 / sd.max(NARROWEST))).collect(),
            mean,
            sd,
            skewness: third / (sd * sd * sd),
        }
    }

    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Returns the standard deviation.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// Returns the probability of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.cdf_pdf(x).0
    }

    /// Returns the point below which the mixture falls with probability `p`, 0 < p < 1.
    ///
    /// Newton's method inside a bracket that halves when a step would leave it; accurate to 1e-10 standard deviations.
    pub fn quantile(&self, p: f64) -> f64 {
        const ACCURACY: f64 = 1e-10;
        const MOST_STEPS: usize = 200;
        let (mut low, mut high) = self.bracket();
        // Where a normal distribution of the same mean, spread and skewness would have it (Cornish and Fisher).
        let z = normal::quantile(p);
        let mut x = self.mean + self.sd * (z + self.skewness.clamp(-1.0, 1.0) * (z * z - 1.0) / 6.0);
        for _ in 0..MOST_STEPS {
            if !(low < x && x < high) {
                x = 0.5 * (low + high);
            }
            let (cdf, pdf) = self.cdf_pdf(x);
            let miss = cdf - p;
            if miss > 0.0 { high = x } else { low = x }
            let step = miss / pdf;
            x -= step;
            if step.abs() < ACCURACY * self.sd || high - low < ACCURACY * self.sd {
                break;
            }
        }
        x.clamp(low, high)
    }

    /// Returns two points with all but 1e-15 of the mixture between them.
    fn bracket(&self) -> (f64, f64) {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for ((weight, mean), precision) in self.weights.iter().zip(&self.means).zip(&self.precisions) {
            for l in 0..LANES {
                if weight[l] > 0.0 {
                    let reach = 8.3 / precision[l];
                    low = low.min(mean[l] - reach);
                    high = high.max(mean[l] + reach);
                }
            }
        }
        (low, high)
    }

    fn cdf_pdf(&self, x: f64) -> (f64, f64) {
        dispatch(CdfPdf { mixture: self, x })
    }
}

struct CdfPdf<'a> {
    mixture: &'a Mixture,
    x: f64,
}

impl Kernel for CdfPdf<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run<A: Arch>(self) -> (f64, f64) {
        let Mixture { weights, means, precisions, .. } = self.mixture;
        let x = Lanes::<A>::splat(self.x);
        let (mut cdf, mut pdf) = (Lanes::zero(), Lanes::zero());
        for ((weight, mean), precision) in weights.iter().zip(means).zip(precisions) {
            let [weight, mean, precision] = [weight, mean, precision].map(|values| Lanes::from_array(*values));
            let (below, density) = normal::cdf_pdf_lanes((x - mean) * precision);
            cdf = weight.mul_add(below, cdf);
            pdf = (weight * precision).mul_add(density, pdf);
        }
        (cdf.sum(), pdf.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_component_is_the_normal_distribution() {
        let mixture = Mixture::new(&[1.0], &[3.0], &[2.0]);
        for p in [0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999] {
            assert!((mixture.quantile(p) - (3.0 + 2.0 * normal::quantile(p))).abs() < 1e-9);
        }
        assert_eq!((mixture.mean(), mixture.sd()), (3.0, 2.0));
    }

    #[test]
    fn a_point_mass_is_found() {
        let mixture = Mixture::new(&[0.5, 0.5], &[0.0, 0.0], &[0.0, 0.0]);
        assert!(mixture.quantile(0.05).abs() < 1e-8);
        assert_eq!(mixture.cdf(1.0), 1.0);
    }

    proptest! {
        #[test]
        fn quantiles_invert_the_distribution_function(
            parts in proptest::collection::vec((0.01_f64..1.0, -5.0_f64..5.0, 0.01_f64..3.0), 1..20),
            p in 0.001_f64..0.999,
        ) {
            let total: f64 = parts.iter().map(|part| part.0).sum();
            let weights: Vec<f64> = parts.iter().map(|part| part.0 / total).collect();
            let means: Vec<f64> = parts.iter().map(|part| part.1).collect();
            let sds: Vec<f64> = parts.iter().map(|part| part.2).collect();
            let mixture = Mixture::new(&weights, &means, &sds);
            let x = mixture.quantile(p);
            let by_hand: f64 = (0..weights.len()).map(|k| weights[k] * normal::cdf((x - means[k]) / sds[k])).sum();
            prop_assert!((by_hand - p).abs() < 1e-8, "{by_hand} {p}");
            prop_assert!((mixture.cdf(x) - by_hand).abs() < 1e-13);
        }
    }
}
