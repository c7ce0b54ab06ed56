//! What is wrong with an intake: every problem at once, each with its place.

use std::fmt;

use serde::Serialize;

/// How many problems of one intake are kept; the rest are counted.
const MOST_PROBLEMS_KEPT: usize = 50;

/// How much of a bad value is repeated in its message, in characters.
const LONGEST_VALUE_SHOWN: usize = 60;

/// One thing that is wrong, where it stands, what was found and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line of the file, counted from 1; `None` when the whole file is meant.
    pub line: Option<usize>,
    /// Where the value stands, such as `medicine[0].use`; `None` when no value is meant.
    pub key: Option<String>,
    /// What stands there, shortened if long.
    pub value: Option<String>,
    /// What was expected instead, as a full clause ("expected …").
    pub expected: String,
}

impl Problem {
    /// Makes a problem of the whole file.
    pub(super) fn of_file(expected: impl Into<String>) -> Problem {
        Problem { line: None, key: None, value: None, expected: expected.into() }
    }

    /// Makes a problem of a line.
    pub(super) fn of_line(line: usize, expected: &str) -> Problem {
        Problem { line: Some(line), key: None, value: None, expected: shorten(expected, 300) }
    }

    /// Makes a problem of a key that is unknown or missing.
    pub(super) fn of_key(line: usize, key: &str, expected: impl Into<String>) -> Problem {
        let key = Some(shorten(key, LONGEST_VALUE_SHOWN));
        Problem { line: Some(line), key, value: None, expected: expected.into() }
    }

    /// Makes a problem of a value.
    pub(super) fn of_value(line: usize, key: &str, value: &str, expected: impl Into<String>) -> Problem {
        let value = Some(shorten(value, LONGEST_VALUE_SHOWN));
        Problem { value, ..Problem::of_key(line, key, expected) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        match (&self.key, &self.value) {
            (Some(key), Some(value)) => write!(f, "`{key}` is `{value}`: ")?,
            (Some(key), None) => write!(f, "`{key}`: ")?,
            (None, _) => (),
        }
        f.write_str(&self.expected)
    }
}

/// All problems of one intake, never empty, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    kept: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Returns the problems in the order of the file; the first fifty are kept.
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
pub(super) struct ProblemList(Vec<Problem>);

impl ProblemList {
    /// Adds one.
    pub(super) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Returns the value if nothing was wrong, else all problems in the order of the file.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, Problems> {
        let mut kept = self.0;
        if kept.is_empty() {
            return Ok(value);
        }
        kept.sort_by_key(|problem| problem.line);
        let more = kept.len().saturating_sub(MOST_PROBLEMS_KEPT);
        kept.truncate(MOST_PROBLEMS_KEPT);
        Err(Problems { kept, more })
    }
}

/// Keeps a message one line long, whatever stands in the file.
fn shorten(value: &str, longest: usize) -> String {
    let mut shown: String =
        value.chars().take(longest).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}
