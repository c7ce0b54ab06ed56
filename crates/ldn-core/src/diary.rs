//! The diary of one course: one row per local calendar date, and its strict reader.

mod read;

use jiff::civil::Date;

use crate::dose::Dose;
use crate::score::{Measure, Scale, Score};

pub use read::{LARGEST_FILE, ReadOptions, read};

/// The largest daily dose a diary may hold, 12 mg.
///
/// Above it a value is more likely milligrams of something else, or a slipped decimal point, than low-dose naltrexone.
pub const LARGEST_DAILY_DOSE: Dose = Dose::from_micrograms(12_000);

/// First and last date a diary may hold; anything outside is a slip of the pen.
pub const DATE_RANGE: (Date, Date) = (jiff::civil::date(1980, 1, 1), jiff::civil::date(2100, 12, 31));

/// What happened on one local calendar date.
#[derive(Clone, Debug, PartialEq)]
pub struct DiaryRow {
    /// The local date.
    pub date: Date,
    /// Active naltrexone swallowed; `None` if not recorded.
    pub dose: Option<Dose>,
    /// Whether any capsule, active or placebo, was taken; `None` if not recorded and not implied by the dose.
    pub capsule: Option<bool>,
    /// Whether the person did not know what the capsule was.
    pub blind: bool,
    /// The arm of a blinded period.
    pub arm: Option<Arm>,
    /// Scores by [`Measure::index`]; `None` if not recorded.
    pub scores: [Option<Score>; Measure::ALL.len()],
    /// Side effects as written.
    pub side_effects: Vec<String>,
    /// Free text; never leaves the machine in an export for others.
    pub note: Option<String>,
}

/// The arm of a blinded period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// Naltrexone.
    Active,
    /// Placebo.
    Placebo,
    /// A code whose meaning is still sealed.
    Masked(String),
}

/// The rows of one person's diary: at least one, dates ascending and unique.
#[derive(Clone, Debug, PartialEq)]
pub struct Diary {
    rows: Vec<DiaryRow>,
    records_doses: bool,
}

/// Rows that make no diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiaryError {
    /// There is nothing in it.
    #[error("a diary needs at least one row")]
    Empty,
    /// Two rows out of order, or of the same date.
    #[error("{date} does not come after {previous}; dates must ascend and be unique")]
    DateOrder {
        /// The date of the row.
        date: Date,
        /// The date of the row before.
        previous: Date,
    },
}

impl DiaryRow {
    /// Makes a row on which nothing was recorded.
    pub fn empty(date: Date) -> DiaryRow {
        DiaryRow {
            date,
            dose: None,
            capsule: None,
            blind: false,
            arm: None,
            scores: [None; Measure::ALL.len()],
            side_effects: Vec::new(),
            note: None,
        }
    }

    /// Returns the day's score of a measure.
    pub fn score(&self, measure: Measure) -> Option<Score> {
        self.scores[measure.index()]
    }
}

impl Diary {
    /// Makes a diary from rows.
    ///
    /// # Errors
    /// [`DiaryError`] if there is no row or the dates do not ascend.
    pub fn new(rows: Vec<DiaryRow>) -> Result<Diary, DiaryError> {
        if rows.is_empty() {
            return Err(DiaryError::Empty);
        }
        for pair in rows.windows(2) {
            let (previous, date) = (pair[0].date, pair[1].date);
            if date <= previous {
                return Err(DiaryError::DateOrder { date, previous });
            }
        }
        let records_doses = rows.iter().any(|row| row.dose.is_some() || row.capsule.is_some());
        Ok(Diary { rows, records_doses })
    }

    /// Returns the rows, dates ascending; a date without a row was not recorded.
    pub fn rows(&self) -> &[DiaryRow] {
        &self.rows
    }

    /// Says that the diary was kept with a place for doses: a day without one is then unknown, not untreated.
    pub fn with_place_for_doses(self) -> Diary {
        Diary { records_doses: true, ..self }
    }

    /// Returns true if doses were recorded, or there was a place for them.
    pub fn records_doses(&self) -> bool {
        self.records_doses
    }

    /// Returns the first date.
    pub fn first_date(&self) -> Date {
        self.rows[0].date
    }

    /// Returns the last date.
    pub fn last_date(&self) -> Date {
        self.rows[self.rows.len() - 1].date
    }

    /// Returns the measures that have at least one score.
    pub fn scored_measures(&self) -> Vec<Measure> {
        Measure::ALL
            .into_iter()
            .filter(|measure| self.rows.iter().any(|row| row.score(*measure).is_some()))
            .collect()
    }

    /// Writes the diary as CSV with the columns that are used; [`read`] gives the same diary back, scores to three
    /// decimals.
    pub fn to_csv(&self, scale: Scale) -> String {
        let mut measures = self.scored_measures();
        if measures.is_empty() {
            // A diary has a column for a score even while none was given.
            measures.push(Measure::Pain);
        }
        let used = |present: fn(&DiaryRow) -> bool| self.rows.iter().any(present);
        let (blinded, side_effects, notes) =
            (used(|r| r.blind), used(|r| !r.side_effects.is_empty()), used(|r| r.note.is_some()));
        let mut header = vec!["date"];
        if self.records_doses {
            header.extend(["dose_mg", "capsule"]);
        }
        if blinded {
            header.extend(["blind", "arm"]);
        }
        header.extend(measures.iter().map(|m| m.id()));
        header.extend(side_effects.then_some("side_effects"));
        header.extend(notes.then_some("note"));

        let mut text = header.join(",") + "\n";
        for row in &self.rows {
            let mut cells = vec![row.date.to_string()];
            if self.records_doses {
                cells.push(row.dose.map(Dose::milligrams_text).unwrap_or_default());
                cells.push(row.capsule.map(|taken| u8::from(taken).to_string()).unwrap_or_default());
            }
            if blinded {
                cells.push(u8::from(row.blind).to_string());
                cells.push(row.arm.as_ref().map(|arm| arm.code().to_owned()).unwrap_or_default());
            }
            for measure in &measures {
                let points = scale.points_per_ten_point();
                cells.push(
                    row.score(*measure).map(|s| decimal(s.on_ten_points() * points)).unwrap_or_default(),
                );
            }
            if side_effects {
                cells.push(row.side_effects.join("; "));
            }
            if notes {
                cells.push(row.note.clone().unwrap_or_default());
            }
            text.push_str(&cells.iter().map(|cell| quote(cell)).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        text
    }
}

impl Arm {
    /// Reads a code: `A` active, `P` placebo, anything else masked.
    pub fn from_code(code: &str) -> Arm {
        match code {
            "A" => Arm::Active,
            "P" => Arm::Placebo,
            masked => Arm::Masked(masked.to_owned()),
        }
    }

    /// Returns the code.
    pub fn code(&self) -> &str {
        match self {
            Arm::Active => "A",
            Arm::Placebo => "P",
            Arm::Masked(code) => code,
        }
    }
}

/// Prints a score with at most three decimals and no trailing zero.
fn decimal(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Quotes a CSV cell where its content needs it.
fn quote(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
