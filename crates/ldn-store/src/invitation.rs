//! Invitations: the only way to an account, and the way back when something is lost.
//!
//! An invitation is a token of 256 random bits that works once and expires. The first one, for an empty store, is the
//! bootstrap secret. Everybody else is invited by somebody with the right to. Whoever loses a password is invited to set
//! a new one and still shows the second factor; whoever loses the second factor gives the same proof as at enrolment: an
//! inviter, who knows them, invites them again. There is no other way back, so none goes around the second factor.

use jiff::{SignedDuration, Timestamp};
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::Role;
use uuid::Uuid;

use crate::account::prove::{account_event, set_factor, set_password};
use crate::account::secret::{uuid_v4, uuid_v7};
use crate::account::{
    AccountError, Accounts, FactorSecret, Password, RecoveryCode, SignInName, StoredAccount, Token,
    TokenKind, by_id, n_accounts, needs_factor,
};
use crate::audit::{Action, Event, RequestId, append};
use crate::database::Transaction;
use crate::error::StoreError;
use crate::people;
use crate::policy::{Object, Operation, may_invite};
use crate::session::{self, Actor, read_role};
use crate::timestamp::{from_micros, to_micros};
use crate::view::{AccessError, gate};

/// How long the bootstrap secret works. A new one replaces it.
pub const FIRST_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// How long an invitation works (Vaultwarden's value, section 2 of the reliability anchors).
pub const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(120);
/// How long an invitation works that replaces something lost.
pub const RECOVERY_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// What somebody has lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The password; the second factor is still there and is asked for.
    Password,
    /// The second factor, whatever else: both are made anew.
    Factor,
}

/// What an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The first account of a store.
    First,
    /// A new account.
    Account,
    /// A new password for an account.
    Password,
    /// A new password and a new second factor for an account.
    Everything,
    /// A second factor for the own account, which keeps its password.
    Factor,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Purpose::First => "first",
            Purpose::Account => "account",
            Purpose::Password => "password",
            Purpose::Everything => "everything",
            Purpose::Factor => "factor",
        }
    }

    fn read(word: &str) -> Result<Purpose, StoreError> {
        [Purpose::First, Purpose::Account, Purpose::Password, Purpose::Everything, Purpose::Factor]
            .into_iter()
            .find(|purpose| purpose.word() == word)
            .ok_or_else(|| StoreError::Unreadable {
                place: "invitations.purpose",
                found: crate::audit::escaped(word),
                expected: "a purpose such as account",
            })
    }
}

/// An invitation that was made: hand the token over, it is nowhere else.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The token.
    pub token: Token,
    /// The invitation's name in the trail.
    pub id: Uuid,
    /// When it stops working.
    pub expires: Timestamp,
}

/// An invitation as its holder sees it. Debug prints no secret of it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What it is for.
    pub purpose: Purpose,
    /// The role of the account; `None` for the first one, which may be an administrator's or a patient's.
    pub role: Option<Role>,
    /// The second factor to enrol, if one can be.
    pub factor: Option<FactorSecret>,
    /// When it stops working.
    pub expires: Timestamp,
}

/// What the holder of an invitation gives. What the purpose does not need is ignored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Redemption<'a> {
    /// The name to sign in with; for new accounts.
    pub name: Option<&'a str>,
    /// The person's own name; for new accounts of people who are not in the store yet.
    pub person_name: Option<&'a str>,
    /// The new password; for all but an own second factor.
    pub password: Option<&'a Password>,
    /// A code: of the offered second factor to enrol it, or of the old one to set a new password.
    pub code: Option<&'a str>,
    /// The role of the first account: an administrator for a clinic, a patient who is alone.
    pub first_role: Option<Role>,
}

/// An invitation that was used.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// The account.
    pub account: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Its role.
    pub role: Role,
    /// The recovery codes, if a second factor was enrolled: to be printed now, they are nowhere else.
    pub recovery_codes: Vec<RecoveryCode>,
}

/// An invitation as it is stored.
struct Stored {
    id: Uuid,
    purpose: Purpose,
    role: Option<Role>,
    person: Option<PersonId>,
    account: Option<AccountId>,
    factor: FactorSecret,
    expires: Timestamp,
}

/// What an invitation is to say.
struct Draft {
    purpose: Purpose,
    role: Option<Role>,
    person: Option<PersonId>,
    account: Option<AccountId>,
    lasts: SignedDuration,
}

impl Accounts<'_> {
    /// Makes the bootstrap secret of a store without accounts; an earlier one stops working.
    ///
    /// # Errors
    /// [`AccountError::NotFirst`] if there are accounts.
    pub async fn bootstrap(&self, request: &RequestId, now: Timestamp) -> Result<Invited, AccountError> {
        let mut writing = self.database().write().await?;
        if n_accounts(&mut writing).await? > 0 {
            return Err(AccountError::NotFirst);
        }
        per_engine!(&mut writing, connection => {
            sqlx::query("DELETE FROM invitations WHERE purpose = 'first'").execute(connection).await.map(drop)
        })
        .map_err(StoreError::engine("forgetting an earlier bootstrap secret"))?;
        let draft =
            Draft { purpose: Purpose::First, role: None, person: None, account: None, lasts: FIRST_LASTS };
        let invited = self.draw(&mut writing, &draft, None, now).await?;
        let event = Event { subject: Some(invited.id), ..account_event(None, Action::Invite, request, now) };
        append(&mut writing, &event).await?;
        writing.commit().await?;
        Ok(invited)
    }

    /// Invites somebody to an account: a patient to the one of a course's person, anybody else to a new person's.
    ///
    /// # Errors
    /// [`AccountError::Access`] unless the actor may invite to this role; [`AccountError::StaleProof`];
    /// [`AccountError::Missing`] if a patient is invited without a course.
    pub async fn invite(
        &self,
        actor: &Actor,
        role: Role,
        course: Option<CourseId>,
        now: Timestamp,
    ) -> Result<Invited, AccountError> {
        self.may_invite(actor, role, course, now).await?;
        let mut writing = self.database().write().await?;
        let person = match (role, course) {
            (Role::Patient, Some(course)) => Some(owner(&mut writing, course).await?),
            (Role::Patient, None) => return Err(AccountError::Missing { what: "the patient's course" }),
            _ => None,
        };
        let draft = Draft {
            purpose: Purpose::Account,
            role: Some(role),
            person,
            account: None,
            lasts: INVITATION_LASTS,
        };
        self.commit(writing, actor, &draft, now).await
    }

    /// Invites somebody to replace what they lost. A prescriber names the course of the own patient.
    ///
    /// # Errors
    /// As [`Accounts::invite`]; [`AccountError::NoAccount`].
    pub async fn recover(
        &self,
        actor: &Actor,
        account: AccountId,
        course: Option<CourseId>,
        lost: Lost,
        now: Timestamp,
    ) -> Result<Invited, AccountError> {
        let mut reading = self.database().read().await?;
        let stored = by_id(&mut reading, account).await?.filter(|stored| !stored.is_disabled);
        let owner = match course {
            Some(course) => people::find_course(&mut reading, course).await?.map(|course| course.person),
            None => None,
        };
        reading.rollback().await?;
        let role = stored.as_ref().map_or(Role::Administrator, |stored| stored.role);
        self.may_invite(actor, role, course, now).await?;
        let stored = stored.ok_or(AccountError::NoAccount)?;
        if actor.role() == Role::Prescriber && owner != Some(stored.person) {
            return Err(refused(actor).into());
        }
        let purpose = match lost {
            Lost::Password => Purpose::Password,
            Lost::Factor => Purpose::Everything,
        };
        let draft = Draft {
            purpose,
            role: Some(stored.role),
            person: Some(stored.person),
            account: Some(account),
            lasts: RECOVERY_LASTS,
        };
        self.commit(self.database().write().await?, actor, &draft, now).await
    }

    /// Offers the actor a second factor for the own account, or a new one while the old one still works.
    ///
    /// # Errors
    /// [`AccountError::StaleProof`]: the proof shows the old factor, where there is one.
    pub async fn offer_factor(&self, actor: &Actor, now: Timestamp) -> Result<Invited, AccountError> {
        self.demand_fresh(actor, Action::EnrolFactor, now).await?;
        let account = actor.account().ok_or(AccountError::NoAccount)?;
        let draft = Draft {
            purpose: Purpose::Factor,
            role: Some(actor.role()),
            person: actor.person(),
            account: Some(account),
            lasts: FIRST_LASTS,
        };
        self.commit(self.database().write().await?, actor, &draft, now).await
    }

    /// Shows an invitation to its holder.
    ///
    /// # Errors
    /// [`AccountError::NoInvitation`].
    pub async fn open_invitation(&self, token: &Token, now: Timestamp) -> Result<Opened, AccountError> {
        let mut reading = self.database().read().await?;
        let stored = self.find(&mut reading, token, now).await?;
        let offers_factor = stored.purpose != Purpose::Password;
        Ok(Opened {
            purpose: stored.purpose,
            role: stored.role,
            factor: offers_factor.then_some(stored.factor),
            expires: stored.expires,
        })
    }

    /// Uses an invitation. It works once; if anything is missing or wrong, it stays.
    ///
    /// # Errors
    /// [`AccountError::NoInvitation`], [`AccountError::Missing`], [`AccountError::Name`], [`AccountError::NameTaken`],
    /// [`AccountError::Password`], [`AccountError::FactorNotConfirmed`], [`AccountError::CodeNeeded`],
    /// [`AccountError::NotAccepted`].
    pub async fn redeem(
        &self,
        token: &Token,
        redemption: &Redemption<'_>,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<Redeemed, AccountError> {
        let mut reading = self.database().read().await?;
        let stored = self.find(&mut reading, token, now).await?;
        reading.rollback().await?;
        match stored.purpose {
            Purpose::First | Purpose::Account => {
                self.redeem_account(token, stored, redemption, request, now).await
            }
            Purpose::Password | Purpose::Everything | Purpose::Factor => {
                self.redeem_recovery(token, stored, redemption, request, now).await
            }
        }
    }

    async fn may_invite(
        &self,
        actor: &Actor,
        role: Role,
        course: Option<CourseId>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        gate::enter(self.store(), actor, Object::Account, Operation::Create, course, now).await?;
        if !may_invite(actor.role(), role) {
            return Err(refused(actor).into());
        }
        self.demand_fresh(actor, Action::Invite, now).await
    }

    async fn commit(
        &self,
        mut writing: Transaction,
        actor: &Actor,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<Invited, AccountError> {
        let invited = self.draw(&mut writing, draft, actor.account(), now).await?;
        append(&mut writing, &Event { subject: Some(invited.id), ..actor.event(Action::Invite, now) })
            .await?;
        writing.commit().await?;
        Ok(invited)
    }

    async fn draw(
        &self,
        transaction: &mut Transaction,
        draft: &Draft,
        invited_by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Invited, StoreError> {
        let (token, id) = (Token::draw(TokenKind::Invitation)?, uuid_v7(now)?);
        let expires = now.saturating_add(draft.lasts).unwrap_or(Timestamp::MAX);
        let factor = self.keys().seal_factor(&FactorSecret::draw()?, id)?;
        let hash = token.hash().as_bytes().to_vec();
        per_engine!(transaction, connection => {
            sqlx::query(
                "INSERT INTO invitations \
                 (token, id, purpose, role, person, account, factor, invited_by, created_us, expires_us) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(hash)
            .bind(id)
            .bind(draft.purpose.word())
            .bind(draft.role.map(Role::word))
            .bind(draft.person.map(PersonId::uuid))
            .bind(draft.account.map(AccountId::uuid))
            .bind(factor)
            .bind(invited_by.map(AccountId::uuid))
            .bind(to_micros(now))
            .bind(to_micros(expires))
            .execute(connection)
            .await
            .map(drop)
        })
        .map_err(StoreError::engine("making an invitation"))?;
        Ok(Invited { token, id, expires })
    }

    async fn find(
        &self,
        transaction: &mut Transaction,
        token: &Token,
        now: Timestamp,
    ) -> Result<Stored, AccountError> {
        type Row = (Uuid, String, Option<String>, Option<Uuid>, Option<Uuid>, Vec<u8>, i64);
        let hash = token.hash().as_bytes().to_vec();
        let row: Option<Row> = per_engine!(transaction, connection => {
            sqlx::query_as(
                "SELECT id, purpose, role, person, account, factor, expires_us FROM invitations \
                 WHERE token = $1 AND used_us IS NULL AND expires_us > $2",
            )
            .bind(hash)
            .bind(to_micros(now))
            .fetch_optional(connection)
            .await
        })
        .map_err(StoreError::engine("looking for an invitation"))?;
        let (id, purpose, role, person, account, factor, expires) = row.ok_or(AccountError::NoInvitation)?;
        Ok(Stored {
            id,
            purpose: Purpose::read(&purpose)?,
            role: role.as_deref().map(read_role).transpose()?,
            person: person.map(PersonId::from_uuid),
            account: account.map(AccountId::from_uuid),
            factor: self.keys().open_factor(&factor, id)?,
            expires: from_micros(expires, "invitations.expires_us")?,
        })
    }

    async fn redeem_account(
        &self,
        token: &Token,
        stored: Stored,
        redemption: &Redemption<'_>,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<Redeemed, AccountError> {
        let role = role_of(&stored, redemption)?;
        let name = SignInName::parse(
            redemption.name.ok_or(AccountError::Missing { what: "a name to sign in with" })?,
        )?;
        let password = new_password(redemption, name.as_str())?;
        let step = confirmed_step(&stored.factor, redemption.code, needs_factor(role), now)?;
        let record = self.hash(password).await?;
        let account = AccountId::from_uuid(uuid_v4()?);
        let person = self.person_of(&stored, redemption, now).await?;
        let mut writing = self.database().write().await?;
        claim(&mut writing, token, now).await?;
        if stored.purpose == Purpose::First && n_accounts(&mut writing).await? > 0 {
            return Err(AccountError::NotFirst);
        }
        let mac = self.keys().name_mac(&name);
        let n_made = per_engine!(&mut writing, connection => {
            sqlx::query(
                "INSERT INTO accounts (id, person, role, name_mac, password, created_us) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name_mac) DO NOTHING",
            )
            .bind(account.uuid())
            .bind(person.uuid())
            .bind(role.word())
            .bind(mac.as_bytes().to_vec())
            .bind(record.as_stored())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(|done| done.rows_affected())
        })
        .map_err(StoreError::engine("making an account"))?;
        if n_made == 0 {
            return Err(AccountError::NameTaken);
        }
        let recovery_codes = match step {
            Some(step) => set_factor(self, &mut writing, account, &stored.factor, step).await?,
            None => Vec::new(),
        };
        let event = Event {
            account: Some(account),
            role: Some(role),
            subject: Some(stored.id),
            ..account_event(None, Action::RedeemInvitation, request, now)
        };
        append(&mut writing, &event).await?;
        writing.commit().await?;
        Ok(Redeemed { account, person, role, recovery_codes })
    }

    /// The person of a new account: the one invited, or a new one.
    async fn person_of(
        &self,
        stored: &Stored,
        redemption: &Redemption<'_>,
        now: Timestamp,
    ) -> Result<PersonId, AccountError> {
        if let Some(person) = stored.person {
            return Ok(person);
        }
        let name = redemption.person_name.map(str::trim).filter(|name| !name.is_empty());
        let name = name.ok_or(AccountError::Missing { what: "your own name" })?;
        // Derived from the invitation, so that a second try makes no second person.
        let person = PersonId::from_uuid(stored.id);
        let known = self.store().person(person).await?;
        match known {
            Some(_) => self.store().rename_person(person, name).await?,
            None => self.store().add_person(person, name, now).await?,
        }
        Ok(person)
    }

    async fn redeem_recovery(
        &self,
        token: &Token,
        stored: Stored,
        redemption: &Redemption<'_>,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<Redeemed, AccountError> {
        let account = self.account_of(&stored).await?;
        let record = match stored.purpose {
            Purpose::Factor => None,
            _ => Some(self.hash(new_password(redemption, "")?).await?),
        };
        let step = match stored.purpose {
            Purpose::Password => None,
            Purpose::Factor => confirmed_step(&stored.factor, redemption.code, true, now)?,
            _ => confirmed_step(&stored.factor, redemption.code, needs_factor(account.role), now)?,
        };
        let old_factor = match stored.purpose {
            Purpose::Password => Some(self.check_old_factor(&account, redemption.code, request, now).await?),
            _ => None,
        };
        let mut writing = self.database().write().await?;
        claim(&mut writing, token, now).await?;
        if let Some(factor) = old_factor {
            self.use_up(&mut writing, &account, factor, request, now).await?;
        }
        if let Some(record) = record {
            set_password(&mut writing, account.id, record.as_stored()).await?;
        }
        let recovery_codes = match (stored.purpose, step) {
            (_, Some(step)) => set_factor(self, &mut writing, account.id, &stored.factor, step).await?,
            (Purpose::Everything, None) => {
                forget_factor(&mut writing, account.id).await?;
                Vec::new()
            }
            _ => Vec::new(),
        };
        session::end_all(&mut writing, account.id, None, now).await?;
        forget_devices(&mut writing, account.id).await?;
        let event = Event {
            subject: Some(stored.id),
            ..account_event(Some(&account), Action::RedeemInvitation, request, now)
        };
        append(&mut writing, &event).await?;
        writing.commit().await?;
        Ok(Redeemed { account: account.id, person: account.person, role: account.role, recovery_codes })
    }

    async fn account_of(&self, stored: &Stored) -> Result<StoredAccount, AccountError> {
        let mut reading = self.database().read().await?;
        let account = match stored.account {
            Some(account) => by_id(&mut reading, account).await?,
            None => None,
        };
        account.filter(|account| !account.is_disabled).ok_or(AccountError::NoInvitation)
    }
}

fn refused(actor: &Actor) -> AccessError {
    AccessError::Refused { role: actor.role(), operation: Operation::Create, object: Object::Account }
}

/// The first account is an administrator's or that of a patient who is alone; all others have the role invited to.
fn role_of(stored: &Stored, redemption: &Redemption<'_>) -> Result<Role, AccountError> {
    match (stored.purpose, stored.role, redemption.first_role) {
        (Purpose::First, _, Some(role @ (Role::Administrator | Role::Patient))) => Ok(role),
        (Purpose::First, _, _) => {
            Err(AccountError::Missing { what: "the role: administrator of a clinic, or patient" })
        }
        (_, Some(role), _) => Ok(role),
        (_, None, _) => Err(AccountError::NoInvitation),
    }
}

fn new_password<'a>(redemption: &Redemption<'a>, name: &str) -> Result<&'a Password, AccountError> {
    let password = redemption.password.ok_or(AccountError::Missing { what: "a password" })?;
    password.check(name)?;
    Ok(password)
}

/// The step of a code that confirms a factor; `None` if none was given and none is needed.
fn confirmed_step(
    factor: &FactorSecret,
    code: Option<&str>,
    is_needed: bool,
    now: Timestamp,
) -> Result<Option<u64>, AccountError> {
    match code.map(str::trim).filter(|code| !code.is_empty()) {
        None if is_needed => Err(AccountError::CodeNeeded),
        None => Ok(None),
        Some(code) => match factor.accepted_step(code, None, now) {
            Some(step) => Ok(Some(step)),
            None => Err(AccountError::FactorNotConfirmed),
        },
    }
}

async fn owner(transaction: &mut Transaction, course: CourseId) -> Result<PersonId, AccountError> {
    let found = people::find_course(transaction, course).await?;
    Ok(found.ok_or(StoreError::NoCourse { course })?.person)
}

/// Marks an invitation as used; only one caller can.
async fn claim(transaction: &mut Transaction, token: &Token, now: Timestamp) -> Result<(), AccountError> {
    let hash = token.hash().as_bytes().to_vec();
    let n_claimed = per_engine!(transaction, connection => {
        sqlx::query("UPDATE invitations SET used_us = $2 WHERE token = $1 AND used_us IS NULL AND expires_us > $2")
            .bind(hash)
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(|done| done.rows_affected())
    })
    .map_err(StoreError::engine("using an invitation"))?;
    if n_claimed == 1 { Ok(()) } else { Err(AccountError::NoInvitation) }
}

async fn forget_factor(transaction: &mut Transaction, account: AccountId) -> Result<(), StoreError> {
    for statement in [
        "UPDATE accounts SET factor = NULL, factor_step = NULL WHERE id = $1",
        "DELETE FROM recovery_codes WHERE account = $1",
    ] {
        run(transaction, statement, account).await?;
    }
    Ok(())
}

async fn forget_devices(transaction: &mut Transaction, account: AccountId) -> Result<(), StoreError> {
    run(transaction, "DELETE FROM devices WHERE account = $1", account).await
}

async fn run(
    transaction: &mut Transaction,
    statement: &'static str,
    account: AccountId,
) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query(statement).bind(account.uuid()).execute(connection).await.map(drop)
    })
    .map_err(StoreError::engine("recovering an account"))
}
