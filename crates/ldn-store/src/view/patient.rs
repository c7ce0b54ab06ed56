//! What a patient sees and does: all of the own course.

use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Entry, Role};

use super::AccessError;
use super::handle::Handle;
use super::seen::Seen;
use crate::account::secret::uuid_v4;
use crate::audit::{self, Action, Event, append};
use crate::entries::Appended;
use crate::grant::{self, Grant, Notice};
use crate::people::CourseRecord;
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::store::Store;
use crate::{account, people};

/// A store as a patient sees it.
#[derive(Debug)]
pub struct PatientView<'s>(Handle<'s>);

impl<'s> PatientView<'s> {
    /// Makes the view of a patient.
    ///
    /// # Errors
    /// [`AccessError::WrongRole`].
    pub fn of(store: &'s Store, actor: Actor) -> Result<PatientView<'s>, AccessError> {
        Handle::of(store, actor, Role::Patient).map(PatientView)
    }

    /// Lists the own courses.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn courses(&self) -> Result<Vec<CourseRecord>, AccessError> {
        let Some(person) = self.0.actor.person() else { return Ok(Vec::new()) };
        Ok(self.0.store.courses_of(person).await?)
    }

    /// Begins a course of one's own, as somebody does who uses the program alone; whoever has one gets that one.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for an actor without a person, [`AccessError::Store`].
    pub async fn begin_course(&self, now: Timestamp) -> Result<CourseId, AccessError> {
        self.0.enter(Object::Course, Operation::Create, None, now).await?;
        if let Some(existing) = self.courses().await?.first() {
            return Ok(existing.id);
        }
        let refused = AccessError::Refused {
            role: Role::Patient,
            operation: Operation::Create,
            object: Object::Course,
        };
        let person = self.0.actor.person().ok_or(refused)?;
        let course = CourseId::from_uuid(uuid_v4()?);
        self.0.store.add_course(course, person).await?;
        let mut writing = self.0.store.vault().database.write().await?;
        let action = Action::Operated(Operation::Create, Object::Course);
        append(&mut writing, &Event { course: Some(course), ..self.0.actor.event(action, now) }).await?;
        writing.commit().await?;
        Ok(course)
    }

    /// Reads the own course. While a blinded trial runs, its verdicts are masked.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn entries(&self, course: CourseId, now: Timestamp) -> Result<Vec<Seen>, AccessError> {
        self.0.entries(course, now).await
    }

    /// Adds to the own course: diary, health record, proposed plans, consent, kit numbers, verdicts shown.
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

    /// Takes everything of the own course away, as it may be read; recorded in the trail.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::StaleProof`].
    pub async fn export(&self, course: CourseId, now: Timestamp) -> Result<Vec<Seen>, AccessError> {
        self.0.demand_fresh(Operation::Export, Object::Course, now).await?;
        self.0.enter(Object::Course, Operation::Export, Some(course), now).await?;
        self.0.entries(course, now).await
    }

    /// Who did what with the own course, oldest first.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn trail(&self, course: CourseId, now: Timestamp) -> Result<Vec<audit::Row>, AccessError> {
        self.0.enter(Object::AuditTrail, Operation::Read, Some(course), now).await?;
        Ok(audit::of_course(&self.0.store.vault().database, course).await?)
    }

    /// Who may see the own course, and who could.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn grants(&self, course: CourseId, now: Timestamp) -> Result<Vec<Grant>, AccessError> {
        self.0.enter(Object::Grant, Operation::Read, Some(course), now).await?;
        Ok(grant::of_course(self.0.store, course).await?)
    }

    /// What the patient must be told.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn notices(&self) -> Result<Vec<Notice>, AccessError> {
        Ok(grant::notices(self.0.store, &self.0.actor).await?)
    }

    /// Erases the person whose course this is: the account ends, the key is destroyed, and nothing that was sealed
    /// under it can be read again. Needs a fresh proof of identity.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::StaleProof`].
    pub async fn erase_me(&self, course: CourseId, now: Timestamp) -> Result<(), AccessError> {
        self.0.demand_fresh(Operation::End, Object::Course, now).await?;
        self.0.enter(Object::Course, Operation::End, Some(course), now).await?;
        let mut writing = self.0.store.vault().database.write().await?;
        let Some(record) = people::find_course(&mut writing, course).await? else { return Ok(()) };
        account::erase_person(&mut writing, record.person, now).await?;
        let action = Action::Operated(Operation::End, Object::Course);
        let event =
            Event { course: Some(course), why: audit::Why::PersonAsked, ..self.0.actor.event(action, now) };
        append(&mut writing, &event).await?;
        writing.commit().await?;
        self.0.store.destroy_key(record.person, now).await?;
        Ok(())
    }
}
