//! How effects build up and fade: the recursions of section 3.

use crate::intake::Day;
use crate::window::Windows;

/// Returns the share of the remaining way that a stage with this mean delay goes in a day.
pub(crate) fn gain(mean_delay_days: f64) -> f64 {
    1.0 - libm::exp(-1.0 / mean_delay_days)
}

/// Follows an input through one first-order stage; what happens today acts from tomorrow on.
pub(crate) fn one_stage(input: &[f64], gain: f64) -> Vec<f64> {
    let mut level = 0.0;
    let mut levels = Vec::with_capacity(input.len());
    for t in 0..input.len() {
        if t > 0 {
            level += gain * (input[t - 1] - level);
        }
        levels.push(level);
    }
    levels
}

/// Follows an input through two first-order stages in a row; the second sees the first as of the same day.
///
/// With two equal gains k this is E of the model: k² Σ (t−s)(1−k)^(t−1−s) g_s over all days s before t.
pub(crate) fn two_stages(input: &[f64], first_gain: f64, second_gain: f64) -> Vec<f64> {
    let mut level = 0.0;
    let mut levels = one_stage(input, first_gain);
    for first_level in &mut levels {
        // On day 0 both levels are zero, so that no exception is needed for it.
        level += second_gain * (*first_level - level);
        *first_level = level;
    }
    levels
}

/// Returns the dose-response relative to that at the reference dose, from the powers of a Hill curve.
///
/// Both arguments are ratios to the reference dose, raised to the Hill exponent: dose and half-effect dose.
pub(crate) fn relative_response(dose_power: f64, half_effect_power: f64) -> f64 {
    dose_power / (dose_power + half_effect_power) * (1.0 + half_effect_power)
}

/// The three switches u1, u2, u3 of the nonspecific effects, 0 or 1 on each day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Switches {
    /// Treatment has begun, whatever was swallowed since.
    pub(crate) started: Vec<f64>,
    /// On treatment.
    pub(crate) taking: Vec<f64>,
    /// On treatment and sure that it is the drug.
    pub(crate) knowing: Vec<f64>,
}

impl Switches {
    pub(crate) fn of(days: &[Day], windows: &Windows) -> Switches {
        let switch = |on: bool| if on { 1.0 } else { 0.0 };
        let taking = &windows.on_treatment;
        Switches {
            started: (0..days.len()).map(|t| switch(t >= windows.first)).collect(),
            taking: taking.iter().map(|&on| switch(on)).collect(),
            knowing: days.iter().zip(taking).map(|(day, &on)| switch(on && !day.is_blind())).collect(),
        }
    }

    /// Returns the courses P1, P2, P3.
    pub(crate) fn courses(&self, mean_delay_days: f64) -> [Vec<f64>; 3] {
        [&self.started, &self.taking, &self.knowing].map(|input| one_stage(input, gain(mean_delay_days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::design::Design;
    use crate::{generator, intake};

    proptest! {
        #[test]
        fn recursion_equals_the_closed_form(
            inputs in proptest::collection::vec(0.0_f64..1.5, 1..200),
            mean_delay_days in 1.0_f64..120.0,
        ) {
            let k = 1.0 - libm::exp(-2.0 / mean_delay_days);
            let recursion = two_stages(&inputs, gain(mean_delay_days / 2.0), gain(mean_delay_days / 2.0));
            for (t, level) in recursion.into_iter().enumerate() {
                let closed: f64 = (0..t)
                    .map(|s| (t - s) as f64 * libm::pow(1.0 - k, (t - 1 - s) as f64) * inputs[s])
                    .sum::<f64>() * k * k;
                prop_assert!((level - closed).abs() < 1e-12, "day {t}: {level} and {closed}");
            }
        }

        #[test]
        fn one_stage_equals_its_closed_form(switched_on in 0_usize..30, mean_delay_days in 1.0_f64..60.0) {
            let input: Vec<f64> = (0..100).map(|t| if t >= switched_on { 1.0 } else { 0.0 }).collect();
            for (t, level) in one_stage(&input, gain(mean_delay_days)).into_iter().enumerate() {
                let n_days_on = t.saturating_sub(switched_on) as f64;
                prop_assert!((level - (1.0 - libm::exp(-n_days_on / mean_delay_days))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn half_and_nine_tenths_are_reached_when_the_model_says() {
        let mean_delay_days = 1_000.0;
        let stage = gain(mean_delay_days / 2.0);
        let levels = two_stages(&vec![1.0; 2_500], stage, stage);
        for (delays, level) in [(0.84, 0.5), (1.94, 0.9)] {
            let reached = levels[(delays * mean_delay_days) as usize];
            assert!((reached - level).abs() < 0.003, "{delays}: {reached}");
        }
    }

    #[test]
    fn response_is_relative_to_the_reference_dose() {
        for half_effect in [0.2_f64, 0.67, 1.5] {
            let half = half_effect * half_effect;
            assert_eq!(relative_response(0.0, half), 0.0);
            assert!((relative_response(1.0, half) - 1.0).abs() < 1e-15);
            // At the half-effect dose the curve is at half of its ceiling, which lies above the reference dose's response.
            assert!((relative_response(half, half) - 0.5 * (1.0 + half)).abs() < 1e-15);
        }
    }

    #[test]
    fn expectation_of_the_drug_is_off_in_both_blinded_arms() {
        let design = Design::Open12WeeksThenBlinded2PairsOf4Weeks;
        let days = intake::draw(design, &mut generator(1, design, 0));
        let switches = Switches::of(&days, &Windows::of(&days));
        let on_from_to = |series: &[f64], from: usize, to: usize| {
            series.iter().enumerate().all(|(t, &u)| u == if (from..to).contains(&t) { 1.0 } else { 0.0 })
        };
        assert!(on_from_to(&switches.started, 14, design.n_days()));
        assert!(on_from_to(&switches.knowing, 14, 14 + 84));
        assert!(days[14 + 84..].iter().all(Day::is_blind));
    }
}
