//! Reading entries, never without checking them, and verifying whole courses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ldn_core::ids::{CourseId, PersonId};
use ldn_core::journal::{Damage, Entry, Head, Header, Link, Row, Verified, genesis, verify};
use uuid::Uuid;

use crate::allocations;
use crate::crypt::{PersonKey, Place};
use crate::database::Transaction;
use crate::entries::{EntryRow, StoredEntry, link_and_body};
use crate::people::{self, CourseRecord};
use crate::{Fault, Store, StoreError};

/// What a verification found.
#[derive(Debug, Default)]
pub struct Verification {
    /// The courses in which nothing was found.
    pub sound: BTreeMap<CourseId, Verified>,
    /// Everything that was found in the others.
    pub damage: Vec<CourseDamage>,
}

/// Something that was done to a store from outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum CourseDamage {
    /// The chain of a course does not fit together, or not with its published head.
    Chain {
        /// The course.
        course: CourseId,
        /// What does not fit, and where.
        damage: Damage,
    },
    /// The sealed entry does not open: it was changed or moved.
    Unsealable {
        /// The course.
        course: CourseId,
        /// Its place.
        seq: u64,
    },
    /// The course's own row names another end than its entries have.
    HeadDiffers {
        /// The course.
        course: CourseId,
        /// The end that the row names.
        recorded: Option<Head>,
    },
    /// A head was published for a course that is not there, or entries are there without a course.
    CourseMissing {
        /// The course.
        course: CourseId,
    },
    /// The key of the person is gone, and no erasure explains it.
    KeyMissing {
        /// The course.
        course: CourseId,
        /// Whose key.
        person: PersonId,
    },
    /// The person was erased, and the key is there again.
    KeyOfErased {
        /// The course.
        course: CourseId,
        /// Whose key.
        person: PersonId,
    },
    /// A row of this course could not be read at all.
    Unreadable {
        /// The course; `None` for the list of people.
        course: Option<CourseId>,
        /// Why.
        source: StoreError,
    },
}

/// What can be said of the key of a course.
enum Key {
    There(PersonKey),
    Erased,
    Broken(CourseDamage),
}

impl Store {
    /// Returns all entries of a course in their order, after checking the whole chain.
    ///
    /// # Errors
    /// [`StoreError::NoCourse`], [`StoreError::Erased`], [`StoreError::Unsealable`], [`StoreError::Damaged`].
    pub async fn entries(&self, course: CourseId) -> Result<Vec<StoredEntry>, StoreError> {
        self.entries_since(course, 0).await
    }

    /// Returns the entries of a course after a place, in their order, after checking them and that they follow it.
    ///
    /// # Errors
    /// As [`Store::entries`]; [`StoreError::Damaged`] also if the course has no entry at that place.
    pub async fn entries_since(&self, course: CourseId, seq: u64) -> Result<Vec<StoredEntry>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let record = course_record(&mut transaction, course).await?;
        let key = people::key(self.vault(), &mut transaction, record.person).await?;
        let rows = rows(&mut transaction, course, seq).await?;
        transaction.rollback().await?;
        let mut walk = Following::new(course, seq);
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let (link, sealed) = link_and_body(row)?;
            walk.step(&link)?;
            if link.seq > seq {
                entries.push(open_entry(&key, course, link, &sealed)?);
            }
        }
        walk.finish(record.head)?;
        Ok(entries)
    }

    /// Returns the chain of a course without what the entries say; works also for a person who was erased.
    ///
    /// # Errors
    /// [`StoreError::NoCourse`], [`StoreError::Damaged`].
    pub async fn links(&self, course: CourseId) -> Result<Vec<Link>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let record = course_record(&mut transaction, course).await?;
        let rows = rows(&mut transaction, course, 0).await?;
        transaction.rollback().await?;
        let mut walk = Following::new(course, 0);
        let mut links = Vec::with_capacity(rows.len());
        for row in rows {
            let (link, _) = link_and_body(row)?;
            walk.step(&link)?;
            links.push(link);
        }
        walk.finish(record.head)?;
        Ok(links)
    }

    /// Returns the head of a course, to be published; `None` before its first entry.
    ///
    /// # Errors
    /// [`StoreError::NoCourse`].
    pub async fn head(&self, course: CourseId) -> Result<Option<Head>, StoreError> {
        let record = self.course(course).await?.ok_or(StoreError::NoCourse { course })?;
        Ok(record.head)
    }

    /// Returns the heads of all courses that have one, to be published.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if a row was changed from outside.
    pub async fn heads(&self) -> Result<BTreeMap<CourseId, Head>, StoreError> {
        let courses = self.courses().await?;
        Ok(courses.into_iter().filter_map(|course| Some((course.id, course.head?))).collect())
    }

    /// Checks one course: that the chain fits together, every entry opens and is the one that was hashed, and, given a
    /// published head, that nothing before it was cut off or written anew.
    ///
    /// # Errors
    /// Only what keeps it from checking, such as a locked database; what it finds stands in the answer.
    pub async fn verify(
        &self,
        course: CourseId,
        published: Option<Head>,
    ) -> Result<Verification, StoreError> {
        let mut verification = Verification::default();
        self.verify_into(course, published, &mut verification).await?;
        Ok(verification)
    }

    /// Checks every course, as [`Store::verify`], and the names of all people.
    ///
    /// # Errors
    /// As [`Store::verify`].
    pub async fn verify_all(&self, published: &BTreeMap<CourseId, Head>) -> Result<Verification, StoreError> {
        let mut verification = Verification::default();
        let mut courses: BTreeSet<CourseId> = published.keys().copied().collect();
        courses.extend(self.every_course_id().await?);
        for course in courses {
            self.verify_into(course, published.get(&course).copied(), &mut verification).await?;
        }
        if let Err(error) = self.people().await {
            verification.damage.push(unreadable(None, error)?);
        }
        Ok(verification)
    }

    async fn verify_into(
        &self,
        course: CourseId,
        published: Option<Head>,
        verification: &mut Verification,
    ) -> Result<(), StoreError> {
        match self.check(course, published).await {
            Ok(Ok(verified)) => drop(verification.sound.insert(course, verified)),
            Ok(Err(damage)) => verification.damage.extend(damage),
            Err(error) => verification.damage.push(unreadable(Some(course), error)?),
        }
        Ok(())
    }

    async fn check(
        &self,
        course: CourseId,
        published: Option<Head>,
    ) -> Result<Result<Verified, Vec<CourseDamage>>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let Some(record) = people::find_course(&mut transaction, course).await? else {
            return Ok(Err(vec![CourseDamage::CourseMissing { course }]));
        };
        let mut damage = Vec::new();
        let key = self.key_of(&mut transaction, &record).await?;
        let rows = rows(&mut transaction, course, 0).await?;
        let commitments = allocations::commitments(&mut transaction, course).await?;
        transaction.rollback().await?;
        if let Key::There(_) = key {
            for commitment in commitments {
                if let Err(error) = self.allocation(commitment).await {
                    damage.push(unreadable(Some(course), error)?);
                }
            }
        }
        let links = read_rows(course, &key, rows, &mut damage);
        let verified = check_chain(&record, &links, published, &mut damage);
        damage.extend(match key {
            Key::Broken(broken) => Some(broken),
            _ => None,
        });
        Ok(match verified {
            Some(verified) if damage.is_empty() => Ok(verified),
            _ => Err(damage),
        })
    }

    async fn key_of(&self, transaction: &mut Transaction, record: &CourseRecord) -> Result<Key, StoreError> {
        let CourseRecord { id: course, person, .. } = *record;
        let erased = people::erased(transaction, person).await?.is_some();
        let wrapped = people::wrapped_key(transaction, person).await?;
        Ok(match (wrapped, erased) {
            (None, true) => Key::Erased,
            (None, false) => Key::Broken(CourseDamage::KeyMissing { course, person }),
            (Some(_), true) => Key::Broken(CourseDamage::KeyOfErased { course, person }),
            (Some(wrapped), false) => match self.vault().site_key.unwrap(&wrapped, person) {
                Ok(key) => Key::There(key),
                Err(source) => Key::Broken(CourseDamage::Unreadable { course: Some(course), source }),
            },
        })
    }

    /// Every course that any table names, so that entries without a course are found.
    async fn every_course_id(&self) -> Result<Vec<CourseId>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let rows: Vec<(Uuid,)> = per_engine!(&mut transaction, connection => sqlx::query_as(
            "SELECT id FROM courses UNION SELECT course FROM entries UNION SELECT course FROM sealed_allocations",
        )
        .fetch_all(connection)
        .await)
        .map_err(StoreError::engine("listing courses"))?;
        Ok(rows.into_iter().map(|(id,)| CourseId::from_uuid(id)).collect())
    }
}

async fn course_record(transaction: &mut Transaction, course: CourseId) -> Result<CourseRecord, StoreError> {
    people::find_course(transaction, course).await?.ok_or(StoreError::NoCourse { course })
}

/// Reads the rows of a course from a place on, in their order.
async fn rows(
    transaction: &mut Transaction,
    course: CourseId,
    from: u64,
) -> Result<Vec<EntryRow>, StoreError> {
    per_engine!(transaction, connection => sqlx::query_as(
        "SELECT seq, id, received_us, author, role, day, entry_hash, previous, hash, body
         FROM entries WHERE course = $1 AND seq >= $2 ORDER BY seq",
    )
    .bind(course.uuid())
    .bind(if from == 0 { i64::MIN } else { i64::try_from(from).unwrap_or(i64::MAX) })
    .fetch_all(connection)
    .await)
    .map_err(StoreError::engine("reading the entries of a course"))
}

fn open_entry(
    key: &PersonKey,
    course: CourseId,
    link: Link,
    sealed: &[u8],
) -> Result<StoredEntry, StoreError> {
    let place = Place::Entry { course, id: link.header.id, seq: link.seq };
    let unsealable = || StoreError::Unsealable { what: format!("entry {} of course {course}", link.seq) };
    let bytes = key.open(&place, sealed).ok_or_else(unsealable)?;
    let damaged = |damage: String| StoreError::Damaged { course, damage };
    let entry = Entry::from_bytes(&bytes).map_err(|error| damaged(format!("entry {}: {error}", link.seq)))?;
    if entry.hash() != link.entry || entry.course() != course || Header::of(&entry) != link.header {
        return Err(damaged(format!("entry {} is not the one that its link names", link.seq)));
    }
    Ok(StoredEntry { link, entry })
}

/// Checks that links follow each other.
struct Following {
    course: CourseId,
    last: Option<Link>,
    /// Where it began: at the first link, or at one that is trusted as the anchor.
    from: u64,
}

impl Following {
    fn new(course: CourseId, from: u64) -> Following {
        Following { course, last: None, from }
    }

    fn step(&mut self, link: &Link) -> Result<(), StoreError> {
        let follows = match self.last {
            Some(last) => link.seq == last.seq + 1 && link.previous == last.hash,
            None if self.from == 0 => link.seq == 1 && link.previous == genesis(self.course),
            None => link.seq == self.from,
        };
        if !follows || link.hash != link.computed_hash(self.course) {
            return Err(self.damaged(format!("entry {} does not fit the chain; run verify", link.seq)));
        }
        self.last = Some(*link);
        Ok(())
    }

    fn finish(self, head: Option<Head>) -> Result<(), StoreError> {
        if self.last.map(|last| last.head()) == head {
            return Ok(());
        }
        let end = self.last.map_or(0, |last| last.seq);
        let known = head.map_or(0, |head| head.seq);
        Err(self.damaged(format!("its entries end at {end}, its row at {known}, asked from {}", self.from)))
    }

    fn damaged(&self, damage: String) -> StoreError {
        StoreError::Damaged { course: self.course, damage }
    }
}

/// Opens every row that can be opened and notes the others. The bytes are `None` where nothing opens them.
fn read_rows(
    course: CourseId,
    key: &Key,
    rows: Vec<EntryRow>,
    damage: &mut Vec<CourseDamage>,
) -> Vec<(Link, Option<Vec<u8>>)> {
    let mut links = Vec::with_capacity(rows.len());
    for row in rows {
        match link_and_body(row) {
            Err(source) => damage.push(CourseDamage::Unreadable { course: Some(course), source }),
            Ok((link, sealed)) => {
                let place = Place::Entry { course, id: link.header.id, seq: link.seq };
                let bytes = match key {
                    Key::There(key) => key.open(&place, &sealed),
                    Key::Erased | Key::Broken(_) => None,
                };
                if bytes.is_none() && matches!(key, Key::There(_)) {
                    damage.push(CourseDamage::Unsealable { course, seq: link.seq });
                }
                links.push((link, bytes));
            }
        }
    }
    links
}

fn check_chain(
    record: &CourseRecord,
    links: &[(Link, Option<Vec<u8>>)],
    published: Option<Head>,
    damage: &mut Vec<CourseDamage>,
) -> Option<Verified> {
    let course = record.id;
    let rows = links.iter().map(|(link, bytes)| Row { link, bytes: bytes.as_deref() });
    let end = links.last().map(|(link, _)| link.head());
    if end != record.head {
        damage.push(CourseDamage::HeadDiffers { course, recorded: record.head });
    }
    match verify(course, rows, published) {
        Ok(verified) => Some(verified),
        Err(found) => {
            damage.extend(found.into_iter().map(|damage| CourseDamage::Chain { course, damage }));
            None
        }
    }
}

/// An error that comes from what stands in the tables is a finding; any other keeps us from checking.
fn unreadable(course: Option<CourseId>, source: StoreError) -> Result<CourseDamage, StoreError> {
    match source.fault() {
        None | Some(Fault::Other | Fault::Malformed) => Ok(CourseDamage::Unreadable { course, source }),
        Some(_) => Err(source),
    }
}

impl Verification {
    /// Tells whether nothing was found.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }
}

impl fmt::Display for CourseDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CourseDamage::Chain { course, damage } => write!(f, "course {course}: {damage}"),
            CourseDamage::Unsealable { course, seq } => {
                write!(f, "course {course}: entry {seq}: does not open with its key")
            }
            CourseDamage::HeadDiffers { course, recorded } => {
                let recorded = recorded.map_or(0, |head| head.seq);
                write!(f, "course {course}: its row names entry {recorded} as the last, its entries another")
            }
            CourseDamage::CourseMissing { course } => write!(f, "course {course}: its row is missing"),
            CourseDamage::KeyMissing { course, person } => {
                write!(f, "course {course}: the key of person {person} is gone, and no erasure explains it")
            }
            CourseDamage::KeyOfErased { course, person } => {
                write!(f, "course {course}: person {person} was erased, and the key is there again")
            }
            CourseDamage::Unreadable { course: Some(course), source } => {
                write!(f, "course {course}: {source}")
            }
            CourseDamage::Unreadable { course: None, source } => write!(f, "{source}"),
        }
    }
}
