//! A number with the precision it was printed in.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// A number as a source prints it, with its decimals.
///
/// The decimals are those of the data file, but for trailing zeros beyond the first: `2` has none, `2.0` and `2.00`
/// have one. So a rounding allowance is never narrower than the print, and at most a little wider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Printed {
    value: f64,
    decimals: u8,
}

impl Printed {
    /// Returns the number.
    pub const fn value(self) -> f64 {
        self.value
    }

    /// Returns half a unit of the last printed digit: how far rounding can have moved the number.
    pub fn half_unit(self) -> f64 {
        (0..self.decimals).fold(0.5, |half, _| half / 10.0)
    }

    /// Returns a count, which is exact.
    pub(crate) fn whole(count: u32) -> Printed {
        Printed { value: f64::from(count), decimals: 0 }
    }

    /// Returns the number for a value with a decimal point, such as `-0.34`.
    fn decimal(value: f64) -> Printed {
        let text = value.to_string();
        let decimals = text.split_once('.').map_or(1, |(_, fraction)| fraction.len());
        Printed { value, decimals: u8::try_from(decimals).unwrap_or(u8::MAX) }
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.*}", usize::from(self.decimals), self.value)
    }
}

impl Serialize for Printed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value)
    }
}

impl<'de> Deserialize<'de> for Printed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Printed, D::Error> {
        deserializer.deserialize_any(PrintedVisitor)
    }
}

struct PrintedVisitor;

impl Visitor<'_> for PrintedVisitor {
    type Value = Printed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a finite number")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Printed, E> {
        Ok(Printed { value: value as f64, decimals: 0 })
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Printed, E> {
        Ok(Printed { value: value as f64, decimals: 0 })
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Printed, E> {
        if value.is_finite() {
            Ok(Printed::decimal(value))
        } else {
            Err(E::invalid_value(de::Unexpected::Float(value), &self))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        x: Printed,
    }

    #[test]
    fn decimals_are_those_of_the_print() {
        for (text, half, shown) in [
            ("2", 0.5, "2"),
            ("2.0", 0.05, "2.0"),
            ("-0.34", 0.005, "-0.34"),
            ("0.3112", 0.000_05, "0.3112"),
            ("0.0001", 0.000_05, "0.0001"),
            ("-52.94", 0.005, "-52.94"),
        ] {
            let file: File = toml::from_str(&format!("x = {text}")).unwrap();
            assert!((file.x.half_unit() - half).abs() < 1e-12, "{text}");
            assert_eq!(file.x.to_string(), shown);
        }
        assert!(toml::from_str::<File>("x = nan").is_err());
        assert!(toml::from_str::<File>("x = \"2\"").is_err());
    }
}
