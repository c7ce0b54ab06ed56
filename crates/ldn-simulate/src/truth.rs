//! What is true of a patient: the estimands of section 4.

use crate::window::Windows;

/// The true values of what the engine estimates; points of a 0 to 10 scale, improvements positive.
///
/// In the prior world they are functions of the parameters, in the misspecified world of the expected reported score.
/// Noise and weekday are excluded from both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truth {
    /// Mean burden over the baseline window W0.
    pub baseline: f64,
    /// Improvement from W0 to the evaluation window W1.
    pub total: f64,
    /// The part of `total` that goes away when the drug has no effect and everything else stays.
    pub drug_now: f64,
    /// The rest of `total`: placebo, time and drift.
    pub nonspecific_now: f64,
    /// Effect of the drug at the reference dose, fully built up, against none, over the days of W1.
    pub b: f64,
    /// Improvement to expect at the reference dose once built up: `nonspecific_now` + b · (1 − built up in W0).
    pub total_ss: f64,
}

/// Expected burden of each day under three fates of the drug effect, and how far it was really built up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expected {
    pub(crate) with_drug: Vec<f64>,
    pub(crate) without_drug: Vec<f64>,
    pub(crate) fully_built_up: Vec<f64>,
    /// E of the model, 1 at the reference dose in the long run.
    pub(crate) built_up: Vec<f64>,
}

impl Truth {
    pub(crate) fn of(expected: &Expected, windows: &Windows) -> Truth {
        let improvement = |series: &[f64]| windows.mean_before(series) - windows.mean_evaluation(series);
        let total = improvement(&expected.with_drug);
        let nonspecific_now = improvement(&expected.without_drug);
        let b = windows.mean_evaluation(&expected.without_drug)
            - windows.mean_evaluation(&expected.fully_built_up);
        Truth {
            baseline: windows.mean_before(&expected.with_drug),
            total,
            drug_now: total - nonspecific_now,
            nonspecific_now,
            b,
            total_ss: nonspecific_now + b * (1.0 - windows.mean_before(&expected.built_up)),
        }
    }
}

impl Expected {
    /// Builds the three fates from the burden without the drug and the effect at the reference dose.
    pub(crate) fn from_effect(without_drug: Vec<f64>, built_up: Vec<f64>, effect: f64) -> Expected {
        let with_drug =
            without_drug.iter().zip(&built_up).map(|(burden, share)| burden - effect * share).collect();
        let fully_built_up = without_drug.iter().map(|burden| burden - effect).collect();
        Expected { with_drug, without_drug, fully_built_up, built_up }
    }

    /// Sends every expected burden through the same transformation.
    pub(crate) fn map(self, transform: impl Fn(f64) -> f64) -> Expected {
        let over = |series: Vec<f64>| series.into_iter().map(&transform).collect();
        Expected {
            with_drug: over(self.with_drug),
            without_drug: over(self.without_drug),
            fully_built_up: over(self.fully_built_up),
            built_up: self.built_up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truths_of_a_hand_computed_course() {
        // First capsule on day 1; W0 is days 0 and 1, W1 days 2 and 3. A tenth of the effect is there before treatment.
        let windows = Windows::of_capsules(&[false, true, true, true]);
        let expected = Expected::from_effect(vec![7.0, 6.0, 5.0, 5.0], vec![0.1, 0.1, 0.3, 0.5], 2.0);
        let truth = Truth::of(&expected, &windows);
        for (name, found, by_hand) in [
            ("baseline", truth.baseline, 6.5 - 0.2),
            ("total", truth.total, (6.5 - 0.2) - (5.0 - 0.8)),
            ("nonspecific_now", truth.nonspecific_now, 1.5),
            ("drug_now", truth.drug_now, 2.0 * (0.4 - 0.1)),
            ("b", truth.b, 2.0),
            ("total_ss", truth.total_ss, 1.5 + 2.0 * 0.9),
        ] {
            assert!((found - by_hand).abs() < 1e-12, "{name}: {found} for {by_hand}");
        }
    }
}
