//! The open chronic-pain diaries of the MyAIGuide project: real people, no treatment imposed.
//!
//! Two layouts: a daily table with a column per region of the body, in which zero means that the region was not tracked
//! then, and raw exports with a line per entry, dated by stated day, month and year. The scale runs from 1 (barely
//! there) to 9.5 (worst ever), with decimals, and is kept as it is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use ldn_core::{Diary, DiaryRow, Dose, Measure, Problem, Scale, Score};

use crate::error::Failure;
use crate::files;

/// Arguments of `ldn import chronic-pain`.
#[derive(Debug, Args)]
pub(crate) struct ChronicPainArgs {
    /// A file of the data set
    file: PathBuf,
    /// Column of the daily table, or name of the symptom in a raw export
    #[arg(long)]
    symptom: String,
    /// First date to take
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last date to take
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Pretend that 4.5 mg was taken every day from this date on, to see what a method makes of nothing
    #[arg(long, value_name = "DATE")]
    pretend_start: Option<Date>,
    /// File to write; standard output if not given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The scores of each day, and what could not be dated.
#[derive(Debug, Default, PartialEq)]
struct Entries {
    by_day: BTreeMap<Date, Vec<f64>>,
    undated: Vec<u64>,
}

pub(super) fn run(args: &ChronicPainArgs) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file).map_err(|e| Failure::read(&args.file, e))?;
    let content = |expected: String| Failure::Content { path: args.file.clone(), expected };
    let mut entries = entries(&text, &args.symptom).map_err(|problem| content(problem.to_string()))?;
    let (from, to) = (args.from.unwrap_or(Date::MIN), args.to.unwrap_or(Date::MAX));
    entries.by_day.retain(|day, _| (from..=to).contains(day));
    if !entries.undated.is_empty() {
        let lines: Vec<String> = entries.undated.iter().map(u64::to_string).collect();
        eprintln!("{} entries state no day and were left out, lines {}", lines.len(), lines.join(", "));
    }
    let mut diary =
        diary(&entries).ok_or_else(|| content(format!("expected entries of `{}`", args.symptom)))?;
    if let Some(start) = args.pretend_start {
        diary = with_pretended_doses(&diary, start);
    }
    let csv = diary.to_csv(Scale::ZeroToTen);
    match &args.output {
        Some(output) => files::write(output, &csv),
        None => files::print(&csv),
    }
}

/// Several entries of one day are averaged, as a diary holds one score a day.
fn diary(entries: &Entries) -> Option<Diary> {
    let rows = entries.by_day.iter().map(|(date, scores)| {
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        let mut row = DiaryRow::empty(*date);
        row.scores[Measure::Pain.index()] = Score::new(Measure::Pain, Scale::ZeroToTen, mean).ok();
        row
    });
    Diary::new(rows.collect()).ok()
}

/// Writes a dose into every day from first to last, also the unscored ones.
fn with_pretended_doses(diary: &Diary, start: Date) -> Diary {
    const PRETENDED: Dose = Dose::from_micrograms(4_500);
    let mut scored = diary.rows().iter().peekable();
    let days =
        diary.first_date().series(jiff::Span::new().days(1)).take_while(|date| *date <= diary.last_date());
    let rows = days.map(|date| {
        let mut row =
            scored.next_if(|row| row.date == date).cloned().unwrap_or_else(|| DiaryRow::empty(date));
        row.dose = Some(if date >= start { PRETENDED } else { Dose::ZERO });
        row.capsule = Some(date >= start);
        row
    });
    Diary::new(rows.collect()).expect("the days of a diary, one after another, are a diary")
}

fn entries(text: &str, symptom: &str) -> Result<Entries, Problem> {
    let mut records = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = records
        .headers()
        .map_err(|error| Problem::of_file(format!("expected CSV: {error}")))?
        .iter()
        .map(str::to_owned)
        .collect();
    let column = |name: &str| header.iter().position(|h| h == name);
    let layout = match (column("date"), column(symptom), column("name")) {
        (Some(date), Some(score), None) => Layout::Daily { date, score },
        (_, _, Some(name)) => Layout::Raw {
            name,
            day: [column("startyear"), column("startmonth"), column("startday")],
            score: column("intensity"),
        },
        _ => {
            return Err(Problem::of_line(
                1,
                format!(
                    "expected a column `{symptom}`, or a raw export; the columns are {}",
                    header.join(", ")
                ),
            ));
        }
    };
    let mut entries = Entries::default();
    for (idx, record) in records.records().enumerate() {
        let line = idx as u64 + 2;
        let record = record.map_err(|error| Problem::of_line(line, format!("expected CSV: {error}")))?;
        layout.read(line, &record, symptom, &mut entries)?;
    }
    Ok(entries)
}

/// Where things stand in a file.
enum Layout {
    Daily { date: usize, score: usize },
    Raw { name: usize, day: [Option<usize>; 3], score: Option<usize> },
}

impl Layout {
    fn read(
        &self,
        line: u64,
        record: &csv::StringRecord,
        symptom: &str,
        entries: &mut Entries,
    ) -> Result<(), Problem> {
        let cell = |idx: usize| record.get(idx).unwrap_or_default().trim();
        let number = |column: &str, text: &str| {
            text.parse::<f64>()
                .ok()
                .filter(|value| (0.0..=10.0).contains(value))
                .ok_or_else(|| Problem::of_cell(line, column, text, "expected a score from 0 to 10"))
        };
        match self {
            Layout::Daily { date, score } => {
                let text = cell(*date);
                let date = text.parse().map_err(|_| {
                    Problem::of_cell(line, "date", text, "expected a date such as 2026-01-31")
                })?;
                let score = number(symptom, cell(*score))?;
                // Zero means that the region was not tracked then, not that there was no pain.
                if score > 0.0 {
                    entries.by_day.entry(date).or_default().push(score);
                }
            }
            Layout::Raw { name, .. } if cell(*name) != symptom => {}
            Layout::Raw { day, score, .. } => {
                let part = |idx: Option<usize>| idx.and_then(|idx| cell(idx).parse::<i16>().ok());
                let [year, month, day] = day.map(part);
                let narrow = |part: Option<i16>| part.and_then(|part| i8::try_from(part).ok());
                let date =
                    year.zip(narrow(month)).zip(narrow(day)).and_then(|((y, m), d)| Date::new(y, m, d).ok());
                match date {
                    Some(date) => {
                        let score = number("intensity", score.map(cell).unwrap_or_default())?;
                        entries.by_day.entry(date).or_default().push(score);
                    }
                    // The time of recording may be days later, so that an entry without its day is never guessed.
                    None => entries.undated.push(line),
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_daily_table() {
        let text = "date,kneePain,steps\n2019-01-01,0.0,5\n2019-01-02,3.2,5\n";
        let found = entries(text, "kneePain").unwrap();
        assert_eq!(found.by_day, BTreeMap::from([(date(2019, 1, 2), vec![3.2])]), "zero is untracked");
        assert!(entries(text, "hipPain").unwrap_err().to_string().contains("kneePain"));
        let bad = entries("date,kneePain\n2019-01-01,eleven\n", "kneePain").unwrap_err();
        assert_eq!(
            bad.to_string(),
            "line 2, column `kneePain`, value `eleven`: expected a score from 0 to 10"
        );
    }

    #[test]
    fn a_raw_export() {
        let text = "name,startday,startmonth,startyear,intensity,date\n\
                    \"Knee Pain\",22,10,2018,3,2018-10-25 08:00\n\
                    happiness,22,10,2018,4,x\n\
                    \"Knee Pain\",22,10,2018,2,x\n\
                    \"Knee Pain\",0,10,2018,2,2018-10-23\n";
        let found = entries(text, "Knee Pain").unwrap();
        assert_eq!(
            found.by_day,
            BTreeMap::from([(date(2018, 10, 22), vec![3.0, 2.0])]),
            "the stated day counts"
        );
        assert_eq!(found.undated, [5]);
        let row = &diary(&found).unwrap().rows()[0].clone();
        assert_eq!(row.score(Measure::Pain).map(Score::as_typed), Some(2.5), "entries of a day are averaged");
    }

    #[test]
    fn pretended_doses_fill_every_day() {
        let text = "date,kneePain\n2019-01-01,3\n2019-01-02,0\n2019-01-04,4\n";
        let diary =
            with_pretended_doses(&diary(&entries(text, "kneePain").unwrap()).unwrap(), date(2019, 1, 3));
        let doses: Vec<f64> = diary.rows().iter().map(|row| row.dose.unwrap().milligrams()).collect();
        assert_eq!(doses, [0.0, 0.0, 4.5, 4.5]);
    }
}
