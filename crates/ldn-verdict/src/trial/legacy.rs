//! What published analyses of such trials computed, to be reproduced and set beside what we say.
//!
//! StudyU trials were published as "linear regression with autocorrelated errors". In the mode
//! [`least_squares`] that is reproduced as it was: ordinary least squares without the first day, because the option that
//! was meant to be a coefficient sets an order, and nothing was iterated. [`autoregressive`] is the same model fitted as
//! it was meant. Neither knows carry-over, missing days or what was randomised.

use serde::Serialize;

use ldn_stats::linear::{LeastSquares, least_squares as fit};

use super::gls::Coefficient;
use super::import::{ImportError, StudyTrial};
use crate::response::decision::Attribution;
use crate::response::prior::{DrugPrior, PriorSet};
use crate::response::series::{DayRecord, Series};
use crate::response::summary::Summary;
use crate::response::verdict::{Settings, VerdictError, judge_series};
use ldn_core::{Dose, Measure, Scale};

/// Rounds of the iterated fit; it settles to ten digits in about twenty.
const ROUNDS: usize = 50;

/// One trial in the eyes of three methods. Effects are B − A in points as typed, interventions by alphabet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LegacyComparison {
    /// Id of the participant.
    pub participant: String,
    /// Name of intervention A.
    pub a: String,
    /// Name of intervention B.
    pub b: String,
    /// Answers, repeated ones among them, as the published analyses count them.
    pub answers: usize,
    /// As published: ordinary least squares without the first answer.
    pub least_squares: LegacyEstimate,
    /// With first-order autoregressive errors, iterated.
    pub autoregressive: AutoregressiveEstimate,
    /// What our engine makes of the same days.
    pub ours: OurReading,
}

/// A published kind of estimate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LegacyEstimate {
    /// Estimate and standard error.
    #[serde(flatten)]
    pub effect: Coefficient,
    /// Two-sided p-value, as published.
    pub p: f64,
}

/// An estimate with the autocorrelation beside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AutoregressiveEstimate {
    /// Estimate and standard error.
    #[serde(flatten)]
    pub effect: Coefficient,
    /// Autocorrelation from one answer to the next.
    pub rho: f64,
}

/// Our engine's reading of a trial that was neither blinded nor randomised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OurReading {
    /// B − A where it would have settled, no opinion beforehand, carry-over and slow noise in the model.
    pub effect: Summary,
    /// What the engine would say of a worthwhile effect of B if the trial had been blinded.
    pub if_it_had_been_blinded: Attribution,
    /// What it says of this trial: never more than "not separable", because everybody knew.
    pub attribution: Attribution,
}

/// Returns B − A by ordinary least squares without the first answer, as published; `None` with too few answers.
pub fn least_squares(answers: &[(bool, f64)]) -> Option<LegacyEstimate> {
    let fit = quasi_differences(answers, 0.0)?;
    Some(LegacyEstimate { effect: coefficient(&fit), p: fit.p_value(1) })
}

/// Returns B − A with first-order autoregressive errors.
///
/// Prais and Winsten's scheme without the first answer: least squares on quasi-differences, the autocorrelation of the
/// residuals of all answers by the adjusted Yule–Walker estimate, and again until it settles. Answers count as a day
/// apart, whatever lies between them. That is what statsmodels' `GLSAR.iterative_fit` does.
pub fn autoregressive(answers: &[(bool, f64)]) -> Option<AutoregressiveEstimate> {
    let mut rho = 0.0;
    for _ in 0..ROUNDS {
        let fit = quasi_differences(answers, rho)?;
        let [level, effect] = [fit.coefficients[0], fit.coefficients[1]];
        let residuals: Vec<f64> =
            answers.iter().map(|(b, y)| y - level - if *b { effect } else { 0.0 }).collect();
        rho = yule_walker(&residuals);
    }
    Some(AutoregressiveEstimate { effect: coefficient(&quasi_differences(answers, rho)?), rho })
}

fn quasi_differences(answers: &[(bool, f64)], rho: f64) -> Option<LeastSquares> {
    let row = |(b, y): (bool, f64)| ([1.0, if b { 1.0 } else { 0.0 }], y);
    let (rows, y): (Vec<Vec<f64>>, Vec<f64>) = answers
        .windows(2)
        .map(|pair| {
            let ((before, y_before), (now, y_now)) = (row(pair[0]), row(pair[1]));
            (vec![now[0] - rho * before[0], now[1] - rho * before[1]], y_now - rho * y_before)
        })
        .unzip();
    fit(&rows, &y)
}

/// Lag-one autocorrelation, each lag divided by its own number of products.
fn yule_walker(residuals: &[f64]) -> f64 {
    let n = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / n;
    let centred: Vec<f64> = residuals.iter().map(|r| r - mean).collect();
    let variance = centred.iter().map(|r| r * r).sum::<f64>() / n;
    let lagged = centred.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / (n - 1.0);
    if variance > 0.0 { lagged / variance } else { 0.0 }
}

fn coefficient(fit: &LeastSquares) -> Coefficient {
    Coefficient { estimate: fit.coefficients[1], standard_error: fit.standard_errors[1] }
}

/// Why a trial could not be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LegacyError {
    /// Not two interventions.
    #[error("participant {participant} has {found} interventions; expected two")]
    NotTwo {
        /// Id of the participant.
        participant: String,
        /// How many there are.
        found: usize,
    },
    /// Too few answers for a fit.
    #[error("participant {0} has too few answers in one of the interventions")]
    TooFew(String),
    /// The days do not make a diary.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// No reading of ours.
    #[error(transparent)]
    Verdict(#[from] VerdictError),
}

/// Sets the published kind of estimate, the same model fitted as meant, and our reading side by side.
///
/// # Errors
/// [`LegacyError`].
pub fn compare(trial: &StudyTrial, measure: Measure, scale: Scale) -> Result<LegacyComparison, LegacyError> {
    let names = trial.interventions();
    let [a, b] = names.as_slice() else {
        return Err(LegacyError::NotTwo { participant: trial.participant.clone(), found: names.len() });
    };
    let answers: Vec<(bool, f64)> =
        trial.answers.iter().map(|answer| (answer.intervention == *b, answer.value)).collect();
    let too_few = || LegacyError::TooFew(trial.participant.clone());
    Ok(LegacyComparison {
        participant: trial.participant.clone(),
        a: (*a).to_owned(),
        b: (*b).to_owned(),
        answers: answers.len(),
        least_squares: least_squares(&answers).ok_or_else(too_few)?,
        autoregressive: autoregressive(&answers).ok_or_else(too_few)?,
        ours: ours(trial, b, measure, scale)?,
    })
}

/// Reads the trial as if B were the drug and A its placebo: the model then has carry-over, weekdays, drift and slow noise,
/// and for both interventions the same expectation.
fn ours(trial: &StudyTrial, b: &str, measure: Measure, scale: Scale) -> Result<OurReading, LegacyError> {
    const STAND_IN: Dose = Dose::from_micrograms(4_500);
    let (days, _) = trial.days()?;
    let (diary, _) = trial.diary(measure, scale, &super::import::Mapping::as_named())?;
    let mut records: Vec<DayRecord> = Vec::new();
    let mut given = days.iter().zip(diary.rows()).peekable();
    for date in diary.first_date().series(jiff::Span::new().days(1)) {
        if date > diary.last_date() {
            break;
        }
        let answer = given.next_if(|(answer, _)| answer.date == date);
        // On days without an answer the intervention goes on.
        let active = match (answer, records.last()) {
            (Some((answer, _)), _) => answer.intervention == b,
            (None, before) => before.is_some_and(|before| !before.dose.is_zero()),
        };
        records.push(DayRecord {
            dose: if active { STAND_IN } else { Dose::ZERO },
            capsule: true,
            blind: true,
            arm: None,
            burden: answer.and_then(|(_, row)| row.score(measure)).map(|score| score.burden()),
        });
    }
    let series = Series::new(diary.first_date(), records, Some(STAND_IN));
    let settings = Settings { prior: Some(DrugPrior::Flat), ..Settings::new(measure) };
    let verdict = judge_series(&series, &settings, &PriorSet::for_measure(measure))?;
    let estimate = verdict.estimate.as_ref().ok_or_else(|| LegacyError::TooFew(trial.participant.clone()))?;
    Ok(OurReading {
        effect: estimate.quantities.b,
        if_it_had_been_blinded: Attribution::class_of(estimate.p_worthwhile),
        attribution: Attribution::NotSeparable,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_squares_without_the_first_is_a_difference_of_means() {
        let answers = [(false, 9.0), (false, 6.0), (true, 5.0), (true, 7.0), (false, 8.0)];
        let found = least_squares(&answers).unwrap();
        assert!((found.effect.estimate - (6.0 - 7.0)).abs() < 1e-13);
        assert_eq!(least_squares(&answers[..2]), None);
    }

    /// Alternating residuals: the products are −1 in all four gaps, the squares 1.
    #[test]
    fn the_adjusted_autocorrelation() {
        assert!((yule_walker(&[1.0, -1.0, 1.0, -1.0]) + 1.0).abs() < 1e-15);
        assert_eq!(yule_walker(&[2.0, 2.0]), 0.0);
    }
}
