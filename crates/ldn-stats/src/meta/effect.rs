//! Effects of single studies, from what their papers print.
//!
//! Every difference and every ratio is treated against control: a negative mean difference of pain means less pain under
//! treatment. Ratios and correlations are on the scale on which they are pooled: log ratio, Fisher's z.
//!
//! **Zero cells.** A log ratio with an empty cell does not exist, and a risk difference with one has no variance. Where a
//! cell of the two-by-two table is 0, and only there, ½ is added to all four cells of that table, and
//! [`CountEffect::corrected`] says so. A table without information on the ratio (no event in either arm) is refused, not
//! corrected.

use crate::normal;

/// The result of one study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub estimate: f64,
    /// Its sampling variance, in the squared unit of the estimate.
    pub variance: f64,
}

/// Why an effect could not be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EffectError {
    /// A number is out of its range.
    #[error("the {quantity} is {value}; expected {expected}")]
    Number {
        /// Which number.
        quantity: &'static str,
        /// What was given.
        value: f64,
        /// Its range.
        expected: &'static str,
    },
    /// There are too few patients for a spread.
    #[error("the number of patients is {found}; expected at least {needed}")]
    Patients {
        /// How many were given.
        found: u32,
        /// The least number.
        needed: u32,
    },
    /// More patients had the event than there were.
    #[error("{events} of {patients} patients had the event; expected at most all of at least one")]
    Events {
        /// Patients with the event.
        events: u32,
        /// All patients of the arm.
        patients: u32,
    },
    /// The ends of an interval are in the wrong order or coincide.
    #[error("the interval goes from {lower} to {upper}; expected finite ends, the lower one first")]
    Ends {
        /// The lower end given.
        lower: f64,
        /// The upper end given.
        upper: f64,
    },
    /// The table says nothing about the ratio: either no event in both arms, or for an odds ratio events only.
    #[error("the table holds no information on the {ratio}: both arms have {events}")]
    NoInformation {
        /// Which ratio.
        ratio: &'static str,
        /// "no events" or "nothing but events".
        events: &'static str,
    },
    /// Both spreads are 0, or cancel under the correlation given.
    #[error("the spread of the difference is 0; expected patients who differ")]
    NoSpread,
}

/// A continuous outcome in one arm, or in one period of a crossover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// The mean.
    pub mean: f64,
    /// The standard deviation between patients, not the standard error.
    pub sd: f64,
    /// How many patients.
    pub patients: u32,
}

/// A yes-or-no outcome in one arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Patients with the event.
    pub events: u32,
    /// All patients of the arm.
    pub patients: u32,
}

/// An effect from a two-by-two table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountEffect {
    /// The effect.
    pub effect: Effect,
    /// Whether ½ was added to every cell because one was 0.
    pub corrected: bool,
}

/// The correlation between the two periods of a crossover, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Correlation {
    /// Printed in the paper, or computed from its individual data.
    Stated(f64),
    /// Borrowed from elsewhere; the result hangs on it, and a sensitivity analysis should vary it.
    Assumed(f64),
}

/// A paired difference, together with the correlation that it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedEffect {
    /// The effect.
    pub effect: Effect,
    /// What it rests on.
    pub correlation: Correlation,
}

impl Effect {
    /// Returns the effect with an estimate and its standard error.
    ///
    /// # Errors
    /// [`EffectError::Number`] unless both are finite and the error is above 0.
    pub fn from_standard_error(estimate: f64, standard_error: f64) -> Result<Effect, EffectError> {
        let estimate = finite("estimate", estimate)?;
        let standard_error = positive("standard error", standard_error)?;
        Ok(Effect { estimate, variance: standard_error * standard_error })
    }

    /// Returns the effect whose normal confidence interval at `level` has these ends: the estimate in the middle, the
    /// standard error from the width. An interval from Student's t gives a standard error too large by t/z.
    ///
    /// # Errors
    /// [`EffectError::Ends`], and [`EffectError::Number`] for a level that is not between 0 and 1.
    pub fn from_interval(lower: f64, upper: f64, level: f64) -> Result<Effect, EffectError> {
        if !(lower.is_finite() && upper.is_finite() && lower < upper) {
            return Err(EffectError::Ends { lower, upper });
        }
        if !(level > 0.0 && level < 1.0) {
            return Err(EffectError::Number {
                quantity: "level",
                value: level,
                expected: "a number between 0 and 1",
            });
        }
        let reach = -2.0 * normal::quantile(0.5 - 0.5 * level);
        Effect::from_standard_error(0.5 * (lower + upper), (upper - lower) / reach)
    }
}

/// Returns the mean difference: m₁ − m₂, with variance s₁²/n₁ + s₂²/n₂.
///
/// # Errors
/// [`EffectError::Number`] and [`EffectError::Patients`] for a bad arm, [`EffectError::NoSpread`] where both spreads are 0.
pub fn mean_difference(treated: Arm, control: Arm) -> Result<Effect, EffectError> {
    let (treated, control) = (treated.checked(2)?, control.checked(2)?);
    let variance = treated.squared_error() + control.squared_error();
    if variance == 0.0 {
        return Err(EffectError::NoSpread);
    }
    Ok(Effect { estimate: treated.mean - control.mean, variance })
}

/// Returns the standardised mean difference g: the mean difference over the pooled standard deviation, with Hedges' exact
/// correction for small samples.
///
/// g = J(m)·(m₁ − m₂)/s with m = n₁ + n₂ − 2 and J(m) = Γ(m/2)/(√(m/2)·Γ((m − 1)/2)): Hedges (1981), equation 6e. Its
/// variance is the large-sample one, 1/n₁ + 1/n₂ + g²/(2·(n₁ + n₂)): Hedges and Olkin (1985), page 86.
///
/// ```
/// use ldn_stats::meta::effect::{Arm, standardised_mean_difference};
///
/// // The stroke unit of Edinburgh against routine care, days in hospital (Normand 1999).
/// let unit = Arm { mean: 55.0, sd: 47.0, patients: 155 };
/// let routine = Arm { mean: 75.0, sd: 64.0, patients: 156 };
/// let g = standardised_mean_difference(unit, routine)?;
/// assert!((g.estimate + 0.3552).abs() < 5e-5);
/// # Ok::<(), ldn_stats::meta::effect::EffectError>(())
/// ```
///
/// # Errors
/// As [`mean_difference`].
pub fn standardised_mean_difference(treated: Arm, control: Arm) -> Result<Effect, EffectError> {
    let (treated, control) = (treated.checked(2)?, control.checked(2)?);
    let (n1, n2) = (f64::from(treated.patients), f64::from(control.patients));
    let degrees = n1 + n2 - 2.0;
    let squares = (n1 - 1.0) * treated.sd * treated.sd + (n2 - 1.0) * control.sd * control.sd;
    let pooled_sd = (squares / degrees).sqrt();
    if pooled_sd == 0.0 {
        return Err(EffectError::NoSpread);
    }
    let estimate = hedges_correction(degrees) * (treated.mean - control.mean) / pooled_sd;
    Ok(Effect { estimate, variance: 1.0 / n1 + 1.0 / n2 + estimate * estimate / (2.0 * (n1 + n2)) })
}

/// Returns the log ratio of means: ln(m₁/m₂), with variance s₁²/(n₁·m₁²) + s₂²/(n₂·m₂²).
///
/// Hedges, Gurevitch and Curtis (1999), equations 1 and 2. Only for outcomes that cannot be negative: both means have to
/// be above 0.
///
/// # Errors
/// As [`mean_difference`], and [`EffectError::Number`] for a mean that is not above 0.
pub fn log_ratio_of_means(treated: Arm, control: Arm) -> Result<Effect, EffectError> {
    let (treated, control) = (treated.checked(2)?, control.checked(2)?);
    let (m1, m2) = (positive("mean", treated.mean)?, positive("mean", control.mean)?);
    let variance = treated.squared_error() / (m1 * m1) + control.squared_error() / (m2 * m2);
    if variance == 0.0 {
        return Err(EffectError::NoSpread);
    }
    Ok(Effect { estimate: libm::log(m1 / m2), variance })
}

/// Returns the log risk ratio: ln((a/n₁)/(c/n₂)), with variance 1/a − 1/n₁ + 1/c − 1/n₂.
///
/// # Errors
/// [`EffectError::Events`] for an impossible arm, [`EffectError::NoInformation`] for no event in either arm.
pub fn log_risk_ratio(treated: Counts, control: Counts) -> Result<CountEffect, EffectError> {
    let table = Table::new(treated, control)?;
    if treated.events == 0 && control.events == 0 {
        return Err(EffectError::NoInformation { ratio: "risk ratio", events: "no events" });
    }
    let Table { a, c, .. } = table;
    let (n1, n2) = table.arms();
    Ok(table.effect(libm::log((a / n1) / (c / n2)), 1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n2))
}

/// Returns the log odds ratio: ln(a·d/(b·c)), with variance 1/a + 1/b + 1/c + 1/d (Woolf 1955).
///
/// # Errors
/// As [`log_risk_ratio`], and [`EffectError::NoInformation`] also where every patient had the event.
pub fn log_odds_ratio(treated: Counts, control: Counts) -> Result<CountEffect, EffectError> {
    let table = Table::new(treated, control)?;
    let events = match (treated.events, control.events) {
        (0, 0) => Some("no events"),
        (a, c) if a == treated.patients && c == control.patients => Some("nothing but events"),
        _ => None,
    };
    if let Some(events) = events {
        return Err(EffectError::NoInformation { ratio: "odds ratio", events });
    }
    let Table { a, b, c, d, .. } = table;
    Ok(table.effect(libm::log((a * d) / (b * c)), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d))
}

/// Returns the risk difference: a/n₁ − c/n₂, with variance a·b/n₁³ + c·d/n₂³.
///
/// # Errors
/// [`EffectError::Events`] for an impossible arm.
pub fn risk_difference(treated: Counts, control: Counts) -> Result<CountEffect, EffectError> {
    let table = Table::new(treated, control)?;
    let Table { a, b, c, d, .. } = table;
    let (n1, n2) = table.arms();
    Ok(table.effect(a / n1 - c / n2, a * b / (n1 * n1 * n1) + c * d / (n2 * n2 * n2)))
}

/// Returns Fisher's z of a correlation: artanh r, with variance 1/(n − 3) (Fisher 1921).
///
/// # Errors
/// [`EffectError::Number`] unless −1 < r < 1, [`EffectError::Patients`] below four.
pub fn fisher_z(correlation: f64, patients: u32) -> Result<Effect, EffectError> {
    let r = correlation_between("correlation", correlation)?;
    at_least(patients, 4)?;
    Ok(Effect { estimate: libm::atanh(r), variance: 1.0 / (f64::from(patients) - 3.0) })
}

/// Returns the difference within the patients of a crossover, from the two periods' means and spreads:
/// m₁ − m₂, with variance (s₁² + s₂² − 2·r·s₁·s₂)/n.
///
/// Elbourne and others (2002), section "continuous outcomes"; `patients` completed both periods.
///
/// # Errors
/// [`EffectError::Number`] and [`EffectError::Patients`] for bad input, [`EffectError::NoSpread`] where the difference has
/// no spread.
pub fn crossover_difference(
    (treated_mean, treated_sd): (f64, f64),
    (control_mean, control_sd): (f64, f64),
    patients: u32,
    correlation: Correlation,
) -> Result<PairedEffect, EffectError> {
    let treated = Arm { mean: treated_mean, sd: treated_sd, patients }.checked(2)?;
    let control = Arm { mean: control_mean, sd: control_sd, patients }.checked(2)?;
    let r = correlation_between("correlation between periods", correlation.value())?;
    // As a sum of squares, so that rounding cannot make it negative.
    let (sum, difference) = (treated.sd + control.sd, treated.sd - control.sd);
    let square = 0.5 * ((1.0 - r) * sum * sum + (1.0 + r) * difference * difference);
    let effect = paired_difference(treated.mean - control.mean, square.sqrt(), patients)?;
    Ok(PairedEffect { effect, correlation })
}

/// Returns the difference within patients from the mean and the standard deviation of their differences: variance s²/n.
///
/// # Errors
/// [`EffectError::Number`] and [`EffectError::Patients`] for bad input, [`EffectError::NoSpread`] for a spread of 0.
pub fn paired_difference(mean: f64, sd_of_differences: f64, patients: u32) -> Result<Effect, EffectError> {
    let differences = Arm { mean, sd: sd_of_differences, patients }.checked(2)?;
    if differences.sd == 0.0 {
        return Err(EffectError::NoSpread);
    }
    Ok(Effect { estimate: mean, variance: differences.squared_error() })
}

impl Correlation {
    /// Returns the number, wherever it comes from.
    pub fn value(self) -> f64 {
        match self {
            Correlation::Stated(r) | Correlation::Assumed(r) => r,
        }
    }
}

impl Arm {
    fn checked(self, patients: u32) -> Result<Arm, EffectError> {
        finite("mean", self.mean)?;
        if !(self.sd.is_finite() && self.sd >= 0.0) {
            let expected = "a finite number of at least 0";
            return Err(EffectError::Number { quantity: "standard deviation", value: self.sd, expected });
        }
        at_least(self.patients, patients)?;
        Ok(self)
    }

    fn squared_error(&self) -> f64 {
        self.sd * self.sd / f64::from(self.patients)
    }
}

/// A two-by-two table: events and non-events of the treated, then of the controls.
struct Table {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    corrected: bool,
}

impl Table {
    fn new(treated: Counts, control: Counts) -> Result<Table, EffectError> {
        for Counts { events, patients } in [treated, control] {
            if events > patients || patients == 0 {
                return Err(EffectError::Events { events, patients });
            }
        }
        let cells = [
            treated.events,
            treated.patients - treated.events,
            control.events,
            control.patients - control.events,
        ];
        let corrected = cells.contains(&0);
        let [a, b, c, d] = cells.map(|cell| if corrected { f64::from(cell) + 0.5 } else { f64::from(cell) });
        Ok(Table { a, b, c, d, corrected })
    }

    fn arms(&self) -> (f64, f64) {
        (self.a + self.b, self.c + self.d)
    }

    fn effect(&self, estimate: f64, variance: f64) -> CountEffect {
        CountEffect { effect: Effect { estimate, variance }, corrected: self.corrected }
    }
}

/// Hedges' J(m) = Γ(m/2)/(√(m/2)·Γ((m − 1)/2)).
fn hedges_correction(degrees: f64) -> f64 {
    // The difference of two large logarithms loses digits; by then three terms of Stirling's series are exact to 1e-13.
    if degrees > 1e4 {
        return 1.0 - 3.0 / (4.0 * degrees) - 7.0 / (32.0 * degrees * degrees);
    }
    // With m = 1 the second gamma function is infinite and the correction 0, which is not an estimate of anything; two arms
    // of at least two patients have m ≥ 2.
    let half = 0.5 * degrees;
    libm::exp(libm::lgamma(half) - libm::lgamma(half - 0.5)) / half.sqrt()
}

fn finite(quantity: &'static str, value: f64) -> Result<f64, EffectError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(EffectError::Number { quantity, value, expected: "a finite number" })
    }
}

fn positive(quantity: &'static str, value: f64) -> Result<f64, EffectError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(EffectError::Number { quantity, value, expected: "a finite number above 0" })
    }
}

fn correlation_between(quantity: &'static str, value: f64) -> Result<f64, EffectError> {
    if value > -1.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(EffectError::Number { quantity, value, expected: "a number between -1 and 1, both excluded" })
    }
}

fn at_least(found: u32, needed: u32) -> Result<(), EffectError> {
    if found < needed { Err(EffectError::Patients { found, needed }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J(2) = 1/√π·… in closed form: Γ(1)/(√1·Γ(½)) = 1/√π; J(3) = Γ(3/2)/(√(3/2)·Γ(1)) = √π/2/√(3/2).
    #[test]
    fn hedges_correction_is_exact_and_has_no_seam() {
        let root_pi = std::f64::consts::PI.sqrt();
        assert!((hedges_correction(2.0) - 1.0 / root_pi).abs() < 1e-15);
        assert!((hedges_correction(3.0) - 0.5 * root_pi / 1.5_f64.sqrt()).abs() < 1e-15);
        let seam = hedges_correction(1e4) - hedges_correction(1e4 + 1e-6);
        assert!(seam.abs() < 2e-11, "{seam}");
    }

    #[test]
    fn a_perfectly_correlated_crossover_has_no_spread_left() {
        let near = crossover_difference((3.0, 2.0), (4.0, 2.0), 10, Correlation::Assumed(0.999_999)).unwrap();
        assert!((near.effect.variance / (2.0 * 4.0 * 1e-6 / 10.0) - 1.0).abs() < 1e-9, "{near:?}");
        assert_eq!(
            crossover_difference((3.0, 0.0), (4.0, 0.0), 10, Correlation::Stated(0.5)),
            Err(EffectError::NoSpread)
        );
    }

    #[test]
    fn an_interval_is_read_back() {
        let effect = Effect::from_interval(-0.53, 0.45, 0.95).unwrap();
        assert!((effect.estimate + 0.04).abs() < 1e-15);
        assert!((effect.variance - 0.0625).abs() < 1e-5, "a standard error of 0.25: {effect:?}");
        assert_eq!(Effect::from_standard_error(0.3, 0.5), Ok(Effect { estimate: 0.3, variance: 0.25 }));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_was_expected() {
        let arm = |mean, sd, patients| Arm { mean, sd, patients };
        let counts = |events, patients| Counts { events, patients };
        let good = arm(1.0, 2.0, 10);
        let messages = [
            mean_difference(arm(f64::NAN, 2.0, 10), good).unwrap_err(),
            mean_difference(arm(1.0, -2.0, 10), good).unwrap_err(),
            mean_difference(arm(1.0, 2.0, 1), good).unwrap_err(),
            standardised_mean_difference(arm(1.0, 0.0, 5), arm(2.0, 0.0, 5)).unwrap_err(),
            log_ratio_of_means(arm(0.0, 2.0, 10), good).unwrap_err(),
            log_risk_ratio(counts(11, 10), counts(1, 10)).unwrap_err(),
            risk_difference(counts(0, 0), counts(1, 10)).unwrap_err(),
            log_risk_ratio(counts(0, 9), counts(0, 10)).unwrap_err(),
            log_odds_ratio(counts(9, 9), counts(10, 10)).unwrap_err(),
            fisher_z(1.0, 20).unwrap_err(),
            fisher_z(0.5, 3).unwrap_err(),
            crossover_difference((1.0, 2.0), (1.5, 2.0), 10, Correlation::Assumed(1.5)).unwrap_err(),
            Effect::from_interval(0.4, -0.4, 0.95).unwrap_err(),
            Effect::from_interval(-0.4, 0.4, 95.0).unwrap_err(),
            Effect::from_standard_error(0.3, 0.0).unwrap_err(),
        ];
        let expected = [
            "the mean is NaN; expected a finite number",
            "the standard deviation is -2; expected a finite number of at least 0",
            "the number of patients is 1; expected at least 2",
            "the spread of the difference is 0; expected patients who differ",
            "the mean is 0; expected a finite number above 0",
            "11 of 10 patients had the event; expected at most all of at least one",
            "0 of 0 patients had the event; expected at most all of at least one",
            "the table holds no information on the risk ratio: both arms have no events",
            "the table holds no information on the odds ratio: both arms have nothing but events",
            "the correlation is 1; expected a number between -1 and 1, both excluded",
            "the number of patients is 3; expected at least 4",
            "the correlation between periods is 1.5; expected a number between -1 and 1, both excluded",
            "the interval goes from 0.4 to -0.4; expected finite ends, the lower one first",
            "the level is 95; expected a number between 0 and 1",
            "the standard error is 0; expected a finite number above 0",
        ];
        for (message, expected) in messages.iter().zip(expected) {
            assert_eq!(message.to_string(), expected);
        }
    }
}
