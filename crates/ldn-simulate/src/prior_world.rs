//! The world in which the verdict model is exactly true.

use rand::{Rng, RngExt};

use crate::REFERENCE_DOSE;
use crate::course::{Switches, gain, relative_response, two_stages};
use crate::intake::Day;
use crate::missing;
use crate::prior::Parameters;
use crate::truth::{Expected, Truth};
use crate::window::Windows;

/// Draws a patient from the priors and returns the recorded burden and the truth.
///
/// Scores are missing completely at random, so that the likelihood of the recorded ones is the whole likelihood.
pub(crate) fn live(
    days: &[Day],
    windows: &Windows,
    step: f64,
    rng: &mut impl Rng,
) -> (Vec<Option<f64>>, Truth) {
    let parameters = Parameters::draw(rng);
    let expected = expected(&parameters, days, windows);
    let weekday = parameters.weekday_effects(days);
    let noise = parameters.noise.series(days.len(), step, rng);
    let missing_share = missing::draw_share(rng);
    let scores = (0..days.len())
        .map(|t| expected.with_drug[t] + weekday[t] + noise[t])
        .map(|burden| (!rng.random_bool(missing_share)).then_some(burden))
        .collect();
    (scores, Truth::of(&expected, windows))
}

/// Returns the mean of the model on each day, weekday excluded.
fn expected(parameters: &Parameters, days: &[Day], windows: &Windows) -> Expected {
    let [started, taking, knowing] = Switches::of(days, windows).courses(parameters.tau_p_days);
    let [p1, p2, p3] = parameters.nonspecific;
    let without_drug = (0..days.len())
        .map(|t| {
            let quarters_since_first = (t as f64 - windows.first as f64) / 90.0;
            let improvement =
                parameters.delta * quarters_since_first + p1 * started[t] + p2 * taking[t] + p3 * knowing[t];
            parameters.mu - improvement
        })
        .collect();
    Expected::from_effect(without_drug, built_up(parameters, days), parameters.b)
}

/// Returns E of the model on each day.
fn built_up(parameters: &Parameters, days: &[Day]) -> Vec<f64> {
    let half_effect_squared = parameters.half_effect_ratio * parameters.half_effect_ratio;
    let responses: Vec<f64> = days
        .iter()
        .map(|day| day.dose.milligrams() / REFERENCE_DOSE.milligrams())
        .map(|ratio| relative_response(ratio * ratio, half_effect_squared))
        .collect();
    let stage = gain(parameters.tau_b_days / 2.0);
    two_stages(&responses, stage, stage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::{World, generator, intake, simulate};

    /// Written out from section 4 as it stands there, window average by window average.
    #[test]
    fn truths_equal_the_estimands_of_section_4() {
        for design in Design::ALL {
            let mut rng = generator(21, design, 0);
            let days = intake::draw(design, &mut rng);
            let windows = Windows::of(&days);
            let parameters = Parameters::draw(&mut rng);
            let truth = Truth::of(&expected(&parameters, &days, &windows), &windows);

            let time: Vec<f64> = (0..days.len()).map(|t| (t as f64 - windows.first as f64) / 90.0).collect();
            let built_up = built_up(&parameters, &days);
            let courses = Switches::of(&days, &windows).courses(parameters.tau_p_days);
            let change = |series: &[f64]| windows.mean_evaluation(series) - windows.mean_before(series);
            let nonspecific = parameters.delta * change(&time)
                + (0..3).map(|j| parameters.nonspecific[j] * change(&courses[j])).sum::<f64>();
            let drug = parameters.b * change(&built_up);
            let baseline = parameters.mu
                - parameters.delta * windows.mean_before(&time)
                - (0..3).map(|j| parameters.nonspecific[j] * windows.mean_before(&courses[j])).sum::<f64>()
                - parameters.b * windows.mean_before(&built_up);
            for (name, found, formula) in [
                ("baseline", truth.baseline, baseline),
                ("total", truth.total, nonspecific + drug),
                ("drug_now", truth.drug_now, drug),
                ("nonspecific_now", truth.nonspecific_now, nonspecific),
                ("b", truth.b, parameters.b),
                (
                    "total_ss",
                    truth.total_ss,
                    nonspecific + parameters.b * (1.0 - windows.mean_before(&built_up)),
                ),
            ] {
                assert!((found - formula).abs() < 1e-12, "{design:?} {name}: {found} for {formula}");
            }
        }
    }

    /// Section 3 as it is written, in milligrams and with the closed-form sum.
    #[test]
    fn built_up_equals_the_formula_of_section_3() {
        for design in Design::ALL {
            let mut rng = generator(25, design, 0);
            let days = intake::draw(design, &mut rng);
            let parameters = Parameters::draw(&mut rng);
            let ed50_mg = parameters.half_effect_ratio * 4.5;
            let hill = |dose_mg: f64| dose_mg * dose_mg / (dose_mg * dose_mg + ed50_mg * ed50_mg);
            let k = 1.0 - libm::exp(-2.0 / parameters.tau_b_days);
            for (t, level) in built_up(&parameters, &days).into_iter().enumerate() {
                let formula: f64 = (0..t)
                    .map(|s| {
                        (t - s) as f64
                            * libm::pow(1.0 - k, (t - 1 - s) as f64)
                            * hill(days[s].dose.milligrams())
                    })
                    .sum::<f64>()
                    * k
                    * k
                    / hill(4.5);
                assert!((level - formula).abs() < 1e-12, "{design:?} day {t}: {level} for {formula}");
            }
        }
    }

    #[test]
    fn full_dose_builds_up_to_one_and_titration_lags_behind() {
        let design = Design::Open26Weeks;
        let mut rng = generator(22, design, 0);
        let days = intake::draw(design, &mut rng);
        let parameters = Parameters { tau_b_days: 5.0, ..Parameters::draw(&mut rng) };
        let built_up = built_up(&parameters, &days);
        assert!(
            built_up[..=14].iter().all(|&level| level == 0.0),
            "nothing acts before the day after the first dose"
        );
        assert!(built_up[15] > 0.0 && built_up[15] < 0.2, "{}", built_up[15]);
        assert!(built_up.iter().all(|&level| (0.0..=1.0).contains(&level)));
        assert!(built_up[100..].iter().sum::<f64>() / 96.0 > 0.9);
    }

    #[test]
    fn true_b_has_the_moments_of_its_prior() {
        let design = Design::Open3Weeks;
        let b: Vec<f64> = (0..6_000)
            .map(|index| simulate(design, World::Prior, &mut generator(23, design, index)).truth.b)
            .collect();
        let n = b.len() as f64;
        let mean = b.iter().sum::<f64>() / n;
        let sd = (b.iter().map(|b| (b - mean) * (b - mean)).sum::<f64>() / n).sqrt();
        assert!((mean - 0.3).abs() < 4.0 * 0.9 / n.sqrt(), "{mean}");
        assert!((sd / 0.9 - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{sd}");
    }

    /// The residual of a scored day has mean zero and variance sigma² + h²/12, whatever the patient.
    #[test]
    fn scores_are_not_clipped_and_scatter_as_the_model_says() {
        let design = Design::Open3Weeks;
        let (mut sum_of_squares, mut n, mut n_outside) = (0.0, 0.0, 0);
        for index in 0..4_000 {
            let mut rng = generator(24, design, index);
            let days = intake::draw(design, &mut rng);
            let windows = Windows::of(&days);
            let parameters = Parameters::draw(&mut rng.clone());
            let (scores, _) = live(&days, &windows, 0.1, &mut rng);
            let mean = expected(&parameters, &days, &windows).with_drug;
            let weekday = parameters.weekday_effects(&days);
            let variance = parameters.noise.sigma * parameters.noise.sigma + 0.01 / 12.0;
            for (t, score) in scores.iter().enumerate() {
                let Some(score) = score else { continue };
                let residual = score - mean[t] - weekday[t];
                sum_of_squares += residual * residual / variance;
                n += 1.0;
                n_outside += usize::from(!(0.0..=10.0).contains(score));
            }
        }
        assert!((sum_of_squares / n - 1.0).abs() < 0.03, "{}", sum_of_squares / n);
        assert!(n_outside > 1_000, "{n_outside}");
    }
}
