//! The nine designs that section 9 of the verdict model is calibrated on.

use std::fmt;

use crate::intake::BASELINE_DAYS;

/// A schedule of capsules, each after 14 capsule-free days of diary.
///
/// Open-label courses climb weekly over 1.5 and 3 mg to 4.5 mg. Blinded periods give 4.5 mg against placebo, in random
/// order within each pair and without a wash-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Design {
    /// Three open-label weeks: the titration and one week of the full dose.
    Open3Weeks,
    /// Twelve open-label weeks.
    Open12Weeks,
    /// Twenty-six open-label weeks.
    Open26Weeks,
    /// Twelve open-label weeks, then six without capsules.
    Open12WeeksThenOff6Weeks,
    /// Three blinded pairs of two-week periods.
    Blinded3PairsOf2Weeks,
    /// Two blinded pairs of four-week periods.
    Blinded2PairsOf4Weeks,
    /// Three blinded pairs of four-week periods.
    Blinded3PairsOf4Weeks,
    /// Three blinded pairs of six-week periods.
    Blinded3PairsOf6Weeks,
    /// Twelve open-label weeks, then two blinded pairs of four-week periods.
    Open12WeeksThenBlinded2PairsOf4Weeks,
}

/// The lengths a design is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) open_weeks: usize,
    pub(crate) n_pairs: usize,
    pub(crate) period_weeks: usize,
    pub(crate) off_weeks: usize,
}

impl Design {
    /// Every design, in the order of the tables in section 9.
    ///
    /// The position is part of every patient's seed: add new designs at the end.
    pub const ALL: [Design; 9] = [
        Design::Open3Weeks,
        Design::Open12Weeks,
        Design::Open26Weeks,
        Design::Open12WeeksThenOff6Weeks,
        Design::Blinded3PairsOf2Weeks,
        Design::Blinded2PairsOf4Weeks,
        Design::Blinded3PairsOf4Weeks,
        Design::Blinded3PairsOf6Weeks,
        Design::Open12WeeksThenBlinded2PairsOf4Weeks,
    ];

    /// Returns the name used in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Design::Open3Weeks => "open-3-weeks",
            Design::Open12Weeks => "open-12-weeks",
            Design::Open26Weeks => "open-26-weeks",
            Design::Open12WeeksThenOff6Weeks => "open-12-weeks-then-off-6-weeks",
            Design::Blinded3PairsOf2Weeks => "blinded-3-pairs-of-2-weeks",
            Design::Blinded2PairsOf4Weeks => "blinded-2-pairs-of-4-weeks",
            Design::Blinded3PairsOf4Weeks => "blinded-3-pairs-of-4-weeks",
            Design::Blinded3PairsOf6Weeks => "blinded-3-pairs-of-6-weeks",
            Design::Open12WeeksThenBlinded2PairsOf4Weeks => "open-12-weeks-then-blinded-2-pairs-of-4-weeks",
        }
    }

    /// Returns the name in words, as it stands in a table.
    pub fn name(self) -> &'static str {
        match self {
            Design::Open3Weeks => "open label, 3 weeks",
            Design::Open12Weeks => "open label, 12 weeks",
            Design::Open26Weeks => "open label, 26 weeks",
            Design::Open12WeeksThenOff6Weeks => "open label, 12 weeks, then 6 weeks off",
            Design::Blinded3PairsOf2Weeks => "blinded, 3 pairs of 2 weeks",
            Design::Blinded2PairsOf4Weeks => "blinded, 2 pairs of 4 weeks",
            Design::Blinded3PairsOf4Weeks => "blinded, 3 pairs of 4 weeks",
            Design::Blinded3PairsOf6Weeks => "blinded, 3 pairs of 6 weeks",
            Design::Open12WeeksThenBlinded2PairsOf4Weeks => {
                "open label, 12 weeks, then blinded, 2 pairs of 4 weeks"
            }
        }
    }

    /// Returns the number of calendar days of a diary, the 14 before the first capsule included.
    pub fn n_days(self) -> usize {
        BASELINE_DAYS + self.n_treatment_days() + 7 * self.shape().off_weeks
    }

    /// Returns the number of days on which a capsule is planned, active or placebo.
    pub(crate) fn n_treatment_days(self) -> usize {
        let shape = self.shape();
        7 * (shape.open_weeks + 2 * shape.n_pairs * shape.period_weeks)
    }

    pub(crate) const fn shape(self) -> Shape {
        let (open_weeks, n_pairs, period_weeks, off_weeks) = match self {
            Design::Open3Weeks => (3, 0, 0, 0),
            Design::Open12Weeks => (12, 0, 0, 0),
            Design::Open26Weeks => (26, 0, 0, 0),
            Design::Open12WeeksThenOff6Weeks => (12, 0, 0, 6),
            Design::Blinded3PairsOf2Weeks => (0, 3, 2, 0),
            Design::Blinded2PairsOf4Weeks => (0, 2, 4, 0),
            Design::Blinded3PairsOf4Weeks => (0, 3, 4, 0),
            Design::Blinded3PairsOf6Weeks => (0, 3, 6, 0),
            Design::Open12WeeksThenBlinded2PairsOf4Weeks => (12, 2, 4, 0),
        };
        Shape { open_weeks, n_pairs, period_weeks, off_weeks }
    }
}

/// Prints the name in words.
impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_kebab_case_and_in_seed_order() {
        for (position, design) in Design::ALL.into_iter().enumerate() {
            let id = design.id();
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{id}");
            assert_eq!(Design::ALL.iter().filter(|other| other.id() == id).count(), 1, "{id}");
            assert_eq!(design as usize, position, "{id}");
        }
    }
}
