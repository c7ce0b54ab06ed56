//! What all views have in common.

use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Body, Entry, Hash, Kind, Role};

use super::AccessError;
use super::gate::{self, of_role};
use super::seen::{Seen, blinded_from, filter, objects, position};
use crate::allocations::SealedAllocation;
use crate::audit::{Action, Event, append};
use crate::entries::{Appended, StoredEntry};
use crate::policy::{Object, Operation, Permit, object_of};
use crate::session::Actor;
use crate::store::Store;

/// A store and who looks at it.
#[derive(Debug)]
pub(super) struct Handle<'s> {
    pub(super) store: &'s Store,
    pub(super) actor: Actor,
}

impl<'s> Handle<'s> {
    pub(super) fn of(store: &'s Store, actor: Actor, role: Role) -> Result<Handle<'s>, AccessError> {
        of_role(&actor, role)?;
        Ok(Handle { store, actor })
    }

    pub(super) async fn enter(
        &self,
        object: Object,
        operation: Operation,
        course: Option<CourseId>,
        now: Timestamp,
    ) -> Result<Permit, AccessError> {
        gate::enter(self.store, &self.actor, object, operation, course, now).await
    }

    /// Demands a proof of identity from the last five minutes.
    pub(super) async fn demand_fresh(
        &self,
        operation: Operation,
        object: Object,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        if self.actor.has_fresh_proof(now) {
            return Ok(());
        }
        gate::record_stale(self.store, &self.actor, Action::Operated(operation, object), now).await?;
        Err(AccessError::StaleProof)
    }

    /// Reads the entries of a course that the role may see.
    pub(super) async fn entries(&self, course: CourseId, now: Timestamp) -> Result<Vec<Seen>, AccessError> {
        self.enter(Object::Course, Operation::Read, Some(course), now).await?;
        let permits = gate::permitted(self.store, &self.actor, course, now).await?;
        Ok(filter(self.store.entries(course).await?, &permits))
    }

    /// The sealed allocation of one trial of one course; somebody else's commitment is as good as none.
    pub(super) async fn sealed(
        &self,
        course: CourseId,
        commitment: Hash,
    ) -> Result<SealedAllocation, AccessError> {
        let found = self.store.allocation(commitment).await?;
        found.filter(|allocation| allocation.course == course).ok_or(AccessError::Refused {
            role: self.actor.role(),
            operation: Operation::Read,
            object: Object::Allocation,
        })
    }

    /// Whether a pharmacist has already opened this trial; a code broken by a prescriber does not count.
    pub(super) async fn is_opened_by_pharmacist(
        &self,
        course: CourseId,
        commitment: Hash,
    ) -> Result<bool, AccessError> {
        let entries = self.store.entries(course).await?;
        let begins = |stored: &StoredEntry| matches!(stored.entry.body(), Body::TrialStarted(trial) if trial.commitment == commitment);
        let Some(start) = entries.iter().position(begins) else { return Ok(false) };
        let rest = entries[start + 1..].iter().take_while(|stored| stored.entry.kind() != Kind::TrialStarted);
        let opens = |stored: &StoredEntry| {
            stored.entry.kind() == Kind::Unblinded && stored.entry.role() == Role::Pharmacist
        };
        Ok(rest.into_iter().any(opens))
    }

    /// Appends entries that the actor wrote to one course, all or none, and records each new one in the trail.
    pub(super) async fn append(
        &self,
        course: CourseId,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<Vec<Appended>, AccessError> {
        self.enter(Object::Course, Operation::Read, Some(course), now).await?;
        let stored = self.store.entries(course).await?;
        let mut named = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            self.is_author(course, entry)?;
            let object = object_to_append(&stored, &entries[..at], entry)?;
            self.enter(object, Operation::Append, Some(course), now).await?;
            named.push(object);
        }
        let appended = self.store.append(entries, now).await?;
        self.record(course, entries, &named, &appended, now).await?;
        Ok(appended)
    }

    /// An entry is written in the own name, in the own role, for the course that was asked for.
    fn is_author(&self, course: CourseId, entry: &Entry) -> Result<(), AccessError> {
        // The keeper of a personal store has no account; whatever name stands there is the keeper's.
        let is_author = self.actor.account().is_none_or(|account| account == entry.author());
        if is_author && entry.role() == self.actor.role() && entry.course() == course {
            Ok(())
        } else {
            Err(AccessError::NotTheAuthor { entry: entry.id() })
        }
    }

    async fn record(
        &self,
        course: CourseId,
        entries: &[Entry],
        objects: &[Object],
        appended: &[Appended],
        now: Timestamp,
    ) -> Result<(), AccessError> {
        let mut writing = self.store.vault().database.write().await?;
        for ((entry, object), appended) in entries.iter().zip(objects).zip(appended) {
            if !matches!(appended, Appended::New(_)) {
                continue;
            }
            let action = Action::Operated(Operation::Append, *object);
            let event = Event {
                course: Some(course),
                subject: Some(entry.id().uuid()),
                after: Some(entry.hash()),
                ..self.actor.event(action, now)
            };
            append(&mut writing, &event).await?;
        }
        Ok(writing.commit().await?)
    }
}

/// The object that an entry would add to: of a correction, that of the entry it corrects.
fn object_to_append(stored: &[StoredEntry], before: &[Entry], entry: &Entry) -> Result<Object, AccessError> {
    let is_blinded = blinded_from(stored).is_some();
    let Body::Corrected(correction) = entry.body() else {
        let nothing = AccessError::NotTheAuthor { entry: entry.id() };
        return object_of(entry.kind(), is_blinded).ok_or(nothing);
    };
    let in_store = position(stored, correction.replaces).and_then(|at| objects(stored)[at]);
    if let Some(object) = in_store {
        return Ok(object);
    }
    // A device that was offline may send an entry and its correction together.
    let sent = before.iter().position(|other| other.id() == correction.replaces);
    match sent {
        Some(at) => object_to_append(stored, &before[..at], &before[at]),
        None => Err(AccessError::NothingToCorrect { entry: entry.id(), replaces: correction.replaces }),
    }
}
