//! `--course` of other commands, and reading a course in a store.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use ldn_care::intake::LARGEST_FILE;
use ldn_core::Diary;
use ldn_core::course::Course;
use ldn_core::ids::CourseId;
use ldn_core::journal::Entry;
use ldn_store::view::{PatientView, Seen};

use super::entry::local;
use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs, now};

/// A course in a store, instead of a file.
#[derive(Clone, Debug, Args)]
pub(crate) struct CourseArgs {
    /// A course in the store instead of a file: its id, the beginning of it, or the person's name
    #[arg(long, value_name = "COURSE")]
    course: Option<String>,

    #[command(flatten)]
    store: StoreArgs,
}

impl CourseArgs {
    /// Reads the diary of the course; `None` if no course is named.
    ///
    /// # Errors
    /// [`Failure::Usage`] if a file is named as well, [`Failure::NoCourse`] also if nothing was recorded yet.
    pub(crate) fn diary(&self, file: Option<&Path>) -> Result<Option<Diary>, Failure> {
        self.read(file, |course, id| {
            course.diary().map_err(|_| Failure::NoCourse(format!("the diary of course {id} is empty")))
        })
    }

    /// Reads the newest intake of the course as it was written, or else the file; with what it is called in messages.
    ///
    /// # Errors
    /// [`Failure::Usage`] unless there is one of both, [`Failure::NoCourse`] also if the course has no intake.
    pub(crate) fn intake_or(&self, file: Option<&Path>) -> Result<(PathBuf, Vec<u8>), Failure> {
        let document = self.read(file, |course, id| match course.intakes().last() {
            Some(intake) => Ok(intake.value.document.clone()),
            None => Err(Failure::NoCourse(format!(
                "course {id} has no intake; bring one in with: ldn course import {id} --intake FILE --apply"
            ))),
        })?;
        if let Some(document) = document {
            return Ok((PathBuf::from("the intake of the course"), document.into_bytes()));
        }
        let path = file.ok_or_else(|| Failure::Usage("expected an intake".to_owned()))?;
        Ok((path.to_owned(), files::read_bytes(path, LARGEST_FILE)?))
    }

    fn read<T>(
        &self,
        file: Option<&Path>,
        of: impl FnOnce(&Course, CourseId) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let Some(name) = &self.course else {
            return match self.store.is_given() {
                true => Err(Failure::Usage(
                    "--store is for --course; expected --course COURSE as well".to_owned(),
                )),
                false => Ok(None),
            };
        };
        if let Some(file) = file {
            let message = format!("`{}` and --course: expected one of them", file.display());
            return Err(Failure::Usage(message));
        }
        let (id, entries) = self.store.with(async |desk| {
            let id = desk.course(name).await?;
            Ok((id, entries(desk, id).await?))
        })?;
        of(&Course::replay(&entries), id).map(Some)
    }
}

/// Returns the entries of a course as the patient sees them; verdicts of a running blinded trial are left out.
pub(super) async fn entries(desk: &Desk, id: CourseId) -> Result<Vec<Entry>, Failure> {
    let view = PatientView::of(&desk.store, desk.keeper(id).await?)?;
    let seen = view.entries(id, desk.now).await?;
    let whole = seen.into_iter().filter_map(|seen| match seen {
        Seen::Whole(stored) => Some(stored.entry),
        Seen::Masked(_) => None,
    });
    Ok(whole.collect())
}

/// The local date.
pub(super) fn today() -> Date {
    local(now()).date()
}
