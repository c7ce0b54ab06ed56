//! A pool in words, in JSON and as the rows of a forest plot.

use ldn_evidence::Library;
use ldn_evidence::pool::{Published, Selection};
use ldn_report::forest_plot::{Forest, Row};
use ldn_stats::meta::{Effect, Estimator, Fit, Inference, Interval};
use ldn_stats::mixture::Mixture;
use ldn_stats::normal;
use serde_json::{Value, json};

use super::Pool;
use crate::error::Failure;
use crate::evidence::show;
use crate::files::{self, print_json};
use crate::text::{heading, wrapped};

pub(super) fn outcomes(library: &Library, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return print_json("outcomes", &library.outcomes().collect::<Vec<_>>());
    }
    let line = |outcome: &ldn_evidence::Outcome| {
        wrapped(&outcome.title, &format!("{:<42}", outcome.id), &" ".repeat(42))
    };
    files::print(&library.outcomes().map(line).collect::<String>())
}

/// Name of the estimator and of the inference.
fn method(fit: &Fit) -> String {
    let estimator = match fit.options.estimator {
        Estimator::EqualEffects => "inverse variance, equal effects",
        Estimator::DerSimonianLaird => "DerSimonian–Laird",
        Estimator::PauleMandel => "Paule–Mandel",
        Estimator::RestrictedMaximumLikelihood => "REML",
    };
    if fit.studies == 1 {
        return "one trial, as it stands".to_owned();
    }
    match fit.options.inference {
        Inference::Z => estimator.to_owned(),
        Inference::HartungKnapp => format!("{estimator}, Hartung–Knapp"),
    }
}

impl Pool<'_> {
    /// A number on the scale that people read: ratios out of their logarithms.
    fn printed(&self, value: f64) -> String {
        let value = if self.ratio { libm::exp(value) } else { value };
        let text = format!("{value:.2}");
        if text == "-0.00" { "0.00".to_owned() } else { text.replace('-', "−") }
    }

    fn range(&self, Interval { lower, upper }: Interval) -> String {
        format!("{} to {}", self.printed(lower), self.printed(upper))
    }

    /// Heterogeneity in one line.
    fn heterogeneity(&self) -> String {
        let fit = &self.fit;
        let profile = match &self.profile {
            Ok(profile) => {
                format!(" (tau² {:.3} to {:.3} by Q-profile)", profile.tau2.lower, profile.tau2.upper)
            }
            Err(_) => String::new(),
        };
        format!(
            "I² {:.0} %, tau² {:.3}{profile}, Q {:.2} on {} degrees of freedom, p {:.3}",
            fit.i2_percent,
            fit.tau2,
            fit.q,
            fit.studies - 1,
            fit.q_p
        )
    }

    pub(super) fn forest(&self) -> Forest {
        let study = |(idx, effect): (usize, &Effect)| {
            let Interval { lower, upper } = interval(effect);
            Row {
                label: self.labels[idx].clone(),
                estimate: effect.estimate,
                interval: [lower, upper],
                weight: self.fit.weights_percent[idx],
            }
        };
        let sign = &self.sign;
        Forest {
            title: self.title.clone(),
            axis: self.unit.clone(),
            sides: None,
            ratio: self.ratio,
            studies: self.effects.iter().enumerate().map(study).collect(),
            pooled: Row {
                label: format!("Pooled ({})", self.fit.studies),
                estimate: self.fit.estimate,
                interval: [self.fit.interval.lower, self.fit.interval.upper],
                weight: 100.0,
            },
            prediction: self.fit.prediction.map(|p| [p.lower, p.upper]),
            note: match self.fit.studies {
                1 => format!("One trial, as it stands. {sign}"),
                _ => format!("{}. {}. {sign}", method(&self.fit), self.heterogeneity()),
            },
            refused: self.refused(),
        }
    }

    fn refused(&self) -> Vec<(String, String)> {
        let of_selection = self.selection.iter().flat_map(|selection| &selection.refused_trials);
        let refused = of_selection.map(|refused| (refused.label.to_owned(), refused.reason.clone()));
        refused.chain(self.uninformative.iter().cloned()).collect()
    }
}

/// The 95 % interval of one study.
fn interval(effect: &Effect) -> Interval {
    let margin = normal::quantile(0.975) * effect.variance.sqrt();
    Interval { lower: effect.estimate - margin, upper: effect.estimate + margin }
}

/// What is left to say where nothing can be pooled.
pub(super) fn nothing(selection: &Selection<'_>) -> String {
    let mut text = heading(&selection.outcome.title);
    text += "Nothing can be pooled.\n";
    text += &published(selection);
    let refused =
        selection.refused_trials.iter().map(|refused| (refused.label.to_owned(), refused.reason.clone()));
    text + &refusals(&refused.collect::<Vec<_>>())
}

/// Published reviews of the same question.
fn published(selection: &Selection<'_>) -> String {
    if selection.published.is_empty() {
        return String::new();
    }
    let review = |published: &Published<'_>| {
        let estimates = published.estimates.iter().map(|estimate| show::estimate_line(estimate));
        let events = published.adverse_events.iter().map(|event| show::adverse_event_line(event));
        let lines: String = estimates.chain(events).map(|line| wrapped(&line, "    ", "      ")).collect();
        let head = wrapped(&format!("{}: {}", published.meta_analysis, published.included), "  – ", "    ");
        head + &lines
    };
    let reviews: String = selection.published.iter().map(review).collect();
    format!("\nPublished reviews of it (ldn evidence show ID)\n{reviews}")
}

pub(super) fn text(pool: &Pool<'_>) -> String {
    let mut text = heading(&pool.title);
    if pool.selection.is_some() {
        text += &wrapped(&format!("{}. {}", pool.unit, pool.sign), "", "");
    }
    text += &format!("\n{:<34}{:>8}  {:<20}{:>8}\n", "trial", "effect", "95 % interval", "weight");
    for (idx, effect) in pool.effects.iter().enumerate() {
        let name: String = pool.labels[idx].chars().take(33).collect();
        text += &format!(
            "{name:<34}{:>8}  {:<20}{:>6.1} %\n",
            pool.printed(effect.estimate),
            pool.range(interval(effect)),
            pool.fit.weights_percent[idx]
        );
    }
    let fit = &pool.fit;
    text += &format!(
        "{:<34}{:>8}  {:<20}\n",
        if fit.studies == 1 { "as it stands".to_owned() } else { format!("pooled ({} trials)", fit.studies) },
        pool.printed(fit.estimate),
        pool.range(fit.interval)
    );
    if let Some(prediction) = fit.prediction {
        text += &format!("{:<34}{:>8}  {:<20}\n", "where a new trial may land", "", pool.range(prediction));
    }
    text += &format!("\n{}; p {:.3}\n", method(fit), fit.p);
    if fit.studies > 1 {
        text += &wrapped(&pool.heterogeneity(), "", "");
    }
    if let Ok(egger) = &pool.egger {
        text += &wrapped(&format!("Egger's test of small-study effects: p {:.3}", egger.p), "", "");
    }
    text += &posterior(pool);
    text += &omissions(pool);
    text += &cautions(pool);
    text += &pool.selection.as_ref().map(published).unwrap_or_default();
    text + &refusals(&pool.refused())
}

/// The middle and the ends of the central 95 % of a mixture.
fn central(mixture: &Mixture) -> [f64; 3] {
    let quantiles = mixture.quantiles(&[0.025, 0.5, 0.975]);
    [quantiles[1], quantiles[0], quantiles[2]]
}

fn posterior(pool: &Pool<'_>) -> String {
    let Some(posterior) = &pool.posterior else { return String::new() };
    let line = |what: &str, [middle, lower, upper]: [f64; 3]| {
        format!("  {what:<32}{:>8}  {}\n", pool.printed(middle), pool.range(Interval { lower, upper }))
    };
    let tau = [0.5, 0.025, 0.975].map(|p| posterior.tau.quantile(p));
    format!(
        "\nExact posterior, half-normal prior on tau (median, 95 % range)\n{}{}  {:<32}{:>8.2}  {:.2} to {:.2}\n",
        line("mean of all trials", central(&posterior.mu)),
        line("true effect in a new trial", central(&posterior.predictive)),
        "tau",
        tau[0],
        tau[1],
        tau[2]
    )
}

fn omissions(pool: &Pool<'_>) -> String {
    let Some(omissions) = &pool.omissions else { return String::new() };
    let mut text = String::from("\nWithout each trial in turn\n");
    for omission in omissions {
        let result = match &omission.fit {
            Ok(fit) => format!("{} ({})", pool.printed(fit.estimate), pool.range(fit.interval)),
            Err(error) => error.to_string(),
        };
        text += &format!("  without {:<30} {result}\n", pool.labels[omission.omitted]);
    }
    text
}

fn cautions(pool: &Pool<'_>) -> String {
    let mut cautions: Vec<String> =
        pool.selection.iter().flat_map(|selection| selection.cautions.iter().cloned()).collect();
    if !pool.corrected.is_empty() {
        cautions.push(format!("half an event was added to empty cells of {}", pool.corrected.join(", ")));
    }
    if cautions.is_empty() {
        return String::new();
    }
    let lines: String = cautions.iter().map(|caution| wrapped(caution, "  – ", "    ")).collect();
    format!("\nTo be told with it\n{lines}")
}

fn refusals(refused: &[(String, String)]) -> String {
    if refused.is_empty() {
        return String::new();
    }
    let lines: String = refused
        .iter()
        .map(|(label, reason)| wrapped(&format!("{label}: {reason}"), "  – ", "    "))
        .collect();
    format!("\nNot in the pool\n{lines}")
}

pub(super) fn json(pool: &Pool<'_>) -> Result<(), Failure> {
    let ends = |interval: Interval| [interval.lower, interval.upper];
    let fit = |fit: &Fit| {
        json!({
            "method": method(fit),
            "k": fit.studies,
            "estimate": fit.estimate,
            "se": fit.standard_error,
            "ci": ends(fit.interval),
            "statistic": fit.statistic,
            "df": fit.degrees,
            "p": fit.p,
            "tau2": fit.tau2,
            "i2": fit.i2_percent,
            "h2": fit.h2,
            "q": fit.q,
            "q_p": fit.q_p,
            "prediction": fit.prediction.map(ends),
        })
    };
    let studies: Vec<Value> = pool
        .effects
        .iter()
        .enumerate()
        .map(|(idx, effect)| {
            json!({
                "label": pool.labels[idx],
                "yi": effect.estimate,
                "vi": effect.variance,
                "weight": pool.fit.weights_percent[idx],
            })
        })
        .collect();
    let refused: Vec<Value> =
        pool.refused().iter().map(|(label, reason)| json!({ "label": label, "reason": reason })).collect();
    let omissions = pool.omissions.iter().flatten().map(|omission| {
        let label = &pool.labels[omission.omitted];
        match &omission.fit {
            Ok(without) => json!({ "without": label, "fit": fit(without) }),
            Err(error) => json!({ "without": label, "error": error.to_string() }),
        }
    });
    let pooled = json!({
        "title": pool.title,
        "unit": pool.unit,
        "sign": pool.sign,
        "log_of_ratio": pool.ratio,
        "fit": fit(&pool.fit),
        "tau2_ci": pool.profile.as_ref().ok().map(|profile| ends(profile.tau2)),
        "egger": pool.egger.as_ref().ok().map(|egger| json!({
            "slope": egger.slope, "se": egger.standard_error, "statistic": egger.statistic, "df": egger.degrees, "p": egger.p,
            "limit": egger.limit, "limit_ci": ends(egger.limit_interval),
        })),
        "posterior": pool.posterior.as_ref().map(|posterior| json!({
            "mu": central(&posterior.mu),
            "predictive": central(&posterior.predictive),
            "predictive_mean": posterior.predictive.mean(),
            "predictive_sd": posterior.predictive.sd(),
            "tau": ([0.5, 0.025, 0.975].map(|p| posterior.tau.quantile(p))),
        })),
        "studies": studies,
        "corrected": pool.corrected,
        "leave_one_out": omissions.collect::<Vec<_>>(),
        "refused": refused,
        "selection": pool.selection,
    });
    print_json("pool", &pooled)
}
