//! A share of independent trials, with its exact interval.

use crate::meta::distribution::beta_at_most;

/// Returns the exact interval of a share after `successes` of `trials` (Clopper and Pearson 1934) at a level such as 0.95.
///
/// Each end is the share at which what was seen, or more extreme, has probability (1 − level)/2. It covers at least as
/// often as it says. `None` without trials, or with more successes than trials.
pub fn clopper_pearson(successes: usize, trials: usize, level: f64) -> Option<(f64, f64)> {
    if trials == 0 || successes > trials {
        return None;
    }
    let tail = 0.5 * (1.0 - level);
    let (k, n) = (successes as f64, trials as f64);
    // P(X ≥ k | p) = I_p(k, n − k + 1), rising in p; P(X ≤ k | p) = 1 − I_p(k + 1, n − k).
    let low = if successes == 0 { 0.0 } else { rising_to(tail, |p| beta_at_most(k, n - k + 1.0, p)) };
    let high =
        if successes == trials { 1.0 } else { rising_to(1.0 - tail, |p| beta_at_most(k + 1.0, n - k, p)) };
    Some((low, high))
}

/// Where a rising function on [0, 1] passes a level, by halving down to neighbouring numbers.
fn rising_to(level: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if f(middle) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Closed forms: no success in n leaves 1 − tail^(1/n); R's `binom.test(7, 10)` gives 0.3475471 to 0.9332605.
    #[test]
    fn known_intervals() {
        let (low, high) = clopper_pearson(0, 10, 0.95).unwrap();
        assert!(low == 0.0 && (high - (1.0 - libm::pow(0.025, 0.1))).abs() < 1e-12, "{low} {high}");
        let (low, high) = clopper_pearson(7, 10, 0.95).unwrap();
        assert!((low - 0.347_547_1).abs() < 5e-8 && (high - 0.933_260_5).abs() < 5e-8, "{low} {high}");
        assert_eq!(clopper_pearson(0, 0, 0.95), None);
        assert_eq!(clopper_pearson(2, 1, 0.95), None);
        assert_eq!(clopper_pearson(4, 4, 0.9).unwrap().1, 1.0);
    }

    #[test]
    fn the_interval_covers_at_least_as_often_as_it_says() {
        let choose = |n: usize, k: usize| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
        for share in [0.1, 0.37, 0.5, 0.9] {
            let covered: f64 = (0..=12)
                .filter(|k| {
                    let (low, high) = clopper_pearson(*k, 12, 0.9).unwrap();
                    (low..=high).contains(&share)
                })
                .map(|k| choose(12, k) * libm::pow(share, k as f64) * libm::pow(1.0 - share, (12 - k) as f64))
                .sum();
            assert!(covered >= 0.9, "{share}: {covered}");
        }
    }
}
