//! Is what the planner promises what happens? Whole trials of other people, who were not made by it.

use serde::Serialize;

use super::{Effort, Outcome, Planner, PlannerInput, judge};
use crate::response::batch;
use crate::response::prior::PriorSet;
use crate::response::series::Series;
use crate::trial::design::Design;

/// Trials that the planner simulates for each person; over many people few are enough.
const TRIALS_EACH: u64 = 8;

/// Somebody whose whole trial is known.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The diary before the trial, which the planner sees.
    pub before: Series,
    /// The same diary and the trial after it.
    pub whole: Series,
    /// Reporting step of the scores, in points.
    pub step: f64,
}

/// What was promised to many people, and what happened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// Mean promised chance of a clear answer.
    pub promised: f64,
    /// Share of people whose trial gave one.
    pub happened: f64,
    /// Share of people whose trial said "likely worthwhile".
    pub works: f64,
    /// Share of people whose trial said "likely not worthwhile".
    pub not: f64,
    /// How many people.
    pub people: usize,
}

/// Promises each witness a chance from the diary before the trial, and judges the trial that followed.
pub fn hold_to_promise(
    design: &Design,
    witnesses: &[Witness],
    priors: &PriorSet,
    worthwhile: f64,
    done: impl Fn() + Sync,
) -> Promise {
    let numbered: Vec<(u64, &Witness)> = (0..).zip(witnesses).collect();
    let judged = batch::map(&numbered, |(k, witness)| of_one(design, *k, witness, priors, worthwhile), done);
    let n = judged.len().max(1) as f64;
    let share = |is: fn(Outcome) -> bool| judged.iter().filter(|(_, o)| is(*o)).count() as f64 / n;
    Promise {
        promised: judged.iter().map(|(promised, _)| promised).sum::<f64>() / n,
        happened: share(Outcome::is_clear),
        works: share(Outcome::works),
        not: share(Outcome::works_not),
        people: judged.len(),
    }
}

fn of_one(
    design: &Design,
    number: u64,
    witness: &Witness,
    priors: &PriorSet,
    worthwhile: f64,
) -> (f64, Outcome) {
    let (priors_of_planner, step) = (priors.clone(), witness.step);
    let diary = Some(witness.before.clone());
    let planner = Planner::new(PlannerInput { diary, priors: priors_of_planner, step, worthwhile });
    let effort = Effort { average: 0, per_effect: 0, seed: number };
    let trials = TRIALS_EACH * number..TRIALS_EACH * (number + 1);
    let clear = trials.filter(|trial| planner.trial(design, *trial, None, effort).is_clear()).count();
    (clear as f64 / TRIALS_EACH as f64, judge(&witness.whole, priors, step, worthwhile))
}
