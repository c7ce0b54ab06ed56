//! `ldn course`: one course, kept in a store.
//!
//! In a personal store, in which nobody has an account, whoever sits here acts as the patient. Where people have
//! accounts, the command line is an administrator: it sees that courses exist, and no medical text.

mod entry;
mod erase;
mod export;
mod import;
mod list;
mod log;
mod new;
mod open;
mod show;
mod verify;

use clap::Subcommand;

pub(crate) use open::CourseArgs;

use crate::error::Failure;

/// What `ldn course` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum CourseCommand {
    /// Begin a course; makes the store on first use
    New(new::NewArgs),
    /// List the courses
    List(list::ListArgs),
    /// What a course is now: plan, today, last scores, problems
    Show(show::ShowArgs),
    /// Write down what happened on a day: pain=6 fatigue=7 dose="1.5 mg" side-effect="vivid dreams:mild" note="…"
    Log(log::LogArgs),
    /// Bring in a diary in CSV (first a dry run, then --apply; --undo takes a batch back), an intake, or a journal
    Import(import::ImportArgs),
    /// Take everything about a course's person away
    Export(export::ExportArgs),
    /// Check that nothing was changed, removed or cut off
    Verify(verify::VerifyArgs),
    /// Erase the person of a course for good, with a receipt
    Erase(erase::EraseArgs),
}

/// Runs `ldn course`.
pub(crate) fn run(command: CourseCommand) -> Result<(), Failure> {
    match command {
        CourseCommand::New(args) => new::run(&args),
        CourseCommand::List(args) => list::run(&args),
        CourseCommand::Show(args) => show::run(&args),
        CourseCommand::Log(args) => log::run(&args),
        CourseCommand::Import(args) => import::run(&args),
        CourseCommand::Export(args) => export::run(&args),
        CourseCommand::Verify(args) => verify::run(&args),
        CourseCommand::Erase(args) => erase::run(&args),
    }
}
