//! The verdict's linear model at fixed noise, with the code of the trial as a question put from outside.
//!
//! Level, weekdays, drift and the three nonspecific courses are nuisance columns with the model's own priors. What is
//! asked is the coefficient of one more column, such as the exposure that a sequence implies, with no opinion about it.

use ldn_core::Dose;
use ldn_stats::ar1::{self, Noise};
use ldn_stats::lanes::Portable;
use ldn_stats::linear::Cholesky;

use crate::response::exact::Design;
use crate::response::posterior::{LARGEST_K_HAT, Points, Posterior};
use crate::response::prior::{DRUG, DrugPrior, PriorSet};
use crate::response::series::Series;
use crate::response::theta::Theta;

/// Standard deviation of the coefficients that are asked about: no opinion.
const NO_OPINION: f64 = 1_000.0;

/// The scores of a series and its nuisance columns, freed from the noise's correlation.
#[derive(Clone, Debug)]
pub(super) struct Regression {
    noise: Noise<Portable>,
    scored: Vec<bool>,
    nuisance: Vec<Vec<f64>>,
    factor: Cholesky,
    /// The scores less what the priors expect, as a column.
    scores: Column,
}

/// A column by scored day, with what the nuisance columns explain of it.
#[derive(Clone, Debug)]
pub(super) struct Column {
    whitened: Vec<f64>,
    explained: Vec<f64>,
}

/// A coefficient and its standard error.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Coefficient {
    /// Estimate, in points; an effect is an improvement.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Coefficient {
    /// The estimate from what a column has in common with the scores and with itself.
    pub(super) fn from_products(with_scores: f64, with_itself: f64) -> Coefficient {
        let information = with_itself + 1.0 / (NO_OPINION * NO_OPINION);
        Coefficient { estimate: with_scores / information, standard_error: 1.0 / information.sqrt() }
    }

    /// Returns the interval that holds the truth at a level such as 0.9, if the noise is normal.
    pub fn interval(self, level: f64) -> [f64; 2] {
        let reach = self.standard_error * ldn_stats::normal::quantile(0.5 + 0.5 * level);
        [self.estimate - reach, self.estimate + reach]
    }
}

/// A posterior whose weights cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("numerics unreliable: the noise of this diary could not be estimated without the code of the trial")]
pub struct Unreliable;

/// Estimates the nonlinear parameters without seeing the code: on each blinded day of a capsule, active or placebo, half
/// the reference dose stands in its place.
pub(super) fn blind_theta(series: &Series, priors: &PriorSet, step: f64) -> Result<Theta, Unreliable> {
    let design = Design::new(&without_the_code(series), priors, step);
    let posterior = Posterior::compute(&design, priors, DrugPrior::Main, Points::Registry);
    if posterior.weights[DrugPrior::Main.index()].k_hat > LARGEST_K_HAT {
        return Err(Unreliable);
    }
    Ok(posterior.mean_theta(DrugPrior::Main))
}

fn without_the_code(series: &Series) -> Series {
    let half = Dose::from_nanograms(series.reference_dose().nanograms() / 2);
    let mut days = series.days().to_vec();
    for day in days.iter_mut().filter(|day| day.blind) {
        day.dose = if day.capsule { half } else { Dose::ZERO };
        day.arm = None;
    }
    Series::new(series.date(0), days, Some(series.reference_dose()))
}

impl Regression {
    /// Prepares a series at one vector of nonlinear parameters; `None` without scores.
    ///
    /// `more` are further nuisance columns by calendar day, about which there is no opinion.
    pub(super) fn new(
        series: &Series,
        priors: &PriorSet,
        step: f64,
        theta: Theta,
        more: &[Vec<f64>],
    ) -> Option<Regression> {
        if series.n_scored() == 0 {
            return None;
        }
        let (columns, noise) = Design::new(series, priors, step).columns_and_noise(theta);
        let scored: Vec<bool> = series.days().iter().map(|day| day.burden.is_some()).collect();
        let whiten = |column: &[f64]| whitened(&noise, &scored, column);
        let by_day = |j: usize| -> Vec<f64> { columns.iter().map(|row| row[j]).collect() };
        let own: Vec<Vec<f64>> = (0..DRUG).map(by_day).collect();
        let expected = |t: usize| (0..DRUG).map(|j| own[j][t] * priors.linear[j].mean).sum::<f64>();
        let burdens: Vec<f64> = series
            .days()
            .iter()
            .enumerate()
            .map(|(t, day)| day.burden.map_or(0.0, |burden| burden - expected(t)))
            .collect();
        let nuisance: Vec<Vec<f64>> = own.iter().chain(more).map(|column| whiten(column)).collect();
        let precision = |j: usize| priors.linear.get(j).map_or(NO_OPINION, |prior| prior.sd);
        let mut gram: Vec<Vec<f64>> =
            (0..nuisance.len()).map(|i| (0..=i).map(|j| dot(&nuisance[i], &nuisance[j])).collect()).collect();
        for (j, row) in gram.iter_mut().enumerate() {
            row[j] += 1.0 / (precision(j) * precision(j));
        }
        let factor = Cholesky::of(&gram)?;
        let mut regression = Regression {
            noise,
            scores: Column { whitened: Vec::new(), explained: Vec::new() },
            scored,
            nuisance,
            factor,
        };
        regression.scores = regression.column(&burdens);
        Some(regression)
    }

    /// Prepares a column given by calendar day.
    pub(super) fn column(&self, by_day: &[f64]) -> Column {
        let whitened = whitened(&self.noise, &self.scored, by_day);
        let products: Vec<f64> = self.nuisance.iter().map(|n| dot(n, &whitened)).collect();
        Column { explained: self.factor.forward(&products), whitened }
    }

    /// Returns what two columns have in common once the nuisance columns are accounted for.
    pub(super) fn product(&self, a: &Column, b: &Column) -> f64 {
        dot(&a.whitened, &b.whitened) - dot(&a.explained, &b.explained)
    }

    /// Returns what a column has in common with the scores.
    pub(super) fn with_scores(&self, column: &Column) -> f64 {
        self.product(column, &self.scores)
    }

    /// Returns the burden per unit of a column, no opinion about it.
    pub(super) fn coefficient(&self, column: &Column) -> Coefficient {
        Coefficient::from_products(self.with_scores(column), self.product(column, column))
    }

    /// Returns the variance that the noise alone gives a weighted sum of scores of different days.
    pub(super) fn noise_variance(&self, weights: &[(usize, f64)]) -> f64 {
        let first = |lanes: ldn_stats::Lanes<Portable>| lanes.to_array()[0];
        let (rho, slow, white) =
            (first(self.noise.rho), first(self.noise.slow_variance), first(self.noise.white_variance));
        let log_rho = libm::log(rho.max(f64::MIN_POSITIVE));
        let covariance = |s: usize, t: usize| {
            let lag = s.abs_diff(t) as f64;
            slow * libm::exp(lag * log_rho) + if s == t { white } else { 0.0 }
        };
        let pairs = weights.iter().flat_map(|(s, a)| weights.iter().map(move |(t, b)| (*s, *t, a * b)));
        pairs.map(|(s, t, product)| product * covariance(s, t)).sum()
    }
}

fn whitened(noise: &Noise<Portable>, scored: &[bool], by_day: &[f64]) -> Vec<f64> {
    let values: Vec<Option<f64>> =
        scored.iter().zip(by_day).map(|(scored, value)| scored.then_some(*value)).collect();
    ar1::innovations(noise, &values).into_iter().flatten().collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
