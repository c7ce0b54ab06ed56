//! Numbers that are kept as they were written.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest decimal, in characters; a longer one is not a measurement.
const LONGEST_DECIMAL: usize = 24;

/// A decimal number exactly as it was written: "38.0" stays "38.0", because the digits say how finely it was measured.
///
/// Digits with at most one point between them and at most one minus before them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(String);

/// A text that is not a plain decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a number; expected up to {LONGEST_DECIMAL} digits with at most one point, such as 38.0"
)]
pub struct DecimalError {
    /// The text as given.
    pub text: String,
}

/// A share in whole per cent, from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

/// A number that is not a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a share; expected 0 to 100 per cent")]
pub struct PercentError(pub u8);

impl Decimal {
    /// Returns it as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the nearest floating-point number, for formulas; not for comparing or printing.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().expect("digits with at most one point and one minus are a number")
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if all_digits(whole) && all_digits(fraction) && text.len() <= LONGEST_DECIMAL {
            Ok(Decimal(text.to_owned()))
        } else {
            Err(DecimalError { text: text.chars().take(60).collect() })
        }
    }
}

impl TryFrom<String> for Decimal {
    type Error = DecimalError;

    fn try_from(text: String) -> Result<Decimal, DecimalError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> String {
        decimal.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Percent {
    /// Makes a share of whole per cent.
    ///
    /// # Errors
    /// [`PercentError`] above 100.
    pub const fn from_percent(percent: u8) -> Result<Percent, PercentError> {
        if percent <= 100 { Ok(Percent(percent)) } else { Err(PercentError(percent)) }
    }

    /// Returns whole per cent.
    pub const fn percent(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = PercentError;

    fn try_from(percent: u8) -> Result<Percent, PercentError> {
        Percent::from_percent(percent)
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> u8 {
        percent.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_its_digits() {
        for text in ["38.0", "0", "-1.50", "007", "123456789012345678901234"] {
            assert_eq!(text.parse::<Decimal>().unwrap().as_str(), text);
        }
        assert_eq!("-1.50".parse::<Decimal>().unwrap().to_f64(), -1.5);
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in
            ["", "-", ".5", "5.", "1e3", "1,5", "+1", "1.2.3", " 1", "NaN", "1234567890123456789012345"]
        {
            assert!(text.parse::<Decimal>().is_err(), "{text:?}");
        }
        assert_eq!(Percent::from_percent(101), Err(PercentError(101)));
    }
}
