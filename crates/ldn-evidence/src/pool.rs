//! What may stand in one pool, and why the rest may not.
//!
//! Only differences between randomised arms of the same measure, unit and scale are pooled; a change within one arm
//! never stands beside or inside them, and percent never mixes with points. A crossover takes part only with the
//! spread of differences within the same person. Every row that a reader might look for is listed with its reasons.
//!
//! **Sign.** [`StudyEffect::Difference`] is LDN minus comparator in units of the outcome's own scale. For pain, where
//! lower is better, a value below 0 favours LDN; [`Outcome::sign`] says so in words for each outcome. Counts are given
//! per arm, so that the caller computes whichever ratio or difference of risks is asked for.

mod counts;
mod differences;
mod refusal;

use ldn_core::data::Status;
use serde::Serialize;

use crate::library::Library;
use crate::meta_analysis::Estimate;
use crate::outcome::{Effect, Outcome, PublishedFinding};
use crate::printed::Printed;
use crate::trial::{AdverseEvent, Arm, Derived, Figure, ResultRow, Trial};

pub use refusal::{Reason, Refused, RefusedTrial};

/// Whether rows whose numbers nobody has looked up may take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recalled {
    /// They are refused.
    #[default]
    Refuse,
    /// They take part and are marked.
    Include,
}

/// What may stand in one pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection<'a> {
    /// What was asked.
    pub outcome: &'a Outcome,
    /// Whether recalled rows may take part.
    pub recalled: Recalled,
    /// Studies in the pool, by year and name.
    pub included: Vec<Study<'a>>,
    /// Every other row of the same measure, with its reasons; rows of included trials as well.
    pub refused: Vec<Refused<'a>>,
    /// The trials that are not in the pool, one line each.
    pub refused_trials: Vec<RefusedTrial<'a>>,
    /// What a reader of the pooled number must be told.
    pub cautions: Vec<String>,
    /// Published reviews of the same question.
    pub published: Vec<Published<'a>>,
}

/// A published estimate to be shown beside the pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Published<'a> {
    /// The review.
    pub meta_analysis: &'a str,
    /// Its source.
    pub source: &'a str,
    /// What it included.
    pub included: &'a str,
    /// Its estimates of the outcome; never a change within one arm.
    pub estimates: Vec<&'a Estimate>,
    /// What it says about the adverse event where it has no estimate.
    pub adverse_events: Vec<&'a AdverseEvent>,
}

/// One study of a pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study<'a> {
    /// The trial.
    pub trial: &'a str,
    /// Its name, for the label of a forest plot.
    pub label: &'a str,
    /// Where it was read.
    pub source: &'a str,
    /// Year of the source.
    pub year: Option<u16>,
    /// The rows it rests on, from 1 in the order of the trial's file.
    pub rows: Vec<usize>,
    /// What enters the pool.
    pub effect: StudyEffect,
    /// People analysed.
    pub n: Option<u32>,
    /// Dose in milligrams a day.
    pub dose_mg: Option<Printed>,
    /// Weeks until the outcome.
    pub weeks: Option<Printed>,
    /// Whether the numbers were seen.
    pub status: Status,
    /// Particulars that are recalled although the numbers were seen.
    pub recalled: Vec<&'a str>,
    /// Figures that the source does not print.
    pub derived: Vec<&'a Derived>,
    /// What else a reader must know, of the rows and of the trial.
    pub notes: Vec<&'a str>,
}

/// What a study brings into a pool.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StudyEffect {
    /// LDN minus comparator with its standard error and variance.
    Difference {
        /// The difference.
        yi: f64,
        /// Its standard error.
        sei: f64,
        /// Its variance.
        vi: f64,
    },
    /// People with the event, per arm.
    Counts {
        /// On LDN.
        ldn: CountOf,
        /// On the comparator.
        comparator: CountOf,
    },
}

/// People with the event, out of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CountOf {
    /// People with it.
    pub events: u32,
    /// People who could have had it.
    pub of: u32,
}

/// An outcome that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no outcome `{id}`; expected one of {}", known.join(", "))]
pub struct UnknownOutcome {
    /// As asked for.
    pub id: String,
    /// The ids there are.
    pub known: Vec<String>,
}

impl Study<'_> {
    /// Returns difference and variance; `None` for counts, whose effect the caller chooses.
    pub fn yi_vi(&self) -> Option<(f64, f64)> {
        match self.effect {
            StudyEffect::Difference { yi, vi, .. } => Some((yi, vi)),
            StudyEffect::Counts { .. } => None,
        }
    }

    /// Returns the counts on LDN and on the comparator; `None` for differences.
    pub fn counts(&self) -> Option<(CountOf, CountOf)> {
        match self.effect {
            StudyEffect::Counts { ldn, comparator } => Some((ldn, comparator)),
            StudyEffect::Difference { .. } => None,
        }
    }

    /// Returns true if the standard error is not printed in the source.
    pub fn se_is_derived(&self) -> bool {
        self.derives(Figure::Se)
    }

    /// Returns true if the sign of the difference was inferred.
    pub fn sign_is_inferred(&self) -> bool {
        self.derives(Figure::Sign)
    }

    /// Returns what a reader must be told about this study.
    fn cautions(&self) -> Vec<String> {
        let label = self.label;
        let said = |figure: Figure, what: &str| {
            let of_figure = self.derived.iter().filter(move |derived| derived.what == figure);
            of_figure.map(|derived| format!("{label}: {what}: {}.", derived.how)).collect::<Vec<_>>()
        };
        let mut cautions = said(Figure::Estimate, "the difference is derived");
        cautions.extend(said(Figure::Se, "the standard error is derived"));
        cautions.extend(said(Figure::Sign, "the sign is inferred"));
        cautions.extend(said(Figure::Count, "counts are derived"));
        if self.status == Status::Recalled {
            cautions.push(format!("{label}: the numbers are recalled; nobody has looked them up."));
        }
        if !self.recalled.is_empty() {
            cautions.push(format!("{label}: recalled, not looked up: {}.", self.recalled.join(", ")));
        }
        cautions
    }

    fn derives(&self, figure: Figure) -> bool {
        self.derived.iter().any(|derived| derived.what == figure)
    }
}

/// Decides what may be pooled for the outcome of an id.
///
/// # Errors
/// [`UnknownOutcome`] with the ids there are.
pub fn select<'a>(
    library: &'a Library,
    outcome_id: &str,
    recalled: Recalled,
) -> Result<Selection<'a>, UnknownOutcome> {
    match library.outcome(outcome_id) {
        Some(outcome) => Ok(select_outcome(library, outcome, recalled)),
        None => Err(UnknownOutcome {
            id: outcome_id.to_owned(),
            known: library.outcomes().map(|outcome| outcome.id.clone()).collect(),
        }),
    }
}

/// Decides what may be pooled for an outcome.
pub fn select_outcome<'a>(library: &'a Library, outcome: &'a Outcome, recalled: Recalled) -> Selection<'a> {
    let mut included = Vec::new();
    let mut refused = Vec::new();
    for trial in library.trials().filter(|trial| outcome.conditions.contains(&trial.condition)) {
        let answer = match outcome.effect {
            Effect::MeanDifference => differences::of(trial, outcome, recalled),
            Effect::Counts => counts::of(trial, outcome, recalled),
        };
        refused.extend(answer.refused);
        included.extend(answer.study.map(|study| (trial, study)));
    }
    let mut included = refusal::without_same_people(included, &mut refused);
    refusal::name_same_people(library, &included, &mut refused);
    for study in &mut included {
        study.year = library.source(study.source).and_then(|source| source.year);
    }
    included.sort_by(|a, b| (a.year, a.label).cmp(&(b.year, b.label)));
    let refused_trials = refusal::by_trial(&refused, &included);
    Selection {
        cautions: cautions(&included, outcome),
        published: published(library, outcome),
        outcome,
        recalled,
        included,
        refused,
        refused_trials,
    }
}

/// What one trial answers.
#[derive(Default)]
struct Answer<'a> {
    study: Option<Study<'a>>,
    refused: Vec<Refused<'a>>,
}

/// A study of one trial without its rows.
fn study_of<'a>(trial: &'a Trial, effect: StudyEffect) -> Study<'a> {
    Study {
        trial: &trial.id,
        label: &trial.name,
        source: &trial.source,
        year: None,
        rows: Vec::new(),
        effect,
        n: None,
        dose_mg: trial.dose_mg,
        weeks: trial.weeks,
        status: Status::Reviewed,
        recalled: Vec::new(),
        derived: Vec::new(),
        notes: trial.note.as_deref().into_iter().collect(),
    }
}

impl<'a> Study<'a> {
    /// Adds a row of results that the study rests on.
    fn rest_on(mut self, index: usize, row: &'a ResultRow) -> Study<'a> {
        self.rows.push(index + 1);
        self.status = self.status.min(row.status);
        self.recalled.extend(row.recalled.iter().map(String::as_str));
        self.derived.extend(&row.derived);
        self.notes.extend(row.note.as_deref());
        self.notes.extend(row.explained.arms.as_deref());
        self.weeks = row.weeks.or(self.weeks);
        self.dose_mg = row.dose_mg.or(self.dose_mg);
        self
    }
}

/// What to tell about a pool, whatever its method.
fn cautions(included: &[Study], outcome: &Outcome) -> Vec<String> {
    let mut cautions = Vec::new();
    match included.len() {
        0 => cautions.push("No row may be pooled.".to_owned()),
        1 => cautions.push("One study: there is nothing to pool.".to_owned()),
        2 => cautions.push(
            "Two studies: how much they differ is hardly known; see the Hartung-Knapp interval.".into(),
        ),
        _ => {}
    }
    for study in included {
        for caution in study.cautions() {
            if !cautions.contains(&caution) {
                cautions.push(caution);
            }
        }
    }
    if let Some(text) = spread_of("Doses", "mg a day", included.iter().map(|study| study.dose_mg)) {
        cautions.push(text);
    }
    if let Some(text) = spread_of("Durations", "weeks", included.iter().map(|study| study.weeks)) {
        cautions.push(text);
    }
    if !included.is_empty() {
        cautions.push(format!("Sign: {}.", outcome.sign));
    }
    cautions
}

/// Says that studies differ in something, unless they agree.
fn spread_of(what: &str, unit: &str, values: impl Iterator<Item = Option<Printed>>) -> Option<String> {
    let mut values: Vec<f64> = values.flatten().map(Printed::value).collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.first()?, values.last()?);
    (low < high).then(|| format!("{what} differ: {low} to {high} {unit}."))
}

fn published<'a>(library: &'a Library, outcome: &'a Outcome) -> Vec<Published<'a>> {
    let found = |finding: &PublishedFinding| {
        let review = library.meta_analysis(&finding.review)?;
        let estimates = review.estimates_of(&finding.estimate);
        let events = || review.adverse_events_of(&finding.estimate);
        Some(Published {
            meta_analysis: &review.id,
            source: &review.source,
            included: &review.included,
            adverse_events: if estimates.is_empty() { events() } else { Vec::new() },
            estimates,
        })
    };
    outcome.published.iter().filter_map(found).collect()
}

/// The arm of a row as a reader would name it.
fn is_comparator(arm: Arm) -> bool {
    matches!(arm, Arm::Placebo | Arm::ActiveComparator)
}
