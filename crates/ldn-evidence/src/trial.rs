//! Trials and series with their results and adverse events.
//!
//! **Sign.** A difference is always LDN minus comparator in points of the row's own scale, and a change is end minus
//! baseline. Which way is better stands in [`Scale::better`]: where lower is better, below 0 favours LDN.

use ldn_core::data::{Problems, Status, id_of};
use serde::{Deserialize, Serialize};

use crate::printed::Printed;
use crate::recompute;

/// One trial, series or registration.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Equals the file name.
    pub id: String,
    /// The name it is known by.
    pub name: String,
    /// The source its rows were read in.
    pub source: String,
    /// Other sources about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<String>,
    /// Who took part.
    pub condition: String,
    /// How it was done.
    pub design: Design,
    /// What LDN was compared with.
    pub comparator: Comparator,
    /// True if there is a registration or protocol and no result.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub registered_only: bool,
    /// The trial that had the same participants; the two never stand in one pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_people_as: Option<String>,
    /// The other treatment of a factorial trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factorial_with: Option<String>,
    /// How far the dose is from a low one.
    pub dose_band: DoseBand,
    /// People randomised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_randomised: Option<u32>,
    /// What [`Trial::n_randomised`] counts if not that: enrolled, included, target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_randomised_is: Option<String>,
    /// Dose in milligrams a day, unless a row says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose_mg: Option<Printed>,
    /// Weeks on LDN, unless a row says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks: Option<Printed>,
    /// Weeks of washout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub washout_weeks: Option<Printed>,
    /// Where the rows were read, unless a row says otherwise.
    pub read_at: String,
    /// What holds for every row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What holds for every adverse event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adverse_events_note: Option<String>,
    /// Its results.
    #[serde(default, rename = "result")]
    pub results: Vec<ResultRow>,
    /// Its adverse events.
    #[serde(default, rename = "adverse_event")]
    pub adverse_events: Vec<AdverseEvent>,
}

/// How a trial was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Randomised, one treatment per person.
    RctParallel,
    /// Randomised order, every person on both treatments.
    RctCrossover,
    /// Both treatments in an order that was not drawn.
    SingleBlindCrossover,
    /// Which dose is needed.
    DoseFinding,
    /// Everybody knows that it is LDN; no comparison.
    OpenLabel,
    /// Files of a clinic or a register.
    Retrospective,
    /// Described patients.
    CaseSeries,
    /// Observations that are about naltrexone but not a study of LDN.
    Observational,
}

/// What LDN was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparator {
    /// Placebo.
    Placebo,
    /// Another drug.
    Active,
    /// Nothing.
    None,
}

/// How far a dose is from a low one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoseBand {
    /// Micrograms, with an opioid.
    UltraLow,
    /// Below 1 mg, with an opioid taper.
    VeryLow,
    /// Low.
    Low,
    /// That of the label, 50 mg or 1 mg per kg.
    Standard,
    /// Above the label.
    High,
}

/// Which way a scale is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Less is better, as of pain.
    Lower,
    /// More is better, as of sleep.
    Higher,
}

/// One outcome in one arm, or its difference between arms.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResultRow {
    /// What was measured.
    pub outcome: String,
    /// The name under which rows of several trials are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Whose result it is.
    pub arm: Arm,
    /// What kind of number it is.
    pub kind: RowKind,
    /// What it is counted on.
    pub scale: Scale,
    /// Dose in milligrams a day, where it differs from the trial's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose_mg: Option<Printed>,
    /// Weeks, where they differ from the trial's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks: Option<Printed>,
    /// People analysed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_analysed: Option<u32>,
    /// True if the difference is adjusted for something.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adjusted: bool,
    /// True if the spread is that of differences within the same person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paired: bool,
    /// The change, difference, level or dose; see [`RowKind`] and the sign convention of this module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Printed>,
    /// Standard deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<Printed>,
    /// Standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub se: Option<Printed>,
    /// 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci: Option<[Printed; 2]>,
    /// Two-sided p-value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<Printed>,
    /// The bound, where the source says only that p lies below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_below: Option<Printed>,
    /// People who responded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responders: Option<Responders>,
    /// Percentage of responders as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Printed>,
    /// Levels before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_to: Option<FromTo>,
    /// Standardised effect as printed, without its sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohens_d: Option<Printed>,
    /// Width of the interquartile range of a median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iqr_width: Option<Printed>,
    /// Which of these figures the source does not print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<Derived>,
    /// Why a figure does not agree with the others; see the loader's checks.
    #[serde(default, skip_serializing_if = "Explained::is_empty")]
    pub explained: Explained,
    /// How it differs from what its measure means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    /// Where it was read, where that differs from the trial's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<String>,
    /// What a reader must know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the numbers were seen.
    pub status: Status,
    /// Particulars that are recalled although the numbers were seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalled: Vec<String>,
}

/// Whose result a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// People on LDN, or on the naltrexone of the trial.
    Ldn,
    /// People on placebo.
    Placebo,
    /// People on another drug.
    ActiveComparator,
    /// LDN minus comparator.
    Difference,
    /// Naltrexone above the dose of the label.
    NaltrexoneHighDose,
    /// The arm was not stated, or all arms together.
    Unspecified,
    /// Several trials together, in a review.
    Pooled,
}

/// What kind of number a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// End minus baseline within one arm, on the scale.
    Change,
    /// LDN minus comparator, on the scale.
    Difference,
    /// Change within one arm in percent of the baseline.
    PercentChange,
    /// LDN minus comparator in percentage points.
    PercentDifference,
    /// Median of the differences, or difference of medians.
    MedianDifference,
    /// Only a bound of the number is known.
    Bound,
    /// People who responded.
    Responders,
    /// A level, not a change.
    Level,
    /// A dose that was sought.
    Dose,
    /// Words, perhaps with a p-value.
    Statement,
}

/// What a row is counted on.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Its name.
    pub name: String,
    /// Lower end; `None` if not stated or unbounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Printed>,
    /// Upper end; `None` if not stated or unbounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Printed>,
    /// Which way is better; `None` if not stated or neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub better: Option<Better>,
    /// Unit; `None` only where there is no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// People who responded, out of those analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Responders {
    /// How many.
    pub n: u32,
    /// Of how many.
    pub of: u32,
}

/// Levels before and after.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FromTo {
    /// Mean before.
    pub baseline: Printed,
    /// Mean after.
    pub end: Printed,
    /// Spread before and after.
    pub spread: [Printed; 2],
    /// What the spread is.
    pub spread_is: Spread,
}

/// What a spread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// Standard deviation.
    Sd,
    /// Presumably a standard error; the source does not say.
    SePresumed,
}

/// A figure that the source does not print.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// Which figure.
    pub what: Figure,
    /// From what.
    pub from: Origin,
    /// How.
    pub how: String,
}

/// A figure of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Figure {
    /// The estimate.
    Estimate,
    /// Its sign.
    Sign,
    /// Its standard error.
    Se,
    /// A count.
    Count,
    /// A number of people.
    N,
    /// A duration.
    Weeks,
}

/// What a figure was derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The interval.
    Interval,
    /// The p-value.
    PValue,
    /// The two arms.
    Arms,
    /// The levels before and after.
    BaselineAndEnd,
    /// A percentage.
    Percentage,
    /// Something else.
    Other,
}

/// Why figures of a row do not agree, by the check that they fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    /// Standard error against interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub se: Option<String>,
    /// p-value against estimate and standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<String>,
    /// Difference against its arms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arms: Option<String>,
    /// Percentage against counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<String>,
    /// Change against the levels before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// Estimate against the middle of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle: Option<String>,
    /// People of the difference against those of the arms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
}

/// One adverse event in one arm, or its pooled ratio in a review.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AdverseEvent {
    /// As the source names it.
    pub event: String,
    /// The name under which events of several trials are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// Whose.
    pub arm: Arm,
    /// Dose in milligrams a day; `None` for placebo and where it was not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose_mg: Option<Printed>,
    /// People who could have had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_at_risk: Option<u32>,
    /// How many had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Percentage as printed, or to one decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Printed>,
    /// Weeks over which it was counted, where they differ from the trial's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks: Option<Printed>,
    /// What is counted; people unless it says otherwise.
    #[serde(default, skip_serializing_if = "Counts::is_people")]
    pub counts: Counts,
    /// What a pooled estimate is, such as `RR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// A pooled ratio, LDN against comparator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Printed>,
    /// Its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci: Option<[Printed; 2]>,
    /// Two-sided p-value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<Printed>,
    /// The bound, where the source says only that p lies below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_below: Option<Printed>,
    /// Which of these figures the source does not print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<Derived>,
    /// Why a figure does not agree with the others.
    #[serde(default, skip_serializing_if = "Explained::is_empty")]
    pub explained: Explained,
    /// How it differs from what its term means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    /// What a reader must know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the numbers were seen.
    pub status: Status,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// People with at least one event.
    #[default]
    People,
    /// Events; a person may have several.
    Events,
}

impl Counts {
    fn is_people(&self) -> bool {
        *self == Counts::People
    }
}

impl Explained {
    fn is_empty(&self) -> bool {
        *self == Explained::default()
    }
}

impl Design {
    /// Returns the words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Design::RctParallel => "randomised, parallel groups",
            Design::RctCrossover => "randomised crossover",
            Design::SingleBlindCrossover => "single-blind, fixed order",
            Design::DoseFinding => "dose finding",
            Design::OpenLabel => "open label",
            Design::Retrospective => "retrospective",
            Design::CaseSeries => "case series",
            Design::Observational => "observational",
        }
    }

    /// Returns true if chance decided who got what, or in which order.
    pub const fn is_randomised(self) -> bool {
        matches!(self, Design::RctParallel | Design::RctCrossover)
    }
}

impl Comparator {
    /// Returns the words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Comparator::Placebo => "placebo",
            Comparator::Active => "another drug",
            Comparator::None => "nothing",
        }
    }
}

impl Arm {
    /// Returns the words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Arm::Ldn => "LDN",
            Arm::Placebo => "placebo",
            Arm::ActiveComparator => "active comparator",
            Arm::Difference => "difference",
            Arm::NaltrexoneHighDose => "high-dose naltrexone",
            Arm::Unspecified => "arm not stated",
            Arm::Pooled => "pooled",
        }
    }
}

impl RowKind {
    /// Returns true if the number is a percentage of the baseline and not points of a scale.
    pub const fn is_percent(self) -> bool {
        matches!(self, RowKind::PercentChange | RowKind::PercentDifference)
    }
}

impl ResultRow {
    /// Returns true if a particular of this name is recalled.
    pub fn recalls(&self, particular: &str) -> bool {
        self.recalled.iter().any(|recalled| recalled == particular)
    }
}

impl Trial {
    /// Returns the dose of a row in milligrams a day.
    pub fn dose_mg_of(&self, row: &ResultRow) -> Option<Printed> {
        row.dose_mg.or(self.dose_mg)
    }

    /// Returns the weeks of a row.
    pub fn weeks_of(&self, row: &ResultRow) -> Option<Printed> {
        row.weeks.or(self.weeks)
    }

    /// Returns the sources that the trial names.
    pub fn cites(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.source.as_str()).chain(self.also_in.iter().map(String::as_str))
    }

    /// Notes what is wrong with a trial by itself.
    pub(crate) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        for (key, text) in [("name", &self.name), ("condition", &self.condition)] {
            if text.trim().is_empty() {
                problems.value(file, key, text, "a text");
            }
        }
        if !self.read_at.starts_with("http") {
            problems.value(file, "read_at", &self.read_at, "an address that starts with http");
        }
        if self.results.is_empty() && self.adverse_events.is_empty() {
            problems.value(file, "result", "[]", "at least one row");
        }
        for (index, row) in self.results.iter().enumerate() {
            row.check(file, &format!("result[{}]", index + 1), problems);
        }
        recompute::check_results(self, file, problems);
        recompute::check_adverse_events(&self.adverse_events, file, problems);
    }
}

impl ResultRow {
    fn check(&self, file: &str, key: &str, problems: &mut Problems) {
        let has_unit = self.scale.unit.as_deref().is_some_and(|unit| !unit.trim().is_empty());
        let has_number = self.estimate.is_some() || self.responders.is_some() || self.percent.is_some();
        if has_number && !has_unit {
            problems.value(file, &format!("{key}.scale.unit"), "", "a unit, since the row has a number");
        }
        if self.kind.is_percent() && self.scale.unit.as_deref() != Some("%") {
            let unit = self.scale.unit.as_deref().unwrap_or_default();
            problems.value(file, &format!("{key}.scale.unit"), unit, "\"%\" for a percentage");
        }
        if let (Some(low), Some(high)) = (self.scale.low, self.scale.high)
            && low.value() >= high.value()
        {
            problems.value(file, &format!("{key}.scale.low"), low, format_args!("less than {high}"));
        }
        if let Some(low_count) = self.responders.filter(|r| r.n > r.of) {
            let of = low_count.of;
            problems.value(file, &format!("{key}.responders.n"), low_count.n, format_args!("at most {of}"));
        }
        let is_between = self.arm == Arm::Difference;
        let must_be_between = matches!(self.kind, RowKind::Difference | RowKind::PercentDifference);
        let must_be_within = matches!(self.kind, RowKind::Change | RowKind::PercentChange);
        if (must_be_between && !is_between) || (must_be_within && is_between) {
            let expected = "a change in an arm, or a difference between arms";
            problems.value(file, &format!("{key}.kind"), format_args!("{:?}", self.kind), expected);
        }
        if self.p.is_some() && self.p_below.is_some() {
            problems.value(file, &format!("{key}.p_below"), "both", "either p or p_below");
        }
    }
}
