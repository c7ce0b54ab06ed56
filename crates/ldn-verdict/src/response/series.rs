//! One measure of one diary as the model sees it: one record per calendar day, and what follows from them.

use jiff::civil::Date;
use ldn_core::diary::{Arm, Diary, DiaryRow};
use ldn_core::{Dose, Measure};

/// Longest run of capsule-free days that still counts as on treatment.
const LONGEST_GAP_ON_TREATMENT: usize = 6;
/// Days of the baseline window, the day of the first capsule included.
const BASELINE_DAYS: usize = 28;
/// Days of the evaluation window.
const EVALUATION_DAYS: usize = 28;
/// Days at the end of the evaluation window over which the build-up is averaged.
const BUILDUP_DAYS: usize = 7;
/// Longer diaries use only their end and their baseline.
const LONGEST_IN_FULL: usize = 1_500;
/// How much of the end of a longer diary is used.
const LAST_DAYS_USED: usize = 730;
/// Largest share of days whose dose may be unknown.
const LARGEST_UNKNOWN_SHARE: f64 = 0.2;
/// Reference dose where none was ever taken.
const CUSTOMARY_DOSE: Dose = Dose::from_micrograms(4_500);

/// What is known of one calendar day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayRecord {
    /// Active naltrexone taken.
    pub dose: Dose,
    /// Whether any capsule, active or placebo, was taken.
    pub capsule: bool,
    /// Whether the person did not know what the capsule was.
    pub blind: bool,
    /// The arm of a blinded period.
    pub arm: Option<Arm>,
    /// The day's burden, 0 best to 10 worst; `None` if not scored.
    pub burden: Option<f64>,
}

/// One measure of one diary, a record per calendar day without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub(super) start: Date,
    pub(super) days: Vec<DayRecord>,
    /// First day with a capsule.
    pub(super) first: Option<usize>,
    /// On treatment, by day.
    pub(super) phase: Vec<bool>,
    pub(super) baseline: Vec<usize>,
    pub(super) evaluation: Vec<usize>,
    pub(super) reference_dose: Dose,
    /// What was noticed while deriving it, for the checks.
    pub(super) remarks: Remarks,
}

/// Peculiarities of a diary that do not stop a verdict but must be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Days whose dose was not recorded and was carried forward.
    pub carried_doses: usize,
    /// Scored days that were left out because the diary is longer than is used.
    pub scores_left_out: usize,
}

/// A diary that no verdict can be given on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// Too many days without a word about the dose.
    #[error(
        "the dose is unknown on {unknown} of {days} days, more than one in five; write 0 in `dose_mg` on days without a dose, also before the start, and what was taken on the others"
    )]
    DoseUnknown {
        /// Days without a recorded dose.
        unknown: usize,
        /// All days.
        days: usize,
    },
    /// A blinded period that is still sealed.
    #[error(
        "the dose of the blinded period from {from} is still masked; a verdict needs the period unblinded"
    )]
    Masked {
        /// First day of it.
        from: Date,
    },
}

impl Series {
    /// Takes one measure out of a diary; days without a row are days on which nothing was recorded.
    ///
    /// # Errors
    /// [`SeriesError`] if the doses are unknown on more than a fifth of the days.
    pub fn from_diary(
        diary: &Diary,
        measure: Measure,
        reference_dose: Option<Dose>,
    ) -> Result<Series, SeriesError> {
        let start = diary.first_date();
        let mut rows = diary.rows().iter().peekable();
        let n_days = 1 + days_between(start, diary.last_date());
        let mut days = Vec::with_capacity(n_days);
        let mut unknown = 0;
        let unmasked = diary.rows().iter().any(|row| row.blind && row.dose.is_some());
        for t in 0..n_days {
            let date = add_days(start, t);
            let left_out;
            let row = match rows.next_if(|row| row.date == date) {
                Some(row) => row,
                None => {
                    left_out = unrecorded(date, days.last(), rows.peek().copied());
                    &left_out
                }
            };
            if is_masked(row, unmasked) {
                return Err(SeriesError::Masked { from: date });
            }
            let (dose, capsule, was_known) = taken(row, days.last(), diary.records_doses());
            unknown += usize::from(!was_known);
            days.push(DayRecord {
                dose,
                capsule,
                blind: row.blind,
                arm: row.arm.clone(),
                burden: row.score(measure).map(|score| score.burden()),
            });
        }
        if unknown as f64 > LARGEST_UNKNOWN_SHARE * n_days as f64 {
            return Err(SeriesError::DoseUnknown { unknown, days: n_days });
        }
        let mut series = Series::new(start, days, reference_dose);
        series.remarks.carried_doses = unknown;
        Ok(series)
    }

    /// Makes a series from day records, at least one; the first stands for the start date.
    ///
    /// A reference dose that is absent or zero becomes the highest dose taken, or 4.5 mg where none was.
    pub fn new(start: Date, mut days: Vec<DayRecord>, reference_dose: Option<Dose>) -> Series {
        assert!(!days.is_empty(), "a series has at least one day");
        let first = days.iter().position(|day| day.capsule);
        let phase = treatment_phase(&days);
        let baseline = baseline_window(first, days.len());
        let evaluation = evaluation_window(first, &phase);
        let highest = days.iter().map(|day| day.dose).max().unwrap_or_default();
        let reference_dose = reference_dose.filter(|dose| !dose.is_zero()).unwrap_or(if highest.is_zero() {
            CUSTOMARY_DOSE
        } else {
            highest
        });
        let scores_left_out = forget_the_middle(&mut days, &[&baseline, &evaluation]);
        let remarks = Remarks { carried_doses: 0, scores_left_out };
        Series { start, days, first, phase, baseline, evaluation, reference_dose, remarks }
    }

    /// Returns the number of calendar days.
    pub fn n_days(&self) -> usize {
        self.days.len()
    }

    /// Returns the number of scored days that are used.
    pub fn n_scored(&self) -> usize {
        self.days.iter().filter(|day| day.burden.is_some()).count()
    }

    /// Returns the date of a day.
    pub fn date(&self, day: usize) -> Date {
        add_days(self.start, day)
    }

    /// Returns the day records.
    pub fn days(&self) -> &[DayRecord] {
        &self.days
    }

    /// Returns the day of the first capsule; `None` if there was none.
    pub fn first_capsule(&self) -> Option<usize> {
        self.first
    }

    /// Returns true if a day lies on treatment: a capsule, or a short gap between two.
    pub fn is_on_treatment(&self, day: usize) -> bool {
        self.phase[day]
    }

    /// Returns the days of the baseline window.
    pub fn baseline(&self) -> &[usize] {
        &self.baseline
    }

    /// Returns the days of the evaluation window.
    pub fn evaluation(&self) -> &[usize] {
        &self.evaluation
    }

    /// Returns the reference dose in force.
    pub fn reference_dose(&self) -> Dose {
        self.reference_dose
    }

    /// Returns the highest dose taken.
    pub fn highest_dose(&self) -> Dose {
        self.days.iter().map(|day| day.dose).max().unwrap_or_default()
    }

    /// Returns the day of the last capsule if the diary goes on for a week or more without one.
    pub fn stopped_on(&self) -> Option<usize> {
        let last = self.days.iter().rposition(|day| day.capsule)?;
        (self.days.len() - 1 - last > LONGEST_GAP_ON_TREATMENT).then_some(last)
    }

    /// Returns what must be told about the diary.
    pub fn remarks(&self) -> Remarks {
        self.remarks
    }

    /// Returns the weekday of a day, Monday = 0.
    pub(crate) fn weekday(&self, day: usize) -> usize {
        (self.start.weekday().to_monday_zero_offset() as usize + day) % 7
    }

    /// Returns the scores of a window.
    pub(super) fn scores<'a>(&'a self, window: &'a [usize]) -> impl Iterator<Item = f64> + 'a {
        window.iter().filter_map(|t| self.days[*t].burden)
    }

    /// Returns the days over which the build-up is averaged: the last of the evaluation window.
    pub(super) fn buildup_days(&self) -> &[usize] {
        &self.evaluation[self.evaluation.len().saturating_sub(BUILDUP_DAYS)..]
    }
}

/// A day without a row: nothing was recorded, and a blinded period that goes on around it goes on through it.
fn unrecorded(date: Date, before: Option<&DayRecord>, after: Option<&DiaryRow>) -> DiaryRow {
    let mut row = DiaryRow::empty(date);
    if let (Some(before), Some(after)) = (before, after)
        && before.blind
        && after.blind
        && before.arm == after.arm
    {
        (row.blind, row.arm) = (true, before.arm.clone());
    }
    row
}

/// A blinded day whose dose is sealed, as opposed to one on which it was merely not written down.
fn is_masked(row: &DiaryRow, unmasked_elsewhere: bool) -> bool {
    let dose_is_open = row.dose.is_some() || row.capsule == Some(false);
    row.blind && !dose_is_open && (matches!(row.arm, Some(Arm::Masked(_))) || !unmasked_elsewhere)
}

/// What was taken on a day, and whether that is recorded rather than carried forward from the day before.
fn taken(row: &DiaryRow, before: Option<&DayRecord>, diary_records_doses: bool) -> (Dose, bool, bool) {
    match (row.dose, row.capsule) {
        (Some(dose), capsule) => (dose, capsule.unwrap_or(!dose.is_zero()), true),
        (None, Some(false)) => (Dose::ZERO, false, true),
        // A diary that never speaks of doses is one kept before any treatment.
        (None, None) if !diary_records_doses => (Dose::ZERO, false, true),
        (None, capsule) => {
            let dose = before.map(|day| day.dose).unwrap_or_default();
            let carried = before.is_some_and(|day| day.capsule);
            (dose, capsule.unwrap_or(carried), false)
        }
    }
}

fn treatment_phase(days: &[DayRecord]) -> Vec<bool> {
    let mut phase: Vec<bool> = days.iter().map(|day| day.capsule).collect();
    let capsule_days: Vec<usize> = (0..days.len()).filter(|t| days[*t].capsule).collect();
    for pair in capsule_days.windows(2) {
        let gap = pair[0] + 1..pair[1];
        if gap.len() <= LONGEST_GAP_ON_TREATMENT {
            phase[gap].fill(true);
        }
    }
    phase
}

/// The first capsule is assumed to be taken at bedtime, so its day still counts. Without a capsule: the last days.
fn baseline_window(first: Option<usize>, n_days: usize) -> Vec<usize> {
    let first = first.unwrap_or(n_days);
    (0..n_days).filter(|t| *t <= first && t + BASELINE_DAYS > first).collect()
}

/// The last days after the start that follow a day on treatment; doses act from the next day on.
fn evaluation_window(first: Option<usize>, phase: &[bool]) -> Vec<usize> {
    let after_the_start = first.map_or(phase.len(), |first| first + 1);
    let treated: Vec<usize> = (after_the_start..phase.len()).filter(|t| phase[t - 1]).collect();
    if treated.is_empty() {
        return vec![phase.len() - 1];
    }
    treated[treated.len().saturating_sub(EVALUATION_DAYS)..].to_vec()
}

/// In a very long diary only the windows and the last two years are scored; the doses all stay. Returns how many scores
/// were dropped.
fn forget_the_middle(days: &mut [DayRecord], windows: &[&[usize]]) -> usize {
    if days.len() <= LONGEST_IN_FULL {
        return 0;
    }
    let used_from = days.len() - LAST_DAYS_USED;
    let mut left_out = 0;
    for (t, day) in days.iter_mut().enumerate().take(used_from) {
        if !windows.iter().any(|window| window.contains(&t)) {
            left_out += usize::from(day.burden.take().is_some());
        }
    }
    left_out
}

fn days_between(from: Date, to: Date) -> usize {
    usize::try_from((to - from).get_days()).expect("a diary's dates ascend")
}

fn add_days(date: Date, days: usize) -> Date {
    date.saturating_add(jiff::Span::new().days(i64::try_from(days).expect("a diary's days fit")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ldn_core::diary::{ReadOptions, read};

    fn capsules(pattern: &str) -> Vec<DayRecord> {
        pattern
            .bytes()
            .map(|b| DayRecord {
                dose: if b == b'1' { Dose::from_micrograms(4_500) } else { Dose::ZERO },
                capsule: b == b'1',
                blind: false,
                arm: None,
                burden: Some(5.0),
            })
            .collect()
    }

    fn series(pattern: &str) -> Series {
        Series::new(jiff::civil::date(2026, 1, 5), capsules(pattern), None)
    }

    #[test]
    fn a_short_gap_is_still_treatment() {
        for (pattern, phase) in [
            ("00110", "00110"),
            ("1000000100", "1111111100"),   // six days without
            ("10000000100", "10000000100"), // seven
            ("000", "000"),
        ] {
            let shown: String = series(pattern).phase.iter().map(|on| if *on { '1' } else { '0' }).collect();
            assert_eq!(shown, phase, "{pattern}");
        }
    }

    #[test]
    fn windows() {
        let s = series(&("0".repeat(30) + &"1".repeat(40)));
        assert_eq!(s.baseline, (3..=30).collect::<Vec<_>>(), "28 days up to the first capsule's own");
        assert_eq!(s.evaluation, (42..70).collect::<Vec<_>>());
        assert_eq!(s.buildup_days(), [63, 64, 65, 66, 67, 68, 69]);

        let s = series("0011100000000");
        assert_eq!(s.baseline, [0, 1, 2]);
        assert_eq!(s.evaluation, [3, 4, 5], "days that follow a capsule, as of the stop");

        assert_eq!(series("1").evaluation, [0]);
        assert_eq!(series("000").evaluation, [2]);
        assert_eq!(series("000").baseline, [0, 1, 2]);
    }

    #[test]
    fn a_very_long_diary_keeps_its_ends() {
        let s = series(&("0".repeat(40) + &"1".repeat(1_961)));
        assert_eq!(s.n_scored(), 28 + 730);
        assert_eq!(s.remarks.scores_left_out, 2_001 - 758);
        assert_eq!(series(&"1".repeat(1_500)).n_scored(), 1_500);
    }

    fn from_csv(text: &str) -> Result<Series, SeriesError> {
        Series::from_diary(&read(text.as_bytes(), ReadOptions::default()).unwrap(), Measure::Pain, None)
    }

    #[test]
    fn an_unrecorded_dose_is_carried_forward_and_counted_up_to_a_fifth() {
        let days = |blank: std::ops::Range<usize>| {
            let mut text = "date,dose_mg,pain\n".to_owned();
            for t in 0..20 {
                let dose = if blank.contains(&t) {
                    ""
                } else if t < 5 {
                    "0"
                } else {
                    "3"
                };
                text += &format!("2026-01-{:02},{dose},5\n", t + 1);
            }
            text
        };
        let s = from_csv(&days(10..14)).unwrap();
        assert_eq!(s.remarks.carried_doses, 4);
        assert_eq!(s.days[12].dose, Dose::from_micrograms(3_000));
        assert!(s.days[12].capsule);
        assert_eq!(from_csv(&days(10..15)), Err(SeriesError::DoseUnknown { unknown: 5, days: 20 }));
        // Rows that were left out are days whose dose is unknown, too.
        let gap = "date,dose_mg,pain\n2026-01-01,3,5\n2026-01-05,3,5\n";
        assert_eq!(from_csv(gap), Err(SeriesError::DoseUnknown { unknown: 3, days: 5 }));
    }

    #[test]
    fn a_diary_without_doses_is_one_before_treatment() {
        let s = from_csv("date,pain\n2026-01-01,5\n2026-01-03,6\n").unwrap();
        assert_eq!((s.n_days(), s.first, s.reference_dose), (3, None, CUSTOMARY_DOSE));
    }

    #[test]
    fn a_blank_dose_column_is_unknown_and_not_untreated() {
        let text = "date,dose_mg,pain\n2026-01-01,,5\n2026-01-02,,6\n";
        assert_eq!(from_csv(text), Err(SeriesError::DoseUnknown { unknown: 2, days: 2 }));
    }

    #[test]
    fn a_day_left_out_of_a_blinded_period_stays_in_it() {
        let row = |day: u32, score: &str| format!("2026-01-{day:02},4.5,1,1,A,{score}\n");
        let header = "date,dose_mg,capsule,blind,arm,pain\n";
        let text: String = (1..=20).filter(|day| *day != 7).map(|day| row(day, "5")).collect();
        let series = from_csv(&(header.to_owned() + &text)).unwrap();
        assert!(series.days[6].blind && series.days[6].capsule);
        assert_eq!(series.days[6].arm, Some(Arm::Active));
    }

    #[test]
    fn a_course_that_was_stopped() {
        assert_eq!(series("001111000000").stopped_on(), None, "six days may be a gap");
        assert_eq!(series("0011110000000").stopped_on(), Some(5));
        assert_eq!(series("000").stopped_on(), None);
    }

    #[test]
    fn a_sealed_period_gives_no_verdict() {
        let text = "date,dose_mg,capsule,blind,arm,pain\n2026-01-01,0,0,0,,5\n2026-01-02,,1,1,K7,5\n";
        assert_eq!(from_csv(text), Err(SeriesError::Masked { from: jiff::civil::date(2026, 1, 2) }));
    }
}
