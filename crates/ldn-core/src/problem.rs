//! What is wrong with a file: every problem at once, each with its place.

use std::fmt;

use serde::Serialize;

/// How many problems of one file are kept; the rest are counted.
pub const MOST_PROBLEMS_KEPT: usize = 50;

/// How much of a bad value is repeated in its message, in characters.
const LONGEST_VALUE_SHOWN: usize = 60;

/// One thing that is wrong, where it stands, what was found and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line of the file, counted from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// Name of the column, if one cell is meant.
    pub column: Option<String>,
    /// What stands there, shortened if long.
    pub value: Option<String>,
    /// What was expected instead, as a full clause ("expected …").
    pub expected: String,
}

impl Problem {
    /// Makes a problem of the whole file.
    pub fn of_file(expected: impl Into<String>) -> Problem {
        Problem { line: None, column: None, value: None, expected: expected.into() }
    }

    /// Makes a problem of a line.
    pub fn of_line(line: u64, expected: impl Into<String>) -> Problem {
        Problem { line: Some(line), column: None, value: None, expected: expected.into() }
    }

    /// Makes a problem of one cell.
    pub fn of_cell(line: u64, column: &str, value: &str, expected: impl Into<String>) -> Problem {
        Problem {
            line: Some(line),
            column: Some(shorten(column)),
            value: Some(shorten(value)),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        if let Some(column) = &self.column {
            write!(f, "column `{column}`, ")?;
        }
        if let Some(value) = &self.value {
            write!(f, "value `{value}`: ")?;
        }
        f.write_str(&self.expected)
    }
}

/// All problems of one file, never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    kept: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Returns the problems in the order of the file, at most [`MOST_PROBLEMS_KEPT`].
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    /// Returns how many further problems were found and not kept.
    pub fn more(&self) -> usize {
        self.more
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems { kept: vec![problem], more: 0 }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, problem) in self.kept.iter().enumerate() {
            if idx > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        if self.more > 0 {
            write!(f, "\n… and {} more", self.more)?;
        }
        Ok(())
    }
}

/// Collects problems while reading goes on.
#[derive(Debug, Default)]
pub struct ProblemList {
    kept: Vec<Problem>,
    more: usize,
}

impl ProblemList {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        if self.kept.len() < MOST_PROBLEMS_KEPT {
            self.kept.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Returns the value if nothing was wrong.
    ///
    /// # Errors
    /// All problems, if there were any.
    pub fn into_result<T>(self, value: T) -> Result<T, Problems> {
        if self.kept.is_empty() { Ok(value) } else { Err(Problems { kept: self.kept, more: self.more }) }
    }
}

/// Keeps a message one line long, whatever stands in the cell.
fn shorten(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(LONGEST_VALUE_SHOWN)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if value.chars().nth(LONGEST_VALUE_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
