//! One diary.

use std::io::IsTerminal;
use std::path::Path;

use ldn_core::{Diary, Measure};
use ldn_report::diary_chart::diary_chart;
use ldn_report::page::{PageInput, page};
use ldn_report::{Theme, terminal};
use ldn_verdict::response::audit::RecordedAudit;
use ldn_verdict::response::posterior::Points;
use ldn_verdict::response::series::Series;
use ldn_verdict::response::{Verdict, judge};

use super::VerdictArgs;
use crate::error::Failure;
use crate::files;

pub(super) fn run(path: &Path, args: &VerdictArgs) -> Result<(), Failure> {
    judge_and_show(path, &files::read_diary(path, args.judging.scale())?, args)
}

/// Judges a diary, whatever it was read from; `path` gives it a name.
pub(super) fn judge_and_show(path: &Path, diary: &Diary, args: &VerdictArgs) -> Result<(), Failure> {
    files::check_outputs(path, &[args.html.as_deref(), args.svg.as_deref()])?;
    let mut verdicts = Vec::new();
    for measure in args.judging.measures(path, diary)? {
        verdicts.push(judged(path, diary, measure, args)?);
    }
    write_files(path, diary, &verdicts, args)?;
    if args.json {
        return print_json(&verdicts);
    }
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).clamp(40, 100);
    let shown: Vec<String> = verdicts
        .iter()
        .map(|(series, verdict)| terminal::render(diary, series, verdict, width, colour))
        .collect();
    files::print(&shown.join("\n"))
}

/// Writes the page and the picture that are asked for, both or neither.
fn write_files(
    path: &Path,
    diary: &Diary,
    verdicts: &[(Series, Verdict)],
    args: &VerdictArgs,
) -> Result<(), Failure> {
    let mut made: Vec<(&Path, String)> = Vec::new();
    if let Some(html) = &args.html {
        let recorded = RecordedAudit::shipped();
        let title = title(path);
        let input = PageInput {
            diary,
            verdicts,
            false_alarms: &recorded.alarms,
            title: &title,
            simulated: title.starts_with("simulated"),
        };
        made.push((html, page(&input)?));
    }
    if let (Some(svg), Some((series, verdict))) = (&args.svg, verdicts.first()) {
        made.push((svg, diary_chart(diary, series, verdict, Theme::Standalone)));
    }
    let files: Vec<(&Path, &str)> = made.iter().map(|(path, content)| (*path, content.as_str())).collect();
    files::write_all(&files)?;
    files.iter().for_each(|(path, _)| eprintln!("wrote {}", path.display()));
    Ok(())
}

fn judged(
    path: &Path,
    diary: &Diary,
    measure: Measure,
    args: &VerdictArgs,
) -> Result<(Series, Verdict), Failure> {
    let settings = args.judging.settings(measure, Points::Person);
    let failure = |source| Failure::Verdict { path: path.to_owned(), source };
    let verdict = judge(diary, &settings).map_err(failure)?;
    let series =
        Series::from_diary(diary, measure, settings.reference_dose).map_err(|e| failure(e.into()))?;
    Ok((series, verdict))
}

/// One object for one measure, `{"schema":1,"verdicts":[…]}` for several.
fn print_json(verdicts: &[(Series, Verdict)]) -> Result<(), Failure> {
    let objects: Vec<&Verdict> = verdicts.iter().map(|(_, verdict)| verdict).collect();
    let text = match objects.as_slice() {
        [verdict] => serde_json::to_string(verdict),
        several => serde_json::to_string(&serde_json::json!({ "schema": 1, "verdicts": several })),
    };
    files::print(&(text.expect("a verdict holds nothing that JSON cannot") + "\n"))
}

/// A title from the file's name.
fn title(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if stem == "-" { "diary".to_owned() } else { stem.replace(['-', '_'], " ") }
}
