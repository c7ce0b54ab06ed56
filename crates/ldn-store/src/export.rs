//! Everything about one person, to take away: journals that can be brought back identical, and what stands beside them.
//!
//! [`of_course`] gathers, under the policy, what the person may read; [`Journal`] is a journal as text, entries with
//! their links, which [`import`] puts into a store so that it is the same journal with the same head. The form is
//! described in `docs/backup.md`.

mod error;
mod import;
mod journal;

use std::collections::BTreeMap;

use jiff::Timestamp;
use ldn_core::ids::{CourseId, EntryId};
use ldn_core::journal::{Kind, Link};

use crate::audit::Row;
use crate::grant::Grant;
use crate::session::Actor;
use crate::view::{AccessError, PatientView, Seen};
use crate::{Store, StoreError};

pub use error::JournalError;
pub use import::{Imported, import};
pub use journal::{Journal, JournalLine, VERSION};

/// One course as its person takes it away.
#[derive(Clone, Debug)]
pub struct CourseExport {
    /// The journal; verdicts of a running blinded trial are masked in it.
    pub journal: Journal,
    /// Who did what with the course, oldest first.
    pub trail: Vec<Row>,
    /// Who may see the course, and who could.
    pub grants: Vec<Grant>,
}

/// Gathers everything about one course that its person may read; recorded in the trail.
///
/// # Errors
/// [`AccessError::Refused`] unless the actor is the person, [`AccessError::StaleProof`].
pub async fn of_course(
    store: &Store,
    actor: &Actor,
    course: CourseId,
    now: Timestamp,
) -> Result<CourseExport, AccessError> {
    let view = PatientView::of(store, actor.clone())?;
    let record = store.course(course).await?;
    // Read first, so that every link has its entry in what is read after it.
    let links = match record {
        Some(_) => store.links(course).await?,
        None => Vec::new(),
    };
    let seen = view.export(course, now).await?;
    let record = record.ok_or(StoreError::NoCourse { course })?;
    let person = store.person(record.person).await?.ok_or(StoreError::NoPerson { person: record.person })?;
    let mut seen: BTreeMap<EntryId, Seen> = seen.into_iter().map(|seen| (id(&seen), seen)).collect();
    let lines: Vec<JournalLine> =
        links.into_iter().map(|link| line(link, seen.remove(&link.header.id))).collect();
    let journal = Journal {
        course,
        person: record.person,
        name: person.name,
        taken: now,
        head: lines.last().map(|line| line.link().head()),
        lines,
    };
    Ok(CourseExport {
        journal,
        trail: view.trail(course, now).await?,
        grants: view.grants(course, now).await?,
    })
}

fn id(seen: &Seen) -> EntryId {
    match seen {
        Seen::Whole(stored) => stored.entry.id(),
        Seen::Masked(masked) => masked.id,
    }
}

fn line(link: Link, seen: Option<Seen>) -> JournalLine {
    match seen {
        Some(Seen::Whole(stored)) => JournalLine::Whole { link, entry: stored.entry },
        Some(Seen::Masked(masked)) => JournalLine::Masked { link, kind: masked.kind },
        // Only a correction of something that is not there belongs to no object of the policy.
        None => JournalLine::Masked { link, kind: Kind::Corrected },
    }
}
