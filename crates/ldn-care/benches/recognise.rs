//! How fast ordinary lists of medicines are recognised: ten medicines an intake, as people write them.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ldn_care::medicine::Formulary;

const ORDINARY: &str = include_str!("../../../golden/medicines/ordinary.txt");
const MISSPELT: [&str; 5] = ["tramdol 50 mg", "simvstatin 20", "Zyxol", "oxycodne er", "levothyroxin 50 mcg"];

fn recognise(criterion: &mut Criterion) {
    let formulary = Formulary::shipped();
    let ordinary: Vec<&str> = ORDINARY.lines().filter(|line| !line.starts_with('#')).collect();
    let mut at = 0;
    let mut ten = || {
        at += 10;
        (0..10).map(|i| ordinary[(at + i) % ordinary.len()]).collect::<Vec<_>>()
    };
    criterion.bench_function("one intake of ten ordinary medicines", |bencher| {
        bencher.iter_batched(
            &mut ten,
            |list| list.iter().for_each(|written| drop(black_box(formulary.recognise(written)))),
            BatchSize::SmallInput,
        );
    });
    criterion.bench_function("five misspelt or unknown medicines", |bencher| {
        bencher.iter(|| MISSPELT.iter().for_each(|written| drop(black_box(formulary.recognise(written)))));
    });
}

criterion_group!(benches, recognise);
criterion_main!(benches);
