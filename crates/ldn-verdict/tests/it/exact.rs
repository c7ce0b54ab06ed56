//! The exact part at fixed nonlinear parameters, to 1e-8.

use ldn_core::Measure;
use ldn_verdict::response::exact::Design;
use ldn_verdict::response::prior::{DrugPrior, PriorSet};
use ldn_verdict::response::summary::Quantity;
use ldn_verdict::response::theta::Theta;

use crate::golden::{CASES, Case, json, numbers};

#[track_caller]
fn close(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() < 1e-8, "{what}: {ours}, expected {theirs}");
}

#[test]
fn every_case_at_every_theta() {
    let priors = PriorSet::for_measure(Measure::Pain);
    let mut compared = 0;
    for name in CASES {
        let case = Case::load(name);
        let design = Design::new(&case.series(), &priors, case.step);
        for at in json(&format!("{name}.exact.json"))["at_theta"].as_array().unwrap() {
            let prior = if at["prior"] == "main" { DrugPrior::Main } else { DrugPrior::Flat };
            let ours = design.detail(Theta(numbers(&at["theta"])), prior);
            let number = |key: &str| at[key].as_f64().unwrap();
            close(ours.log_marginal_likelihood, number("log_marginal_likelihood"), name);
            let block = ours.conditional.log_marginal[prior.index()];
            close(block, number("log_marginal_likelihood"), "the same in the block");
            close(ours.log_det_innovations, number("log_det_innovations"), name);
            assert_eq!(ours.n_obs as u64, at["n_obs"].as_u64().unwrap());
            for (i, (mean, sd)) in
                numbers::<12>(&at["beta_mean"]).into_iter().zip(numbers::<12>(&at["beta_sd"])).enumerate()
            {
                close(ours.beta_mean[i], mean, &format!("{name} mean of linear parameter {i}"));
                close(ours.beta_sd[i], sd, &format!("{name} SD of linear parameter {i}"));
            }
            let joint = ours.conditional.joint[prior.index()];
            for (key, quantity, share) in [
                ("baseline", Quantity::Baseline, 0.0),
                ("total", Quantity::Total, 0.0),
                ("drug_now", Quantity::DrugNow, 0.0),
                ("nonspecific_now", Quantity::NonspecificNow, 0.0),
                ("b", Quantity::DrugEffect, 0.0),
                ("total_ss", Quantity::TotalBuiltUp, 0.0),
                ("tot30", Quantity::Total, 0.3),
                ("tot50", Quantity::Total, 0.5),
                ("ss30", Quantity::TotalBuiltUp, 0.3),
                ("ss50", Quantity::TotalBuiltUp, 0.5),
            ] {
                let moments = joint.of(quantity.combination(&ours.conditional).less_baseline(share));
                let [mean, sd] = numbers(&at["functionals"][key]);
                close(moments.mean, mean, &format!("{name} mean of {key}"));
                close(moments.sd, sd, &format!("{name} SD of {key}"));
                compared += 1;
            }
            for (day, expected) in at["E_days"].as_object().unwrap() {
                let day: usize = day.parse().unwrap();
                close(ours.drug_course[day], expected.as_f64().unwrap(), &format!("{name} E on day {day}"));
            }
            for (j, key) in ["P1_last", "P2_last", "P3_last"].into_iter().enumerate() {
                close(ours.placebo_last[j], number(key), &format!("{name} {key}"));
            }
        }
    }
    assert_eq!(compared, 8 * 6 * 10, "eight cases, three vectors under two opinions each");
}
