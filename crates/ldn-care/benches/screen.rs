//! How fast people are screened: 10,000 intakes with ten medicines each, on one core.
//!
//! The aim is less than a second for all of them.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ldn_care::intake::{Answer, Intake, ListedMedicine, Release, Use, read};
use ldn_care::medicine::Formulary;
use ldn_care::screen::{RuleSet, ordinary, screen};

/// The name that is misspelt in the second list: asking what was meant costs more than a name that is known.
const RIGHT: &str = "sertraline 50 mg";
const MISSPELT: &str = "sertralin 50 mg";

/// What such lists hold: generic names, brands, strengths, an opioid now and then.
const NAMES: [&str; 20] = [
    "Duloxetine 60 mg capsules",
    "pregabalin 75mg",
    "Amitriptyline 10 mg nocte",
    "Ibuprofen 400 mg",
    "paracetamol 500mg",
    "Omeprazole 20 mg",
    "Levothyroxine 50 micrograms",
    "Metformin 500 mg",
    "Lisinopril 10 mg",
    "Atorvastatin 20 mg",
    "Vitamin D3",
    RIGHT,
    "Gabapentin 300 mg",
    "Salbutamol inhaler",
    "Cetirizine 10 mg",
    "Magnesium citrate",
    "Sumatriptan 50 mg",
    "co-codamol 8/500",
    "Tramadol 50 mg",
    "Humira",
];

fn people(n: u64, misspelt: bool) -> Vec<Intake> {
    let spelt = |name: &str| if misspelt && name == RIGHT { MISSPELT.to_owned() } else { name.to_owned() };
    (0..n)
        .map(|number| {
            let mut intake = ordinary::patient(number);
            let medicine = |at: u64| ListedMedicine {
                name: spelt(NAMES[((number * 7 + at * 3) % NAMES.len() as u64) as usize]),
                usage: Use::Daily,
                route: None,
                release: Release::Unknown,
                per_day: None,
                last_taken: None,
                not_an_opioid: Answer::Unknown,
            };
            intake.medicines = (0..10).map(medicine).collect();
            intake
        })
        .collect()
}

fn screening(c: &mut Criterion) {
    let (rules, formulary) = (RuleSet::shipped(), Formulary::shipped());
    let mut group = c.benchmark_group("10,000 intakes with ten medicines each");
    group.sample_size(10);
    for (name, misspelt) in [("all known", false), ("one in twenty misspelt", true)] {
        let intakes = people(10_000, misspelt);
        let findings = |intake| screen(intake, rules, formulary).findings.len();
        group.bench_function(name, |b| b.iter(|| black_box(intakes.iter().map(findings).sum::<usize>())));
    }
    group.finish();
    let text = ldn_care::intake::template(ordinary::patient(0).date);
    c.bench_function("read the empty intake", |b| {
        b.iter_batched(|| text.as_bytes(), |bytes| black_box(read(bytes)), BatchSize::SmallInput);
    });
}

criterion_group!(benches, screening);
criterion_main!(benches);
