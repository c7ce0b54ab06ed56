//! A world that the verdict model does not describe: section 9's list, each entry with numbers chosen here.
//!
//! What is wrong is the shape of the world and not the size of its effects: where the list names nothing, parameters come
//! from the same priors as in the other world. Otherwise coverage would measure the distance between two priors.

use rand::{Rng, RngExt};

use crate::REFERENCE_DOSE;
use crate::course::{Switches, gain, relative_response, two_stages};
use crate::flare;
use crate::intake::Day;
use crate::missing;
use crate::noise::heavy_tailed;
use crate::prior::{Parameters, draw_noise};
use crate::reporting::{ExpectedReport, report};
use crate::truth::{Expected, Truth};
use crate::window::Windows;

/// Levels with which a person is started: at least 3, because nobody treats a pain of 2, and at most 9, because above it
/// every noisy day is a 10.
const LEVELS: (f64, f64) = (3.0, 9.0);

/// The level at which an effect has the size drawn from its prior: the prior's mean level.
const USUAL_LEVEL: f64 = 6.0;

/// Median and spread of the noise without flares. Flares add a variance of 0.94, so that the whole has a median SD of
/// about 1.3, near the prior's 1.2.
const SIGMA: (f64, f64) = (0.9, 0.35);

/// Chance of a dead time and two unequal stages in place of the model's drug course.
const DELAYED_CHANCE: f64 = 0.5;

/// Least and greatest dead time in days, which come on top of the mean delay.
const DEAD_DAYS: (usize, usize) = (1, 11);

/// The first stage's share of the mean delay where the stages are unequal.
const FIRST_STAGE_SHARE: (f64, f64) = (0.1, 0.4);

/// Period of the drift's wave: from one that turns within a 12-week course to one nearly straight over 26 weeks.
const DRIFT_PERIOD_DAYS: (f64, f64) = (180.0, 540.0);

/// What is left in the end of the effects of a capsule and of knowing what is in it.
const WANING_FLOOR: (f64, f64) = (0.2, 0.8);

/// Days in which the waning part falls to 1/e.
const WANING_DAYS: (f64, f64) = (30.0, 120.0);

/// One person of this world.
#[derive(Clone, Debug, PartialEq)]
struct Person {
    /// As in the model; effects are those of a person at the usual level.
    parameters: Parameters,
    drug_course: DrugCourse,
    drift_period_days: f64,
    /// The day on which the drift crosses zero, anywhere in the diary.
    drift_centre_day: f64,
    waning_floor: f64,
    waning_days: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct DrugCourse {
    dead_days: usize,
    /// The first stage's share of the mean delay.
    first_stage_share: f64,
}

/// Draws a patient and returns the recorded whole points and the truth, which is that of the expected score.
pub(crate) fn live(days: &[Day], windows: &Windows, rng: &mut impl Rng) -> (Vec<Option<f64>>, Truth) {
    let person = Person::draw(days.len(), rng);
    let burden = person.burden(days, windows);
    let reports = person.report_series(&burden.with_drug, days, rng);
    let expected_report = ExpectedReport::of(&person.parameters.noise);
    let expected = burden.map(|burden| expected_report.at(burden));
    let scores = recorded(&reports, &expected.with_drug, windows.first, rng);
    (scores, Truth::of(&expected, windows))
}

impl Person {
    fn draw(n_days: usize, rng: &mut impl Rng) -> Person {
        let mut parameters = Parameters::draw(rng);
        while !(LEVELS.0..=LEVELS.1).contains(&parameters.mu) {
            parameters = Parameters::draw(rng);
        }
        parameters.noise = draw_noise(SIGMA.0, SIGMA.1, rng);
        Person {
            parameters,
            drug_course: DrugCourse::draw(rng),
            drift_period_days: between(DRIFT_PERIOD_DAYS, rng),
            drift_centre_day: between((0.0, n_days as f64), rng),
            waning_floor: between(WANING_FLOOR, rng),
            waning_days: between(WANING_DAYS, rng),
        }
    }

    /// Returns the burden before noise and reporting, under the three fates of the drug.
    fn burden(&self, days: &[Day], windows: &Windows) -> Expected {
        let [started, taking, knowing] = Switches::of(days, windows).courses(self.parameters.tau_p_days);
        let [p1, p2, p3] = self.parameters.nonspecific;
        let without_drug = (0..days.len())
            .map(|t| {
                let expectation = (p2 * taking[t] + p3 * knowing[t]) * self.waned(t, windows.first);
                self.parameters.mu - self.drift(t) - self.proportion() * (p1 * started[t] + expectation)
            })
            .collect();
        let built_up = self.drug_course.follow(&self.responses(days), self.parameters.tau_b_days);
        Expected::from_effect(without_drug, built_up, self.proportion() * self.parameters.b)
    }

    /// Returns how much larger every effect is than at the usual level.
    fn proportion(&self) -> f64 {
        self.parameters.mu / USUAL_LEVEL
    }

    /// Returns the improvement by drift, which has the prior's slope where it crosses zero and bends elsewhere.
    fn drift(&self, t: usize) -> f64 {
        let points_per_day = self.parameters.delta / 90.0;
        let radians_per_day = std::f64::consts::TAU / self.drift_period_days;
        points_per_day / radians_per_day * libm::sin(radians_per_day * (t as f64 - self.drift_centre_day))
    }

    /// Returns what is left of an expectation after so many days of treatment, from 1 down to the floor.
    fn waned(&self, t: usize, first: usize) -> f64 {
        let days_since_first = t.saturating_sub(first) as f64;
        self.waning_floor + (1.0 - self.waning_floor) * libm::exp(-days_since_first / self.waning_days)
    }

    /// Returns the relative response to each day's dose, a near threshold at the half-effect dose.
    ///
    /// Hill exponent 8 where the model has 2: half the threshold does nothing (0.4 %), and twice does all.
    fn responses(&self, days: &[Day]) -> Vec<f64> {
        let half_effect_power = eighth_power(self.parameters.half_effect_ratio);
        let ratio = |day: &Day| day.dose.milligrams() / REFERENCE_DOSE.milligrams();
        days.iter().map(|day| relative_response(eighth_power(ratio(day)), half_effect_power)).collect()
    }

    /// Draws the whole points that the person would report if no day were skipped.
    fn report_series(&self, burden: &[f64], days: &[Day], rng: &mut impl Rng) -> Vec<f64> {
        let noise = self.parameters.noise;
        let white_sd = noise.white_variance().sqrt();
        let weekday = self.parameters.weekday_effects(days);
        let slow = noise.slow_series(days.len(), rng);
        let flares = flare::series(days.len(), rng);
        (0..days.len())
            // Only the white part is heavy-tailed: a slow process driven by heavy-tailed shocks is nearly normal anyway.
            .map(|t| burden[t] + weekday[t] + slow[t] + flares[t] + white_sd * heavy_tailed(rng))
            .map(report)
            .collect()
    }
}

impl DrugCourse {
    /// The documented course of the model: no dead time, two equal stages.
    const MODEL: DrugCourse = DrugCourse { dead_days: 0, first_stage_share: 0.5 };

    fn draw(rng: &mut impl Rng) -> DrugCourse {
        if !rng.random_bool(DELAYED_CHANCE) {
            return DrugCourse::MODEL;
        }
        DrugCourse {
            dead_days: rng.random_range(DEAD_DAYS.0..=DEAD_DAYS.1),
            first_stage_share: between(FIRST_STAGE_SHARE, rng),
        }
    }

    fn follow(self, responses: &[f64], mean_delay_days: f64) -> Vec<f64> {
        let first_days = self.first_stage_share * mean_delay_days;
        let at_once = two_stages(responses, gain(first_days), gain(mean_delay_days - first_days));
        (0..responses.len())
            .map(|t| t.checked_sub(self.dead_days).map_or(0.0, |earlier| at_once[earlier]))
            .collect()
    }
}

/// Drops the scores of skipped days, bad days first, and of whole gaps.
fn recorded(reports: &[f64], expected: &[f64], first: usize, rng: &mut impl Rng) -> Vec<Option<f64>> {
    let share = missing::draw_share(rng);
    let mut scores: Vec<Option<f64>> = reports
        .iter()
        .zip(expected)
        .map(|(report, expected)| (!missing::skips_bad_day(share, report - expected, rng)).then_some(*report))
        .collect();
    missing::cut_gaps(&mut scores, first, rng);
    scores
}

fn between((least, greatest): (f64, f64), rng: &mut impl Rng) -> f64 {
    rng.random_range(least..greatest)
}

fn eighth_power(x: f64) -> f64 {
    let square = x * x;
    let fourth = square * square;
    fourth * fourth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::{World, generator, intake, simulate};

    fn person_and_days(design: Design, index: u64) -> (Person, Vec<Day>, Windows) {
        let mut rng = generator(61, design, index);
        let mut days = intake::draw(design, &mut rng);
        intake::hold_treatment(&mut days, design, &mut rng);
        let person = Person::draw(days.len(), &mut rng);
        let windows = Windows::of(&days);
        (person, days, windows)
    }

    #[test]
    fn without_delays_the_course_is_the_documented_one() {
        let responses: Vec<f64> = (0..80).map(|t| f64::from(t % 7) / 6.0).collect();
        let (k, mut first, mut second) = (1.0 - libm::exp(-2.0 / 12.0), 0.0, 0.0);
        let course = DrugCourse::MODEL.follow(&responses, 12.0);
        for t in 1..80 {
            first += k * (responses[t - 1] - first);
            second += k * (first - second);
            assert!((course[t] - second).abs() < 1e-12, "day {t}");
        }
    }

    #[test]
    fn a_dead_time_shifts_the_course() {
        let responses = vec![1.0; 60];
        let delayed = DrugCourse { dead_days: 5, first_stage_share: 0.2 };
        let at_once = DrugCourse { dead_days: 0, ..delayed };
        let (late, early) = (delayed.follow(&responses, 10.0), at_once.follow(&responses, 10.0));
        assert!(late[..=5].iter().all(|&level| level == 0.0) && late[6] > 0.0);
        assert_eq!(late[5..], early[..55]);
    }

    #[test]
    fn truth_is_the_mean_of_many_reported_courses() {
        for (design, index) in
            [(Design::Open12Weeks, 1), (Design::Blinded2PairsOf4Weeks, 2), (Design::Open3Weeks, 4)]
        {
            let (mut person, days, windows) = person_and_days(design, index);
            // The estimands exclude the weekday, which the windows would sample unevenly.
            person.parameters.weekday = [0.0; 6];
            // A long memory would make the replicates' means too uncertain to tell anything.
            person.parameters.noise.ell_days = 3.0;
            let burden = person.burden(&days, &windows);
            let table = ExpectedReport::of(&person.parameters.noise);
            let truth = Truth::of(&burden.clone().map(|b| table.at(b)), &windows);

            let mut rng = generator(62, design, index);
            let mut improvement_of = |series: &[f64]| {
                let mut means = (0.0, 0.0);
                for _ in 0..8_000 {
                    let reports = person.report_series(series, &days, &mut rng);
                    means.0 += windows.mean_before(&reports) / 8_000.0;
                    means.1 += windows.mean_evaluation(&reports) / 8_000.0;
                }
                (means.0, means.0 - means.1)
            };
            let (baseline, total) = improvement_of(&burden.with_drug);
            let (_, nonspecific) = improvement_of(&burden.without_drug);
            for (name, found, replicated) in [
                ("baseline", truth.baseline, baseline),
                ("total", truth.total, total),
                ("nonspecific_now", truth.nonspecific_now, nonspecific),
                ("drug_now", truth.drug_now, total - nonspecific),
            ] {
                assert!(
                    (found - replicated).abs() < 0.04,
                    "{design:?} {name}: {found}, replicated {replicated}"
                );
            }
        }
    }

    #[test]
    fn the_parts_of_a_truth_add_up() {
        for design in Design::ALL {
            for index in 0..40 {
                let truth = simulate(design, World::Misspecified, &mut generator(63, design, index)).truth;
                assert!((truth.total - truth.drug_now - truth.nonspecific_now).abs() < 1e-12, "{truth:?}");
                // No dose acts before the first capsule in any of the nine designs.
                assert!((truth.total_ss - truth.nonspecific_now - truth.b).abs() < 1e-12, "{truth:?}");
                assert!((0.0..=10.0).contains(&truth.baseline), "{truth:?}");
                // A part that is built up cannot exceed the whole.
                assert!(truth.drug_now.abs() <= truth.b.abs() + 0.05, "{design:?} {truth:?}");
            }
        }
    }

    #[test]
    fn half_are_delayed_and_nobody_leaves_the_ranges() {
        let mut n_delayed = 0;
        for index in 0..600 {
            let person = Person::draw(98, &mut generator(64, Design::Open12Weeks, index));
            assert!((3.0..=9.0).contains(&person.parameters.mu));
            assert!(person.drug_course.dead_days <= 11);
            n_delayed += usize::from(person.drug_course.dead_days > 0);
        }
        assert!((250..=350).contains(&n_delayed), "{n_delayed}");
    }

    #[test]
    fn doses_have_a_threshold_and_placebo_effects_wane() {
        let (mut person, days, windows) = person_and_days(Design::Open12Weeks, 0);
        person.parameters.half_effect_ratio = 0.6;
        let responses = person.responses(&days);
        let of_dose = |milligrams: f64| {
            days.iter().zip(&responses).find(|(day, _)| day.dose.milligrams() == milligrams).unwrap().1
        };
        assert_eq!(*of_dose(0.0), 0.0);
        assert!(*of_dose(1.5) < 0.02 && *of_dose(3.0) > 0.65 && (*of_dose(4.5) - 1.0).abs() < 1e-12);

        assert_eq!(person.waned(windows.first, windows.first), 1.0);
        let after_long = person.waned(5_000, windows.first);
        assert!((after_long - person.waning_floor).abs() < 1e-12);
    }

    #[test]
    fn every_effect_is_proportional_to_the_level_and_lowers_the_burden() {
        let (mut person, days, windows) = person_and_days(Design::Open12Weeks, 3);
        person.parameters.mu = 9.0;
        person.parameters.delta = 0.0;
        person.parameters.b = 1.0;
        person.parameters.nonspecific = [2.0, 0.0, 0.0];
        person.parameters.tau_p_days = 1.0;
        let burden = person.burden(&days, &windows);
        let last = days.len() - 1;
        assert_eq!(burden.without_drug[14], 9.0);
        assert!(
            (burden.without_drug[last] - (9.0 - 2.0 * 1.5)).abs() < 1e-9,
            "{}",
            burden.without_drug[last]
        );
        assert!((burden.without_drug[last] - burden.fully_built_up[last] - 1.5).abs() < 1e-9);

        // Both expectations wane, here at once and to their floor.
        person.parameters.nonspecific = [0.0, 1.0, 1.0];
        (person.waning_floor, person.waning_days) = (0.4, 1e-9);
        let treated = windows.on_treatment[last - 30..last].iter().all(|&on| on);
        assert!(treated, "this person's hold must lie elsewhere");
        let waned = person.burden(&days, &windows).without_drug[last];
        assert!((waned - (9.0 - 2.0 * 1.5 * 0.4)).abs() < 1e-6, "{waned}");
    }

    #[test]
    fn drift_is_an_improvement_with_the_slope_of_its_parameter() {
        let (mut person, days, windows) = person_and_days(Design::Open26Weeks, 0);
        person.parameters.delta = 1.8;
        person.parameters.nonspecific = [0.0; 3];
        person.drift_centre_day = 100.0;
        let burden = person.burden(&days, &windows).without_drug;
        assert!((burden[100] - person.parameters.mu).abs() < 1e-12);
        assert!((burden[101] - burden[99] + 2.0 * 1.8 / 90.0).abs() < 1e-4, "{}", burden[101] - burden[99]);
    }

    #[test]
    fn scores_are_whole_points_and_bad_days_are_missing_more_often() {
        let design = Design::Blinded3PairsOf6Weeks;
        let (mut recorded_excess, mut n_recorded, mut skipped_excess, mut n_skipped) = (0.0, 0.0, 0.0, 0.0);
        for index in 0..200 {
            let (person, days, windows) = person_and_days(design, index);
            let mut rng = generator(65, design, index);
            let burden = person.burden(&days, &windows).with_drug;
            let table = ExpectedReport::of(&person.parameters.noise);
            let expected: Vec<f64> = burden.iter().map(|&b| table.at(b)).collect();
            let reports = person.report_series(&burden, &days, &mut rng);
            for (t, score) in recorded(&reports, &expected, windows.first, &mut rng).into_iter().enumerate() {
                let excess = reports[t] - expected[t];
                if let Some(score) = score {
                    assert!(score == score.trunc() && (0.0..=10.0).contains(&score), "{score}");
                    (recorded_excess, n_recorded) = (recorded_excess + excess, n_recorded + 1.0);
                } else {
                    (skipped_excess, n_skipped) = (skipped_excess + excess, n_skipped + 1.0);
                }
            }
        }
        let difference = skipped_excess / n_skipped - recorded_excess / n_recorded;
        assert!(difference > 0.2, "{difference}");
    }
}
