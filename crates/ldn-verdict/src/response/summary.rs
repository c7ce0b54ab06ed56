//! What the posterior says: quantities, probabilities and nonlinear parameters under one opinion.

use ldn_stats::mixture::Mixture;
use ldn_stats::normal;
use serde::Serialize;

use super::exact::{Combination, Conditional, Moments};
use super::posterior::Posterior;
use super::prior::DrugPrior;
use super::theta::Theta;

/// Levels of the quantiles that are reported.
pub const LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Mean, standard deviation and the quantiles at [`LEVELS`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Quantiles at 5, 25, 50, 75 and 95 %.
    pub q: [f64; 5],
}

/// The reported quantities, in points; improvements are positive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantities {
    /// Mean burden of the baseline window.
    pub baseline: Summary,
    /// Improvement from the baseline to the evaluation window.
    pub total: Summary,
    /// The drug's part of it.
    pub drug_now: Summary,
    /// The rest: placebo, time, drift.
    pub nonspecific_now: Summary,
    /// Drug effect at the reference dose, fully built up, against placebo.
    pub b: Summary,
    /// Improvement expected at the reference dose once built up.
    pub total_ss: Summary,
    /// Built-up share of the drug course at the end of the evaluation window.
    pub buildup: Summary,
}

/// The reported probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Probabilities {
    /// Improvement of at least 30 % of the baseline.
    pub total_ge_30pct: f64,
    /// Improvement of at least 50 % of the baseline.
    pub total_ge_50pct: f64,
    /// Improvement of at least 1 point.
    pub total_ge_1: f64,
    /// Worsening of at least 1 point.
    pub total_le_minus1: f64,
    /// Drug effect above 0.
    pub b_gt_0: f64,
    /// Drug effect of at least 0.5 points.
    #[serde(rename = "b_ge_0.5")]
    pub b_ge_half: f64,
    /// Drug effect of at least 1 point.
    pub b_ge_1: f64,
    /// Drug's part of at least 1 point.
    pub drug_now_ge_1: f64,
    /// As `total_ge_30pct`, once built up.
    pub ss_ge_30pct: f64,
    /// As `total_ge_50pct`, once built up.
    pub ss_ge_50pct: f64,
    /// As `total_ge_1`, once built up.
    pub ss_ge_1: f64,
    /// As `total_le_minus1`, once built up.
    pub ss_le_minus1: f64,
}

/// The nonlinear parameters, on their working scales.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ThetaSummaries {
    /// Logarithm of the drug's mean delay in days.
    pub log_tau_b: Summary,
    /// Logarithm of the half-effect dose over the reference dose.
    pub log_ed50_rel: Summary,
    /// Logarithm of the placebo course's mean delay in days.
    pub log_tau_p: Summary,
    /// Logarithm of the noise's memory in days.
    pub log_ell: Summary,
    /// Logarithm of the noise's standard deviation in points.
    pub log_sigma: Summary,
    /// Log-odds of the slow component's share of the variance.
    pub logit_phi: Summary,
}

/// How each quantity is made of baseline, total and drug effect, given the nonlinear parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// See [`Quantities::baseline`].
    Baseline,
    /// See [`Quantities::total`].
    Total,
    /// See [`Quantities::drug_now`].
    DrugNow,
    /// See [`Quantities::nonspecific_now`].
    NonspecificNow,
    /// See [`Quantities::b`].
    DrugEffect,
    /// See [`Quantities::total_ss`].
    TotalBuiltUp,
}

impl Quantity {
    /// Returns the combination at one point of the posterior.
    pub fn combination(self, at: &Conditional) -> Combination {
        let now = at.built_up_after - at.built_up_before;
        Combination(match self {
            Quantity::Baseline => [1.0, 0.0, 0.0],
            Quantity::Total => [0.0, 1.0, 0.0],
            Quantity::DrugNow => [0.0, 0.0, now],
            Quantity::NonspecificNow => [0.0, 1.0, -now],
            Quantity::DrugEffect => [0.0, 0.0, 1.0],
            Quantity::TotalBuiltUp => [0.0, 1.0, 1.0 - at.built_up_before - now],
        })
    }
}

impl Combination {
    /// Subtracts a share of the baseline.
    pub fn less_baseline(self, share: f64) -> Combination {
        let Combination([baseline, total, drug]) = self;
        Combination([baseline - share, total, drug])
    }
}

/// The posterior under one opinion, ready to be asked.
pub struct Answers<'a> {
    posterior: &'a Posterior,
    prior: DrugPrior,
    weights: &'a [f64],
}

impl<'a> Answers<'a> {
    /// Looks at a posterior through one opinion about the drug effect.
    pub fn new(posterior: &'a Posterior, prior: DrugPrior) -> Answers<'a> {
        Answers { posterior, prior, weights: &posterior.weights[prior.index()].weights }
    }

    /// Returns the mixture that a combination follows.
    pub fn mixture(&self, combination: impl Fn(&Conditional) -> Combination) -> Mixture {
        let moments: Vec<Moments> = self.moments(combination).collect();
        let means: Vec<f64> = moments.iter().map(|m| m.mean).collect();
        let sds: Vec<f64> = moments.iter().map(|m| m.sd).collect();
        Mixture::new(self.weights, &means, &sds)
    }

    /// Returns the probability that a combination is at least `bound`.
    pub fn at_least(&self, combination: impl Fn(&Conditional) -> Combination, bound: f64) -> f64 {
        let below = self.mixture(combination).cdf(bound);
        (1.0 - below).clamp(0.0, 1.0)
    }

    /// Returns the expected regret of going on and of stopping, in points, for a least worthwhile effect.
    pub fn regret(&self, worthwhile: f64) -> (f64, f64) {
        let (mut going_on, mut stopping) = (0.0, 0.0);
        let moments = self.moments(|at| Quantity::DrugEffect.combination(at));
        for (Moments { mean, sd }, weight) in moments.zip(self.weights) {
            let z = (worthwhile - mean) / sd;
            let shortfall = (worthwhile - mean) * normal::cdf(z) + sd * normal::pdf(z);
            going_on += weight * shortfall;
            stopping += weight * (shortfall + mean - worthwhile);
        }
        (going_on, stopping.max(0.0))
    }

    /// Returns the summaries of all quantities.
    pub fn quantities(&self) -> Quantities {
        let summary = |quantity: Quantity| Summary::of_mixture(&self.mixture(|at| quantity.combination(at)));
        Quantities {
            baseline: summary(Quantity::Baseline),
            total: summary(Quantity::Total),
            drug_now: summary(Quantity::DrugNow),
            nonspecific_now: summary(Quantity::NonspecificNow),
            b: summary(Quantity::DrugEffect),
            total_ss: summary(Quantity::TotalBuiltUp),
            buildup: self.weighted(|k| self.posterior.conditionals[k].buildup),
        }
    }

    /// Returns all reported probabilities.
    pub fn probabilities(&self) -> Probabilities {
        let total = self.mixture(|at| Quantity::Total.combination(at));
        let built_up = self.mixture(|at| Quantity::TotalBuiltUp.combination(at));
        let drug = self.mixture(|at| Quantity::DrugEffect.combination(at));
        let share = |quantity: Quantity, share: f64| {
            self.at_least(|at| quantity.combination(at).less_baseline(share), 0.0)
        };
        let above = |mixture: &Mixture, bound: f64| (1.0 - mixture.cdf(bound)).clamp(0.0, 1.0);
        Probabilities {
            total_ge_30pct: share(Quantity::Total, 0.3),
            total_ge_50pct: share(Quantity::Total, 0.5),
            total_ge_1: above(&total, 1.0),
            total_le_minus1: total.cdf(-1.0),
            b_gt_0: above(&drug, 0.0),
            b_ge_half: above(&drug, 0.5),
            b_ge_1: above(&drug, 1.0),
            drug_now_ge_1: self.at_least(|at| Quantity::DrugNow.combination(at), 1.0),
            ss_ge_30pct: share(Quantity::TotalBuiltUp, 0.3),
            ss_ge_50pct: share(Quantity::TotalBuiltUp, 0.5),
            ss_ge_1: above(&built_up, 1.0),
            ss_le_minus1: built_up.cdf(-1.0),
        }
    }

    /// Returns the summaries of the nonlinear parameters.
    pub fn thetas(&self) -> ThetaSummaries {
        let [log_tau_b, log_ed50_rel, log_tau_p, log_ell, log_sigma, logit_phi] =
            std::array::from_fn::<_, { Theta::LEN }, _>(|i| self.weighted(|k| self.posterior.thetas[k].0[i]));
        ThetaSummaries { log_tau_b, log_ed50_rel, log_tau_p, log_ell, log_sigma, logit_phi }
    }

    fn moments(&self, combination: impl Fn(&Conditional) -> Combination) -> impl Iterator<Item = Moments> {
        self.posterior.conditionals.iter().map(move |at| at.joint[self.prior.index()].of(combination(at)))
    }

    fn weighted(&self, value: impl Fn(usize) -> f64) -> Summary {
        Summary::of_points((0..self.weights.len()).map(|k| (value(k), self.weights[k])).collect())
    }
}

impl Summary {
    pub(super) fn of_mixture(mixture: &Mixture) -> Summary {
        let quantiles = mixture.quantiles(&LEVELS);
        Summary { mean: mixture.mean(), sd: mixture.sd(), q: std::array::from_fn(|i| quantiles[i]) }
    }

    /// Summarises weighted points; a quantile is the first point at which the summed weight passes its level.
    fn of_points(mut points: Vec<(f64, f64)>) -> Summary {
        let mean: f64 = points.iter().map(|(x, w)| w * x).sum();
        let variance: f64 = points.iter().map(|(x, w)| w * (x - mean) * (x - mean)).sum();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let q = LEVELS.map(|level| {
            let mut sum = 0.0;
            let reached = points.iter().find(|(_, w)| {
                sum += w;
                sum >= level
            });
            reached.or(points.last()).map_or(f64::NAN, |(x, _)| *x)
        });
        Summary { mean, sd: variance.sqrt(), q }
    }
}
