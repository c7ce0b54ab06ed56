use ldn_core::diary::*;
use ldn_core::*;
use ldn_verdict::response::*;
fn main() {
    let name = "s1_responder_open";
    let d =
        read(&std::fs::read(format!("golden/verdict/{name}.csv")).unwrap(), ReadOptions::default()).unwrap();
    let s = series::Series::from_diary(&d, Measure::Pain, Some(Dose::from_micrograms(4500))).unwrap();
    let p = prior::PriorSet::for_measure(Measure::Pain);
    let des = exact::Design::new(&s, &p, 1.0);
    let th = vec![theta::Theta([2.77, -0.4, 2.3, 1.94, 0.18, 0.0]); 1024];
    let mut ts = vec![];
    for _ in 0..2000 {
        let t = std::time::Instant::now();
        std::hint::black_box(des.evaluate(&th));
        ts.push(t.elapsed().as_secs_f64() * 1e3);
    }
    ts.sort_by(f64::total_cmp);
    println!("  1024 evals min {:.3} med {:.3} ms", ts[0], ts[1000]);
}
