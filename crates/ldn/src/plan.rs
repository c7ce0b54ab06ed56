//! `ldn plan`: which dose on which day, and what goes with it.

mod adapt;
mod calendar;
mod make;
mod papers;
mod print;
mod protocols;
mod show;
mod sign;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;
use ldn_core::{Plan, PlanId};

use crate::error::Failure;
use crate::files;

/// The largest file that is read as a plan; a plan of ten years has a hundredth of it.
const LARGEST_PLAN: usize = 1 << 20;

/// Arguments of `ldn plan`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct PlanArgs {
    #[command(subcommand)]
    command: Option<PlanCommand>,

    #[command(flatten)]
    make: make::MakeArgs,
}

#[derive(Debug, Subcommand)]
enum PlanCommand {
    /// The protocols that can be planned, and what is missing in the others
    Protocols(protocols::ProtocolsArgs),
    /// What a plan says, of all its days or of one
    Show(show::ShowArgs),
    /// Sign a plan; its content stays, and so does its name
    Sign(sign::SignArgs),
    /// Propose the next plan from a diary: hold, step back, move to the morning, stay, stop; never faster
    Adapt(adapt::AdaptArgs),
    /// A card for the wallet, for emergencies
    Card(papers::CardArgs),
    /// A letter for the anaesthetist before an operation or procedure
    Letter(papers::LetterArgs),
}

/// Which day it is, and whether the plan still counts.
#[derive(Debug, Args)]
pub(crate) struct StandingArgs {
    /// The day that counts as today; the local date if not given
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,

    /// The plan that replaced this one, in JSON; then this one gives no dose
    #[arg(long, value_name = "NEWER")]
    superseded_by: Option<PathBuf>,
}

impl StandingArgs {
    pub(crate) fn today(&self) -> Date {
        self.today.unwrap_or_else(today)
    }

    /// Returns the name of the newer plan, which must follow from this one.
    pub(crate) fn newer(&self, plan: &Plan) -> Result<Option<PlanId>, Failure> {
        let Some(path) = &self.superseded_by else { return Ok(None) };
        let newer = read_plan(path)?;
        let follows = newer.parts().parent.as_ref() == Some(&plan.id());
        if !follows && newer.parts().version <= plan.parts().version {
            let expected = format!("expected a plan that follows from {}", plan.id());
            return Err(Failure::Content { path: path.clone(), expected });
        }
        Ok(Some(newer.id()))
    }
}

/// Runs `ldn plan` in whichever of its forms.
pub(crate) fn run(args: PlanArgs) -> Result<(), Failure> {
    match args.command {
        Some(PlanCommand::Protocols(args)) => protocols::run(&args),
        Some(PlanCommand::Show(args)) => show::run(&args),
        Some(PlanCommand::Sign(args)) => sign::run(&args),
        Some(PlanCommand::Adapt(args)) => adapt::run(&args),
        Some(PlanCommand::Card(args)) => papers::card(&args),
        Some(PlanCommand::Letter(args)) => papers::letter(&args),
        None => make::run(&args.make),
    }
}

/// Reads a plan from a file, or from standard input for `-`.
pub(crate) fn read_plan(path: &Path) -> Result<Plan, Failure> {
    let bytes = files::read_bytes(path, LARGEST_PLAN)?;
    if bytes.len() > LARGEST_PLAN {
        let expected = format!("expected a plan of at most {LARGEST_PLAN} bytes");
        return Err(Failure::Content { path: path.to_owned(), expected });
    }
    serde_json::from_slice(&bytes).map_err(|source| Failure::Plan { path: path.to_owned(), source })
}

/// The JSON of a plan with a final line feed, as files hold it.
fn json_of(plan: &Plan) -> String {
    serde_json::to_string_pretty(plan).expect("texts, dates and doses are always JSON") + "\n"
}

/// The local date.
#[expect(clippy::disallowed_methods, reason = "the command is the one place that reads a clock")]
fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::system()).date()
}
