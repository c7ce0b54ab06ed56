//! What a pharmacy counts and measures: strengths, concentrations, volumes, numbers of units.
//!
//! Each is exact, read only with its unit, and printed as prescriptions should be: a leading zero always, a trailing
//! zero never. They are different types because they are different things: a millilitre of one bottle holds one
//! milligram, of another five, and a "1.5" that changed its meaning on the way is a ten-fold error.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Dose;
use crate::dose::DoseError;

const NANOLITRES_PER_MILLILITRE: u64 = 1_000_000;
const NANOLITRES_PER_MICROLITRE: u64 = 1_000;

/// Naltrexone in one capsule, tablet or troche, in whole nanograms; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Strength {
    nanograms: u64,
}

/// Naltrexone in one millilitre of a liquid, in whole nanograms; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Concentration {
    nanograms_per_ml: u64,
}

/// A volume of liquid in whole nanolitres: 4.5 mL is 4,500,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Volume {
    nanolitres: u64,
}

/// A number of whole units to hand out: "69 capsules".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    /// How many.
    pub count: u32,
    /// Of what.
    pub form: UnitForm,
}

/// What is swallowed or sucked by the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitForm {
    /// Swallowed whole, never divided.
    Capsule,
    /// Swallowed; divided only where it is scored.
    Tablet,
    /// Left to melt in the mouth; divided only where it is scored.
    Troche,
}

/// Why a text is not a strength, concentration, volume or quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// The mass in it is none.
    #[error(transparent)]
    Mass(#[from] DoseError),
    /// There is nothing in it, where something must be.
    #[error("`{text}` holds no naltrexone; expected more than 0")]
    Nothing {
        /// The whole text as written.
        text: String,
    },
    /// There is a number, but nothing says of what.
    #[error("`{text}` has no unit; expected {expected}")]
    MissingUnit {
        /// The whole text as written.
        text: String,
        /// How it would be written.
        expected: &'static str,
    },
    /// The unit is none that fits.
    #[error("`{unit}` in `{text}` is not a unit that fits; expected {expected}")]
    UnknownUnit {
        /// The whole text as written.
        text: String,
        /// The unit as written.
        unit: String,
        /// How it would be written.
        expected: &'static str,
    },
    /// The amount is not a plain decimal number, or a whole one where it must be.
    #[error("`{text}` is not an amount; expected {expected}")]
    NotAnAmount {
        /// The whole text as written.
        text: String,
        /// How it would be written.
        expected: &'static str,
    },
    /// Finer than the smallest step, or too large to hold.
    #[error("`{text}` is finer or larger than can be kept exactly; expected {expected}")]
    OutOfRange {
        /// The whole text as written.
        text: String,
        /// How it would be written.
        expected: &'static str,
    },
}

const CONCENTRATION: &str = "mg or micrograms in each mL, such as \"1 mg/mL\"";
const VOLUME: &str = "mL or microlitres, such as \"4.5 mL\"";
const QUANTITY: &str = "a whole number of capsules, tablets or troches, such as \"69 capsules\"";

impl Strength {
    /// Makes a strength of what one unit holds; `None` for a dose of zero.
    pub const fn of(dose: Dose) -> Option<Strength> {
        if dose.is_zero() { None } else { Some(Strength { nanograms: dose.nanograms() }) }
    }

    /// Returns what one unit holds.
    pub const fn dose(self) -> Dose {
        Dose::from_nanograms(self.nanograms)
    }

    /// Returns whole nanograms in one unit.
    pub const fn nanograms(self) -> u64 {
        self.nanograms
    }
}

impl Concentration {
    /// Makes a concentration of what one millilitre holds; `None` for a dose of zero.
    pub const fn per_millilitre(dose: Dose) -> Option<Concentration> {
        if dose.is_zero() { None } else { Some(Concentration { nanograms_per_ml: dose.nanograms() }) }
    }

    /// Returns whole nanograms in a millilitre.
    pub const fn nanograms_per_ml(self) -> u64 {
        self.nanograms_per_ml
    }

    /// Returns the volume that holds exactly this dose; `None` if it is no whole number of nanolitres.
    pub fn volume_of(self, dose: Dose) -> Option<Volume> {
        let nanograms = u128::from(dose.nanograms()) * u128::from(NANOLITRES_PER_MILLILITRE);
        exact_quotient(nanograms, self.nanograms_per_ml).map(Volume::from_nanolitres)
    }

    /// Returns the dose that a volume holds; `None` if it is no whole number of nanograms.
    pub fn dose_in(self, volume: Volume) -> Option<Dose> {
        let nanograms = u128::from(volume.nanolitres) * u128::from(self.nanograms_per_ml);
        exact_quotient(nanograms, NANOLITRES_PER_MILLILITRE).map(Dose::from_nanograms)
    }
}

/// Divides, if nothing is left over and the answer fits.
fn exact_quotient(dividend: u128, divisor: u64) -> Option<u64> {
    let divisor = u128::from(divisor);
    dividend.is_multiple_of(divisor).then(|| u64::try_from(dividend / divisor).ok()).flatten()
}

impl Volume {
    /// No liquid.
    pub const ZERO: Volume = Volume { nanolitres: 0 };

    /// Makes a volume from whole nanolitres.
    pub const fn from_nanolitres(nanolitres: u64) -> Volume {
        Volume { nanolitres }
    }

    /// Makes a volume from whole microlitres.
    pub const fn from_microlitres(microlitres: u32) -> Volume {
        Volume { nanolitres: microlitres as u64 * NANOLITRES_PER_MICROLITRE }
    }

    /// Returns whole nanolitres.
    pub const fn nanolitres(self) -> u64 {
        self.nanolitres
    }

    /// Returns millilitres, for JSON; not for comparing or printing.
    pub fn millilitres(self) -> f64 {
        self.nanolitres as f64 / NANOLITRES_PER_MILLILITRE as f64
    }

    /// Returns true if there is no liquid.
    pub const fn is_zero(self) -> bool {
        self.nanolitres == 0
    }

    /// Returns the sum, or `None` when it does not fit; never wraps.
    pub fn checked_add(self, other: Volume) -> Option<Volume> {
        self.nanolitres.checked_add(other.nanolitres).map(Volume::from_nanolitres)
    }

    /// Returns what is left after taking another away; `None` if there is not enough.
    pub fn checked_sub(self, other: Volume) -> Option<Volume> {
        self.nanolitres.checked_sub(other.nanolitres).map(Volume::from_nanolitres)
    }

    /// Returns so many times this, or `None` when it does not fit.
    pub fn checked_mul(self, times: u64) -> Option<Volume> {
        self.nanolitres.checked_mul(times).map(Volume::from_nanolitres)
    }
}

impl UnitForm {
    /// All of them.
    pub const ALL: [UnitForm; 3] = [UnitForm::Capsule, UnitForm::Tablet, UnitForm::Troche];

    /// Returns the word for one: "capsule".
    pub const fn singular(self) -> &'static str {
        match self {
            UnitForm::Capsule => "capsule",
            UnitForm::Tablet => "tablet",
            UnitForm::Troche => "troche",
        }
    }

    /// Returns the word for several: "capsules".
    pub const fn plural(self) -> &'static str {
        match self {
            UnitForm::Capsule => "capsules",
            UnitForm::Tablet => "tablets",
            UnitForm::Troche => "troches",
        }
    }

    /// Returns the form that a word names, in singular or plural.
    pub fn named(word: &str) -> Option<UnitForm> {
        UnitForm::ALL.into_iter().find(|form| [form.singular(), form.plural()].contains(&word))
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dose().fmt(f)
    }
}

impl fmt::Display for Concentration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/mL", Dose::from_nanograms(self.nanograms_per_ml)))
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} mL", millionths_text(self.nanolitres)))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.count == 1 { self.form.singular() } else { self.form.plural() };
        f.pad(&format!("{} {word}", self.count))
    }
}

impl FromStr for Strength {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Strength, QuantityError> {
        Strength::of(text.parse()?).ok_or_else(|| QuantityError::Nothing { text: text.trim().to_owned() })
    }
}

impl FromStr for Concentration {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Concentration, QuantityError> {
        let text = text.trim();
        let Some((mass, volume)) = text.split_once('/') else {
            return Err(QuantityError::MissingUnit { text: text.to_owned(), expected: CONCENTRATION });
        };
        if !matches!(volume.trim(), "mL" | "ml") {
            return Err(QuantityError::UnknownUnit {
                text: text.to_owned(),
                unit: volume.trim().to_owned(),
                expected: CONCENTRATION,
            });
        }
        let nothing = || QuantityError::Nothing { text: text.to_owned() };
        Concentration::per_millilitre(mass.parse()?).ok_or_else(nothing)
    }
}

impl FromStr for Volume {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Volume, QuantityError> {
        let (amount, unit) = amount_and_unit(text);
        let text = text.trim().to_owned();
        match unit {
            "" => Err(QuantityError::MissingUnit { text, expected: VOLUME }),
            "mL" | "ml" | "millilitre" | "millilitres" => {
                millionths(amount).map_err(|error| volume_error(&error, text)).map(Volume::from_nanolitres)
            }
            "microlitre" | "microlitres" | "µL" | "μL" => {
                let millionths = millionths(amount).map_err(|error| volume_error(&error, text.clone()))?;
                let per_nanolitre = NANOLITRES_PER_MILLILITRE / NANOLITRES_PER_MICROLITRE;
                exact_quotient(u128::from(millionths), per_nanolitre)
                    .map(Volume::from_nanolitres)
                    .ok_or(QuantityError::OutOfRange { text, expected: VOLUME })
            }
            unit => Err(QuantityError::UnknownUnit { unit: unit.to_owned(), text, expected: VOLUME }),
        }
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Quantity, QuantityError> {
        let (amount, unit) = amount_and_unit(text);
        let text = text.trim().to_owned();
        if unit.is_empty() {
            return Err(QuantityError::MissingUnit { text, expected: QUANTITY });
        }
        let Some(form) = UnitForm::named(unit) else {
            return Err(QuantityError::UnknownUnit { unit: unit.to_owned(), text, expected: QUANTITY });
        };
        let is_whole = !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit());
        let count = if is_whole { amount.parse().ok() } else { None };
        count
            .map(|count| Quantity { count, form })
            .ok_or(QuantityError::NotAnAmount { text, expected: QUANTITY })
    }
}

/// Cuts a text into its number and the unit after it.
fn amount_and_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    (text[..end].trim_end(), text[end..].trim())
}

/// Reads a plain decimal in whole millionths, by the one reader of decimals of this crate: a milligram has a million
/// nanograms as a millilitre has a million nanolitres.
fn millionths(amount: &str) -> Result<u64, DoseError> {
    Dose::from_milligrams_text(amount).map(Dose::nanograms)
}

/// Prints whole millionths as a decimal without trailing zeros; the other direction of [`millionths`].
fn millionths_text(millionths: u64) -> String {
    Dose::from_nanograms(millionths).milligrams_text()
}

/// Says of a volume what the reader of decimals says of a dose.
fn volume_error(error: &DoseError, text: String) -> QuantityError {
    match error {
        DoseError::TooFine { .. } | DoseError::TooLarge { .. } => {
            QuantityError::OutOfRange { text, expected: VOLUME }
        }
        _ => QuantityError::NotAnAmount { text, expected: VOLUME },
    }
}

/// Writes and reads a quantity as its text: `"1.5 mg"`.
macro_rules! as_text {
    ($($quantity:ty),+) => {$(
        impl Serialize for $quantity {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $quantity {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$quantity, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}

as_text!(Strength, Concentration, Volume, Quantity);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_pharmacies_write() {
        for (text, nanograms) in [("1.5 mg", 1_500_000), ("0.10 mg", 100_000), ("500 mcg", 500_000)] {
            assert_eq!(text.parse::<Strength>().map(Strength::nanograms), Ok(nanograms), "{text:?}");
        }
        for (text, nanograms) in [
            ("1 mg/mL", 1_000_000),
            ("5mg/ml", 5_000_000),
            ("500 micrograms / mL", 500_000),
            ("0.05 mg/mL", 50_000),
        ] {
            let read = text.parse::<Concentration>().map(Concentration::nanograms_per_ml);
            assert_eq!(read, Ok(nanograms), "{text:?}");
        }
        for (text, nanolitres) in
            [("4.5 mL", 4_500_000), ("0.1ml", 100_000), ("100 microlitres", 100_000), ("0.5 µL", 500)]
        {
            assert_eq!(text.parse::<Volume>().map(Volume::nanolitres), Ok(nanolitres), "{text:?}");
        }
        for (text, count, form) in [
            ("69 capsules", 69, UnitForm::Capsule),
            ("1 capsule", 1, UnitForm::Capsule),
            ("0 tablets", 0, UnitForm::Tablet),
            ("8 troches", 8, UnitForm::Troche),
        ] {
            assert_eq!(text.parse::<Quantity>(), Ok(Quantity { count, form }), "{text:?}");
        }
    }

    #[test]
    fn refuses_what_could_be_misread() {
        for text in ["1.5", "", "0 mg", "1,5 mg", ".5 mg", "5. mg", "1 g", "1 mg/mL", "-1 mg", "1.5 mL"] {
            assert!(text.parse::<Strength>().is_err(), "{text:?}");
        }
        for text in ["1", "1 mg", "1 mg/L", "0 mg/mL", "1/mL", "mg/mL", "1 mg/5 mL", "1,5 mg/mL", "1 mL/mg"] {
            assert!(text.parse::<Concentration>().is_err(), "{text:?}");
        }
        for text in
            ["4.5", "4,5 mL", ".5 mL", "1 L", "1 cc", "1 mg", "0.0000001 mL", "0.0001 microlitres", "mL"]
        {
            assert!(text.parse::<Volume>().is_err(), "{text:?}");
        }
        for text in ["69", "6.9 capsules", "capsules", "-1 capsule", "69 caps", "99999999999 capsules"] {
            assert!(text.parse::<Quantity>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn errors_say_what_was_found_and_what_was_expected() {
        for (error, words) in [
            (
                "1.5".parse::<Strength>().err(),
                "`1.5` has no unit; expected mg or micrograms, such as \"4.5 mg\"",
            ),
            ("0 mg".parse::<Strength>().err(), "`0 mg` holds no naltrexone; expected more than 0"),
            (
                "1 mg".parse::<Concentration>().err(),
                "`1 mg` has no unit; expected mg or micrograms in each mL, such as \"1 mg/mL\"",
            ),
            (
                "4 cc".parse::<Volume>().err(),
                "`cc` in `4 cc` is not a unit that fits; expected mL or microlitres, such as \"4.5 mL\"",
            ),
        ] {
            assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(words));
        }
    }

    #[test]
    fn prints_without_trailing_zero_and_with_leading_zero() {
        let strength = |micrograms| Strength::of(Dose::from_micrograms(micrograms)).expect("not zero");
        assert_eq!(strength(500).to_string(), "0.5 mg");
        assert_eq!(strength(1_000).to_string(), "1 mg");
        assert_eq!(strength(1).to_string(), "1 microgram");
        let concentration = |micrograms| Concentration::per_millilitre(Dose::from_micrograms(micrograms));
        assert_eq!(concentration(1_000).expect("not zero").to_string(), "1 mg/mL");
        assert_eq!(concentration(50).expect("not zero").to_string(), "50 micrograms/mL");
        assert_eq!(Volume::from_microlitres(4_500).to_string(), "4.5 mL");
        assert_eq!(Volume::from_microlitres(100).to_string(), "0.1 mL");
        assert_eq!(Quantity { count: 1, form: UnitForm::Capsule }.to_string(), "1 capsule");
        assert_eq!(Quantity { count: 69, form: UnitForm::Capsule }.to_string(), "69 capsules");
    }

    #[test]
    fn volume_and_mass_are_exact_or_nothing() {
        let one: Concentration = "1 mg/mL".parse().expect("a concentration");
        let three: Concentration = "3 mg/mL".parse().expect("a concentration");
        let dose = Dose::from_micrograms(4_500);
        assert_eq!(one.volume_of(dose), Some(Volume::from_microlitres(4_500)));
        assert_eq!(three.volume_of(dose), Some(Volume::from_microlitres(1_500)));
        assert_eq!(three.volume_of(Dose::from_micrograms(1_000)), None, "a third of a millilitre");
        assert_eq!(one.dose_in(Volume::from_microlitres(4_500)), Some(dose));
    }

    fn is_printed_as_the_house_does(text: &str) -> bool {
        let number = text.split([' ', '/']).next().unwrap_or_default();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "5"));
        let leading = whole == "0" || !whole.starts_with('0');
        !whole.is_empty() && leading && !fraction.is_empty() && !fraction.ends_with('0')
    }

    proptest! {
        #[test]
        fn parse_after_print_is_the_same(amount in 1_u64..1_000_000_000_000, count: u32) {
            let strength = Strength { nanograms: amount };
            prop_assert_eq!(strength.to_string().parse::<Strength>(), Ok(strength));
            let concentration = Concentration { nanograms_per_ml: amount };
            prop_assert_eq!(concentration.to_string().parse::<Concentration>(), Ok(concentration));
            let volume = Volume { nanolitres: amount };
            prop_assert_eq!(volume.to_string().parse::<Volume>(), Ok(volume));
            for text in [strength.to_string(), concentration.to_string(), volume.to_string()] {
                prop_assert!(is_printed_as_the_house_does(&text), "{}", text);
            }
            for form in UnitForm::ALL {
                let quantity = Quantity { count, form };
                prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
            }
        }

        /// The same amount written in milligrams, micrograms and nanograms is the same amount.
        #[test]
        fn the_unit_never_changes_the_value(nanograms in 1_u64..20_000_000_000) {
            let expected = Dose::from_nanograms(nanograms);
            let milligrams = expected.milligrams_text();
            let in_milligrams: Strength = format!("{milligrams} mg").parse().expect("milligrams");
            let in_nanograms: Strength = format!("{nanograms} ng").parse().expect("nanograms");
            let (whole, rest) = (nanograms / 1_000, nanograms % 1_000);
            let in_micrograms: Strength = format!("{whole}.{rest:03} micrograms").parse().expect("micrograms");
            for strength in [in_milligrams, in_nanograms, in_micrograms] {
                prop_assert_eq!(strength.dose(), expected);
            }
        }

        #[test]
        fn a_volume_made_of_a_dose_holds_that_dose(nanograms in 1_u64..20_000_000_000, per_ml in 1_u64..10_000_000) {
            let concentration = Concentration { nanograms_per_ml: per_ml };
            let dose = Dose::from_nanograms(nanograms);
            if let Some(volume) = concentration.volume_of(dose) {
                prop_assert_eq!(concentration.dose_in(volume), Some(dose));
            }
        }
    }
}
