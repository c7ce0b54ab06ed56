//! 1,000 fits of 20 studies by restricted maximum likelihood; the same in R: `bench/peers/metafor.sh`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ldn_stats::meta::{Options, Stopping, fit};

#[path = "meta/studies.rs"]
mod studies;

fn thousand_fits(criterion: &mut Criterion) {
    let sets = studies::sets();
    for (name, stopping) in [("exact", Stopping::Exact), ("as metafor stops", Stopping::Metafor)] {
        let options = Options { stopping, ..Options::default() };
        criterion.bench_function(&format!("1000 REML fits of 20 studies, {name}"), |bencher| {
            bencher.iter(|| {
                for set in &sets {
                    black_box(fit(black_box(set), &options)).expect("pseudo-studies can be pooled");
                }
            });
        });
    }
}

criterion_group!(benches, thousand_fits);
criterion_main!(benches);
