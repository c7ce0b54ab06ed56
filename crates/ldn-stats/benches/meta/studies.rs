//! The studies that are pooled for timing: 1,000 sets of 20, from Halton points, the same everywhere.

use ldn_stats::meta::Effect;
use ldn_stats::{halton, normal};

/// Number of sets.
pub(crate) const SETS: u32 = 1_000;
/// Studies in each.
pub(crate) const STUDIES: u32 = 20;

/// Returns the sets: variances from 0.02 to 0.32, effects around 0.3 with a variance of 0.1 between studies.
pub(crate) fn sets() -> Vec<Vec<Effect>> {
    (0..SETS).map(|set| (0..STUDIES).map(|study| effect(set * STUDIES + study)).collect()).collect()
}

fn effect(point: u32) -> Effect {
    let [u, v, ..] = halton::point(point);
    let variance = 0.02 + 0.3 * v;
    Effect { estimate: 0.3 + (variance + 0.1).sqrt() * normal::quantile(u), variance }
}
