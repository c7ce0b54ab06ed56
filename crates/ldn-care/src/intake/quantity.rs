//! Amounts of an intake: exact, and never without a unit where there is one.

use std::fmt;
use std::str::FromStr;

use ldn_core::Dose;

const MILLIONTHS: u64 = 1_000_000;

/// The largest number an intake may hold.
const LARGEST_WHOLE: u64 = 1_000_000_000;

/// A number as measured, in whole millionths: exact, so that 2.1 is three times 0.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measured {
    millionths: u64,
}

/// Why a text is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not digits with at most one point.
    #[error("expected a plain number such as 4.5, without sign or exponent{hint}")]
    NotANumber {
        /// What to write instead; empty if nothing can be said.
        hint: String,
    },
    /// Finer than a millionth.
    #[error("expected at most six digits after the point")]
    TooFine,
    /// Larger than anything an intake holds.
    #[error("expected a number below {LARGEST_WHOLE}")]
    TooLarge,
    /// There is a number, but nothing says of what.
    #[error("expected a number with its unit, such as {example:?}")]
    MissingUnit {
        /// How it would be written.
        example: &'static str,
    },
    /// The unit is none that fits here.
    #[error("`{unit}` is no unit that fits here; expected {expected}")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
        /// The units that fit.
        expected: &'static str,
    },
}

impl Measured {
    /// Makes a number from whole millionths.
    pub const fn from_millionths(millionths: u64) -> Measured {
        Measured { millionths }
    }

    /// Makes a whole number.
    pub const fn from_whole(whole: u32) -> Measured {
        Measured { millionths: whole as u64 * MILLIONTHS }
    }

    /// Returns whole millionths.
    pub const fn millionths(self) -> u64 {
        self.millionths
    }

    /// Returns true if this is at least so many times the other. Exact.
    pub fn is_at_least(self, times: Measured, other: Measured) -> bool {
        u128::from(self.millionths) * u128::from(MILLIONTHS)
            >= u128::from(times.millionths) * u128::from(other.millionths)
    }

    /// Returns true if this is more than so many times the other. Exact.
    pub fn is_more_than(self, times: Measured, other: Measured) -> bool {
        u128::from(self.millionths) * u128::from(MILLIONTHS)
            > u128::from(times.millionths) * u128::from(other.millionths)
    }

    /// Returns it multiplied by a whole number; `None` if that does not fit.
    pub fn checked_mul(self, factor: u32) -> Option<Measured> {
        self.millionths.checked_mul(u64::from(factor)).map(Measured::from_millionths)
    }
}

impl FromStr for Measured {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Measured, QuantityError> {
        let not_a_number = || QuantityError::NotANumber { hint: comma_hint(text) };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(not_a_number());
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 6 {
            return Err(QuantityError::TooFine);
        }
        let whole: u64 = whole.parse().map_err(|_| QuantityError::TooLarge)?;
        if whole >= LARGEST_WHOLE {
            return Err(QuantityError::TooLarge);
        }
        let fraction: u64 = format!("{fraction:0<6}").parse().map_err(|_| not_a_number())?;
        Ok(Measured { millionths: whole * MILLIONTHS + fraction })
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.millionths / MILLIONTHS, self.millionths % MILLIONTHS);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{fraction:06}").trim_end_matches('0'))
    }
}

/// Says what to write instead of a decimal comma; empty if there is none.
pub(super) fn comma_hint(text: &str) -> String {
    let digits = |part: Option<&str>| {
        part.is_some_and(|part| !part.trim().is_empty() && part.trim().bytes().all(|b| b.is_ascii_digit()))
    };
    let mut parts = text.split(',');
    if digits(parts.next()) && digits(parts.next()) && parts.next().is_none() {
        return format!("; write a point, not a comma: {}", text.replace(',', "."));
    }
    String::new()
}

/// Cuts a text into its number and what follows it.
fn number_and_rest(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    (text[..end].trim_end(), text[end..].trim())
}

/// Naltrexone per millilitre of a liquid, in whole nanograms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Concentration {
    nanograms_per_ml: u64,
}

impl Concentration {
    /// Makes a concentration from nanograms in a millilitre.
    pub const fn from_nanograms_per_ml(nanograms_per_ml: u64) -> Concentration {
        Concentration { nanograms_per_ml }
    }

    /// Returns nanograms in a millilitre.
    pub const fn nanograms_per_ml(self) -> u64 {
        self.nanograms_per_ml
    }
}

impl FromStr for Concentration {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Concentration, QuantityError> {
        let (amount, unit) = number_and_rest(text);
        let unit = unit.replace(' ', "").to_lowercase();
        let (mass, volume) = unit.split_once('/').unwrap_or((&unit, ""));
        let unknown = || QuantityError::UnknownUnit {
            unit: unit.clone(),
            expected: "mg/mL or micrograms/mL, such as \"1 mg/mL\"",
        };
        if unit.is_empty() {
            return Err(QuantityError::MissingUnit { example: "1 mg/mL" });
        }
        let nanograms_per_millionth = match mass {
            "mg" => 1,
            "microgram" | "micrograms" | "mcg" | "ug" | "µg" | "μg" => 0,
            _ => return Err(unknown()),
        };
        if !matches!(volume, "ml" | "1ml") {
            return Err(unknown());
        }
        let millionths = amount.parse::<Measured>()?.millionths();
        let nanograms_per_ml = if nanograms_per_millionth == 1 { millionths } else { millionths / 1_000 };
        if nanograms_per_ml == 0 {
            return Err(QuantityError::TooFine);
        }
        Ok(Concentration { nanograms_per_ml })
    }
}

impl fmt::Display for Concentration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mg/mL", Measured::from_millionths(self.nanograms_per_ml))
    }
}

/// How much of a medicine a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyAmount {
    /// As written.
    pub written: String,
    /// The mass; `None` when it is counted in something else, such as tablets.
    pub mass: Option<Dose>,
}

/// Units of a daily amount that are no mass.
const COUNTED: [&str; 24] = [
    "ml",
    "drop",
    "drops",
    "tablet",
    "tablets",
    "capsule",
    "capsules",
    "puff",
    "puffs",
    "spray",
    "sprays",
    "patch",
    "patches",
    "sachet",
    "sachets",
    "unit",
    "units",
    "iu",
    "mmol",
    "meq",
    "ampoule",
    "ampoules",
    "micrograms/h",
    "mcg/h",
];

impl FromStr for DailyAmount {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<DailyAmount, QuantityError> {
        let (amount, unit) = number_and_rest(text);
        let measured: Measured = amount.parse()?;
        let unit = unit.to_lowercase();
        let unit = unit.strip_suffix("/day").or(unit.strip_suffix(" a day")).unwrap_or(&unit).trim();
        let nanograms = match unit {
            "" => return Err(QuantityError::MissingUnit { example: "200 mg" }),
            "g" | "gram" | "grams" => measured.millionths().checked_mul(1_000),
            "mg" | "milligram" | "milligrams" => Some(measured.millionths()),
            "microgram" | "micrograms" | "mcg" | "ug" | "µg" | "μg" => Some(measured.millionths() / 1_000),
            "ng" | "nanogram" | "nanograms" => Some(measured.millionths() / MILLIONTHS),
            other if COUNTED.contains(&other) => None,
            other => {
                return Err(QuantityError::UnknownUnit {
                    unit: other.to_owned(),
                    expected: "g, mg, micrograms, mL, drops, tablets, puffs, patches or units",
                });
            }
        };
        Ok(DailyAmount { written: text.trim().to_owned(), mass: nanograms.map(Dose::from_nanograms) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        for (text, millionths) in [("38.0", 38_000_000), ("0.7", 700_000), ("2.10", 2_100_000), ("0", 0)] {
            assert_eq!(text.parse::<Measured>().map(Measured::millionths), Ok(millionths), "{text}");
        }
        let (three, limit) = (Measured::from_whole(3), Measured::from_millionths(700_000));
        assert!(Measured::from_millionths(2_100_000).is_at_least(three, limit));
        assert!(!Measured::from_millionths(2_099_999).is_at_least(three, limit));
        assert!(!Measured::from_millionths(2_100_000).is_more_than(three, limit));
    }

    #[test]
    fn refuses_what_could_be_misread() {
        for text in ["4,5", "1e3", "-1", ".5", "5.", "", "inf", "1.2.3", "0.0000001", "9999999999"] {
            assert!(text.parse::<Measured>().is_err(), "{text:?}");
        }
        let error = "4,5 mg".parse::<DailyAmount>().expect_err("a comma").to_string();
        assert!(error.ends_with("write a point, not a comma: 4.5"), "{error}");
    }

    #[test]
    fn concentrations_and_daily_amounts_need_their_unit() {
        for (text, nanograms) in [
            ("1 mg/mL", 1_000_000),
            ("0.1mg/ml", 100_000),
            ("500 micrograms/mL", 500_000),
            ("5 mg / mL", 5_000_000),
        ] {
            let read = text.parse::<Concentration>().map(Concentration::nanograms_per_ml);
            assert_eq!(read, Ok(nanograms), "{text}");
        }
        for text in ["1", "1 mg", "1 mg/L", "1 mL", "mg/mL", "0 mg/mL"] {
            assert!(text.parse::<Concentration>().is_err(), "{text:?}");
        }
        let mass = |text: &str| text.parse::<DailyAmount>().map(|amount| amount.mass);
        assert_eq!(mass("3 g"), Ok(Some(Dose::from_nanograms(3_000_000_000))));
        assert_eq!(mass("2 tablets"), Ok(None));
        assert!(mass("200").is_err());
        assert!(mass("2 spoons").is_err());
    }
}
