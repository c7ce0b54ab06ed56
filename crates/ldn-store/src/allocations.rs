//! Sealed allocations of blinded trials: sealed, put and got, and nobody without one of two keys can read them.
//!
//! An allocation is encrypted, the moment it is drawn, to the pharmacist's age key and to an emergency key of its own. The
//! secret half of that one is sealed together with the allocation, so that only the pharmacist can print it, inside an
//! envelope of paper: whoever opens the envelope can read the allocation when the pharmacist is away. The program keeps
//! neither secret key.

use std::fmt;
use std::io::{Read, Write};

use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::Hash;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::backup::{Identities, Recipients};
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

impl fmt::Debug for SealedAllocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedAllocation({})", self.commitment)
    }
}

/// What the holder of a key reads in a sealed allocation. Debug prints none of it.
pub struct OpenedAllocation {
    /// The allocation as it was drawn.
    pub text: Zeroizing<String>,
    /// The secret key for emergencies, as age writes it; belongs into the sealed envelope and nowhere else.
    pub emergency_key: Zeroizing<String>,
}

/// Why an allocation was not sealed or not opened. No text tells what it holds.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Exactly one key shall be able to open it.
    #[error("{found} recipients for a sealed allocation; expected the public key of one pharmacist, age1…")]
    NotOneRecipient {
        /// How many were given.
        found: usize,
    },
    /// It could not be encrypted.
    #[error("the allocation could not be sealed, so no trial was started")]
    NotSealed,
    /// None of the keys opens it.
    #[error(
        "the key does not open this allocation; expected the pharmacist's secret key that it was sealed to, or the \
         one of its emergency envelope"
    )]
    WrongKey,
    /// It opens, and is not what was sealed.
    #[error("the allocation opens and is not what this program seals: it was changed")]
    Changed,
}

impl fmt::Debug for OpenedAllocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedAllocation(…)")
    }
}

/// Begins the line with the emergency key, which is the last.
const EMERGENCY: &str = "emergency ";

impl SealedAllocation {
    /// Seals an allocation to one pharmacist, and to an emergency key that is made here and sealed with it.
    ///
    /// # Errors
    /// [`SealError::NotOneRecipient`], [`SealError::NotSealed`].
    pub fn seal(
        (course, commitment): (CourseId, Hash),
        text: &str,
        pharmacist: &Recipients,
        created: Timestamp,
    ) -> Result<SealedAllocation, SealError> {
        if pharmacist.n_different() != 1 {
            return Err(SealError::NotOneRecipient { found: pharmacist.n_different() });
        }
        let emergency = Identity::generate();
        let public = emergency.to_public();
        let recipients = pharmacist.as_dyn().chain([&public as &dyn age::Recipient]);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(|_| SealError::NotSealed)?;
        let plain = Zeroizing::new(format!("{text}{EMERGENCY}{}\n", emergency.to_string().expose_secret()));
        let encrypt = || -> std::io::Result<Vec<u8>> {
            let mut stream = encryptor.wrap_output(Vec::new())?;
            stream.write_all(plain.as_bytes())?;
            stream.finish()
        };
        let encrypted = encrypt().map_err(|_| SealError::NotSealed)?;
        Ok(SealedAllocation { course, commitment, created, encrypted })
    }

    /// Opens it with the pharmacist's secret key or that of the emergency envelope, and holds it against its commitment.
    ///
    /// # Errors
    /// [`SealError::WrongKey`], [`SealError::Changed`].
    pub fn open(&self, keys: &Identities) -> Result<OpenedAllocation, SealError> {
        let decryptor =
            age::Decryptor::new_buffered(self.encrypted.as_slice()).map_err(|_| SealError::Changed)?;
        let mut stream = decryptor.decrypt(keys.as_dyn()).map_err(|_| SealError::WrongKey)?;
        let mut plain = Zeroizing::new(String::new());
        stream.read_to_string(&mut plain).map_err(|_| SealError::Changed)?;
        let (text, key) = plain.rsplit_once(EMERGENCY).ok_or(SealError::Changed)?;
        if Hash::of(text.as_bytes()) != self.commitment {
            return Err(SealError::Changed);
        }
        Ok(OpenedAllocation {
            text: Zeroizing::new(text.to_owned()),
            emergency_key: Zeroizing::new(key.trim_end().to_owned()),
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ldn-trial-allocation-1\narms LPPL\n";

    fn keys() -> (Recipients, Identities) {
        let identity = Identity::generate();
        let secret = Zeroizing::new(identity.to_string().expose_secret().to_owned());
        let public = Recipients::read(&identity.to_public().to_string()).unwrap();
        (public, Identities::read(&secret).unwrap())
    }

    fn seal(text: &str, pharmacist: &Recipients) -> Result<SealedAllocation, SealError> {
        let about = (CourseId::from_uuid(Uuid::from_u128(7)), Hash::of(text.as_bytes()));
        SealedAllocation::seal(about, text, pharmacist, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_pharmacist_and_the_envelope_open_it_and_nobody_else() {
        let (public, secret) = keys();
        let sealed = seal(TEXT, &public).unwrap();
        let opened = sealed.open(&secret).unwrap();
        assert_eq!(opened.text.as_str(), TEXT);
        let envelope = Identities::read(&opened.emergency_key).unwrap();
        assert_eq!(sealed.open(&envelope).unwrap().text.as_str(), TEXT);
        assert!(matches!(sealed.open(&keys().1), Err(SealError::WrongKey)));
        // Each trial has an emergency key of its own.
        let other = seal(TEXT, &public).unwrap();
        assert!(matches!(other.open(&envelope), Err(SealError::WrongKey)));
        assert_eq!(format!("{opened:?}"), "OpenedAllocation(…)");
    }

    #[test]
    fn sealed_bytes_are_as_many_for_every_allocation_and_tell_nothing_of_it() {
        let (public, _) = keys();
        let sealed = ["LPPL", "PLPL"].map(|arms| seal(&format!("arms {arms}\n"), &public).unwrap());
        // age adds lines of random length to its header, so that lengths say nothing; what follows is what is sealed.
        let body = |sealed: &SealedAllocation| {
            let end_of_header = sealed.encrypted.windows(4).position(|bytes| bytes == b"\n---").unwrap();
            sealed.encrypted.len() - end_of_header
        };
        assert_eq!(body(&sealed[0]), body(&sealed[1]));
        assert_ne!(sealed[0].encrypted, seal("arms LPPL\n", &public).unwrap().encrypted);
        let shown = String::from_utf8_lossy(&sealed[0].encrypted).into_owned();
        assert!(!shown.contains("LPPL") && !shown.contains("AGE-SECRET-KEY"));
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let (public, secret) = keys();
        let mut sealed = seal(TEXT, &public).unwrap();
        let other_commitment = SealedAllocation { commitment: Hash::of(b"other"), ..sealed.clone() };
        assert!(matches!(other_commitment.open(&secret), Err(SealError::Changed)));
        let last = sealed.encrypted.len() - 1;
        sealed.encrypted[last] ^= 1;
        assert!(matches!(sealed.open(&secret), Err(SealError::Changed)));
    }

    #[test]
    fn one_pharmacist_and_not_two() {
        let lines = [Identity::generate(), Identity::generate()].map(|key| key.to_public().to_string());
        let both = Recipients::read(&lines.join("\n")).unwrap();
        assert!(matches!(seal(TEXT, &both), Err(SealError::NotOneRecipient { found: 2 })));
        let none = Recipients::read("").unwrap();
        assert!(matches!(seal(TEXT, &none), Err(SealError::NotOneRecipient { found: 0 })));
    }
}
