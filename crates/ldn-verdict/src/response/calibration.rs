//! Are the stated probabilities right? Simulated people with a known truth, and where it lies in the posterior.

use ldn_stats::kolmogorov;
use serde::Serialize;

use super::exact::Design;
use super::posterior::{LARGEST_K_HAT, Points, Posterior};
use super::prior::{DrugPrior, PriorSet};
use super::series::Series;
use super::summary::{Answers, Quantity};

/// The quantities whose truth is known, in the order of every array here.
pub const QUANTITIES: [(&str, Quantity); 6] = [
    ("baseline", Quantity::Baseline),
    ("total", Quantity::Total),
    ("drug_now", Quantity::DrugNow),
    ("nonspecific_now", Quantity::NonspecificNow),
    ("b", Quantity::DrugEffect),
    ("total_ss", Quantity::TotalBuiltUp),
];

/// One simulated person: where the truth lies in the posterior, and how wide that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Posterior probability of a value below the truth, by quantity.
    pub below_truth: [f64; 6],
    /// Posterior standard deviation of the drug effect.
    pub drug_sd: f64,
    /// Whether the weights could be trusted.
    pub reliable: bool,
    /// Whether the proposal had to be fitted again.
    pub refitted: bool,
}

impl Placement {
    /// Fits a series as a registry would and places the true values.
    pub fn of(series: &Series, priors: &PriorSet, step: f64, truth: [f64; 6]) -> Placement {
        let design = Design::new(series, priors, step);
        let posterior = Posterior::compute(&design, priors, DrugPrior::Main, Points::Registry);
        let answers = Answers::new(&posterior, DrugPrior::Main);
        let mixtures = QUANTITIES.map(|(_, quantity)| answers.mixture(|at| quantity.combination(at)));
        Placement {
            below_truth: std::array::from_fn(|i| mixtures[i].cdf(truth[i])),
            drug_sd: mixtures[4].sd(),
            reliable: posterior.weights[DrugPrior::Main.index()].k_hat <= LARGEST_K_HAT,
            refitted: posterior.rounds > 1,
        }
    }
}

/// How often central intervals held the truth of one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// Of the 50 % interval.
    pub of_50: f64,
    /// Of the 80 % interval.
    pub of_80: f64,
    /// Of the 90 % interval.
    pub of_90: f64,
    /// p-value of uniform ranks; small means miscalibrated.
    pub uniformity_p: f64,
}

impl Coverage {
    /// Sums up one quantity over people.
    pub fn of(placements: &[Placement], quantity: usize) -> Coverage {
        let ranks: Vec<f64> = placements.iter().map(|p| p.below_truth[quantity]).collect();
        let share = |level: f64| {
            ranks.iter().filter(|rank| (*rank - 0.5).abs() <= 0.5 * level).count() as f64 / ranks.len() as f64
        };
        Coverage {
            of_50: share(0.5),
            of_80: share(0.8),
            of_90: share(0.9),
            uniformity_p: kolmogorov::uniformity_p(&ranks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_by_hand() {
        let at =
            |rank: f64| Placement { below_truth: [rank; 6], drug_sd: 1.0, reliable: true, refitted: false };
        let coverage = Coverage::of(&[at(0.5), at(0.76), at(0.1), at(0.04)], 1);
        assert_eq!((coverage.of_50, coverage.of_80, coverage.of_90), (0.25, 0.75, 0.75));
    }
}
