//! Signing in.

use jiff::Timestamp;
use ldn_core::ids::AccountId;
use ldn_core::journal::Role;
use uuid::Uuid;

use super::guess::{FREE_PER_NAME, FREE_PER_SOURCE};
use super::guesses::{self, Charge};
use super::name::SignInName;
use super::password::Password;
use super::prove::{Factor, account_event};
use super::secret::{Token, TokenKind};
use super::{AccountError, Accounts, StoredAccount, by_name};
use crate::audit::{Action, RequestId, append};
use crate::database::Transaction;
use crate::error::StoreError;
use crate::session;
use crate::timestamp::to_micros;

/// What somebody shows who wants to sign in. Debug prints no secret of it.
#[derive(Clone, Debug)]
pub struct Credentials<'a> {
    /// The name, as typed.
    pub name: &'a str,
    /// The password, as typed.
    pub password: &'a Password,
    /// The code of the second factor, or a recovery code.
    pub code: Option<&'a str>,
    /// Where the request comes from, such as a network address; it is kept as a keyed hash only.
    pub source: &'a str,
    /// What the device kept from an earlier sign-in.
    pub device: Option<&'a Token>,
    /// Whether the patient marks this device as own.
    pub own_device: bool,
}

/// A successful sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// Which account.
    pub account: AccountId,
    /// In which role.
    pub role: Role,
    /// The new session's token.
    pub session: Token,
    /// What the device should keep, if it has nothing yet: then nobody's guesses elsewhere can slow it down.
    pub device: Option<Token>,
}

/// The buckets of one sign-in.
struct Buckets {
    /// The name's bucket, or that of a known device.
    whose: Charge,
    /// The source's; a known device needs none.
    source: Option<Charge>,
}

impl Accounts<'_> {
    /// Signs somebody in and opens a new session.
    ///
    /// Unknown names, wrong passwords, wrong codes and disabled accounts cost the same time and get the same answer.
    ///
    /// # Errors
    /// [`AccountError::NotAccepted`]; [`AccountError::CodeNeeded`] after a right password; [`AccountError::Paused`].
    pub async fn sign_in(
        &self,
        credentials: &Credentials<'_>,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<SignedIn, AccountError> {
        let mut reading = self.database().read().await?;
        let stored = match SignInName::parse(credentials.name) {
            Ok(name) => by_name(&mut reading, self.keys.name_mac(&name)).await?,
            Err(_) => None,
        };
        let device = known_device(&mut reading, credentials.device, stored.as_ref()).await?;
        reading.rollback().await?;
        let buckets = self.buckets(credentials, device);
        let charged: Vec<Charge> = [Some(buckets.whose), buckets.source].into_iter().flatten().collect();
        if let Err(until) = guesses::charge(self.database(), &charged, now).await? {
            return Err(AccountError::Paused { until });
        }
        let Some((stored, factor)) = self.accept(stored.as_ref(), credentials, now).await? else {
            self.refuse_proof(stored.as_ref(), Action::SignIn, request, now).await?;
            return Err(AccountError::NotAccepted);
        };
        let is_known = device.is_some();
        match self.open_session(stored, factor, credentials, &buckets, is_known, request, now).await {
            Err(AccountError::NotAccepted) => {
                self.refuse_proof(Some(stored), Action::SignIn, request, now).await?;
                Err(AccountError::NotAccepted)
            }
            opened => opened,
        }
    }

    async fn accept<'a>(
        &self,
        stored: Option<&'a StoredAccount>,
        credentials: &Credentials<'_>,
        now: Timestamp,
    ) -> Result<Option<(&'a StoredAccount, Factor)>, AccountError> {
        let record = stored.map(|account| &account.password);
        let is_right = self.is_right(record, credentials.password).await?;
        let Some(account) = stored.filter(|account| is_right && !account.is_disabled) else {
            return Ok(None);
        };
        let factor = self.look_at_factor(account, credentials.code, now)?;
        Ok(factor.map(|factor| (account, factor)))
    }

    #[expect(clippy::too_many_arguments, reason = "one transaction needs all that the sign-in found out")]
    async fn open_session(
        &self,
        stored: &StoredAccount,
        factor: Factor,
        credentials: &Credentials<'_>,
        buckets: &Buckets,
        is_known: bool,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<SignedIn, AccountError> {
        let mut writing = self.database().write().await?;
        self.use_up(&mut writing, stored, factor, request, now).await?;
        guesses::empty(&mut writing, buckets.whose.bucket).await?;
        if let Some(source) = buckets.source {
            guesses::take_back(&mut writing, source, now).await?;
        }
        let session =
            session::open(&mut writing, stored.id, stored.role, credentials.own_device, now).await?;
        let device = if is_known { None } else { Some(remember_device(&mut writing, stored.id, now).await?) };
        append(&mut writing, &account_event(Some(stored), Action::SignIn, request, now)).await?;
        writing.commit().await?;
        Ok(SignedIn { account: stored.id, role: stored.role, session, device })
    }

    /// A known device has a bucket of its own; everybody else shares that of the name, whether or not it exists.
    fn buckets(&self, credentials: &Credentials<'_>, device: Option<[u8; 32]>) -> Buckets {
        if let Some(device) = device {
            let bucket = self.keys.bucket("device", &device);
            return Buckets { whose: Charge { bucket, free: FREE_PER_NAME }, source: None };
        }
        let name = SignInName::parse(credentials.name);
        let name = name.as_ref().map_or(credentials.name, SignInName::as_str);
        Buckets {
            whose: Charge { bucket: self.keys.bucket("name", name.as_bytes()), free: FREE_PER_NAME },
            source: Some(Charge {
                bucket: self.keys.bucket("source", credentials.source.as_bytes()),
                free: FREE_PER_SOURCE,
            }),
        }
    }
}

/// The hash of a device that has signed in to this very account before.
async fn known_device(
    transaction: &mut Transaction,
    device: Option<&Token>,
    account: Option<&StoredAccount>,
) -> Result<Option<[u8; 32]>, StoreError> {
    let (Some(device), Some(account)) = (device, account) else { return Ok(None) };
    let hash = device.hash();
    let row: Option<(Uuid,)> = per_engine!(transaction, connection => {
        sqlx::query_as("SELECT account FROM devices WHERE token = $1 AND account = $2")
            .bind(hash.as_bytes().to_vec())
            .bind(account.id.uuid())
            .fetch_optional(connection)
            .await
    })
    .map_err(StoreError::engine("looking for a device"))?;
    Ok(row.map(|_| *hash.as_bytes()))
}

async fn remember_device(
    transaction: &mut Transaction,
    account: AccountId,
    now: Timestamp,
) -> Result<Token, StoreError> {
    let token = Token::draw(TokenKind::Device)?;
    let hash = token.hash().as_bytes().to_vec();
    per_engine!(transaction, connection => {
        sqlx::query("INSERT INTO devices (token, account, created_us) VALUES ($1, $2, $3)")
            .bind(hash)
            .bind(account.uuid())
            .bind(to_micros(now))
            .execute(connection)
            .await
            .map(drop)
    })
    .map_err(StoreError::engine("remembering a device"))?;
    Ok(token)
}
