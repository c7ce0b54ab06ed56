//! Accounts: who may sign in, how they prove who they are, and how guessing is slowed down.
//!
//! An account is one person in one role; somebody with two roles has two. It is born complete, by invitation
//! ([`crate::invitation`]): with a password, and for everybody but patients with a second factor. Names for signing in
//! are kept as keyed hashes only, passwords as Argon2id, tokens and recovery codes as hashes, second factors sealed.
//! Time is a parameter everywhere; randomness is the operating system's.
//!
//! Start at [`Accounts`]. The rules in words, with all limits, stand in `docs/accounts.md`.

mod common;
mod error;
mod guess;
mod guesses;
mod list;
mod name;
mod password;
pub(crate) mod prove;
pub(crate) mod seal;
mod second_factor;
pub(crate) mod secret;
mod sign_in;

use ldn_core::ids::{AccountId, PersonId};
use ldn_core::journal::{Hash, Role};
use uuid::Uuid;

use crate::database::{Database, Transaction};
use crate::error::StoreError;
use crate::session::read_role;
use crate::store::Store;

pub use common::n_common;
pub use error::AccountError;
pub use guess::{FIRST_PAUSE, FORGOTTEN_AFTER, FREE_PER_NAME, FREE_PER_SOURCE, LONGEST_PAUSE};
pub use list::AccountRecord;
pub use name::{NameError, SignInName};
pub use password::{
    ADVISED, Advice, Cost, HashingError, LONGEST, Password, PasswordRecord, PasswordRefusal, SHORTEST,
};
pub use second_factor::{CLOCK_SKEW, FactorSecret, N_DIGITS, N_RECOVERY_CODES, RecoveryCode, STEP_SECONDS};
pub use secret::{Token, TokenError, TokenKind};
pub use sign_in::{Credentials, SignedIn};

use password::PasswordRecord as Record;
use seal::AccountKeys;

/// The accounts of a store.
#[derive(Debug)]
pub struct Accounts<'s> {
    store: &'s Store,
    keys: AccountKeys,
    cost: Cost,
}

impl<'s> Accounts<'s> {
    /// The accounts of a store, with passwords hashed at [`Cost::STANDARD`].
    pub fn of(store: &'s Store) -> Accounts<'s> {
        Accounts { store, keys: AccountKeys::of(&store.vault().site_key), cost: Cost::STANDARD }
    }

    /// The same with another cost for new passwords. For tests; stored passwords keep the cost they were made with.
    #[must_use]
    pub fn with_cost(self, cost: Cost) -> Accounts<'s> {
        Accounts { cost, ..self }
    }

    pub(crate) fn database(&self) -> &'s Database {
        &self.store.vault().database
    }

    pub(crate) fn store(&self) -> &'s Store {
        self.store
    }

    pub(crate) fn keys(&self) -> &AccountKeys {
        &self.keys
    }

    /// Hashes a password away from the threads that answer requests.
    pub(crate) async fn hash(&self, password: &Password) -> Result<PasswordRecord, AccountError> {
        let (password, cost) = (password.clone(), self.cost);
        let hashed = tokio::task::spawn_blocking(move || Record::of(&password, cost)).await;
        Ok(hashed.map_err(|_| AccountError::Interrupted)??)
    }

    /// Compares a password with a record; without a record it takes as long and is wrong.
    pub(crate) async fn is_right(
        &self,
        record: Option<&Record>,
        password: &Password,
    ) -> Result<bool, AccountError> {
        let Some(record) = record.cloned() else {
            self.hash(password).await?;
            return Ok(false);
        };
        let password = password.clone();
        let compared = tokio::task::spawn_blocking(move || record.matches(&password)).await;
        compared.map_err(|_| AccountError::Interrupted)
    }
}

/// Whether an account in this role must have a second factor. Patients may have one.
pub const fn needs_factor(role: Role) -> bool {
    !matches!(role, Role::Patient)
}

/// An account as it is stored, with what proves it.
pub(crate) struct StoredAccount {
    pub(crate) id: AccountId,
    pub(crate) person: PersonId,
    pub(crate) role: Role,
    pub(crate) password: PasswordRecord,
    pub(crate) factor: Option<Vec<u8>>,
    pub(crate) factor_step: Option<u64>,
    pub(crate) is_disabled: bool,
}

type Row = (Uuid, Uuid, String, String, Option<Vec<u8>>, Option<i64>, Option<i64>);

fn stored(row: Row) -> Result<StoredAccount, StoreError> {
    let (id, person, role, password, factor, factor_step, disabled) = row;
    Ok(StoredAccount {
        id: AccountId::from_uuid(id),
        person: PersonId::from_uuid(person),
        role: read_role(&role)?,
        password: PasswordRecord::stored(password),
        factor,
        factor_step: factor_step.and_then(|step| u64::try_from(step).ok()),
        is_disabled: disabled.is_some(),
    })
}

/// Finds an account by the keyed hash of its name.
pub(crate) async fn by_name(
    transaction: &mut Transaction,
    mac: Hash,
) -> Result<Option<StoredAccount>, StoreError> {
    let row: Option<Row> = per_engine!(transaction, connection => {
        sqlx::query_as(
            "SELECT id, person, role, password, factor, factor_step, disabled_us FROM accounts \
             WHERE name_mac = $1",
        )
        .bind(mac.as_bytes().to_vec())
        .fetch_optional(connection)
        .await
    })
    .map_err(StoreError::engine("looking for an account"))?;
    row.map(stored).transpose()
}

/// Finds an account by its id.
pub(crate) async fn by_id(
    transaction: &mut Transaction,
    id: AccountId,
) -> Result<Option<StoredAccount>, StoreError> {
    let row: Option<Row> = per_engine!(transaction, connection => {
        sqlx::query_as(
            "SELECT id, person, role, password, factor, factor_step, disabled_us FROM accounts \
             WHERE id = $1",
        )
        .bind(id.uuid())
        .fetch_optional(connection)
        .await
    })
    .map_err(StoreError::engine("looking for an account"))?;
    row.map(stored).transpose()
}

/// Counts accounts, disabled ones too.
pub(crate) async fn n_accounts(transaction: &mut Transaction) -> Result<i64, StoreError> {
    let (n,): (i64,) = per_engine!(transaction, connection => {
        sqlx::query_as("SELECT COUNT(*) FROM accounts").fetch_one(connection).await
    })
    .map_err(StoreError::engine("counting accounts"))?;
    Ok(n)
}

/// Removes what could let a person sign in or be recognised, inside the transaction that erases the person.
///
/// The account's row stays, because the trail and grants name it; it can match no name and no password.
pub(crate) async fn erase_person(
    transaction: &mut Transaction,
    person: PersonId,
    erased: jiff::Timestamp,
) -> Result<(), StoreError> {
    list::erase_person(transaction, person, erased).await
}
