//! What an administrator sees and does: grants, the trail, that courses exist; no medical text.
//!
//! Accounts and invitations are at [`Accounts`](crate::account::Accounts), under the same policy.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use ldn_core::ids::{AccountId, CourseId};
use ldn_core::journal::{Head as CourseHead, Role};
use uuid::Uuid;

use super::AccessError;
use super::handle::Handle;
use crate::audit::{self, Damage, Head, Verified};
use crate::grant::{self, Grant, Notice, Span};
use crate::policy::{Object, Operation};
use crate::reading::Verification;
use crate::session::Actor;
use crate::store::Store;

/// A course as an administrator sees it: that it exists and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourseLine {
    /// Its id.
    pub id: CourseId,
    /// How many entries it has.
    pub n_entries: u64,
}

/// A store as an administrator sees it, also at the machine's command line.
#[derive(Debug)]
pub struct AdministratorView<'s>(Handle<'s>);

impl<'s> AdministratorView<'s> {
    /// Makes the view of an administrator.
    ///
    /// # Errors
    /// [`AccessError::WrongRole`].
    pub fn of(store: &'s Store, actor: Actor) -> Result<AdministratorView<'s>, AccessError> {
        Handle::of(store, actor, Role::Administrator).map(AdministratorView)
    }

    /// Lists all courses by id and length.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn courses(&self, now: Timestamp) -> Result<Vec<CourseLine>, AccessError> {
        self.0.enter(Object::Course, Operation::Read, None, now).await?;
        let courses = self.0.store.courses().await?;
        let line = |course: crate::CourseRecord| CourseLine {
            id: course.id,
            n_entries: course.head.map_or(0, |head| head.seq),
        };
        Ok(courses.into_iter().map(line).collect())
    }

    /// Checks the chains of all courses, against heads that were published if any are given.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn verify_courses(
        &self,
        published: &BTreeMap<CourseId, CourseHead>,
        now: Timestamp,
    ) -> Result<Verification, AccessError> {
        self.0.enter(Object::Course, Operation::Verify, None, now).await?;
        Ok(self.0.store.verify_all(published).await?)
    }

    /// Who may see a course, and who could.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn grants(&self, course: CourseId, now: Timestamp) -> Result<Vec<Grant>, AccessError> {
        self.0.enter(Object::Grant, Operation::Read, Some(course), now).await?;
        Ok(grant::of_course(self.0.store, course).await?)
    }

    /// Lets a prescriber or a pharmacist see a course.
    ///
    /// # Errors
    /// [`AccessError::NotGrantable`], [`AccessError::StaleProof`].
    pub async fn give(
        &self,
        course: CourseId,
        to: AccountId,
        span: Span,
        now: Timestamp,
    ) -> Result<Uuid, AccessError> {
        self.0.demand_fresh(Operation::Create, Object::Grant, now).await?;
        self.0.enter(Object::Grant, Operation::Create, Some(course), now).await?;
        grant::give(self.0.store, &self.0.actor, course, to, span, now).await
    }

    /// Ends a grant.
    ///
    /// # Errors
    /// [`AccessError::NoGrant`].
    pub async fn end_grant(&self, course: CourseId, grant: Uuid, now: Timestamp) -> Result<(), AccessError> {
        self.0.enter(Object::Grant, Operation::End, Some(course), now).await?;
        grant::end(self.0.store, &self.0.actor, course, grant, now).await
    }

    /// The newest rows of the trail, newest first.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn trail(&self, n_rows: u32, now: Timestamp) -> Result<Vec<audit::Row>, AccessError> {
        self.0.enter(Object::AuditTrail, Operation::Read, None, now).await?;
        Ok(audit::recent(&self.0.store.vault().database, n_rows).await?)
    }

    /// Checks the trail against itself, the published heads, and heads that somebody else kept.
    ///
    /// # Errors
    /// [`AccessError::Store`]; damage is the inner error.
    pub async fn verify_trail(
        &self,
        kept: &[Head],
        now: Timestamp,
    ) -> Result<Result<Verified, Vec<Damage>>, AccessError> {
        // Checked before this very look is recorded, so that a damaged end is not built upon.
        let database = &self.0.store.vault().database;
        let verified = audit::verify_store(database, kept).await?;
        self.0.enter(Object::AuditTrail, Operation::Verify, None, now).await?;
        Ok(verified)
    }

    /// Publishes today's head of the trail, to be given to somebody who does not own the disk.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn publish_head(&self, now: Timestamp) -> Result<(Date, Head), AccessError> {
        self.0.enter(Object::AuditTrail, Operation::Verify, None, now).await?;
        let database = &self.0.store.vault().database;
        Ok(audit::publish_head(database, now, self.0.actor.request()).await?)
    }

    /// What the administrator must be told.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn notices(&self) -> Result<Vec<Notice>, AccessError> {
        Ok(grant::notices(self.0.store, &self.0.actor).await?)
    }
}
