//! Flares: bad days that come in clusters.

use rand::{Rng, RngExt};

/// Share of days in a flare.
pub(crate) const SHARE: f64 = 0.10;

/// Least and greatest height of a flare in points; drawn evenly once per flare.
pub(crate) const HEIGHT: (f64, f64) = (1.0, 5.0);

/// Mean length of a flare. Three days make a cluster, and are too short to pass for a change of level.
const MEAN_DAYS: f64 = 3.0;

/// Draws how many points each day lies above the patient's usual burden; stationary from the first day on.
pub(crate) fn series(n_days: usize, rng: &mut impl Rng) -> Vec<f64> {
    // In the long run as many flares begin as end: onset · (1 − share) = share / mean length.
    let onset = SHARE / MEAN_DAYS / (1.0 - SHARE);
    let mut height = rng.random_bool(SHARE).then(|| draw_height(rng));
    let mut heights = Vec::with_capacity(n_days);
    for _ in 0..n_days {
        heights.push(height.unwrap_or(0.0));
        height = match height {
            Some(height) => (!rng.random_bool(1.0 / MEAN_DAYS)).then_some(height),
            None => rng.random_bool(onset).then(|| draw_height(rng)),
        };
    }
    heights
}

fn draw_height(rng: &mut impl Rng) -> f64 {
    rng.random_range(HEIGHT.0..HEIGHT.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::generator;

    #[test]
    fn a_tenth_of_the_days_in_clusters_of_three() {
        let heights = series(300_000, &mut generator(41, Design::Open3Weeks, 0));
        let in_flare: Vec<f64> = heights.iter().copied().filter(|&height| height > 0.0).collect();
        let n_onsets = heights.windows(2).filter(|pair| pair[0] == 0.0 && pair[1] > 0.0).count();
        let share = in_flare.len() as f64 / heights.len() as f64;
        assert!((share - 0.10).abs() < 0.004, "{share}");
        assert!((in_flare.len() as f64 / n_onsets as f64 - 3.0).abs() < 0.1);
        assert!(in_flare.iter().all(|height| (1.0..5.0).contains(height)));
        assert!((in_flare.iter().sum::<f64>() / in_flare.len() as f64 - 3.0).abs() < 0.06);
    }

    #[test]
    fn the_first_day_is_in_a_flare_as_often_as_any_other() {
        let n_flares = (0..20_000)
            .filter(|&index| series(1, &mut generator(42, Design::Open3Weeks, index))[0] > 0.0)
            .count();
        assert!((1_820..=2_180).contains(&n_flares), "{n_flares}");
    }
}
