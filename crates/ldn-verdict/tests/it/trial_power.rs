//! The design calculator: against the figures of the model's section 8, and against an independent world.

use ldn_core::{Dose, Measure};
use ldn_verdict::response::prior::PriorSet;
use ldn_verdict::response::series::{DayRecord, Series};
use ldn_verdict::trial::power::{
    Advice, Burden, Effort, Limits, Planner, PlannerInput, Progress, Witness, advise, candidates,
    hold_to_promise,
};
use ldn_verdict::trial::{Arms, Balance, Design, DesignParts};

const DOSE: Dose = Dose::from_micrograms(4_500);

fn design(blocks: u8, weeks: u16) -> Design {
    Design::new(DesignParts {
        arms: Arms::Two,
        blocks,
        period_days: 7 * weeks,
        kit_days: 7,
        jitter_kits: 0,
        run_in_days: 14,
        excluded_days: 7,
        max_run: 2,
        balance: Balance::WithinBlocks,
        dose: DOSE,
        reference_dose: DOSE,
    })
    .unwrap()
}

fn planner(diary: Option<Series>) -> Planner {
    let priors = PriorSet::for_measure(Measure::Pain);
    Planner::new(PlannerInput { diary, priors, step: 1.0, worthwhile: 0.5 })
}

fn limits(most_weeks: u16) -> Limits {
    Limits { most_weeks, dose: DOSE, reference_dose: DOSE, run_in_days: 14, arms: Arms::Two }
}

/// A diary before treatment: a level and a pattern around it.
fn diary(scores: impl IntoIterator<Item = f64>) -> Series {
    let day = |score: f64| DayRecord {
        dose: Dose::ZERO,
        capsule: false,
        blind: false,
        arm: None,
        burden: Some(score),
    };
    Series::new(jiff::civil::date(2026, 1, 5), scores.into_iter().map(day).collect(), None)
}

/// Section 8's table: posterior SD, then per cent "not" at 0 and "works" at 1, 1.5, 2 and 3 points.
#[test]
fn the_quick_look_agrees_with_the_table_of_the_model() {
    let table: [(u8, u16, f64, [f64; 5]); 9] = [
        (3, 2, 0.72, [28.0, 17.0, 31.0, 42.0, 58.0]),
        (6, 2, 0.58, [42.0, 31.0, 51.0, 64.0, 80.0]),
        (3, 4, 0.54, [46.0, 35.0, 57.0, 71.0, 85.0]),
        (2, 6, 0.51, [49.0, 38.0, 62.0, 76.0, 89.0]),
        (1, 12, 0.54, [45.0, 34.0, 59.0, 76.0, 91.0]),
        (2, 8, 0.45, [56.0, 46.0, 71.0, 84.0, 94.0]),
        (3, 6, 0.44, [57.0, 48.0, 72.0, 85.0, 94.0]),
        (3, 8, 0.38, [65.0, 57.0, 81.0, 91.0, 97.0]),
        (6, 8, 0.27, [79.0, 75.0, 93.0, 97.0, 100.0]),
    ];
    let planner = planner(None);
    for (blocks, weeks, sd, shares) in table {
        let quick = planner.quick(&design(blocks, weeks));
        assert!((quick.posterior_sd - sd).abs() < 0.05, "{blocks} × {weeks}: {}", quick.posterior_sd);
        let found =
            [quick.at[0].not, quick.at[1].works, quick.at[2].works, quick.at[3].works, quick.at[4].works];
        for (found, expected) in found.into_iter().zip(shares) {
            assert!((100.0 * found - expected).abs() < 6.0, "{blocks} × {weeks}: {found} for {expected}");
        }
        assert!(quick.false_alarm < 0.03, "{blocks} × {weeks}: {}", quick.false_alarm);
    }
}

/// Section 8: 32 weeks decide for 2 points in 84 of 100, and no trial of half a year decides for the average person.
#[test]
fn half_a_year_is_worth_starting_for_nobody_average() {
    let effort = Effort { average: 64, per_effect: 8, seed: 1 };
    let (options, advice) = advise(&planner(None), &limits(26), effort, &|_| {});
    assert!(matches!(advice, Some(Advice::NotWorthStarting { .. })), "{advice:?}");
    assert!(options.iter().any(|option| option.simulated.is_some()));
    assert!(options.iter().all(|option| option.burden.days <= 26 * 7));
}

#[test]
fn a_steady_person_needs_less_than_a_restless_one() {
    let steady = diary((0..56).map(|t| 6.0 + f64::from(u8::from(t % 9 == 4))));
    let restless = diary((0..56).map(|t| [3.0, 8.0, 6.0, 9.0, 2.0, 7.0, 5.0, 4.0][t * 5 % 8]));
    let design = design(3, 4);
    let [calm, wild] = [steady, restless].map(|diary| planner(Some(diary)).quick(&design).clear);
    assert!(calm > wild + 0.15, "{calm} {wild}");
}

#[test]
fn the_same_diary_and_seed_give_the_same_answer_and_progress_is_told() {
    let planner = planner(Some(diary((0..28).map(|t| [5.0, 6.0, 7.0][t % 3]))));
    let effort = Effort { average: 16, per_effect: 4, seed: 7 };
    let said = std::sync::Mutex::new((0, 0));
    let told = |progress: Progress| match progress {
        Progress::Planned { trials } => said.lock().unwrap().0 += trials,
        Progress::Done => said.lock().unwrap().1 += 1,
    };
    let first = advise(&planner, &limits(30), effort, &told);
    assert_eq!(first, advise(&planner, &limits(30), effort, &|_| {}));
    let (planned, done) = *said.lock().unwrap();
    assert!(planned == done && planned > 0, "{planned} {done}");
    let other = advise(&planner, &limits(30), Effort { seed: 8, ..effort }, &|_| {});
    assert_ne!(first.0, other.0);
}

#[test]
fn what_a_trial_costs() {
    let burden = Burden::of(&design(2, 8));
    assert_eq!((burden.days, burden.capsules), (14 + 224, 224));
    // 238 days of 20 seconds and 34 weeks of a minute.
    assert_eq!(burden.minutes, (238 * 20 + 34 * 60_usize).div_ceil(60));
    let designs = candidates(&limits(52));
    assert!(designs.len() > 15 && designs.is_sorted_by_key(Design::total_days));
}

/// People of a world that the planner does not know, with flares, delays, holds and gaps: it promises from two weeks of
/// their diary, and then their trial happens. The command for more people and all designs: `ldn trial design --calibrate`.
#[test]
fn the_promise_is_within_five_points_of_what_happens() {
    let priors = PriorSet::for_measure(Measure::Pain);
    for (design, blocks, weeks) in [
        (ldn_simulate::Design::Blinded2PairsOf4Weeks, 2, 4),
        (ldn_simulate::Design::Blinded3PairsOf6Weeks, 3, 6),
    ] {
        let witnesses: Vec<Witness> = (0..160).map(|person| witness(design, person)).collect();
        let promise = hold_to_promise(&self::design(blocks, weeks), &witnesses, &priors, 0.5, || ());
        assert!((promise.promised - promise.happened).abs() <= 0.05, "{design}: {promise:?}");
    }
}

fn witness(design: ldn_simulate::Design, person: u64) -> Witness {
    let world = ldn_simulate::World::Misspecified;
    let patient = ldn_simulate::simulate(design, world, &mut ldn_simulate::generator(77, design, person));
    let day = |(row, burden): (&ldn_core::DiaryRow, &Option<f64>)| DayRecord {
        dose: row.dose.unwrap_or_default(),
        capsule: row.capsule.unwrap_or_default(),
        blind: row.blind,
        arm: row.arm.clone(),
        burden: *burden,
    };
    let days: Vec<DayRecord> = patient.diary.rows().iter().zip(&patient.scores).map(day).collect();
    let series = |days: &[DayRecord]| Series::new(patient.diary.first_date(), days.to_vec(), Some(DOSE));
    let run_in = days.iter().position(|day| day.capsule).unwrap();
    Witness { before: series(&days[..run_in]), whole: series(&days), step: patient.step }
}
