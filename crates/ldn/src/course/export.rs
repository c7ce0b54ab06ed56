//! `ldn course export`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ldn_core::Scale;
use ldn_core::course::Course;
use ldn_core::journal::Entry;
use ldn_store::export::{CourseExport, JournalLine, of_course};
use serde_json::json;

use super::verify::head_text;
use crate::audit::row_json;
use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs};

/// What stands in the folder, for whoever opens it.
const README: &str = "\
This folder holds everything that the store has about one person.

person.json            who, and which courses
COURSE/journal.jsonl   every entry with its place in the chain, one a line after a line that says whose;
                       brought back identical by: ldn course import --journal journal.jsonl
COURSE/diary.csv       the same as a table, one row a day, for any spreadsheet and for: ldn verdict diary.csv
COURSE/trail.jsonl     who did what with the course: ids, hashes and instants
COURSE/grants.json     who may see the course, and who could

Not in here: which capsules were active in a blinded trial (only the pharmacist's key opens that) and, while such a
trial runs, the verdicts that were shown. The files are not encrypted: keep them where only you can read them.
";

/// Arguments of `ldn course export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// A course; all courses of its person are taken away
    #[arg(value_name = "COURSE")]
    course: String,

    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ExportArgs) -> Result<(), Failure> {
    if args.to.exists() {
        return Err(Failure::Usage(format!(
            "`{}` is there already; choose another folder",
            args.to.display()
        )));
    }
    let exports = args.store.with(async |desk| collect(desk, &args.course).await)?;
    write(&args.to, &exports)?;
    let n_entries: usize = exports.iter().map(|export| export.journal.lines.len()).sum();
    if args.json {
        let heads: Vec<_> = exports
            .iter()
            .map(|export| {
                json!({ "course": export.journal.course,
                "head": export.journal.head.map(|head| head_text(&head)) })
            })
            .collect();
        return files::print_json(
            "export",
            &json!({ "path": args.to, "entries": n_entries, "courses": heads }),
        );
    }
    files::print(&format!("{} courses, {n_entries} entries in {}\n", exports.len(), args.to.display()))
}

async fn collect(desk: &Desk, course: &str) -> Result<Vec<CourseExport>, Failure> {
    let course = desk.course(course).await?;
    let actor = desk.keeper(course).await?;
    let person = desk.store.course(course).await?.map(|record| record.person);
    let mut exports = Vec::new();
    for record in desk.store.courses().await?.into_iter().filter(|record| Some(record.person) == person) {
        exports.push(of_course(&desk.store, &actor, record.id, desk.now).await?);
    }
    Ok(exports)
}

/// Writes all files into a folder beside its place, then gives it its name.
fn write(to: &Path, exports: &[CourseExport]) -> Result<(), Failure> {
    let failed = |error| Failure::write(to, error);
    let parent = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unfinished = tempfile::Builder::new().prefix(".ldn-export-").tempdir_in(parent).map_err(failed)?;
    let put = |name: &Path, text: &str| -> Result<(), Failure> {
        files::write(&unfinished.path().join(name), text)
    };
    put(Path::new("README.txt"), README)?;
    put(Path::new("person.json"), &person(exports))?;
    for export in exports {
        let folder = PathBuf::from(export.journal.course.to_string());
        fs::create_dir(unfinished.path().join(&folder)).map_err(failed)?;
        put(&folder.join("journal.jsonl"), &export.journal.to_text())?;
        put(&folder.join("diary.csv"), &diary(export))?;
        let trail: String = export.trail.iter().map(|row| row_json(row).to_string() + "\n").collect();
        put(&folder.join("trail.jsonl"), &trail)?;
        put(&folder.join("grants.json"), &grants(export))?;
    }
    fs::rename(unfinished.path(), to).map_err(failed)
}

fn person(exports: &[CourseExport]) -> String {
    let courses: Vec<_> = exports.iter().map(|export| export.journal.course).collect();
    let journal = exports.first().map(|export| &export.journal);
    json!({ "schema": 1, "person": journal.map(|journal| journal.person),
        "name": journal.and_then(|journal| journal.name.as_deref()),
        "taken": journal.map(|journal| journal.taken), "courses": courses })
    .to_string()
        + "\n"
}

/// The diary as a table; the columns alone if it is empty.
fn diary(export: &CourseExport) -> String {
    let entries: Vec<&Entry> = export
        .journal
        .lines
        .iter()
        .filter_map(|line| match line {
            JournalLine::Whole { entry, .. } => Some(entry),
            JournalLine::Masked { .. } => None,
        })
        .collect();
    match Course::replay(entries).diary() {
        Ok(diary) => diary.to_csv(Scale::ZeroToTen),
        Err(_) => "date,dose_mg,pain\n".to_owned(),
    }
}

fn grants(export: &CourseExport) -> String {
    let grants: Vec<_> = export
        .grants
        .iter()
        .map(|grant| {
            json!({ "id": grant.id, "account": grant.account, "kind": format!("{:?}", grant.kind),
                "from": grant.span.from, "until": grant.span.until, "given_by": grant.given_by,
                "ended": grant.ended })
        })
        .collect();
    json!({ "schema": 1, "grants": grants }).to_string() + "\n"
}
