//! What can go wrong with an account.

use jiff::Timestamp;

use super::name::NameError;
use super::password::{HashingError, PasswordRefusal};
use crate::error::StoreError;
use crate::view::AccessError;

/// Why something about an account was refused, with the way out.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Name, password or code is wrong, or the account is disabled: which, is not said.
    #[error("name, password or code was not accepted")]
    NotAccepted,
    /// Name and password are right; a second factor is needed as well.
    #[error("a code is needed: six digits from the application, or a recovery code from paper")]
    CodeNeeded,
    /// Too many wrong guesses; a pause runs.
    #[error("too many tries; the next one counts from {until} on")]
    Paused {
        /// When the pause ends.
        until: Timestamp,
    },
    /// The proof of identity is too old for this.
    #[error("give your password again first: this needs a proof from the last 5 minutes")]
    StaleProof,
    /// The password cannot be accepted.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// The name for signing in cannot be accepted.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Somebody has this name for signing in.
    #[error("this name is taken; choose another one to sign in with")]
    NameTaken,
    /// The invitation is unknown, used or expired: which, is not said.
    #[error("this invitation cannot be used; ask the person who invited you for a new one")]
    NoInvitation,
    /// Something that the invitation asks for was not given.
    #[error("{what} is missing")]
    Missing {
        /// What it is.
        what: &'static str,
    },
    /// The code does not fit the second factor that is being enrolled.
    #[error("the code does not fit; check the clock of the device and enter the code that it shows now")]
    FactorNotConfirmed,
    /// There are accounts already, so there is no first one to make.
    #[error("this store has accounts already; an administrator invites the next one")]
    NotFirst,
    /// There is no such account.
    #[error("there is no such account")]
    NoAccount,
    /// The policy does not permit it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// The hashing was stopped from outside.
    #[error("the server is stopping; try again")]
    Interrupted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
