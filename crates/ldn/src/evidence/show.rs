//! `ldn evidence show`: one thing with everything linked to it.

use clap::Args;
use ldn_evidence::meta_analysis::Estimate;
use ldn_evidence::show::{ClaimShown, ContradictionShown, MetaAnalysisShown, Shown, SourceShown, TrialShown};
use ldn_evidence::trial::{AdverseEvent, ResultRow};
use ldn_evidence::{Claim, Contradiction, Library, MetaAnalysis, Source, Trial};

use crate::error::Failure;
use crate::files::{self, print_json};
use crate::text::{heading, paragraph, wrapped};

/// Arguments of `ldn evidence show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Id of a claim, source, trial, contradiction or review
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(library: &Library, args: &ShowArgs) -> Result<(), Failure> {
    let Some(shown) = library.show(&args.id) else {
        let near: Vec<&str> =
            library.search(&args.id.replace('-', " ")).hits.iter().take(5).map(|hit| hit.id).collect();
        let hint =
            if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
        return Err(Failure::Unknown(format!("there is nothing with the id `{}`{hint}", args.id)));
    };
    if args.json {
        return print_json("shown", &shown);
    }
    files::print(&match shown {
        Shown::Claim(shown) => claim(&shown),
        Shown::Contradiction(shown) => contradiction(&shown),
        Shown::Trial(shown) => trial(&shown),
        Shown::MetaAnalysis(shown) => meta_analysis(&shown),
        Shown::Source(shown) => source(&shown),
    })
}

fn claim(shown: &ClaimShown<'_>) -> String {
    let claim = shown.claim;
    let note = claim.verdict_note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    let mut text = heading(&claim.id);
    text += &wrapped(&claim.paraphrase, "", "");
    text += "\n";
    text += &paragraph("Verdict", &format!("{}{note}", claim.verdict.id()));
    if let Some(best) = &claim.best_source_says {
        text += &paragraph("Best source", best);
    }
    if let Some(reason) = &claim.reason {
        text += &paragraph("Because", reason);
    }
    if let Some(numbers) = &claim.numbers_as_said {
        text += &paragraph("As said", numbers);
    }
    let recalled = if claim.recalled_in_part { ", in part recalled" } else { "" };
    text += &paragraph("Checked", &format!("{}{recalled}", status(&claim.status)));
    text += &sources("Carried by", &shown.carried_by);
    text += &sources("Said by", &shown.said_by);
    text += &sources("Also cited", &shown.also_cited);
    text += &contradictions(&shown.contradictions);
    text += &trials(&shown.trials);
    text + &reviews(&shown.meta_analyses)
}

fn contradiction(shown: &ContradictionShown<'_>) -> String {
    let contradiction = shown.contradiction;
    let mut text = heading(&contradiction.id);
    text += &wrapped(&contradiction.title, "", "");
    text += "\n";
    for side in &contradiction.sides {
        let who: Vec<&str> = side.sources.iter().chain(&side.claims).map(String::as_str).collect();
        text += &paragraph("One side", &format!("{} ({})", side.says, who.join(", ")));
    }
    text += &paragraph("Read as", &contradiction.reading);
    text += &paragraph("Here", &contradiction.product);
    text += &paragraph("Checked", &status(&contradiction.status));
    text += &claims("Claims", &shown.claims);
    text += &sources("Sources", &shown.sources);
    text + &trials(&shown.trials)
}

fn trial(shown: &TrialShown<'_>) -> String {
    let trial = shown.trial;
    let mut text = heading(&trial.name);
    text += &paragraph("Id", &trial.id);
    text += &paragraph("Design", &format!("{}, {}", trial.design.words(), trial.condition));
    let mut particulars = Vec::new();
    particulars.extend(trial.n_randomised.map(|n| format!("{n} people")));
    particulars.extend(trial.dose_mg.map(|dose| format!("{dose} mg a day")));
    particulars.extend(trial.weeks.map(|weeks| format!("{weeks} weeks")));
    if !particulars.is_empty() {
        text += &paragraph("Particulars", &particulars.join(", "));
    }
    if let Some(note) = &trial.note {
        text += &paragraph("Note", note);
    }
    text += "\nResults\n";
    for row in &trial.results {
        text += &result(row);
    }
    if !trial.adverse_events.is_empty() {
        text += "\nAdverse events\n";
        for event in &trial.adverse_events {
            text += &wrapped(&adverse_event_line(event), "  ", "      ");
        }
    }
    if let Some(note) = &trial.adverse_events_note {
        text += &paragraph("Note", note);
    }
    text += "\n";
    text += &sources("Sources", &shown.sources);
    if !shown.pooled_in.is_empty() {
        text += &paragraph("Pooled in", &shown.pooled_in.join(", "));
    }
    for refused in &shown.refused_in {
        text += &paragraph("Not in", &format!("{}: {}", refused.outcome, refused.reason));
    }
    text += &claims("Claims", &shown.claims);
    text + &contradictions(&shown.contradictions)
}

/// One line of numbers: estimate, interval, p, counts; what is derived is said.
fn result(row: &ResultRow) -> String {
    let unit = row.scale.unit.as_deref().unwrap_or("");
    let mut numbers = Vec::new();
    numbers.extend(row.estimate.map(|estimate| format!("{estimate} {unit}").trim_end().to_owned()));
    numbers.extend(row.ci.map(|[low, high]| format!("95 % interval {low} to {high}")));
    numbers.extend(row.sd.map(|sd| format!("SD {sd}")));
    numbers.extend(row.se.map(|se| format!("SE {se}")));
    numbers.extend(row.p.map(|p| format!("p {p}")));
    numbers.extend(row.p_below.map(|p| format!("p below {p}")));
    numbers.extend(row.responders.as_ref().map(|r| format!("{} of {} people", r.n, r.of)));
    numbers.extend(row.percent.map(|percent| format!("{percent} %")));
    let derived: Vec<&str> = row.derived.iter().map(|derived| derived.how.as_str()).collect();
    if !derived.is_empty() {
        numbers.push(format!("derived: {}", derived.join("; ")));
    }
    numbers.push(status(&row.status));
    wrapped(&format!("{} · {}: {}", row.arm.words(), row.outcome, numbers.join("; ")), "  ", "      ")
}

/// An adverse-event row in one line.
pub(super) fn adverse_event_line(event: &AdverseEvent) -> String {
    let mut numbers = Vec::new();
    numbers.extend(event.count.map(|count| match event.n_at_risk {
        Some(of) => format!("{count} of {of}"),
        None => count.to_string(),
    }));
    numbers.extend(event.percent.map(|percent| format!("{percent} %")));
    let effect = event.effect.as_deref().unwrap_or("effect");
    numbers.extend(event.estimate.map(|estimate| format!("{effect} {estimate}")));
    numbers.extend(event.ci.map(|[low, high]| format!("95 % interval {low} to {high}")));
    numbers.extend(event.p.map(|p| format!("p {p}")));
    numbers.extend(event.note.clone());
    numbers.push(status(&event.status));
    format!("{} · {}: {}", event.arm.words(), event.event, numbers.join("; "))
}

fn meta_analysis(shown: &MetaAnalysisShown<'_>) -> String {
    let review = shown.meta_analysis;
    let mut text = heading(&review.id);
    text += &paragraph("Included", &review.included);
    for estimate in &review.estimates {
        text += &paragraph("Estimate", &estimate_line(estimate));
    }
    if let Some(note) = &review.note {
        text += &paragraph("Note", note);
    }
    text += &paragraph("Checked", &status(&review.status));
    text += &sources("Source", &shown.source.into_iter().collect::<Vec<_>>());
    text += &trials(&shown.trials);
    text += &claims("Claims", &shown.claims);
    text + &contradictions(&shown.contradictions)
}

/// A published estimate in one line.
pub(super) fn estimate_line(estimate: &Estimate) -> String {
    let mut numbers = vec![estimate.measure.clone()];
    let unit = estimate.unit.as_deref().unwrap_or("");
    numbers.extend(estimate.value.map(|value| format!("{value} {unit}").trim_end().to_owned()));
    numbers.extend(estimate.ci.map(|[low, high]| format!("95 % interval {low} to {high}")));
    numbers.extend(estimate.p.map(|p| format!("p {p}")));
    numbers.extend(estimate.model.clone());
    numbers.extend(estimate.finding.clone());
    format!("{}: {}", estimate.outcome, numbers.join("; "))
}

fn source(shown: &SourceShown<'_>) -> String {
    let source = shown.source;
    let mut text = heading(&source.id);
    text += &wrapped(&source.citation, "", "");
    text += "\n";
    for (name, value) in [
        ("DOI", source.doi.clone()),
        ("PubMed", source.pmid.map(|pmid| pmid.to_string())),
        ("Registered", source.registered_as().map(str::to_owned)),
        ("Address", source.url.clone()),
        ("Note", source.note.clone()),
    ] {
        text += &value.map(|value| paragraph(name, &value)).unwrap_or_default();
    }
    text += &claims("Carries", &shown.carries);
    text += &claims("Says", &shown.says);
    text += &claims("Named in", &shown.mentioned_in);
    text += &contradictions(&shown.contradictions);
    text += &trials(&shown.trials);
    text + &reviews(&shown.meta_analyses)
}

fn sources(heading: &str, sources: &[&Source]) -> String {
    sources.iter().map(|source| paragraph(heading, &format!("{}: {}", source.id, source.citation))).collect()
}

fn claims(heading: &str, claims: &[&Claim]) -> String {
    let line = |claim: &&Claim| format!("{} ({}): {}", claim.id, claim.verdict.id(), claim.paraphrase);
    claims.iter().map(|claim| paragraph(heading, &line(claim))).collect()
}

fn contradictions(contradictions: &[&Contradiction]) -> String {
    let line = |c: &&Contradiction| format!("{}: {}. {}", c.id, c.title, c.reading);
    contradictions.iter().map(|contradiction| paragraph("Disputed", &line(contradiction))).collect()
}

fn trials(trials: &[&Trial]) -> String {
    let line = |trial: &&Trial| format!("{}: {}, {}", trial.id, trial.name, trial.design.words());
    trials.iter().map(|trial| paragraph("Trial", &line(trial))).collect()
}

fn reviews(reviews: &[&MetaAnalysis]) -> String {
    reviews.iter().map(|review| paragraph("Review", &format!("{}: {}", review.id, review.included))).collect()
}

/// A status as it is written in the data files.
fn status(status: &ldn_evidence::Status) -> String {
    match status {
        ldn_evidence::Status::Proposed => "proposed",
        ldn_evidence::Status::Recalled => "recalled, not looked up",
        ldn_evidence::Status::Judgement => "judgement",
        ldn_evidence::Status::Seen => "seen",
        ldn_evidence::Status::Reviewed => "reviewed",
    }
    .to_owned()
}
