//! `ldn plan show`: what a plan says, of all its days or of one.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use ldn_core::Plan;
use ldn_core::plan::{AskBecause, DayPlan, Hold, Step};
use ldn_report::plan_calendar::ask_because;
use serde_json::{Value, json};

use super::calendar::CalendarArgs;
use super::{StandingArgs, json_of, print, read_plan};
use crate::error::Failure;
use crate::files;

/// Arguments of `ldn plan show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// A plan in JSON; - for standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    /// Only what it says about this day
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,

    #[command(flatten)]
    standing: StandingArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    calendar: CalendarArgs,
}

pub(super) fn run(args: &ShowArgs) -> Result<(), Failure> {
    files::check_outputs(&args.plan, &[args.calendar.ics.as_deref()])?;
    let plan = read_plan(&args.plan)?;
    let today = args.standing.today();
    let superseded = args.standing.newer(&plan)?.is_some();
    let calendar = args.calendar.written(&plan, &[], superseded, today)?;
    if let Some((path, text)) = args.calendar.ics.as_deref().zip(calendar) {
        files::write(path, &text)?;
    }
    let ask = ask_because(&plan, today, superseded);
    match (ask, args.on) {
        (Some(because), on) if args.json => files::print(&line(&ask_json(&plan, on, because))),
        (Some(because), _) => files::print(&print::ask(&plan, because)),
        (None, Some(day)) if args.json => files::print(&line(&day_json(&plan, day))),
        (None, Some(day)) => files::print(&day_text(&plan, day)),
        (None, None) if args.json => files::print(&json_of(&plan)),
        (None, None) => files::print(&print::plan(&plan)),
    }
}

fn line(value: &Value) -> String {
    value.to_string() + "\n"
}

fn day_text(plan: &Plan, day: Date) -> String {
    match plan.on(day) {
        DayPlan::Take(step) => print::day(plan, day, step),
        DayPlan::Hold(hold) => print::held(day, hold),
        DayPlan::Nothing => format!("{day}: no dose in this plan\n"),
        DayPlan::Ask(because) => print::ask(plan, because),
    }
}

fn day_json(plan: &Plan, day: Date) -> Value {
    let said = match plan.on(day) {
        DayPlan::Take(step) => taken(plan, step),
        DayPlan::Hold(hold) => held(hold),
        DayPlan::Nothing => json!({ "says": "nothing" }),
        DayPlan::Ask(because) => return ask_json(plan, Some(day), because),
    };
    with_plan(plan, Some(day), said)
}

/// What is taken; of a blinded plan the times only.
fn taken(plan: &Plan, step: &Step) -> Value {
    let blinded = plan.parts().blinded;
    let part = |part: &ldn_core::plan::DayPart| {
        let mut said = json!({ "at": part.at });
        if !blinded {
            said["dose_mg"] = part.dose.milligrams().into();
        }
        said
    };
    let mut said = json!({ "says": "take", "take": step.parts.iter().map(part).collect::<Vec<_>>() });
    if blinded {
        said["blinded"] = true.into();
    } else {
        said["dose_mg"] = step.dose().milligrams().into();
        said["why"] = step.why.clone().into();
        said["source"] = step.source.clone().into();
    }
    said
}

fn held(hold: &Hold) -> Value {
    json!({ "says": "hold", "why": hold.why, "rule": hold.rule, "resume": hold.resume })
}

fn ask_json(plan: &Plan, on: Option<Date>, because: AskBecause) -> Value {
    let because = match because {
        AskBecause::Expired => "expired",
        AskBecause::Superseded => "superseded",
    };
    with_plan(plan, on, json!({ "says": "ask before the next dose", "because": because }))
}

fn with_plan(plan: &Plan, on: Option<Date>, mut said: Value) -> Value {
    said["schema"] = 1.into();
    said["plan"] = plan.id().as_str().into();
    said["version"] = plan.parts().version.into();
    said["signed"] = plan.is_signed().into();
    if let Some(day) = on {
        said["on"] = day.to_string().into();
    }
    said
}
