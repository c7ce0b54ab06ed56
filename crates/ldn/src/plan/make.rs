//! `ldn plan INTAKE`: a plan from a protocol, a screening and the prescriber's choices.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use ldn_care::intake::read;
use ldn_care::medicine::Formulary;
use ldn_care::plan::{Choices, Protocols, Request, propose};
use ldn_care::screen::{RuleSet, screen};
use ldn_core::plan::{Override, Signature, TimeOfDay};
use ldn_core::{Dose, Plan};

use super::calendar::CalendarArgs;
use super::{json_of, print, protocols, today};
use crate::course::CourseArgs;
use crate::error::Failure;
use crate::files;

/// Arguments of `ldn plan INTAKE`.
#[derive(Debug, Args)]
pub(crate) struct MakeArgs {
    /// What is known about the person, in TOML; - for standard input
    #[arg(value_name = "INTAKE", required_unless_present = "course")]
    intake: Option<PathBuf>,

    #[command(flatten)]
    course: CourseArgs,

    /// The protocol to follow, by its id or its short name; see `ldn plan protocols`
    #[arg(long, value_name = "ID", required = true)]
    protocol: Option<String>,

    /// The first day
    #[arg(long, value_name = "DATE", required = true)]
    start: Option<Date>,

    /// The first dose of a day, with its unit, inside what the protocol leaves open
    #[arg(long, value_name = "DOSE")]
    start_dose: Option<Dose>,

    /// By how much the dose rises, with its unit
    #[arg(long, value_name = "DOSE")]
    step: Option<Dose>,

    /// Days between steps
    #[arg(long, value_name = "DAYS")]
    interval: Option<u16>,

    /// Where the rise ends, with its unit
    #[arg(long, value_name = "DOSE")]
    target: Option<Dose>,

    /// The time of day of the dose
    #[arg(long, value_enum)]
    time: Option<TimeChoice>,

    /// The time of day of each further dose, where a protocol divides the day
    #[arg(long, value_enum, value_name = "TIME")]
    divided_at: Vec<TimeChoice>,

    /// Days without LDN before a procedure, if the anaesthetist asks for more than 3; never fewer
    #[arg(long, value_name = "DAYS")]
    hold_days: Option<u16>,

    /// Begin at the present dose of somebody who takes LDN already
    #[arg(long = "continue")]
    continue_at_present_dose: bool,

    /// The first day may lie in the past: the course has begun
    #[arg(long)]
    backdate: bool,

    /// A finding that the prescriber decides to go against, once for each rule
    #[arg(long = "override", value_name = "RULE", requires_all = ["reason", "prescriber"])]
    overrides: Vec<String>,

    /// Why: once for the plan, or once for each override in the same order
    #[arg(long, value_name = "TEXT")]
    reason: Vec<String>,

    /// Who decides about the overrides
    #[arg(long, value_name = "NAME")]
    prescriber: Option<String>,

    /// Sign the plan with this prescriber's name
    #[arg(long, value_name = "NAME")]
    sign: Option<String>,

    /// The day that counts as today; the local date if not given
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,

    /// Print the plan as JSON
    #[arg(long)]
    json: bool,

    /// Write the plan as JSON, for the other commands
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    calendar: CalendarArgs,
}

/// A time of day as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TimeChoice {
    Morning,
    Midday,
    Bedtime,
}

impl TimeChoice {
    const fn time_of_day(self) -> TimeOfDay {
        match self {
            TimeChoice::Morning => TimeOfDay::Morning,
            TimeChoice::Midday => TimeOfDay::Midday,
            TimeChoice::Bedtime => TimeOfDay::Bedtime,
        }
    }
}

/// Makes a plan and shows or writes it.
pub(super) fn run(args: &MakeArgs) -> Result<(), Failure> {
    let outputs = [args.out.as_deref(), args.calendar.ics.as_deref()];
    files::check_outputs(args.intake.as_deref().unwrap_or(Path::new("course")), &outputs)?;
    let today = args.today.unwrap_or_else(today);
    let plan = made(args, today)?;
    let plan = match &args.sign {
        Some(name) => super::sign::signed(plan, Signature { prescriber: name.clone(), on: today })?,
        None => plan,
    };
    let calendar = args.calendar.written(&plan, &[], false, today)?;
    write(&plan, args.out.as_deref(), args.calendar.ics.as_deref().zip(calendar.as_deref()))?;
    if args.json { files::print(&json_of(&plan)) } else { files::print(&print::plan(&plan)) }
}

/// Writes the plan and its calendar, both or neither.
pub(super) fn write(plan: &Plan, out: Option<&Path>, calendar: Option<(&Path, &str)>) -> Result<(), Failure> {
    let json = json_of(plan);
    let written: Vec<(&Path, &str)> =
        out.map(|path| (path, json.as_str())).into_iter().chain(calendar).collect();
    files::write_all(&written)
}

fn made(args: &MakeArgs, today: Date) -> Result<Plan, Failure> {
    let (name, start) = match (&args.protocol, args.start) {
        (Some(name), Some(start)) => (name, start),
        _ => return Err(Failure::Usage("expected --protocol and --start".to_owned())),
    };
    let (all, rules) = (Protocols::shipped(), RuleSet::shipped());
    let protocol = protocols::found(all, name)?;
    let choices = choices(args)?;
    let (path, bytes) = args.course.intake_or(args.intake.as_deref())?;
    let intake = read(&bytes).map_err(|source| Failure::Intake { path, source })?;
    let screening = screen(&intake, rules, Formulary::shipped());
    let request =
        Request { protocol, screening: &screening, intake: &intake, start, choices: &choices, today };
    propose(&request, all, rules).map_err(|refusal| Failure::NoPlan(Box::new(refusal)))
}

fn choices(args: &MakeArgs) -> Result<Choices, Failure> {
    let (overrides, reason) = reasons(args)?;
    Ok(Choices {
        start_dose: args.start_dose,
        step: args.step,
        interval_days: args.interval,
        target: args.target,
        time_of_day: args.time.map(TimeChoice::time_of_day),
        divided_at: args.divided_at.iter().map(|time| time.time_of_day()).collect(),
        hold_days: args.hold_days,
        continue_at_present_dose: args.continue_at_present_dose,
        backdate: args.backdate,
        reason,
        overrides,
    })
}

/// Reasons belong to the overrides, in their order; without overrides the one reason is the plan's.
fn reasons(args: &MakeArgs) -> Result<(Vec<Override>, Option<String>), Failure> {
    let (rules, reasons) = (&args.overrides, &args.reason);
    if rules.is_empty() {
        return match reasons.as_slice() {
            [] => Ok((vec![], None)),
            [only] => Ok((vec![], Some(only.clone()))),
            _ => {
                Err(Failure::Usage("--reason is given more than once, but there is no --override".to_owned()))
            }
        };
    }
    if reasons.len() != rules.len() {
        return Err(Failure::Usage(format!(
            "{} --override and {} --reason: expected one reason for each, in the same order",
            rules.len(),
            reasons.len()
        )));
    }
    let prescriber = args.prescriber.clone().unwrap_or_default();
    let all = rules.iter().zip(reasons).map(|(rule, reason)| Override {
        rule: rule.to_uppercase(),
        reason: reason.clone(),
        prescriber: prescriber.clone(),
    });
    Ok((all.collect(), None))
}
