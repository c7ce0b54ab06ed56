//! `ldn plan adapt`: what a diary asks of a plan, as proposals for the prescriber.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use ldn_care::plan::{Change, Proposal, Protocols, adapt};
use ldn_care::screen::RuleSet;
use ldn_core::{Plan, Scale};
use serde_json::json;

use super::calendar::CalendarArgs;
use super::{make, print, protocols, read_plan, today};
use crate::error::Failure;
use crate::files;
use crate::text::{heading, paragraph};

/// Arguments of `ldn plan adapt`.
#[derive(Debug, Args)]
pub(super) struct AdaptArgs {
    /// The plan that is followed now, in JSON
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    /// The diary in CSV; - for standard input
    #[arg(value_name = "DIARY")]
    diary: PathBuf,

    /// The protocol of the plan; the one that the plan names if not given
    #[arg(long, value_name = "ID")]
    protocol: Option<String>,

    /// The day that counts as today; the local date if not given
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,

    /// The number of the proposal that --out and --ics take; the first with a plan if not given
    #[arg(long, value_name = "N")]
    take: Option<usize>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Write the next plan as JSON; it is not signed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    calendar: CalendarArgs,
}

pub(super) fn run(args: &AdaptArgs) -> Result<(), Failure> {
    let outputs = [args.out.as_deref(), args.calendar.ics.as_deref()];
    files::check_outputs(&args.plan, &outputs)?;
    files::check_outputs(&args.diary, &outputs)?;
    let plan = read_plan(&args.plan)?;
    let diary = files::read_diary(&args.diary, Scale::ZeroToTen)?;
    let today = args.today.unwrap_or_else(today);
    let all = Protocols::shipped();
    let protocol = protocols::found(all, args.protocol.as_deref().unwrap_or(&plan.parts().protocol))?;
    let change = Change { plan: &plan, protocol, diary: &diary, today };
    let proposals = adapt(&change, all, RuleSet::shipped());
    write(args, &plan, &proposals, today)?;
    if args.json {
        let answer = json!({ "schema": 1, "plan": plan.id(), "today": today, "proposals": proposals });
        return files::print(&(answer.to_string() + "\n"));
    }
    files::print(&text(&proposals))
}

/// Writes the plan that is taken and its calendar, both or neither.
fn write(args: &AdaptArgs, plan: &Plan, proposals: &[Proposal], today: Date) -> Result<(), Failure> {
    if args.out.is_none() && args.calendar.ics.is_none() {
        return Ok(());
    }
    let next = taken(args.take, proposals)?;
    let calendar = args.calendar.written(next, std::slice::from_ref(plan), false, today)?;
    let calendar: Option<(&Path, &str)> = args.calendar.ics.as_deref().zip(calendar.as_deref());
    make::write(next, args.out.as_deref(), calendar)
}

fn taken(number: Option<usize>, proposals: &[Proposal]) -> Result<&Plan, Failure> {
    let chosen = match number {
        Some(number) => number.checked_sub(1).and_then(|index| proposals.get(index)),
        None => proposals.iter().find(|proposal| proposal.plan.is_some()),
    };
    chosen.and_then(|proposal| proposal.plan.as_ref()).ok_or_else(|| {
        let with_plan: Vec<String> = (1..)
            .zip(proposals)
            .filter(|(_, proposal)| proposal.plan.is_some())
            .map(|(number, _)| number.to_string())
            .collect();
        Failure::Usage(match with_plan.as_slice() {
            [] => "no proposal has a plan of its own; nothing was written".to_owned(),
            some => format!("--take: expected a proposal with a plan of its own, {}", some.join(" or ")),
        })
    })
}

fn text(proposals: &[Proposal]) -> String {
    let mut text = String::new();
    for (number, proposal) in (1..).zip(proposals) {
        text += &heading(&format!("{number}  {}", proposal.kind.word().replace('-', " ")));
        text += &paragraph("Prescriber", &proposal.words);
        for fact in &proposal.because {
            text += &paragraph("Because", &format!("{}, {}: {}", fact.date, fact.field, fact.value));
        }
        let status = crate::screen::status(proposal.status);
        text += &paragraph("Rule", &format!("{} [{}] ({status})", proposal.rule, proposal.source));
        if let Some(plan) = &proposal.plan {
            text += &format!("\n{}", print::plan(plan));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}
