//! Changes of a diary that must not change the answer, and changes that must mirror it.

use jiff::Span;
use ldn_core::{Diary, DiaryRow, Measure, Scale, Score};
use ldn_verdict::response::batch;
use ldn_verdict::response::posterior::Points;
use ldn_verdict::response::prior::PriorSet;
use ldn_verdict::response::series::{DayRecord, Series};
use ldn_verdict::response::verdict::{Settings, Verdict, judge, judge_series};

use crate::golden::{CASES, Case};

fn settings(measure: Measure) -> Settings {
    Settings { points: Points::Registry, ..Settings::new(measure) }
}

fn verdict(diary: &Diary, measure: Measure) -> Verdict {
    judge(diary, &settings(measure)).unwrap()
}

/// Everything that is computed, as JSON without names of measures and dates.
fn numbers(verdict: &Verdict) -> serde_json::Value {
    let mut value = serde_json::to_value(verdict.estimate.as_ref().unwrap()).unwrap();
    value["response"] = serde_json::to_value(verdict.response).unwrap();
    value["grade"] = serde_json::to_value(verdict.grade).unwrap();
    value
}

fn with_rows(diary: &Diary, change: impl Fn(&DiaryRow) -> DiaryRow) -> Diary {
    Diary::new(diary.rows().iter().map(change).collect()).unwrap()
}

#[test]
fn whole_weeks_later_nothing_changes() {
    for name in CASES {
        let diary = Case::load(name).diary;
        let later =
            with_rows(&diary, |row| DiaryRow { date: row.date + Span::new().weeks(137), ..row.clone() });
        assert_eq!(
            numbers(&verdict(&diary, Measure::Pain)),
            numbers(&verdict(&later, Measure::Pain)),
            "{name}"
        );
    }
}

#[test]
fn a_day_later_only_weekdays_move() {
    let diary = Case::load(CASES[0]).diary;
    let later = with_rows(&diary, |row| DiaryRow { date: row.date + Span::new().days(1), ..row.clone() });
    let (a, b) = (verdict(&diary, Measure::Pain), verdict(&later, Measure::Pain));
    assert_ne!(numbers(&a), numbers(&b));
    let mean = |v: &Verdict| v.estimate.as_ref().unwrap().quantities.total.mean;
    assert!((mean(&a) - mean(&b)).abs() < 0.3);
}

/// A measure on which higher is better, given as 10 minus a measure on which lower is better, is the same diary. The
/// two must share their priors, so fog is compared with sleep.
#[test]
fn the_other_direction_is_the_mirror() {
    for name in CASES {
        let diary = Case::load(name).diary;
        let rescored = |measure: Measure, turn: fn(f64) -> f64| {
            with_rows(&diary, |row| {
                let mut changed = row.clone();
                let pain = changed.scores[Measure::Pain.index()].take();
                changed.scores[measure.index()] =
                    pain.map(|score| Score::new(measure, Scale::ZeroToTen, turn(score.as_typed())).unwrap());
                changed
            })
        };
        let fog = verdict(&rescored(Measure::Fog, |pain| pain), Measure::Fog);
        let sleep = verdict(&rescored(Measure::Sleep, |pain| 10.0 - pain), Measure::Sleep);
        assert_eq!(numbers(&fog), numbers(&sleep), "{name}");
        let mirrored = |mean: Option<f64>| mean.map(|mean| 10.0 - mean).unwrap();
        assert!((fog.observed.baseline_mean.unwrap() - mirrored(sleep.observed.baseline_mean)).abs() < 1e-12);
    }
}

#[test]
fn unscored_days_at_the_end_change_only_counts() {
    let case = Case::load("s1_responder_open");
    let series = case.series();
    let mut days: Vec<DayRecord> = series.days().to_vec();
    // Capsules stopped and nothing was scored any more: the windows stay where they were.
    let stopped =
        DayRecord { dose: ldn_core::Dose::ZERO, capsule: false, blind: false, arm: None, burden: None };
    days.extend(std::iter::repeat_n(stopped, 20));
    let longer = Series::new(series.date(0), days, Some(case.reference_dose));
    assert_eq!(
        longer.evaluation()[..27],
        series.evaluation()[1..],
        "the day after the last capsule joins the window"
    );

    let priors = PriorSet::for_measure(Measure::Pain);
    // The same days, but with the last scored day inside both windows: cut the longer one's extra day.
    let mut cut: Vec<DayRecord> = series.days().to_vec();
    cut.push(DayRecord { dose: ldn_core::Dose::ZERO, capsule: false, blind: false, arm: None, burden: None });
    let reference = Series::new(series.date(0), cut, Some(case.reference_dose));
    let short = judge_series(&reference, &settings(Measure::Pain), &priors).unwrap();
    let long = judge_series(&longer, &settings(Measure::Pain), &priors).unwrap();
    assert_eq!(numbers(&short), numbers(&long));
    assert_eq!((long.days, long.scored), (short.days + 19, short.scored));
}

#[test]
fn a_scale_of_a_hundred_agrees() {
    for name in ["s1_responder_open", "s7_flares_near_floor"] {
        let diary = Case::load(name).diary;
        let hundred = with_rows(&diary, |row| {
            let mut changed = row.clone();
            for score in changed.scores.iter_mut().flatten() {
                *score = Score::new(score.measure(), Scale::ZeroToHundred, 10.0 * score.as_typed()).unwrap();
            }
            changed
        });
        assert_eq!(
            numbers(&verdict(&diary, Measure::Pain)),
            numbers(&verdict(&hundred, Measure::Pain)),
            "{name}"
        );
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let diaries: Vec<Diary> = CASES.iter().map(|name| Case::load(name).diary).collect();
    let run = |threads: usize| {
        let pool = rayon_pool(threads);
        let judged = pool.install(|| batch::map(&diaries, |diary| verdict(diary, Measure::Pain), || ()));
        serde_json::to_string(&judged).unwrap()
    };
    let once = run(1);
    assert_eq!(once, run(1), "two runs");
    for threads in [2, 3, 7] {
        assert_eq!(once, run(threads), "{threads} threads");
    }
}

fn rayon_pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}
