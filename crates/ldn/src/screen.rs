//! `ldn screen`: may this person start, and under what conditions?

mod explain;
mod print;

use std::path::PathBuf;

pub(crate) use print::status;

use clap::{Args, ValueEnum};
use ldn_care::intake::{read, template};
use ldn_care::medicine::Formulary;
use ldn_care::screen::{RuleSet, alarm_budget, screen};

use crate::course::CourseArgs;
use crate::error::Failure;
use crate::files;

/// Arguments of `ldn screen`.
#[derive(Debug, Args)]
pub(crate) struct ScreenArgs {
    /// What is known about the person, in TOML; - for standard input
    #[arg(value_name = "INTAKE", required_unless_present_any = ["new", "explain", "coverage", "alarm_budget", "course"])]
    intake: Option<PathBuf>,

    #[command(flatten)]
    course: CourseArgs,

    /// Whom the words are for
    #[arg(long = "for", value_enum, default_value = "prescriber")]
    reader: Reader,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Show a rule with its numbers and sources
    #[arg(long, value_name = "RULE", conflicts_with = "intake")]
    explain: Option<String>,

    /// Print an empty intake with comments, to fill in
    #[arg(long, conflicts_with = "intake")]
    new: bool,

    /// Count the rules, and say which are not expressible yet
    #[arg(long, conflicts_with = "intake")]
    coverage: bool,

    /// How many findings ordinary people without a contraindication get, over so many generated ones
    #[arg(long, value_name = "PATIENTS", num_args = 0..=1, default_missing_value = "1000", conflicts_with = "intake")]
    alarm_budget: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reader {
    Prescriber,
    Patient,
}

/// Runs `ldn screen` in whichever of its forms.
pub(crate) fn run(args: &ScreenArgs) -> Result<(), Failure> {
    let rules = RuleSet::shipped();
    if args.new {
        return files::print(&template(today()));
    }
    if let Some(id) = &args.explain {
        return explain::rule(rules, id, args.json);
    }
    if args.coverage {
        return explain::count(args.json);
    }
    if let Some(patients) = args.alarm_budget {
        return explain::alarms(&alarm_budget(patients), args.json);
    }
    let (path, bytes) = args.course.intake_or(args.intake.as_deref())?;
    let intake = read(&bytes).map_err(|source| Failure::Intake { path, source })?;
    let screening = screen(&intake, rules, Formulary::shipped());
    if args.json {
        let text = serde_json::to_string(&screening).expect("texts and dates are always JSON");
        return files::print(&(text + "\n"));
    }
    files::print(&match args.reader {
        Reader::Prescriber => print::for_prescriber(&screening),
        Reader::Patient => print::for_patient(&screening),
    })
}

/// The day for an empty intake, which the person who fills it in can change.
#[expect(clippy::disallowed_methods, reason = "the command is the one place that reads a clock")]
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
