//! `--course` of other commands, and reading a course in a store.

use clap::Args;
use jiff::civil::Date;
use ldn_core::Diary;
use ldn_core::course::Course;
use ldn_core::ids::CourseId;
use ldn_core::journal::Entry;
use ldn_store::view::{PatientView, Seen};

use super::entry::local;
use crate::error::Failure;
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
    /// Tells whether a course is named.
    pub(crate) fn is_given(&self) -> bool {
        self.course.is_some()
    }

    /// Reads the diary of the course; `None` if no course is named.
    ///
    /// # Errors
    /// [`Failure::NoCourse`] also if nothing was recorded yet.
    pub(crate) fn diary(&self) -> Result<Option<Diary>, Failure> {
        self.read(|course, id| {
            course.diary().map_err(|_| Failure::NoCourse(format!("the diary of course {id} is empty")))
        })
    }

    /// Reads the newest intake of the course as it was written; `None` if no course is named.
    ///
    /// # Errors
    /// [`Failure::NoCourse`] also if there is no intake.
    pub(crate) fn intake(&self) -> Result<Option<String>, Failure> {
        self.read(|course, id| match course.intakes().last() {
            Some(intake) => Ok(intake.value.document.clone()),
            None => Err(Failure::NoCourse(format!(
                "course {id} has no intake; bring one in with: ldn course import {id} --intake FILE --apply"
            ))),
        })
    }

    fn read<T>(
        &self,
        of: impl FnOnce(&Course, CourseId) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let Some(name) = &self.course else { return Ok(None) };
        self.store
            .with(async |desk| {
                let id = desk.course(name).await?;
                read(desk, id).await
            })
            .and_then(|(id, entries)| of(&Course::replay(&entries), id).map(Some))
    }
}

/// Reads the entries of a course as the patient sees them.
async fn read(desk: &Desk, id: CourseId) -> Result<(CourseId, Vec<Entry>), Failure> {
    Ok((id, entries(desk, id).await?))
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
