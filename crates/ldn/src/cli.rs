//! What can be typed.

use clap::{Parser, Subcommand};

use crate::error::Failure;
use crate::{account, audit, backup, course, dispense, evidence, import, plan, screen, serve, verdict};

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
    /// Which dose on which day, and what goes with it: calendar, card, letter
    Plan(Box<plan::PlanArgs>),
    /// What exactly shall the pharmacy make?
    Dispense(Box<dispense::DispenseArgs>),
    /// Who says so, on what, and who disagrees?
    #[command(subcommand)]
    Evidence(evidence::EvidenceCommand),
    /// Keep a course: a diary at the terminal, its state, taking it away, checking it, erasing it
    #[command(subcommand)]
    Course(course::CourseCommand),
    /// Who may sign in to a store
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Who did what with a store
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Back a store up while it is in use, encrypted to keys that are kept elsewhere
    Backup(backup::BackupArgs),
    /// Restore a backup into an empty store
    Restore(backup::RestoreArgs),
    /// The pages: diary, plan, verdict, on this machine and in the browser
    Serve(serve::ServeArgs),
    /// Turn diaries of other origin into `diary.csv`.
    #[command(subcommand)]
    Import(import::ImportCommand),
}

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Verdict(args) => verdict::run(*args),
        Command::Screen(args) => screen::run(&args),
        Command::Plan(args) => plan::run(*args),
        Command::Dispense(args) => dispense::run(&args),
        Command::Evidence(command) => evidence::run(command),
        Command::Course(command) => course::run(command),
        Command::Account(command) => account::run(command),
        Command::Audit(command) => audit::run(command),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Import(command) => import::run(command),
    }
}
