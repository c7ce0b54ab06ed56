//! A quarter of a million damaged intakes and diaries: the readers answer, and never panic.
//!
//! The coverage-guided fuzz targets under `fuzz/` need a nightly compiler; this runs everywhere, about a minute on one
//! core, and is the same every time.

use ldn_care::intake;
use ldn_care::medicine::Formulary;
use ldn_care::screen::{RuleSet, screen};
use ldn_core::diary::{ReadOptions, read};

use crate::root;

/// Marsaglia's xorshift: enough for choosing where to damage a file.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// Pieces that matter to one reader or the other.
const PIECES: [&[u8]; 20] = [
    b"\"",
    b"'''",
    b"[[",
    b"]]",
    b"[medicine]",
    b"=",
    b"\n",
    b"\r",
    b",",
    b";",
    b"\xff",
    b"\xef\xbb\xbf",
    b"NaN",
    b"-0",
    b"9999-12-31",
    b"unknown",
    b"4,5 mg",
    b"1e999",
    b"\\u0000",
    b"Zyxol",
];

fn damaged(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, PIECES[chance.below(PIECES.len())].iter().copied())),
            2 if at < bytes.len() => bytes[at] = chance.below(256) as u8,
            3 if at < bytes.len() => drop(bytes.remove(at)),
            _ => {
                let from = chance.below(bytes.len() + 1);
                let piece = bytes[at.min(from)..at.max(from)].to_vec();
                bytes.splice(at..at, piece.into_iter().take(200));
            }
        }
    }
    bytes
}

#[test]
fn damaged_intakes_are_answered() {
    let today = jiff::civil::date(2026, 1, 5);
    let sample = concat!(
        "schema = 1\ndate = 2026-01-05\n[person]\nbirth_year = 1978\n[course]\nrequested_dose = \"4.5 mg\"\n",
        "[answers]\nlists_complete = \"yes\"\n[[medicine]]\nname = \"Ultram 50 mg\"\nuse = \"as-needed\"\n",
        "last_taken = 2026-01-04\n[[lab]]\ntest = \"ALT\"\nvalue = 38.0\nunit = \"U/L\"\nupper_limit = 40.0\ndate = 2025-12-20\n",
    );
    let seeds = [intake::template(today).into_bytes(), sample.as_bytes().to_vec()];
    let mut chance = Chance(0x5eed_1dea);
    let (mut accepted, mut refused) = (0, 0);
    for n in 0..150_000 {
        match intake::read(&damaged(&seeds[n % 2], &mut chance)) {
            Ok(intake) => {
                accepted += 1;
                // Every intake that is read can be screened, however odd.
                if accepted % 20 == 0 {
                    let screening = screen(&intake, RuleSet::shipped(), Formulary::shipped());
                    assert!(!screening.not_checked.is_empty());
                }
            }
            Err(problems) => {
                refused += 1;
                assert!(!problems.kept().is_empty());
            }
        }
    }
    assert!(accepted > 1_000 && refused > 100_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn damaged_diaries_are_answered() {
    let seed = std::fs::read(root().join("golden/verdict/s3_early_three_weeks.csv")).unwrap();
    let mut chance = Chance(0xd1a7_5eed);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..100_000 {
        match read(&damaged(&seed, &mut chance), ReadOptions::default()) {
            Ok(diary) => {
                accepted += 1;
                assert!(diary.rows().is_sorted_by(|a, b| a.date < b.date));
            }
            Err(problems) => {
                refused += 1;
                assert!(!problems.kept().is_empty());
            }
        }
    }
    assert!(accepted > 1_000 && refused > 10_000, "{accepted} accepted, {refused} refused");
}
