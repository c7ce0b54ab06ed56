//! What can be typed.

use clap::{Parser, Subcommand};

use crate::error::Failure;
use crate::{import, verdict};

/// Low-dose naltrexone, one course at a time.
///
/// A description of what a diary says; the prescriber decides.
#[derive(Debug, Parser)]
#[command(name = "ldn", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Is it working, for this person? One diary (or a folder of them) in, an honest answer out.
    Verdict(Box<verdict::VerdictArgs>),
    /// Turn diaries of other origin into `diary.csv`.
    #[command(subcommand)]
    Import(import::ImportCommand),
}

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Verdict(args) => verdict::run(*args),
        Command::Import(command) => import::run(command),
    }
}
