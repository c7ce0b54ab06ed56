//! Do small studies tell another story than large ones?

use super::distribution::{student_beyond, student_quantile};
use super::weighted::weight;
use super::{Effect, Interval, MetaError, check_effects, check_level, check_number};

/// The regression of effects on their standard errors, from [`egger`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Egger {
    /// By how much the estimate grows with each unit of standard error: the "bias" of Egger's plot.
    pub slope: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Slope over standard error, Student's t with k − 2 degrees of freedom if size does not matter.
    pub statistic: f64,
    /// k − 2.
    pub degrees: f64,
    /// Its two-sided p-value.
    pub p: f64,
    /// The estimate that the line gives for a study without error.
    pub limit: f64,
    /// Its confidence interval.
    pub limit_interval: Interval,
}

/// Returns Egger's regression test for funnel-plot asymmetry.
///
/// The estimates are regressed on their standard errors by least squares with weights 1/v and a free error variance:
/// Egger, Davey Smith, Schneider and Minder (1997), who write it as z on precision, where our slope is their intercept.
/// In metafor this is `regtest(…, model = "lm")`. `level` is that of the limit's interval.
///
/// With fewer than ten studies the test has little power (Sterne and others 2011); it is computed all the same.
///
/// # Errors
/// As [`fit`](super::fit()); [`MetaError::TooFewStudies`] below three studies, [`MetaError::SameSize`] where all
/// variances are the same, [`MetaError::NoSpread`] where all studies lie on one line.
pub fn egger(effects: &[Effect], level: f64) -> Result<Egger, MetaError> {
    check_effects(effects)?;
    check_level(level)?;
    check_number(effects, 3, "Egger's test")?;
    if effects.windows(2).all(|pair| pair[0].variance == pair[1].variance) {
        return Err(MetaError::SameSize);
    }
    let line = Line::through(effects);
    let degrees = effects.len() as f64 - 2.0;
    let error_variance = line.squared_error / degrees;
    // What rounding leaves of an exact line is not an error variance.
    if line.squared_error <= 1e-24 * line.squared_estimates {
        return Err(MetaError::NoSpread { analysis: "Egger's test" });
    }
    let standard_error = (error_variance / line.squares).sqrt();
    let statistic = line.slope / standard_error;
    let limit_error = (error_variance * (1.0 / line.total + line.centre * line.centre / line.squares)).sqrt();
    let egger = Egger {
        slope: line.slope,
        standard_error,
        statistic,
        degrees,
        p: student_beyond(statistic, degrees),
        limit: line.limit,
        limit_interval: Interval::around(line.limit, student_quantile(1.0 - level, degrees) * limit_error),
    };
    let finite = [statistic, egger.limit_interval.lower, egger.limit_interval.upper];
    if finite.iter().all(|number| number.is_finite()) { Ok(egger) } else { Err(MetaError::OutOfRange) }
}

/// A weighted least-squares line of the estimates over their standard errors.
struct Line {
    slope: f64,
    /// Its height at standard error 0.
    limit: f64,
    /// Σ w.
    total: f64,
    /// The weighted mean of the standard errors.
    centre: f64,
    /// Σ w·(s − centre)².
    squares: f64,
    /// Σ w·(y − line)².
    squared_error: f64,
    /// Σ w·y².
    squared_estimates: f64,
}

impl Line {
    fn through(effects: &[Effect]) -> Line {
        let points = || effects.iter().map(|e| (weight(e, 0.0), e.variance.sqrt(), e.estimate));
        let total: f64 = points().map(|(w, _, _)| w).sum();
        let centre = points().map(|(w, s, _)| w * s).sum::<f64>() / total;
        let mean = points().map(|(w, _, y)| w * y).sum::<f64>() / total;
        let squares: f64 = points().map(|(w, s, _)| w * (s - centre) * (s - centre)).sum();
        let products: f64 = points().map(|(w, s, y)| w * (s - centre) * (y - mean)).sum();
        let slope = products / squares;
        let squared = |(w, s, y): (f64, f64, f64)| {
            let residual = y - mean - slope * (s - centre);
            w * residual * residual
        };
        Line {
            slope,
            limit: mean - slope * centre,
            total,
            centre,
            squares,
            squared_error: points().map(squared).sum(),
            squared_estimates: points().map(|(w, _, y)| w * y * y).sum(),
        }
    }
}
