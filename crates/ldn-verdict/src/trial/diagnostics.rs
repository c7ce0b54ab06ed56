//! Pairs, carry-over, periods and side effects: what a reader looks at before believing a difference.

use std::collections::BTreeMap;

use ldn_core::Measure;
use ldn_core::diary::DiaryRow;
use ldn_stats::linear::student_quantile;
use serde::Serialize;

use super::design::Arm;
use super::gls::{Coefficient, Regression};
use super::opened::{Opened, Period};
use crate::response::series::Series;

/// Fewest scores that a mean of a period may rest on.
pub const LEAST_SCORES: usize = 3;
/// Days at the beginning of a period that count as its early part: a week, or a third where that is less.
const EARLY_DAYS: usize = 7;
/// A difference of more standard errors than this is worth telling.
const NOTABLE: f64 = 2.0;
/// A period's residual of more standard errors than this is worth telling: with a dozen periods one in ten trials has it.
const NOTABLE_PERIOD: f64 = 2.5;
/// Level of every interval here.
const LEVEL: f64 = 0.9;

/// What one pair of periods says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PairEstimate {
    /// Its number, from 1.
    pub pair: usize,
    /// Number of its LDN period.
    pub ldn_period: usize,
    /// Number of its placebo period.
    pub placebo_period: usize,
    /// Scores behind the two means: LDN, placebo.
    pub scored: [usize; 2],
    /// How much better LDN was than placebo, in points; the noise's memory is in its standard error.
    #[serde(flatten)]
    pub difference: Coefficient,
    /// Its 90 % interval.
    pub interval_90: [f64; 2],
}

/// Whether the difference grows within periods, as it does where the drug comes and goes slowly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CarryOver {
    /// LDN against placebo in the first week (or third) of the periods.
    pub early: Coefficient,
    /// The same in the rest of them.
    pub late: Coefficient,
    /// Late less early.
    pub growth: Coefficient,
    /// Whether the growth is more than two standard errors.
    pub flag: bool,
    /// Share of the full effect that the model expects still to be there, on average over placebo periods.
    pub left_in_placebo: Option<f64>,
    /// Share of the full effect that it expects to have built up, on average over LDN periods.
    pub built_up_in_ldn: Option<f64>,
}

/// Whether something but the capsules differs between periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeriodEffects {
    /// Drift, improvement per 90 days, under the model's prior.
    pub drift_per_90_days: Coefficient,
    /// By period: how much worse it was than the model describes, in points and in standard errors.
    pub residuals: Vec<PeriodResidual>,
    /// Whether one of them is notable.
    pub flag: bool,
}

/// How much worse a period was than the model describes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeriodResidual {
    /// Number of the period.
    pub period: usize,
    /// Mean residual, in points; positive is worse than described.
    pub mean: f64,
    /// The same in standard errors of the noise.
    pub standardised: f64,
}

/// Side effects of one period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeriodSideEffects {
    /// Number of the period.
    pub period: usize,
    /// What was swallowed in it.
    pub arm: Arm,
    /// Days with an entry.
    pub days: usize,
    /// Days with at least one side effect.
    pub with_any: usize,
    /// Days with each, as written, letter case apart.
    pub terms: BTreeMap<String, usize>,
}

/// How much of the complaints on LDN comes with placebo, too: (placebo − none)/(LDN − none).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Nocebo {
    /// Mean share of days with a side effect over LDN periods.
    pub ldn: f64,
    /// The same over placebo periods.
    pub placebo: f64,
    /// The same over periods without capsules.
    pub no_capsule: f64,
    /// The ratio; absent where complaints on LDN do not clearly exceed those without capsules.
    pub ratio: Option<f64>,
    /// Its 90 % interval by Fieller's theorem, periods as the unit.
    pub interval_90: Option<[f64; 2]>,
}

/// Estimates each pair: the first LDN period with the first placebo period, the second with the second, and so on.
///
/// Pairs without three scores in each of its periods, the excluded days apart, are left out.
pub(super) fn pairs(opened: &Opened, series: &Series, regression: &Regression) -> Vec<PairEstimate> {
    let of = |arm: Arm| opened.periods().iter().filter(move |period| period.arm == arm);
    let skip = opened.excluded_days();
    of(Arm::Ldn)
        .zip(of(Arm::Placebo))
        .enumerate()
        .filter_map(|(pair, (ldn, placebo))| {
            let (on, off) = (scored(opened, series, ldn, skip..), scored(opened, series, placebo, skip..));
            if on.len().min(off.len()) < LEAST_SCORES {
                return None;
            }
            let difference = contrast(series, regression, &weights(&[&off], &[&on]));
            Some(PairEstimate {
                pair: pair + 1,
                ldn_period: ldn.number,
                placebo_period: placebo.number,
                scored: [on.len(), off.len()],
                interval_90: difference.interval(LEVEL),
                difference,
            })
        })
        .collect()
}

/// Compares the early with the late part of the periods; `None` where too few have both.
pub(super) fn carry_over(
    opened: &Opened,
    series: &Series,
    regression: &Regression,
    drug_course: &[f64],
) -> Option<CarryOver> {
    let parts = |arm: Arm, late: bool| -> Vec<Vec<usize>> {
        let periods = opened.periods().iter().filter(|period| period.arm == arm);
        periods
            .map(|period| {
                let early = EARLY_DAYS.min(opened.days(period).len().div_ceil(3));
                if late {
                    scored(opened, series, period, early..)
                } else {
                    scored(opened, series, period, 0..early)
                }
            })
            .filter(|days| !days.is_empty())
            .collect()
    };
    let difference = |late: bool| {
        let (on, off) = (parts(Arm::Ldn, late), parts(Arm::Placebo, late));
        let enough = |parts: &[Vec<usize>]| parts.iter().map(Vec::len).sum::<usize>() >= LEAST_SCORES;
        (enough(&on) && enough(&off)).then(|| weights(&refs(&off), &refs(&on)))
    };
    let (early, late) = (difference(false)?, difference(true)?);
    let growth: Vec<(usize, f64)> =
        late.iter().copied().chain(early.iter().map(|(t, weight)| (*t, -weight))).collect();
    let growth = contrast(series, regression, &growth);
    let mean_course = |arm: Arm| {
        let days: Vec<usize> = opened
            .periods()
            .iter()
            .filter(|period| period.arm == arm)
            .flat_map(|period| opened.days(period))
            .filter(|t| *t < drug_course.len())
            .collect();
        let sum: f64 = days.iter().map(|t| drug_course[*t]).sum();
        (!days.is_empty()).then(|| sum / days.len() as f64)
    };
    Some(CarryOver {
        early: contrast(series, regression, &early),
        late: contrast(series, regression, &late),
        flag: growth.estimate.abs() > NOTABLE * growth.standard_error,
        growth,
        left_in_placebo: mean_course(Arm::Placebo),
        built_up_in_ldn: mean_course(Arm::Ldn),
    })
}

/// Looks for what differs between periods beside the capsules; `fitted` is the burden that the model describes.
pub(super) fn period_effects(
    opened: &Opened,
    series: &Series,
    regression: &Regression,
    fitted: &[f64],
    drift_per_90_days: Coefficient,
) -> PeriodEffects {
    let residuals: Vec<PeriodResidual> = opened
        .periods()
        .iter()
        .filter_map(|period| {
            let days = scored(opened, series, period, 0..);
            if days.len() < LEAST_SCORES {
                return None;
            }
            let share = 1.0 / days.len() as f64;
            let residual = |t: &usize| series.days()[*t].burden.map_or(0.0, |burden| burden - fitted[*t]);
            let mean = share * days.iter().map(residual).sum::<f64>();
            let even: Vec<(usize, f64)> = days.iter().map(|t| (*t, share)).collect();
            let standardised = mean / regression.noise_variance(&even).sqrt();
            Some(PeriodResidual { period: period.number, mean, standardised })
        })
        .collect();
    let flag = residuals.iter().any(|residual| residual.standardised.abs() > NOTABLE_PERIOD);
    PeriodEffects { drift_per_90_days, residuals, flag }
}

/// Counts side effects by period.
pub(super) fn side_effects(opened: &Opened) -> Vec<PeriodSideEffects> {
    let has_entry = |row: &&DiaryRow| {
        row.capsule.is_some()
            || !row.side_effects.is_empty()
            || Measure::ALL.iter().any(|measure| row.score(*measure).is_some())
    };
    opened
        .periods()
        .iter()
        .map(|period| {
            let rows: Vec<&DiaryRow> = opened.rows(period).filter(has_entry).collect();
            let mut terms = BTreeMap::new();
            for row in &rows {
                let mut of_the_day: Vec<String> = row.side_effects.iter().map(|t| t.to_lowercase()).collect();
                of_the_day.sort_unstable();
                of_the_day.dedup();
                of_the_day.into_iter().for_each(|term| *terms.entry(term).or_default() += 1);
            }
            PeriodSideEffects {
                period: period.number,
                arm: period.arm,
                days: rows.len(),
                with_any: rows.iter().filter(|row| !row.side_effects.is_empty()).count(),
                terms,
            }
        })
        .collect()
}

/// Compares the three arms; `None` unless each has at least two periods with entries, the fewest that show how much
/// periods of one arm differ.
pub(super) fn nocebo(periods: &[PeriodSideEffects]) -> Option<Nocebo> {
    let arm = |arm: Arm| -> Option<(f64, f64, usize)> {
        let shares: Vec<f64> = periods
            .iter()
            .filter(|period| period.arm == arm && period.days > 0)
            .map(|period| period.with_any as f64 / period.days as f64)
            .collect();
        let n = shares.len() as f64;
        let mean = shares.iter().sum::<f64>() / n;
        let variance = shares.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0) / n;
        (shares.len() >= 2).then_some((mean, variance, shares.len()))
    };
    let (ldn, ldn_variance, n_ldn) = arm(Arm::Ldn)?;
    let (placebo, placebo_variance, n_placebo) = arm(Arm::Placebo)?;
    let (none, none_variance, n_none) = arm(Arm::NoCapsule)?;
    let (above, below) = (placebo - none, ldn - none);
    let t = student_quantile(1.0 - LEVEL, (n_ldn + n_placebo + n_none - 3) as f64);
    let variances = [placebo_variance + none_variance, none_variance, ldn_variance + none_variance];
    let interval_90 = fieller(above, below, variances, t).filter(|_| below > 0.0);
    Some(Nocebo { ldn, placebo, no_capsule: none, ratio: interval_90.map(|_| above / below), interval_90 })
}

/// The interval of a ratio (Fieller 1954); `None` where the denominator cannot be told from zero.
fn fieller(above: f64, below: f64, [v_above, covariance, v_below]: [f64; 3], t: f64) -> Option<[f64; 2]> {
    let a = below * below - t * t * v_below;
    if a.is_nan() || a <= 0.0 {
        return None;
    }
    let b = above * below - t * t * covariance;
    let c = above * above - t * t * v_above;
    let root = (b * b - a * c).max(0.0).sqrt();
    Some([(b - root) / a, (b + root) / a])
}

/// The scored days of a part of a period, the part counted from the period's first day.
fn scored(
    opened: &Opened,
    series: &Series,
    period: &Period,
    part: impl std::ops::RangeBounds<usize>,
) -> Vec<usize> {
    let days = opened.days(period);
    let start = days.start;
    days.filter(|t| part.contains(&(t - start)))
        .filter(|t| series.days().get(*t).is_some_and(|day| day.burden.is_some()))
        .collect()
}

fn refs(parts: &[Vec<usize>]) -> Vec<&Vec<usize>> {
    parts.iter().collect()
}

/// Weights of the mean over one side's periods less that over the other's; each period counts alike.
fn weights(plus: &[&Vec<usize>], minus: &[&Vec<usize>]) -> Vec<(usize, f64)> {
    let side = |parts: &[&Vec<usize>], sign: f64| -> Vec<(usize, f64)> {
        let each = sign / parts.len() as f64;
        parts.iter().flat_map(|days| days.iter().map(move |t| (*t, each / days.len() as f64))).collect()
    };
    [side(plus, 1.0), side(minus, -1.0)].concat()
}

/// A weighted sum of scores, with the standard error that the noise gives it.
fn contrast(series: &Series, regression: &Regression, weights: &[(usize, f64)]) -> Coefficient {
    let value = |t: usize| series.days()[t].burden.unwrap_or_default();
    Coefficient {
        estimate: weights.iter().map(|(t, weight)| weight * value(*t)).sum(),
        standard_error: regression.noise_variance(weights).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(period: usize, arm: Arm, days: usize, with_any: usize) -> PeriodSideEffects {
        PeriodSideEffects { period, arm, days, with_any, terms: BTreeMap::new() }
    }

    #[test]
    fn the_nocebo_ratio_by_hand() {
        use Arm::{Ldn, NoCapsule, Placebo};
        let periods = [
            period(1, Ldn, 20, 12),
            period(2, Placebo, 20, 9),
            period(3, NoCapsule, 20, 2),
            period(4, NoCapsule, 20, 2),
            period(5, Placebo, 20, 9),
            period(6, Ldn, 20, 12),
        ];
        let found = nocebo(&periods).unwrap();
        // (0.45 − 0.1)/(0.6 − 0.1), and no spread between periods of one arm.
        assert!((found.ratio.unwrap() - 0.7).abs() < 1e-12);
        let [low, high] = found.interval_90.unwrap();
        assert!((low - 0.7).abs() < 1e-6 && (high - 0.7).abs() < 1e-6);
        assert_eq!(nocebo(&periods[..3]), None, "one period of each shows nothing of their spread");
        let mut quiet = periods;
        (quiet[0].with_any, quiet[5].with_any) = (4, 0);
        assert_eq!(nocebo(&quiet).unwrap().ratio, None, "LDN is not told from no capsule");
    }

    /// Fieller's example in Finney, checked by its defining equation: (a − r·b)² = t²·(v − 2rc + r²w) at both ends.
    #[test]
    fn both_ends_of_a_ratio_obey_its_equation() {
        let (above, below, [v, c, w], t) = (1.0, 2.0, [0.04, 0.01, 0.09], 1.8);
        for r in fieller(above, below, [v, c, w], t).unwrap() {
            let left = (above - r * below) * (above - r * below);
            assert!((left - t * t * (v - 2.0 * r * c + r * r * w)).abs() < 1e-12, "{r}");
        }
        assert_eq!(fieller(1.0, 0.5, [v, c, w], t), None);
    }
}
