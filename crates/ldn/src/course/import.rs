//! `ldn course import`.

mod diary;
mod undo;

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use ldn_core::Scale;
use ldn_core::course::Course;
use ldn_core::ids::DeviceId;
use ldn_core::journal::{Body, Entry, Intake};
use ldn_store::export::Journal;
use ldn_store::view::PatientView;
use serde_json::json;

use self::diary::Sorted;
use super::entry::Writer;
use super::open::{entries, today};
use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs, new_id};

/// The largest journal that is read, 1 GiB.
const LARGEST_JOURNAL: usize = 1 << 30;

/// How many refusals are shown at a terminal.
const MOST_SHOWN: usize = 20;

/// Arguments of `ldn course import`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["diary", "intake", "journal", "undo"]))]
pub(crate) struct ImportArgs {
    /// The course; not needed with --journal, which names its own
    #[arg(value_name = "COURSE", required_unless_present = "journal")]
    course: Option<String>,

    /// A diary in CSV; - for standard input
    #[arg(value_name = "DIARY", requires = "course")]
    diary: Option<PathBuf>,

    /// An intake in TOML, which becomes the newest one of the course
    #[arg(long, value_name = "FILE")]
    intake: Option<PathBuf>,

    /// A journal that `ldn course export` wrote; it comes back identical, with its course
    #[arg(long, value_name = "FILE", conflicts_with = "course")]
    journal: Option<PathBuf>,

    /// Take back what an import brought in: strikes its entries out, which stay in the journal
    #[arg(long, value_name = "BATCH")]
    undo: Option<DeviceId>,

    /// Do it; without this it is only said what would be done
    #[arg(long)]
    apply: bool,

    /// With --apply, bring in the other rows although some are refused
    #[arg(long, requires = "apply")]
    skip_refused: bool,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ImportArgs) -> Result<(), Failure> {
    if let Some(path) = &args.journal {
        return journal(path, args);
    }
    let course = args.course.as_deref().ok_or_else(|| Failure::Usage("expected a course".to_owned()))?;
    match (&args.intake, &args.undo, &args.diary) {
        (Some(path), ..) => intake(course, path, args),
        (_, Some(batch), _) => args.store.with(async |desk| undo::run(desk, course, *batch, args).await),
        (_, _, Some(path)) => {
            let diary = files::read_diary(path, Scale::ZeroToTen)?;
            args.store.with(async |desk| bring_in(desk, course, &diary, args).await)
        }
        _ => Err(Failure::Usage("expected a diary".to_owned())),
    }
}

async fn bring_in(
    desk: &Desk,
    course: &str,
    diary: &ldn_core::Diary,
    args: &ImportArgs,
) -> Result<(), Failure> {
    let id = desk.course(course).await?;
    let actor = desk.keeper(id).await?;
    let known = Course::replay(&entries(desk, id).await?);
    let sorted = diary::sort(diary, &known, today());
    let may = sorted.refused.is_empty() || args.skip_refused;
    let batch =
        if args.apply && may && !sorted.new.is_empty() { Some(DeviceId::from_uuid(new_id()?)) } else { None };
    if batch.is_some() {
        let writer = Writer::new(id, &actor, batch, desk.now);
        let new: Vec<Entry> = sorted
            .new
            .iter()
            .map(|(day, body)| writer.entry(*day, body.clone()))
            .collect::<Result<_, _>>()?;
        PatientView::of(&desk.store, actor)?.append(id, &new, desk.now).await?;
    }
    told(&sorted, diary, batch, args)?;
    if args.apply && !may {
        return Err(Failure::Refused(format!(
            "nothing was brought in, because {} things are refused; mend them, or add --skip-refused",
            sorted.refused.len()
        )));
    }
    Ok(())
}

fn told(
    sorted: &Sorted,
    diary: &ldn_core::Diary,
    batch: Option<DeviceId>,
    args: &ImportArgs,
) -> Result<(), Failure> {
    let (rows, first, last) = (diary.rows().len(), diary.first_date(), diary.last_date());
    if args.json {
        let refused: Vec<_> =
            sorted.refused.iter().map(|(day, why)| json!({ "day": day, "why": why })).collect();
        return files::print_json(
            "import",
            &json!({ "applied": batch.is_some(), "batch": batch, "rows": rows, "first": first, "last": last,
                "entries": sorted.new.len(), "duplicates": sorted.n_duplicates, "refused": refused }),
        );
    }
    let mut text = format!(
        "{rows} rows from {first} to {last}: {} entries, {} duplicates left out, {} refused\n",
        sorted.new.len(),
        sorted.n_duplicates,
        sorted.refused.len()
    );
    text.extend(sorted.refused.iter().take(MOST_SHOWN).map(|(day, why)| format!("  refused {day}: {why}\n")));
    if let Some(more) = sorted.refused.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        text += &format!("  … and {more} more; all of them: --json\n");
    }
    text += &match batch {
        Some(batch) => format!("brought in as batch {batch}; to take it back: --undo {batch} --apply\n"),
        None if args.apply => "nothing was brought in\n".to_owned(),
        None => "nothing was brought in yet; to do it, add --apply\n".to_owned(),
    };
    files::print(&text)
}

fn intake(course: &str, path: &Path, args: &ImportArgs) -> Result<(), Failure> {
    let bytes = files::read_bytes(path, ldn_care::intake::LARGEST_FILE)?;
    let intake =
        ldn_care::intake::read(&bytes).map_err(|source| Failure::Intake { path: path.to_owned(), source })?;
    let document = String::from_utf8(bytes)
        .map_err(|_| Failure::Content { path: path.to_owned(), expected: "expected UTF-8".to_owned() })?;
    let day = intake.date;
    args.store.with(async |desk| {
        let id = desk.course(course).await?;
        let actor = desk.keeper(id).await?;
        if args.apply {
            let entry =
                Writer::new(id, &actor, None, desk.now).entry(day, Body::Intake(Intake { document }))?;
            PatientView::of(&desk.store, actor)?.append(id, &[entry], desk.now).await?;
        }
        if args.json {
            return files::print_json("import", &json!({ "applied": args.apply, "intake_of": day }));
        }
        let said = if args.apply { "brought in" } else { "can be brought in; to do it, add --apply:" };
        files::print(&format!("{said} the intake of {day}\n"))
    })
}

fn journal(path: &Path, args: &ImportArgs) -> Result<(), Failure> {
    let failure = |source| Failure::Journal { path: path.to_owned(), source };
    let bytes = files::read_bytes(path, LARGEST_JOURNAL)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::Content { path: path.to_owned(), expected: "expected UTF-8".to_owned() })?;
    let journal = Journal::read(&text).map_err(failure)?;
    let head = journal.head.map(|head| super::verify::head_text(&head));
    if !args.apply {
        if args.json {
            let value = json!({ "applied": false, "course": journal.course, "entries": journal.lines.len(),
                "head": head });
            return files::print_json("import", &value);
        }
        return files::print(&format!(
            "sound: course {} with {} entries; to bring it in, add --apply\n",
            journal.course,
            journal.lines.len()
        ));
    }
    args.store.with_new(async |desk, _| {
        let imported = ldn_store::export::import(&desk.store, &desk.operator(), &journal, desk.now)
            .await
            .map_err(failure)?;
        if args.json {
            let value = json!({ "applied": true, "course": journal.course, "new": imported.n_new,
                "known": imported.n_known, "head": head });
            return files::print_json("import", &value);
        }
        files::print(&format!(
            "course {}: {} entries brought in, {} were there\n",
            journal.course, imported.n_new, imported.n_known
        ))
    })
}
