//! The second factor: codes from an application that change every 30 seconds, and recovery codes for when it is lost.

use std::fmt;

use jiff::Timestamp;
use ldn_core::journal::Hash;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::secret::{TokenKind, hash_secret, random};
use crate::StoreError;

/// Seconds that a code is good for (RFC 6238, section 5.2: the recommended step).
pub const STEP_SECONDS: u64 = 30;
/// Steps by which the two clocks may differ, either way (RFC 6238, section 5.2).
pub const CLOCK_SKEW: u16 = 1;
/// Digits of a code.
pub const N_DIGITS: u8 = 6;
/// Recovery codes given out at enrolment.
pub const N_RECOVERY_CODES: usize = 10;

/// The secret that a person's application and the store share: 160 random bits (RFC 4226, section 4: recommended).
///
/// Debug prints none of it. In the store it is sealed with the site key.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorSecret([u8; 20]);

impl FactorSecret {
    /// Draws a secret.
    pub(crate) fn draw() -> Result<FactorSecret, StoreError> {
        Ok(FactorSecret(random()?))
    }

    /// Takes a secret as it was stored, opened.
    pub(crate) fn from_bytes(bytes: [u8; 20]) -> FactorSecret {
        FactorSecret(bytes)
    }

    /// The bytes, to be sealed.
    pub(crate) fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The secret in base 32, to be typed into an application.
    pub fn expose(&self) -> String {
        Secret::new_stack(self.0).to_base32()
    }

    /// The secret as a link that applications read, often from a QR code. `name` and `site` are percent-encoded.
    pub fn link(&self, site: &str, name: &str) -> String {
        let (site, name) = (percent_encoded(site), percent_encoded(name));
        format!(
            "otpauth://totp/{site}:{name}?secret={}&issuer={site}&algorithm=SHA1&digits={N_DIGITS}&period={STEP_SECONDS}",
            self.expose()
        )
    }

    /// The code that is good at an instant.
    pub fn code(&self, now: Timestamp) -> String {
        self.totp().generate(seconds(now)).to_string()
    }

    /// The step whose code this is, if it is at most [`CLOCK_SKEW`] steps away and later than `last_step`.
    ///
    /// The caller keeps the step, so that no code is taken twice.
    pub fn accepted_step(&self, code: &str, last_step: Option<u64>, now: Timestamp) -> Option<u64> {
        let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
        let step = self.totp().check(&code, seconds(now))?;
        last_step.is_none_or(|last| step > last).then_some(step)
    }

    fn totp(&self) -> Totp {
        // SHA-1 because many applications silently use it whatever the link says; the HMAC does not need more.
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(N_DIGITS)
            .with_skew(CLOCK_SKEW)
            .with_step_duration(STEP_SECONDS)
            .with_secret(Secret::new_stack(self.0))
            .build_noncompliant()
    }
}

impl fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorSecret(…)")
    }
}

/// Seconds since 1970; an instant before it is 1970.
fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

/// RFC 3986: everything but unreserved characters as `%XX` of its UTF-8 bytes.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The letters of a recovery code: no 0, 1, I, L, O, U, which are misread or misheard.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a recovery code: 20 of 30 letters are 98 random bits.
const CODE_LENGTH: usize = 20;

/// A code on paper that stands for the second factor once. Debug prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// Draws a code.
    pub(crate) fn draw() -> Result<RecoveryCode, StoreError> {
        let mut code = String::with_capacity(CODE_LENGTH);
        while code.len() < CODE_LENGTH {
            // Five bits of each byte; 30 and 31 are drawn again, so that all letters are equally likely.
            let letters = random::<32>()?.map(|byte| ALPHABET.get(usize::from(byte & 31)));
            code.extend(letters.into_iter().flatten().map(|letter| char::from(*letter)));
            code.truncate(CODE_LENGTH);
        }
        Ok(RecoveryCode(code))
    }

    /// Reads a code as typed: case, spaces and hyphens do not matter. `None` if it cannot be one.
    pub fn typed(text: &str) -> Option<RecoveryCode> {
        let code: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let is_code = code.len() == CODE_LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then_some(RecoveryCode(code))
    }

    /// The code to print, in four groups of five.
    pub fn expose(&self) -> String {
        let groups: Vec<&str> = (0..4).map(|group| &self.0[group * 5..group * 5 + 5]).collect();
        groups.join("-")
    }

    /// What the store keeps: the code's hash. 98 random bits need no slow hash.
    pub(crate) fn hash(&self) -> Hash {
        hash_secret(TokenKind::Recovery, self.0.as_bytes())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn the_published_codes() {
        let secret = FactorSecret::from_bytes(*b"12345678901234567890");
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(at(second)), code, "{second}");
            let step = u64::try_from(second).unwrap() / STEP_SECONDS;
            assert_eq!(secret.accepted_step(code, None, at(second)), Some(step));
        }
    }

    #[test]
    fn one_step_of_skew_either_way_and_no_code_twice() {
        let secret = FactorSecret::draw().unwrap();
        let now = at(1_764_000_000);
        let step = 1_764_000_000 / STEP_SECONDS;
        for (away, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = secret.code(at(1_764_000_000 + away * 30));
            assert_eq!(secret.accepted_step(&code, None, now).is_some(), accepted, "{away}");
        }
        let code = secret.code(now);
        assert_eq!(secret.accepted_step(&code, Some(step - 1), now), Some(step));
        assert_eq!(secret.accepted_step(&code, Some(step), now), None, "taken already");
        let earlier = secret.code(at(1_764_000_000 - 30));
        assert_eq!(secret.accepted_step(&earlier, Some(step), now), None, "older than one taken already");
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(secret.accepted_step(&spaced, None, now), Some(step), "people type the gap they see");
        for wrong in ["", "12345", "1234567", "+12345", "abcdef"] {
            assert_eq!(secret.accepted_step(wrong, None, now), None, "{wrong}");
        }
    }

    #[test]
    fn the_link_holds_what_applications_read() {
        let secret = FactorSecret::from_bytes(*b"12345678901234567890");
        assert_eq!(
            secret.link("LDN clinic", "ruth@example.org"),
            "otpauth://totp/LDN%20clinic:ruth%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=LDN%20clinic&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{secret:?}"), "FactorSecret(…)");
    }

    #[test]
    fn a_recovery_code_reads_back_as_people_type_it() {
        for _ in 0..100 {
            let code = RecoveryCode::draw().unwrap();
            let printed = code.expose();
            assert_eq!(printed.len(), 23);
            for typed in
                [printed.clone(), printed.to_lowercase(), printed.replace('-', " "), format!(" {printed}\n")]
            {
                assert_eq!(
                    RecoveryCode::typed(&typed).map(|code| code.hash()),
                    Some(code.hash()),
                    "as typed"
                );
            }
            assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
        }
        for wrong in ["", "22222-22222-22222-2222", "0O1IL-22222-22222-22222", "#####-22222-22222-22222"] {
            assert!(RecoveryCode::typed(wrong).is_none(), "{wrong}");
        }
    }
}
