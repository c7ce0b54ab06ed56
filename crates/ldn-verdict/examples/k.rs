use ldn_core::diary::*;
use ldn_core::*;
use ldn_verdict::response::*;
fn main() {
    for name in [
        "s1_responder_open",
        "s2_placebo_only_open",
        "s3_early_three_weeks",
        "s4_heavy_missing",
        "s5_blinded_crossover",
        "s6_dose_changes_and_hold",
        "s7_flares_near_floor",
        "s8_constant_scores",
    ] {
        let d = read(&std::fs::read(format!("golden/verdict/{name}.csv")).unwrap(), ReadOptions::default())
            .unwrap();
        let m: serde_json::Value = serde_json::from_str(
            &std::fs::read_to_string(format!("golden/verdict/{name}.exact.json")).unwrap(),
        )
        .unwrap();
        let s = series::Series::from_diary(&d, Measure::Pain, Some(Dose::from_micrograms(4500))).unwrap();
        let p = prior::PriorSet::for_measure(Measure::Pain);
        let des = exact::Design::new(&s, &p, 1.0);
        for pts in [posterior::Points::Registry, posterior::Points::Person] {
            let post = posterior::Posterior::compute(&des, &p, prior::DrugPrior::Main, pts);
            println!(
                "{name} {pts:?} rounds {} khat {:.3?} ess {:.0?} mode {:.4?}",
                post.rounds,
                post.weights.each_ref().map(|w| w.k_hat),
                post.weights.each_ref().map(|w| w.effective_draws),
                post.mode.0
            );
        }
        println!(
            "   theirs {} {} {}",
            m["engine"]["priors"]["main"]["khat"], m["engine"]["rounds"], m["engine"]["mode"]
        );
    }
}
