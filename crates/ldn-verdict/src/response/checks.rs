//! What could make a verdict less trustworthy, looked at every time.

use jiff::civil::Date;
use serde::Serialize;

use super::decision::Attribution;
use super::detail::Detail;
use super::posterior::LARGEST_K_HAT;
use super::series::Series;

/// Fewest scores for judging the spread of the prediction errors.
const SCORES_FOR_SPREAD: usize = 40;
/// Longest run of unscored days that is not reported.
const LONGEST_QUIET_GAP: usize = 60;
/// Days between scores from which they may be weekly averages.
const WEEKLY: usize = 6;
/// Standardised errors beyond this are flares.
const FLARE: f64 = 3.0;

/// One check: its value, whether it is flagged, and what follows if it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub check: &'static str,
    /// What was found; absent if there was nothing to compute it from.
    pub value: Option<f64>,
    /// Whether it is outside what is normal.
    pub flag: bool,
    /// What follows from a flag, in words; empty without one.
    pub consequence: String,
}

impl Check {
    fn new(check: &'static str, value: f64, flag: bool, consequence: impl Into<String>) -> Check {
        let consequence = if flag { consequence.into() } else { String::new() };
        Check { check, value: value.is_finite().then_some(value), flag, consequence }
    }
}

/// The prediction errors of a fitted diary, summed up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Residuals {
    /// Number of scores.
    pub n: usize,
    /// Root mean square, 1 if the noise is described well.
    pub sd: f64,
    /// Correlation of consecutive scored days.
    pub lag1: f64,
    /// Share beyond three standard deviations.
    pub share_beyond_3: f64,
    /// Skewness.
    pub skewness: f64,
}

impl Residuals {
    /// Sums up standardised prediction errors by day.
    pub fn of(innovations: &[Option<f64>]) -> Residuals {
        let errors: Vec<f64> = innovations.iter().flatten().copied().collect();
        let n = errors.len() as f64;
        let mean = errors.iter().sum::<f64>() / n;
        let variance = errors.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / n;
        let third = errors.iter().map(|e| (e - mean) * (e - mean) * (e - mean)).sum::<f64>() / n;
        let mean_square = errors.iter().map(|e| e * e).sum::<f64>() / n;
        let products: Vec<f64> =
            innovations.windows(2).filter_map(|pair| Some(pair[0]? * pair[1]?)).collect();
        Residuals {
            n: errors.len(),
            sd: variance.sqrt(),
            lag1: products.iter().sum::<f64>() / products.len() as f64 / mean_square,
            share_beyond_3: errors.iter().filter(|e| e.abs() > FLARE).count() as f64 / n,
            skewness: third / (variance * variance.sqrt()),
        }
    }

    fn checks(&self, flare_dates: &[Date]) -> Vec<Check> {
        let n = self.n as f64;
        let constant = self.sd < 0.3;
        let unusual = !(0.85..=1.1).contains(&self.sd) && self.n >= SCORES_FOR_SPREAD;
        let days = list(flare_dates);
        let flares = format!(
            "flares on {days}: log what happened on such days; intervals may be too narrow around them"
        );
        let skewed = "rare bad days pull the average: log flares as events";
        let spread = if constant {
            "scores (almost) constant: little can be learned from them"
        } else {
            "variability unusual: intervals may be too narrow or too wide"
        };
        vec![
            Check::new(
                "lag-1 correlation of prediction errors",
                self.lag1,
                self.lag1.abs() > 0.1 + 2.0 / n.sqrt(),
                "noise not well described: intervals may be too narrow",
            ),
            Check::new("share of days beyond 3 SD", self.share_beyond_3, self.share_beyond_3 > 0.02, flares),
            Check::new("skewness of prediction errors", self.skewness, self.skewness > 1.0, skewed),
            Check::new("SD of prediction errors", self.sd, constant || unusual, spread),
        ]
    }
}

/// What the posterior contributes to the checks.
#[derive(Clone, Copy, Debug)]
pub(super) struct PosteriorFacts {
    pub(super) extrapolated: bool,
    pub(super) k_hat: f64,
    /// Probability of a worthwhile drug effect: main, sceptical, enthusiastic.
    pub(super) p_worthwhile: [f64; 3],
    /// Worsening of the missing days that would change the response class.
    pub(super) missing_tipping_point: Option<f64>,
}

/// Runs all checks.
pub(super) fn all(series: &Series, detail: &Detail, posterior: PosteriorFacts) -> Vec<Check> {
    let mut checks = vec![Check::new(
        "Pareto k-hat",
        posterior.k_hat,
        posterior.k_hat > LARGEST_K_HAT,
        "numerics unreliable: no verdict",
    )];
    let flare_dates: Vec<Date> = (0..series.n_days())
        .filter(|t| detail.innovations[*t].is_some_and(|e| e.abs() > FLARE))
        .map(|t| series.date(t))
        .collect();
    checks.extend(Residuals::of(&detail.innovations).checks(&flare_dates));

    let classes = posterior.p_worthwhile.map(Attribution::class_of);
    let spread = posterior.p_worthwhile[2] - posterior.p_worthwhile[1];
    checks.push(Check::new(
        "prior sensitivity (enthusiast less sceptic)",
        spread,
        classes.iter().any(|class| *class != classes[0]),
        "what the drug does depends on what one believed before",
    ));
    checks.push(Check::new(
        "worsening of unscored days that would change the response",
        posterior.missing_tipping_point.unwrap_or(f64::INFINITY),
        posterior.missing_tipping_point.is_some_and(|points| points.abs() < 2.0),
        posterior.missing_tipping_point.map_or(String::new(), |points| {
            let direction = if points > 0.0 { "worse" } else { "better" };
            format!("if unscored days had been {direction} than assumed by {:.1} points, the answer would be another", points.abs())
        }),
    ));
    checks.push(Check::new(
        "reference dose above every dose taken",
        f64::from(u8::from(posterior.extrapolated)),
        posterior.extrapolated,
        "what is said about the reference dose is extrapolated: nobody took it in this diary",
    ));
    checks.extend(of_the_diary(series));
    checks
}

/// Checks that need no model.
pub(super) fn of_the_diary(series: &Series) -> Vec<Check> {
    let scored: Vec<usize> = (0..series.n_days()).filter(|t| series.days[*t].burden.is_some()).collect();
    let mut values: Vec<f64> = scored.iter().filter_map(|t| series.days[*t].burden).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let mut gaps: Vec<usize> = scored.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let longest_gap = gaps.last().map_or(0, |gap| gap - 1);
    let typical_gap = gaps.get(gaps.len() / 2).copied().unwrap_or(1);
    let remarks = series.remarks;
    vec![
        Check::new(
            "distinct scores",
            values.len() as f64,
            values.len() <= 2,
            if values.len() == 1 { "scores constant" } else { "scale not used: only two values" },
        ),
        Check::new(
            "longest run of unscored days",
            longest_gap as f64,
            longest_gap > LONGEST_QUIET_GAP,
            "a long silence: what happened in it is unknown",
        ),
        Check::new(
            "typical days from score to score",
            typical_gap as f64,
            typical_gap >= WEEKLY,
            "scores about a week apart: right only if each is for its own day, not an average of the week",
        ),
        Check::new(
            "days whose dose was not recorded",
            remarks.carried_doses as f64,
            remarks.carried_doses > 0,
            "the dose of the day before was assumed",
        ),
        Check::new(
            "scores left out",
            remarks.scores_left_out as f64,
            remarks.scores_left_out > 0,
            "a very long diary: only the baseline and the last two years were used",
        ),
    ]
}

/// Lists at most five dates.
fn list(dates: &[Date]) -> String {
    let shown: Vec<String> = dates.iter().take(5).map(Date::to_string).collect();
    match dates.len().saturating_sub(5) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residuals_by_hand() {
        let r = Residuals::of(&[Some(1.0), Some(-1.0), None, Some(1.0), Some(-1.0), Some(4.0)]);
        assert_eq!(r.n, 5);
        assert!((r.share_beyond_3 - 0.2).abs() < 1e-15);
        // Mean 0.8, variance 3.36; consecutive products −1, −1, −4; mean square 4.
        assert!((r.sd - 3.36_f64.sqrt()).abs() < 1e-12);
        assert!((r.lag1 + 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_value_that_cannot_be_computed_is_absent_and_no_flag_by_itself() {
        let check = Check::new("x", f64::NAN, false, "unused");
        assert_eq!((check.value, check.flag, check.consequence.as_str()), (None, false, ""));
    }
}
