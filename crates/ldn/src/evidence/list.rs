//! Listings: claims, counts, contradictions, sources.

use clap::Args;
use ldn_evidence::{Library, Summary};

use crate::error::Failure;
use crate::files::{self, print_json};
use crate::text::{heading, wrapped};

/// Arguments of `ldn evidence list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Count everything instead
    #[arg(long)]
    summary: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(library: &Library, args: &ListArgs) -> Result<(), Failure> {
    match (args.summary, args.json) {
        (true, true) => print_json("summary", &library.summary()),
        (true, false) => files::print(&summary(&library.summary())),
        (false, true) => print_json("claims", &library.claims().collect::<Vec<_>>()),
        (false, false) => files::print(&claims(library)),
    }
}

fn claims(library: &Library) -> String {
    let mut text = String::new();
    let mut topic = None;
    let mut sorted: Vec<_> = library.claims().collect();
    sorted.sort_by_key(|claim| claim.topic);
    for claim in sorted {
        if topic != Some(claim.topic) {
            topic = Some(claim.topic);
            text += &format!("\n{}", heading(claim.topic.title()));
        }
        text += &wrapped(&claim.paraphrase, &format!("{:<13}", claim.verdict.id()), &" ".repeat(13));
        let indent = " ".repeat(13);
        text += &wrapped(&format!("{} · {}", claim.id, claim.carried_by.join(", ")), &indent, &indent);
    }
    text
}

fn summary(s: &Summary) -> String {
    let by_verdict: Vec<String> =
        s.claims_by_verdict.iter().map(|(verdict, n)| format!("{n} {verdict}")).collect();
    let by_status: Vec<String> =
        s.claims_by_status.iter().map(|(status, n)| format!("{n} {status}")).collect();
    let mut text = String::new();
    for (n, what) in [
        (s.claims, format!("claims: {}; {}", by_verdict.join(", "), by_status.join(", "))),
        (s.contradictions, "contradictions".to_owned()),
        (
            s.trial_rows,
            format!(
                "trial results in {} trials; {} recalled, {} in part",
                s.trials, s.trial_rows_recalled, s.trial_rows_recalled_in_part
            ),
        ),
        (s.adverse_event_rows, "adverse-event rows".to_owned()),
        (s.reviews, "published reviews".to_owned()),
        (s.sources, "sources".to_owned()),
        (s.outcomes, "outcomes that can be pooled".to_owned()),
    ] {
        text += &wrapped(&what, &format!("{n:>5}  "), "       ");
    }
    text
}

pub(super) fn conflicts(library: &Library, json: bool) -> Result<(), Failure> {
    let conflicts = library.conflicts();
    if json {
        return print_json("contradictions", &conflicts);
    }
    let mut text = String::new();
    for conflict in conflicts {
        text += &wrapped(&conflict.title, &format!("{:>2}. ", conflict.number), "    ");
        for side in &conflict.sides {
            let who: Vec<&str> = side.sources.iter().chain(&side.claims).map(String::as_str).collect();
            text += &wrapped(&format!("{} ({})", side.says, who.join(", ")), "    – ", "      ");
        }
        text += &wrapped(&format!("Read as: {}", conflict.reading), "    ", "    ");
        text += &wrapped(&format!("Here: {}", conflict.product), "    ", "    ");
        text.push('\n');
    }
    files::print(&text)
}

pub(super) fn sources(library: &Library, json: bool) -> Result<(), Failure> {
    if json {
        return print_json("sources", &library.sources().collect::<Vec<_>>());
    }
    let mut text = String::new();
    for source in library.sources() {
        text += &wrapped(&source.citation, &format!("{:<28}", source.id), &" ".repeat(28));
    }
    files::print(&text)
}
