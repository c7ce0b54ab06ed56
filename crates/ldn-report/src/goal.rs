//! The goal as a number: 30 per cent less of a burden than before the first capsule.

use ldn_core::{Direction, Measure};

use crate::answers::GOAL_SHARE;

/// Returns the score that is the goal, on the measure's own scale from 0 to 10, for a mean score before the first
/// capsule.
///
/// Where lower is better it is 30 per cent less; where higher is better, 30 per cent of the way to 10.
pub fn goal_score(measure: Measure, mean_before: f64) -> f64 {
    match measure.direction() {
        Direction::LowerIsBetter => mean_before * (1.0 - GOAL_SHARE),
        Direction::HigherIsBetter => mean_before + GOAL_SHARE * (10.0 - mean_before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_goal_lies_on_the_better_side() {
        for (measure, before, goal) in [
            (Measure::Pain, 7.0, 4.9),
            (Measure::Sleep, 5.0, 6.5),
            (Measure::Fog, 0.0, 0.0),
            (Measure::Mood, 10.0, 10.0),
        ] {
            assert!((goal_score(measure, before) - goal).abs() < 1e-9, "{measure} {before}");
        }
    }
}
