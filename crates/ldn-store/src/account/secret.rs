//! Random secrets that are handed out once and kept only as hashes.

use std::fmt;

use jiff::Timestamp;
use ldn_core::journal::Hash;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::StoreError;

/// Returns random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes)
}

/// Makes a UUID of version 7: the instant to the millisecond, and 74 random bits.
pub(crate) fn uuid_v7(now: Timestamp) -> Result<Uuid, StoreError> {
    // An instant before 1970 can only come from a broken clock; the id stays unique.
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}

/// Makes a UUID of version 4, which tells nobody when it was made.
pub(crate) fn uuid_v4() -> Result<Uuid, StoreError> {
    Ok(Builder::from_random_bytes(random()?).into_uuid())
}

/// What a token is for; a token of one kind is never accepted as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Names a session; sent with every request.
    Session,
    /// Lets somebody make an account, or recover one.
    Invitation,
    /// Says that this device has signed in before.
    Device,
    /// Replaces the second factor once.
    Recovery,
}

impl TokenKind {
    const fn domain(self) -> &'static [u8] {
        match self {
            TokenKind::Session => b"ldn-session-1",
            TokenKind::Invitation => b"ldn-invitation-1",
            TokenKind::Device => b"ldn-device-1",
            TokenKind::Recovery => b"ldn-recovery-1",
        }
    }
}

/// A secret of 256 random bits. It exists outside the store only; the store keeps its hash. Debug prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    kind: TokenKind,
    bytes: [u8; 32],
}

/// A text that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is not a token; expected 64 hexadecimal digits, as they were given out")]
pub struct TokenError;

impl Token {
    /// Draws a token.
    pub(crate) fn draw(kind: TokenKind) -> Result<Token, StoreError> {
        Ok(Token { kind, bytes: random()? })
    }

    /// Reads a token that somebody shows.
    ///
    /// # Errors
    /// [`TokenError`], which does not repeat the text.
    pub fn parse(kind: TokenKind, text: &str) -> Result<Token, TokenError> {
        let hash: Hash = text.trim().parse().map_err(|_| TokenError)?;
        Ok(Token { kind, bytes: *hash.as_bytes() })
    }

    /// The text to hand out: 64 hexadecimal digits. Call it once, where it is shown or set.
    pub fn expose(&self) -> String {
        Hash(self.bytes).to_string()
    }

    /// What the store keeps. SHA-256 without salt is enough for 256 random bits.
    pub(crate) fn hash(&self) -> Hash {
        hash_secret(self.kind, &self.bytes)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?}, …)", self.kind)
    }
}

/// The hash of a random secret for one purpose.
pub(crate) fn hash_secret(kind: TokenKind, secret: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(kind.domain());
    hasher.update([0]);
    hasher.update(secret);
    Hash(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_belongs_to_its_kind() {
        let token = Token::draw(TokenKind::Session).unwrap();
        let again = Token::parse(TokenKind::Session, &token.expose()).unwrap();
        assert_eq!(again.hash(), token.hash());
        let other = Token::parse(TokenKind::Invitation, &token.expose()).unwrap();
        assert_ne!(other.hash(), token.hash());
        assert_ne!(Token::draw(TokenKind::Session).unwrap(), token);
        assert_eq!(Token::parse(TokenKind::Session, "12"), Err(TokenError));
        assert_eq!(format!("{token:?}"), "Token(Session, …)");
    }
}
