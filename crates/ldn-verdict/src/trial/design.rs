//! The design of a trial: what is compared, in how many periods of which length.

mod form;

use std::fmt;

use ldn_core::Dose;
use serde::{Deserialize, Serialize};

use super::sequence::Admissible;

/// What is swallowed in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// Capsules with naltrexone.
    Ldn,
    /// Capsules that look the same and hold none.
    Placebo,
    /// No capsule at all, which nobody can be blinded to; for harms.
    NoCapsule,
}

/// Which arms a trial compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arms {
    /// LDN and placebo: is it the drug?
    Two,
    /// LDN, placebo and no capsule: which complaints come with any capsule?
    Three,
}

/// How the arms are balanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Balance {
    /// Each block holds each arm once, in random order: a slow drift of the illness cancels best.
    WithinBlocks,
    /// Each arm comes equally often in the whole trial: more sequences, so that a randomisation test can say more.
    Overall,
}

/// The design of a trial; only made by [`Design::new`], so it always has a sequence to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    parts: DesignParts,
}

/// What a design is made of; becomes a [`Design`] only when it obeys every rule of [`Design::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesignParts {
    /// What is compared.
    pub arms: Arms,
    /// Blocks, which are pairs with two arms and triples with three; 1 to [`Design::MOST_BLOCKS`].
    pub blocks: u8,
    /// Days of a period before a switch is shifted; a whole number of kits, at most [`Design::LONGEST_PERIOD`].
    pub period_days: u16,
    /// Days that one kit lasts; 1 to `period_days`.
    pub kit_days: u16,
    /// The most kits by which a switch may come early or late, drawn with the order; 0 for none. A period keeps at
    /// least one kit.
    pub jitter_kits: u8,
    /// Days with a diary before the first period; at most [`Design::LONGEST_RUN_IN`].
    pub run_in_days: u16,
    /// Days at the beginning of each period that plain comparisons leave out, for onset and carry-over; shorter than
    /// the shortest period. The model of the verdict uses all days.
    pub excluded_days: u16,
    /// The most periods of one arm in a row; 2 or more, because 1 would fix the whole order after its first arm.
    pub max_run: u8,
    /// How the arms are balanced.
    pub balance: Balance,
    /// Naltrexone in one active capsule; not zero.
    pub dose: Dose,
    /// The dose that effects refer to; not zero.
    pub reference_dose: Dose,
}

/// Why parts are not a design.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// A number is outside its range.
    #[error("{field} is {value}; expected {low} to {high}")]
    OutOfRange {
        /// Name of the part.
        field: &'static str,
        /// The value given.
        value: u32,
        /// The lowest allowed.
        low: u32,
        /// The highest allowed.
        high: u32,
    },
    /// A period is not a whole number of kits.
    #[error("a period of {period_days} days is not a whole number of kits of {kit_days} days")]
    PartOfKit {
        /// Days of a period.
        period_days: u16,
        /// Days of a kit.
        kit_days: u16,
    },
    /// Two switches could meet.
    #[error(
        "a switch may move by {jitter_kits} kits and a period has {kits_per_period}; expected more than {} kits",
        2 * u32::from(*jitter_kits)
    )]
    JitterTooWide {
        /// The most kits by which a switch moves.
        jitter_kits: u8,
        /// Kits of a period.
        kits_per_period: u16,
    },
    /// Nothing would be left of a period.
    #[error(
        "{excluded_days} days are left out of each period and the shortest lasts {shortest_days}; expected fewer"
    )]
    NothingLeft {
        /// Days left out.
        excluded_days: u16,
        /// Days of the shortest period.
        shortest_days: u16,
    },
    /// A capsule for the active arm, or the reference, holds no naltrexone.
    #[error("the {field} is zero; expected an amount of naltrexone, such as 4.5 mg")]
    NoDose {
        /// Name of the part.
        field: &'static str,
    },
    /// More sequences than can be counted.
    #[error("the design allows more sequences than can be counted; expected fewer blocks or a smaller shift")]
    TooMany,
}

impl Arm {
    /// Every arm, in the order of [`Arms`].
    pub const ALL: [Arm; 3] = [Arm::Ldn, Arm::Placebo, Arm::NoCapsule];

    /// Returns true if a capsule is swallowed.
    pub const fn has_capsule(self) -> bool {
        matches!(self, Arm::Ldn | Arm::Placebo)
    }

    /// Returns the letter in stored forms: `L`, `P` or `N`.
    pub const fn letter(self) -> char {
        match self {
            Arm::Ldn => 'L',
            Arm::Placebo => 'P',
            Arm::NoCapsule => 'N',
        }
    }

    /// Returns the arm of a letter of [`Arm::letter`].
    pub fn from_letter(letter: char) -> Option<Arm> {
        Arm::ALL.into_iter().find(|arm| arm.letter() == letter)
    }
}

impl Arms {
    /// Returns the arms.
    pub fn each(self) -> &'static [Arm] {
        match self {
            Arms::Two => &Arm::ALL[..2],
            Arms::Three => &Arm::ALL,
        }
    }
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Arm::Ldn => "LDN",
            Arm::Placebo => "placebo",
            Arm::NoCapsule => "no capsule",
        })
    }
}

impl Design {
    /// The most blocks: twelve pairs of eight weeks are already four years.
    pub const MOST_BLOCKS: u8 = 12;
    /// The longest period, in days: 26 weeks.
    pub const LONGEST_PERIOD: u16 = 182;
    /// The longest run-in, in days: half a year.
    pub const LONGEST_RUN_IN: u16 = 182;
    /// The widest shift of a switch, in kits.
    pub const WIDEST_JITTER: u8 = 10;

    /// Makes a design of its parts.
    ///
    /// # Errors
    /// A [`DesignError`] names the first part that breaks a rule.
    pub fn new(parts: DesignParts) -> Result<Design, DesignError> {
        check_ranges(&parts)?;
        check_lengths(&parts)?;
        for (field, dose) in [("dose", parts.dose), ("reference dose", parts.reference_dose)] {
            if dose == Dose::ZERO {
                return Err(DesignError::NoDose { field });
            }
        }
        let design = Design { parts };
        Admissible::count(&design).ok_or(DesignError::TooMany)?;
        Ok(design)
    }

    /// Returns what it is made of.
    pub const fn parts(&self) -> &DesignParts {
        &self.parts
    }

    /// Returns the arms.
    pub fn arms(&self) -> &'static [Arm] {
        self.parts.arms.each()
    }

    /// Returns the number of periods.
    pub fn n_periods(&self) -> usize {
        usize::from(self.parts.blocks) * self.arms().len()
    }

    /// Returns the kits of a period before a switch is shifted.
    pub const fn kits_per_period(&self) -> u16 {
        self.parts.period_days / self.parts.kit_days
    }

    /// Returns the kits of the whole trial; periods without capsules are counted as if they had some.
    pub fn n_kits(&self) -> usize {
        self.n_periods() * usize::from(self.kits_per_period())
    }

    /// Returns the days of all periods together, without the run-in.
    pub fn trial_days(&self) -> usize {
        self.n_kits() * usize::from(self.parts.kit_days)
    }

    /// Returns the days from the first of the run-in to the last of the last period.
    pub fn total_days(&self) -> usize {
        usize::from(self.parts.run_in_days) + self.trial_days()
    }
}

fn check_ranges(parts: &DesignParts) -> Result<(), DesignError> {
    let ranges = [
        ("blocks", u32::from(parts.blocks), 1, u32::from(Design::MOST_BLOCKS)),
        ("period_days", u32::from(parts.period_days), 1, u32::from(Design::LONGEST_PERIOD)),
        ("kit_days", u32::from(parts.kit_days), 1, u32::from(parts.period_days)),
        ("jitter_kits", u32::from(parts.jitter_kits), 0, u32::from(Design::WIDEST_JITTER)),
        ("run_in_days", u32::from(parts.run_in_days), 0, u32::from(Design::LONGEST_RUN_IN)),
        ("max_run", u32::from(parts.max_run), 2, u32::from(Design::MOST_BLOCKS) * 3),
    ];
    match ranges.into_iter().find(|(_, value, low, high)| value < low || value > high) {
        Some((field, value, low, high)) => Err(DesignError::OutOfRange { field, value, low, high }),
        None => Ok(()),
    }
}

fn check_lengths(parts: &DesignParts) -> Result<(), DesignError> {
    let DesignParts { period_days, kit_days, jitter_kits, excluded_days, .. } = *parts;
    if !period_days.is_multiple_of(kit_days) {
        return Err(DesignError::PartOfKit { period_days, kit_days });
    }
    let kits_per_period = period_days / kit_days;
    let both_ends = 2 * u16::from(jitter_kits);
    if kits_per_period <= both_ends {
        return Err(DesignError::JitterTooWide { jitter_kits, kits_per_period });
    }
    let shortest_days = (kits_per_period - both_ends) * kit_days;
    if excluded_days >= shortest_days {
        return Err(DesignError::NothingLeft { excluded_days, shortest_days });
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Three pairs of four weeks in weekly kits, the switch a week early or late.
    pub(crate) fn three_pairs() -> DesignParts {
        DesignParts {
            arms: Arms::Two,
            blocks: 3,
            period_days: 28,
            kit_days: 7,
            jitter_kits: 1,
            run_in_days: 14,
            excluded_days: 7,
            max_run: 2,
            balance: Balance::WithinBlocks,
            dose: Dose::from_micrograms(4_500),
            reference_dose: Dose::from_micrograms(4_500),
        }
    }

    #[test]
    fn lengths_follow_from_the_parts() {
        let design = Design::new(three_pairs()).unwrap();
        assert_eq!((design.n_periods(), design.kits_per_period(), design.n_kits()), (6, 4, 24));
        assert_eq!((design.trial_days(), design.total_days()), (168, 182));
    }

    #[test]
    fn parts_that_break_a_rule_are_refused_by_name() {
        type Breaking = fn(&mut DesignParts);
        let cases: [(&str, Breaking); 9] = [
            ("blocks is 0; expected 1 to 12", |parts| parts.blocks = 0),
            ("kit_days is 29; expected 1 to 28", |parts| parts.kit_days = 29),
            ("not a whole number of kits of 5 days", |parts| parts.kit_days = 5),
            ("max_run is 1; expected 2 to 36", |parts| parts.max_run = 1),
            ("a switch may move by 2 kits and a period has 4; expected more than 4", |parts| {
                parts.jitter_kits = 2;
            }),
            ("14 days are left out of each period and the shortest lasts 14", |parts| {
                parts.excluded_days = 14;
            }),
            ("the dose is zero", |parts| parts.dose = Dose::ZERO),
            ("the reference dose is zero", |parts| parts.reference_dose = Dose::ZERO),
            ("more sequences than can be counted", |parts| {
                parts.arms = Arms::Three;
                parts.blocks = 12;
                parts.max_run = 36;
                parts.balance = Balance::Overall;
                parts.period_days = 28;
                parts.kit_days = 1;
                parts.jitter_kits = 10;
                parts.excluded_days = 0;
            }),
        ];
        for (expected, break_it) in cases {
            let mut parts = three_pairs();
            break_it(&mut parts);
            let text = Design::new(parts).unwrap_err().to_string();
            assert!(text.contains(expected), "{text}");
        }
    }
}
