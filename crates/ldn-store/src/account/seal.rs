//! Keys of the accounts, derived from the site key: one seals second factors, one hides names and sources.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use ldn_core::journal::Hash;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::name::SignInName;
use super::second_factor::FactorSecret;
use super::secret::random;
use crate::StoreError;
use crate::crypt::SiteKey;

/// Bytes of a nonce, which stands in front of what is sealed.
const NONCE: usize = 24;

/// The keys of the accounts. Debug prints none of them.
pub(crate) struct AccountKeys {
    seal: Zeroizing<[u8; 32]>,
    mac: Zeroizing<[u8; 32]>,
}

impl AccountKeys {
    /// Derives the keys: HMAC-SHA-256 under the site key of a name for each.
    pub(crate) fn of(site_key: &SiteKey) -> AccountKeys {
        let site_key = site_key.to_text();
        let derive = |name: &[u8]| Zeroizing::new(keyed_hash(site_key.as_bytes(), &[name]).0);
        AccountKeys { seal: derive(b"ldn account seal 1"), mac: derive(b"ldn account mac 1") }
    }

    /// What stands for a name in the table: equal for equal names, and says nothing to somebody without the site key.
    pub(crate) fn name_mac(&self, name: &SignInName) -> Hash {
        keyed_hash(self.mac.as_slice(), &[b"name", name.as_str().as_bytes()])
    }

    /// The bucket of guesses for one kind of thing.
    pub(crate) fn bucket(&self, kind: &str, what: &[u8]) -> Hash {
        keyed_hash(self.mac.as_slice(), &[b"guesses", kind.as_bytes(), what])
    }

    /// Seals a second factor for one row: an account or an invitation.
    pub(crate) fn seal_factor(&self, secret: &FactorSecret, row: Uuid) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload { msg: secret.as_bytes(), aad: &associated(row) };
        let sealed = XChaCha20Poly1305::new(self.seal.as_slice().try_into().map_err(|_| unsealable(row))?)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| unsealable(row))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens the second factor of a row.
    pub(crate) fn open_factor(&self, sealed: &[u8], row: Uuid) -> Result<FactorSecret, StoreError> {
        let broken = || unsealable(row);
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        let payload = Payload { msg: sealed, aad: &associated(row) };
        let opened = XChaCha20Poly1305::new(self.seal.as_slice().try_into().map_err(|_| broken())?)
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| broken())?;
        Ok(FactorSecret::from_bytes(opened.as_slice().try_into().map_err(|_| broken())?))
    }
}

impl fmt::Debug for AccountKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKeys(…)")
    }
}

fn associated(row: Uuid) -> Vec<u8> {
    [b"ldn factor 1".as_slice(), row.as_bytes()].concat()
}

fn unsealable(row: Uuid) -> StoreError {
    StoreError::Unsealable { what: format!("the second factor of {row}") }
}

/// HMAC-SHA-256 of parts, each preceded by its length, so that no two lists of parts are one text.
fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> Hash {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    Hash(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_opens_only_for_its_row_and_under_its_site_key() {
        let keys = AccountKeys::of(&SiteKey::from_bytes([1; 32]));
        let (row, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let secret = FactorSecret::draw().unwrap();
        let sealed = keys.seal_factor(&secret, row).unwrap();
        assert_eq!(keys.open_factor(&sealed, row).unwrap(), secret);
        assert!(keys.open_factor(&sealed, other).is_err());
        assert!(keys.open_factor(&sealed[1..], row).is_err());
        assert!(AccountKeys::of(&SiteKey::from_bytes([2; 32])).open_factor(&sealed, row).is_err());
    }

    #[test]
    fn a_name_is_found_and_hidden() {
        let keys = AccountKeys::of(&SiteKey::from_bytes([1; 32]));
        let name = SignInName::parse("ruth@example.org").unwrap();
        assert_eq!(keys.name_mac(&name), keys.name_mac(&SignInName::parse("RUTH@example.org").unwrap()));
        let other = AccountKeys::of(&SiteKey::from_bytes([2; 32]));
        assert_ne!(keys.name_mac(&name), other.name_mac(&name));
        assert_ne!(keys.bucket("name", b"a"), keys.bucket("source", b"a"));
    }
}
