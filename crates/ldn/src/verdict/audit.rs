//! `ldn verdict audit`: false alarms on diaries in which nothing was done.

use std::path::PathBuf;

use clap::Args;
use ldn_core::{Measure, Scale};
use ldn_verdict::response::audit::{self, FalseAlarms, WINDOW_DAYS};
use ldn_verdict::response::batch;
use ldn_verdict::response::series::Series;
use serde::Serialize;

use crate::error::Failure;
use crate::{files, progress};

/// Arguments of `ldn verdict audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Folder of diaries that were kept without treatment
    folder: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    diary: String,
    #[serde(flatten)]
    alarms: FalseAlarms,
}

pub(super) fn run(args: &AuditArgs) -> Result<(), Failure> {
    let mut windows: Vec<(usize, Series)> = Vec::new();
    let mut names = Vec::new();
    for path in files::diaries_in(&args.folder)? {
        let diary = files::read_diary(&path, Scale::ZeroToTen)?;
        if diary.rows().iter().any(|row| row.capsule == Some(true)) {
            return Err(Failure::Content {
                path,
                expected: "expected a diary in which no capsule was taken".to_owned(),
            });
        }
        let idx = names.len();
        names.push(path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        windows.extend(audit::windows(&diary, Measure::Pain).into_iter().map(|window| (idx, window)));
    }
    let bar = progress::bar(windows.len(), "windows");
    let alarms = batch::map(&windows, |(_, window)| FalseAlarms::of_window(window), || bar.inc(1));
    bar.finish_and_clear();

    let of_diary =
        |idx: usize| windows.iter().zip(&alarms).filter(move |((i, _), _)| *i == idx).map(|(_, a)| *a).sum();
    let mut rows: Vec<Row> =
        names.into_iter().enumerate().map(|(idx, diary)| Row { diary, alarms: of_diary(idx) }).collect();
    rows.push(Row { diary: "all".to_owned(), alarms: alarms.iter().copied().sum() });
    if args.json {
        let lines: Vec<String> = rows
            .iter()
            .map(|row| serde_json::to_string(row).expect("counts are always JSON") + "\n")
            .collect();
        return files::print(&lines.concat());
    }
    files::print(&table(&rows))
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "A start of LDN is pretended on day 28 of every {WINDOW_DAYS}-day window; nothing was done, so all is false alarm.\n\n\
         {:<28} {:>8} {:>8} {:>9} {:>7} {:>10} {:>14}\n",
        "diary", "windows", "judged", "improved", "worse", "drug said", "before/after"
    );
    for row in rows {
        let a = row.alarms;
        let judged = a.judged();
        text += &format!(
            "{:<28} {:>8} {:>8} {:>9} {:>7} {:>10} {:>14}\n",
            row.diary,
            a.windows,
            judged,
            percent(a.improved, judged),
            percent(a.worse, judged),
            percent(a.attributed, a.windows),
            percent(a.welch, a.welch_windows),
        );
    }
    text
}

fn percent(part: usize, all: usize) -> String {
    if all == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / all as f64) }
}
