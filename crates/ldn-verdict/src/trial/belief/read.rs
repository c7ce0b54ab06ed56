//! Beliefs as a table: `date,guess,sure`.

use jiff::civil::Date;
use ldn_core::journal::Guess;
use ldn_core::problem::{Problem, ProblemList, Problems};

use super::Belief;

/// Reads beliefs: columns `date`, `guess` (`ldn`, `placebo` or `unknown`) and, optionally, `sure` (0 to 100 per cent).
///
/// # Errors
/// Every problem at once, each with line, column, value and what was expected.
pub fn read(text: &str) -> Result<Vec<Belief>, Problems> {
    let mut records = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = records
        .headers()
        .map_err(|error| Problem::of_line(1, format!("expected a header row: {error}")))?
        .clone();
    let column = |name: &str| header.iter().position(|found| found == name);
    if let Some(unknown) = header.iter().find(|name| !["date", "guess", "sure"].contains(name)) {
        return Err(Problem::of_cell(1, unknown, unknown, "expected one of date, guess, sure").into());
    }
    let (Some(date), Some(guess)) = (column("date"), column("guess")) else {
        return Err(Problem::of_line(1, "expected columns `date` and `guess`").into());
    };
    let sure = column("sure");
    let mut problems = ProblemList::default();
    let mut beliefs = Vec::new();
    for record in records.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(Problem::of_line(line, "expected as many cells as in the header"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let mut refuse = |name: &str, value: &str, expected: &str| {
            problems.push(Problem::of_cell(line, name, value, expected));
        };
        let day: Option<Date> = cell(date).parse().ok();
        if day.is_none() {
            refuse("date", cell(date), "expected a calendar date such as 2026-01-31");
        }
        let guessed = match cell(guess) {
            "ldn" => Some(Guess::Active),
            "placebo" => Some(Guess::Placebo),
            "unknown" => Some(Guess::DoNotKnow),
            other => {
                refuse("guess", other, "expected ldn, placebo or unknown");
                None
            }
        };
        let text = sure.map(cell).unwrap_or_default();
        let percent: Option<f64> = text.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
        if !text.is_empty() && percent.is_none() {
            refuse("sure", text, "expected a number from 0 to 100, or nothing");
        }
        if let (Some(date), Some(guess)) = (day, guessed) {
            beliefs.push(Belief { date, guess, sure: percent.map(|percent| percent / 100.0) });
        }
    }
    problems.into_result(beliefs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_its_mistakes() {
        let beliefs = read("date,guess,sure\n2026-01-11,ldn,70\n2026-01-18,unknown,\n").unwrap();
        assert_eq!(beliefs.len(), 2);
        assert_eq!((beliefs[0].guess, beliefs[0].sure), (Guess::Active, Some(0.7)));
        assert_eq!((beliefs[1].guess, beliefs[1].sure), (Guess::DoNotKnow, None));
        let problems = read("date,guess,sure\n2026-01-32,active,170\n").unwrap_err();
        let texts: Vec<String> = problems.kept().iter().map(Problem::to_string).collect();
        assert_eq!(
            texts,
            [
                "line 2, column `date`, value `2026-01-32`: expected a calendar date such as 2026-01-31",
                "line 2, column `guess`, value `active`: expected ldn, placebo or unknown",
                "line 2, column `sure`, value `170`: expected a number from 0 to 100, or nothing",
            ]
        );
        assert!(read("date,guess,certain\n").unwrap_err().to_string().contains("certain"));
        assert!(read("date\n").unwrap_err().to_string().contains("`guess`"));
    }
}
