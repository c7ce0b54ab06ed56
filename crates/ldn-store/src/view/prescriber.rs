//! What a prescriber sees and does: own patients, and in an emergency any.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::{Entry, Role};
use uuid::Uuid;

use super::AccessError;
use super::handle::Handle;
use super::seen::Seen;
use crate::account::secret::uuid_v4;
use crate::audit::{self, Action, Event, append};
use crate::entries::Appended;
use crate::grant::{self, BrokenGlass, Grant, Notice, Span};
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::store::Store;

/// A store as a prescriber sees it.
#[derive(Debug)]
pub struct PrescriberView<'s>(Handle<'s>);

impl<'s> PrescriberView<'s> {
    /// Makes the view of a prescriber.
    ///
    /// # Errors
    /// [`AccessError::WrongRole`].
    pub fn of(store: &'s Store, actor: Actor) -> Result<PrescriberView<'s>, AccessError> {
        Handle::of(store, actor, Role::Prescriber).map(PrescriberView)
    }

    /// Lists the courses of own patients: those granted now.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn courses(&self, now: Timestamp) -> Result<Vec<CourseId>, AccessError> {
        Ok(grant::courses_granted(self.0.store, &self.0.actor, now).await?)
    }

    /// Adds a patient with an empty course, granted to the prescriber.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn add_patient(&self, name: &str, now: Timestamp) -> Result<(PersonId, CourseId), AccessError> {
        self.0.enter(Object::Course, Operation::Create, None, now).await?;
        let (person, course) = (PersonId::from_uuid(uuid_v4()?), CourseId::from_uuid(uuid_v4()?));
        self.0.store.add_person(person, name, now).await?;
        self.0.store.add_course(course, person).await?;
        let mut writing = self.0.store.vault().database.write().await?;
        if let Some(account) = self.0.actor.account() {
            grant::insert_given(&mut writing, account, course, Span::from(now), Some(account)).await?;
        }
        let action = Action::Operated(Operation::Create, Object::Course);
        append(&mut writing, &Event { course: Some(course), ..self.0.actor.event(action, now) }).await?;
        writing.commit().await?;
        Ok((person, course))
    }

    /// Reads the course of an own patient. While a blinded trial runs, its verdicts are masked.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn entries(&self, course: CourseId, now: Timestamp) -> Result<Vec<Seen>, AccessError> {
        self.0.entries(course, now).await
    }

    /// Adds what a prescriber decides: health record, screenings, plans, orders, trials, unblinding, verdicts shown.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for anything else, [`AccessError::NotTheAuthor`]; nothing is stored then.
    pub async fn append(
        &self,
        course: CourseId,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<Vec<Appended>, AccessError> {
        self.0.append(course, entries, now).await
    }

    /// Who did what with the course of an own patient, oldest first.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn trail(&self, course: CourseId, now: Timestamp) -> Result<Vec<audit::Row>, AccessError> {
        self.0.enter(Object::AuditTrail, Operation::Read, Some(course), now).await?;
        Ok(audit::of_course(&self.0.store.vault().database, course).await?)
    }

    /// Who may see the course of an own patient, and who could.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn grants(&self, course: CourseId, now: Timestamp) -> Result<Vec<Grant>, AccessError> {
        self.0.enter(Object::Grant, Operation::Read, Some(course), now).await?;
        Ok(grant::of_course(self.0.store, course).await?)
    }

    /// Lets another prescriber or a pharmacist see the course of an own patient. Not from behind a broken glass.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::NotGrantable`].
    pub async fn give(
        &self,
        course: CourseId,
        to: AccountId,
        span: Span,
        now: Timestamp,
    ) -> Result<Uuid, AccessError> {
        self.0.enter(Object::Grant, Operation::Create, Some(course), now).await?;
        grant::give(self.0.store, &self.0.actor, course, to, span, now).await
    }

    /// Ends a grant for the course of an own patient.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::NoGrant`].
    pub async fn end_grant(&self, course: CourseId, grant: Uuid, now: Timestamp) -> Result<(), AccessError> {
        self.0.enter(Object::Grant, Operation::End, Some(course), now).await?;
        grant::end(self.0.store, &self.0.actor, course, grant, now).await
    }

    /// Opens any course in an emergency, for four hours. Needs a reason, which is kept sealed, and a fresh proof of
    /// identity; the patient, everybody who may see the course and every administrator are told.
    ///
    /// # Errors
    /// [`AccessError::StaleProof`], [`AccessError::NoReason`]; [`AccessError::Refused`] if there is no such course.
    pub async fn break_glass(
        &self,
        course: CourseId,
        reason: &str,
        now: Timestamp,
    ) -> Result<BrokenGlass, AccessError> {
        self.0.demand_fresh(Operation::Open, Object::Grant, now).await?;
        self.0.enter(Object::Grant, Operation::Open, Some(course), now).await?;
        grant::break_glass(self.0.store, &self.0.actor, course, reason, now).await
    }

    /// Why the glass was broken, for somebody who may see the course.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::NoGrant`].
    pub async fn reason(&self, course: CourseId, grant: Uuid, now: Timestamp) -> Result<String, AccessError> {
        self.0.enter(Object::Grant, Operation::Read, Some(course), now).await?;
        grant::reason(self.0.store, course, grant).await
    }

    /// What the prescriber must be told.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn notices(&self) -> Result<Vec<Notice>, AccessError> {
        Ok(grant::notices(self.0.store, &self.0.actor).await?)
    }
}
