//! `ldn course log`: a diary at a terminal.

mod items;

use clap::Args;
use jiff::civil::Date;
use ldn_core::course::{Course, Day};
use ldn_core::journal::{Body, Outcome};
use ldn_store::view::PatientView;
use serde_json::json;

use super::entry::Writer;
use super::open::{entries, today};
use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs};

/// Arguments of `ldn course log`.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// The course: its id, the beginning of it, or the person's name
    #[arg(value_name = "COURSE")]
    course: String,

    /// For today, by this machine's clock
    #[arg(long, conflicts_with = "day", required_unless_present = "day")]
    today: bool,

    /// For another day
    #[arg(long, value_name = "DATE")]
    day: Option<Date>,

    /// What happened: pain, fatigue, sleep, mood, fog = 0 to 10; dose="1.5 mg" (or skipped, not-taken, taken);
    /// dose-morning, dose-midday, dose-bedtime for a divided dose; side-effect="vivid dreams:mild"; note="…"
    #[arg(value_name = "WHAT=VALUE", required = true)]
    items: Vec<String>,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &LogArgs) -> Result<(), Failure> {
    let today = today();
    let day = args.day.unwrap_or(today);
    if day > today {
        return Err(Failure::Usage(format!("--day {day} is to come; expected a day up to {today}")));
    }
    let bodies = items::read(&args.items, day)
        .map_err(|problems| Failure::Usage(format!("nothing was saved:\n  {}", problems.join("\n  "))))?;
    args.store.with(async |desk| save(desk, args, day, &bodies).await)
}

async fn save(desk: &Desk, args: &LogArgs, day: Date, bodies: &[Body]) -> Result<(), Failure> {
    let id = desk.course(&args.course).await?;
    let actor = desk.keeper(id).await?;
    let before = entries(desk, id).await?;
    let writer = Writer::new(id, &actor, None, desk.now);
    let new = bodies.iter().map(|body| writer.entry(day, body.clone())).collect::<Result<Vec<_>, _>>()?;
    PatientView::of(&desk.store, actor)?.append(id, &new, desk.now).await?;
    let (was, is) = (Course::replay(&before), Course::replay(before.iter().chain(&new)));
    let told = told(was.day(day), is.day(day), bodies);
    let head = desk.store.head(id).await?;
    if args.json {
        let ids: Vec<_> = new.iter().map(ldn_core::journal::Entry::id).collect();
        return files::print_json(
            "saved",
            &json!({ "course": id, "day": day, "entries": ids,
            "said": told, "length": head.map(|head| head.seq) }),
        );
    }
    let lines: String = told.iter().map(|line| format!("  {line}\n")).collect();
    files::print(&format!("saved for {day}:\n{lines}"))
}

/// What was saved, and beside it what was there before and which rule decides.
fn told(was: Option<&Day>, is: Option<&Day>, bodies: &[Body]) -> Vec<String> {
    let mut lines = Vec::new();
    for body in bodies {
        match body {
            Body::Scores(scores) => lines.extend(scores.iter().map(|score| {
                let older =
                    was.and_then(|day| day.score(score.measure())).map(|older| older.value.as_typed());
                let beside = older.map_or(String::new(), |older| {
                    format!(" (was {older}; both stay, the later one counts)")
                });
                format!("{} {}{beside}", score.measure(), score.as_typed())
            })),
            Body::Dose(report) => lines.push(format!("dose {}", outcome(&report.outcome))),
            Body::SideEffect(effect) => {
                lines.push(format!("side effect {}, {}", effect.term, effect.severity))
            }
            Body::Note(note) => lines.push(format!("note: {}", note.text)),
            _ => {}
        }
    }
    let slots = is.into_iter().flat_map(|day| day.doses.slots());
    let decided = slots.map(|(_, slot)| slot.decided()).filter(|decided| decided.by.is_conflict());
    lines.extend(decided.map(|decided| format!("dose: {}; both stay", decided.by.words())));
    lines
}

/// What became of a dose, in words.
pub(super) fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Taken { dose: Some(dose), .. } => dose.to_string(),
        Outcome::Taken { dose: None, .. } => "taken, amount not known".to_owned(),
        Outcome::NotTaken => "not taken yet".to_owned(),
        Outcome::Skipped => "skipped".to_owned(),
    }
}
