//! `ldn plan sign`: a prescriber takes a plan as it stands.

use std::path::PathBuf;

use clap::Args;
use ldn_core::Plan;
use ldn_core::plan::Signature;
use ldn_report::plan_calendar::ask_because;

use super::{StandingArgs, json_of, read_plan};
use crate::error::Failure;
use crate::files;

/// Arguments of `ldn plan sign`.
#[derive(Debug, Args)]
pub(super) struct SignArgs {
    /// A plan in JSON; - for standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    /// Who signs
    #[arg(long, value_name = "NAME")]
    prescriber: String,

    /// Write the signed plan here instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    standing: StandingArgs,
}

pub(super) fn run(args: &SignArgs) -> Result<(), Failure> {
    // Signing in place is meant: the signed plan is the same plan.
    let plan = read_plan(&args.plan)?;
    let today = args.standing.today();
    let superseded = args.standing.newer(&plan)?.is_some();
    if ask_because(&plan, today, superseded).is_some() {
        return Err(Failure::Signing(format!(
            "plan {} no longer counts on {today}: sign a new plan, and ask before the next dose",
            plan.id()
        )));
    }
    let plan = signed(plan, Signature { prescriber: args.prescriber.clone(), on: today })?;
    match &args.out {
        Some(path) => files::write(path, &json_of(&plan)),
        None => files::print(&json_of(&plan)),
    }
}

/// Signs a plan that nobody has signed, with a name.
pub(super) fn signed(plan: Plan, signature: Signature) -> Result<Plan, Failure> {
    if let Some(first) = &plan.parts().signature {
        return Err(Failure::Signing(format!(
            "plan {} is signed already, by {} on {}: only a new plan can be signed anew",
            plan.id(),
            first.prescriber,
            first.on
        )));
    }
    if signature.prescriber.trim().is_empty() {
        return Err(Failure::Usage("the prescriber's name is empty".to_owned()));
    }
    let made_on = plan.parts().made_on;
    if signature.on < made_on {
        return Err(Failure::Signing(format!(
            "the plan was made on {made_on}, after {}, the day of signing: expected that day or a later one",
            signature.on
        )));
    }
    Ok(plan.sign(signature))
}
