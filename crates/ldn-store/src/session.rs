//! Sessions, and the actor that every view is made of.
//!
//! A session is named by 256 random bits that only the device knows; the store keeps their hash. It ends when it is
//! idle too long, when its time is over, when somebody ends it, or when the account is disabled. Every sign-in makes a
//! new one. The limits per role stand in [`Limits::of`]; `docs/accounts.md` shows them as a table.

use jiff::{SignedDuration, Timestamp};
use ldn_core::ids::{AccountId, PersonId};
use ldn_core::journal::Role;
use uuid::Uuid;

use crate::account::secret::{Token, TokenKind, uuid_v7};
use crate::audit::{Action, Event, Outcome, RequestId, Why, append};
use crate::database::{Database, Transaction};
use crate::error::StoreError;
use crate::timestamp::{from_micros, to_micros};

/// For so long after proving who they are, somebody may do what is sensitive.
pub const PROOF_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// A session's last use is written down at most this often; idle limits are exact to this much.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without a request.
    pub idle: SignedDuration,
    /// In all.
    pub absolute: SignedDuration,
}

impl Limits {
    /// The limits of a role. Only a patient has longer ones, and only on a device that the patient marked as own.
    ///
    /// Recalled from NIST SP 800-63B (a working day, and half an hour or less without activity; 30 days for a single
    /// factor); status: judgement.
    pub const fn of(role: Role, own_device: bool) -> Limits {
        match role {
            Role::Patient if own_device => Limits {
                idle: SignedDuration::from_hours(14 * 24),
                absolute: SignedDuration::from_hours(30 * 24),
            },
            Role::Patient | Role::Researcher => {
                Limits { idle: SignedDuration::from_mins(30), absolute: SignedDuration::from_hours(12) }
            }
            Role::Prescriber | Role::Pharmacist => {
                Limits { idle: SignedDuration::from_mins(15), absolute: SignedDuration::from_hours(12) }
            }
            Role::Administrator => {
                Limits { idle: SignedDuration::from_mins(15), absolute: SignedDuration::from_hours(8) }
            }
        }
    }
}

/// Who acts: an account in its role, proved by a session, or the operator at the machine.
///
/// There is no way to make one but [`authenticate`] and [`Actor::local_operator`], which is an administrator and so has
/// no way to medical text either.
#[derive(Clone, Debug)]
pub struct Actor {
    account: Option<AccountId>,
    person: Option<PersonId>,
    role: Role,
    session: Option<Uuid>,
    proved: Timestamp,
    request: RequestId,
}

impl Actor {
    /// The operator at the machine's command line: an administrator, under the same policy as one who signed in.
    ///
    /// Whoever reads the database file and the site key needs no program of ours; what this gives away is no more.
    pub fn local_operator(request: RequestId, now: Timestamp) -> Actor {
        Actor { account: None, person: None, role: Role::Administrator, session: None, proved: now, request }
    }

    /// The keeper of a personal store, in which nobody has an account yet; made by
    /// [`local_keeper`](crate::account::Accounts::local_keeper).
    pub(crate) fn keeper(person: PersonId, request: RequestId, now: Timestamp) -> Actor {
        Actor {
            account: None,
            person: Some(person),
            role: Role::Patient,
            session: None,
            proved: now,
            request,
        }
    }

    /// The account; `None` at the machine's command line.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// The person; `None` for the operator.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The session; `None` at the machine's command line.
    pub fn session(&self) -> Option<Uuid> {
        self.session
    }

    /// The request during which the actor acts.
    pub fn request(&self) -> &RequestId {
        &self.request
    }

    /// Whether the proof of identity is recent enough for something sensitive.
    pub fn has_fresh_proof(&self, now: Timestamp) -> bool {
        now.duration_since(self.proved) <= PROOF_LASTS
    }

    /// An event of this actor that was done in the ordinary course of things.
    pub(crate) fn event(&self, action: Action, now: Timestamp) -> Event {
        let why = if self.role == Role::Administrator { Why::Administration } else { Why::Care };
        Event {
            at: now,
            account: self.account,
            role: Some(self.role),
            course: None,
            action,
            subject: None,
            outcome: Outcome::Done,
            why,
            before: None,
            after: None,
            request: self.request.clone(),
        }
    }
}

/// Why a token does not name a session that is in force. The words are for the store's own people; a page says the
/// same for all of them: "please sign in".
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No session has this token, or it was ended, or its account is disabled.
    #[error("there is no such session; sign in")]
    None,
    /// It was not used for too long.
    #[error("the session was not used for too long; sign in again, what was typed is kept")]
    Idle,
    /// Its time is over.
    #[error("the session's time is over; sign in again, what was typed is kept")]
    Over,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A session as its owner sees it. The token is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its name, which is no secret and opens nothing.
    pub id: Uuid,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When its time is over at the latest.
    pub expires: Timestamp,
    /// Whether the patient marked the device as own.
    pub own_device: bool,
}

type Row = (Uuid, Uuid, Uuid, String, i64, i64, i64, i64);

const FIND: &str = "SELECT s.id, s.account, a.person, a.role, s.own_device, s.seen_us, s.proved_us, s.expires_us \
     FROM sessions s JOIN accounts a ON a.id = s.account \
     WHERE s.token = $1 AND s.ended_us IS NULL AND a.disabled_us IS NULL";

/// Finds the session that a token names and returns who acts.
///
/// # Errors
/// [`SessionError`].
pub async fn authenticate(
    database: &Database,
    token: &Token,
    request: RequestId,
    now: Timestamp,
) -> Result<Actor, SessionError> {
    let mut reading = database.read().await?;
    let hash = token.hash().as_bytes().to_vec();
    let found: Option<Row> = per_engine!(&mut reading, connection => {
        sqlx::query_as(FIND).bind(hash).fetch_optional(connection).await
    })
    .map_err(StoreError::engine("looking for a session"))?;
    reading.rollback().await?;
    let (id, account, person, role, own_device, seen, proved, expires) = found.ok_or(SessionError::None)?;
    let role = read_role(&role)?;
    let (seen, proved) = (from_micros(seen, "sessions.seen_us")?, from_micros(proved, "sessions.proved_us")?);
    if now >= from_micros(expires, "sessions.expires_us")? {
        return Err(SessionError::Over);
    }
    if now.duration_since(seen) > Limits::of(role, own_device != 0).idle {
        return Err(SessionError::Idle);
    }
    if now.duration_since(seen) >= SEEN_EVERY {
        mark_seen(database, id, now).await?;
    }
    Ok(Actor {
        account: Some(AccountId::from_uuid(account)),
        person: Some(PersonId::from_uuid(person)),
        role,
        session: Some(id),
        proved,
        request,
    })
}

/// Reads a stored role.
pub(crate) fn read_role(word: &str) -> Result<Role, StoreError> {
    word.parse().map_err(|_| StoreError::Unreadable {
        place: "accounts.role",
        found: crate::audit::escaped(word),
        expected: "a role such as patient",
    })
}

async fn mark_seen(database: &Database, session: Uuid, now: Timestamp) -> Result<(), StoreError> {
    let mut writing = database.write().await?;
    per_engine!(&mut writing, connection => {
        sqlx::query("UPDATE sessions SET seen_us = $2 WHERE id = $1 AND seen_us < $2")
            .bind(session)
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("keeping a session awake"))?;
    writing.commit().await
}

/// Opens a session inside the transaction of a sign-in.
pub(crate) async fn open(
    transaction: &mut Transaction,
    account: AccountId,
    role: Role,
    own_device: bool,
    now: Timestamp,
) -> Result<Token, StoreError> {
    let token = Token::draw(TokenKind::Session)?;
    let own_device = own_device && role == Role::Patient;
    let expires = now.saturating_add(Limits::of(role, own_device).absolute).unwrap_or(Timestamp::MAX);
    let (hash, id) = (token.hash().as_bytes().to_vec(), uuid_v7(now)?);
    per_engine!(transaction, connection => {
        sqlx::query(
            "INSERT INTO sessions (token, id, account, own_device, created_us, seen_us, proved_us, expires_us) \
             VALUES ($1, $2, $3, $4, $5, $5, $5, $6)",
        )
        .bind(hash)
        .bind(id)
        .bind(account.uuid())
        .bind(i64::from(own_device))
        .bind(to_micros(now))
        .bind(to_micros(expires))
        .execute(connection)
        .await
        .map(drop)
    })
    .map_err(StoreError::engine("opening a session"))?;
    Ok(token)
}

/// Notes that the person behind a session has just proved again who they are.
pub(crate) async fn mark_proved(
    transaction: &mut Transaction,
    session: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query("UPDATE sessions SET proved_us = $2 WHERE id = $1")
            .bind(session)
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("noting a proof of identity"))
}

/// Ends every session of an account except one, if one is named.
pub(crate) async fn end_all(
    transaction: &mut Transaction,
    account: AccountId,
    except: Option<Uuid>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    // No session has the nil UUID, so it excepts none.
    let except = except.unwrap_or(Uuid::nil());
    per_engine!(transaction, connection => {
        sqlx::query("UPDATE sessions SET ended_us = $2 WHERE account = $1 AND ended_us IS NULL AND id <> $3")
            .bind(account.uuid())
            .bind(to_micros(now))
            .bind(except)
            .execute(connection)
            .await
            .map(|done| done.rows_affected())
    })
    .map_err(StoreError::engine("ending sessions"))
}

/// Lists the sessions in force of the actor's own account, newest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub async fn own(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<SessionRecord>, StoreError> {
    let Some(account) = actor.account else { return Ok(Vec::new()) };
    let mut reading = database.read().await?;
    let rows: Vec<(Uuid, i64, i64, i64, i64)> = per_engine!(&mut reading, connection => {
        sqlx::query_as(
            "SELECT id, created_us, seen_us, expires_us, own_device FROM sessions \
             WHERE account = $1 AND ended_us IS NULL AND expires_us > $2 ORDER BY created_us DESC, id DESC",
        )
        .bind(account.uuid())
        .bind(to_micros(now))
        .fetch_all(connection)
        .await
    })
    .map_err(StoreError::engine("listing sessions"))?;
    let records = rows.into_iter().map(record);
    records
        .filter(|record: &Result<SessionRecord, StoreError>| {
            let Ok(record) = record else { return true };
            now.duration_since(record.seen) <= Limits::of(actor.role, record.own_device).idle
        })
        .collect()
}

fn record(
    (id, created, seen, expires, own_device): (Uuid, i64, i64, i64, i64),
) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id,
        created: from_micros(created, "sessions.created_us")?,
        seen: from_micros(seen, "sessions.seen_us")?,
        expires: from_micros(expires, "sessions.expires_us")?,
        own_device: own_device != 0,
    })
}

/// Ends one session of the actor's own account, which may be the present one. Returns whether there was one to end.
///
/// # Errors
/// [`StoreError`] of the engine.
pub async fn end_own(
    database: &Database,
    actor: &Actor,
    session: Uuid,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(account) = actor.account else { return Ok(false) };
    let mut writing = database.write().await?;
    let n_ended = per_engine!(&mut writing, connection => {
        sqlx::query("UPDATE sessions SET ended_us = $3 WHERE id = $1 AND account = $2 AND ended_us IS NULL")
            .bind(session)
            .bind(account.uuid())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(|done| done.rows_affected())
    })
    .map_err(StoreError::engine("ending a session"))?;
    if n_ended == 0 {
        return Ok(false);
    }
    append(&mut writing, &Event { subject: Some(session), ..actor.event(Action::SignOut, now) }).await?;
    writing.commit().await?;
    Ok(true)
}

/// Ends all sessions of the actor's own account but the present one. Returns how many there were.
///
/// # Errors
/// [`StoreError`] of the engine.
pub async fn end_others(database: &Database, actor: &Actor, now: Timestamp) -> Result<u64, StoreError> {
    let Some(account) = actor.account else { return Ok(0) };
    let mut writing = database.write().await?;
    let n_ended = end_all(&mut writing, account, actor.session, now).await?;
    append(&mut writing, &actor.event(Action::SignOut, now)).await?;
    writing.commit().await?;
    Ok(n_ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_patient_has_longer_limits_and_only_on_an_own_device() {
        for role in Role::ALL.iter().copied() {
            let (here, own) = (Limits::of(role, false), Limits::of(role, true));
            assert_eq!(here == own, role != Role::Patient, "{role}");
            assert!(
                here.idle <= SignedDuration::from_mins(30) && here.absolute <= SignedDuration::from_hours(12)
            );
            assert!(own.idle < own.absolute && here.idle < here.absolute);
        }
    }

    #[test]
    fn a_proof_grows_old() {
        let now = Timestamp::from_second(1_764_000_000).unwrap();
        let actor = Actor::local_operator(RequestId::new("r"), now);
        assert!(actor.has_fresh_proof(now.saturating_add(PROOF_LASTS).unwrap()));
        let later = now.saturating_add(PROOF_LASTS + SignedDuration::from_secs(1)).unwrap();
        assert!(!actor.has_fresh_proof(later));
        assert_eq!(actor.role(), Role::Administrator);
    }
}
