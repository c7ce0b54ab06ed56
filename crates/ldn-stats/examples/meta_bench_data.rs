//! Writes what `bench/peers/metafor.sh` compares: `studies` prints the pseudo-studies of `benches/meta.rs`, `fits` their
//! pooled estimates after a line with the seconds that one round of all fits took.

use std::hint::black_box;
use std::time::Duration;

use ldn_stats::meta::{Fit, Options, Stopping, fit};

#[path = "../benches/meta/studies.rs"]
mod studies;

/// The fastest of so many rounds is reported: the others were disturbed.
const ROUNDS: usize = 20;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("studies") => print_studies(),
        Some("fits") => print_fits(Stopping::Metafor),
        Some("exact-fits") => print_fits(Stopping::Exact),
        _ => {
            eprintln!("usage: meta_bench_data studies | fits | exact-fits");
            std::process::exit(2);
        }
    }
}

fn print_studies() {
    println!("set,yi,vi");
    for (set, effects) in studies::sets().iter().enumerate() {
        for effect in effects {
            println!("{set},{:?},{:?}", effect.estimate, effect.variance);
        }
    }
}

fn print_fits(stopping: Stopping) {
    let (fits, fastest) = timed_fits(&Options { stopping, ..Options::default() });
    println!("# seconds {}", fastest.as_secs_f64());
    println!("set,estimate,se,tau2");
    for (set, fit) in fits.iter().enumerate() {
        println!("{set},{:?},{:?},{:?}", fit.estimate, fit.standard_error, fit.tau2);
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is where time is measured")]
fn timed_fits(options: &Options) -> (Vec<Fit>, Duration) {
    let sets = studies::sets();
    let mut fastest = Duration::MAX;
    let mut fits = Vec::new();
    for _ in 0..ROUNDS {
        let started = std::time::Instant::now();
        let round =
            sets.iter().map(|set| fit(black_box(set), options).expect("pseudo-studies can be pooled"));
        fits = black_box(round.collect());
        fastest = fastest.min(started.elapsed());
    }
    (fits, fastest)
}
