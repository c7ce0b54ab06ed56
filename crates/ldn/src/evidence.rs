//! `ldn evidence`: who says so, on what, and who disagrees?

mod list;
mod pool;
mod search;
mod show;

use clap::{Args, Subcommand};
use ldn_evidence::Library;

use crate::error::Failure;

/// What can be asked of the evidence.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// List the claims with their verdicts, or count everything
    List(list::ListArgs),
    /// Show one thing with everything linked to it: a claim, a source, a trial, a contradiction or a review
    Show(show::ShowArgs),
    /// Search in plain words; one typing error per word is forgiven
    Search(search::SearchArgs),
    /// List where sources contradict each other, and how it is read
    Conflicts(JsonArgs),
    /// List all sources
    Sources(JsonArgs),
    /// Pool what may be pooled, and say why the rest may not
    Pool(pool::PoolArgs),
}

/// The one choice that every listing has.
#[derive(Debug, Args)]
pub(crate) struct JsonArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs `ldn evidence`.
pub(crate) fn run(command: EvidenceCommand) -> Result<(), Failure> {
    let library = Library::shipped();
    match command {
        EvidenceCommand::List(args) => list::run(library, &args),
        EvidenceCommand::Show(args) => show::run(library, &args),
        EvidenceCommand::Search(args) => search::run(library, &args),
        EvidenceCommand::Conflicts(args) => list::conflicts(library, args.json),
        EvidenceCommand::Sources(args) => list::sources(library, args.json),
        EvidenceCommand::Pool(args) => pool::run(library, &args),
    }
}
