//! `ldn import`: diaries of other origin as `diary.csv`.

mod chronic_pain;

use clap::Subcommand;

use crate::error::Failure;

/// Where a diary comes from.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// The open chronic-pain diaries of the MyAIGuide project
    ChronicPain(chronic_pain::ChronicPainArgs),
}

pub(crate) fn run(command: ImportCommand) -> Result<(), Failure> {
    match command {
        ImportCommand::ChronicPain(args) => chronic_pain::run(&args),
    }
}
