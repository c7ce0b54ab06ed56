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
    #[error("`{path}` is not a plan that can be read")]
    Plan { path: PathBuf, source: serde_json::Error },
    #[error("no plan")]
    NoPlan(#[source] Box<ldn_care::plan::Refusal>),
    #[error("{0}")]
    UnknownProtocol(String),
    #[error("{0}")]
    Signing(String),
    #[error("no calendar file")]
    PlanCalendar(#[source] ldn_report::PlanCalendarError),
    #[error("not written")]
    Paper(#[source] ldn_report::surgery_letter::SurgeryLetterError),
    #[error("not written")]
    Sheet(#[from] ldn_report::sheet::SheetError),
    #[error("the stock cannot be used")]
    Stock(#[source] Box<ldn_care::dispense::StockError>),
    #[error("volume and mass disagree")]
    Volume(#[source] ldn_care::dispense::VolumeMismatch),
    #[error("nothing is dispensed")]
    NotDispensed(#[source] Box<ldn_care::dispense::Refusal>),
    #[error("no order")]
    NoOrder(#[source] Box<ldn_care::dispense::OrderRefusal>),
    #[error("plan {plan} no longer counts on {today}: ask before the next dose")]
    AskFirst { plan: ldn_core::PlanId, today: jiff::civil::Date },
    #[error("{title} cannot be pooled")]
    Pool { title: String, source: ldn_stats::meta::MetaError },
    #[error("{0}")]
    Unknown(String),
    #[error(transparent)]
    Store(#[from] ldn_store::StoreError),
    #[error(transparent)]
    Access(#[from] ldn_store::view::AccessError),
    #[error(transparent)]
    Account(#[from] ldn_store::account::AccountError),
    #[error(transparent)]
    Session(#[from] ldn_store::session::SessionError),
    #[error(transparent)]
    Backup(#[from] ldn_store::backup::BackupError),
    #[error("`{path}` is not a journal that can be brought in")]
    Journal { path: PathBuf, source: ldn_store::export::JournalError },
    #[error("the site key in {place} cannot be used")]
    SiteKey { place: String, source: ldn_store::SiteKeyError },
    #[error("there is no site key for this store; set LDN_SITE_KEY_FILE to a file with it, or LDN_SITE_KEY")]
    NoSiteKey,
    #[error("this store has accounts, so the command line sees no medical text")]
    NotPersonal,
    #[error("{0}")]
    NoCourse(String),
    #[error("{0}")]
    Refused(String),
    #[error("not saved")]
    Entry(#[from] ldn_core::journal::EntryError),
    #[error("{what} is damaged:\n  {}", findings.join("\n  "))]
    Damaged { what: String, findings: Vec<String> },
    #[error(
        "there is no list of erasures at `{path}`: people who were erased since the backup would come back"
    )]
    NoErasureList { path: PathBuf },
    #[error("this machine gives no runtime")]
    Runtime { source: io::Error },
    #[error("standard output could not be written")]
    Output(#[source] io::Error),
    #[error("`{address}` cannot be listened on")]
    Listen { address: std::net::SocketAddr, source: io::Error },
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
                "the columns of a diary: docs/diary.md; an example: ldn verdict --example simulated-open-label-responder",
            ),
            Failure::Usage(_) => Some("add --help to see what can be asked"),
            Failure::Intake { .. } => Some("an empty intake with comments: ldn screen --new"),
            Failure::UnknownProtocol(_) => Some("all of them: ldn plan protocols"),
            Failure::Plan { .. } => {
                Some("a plan is made with: ldn plan INTAKE --protocol ID --start DATE --out FILE")
            }
            Failure::PlanCalendar(_) => Some("give every older plan of the course: --replaces OLDER.json"),
            Failure::Stock(_) => Some("such as --stock \"0.5 mg, 1.5 mg\" or --liquid \"1 mg/mL\""),
            Failure::NoOrder(_) => Some(
                "sign a plan with: ldn plan sign PLAN --prescriber NAME; what an order needs: ldn dispense --new-details",
            ),
            Failure::AskFirst { .. } => Some("a new plan: ldn plan INTAKE, or ldn plan adapt PLAN DIARY"),
            Failure::Listen { .. } => {
                Some("another program may use it; choose another with --listen 127.0.0.1:8081")
            }
            Failure::Effects { .. } => {
                Some("two columns are enough: yi (effect) and vi (its sampling variance)")
            }
            Failure::NotPersonal => Some(
                "sign in instead: ldn serve; a patient reads, writes and exports there, a prescriber with a grant reads",
            ),
            Failure::NoCourse(_) => Some("all courses: ldn course list; a new one: ldn course new"),
            Failure::Store(
                ldn_store::StoreError::Missing { .. } | ldn_store::StoreError::NotAStore { .. },
            ) => Some("a new one is made by: ldn course new"),
            Failure::Store(ldn_store::StoreError::WrongSiteKey) => Some(
                "the key is taken from LDN_SITE_KEY, else the file that LDN_SITE_KEY_FILE names, else the file STORE.key",
            ),
            Failure::NoErasureList { .. } => Some(
                "give the newest list with --erasure-list FILE, or --no-erasure-list if there really is none",
            ),
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
