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
    bracket: (f64, f64),
}

/// Components narrower than this count as this narrow, so that a point mass has a distribution function.
const NARROWEST: f64 = 1e-9;

impl Mixture {
    /// Makes a mixture from normalised weights, means and standard deviations, in equal number and at least one.
    pub fn new(weights: &[f64], means: &[f64], sds: &[f64]) -> Mixture {
        let padded = |values: &[f64], rest: f64| -> Vec<[f64; LANES]> {
            let lanes = |chunk: &[f64]| std::array::from_fn(|l| chunk.get(l).copied().unwrap_or(rest));
            values.chunks(LANES).map(lanes).collect()
        };
        let (weights, means) = (padded(weights, 0.0), padded(means, 0.0));
        let mut spreads = padded(sds, 1.0);
        spreads.iter_mut().flatten().for_each(|sd| *sd = sd.max(NARROWEST));
        let shape = dispatch(ShapeOf { weights: &weights, means: &means, sds: &spreads });
        let sd = shape.variance.sqrt();
        Mixture {
            weights,
            means,
            precisions: spreads.into_iter().map(|sd| sd.map(|sd| 1.0 / sd)).collect(),
            mean: shape.mean,
            sd,
            skewness: shape.third_moment / (sd * sd * sd),
            bracket: shape.bracket,
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
        self.at(x).cdf
    }

    /// Returns the point below which the mixture falls with probability `p`, 0 < p < 1; accurate to 1e-10 standard
    /// deviations.
    pub fn quantile(&self, p: f64) -> f64 {
        self.quantiles(&[p])[0]
    }

    /// Returns the quantiles at several probabilities, best in ascending order.
    pub fn quantiles(&self, probabilities: &[f64]) -> Vec<f64> {
        // Each search starts where a normal distribution of the same mean, spread and skewness would have the quantile
        // (Cornish and Fisher), moved by what was wrong with that start for the one before.
        let mut correction = 0.0;
        let search = |p: &f64| {
            let z = normal::quantile(*p);
            let start = self.mean + self.sd * (z + self.skewness.clamp(-1.0, 1.0) * (z * z - 1.0) / 6.0);
            let found = self.search(*p, start + correction);
            correction = found - start;
            found
        };
        probabilities.iter().map(search).collect()
    }

    /// Halley's method inside a bracket that is halved when a step would leave it. The error left by a last step below
    /// 1e-6 is of the order of its cube.
    fn search(&self, p: f64, start: f64) -> f64 {
        const LAST_STEP: f64 = 1e-6;
        const NARROWEST_BRACKET: f64 = 1e-11;
        const MOST_STEPS: usize = 200;
        let (mut low, mut high) = self.bracket;
        let mut x = start;
        for _ in 0..MOST_STEPS {
            if !(low < x && x < high) {
                x = 0.5 * (low + high);
            }
            let Local { cdf, pdf, slope } = self.at(x);
            let miss = cdf - p;
            if miss > 0.0 {
                high = x
            } else {
                low = x
            }
            let step = miss * pdf / (pdf * pdf - 0.5 * miss * slope);
            x -= step;
            if step.abs() < LAST_STEP * self.sd || high - low < NARROWEST_BRACKET * self.sd {
                break;
            }
        }
        x.clamp(low, high)
    }

    fn at(&self, x: f64) -> Local {
        dispatch(LocalAt { mixture: self, x })
    }
}

/// Distribution function, density and slope of the density at one point.
struct Local {
    cdf: f64,
    pdf: f64,
    slope: f64,
}

struct LocalAt<'a> {
    mixture: &'a Mixture,
    x: f64,
}

impl Kernel for LocalAt<'_> {
    type Output = Local;

    #[inline(always)]
    fn run<A: Arch>(self) -> Local {
        let Mixture { weights, means, precisions, .. } = self.mixture;
        let x = Lanes::<A>::splat(self.x);
        let (mut cdf, mut pdf, mut slope) = (Lanes::zero(), Lanes::zero(), Lanes::zero());
        for ((weight, mean), precision) in weights.iter().zip(means).zip(precisions) {
            let [weight, mean, precision] =
                [weight, mean, precision].map(|values| Lanes::from_array(*values));
            let z = (x - mean) * precision;
            let (below, density) = normal::cdf_pdf_lanes(z);
            let weighted = weight * precision * density;
            cdf = weight.mul_add(below, cdf);
            pdf = pdf + weighted;
            slope = (z * precision).neg_mul_add(weighted, slope);
        }
        Local { cdf: cdf.sum(), pdf: pdf.sum(), slope: slope.sum() }
    }
}

/// Moments of a mixture and a bracket of all of it.
struct Shape {
    mean: f64,
    variance: f64,
    third_moment: f64,
    bracket: (f64, f64),
}

struct ShapeOf<'a> {
    weights: &'a [[f64; LANES]],
    means: &'a [[f64; LANES]],
    sds: &'a [[f64; LANES]],
}

impl Kernel for ShapeOf<'_> {
    type Output = Shape;

    #[inline(always)]
    fn run<A: Arch>(self) -> Shape {
        /// All but 1e-16 of a normal distribution lies within this many standard deviations.
        const REACH: f64 = 8.3;
        let mut mean = Lanes::<A>::zero();
        for (weight, m) in self.weights.iter().zip(self.means) {
            mean = Lanes::from_array(*weight).mul_add(Lanes::from_array(*m), mean);
        }
        let mean = mean.sum();
        let (mut variance, mut third) = (Lanes::<A>::zero(), Lanes::zero());
        let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        for ((weight, m), sd) in self.weights.iter().zip(self.means).zip(self.sds) {
            let (w, sd) = (Lanes::from_array(*weight), Lanes::from_array(*sd));
            let off = Lanes::from_array(*m) - Lanes::splat(mean);
            let (off_squared, sd_squared) = (off * off, sd * sd);
            variance = w.mul_add(off_squared + sd_squared, variance);
            third = w.mul_add(off * sd_squared.mul_add(Lanes::splat(3.0), off_squared), third);
            let reach = Lanes::splat(REACH) * sd;
            let (from, to) = ((off - reach).to_array(), (off + reach).to_array());
            for l in 0..LANES {
                if weight[l] > 0.0 {
                    low[l] = low[l].min(from[l]);
                    high[l] = high[l].max(to[l]);
                }
            }
        }
        let lowest = low.into_iter().fold(f64::INFINITY, f64::min);
        let highest = high.into_iter().fold(f64::NEG_INFINITY, f64::max);
        Shape {
            mean,
            variance: variance.sum(),
            third_moment: third.sum(),
            bracket: (mean + lowest, mean + highest),
        }
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
