//! Days without a score.

use rand::{Rng, RngExt};

use crate::prior::logistic;

/// Shares of missing scores, from a careful to a careless diary; each patient has one of the three.
const SHARES: [f64; 3] = [0.05, 0.15, 0.40];

/// How much more likely a score is to be missing per point above the day's expectation, in logits.
///
/// Odds of 1.35 per point: a day three points worse than usual goes unrecorded with 29 instead of 15 %. Measured
/// diaries show less (Ono 2019 saw no dependence on the day's pain); the misspecified world is to be harder than life.
const LOGITS_PER_POINT: f64 = 0.3;

/// Length of a gap in the diary: a holiday, a hospital, a lost telephone.
const GAP_DAYS: usize = 10;

/// One chance of a gap for every started 90 days of diary after the first capsule.
const DAYS_PER_GAP_CHANCE: usize = 90;

/// Chance that a gap that could happen does.
const GAP_CHANCE: f64 = 0.5;

/// Draws the share of a patient's days without a score.
pub(crate) fn draw_share(rng: &mut impl Rng) -> f64 {
    SHARES[rng.random_range(0..SHARES.len())]
}

/// Draws whether a day's score is missing; `excess` is how many points it lies above the expectation.
pub(crate) fn skips_bad_day(share: f64, excess: f64, rng: &mut impl Rng) -> bool {
    let logit = libm::log(share / (1.0 - share));
    rng.random_bool(logistic(logit + LOGITS_PER_POINT * excess))
}

/// Removes the scores of ten-day gaps, all after the first capsule.
///
/// A person who does not keep the diary at baseline is not started on treatment, so baseline has no such gap.
pub(crate) fn cut_gaps(scores: &mut [Option<f64>], first_treated_day: usize, rng: &mut impl Rng) {
    // The shortest design leaves 20 days after the first capsule, twice as many as a gap.
    let latest_start = scores.len() - GAP_DAYS;
    let n_chances = (scores.len() - first_treated_day).div_ceil(DAYS_PER_GAP_CHANCE);
    for _ in 0..n_chances {
        if rng.random_bool(GAP_CHANCE) {
            let start = rng.random_range(first_treated_day + 1..=latest_start);
            scores[start..start + GAP_DAYS].fill(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::{World, generator, simulate};

    #[test]
    fn patients_miss_a_twentieth_a_seventh_or_two_fifths() {
        let design = Design::Blinded3PairsOf6Weeks;
        let mut n_patients = [0; 3];
        let mut missing = [0.0; 3];
        for index in 0..300 {
            let scores = simulate(design, World::Prior, &mut generator(31, design, index)).scores;
            let share = scores.iter().filter(|score| score.is_none()).count() as f64 / scores.len() as f64;
            // 266 days separate the three shares by several standard deviations.
            let class = if share < 0.10 {
                0
            } else if share < 0.27 {
                1
            } else {
                2
            };
            n_patients[class] += 1;
            missing[class] += share;
        }
        assert!(n_patients.iter().all(|n| (65..=135).contains(n)), "{n_patients:?}");
        for (class, share) in SHARES.into_iter().enumerate() {
            let found = missing[class] / f64::from(n_patients[class]);
            assert!((found - share).abs() < 0.012, "{share}: {found}");
        }
    }

    #[test]
    fn bad_days_are_skipped_more_often() {
        let mut rng = generator(32, Design::Open3Weeks, 0);
        for (excess, expected) in [(0.0, 0.15), (3.0, 0.3027), (-3.0, 0.0669)] {
            let n_missing = (0..40_000).filter(|_| skips_bad_day(0.15, excess, &mut rng)).count();
            assert!((n_missing as f64 / 40_000.0 - expected).abs() < 0.01, "{excess}: {n_missing}");
        }
    }

    #[test]
    fn gaps_are_ten_days_after_the_first_capsule() {
        let mut n_with_gap = 0;
        for index in 0..400 {
            let mut scores = vec![Some(5.0); 98];
            cut_gaps(&mut scores, 14, &mut generator(33, Design::Open12Weeks, index));
            let n_missing = scores.iter().filter(|score| score.is_none()).count();
            assert!(n_missing == 0 || n_missing == 10, "{n_missing}");
            assert!(scores[..=14].iter().all(Option::is_some));
            n_with_gap += usize::from(n_missing > 0);
        }
        assert!((150..=250).contains(&n_with_gap), "{n_with_gap}");
    }
}
