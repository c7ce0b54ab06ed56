//! What if unscored days were worse than modelled?

use serde::Serialize;

use super::decision::{LIKELY, Response, ResponseEvidence, UNLIKELY};
use super::exact::Conditional;
use super::series::Series;
use super::summary::{Answers, Quantity};

/// How the answer depends on scores not missing at random.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MissingNotAtRandom {
    /// Share of unscored days in the baseline window.
    pub baseline_missing: f64,
    /// Share of unscored days in the evaluation window.
    pub evaluation_missing: f64,
    /// Mean improvement if unscored days were 1 point worse than modelled.
    pub total_if_1_worse: f64,
    /// How much worse unscored days would have to be (better, if negative), in points, for another response class;
    /// absent if no such number exists.
    pub tipping_point: Option<f64>,
}

/// Works out both, for the improvement that the response class rests on.
pub(super) fn sensitivity(
    series: &Series,
    answers: &Answers<'_>,
    judged: Quantity,
    evidence: &ResponseEvidence,
) -> MissingNotAtRandom {
    let missing = |window: &[usize]| 1.0 - series.scores(window).count() as f64 / window.len() as f64;
    let (before, after) = (missing(&series.baseline), missing(&series.evaluation));
    let difference = after - before;
    let mean = answers.mixture(|at| Quantity::Total.combination(at)).mean();
    MissingNotAtRandom {
        baseline_missing: before,
        evaluation_missing: after,
        total_if_1_worse: mean - difference,
        tipping_point: tipping_shift(answers, judged, evidence)
            .filter(|_| difference != 0.0)
            .map(|shift| -shift / difference),
    }
}

/// The smallest shift of the improvement, in points, that gives another response class.
///
/// Each class begins where one probability passes 0.8 or 0.2; shifting the improvement by the distance to that quantile
/// brings it there.
fn tipping_shift(answers: &Answers<'_>, judged: Quantity, evidence: &ResponseEvidence) -> Option<f64> {
    let response = evidence.response();
    if response == Response::InsufficientData {
        return None;
    }
    let less = |share: f64| move |at: &Conditional| judged.combination(at).less_baseline(share);
    let total = answers.mixture(less(0.0));
    let (third, half) = (answers.mixture(less(0.3)), answers.mixture(less(0.5)));
    // A probability of at least 0.8 needs the lower fifth above the bound; one of at most 0.2, the upper fifth below.
    let (surely, hardly) = (UNLIKELY, LIKELY);
    let class_if_shifted = |shift: f64| {
        ResponseEvidence {
            p_worse: total.cdf(-1.0 - shift),
            p_half: 1.0 - half.cdf(-shift),
            p_third: 1.0 - third.cdf(-shift),
            p_point: 1.0 - total.cdf(1.0 - shift),
            ..*evidence
        }
        .response()
    };
    /// Just past the threshold, on the side away from the present.
    const PAST: f64 = 1e-6;
    [
        -1.0 - total.quantile(hardly),
        1.0 - total.quantile(hardly),
        1.0 - total.quantile(surely),
        -third.quantile(surely),
        -half.quantile(surely),
    ]
    .into_iter()
    .filter(|shift| class_if_shifted(shift + PAST.copysign(*shift)) != response)
    .min_by(|a, b| a.abs().total_cmp(&b.abs()))
}
