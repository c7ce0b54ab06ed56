//! Any CSV with `yi` and `vi`.

use std::io::Read;
use std::path::Path;

use ldn_core::problem::ProblemList;
use ldn_core::{Problem, Problems};
use ldn_stats::meta::Effect;

use crate::error::Failure;

/// The largest file that is read; ten thousand studies take less than one.
const LARGEST_FILE: u64 = 16 << 20;

/// Reads names and effects; other columns are left alone.
pub(super) fn read(path: &Path) -> Result<(Vec<String>, Vec<Effect>), Failure> {
    let mut text = String::new();
    let result = if path == Path::new("-") {
        std::io::stdin().lock().take(LARGEST_FILE).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST_FILE).read_to_string(&mut text))
    };
    result.map_err(|error| Failure::read(path, error))?;
    parse(&text).map_err(|source| Failure::Effects { path: path.to_owned(), source })
}

fn parse(text: &str) -> Result<(Vec<String>, Vec<Effect>), Problems> {
    let mut records =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header =
        records.headers().cloned().map_err(|error| Problem::of_file(format!("expected CSV: {error}")))?;
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(yi), Some(vi)) = (column("yi"), column("vi")) else {
        return Err(Problem::of_line(
            1,
            "expected the columns `yi` (effect) and `vi` (its sampling variance)",
        )
        .into());
    };
    let slab = column("slab");
    let mut problems = ProblemList::default();
    let (mut labels, mut effects) = (Vec::new(), Vec::new());
    for (idx, record) in records.records().enumerate() {
        let line = idx as u64 + 2;
        let record = record.map_err(|error| Problem::of_line(line, format!("expected CSV: {error}")))?;
        let mut number = |column: usize, name: &str, least: f64| {
            let text = record.get(column).unwrap_or_default();
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && *value > least);
            if value.is_none() {
                let expected = if least == 0.0 {
                    "expected a number above 0"
                } else {
                    "expected a number with a decimal point"
                };
                problems.push(Problem::of_cell(line, name, text, expected));
            }
            value.unwrap_or_default()
        };
        let effect =
            Effect { estimate: number(yi, "yi", f64::NEG_INFINITY), variance: number(vi, "vi", 0.0) };
        labels
            .push(slab.and_then(|slab| record.get(slab)).map_or(format!("study {}", idx + 1), str::to_owned));
        effects.push(effect);
    }
    if effects.is_empty() {
        problems.push(Problem::of_file("expected at least one study below the header"));
    }
    problems.into_result((labels, effects))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_optional_and_other_columns_are_left_alone() {
        let (labels, effects) = parse("slab,yi,n,vi\nA,0.5,10,0.1\nB,-1e-3,12,0.2\n").unwrap();
        assert_eq!(labels, ["A", "B"]);
        assert_eq!(effects[1], Effect { estimate: -0.001, variance: 0.2 });
        assert_eq!(parse("yi,vi\n0.5,0.1\n").unwrap().0, ["study 1"]);
    }

    #[test]
    fn all_problems_are_named() {
        let problems = parse("yi,vi\nNaN,0.1\n0.5,0\n0,5;0.1\n").unwrap_err().to_string();
        assert!(problems.contains("line 2, column `yi`, value `NaN`"), "{problems}");
        assert!(problems.contains("line 3, column `vi`, value `0`: expected a number above 0"), "{problems}");
        assert!(problems.contains("line 4, column `vi`, value `5;0.1`"), "{problems}");
        assert!(parse("").unwrap_err().to_string().contains("`yi`"));
        assert!(parse("yi,vi\n").unwrap_err().to_string().contains("at least one study"));
    }
}
