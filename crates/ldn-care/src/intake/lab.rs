//! Results of tests and questionnaires.

use std::fmt;

use jiff::civil::Date;

use super::Measured;

/// A result of a test or a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lab {
    /// Which test.
    pub test: LabTest,
    /// Its name as written.
    pub written: String,
    /// What came out.
    pub result: LabResult,
    /// When; `None` if not recorded.
    pub date: Option<Date>,
}

/// A test that a rule asks about, or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabTest {
    /// Alanine aminotransferase.
    Alt,
    /// Aspartate aminotransferase.
    Ast,
    /// Total bilirubin.
    Bilirubin,
    /// Estimated glomerular filtration rate.
    Egfr,
    /// Thyrotropin.
    Tsh,
    /// Urine screen for opioids.
    UrineOpioidScreen,
    /// Urine immunoassay for oxycodone.
    UrineOxycodone,
    /// Naloxone challenge; positive means signs of withdrawal.
    NaloxoneChallenge,
    /// Depression questionnaire with nine items.
    Phq9,
    /// Its ninth item, on thoughts of death or self-harm.
    Phq9Item9,
    /// Any other.
    Other,
}

/// Tests by the names people write, letters and digits only.
const NAMES: [(&str, LabTest); 43] = [
    ("alt", LabTest::Alt),
    ("alat", LabTest::Alt),
    ("gpt", LabTest::Alt),
    ("sgpt", LabTest::Alt),
    ("altsgpt", LabTest::Alt),
    ("alanineaminotransferase", LabTest::Alt),
    ("alaninetransaminase", LabTest::Alt),
    ("ast", LabTest::Ast),
    ("asat", LabTest::Ast),
    ("got", LabTest::Ast),
    ("sgot", LabTest::Ast),
    ("astsgot", LabTest::Ast),
    ("aspartateaminotransferase", LabTest::Ast),
    ("aspartatetransaminase", LabTest::Ast),
    ("bilirubin", LabTest::Bilirubin),
    ("totalbilirubin", LabTest::Bilirubin),
    ("bilirubintotal", LabTest::Bilirubin),
    ("egfr", LabTest::Egfr),
    ("gfr", LabTest::Egfr),
    ("estimatedgfr", LabTest::Egfr),
    ("egfrckdepi", LabTest::Egfr),
    ("tsh", LabTest::Tsh),
    ("thyrotropin", LabTest::Tsh),
    ("urineopioidscreen", LabTest::UrineOpioidScreen),
    ("urineopioids", LabTest::UrineOpioidScreen),
    ("urineopiatescreen", LabTest::UrineOpioidScreen),
    ("urineopiates", LabTest::UrineOpioidScreen),
    ("urinedrugscreen", LabTest::UrineOpioidScreen),
    ("opioidscreen", LabTest::UrineOpioidScreen),
    ("urineoxycodone", LabTest::UrineOxycodone),
    ("urineoxycodonescreen", LabTest::UrineOxycodone),
    ("oxycodoneimmunoassay", LabTest::UrineOxycodone),
    ("urineoxycodoneimmunoassay", LabTest::UrineOxycodone),
    ("oxycodonescreen", LabTest::UrineOxycodone),
    ("oxycodoneurineimmunoassay", LabTest::UrineOxycodone),
    ("naloxonechallenge", LabTest::NaloxoneChallenge),
    ("naloxonechallengetest", LabTest::NaloxoneChallenge),
    ("narcanchallenge", LabTest::NaloxoneChallenge),
    ("phq9", LabTest::Phq9),
    ("phq9total", LabTest::Phq9),
    ("phq9item9", LabTest::Phq9Item9),
    ("phq9q9", LabTest::Phq9Item9),
    ("phqitem9", LabTest::Phq9Item9),
];

impl LabTest {
    /// Returns the test of a name as written; [`LabTest::Other`] if no rule asks about it.
    pub fn from_written(name: &str) -> LabTest {
        let plain: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        NAMES.iter().find(|(known, _)| *known == plain).map_or(LabTest::Other, |(_, test)| *test)
    }

    /// Returns the name by which `lab[…]` names it where it is absent.
    pub const fn name(self) -> &'static str {
        match self {
            LabTest::Alt => "ALT",
            LabTest::Ast => "AST",
            LabTest::Bilirubin => "bilirubin",
            LabTest::Egfr => "eGFR",
            LabTest::Tsh => "TSH",
            LabTest::UrineOpioidScreen => "urine-opioid-screen",
            LabTest::UrineOxycodone => "urine-oxycodone",
            LabTest::NaloxoneChallenge => "naloxone-challenge",
            LabTest::Phq9 => "PHQ-9",
            LabTest::Phq9Item9 => "PHQ-9-item-9",
            LabTest::Other => "other",
        }
    }
}

/// What came out of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabResult {
    /// An amount, in the unit that its test is held in here.
    Amount {
        /// The amount.
        value: Measured,
        /// The upper limit of the same report; `None` is unknown, not "normal".
        upper_limit: Option<Measured>,
        /// What `value` and `upper_limit` are counted in.
        unit: UnitOfLab,
        /// As written, with its unit.
        written: String,
    },
    /// A score, which has no unit.
    Score(Measured),
    /// Found; of a naloxone challenge, signs of withdrawal.
    Positive,
    /// Not found.
    Negative,
}

/// Prints as written.
impl fmt::Display for LabResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabResult::Amount { written, upper_limit, .. } => {
                f.write_str(written)?;
                let missing = if upper_limit.is_none() { " (no upper limit)" } else { "" };
                f.write_str(missing)
            }
            LabResult::Score(score) => write!(f, "{score}"),
            LabResult::Positive => f.write_str("positive"),
            LabResult::Negative => f.write_str("negative"),
        }
    }
}

/// What a laboratory amount is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitOfLab {
    /// Enzyme units in a litre. µkat/L are converted: 1 µkat is 60 U.
    UnitsPerLitre,
    /// Bilirubin by mass.
    MilligramsPerDecilitre,
    /// Bilirubin by amount of substance.
    MicromolesPerLitre,
    /// Filtration of the kidneys.
    MillilitresPerMinute,
    /// Thyrotropin.
    MilliunitsPerLitre,
    /// As written, for a test that no rule reads.
    AsWritten,
}

/// The units of a test: as written (small letters, no spaces), what it is held in, and the factor to get there.
pub(super) fn units_of(test: LabTest) -> &'static [(&'static str, UnitOfLab, u32)] {
    match test {
        LabTest::Alt | LabTest::Ast => &[
            ("u/l", UnitOfLab::UnitsPerLitre, 1),
            ("iu/l", UnitOfLab::UnitsPerLitre, 1),
            ("µkat/l", UnitOfLab::UnitsPerLitre, 60),
            ("μkat/l", UnitOfLab::UnitsPerLitre, 60),
            ("ukat/l", UnitOfLab::UnitsPerLitre, 60),
            ("microkat/l", UnitOfLab::UnitsPerLitre, 60),
        ],
        LabTest::Bilirubin => &[
            ("mg/dl", UnitOfLab::MilligramsPerDecilitre, 1),
            ("µmol/l", UnitOfLab::MicromolesPerLitre, 1),
            ("μmol/l", UnitOfLab::MicromolesPerLitre, 1),
            ("umol/l", UnitOfLab::MicromolesPerLitre, 1),
            ("micromol/l", UnitOfLab::MicromolesPerLitre, 1),
        ],
        LabTest::Egfr => &[
            ("ml/min/1.73m2", UnitOfLab::MillilitresPerMinute, 1),
            ("ml/min/1.73m²", UnitOfLab::MillilitresPerMinute, 1),
            ("ml/min/1.73m^2", UnitOfLab::MillilitresPerMinute, 1),
            ("ml/min", UnitOfLab::MillilitresPerMinute, 1),
            ("ml/s/1.73m2", UnitOfLab::MillilitresPerMinute, 60),
            ("ml/s/1.73m²", UnitOfLab::MillilitresPerMinute, 60),
        ],
        LabTest::Tsh => &[
            ("mu/l", UnitOfLab::MilliunitsPerLitre, 1),
            ("miu/l", UnitOfLab::MilliunitsPerLitre, 1),
            ("µiu/ml", UnitOfLab::MilliunitsPerLitre, 1),
            ("μiu/ml", UnitOfLab::MilliunitsPerLitre, 1),
            ("uiu/ml", UnitOfLab::MilliunitsPerLitre, 1),
        ],
        _ => &[],
    }
}

/// How to write the unit of a test, for messages.
pub(super) fn units_expected(test: LabTest) -> &'static str {
    match test {
        LabTest::Alt | LabTest::Ast => "\"U/L\" or \"µkat/L\"",
        LabTest::Bilirubin => "\"mg/dL\" or \"µmol/L\"",
        LabTest::Egfr => "\"mL/min/1.73m2\"",
        LabTest::Tsh => "\"mU/L\"",
        _ => "the unit of the report",
    }
}
