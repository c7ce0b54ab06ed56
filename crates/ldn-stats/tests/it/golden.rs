//! Point set and smoothed weights against `golden/verdict/vectors.json`.

use ldn_stats::{halton, psis};
use serde_json::Value;

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/verdict/vectors.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn halton_points() {
    let vectors = vectors();
    let expected = vectors["halton_first5"].as_array().unwrap();
    assert_eq!(expected.len(), 5);
    for (k, expected) in expected.iter().enumerate() {
        for (ours, theirs) in halton::point(k as u32).into_iter().zip(numbers(expected)) {
            assert!((ours - theirs).abs() < 1e-12, "point {k}: {ours} {theirs}");
        }
    }
}

#[test]
fn smoothed_weights() {
    let vectors = vectors();
    let cases = vectors["psis"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let name = &case["name"];
        let smoothed = psis::smooth(&numbers(&case["log_weights"]));
        let k_hat = case["khat"].as_f64().unwrap();
        assert!((smoothed.k_hat - k_hat).abs() < 1e-6, "{name}: k-hat {} {k_hat}", smoothed.k_hat);
        let ess = case["ess"].as_f64().unwrap();
        assert!(
            (smoothed.effective_draws / ess - 1.0).abs() < 1e-6,
            "{name}: {} {ess}",
            smoothed.effective_draws
        );
        let mut weights = smoothed.weights.clone();
        weights.sort_by(f64::total_cmp);
        for (ours, theirs) in weights[weights.len() - 5..].iter().zip(numbers(&case["top5_weights"])) {
            assert!((ours - theirs).abs() < 1e-6, "{name}: weight {ours} {theirs}");
        }
    }
}
