//! People and their courses.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::{Head, Role, genesis};
use uuid::Uuid;

use crate::crypt::{PersonKey, Place};
use crate::database::Transaction;
use crate::entries::{hash, number};
use crate::store::Vault;
use crate::timestamp::{from_micros, to_micros};
use crate::{Store, StoreError};

/// A person as the store knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The person.
    pub id: PersonId,
    /// Since when.
    pub created: Timestamp,
    /// The name; `None` if the person was erased.
    pub name: Option<String>,
}

/// A course as the store knows it, without what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourseRecord {
    /// The course.
    pub id: CourseId,
    /// Whose it is.
    pub person: PersonId,
    /// Its newest entry's place and hash; `None` before the first entry.
    pub head: Option<Head>,
}

/// Id, creation, sealed name, wrapped key, and when erased.
type PersonRow = (Uuid, i64, Vec<u8>, Option<Vec<u8>>, Option<i64>);

/// Id, person, number of entries, head.
type CourseRow = (Uuid, Uuid, i64, Vec<u8>);

impl Store {
    /// Adds a person under a key of their own, or does nothing if the same person is there with the same name.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if the id is in use with another name, [`StoreError::Erased`] if the person was erased.
    pub async fn add_person(
        &self,
        person: PersonId,
        name: &str,
        created: Timestamp,
    ) -> Result<(), StoreError> {
        let vault = self.vault();
        let mut transaction = vault.database.write().await?;
        if let Some(erased) = erased(&mut transaction, person).await? {
            return Err(StoreError::Erased { person, erased });
        }
        if let Some(known) = find(vault, &mut transaction, person).await? {
            let same = known.name.as_deref() == Some(name);
            let taken = || StoreError::Taken { kind: "person", id: person.to_string() };
            return if same { transaction.rollback().await } else { Err(taken()) };
        }
        insert(vault, &mut transaction, person, name, to_micros(created)).await?;
        transaction.commit().await
    }

    /// Gives a person another name.
    ///
    /// # Errors
    /// [`StoreError::NoPerson`], [`StoreError::Erased`].
    pub async fn rename_person(&self, person: PersonId, name: &str) -> Result<(), StoreError> {
        let vault = self.vault();
        let mut transaction = vault.database.write().await?;
        let key = key(vault, &mut transaction, person).await?;
        let (created_us,): (i64,) = per_engine!(&mut transaction, connection =>
            sqlx::query_as("SELECT created_us FROM people WHERE id = $1")
                .bind(person.uuid())
                .fetch_one(connection)
                .await)
        .map_err(StoreError::engine("reading a person"))?;
        let sealed = key.seal(&Place::Name { person, created_us }, name.as_bytes())?;
        per_engine!(&mut transaction, connection => sqlx::query("UPDATE people SET name = $2 WHERE id = $1")
            .bind(person.uuid())
            .bind(sealed)
            .execute(connection)
            .await
            .map(drop))
        .map_err(StoreError::engine("renaming a person"))?;
        transaction.commit().await
    }

    /// Returns a person, or `None` if there is none with this id.
    ///
    /// # Errors
    /// [`StoreError::Unsealable`] if the key or the name was changed from outside.
    pub async fn person(&self, person: PersonId) -> Result<Option<PersonRecord>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        find(self.vault(), &mut transaction, person).await
    }

    /// Returns everybody, in the order of the ids.
    ///
    /// # Errors
    /// [`StoreError::Unsealable`] if a key or a name was changed from outside.
    pub async fn people(&self) -> Result<Vec<PersonRecord>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let rows: Vec<PersonRow> = per_engine!(&mut transaction, connection => sqlx::query_as(
            "SELECT p.id, p.created_us, p.name, k.wrapped, e.erased_us FROM people p
             LEFT JOIN person_keys k ON k.person = p.id
             LEFT JOIN erasures e ON e.person = p.id
             ORDER BY p.id",
        )
        .fetch_all(connection)
        .await)
        .map_err(StoreError::engine("listing people"))?;
        rows.into_iter().map(|row| record(self.vault(), row)).collect()
    }

    /// Adds an empty course of a person, or does nothing if the person has it already.
    ///
    /// # Errors
    /// [`StoreError::NoPerson`], [`StoreError::Erased`], [`StoreError::Taken`] if it is somebody else's.
    pub async fn add_course(&self, course: CourseId, person: PersonId) -> Result<(), StoreError> {
        let mut transaction = self.vault().database.write().await?;
        key(self.vault(), &mut transaction, person).await?;
        if let Some(known) = find_course(&mut transaction, course).await? {
            let taken = || StoreError::Taken { kind: "course", id: course.to_string() };
            return if known.person == person { transaction.rollback().await } else { Err(taken()) };
        }
        per_engine!(&mut transaction, connection => sqlx::query(
            "INSERT INTO courses (id, person, n_entries, head) VALUES ($1, $2, 0, $3)",
        )
        .bind(course.uuid())
        .bind(person.uuid())
        .bind(genesis(course).as_bytes().as_slice())
        .execute(connection)
        .await
        .map(drop))
        .map_err(StoreError::engine("adding a course"))?;
        transaction.commit().await
    }

    /// Returns a course, or `None` if there is none with this id.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if the row was changed from outside.
    pub async fn course(&self, course: CourseId) -> Result<Option<CourseRecord>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        find_course(&mut transaction, course).await
    }

    /// Returns all courses, in the order of the ids.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if a row was changed from outside.
    pub async fn courses(&self) -> Result<Vec<CourseRecord>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let rows: Vec<CourseRow> = per_engine!(&mut transaction, connection =>
            sqlx::query_as("SELECT id, person, n_entries, head FROM courses ORDER BY id")
                .fetch_all(connection)
                .await)
        .map_err(StoreError::engine("listing courses"))?;
        rows.into_iter().map(course_record).collect()
    }

    /// Returns the courses of a person, in the order of the ids.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if a row was changed from outside.
    pub async fn courses_of(&self, person: PersonId) -> Result<Vec<CourseRecord>, StoreError> {
        let mut transaction = self.vault().database.read().await?;
        let rows: Vec<CourseRow> = per_engine!(&mut transaction, connection =>
            sqlx::query_as("SELECT id, person, n_entries, head FROM courses WHERE person = $1 ORDER BY id")
                .bind(person.uuid())
                .fetch_all(connection)
                .await)
        .map_err(StoreError::engine("listing the courses of a person"))?;
        rows.into_iter().map(course_record).collect()
    }
}

/// Course, number of entries, head, and the person's row.
type GrantedRow = (Uuid, i64, Vec<u8>, Uuid, i64, Vec<u8>, Option<Vec<u8>>, Option<i64>);

/// Reads the courses for which an account holds a grant in force, each with whose it is, in the order of the ids.
pub(crate) async fn of_granted(
    vault: &Vault,
    transaction: &mut Transaction,
    account: AccountId,
    now_us: i64,
) -> Result<Vec<(CourseRecord, PersonRecord)>, StoreError> {
    let rows: Vec<GrantedRow> = per_engine!(transaction, connection => sqlx::query_as(
        "SELECT c.id, c.n_entries, c.head, p.id, p.created_us, p.name, k.wrapped, e.erased_us FROM courses c
         JOIN people p ON p.id = c.person
         LEFT JOIN person_keys k ON k.person = p.id
         LEFT JOIN erasures e ON e.person = p.id
         WHERE c.id IN (SELECT course FROM grants WHERE account = $1 AND ended_us IS NULL AND from_us <= $2
         AND (until_us IS NULL OR until_us > $2))
         ORDER BY c.id",
    )
    .bind(account.uuid())
    .bind(now_us)
    .fetch_all(connection)
    .await)
    .map_err(StoreError::engine("listing own patients"))?;
    rows.into_iter()
        .map(|(course, n_entries, head, person, created_us, name, wrapped, erased_us)| {
            let course = course_record((course, person, n_entries, head))?;
            Ok((course, record(vault, (person, created_us, name, wrapped, erased_us))?))
        })
        .collect()
}

/// Reads the accounts in use of some roles, with whose they are, in the order of the ids.
pub(crate) async fn staff(
    vault: &Vault,
    transaction: &mut Transaction,
    roles: [Role; 2],
) -> Result<Vec<(AccountId, Role, PersonRecord)>, StoreError> {
    type StaffRow = (Uuid, String, Uuid, i64, Vec<u8>, Option<Vec<u8>>, Option<i64>);
    let rows: Vec<StaffRow> = per_engine!(transaction, connection => sqlx::query_as(
        "SELECT a.id, a.role, p.id, p.created_us, p.name, k.wrapped, e.erased_us FROM accounts a
         JOIN people p ON p.id = a.person
         LEFT JOIN person_keys k ON k.person = p.id
         LEFT JOIN erasures e ON e.person = p.id
         WHERE a.disabled_us IS NULL AND a.role IN ($1, $2)
         ORDER BY a.id",
    )
    .bind(roles[0].word())
    .bind(roles[1].word())
    .fetch_all(connection)
    .await)
    .map_err(StoreError::engine("listing colleagues"))?;
    rows.into_iter()
        .map(|(account, role, person, created_us, name, wrapped, erased_us)| {
            let role = crate::session::read_role(&role)?;
            let person = record(vault, (person, created_us, name, wrapped, erased_us))?;
            Ok((AccountId::from_uuid(account), role, person))
        })
        .collect()
}

/// Reads and unwraps the key of a person.
///
/// # Errors
/// [`StoreError::NoPerson`], [`StoreError::Erased`], [`StoreError::Unsealable`].
pub(crate) async fn key(
    vault: &Vault,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<PersonKey, StoreError> {
    match wrapped_key(transaction, person).await? {
        Some(wrapped) => vault.site_key.unwrap(&wrapped, person),
        None => Err(match erased(transaction, person).await? {
            Some(erased) => StoreError::Erased { person, erased },
            None => StoreError::NoPerson { person },
        }),
    }
}

/// Reads the wrapped key of a person; `None` if the person is unknown or erased.
pub(crate) async fn wrapped_key(
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<Option<Vec<u8>>, StoreError> {
    per_engine!(transaction, connection =>
        sqlx::query_as("SELECT wrapped FROM person_keys WHERE person = $1")
            .bind(person.uuid())
            .fetch_optional(connection)
            .await)
    .map(|row: Option<(Vec<u8>,)>| row.map(|(wrapped,)| wrapped))
    .map_err(StoreError::engine("reading the key of a person"))
}

/// Reads when a person was erased; `None` if never.
pub(crate) async fn erased(
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(i64,)> = per_engine!(transaction, connection =>
        sqlx::query_as("SELECT erased_us FROM erasures WHERE person = $1")
            .bind(person.uuid())
            .fetch_optional(connection)
            .await)
    .map_err(StoreError::engine("reading the list of erasures"))?;
    row.map(|(micros,)| from_micros(micros, "erasures.erased_us")).transpose()
}

/// Reads a course.
pub(crate) async fn find_course(
    transaction: &mut Transaction,
    course: CourseId,
) -> Result<Option<CourseRecord>, StoreError> {
    let row: Option<CourseRow> = per_engine!(transaction, connection =>
        sqlx::query_as("SELECT id, person, n_entries, head FROM courses WHERE id = $1")
            .bind(course.uuid())
            .fetch_optional(connection)
            .await)
    .map_err(StoreError::engine("reading a course"))?;
    row.map(course_record).transpose()
}

async fn find(
    vault: &Vault,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<Option<PersonRecord>, StoreError> {
    let row: Option<PersonRow> = per_engine!(transaction, connection => sqlx::query_as(
        "SELECT p.id, p.created_us, p.name, k.wrapped, e.erased_us FROM people p
         LEFT JOIN person_keys k ON k.person = p.id
         LEFT JOIN erasures e ON e.person = p.id
         WHERE p.id = $1",
    )
    .bind(person.uuid())
    .fetch_optional(connection)
    .await)
    .map_err(StoreError::engine("reading a person"))?;
    row.map(|row| record(vault, row)).transpose()
}

async fn insert(
    vault: &Vault,
    transaction: &mut Transaction,
    person: PersonId,
    name: &str,
    created_us: i64,
) -> Result<(), StoreError> {
    let key = vault.site_key.new_person_key()?;
    let wrapped = vault.site_key.wrap(&key, person)?;
    let sealed = key.seal(&Place::Name { person, created_us }, name.as_bytes())?;
    per_engine!(&mut *transaction, connection =>
        sqlx::query("INSERT INTO people (id, created_us, name) VALUES ($1, $2, $3)")
            .bind(person.uuid())
            .bind(created_us)
            .bind(sealed)
            .execute(connection)
            .await
            .map(drop))
    .map_err(StoreError::engine("adding a person"))?;
    per_engine!(transaction, connection =>
        sqlx::query("INSERT INTO person_keys (person, wrapped) VALUES ($1, $2)")
            .bind(person.uuid())
            .bind(wrapped)
            .execute(connection)
            .await
            .map(drop))
    .map_err(StoreError::engine("storing the key of a person"))
}

/// Opens a person's name. A key that is gone without an erasure is not an erasure.
fn record(vault: &Vault, row: PersonRow) -> Result<PersonRecord, StoreError> {
    let (id, created_us, sealed, wrapped, erased_us) = row;
    let id = PersonId::from_uuid(id);
    let created = from_micros(created_us, "people.created_us")?;
    let unsealable = || StoreError::Unsealable { what: format!("the name of person {id}") };
    let name = match (wrapped, erased_us) {
        (_, Some(_)) => None,
        (None, None) => return Err(unsealable()),
        (Some(wrapped), None) => {
            let key = vault.site_key.unwrap(&wrapped, id)?;
            let name = key.open(&Place::Name { person: id, created_us }, &sealed).ok_or_else(unsealable)?;
            Some(String::from_utf8(name).map_err(|_| unsealable())?)
        }
    };
    Ok(PersonRecord { id, created, name })
}

fn course_record((id, person, n_entries, head): CourseRow) -> Result<CourseRecord, StoreError> {
    let seq = number(n_entries, "courses.n_entries")?;
    let hash = hash(&head, "courses.head")?;
    Ok(CourseRecord {
        id: CourseId::from_uuid(id),
        person: PersonId::from_uuid(person),
        head: (seq > 0).then_some(Head { seq, hash }),
    })
}
