//! Sealed allocations of blinded trials: put and get, and nobody here can read them.

use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::Hash;
use uuid::Uuid;

use crate::crypt::Place;
use crate::database::Transaction;
use crate::entries::hash;
use crate::people;
use crate::timestamp::{from_micros, to_micros};
use crate::{Store, StoreError};

/// Which capsules of a trial are active, encrypted to the pharmacist by whoever drew it.
///
/// Has no way to show what it holds: the bytes are for the pharmacist's key alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedAllocation {
    /// The course of the trial.
    pub course: CourseId,
    /// The commitment that stands in the journal.
    pub commitment: Hash,
    /// When it was put here.
    pub created: Timestamp,
    /// The encrypted bytes.
    pub encrypted: Vec<u8>,
}

impl std::fmt::Debug for SealedAllocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedAllocation({})", self.commitment)
    }
}

/// Course, creation, sealed bytes.
type Row = (Uuid, i64, Vec<u8>);

impl Store {
    /// Keeps a sealed allocation for good; putting the same one again does nothing.
    ///
    /// # Errors
    /// [`StoreError::NoCourse`], [`StoreError::Erased`]; [`StoreError::Taken`] if another allocation has this
    /// commitment.
    pub async fn put_allocation(&self, allocation: &SealedAllocation) -> Result<(), StoreError> {
        let SealedAllocation { course, commitment, created, encrypted } = allocation;
        let mut transaction = self.vault().database.write().await?;
        if let Some(known) = self.find_allocation(&mut transaction, *commitment).await? {
            let same = known.course == *course && known.encrypted == *encrypted;
            let taken = || StoreError::Taken { kind: "allocation", id: commitment.to_string() };
            return if same { transaction.rollback().await } else { Err(taken()) };
        }
        let person = people::find_course(&mut transaction, *course)
            .await?
            .ok_or(StoreError::NoCourse { course: *course })?
            .person;
        let key = people::key(self.vault(), &mut transaction, person).await?;
        let created_us = to_micros(*created);
        let place = Place::Allocation { course: *course, commitment: *commitment, created_us };
        let sealed = key.seal(&place, encrypted)?;
        per_engine!(&mut transaction, connection => sqlx::query(
            "INSERT INTO sealed_allocations (commitment, course, created_us, sealed) VALUES ($1, $2, $3, $4)",
        )
        .bind(commitment.as_bytes().as_slice())
        .bind(course.uuid())
        .bind(created_us)
        .bind(sealed)
        .execute(connection)
        .await
        .map(drop))
        .map_err(StoreError::engine("storing a sealed allocation"))?;
        transaction.commit().await
    }

    /// Returns the sealed allocation with this commitment, or `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError::Erased`], [`StoreError::Unsealable`].
    pub async fn allocation(&self, commitment: Hash) -> Result<Option<SealedAllocation>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        self.find_allocation(&mut transaction, commitment).await
    }

    async fn find_allocation(
        &self,
        transaction: &mut Transaction,
        commitment: Hash,
    ) -> Result<Option<SealedAllocation>, StoreError> {
        let row: Option<Row> = per_engine!(&mut *transaction, connection => sqlx::query_as(
            "SELECT course, created_us, sealed FROM sealed_allocations WHERE commitment = $1",
        )
        .bind(commitment.as_bytes().as_slice())
        .fetch_optional(connection)
        .await)
        .map_err(StoreError::engine("reading a sealed allocation"))?;
        let Some((course, created_us, sealed)) = row else { return Ok(None) };
        let course = CourseId::from_uuid(course);
        let person =
            people::find_course(transaction, course).await?.ok_or(StoreError::NoCourse { course })?.person;
        let key = people::key(self.vault(), transaction, person).await?;
        let encrypted = key
            .open(&Place::Allocation { course, commitment, created_us }, &sealed)
            .ok_or_else(|| StoreError::Unsealable { what: format!("allocation {commitment}") })?;
        let created = from_micros(created_us, "sealed_allocations.created_us")?;
        Ok(Some(SealedAllocation { course, commitment, created, encrypted }))
    }
}

/// Returns the commitments of a course's sealed allocations.
pub(crate) async fn commitments(
    transaction: &mut Transaction,
    course: CourseId,
) -> Result<Vec<Hash>, StoreError> {
    let rows: Vec<(Vec<u8>,)> = per_engine!(transaction, connection => sqlx::query_as(
        "SELECT commitment FROM sealed_allocations WHERE course = $1 ORDER BY commitment",
    )
    .bind(course.uuid())
    .fetch_all(connection)
    .await)
    .map_err(StoreError::engine("listing sealed allocations"))?;
    rows.iter().map(|(commitment,)| hash(commitment, "sealed_allocations.commitment")).collect()
}
