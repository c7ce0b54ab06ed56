//! What is believed before the diary is read: reviewed data files, typed.

use ldn_core::Measure;
use ldn_core::data::{self, DataError, Status};
use serde::{Deserialize, Serialize};

use super::theta::Theta;

/// Number of linear parameters; see [`Linear`] for their order.
pub const LINEAR: usize = 12;
/// Position of the drug effect, the last of the linear parameters.
pub const DRUG: usize = LINEAR - 1;

/// Positions of the linear parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linear {
    /// The level before anything happened.
    Level = 0,
    /// The first of six weekday contrasts.
    Weekday = 1,
    /// Slow drift, improvement per 90 days.
    Drift = 7,
    /// What stays after the start, whatever is swallowed.
    Start = 8,
    /// The effect of taking a capsule.
    Capsule = 9,
    /// The extra effect of knowing that the capsule is active.
    Knowing = 10,
    /// The drug effect at the reference dose, fully built up.
    Drug = 11,
}

/// Which of the four opinions about the drug effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum DrugPrior {
    /// What all trials together support.
    #[default]
    Main,
    /// What the null trials support.
    Sceptical,
    /// What the favourable meta-analysis supports.
    Enthusiastic,
    /// Nearly no opinion.
    Flat,
}

impl DrugPrior {
    /// All four, in the order of every array indexed by them.
    pub const ALL: [DrugPrior; 4] =
        [DrugPrior::Main, DrugPrior::Sceptical, DrugPrior::Enthusiastic, DrugPrior::Flat];

    /// Returns the name used in files and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            DrugPrior::Main => "main",
            DrugPrior::Sceptical => "sceptical",
            DrugPrior::Enthusiastic => "enthusiastic",
            DrugPrior::Flat => "flat",
        }
    }

    /// Returns the position in [`DrugPrior::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A normal distribution of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalPrior {
    /// Mean.
    pub mean: f64,
    /// Standard deviation; positive.
    pub sd: f64,
}

/// Everything believed beforehand about one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorSet {
    /// The file's name, printed with every verdict.
    pub id: String,
    /// The linear parameters; the drug effect stands in [`PriorSet::drug`].
    pub linear: [NormalPrior; DRUG],
    /// The drug effect under each opinion.
    pub drug: [NormalPrior; 4],
    /// The nonlinear parameters on their working scales.
    pub nonlinear: [NormalPrior; Theta::LEN],
}

const FILES: [(&str, &str); 2] = [
    ("priors/ldn-pain-1.toml", include_str!("../../../../data/priors/ldn-pain-1.toml")),
    ("priors/ldn-other-1.toml", include_str!("../../../../data/priors/ldn-other-1.toml")),
];

impl PriorSet {
    /// Returns the set that is shipped for a measure.
    pub fn for_measure(measure: Measure) -> PriorSet {
        FILES
            .iter()
            .map(|(file, text)| {
                PriorFile::read(file, text).expect("a test reads every file that is compiled in")
            })
            .find(|file| file.measures.contains(&measure))
            .map(PriorSet::from)
            .expect("a test finds a set for every measure")
    }

    /// Reads a set from the text of a data file.
    ///
    /// # Errors
    /// [`DataError`] if the text is not a complete set with positive spreads.
    pub fn parse(file: &str, text: &str) -> Result<PriorSet, DataError> {
        PriorFile::read(file, text).map(PriorSet::from)
    }

    /// Returns mean and standard deviation of every linear parameter under one opinion.
    pub fn linear_with(&self, prior: DrugPrior) -> [NormalPrior; LINEAR] {
        std::array::from_fn(|i| if i == DRUG { self.drug[prior.index()] } else { self.linear[i] })
    }
}

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorFile {
    id: String,
    measures: Vec<Measure>,
    note: String,
    linear: LinearTable,
    nonlinear: NonlinearTable,
    drug: DrugTable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinearTable {
    level: NormalRow,
    weekday: NormalRow,
    drift: NormalRow,
    start: NormalRow,
    capsule: NormalRow,
    knowing: NormalRow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NonlinearTable {
    drug_delay: MedianRow,
    half_effect_dose: MedianRow,
    placebo_delay: MedianRow,
    noise_memory: MedianRow,
    noise_sd: MedianRow,
    slow_share: MedianRow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DrugTable {
    main: NormalRow,
    sceptical: NormalRow,
    enthusiastic: NormalRow,
    flat: NormalRow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NormalRow {
    mean: f64,
    sd: f64,
    #[serde(flatten)]
    basis: Basis,
}

/// A positive quantity, normal on the scale of its logarithm (or, for a share, of its log-odds).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MedianRow {
    median: f64,
    log_sd: f64,
    #[serde(flatten)]
    basis: Basis,
}

/// Where a value comes from.
#[derive(Debug, Deserialize)]
struct Basis {
    unit: String,
    status: Status,
    sources: Vec<String>,
    why: String,
}

impl PriorFile {
    fn read(file: &str, text: &str) -> Result<PriorFile, DataError> {
        let read: PriorFile = data::parse(file, text)?;
        let rule = |key: &str, expected: &str| DataError::Rule {
            file: file.to_owned(),
            key: key.to_owned(),
            expected: expected.to_owned(),
        };
        if file != format!("priors/{}.toml", read.id) {
            return Err(rule("id", "expected the file's own name"));
        }
        if read.measures.is_empty() || read.note.is_empty() {
            return Err(rule("measures", "expected at least one measure and a note"));
        }
        for (key, spread, basis) in read.rows() {
            if !(spread.is_finite() && spread > 0.0) {
                return Err(rule(key, "expected a positive spread"));
            }
            let basis_is_stated = !basis.unit.is_empty() && !basis.why.is_empty();
            let seen_without_source = basis.status >= Status::Seen && basis.sources.is_empty();
            if !basis_is_stated || seen_without_source {
                return Err(rule(key, "expected a unit, a reason, and a source for what was seen"));
            }
        }
        for (key, row) in read.nonlinear.rows() {
            if !(row.median > 0.0 && (key != "slow_share" || row.median < 1.0)) {
                return Err(rule(key, "expected a positive median, and a share below 1"));
            }
        }
        Ok(read)
    }

    /// Every row with its key, spread and basis.
    fn rows(&self) -> impl Iterator<Item = (&'static str, f64, &Basis)> {
        let PriorFile { linear: l, drug: d, .. } = self;
        let normal = [
            ("level", &l.level),
            ("weekday", &l.weekday),
            ("drift", &l.drift),
            ("start", &l.start),
            ("capsule", &l.capsule),
            ("knowing", &l.knowing),
            ("main", &d.main),
            ("sceptical", &d.sceptical),
            ("enthusiastic", &d.enthusiastic),
            ("flat", &d.flat),
        ];
        let nonlinear = self.nonlinear.rows();
        let normal = normal.into_iter().map(|(key, row)| (key, row.sd, &row.basis));
        normal.chain(nonlinear.into_iter().map(|(key, row)| (key, row.log_sd, &row.basis)))
    }
}

impl NonlinearTable {
    /// The rows in the order of [`Theta`].
    fn rows(&self) -> [(&'static str, &MedianRow); Theta::LEN] {
        [
            ("drug_delay", &self.drug_delay),
            ("half_effect_dose", &self.half_effect_dose),
            ("placebo_delay", &self.placebo_delay),
            ("noise_memory", &self.noise_memory),
            ("noise_sd", &self.noise_sd),
            ("slow_share", &self.slow_share),
        ]
    }
}

impl From<PriorFile> for PriorSet {
    fn from(file: PriorFile) -> PriorSet {
        let normal = |row: &NormalRow| NormalPrior { mean: row.mean, sd: row.sd };
        let PriorFile { linear: l, drug: d, .. } = &file;
        let mut linear = [normal(&l.weekday); DRUG];
        linear[Linear::Level as usize] = normal(&l.level);
        linear[Linear::Drift as usize] = normal(&l.drift);
        linear[Linear::Start as usize] = normal(&l.start);
        linear[Linear::Capsule as usize] = normal(&l.capsule);
        linear[Linear::Knowing as usize] = normal(&l.knowing);
        PriorSet {
            linear,
            drug: [&d.main, &d.sceptical, &d.enthusiastic, &d.flat].map(normal),
            nonlinear: file.nonlinear.rows().map(|(key, row)| {
                let mean = match key {
                    "slow_share" => libm::log(row.median / (1.0 - row.median)),
                    _ => libm::log(row.median),
                };
                NormalPrior { mean, sd: row.log_sd }
            }),
            id: file.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_a_set() {
        for measure in Measure::ALL {
            let set = PriorSet::for_measure(measure);
            assert_eq!(set.id, if measure == Measure::Pain { "ldn-pain-1" } else { "ldn-other-1" });
        }
        let pain = PriorSet::for_measure(Measure::Pain);
        assert_eq!(pain.drug.map(|p| (p.mean, p.sd)), [(0.3, 0.9), (0.0, 0.5), (0.9, 0.9), (0.0, 3.0)]);
        assert_eq!(pain.linear[Linear::Level as usize], NormalPrior { mean: 6.0, sd: 2.0 });
        assert!((pain.nonlinear[0].mean - libm::log(16.0)).abs() < 1e-15);
        assert_eq!(pain.nonlinear[5], NormalPrior { mean: 0.0, sd: 1.2 });
    }

    #[test]
    fn a_bad_file_is_refused_with_its_place() {
        let (file, text) = FILES[0];
        for (from, to, named) in [
            ("id = \"ldn-pain-1\"", "id = \"other\"", "`id`"),
            ("sd = 2.0", "sd = 0.0", "`level`"),
            ("log_sd = 0.7", "log_sd = -0.7", "`drug_delay`"),
            ("median = 0.5", "median = 1.5", "`slow_share`"),
            ("unit = \"points\"", "unit = \"\"", "expected a unit"),
            ("mean = 6.0", "mean = 6.0\naverage = 6.0", "average"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text, "{from}");
            let error = PriorSet::parse(file, &changed).unwrap_err().to_string();
            assert!(error.contains(named), "{from} -> {to}: {error}");
        }
    }
}
