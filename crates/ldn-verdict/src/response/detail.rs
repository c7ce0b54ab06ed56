//! One nonlinear parameter vector in full: for the checks, for tests and for peers.

use ldn_stats::ar1;
use ldn_stats::lanes::{LANES, Lanes, Portable};

use super::exact::{
    Conditional, Design, Factor, PLACEBO_COURSES, WEEKDAY_CONTRASTS, dose_response, last_row_log_marginal,
};
use super::prior::{DRUG, DrugPrior, LINEAR, Linear};
use super::theta::{Rates, Theta};

/// Everything that is exact at one nonlinear parameter vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// Logarithm of the marginal likelihood.
    pub log_marginal_likelihood: f64,
    /// Log-determinant of the covariance of the scores.
    pub log_det_innovations: f64,
    /// Number of scores.
    pub n_obs: usize,
    /// Conditional means of the linear parameters.
    pub beta_mean: [f64; LINEAR],
    /// Their conditional standard deviations.
    pub beta_sd: [f64; LINEAR],
    /// The conditional distribution of the quantities.
    pub conditional: Conditional,
    /// The three placebo courses on the last day.
    pub placebo_last: [f64; PLACEBO_COURSES],
    /// The drug course by day, 1 when fully built up at the reference dose.
    pub drug_course: Vec<f64>,
    /// The mean burden by day that the conditional means describe, weekday included.
    pub fitted: Vec<f64>,
    /// One-step prediction errors of the scores at the conditional means, each divided by its standard deviation.
    pub innovations: Vec<Option<f64>>,
}

impl Design {
    /// Evaluates one vector in full under one opinion about the drug effect.
    pub fn detail(&self, theta: Theta, prior: DrugPrior) -> Detail {
        let rates = Rates::<Portable>::new(&[theta; LANES], self.rounding_variance);
        let (normal, courses) = self.normal_equations(&rates);
        let factor = Factor::new(&normal, &self.linear);
        let drug = self.drug[prior.index()];
        let (inverse, last_solution) = factor.last_row(&normal, drug);
        let (beta_mean, beta_sd) = self.linear_moments(&factor, inverse, last_solution);
        let log_marginal = self.log_marginal_without_last_row(&normal, &factor)
            + last_row_log_marginal(drug, inverse, last_solution);

        let columns = self.columns(&rates);
        let fitted: Vec<f64> =
            columns.iter().map(|row| row.iter().zip(beta_mean).map(|(x, beta)| x * beta).sum()).collect();
        let level = self.linear[Linear::Level as usize].mean;
        let residuals: Vec<Option<f64>> = self
            .days
            .iter()
            .zip(&fitted)
            .map(|(day, fitted)| day.centred.map(|centred| centred + level - fitted))
            .collect();
        Detail {
            log_marginal_likelihood: log_marginal.to_array()[0],
            log_det_innovations: normal.log_determinant.to_array()[0],
            n_obs: self.n_scored,
            beta_mean,
            beta_sd,
            conditional: self.evaluate(&[theta])[0],
            placebo_last: courses.placebo_last.map(|course| course.to_array()[0]),
            drug_course: columns.iter().map(|row| -row[DRUG]).collect(),
            innovations: ar1::innovations(&rates.noise, &residuals),
            fitted,
        }
    }

    /// Returns the twelve columns by day and the noise at one vector, for a regression with other columns beside them.
    pub(crate) fn columns_and_noise(&self, theta: Theta) -> (Vec<[f64; LINEAR]>, ar1::Noise<Portable>) {
        let rates = Rates::<Portable>::new(&[theta; LANES], self.rounding_variance);
        (self.columns(&rates), rates.noise)
    }

    /// Returns the expected build-up (its mean over the last seven days) on each of the coming days, if the dose of the
    /// last day is kept, over weighted points; the first few hundred tell a date.
    pub fn buildup_ahead(&self, thetas: &[Theta], weights: &[f64], n_days: usize) -> Vec<f64> {
        const AVERAGED: usize = 7;
        const ENOUGH_POINTS: usize = 512;
        let total: f64 = weights.iter().take(ENOUGH_POINTS).sum();
        let mut expected = vec![0.0; n_days];
        for (theta, weight) in thetas.iter().zip(weights).take(ENOUGH_POINTS) {
            let rates = Rates::<Portable>::new(&[*theta; LANES], self.rounding_variance);
            let step = rates.drug_step.to_array()[0];
            let effects: Vec<f64> = self
                .dose_squares
                .iter()
                .map(|square| dose_response(*square, rates.half_effect_squared).to_array()[0])
                .collect();
            let (mut stage, mut drug) = (0.0, 0.0);
            let mut course = Vec::with_capacity(self.days.len() + n_days);
            let doses_before = self.days.iter().skip(1).map(|day| day.dose_before);
            course.push(drug);
            for dose in doses_before.chain(std::iter::repeat_n(self.last_dose, n_days)) {
                stage += step * (effects[dose] - stage);
                drug += step * (stage - drug);
                course.push(drug);
            }
            for (ahead, expected) in expected.iter_mut().enumerate() {
                let end = self.days.len() + ahead + 1;
                let window = &course[end.saturating_sub(AVERAGED)..end];
                *expected += weight / total * window.iter().sum::<f64>() / window.len() as f64;
            }
        }
        expected
    }

    /// Means and standard deviations of all linear parameters.
    fn linear_moments(
        &self,
        factor: &Factor<Portable>,
        inverse: Lanes<Portable>,
        last: Lanes<Portable>,
    ) -> ([f64; LINEAR], [f64; LINEAR]) {
        let (mut mean, mut sd) = ([0.0; LINEAR], [0.0; LINEAR]);
        for i in 0..LINEAR {
            let mut unit = [Lanes::zero(); LINEAR];
            unit[i] = Lanes::one();
            let (above, rest) = factor.forward(&unit);
            let bottom = rest * inverse;
            let mut product = bottom * last;
            let mut square = bottom * bottom;
            for k in 0..DRUG {
                product = above[k].mul_add(factor.solution[k], product);
                square = above[k].mul_add(above[k], square);
            }
            (mean[i], sd[i]) = (product.to_array()[0], square.to_array()[0].sqrt());
        }
        mean[Linear::Level as usize] += self.linear[Linear::Level as usize].mean;
        (mean, sd)
    }

    /// The twelve columns of the design by day.
    fn columns(&self, rates: &Rates<Portable>) -> Vec<[f64; LINEAR]> {
        let (drug_step, placebo_step) = (rates.drug_step.to_array()[0], rates.placebo_step.to_array()[0]);
        let (mut stage, mut drug, mut placebo) = (0.0, 0.0, [0.0; PLACEBO_COURSES]);
        let mut columns = Vec::with_capacity(self.days.len());
        for (t, day) in self.days.iter().enumerate() {
            if t > 0 {
                let effect = dose_response(self.dose_squares[day.dose_before], rates.half_effect_squared)
                    .to_array()[0];
                stage += drug_step * (effect - stage);
                drug += drug_step * (stage - drug);
                for j in 0..PLACEBO_COURSES {
                    placebo[j] += placebo_step * (day.driven[j] - placebo[j]);
                }
            }
            let mut row = [0.0; LINEAR];
            row[Linear::Level as usize] = 1.0;
            row[Linear::Weekday as usize..Linear::Drift as usize]
                .copy_from_slice(&WEEKDAY_CONTRASTS[day.weekday]);
            row[Linear::Drift as usize] = -day.time;
            for j in 0..PLACEBO_COURSES {
                row[Linear::Start as usize + j] = -placebo[j];
            }
            row[DRUG] = -drug;
            columns.push(row);
        }
        columns
    }
}
