use ldn_stats::mixture::Mixture;
fn main() {
    let n = 1024;
    let w = vec![1.0 / n as f64; n];
    let m: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
    let s: Vec<f64> = (0..n).map(|i| 0.5 + 0.1 * (i as f64 * 0.7).cos()).collect();
    let mix = Mixture::new(&w, &m, &s);
    let mut best = 1e9f64;
    for _ in 0..200 {
        let t = std::time::Instant::now();
        for k in 0..10 {
            std::hint::black_box(mix.cdf(0.1 * k as f64));
        }
        best = best.min(t.elapsed().as_secs_f64() * 1e6 / 10.0);
    }
    println!("cdf {best:.2} us");
    let mut best = 1e9f64;
    for _ in 0..200 {
        let t = std::time::Instant::now();
        for p in [0.05, 0.25, 0.5, 0.75, 0.95] {
            std::hint::black_box(mix.quantile(p));
        }
        best = best.min(t.elapsed().as_secs_f64() * 1e6 / 5.0);
    }
    println!("quantile {best:.2} us");
    let mut best = 1e9f64;
    for _ in 0..200 {
        let t = std::time::Instant::now();
        std::hint::black_box(Mixture::new(&w, &m, &s));
        best = best.min(t.elapsed().as_secs_f64() * 1e6);
    }
    println!("new {best:.2} us");
    let mut best = 1e9f64;
    let lw: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
    for _ in 0..200 {
        let t = std::time::Instant::now();
        std::hint::black_box(ldn_stats::psis::smooth(&lw));
        best = best.min(t.elapsed().as_secs_f64() * 1e6);
    }
    println!("psis {best:.2} us");
    let mut best = 1e9f64;
    for _ in 0..200 {
        let t = std::time::Instant::now();
        for k in 0..1024 {
            std::hint::black_box(ldn_stats::halton::point(k));
        }
        best = best.min(t.elapsed().as_secs_f64() * 1e6);
    }
    println!("halton {best:.2} us");
}
