use ldn_core::diary::*;
use ldn_core::*;
use ldn_verdict::response::*;
fn main() {
    for name in ["s1_responder_open", "s5_blinded_crossover", "s6_dose_changes_and_hold"] {
        let d = read(&std::fs::read(format!("golden/verdict/{name}.csv")).unwrap(), ReadOptions::default())
            .unwrap();
        let s = series::Series::from_diary(&d, Measure::Pain, Some(Dose::from_micrograms(4500))).unwrap();
        let p = prior::PriorSet::for_measure(Measure::Pain);
        let des = exact::Design::new(&s, &p, 1.0);
        for pts in [posterior::Points::Registry, posterior::Points::Person] {
            let mut ts = vec![];
            let mut tp = vec![];
            for _ in 0..60 {
                let t = std::time::Instant::now();
                let post = posterior::Posterior::compute(&des, &p, prior::DrugPrior::Main, pts);
                let a = t.elapsed().as_secs_f64() * 1e3;
                for pr in prior::DrugPrior::ALL {
                    let an = summary::Answers::new(&post, pr);
                    std::hint::black_box((an.quantities(), an.probabilities(), an.thetas(), an.regret(0.5)));
                }
                ts.push(t.elapsed().as_secs_f64() * 1e3);
                tp.push(a);
            }
            ts.sort_by(f64::total_cmp);
            tp.sort_by(f64::total_cmp);
            println!("{name} {pts:?} posterior {:.2} ms, all {:.2} ms", tp[30], ts[30]);
        }
        let th = vec![theta::Theta([2.77, -0.4, 2.3, 1.94, 0.18, 0.0]); 1024];
        let mut ts = vec![];
        for _ in 0..60 {
            let t = std::time::Instant::now();
            std::hint::black_box(des.evaluate(&th));
            ts.push(t.elapsed().as_secs_f64() * 1e3);
        }
        ts.sort_by(f64::total_cmp);
        println!("  1024 evals {:.3} ms", ts[30]);
    }
}
