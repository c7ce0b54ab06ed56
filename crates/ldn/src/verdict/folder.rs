//! A folder of diaries: one line of JSON each, on all cores, in the order of their names.

use std::path::Path;

use ldn_verdict::response::posterior::Points;
use ldn_verdict::response::{Verdict, batch, judge};
use serde::Serialize;

use super::VerdictArgs;
use crate::error::Failure;
use crate::{files, progress};

pub(super) fn run(folder: &Path, args: &VerdictArgs) -> Result<(), Failure> {
    if !args.json || args.html.is_some() || args.svg.is_some() || args.theta_file.is_some() {
        return Err(Failure::Usage(
            "a folder of diaries is answered with --json, one line per diary".to_owned(),
        ));
    }
    let paths = files::diaries_in(folder)?;
    let bar = progress::bar(paths.len(), "diaries");
    let work = || batch::map(&paths, |path| Answers::of(path, args), || bar.inc(1));
    let answers = match args.threads {
        Some(threads) => rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| Failure::Usage(format!("--threads {threads}: {error}")))?
            .install(work),
        None => work(),
    };
    bar.finish_and_clear();
    files::print(&answers.iter().map(|answer| answer.lines.as_str()).collect::<String>())?;
    match answers.iter().filter(|answer| answer.failed).count() {
        0 => Ok(()),
        failed => Err(Failure::SomeDiaries { failed, all: paths.len() }),
    }
}

/// The lines of one diary: one per measure, or one that says why there is none.
struct Answers {
    lines: String,
    failed: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Verdict {
        file: &'a str,
        #[serde(flatten)]
        verdict: Box<Verdict>,
    },
    Failure {
        schema: u32,
        file: &'a str,
        error: String,
    },
}

impl Answers {
    fn of(path: &Path, args: &VerdictArgs) -> Answers {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let (lines, failed) = match verdicts(path, args) {
            Ok(verdicts) => (
                verdicts
                    .into_iter()
                    .map(|verdict| Line::Verdict { file: &file, verdict: Box::new(verdict) })
                    .collect(),
                false,
            ),
            Err(failure) => {
                let error = std::error::Error::source(&failure)
                    .map_or(failure.to_string(), |source| source.to_string());
                (vec![Line::Failure { schema: 1, file: &file, error }], true)
            }
        };
        let text =
            |line| serde_json::to_string(line).expect("a verdict holds nothing that JSON cannot") + "\n";
        Answers { lines: lines.iter().map(text).collect(), failed }
    }
}

fn verdicts(path: &Path, args: &VerdictArgs) -> Result<Vec<Verdict>, Failure> {
    let diary = files::read_diary(path, args.judging.scale())?;
    let measures = args.judging.measures(path, &diary)?;
    measures
        .into_iter()
        .map(|measure| {
            judge(&diary, &args.judging.settings(measure, Points::Registry))
                .map_err(|source| Failure::Verdict { path: path.to_owned(), source })
        })
        .collect()
}
