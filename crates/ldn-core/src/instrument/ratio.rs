//! Scores that are thirds and halves, exactly.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// A score as a fraction of whole numbers, compared exactly and rounded only when shown.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    numerator: u32,
    denominator: u32,
}

impl Ratio {
    /// Makes the fraction; the denominator must not be zero.
    pub(super) const fn new(numerator: u32, denominator: u32) -> Ratio {
        assert!(denominator > 0, "a score is never divided by nothing");
        Ratio { numerator, denominator }
    }

    /// Makes a whole number.
    pub const fn whole(value: u32) -> Ratio {
        Ratio::new(value, 1)
    }

    /// Returns the sum. Scores are at most hundreds over at most hundreds, so nothing overflows.
    pub(super) const fn plus(self, other: Ratio) -> Ratio {
        Ratio::new(
            self.numerator * other.denominator + other.numerator * self.denominator,
            self.denominator * other.denominator,
        )
    }

    /// Returns the value for formulas and charts.
    pub fn value(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Ratio) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        let cross = |a: &Ratio, b: &Ratio| u64::from(a.numerator) * u64::from(b.denominator);
        cross(self, other).cmp(&cross(other, self))
    }
}

/// Prints with one decimal at most, rounded half away from zero: "57", "57.5", "33.3".
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.numerator * 20 + self.denominator) / (2 * self.denominator);
        let text = match tenths % 10 {
            0 => (tenths / 10).to_string(),
            tenth => format!("{}.{tenth}", tenths / 10),
        };
        f.pad(&text)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}
