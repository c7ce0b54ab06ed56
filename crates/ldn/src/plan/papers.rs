//! `ldn plan card` and `ldn plan letter`.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::{Date, Time};
use ldn_core::Dose;
use ldn_report::surgery_letter::Pause;
use ldn_report::{LastDose, Person, Sheet, SurgeryLetterInput, WalletCardInput, surgery_letter, wallet_card};

use super::calendar::wall_clock;
use super::{StandingArgs, read_plan};
use crate::error::Failure;
use crate::files;
use crate::text::WIDTH;

/// What both papers need beside the plan.
#[derive(Debug, Args)]
struct PaperArgs {
    /// A plan in JSON; - for standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    /// The person's name
    #[arg(long, value_name = "NAME")]
    name: String,

    /// The person's year of birth
    #[arg(long, value_name = "YEAR")]
    birth_year: i16,

    /// The day of the last dose, if it is known; else a line to write on
    #[arg(long, value_name = "DATE")]
    last_dose_on: Option<Date>,

    /// The time of the last dose
    #[arg(long, value_name = "TIME", value_parser = wall_clock, requires = "last_dose_on")]
    last_dose_at: Option<Time>,

    /// The amount of the last dose, with its unit
    #[arg(long, value_name = "DOSE", requires = "last_dose_on")]
    last_dose: Option<Dose>,

    /// Also write it as a page that needs nothing else, to print
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    #[command(flatten)]
    standing: StandingArgs,
}

/// Arguments of `ldn plan card`.
#[derive(Debug, Args)]
pub(super) struct CardArgs {
    #[command(flatten)]
    paper: PaperArgs,
}

/// Arguments of `ldn plan letter`.
#[derive(Debug, Args)]
pub(super) struct LetterArgs {
    #[command(flatten)]
    paper: PaperArgs,

    /// The day of the operation or procedure
    #[arg(long, value_name = "DATE")]
    surgery: Date,

    /// Hours without LDN before it, if the anaesthetist asks for more than 72; never fewer
    #[arg(long, value_name = "HOURS")]
    hours: Option<u16>,
}

pub(super) fn card(args: &CardArgs) -> Result<(), Failure> {
    let PaperArgs { plan: path, html, standing, .. } = &args.paper;
    files::check_outputs(path, &[html.as_deref()])?;
    let plan = read_plan(path)?;
    let person = args.paper.person();
    let sheet = wallet_card(&WalletCardInput {
        plan: &plan,
        superseded: standing.newer(&plan)?.is_some(),
        person: &person,
        last_dose: args.paper.last_dose(),
        today: standing.today(),
    });
    handed_out(&sheet.map_err(Failure::Paper)?, html.as_deref())
}

pub(super) fn letter(args: &LetterArgs) -> Result<(), Failure> {
    let PaperArgs { plan: path, html, standing, .. } = &args.paper;
    files::check_outputs(path, &[html.as_deref()])?;
    let plan = read_plan(path)?;
    let person = args.paper.person();
    let sheet = surgery_letter(&SurgeryLetterInput {
        plan: &plan,
        superseded: standing.newer(&plan)?.is_some(),
        person: &person,
        operation: args.surgery,
        hours: args.hours,
        last_dose: args.paper.last_dose(),
        today: standing.today(),
    });
    handed_out(&sheet.map_err(Failure::Paper)?, html.as_deref())?;
    let days = Pause::before(args.surgery, args.hours).map_err(Failure::Paper)?.doses_in(&plan);
    if days > 0 {
        eprintln!(
            "warning: the plan lists a dose on {days} of the days without LDN; put the procedure into the intake and \
             make a new plan"
        );
    }
    Ok(())
}

impl PaperArgs {
    fn person(&self) -> Person {
        Person { name: self.name.clone(), birth_year: self.birth_year }
    }

    fn last_dose(&self) -> Option<LastDose> {
        self.last_dose_on.map(|on| LastDose { on, at: self.last_dose_at, dose: self.last_dose })
    }
}

fn handed_out(sheet: &Sheet, html: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = html {
        files::write(path, &sheet.html()?)?;
    }
    files::print(&sheet.text(WIDTH))
}
