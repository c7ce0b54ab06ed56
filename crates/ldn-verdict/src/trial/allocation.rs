//! The sequence that was drawn, and the commitment to it.
//!
//! # How a sequence is drawn
//!
//! The shell takes 32 random bytes from the operating system, the seed. Block `i` (0, 1, …) is the SHA-256 of the ASCII
//! text `ldn-trial-draw-1`, the seed, and `i` as eight bytes, most significant first. The first 16 bytes of a block are a
//! number, most significant first. With `n` sequences in the admissible set, a number of `n·⌊2¹²⁸/n⌋` or more is passed
//! over, so that what remains is uniform; of the first other the remainder by `n` is the number of the sequence
//! ([`Admissible::nth`]).
//!
//! # What is committed to
//!
//! The SHA-256 of the stored form of the allocation ([`Allocation::to_text`]), which holds course, design, sequence and
//! seed. It goes into the journal and onto the first page before the first capsule; the seed, which nobody can guess,
//! keeps it from telling anything. Opened, the allocation must give the same hash, and its seed the same sequence.

use std::fmt;
use std::fmt::Write as _;

use ldn_core::ids::CourseId;
use ldn_core::journal::Hash;

use super::design::{Arm, Design};
use super::sequence::{Admissible, Sequence};

/// 32 random bytes of the operating system, from which a sequence follows. Debug prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 32]);

/// The sequence that was drawn for a course: the secret of a trial.
///
/// Has no Display, and its Debug tells only the commitment; what it holds is reached by [`Allocation::sequence`] alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Allocation {
    course: CourseId,
    design: Design,
    sequence: Sequence,
    seed: Seed,
}

/// Why a text is not the allocation of a trial.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// A line is not what the stored form has there.
    #[error("line {line} of the allocation is not its {expected}")]
    Form {
        /// The line, counted from 1.
        line: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// The sequence is not the one that the seed gives.
    #[error("the sequence is not the one that its seed gives: it was changed, or it was not drawn")]
    NotDrawn,
    /// It is not what the journal committed to.
    #[error(
        "the allocation has the hash {found}; the journal committed to {committed}: something was changed"
    )]
    NotCommitted {
        /// What the journal says.
        committed: Hash,
        /// What the text gives.
        found: Hash,
    },
    /// It is of another course.
    #[error("the allocation is of course {found}; expected {expected}")]
    OtherCourse {
        /// Whose it is.
        found: CourseId,
        /// Whose it should be.
        expected: CourseId,
    },
}

impl Seed {
    /// Makes a seed of random bytes; they must come from the operating system and be used once.
    pub const fn from_random(bytes: [u8; 32]) -> Seed {
        Seed(bytes)
    }

    /// Returns a number below `n`, each equally likely; `n` is not 0.
    pub fn below(&self, n: u128) -> u128 {
        // n·⌊2¹²⁸/n⌋ is 2¹²⁸ − (2¹²⁸ mod n), which fits unless the rest is 0.
        let rest = (u128::MAX % n + 1) % n;
        let mut counter = 0;
        loop {
            let number = self.block(counter);
            if rest == 0 || number < u128::MAX - rest + 1 {
                return number % n;
            }
            counter += 1;
        }
    }

    fn block(&self, counter: u64) -> u128 {
        let mut bytes = b"ldn-trial-draw-1".to_vec();
        bytes.extend(self.0);
        bytes.extend(counter.to_be_bytes());
        let hash = Hash::of(&bytes);
        hash.as_bytes()[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl fmt::Debug for Allocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allocation({})", self.commitment())
    }
}

impl Allocation {
    /// Draws a sequence of the design for a course.
    pub fn draw(course: CourseId, design: Design, seed: Seed) -> Allocation {
        let set = Admissible::of(&design);
        let sequence = set.nth(seed.below(set.len())).expect("the number is below the length of the set");
        Allocation { course, design, sequence, seed }
    }

    /// Returns the course.
    pub const fn course(&self) -> CourseId {
        self.course
    }

    /// Returns the design.
    pub const fn design(&self) -> &Design {
        &self.design
    }

    /// Returns the sequence. Whoever calls this knows what the person is not to know.
    pub const fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// Returns the hash that commits to it.
    pub fn commitment(&self) -> Hash {
        Hash::of(self.to_text().as_bytes())
    }

    /// Returns the stored form: six lines, equally long for every sequence of a design.
    pub fn to_text(&self) -> String {
        let design = serde_json::to_string(&self.design).expect("a design is texts and whole numbers");
        let arms: String = self.sequence.arms().iter().map(|arm| arm.letter()).collect();
        let shifts: Vec<String> = self.sequence.shifts().iter().map(|shift| format!("{shift:+03}")).collect();
        let seed = self.seed.0.iter().fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        format!(
            "{HEADER}\ncourse {}\ndesign {design}\narms {arms}\nshifts {}\nseed {seed}\n",
            self.course,
            shifts.join(" ")
        )
    }

    /// Reads the stored form, and draws again from its seed.
    ///
    /// # Errors
    /// [`AllocationError::Form`], [`AllocationError::NotDrawn`]; neither repeats the text.
    pub fn from_text(text: &str) -> Result<Allocation, AllocationError> {
        let mut lines = text.split('\n');
        let mut next = |line: usize, key: &str, expected: &'static str| {
            let of_key = |text: &str| text.strip_prefix(key).map(ToOwned::to_owned);
            lines.next().and_then(of_key).ok_or(AllocationError::Form { line, expected })
        };
        let form = |line, expected| move || AllocationError::Form { line, expected };
        next(1, HEADER, "header")?.is_empty().then_some(()).ok_or_else(form(1, "header"))?;
        let course = next(2, "course ", "course")?.parse().map_err(|_| form(2, "course")())?;
        let design: Design =
            serde_json::from_str(&next(3, "design ", "design")?).map_err(|_| form(3, "design")())?;
        let arms: Option<Vec<Arm>> = next(4, "arms ", "arms")?.chars().map(Arm::from_letter).collect();
        let arms = arms.ok_or_else(form(4, "arms"))?;
        let shifts: Result<Vec<i8>, _> = next(5, "shifts ", "shifts")?.split(' ').map(str::parse).collect();
        let shifts = shifts.map_err(|_| form(5, "shifts")())?;
        let seed = seed_of(&next(6, "seed ", "seed")?).ok_or_else(form(6, "seed"))?;
        next(7, "", "end")?.is_empty().then_some(()).ok_or_else(form(7, "end"))?;
        let allocation = Allocation::draw(course, design, seed);
        let same = allocation.sequence.arms() == arms && allocation.sequence.shifts() == shifts;
        let canonical = same && allocation.to_text() == text;
        canonical.then_some(allocation).ok_or(AllocationError::NotDrawn)
    }

    /// Reads the stored form and holds it against what a journal committed to.
    ///
    /// # Errors
    /// As [`Allocation::from_text`]; [`AllocationError::NotCommitted`], [`AllocationError::OtherCourse`].
    pub fn verified(text: &str, course: CourseId, committed: Hash) -> Result<Allocation, AllocationError> {
        let found = Hash::of(text.as_bytes());
        if found != committed {
            return Err(AllocationError::NotCommitted { committed, found });
        }
        let allocation = Allocation::from_text(text)?;
        match allocation.course == course {
            true => Ok(allocation),
            false => Err(AllocationError::OtherCourse { found: allocation.course, expected: course }),
        }
    }
}

/// First line of the stored form.
const HEADER: &str = "ldn-trial-allocation-1";

fn seed_of(text: &str) -> Option<Seed> {
    // A seed is committed to as written, so only one writing of it counts.
    text.parse::<Hash>().ok().map(|hash| Seed(*hash.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::design::tests::three_pairs;
    use super::super::design::{Arms, Balance, DesignParts};
    use super::*;

    /// A seed for each number, as unlike each other as hashes are.
    fn seed(number: u64) -> Seed {
        Seed(*Hash::of(&number.to_be_bytes()).as_bytes())
    }

    fn course() -> CourseId {
        "0190b3f2-7a6c-4f3e-9d2b-5b6f1e2d3c4a".parse().unwrap()
    }

    fn drawn(number: u64) -> Allocation {
        Allocation::draw(course(), Design::new(three_pairs()).unwrap(), seed(number))
    }

    /// Upper 99.9 % point of chi-square by Wilson and Hilferty, which is within 1 % from 5 degrees of freedom on.
    fn chi_square_bound(degrees: f64) -> f64 {
        let term = 1.0 - 2.0 / (9.0 * degrees) + 3.090 * (2.0 / (9.0 * degrees)).sqrt();
        degrees * term * term * term
    }

    #[test]
    fn every_sequence_is_equally_likely() {
        type Change = fn(&mut DesignParts);
        let designs: [(Change, u64); 3] = [
            (|parts| parts.jitter_kits = 0, 8_000),
            (|_| {}, 60_000),
            (
                |parts| {
                    parts.arms = Arms::Three;
                    (parts.blocks, parts.balance, parts.jitter_kits) = (2, Balance::Overall, 0);
                },
                18_000,
            ),
        ];
        for (change, n) in designs {
            let mut parts = three_pairs();
            change(&mut parts);
            let design = Design::new(parts).unwrap();
            let set = Admissible::of(&design);
            let mut counts = vec![0_u64; set.len() as usize];
            for number in 0..n {
                let drawn = Allocation::draw(course(), design.clone(), seed(number));
                counts[set.rank(drawn.sequence()).unwrap() as usize] += 1;
            }
            let expected = n as f64 / counts.len() as f64;
            let chi_square: f64 = counts
                .iter()
                .map(|count| (*count as f64 - expected) * (*count as f64 - expected) / expected)
                .sum();
            let degrees = counts.len() as f64 - 1.0;
            assert!(chi_square < chi_square_bound(degrees), "{chi_square} on {degrees}");
            assert!(counts.iter().all(|count| *count > 0));
        }
    }

    /// Computed with Python's hashlib from the description above.
    #[test]
    fn the_draw_is_the_documented_one() {
        let seed = Seed(std::array::from_fn(|i| i as u8));
        assert_eq!(
            (seed.below(8), seed.below(1_944), seed.below(1 << 100)),
            (2, 242, 214259348765099465492209337018)
        );
        assert_eq!(seed.below(1), 0);
        // More than half of all numbers: about every second block is passed over.
        let n = u128::MAX / 2 + 2;
        assert!((0..50).all(|number| super::tests::seed(number).below(n) < n));
    }

    #[test]
    fn read_after_print_is_the_same_allocation_and_the_commitment_holds() {
        for number in 0..50 {
            let allocation = drawn(number);
            let text = allocation.to_text();
            let read = Allocation::verified(&text, course(), allocation.commitment()).unwrap();
            assert!(read == allocation);
        }
        assert_ne!(drawn(0).commitment(), drawn(1).commitment());
    }

    #[test]
    fn one_flipped_bit_does_not_verify() {
        let allocation = drawn(3);
        let (text, committed) = (allocation.to_text(), allocation.commitment());
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                // All characters are ASCII, and so is every one with one of the lower seven bits flipped.
                let flipped = String::from_utf8(bytes).unwrap();
                let error = Allocation::verified(&flipped, course(), committed).unwrap_err();
                assert!(matches!(error, AllocationError::NotCommitted { .. }), "{at} {bit}");
            }
        }
        let mut hash = committed;
        for at in 0..32 {
            hash.0[at] ^= 1;
            assert!(Allocation::verified(&text, course(), hash).is_err());
            hash.0[at] ^= 1;
        }
    }

    #[test]
    fn a_sequence_that_was_chosen_and_not_drawn_is_found_out() {
        let allocation = drawn(5);
        let set = Admissible::of(allocation.design());
        let own = set.rank(allocation.sequence()).unwrap();
        let other = set.nth((own + 1) % set.len()).unwrap();
        let chosen = Allocation { sequence: other, ..allocation };
        assert_eq!(
            Allocation::verified(&chosen.to_text(), course(), chosen.commitment()),
            Err(AllocationError::NotDrawn)
        );
    }

    #[test]
    fn the_stored_form_is_as_long_for_every_sequence() {
        let lengths: std::collections::BTreeSet<usize> =
            (0..200).map(|number| drawn(number).to_text().len()).collect();
        assert_eq!(lengths.len(), 1);
        assert_eq!(format!("{:?}", drawn(0)), format!("Allocation({})", drawn(0).commitment()));
        assert_eq!(format!("{:?}", seed(0)), "Seed(…)");
    }
}
