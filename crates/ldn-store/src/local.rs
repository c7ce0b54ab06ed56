//! What the machine's command line does with a store: courses begin, people are erased.
//!
//! A personal store has no accounts; its keeper acts as the patient. As soon as somebody has an account, the command line
//! is an administrator, under the same policy as one who signed in.

use jiff::Timestamp;
use ldn_core::ids::{CourseId, PersonId};
use ldn_core::journal::Head;

use crate::account::n_accounts;
use crate::audit::{Action, Event, Why, append};
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::view::{AccessError, gate};
use crate::{Store, StoreError, account, people};

/// That a person was erased, for the person to keep. It holds no medical text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureReceipt {
    /// Who.
    pub person: PersonId,
    /// When.
    pub erased: Timestamp,
    /// The courses and where their journals ended: the chains stay, unreadable.
    pub courses: Vec<(CourseId, Option<Head>)>,
}

impl Store {
    /// Tells whether nobody has an account yet: then whoever holds the file and its key acts as the patient.
    ///
    /// # Errors
    /// [`StoreError::Engine`].
    pub async fn is_personal(&self) -> Result<bool, StoreError> {
        let mut reading = self.vault().database.read().await?;
        Ok(n_accounts(&mut reading).await? == 0)
    }
}

/// Begins a course of a person, who is added if the store does not know them; recorded in the trail.
///
/// # Errors
/// [`AccessError::Refused`] for a role that may not create courses; [`StoreError::Taken`], [`StoreError::Erased`].
pub async fn begin_course(
    store: &Store,
    actor: &Actor,
    (person, name): (PersonId, &str),
    course: CourseId,
    now: Timestamp,
) -> Result<(), AccessError> {
    gate::enter(store, actor, Object::Course, Operation::Create, None, now).await?;
    store.add_person(person, name, now).await?;
    store.add_course(course, person).await?;
    let action = Action::Operated(Operation::Create, Object::Course);
    let event = Event { course: Some(course), ..actor.event(action, now) };
    let mut writing = store.vault().database.write().await?;
    append(&mut writing, &event).await?;
    Ok(writing.commit().await?)
}

/// Erases the person whose course this is, with all their courses: accounts end, the key is destroyed, and what was
/// sealed under it can never be read again. Needs a fresh proof of identity; recorded in the trail.
///
/// # Errors
/// [`AccessError::Refused`], [`AccessError::StaleProof`]; [`StoreError::LogNotEmptied`]: do it again.
pub async fn erase(
    store: &Store,
    actor: &Actor,
    course: CourseId,
    now: Timestamp,
) -> Result<ErasureReceipt, AccessError> {
    let action = Action::Operated(Operation::End, Object::Course);
    if !actor.has_fresh_proof(now) {
        gate::record_stale(store, actor, action, now).await?;
        return Err(AccessError::StaleProof);
    }
    gate::enter(store, actor, Object::Course, Operation::End, Some(course), now).await?;
    let record = store.course(course).await?.ok_or(StoreError::NoCourse { course })?;
    let person = record.person;
    let courses =
        store.courses_of(person).await?.into_iter().map(|course| (course.id, course.head)).collect();
    let mut writing = store.vault().database.write().await?;
    // Done again after a log that was not emptied, it keeps the first date and is not recorded twice.
    let before = people::erased(&mut writing, person).await?;
    account::erase_person(&mut writing, person, now).await?;
    if before.is_none() {
        let event = Event { course: Some(course), why: Why::PersonAsked, ..actor.event(action, now) };
        append(&mut writing, &event).await?;
    }
    writing.commit().await?;
    store.destroy_key(person, now).await?;
    Ok(ErasureReceipt { person, erased: before.unwrap_or(now), courses })
}
