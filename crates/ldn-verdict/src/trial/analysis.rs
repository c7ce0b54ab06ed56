//! The analysis of one trial: the model of the verdict, the randomisation test, and what to look at beside them.
//!
//! [`analyse`] takes a diary whose periods are known; [`super::masked`] says what may be said before.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::Measure;
use serde::Serialize;

use super::belief::{self, Belief, BeliefSensitivity, Blinding};
use super::design::Arm;
use super::diagnostics::{self, CarryOver, Nocebo, PairEstimate, PeriodEffects, PeriodSideEffects};
use super::gls::{Coefficient, Regression, Unreliable, blind_theta};
use super::opened::{Opened, Period};
use super::permutation::{self, RandomisationTest};
use super::wording::{self, TrialText};
use crate::response::decision::Attribution;
use crate::response::exact::Design;
use crate::response::prior::{Linear, PriorSet};
use crate::response::series::{Series, SeriesError};
use crate::response::theta::Theta;
use crate::response::verdict::{Settings, Verdict, VerdictError, judge_series, reporting_step};

/// Pairs in favour that a responder needs: one good pair may be luck, whatever its numbers.
pub const PAIRS_NEEDED: usize = 2;

/// The answer of one trial on one measure. Effects are improvements on LDN against placebo in points of a 0–10 scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analysis {
    /// Version of this layout.
    pub schema: u32,
    /// What it is.
    pub kind: &'static str,
    /// What was judged.
    pub measure: Measure,
    /// The periods.
    pub periods: Vec<PeriodSummary>,
    /// Periods of the design; `None` without one.
    pub planned_periods: Option<usize>,
    /// Days at the beginning of each period that plain comparisons leave out.
    pub excluded_days: usize,
    /// What may be said of this person.
    pub statement: Statement,
    /// Why it is not more.
    pub because: Because,
    /// The pairs.
    pub pairs: Vec<PairEstimate>,
    /// How many of them have LDN better.
    pub pairs_in_favour: usize,
    /// Mean of the pairs' differences, its error by the noise within them.
    pub mean_of_pairs: Option<Coefficient>,
    /// How much the pairs differ from each other.
    pub between_pairs: Option<BetweenPairs>,
    /// The randomisation test; absent without a design or where it could not be done.
    pub randomisation: Option<RandomisationTest>,
    /// Why there is no randomisation test.
    pub no_randomisation: Option<String>,
    /// Whether the difference grows within periods.
    pub carry_over: Option<CarryOver>,
    /// What differs between periods beside the capsules.
    pub period_effects: Option<PeriodEffects>,
    /// Side effects by period.
    pub side_effects: Vec<PeriodSideEffects>,
    /// The nocebo ratio of a trial with three arms.
    pub nocebo: Option<Nocebo>,
    /// Whether blinding held; absent if nobody was asked.
    pub blinding: Option<Blinding>,
    /// The verdict on the whole diary, blinded periods included.
    pub verdict: Verdict,
    /// The analysis in words.
    pub text: TrialText,
}

/// A period and its scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeriodSummary {
    /// The period.
    #[serde(flatten)]
    pub period: Period,
    /// Its days.
    pub days: usize,
    /// Its scores.
    pub scored: usize,
    /// Their mean, as typed, the excluded days left out; `None` without scores.
    pub mean: Option<f64>,
}

/// What may be said of this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statement {
    /// A worthwhile drug effect is likely, and at least two pairs agree.
    Responder,
    /// A worthwhile drug effect is unlikely, in at least two pairs.
    NotAResponder,
    /// Not decided.
    Undecided,
}

/// What a statement rests on, or what keeps it from being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The probability passed its threshold and the pairs agree.
    ThresholdAndPairs,
    /// The probability lies between the thresholds.
    BetweenThresholds,
    /// Fewer than two pairs with enough scores.
    TooFewPairs,
    /// The probability passed, but too few pairs have LDN better.
    PairsDisagree,
    /// Somebody of another opinion would not say so.
    DependsOnOpinion,
    /// The design cannot tell the drug from placebo and time.
    NotSeparable,
}

/// Heterogeneity of the pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BetweenPairs {
    /// Cochran's Q: sum of squared differences from the mean, in standard errors.
    pub q: f64,
    /// Pairs less one, which is what Q is on average where pairs differ by noise alone.
    pub degrees: usize,
}

/// A trial that cannot be analysed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// There is no verdict on the diary.
    #[error(transparent)]
    Verdict(#[from] VerdictError),
    /// The noise could not be estimated.
    #[error(transparent)]
    Unreliable(#[from] Unreliable),
    /// There is nothing to compare.
    #[error(
        "{scored} scores of {measure} in the periods; expected some in a period of LDN and in one of placebo"
    )]
    NoScores {
        /// Name of the measure.
        measure: &'static str,
        /// Scores found.
        scored: usize,
    },
}

impl From<SeriesError> for AnalysisError {
    fn from(error: SeriesError) -> AnalysisError {
        AnalysisError::Verdict(error.into())
    }
}

/// Analyses a trial whose periods are known; `seed` matters only where the admissible set is too large to look at all
/// of it.
///
/// # Errors
/// [`AnalysisError`].
pub fn analyse(
    opened: &Opened,
    beliefs: &[Belief],
    settings: &Settings,
    seed: u64,
) -> Result<Analysis, AnalysisError> {
    let settings =
        Settings { reference_dose: settings.reference_dose.or(opened.reference_dose()), ..*settings };
    let series = Series::from_diary(opened.diary(), settings.measure, settings.reference_dose)?;
    check_scores(opened, settings.measure)?;
    let priors = PriorSet::for_measure(settings.measure);
    let step = settings.step.unwrap_or_else(|| reporting_step(&series));
    let verdict = judge_series(&series, &settings, &priors)?;
    let theta = blind_theta(&series, &priors, step)?;
    let regression = Regression::new(&series, &priors, step, theta, &[]).ok_or(Unreliable)?;

    let pairs = diagnostics::pairs(opened, &series, &regression);
    let pairs_in_favour = pairs.iter().filter(|pair| pair.difference.estimate > 0.0).count();
    let (statement, because) = statement(&verdict, pairs.len(), pairs_in_favour);
    let (randomisation, no_randomisation) = match opened.plan() {
        Some(plan) => match permutation::test(&regression, &series, plan, seed) {
            Ok(test) => (Some(test), None),
            Err(error) => (None, Some(error.to_string())),
        },
        None => (None, Some("no design: nobody knows what might have been drawn".to_owned())),
    };
    let described = Described::of(&series, &priors, step, &verdict);
    let side_effects = diagnostics::side_effects(opened);
    let mut blinding = belief::blinding(opened, beliefs);
    if let Some(blinding) = &mut blinding {
        blinding.sensitivity = belief_sensitivity(opened, beliefs, &series, &priors, step, theta);
    }
    let mut analysis = Analysis {
        schema: 1,
        kind: "trial-analysis",
        measure: settings.measure,
        periods: opened.periods().iter().map(|period| summary(opened, period, settings.measure)).collect(),
        planned_periods: opened.plan().map(|plan| plan.design.n_periods()),
        excluded_days: opened.excluded_days(),
        statement,
        because,
        pairs_in_favour,
        mean_of_pairs: mean_of(&pairs),
        between_pairs: between(&pairs),
        randomisation,
        no_randomisation,
        carry_over: described
            .as_ref()
            .and_then(|d| diagnostics::carry_over(opened, &series, &regression, &d.drug_course)),
        period_effects: described
            .as_ref()
            .map(|d| diagnostics::period_effects(opened, &series, &regression, &d.fitted, d.drift)),
        nocebo: diagnostics::nocebo(&side_effects),
        side_effects,
        blinding,
        pairs,
        verdict,
        text: TrialText::default(),
    };
    analysis.text = wording::text(&analysis);
    Ok(analysis)
}

/// Decides what may be said: the threshold of the verdict, an opinion that does not matter, and at least two pairs.
pub fn statement(verdict: &Verdict, pairs: usize, in_favour: usize) -> (Statement, Because) {
    let says = |statement| (statement, Because::ThresholdAndPairs);
    let undecided = |because| (Statement::Undecided, because);
    match verdict.attribution {
        Attribution::NotSeparable => undecided(Because::NotSeparable),
        Attribution::Undecided => undecided(Because::BetweenThresholds),
        _ if verdict.prior_sensitive => undecided(Because::DependsOnOpinion),
        _ if pairs < PAIRS_NEEDED => undecided(Because::TooFewPairs),
        Attribution::Unlikely | Attribution::VeryUnlikely => says(Statement::NotAResponder),
        Attribution::Likely | Attribution::VeryLikely => {
            if in_favour >= PAIRS_NEEDED && 2 * in_favour > pairs {
                says(Statement::Responder)
            } else {
                undecided(Because::PairsDisagree)
            }
        }
    }
}

/// What the model describes at the posterior mean.
struct Described {
    drug_course: Vec<f64>,
    fitted: Vec<f64>,
    drift: Coefficient,
}

impl Described {
    fn of(series: &Series, priors: &PriorSet, step: f64, verdict: &Verdict) -> Option<Described> {
        let t = &verdict.estimate.as_ref()?.theta;
        let theta = Theta(
            [t.log_tau_b, t.log_ed50_rel, t.log_tau_p, t.log_ell, t.log_sigma, t.logit_phi].map(|s| s.mean),
        );
        let detail = Design::new(series, priors, step).detail(theta, verdict.prior);
        let drift = Linear::Drift as usize;
        Some(Described {
            drift: Coefficient { estimate: detail.beta_mean[drift], standard_error: detail.beta_sd[drift] },
            drug_course: detail.drug_course,
            fitted: detail.fitted,
        })
    }
}

fn belief_sensitivity(
    opened: &Opened,
    beliefs: &[Belief],
    series: &Series,
    priors: &PriorSet,
    step: f64,
    theta: Theta,
) -> Option<BeliefSensitivity> {
    let reference = series.reference_dose().milligrams();
    let doses: Vec<f64> = series.days().iter().map(|day| day.dose.milligrams() / reference).collect();
    let minus = |column: Vec<f64>| -> Vec<f64> { column.into_iter().map(|x| -x).collect() };
    let exposure = minus(permutation::exposure(&doses));
    let belief = minus(belief::by_day(opened, beliefs, series.n_days()));
    let asked = |nuisance: &[Vec<f64>], column: &[f64]| {
        let regression = Regression::new(series, priors, step, theta, nuisance)?;
        Some(regression.coefficient(&regression.column(column)))
    };
    Some(BeliefSensitivity {
        without_belief: asked(&[], &exposure)?,
        with_belief: asked(std::slice::from_ref(&belief), &exposure)?,
        of_belief: asked(std::slice::from_ref(&exposure), &belief)?,
    })
}

fn check_scores(opened: &Opened, measure: Measure) -> Result<(), AnalysisError> {
    let scored = |arm: Arm| -> usize {
        let periods = opened.periods().iter().filter(|period| period.arm == arm);
        periods.map(|period| opened.scored(period, measure)).sum()
    };
    let (ldn, placebo) = (scored(Arm::Ldn), scored(Arm::Placebo));
    if ldn == 0 || placebo == 0 {
        return Err(AnalysisError::NoScores { measure: measure.id(), scored: ldn + placebo });
    }
    Ok(())
}

fn summary(opened: &Opened, period: &Period, measure: Measure) -> PeriodSummary {
    let counted_from: Date =
        period.from.saturating_add(jiff::Span::new().days(opened.excluded_days() as i64));
    let scores: Vec<f64> = opened
        .rows(period)
        .filter(|row| row.date >= counted_from)
        .filter_map(|row| Some(row.score(measure)?.on_ten_points()))
        .collect();
    PeriodSummary {
        days: opened.days(period).len(),
        scored: opened.scored(period, measure),
        mean: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
        period: period.clone(),
    }
}

fn mean_of(pairs: &[PairEstimate]) -> Option<Coefficient> {
    let n = pairs.len() as f64;
    let sum = |value: fn(&PairEstimate) -> f64| pairs.iter().map(value).sum::<f64>();
    (!pairs.is_empty()).then(|| Coefficient {
        estimate: sum(|pair| pair.difference.estimate) / n,
        standard_error: sum(|pair| pair.difference.standard_error * pair.difference.standard_error).sqrt()
            / n,
    })
}

fn between(pairs: &[PairEstimate]) -> Option<BetweenPairs> {
    if pairs.len() < 2 {
        return None;
    }
    let weight =
        |pair: &PairEstimate| 1.0 / (pair.difference.standard_error * pair.difference.standard_error);
    let total: f64 = pairs.iter().map(weight).sum();
    let mean = pairs.iter().map(|pair| weight(pair) * pair.difference.estimate).sum::<f64>() / total;
    let squared = |pair: &PairEstimate| {
        let from_mean = pair.difference.estimate - mean;
        weight(pair) * from_mean * from_mean
    };
    Some(BetweenPairs { q: pairs.iter().map(squared).sum(), degrees: pairs.len() - 1 })
}

impl Analysis {
    /// Returns how many days had a side effect, and how many had an entry, by arm.
    pub fn side_effect_days(&self) -> BTreeMap<Arm, (usize, usize)> {
        let mut days: BTreeMap<Arm, (usize, usize)> = BTreeMap::new();
        for period in &self.side_effects {
            let (with_any, all) = days.entry(period.arm).or_default();
            *with_any += period.with_any;
            *all += period.days;
        }
        days
    }
}
