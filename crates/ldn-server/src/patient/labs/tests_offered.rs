//! The tests that are offered by name, and the units in which a rule can read them.

use ldn_care::intake::Measured;
use ldn_core::journal::{Decimal, Lab};

use crate::words::Words;

/// A test that is offered by name.
pub(crate) struct OfferedTest {
    /// Its code in the form, and in the words `labs-test-…`.
    pub(crate) code: &'static str,
    /// Its name in the journal, which the screening knows; empty for one that the person names.
    pub(crate) name: &'static str,
    /// Its units; empty where any is taken.
    pub(crate) units: &'static [&'static str],
}

/// Another test, by the name that the person gives.
pub(super) const OTHER: &str = "other";

/// Every test that is offered, in the order in which a report prints them.
pub(crate) const OFFERED: [OfferedTest; 9] = [
    OfferedTest { code: "alt", name: "ALT", units: &["U/L", "µkat/L"] },
    OfferedTest { code: "ast", name: "AST", units: &["U/L", "µkat/L"] },
    OfferedTest { code: "bilirubin", name: "bilirubin", units: &["mg/dL", "µmol/L"] },
    OfferedTest { code: "egfr", name: "eGFR", units: &["mL/min/1.73m2"] },
    OfferedTest { code: "tsh", name: "TSH", units: &["mU/L"] },
    OfferedTest { code: "creatinine", name: "creatinine", units: &[] },
    OfferedTest { code: "crp", name: "CRP", units: &[] },
    OfferedTest { code: "esr", name: "ESR", units: &[] },
    OfferedTest { code: OTHER, name: "", units: &[] },
];

/// Returns the test of a code.
pub(super) fn offered(code: &str) -> Option<&'static OfferedTest> {
    OFFERED.iter().find(|test| test.code == code)
}

/// Every unit that is offered while typing.
pub(super) fn units() -> Vec<&'static str> {
    let mut units: Vec<&str> = OFFERED.iter().flat_map(|test| test.units).copied().collect();
    units.extend(["mg/L", "mm/h", "µmol/L", "g/L"]);
    units.sort_unstable();
    units.dedup();
    units
}

/// Reads a number as strictly as an intake does, and keeps it as it was written.
///
/// # Errors
/// What to tell the person; of a decimal comma how it is written here.
pub(super) fn number(text: &str, words: Words) -> Result<Decimal, String> {
    if text.parse::<Measured>().is_ok()
        && let Ok(decimal) = text.parse()
    {
        return Ok(decimal);
    }
    let with_point = text.replace(',', ".");
    let is_comma = text.matches(',').count() == 1 && with_point.parse::<Measured>().is_ok();
    Err(match is_comma {
        true => words.say_with("labs-number-comma", &[("number", &with_point)]),
        false => words.say("labs-number-wrong"),
    })
}

/// Returns the name of a test of the journal in the reader's language.
pub(super) fn name_of(words: Words, lab: &Lab) -> String {
    let known = OFFERED.iter().find(|test| !test.name.is_empty() && test.name == lab.test);
    known.map_or_else(|| lab.test.clone(), |test| words.say(&format!("labs-test-{}", test.code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn every_unit_that_is_offered_is_one_that_the_screening_reads() {
        for test in OFFERED.iter().filter(|test| !test.units.is_empty()) {
            for unit in test.units {
                let intake = format!(
                    "schema = 1\ndate = 2026-06-01\n[[lab]]\ntest = {:?}\nvalue = 1.5\nunit = {unit:?}\nupper_limit = 2\n",
                    test.name
                );
                let read = ldn_care::intake::read(intake.as_bytes());
                assert!(read.is_ok(), "{} in {unit}: {:?}", test.name, read.err());
            }
        }
    }

    #[test]
    fn numbers_are_kept_as_written_and_a_comma_is_never_guessed() {
        let words = Words::of(Language::English);
        for text in ["38.0", "0.7", "12"] {
            assert_eq!(number(text, words).map(|number| number.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(number("38,5", words), Err(words.say_with("labs-number-comma", &[("number", "38.5")])));
        for text in ["", "1,234,5", "< 0.01", "-1", "1e3", "NaN", ".5"] {
            assert_eq!(number(text, words), Err(words.say("labs-number-wrong")), "{text:?}");
        }
    }
}
