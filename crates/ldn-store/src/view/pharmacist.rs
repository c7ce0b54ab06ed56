//! What a pharmacist sees and does: what is to be made and handed over, and what is in a kit.

use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Body, Entry, Hash, Role};

use super::AccessError;
use super::handle::Handle;
use super::seen::Seen;
use crate::allocations::SealedAllocation;
use crate::audit;
use crate::entries::Appended;
use crate::grant::{self, Notice};
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::store::Store;

/// A store as a pharmacist sees it: plans, orders and dispensing, no diary, no screening but the lines on an order.
#[derive(Debug)]
pub struct PharmacistView<'s>(Handle<'s>);

impl<'s> PharmacistView<'s> {
    /// Makes the view of a pharmacist.
    ///
    /// # Errors
    /// [`AccessError::WrongRole`].
    pub fn of(store: &'s Store, actor: Actor) -> Result<PharmacistView<'s>, AccessError> {
        Handle::of(store, actor, Role::Pharmacist).map(PharmacistView)
    }

    /// Lists the courses granted now.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn courses(&self, now: Timestamp) -> Result<Vec<CourseId>, AccessError> {
        Ok(grant::courses_granted(self.0.store, &self.0.actor, now).await?)
    }

    /// Reads plans, orders, dispensing, trials and kit numbers of a granted course.
    ///
    /// # Errors
    /// [`AccessError::Refused`].
    pub async fn entries(&self, course: CourseId, now: Timestamp) -> Result<Vec<Seen>, AccessError> {
        self.0.entries(course, now).await
    }

    /// Marks what was dispensed.
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

    /// Reads the sealed allocation of one trial of one course: one subject, by name; there is no list. It is still
    /// encrypted to the pharmacist's own key. Needs a fresh proof of identity.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::StaleProof`].
    pub async fn allocation(
        &self,
        course: CourseId,
        commitment: Hash,
        now: Timestamp,
    ) -> Result<SealedAllocation, AccessError> {
        self.0.demand_fresh(Operation::Read, Object::Allocation, now).await?;
        self.0.enter(Object::Allocation, Operation::Read, Some(course), now).await?;
        self.0.sealed(course, commitment).await
    }

    /// Opens the allocation at the end of a trial, once: the entry that says so is stored first, and then the sealed
    /// allocation is handed out. Needs a fresh proof of identity.
    ///
    /// # Errors
    /// [`AccessError::Refused`], [`AccessError::StaleProof`]; [`AccessError::AlreadyOpened`] the second time;
    /// [`AccessError::NotTheAuthor`] if the entry is not the pharmacist's own [`Body::Unblinded`].
    pub async fn open_at_the_end(
        &self,
        course: CourseId,
        commitment: Hash,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<SealedAllocation, AccessError> {
        self.0.demand_fresh(Operation::Open, Object::TrialKey, now).await?;
        self.0.enter(Object::TrialKey, Operation::Open, Some(course), now).await?;
        let is_unblinding = matches!(entry.body(), Body::Unblinded(_));
        if !is_unblinding {
            return Err(AccessError::NotTheAuthor { entry: entry.id() });
        }
        let sealed = self.0.sealed(course, commitment).await?;
        if self.0.is_opened_by_pharmacist(course, commitment).await? {
            return Err(AccessError::AlreadyOpened);
        }
        self.0.append(course, std::slice::from_ref(entry), now).await?;
        Ok(sealed)
    }

    /// What the pharmacist did, oldest first.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn own_trail(&self, now: Timestamp) -> Result<Vec<audit::Row>, AccessError> {
        self.0.enter(Object::AuditTrail, Operation::Read, None, now).await?;
        let Some(account) = self.0.actor.account() else { return Ok(Vec::new()) };
        Ok(audit::by_account(&self.0.store.vault().database, account).await?)
    }

    /// What the pharmacist must be told.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn notices(&self) -> Result<Vec<Notice>, AccessError> {
        Ok(grant::notices(self.0.store, &self.0.actor).await?)
    }
}
