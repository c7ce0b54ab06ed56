//! Keys and sealing: XChaCha20-Poly1305, a key for each person, and the site key that wraps those keys.
//!
//! Sealed bytes are the 24 bytes of a random nonce, then the ciphertext with its tag of 16 bytes. Every use has its own
//! associated data, beginning with what is sealed, so that sealed bytes moved to another place do not open there.

use std::fmt;
use std::str::FromStr;

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ldn_core::ids::{CourseId, EntryId, PersonId};
use ldn_core::journal::Hash;
use zeroize::Zeroizing;

use crate::StoreError;

/// Bytes of a key.
const KEY: usize = 32;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// The key of the site: 32 bytes that wrap the key of every person. Without it the store says nothing.
///
/// It never stands in the database; the command takes it from the environment or a file. Its memory is overwritten when
/// it is dropped, and it is printed nowhere.
#[derive(Clone)]
pub struct SiteKey(Zeroizing<[u8; KEY]>);

/// A text that is not a site key. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the site key has {found} characters that are {kind}; expected 64 hexadecimal digits")]
pub struct SiteKeyError {
    /// How many characters were found, white space around them not counted.
    pub found: usize,
    /// Whether they were hexadecimal digits.
    pub kind: &'static str,
}

impl SiteKey {
    /// Makes a key of 32 bytes, which must be random.
    pub fn from_bytes(bytes: [u8; KEY]) -> SiteKey {
        SiteKey(Zeroizing::new(bytes))
    }

    /// Makes a new key with the operating system's generator.
    ///
    /// # Errors
    /// [`StoreError::NoRandomness`].
    pub fn generate() -> Result<SiteKey, StoreError> {
        random().map(SiteKey)
    }

    /// Returns the key as 64 hexadecimal digits, to be kept where the store is not.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY));
        for byte in self.0.iter() {
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or_default());
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or_default());
        }
        text
    }

    /// Makes what a store keeps to recognise its key.
    pub(crate) fn check(&self) -> Result<Vec<u8>, StoreError> {
        seal(&self.0, SITE, &[])
    }

    /// Tells whether this is the key that made the check.
    pub(crate) fn fits(&self, check: &[u8]) -> bool {
        open(&self.0, SITE, check).is_some()
    }

    /// Makes the key of a person.
    pub(crate) fn new_person_key(&self) -> Result<PersonKey, StoreError> {
        random().map(PersonKey)
    }

    /// Wraps the key of a person for storage.
    pub(crate) fn wrap(&self, key: &PersonKey, person: PersonId) -> Result<Vec<u8>, StoreError> {
        seal(&self.0, &person_key(person), key.0.as_slice())
    }

    /// Unwraps the key of a person.
    pub(crate) fn unwrap(&self, wrapped: &[u8], person: PersonId) -> Result<PersonKey, StoreError> {
        let broken = || StoreError::Unsealable { what: format!("the key of person {person}") };
        let opened = Zeroizing::new(open(&self.0, &person_key(person), wrapped).ok_or_else(broken)?);
        let bytes: &[u8; KEY] = opened.as_slice().try_into().map_err(|_| broken())?;
        Ok(PersonKey(Zeroizing::new(*bytes)))
    }
}

impl FromStr for SiteKey {
    type Err = SiteKeyError;

    /// Reads 64 hexadecimal digits; white space around them, such as the end of a line in a file, does not count.
    fn from_str(text: &str) -> Result<SiteKey, SiteKeyError> {
        let text = text.trim();
        let found = text.chars().count();
        let mut bytes = Zeroizing::new([0; KEY]);
        let digits: Option<Zeroizing<Vec<u8>>> = text
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<Vec<u8>>>()
            .map(Zeroizing::new);
        let Some(digits) = digits else { return Err(SiteKeyError { found, kind: "not all digits" }) };
        if digits.len() != 2 * KEY {
            return Err(SiteKeyError { found, kind: "digits" });
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(SiteKey(bytes))
    }
}

impl fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteKey(…)")
    }
}

/// The key of one person, unwrapped; lives as long as one operation.
pub(crate) struct PersonKey(Zeroizing<[u8; KEY]>);

impl PersonKey {
    pub(crate) fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.0, &place.associated(), plain)
    }

    /// Opens what was sealed for this place; `None` if it was changed, moved, or sealed under another key.
    pub(crate) fn open(&self, place: &Place, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.0, &place.associated(), sealed)
    }
}

/// Where sealed bytes belong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Entry { course: CourseId, id: EntryId, seq: u64 },
    Name { person: PersonId, created_us: i64 },
    Allocation { course: CourseId, commitment: Hash, created_us: i64 },
}

impl Place {
    /// Each part has a fixed length, so no two places have the same bytes.
    fn associated(&self) -> Vec<u8> {
        match self {
            Place::Entry { course, id, seq } => [
                b"ldn entry 1".as_slice(),
                course.uuid().as_bytes(),
                id.uuid().as_bytes(),
                &seq.to_be_bytes(),
            ]
            .concat(),
            Place::Name { person, created_us } => {
                [b"ldn name 1".as_slice(), person.uuid().as_bytes(), &created_us.to_be_bytes()].concat()
            }
            Place::Allocation { course, commitment, created_us } => [
                b"ldn allocation 1".as_slice(),
                course.uuid().as_bytes(),
                commitment.as_bytes(),
                &created_us.to_be_bytes(),
            ]
            .concat(),
        }
    }
}

const SITE: &[u8] = b"ldn site 1";

fn person_key(person: PersonId) -> Vec<u8> {
    [b"ldn person key 1".as_slice(), person.uuid().as_bytes()].concat()
}

fn random() -> Result<Zeroizing<[u8; KEY]>, StoreError> {
    <[u8; KEY]>::try_generate().map(Zeroizing::new).map_err(|_| StoreError::NoRandomness)
}

fn seal(key: &[u8; KEY], associated: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = XNonce::try_generate().map_err(|_| StoreError::NoRandomness)?;
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&nonce, Payload { msg: plain, aad: associated })
        .map_err(|_| StoreError::Unsealable { what: "something longer than 256 GiB".to_owned() })?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(key: &[u8; KEY], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let nonce = <[u8; NONCE]>::try_from(nonce).ok()?;
    XChaCha20Poly1305::new(key.into()).decrypt(&nonce.into(), Payload { msg: sealed, aad: associated }).ok()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn course(number: u128) -> CourseId {
        CourseId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_site_key_is_64_digits_and_is_never_shown() {
        let key = SiteKey::from_bytes([0xa7; 32]);
        assert_eq!(*key.to_text(), "a7".repeat(32));
        assert_eq!(*format!("{}\n", *key.to_text()).parse::<SiteKey>().unwrap().0, [0xa7; 32]);
        assert_eq!(format!("{key:?}"), "SiteKey(…)");
        for (text, found, kind) in [
            ("", 0, "digits"),
            ("a7", 2, "digits"),
            (&"a7".repeat(33), 66, "digits"),
            (&"g7".repeat(32), 64, "not all digits"),
        ] {
            assert_eq!(text.parse::<SiteKey>().map(drop), Err(SiteKeyError { found, kind }), "{text}");
        }
    }

    #[test]
    fn a_key_opens_only_for_its_person_and_under_its_site() {
        let site = SiteKey::generate().unwrap();
        let [one, other] = [1, 2].map(|n| PersonId::from_uuid(Uuid::from_u128(n)));
        let key = site.new_person_key().unwrap();
        let wrapped = site.wrap(&key, one).unwrap();
        assert_eq!(*site.unwrap(&wrapped, one).unwrap().0, *key.0);
        assert!(site.unwrap(&wrapped, other).is_err());
        assert!(SiteKey::generate().unwrap().unwrap(&wrapped, one).is_err());
        assert!(site.fits(&site.check().unwrap()));
        assert!(!SiteKey::generate().unwrap().fits(&site.check().unwrap()));
    }

    #[test]
    fn sealed_bytes_open_only_in_their_place_and_unchanged() {
        let key = SiteKey::generate().unwrap().new_person_key().unwrap();
        let id: EntryId = "0197a3c0-5f00-7000-8000-000000000001".parse().unwrap();
        let place = Place::Entry { course: course(1), id, seq: 1 };
        let sealed = key.seal(&place, b"pain 6").unwrap();
        assert_eq!(key.open(&place, &sealed).unwrap(), b"pain 6");
        assert!(key.open(&Place::Entry { course: course(2), id, seq: 1 }, &sealed).is_none());
        assert!(key.open(&Place::Entry { course: course(1), id, seq: 2 }, &sealed).is_none());
        for byte in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[byte] ^= 1;
            assert!(key.open(&place, &changed).is_none(), "byte {byte}");
            assert!(key.open(&place, &sealed[..byte]).is_none(), "{byte} bytes");
        }
    }

    /// The same text twice does not look the same.
    #[test]
    fn nonces_differ() {
        let key = SiteKey::generate().unwrap().new_person_key().unwrap();
        let place = Place::Name { person: PersonId::from_uuid(Uuid::from_u128(1)), created_us: 0 };
        assert_ne!(key.seal(&place, b"x").unwrap(), key.seal(&place, b"x").unwrap());
    }
}
