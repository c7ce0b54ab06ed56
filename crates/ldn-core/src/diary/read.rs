//! The strict reader of a diary in CSV.

use jiff::civil::Date;

use super::{Arm, DATE_RANGE, Diary, DiaryRow, LARGEST_DAILY_DOSE};
use crate::dose::{Dose, DoseError};
use crate::problem::{Problem, ProblemList, Problems};
use crate::score::{Measure, Scale, Score};

/// The largest file that is read, 16 MiB; a diary of thirty years is a tenth of it.
pub const LARGEST_FILE: usize = 16 << 20;

/// What a diary does not say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The scale that all scores are given on.
    pub scale: Scale,
}

/// Reads a diary: UTF-8, a header row, one row per local date, an empty cell for what was not recorded.
///
/// Columns are `date` and at least one measure, and optionally `day`, `dose_mg`, `capsule`, `blind`, `arm`,
/// `side_effects` and `note`, in any order. Line ends may be LF, CRLF or CR; a byte-order mark is ignored.
///
/// # Errors
/// Every problem of the file at once, each with line, column, value and what was expected. Nothing is repaired.
pub fn read(bytes: &[u8], options: ReadOptions) -> Result<Diary, Problems> {
    let text = decode(bytes)?;
    let text = with_line_feeds(text);
    let mut records = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
        .into_records();
    let mut problems = ProblemList::default();

    let Some(Ok(header)) = records.next() else {
        return Err(Problem::of_file("expected a header row with `date` and at least one of pain, fatigue, sleep, mood, fog; the file is empty").into());
    };
    if let Some(only) = header.get(0).filter(|only| header.len() == 1 && only.contains([';', '\t'])) {
        let found = if only.contains(';') { "semicolons" } else { "tabs" };
        return Err(Problem::of_line(
            line_of(&text, &header),
            format!("expected columns separated by commas, found {found}; save the table as \"CSV (comma separated)\""),
        )
        .into());
    }
    let columns = read_header(line_of(&text, &header), &header, &mut problems)?;
    let mut rows: Vec<DiaryRow> = Vec::new();
    let mut first_day: Option<(i64, Date)> = None;
    let mut any_row = false;
    for record in records {
        let record = record.expect("decoded text in memory with flexible row lengths has no reading errors");
        any_row = true;
        let line = line_of(&text, &record);
        if record.len() != header.len() {
            problems.push(Problem::of_line(
                line,
                format!("expected {} cells as in the header, found {}", header.len(), record.len()),
            ));
            continue;
        }
        let mut cells = Cells { line, record: &record, columns: &columns, problems: &mut problems };
        let previous = rows.last().map(|row| row.date);
        if let Some(row) = read_row(&mut cells, options, previous, &mut first_day) {
            rows.push(row);
        }
    }
    if !any_row {
        problems.push(Problem::of_file("expected at least one row below the header"));
    }
    let rows = problems.into_result(rows)?;
    let diary = Diary::new(rows).map_err(|error| Problem::of_file(error.to_string()))?;
    let has_place_for_doses = columns.has(Column::Dose) || columns.has(Column::Capsule);
    Ok(if has_place_for_doses { diary.with_place_for_doses() } else { diary })
}

/// The columns of one file: the known ones by position.
struct Columns {
    by_position: Vec<Option<Column>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Day,
    Dose,
    Capsule,
    Blind,
    Arm,
    Score(Measure),
    SideEffects,
    Note,
}

impl Column {
    const ALL: [Column; 13] = [
        Column::Date,
        Column::Day,
        Column::Dose,
        Column::Capsule,
        Column::Blind,
        Column::Arm,
        Column::Score(Measure::Pain),
        Column::Score(Measure::Fatigue),
        Column::Score(Measure::Sleep),
        Column::Score(Measure::Mood),
        Column::Score(Measure::Fog),
        Column::SideEffects,
        Column::Note,
    ];

    const fn name(self) -> &'static str {
        match self {
            Column::Date => "date",
            Column::Day => "day",
            Column::Dose => "dose_mg",
            Column::Capsule => "capsule",
            Column::Blind => "blind",
            Column::Arm => "arm",
            Column::Score(measure) => measure.id(),
            Column::SideEffects => "side_effects",
            Column::Note => "note",
        }
    }
}

impl Columns {
    fn has(&self, column: Column) -> bool {
        self.by_position.contains(&Some(column))
    }
}

/// One row being read, and where its problems go.
struct Cells<'a> {
    line: u64,
    record: &'a csv::StringRecord,
    columns: &'a Columns,
    problems: &'a mut ProblemList,
}

impl<'a> Cells<'a> {
    /// Returns the text of a cell; `None` if the column is absent or the cell empty.
    fn text(&self, column: Column) -> Option<&'a str> {
        let idx = self.columns.by_position.iter().position(|c| *c == Some(column))?;
        self.record.get(idx).filter(|text| !text.is_empty())
    }

    fn refuse(&mut self, column: Column, value: &str, expected: impl Into<String>) {
        self.problems.push(Problem::of_cell(self.line, column.name(), value, expected));
    }

    fn flag(&mut self, column: Column) -> Option<bool> {
        match self.text(column)? {
            "0" => Some(false),
            "1" => Some(true),
            other => {
                self.refuse(column, other, "expected 0, 1 or nothing");
                None
            }
        }
    }
}

fn decode(bytes: &[u8]) -> Result<&str, Problems> {
    if bytes.len() > LARGEST_FILE {
        let found = bytes.len() >> 20;
        return Err(Problem::of_file(format!(
            "expected a diary of at most {} MB (thirty years of days take less than 2); this is {found} MB or more",
            LARGEST_FILE >> 20
        ))
        .into());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64;
        Problem::of_line(line, "expected UTF-8 text; save the file as \"CSV UTF-8\"")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Gives a file with bare carriage returns line feeds, so that its lines are counted.
fn with_line_feeds(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n").into() } else { text.into() }
}

/// Returns the line that a record starts on; the parser's own position still lies before skipped line ends.
fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let skipped = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    position.line() + skipped.filter(|b| **b == b'\n').count() as u64
}

fn read_header(
    line: u64,
    header: &csv::StringRecord,
    problems: &mut ProblemList,
) -> Result<Columns, Problems> {
    /// Twice as many as there are; more is no diary, and would take long to look through.
    const MOST_COLUMNS: usize = 2 * Column::ALL.len();
    if header.len() > MOST_COLUMNS {
        let found = header.len();
        let most = Column::ALL.len();
        return Err(Problem::of_line(line, format!("expected at most {most} columns, found {found}")).into());
    }
    let mut columns = Columns { by_position: Vec::with_capacity(header.len()) };
    for name in header {
        let column = Column::ALL.into_iter().find(|column| column.name() == name);
        if column.is_none() {
            let known: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
            problems.push(Problem::of_cell(
                line,
                name,
                name,
                format!("expected one of {}", known.join(", ")),
            ));
        } else if columns.by_position.contains(&column) {
            problems.push(Problem::of_cell(line, name, name, "expected each column once"));
        }
        columns.by_position.push(column);
    }
    if !columns.has(Column::Date) {
        problems.push(Problem::of_line(line, "expected a column `date`"));
    }
    if !Measure::ALL.into_iter().any(|measure| columns.has(Column::Score(measure))) {
        problems.push(Problem::of_line(
            line,
            "expected a column for at least one measure: pain, fatigue, sleep, mood or fog",
        ));
    }
    Ok(columns)
}

/// Reads one row; `None` if its date is unusable. All other problems are noted and reading goes on.
fn read_row(
    cells: &mut Cells<'_>,
    options: ReadOptions,
    previous: Option<Date>,
    first_day: &mut Option<(i64, Date)>,
) -> Option<DiaryRow> {
    let date = read_date(cells, previous);
    if let Some(date) = date {
        check_running_day(cells, date, first_day);
    }
    let dose = read_dose(cells);
    let capsule = read_capsule(cells, dose);
    let blind = cells.flag(Column::Blind).unwrap_or(false);
    let arm = read_arm(cells, blind, dose);
    let mut scores = [None; Measure::ALL.len()];
    for measure in Measure::ALL {
        scores[measure.index()] = read_score(cells, measure, options.scale);
    }
    let side_effects = cells.text(Column::SideEffects).unwrap_or_default();
    Some(DiaryRow {
        date: date?,
        dose,
        capsule,
        blind,
        arm,
        scores,
        side_effects: side_effects
            .split(';')
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
            .collect(),
        note: cells.text(Column::Note).map(str::to_owned),
    })
}

fn read_date(cells: &mut Cells<'_>, previous: Option<Date>) -> Option<Date> {
    const EXPECTED: &str = "expected a calendar date such as 2026-01-31";
    let Some(text) = cells.text(Column::Date) else {
        if cells.columns.has(Column::Date) {
            cells.refuse(Column::Date, "", EXPECTED);
        }
        return None;
    };
    // The parser also takes times and compact dates; a diary's date is ten characters.
    let date = if text.len() == 10 { text.parse::<Date>().ok() } else { None };
    let Some(date) = date else {
        cells.refuse(Column::Date, text, EXPECTED);
        return None;
    };
    let (earliest, latest) = DATE_RANGE;
    if !(earliest..=latest).contains(&date) {
        cells.refuse(Column::Date, text, format!("expected a date from {earliest} to {latest}"));
        return None;
    }
    if let Some(previous) = previous
        && date <= previous
    {
        let problem = if date == previous { "is there twice" } else { "comes out of order" };
        cells.refuse(
            Column::Date,
            text,
            format!("expected a date after {previous}, the row before; this one {problem}"),
        );
    }
    Some(date)
}

fn check_running_day(cells: &mut Cells<'_>, date: Date, first_day: &mut Option<(i64, Date)>) {
    let Some(text) = cells.text(Column::Day) else { return };
    let Ok(day) = text.parse::<i32>().map(i64::from) else {
        cells.refuse(Column::Day, text, "expected a whole number");
        return;
    };
    let (first, first_date) = *first_day.get_or_insert((day, date));
    let expected = first + days_between(first_date, date);
    if day != expected {
        cells.refuse(Column::Day, text, format!("expected {expected}, counting from the first row's date"));
    }
}

fn read_dose(cells: &mut Cells<'_>) -> Option<Dose> {
    let text = cells.text(Column::Dose)?;
    let expected = match Dose::from_milligrams_text(text) {
        Ok(dose) if dose <= LARGEST_DAILY_DOSE => return Some(dose),
        Ok(_) | Err(DoseError::TooLarge { .. }) => {
            format!("expected milligrams from 0 to {}", LARGEST_DAILY_DOSE.milligrams_text())
        }
        Err(DoseError::TooFine { .. }) => "expected whole nanograms at the finest (six decimals)".to_owned(),
        Err(_) => "expected milligrams as a plain number with a decimal point, such as 4.5".to_owned(),
    };
    cells.refuse(Column::Dose, text, expected);
    None
}

/// A dose implies a capsule; a dose of zero implies none, unless the cell says that a placebo was taken.
fn read_capsule(cells: &mut Cells<'_>, dose: Option<Dose>) -> Option<bool> {
    let written = cells.flag(Column::Capsule);
    if let (Some(false), Some(dose)) = (written, dose)
        && !dose.is_zero()
    {
        cells.refuse(Column::Capsule, "0", format!("expected 1, because a dose of {dose} was taken"));
    }
    written.or(dose.map(|dose| !dose.is_zero()))
}

fn read_arm(cells: &mut Cells<'_>, blind: bool, dose: Option<Dose>) -> Option<Arm> {
    let code = cells.text(Column::Arm)?;
    let arm = Arm::from_code(code);
    if !blind {
        cells.refuse(Column::Arm, code, "expected nothing, because `blind` is not 1 on this day");
    }
    if arm == Arm::Placebo && dose.is_some_and(|dose| !dose.is_zero()) {
        cells.refuse(Column::Arm, code, "expected A, because an active dose was taken");
    }
    Some(arm)
}

fn read_score(cells: &mut Cells<'_>, measure: Measure, scale: Scale) -> Option<Score> {
    let column = Column::Score(measure);
    let text = cells.text(column)?;
    // Digits and one point only: "7,5", "NaN", "1e1" and "+7" are refused although some parsers take them. Programs
    // that round write "-0" for a small negative number; that is zero.
    let digits = text.strip_prefix('-').filter(|digits| digits.parse() == Ok(0.0)).unwrap_or(text);
    let plain =
        digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    let score =
        text.parse::<f64>().ok().filter(|_| plain).and_then(|value| Score::new(measure, scale, value).ok());
    if score.is_none() {
        let max = scale.max();
        let expected = if text.contains(',') {
            format!("expected a number from 0 to {max} with a decimal point, such as 7.5, not a comma")
        } else {
            format!("expected a number from 0 to {max}, or nothing if not recorded")
        };
        cells.refuse(column, text, expected);
    }
    score
}

/// Returns the days from one date to another.
fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problems(text: &str) -> Vec<String> {
        match read(text.as_bytes(), ReadOptions::default()) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.kept().iter().map(Problem::to_string).collect(),
        }
    }

    #[test]
    fn reads_every_column() {
        let text = "day,date,dose_mg,capsule,blind,arm,pain,fatigue,sleep,mood,fog,side_effects,note\n\
                    3,2026-01-05,0,1,1,P,7.5,6,3,4,,headache; vivid dreams,\"bad, then better\"\n\
                    5,2026-01-07,4.5,,1,A,6,,,,,,\n";
        let diary = read(text.as_bytes(), ReadOptions::default()).unwrap();
        let [first, second] = diary.rows() else { panic!("two rows") };
        assert_eq!(first.dose, Some(Dose::ZERO));
        assert_eq!(first.capsule, Some(true));
        assert_eq!(first.arm, Some(Arm::Placebo));
        assert_eq!(first.score(Measure::Pain).map(Score::as_typed), Some(7.5));
        assert_eq!(first.score(Measure::Fog), None);
        assert_eq!(first.side_effects, ["headache", "vivid dreams"]);
        assert_eq!(first.note.as_deref(), Some("bad, then better"));
        assert_eq!(second.capsule, Some(true), "a dose implies a capsule");
        assert_eq!(second.dose, Some(Dose::from_micrograms(4_500)));
        assert_eq!(diary.scored_measures(), [Measure::Pain, Measure::Fatigue, Measure::Sleep, Measure::Mood]);
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_make_no_difference() {
        let plain = "date,dose_mg,pain\n2026-01-05,0,7\n2026-01-06,,\n2026-01-07,4.5,6\n";
        let expected = read(plain.as_bytes(), ReadOptions::default()).unwrap();
        for variant in [
            plain.replace('\n', "\r\n"),
            plain.replace('\n', "\r"),
            format!("\u{feff}{plain}"),
            plain.trim_end().to_owned(),
            plain.replace("date,", " date ,"),
        ] {
            assert_eq!(
                read(variant.as_bytes(), ReadOptions::default()).as_ref(),
                Ok(&expected),
                "{variant:?}"
            );
        }
    }

    #[test]
    fn names_line_column_value_and_expectation() {
        for (row, message) in [
            (
                "2026-01-06,0,,,,\"7,5\"",
                "line 3, column `pain`, value `7,5`: expected a number from 0 to 10 with a decimal point, such as 7.5, not a comma",
            ),
            (
                "2026-01-06,0,,,,NaN",
                "line 3, column `pain`, value `NaN`: expected a number from 0 to 10, or nothing if not recorded",
            ),
            (
                "2026-01-06,0,,,,11",
                "line 3, column `pain`, value `11`: expected a number from 0 to 10, or nothing if not recorded",
            ),
            (
                "2026-01-06,0,,,,-1",
                "line 3, column `pain`, value `-1`: expected a number from 0 to 10, or nothing if not recorded",
            ),
            (
                "2026-01-06,5000,,,,5",
                "line 3, column `dose_mg`, value `5000`: expected milligrams from 0 to 12",
            ),
            (
                "2026-01-06,99999999999999999999,,,,5",
                "line 3, column `dose_mg`, value `99999999999999999999`: expected milligrams from 0 to 12",
            ),
            (
                "2026-01-06,-3,,,,5",
                "line 3, column `dose_mg`, value `-3`: expected milligrams as a plain number with a decimal point, such as 4.5",
            ),
            (
                "2026-01-06,0.0000001,,,,5",
                "line 3, column `dose_mg`, value `0.0000001`: expected whole nanograms at the finest (six decimals)",
            ),
            (
                "2026-01-06,4.5,0,,,5",
                "line 3, column `capsule`, value `0`: expected 1, because a dose of 4.5 mg was taken",
            ),
            ("2026-01-06,4.5,yes,,,5", "line 3, column `capsule`, value `yes`: expected 0, 1 or nothing"),
            (
                "2026-01-06,0,1,0,P,5",
                "line 3, column `arm`, value `P`: expected nothing, because `blind` is not 1 on this day",
            ),
            (
                "2026-01-06,3,1,1,P,5",
                "line 3, column `arm`, value `P`: expected A, because an active dose was taken",
            ),
            (
                "2026-01-05,0,,,,5",
                "line 3, column `date`, value `2026-01-05`: expected a date after 2026-01-05, the row before; this one is there twice",
            ),
            (
                "2026-01-04,0,,,,5",
                "line 3, column `date`, value `2026-01-04`: expected a date after 2026-01-05, the row before; this one comes out of order",
            ),
            (
                "9999-01-01,0,,,,5",
                "line 3, column `date`, value `9999-01-01`: expected a date from 1980-01-01 to 2100-12-31",
            ),
            (
                "2026-02-30,0,,,,5",
                "line 3, column `date`, value `2026-02-30`: expected a calendar date such as 2026-01-31",
            ),
            (
                "06.01.2026,0,,,,5",
                "line 3, column `date`, value `06.01.2026`: expected a calendar date such as 2026-01-31",
            ),
            (
                "20260106,0,,,,5",
                "line 3, column `date`, value `20260106`: expected a calendar date such as 2026-01-31",
            ),
            (",0,,,,5", "line 3, column `date`, value ``: expected a calendar date such as 2026-01-31"),
            ("2026-01-06,0,,,", "line 3, expected 6 cells as in the header, found 5"),
        ] {
            let text = format!("date,dose_mg,capsule,blind,arm,pain\n2026-01-05,0,,,,5\n{row}\n");
            assert_eq!(problems(&text), [message], "{row}");
        }
    }

    #[test]
    fn header_problems_are_named() {
        for (text, message) in [
            (
                "",
                "expected a header row with `date` and at least one of pain, fatigue, sleep, mood, fog; the file is empty",
            ),
            ("date,pain\n", "expected at least one row below the header"),
            (
                "date;pain\n2026-01-05;5\n",
                "line 1, expected columns separated by commas, found semicolons; save the table as \"CSV (comma separated)\"",
            ),
            (
                "date\n2026-01-05\n",
                "line 1, expected a column for at least one measure: pain, fatigue, sleep, mood or fog",
            ),
            ("pain\n5\n", "line 1, expected a column `date`"),
            (
                "date,pain,pain\n2026-01-05,5,5\n",
                "line 1, column `pain`, value `pain`: expected each column once",
            ),
            (
                "date,pain,Weight\n2026-01-05,5,71\n",
                "line 1, column `Weight`, value `Weight`: expected one of date, day, dose_mg, capsule, blind, arm, pain, fatigue, sleep, mood, fog, side_effects, note",
            ),
            (
                "day,date,pain\n0,2026-01-05,5\n2,2026-01-06,5\n",
                "line 3, column `day`, value `2`: expected 1, counting from the first row's date",
            ),
        ] {
            assert_eq!(problems(text), [message], "{text:?}");
        }
    }

    #[test]
    fn all_problems_come_at_once_and_their_number_is_bounded() {
        for text in [
            "date,pain\n2026-01-05,x\n\n2026-01-06,5\n2026-01-07,11\n",
            "date,pain\r\n2026-01-05,x\r\n\r\n2026-01-06,5\r\n2026-01-07,11\r\n",
            "date,pain\r2026-01-05,x\r\r2026-01-06,5\r2026-01-07,11\r",
        ] {
            let found = problems(text);
            assert_eq!(found.len(), 2);
            assert!(found[0].starts_with("line 2,") && found[1].starts_with("line 5,"), "{found:?}");
        }
        assert!(problems("\n\ndate,pain\n\n\n2026-01-05,x\n")[0].starts_with("line 6,"));

        let many = "date,pain\n".to_owned() + &"x,y\n".repeat(1_000);
        let error = read(many.as_bytes(), ReadOptions::default()).unwrap_err();
        assert_eq!(error.kept().len() + error.more(), 2_000);
        assert!(error.to_string().ends_with("… and 1950 more"));
    }

    #[test]
    fn hostile_files_are_refused() {
        let latin1 = b"date,pain,note\n2026-01-05,5,\n2026-01-06,5,caf\xe9\n";
        let error = read(latin1, ReadOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "line 3, expected UTF-8 text; save the file as \"CSV UTF-8\"");
        let huge = vec![b'7'; 50 << 20];
        let error = read(&huge, ReadOptions::default()).unwrap_err();
        assert!(error.to_string().contains("at most 16 MB"), "{error}");
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes, ReadOptions::default());
            let mut with_header = b"date,dose_mg,pain\n".to_vec();
            with_header.extend(bytes);
            let _ = read(&with_header, ReadOptions::default());
        }

        #[test]
        fn reads_back_what_it_writes(
            days in proptest::collection::vec((1_i64..5, proptest::option::of(0_u64..12_000), proptest::option::of(0_u32..=100), "[a-z ,\"]{0,8}"), 1..30),
        ) {
            let mut date = jiff::civil::date(2026, 1, 1);
            let rows = days.into_iter().map(|(gap, dose, score, note)| {
                date = date.checked_add(jiff::Span::new().days(gap)).unwrap();
                let mut row = DiaryRow::empty(date);
                row.dose = dose.map(|micrograms| Dose::from_micrograms(micrograms as u32));
                row.capsule = row.dose.map(|dose| !dose.is_zero());
                row.scores[0] = score.map(|tenths| Score::new(Measure::Pain, Scale::ZeroToTen, f64::from(tenths) / 10.0).unwrap());
                row.note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
                row
            }).collect();
            let diary = Diary::new(rows).unwrap();
            prop_assert_eq!(read(diary.to_csv(Scale::ZeroToTen).as_bytes(), ReadOptions::default()), Ok(diary));
        }
    }
}
