//! Recomputes what a row lets one recompute, and tells of what does not agree beyond rounding.
//!
//! Every printed figure may be off by half a unit of its last digit; the allowance of a check is what these halves add
//! up to. A mismatch beyond it is a problem of the file unless the row explains it, and an explanation of something
//! that agrees is a problem too.

use ldn_core::data::Problems;

use crate::meta_analysis::Estimate;
use crate::printed::Printed;
use crate::trial::{AdverseEvent, Arm, Design, Explained, ResultRow, RowKind, Trial};

/// Half the width of a 95 % interval in standard errors.
const HALF_WIDTH: f64 = 1.959_963_984_540_054;
/// What is left of binary rounding.
const CRUMB: f64 = 1e-9;

/// A figure as printed beside the same figure computed from others.
struct Comparison {
    check: &'static str,
    key: &'static str,
    printed: Printed,
    computed: f64,
    allowance: f64,
}

impl Comparison {
    fn agrees(&self) -> bool {
        (self.printed.value() - self.computed).abs() <= self.allowance + CRUMB
    }
}

/// Checks every result of a trial.
pub(crate) fn check_results(trial: &Trial, file: &str, problems: &mut Problems) {
    for (index, row) in trial.results.iter().enumerate() {
        let mut comparisons = Vec::new();
        let fit =
            Fit { key: "estimate", estimate: row.estimate, se: row.se, ci: row.ci, p: row.p, ratio: false };
        comparisons.extend(fit.se_from_interval());
        comparisons.extend(fit.middle_of_interval());
        comparisons.extend(percent_from_counts(row));
        comparisons.extend(change_from_levels(row));
        comparisons.extend(difference_from_arms(trial, row));
        comparisons.extend(people_from_arms(trial, row));
        let key = format!("result[{}]", index + 1);
        report(&comparisons, &row.explained, file, &key, problems);
        fit.check_p(&row.explained.p, file, &key, problems);
        fit.check_p_below(row.p_below, file, &key, problems);
    }
}

/// Checks every adverse event of a trial or review.
pub(crate) fn check_adverse_events(events: &[AdverseEvent], file: &str, problems: &mut Problems) {
    for (index, event) in events.iter().enumerate() {
        let fit = Fit {
            key: "estimate",
            estimate: event.estimate,
            se: None,
            ci: event.ci,
            p: event.p,
            ratio: true,
        };
        let key = format!("adverse_event[{}]", index + 1);
        let comparisons: Vec<Comparison> =
            fit.middle_of_interval().into_iter().chain(percent_of_people(event)).collect();
        report(&comparisons, &event.explained, file, &key, problems);
        fit.check_p(&event.explained.p, file, &key, problems);
        fit.check_p_below(event.p_below, file, &key, problems);
        if let (Some(count), Some(n)) = (event.count, event.n_at_risk)
            && event.counts == crate::trial::Counts::People
            && count > n
        {
            problems.value(file, &format!("{key}.count"), count, format_args!("at most {n}"));
        }
    }
}

/// Checks an estimate of a review.
pub(crate) fn check_estimate(estimate: &Estimate, file: &str, key: &str, problems: &mut Problems) {
    let ratio = estimate.is_ratio();
    let fit = Fit { key: "value", estimate: estimate.value, se: None, ci: estimate.ci, p: estimate.p, ratio };
    let comparisons: Vec<Comparison> = fit.middle_of_interval().into_iter().collect();
    report(&comparisons, &estimate.explained, file, key, problems);
    fit.check_p(&estimate.explained.p, file, key, problems);
}

/// An estimate with what is printed about its precision.
struct Fit {
    /// The key of the estimate in its file.
    key: &'static str,
    estimate: Option<Printed>,
    se: Option<Printed>,
    ci: Option<[Printed; 2]>,
    p: Option<Printed>,
    /// Whether the estimate is a ratio, whose interval is symmetric on the logarithm.
    ratio: bool,
}

impl Fit {
    fn se_from_interval(&self) -> Option<Comparison> {
        let (printed, [low, high]) = (self.se?, self.ci?);
        let computed = (high.value() - low.value()) / (2.0 * HALF_WIDTH);
        let from_limits = (low.half_unit() + high.half_unit()) / (2.0 * HALF_WIDTH);
        let allowance = from_limits + printed.half_unit();
        Some(Comparison { check: "se", key: "se", printed, computed, allowance })
    }

    fn middle_of_interval(&self) -> Option<Comparison> {
        let (printed, [low, high]) = (self.estimate?, self.ci?);
        let middle = |low: f64, high: f64| {
            if self.ratio { (low.max(0.0) * high).sqrt() } else { (low + high) / 2.0 }
        };
        let computed = middle(low.value(), high.value());
        let highest = middle(low.value() + low.half_unit(), high.value() + high.half_unit());
        let allowance = highest - computed + printed.half_unit();
        Some(Comparison { check: "middle", key: self.key, printed, computed, allowance })
    }

    /// Smallest and largest size of the test statistic that rounding leaves open.
    fn z_range(&self) -> Option<(f64, f64)> {
        let estimate = self.estimate?;
        let (middle, half) = if self.ratio {
            let (value, half) = (estimate.value(), estimate.half_unit());
            (libm::log(value), libm::log(value + half) - libm::log(value))
        } else {
            (estimate.value(), estimate.half_unit())
        };
        let (least, most) = self.se_range()?;
        let size = middle.abs();
        Some(((size - half).max(0.0) / most, (size + half) / least))
    }

    /// Smallest and largest standard error, on the logarithm for a ratio.
    fn se_range(&self) -> Option<(f64, f64)> {
        let scale = |value: f64| if self.ratio { libm::log(value) } else { value };
        let Some([low, high]) = self.ci else {
            let se = self.se?;
            return Some((se.value() - se.half_unit(), se.value() + se.half_unit()));
        };
        let width = |low: f64, high: f64| (scale(high) - scale(low)) / (2.0 * HALF_WIDTH);
        let narrow = width(low.value() + low.half_unit(), high.value() - high.half_unit());
        let wide = width(low.value() - low.half_unit(), high.value() + high.half_unit());
        Some((narrow, wide))
    }

    fn check_p(&self, explained: &Option<String>, file: &str, key: &str, problems: &mut Problems) {
        let Some((p, (least, most))) = self.p.zip(self.z_range()) else {
            if explained.is_some() {
                problems.value(file, &format!("{key}.explained.p"), "present", "a p-value to recompute");
            }
            return;
        };
        let (low, high) = (two_sided(most) - p.half_unit(), two_sided(least) + p.half_unit());
        let agrees = (low - CRUMB..=high + CRUMB).contains(&p.value());
        match (agrees, explained) {
            (true, Some(_)) => nothing_to_explain("p", file, key, problems),
            (false, None) => {
                let expected = format!(
                    "{:.4} to {:.4} from the estimate and its spread, or explained.p = \"…\"",
                    low.max(0.0),
                    high
                );
                problems.value(file, &format!("{key}.p"), p, expected);
            }
            _ => {}
        }
    }

    fn check_p_below(&self, bound: Option<Printed>, file: &str, key: &str, problems: &mut Problems) {
        let Some((bound, (_, most))) = bound.zip(self.z_range()) else { return };
        let smallest = two_sided(most);
        if smallest > bound.value() + CRUMB {
            let expected = format!("at least {smallest:.4}, from the estimate and its spread");
            problems.value(file, &format!("{key}.p_below"), bound, expected);
        }
    }
}

/// Two-sided p-value of a normal test statistic.
fn two_sided(z: f64) -> f64 {
    libm::erfc(z / std::f64::consts::SQRT_2)
}

fn percent_from_counts(row: &ResultRow) -> Option<Comparison> {
    let (printed, responders) = (row.percent?, row.responders?);
    let computed = 100.0 * f64::from(responders.n) / f64::from(responders.of);
    Some(Comparison { check: "percent", key: "percent", printed, computed, allowance: printed.half_unit() })
}

fn percent_of_people(event: &AdverseEvent) -> Option<Comparison> {
    let (printed, count, n) = (event.percent?, event.count?, event.n_at_risk?);
    let computed = 100.0 * f64::from(count) / f64::from(n);
    Some(Comparison { check: "percent", key: "percent", printed, computed, allowance: printed.half_unit() })
}

fn change_from_levels(row: &ResultRow) -> Option<Comparison> {
    let (printed, levels) = (row.estimate?, row.from_to?);
    let computed = levels.end.value() - levels.baseline.value();
    let allowance = levels.end.half_unit() + levels.baseline.half_unit() + printed.half_unit();
    Some(Comparison { check: "change", key: "estimate", printed, computed, allowance })
}

/// The rows of the two arms that a difference compares: the same outcome in the same trial.
fn arms_of<'a>(trial: &'a Trial, row: &ResultRow) -> Option<(&'a ResultRow, &'a ResultRow)> {
    let is_difference = matches!(row.kind, RowKind::Difference | RowKind::PercentDifference);
    if !is_difference {
        return None;
    }
    let find = |arm| trial.results.iter().find(|other| other.arm == arm && other.outcome == row.outcome);
    find(Arm::Ldn).zip(find(Arm::Placebo).or_else(|| find(Arm::ActiveComparator)))
}

fn difference_from_arms(trial: &Trial, row: &ResultRow) -> Option<Comparison> {
    let (ldn, other) = arms_of(trial, row)?;
    let (printed, ldn, other) = (row.estimate?, ldn.estimate?, other.estimate?);
    let computed = ldn.value() - other.value();
    let allowance = ldn.half_unit() + other.half_unit() + printed.half_unit();
    Some(Comparison { check: "arms", key: "estimate", printed, computed, allowance })
}

fn people_from_arms(trial: &Trial, row: &ResultRow) -> Option<Comparison> {
    let (ldn, other) = arms_of(trial, row).filter(|_| trial.design == Design::RctParallel)?;
    let computed = f64::from(ldn.n_analysed? + other.n_analysed?);
    let printed = Printed::whole(row.n_analysed?);
    Some(Comparison { check: "n", key: "n_analysed", printed, computed, allowance: 0.0 })
}

/// Tells of each comparison that disagrees without an explanation, and of each explanation without a disagreement.
fn report(comparisons: &[Comparison], explained: &Explained, file: &str, key: &str, problems: &mut Problems) {
    for comparison in comparisons.iter().filter(|c| !c.agrees() && explained.of(c.check).is_none()) {
        let Comparison { check, computed, allowance, .. } = comparison;
        let expected = format!(
            "{computed:.4} ± {allowance:.4} from {}, or explained.{check} = \"…\"",
            origin(comparison.check)
        );
        problems.value(file, &format!("{key}.{}", comparison.key), comparison.printed, expected);
    }
    for check in ["se", "middle", "percent", "change", "arms", "n"] {
        let disagrees = comparisons.iter().any(|c| c.check == check && !c.agrees());
        if explained.of(check).is_some() && !disagrees {
            nothing_to_explain(check, file, key, problems);
        }
    }
}

fn nothing_to_explain(check: &str, file: &str, key: &str, problems: &mut Problems) {
    problems.value(
        file,
        &format!("{key}.explained.{check}"),
        "present",
        "no explanation, since the figures agree",
    );
}

/// What a check computes from.
fn origin(check: &str) -> &'static str {
    match check {
        "se" => "the 95 % interval",
        "middle" => "the middle of the interval",
        "percent" => "the counts",
        "change" => "the levels before and after",
        "arms" => "the two arms",
        "n" => "the people of the two arms",
        _ => "the other figures",
    }
}

impl Explained {
    fn of(&self, check: &str) -> Option<&str> {
        let text = match check {
            "se" => &self.se,
            "p" => &self.p,
            "arms" => &self.arms,
            "percent" => &self.percent,
            "change" => &self.change,
            "middle" => &self.middle,
            "n" => &self.n,
            _ => &None,
        };
        text.as_deref()
    }
}
