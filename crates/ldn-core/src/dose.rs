//! An amount of naltrexone.

use std::fmt;
use std::str::FromStr;

const NANOGRAMS_PER_MICROGRAM: u64 = 1_000;
const NANOGRAMS_PER_MILLIGRAM: u64 = 1_000_000;

/// Naltrexone in one administration, in whole nanograms.
///
/// Exact: 4.5 mg is 4,500,000 and half a microgram is 500. Zero means "contains none" (a placebo, a day without a
/// capsule), never "unknown"; unknown is `Option::None`.
///
/// ```
/// use ldn_core::Dose;
/// let dose: Dose = "4.5 mg".parse()?;
/// assert_eq!(dose, Dose::from_nanograms(4_500_000));
/// assert_eq!(dose.to_string(), "4.5 mg");
/// assert!("4.5".parse::<Dose>().is_err(), "a dose without a unit is never guessed");
/// # Ok::<(), ldn_core::dose::DoseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dose {
    nanograms: u64,
}

/// Why a text is not a dose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoseError {
    /// The amount is not a plain decimal number.
    #[error("`{text}` is not a dose; expected a plain number such as 4.5")]
    NotANumber {
        /// The amount as written.
        text: String,
    },
    /// There is a number, but nothing says of what.
    #[error("`{text}` has no unit; expected mg or micrograms, such as \"4.5 mg\"")]
    MissingUnit {
        /// The whole text as written.
        text: String,
    },
    /// The unit is none that a dose of naltrexone is written in.
    #[error("`{unit}` is not a unit of dose; expected mg, micrograms or ng")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
    },
    /// The amount is not a whole number of nanograms.
    #[error("`{text}` is finer than a nanogram, the smallest step of a dose")]
    TooFine {
        /// The amount as written.
        text: String,
    },
    /// The amount does not fit.
    #[error("`{text}` is too large to be a dose")]
    TooLarge {
        /// The amount as written.
        text: String,
    },
}

impl Dose {
    /// Contains no naltrexone.
    pub const ZERO: Dose = Dose { nanograms: 0 };

    /// Makes a dose from whole nanograms.
    pub const fn from_nanograms(nanograms: u64) -> Dose {
        Dose { nanograms }
    }

    /// Makes a dose from whole micrograms.
    pub const fn from_micrograms(micrograms: u32) -> Dose {
        Dose { nanograms: micrograms as u64 * NANOGRAMS_PER_MICROGRAM }
    }

    /// Reads an amount in milligrams without its unit, digit by digit ("4.5" is 4,500,000 nanograms).
    ///
    /// For tables whose header carries the unit. Accepts digits with at most one point; no sign, exponent or comma.
    ///
    /// # Errors
    /// [`DoseError::NotANumber`], [`DoseError::TooFine`] or [`DoseError::TooLarge`].
    pub fn from_milligrams_text(text: &str) -> Result<Dose, DoseError> {
        parse_decimal(text, NANOGRAMS_PER_MILLIGRAM).map(Dose::from_nanograms)
    }

    /// Returns whole nanograms.
    pub const fn nanograms(self) -> u64 {
        self.nanograms
    }

    /// Returns milligrams, for formulas; not for comparing or printing.
    pub fn milligrams(self) -> f64 {
        self.nanograms as f64 / NANOGRAMS_PER_MILLIGRAM as f64
    }

    /// Returns true if it contains no naltrexone.
    pub const fn is_zero(self) -> bool {
        self.nanograms == 0
    }

    /// Returns the amount in milligrams as text, without a unit and without trailing zeros.
    pub fn milligrams_text(self) -> String {
        format_decimal(self.nanograms, NANOGRAMS_PER_MILLIGRAM)
    }

    /// Returns the sum, or `None` when it does not fit; never wraps.
    pub fn checked_add(self, other: Dose) -> Option<Dose> {
        self.nanograms.checked_add(other.nanograms).map(Dose::from_nanograms)
    }
}

/// Prints as prescriptions should: a leading zero always, a trailing zero never, "micrograms" in full below 0.1 mg.
impl fmt::Display for Dose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below_a_tenth_of_a_milligram = self.nanograms < NANOGRAMS_PER_MILLIGRAM / 10;
        let text = if self.nanograms > 0 && below_a_tenth_of_a_milligram {
            let unit = if self.nanograms == NANOGRAMS_PER_MICROGRAM { "microgram" } else { "micrograms" };
            format!("{} {unit}", format_decimal(self.nanograms, NANOGRAMS_PER_MICROGRAM))
        } else {
            format!("{} mg", self.milligrams_text())
        };
        f.pad(&text)
    }
}

impl FromStr for Dose {
    type Err = DoseError;

    fn from_str(text: &str) -> Result<Dose, DoseError> {
        let text = text.trim();
        let unit_start =
            text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
        let (amount, unit) = (text[..unit_start].trim_end(), text[unit_start..].trim());
        let nanograms_per_unit = match unit {
            "" => return Err(DoseError::MissingUnit { text: text.to_owned() }),
            "mg" | "milligram" | "milligrams" => NANOGRAMS_PER_MILLIGRAM,
            "microgram" | "micrograms" | "mcg" | "ug" | "µg" | "μg" => NANOGRAMS_PER_MICROGRAM,
            "ng" | "nanogram" | "nanograms" => 1,
            _ => return Err(DoseError::UnknownUnit { unit: unit.to_owned() }),
        };
        parse_decimal(amount, nanograms_per_unit).map(Dose::from_nanograms)
    }
}

/// A dose as a number of milligrams in JSON: `"dose_mg": 4.5`, exact in both directions.
pub mod milligrams {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Dose;

    /// The largest whole number that every JSON reader keeps.
    const LARGEST_EXACT: u64 = 1 << 53;

    /// Writes a dose as a number of milligrams.
    ///
    /// # Errors
    /// Refuses a dose that a reader of JSON would round.
    pub fn serialize<S: Serializer>(dose: &Dose, serializer: S) -> Result<S::Ok, S::Error> {
        if dose.nanograms() > LARGEST_EXACT {
            return Err(serde::ser::Error::custom(format!("{dose} is too large to write exactly")));
        }
        serializer.serialize_f64(dose.milligrams())
    }

    /// Reads a dose from a number of milligrams, by its shortest decimal form.
    ///
    /// # Errors
    /// Refuses what is not a whole, positive number of nanograms.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Dose, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Dose::from_milligrams_text(&number.to_string()).map_err(D::Error::custom)
    }
}

/// Reads digits with at most one point as a whole number of `1 / per_unit`.
fn parse_decimal(text: &str, per_unit: u64) -> Result<u64, DoseError> {
    let not_a_number = || DoseError::NotANumber { text: text.to_owned() };
    let too_large = || DoseError::TooLarge { text: text.to_owned() };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let has_digits = !whole.is_empty() && (!fraction.is_empty() || !text.contains('.'));
    if !has_digits || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') || fraction.contains('.') {
        return Err(not_a_number());
    }
    let whole: u64 = whole.parse().map_err(|_| too_large())?;
    let mut amount = whole.checked_mul(per_unit).ok_or_else(too_large)?;
    let mut place = per_unit;
    for digit in fraction.trim_end_matches('0').bytes() {
        if !place.is_multiple_of(10) {
            return Err(DoseError::TooFine { text: text.to_owned() });
        }
        place /= 10;
        amount = amount.checked_add(u64::from(digit - b'0') * place).ok_or_else(too_large)?;
    }
    Ok(amount)
}

/// Prints a whole number of `1 / per_unit` (a power of ten) as a decimal without trailing zeros.
fn format_decimal(amount: u64, per_unit: u64) -> String {
    let (whole, fraction) = (amount / per_unit, amount % per_unit);
    if fraction == 0 {
        return whole.to_string();
    }
    let digits = per_unit.ilog10() as usize;
    let fraction = format!("{fraction:0digits$}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        for (text, nanograms) in [
            ("4.5 mg", 4_500_000),
            ("0.5mg", 500_000),
            ("500 mcg", 500_000),
            ("1 microgram", 1_000),
            ("0.5 micrograms", 500),
            ("12 mg", 12_000_000),
            ("4.50 mg", 4_500_000),
            ("0 mg", 0),
            ("1 µg", 1_000),
        ] {
            assert_eq!(text.parse::<Dose>().map(Dose::nanograms), Ok(nanograms), "{text:?}");
        }
    }

    #[test]
    fn refuses_what_could_be_misread() {
        for text in [
            "4.5",
            "",
            "mg",
            "4,5 mg",
            ".5 mg",
            "5. mg",
            "-1 mg",
            "1e3 mg",
            "1 g",
            "0.0000001 mg",
            "1.2.3 mg",
        ] {
            assert!(text.parse::<Dose>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn prints_without_trailing_zero_and_with_leading_zero() {
        for (nanograms, text) in [
            (4_500_000, "4.5 mg"),
            (500_000, "0.5 mg"),
            (1_000, "1 microgram"),
            (500, "0.5 micrograms"),
            (10_000, "10 micrograms"),
            (100_000, "0.1 mg"),
            (3_000_000, "3 mg"),
            (0, "0 mg"),
        ] {
            assert_eq!(Dose::from_nanograms(nanograms).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn parse_after_print_is_the_same(nanograms in 0_u64..20_000_000_000) {
            let dose = Dose::from_nanograms(nanograms);
            prop_assert_eq!(dose.to_string().parse::<Dose>(), Ok(dose));
            prop_assert_eq!(Dose::from_milligrams_text(&dose.milligrams_text()), Ok(dose));
        }
    }
}
