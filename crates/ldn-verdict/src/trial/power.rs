//! Is a trial worth starting, and which one? Before the first capsule, from the person's own diary.
//!
//! A [`Planner`] knows the diary so far, how noisy, how slow and how complete it is (by the noise part of the verdict
//! model), and what is believed of the drug. [`Planner::quick`] is section 8 of the model: it needs no simulation,
//! because given the nonlinear parameters the posterior variance does not depend on the scores; it is a few points too
//! hopeful. [`Planner::simulated`] lives whole trials of people like this one and judges each as a real one would be
//! judged. [`advise`] looks at many designs with the first and keeps what the second says of the best.

mod advice;
mod promise;
mod world;

use ldn_stats::{halton, normal};
use serde::Serialize;

use super::design::{Arm, Design};
use super::sequence::{Admissible, Sequence};
use crate::response::batch;
use crate::response::exact::{Conditional, Design as ModelDesign};
use crate::response::posterior::{LARGEST_K_HAT, Points, Posterior};
use crate::response::prior::{DrugPrior, PriorSet};
use crate::response::series::{DayRecord, Series};
use crate::response::summary::{Answers, Quantity};
use crate::response::theta::Theta;

pub use advice::{Advice, Burden, Candidate, Limits, Progress, advise, candidates};
pub use promise::{Promise, Witness, hold_to_promise};

/// From this probability on a statement is made; `ldn_verdict::response::decision` has the same bounds.
const LIKELY: f64 = 0.8;
/// Standard normal quantile of [`LIKELY`].
const LIKELY_Z: f64 = 0.841_621_233_572_914_3;
/// How many nonlinear parameter vectors stand for what is known of them.
const N_THETAS: usize = 64;
/// How many sequences of a design a quick look averages over.
const N_SEQUENCES: u128 = 4;
/// Share of days that are scored, expected of somebody who has no diary yet: 85 % in 701 people with chronic pain.
const USUAL_COMPLETION: f64 = 0.85;
/// How many days of a diary that expectation is worth.
const USUAL_COMPLETION_DAYS: f64 = 10.0;
/// True drug effects, in points, for which a quick look tells chances.
pub const EFFECTS: [f64; 5] = [0.0, 1.0, 1.5, 2.0, 3.0];
/// True drug effects, in points, at which trials are simulated beside those at effects as they are believed.
pub const SIMULATED_EFFECTS: [f64; 2] = [0.0, 2.0];

/// What is known before a trial.
#[derive(Clone, Debug)]
pub struct Planner {
    series: Series,
    priors: PriorSet,
    step: f64,
    worthwhile: f64,
    thetas: Vec<Theta>,
    /// The drug effect given each of them, from the diary so far.
    now: Vec<Conditional>,
    completion: f64,
    level: (f64, f64),
}

/// What a planner is made of.
#[derive(Clone, Debug)]
pub struct PlannerInput {
    /// The diary so far; `None` for somebody who has none, who is then an average person.
    pub diary: Option<Series>,
    /// What is believed beforehand.
    pub priors: PriorSet,
    /// Reporting step of the scores, in points.
    pub step: f64,
    /// The smallest drug effect worth a daily capsule, in points.
    pub worthwhile: f64,
}

/// Chances of a trial, each from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chances {
    /// That the trial says something: that the drug is likely worthwhile, or that it is likely not; averaged over what is
    /// believed of the drug now.
    pub clear: f64,
    /// What it says at some true effects: [`EFFECTS`], or [`SIMULATED_EFFECTS`] if it was simulated.
    pub at: Vec<AtEffect>,
    /// That it says "likely worthwhile" though the drug does nothing.
    pub false_alarm: f64,
    /// That it says "likely not worthwhile" though the true effect is 2 points.
    pub missed: f64,
    /// Standard deviation of the drug effect in the end, in points.
    pub posterior_sd: f64,
    /// Simulated trials behind `clear`; `None` for a quick look.
    pub n_trials: Option<usize>,
}

/// Chances at one true effect.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtEffect {
    /// The true effect, in points.
    pub effect: f64,
    /// "Likely worthwhile".
    pub works: f64,
    /// "Likely not worthwhile".
    pub not: f64,
}

/// How many trials are simulated, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Trials at effects as they are believed.
    pub average: usize,
    /// Trials at each of the [`SIMULATED_EFFECTS`].
    pub per_effect: usize,
    /// The same seed gives the same answer.
    pub seed: u64,
}

impl Effort {
    /// Enough for a figure that is right to about four points, in seconds.
    pub const USUAL: Effort = Effort { average: 120, per_effect: 40, seed: 20_260_105 };

    /// Returns how many trials are simulated for one design.
    pub const fn n_trials(self) -> usize {
        self.average + SIMULATED_EFFECTS.len() * self.per_effect
    }
}

/// What one trial said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Probability of a worthwhile drug effect.
    pub p_worthwhile: f64,
    /// Standard deviation of the drug effect.
    pub drug_sd: f64,
}

impl Outcome {
    /// Returns true for "likely worthwhile".
    pub fn works(self) -> bool {
        self.p_worthwhile >= LIKELY
    }

    /// Returns true for "likely not worthwhile".
    pub fn works_not(self) -> bool {
        self.p_worthwhile <= 1.0 - LIKELY
    }

    /// Returns true for one of the two.
    pub fn is_clear(self) -> bool {
        self.works() || self.works_not()
    }
}

impl Planner {
    /// Learns from a diary.
    pub fn new(input: PlannerInput) -> Planner {
        let PlannerInput { diary, priors, step, worthwhile } = input;
        let known = diary.as_ref().filter(|series| series.n_scored() > 0);
        let thetas = match known {
            Some(series) => thetas_of_diary(series, &priors, step),
            None => thetas_of_priors(&priors),
        };
        let n_scored = known.map_or(0, Series::n_scored) as f64;
        let n_days = known.map_or(0, Series::n_days) as f64;
        let completion =
            (n_scored + USUAL_COMPLETION * USUAL_COMPLETION_DAYS) / (n_days + USUAL_COMPLETION_DAYS);
        let level = known.map_or((6.0, 1.0), level);
        let series = diary.unwrap_or_else(nothing_yet);
        let now = ModelDesign::new(&series, &priors, step).evaluate(&thetas);
        Planner { series, priors, step, worthwhile, thetas, now, completion, level }
    }

    /// Returns the share of days on which a score is expected.
    pub fn completion(&self) -> f64 {
        self.completion
    }

    /// Returns mean and standard deviation of the drug effect as it is believed now, in points.
    pub fn belief(&self) -> (f64, f64) {
        let n = self.now.len() as f64;
        let each = || self.now.iter().map(|at| at.joint[DrugPrior::Main.index()]);
        let mean = each().map(|joint| joint.mean[2]).sum::<f64>() / n;
        let square = |joint: crate::response::exact::Joint| {
            joint.covariance[2] + (joint.mean[2] - mean) * (joint.mean[2] - mean)
        };
        (mean, (each().map(square).sum::<f64>() / n).sqrt())
    }

    /// Returns the chances of a design without simulating it: within seconds for a hundred designs, and a few points
    /// too hopeful, because it takes the nonlinear parameters as known.
    pub fn quick(&self, design: &Design) -> Chances {
        let variances = self.variances(design);
        let n = variances.len() as f64;
        let mean = |of: &dyn Fn(&Known) -> f64| variances.iter().map(of).sum::<f64>() / n;
        let at: Vec<AtEffect> = EFFECTS
            .iter()
            .map(|effect| AtEffect {
                effect: *effect,
                works: mean(&|known| known.works(*effect, self.worthwhile)),
                not: mean(&|known| known.not(*effect, self.worthwhile)),
            })
            .collect();
        Chances {
            clear: mean(&|known| known.clear(self.worthwhile)),
            false_alarm: mean(&|known| known.works(0.0, self.worthwhile)),
            missed: mean(&|known| known.not(2.0, self.worthwhile)),
            posterior_sd: mean(&|known| known.after).sqrt(),
            at,
            n_trials: None,
        }
    }

    /// Returns the chances of a design by living and judging it many times on all cores; `done` is called after each
    /// trial, from any thread.
    pub fn simulated(&self, design: &Design, effort: Effort, done: impl Fn() + Sync) -> Chances {
        let mut wanted: Vec<(u64, Option<f64>)> = (0..effort.average as u64).map(|k| (k, None)).collect();
        for (e, effect) in SIMULATED_EFFECTS.iter().enumerate() {
            let from = (e as u64 + 1) << 32;
            wanted.extend((0..effort.per_effect as u64).map(|k| (from + k, Some(*effect))));
        }
        let outcomes =
            batch::map(&wanted, |(trial, effect)| self.trial(design, *trial, *effect, effort), done);
        let of = |effect: Option<f64>| {
            let chosen =
                move |((_, e), outcome): (&(u64, Option<f64>), &Outcome)| (*e == effect).then_some(*outcome);
            wanted.iter().zip(&outcomes).filter_map(chosen).collect::<Vec<Outcome>>()
        };
        let share = |outcomes: &[Outcome], is: fn(Outcome) -> bool| {
            outcomes.iter().filter(|outcome| is(**outcome)).count() as f64 / outcomes.len().max(1) as f64
        };
        let average = of(None);
        let at: Vec<AtEffect> = SIMULATED_EFFECTS
            .iter()
            .map(|effect| {
                let outcomes = of(Some(*effect));
                AtEffect {
                    effect: *effect,
                    works: share(&outcomes, Outcome::works),
                    not: share(&outcomes, Outcome::works_not),
                }
            })
            .collect();
        let of_effect = |effect: f64| at.iter().find(|at| at.effect == effect);
        let sd = average.iter().map(|outcome| outcome.drug_sd * outcome.drug_sd).sum::<f64>();
        Chances {
            clear: share(&average, Outcome::is_clear),
            false_alarm: of_effect(0.0).map_or(0.0, |at| at.works),
            missed: of_effect(2.0).map_or(0.0, |at| at.not),
            posterior_sd: (sd / average.len().max(1) as f64).sqrt(),
            at,
            n_trials: Some(effort.average),
        }
    }

    /// Lives one trial and judges it.
    pub fn trial(&self, design: &Design, trial: u64, effect: Option<f64>, effort: Effort) -> Outcome {
        let series = world::live(self, design, effect, trial, effort);
        judge(&series, &self.priors, self.step, self.worthwhile)
    }

    /// The variance of the drug effect before and after the trial, for each nonlinear vector and some sequences.
    fn variances(&self, design: &Design) -> Vec<Known> {
        let set = Admissible::of(design);
        let n = N_SEQUENCES.min(set.len());
        let mut known = Vec::new();
        for k in 0..n {
            // Evenly spread over the numbering, from the middle of each part.
            let number = set.len() / n * k + set.len() / n / 2;
            let Some(sequence) = set.nth(number) else { continue };
            let series = self.planned(design, &sequence);
            let after = ModelDesign::new(&series, &self.priors, self.step).evaluate(&self.thetas);
            let main = DrugPrior::Main.index();
            known.extend(self.now.iter().zip(&after).map(|(now, after)| Known {
                mean: now.joint[main].mean[2],
                before: now.joint[main].covariance[2],
                after: after.joint[main].covariance[2],
            }));
        }
        known
    }

    /// The diary so far and the days of a trial, with scores on as many days as are expected; their values do not matter.
    fn planned(&self, design: &Design, sequence: &Sequence) -> Series {
        let mut days: Vec<DayRecord> = self.series.days().to_vec();
        let mut owed = 0.0;
        for mut day in trial_days(design, sequence, self.series.n_days()) {
            owed += self.completion;
            if owed >= 1.0 {
                owed -= 1.0;
                day.burden = Some(self.level.0);
            }
            days.push(day);
        }
        Series::new(self.series.date(0), days, Some(design.parts().reference_dose))
    }
}

/// The variance of the drug effect before and after a trial, given the nonlinear parameters.
#[derive(Clone, Copy, Debug)]
struct Known {
    mean: f64,
    before: f64,
    after: f64,
}

/// Section 8: the posterior mean is normal around what the data pull it to.
impl Known {
    fn learned(self) -> f64 {
        (1.0 - self.after / self.before).clamp(1e-9, 1.0)
    }

    fn works(self, effect: f64, worthwhile: f64) -> f64 {
        let (kappa, sd) = (self.learned(), self.after.sqrt());
        let mean = self.mean + kappa * (effect - self.mean);
        normal::cdf((mean - worthwhile - LIKELY_Z * sd) / (self.after * kappa).sqrt())
    }

    fn not(self, effect: f64, worthwhile: f64) -> f64 {
        let (kappa, sd) = (self.learned(), self.after.sqrt());
        let mean = self.mean + kappa * (effect - self.mean);
        normal::cdf((worthwhile - LIKELY_Z * sd - mean) / (self.after * kappa).sqrt())
    }

    /// Averaged over what is believed: the posterior mean will lie around the present one by what will be learned.
    fn clear(self, worthwhile: f64) -> f64 {
        let (moves, sd) = ((self.before * self.learned()).sqrt(), self.after.sqrt());
        normal::cdf((self.mean - worthwhile - LIKELY_Z * sd) / moves)
            + normal::cdf((worthwhile - LIKELY_Z * sd - self.mean) / moves)
    }
}

/// Judges a trial as a real one is judged, with as many points as a registry uses.
pub fn judge(series: &Series, priors: &PriorSet, step: f64, worthwhile: f64) -> Outcome {
    let model = ModelDesign::new(series, priors, step);
    let posterior = Posterior::compute(&model, priors, DrugPrior::Main, Points::Registry);
    let answers = Answers::new(&posterior, DrugPrior::Main);
    let drug = answers.mixture(|at| Quantity::DrugEffect.combination(at));
    let reliable = posterior.weights[DrugPrior::Main.index()].k_hat <= LARGEST_K_HAT;
    // Numbers that cannot be trusted give no verdict, which is not a clear answer.
    let p_worthwhile = if reliable { (1.0 - drug.cdf(worthwhile)).clamp(0.0, 1.0) } else { 0.5 };
    Outcome { p_worthwhile, drug_sd: drug.sd() }
}

/// The days that follow a diary of `kept` days: what is left of the run-in, then the periods; nothing is scored.
fn trial_days(design: &Design, sequence: &Sequence, kept: usize) -> Vec<DayRecord> {
    let run_in = usize::from(design.parts().run_in_days).saturating_sub(kept);
    let waiting = (0..run_in).map(|_| day(design, Arm::NoCapsule));
    waiting.chain(sequence.day_arms(design).into_iter().map(|arm| day(design, arm))).collect()
}

fn day(design: &Design, arm: Arm) -> DayRecord {
    use ldn_core::Dose;
    use ldn_core::diary::Arm as Told;
    let (dose, told) = match arm {
        Arm::Ldn => (design.parts().dose, Some(Told::Active)),
        Arm::Placebo => (Dose::ZERO, Some(Told::Placebo)),
        Arm::NoCapsule => (Dose::ZERO, None),
    };
    DayRecord { dose, capsule: arm.has_capsule(), blind: arm.has_capsule(), arm: told, burden: None }
}

/// A diary of one day without a score, to which a trial can be added.
fn nothing_yet() -> Series {
    let day = DayRecord { dose: ldn_core::Dose::ZERO, capsule: false, blind: false, arm: None, burden: None };
    // Any Monday: which weekday a trial begins on makes no difference.
    Series::new(jiff::civil::date(2026, 1, 5), vec![day], None)
}

/// Mean of the last scored days and its standard error, in points of burden.
fn level(series: &Series) -> (f64, f64) {
    let scores: Vec<f64> = series.days().iter().filter_map(|day| day.burden).collect();
    let last = &scores[scores.len().saturating_sub(28)..];
    let n = last.len() as f64;
    let mean = last.iter().sum::<f64>() / n;
    let variance = last.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>() / n;
    // A slow component makes days count for less than they are; a third of them is what the prior's noise leaves.
    (mean, (variance.max(0.25) / (n / 3.0).max(1.0)).sqrt())
}

fn thetas_of_priors(priors: &PriorSet) -> Vec<Theta> {
    let theta = |k: u32| {
        let u = halton::point(k);
        Theta(std::array::from_fn(|i| {
            priors.nonlinear[i].mean + priors.nonlinear[i].sd * normal::quantile(u[i])
        }))
    };
    (0..N_THETAS as u32).map(theta).collect()
}

/// Takes evenly spaced points of the posterior, so that each stands for the same share of it.
fn thetas_of_diary(series: &Series, priors: &PriorSet, step: f64) -> Vec<Theta> {
    let model = ModelDesign::new(series, priors, step);
    let posterior = Posterior::compute(&model, priors, DrugPrior::Main, Points::Registry);
    let weights = &posterior.weights[DrugPrior::Main.index()].weights;
    let mut thetas = Vec::with_capacity(N_THETAS);
    let mut below = 0.0;
    for (theta, weight) in posterior.thetas.iter().zip(weights) {
        below += weight;
        while thetas.len() < N_THETAS && (thetas.len() as f64 + 0.5) / (N_THETAS as f64) < below {
            thetas.push(*theta);
        }
    }
    let last = thetas.last().copied().unwrap_or(posterior.mode);
    thetas.resize(N_THETAS, last);
    thetas
}
