//! The randomisation test: how rare is what was seen among all sequences that might have been drawn?
//!
//! It assumes nothing of the noise. The statistic is the generalised least-squares estimate of the drug effect with all
//! other columns of the model as nuisance, at noise that was estimated without the code. It is computed for every
//! sequence of the admissible set; if there are too many, for a sample of them, and the error of that is told.

use jiff::civil::Date;
use serde::Serialize;

use super::design::{Arm, Design};
use super::gls::{Coefficient, Regression};
use super::opened::Plan;
use super::sequence::{Admissible, Sequence};
use crate::response::series::Series;

/// Up to so many sequences the test looks at each of them.
pub const MOST_ENUMERATED: u128 = 100_000;
/// How many it draws where there are more; one less than a round number, because the one that was drawn counts too.
pub const SAMPLED: u32 = 9_999;
/// How often it tries to draw one with the same periods without capsules, before it gives up.
const MOST_TRIES: u32 = 200_000;
/// Fewest sequences that a sampled test may rest on.
const FEWEST_SAMPLED: usize = 199;
/// Mean delay of the drug in the statistic, in days.
const DELAY_DAYS: f64 = 16.0;
/// Statistics closer than this are the same: what differs is rounding.
const SAME: f64 = 1e-9;

/// What the test found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RandomisationTest {
    /// The drug effect by generalised least squares at fixed noise, no opinion about it; the statistic.
    pub statistic: Coefficient,
    /// How many sequences the design allows.
    pub admissible: u128,
    /// Whether every one of them was looked at, or a sample.
    pub method: Method,
    /// How many were looked at, the one that was drawn among them.
    pub looked_at: usize,
    /// How many of these give an effect at least as large, the one that was drawn among them.
    pub at_least_as_large: usize,
    /// One-sided probability of an effect at least as large if the capsules made no difference: the share of these.
    pub p: f64,
    /// The same, with those that give exactly as large an effect counted half.
    pub mid_p: f64,
    /// The smallest `p` that this trial could have given, however large the effect.
    pub floor: f64,
    /// Standard error of `p` from sampling; absent in an exact test.
    pub sampling_error: Option<f64>,
}

/// How the sequences were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// All of them.
    Exact,
    /// All of them that have the same periods without capsules, to which nobody was blind.
    ExactGivenOpenPeriods,
    /// A sample.
    Sampled,
}

/// Why there is no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTest {
    /// Too few of the sequences that were drawn have the same periods without capsules.
    #[error("too many sequences to look at each, and too few like this one among those drawn")]
    TooFew,
    /// The design does not allow this sequence.
    #[error("the sequence is not one that the design allows")]
    NotAdmissible,
}

/// The statistic as a function of what each kit held, everything else prepared.
struct Statistic {
    /// What the exposure from open doses beside the trial, and then that of each kit, has in common with the scores.
    with_scores: Vec<f64>,
    /// What each two of them have in common.
    products: Vec<Vec<f64>>,
}

/// Runs the test for the sequence that was drawn; `seed` matters only where a sample is needed.
///
/// # Errors
/// [`NoTest`].
pub(super) fn test(
    regression: &Regression,
    series: &Series,
    plan: &Plan,
    seed: u64,
) -> Result<RandomisationTest, NoTest> {
    let admissible = Admissible::of(&plan.design);
    if admissible.rank(&plan.sequence).is_none() {
        return Err(NoTest::NotAdmissible);
    }
    let statistic = Statistic::new(regression, series, &plan.design, plan.first_day);
    let drawn = plan.sequence.kit_arms(&plan.design);
    let is_open = |kits: &[Arm]| kits.iter().map(|arm| *arm == Arm::NoCapsule).collect::<Vec<_>>();
    let open = is_open(&drawn);
    let conditional = open.contains(&true);
    let like_it = |sequence: &Sequence| {
        let kits = sequence.kit_arms(&plan.design);
        (!conditional || is_open(&kits) == open).then_some(kits)
    };
    let observed = statistic.of(&drawn);
    let mut tally = Tally::new(observed.estimate);
    let exact = admissible.len() <= MOST_ENUMERATED;
    if exact {
        admissible
            .iter()
            .filter_map(|s| like_it(&s))
            .for_each(|kits| tally.add(statistic.of(&kits).estimate));
    } else {
        tally.add(observed.estimate);
        let mut numbers = Numbers::new(seed);
        for _ in 0..MOST_TRIES {
            if tally.all > SAMPLED as usize {
                break;
            }
            let sequence = admissible.nth(numbers.below(admissible.len()));
            if let Some(kits) = sequence.as_ref().and_then(like_it) {
                tally.add(statistic.of(&kits).estimate);
            }
        }
        if tally.all <= FEWEST_SAMPLED {
            return Err(NoTest::TooFew);
        }
    }
    let method = match (exact, conditional) {
        (true, false) => Method::Exact,
        (true, true) => Method::ExactGivenOpenPeriods,
        (false, _) => Method::Sampled,
    };
    Ok(tally.result(observed, admissible.len(), method))
}

/// Returns the standard error that the statistic has on average over the admissible set, of which it looks at 200 spread
/// evenly; it does not depend on the scores.
pub(super) fn expected_error(
    regression: &Regression,
    series: &Series,
    design: &Design,
    first_day: Date,
) -> f64 {
    const MOST: u128 = 200;
    let statistic = Statistic::new(regression, series, design, first_day);
    let admissible = Admissible::of(design);
    let n = MOST.min(admissible.len());
    let sequences = (0..n).filter_map(|k| admissible.nth(k * (admissible.len() / n)));
    let errors: Vec<f64> =
        sequences.map(|sequence| statistic.of(&sequence.kit_arms(design)).standard_error).collect();
    errors.iter().sum::<f64>() / errors.len() as f64
}

struct Tally {
    observed: f64,
    all: usize,
    larger: usize,
    same: usize,
}

impl Tally {
    const fn new(observed: f64) -> Tally {
        Tally { observed, all: 0, larger: 0, same: 0 }
    }

    fn add(&mut self, estimate: f64) {
        self.all += 1;
        if (estimate - self.observed).abs() <= SAME * (1.0 + self.observed.abs()) {
            self.same += 1;
        } else if estimate > self.observed {
            self.larger += 1;
        }
    }

    fn result(&self, statistic: Coefficient, admissible: u128, method: Method) -> RandomisationTest {
        let n = self.all as f64;
        let at_least_as_large = self.larger + self.same;
        let p = at_least_as_large as f64 / n;
        let sampled = method == Method::Sampled;
        RandomisationTest {
            statistic,
            admissible,
            method,
            looked_at: self.all,
            at_least_as_large,
            p,
            mid_p: (self.larger as f64 + 0.5 * self.same as f64) / n,
            floor: self.same as f64 / n,
            sampling_error: sampled.then(|| (p * (1.0 - p) / n).sqrt()),
        }
    }
}

impl Statistic {
    fn new(regression: &Regression, series: &Series, design: &Design, first_day: Date) -> Statistic {
        let kit_days = usize::from(design.parts().kit_days);
        let reference = design.parts().reference_dose.milligrams();
        let in_capsule = design.parts().dose.milligrams() / reference;
        let first = (first_day - series.date(0)).get_days();
        let kit_of = |t: usize| -> Option<usize> {
            let day = usize::try_from(t as i64 - i64::from(first)).ok()?;
            Some(day / kit_days).filter(|kit| *kit < design.n_kits())
        };
        let in_kit = |kit: usize| -> Vec<f64> {
            let taken = |t: usize| series.days()[t].capsule && kit_of(t) == Some(kit);
            (0..series.n_days()).map(|t| if taken(t) { in_capsule } else { 0.0 }).collect()
        };
        let open: Vec<f64> = (0..series.n_days())
            .map(|t| if kit_of(t).is_none() { series.days()[t].dose.milligrams() / reference } else { 0.0 })
            .collect();
        let doses = std::iter::once(open).chain((0..design.n_kits()).map(in_kit));
        // A column is minus an effect: improvements lower the burden.
        let columns: Vec<_> = doses
            .map(|doses| regression.column(&exposure(&doses).iter().map(|e| -e).collect::<Vec<f64>>()))
            .collect();
        Statistic {
            with_scores: columns.iter().map(|column| regression.with_scores(column)).collect(),
            products: columns
                .iter()
                .enumerate()
                .map(|(i, a)| columns[..=i].iter().map(|b| regression.product(a, b)).collect())
                .collect(),
        }
    }

    fn of(&self, kits: &[Arm]) -> Coefficient {
        let ldn = kits.iter().enumerate().filter(|(_, arm)| **arm == Arm::Ldn).map(|(kit, _)| kit + 1);
        let used: Vec<usize> = std::iter::once(0).chain(ldn).collect();
        let with_scores = used.iter().map(|i| self.with_scores[*i]).sum();
        let mut with_itself = 0.0;
        for (position, i) in used.iter().enumerate() {
            let before: f64 = used[..position].iter().map(|j| self.products[*i][*j]).sum();
            with_itself += 2.0 * before + self.products[*i][*i];
        }
        Coefficient::from_products(with_scores, with_itself)
    }
}

/// The course of two equal stages that daily doses cause, linear in them; doses act from the next day on.
pub(super) fn exposure(relative_doses: &[f64]) -> Vec<f64> {
    let step = 1.0 - libm::exp(-2.0 / DELAY_DAYS);
    let (mut stage, mut course) = (0.0, 0.0);
    let mut exposure = Vec::with_capacity(relative_doses.len());
    for t in 0..relative_doses.len() {
        if t > 0 {
            stage += step * (relative_doses[t - 1] - stage);
            course += step * (stage - course);
        }
        exposure.push(course);
    }
    exposure
}

/// Numbers that follow from a seed: SplitMix64 (Steele, Lea, Flood 2014).
struct Numbers(u64);

impl Numbers {
    const fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `bound`, each equally likely: those of the last, incomplete round are drawn again.
    fn below(&mut self, bound: u128) -> u128 {
        let rounds = u128::MAX / bound;
        loop {
            let number = u128::from(self.word()) << 64 | u128::from(self.word());
            if number / bound < rounds {
                return number % bound;
            }
        }
    }
}
