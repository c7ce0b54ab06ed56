//! Who may see which course, and what happens when somebody breaks the glass.
//!
//! A grant lets one account of a prescriber or a pharmacist see one course, from one instant until another or until it
//! is ended. A patient needs none for the own course; a researcher and an administrator never get one. In an emergency
//! a prescriber opens any course for [`GLASS_LASTS`], with a reason that is sealed under the person's key, and everybody
//! concerned is told.

use jiff::{SignedDuration, Timestamp};
use ldn_core::ids::{AccountId, CourseId, EntryId};
use ldn_core::journal::{Hash, Role};
use uuid::Uuid;

use crate::account::by_id;
use crate::account::secret::{random, uuid_v7};
use crate::audit::{Action, Event, Outcome, Why, append, append_refusal};
use crate::crypt::Place;
use crate::database::Transaction;
use crate::error::StoreError;
use crate::people;
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::store::Store;
use crate::timestamp::{from_micros, to_micros};
use crate::view::AccessError;

/// For so long a broken glass lets a prescriber see a course (section 5 of the reliability anchors).
pub const GLASS_LASTS: SignedDuration = SignedDuration::from_hours(4);

/// The longest reason in characters.
const LONGEST_REASON: usize = 1_000;

/// How a grant came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody who may gave it.
    Given,
    /// A prescriber took it in an emergency.
    BrokenGlass,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Kind::Given => "given",
            Kind::BrokenGlass => "broken-glass",
        }
    }

    fn read(word: &str) -> Result<Kind, StoreError> {
        match word {
            "given" => Ok(Kind::Given),
            "broken-glass" => Ok(Kind::BrokenGlass),
            _ => Err(StoreError::Unreadable {
                place: "grants.kind",
                found: crate::audit::escaped(word),
                expected: "given or broken-glass",
            }),
        }
    }
}

/// From when until when a grant is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From this instant on.
    pub from: Timestamp,
    /// Until just before this one; `None` until it is ended.
    pub until: Option<Timestamp>,
}

impl Span {
    /// From an instant until somebody ends it.
    pub const fn from(from: Timestamp) -> Span {
        Span { from, until: None }
    }
}

/// A grant as it is stored. The reason of a broken glass is read apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// Who may see the course.
    pub account: AccountId,
    /// Which course.
    pub course: CourseId,
    /// How it came about.
    pub kind: Kind,
    /// When it is in force.
    pub span: Span,
    /// Who gave it; `None` for the operator at the machine.
    pub given_by: Option<AccountId>,
    /// When somebody ended it before its time.
    pub ended: Option<Timestamp>,
}

impl Grant {
    /// Whether it is in force.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.span.from <= now && self.span.until.is_none_or(|until| now < until)
    }
}

/// A glass that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenGlass {
    /// The grant that it made.
    pub grant: Uuid,
    /// When it ends.
    pub until: Timestamp,
    /// How many accounts were told.
    pub n_told: usize,
}

/// Something that an account must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: Uuid,
    /// About which course.
    pub course: CourseId,
    /// What happened: `broken-glass`.
    pub what: String,
    /// Who did it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// When it was read; `None` while it is new.
    pub read: Option<Timestamp>,
}

/// Whether an account may see a course now; `only_given` leaves broken glasses out.
pub(crate) async fn is_in_force(
    transaction: &mut Transaction,
    account: AccountId,
    course: CourseId,
    only_given: bool,
    now_us: i64,
) -> Result<bool, StoreError> {
    let other = if only_given { Kind::Given } else { Kind::BrokenGlass };
    let (n,): (i64,) = per_engine!(transaction, connection => {
        sqlx::query_as(
            "SELECT COUNT(*) FROM grants WHERE account = $1 AND course = $2 AND kind IN ('given', $3) \
             AND ended_us IS NULL AND from_us <= $4 AND (until_us IS NULL OR until_us > $4)",
        )
        .bind(account.uuid())
        .bind(course.uuid())
        .bind(other.word())
        .bind(now_us)
        .fetch_one(connection)
        .await
    })
    .map_err(StoreError::engine("looking for a grant"))?;
    Ok(n > 0)
}

/// The courses that the actor's account may see now, in the order of their ids.
pub(crate) async fn courses_granted(
    store: &Store,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<CourseId>, StoreError> {
    let Some(account) = actor.account() else { return Ok(Vec::new()) };
    let mut reading = store.vault().database.read().await?;
    let rows: Vec<(Uuid,)> = per_engine!(&mut reading, connection => {
        sqlx::query_as(
            "SELECT DISTINCT course FROM grants WHERE account = $1 AND ended_us IS NULL AND from_us <= $2 \
             AND (until_us IS NULL OR until_us > $2) ORDER BY course",
        )
        .bind(account.uuid())
        .bind(to_micros(now))
        .fetch_all(connection)
        .await
    })
    .map_err(StoreError::engine("listing granted courses"))?;
    Ok(rows.into_iter().map(|(course,)| CourseId::from_uuid(course)).collect())
}

type Row = (Uuid, Uuid, Uuid, String, i64, Option<i64>, Option<Uuid>, Option<i64>);

fn grant((id, account, course, kind, from, until, given_by, ended): Row) -> Result<Grant, StoreError> {
    let optional = |at: Option<i64>, place| at.map(|at| from_micros(at, place)).transpose();
    Ok(Grant {
        id,
        account: AccountId::from_uuid(account),
        course: CourseId::from_uuid(course),
        kind: Kind::read(&kind)?,
        span: Span { from: from_micros(from, "grants.from_us")?, until: optional(until, "grants.until_us")? },
        given_by: given_by.map(AccountId::from_uuid),
        ended: optional(ended, "grants.ended_us")?,
    })
}

/// All grants of a course, oldest first, ended ones too.
pub(crate) async fn of_course(store: &Store, course: CourseId) -> Result<Vec<Grant>, StoreError> {
    let mut reading = store.vault().database.read().await?;
    let rows: Vec<Row> = per_engine!(&mut reading, connection => {
        sqlx::query_as(
            "SELECT id, account, course, kind, from_us, until_us, given_by, ended_us FROM grants \
             WHERE course = $1 ORDER BY from_us, id",
        )
        .bind(course.uuid())
        .fetch_all(connection)
        .await
    })
    .map_err(StoreError::engine("listing grants"))?;
    rows.into_iter().map(grant).collect()
}

/// Gives a grant; the policy was asked before.
pub(crate) async fn give(
    store: &Store,
    actor: &Actor,
    course: CourseId,
    to: AccountId,
    span: Span,
    now: Timestamp,
) -> Result<Uuid, AccessError> {
    let mut writing = store.vault().database.write().await?;
    let refused =
        AccessError::Refused { role: actor.role(), operation: Operation::Create, object: Object::Grant };
    let (Some(account), Some(_)) =
        (by_id(&mut writing, to).await?, people::find_course(&mut writing, course).await?)
    else {
        return Err(refused);
    };
    if !matches!(account.role, Role::Prescriber | Role::Pharmacist) {
        return Err(AccessError::NotGrantable { role: account.role });
    }
    let id = insert_given(&mut writing, to, course, span, actor.account()).await?;
    let action = Action::Operated(Operation::Create, Object::Grant);
    let event = Event { course: Some(course), subject: Some(id), ..actor.event(action, now) };
    append(&mut writing, &event).await?;
    writing.commit().await?;
    Ok(id)
}

/// Enters a grant.
pub(crate) async fn insert_given(
    transaction: &mut Transaction,
    account: AccountId,
    course: CourseId,
    span: Span,
    given_by: Option<AccountId>,
) -> Result<Uuid, StoreError> {
    let id = uuid_v7(span.from)?;
    let grant = Grant { id, account, course, kind: Kind::Given, span, given_by, ended: None };
    insert(transaction, &grant, None).await?;
    Ok(id)
}

async fn insert(
    transaction: &mut Transaction,
    grant: &Grant,
    reason: Option<&[u8]>,
) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query(
            "INSERT INTO grants (id, account, course, kind, from_us, until_us, given_by, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(grant.id)
        .bind(grant.account.uuid())
        .bind(grant.course.uuid())
        .bind(grant.kind.word())
        .bind(to_micros(grant.span.from))
        .bind(grant.span.until.map(to_micros))
        .bind(grant.given_by.map(|account| account.uuid()))
        .bind(reason)
        .execute(connection)
        .await
        .map(drop)
    })
    .map_err(StoreError::engine("giving a grant"))
}

/// Ends a grant of a course; the policy was asked before.
pub(crate) async fn end(
    store: &Store,
    actor: &Actor,
    course: CourseId,
    grant: Uuid,
    now: Timestamp,
) -> Result<(), AccessError> {
    let mut writing = store.vault().database.write().await?;
    let n_ended = per_engine!(&mut writing, connection => {
        sqlx::query("UPDATE grants SET ended_us = $3 WHERE id = $1 AND course = $2 AND ended_us IS NULL")
            .bind(grant)
            .bind(course.uuid())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(|done| done.rows_affected())
    })
    .map_err(StoreError::engine("ending a grant"))?;
    if n_ended == 0 {
        return Err(AccessError::NoGrant);
    }
    let action = Action::Operated(Operation::End, Object::Grant);
    let event = Event { course: Some(course), subject: Some(grant), ..actor.event(action, now) };
    append(&mut writing, &event).await?;
    Ok(writing.commit().await?)
}

/// Breaks the glass; the policy and the proof of identity were asked before. Grant, notices and trail are one
/// transaction: nobody sees anything that nobody is told of.
pub(crate) async fn break_glass(
    store: &Store,
    actor: &Actor,
    course: CourseId,
    reason: &str,
    now: Timestamp,
) -> Result<BrokenGlass, AccessError> {
    let reason: String = reason.trim().chars().take(LONGEST_REASON).collect();
    if reason.is_empty() {
        return Err(AccessError::NoReason);
    }
    let action = Action::BreakGlass;
    let refused =
        AccessError::Refused { role: actor.role(), operation: Operation::Open, object: Object::Grant };
    let mut writing = store.vault().database.write().await?;
    let (Some(account), Some(record)) = (actor.account(), people::find_course(&mut writing, course).await?)
    else {
        writing.rollback().await?;
        let event = Event { outcome: Outcome::Refused, why: Why::NotTheirs, ..actor.event(action, now) };
        append_refusal(&store.vault().database, &Event { course: Some(course), ..event }).await?;
        return Err(refused);
    };
    let until = now.saturating_add(GLASS_LASTS).unwrap_or(Timestamp::MAX);
    let id = uuid_v7(now)?;
    let salted = [random::<16>()?.as_slice(), reason.as_bytes()].concat();
    let key = people::key(store.vault(), &mut writing, record.person).await?;
    let sealed = key.seal(&place_of_reason(course, id)?, &salted)?;
    let span = Span { from: now, until: Some(until) };
    let given_by = Some(account);
    let grant = Grant { id, account, course, kind: Kind::BrokenGlass, span, given_by, ended: None };
    insert(&mut writing, &grant, Some(&sealed)).await?;
    let n_told = tell(&mut writing, course, account, now).await?;
    let event = Event {
        course: Some(course),
        subject: Some(id),
        why: Why::Emergency,
        // The salt makes the hash useless to somebody who wants to guess the words.
        after: Some(Hash::of(&salted)),
        ..actor.event(action, now)
    };
    append(&mut writing, &event).await?;
    writing.commit().await?;
    Ok(BrokenGlass { grant: id, until, n_told })
}

/// The reason of a broken glass; the policy was asked before.
pub(crate) async fn reason(store: &Store, course: CourseId, grant: Uuid) -> Result<String, AccessError> {
    let mut reading = store.vault().database.read().await?;
    let row: Option<(Option<Vec<u8>>,)> = per_engine!(&mut reading, connection => {
        sqlx::query_as("SELECT reason FROM grants WHERE id = $1 AND course = $2")
            .bind(grant)
            .bind(course.uuid())
            .fetch_optional(connection)
            .await
    })
    .map_err(StoreError::engine("reading why a glass was broken"))?;
    let sealed = row.and_then(|(reason,)| reason).ok_or(AccessError::NoGrant)?;
    let record = people::find_course(&mut reading, course).await?.ok_or(AccessError::NoGrant)?;
    let key = people::key(store.vault(), &mut reading, record.person).await?;
    let broken = || StoreError::Unsealable { what: format!("the reason of grant {grant}") };
    let salted = key.open(&place_of_reason(course, grant)?, &sealed).ok_or_else(broken)?;
    let reason = salted.get(16..).ok_or_else(broken)?;
    Ok(String::from_utf8(reason.to_vec()).map_err(|_| broken())?)
}

/// A reason is sealed like an entry at a place that no chain reaches, so it opens as nothing else.
fn place_of_reason(course: CourseId, grant: Uuid) -> Result<Place, StoreError> {
    let id = EntryId::from_uuid(grant).map_err(|_| StoreError::Unreadable {
        place: "grants.id",
        found: grant.to_string(),
        expected: "a UUID of version 7",
    })?;
    Ok(Place::Entry { course, id, seq: u64::MAX })
}

/// Tells the patient, everybody who may see the course, and every administrator, except who did it.
async fn tell(
    transaction: &mut Transaction,
    course: CourseId,
    by: AccountId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let concerned: Vec<(Uuid,)> = per_engine!(&mut *transaction, connection => {
        sqlx::query_as(
            "SELECT a.id FROM accounts a WHERE a.disabled_us IS NULL AND a.id <> $2 AND (a.role = 'administrator' \
             OR (a.role = 'patient' AND a.person IN (SELECT person FROM courses WHERE id = $1)) \
             OR a.id IN (SELECT account FROM grants WHERE course = $1 AND ended_us IS NULL AND from_us <= $3 \
             AND (until_us IS NULL OR until_us > $3))) ORDER BY a.id",
        )
        .bind(course.uuid())
        .bind(by.uuid())
        .bind(to_micros(now))
        .fetch_all(connection)
        .await
    })
    .map_err(StoreError::engine("looking for whom to tell"))?;
    for (account,) in &concerned {
        let id = uuid_v7(now)?;
        per_engine!(&mut *transaction, connection => {
            sqlx::query(
                "INSERT INTO notices (id, account, course, what, by_account, at_us) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(id)
            .bind(account)
            .bind(course.uuid())
            .bind(Kind::BrokenGlass.word())
            .bind(by.uuid())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(drop)
        })
        .map_err(StoreError::engine("telling somebody"))?;
    }
    Ok(concerned.len())
}

/// What the actor's account must be told, newest first.
pub(crate) async fn notices(store: &Store, actor: &Actor) -> Result<Vec<Notice>, StoreError> {
    let Some(account) = actor.account() else { return Ok(Vec::new()) };
    let mut reading = store.vault().database.read().await?;
    let rows: Vec<(Uuid, Uuid, String, Uuid, i64, Option<i64>)> = per_engine!(&mut reading, connection => {
        sqlx::query_as(
            "SELECT id, course, what, by_account, at_us, read_us FROM notices WHERE account = $1 \
             ORDER BY at_us DESC, id DESC",
        )
        .bind(account.uuid())
        .fetch_all(connection)
        .await
    })
    .map_err(StoreError::engine("reading notices"))?;
    rows.into_iter().map(notice).collect()
}

fn notice(row: (Uuid, Uuid, String, Uuid, i64, Option<i64>)) -> Result<Notice, StoreError> {
    let (id, course, what, by, at, read) = row;
    Ok(Notice {
        id,
        course: CourseId::from_uuid(course),
        what,
        by: AccountId::from_uuid(by),
        at: from_micros(at, "notices.at_us")?,
        read: read.map(|at| from_micros(at, "notices.read_us")).transpose()?,
    })
}

/// Marks a notice of the actor's own account as read.
///
/// # Errors
/// [`StoreError`] of the engine.
pub async fn mark_read(store: &Store, actor: &Actor, notice: Uuid, now: Timestamp) -> Result<(), StoreError> {
    let Some(account) = actor.account() else { return Ok(()) };
    let mut writing = store.vault().database.write().await?;
    per_engine!(&mut writing, connection => {
        sqlx::query("UPDATE notices SET read_us = $3 WHERE id = $1 AND account = $2 AND read_us IS NULL")
            .bind(notice)
            .bind(account.uuid())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("marking a notice as read"))?;
    writing.commit().await
}
