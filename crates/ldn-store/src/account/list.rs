//! Accounts as an administrator sees them, disabling them, and the keeper of a personal store.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::Role;
use uuid::Uuid;

use super::{AccountError, Accounts, by_id, n_accounts};
use crate::audit::{Action, Event, RequestId, append};
use crate::database::Transaction;
use crate::error::StoreError;
use crate::policy::{Object, Operation};
use crate::session::{self, Actor, read_role};
use crate::timestamp::{from_micros, to_micros};
use crate::view::gate;

/// An account, without anything that proves it and without the name for signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// In which role.
    pub role: Role,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// When it was made.
    pub created: Timestamp,
    /// Since when it is disabled.
    pub disabled: Option<Timestamp>,
}

type Row = (Uuid, Uuid, String, bool, i64, Option<i64>);

fn record((id, person, role, has_factor, created, disabled): Row) -> Result<AccountRecord, StoreError> {
    Ok(AccountRecord {
        id: AccountId::from_uuid(id),
        person: PersonId::from_uuid(person),
        role: read_role(&role)?,
        has_factor,
        created: from_micros(created, "accounts.created_us")?,
        disabled: disabled.map(|at| from_micros(at, "accounts.disabled_us")).transpose()?,
    })
}

impl Accounts<'_> {
    /// Lists all accounts, oldest first. Administrators only.
    ///
    /// # Errors
    /// [`AccountError::Access`] for every other role.
    pub async fn list(&self, actor: &Actor, now: Timestamp) -> Result<Vec<AccountRecord>, AccountError> {
        gate::enter(self.store, actor, Object::Account, Operation::Read, None, now).await?;
        let mut reading = self.database().read().await?;
        let rows: Vec<Row> = per_engine!(&mut reading, connection => {
            sqlx::query_as(
                "SELECT id, person, role, factor IS NOT NULL, created_us, disabled_us FROM accounts \
                 ORDER BY created_us, id",
            )
            .fetch_all(connection)
            .await
        })
        .map_err(StoreError::engine("listing accounts"))?;
        Ok(rows.into_iter().map(record).collect::<Result<_, _>>()?)
    }

    /// Disables an account and ends all its sessions at once. Administrators only, with a fresh proof.
    ///
    /// # Errors
    /// [`AccountError::Access`], [`AccountError::StaleProof`], [`AccountError::NoAccount`].
    pub async fn disable(
        &self,
        actor: &Actor,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        gate::enter(self.store, actor, Object::Account, Operation::End, None, now).await?;
        self.demand_fresh(actor, Action::DisableAccount, now).await?;
        let mut writing = self.database().write().await?;
        by_id(&mut writing, account).await?.ok_or(AccountError::NoAccount)?;
        per_engine!(&mut writing, connection => {
            sqlx::query("UPDATE accounts SET disabled_us = $2 WHERE id = $1 AND disabled_us IS NULL")
                .bind(account.uuid())
                .bind(to_micros(now))
                .execute(connection)
                .await
                .map(drop)
        })
        .map_err(StoreError::engine("disabling an account"))?;
        session::end_all(&mut writing, account, None, now).await?;
        let event = Event { subject: Some(account.uuid()), ..actor.event(Action::DisableAccount, now) };
        append(&mut writing, &event).await?;
        writing.commit().await?;
        Ok(())
    }

    /// The keeper of a personal store: as long as nobody has an account, whoever holds the file and the site key acts
    /// as the patient of a course at the machine's command line. With the first account that ends.
    ///
    /// # Errors
    /// [`AccountError::NotFirst`] if there are accounts; [`StoreError::NoCourse`].
    pub async fn local_keeper(
        &self,
        course: CourseId,
        request: RequestId,
        now: Timestamp,
    ) -> Result<Actor, AccountError> {
        let mut reading = self.database().read().await?;
        if n_accounts(&mut reading).await? > 0 {
            return Err(AccountError::NotFirst);
        }
        let row: Option<(Uuid,)> = per_engine!(&mut reading, connection => {
            sqlx::query_as("SELECT person FROM courses WHERE id = $1")
                .bind(course.uuid())
                .fetch_optional(connection)
                .await
        })
        .map_err(StoreError::engine("looking for a course"))?;
        let (person,) = row.ok_or(StoreError::NoCourse { course })?;
        Ok(Actor::keeper(PersonId::from_uuid(person), request, now))
    }

    /// Refuses a sensitive action whose proof is too old, and records the refusal.
    pub(crate) async fn demand_fresh(
        &self,
        actor: &Actor,
        action: Action,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        if actor.has_fresh_proof(now) {
            return Ok(());
        }
        gate::record_stale(self.store, actor, action, now).await?;
        Err(AccountError::StaleProof)
    }
}

pub(super) async fn erase_person(
    transaction: &mut Transaction,
    person: PersonId,
    erased: Timestamp,
) -> Result<(), StoreError> {
    let accounts: Vec<(Uuid,)> = per_engine!(&mut *transaction, connection => {
        sqlx::query_as("SELECT id FROM accounts WHERE person = $1").bind(person.uuid()).fetch_all(connection).await
    })
    .map_err(StoreError::engine("looking for the accounts of a person"))?;
    for (account,) in accounts {
        for statement in [
            "DELETE FROM recovery_codes WHERE account = $1",
            "DELETE FROM sessions WHERE account = $1",
            "DELETE FROM devices WHERE account = $1",
            "DELETE FROM invitations WHERE account = $1",
            "DELETE FROM notices WHERE account = $1",
        ] {
            run(transaction, statement, account).await?;
        }
        // A keyed hash of nothing but the account's own id: it is unique and belongs to no name.
        per_engine!(&mut *transaction, connection => {
            sqlx::query(
                "UPDATE accounts SET name_mac = $2, password = '', factor = NULL, factor_step = NULL, \
                 disabled_us = COALESCE(disabled_us, $3) WHERE id = $1",
            )
            .bind(account)
            .bind(account.as_bytes().to_vec())
            .bind(to_micros(erased))
            .execute(connection)
            .await
            .map(drop)
        })
        .map_err(StoreError::engine("erasing an account"))?;
    }
    run(transaction, "DELETE FROM invitations WHERE person = $1", person.uuid()).await?;
    run(
        transaction,
        "UPDATE grants SET reason = NULL WHERE course IN (SELECT id FROM courses WHERE person = $1)",
        person.uuid(),
    )
    .await
}

async fn run(transaction: &mut Transaction, statement: &'static str, id: Uuid) -> Result<(), StoreError> {
    per_engine!(transaction, connection => sqlx::query(statement).bind(id).execute(connection).await.map(drop))
        .map_err(StoreError::engine("erasing an account"))
}
