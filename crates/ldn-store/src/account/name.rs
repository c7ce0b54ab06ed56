//! The name somebody signs in with.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The fewest characters of a name.
const SHORTEST: usize = 3;
/// The most characters of a name; an e-mail address of the greatest length fits.
const LONGEST: usize = 254;

/// A name for signing in, often an e-mail address, folded so that case and look-alike forms do not matter.
///
/// Debug prints none of it: whether somebody has an account here is already medical.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignInName(String);

/// A text that cannot be a name for signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Too short or too long.
    #[error("the name has {length} characters; expected 3 to 254")]
    Length {
        /// Its length in characters.
        length: usize,
    },
    /// It holds a space or a control character.
    #[error(
        "the name holds a space or a control character; expected letters, digits and signs such as an e-mail address has"
    )]
    Character,
}

impl SignInName {
    /// Reads a name as typed; spaces around it do not matter.
    ///
    /// # Errors
    /// [`NameError`] if it is too short, too long or holds spaces or control characters.
    pub fn parse(text: &str) -> Result<SignInName, NameError> {
        let folded: String = text.trim().nfkc().take(LONGEST + 1).collect::<String>().to_lowercase();
        let length = folded.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(NameError::Length { length });
        }
        if folded.chars().any(|character| character.is_whitespace() || character.is_control()) {
            return Err(NameError::Character);
        }
        Ok(SignInName(folded))
    }

    /// The folded name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignInName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_compatibility_forms_do_not_matter() {
        let name = SignInName::parse("Ruth@Example.org").unwrap();
        for same in [" ruth@example.org ", "RUTH@EXAMPLE.ORG", "ｒｕｔｈ@example.org"] {
            assert_eq!(SignInName::parse(same), Ok(name.clone()), "{same}");
        }
        assert_eq!(SignInName::parse("ab"), Err(NameError::Length { length: 2 }));
        assert_eq!(SignInName::parse("a b c"), Err(NameError::Character));
        assert_eq!(SignInName::parse("abc\ndef"), Err(NameError::Character));
        assert!(SignInName::parse(&"a".repeat(255)).is_err());
        assert_eq!(format!("{name:?}"), "SignInName(…)");
    }
}
