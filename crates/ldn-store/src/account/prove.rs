//! Proving again who somebody is: a password and, where there is one, a second factor.

use jiff::Timestamp;
use ldn_core::ids::AccountId;

use super::guess::FREE_PER_NAME;
use super::guesses::{self, Charge};
use super::password::Password;
use super::second_factor::{N_RECOVERY_CODES, RecoveryCode};
use super::{AccountError, Accounts, FactorSecret, StoredAccount, by_id};
use crate::audit::{Action, Event, Outcome, RequestId, Why, append, append_refusal};
use crate::database::Transaction;
use crate::error::StoreError;
use crate::session::{self, Actor};
use crate::timestamp::to_micros;

/// What was given as a second factor, looked at but not used up yet.
pub(crate) enum Factor {
    /// The account has none.
    None,
    /// A code of this step.
    Step(u64),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl Accounts<'_> {
    /// Proves again, for a sensitive action, who the actor is. The session's proof is fresh for five minutes then.
    ///
    /// # Errors
    /// [`AccountError::NotAccepted`], [`AccountError::CodeNeeded`], [`AccountError::Paused`].
    pub async fn prove_again(
        &self,
        actor: &Actor,
        password: &Password,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let (account, session) = (actor.account(), actor.session());
        let (Some(account), Some(session)) = (account, session) else {
            return Err(AccountError::NotAccepted);
        };
        let (stored, factor) = self.check(account, password, code, actor.request(), now).await?;
        let mut writing = self.database().write().await?;
        self.use_up(&mut writing, &stored, factor, actor.request(), now).await?;
        guesses::empty(&mut writing, self.own_bucket(account).bucket).await?;
        session::mark_proved(&mut writing, session, now).await?;
        append(&mut writing, &actor.event(Action::Reauthenticate, now)).await?;
        writing.commit().await?;
        Ok(())
    }

    /// Changes the actor's own password and ends all other sessions.
    ///
    /// # Errors
    /// As [`Accounts::prove_again`]; [`AccountError::Password`] if the new one is refused.
    pub async fn change_password(
        &self,
        actor: &Actor,
        old: &Password,
        code: Option<&str>,
        new: &Password,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let Some(account) = actor.account() else { return Err(AccountError::NotAccepted) };
        new.check("")?;
        let (stored, factor) = self.check(account, old, code, actor.request(), now).await?;
        let record = self.hash(new).await?;
        let mut writing = self.database().write().await?;
        self.use_up(&mut writing, &stored, factor, actor.request(), now).await?;
        guesses::empty(&mut writing, self.own_bucket(account).bucket).await?;
        set_password(&mut writing, account, record.as_stored()).await?;
        session::end_all(&mut writing, account, actor.session(), now).await?;
        append(&mut writing, &actor.event(Action::ChangePassword, now)).await?;
        writing.commit().await?;
        Ok(())
    }

    /// The bucket of guesses by somebody who already has a session.
    fn own_bucket(&self, account: AccountId) -> Charge {
        Charge { bucket: self.keys.bucket("account", account.uuid().as_bytes()), free: FREE_PER_NAME }
    }

    async fn check(
        &self,
        account: AccountId,
        password: &Password,
        code: Option<&str>,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<(StoredAccount, Factor), AccountError> {
        if let Err(until) = guesses::charge(self.database(), &[self.own_bucket(account)], now).await? {
            return Err(AccountError::Paused { until });
        }
        let mut reading = self.database().read().await?;
        let stored = by_id(&mut reading, account).await?.ok_or(AccountError::NotAccepted)?;
        reading.rollback().await?;
        if !self.is_right(Some(&stored.password), password).await? || stored.is_disabled {
            self.refuse_proof(Some(&stored), Action::Reauthenticate, request, now).await?;
            return Err(AccountError::NotAccepted);
        }
        match self.look_at_factor(&stored, code, now)? {
            Some(factor) => Ok((stored, factor)),
            None => {
                self.refuse_proof(Some(&stored), Action::Reauthenticate, request, now).await?;
                Err(AccountError::NotAccepted)
            }
        }
    }

    /// Looks at the old second factor of somebody who sets a new password, counted like every other guess.
    ///
    /// # Errors
    /// [`AccountError::CodeNeeded`], [`AccountError::NotAccepted`], [`AccountError::Paused`].
    pub(crate) async fn check_old_factor(
        &self,
        account: &StoredAccount,
        code: Option<&str>,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<Factor, AccountError> {
        if let Err(until) = guesses::charge(self.database(), &[self.own_bucket(account.id)], now).await? {
            return Err(AccountError::Paused { until });
        }
        if let Some(factor) = self.look_at_factor(account, code, now)? {
            return Ok(factor);
        }
        self.refuse_proof(Some(account), Action::RedeemInvitation, request, now).await?;
        Err(AccountError::NotAccepted)
    }

    /// Looks at a second factor; `None` if it is wrong.
    pub(super) fn look_at_factor(
        &self,
        account: &StoredAccount,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Factor>, AccountError> {
        let Some(sealed) = &account.factor else {
            // A role that needs a factor cannot sign in without one, however that came about.
            let is_missing = super::needs_factor(account.role);
            return Ok((!is_missing).then_some(Factor::None));
        };
        let code = code.map(str::trim).filter(|code| !code.is_empty()).ok_or(AccountError::CodeNeeded)?;
        if let Some(recovery) = RecoveryCode::typed(code) {
            return Ok(Some(Factor::Recovery(recovery)));
        }
        let secret = self.keys.open_factor(sealed, account.id.uuid())?;
        Ok(secret.accepted_step(code, account.factor_step, now).map(Factor::Step))
    }

    /// Uses a second factor up, so that nobody can use it again.
    ///
    /// # Errors
    /// [`AccountError::NotAccepted`] if somebody was faster, or the recovery code is none of the account.
    pub(crate) async fn use_up(
        &self,
        transaction: &mut Transaction,
        account: &StoredAccount,
        factor: Factor,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let is_used = match factor {
            Factor::None => true,
            Factor::Step(step) => use_step(transaction, account.id, step).await?,
            Factor::Recovery(code) => {
                let is_used = use_recovery_code(transaction, account.id, &code, now).await?;
                if is_used {
                    let event = account_event(Some(account), Action::UseRecoveryCode, request, now);
                    append(transaction, &event).await?;
                }
                is_used
            }
        };
        if is_used { Ok(()) } else { Err(AccountError::NotAccepted) }
    }

    /// Records that a proof was refused.
    pub(super) async fn refuse_proof(
        &self,
        account: Option<&StoredAccount>,
        action: Action,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let event = Event {
            outcome: Outcome::Refused,
            why: Why::NotAccepted,
            ..account_event(account, action, request, now)
        };
        Ok(append_refusal(self.database(), &event).await?)
    }
}

/// An event of somebody who is about to become an actor.
pub(crate) fn account_event(
    account: Option<&StoredAccount>,
    action: Action,
    request: &RequestId,
    now: Timestamp,
) -> Event {
    Event {
        at: now,
        account: account.map(|account| account.id),
        role: account.map(|account| account.role),
        course: None,
        action,
        subject: None,
        outcome: Outcome::Done,
        why: Why::Care,
        before: None,
        after: None,
        request: request.clone(),
    }
}

/// Marks a step as used; false if it, or a later one, was used already.
pub(crate) async fn use_step(
    transaction: &mut Transaction,
    account: AccountId,
    step: u64,
) -> Result<bool, StoreError> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let n_changed = per_engine!(transaction, connection => {
        sqlx::query(
            "UPDATE accounts SET factor_step = $2 WHERE id = $1 AND (factor_step IS NULL OR factor_step < $2)",
        )
        .bind(account.uuid())
        .bind(step)
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
    })
    .map_err(StoreError::engine("using a code up"))?;
    Ok(n_changed == 1)
}

async fn use_recovery_code(
    transaction: &mut Transaction,
    account: AccountId,
    code: &RecoveryCode,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let n_changed = per_engine!(transaction, connection => {
        sqlx::query("UPDATE recovery_codes SET used_us = $3 WHERE account = $1 AND code = $2 AND used_us IS NULL")
            .bind(account.uuid())
            .bind(code.hash().as_bytes().to_vec())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(|done| done.rows_affected())
    })
    .map_err(StoreError::engine("using a recovery code up"))?;
    Ok(n_changed == 1)
}

/// Replaces the password of an account.
pub(crate) async fn set_password(
    transaction: &mut Transaction,
    account: AccountId,
    record: &str,
) -> Result<(), StoreError> {
    per_engine!(transaction, connection => {
        sqlx::query("UPDATE accounts SET password = $2 WHERE id = $1")
            .bind(account.uuid())
            .bind(record)
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("changing a password"))
}

/// Replaces the second factor of an account and its recovery codes; returns the new codes, which exist nowhere else.
pub(crate) async fn set_factor(
    accounts: &Accounts<'_>,
    transaction: &mut Transaction,
    account: AccountId,
    secret: &FactorSecret,
    step: u64,
) -> Result<Vec<RecoveryCode>, StoreError> {
    let sealed = accounts.keys.seal_factor(secret, account.uuid())?;
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    per_engine!(&mut *transaction, connection => {
        sqlx::query("UPDATE accounts SET factor = $2, factor_step = $3 WHERE id = $1")
            .bind(account.uuid())
            .bind(sealed)
            .bind(step)
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("enrolling a second factor"))?;
    per_engine!(&mut *transaction, connection => {
        sqlx::query("DELETE FROM recovery_codes WHERE account = $1")
            .bind(account.uuid())
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("forgetting old recovery codes"))?;
    let mut codes = Vec::with_capacity(N_RECOVERY_CODES);
    for _ in 0..N_RECOVERY_CODES {
        let code = RecoveryCode::draw()?;
        per_engine!(&mut *transaction, connection => {
            sqlx::query("INSERT INTO recovery_codes (account, code) VALUES ($1, $2)")
                .bind(account.uuid())
                .bind(code.hash().as_bytes().to_vec())
                .execute(connection)
                .await
                .map(drop)
        })
        .map_err(StoreError::engine("keeping recovery codes"))?;
        codes.push(code);
    }
    Ok(codes)
}
