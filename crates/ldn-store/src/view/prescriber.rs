//! What a prescriber sees and does: own patients, and in an emergency any.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::{Body, Entry, Hash, Head, Role};
use uuid::Uuid;

use super::AccessError;
use super::handle::Handle;
use super::seen::{Seen, filter};
use crate::account::secret::uuid_v4;
use crate::allocations::SealedAllocation;
use crate::audit::{self, Action, Event, append};
use crate::entries::Appended;
use crate::error::StoreError;
use crate::grant::{self, BrokenGlass, Grant, Notice, Span};
use crate::people::{self, CourseRecord, PersonRecord};
use crate::policy::{Object, Operation, Permit, Reach, permit};
use crate::session::Actor;
use crate::store::Store;
use crate::timestamp::to_micros;

/// A patient of one's own, as the list of a clinic names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPatient {
    /// The course.
    pub course: CourseId,
    /// Its newest entry's place and hash; `None` before the first entry. What was computed of a course holds while it
    /// stays the same.
    pub head: Option<Head>,
    /// Whose it is.
    pub person: PersonRecord,
}

/// The case of a patient of one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnCase {
    /// Whose it is.
    pub person: PersonRecord,
    /// The newest entry's place and hash; `None` before the first entry.
    pub head: Option<Head>,
    /// The entries that a prescriber may see, in the order of the chain.
    pub entries: Vec<Seen>,
}

/// Somebody of the clinic who can be let see a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub account: AccountId,
    /// Prescriber or pharmacist.
    pub role: Role,
    /// The name; `None` if the person was erased.
    pub name: Option<String>,
}

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

    /// Lists own patients by name: those whose courses are granted now. Stands in the trail once, not once for each.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn patients(&self, now: Timestamp) -> Result<Vec<OwnPatient>, AccessError> {
        let Some(account) = self.0.actor.account() else { return Ok(Vec::new()) };
        let vault = self.0.store.vault();
        let mut reading = vault.database.read().await?;
        let found = people::of_granted(vault, &mut reading, account, to_micros(now)).await?;
        reading.rollback().await?;
        self.record_looking_over(now).await?;
        let patient = |(course, person): (CourseRecord, PersonRecord)| OwnPatient {
            course: course.id,
            head: course.head,
            person,
        };
        Ok(found.into_iter().map(patient).collect())
    }

    /// Reads the courses of several own patients for a list; a course that is not granted is left out. Stands in the trail
    /// with [`PrescriberView::patients`], not once for each.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn look_over(
        &self,
        courses: &[CourseId],
        now: Timestamp,
    ) -> Result<Vec<(CourseId, Vec<Seen>)>, AccessError> {
        let granted = self.courses(now).await?;
        // What may be read of a course depends on the grant alone, so the policy is asked once.
        let permits: Vec<(Object, Permit)> = Object::ALL
            .iter()
            .filter_map(|object| Some((*object, permit(Role::Prescriber, *object, Operation::Read)?)))
            .filter(|(_, permit)| permit.reach == Reach::GrantedCourse)
            .collect();
        let mut read = Vec::with_capacity(courses.len());
        for course in courses.iter().filter(|course| granted.binary_search(course).is_ok()) {
            read.push((*course, filter(self.0.store.entries(*course).await?, &permits)));
        }
        Ok(read)
    }

    async fn record_looking_over(&self, now: Timestamp) -> Result<(), AccessError> {
        let mut writing = self.0.store.vault().database.write().await?;
        let action = Action::Operated(Operation::Read, Object::Course);
        append(&mut writing, &self.0.actor.event(action, now)).await?;
        Ok(writing.commit().await?)
    }

    /// Reads the whole case of an own patient: whose it is, the newest entry's place and hash, and the entries as
    /// [`PrescriberView::entries`] gives them. Stands in the trail once.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn case(&self, course: CourseId, now: Timestamp) -> Result<OwnCase, AccessError> {
        // The policy answers before anything is read, and records a refusal.
        let entries = self.0.entries(course, now).await?;
        let record = self.0.store.course(course).await?.ok_or(StoreError::NoCourse { course })?;
        let person = self.0.store.person(record.person).await?;
        let person = person.ok_or(StoreError::NoPerson { person: record.person })?;
        Ok(OwnCase { person, head: record.head, entries })
    }

    /// Lists the other prescribers and the pharmacists of the clinic, to whom the course of an own patient can be given.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn colleagues(&self, course: CourseId, now: Timestamp) -> Result<Vec<Colleague>, AccessError> {
        self.0.enter(Object::Grant, Operation::Create, Some(course), now).await?;
        let vault = self.0.store.vault();
        let mut reading = vault.database.read().await?;
        let found = people::staff(vault, &mut reading, [Role::Prescriber, Role::Pharmacist]).await?;
        reading.rollback().await?;
        let own = self.0.actor.account();
        let others = found.into_iter().filter(|(account, ..)| Some(*account) != own);
        Ok(others.map(|(account, role, person)| Colleague { account, role, name: person.name }).collect())
    }

    /// Returns the prescriber's own name, with which plans are signed; `None` for the operator of the machine.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn own_name(&self) -> Result<Option<String>, AccessError> {
        let Some(person) = self.0.actor.person() else { return Ok(None) };
        Ok(self.0.store.person(person).await?.and_then(|person| person.name))
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

    /// Breaks the code of a trial in an emergency: the entry that says so is stored first, so that everybody knows; then the
    /// sealed allocation is handed out, which the key in the trial's envelope opens. Needs a fresh proof of identity.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::StaleProof`]; [`AccessError::NotTheAuthor`] if the entry is not the
    /// prescriber's own [`Body::Unblinded`].
    pub async fn break_the_code(
        &self,
        course: CourseId,
        commitment: Hash,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<SealedAllocation, AccessError> {
        self.0.demand_fresh(Operation::Append, Object::Unblinding, now).await?;
        // That it gives a reason is a rule of the entry itself.
        if !matches!(entry.body(), Body::Unblinded(_)) {
            return Err(AccessError::NotTheAuthor { entry: entry.id() });
        }
        self.0.enter(Object::Unblinding, Operation::Append, Some(course), now).await?;
        let sealed = self.0.sealed(course, commitment).await?;
        self.0.append(course, std::slice::from_ref(entry), now).await?;
        Ok(sealed)
    }

    /// Starts a trial: keeps the sealed allocation and then the entry that commits to it, so that no trial is without.
    ///
    /// # Errors
    /// [`AccessError::Refused`]; [`AccessError::NotTheAuthor`] if the entry does not start this very trial.
    pub async fn start_trial(
        &self,
        sealed: &SealedAllocation,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        let commits =
            matches!(entry.body(), Body::TrialStarted(trial) if trial.commitment == sealed.commitment);
        if !commits || entry.course() != sealed.course {
            return Err(AccessError::NotTheAuthor { entry: entry.id() });
        }
        self.0.enter(Object::Trial, Operation::Append, Some(sealed.course), now).await?;
        self.0.store.put_allocation(sealed).await?;
        self.0.append(sealed.course, std::slice::from_ref(entry), now).await?;
        Ok(())
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
