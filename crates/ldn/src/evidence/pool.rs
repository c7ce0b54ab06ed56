//! `ldn evidence pool`: one number from several trials, and why the others are not in it.

mod columns;
mod print;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ldn_evidence::pool::{CountOf, Recalled, Selection, Study, StudyEffect, select};
use ldn_evidence::trial::Better;
use ldn_evidence::{Library, Outcome};
use ldn_report::{Theme, forest_plot};
use ldn_stats::meta::bayes::{self, MuPrior, Posterior, Prior};
use ldn_stats::meta::effect::{CountEffect, Counts, log_odds_ratio, log_risk_ratio, risk_difference};
use ldn_stats::meta::{
    Effect, Egger, Estimator, Fit, Inference, MetaError, Omission, Options, QProfile, Stopping, egger, fit,
    leave_one_out, q_profile,
};

use crate::error::Failure;
use crate::files::{self, print_json};

/// Arguments of `ldn evidence pool`.
#[derive(Debug, Args)]
pub(crate) struct PoolArgs {
    /// Outcome to pool from the library
    #[arg(long, value_name = "ID", required_unless_present_any = ["csv", "outcomes"])]
    outcome: Option<String>,

    /// List the outcomes that can be pooled
    #[arg(long, conflicts_with_all = ["outcome", "csv"])]
    outcomes: bool,

    /// Pool any CSV with columns yi and vi, and optionally slab (the studies' names); - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "outcome")]
    csv: Option<PathBuf>,

    /// How the variance between trials is estimated
    #[arg(long, value_enum, default_value = "reml")]
    method: Method,

    /// Hartung-Knapp instead of normal inference
    #[arg(long)]
    hksj: bool,

    /// What is made of counts
    #[arg(long, value_enum, default_value = "rr")]
    measure: Measure,

    /// Let rows take part that are recalled and not looked up
    #[arg(long)]
    include_recalled: bool,

    /// Also pool without each trial in turn
    #[arg(long)]
    leave_one_out: bool,

    /// Also the exact posterior with a half-normal prior of this scale on tau, and what it expects of a new trial
    #[arg(long, value_name = "SCALE")]
    tau_prior: Option<f64>,

    /// Stop searching for tau² where metafor 3.8 does, to compare digit by digit
    #[arg(long)]
    like_metafor: bool,

    /// Write a forest plot
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Equal (fixed) effects: inverse variance
    #[value(alias = "ee")]
    Fe,
    /// DerSimonian-Laird
    Dl,
    /// Paule-Mandel
    Pm,
    /// Restricted maximum likelihood
    Reml,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Risk ratio
    Rr,
    /// Odds ratio
    Or,
    /// Risk difference
    Rd,
}

/// Everything that was computed, and on what.
struct Pool<'a> {
    title: String,
    selection: Option<Selection<'a>>,
    labels: Vec<String>,
    effects: Vec<Effect>,
    /// Studies in which a cell of zero was corrected.
    corrected: Vec<String>,
    /// Studies left out because they say nothing about a ratio.
    uninformative: Vec<(String, String)>,
    ratio: bool,
    unit: String,
    /// What the sign of the effect means; empty for effects that are not from the library.
    sign: String,
    fit: Fit,
    profile: Result<QProfile, MetaError>,
    egger: Result<Egger, MetaError>,
    omissions: Option<Vec<Omission>>,
    posterior: Option<Posterior>,
}

/// Runs `ldn evidence pool`.
pub(super) fn run(library: &Library, args: &PoolArgs) -> Result<(), Failure> {
    if args.outcomes {
        return print::outcomes(library, args.json);
    }
    files::check_outputs(args.csv.as_deref().unwrap_or(Path::new("-")), &[args.svg.as_deref()])?;
    let pool = match (&args.outcome, &args.csv) {
        (Some(outcome), _) => of_outcome(library, outcome, args)?,
        (None, Some(path)) => {
            let (labels, effects) = columns::read(path)?;
            let title = path.display().to_string();
            Pool::compute(title, labels, effects, args)?
        }
        (None, None) => return Err(Failure::Usage("expected --outcome or --csv".to_owned())),
    };
    if let Some(svg) = &args.svg {
        files::write(svg, &forest_plot(&pool.forest(), Theme::Standalone))?;
        eprintln!("wrote {}", svg.display());
    }
    if args.json { print::json(&pool) } else { files::print(&print::text(&pool)) }
}

fn of_outcome<'a>(library: &'a Library, id: &str, args: &PoolArgs) -> Result<Pool<'a>, Failure> {
    let recalled = if args.include_recalled { Recalled::Include } else { Recalled::Refuse };
    let mut selection =
        select(library, id, recalled).map_err(|unknown| Failure::Unknown(unknown.to_string()))?;
    let (mut labels, mut effects, mut corrected, mut uninformative) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for study in &selection.included {
        match effect_of(study, args.measure) {
            Ok((effect, was_corrected)) => {
                labels.push(study.label.to_owned());
                effects.push(effect);
                corrected.extend(was_corrected.then(|| study.label.to_owned()));
            }
            Err(reason) => uninformative.push((study.label.to_owned(), reason)),
        }
    }
    if effects.is_empty() {
        if args.json {
            print_json("pool", &serde_json::json!({ "fit": null, "selection": selection }))?;
        } else {
            files::print(&print::nothing(&selection))?;
        }
        let title = selection.outcome.title.clone();
        return Err(Failure::Pool { title, source: MetaError::NoStudies });
    }
    let sign = sign_of(selection.outcome, args.measure);
    // The library knows the sign of its own measure only.
    let of_library = format!("Sign: {}.", selection.outcome.sign);
    if let Some(caution) = selection.cautions.iter_mut().find(|caution| **caution == of_library) {
        *caution = format!("Sign: {sign}.");
    }
    let counts = selection.included.iter().any(|study| study.counts().is_some());
    let mut pool = Pool::compute(selection.outcome.title.clone(), labels, effects, args)?;
    pool.ratio = counts && args.measure != Measure::Rd;
    pool.sign = sign;
    pool.unit = match (counts, args.measure) {
        (true, Measure::Rr) => "risk ratio".to_owned(),
        (true, Measure::Or) => "odds ratio".to_owned(),
        (true, Measure::Rd) => "risk difference".to_owned(),
        (false, _) => selection.outcome.unit.clone(),
    };
    (pool.corrected, pool.uninformative, pool.selection) = (corrected, uninformative, Some(selection));
    Ok(pool)
}

/// What the sign of an effect means: of counts it depends on what is made of them.
fn sign_of(outcome: &Outcome, measure: Measure) -> String {
    let (is_counted, comparator) =
        (outcome.effect == ldn_evidence::outcome::Effect::Counts, outcome.comparator);
    let side = match outcome.better {
        Better::Lower => "below",
        Better::Higher => "above",
    };
    match measure {
        Measure::Or if is_counted => {
            format!("LDN against {}; an odds ratio {side} 1 favours LDN", comparator.words())
        }
        Measure::Rd if is_counted => {
            format!("LDN minus {}; a risk difference {side} 0 favours LDN", comparator.words())
        }
        // The outcome's own sentence is about differences of means or ratios of risks.
        _ => outcome.sign.clone(),
    }
}

/// The effect of one study, and whether an empty cell was corrected.
fn effect_of(study: &Study<'_>, measure: Measure) -> Result<(Effect, bool), String> {
    match study.effect {
        StudyEffect::Difference { yi, vi, .. } => Ok((Effect { estimate: yi, variance: vi }, false)),
        StudyEffect::Counts { ldn, comparator } => {
            let counts = |c: CountOf| Counts { events: c.events, patients: c.of };
            let effect = match measure {
                Measure::Rr => log_risk_ratio(counts(ldn), counts(comparator)),
                Measure::Or => log_odds_ratio(counts(ldn), counts(comparator)),
                Measure::Rd => risk_difference(counts(ldn), counts(comparator)),
            };
            let CountEffect { effect, corrected } = effect.map_err(|error| error.to_string())?;
            Ok((effect, corrected))
        }
    }
}

impl Pool<'_> {
    fn compute<'a>(
        title: String,
        labels: Vec<String>,
        effects: Vec<Effect>,
        args: &PoolArgs,
    ) -> Result<Pool<'a>, Failure> {
        let options = Options {
            estimator: match args.method {
                Method::Fe => Estimator::EqualEffects,
                Method::Dl => Estimator::DerSimonianLaird,
                Method::Pm => Estimator::PauleMandel,
                Method::Reml => Estimator::RestrictedMaximumLikelihood,
            },
            inference: if args.hksj { Inference::HartungKnapp } else { Inference::Z },
            stopping: if args.like_metafor { Stopping::Metafor } else { Stopping::Exact },
            ..Options::default()
        };
        // One trial says nothing about the variance between trials; it is shown as it stands.
        let options = match effects.len() {
            1 => Options { estimator: Estimator::EqualEffects, inference: Inference::Z, ..options },
            _ => options,
        };
        let failure = |source| Failure::Pool { title: title.clone(), source };
        let pooled = fit(&effects, &options).map_err(failure)?;
        let omissions = (args.leave_one_out && effects.len() > 1)
            .then(|| leave_one_out(&effects, &options))
            .transpose()
            .map_err(failure)?;
        let posterior = args
            .tau_prior
            .map(|tau_scale| bayes::posterior(&effects, &Prior { tau_scale, mu: MuPrior::Flat }));
        let posterior = posterior.transpose().map_err(failure)?;
        Ok(Pool {
            posterior,
            selection: None,
            corrected: Vec::new(),
            uninformative: Vec::new(),
            ratio: false,
            unit: "effect".to_owned(),
            sign: String::new(),
            profile: q_profile(&effects, &options),
            egger: egger(&effects, options.level),
            fit: pooled,
            omissions,
            title,
            labels,
            effects,
        })
    }
}
