//! `--theta-file`: the exact part at given nonlinear parameters, for tests and peers.

use std::path::Path;

use ldn_verdict::response::exact::Design;
use ldn_verdict::response::prior::{DrugPrior, PriorSet};
use ldn_verdict::response::series::Series;
use ldn_verdict::response::summary::Quantity;
use ldn_verdict::response::theta::Theta;
use ldn_verdict::response::verdict::reporting_step;
use serde::Deserialize;

use super::JudgingArgs;
use crate::error::Failure;
use crate::files;

/// One line of the question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    theta: [f64; Theta::LEN],
    #[serde(default)]
    prior: DrugPrior,
}

/// Answers a JSON list of `{"theta":[…],"prior":"main"}` with one line each.
pub(super) fn run(path: &Path, thetas: &Path, judging: &JudgingArgs) -> Result<(), Failure> {
    let text = std::fs::read_to_string(thetas).map_err(|e| Failure::read(thetas, e))?;
    let questions: Vec<At> = serde_json::from_str(&text).map_err(|e| Failure::Content {
        path: thetas.to_owned(),
        expected: format!("expected a list of {{\"theta\":[six numbers],\"prior\":\"main\"}}: {e}"),
    })?;
    let diary = files::read_diary(path, judging.scale())?;
    let measure = judging.measures(path, &diary)?[0];
    let series = Series::from_diary(&diary, measure, judging.reference_dose)
        .map_err(|e| Failure::Verdict { path: path.to_owned(), source: e.into() })?;
    let step = judging.step.unwrap_or_else(|| reporting_step(&series));
    let design = Design::new(&series, &PriorSet::for_measure(measure), step);
    let lines: String = questions.iter().map(|at| answer(&design, at).to_string() + "\n").collect();
    files::print(&lines)
}

fn answer(design: &Design, at: &At) -> serde_json::Value {
    let detail = design.detail(Theta(at.theta), at.prior);
    let joint = detail.conditional.joint[at.prior.index()];
    let moments = |quantity: Quantity| {
        let moments = joint.of(quantity.combination(&detail.conditional));
        [moments.mean, moments.sd]
    };
    serde_json::json!({
        "theta": at.theta,
        "prior": at.prior,
        "log_marginal_likelihood": detail.log_marginal_likelihood,
        "log_det_innovations": detail.log_det_innovations,
        "n_obs": detail.n_obs,
        "beta_mean": detail.beta_mean,
        "beta_sd": detail.beta_sd,
        "functionals": {
            "baseline": moments(Quantity::Baseline),
            "total": moments(Quantity::Total),
            "drug_now": moments(Quantity::DrugNow),
            "nonspecific_now": moments(Quantity::NonspecificNow),
            "b": moments(Quantity::DrugEffect),
            "total_ss": moments(Quantity::TotalBuiltUp),
        },
    })
}
