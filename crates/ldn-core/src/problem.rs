//! What is wrong with a file: every problem at once, each with its place.

use std::fmt;

use serde::Serialize;

/// How many problems of one file are kept; the rest are counted.
pub const MOST_PROBLEMS_KEPT: usize = 50;

/// How much of a bad value is repeated in its message, in characters.
const LONGEST_VALUE_SHOWN: usize = 60;

/// How much of a parser's own message is repeated, in characters.
const LONGEST_MESSAGE_SHOWN: usize = 300;

/// One thing that is wrong, where it stands, what was found and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line of the file, counted from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// Where the value stands in its line, if one value is meant.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What stands there, shortened if long.
    pub value: Option<String>,
    /// What was expected instead, as a full clause ("expected …").
    pub expected: String,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Name of the column of a table.
    Column(String),
    /// Path of the key in a file of keys and values, such as `medicine[0].use`.
    Key(String),
}

impl Problem {
    /// Makes a problem of the whole file.
    pub fn of_file(expected: impl Into<String>) -> Problem {
        Problem { line: None, place: None, value: None, expected: expected.into() }
    }

    /// Makes a problem of a line.
    pub fn of_line(line: u64, expected: impl Into<String>) -> Problem {
        Problem { line: Some(line), ..Problem::of_file(expected) }
    }

    /// Makes a problem of a line from the message of a parser, which may repeat anything that stands there.
    pub fn of_message(line: u64, message: &str) -> Problem {
        Problem::of_line(line, shorten(message, LONGEST_MESSAGE_SHOWN))
    }

    /// Makes a problem of one cell of a table.
    pub fn of_cell(line: u64, column: &str, value: &str, expected: impl Into<String>) -> Problem {
        Problem {
            place: Some(Place::Column(shorten(column, LONGEST_VALUE_SHOWN))),
            value: Some(shorten(value, LONGEST_VALUE_SHOWN)),
            ..Problem::of_line(line, expected)
        }
    }

    /// Makes a problem of a key that is unknown or missing.
    pub fn of_key(line: u64, key: &str, expected: impl Into<String>) -> Problem {
        Problem {
            place: Some(Place::Key(shorten(key, LONGEST_VALUE_SHOWN))),
            ..Problem::of_line(line, expected)
        }
    }

    /// Makes a problem of the value of a key.
    pub fn of_value(line: u64, key: &str, value: &str, expected: impl Into<String>) -> Problem {
        let value = Some(shorten(value, LONGEST_VALUE_SHOWN));
        Problem { value, ..Problem::of_key(line, key, expected) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        match (&self.place, &self.value) {
            (Some(Place::Column(column)), Some(value)) => write!(f, "column `{column}`, value `{value}`: ")?,
            (Some(Place::Column(column)), None) => write!(f, "column `{column}`: ")?,
            (Some(Place::Key(key)), Some(value)) => write!(f, "`{key}` is `{value}`: ")?,
            (Some(Place::Key(key)), None) => write!(f, "`{key}`: ")?,
            (None, _) => (),
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

/// Collects problems while reading goes on, the first lines' ones whatever the order in which they are found.
#[derive(Debug, Default)]
pub struct ProblemList {
    kept: Vec<Problem>,
    more: usize,
}

impl ProblemList {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        let place = |problem: &Problem| problem.line.unwrap_or(u64::MAX);
        let at = self.kept.partition_point(|other| place(other) <= place(&problem));
        self.kept.insert(at, problem);
        if self.kept.len() > MOST_PROBLEMS_KEPT {
            self.kept.pop();
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

/// Keeps a text one line long, whatever stands in the file.
fn shorten(text: &str, longest: usize) -> String {
    let mut shown: String =
        text.chars().take(longest).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_words() {
        for (problem, said) in [
            (Problem::of_file("expected a row"), "expected a row"),
            (Problem::of_line(3, "expected a row"), "line 3, expected a row"),
            (Problem::of_message(3, "bad\nline"), "line 3, bad\u{fffd}line"),
            (
                Problem::of_cell(3, "pain", "x", "expected a number"),
                "line 3, column `pain`, value `x`: expected a number",
            ),
            (Problem::of_key(3, "lab[0].unit", "missing"), "line 3, `lab[0].unit`: missing"),
            (Problem::of_value(3, "sex", "x", "expected a word"), "line 3, `sex` is `x`: expected a word"),
        ] {
            assert_eq!(problem.to_string(), said);
        }
    }

    #[test]
    fn the_first_lines_are_kept_in_order() {
        let mut list = ProblemList::default();
        list.push(Problem::of_file("last"));
        for line in (1..=60).rev() {
            list.push(Problem::of_line(line, "first of its line"));
            list.push(Problem::of_line(line, "second of its line"));
        }
        let problems = list.into_result(()).unwrap_err();
        let lines: Vec<Option<u64>> = problems.kept().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, (1..=25).flat_map(|line| [Some(line); 2]).collect::<Vec<_>>());
        assert!(problems.kept()[0].expected.starts_with("first"));
        assert_eq!((problems.kept().len(), problems.more()), (50, 71));
    }
}
