//! The part of the page that is for the prescriber.

use ldn_verdict::response::Verdict;
use ldn_verdict::response::audit::FalseAlarms;
use ldn_verdict::response::checks::Check;
use ldn_verdict::response::summary::Summary;
use ldn_verdict::response::verdict::Estimate;

use super::Drawings;
use crate::answers::Answers;
use crate::attribution_chart::{View, attribution_chart_in, caption, views};
use crate::dot_plot::{Reader, dot_plot_in};
use crate::numbers;
use crate::theme::Theme;

/// A verdict as a prescriber reads it: pictures, numbers and sentences, ready for a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Prescriber<'a> {
    /// The verdict in a prescriber's words.
    pub text: &'a str,
    /// The classes by name, as they stand in JSON.
    pub classes: [(&'static str, String); 4],
    /// The change; `None` where none may be shown.
    pub change: Option<Change>,
    /// Whether it is the drug, seen through every prior.
    pub attribution: Option<AttributionView>,
    /// What unscored days could change.
    pub missing: Option<String>,
    /// What could make it less trustworthy, flagged ones first.
    pub checks: Vec<CheckRow>,
    /// How it was computed.
    pub method: Vec<String>,
    /// How often the method is wrong about real diaries without treatment.
    pub false_alarms: Option<String>,
}

/// The change, where it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The fifty dots.
    pub drawings: Drawings,
    /// The same in words.
    pub sentence: String,
    /// Quantity, mean, 50 % and 90 % interval.
    pub quantities: Vec<[String; 4]>,
    /// The intervals of 80 % and of 95 % of the improvement that the dots show.
    pub intervals: [[String; 2]; 2],
    /// Statement, so far, once built up.
    pub probabilities: Vec<[String; 3]>,
    /// Which column the response rests on.
    pub rests_on: String,
}

/// Whether it is the drug, seen through every prior.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionView {
    /// The picture.
    pub drawings: Drawings,
    /// What it shows.
    pub caption: &'static str,
    /// The smallest effect that counts as worth a capsule.
    pub worthwhile: String,
    /// One row for each prior.
    pub rows: Vec<OpinionRow>,
    /// Whether the drug's part of the change may be shown.
    pub shows_the_part: bool,
}

/// What one prior makes of the diary; effects as mean and 90 % interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionRow {
    /// The prior.
    pub prior: String,
    /// The drug effect once built up.
    pub b: [String; 2],
    /// The drug's part of the change so far.
    pub part: [String; 2],
    /// How likely it is that the drug effect is worth a capsule.
    pub p_worthwhile: String,
}

/// One check of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    /// What was looked at.
    pub looked_at: String,
    /// The number found.
    pub found: String,
    /// Whether it makes the verdict less trustworthy.
    pub flagged: bool,
    /// What follows.
    pub verdict: String,
}

impl<'a> Prescriber<'a> {
    /// Puts a verdict into a prescriber's words.
    pub fn new(verdict: &'a Verdict, false_alarms: &FalseAlarms) -> Prescriber<'a> {
        Prescriber {
            text: &verdict.text.prescriber,
            classes: classes(verdict),
            change: Change::of(verdict),
            attribution: AttributionView::of(verdict),
            missing: verdict.shown_estimate().map(|estimate| missing(verdict, estimate)),
            checks: checks(verdict),
            method: method(verdict),
            false_alarms: false_alarms_line(false_alarms),
        }
    }
}

/// The classes, as they stand in JSON and in every list.
fn classes(verdict: &Verdict) -> [(&'static str, String); 4] {
    [
        ("Response", verdict.response.id().to_owned()),
        ("Attribution", verdict.attribution.id().to_owned()),
        ("Evidence grade", format!("{:?}", verdict.grade)),
        ("Action", verdict.action.id().to_owned()),
    ]
}

impl Change {
    fn of(verdict: &Verdict) -> Option<Change> {
        let estimate = verdict.shown_estimate()?;
        Some(Change {
            drawings: Drawings::of(|layout| dot_plot_in(verdict, Reader::Clinician, Theme::Page, layout))?,
            sentence: Answers::of(verdict, Reader::Clinician)?.sentence(),
            quantities: quantities(verdict, estimate),
            intervals: [
                ("80 %", estimate.total_intervals.p80),
                ("95 %", estimate.total_intervals.p95),
            ]
            .map(|(share, [low, high])| [share.to_owned(), numbers::range(low, high)]),
            probabilities: numbers::probabilities(estimate),
            rests_on: if verdict.judged_built_up {
                "The dose changes from period to period in a blinded test, so the response rests on the improvement expected once built up."
            } else {
                "The response rests on the improvement so far."
            }
            .to_owned(),
        })
    }
}

/// Quantity, mean, 50 % and 90 % interval.
fn quantities(verdict: &Verdict, estimate: &Estimate) -> Vec<[String; 4]> {
    let q = &estimate.quantities;
    let reference = format!("Improvement expected at {} mg once built up", verdict.reference_dose_mg);
    let change = |name: &str, s: &Summary| {
        let [low, lower, _, upper, high] = s.q;
        [name.to_owned(), numbers::signed(s.mean), numbers::range(lower, upper), numbers::range(low, high)]
    };
    let mut baseline = q.baseline;
    baseline.mean = verdict.as_typed(baseline.mean);
    baseline.q = baseline.q.map(|level| verdict.as_typed(level));
    // On a scale whose better end is 10 the order turns round.
    baseline.q.sort_by(f64::total_cmp);
    let [low, lower, _, upper, high] = baseline.q;
    let built_up = (!verdict.extrapolated).then(|| change(&reference, &q.total_ss));
    let so_far = change("Improvement so far", &q.total);
    let mut rows: Vec<[String; 4]> = [Some(so_far), built_up].into_iter().flatten().collect();
    rows.push([
        format!("Baseline, as typed ({})", verdict.measure.direction().words()),
        numbers::points(baseline.mean),
        numbers::range(lower, upper),
        numbers::range(low, high),
    ]);
    rows
}

impl AttributionView {
    fn of(verdict: &Verdict) -> Option<AttributionView> {
        let shows_the_part = verdict.shown_estimate().is_some();
        let row = |view: View| {
            let used = if view.is_the_headlines { ", used here" } else { "" };
            OpinionRow {
                prior: format!("{}{used}", numbers::capitalised(view.prior.id())),
                b: numbers::signed_and_range(&view.b),
                part: numbers::signed_and_range(&view.drug_now),
                p_worthwhile: numbers::of_100(view.p_worthwhile),
            }
        };
        Some(AttributionView {
            drawings: Drawings::of(|layout| attribution_chart_in(verdict, Theme::Page, layout))?,
            caption: caption(verdict),
            worthwhile: numbers::of_points(verdict.estimate.as_ref()?.worthwhile),
            rows: views(verdict).into_iter().map(row).collect(),
            shows_the_part,
        })
    }
}

fn missing(verdict: &Verdict, estimate: &Estimate) -> String {
    let m = &estimate.missing_not_at_random;
    let days = |share: f64, of: usize| {
        format!("{:.0} of {}", share * of as f64, numbers::counted(of, "day", "days"))
    };
    let tipping = match m.tipping_point {
        Some(points) if points >= 0.0 => {
            format!("The response would be another if they were {} worse.", numbers::of_points(points))
        }
        Some(points) => {
            format!("The response would be another if they were {} better.", numbers::of_points(-points))
        }
        None => "No such difference would change the response.".to_owned(),
    };
    format!(
        "Unscored: {} in the baseline window, {} in the evaluation window. If unscored days were 1 point worse than modelled, the mean improvement would be {} points. {tipping}",
        days(m.baseline_missing, verdict.baseline_days),
        days(m.evaluation_missing, verdict.evaluation_days),
        numbers::points(m.total_if_1_worse),
    )
}

/// All checks in words, flagged ones first.
fn checks(verdict: &Verdict) -> Vec<CheckRow> {
    let row = |check: &Check| CheckRow {
        looked_at: numbers::capitalised(check.check),
        found: check.value.map_or("–".to_owned(), numbers::found),
        flagged: check.flag,
        verdict: match (check.flag, check.value) {
            (true, _) => numbers::capitalised(&check.consequence),
            (false, Some(_)) => "Fine".to_owned(),
            (false, None) => "Does not apply here".to_owned(),
        },
    };
    let (flagged, fine): (Vec<&Check>, Vec<&Check>) = verdict.checks.iter().partition(|check| check.flag);
    flagged.into_iter().chain(fine).map(row).collect()
}

fn method(verdict: &Verdict) -> Vec<String> {
    vec![
        "Daily scores are described by a Bayesian model: a level, a weekly rhythm, a slow drift, a change that comes with the start, an effect of taking a capsule, an extra effect of knowing what is in it, a drug effect that follows the doses with a delay, and day-to-day noise that remembers. The mean of up to 28 days before the first capsule is compared with that of the last 28 days on capsules.".to_owned(),
        format!(
            "Priors: set {}, with the {} prior for the drug; the others are shown beside it. Given its six nonlinear parameters (the delays of drug and placebo, the half-effect dose, and the memory, size and slow share of the noise) everything is computed exactly; these six are integrated over a fixed set of weighted points. No random numbers are used, so the same diary always gives the same answer. The intervals were calibrated by simulation, also with diaries that break the model’s assumptions.",
            verdict.prior_set,
            verdict.prior.id()
        ),
    ]
}

/// `None` while there were no diaries to count on.
fn false_alarms_line(alarms: &FalseAlarms) -> Option<String> {
    if alarms.judged() == 0 || alarms.welch_windows == 0 {
        return None;
    }
    Some(format!(
        "False alarms of this method on real diaries without treatment: {} in 100; of a before/after test: {} in 100.",
        in_100(alarms.per_100()),
        in_100(alarms.welch_per_100())
    ))
}

fn in_100(n: f64) -> String {
    match n {
        0.0 => "0".to_owned(),
        n if n < 1.0 => "fewer than 1".to_owned(),
        n => format!("{n:.0}"),
    }
}
