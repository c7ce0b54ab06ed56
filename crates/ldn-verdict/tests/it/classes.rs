//! Windows, grade, classes and checks of the eight cases against the prototype's.

use ldn_core::Measure;
use ldn_verdict::response::checks::Residuals;
use ldn_verdict::response::exact::Design;
use ldn_verdict::response::prior::{DrugPrior, PriorSet};
use ldn_verdict::response::theta::Theta;
use ldn_verdict::response::verdict::{Settings, judge};

use crate::golden::{CASES, Case, json};

#[test]
fn every_case() {
    for name in CASES {
        let case = Case::load(name);
        let settings = Settings {
            reference_dose: Some(case.reference_dose),
            step: Some(case.step),
            ..Settings::new(Measure::Pain)
        };
        let verdict = judge(&case.diary, &settings).unwrap();
        let ours = serde_json::to_value(&verdict).unwrap();
        let engine = &json(&format!("{name}.exact.json"))["engine"];
        let theirs = &engine["verdict"];
        // No case has a probability within 0.02 of a threshold, so every class must agree.
        for key in ["grade", "response", "attribution", "action", "prior_sensitive"] {
            assert_eq!(ours[key], theirs[key], "{name} {key}");
        }
        assert_eq!(ours["observed"]["evaluation_scored"], theirs["n_eval"], "{name}");
        assert_eq!(ours["observed"]["baseline_scored"], theirs["n_baseline"], "{name}");
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        for (ours, theirs, tolerance) in [
            (&ours["p_worthwhile"], &theirs["p_drug_worthwhile"], 0.035),
            (&ours["quantities"]["buildup"]["mean"], &theirs["buildup"], 0.01),
            (&ours["regret"]["continue"], &theirs["regret_continue"], 0.03),
            (&ours["regret"]["stop"], &theirs["regret_stop"], 0.03),
        ] {
            assert!((number(ours) - number(theirs)).abs() < tolerance, "{name}: {ours} {theirs}");
        }

        let series = case.series();
        let windows = &engine["windows"];
        assert_eq!(windows["first_capsule_day"].as_u64(), series.first_capsule().map(|t| t as u64));
        let days: Vec<u64> = series.evaluation().iter().map(|t| *t as u64).collect();
        assert_eq!(windows["evaluation_days"], serde_json::to_value(days).unwrap(), "{name}");
    }
}

#[test]
fn the_prediction_errors_at_the_prototype_s_mean() {
    let priors = PriorSet::for_measure(Measure::Pain);
    for name in CASES {
        let case = Case::load(name);
        let engine = &json(&format!("{name}.exact.json"))["engine"];
        let summary = &engine["priors"]["main"]["summary"];
        let theta = Theta(Theta::NAMES.map(|key| summary[key]["mean"].as_f64().unwrap()));
        let detail = Design::new(&case.series(), &priors, case.step).detail(theta, DrugPrior::Main);
        let ours = Residuals::of(&detail.innovations);
        let theirs = &engine["diagnostics"];
        assert_eq!(ours.n as u64, theirs["n"].as_u64().unwrap());
        for (key, value) in [
            ("innov_sd", ours.sd),
            ("innov_lag1", ours.lag1),
            ("share_abs_gt_3", ours.share_beyond_3),
            ("skew", ours.skewness),
        ] {
            let expected = theirs[key].as_f64().unwrap();
            assert!((value - expected).abs() < 1e-6, "{name} {key}: {value} {expected}");
        }
    }
}
