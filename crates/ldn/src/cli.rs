//! What can be typed.

use clap::{Parser, Subcommand};

use crate::error::Failure;
use crate::{evidence, import, screen, verdict};

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
    /// May this person start, and under what conditions?
    Screen(screen::ScreenArgs),
    /// Who says so, on what, and who disagrees?
    #[command(subcommand)]
    Evidence(evidence::EvidenceCommand),
    /// Turn diaries of other origin into `diary.csv`.
    #[command(subcommand)]
    Import(import::ImportCommand),
}

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Verdict(args) => verdict::run(*args),
        Command::Screen(args) => screen::run(&args),
        Command::Evidence(command) => evidence::run(command),
        Command::Import(command) => import::run(command),
    }
}
