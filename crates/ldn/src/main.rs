//! The command `ldn`: reads files, asks the pure crates, prints.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 could not, 2 wrong usage.

mod account;
mod audit;
mod backup;
mod cli;
mod course;
mod dispense;
mod error;
mod evidence;
mod files;
mod import;
mod plan;
mod progress;
mod screen;
mod serve;
mod store_option;
mod text;
mod verdict;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let command = cli::Cli::parse();
    match cli::run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
