//! Bringing a journal back, so that it is the same journal with the same head.

use jiff::Timestamp;
use ldn_core::journal::{Entry, Link};

use super::{Journal, JournalError, JournalLine};
use crate::audit::{self, Action, Event};
use crate::entries;
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::{Store, StoreError};

/// What was brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Entries that are new in the store.
    pub n_new: u64,
    /// Entries that were there already, in the same places.
    pub n_known: u64,
}

/// Brings a journal into a personal store, in one transaction; person and course are added where they are missing.
///
/// Recorded in the trail with the head. Doing it again is harmless. If the course is there, it must be a beginning of the journal.
///
/// # Errors
/// [`JournalError`]; nothing of the journal is stored then, though the person and an empty course may be there.
pub async fn import(
    store: &Store,
    actor: &Actor,
    journal: &Journal,
    now: Timestamp,
) -> Result<Imported, JournalError> {
    if !store.is_personal().await? {
        return Err(JournalError::NotPersonal);
    }
    let whole = whole(journal)?;
    let name = journal.name.as_deref().ok_or(JournalError::NoName)?;
    match store.course(journal.course).await? {
        Some(_) => {}
        None => {
            if store.person(journal.person).await?.is_none() {
                store.add_person(journal.person, name, now).await?;
            }
            store.add_course(journal.course, journal.person).await?;
        }
    }
    let n_known = check_beginning(store, journal).await?;
    append(store, actor, journal, &whole[n_known..], now).await?;
    Ok(Imported { n_new: (whole.len() - n_known) as u64, n_known: n_known as u64 })
}

/// Nothing of the journal may be masked; the first line of the file says whose it is.
fn whole(journal: &Journal) -> Result<Vec<(&Link, &Entry)>, JournalError> {
    let lines = journal.lines.iter().enumerate();
    lines
        .map(|(at, line)| match line {
            JournalLine::Whole { link, entry } => Ok((link, entry)),
            JournalLine::Masked { kind, .. } => Err(JournalError::Masked { line: at + 2, kind: *kind }),
        })
        .collect()
}

/// Returns how many entries are there already.
async fn check_beginning(store: &Store, journal: &Journal) -> Result<usize, JournalError> {
    let known = store.links(journal.course).await?;
    let mut lines = journal.lines.iter();
    match known.iter().find(|link| lines.next().map(JournalLine::link) != Some(link)) {
        Some(link) => Err(JournalError::Differs { course: journal.course, seq: link.seq }),
        None => Ok(known.len()),
    }
}

async fn append(
    store: &Store,
    actor: &Actor,
    journal: &Journal,
    new: &[(&Link, &Entry)],
    now: Timestamp,
) -> Result<(), JournalError> {
    let vault = store.vault();
    let mut transaction = vault.database.write().await?;
    let mut course = entries::open_course(vault, &mut transaction, journal.course).await?;
    for (expected, entry) in new {
        let link = Link::next(course.last.as_ref(), entry, expected.received);
        // The chain was checked, so a difference means that somebody appended meanwhile.
        if link != **expected {
            return Err(JournalError::Differs { course: journal.course, seq: link.seq });
        }
        if !entries::insert(&mut transaction, &course, &link, entry).await? {
            return Err(JournalError::NameTaken { seq: link.seq });
        }
        course.last = Some(link);
    }
    entries::record_head(&mut transaction, &course).await?;
    let event = Event {
        course: Some(journal.course),
        after: journal.head.map(|head| head.hash),
        ..actor.event(Action::Operated(Operation::Create, Object::Course), now)
    };
    audit::append(&mut transaction, &event).await?;
    transaction.commit().await.map_err(StoreError::into)
}
