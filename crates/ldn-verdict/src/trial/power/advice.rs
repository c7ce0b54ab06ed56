//! Which design, if any.

use ldn_core::Dose;
use serde::Serialize;

use super::{Chances, Effort, Planner};
use crate::trial::design::{Arms, Balance, Design, DesignParts};

/// Chance of a clear answer from which on a design is recommended.
const ENOUGH: f64 = 0.8;
/// Chance below which no design is worth starting; section 8 of the model.
const WORTH_STARTING: f64 = 0.6;
/// Numbers of pairs that are looked at. One pair is not: nobody is called a responder before two pairs agree.
const PAIRS: [u8; 5] = [2, 3, 4, 5, 6];
/// Lengths of a period that are looked at, in weeks.
const PERIOD_WEEKS: [u16; 7] = [2, 3, 4, 6, 8, 10, 12];
/// The most designs that are simulated.
const MOST_SIMULATED: usize = 6;

/// What the person is ready for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The longest trial, in weeks, run-in included.
    pub most_weeks: u16,
    /// Naltrexone in one active capsule.
    pub dose: Dose,
    /// The dose that effects refer to.
    pub reference_dose: Dose,
    /// Days of diary before the first kit.
    pub run_in_days: u16,
    /// What is compared.
    pub arms: Arms,
}

/// What a trial costs the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Burden {
    /// Days from the first of the run-in to the last.
    pub days: usize,
    /// Minutes in all: 20 seconds on each day, and a minute of questions each week.
    pub minutes: usize,
    /// Capsules swallowed.
    pub capsules: usize,
}

/// A design with what it would tell and cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The design.
    pub design: Design,
    /// What it costs.
    pub burden: Burden,
    /// What it tells, by the quick look.
    pub quick: Chances,
    /// What it tells, by simulated trials; `None` if it was not simulated.
    pub simulated: Option<Chances>,
}

/// What is advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Advice {
    /// The shortest design that gives a clear answer in four of five.
    Start {
        /// Its place in the list.
        option: usize,
    },
    /// No design reaches that; this one gives a clear answer more often than not, and somebody may find that enough.
    Perhaps {
        /// Its place in the list.
        option: usize,
    },
    /// None is worth starting.
    NotWorthStarting {
        /// The place of the best of them.
        best: usize,
    },
}

impl Burden {
    /// Returns what a design costs.
    pub fn of(design: &Design) -> Burden {
        const SECONDS_A_DAY: usize = 20;
        const SECONDS_A_WEEK: usize = 60;
        let days = design.total_days();
        let seconds = days * SECONDS_A_DAY + days.div_ceil(7) * SECONDS_A_WEEK;
        let with_capsules = design.arms().iter().filter(|arm| arm.has_capsule()).count();
        Burden {
            days,
            minutes: seconds.div_ceil(60),
            capsules: design.trial_days() * with_capsules / design.arms().len(),
        }
    }
}

/// Returns the designs that are looked at, the shortest first.
pub fn candidates(limits: &Limits) -> Vec<Design> {
    let mut designs: Vec<Design> = PAIRS
        .iter()
        .flat_map(|pairs| PERIOD_WEEKS.iter().map(|weeks| parts(limits, *pairs, *weeks)))
        .filter_map(|parts| Design::new(parts).ok())
        .filter(|design| design.total_days() <= usize::from(limits.most_weeks) * 7)
        .collect();
    designs.sort_by_key(|design| (design.total_days(), design.parts().blocks));
    designs
}

/// Weekly kits; where a period has four or more, a switch may come a week early or late.
fn parts(limits: &Limits, blocks: u8, weeks: u16) -> DesignParts {
    DesignParts {
        arms: limits.arms,
        blocks,
        period_days: 7 * weeks,
        kit_days: 7,
        jitter_kits: u8::from(weeks >= 4),
        run_in_days: limits.run_in_days,
        excluded_days: 7,
        max_run: 2,
        balance: Balance::WithinBlocks,
        dose: limits.dose,
        reference_dose: limits.reference_dose,
    }
}

/// Looks at every candidate, simulates the best of each length, and advises.
///
/// `progress` is told how many trials will be simulated and is called after each, from any thread.
pub fn advise(
    planner: &Planner,
    limits: &Limits,
    effort: Effort,
    progress: &(dyn Fn(Progress) + Sync),
) -> (Vec<Candidate>, Option<Advice>) {
    let mut options: Vec<Candidate> = candidates(limits)
        .into_iter()
        .map(|design| Candidate {
            burden: Burden::of(&design),
            quick: planner.quick(&design),
            design,
            simulated: None,
        })
        .collect();
    let chosen = best_of_each_length(&options);
    progress(Progress::Planned { trials: chosen.len() * effort.n_trials() });
    for place in chosen {
        let done = || progress(Progress::Done);
        let option = &mut options[place];
        option.simulated = Some(planner.simulated(&option.design, effort, done));
    }
    let advice = Advice::of(&options);
    (options, advice)
}

/// How far the simulation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many trials will be simulated.
    Planned {
        /// How many.
        trials: usize,
    },
    /// One more is done.
    Done,
}

/// Places of the designs that no shorter one beats, at most so many, around where the quick look crosses the aim.
fn best_of_each_length(options: &[Candidate]) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::new();
    for (place, option) in options.iter().enumerate() {
        let better = |other: &usize| options[*other].quick.clear >= option.quick.clear;
        if best.iter().any(better) {
            continue;
        }
        // Of several as long, only the best is kept.
        if let Some(last) = best.last()
            && options[*last].burden.days == option.burden.days
        {
            best.pop();
        }
        best.push(place);
    }
    // The quick look is too hopeful, so the interesting ones lie beyond it.
    let crossing = best.iter().position(|place| options[*place].quick.clear >= ENOUGH).unwrap_or(best.len());
    let end = (crossing + MOST_SIMULATED / 2).min(best.len());
    best[end.saturating_sub(MOST_SIMULATED)..end].to_vec()
}

impl Advice {
    /// Returns the advice on simulated options; `None` if none was simulated.
    pub fn of(options: &[Candidate]) -> Option<Advice> {
        let known = || {
            options
                .iter()
                .enumerate()
                .filter_map(|(place, option)| Some((place, option.simulated.as_ref()?.clear)))
        };
        let shortest = |least: f64| known().find(|(_, clear)| *clear >= least).map(|(place, _)| place);
        let best = known().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)?;
        Some(match (shortest(ENOUGH), shortest(WORTH_STARTING)) {
            (Some(option), _) => Advice::Start { option },
            (None, Some(_)) => Advice::Perhaps { option: best },
            (None, None) => Advice::NotWorthStarting { best },
        })
    }
}
