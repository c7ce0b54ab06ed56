//! Passwords: which are accepted, and how they are kept.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;

use super::common;
use super::secret::random;
use crate::StoreError;

/// The fewest characters of a password.
pub const SHORTEST: usize = 8;
/// The length from which a password is called long enough; shorter ones are accepted with advice.
pub const ADVISED: usize = 15;
/// The most characters of a password. A passphrase fits; a novel, which would only cost the server time, does not.
pub const LONGEST: usize = 256;

/// A password as somebody typed or pasted it, in normal form C, so that composed and decomposed letters are one.
///
/// Nothing is trimmed, cut or changed in case. Debug prints no character of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password as typed, to compare it or to judge it.
    pub fn typed(text: &str) -> Password {
        // Longer than the longest is no password of ours; cutting after the bound keeps the work bounded.
        Password(text.nfc().take(LONGEST + 1).collect())
    }

    /// Whether it may become the password of the account named `name`: no rule but length and being uncommon.
    ///
    /// # Errors
    /// [`PasswordRefusal`] with the way out.
    pub fn check(&self, name: &str) -> Result<Advice, PasswordRefusal> {
        let length = self.0.chars().count();
        if length < SHORTEST {
            return Err(PasswordRefusal::TooShort { length });
        }
        if length > LONGEST {
            return Err(PasswordRefusal::TooLong);
        }
        if common::is_common(&self.0) {
            return Err(PasswordRefusal::Common);
        }
        if common::holds_the_name(&self.0, name) {
            return Err(PasswordRefusal::HoldsTheName);
        }
        Ok(if length < ADVISED { Advice::Longer { length } } else { Advice::None })
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What to say about a password that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nothing.
    None,
    /// It would be better longer: [`ADVISED`] characters or more.
    Longer {
        /// Its length in characters.
        length: usize,
    },
}

/// Why a password is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// Fewer than [`SHORTEST`] characters.
    #[error(
        "the password has {length} characters; it needs at least 8, better 15: four words in a row will do"
    )]
    TooShort {
        /// Its length in characters.
        length: usize,
    },
    /// More than [`LONGEST`] characters.
    #[error("the password has more than 256 characters; use at most that many")]
    TooLong,
    /// Many people have it.
    #[error(
        "the password is one that many people choose, so it is tried first; put a few words together instead"
    )]
    Common,
    /// It is built around the name for signing in.
    #[error("the password holds the name you sign in with; choose one without it")]
    HoldsTheName,
}

/// What hashing a password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB, at least 8.
    pub memory_kib: u32,
    /// Passes over the memory, at least 1.
    pub passes: u32,
}

impl Cost {
    /// 19 MiB and two passes on one lane: the default of the argon2 crate, which cites the OWASP password storage
    /// cheat sheet (recalled, not opened). About 20 ms on a small server.
    pub const STANDARD: Cost = Cost { memory_kib: 19 * 1024, passes: 2 };

    /// The least that the algorithm allows. For tests only: such a hash protects nobody.
    pub const CHEAPEST: Cost = Cost { memory_kib: 8, passes: 1 };

    fn argon2(self) -> Result<Argon2<'static>, HashingError> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|_| HashingError::Cost { cost: self })?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    /// The cost is outside what Argon2 allows.
    #[error("argon2id cannot run with {} KiB and {} passes; expected at least 8 KiB and 1 pass", cost.memory_kib, cost.passes)]
    Cost {
        /// The cost asked for.
        cost: Cost,
    },
    /// The algorithm refused.
    #[error("argon2id did not hash the password")]
    Algorithm(#[source] argon2::password_hash::Error),
    /// There is no randomness for the salt.
    #[error("no salt could be drawn")]
    Salt(#[source] StoreError),
}

/// The hash of a password in the PHC string format, with its algorithm, cost and salt. Debug prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordRecord(String);

impl PasswordRecord {
    /// Hashes a password with Argon2id and a fresh salt of 16 bytes.
    ///
    /// # Errors
    /// [`HashingError`] if the cost is outside what Argon2 allows or there is no randomness.
    pub fn of(password: &Password, cost: Cost) -> Result<PasswordRecord, HashingError> {
        let salt = random::<16>().map_err(HashingError::Salt)?;
        let hash: PasswordHash = cost
            .argon2()?
            .hash_password_with_salt(password.0.as_bytes(), &salt)
            .map_err(HashingError::Algorithm)?;
        Ok(PasswordRecord(hash.to_string()))
    }

    /// Takes a record as it is stored.
    pub(crate) fn stored(text: String) -> PasswordRecord {
        PasswordRecord(text)
    }

    /// The record as it is stored.
    pub(crate) fn as_stored(&self) -> &str {
        &self.0
    }

    /// Whether this is the password; a record that cannot be read matches none.
    pub fn matches(&self, password: &Password) -> bool {
        PasswordHash::new(&self.0)
            .is_ok_and(|hash| Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok())
    }
}

impl fmt::Debug for PasswordRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordRecord(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_being_uncommon_are_the_only_rules() {
        for (text, expected) in [
            ("", Err(PasswordRefusal::TooShort { length: 0 })),
            ("kq7 zpw", Err(PasswordRefusal::TooShort { length: 7 })),
            ("kq7 zpwv", Ok(Advice::Longer { length: 8 })),
            ("aaaa bbbb cccc d", Ok(Advice::None)),
            ("nur kleine buchstaben", Ok(Advice::None)),
            ("日本語のパスワード", Ok(Advice::Longer { length: 9 })),
            ("Password1", Err(PasswordRefusal::Common)),
            ("PASSWORD2024", Err(PasswordRefusal::Common)),
            ("qwertyuiop", Err(PasswordRefusal::Common)),
            ("Naltrexone1", Err(PasswordRefusal::Common)),
            ("zzzzzzzzzzzzzzzzzzzz", Err(PasswordRefusal::Common)),
            ("ruth.keller is me", Err(PasswordRefusal::HoldsTheName)),
        ] {
            assert_eq!(Password::typed(text).check("Ruth.Keller"), expected, "{text:?}");
        }
    }

    #[test]
    fn long_ones_fit_and_endless_ones_do_not() {
        let words = "a pasted phrase ";
        assert!(Password::typed(&words.repeat(16)).check("n").is_ok(), "256 characters");
        assert_eq!(Password::typed(&words.repeat(17)).check("n"), Err(PasswordRefusal::TooLong));
        assert_eq!(Password::typed(&words.repeat(100_000)).0.len(), LONGEST + 1);
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        let record = PasswordRecord::of(&Password::typed("gr\u{fc}ne Wiese"), Cost::CHEAPEST).unwrap();
        assert!(record.matches(&Password::typed("gru\u{308}ne Wiese")));
        assert!(!record.matches(&Password::typed("grune Wiese")));
        assert!(!record.matches(&Password::typed(" gr\u{fc}ne Wiese")), "nothing is trimmed");
        assert!(!record.matches(&Password::typed("gr\u{fc}ne wiese")), "nothing changes case");
    }

    #[test]
    fn the_record_names_its_algorithm_and_a_fresh_salt() {
        let password = Password::typed("correct horse battery");
        let [one, two] = [0, 1].map(|_| PasswordRecord::of(&password, Cost::STANDARD).unwrap());
        assert!(one.as_stored().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the standard cost");
        assert_ne!(one, two);
        assert!(one.matches(&password) && two.matches(&password));
    }

    #[test]
    fn nothing_prints_it() {
        let password = Password::typed("correct horse battery");
        let record = PasswordRecord::of(&password, Cost::CHEAPEST).unwrap();
        assert_eq!(format!("{password:?} {record:?}"), "Password(…) PasswordRecord(…)");
    }
}
