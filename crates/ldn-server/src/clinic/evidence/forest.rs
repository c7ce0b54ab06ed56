//! A forest plot of what may stand in one pool, and the same as a table.

use ldn_evidence::Library;
use ldn_evidence::pool::{CountOf, Recalled, Selection, Study, StudyEffect, select};
use ldn_report::forest_plot::Row;
use ldn_report::{Forest, Theme, forest_plot};
use ldn_stats::meta::effect::{Counts, log_risk_ratio};
use ldn_stats::meta::{Effect, Estimator, Options, fit};

use crate::words::Words;

/// Half of a 95 % interval in standard errors.
const Z: f64 = 1.959_964;

/// A pooled outcome as a picture with its words.
pub(super) struct Plot {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) svg: String,
    /// Study, estimate, and interval.
    pub(super) rows: Vec<[String; 3]>,
    pub(super) cautions: Vec<String>,
    /// Who is not in it, and why.
    pub(super) refused: Vec<[String; 2]>,
}

impl Plot {
    /// Pools an outcome by REML, one trial as it stands; `None` if nothing may be pooled.
    pub(super) fn of(words: Words, library: &Library, id: &str) -> Option<Plot> {
        let selection = select(library, id, Recalled::Refuse).ok()?;
        let (labels, effects): (Vec<String>, Vec<Effect>) = selection
            .included
            .iter()
            .filter_map(|study| Some((study.label.to_owned(), effect_of(study)?)))
            .unzip();
        let options = match effects.len() {
            1 => Options { estimator: Estimator::EqualEffects, ..Options::default() },
            _ => Options::default(),
        };
        let pooled = fit(&effects, &options).ok()?;
        let ratio = selection.included.iter().any(|study| study.counts().is_some());
        let row = |label: &str, estimate: f64, interval: [f64; 2], weight: f64| Row {
            label: label.to_owned(),
            estimate,
            interval,
            weight,
        };
        let studies: Vec<Row> = effects
            .iter()
            .zip(&labels)
            .zip(&pooled.weights_percent)
            .map(|((effect, label), weight)| {
                let half = Z * libm::sqrt(effect.variance);
                row(label, effect.estimate, [effect.estimate - half, effect.estimate + half], *weight)
            })
            .collect();
        let interval = [pooled.interval.lower, pooled.interval.upper];
        let name = words.say_with("clinic-evidence-pooled", &[("count", &pooled.studies.to_string())]);
        let forest = Forest {
            title: selection.outcome.title.clone(),
            axis: if ratio { words.say("clinic-evidence-ratio") } else { selection.outcome.unit.clone() },
            sides: None,
            ratio,
            pooled: row(&name, pooled.estimate, interval, 100.0),
            prediction: pooled.prediction.map(|found| [found.lower, found.upper]),
            note: note(words, &selection, pooled.studies, pooled.i2_percent),
            refused: Vec::new(),
            studies,
        };
        Some(Plot {
            id: selection.outcome.id.clone(),
            title: forest.title.clone(),
            svg: forest_plot(&forest, Theme::Page),
            rows: forest.studies.iter().chain([&forest.pooled]).map(|row| printed(row, ratio)).collect(),
            cautions: selection.cautions.clone(),
            refused: selection
                .refused_trials
                .iter()
                .map(|refused| [refused.label.to_owned(), refused.reason.clone()])
                .collect(),
        })
    }
}

fn note(words: Words, selection: &Selection<'_>, studies: usize, i2: f64) -> String {
    let sign = &selection.outcome.sign;
    match studies {
        1 => words.say_with("clinic-evidence-one-trial", &[("sign", sign)]),
        _ => words.say_with("clinic-evidence-reml", &[("i2", &format!("{i2:.0}")), ("sign", sign)]),
    }
}

/// The effect of one study: a difference as it stands, counts as the logarithm of their ratio.
fn effect_of(study: &Study<'_>) -> Option<Effect> {
    match study.effect {
        StudyEffect::Difference { yi, vi, .. } => Some(Effect { estimate: yi, variance: vi }),
        StudyEffect::Counts { ldn, comparator } => {
            let counts = |found: CountOf| Counts { events: found.events, patients: found.of };
            log_risk_ratio(counts(ldn), counts(comparator)).ok().map(|found| found.effect)
        }
    }
}

fn printed(row: &Row, ratio: bool) -> [String; 3] {
    let number = |value: f64| {
        let value = if ratio { libm::exp(value) } else { value };
        format!("{value:.2}").replace('-', "−")
    };
    let [low, high] = row.interval;
    [row.label.clone(), number(row.estimate), format!("{} to {}", number(low), number(high))]
}
