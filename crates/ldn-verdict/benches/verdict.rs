//! How long one person's verdict takes, part by part.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ldn_core::Measure;
use ldn_core::diary::{ReadOptions, read};
use ldn_simulate::{Design as Course, World, generator, simulate};
use ldn_verdict::response::exact::Design;
use ldn_verdict::response::posterior::{Points, Posterior};
use ldn_verdict::response::prior::{DrugPrior, PriorSet};
use ldn_verdict::response::series::Series;
use ldn_verdict::response::theta::Theta;
use ldn_verdict::response::verdict::{Settings, judge_series};

/// People whose verdicts are timed together, because the number of rounds differs from person to person.
const PEOPLE: u64 = 20;

fn courses() -> Vec<Series> {
    let course = |person| {
        let patient = simulate(
            Course::Open26Weeks,
            World::Misspecified,
            &mut generator(7, Course::Open26Weeks, person),
        );
        Series::from_diary(&patient.diary, Measure::Pain, Some(patient.reference_dose))
            .expect("a simulated course is complete")
    };
    (0..PEOPLE).map(course).collect()
}

fn responder() -> Series {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/verdict/s1_responder_open.csv");
    let bytes = std::fs::read(path).expect("the case is in the repository");
    let diary = read(&bytes, ReadOptions::default()).expect("the case is a diary");
    Series::from_diary(&diary, Measure::Pain, None).expect("the case is complete")
}

fn verdicts(c: &mut Criterion) {
    let priors = PriorSet::for_measure(Measure::Pain);
    let courses = courses();
    let days: usize = courses.iter().map(Series::n_days).sum::<usize>() / courses.len();
    let scored: usize = courses.iter().map(Series::n_scored).sum::<usize>() / courses.len();
    println!("26 weeks open label: {days} days, {scored} scored on average; {PEOPLE} people per iteration");
    for (name, points) in [("1024", Points::Registry), ("4096", Points::Person)] {
        let settings = Settings { points, ..Settings::new(Measure::Pain) };
        c.bench_function(&format!("{PEOPLE} whole verdicts, four priors, 26 weeks, {name} points"), |b| {
            b.iter(|| courses.iter().map(|s| judge_series(s, &settings, &priors)).collect::<Vec<_>>());
        });
        let one = responder();
        c.bench_function(&format!("one whole verdict, four priors, s1, {name} points"), |b| {
            b.iter(|| judge_series(black_box(&one), &settings, &priors));
        });
    }
}

fn parts(c: &mut Criterion) {
    let priors = PriorSet::for_measure(Measure::Pain);
    let series = responder();
    let design = Design::new(&series, &priors, 1.0);
    let thetas = vec![Theta([2.77, -0.4, 2.3, 1.94, 0.18, 0.0]); 1024];
    c.bench_function("exact part, s1, 1024 parameter vectors", |b| {
        b.iter(|| design.evaluate(black_box(&thetas)))
    });
    c.bench_function("posterior, s1, 1024 points", |b| {
        b.iter(|| Posterior::compute(black_box(&design), &priors, DrugPrior::Main, Points::Registry));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = verdicts, parts
}
criterion_main!(benches);
