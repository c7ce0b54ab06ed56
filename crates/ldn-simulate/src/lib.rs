//! Simulated patients whose truth is known, to hold the verdict engine against.
//!
//! A patient is a diary, the scores behind it and six true numbers. An engine that is right covers those numbers as
//! often as it says, over many patients. Two worlds make them: [`World::Prior`] is the verdict model itself with
//! parameters from its own priors, and [`World::Misspecified`] is what the model leaves out: rounding, flares, waning
//! placebo effects, delays and bad days without an entry.
//!
//! This crate is the independent witness. It was written from the specification of the model `verdict-1` (sections 2, 3, 4
//! and 9) and deliberately knows nothing of the engine: it shares no line with `ldn-verdict` or `ldn-stats`, has its
//! own windows, its own recursions and its own priors, and never fits anything. A mistake would have to be made twice
//! to go unseen. It also knows no clock, no file and no randomness of its own.
//!
//! Start with [`simulate`] and [`generator`]. To add a design, add a variant to [`Design`] and its row in
//! `Design::shape`; the schedule, the windows and the truths follow from it.
//!
//! ```
//! use ldn_simulate::{Design, World, generator, simulate};
//! let patient = simulate(Design::Open12Weeks, World::Prior, &mut generator(1, Design::Open12Weeks, 7));
//! assert_eq!(patient.diary.rows().len(), 14 + 12 * 7);
//! assert_eq!(patient.scores.len(), patient.diary.rows().len());
//! ```

mod course;
mod design;
mod flare;
mod intake;
mod missing;
mod misspecified;
mod noise;
mod prior;
mod prior_world;
mod reporting;
mod truth;
mod window;

use ldn_core::{Diary, DiaryRow, Dose, Measure, Scale, Score};
use rand::Rng;
use rand_pcg::Pcg64;

pub use design::Design;
pub use truth::Truth;

use intake::Day;
use window::Windows;

/// The planned maintenance dose of every design, 4.5 mg, which is the dose the truths speak of.
const REFERENCE_DOSE: Dose = Dose::from_micrograms(4_500);

/// The rules by which a patient's scores come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum World {
    /// The verdict model exactly, all 18 parameters drawn from the priors of the set `ldn-pain-1`.
    Prior,
    /// A world that breaks the model's assumptions in every way that section 9 names.
    Misspecified,
}

/// One simulated person: what an engine may see, and what is true.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    /// One row per calendar day with its dose, capsule, blinding and arm; the scores in it are pain.
    ///
    /// For reading and display: its scores are clipped to 0 to 10 and rounded to `step`.
    pub diary: Diary,
    /// The burden an engine is to be fed, one per calendar day, higher is worse, `None` if not recorded.
    ///
    /// Not limited to 0 to 10 in the prior world, where clipping would break the exactness that simulation-based
    /// calibration rests on.
    pub scores: Vec<Option<f64>>,
    /// The dose at which the relative dose-response is 1.
    pub reference_dose: Dose,
    /// The reporting step h in points: 0.1 in the prior world, 1 in the misspecified one.
    ///
    /// In the prior world nothing is rounded; the model's rounding variance h²/12 is part of the white noise instead.
    pub step: f64,
    /// What is true of this patient.
    pub truth: Truth,
}

impl World {
    /// Both worlds.
    pub const ALL: [World; 2] = [World::Prior, World::Misspecified];

    /// Returns the name used in files and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            World::Prior => "prior",
            World::Misspecified => "misspecified",
        }
    }

    /// Returns the reporting step h in points.
    const fn step(self) -> f64 {
        match self {
            World::Prior => 0.1,
            World::Misspecified => 1.0,
        }
    }
}

/// Draws one patient.
///
/// Everything about the patient comes from the generator, so a patient can be made again from [`generator`] alone.
pub fn simulate(design: Design, world: World, rng: &mut impl Rng) -> Patient {
    let mut days = intake::draw(design, rng);
    if world == World::Misspecified {
        intake::hold_treatment(&mut days, design, rng);
    }
    let windows = Windows::of(&days);
    let step = world.step();
    let (scores, truth) = match world {
        World::Prior => prior_world::live(&days, &windows, step, rng),
        World::Misspecified => misspecified::live(&days, &windows, rng),
    };
    let diary = diary(&days, &scores, step);
    Patient { diary, scores, reference_dose: REFERENCE_DOSE, step, truth }
}

/// Makes the generator of one patient from a recorded seed, so that each can be drawn alone and in any order.
///
/// The same patient number gives the same start date and the same order of periods in both worlds. State and stream are
/// both hashed: PCG generators whose seeds differ in a few bits are visibly correlated at first.
pub fn generator(seed: u64, design: Design, patient: u64) -> Pcg64 {
    let key = [seed, design as u64, patient].into_iter().fold(0, |key, part| scramble(key ^ part));
    let word = |position: u64| u128::from(scramble(key.wrapping_add(position.wrapping_mul(GOLDEN))));
    Pcg64::new(word(0) << 64 | word(1), word(2) << 64 | word(3))
}

/// 2^64 divided by the golden ratio, made odd; the increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// One step of SplitMix64 (Steele, Lea, Flood 2014), a bijection in which every input bit reaches every output bit.
fn scramble(word: u64) -> u64 {
    let word = word.wrapping_add(GOLDEN);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

fn diary(days: &[Day], scores: &[Option<f64>], step: f64) -> Diary {
    let rows = days.iter().zip(scores).map(|(day, score)| {
        let mut row = DiaryRow::empty(day.date);
        row.dose = Some(day.dose);
        row.capsule = Some(day.capsule);
        row.blind = day.is_blind();
        row.arm = day.arm.clone();
        row.scores[Measure::Pain.index()] = score.map(|burden| displayed(burden, step));
        row
    });
    Diary::new(rows.collect()).expect("every design has days, and they follow each other")
}

fn displayed(burden: f64, step: f64) -> Score {
    // Dividing by the number of steps in a point prints better than multiplying by the step: 3 / 10 is 0.3, 3 * 0.1 not.
    let steps_per_point = (1.0 / step).round();
    let value = (burden * steps_per_point).round() / steps_per_point;
    Score::new(Measure::Pain, Scale::ZeroToTen, value.clamp(0.0, 10.0)).expect("clamped to the scale")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ldn_core::diary::{Arm, ReadOptions, read};

    const SEED: u64 = 20_250_101;

    fn patient(design: Design, world: World, index: u64) -> Patient {
        simulate(design, world, &mut generator(SEED, design, index))
    }

    #[test]
    fn every_design_yields_a_diary_that_the_strict_reader_takes() {
        for design in Design::ALL {
            for world in World::ALL {
                for index in 0..20 {
                    let Patient { diary, scores, truth, .. } = patient(design, world, index);
                    let reread = read(diary.to_csv(Scale::ZeroToTen).as_bytes(), ReadOptions::default());
                    assert_eq!(reread.as_ref(), Ok(&diary), "{design:?} {world:?} {index}");
                    assert_eq!(scores.len(), design.n_days());
                    assert!(truth.total.is_finite() && truth.b.is_finite(), "{truth:?}");
                    let scored = diary.rows().iter().map(|row| row.score(Measure::Pain).is_some());
                    assert!(scored.eq(scores.iter().map(Option::is_some)), "{design:?} {world:?} {index}");
                }
            }
        }
    }

    #[test]
    fn every_design_has_its_days_and_arms() {
        for (design, n_days, n_active_days, n_placebo_days) in [
            (Design::Open3Weeks, 35, 0, 0),
            (Design::Open12Weeks, 98, 0, 0),
            (Design::Open26Weeks, 196, 0, 0),
            (Design::Open12WeeksThenOff6Weeks, 140, 0, 0),
            (Design::Blinded3PairsOf2Weeks, 98, 42, 42),
            (Design::Blinded2PairsOf4Weeks, 126, 56, 56),
            (Design::Blinded3PairsOf4Weeks, 182, 84, 84),
            (Design::Blinded3PairsOf6Weeks, 266, 126, 126),
            (Design::Open12WeeksThenBlinded2PairsOf4Weeks, 210, 56, 56),
        ] {
            for world in World::ALL {
                let Patient { diary, .. } = patient(design, world, 3);
                let count =
                    |arm: Arm| diary.rows().iter().filter(|row| row.arm.as_ref() == Some(&arm)).count();
                assert_eq!(diary.rows().len(), n_days, "{design:?}");
                assert_eq!(count(Arm::Active), n_active_days, "{design:?}");
                assert_eq!(count(Arm::Placebo), n_placebo_days, "{design:?}");
                assert!(diary.rows().iter().all(|row| row.blind == row.arm.is_some()), "{design:?}");
            }
        }
    }

    #[test]
    fn a_patient_is_reproducible_alone_and_unlike_any_other() {
        let design = Design::Blinded3PairsOf4Weeks;
        for world in World::ALL {
            let (first, again, other) =
                (patient(design, world, 5), patient(design, world, 5), patient(design, world, 6));
            assert_eq!(first, again);
            assert_ne!(first, other);
            assert_ne!(first, simulate(design, world, &mut generator(SEED + 1, design, 5)));
            assert_ne!(generator(SEED, design, 5), generator(SEED, Design::Open3Weeks, 5));
        }
    }

    #[test]
    fn recorded_seeds_still_mean_the_same_patients() {
        // If these change, every recorded calibration speaks of other patients: say so where it is recorded.
        for (world, b, total, sum) in [
            (World::Prior, 0.9138174189169439, 1.4141148152560807, 251.02564394618082),
            (World::Misspecified, -0.23135727333224398, 0.691133037009485, 377.0),
        ] {
            let Patient { truth, scores, .. } = patient(Design::Open12Weeks, world, 0);
            let sum_of_scores: f64 = scores.iter().flatten().sum();
            assert!((truth.b - b).abs() < 1e-9 && (truth.total - total).abs() < 1e-9, "{world:?} {truth:?}");
            assert!((sum_of_scores - sum).abs() < 1e-9, "{world:?} {sum_of_scores}");
        }
    }

    #[test]
    fn the_raw_series_is_the_displayed_one_before_clipping_and_rounding() {
        for world in World::ALL {
            let Patient { diary, scores, step, .. } = patient(Design::Open26Weeks, world, 1);
            for (row, raw) in diary.rows().iter().zip(scores) {
                let Some(raw) = raw else { continue };
                let shown = row.score(Measure::Pain).unwrap().burden();
                assert!(
                    (shown - raw.clamp(0.0, 10.0)).abs() <= step / 2.0 + 1e-12,
                    "{world:?} {raw} {shown}"
                );
            }
        }
    }

    /// Returns the length of the longest run of rows of which something is true.
    fn longest_run(diary: &Diary, is_so: fn(&DiaryRow) -> bool) -> usize {
        diary.rows().split(|row| !is_so(row)).map(<[DiaryRow]>::len).max().unwrap_or(0)
    }

    #[test]
    fn gaps_and_holds_belong_to_the_misspecified_world() {
        let design = Design::Open26Weeks;
        let count = |world: World, is_so: fn(&Diary) -> bool| {
            (0..200).filter(|&index| is_so(&patient(design, world, index).diary)).count()
        };
        // The 14 days before treatment are capsule-free in both worlds.
        let with_hold = |diary: &Diary| {
            let treated = Diary::new(diary.rows()[14..].to_vec()).unwrap();
            longest_run(&treated, |row| row.capsule == Some(false)) >= 3
        };
        let with_gap = |diary: &Diary| longest_run(diary, |row| row.score(Measure::Pain).is_none()) >= 10;
        let (holds, holds_in_prior) = (count(World::Misspecified, with_hold), count(World::Prior, with_hold));
        let (gaps, gaps_in_prior) = (count(World::Misspecified, with_gap), count(World::Prior, with_gap));
        assert!((75..=125).contains(&holds) && holds_in_prior < 10, "{holds} {holds_in_prior}");
        // Three chances of one half each leave one patient in eight without a gap.
        assert!((155..=193).contains(&gaps) && gaps_in_prior < 10, "{gaps} {gaps_in_prior}");
    }

    #[test]
    fn patients_start_on_every_weekday_of_2025() {
        let design = Design::Open3Weeks;
        let mut starts = [0; 7];
        for index in 0..700 {
            let date = patient(design, World::Prior, index).diary.first_date();
            assert_eq!(date.year(), 2025);
            starts[date.weekday().to_monday_zero_offset() as usize] += 1;
        }
        // 100 expected on each, standard deviation 9.3.
        assert!(starts.iter().all(|n| (60..=140).contains(n)), "{starts:?}");
    }

    /// Observed minus true improvement, averaged over patients: nothing but the noise may be left between them.
    #[test]
    fn observed_improvement_agrees_with_the_true_one_on_average() {
        for design in [Design::Open12Weeks, Design::Blinded2PairsOf4Weeks, Design::Open12WeeksThenOff6Weeks] {
            let differences: Vec<f64> = (0..1_500)
                .filter_map(|index| {
                    let patient = patient(design, World::Prior, index);
                    let windows = Windows::of_capsules(
                        &patient.diary.rows().iter().map(|row| row.capsule.unwrap()).collect::<Vec<_>>(),
                    );
                    let observed_mean = |days: &[usize]| {
                        let scores: Vec<f64> = days.iter().filter_map(|&day| patient.scores[day]).collect();
                        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
                    };
                    let observed = observed_mean(&windows.before)? - observed_mean(&windows.evaluation)?;
                    Some(observed - patient.truth.total)
                })
                .collect();
            let n = differences.len() as f64;
            let mean = differences.iter().sum::<f64>() / n;
            let sd = (differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n).sqrt();
            assert!(mean.abs() < 4.0 * sd / n.sqrt(), "{design:?}: {mean} with SD {sd}");
        }
    }
}
