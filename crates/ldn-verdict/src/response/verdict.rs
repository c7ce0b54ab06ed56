//! The verdict: one diary, one measure, one answer.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::diary::Diary;
use ldn_core::{Dose, Measure};
use serde::Serialize;

use super::checks::{self, Check, PosteriorFacts};
use super::decision::{Action, Attribution, BUILT_UP, Response, ResponseEvidence, is_prior_sensitive};
use super::exact::Design;
use super::grade::Grade;
use super::missing::{self, MissingNotAtRandom};
use super::posterior::{LARGEST_K_HAT, Points, Posterior};
use super::prior::{DrugPrior, PriorSet};
use super::series::{Series, SeriesError};
use super::summary::{Answers, Probabilities, Quantities, Quantity, Summary, ThetaSummaries};
use super::wording::{self, Text};

/// The smallest drug effect worth a daily capsule, in points, unless the person sets another before a blinded test.
pub const WORTHWHILE: f64 = 0.5;
/// What a person may set it to.
pub const WORTHWHILE_RANGE: (f64, f64) = (0.25, 2.0);
/// Below this reference dose there is no evidence of an effect, and the sceptical prior is used.
pub const LEAST_STUDIED_DOSE: Dose = Dose::from_micrograms(500);

/// What a diary does not carry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The measure to judge.
    pub measure: Measure,
    /// Planned maintenance dose; the highest taken if absent.
    pub reference_dose: Option<Dose>,
    /// Reporting step of the scores in points of a 0–10 scale; found from the scores if absent.
    pub step: Option<f64>,
    /// Opinion about the drug for the headline; absent means main, or sceptical below 0.5 mg.
    pub prior: Option<DrugPrior>,
    /// How many points carry the posterior.
    pub points: Points,
    /// Smallest drug effect worth a daily capsule, in points.
    pub worthwhile: f64,
    /// Another treatment was started together with LDN: then nothing can be attributed.
    pub started_together: bool,
}

impl Settings {
    /// Returns the usual settings for a measure.
    pub fn new(measure: Measure) -> Settings {
        Settings {
            measure,
            reference_dose: None,
            step: None,
            prior: None,
            points: Points::Person,
            worthwhile: WORTHWHILE,
            started_together: false,
        }
    }
}

/// The answer for one measure of one diary. Effects are improvements in points of a 0–10 scale, positive = better.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Version of this layout.
    pub schema: u32,
    /// Version of the statistical model.
    pub model: &'static str,
    /// What was judged.
    pub measure: Measure,
    /// Which end of the measure's scale is the good one.
    pub direction: &'static str,
    /// Calendar days of the diary.
    pub days: usize,
    /// Scored days that were used.
    pub scored: usize,
    /// Calendar days of the baseline window.
    pub baseline_days: usize,
    /// Calendar days of the evaluation window.
    pub evaluation_days: usize,
    /// First day with a capsule.
    pub first_capsule: Option<Date>,
    /// The opinion behind the headline.
    pub prior: DrugPrior,
    /// The set of priors.
    pub prior_set: String,
    /// The dose that effects refer to, in milligrams.
    pub reference_dose_mg: f64,
    /// Reporting step of the scores.
    pub step: f64,
    /// Means and counts of the two windows: plain facts.
    pub observed: Observed,
    /// Evidence grade for attribution.
    pub grade: Grade,
    /// What happened to the symptom.
    pub response: Response,
    /// Whether it was the drug.
    pub attribution: Attribution,
    /// Whether what is said about the drug would fall for somebody of another opinion; always so in open-label data.
    pub prior_sensitive: bool,
    /// What to do next.
    pub action: Action,
    /// Whether the response rests on the improvement expected once built up (in blinded periods) instead of the present.
    pub judged_built_up: bool,
    /// Whether another treatment was started together with LDN.
    pub started_together: bool,
    /// Day of the last capsule, if the diary goes on for a week or more without one.
    pub stopped_on: Option<Date>,
    /// Whether the reference dose lies above every dose taken, so that values at it are extrapolated.
    pub extrapolated: bool,
    /// When the drug would have built up, if it is too early.
    pub built_up_on: Option<Date>,
    /// The posterior; absent where none may be shown.
    #[serde(flatten)]
    pub estimate: Option<Estimate>,
    /// What could make the verdict less trustworthy.
    pub checks: Vec<Check>,
    /// The verdict in words.
    pub text: Text,
}

/// Means as typed, on the 0–10 scale, of the scores that are there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// Mean of the baseline window's scores.
    pub baseline_mean: Option<f64>,
    /// Their number.
    pub baseline_scored: usize,
    /// Mean of the evaluation window's scores.
    pub evaluation_mean: Option<f64>,
    /// Their number.
    pub evaluation_scored: usize,
}

/// What the posterior says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The quantities.
    pub quantities: Quantities,
    /// The nonlinear parameters.
    pub theta: ThetaSummaries,
    /// The probabilities.
    pub probabilities: Probabilities,
    /// Probability that the drug effect is worth a daily capsule.
    pub p_worthwhile: f64,
    /// The same under the opinion that attribution always rests on, whatever stands in the headline: main, or
    /// sceptical below 0.5 mg.
    pub p_attribution: f64,
    /// The smallest effect that counts as worth it, in points.
    pub worthwhile: f64,
    /// Expected regret, in points.
    pub regret: Regret,
    /// Share of the uncertainty about the drug effect that the diary removed: 0 none, 1 all.
    pub information: f64,
    /// Share of the improvement that is the drug's; only from blinded data and where there is an improvement.
    pub drug_share: Option<f64>,
    /// What unscored days could change.
    pub missing_not_at_random: MissingNotAtRandom,
    /// The same diary seen through the other opinions about the drug.
    pub sensitivity: BTreeMap<&'static str, Opinion>,
    /// Equally likely answers for the improvement that the response rests on, ascending: quantiles at (k − ½)/50.
    pub total_dots: Vec<f64>,
    /// Intervals of the same improvement.
    pub total_intervals: Intervals,
}

/// The two intervals that a prescriber reads, each from its lower to its upper end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intervals {
    /// From the 10 % to the 90 % quantile.
    #[serde(rename = "80")]
    pub p80: [f64; 2],
    /// From the 2.5 % to the 97.5 % quantile.
    #[serde(rename = "95")]
    pub p95: [f64; 2],
}

/// Expected regret of two choices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Regret {
    /// Of going on with a drug that is not worth it.
    #[serde(rename = "continue")]
    pub going_on: f64,
    /// Of stopping one that is.
    #[serde(rename = "stop")]
    pub stopping: f64,
}

/// What another opinion about the drug makes of the same diary.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Opinion {
    /// Improvement from the baseline to the evaluation window.
    pub total: Summary,
    /// The drug's part of it.
    pub drug_now: Summary,
    /// The drug effect at the reference dose, fully built up.
    pub b: Summary,
    /// Probability that the drug effect is worth a daily capsule.
    pub p_worthwhile: f64,
    /// Shape of the weights' tail.
    pub k_hat: f64,
}

/// Number of equally likely answers that a clinician's picture shows.
pub const DOTS: usize = 50;

/// A diary for which there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerdictError {
    /// The diary itself does not allow one.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// The weights of the posterior cannot be trusted even with the most points.
    #[error(
        "numerics unreliable: the posterior of this diary could not be computed to the accuracy that a verdict needs"
    )]
    Unreliable,
}

/// Judges one measure of a diary.
///
/// # Errors
/// [`VerdictError`] if doses are unknown or masked, or the numbers cannot be trusted.
pub fn judge(diary: &Diary, settings: &Settings) -> Result<Verdict, VerdictError> {
    let series = Series::from_diary(diary, settings.measure, settings.reference_dose)?;
    judge_series(&series, settings, &PriorSet::for_measure(settings.measure))
}

/// Judges a series under a set of priors.
///
/// # Errors
/// [`VerdictError::Unreliable`].
pub fn judge_series(
    series: &Series,
    settings: &Settings,
    priors: &PriorSet,
) -> Result<Verdict, VerdictError> {
    let step = settings.step.unwrap_or_else(|| reporting_step(series));
    let studied = series.reference_dose() >= LEAST_STUDIED_DOSE;
    let attributing = if studied { DrugPrior::Main } else { DrugPrior::Sceptical };
    let prior = settings.prior.unwrap_or(attributing);
    let mut verdict = Verdict::before_the_posterior(series, settings, priors, prior, step);
    if series.first_capsule().is_none() || series.n_scored() == 0 {
        verdict.checks = checks::of_the_diary(series);
        verdict.text = wording::text(&verdict);
        return Ok(verdict);
    }

    let design = Design::new(series, priors, step);
    let posterior = Posterior::compute(&design, priors, prior, settings.points);
    let k_hat = posterior.weights[prior.index()].k_hat;
    if k_hat > LARGEST_K_HAT {
        return Err(VerdictError::Unreliable);
    }
    // An opinion that cannot be had from these points by reweighting gets points of its own.
    let own = DrugPrior::ALL.map(|other| {
        let trusted = posterior.weights[other.index()].k_hat <= LARGEST_K_HAT;
        (!trusted).then(|| Posterior::compute(&design, priors, other, settings.points))
    });
    let posterior_of = |other: DrugPrior| own[other.index()].as_ref().unwrap_or(&posterior);
    if DrugPrior::ALL.iter().any(|other| posterior_of(*other).weights[other.index()].k_hat > LARGEST_K_HAT) {
        return Err(VerdictError::Unreliable);
    }
    let opinions = DrugPrior::ALL.map(|other| Answers::new(posterior_of(other), other));
    let answers = &opinions[prior.index()];
    let p_worthwhile = opinions
        .each_ref()
        .map(|a| a.at_least(|at| Quantity::DrugEffect.combination(at), settings.worthwhile));
    let quantities = answers.quantities();
    let probabilities = answers.probabilities();

    let judged = judged_quantity(series);
    let p = &probabilities;
    let [p_worse, p_half, p_third, p_point] = match judged {
        Quantity::TotalBuiltUp => [p.ss_le_minus1, p.ss_ge_50pct, p.ss_ge_30pct, p.ss_ge_1],
        _ => [p.total_le_minus1, p.total_ge_50pct, p.total_ge_30pct, p.total_ge_1],
    };
    let evidence = ResponseEvidence {
        baseline_scores: verdict.observed.baseline_scored,
        evaluation_scores: verdict.observed.evaluation_scored,
        p_worse,
        p_half,
        p_third,
        p_point,
        buildup: quantities.buildup.mean,
        grade: verdict.grade,
    };
    verdict.response = evidence.response();
    let [main, sceptical, enthusiastic, _] = p_worthwhile;
    if verdict.grade.is_blinded() && !settings.started_together {
        let p_attribution = p_worthwhile[attributing.index()];
        verdict.attribution = Attribution::of(verdict.grade, p_attribution);
        verdict.prior_sensitive = is_prior_sensitive(p_attribution, sceptical, enthusiastic);
    }
    verdict.action =
        Action::of(verdict.response, verdict.attribution, verdict.prior_sensitive, days_on_target(series));
    if verdict.response == Response::TooEarly && verdict.stopped_on.is_none() {
        verdict.built_up_on =
            design.built_up_in(&posterior, prior).map(|days| series.date(series.n_days() - 1 + days));
    }
    let missing = missing::sensitivity(series, answers, judged, &evidence);
    verdict.checks = checks::all(
        series,
        &design.detail(posterior.mean_theta(prior), prior),
        PosteriorFacts {
            extrapolated: verdict.extrapolated,
            k_hat,
            p_worthwhile: [main, sceptical, enthusiastic],
            missing_tipping_point: missing.tipping_point,
        },
    );

    let (going_on, stopping) = answers.regret(settings.worthwhile);
    let prior_variance = priors.drug[prior.index()].sd * priors.drug[prior.index()].sd;
    let judged_mixture = answers.mixture(|at| judged.combination(at));
    let has_improved = quantities.total.q[0] > 0.5;
    verdict.estimate = Some(Estimate {
        theta: answers.thetas(),
        probabilities,
        p_worthwhile: p_worthwhile[prior.index()],
        p_attribution: p_worthwhile[attributing.index()],
        worthwhile: settings.worthwhile,
        regret: Regret { going_on, stopping },
        information: 1.0 - quantities.b.sd * quantities.b.sd / prior_variance,
        drug_share: (verdict.attribution != Attribution::NotSeparable && has_improved)
            .then(|| (quantities.drug_now.mean / quantities.total.mean).clamp(0.0, 1.0)),
        missing_not_at_random: missing,
        sensitivity: DrugPrior::ALL
            .into_iter()
            .filter(|other| *other != prior)
            .map(|other| {
                let weights = &posterior_of(other).weights[other.index()];
                (other.id(), opinions[other.index()].opinion(p_worthwhile[other.index()], weights.k_hat))
            })
            .collect(),
        total_dots: judged_mixture
            .quantiles(&std::array::from_fn::<f64, DOTS, _>(|k| (k as f64 + 0.5) / DOTS as f64)),
        total_intervals: Intervals {
            p80: [0.1, 0.9].map(|p| judged_mixture.quantile(p)),
            p95: [0.025, 0.975].map(|p| judged_mixture.quantile(p)),
        },
        quantities,
    });
    verdict.text = wording::text(&verdict);
    Ok(verdict)
}

impl Verdict {
    /// Fills in what is known without the posterior, classed as no treatment or not enough data.
    fn before_the_posterior(
        series: &Series,
        settings: &Settings,
        priors: &PriorSet,
        prior: DrugPrior,
        step: f64,
    ) -> Verdict {
        let untreated = series.first_capsule().is_none();
        let response = if untreated { Response::NoTreatmentYet } else { Response::InsufficientData };
        Verdict {
            schema: 1,
            model: "verdict-1",
            measure: settings.measure,
            direction: settings.measure.direction().id(),
            days: series.n_days(),
            scored: series.n_scored(),
            baseline_days: series.baseline().len(),
            evaluation_days: if untreated { 0 } else { series.evaluation().len() },
            first_capsule: series.first_capsule().map(|t| series.date(t)),
            prior,
            prior_set: priors.id.clone(),
            reference_dose_mg: series.reference_dose().milligrams(),
            step,
            observed: Observed::of(series, settings.measure),
            grade: Grade::of(series),
            response,
            attribution: Attribution::NotSeparable,
            prior_sensitive: true,
            action: Action::of(response, Attribution::NotSeparable, false, 0),
            judged_built_up: judged_quantity(series) == Quantity::TotalBuiltUp,
            started_together: settings.started_together,
            stopped_on: series.stopped_on().map(|t| series.date(t)),
            extrapolated: series.first_capsule().is_some() && series.reference_dose() > series.highest_dose(),
            built_up_on: None,
            estimate: None,
            checks: Vec::new(),
            text: Text::default(),
        }
    }

    /// Returns the posterior if the improvement may be shown: there is treatment, and enough scores on both sides.
    pub fn shown_estimate(&self) -> Option<&Estimate> {
        self.estimate.as_ref().filter(|_| self.response != Response::InsufficientData)
    }

    /// Returns the improvement that the response rests on.
    pub fn judged(&self, estimate: &Estimate) -> Summary {
        if self.judged_built_up { estimate.quantities.total_ss } else { estimate.quantities.total }
    }

    /// Turns a burden (0 best, 10 worst) into the measure's own scale.
    pub fn as_typed(&self, burden: f64) -> f64 {
        typed(self.measure, burden)
    }

    /// Returns the checks that were flagged.
    pub fn flagged(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.flag)
    }
}

impl Observed {
    fn of(series: &Series, measure: Measure) -> Observed {
        let mean = |window: &[usize]| {
            let scores: Vec<f64> = series.scores(window).collect();
            (!scores.is_empty()).then(|| typed(measure, scores.iter().sum::<f64>() / scores.len() as f64))
        };
        let treated = series.first_capsule().is_some();
        let starts_on_the_first_day = series.first_capsule() == Some(0);
        let evaluation: &[usize] = if treated { series.evaluation() } else { &[] };
        Observed {
            baseline_mean: mean(series.baseline()),
            baseline_scored: if starts_on_the_first_day {
                0
            } else {
                series.scores(series.baseline()).count()
            },
            evaluation_mean: mean(evaluation),
            evaluation_scored: series.scores(evaluation).count(),
        }
    }
}

impl Answers<'_> {
    fn opinion(&self, p_worthwhile: f64, k_hat: f64) -> Opinion {
        let summary = |quantity: Quantity| Summary::of_mixture(&self.mixture(|at| quantity.combination(at)));
        Opinion {
            total: summary(Quantity::Total),
            drug_now: summary(Quantity::DrugNow),
            b: summary(Quantity::DrugEffect),
            p_worthwhile,
            k_hat,
        }
    }
}

fn typed(measure: Measure, burden: f64) -> f64 {
    match measure.direction() {
        ldn_core::Direction::LowerIsBetter => burden,
        ldn_core::Direction::HigherIsBetter => 10.0 - burden,
    }
}

/// In the last days of a blinded test the dose changes from period to period: then what counts is the improvement to be
/// expected at the reference dose, not that of the period one happens to be in.
fn judged_quantity(series: &Series) -> Quantity {
    // Nothing is said about doses above those taken.
    if series.reference_dose() > series.highest_dose() {
        return Quantity::Total;
    }
    let blinded =
        series.evaluation().iter().any(|t| *t > 0 && series.days[t - 1].blind && series.days[t - 1].capsule);
    if blinded { Quantity::TotalBuiltUp } else { Quantity::Total }
}

fn days_on_target(series: &Series) -> usize {
    series.days.iter().filter(|day| day.dose >= series.reference_dose()).count()
}

/// Finds the step that all scores are multiples of: 1, 0.5 or 0.1 points.
pub fn reporting_step(series: &Series) -> f64 {
    let is_multiple_of = |step: f64| {
        series.days.iter().filter_map(|day| day.burden).all(|burden| {
            let steps = burden / step;
            (steps - steps.round()).abs() < 1e-6
        })
    };
    [1.0, 0.5].into_iter().find(|step| is_multiple_of(*step)).unwrap_or(0.1)
}

impl Design {
    /// Returns how many days of the present dose it takes until the drug course is expected to have built up; `None`
    /// if the present dose will not get there within a year.
    fn built_up_in(&self, posterior: &Posterior, prior: DrugPrior) -> Option<usize> {
        const LONGEST_WAIT: usize = 365;
        let ahead =
            self.buildup_ahead(&posterior.thetas, &posterior.weights[prior.index()].weights, LONGEST_WAIT);
        ahead.iter().position(|buildup| *buildup >= BUILT_UP).map(|days| days + 1)
    }
}
