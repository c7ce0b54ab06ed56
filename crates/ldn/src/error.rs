//! The one place that turns an error into words and an exit code.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ldn_core::Problems;
use ldn_verdict::response::VerdictError;

/// Why the command did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("`{path}` could not be read")]
    Read { path: PathBuf, source: io::Error },
    #[error("`{path}` could not be written; no half-written file was left")]
    Write { path: PathBuf, source: io::Error },
    #[error("`{path}` is not a diary that can be read")]
    Diary { path: PathBuf, source: Problems },
    #[error("no verdict on `{path}`")]
    Verdict { path: PathBuf, source: VerdictError },
    #[error("the page could not be made")]
    Page(#[from] ldn_report::page::PageError),
    #[error("`{path}`: {expected}")]
    Content { path: PathBuf, expected: String },
    #[error("{failed} of {all} diaries could not be judged; their lines say why")]
    SomeDiaries { failed: usize, all: usize },
    #[error("`{path}` is not a table of effects that can be read")]
    Effects { path: PathBuf, source: Problems },
    #[error("`{path}` is not an intake that can be read")]
    Intake { path: PathBuf, source: ldn_care::intake::Problems },
    #[error("{title} cannot be pooled")]
    Pool { title: String, source: ldn_stats::meta::MetaError },
    #[error("{0}")]
    Unknown(String),
    #[error("standard output could not be written")]
    Output(#[source] io::Error),
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    pub(crate) fn read(path: &Path, source: io::Error) -> Failure {
        Failure::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Failure {
        Failure::Write { path: path.to_owned(), source }
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Usage(_) => ExitCode::from(2),
            // The reader of a pipe went away: it has what it wanted.
            Failure::Output(source) if source.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Failure::Diary { .. } => Some(
                "the columns of a diary: docs/diary.md; an example: ldn verdict --example open-label-responder",
            ),
            Failure::Usage(_) => Some("add --help to see what can be asked"),
            Failure::Intake { .. } => Some("an empty intake with comments: ldn screen --new"),
            Failure::Effects { .. } => {
                Some("two columns are enough: yi (effect) and vi (its sampling variance)")
            }
            Failure::Unknown(_) => Some("ldn evidence list, sources and pool --outcomes show what there is"),
            _ => None,
        }
    }

    /// Prints the error with everything behind it, and returns the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        if !matches!(self, Failure::Output(source) if source.kind() == io::ErrorKind::BrokenPipe) {
            eprintln!("error: {self}");
            let mut cause = self.source();
            while let Some(error) = cause {
                for line in error.to_string().lines() {
                    eprintln!("  {line}");
                }
                cause = error.source();
            }
            if let Some(hint) = self.hint() {
                eprintln!("\nhint: {hint}");
            }
        }
        self.exit_code()
    }
}
