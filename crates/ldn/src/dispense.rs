//! `ldn dispense`: what exactly the pharmacy makes of a plan.

mod making;

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use ldn_care::dispense::{
    Choice, Compounding, Dispensing, OrderDetails, SignedPlan, choose_strengths, dispense, order, sheet,
};
use ldn_core::Plan;
use ldn_report::plan_calendar::ask_because;

use self::making::MakingArgs;
use crate::error::Failure;
use crate::files;
use crate::plan::{StandingArgs, read_plan};
use crate::text::{heading, wrapped};

/// Days that are dispensed if nobody says how many.
const USUAL_DAYS: u32 = 30;
/// The largest file of an order's details.
const LARGEST_DETAILS: usize = 1 << 16;

/// Arguments of `ldn dispense`.
#[derive(Debug, Args)]
pub(crate) struct DispenseArgs {
    /// A plan in JSON; - for standard input
    #[arg(value_name = "PLAN", required_unless_present = "new_details")]
    plan: Option<PathBuf>,

    /// How many days; 30, or as many as the plan has left, if not given
    #[arg(long, value_name = "DAYS")]
    days: Option<u32>,

    /// The first day; today, or the first day of the plan if that is later, if not given
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,

    #[command(flatten)]
    making: MakingArgs,

    /// Find the one to three strengths of capsules that make it with the fewest capsules
    #[arg(long, value_name = "AT_MOST", num_args = 0..=1, default_missing_value = "3",
          conflicts_with_all = ["stock", "liquid"], value_parser = clap::value_parser!(u8).range(1..=3))]
    choose_strengths: Option<u8>,

    /// Write the order with its labels; only of a signed plan that still counts
    #[arg(long, value_name = "FILE", requires = "patient")]
    order: Option<PathBuf>,

    /// What an order needs beside the plan, in TOML: patient, prescriber, product; see --new-details
    #[arg(long, value_name = "DETAILS")]
    patient: Option<PathBuf>,

    /// Print an empty file for --patient, to fill in
    #[arg(long, conflicts_with = "plan")]
    new_details: bool,

    /// Print the patient's sheet: one line for each step with how to make the dose
    #[arg(long, conflicts_with = "json")]
    sheet: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    standing: StandingArgs,
}

/// Runs `ldn dispense` in whichever of its forms.
pub(crate) fn run(args: &DispenseArgs) -> Result<(), Failure> {
    if args.new_details {
        return files::print(OrderDetails::template());
    }
    let path = args.plan.as_deref().ok_or_else(|| Failure::Usage("expected a plan".to_owned()))?;
    files::check_outputs(path, &[args.order.as_deref()])?;
    if let (Some(out), Some(details)) = (&args.order, &args.patient) {
        files::check_outputs(details, &[Some(out.as_path())])?;
    }
    let plan = read_plan(path)?;
    let today = args.standing.today();
    let newer = args.standing.newer(&plan)?;
    let speaks = ask_because(&plan, today, newer.is_some()).is_none();
    if args.sheet && (!speaks || plan.parts().blinded) {
        return print_sheet(&plan, args, None);
    }
    if !speaks {
        return Err(Failure::AskFirst { plan: plan.id(), today });
    }
    let (chosen, dispensing) = dispensed(&plan, args, today)?;
    if let Some((out, details)) = args.order.as_deref().zip(args.patient.as_deref()) {
        files::write(out, &ordered(&plan, args, details, &dispensing)?)?;
    }
    if args.sheet {
        return print_sheet(&plan, args, Some(&dispensing));
    }
    if args.json {
        let text = serde_json::to_string(&dispensing).expect("texts, dates and doses are always JSON");
        return files::print(&(text + "\n"));
    }
    files::print(&(choices_text(&chosen) + &dispensing.to_text(Compounding::shipped())))
}

/// What is dispensed, and what it was chosen from.
fn dispensed(plan: &Plan, args: &DispenseArgs, today: Date) -> Result<(Vec<Choice>, Dispensing), Failure> {
    let compounding = Compounding::shipped();
    let from = args.from.unwrap_or_else(|| first_day(plan, today));
    let days = args.days.unwrap_or_else(|| usual_days(plan, from));
    let refused = |refusal| Failure::NotDispensed(Box::new(refusal));
    if let Some(at_most) = args.choose_strengths {
        let choices =
            choose_strengths(plan, from, days, usize::from(at_most), compounding).map_err(refused)?;
        let best = choices.first().map(|choice| choice.dispensing.clone());
        let best = best.expect("a choice is never empty: it is refused instead");
        return Ok((choices, best));
    }
    let stock = args.making.stock(compounding)?;
    Ok((vec![], dispense(plan, from, days, &stock, compounding).map_err(refused)?))
}

/// Today, or the first day of the plan if that is later.
fn first_day(plan: &Plan, today: Date) -> Date {
    plan.steps().first().map_or(today, |step| step.from.max(today))
}

/// The usual days, cut at the last day of the plan.
fn usual_days(plan: &Plan, from: Date) -> u32 {
    let left = from.until(plan.parts().valid_until).map_or(0, |span| span.get_days()) + 1;
    u32::try_from(left).map_or(USUAL_DAYS, |left| left.clamp(1, USUAL_DAYS))
}

fn ordered(plan: &Plan, args: &DispenseArgs, details: &Path, made: &Dispensing) -> Result<String, Failure> {
    let compounding = Compounding::shipped();
    let newer = args.standing.newer(plan)?;
    let signed = SignedPlan::new(plan, args.standing.today(), newer.as_ref(), compounding)
        .map_err(|refusal| Failure::NoOrder(Box::new(refusal)))?;
    let details = read_details(details)?;
    let order =
        order(&signed, made, &details, compounding).map_err(|refusal| Failure::NoOrder(Box::new(refusal)))?;
    Ok(order.to_text(compounding))
}

fn read_details(path: &Path) -> Result<OrderDetails, Failure> {
    let bytes = files::read_bytes(path, LARGEST_DETAILS)?;
    let wrong = |expected: String| Failure::Content { path: path.to_owned(), expected };
    if bytes.len() > LARGEST_DETAILS {
        return Err(wrong(format!("expected at most {LARGEST_DETAILS} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("expected UTF-8".to_owned()))?;
    OrderDetails::from_toml(&text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))
}

fn print_sheet(plan: &Plan, args: &DispenseArgs, made: Option<&Dispensing>) -> Result<(), Failure> {
    let newer = args.standing.newer(plan)?;
    let sheet = sheet(plan, args.standing.today(), newer.as_ref(), made)
        .expect("quantities are given where they are needed, and of this plan");
    files::print(&sheet.to_text(Compounding::shipped()))
}

/// What the strengths were chosen from, the best first.
fn choices_text(choices: &[Choice]) -> String {
    if choices.is_empty() {
        return String::new();
    }
    let mut text = heading("Strengths");
    for (index, choice) in choices.iter().enumerate() {
        let strengths: Vec<String> = choice.strengths.iter().map(ToString::to_string).collect();
        let chosen = if index == 0 { "; worked out below" } else { "" };
        let line =
            format!("{}: {} capsules{}{chosen}", strengths.join(" and "), choice.capsules, cost(choice));
        text += &wrapped(&line, "  ", "    ");
    }
    text + "\n"
}

fn cost(choice: &Choice) -> String {
    let Some(cost) = choice.dispensing.cost() else { return String::new() };
    let amount = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    format!(", {} to {} {}", amount(cost.low_cents), amount(cost.high_cents), cost.currency)
}
