//! The posterior against high-precision importance sampling and against NUTS, within the tolerances of the model.

use ldn_core::Measure;
use ldn_verdict::response::exact::Design;
use ldn_verdict::response::posterior::{Points, Posterior};
use ldn_verdict::response::prior::{DrugPrior, PriorSet};
use ldn_verdict::response::summary::Answers;
use serde_json::Value;

use crate::golden::{CASES, Case, json, numbers};

const ESTIMANDS: [&str; 6] = ["baseline", "total", "drug_now", "nonspecific_now", "b", "total_ss"];

struct Tolerance {
    mean: f64,
    sd: f64,
    quantile: f64,
    probability: f64,
    median_mean: f64,
    median_quantile: f64,
}

const PERSON: Tolerance = Tolerance {
    mean: 0.03,
    sd: 0.05,
    quantile: 0.09,
    probability: 0.012,
    median_mean: 0.008,
    median_quantile: 0.025,
};
const REGISTRY: Tolerance = Tolerance {
    mean: 0.08,
    sd: 0.10,
    quantile: 0.18,
    probability: 0.035,
    median_mean: 0.02,
    median_quantile: 0.045,
};

#[test]
fn with_the_points_of_a_person() {
    check(Points::Person, &PERSON);
}

#[test]
fn with_the_points_of_a_registry() {
    check(Points::Registry, &REGISTRY);
}

fn check(points: Points, tolerance: &Tolerance) {
    let priors = PriorSet::for_measure(Measure::Pain);
    let (mut worst_means, mut worst_quantiles) = (Vec::new(), Vec::new());
    for name in CASES {
        let case = Case::load(name);
        let design = Design::new(&case.series(), &priors, case.step);
        let posterior = Posterior::compute(&design, &priors, DrugPrior::Main, points);
        let answers = Answers::new(&posterior, DrugPrior::Main);
        let quantities = serde_json::to_value(answers.quantities()).unwrap();
        let probabilities = serde_json::to_value(answers.probabilities()).unwrap();
        let thetas = serde_json::to_value(answers.thetas()).unwrap();
        let expected = json(&format!("{name}.expected.json"));
        let precise = &expected["high_precision"];

        let (mut worst_mean, mut worst_quantile) = (0.0_f64, 0.0_f64);
        for key in ESTIMANDS {
            let (mean, sd, quantile) = differences(&quantities[key], &precise["quantities"][key]);
            assert!(mean < tolerance.mean, "{name} {key}: mean off by {mean} SD");
            assert!(sd < tolerance.sd, "{name} {key}: SD off by {sd}");
            assert!(quantile < tolerance.quantile, "{name} {key}: quantile off by {quantile} SD");
            worst_mean = worst_mean.max(mean);
            worst_quantile = worst_quantile.max(quantile);
            agrees_with_nuts(name, key, &quantities[key], &expected["quantities"][key], tolerance);
        }
        worst_means.push(worst_mean);
        worst_quantiles.push(worst_quantile);
        for (key, p) in precise["probabilities"].as_object().unwrap() {
            let off = (probabilities[key].as_f64().unwrap() - p.as_f64().unwrap()).abs();
            assert!(off < tolerance.probability, "{name} P({key}) off by {off}");
        }
        for (key, ours) in thetas.as_object().unwrap() {
            let (mean, sd, quantile) = differences(ours, &precise["quantities"][key]);
            assert!(mean < 0.1 && sd < 0.12 && quantile < 0.35, "{name} {key}: {mean} {sd} {quantile}");
        }
    }
    for (what, mut worst, limit) in [
        ("mean", worst_means, tolerance.median_mean),
        ("quantile", worst_quantiles, tolerance.median_quantile),
    ] {
        worst.sort_by(f64::total_cmp);
        println!("{points:?}: worst {what} of each case {worst:.4?}");
        let median = 0.5 * (worst[3] + worst[4]);
        assert!(median < limit, "median over the cases of the worst {what}: {median}");
    }
}

/// Differences of mean and quantiles in the reference's standard deviations, and of the standard deviation as a share.
fn differences(ours: &Value, reference: &Value) -> (f64, f64, f64) {
    let sd = reference["sd"].as_f64().unwrap();
    let mean = (ours["mean"].as_f64().unwrap() - reference["mean"].as_f64().unwrap()).abs() / sd;
    let spread = (ours["sd"].as_f64().unwrap() / sd - 1.0).abs();
    let pairs = numbers::<5>(&ours["q"]).into_iter().zip(numbers::<5>(&reference["q"]));
    (mean, spread, pairs.map(|(a, b)| (a - b).abs() / sd).fold(0.0, f64::max))
}

/// The independent sampler has its own Monte-Carlo error, of which four times is allowed on top.
fn agrees_with_nuts(name: &str, key: &str, ours: &Value, nuts: &Value, tolerance: &Tolerance) {
    let number = |value: &Value, key: &str| value[key].as_f64().unwrap();
    let sd = number(nuts, "sd");
    let off = (number(ours, "mean") - number(nuts, "mean")).abs();
    assert!(
        off < tolerance.mean * sd + 4.0 * number(nuts, "mcse_mean"),
        "{name} {key}: mean off NUTS by {off}"
    );
    let off = (number(ours, "sd") - sd).abs();
    assert!(off < tolerance.sd * sd + 4.0 * number(nuts, "mcse_sd"), "{name} {key}: SD off NUTS by {off}");
    let quantiles = numbers::<5>(&ours["q"]).into_iter().zip(numbers::<5>(&nuts["q"]));
    for ((ours, theirs), mcse) in quantiles.zip(numbers::<5>(&nuts["mcse_q"])) {
        let off = (ours - theirs).abs();
        assert!(off < tolerance.quantile * sd + 4.0 * mcse, "{name} {key}: quantile off NUTS by {off}");
    }
}
