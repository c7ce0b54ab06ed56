//! A journal as text: a line that says whose, then a line for each entry with its link.

use jiff::Timestamp;
use ldn_core::ids::{CourseId, PersonId};
use ldn_core::journal::{Entry, Head, Kind, Link, Row, verify};
use serde::{Deserialize, Serialize};

use super::JournalError;

/// The version of the form that this program writes and reads.
pub const VERSION: u32 = 1;

/// A journal that was taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// The course.
    pub course: CourseId,
    /// Whose course.
    pub person: PersonId,
    /// The person's name; `None` if it is not known.
    pub name: Option<String>,
    /// When it was taken.
    pub taken: Timestamp,
    /// Where it ends; `None` before the first entry.
    pub head: Option<Head>,
    /// The entries in their order.
    pub lines: Vec<JournalLine>,
}

/// An entry in its place.
#[derive(Clone, Debug, PartialEq)]
pub enum JournalLine {
    /// All of it.
    Whole {
        /// Its place.
        link: Link,
        /// The entry.
        entry: Entry,
    },
    /// That it exists: a verdict of a blinded trial that runs.
    Masked {
        /// Its place.
        link: Link,
        /// Its kind.
        kind: Kind,
    },
}

impl JournalLine {
    /// Returns its place.
    pub const fn link(&self) -> &Link {
        match self {
            JournalLine::Whole { link, .. } | JournalLine::Masked { link, .. } => link,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstForm {
    ldn_journal: u32,
    course: CourseId,
    person: PersonId,
    name: Option<String>,
    taken: Timestamp,
    head: Option<Head>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineForm {
    link: Link,
    entry: Option<serde_json::Value>,
    masked: Option<Kind>,
}

impl Journal {
    /// Writes the journal as lines of JSON; each entry in its stored form, byte by byte.
    pub fn to_text(&self) -> String {
        let Journal { course, person, name, taken, head, lines } = self;
        let first = FirstForm {
            ldn_journal: VERSION,
            course: *course,
            person: *person,
            name: name.clone(),
            taken: *taken,
            head: *head,
        };
        let mut text = json(&first) + "\n";
        for line in lines {
            let link = json(line.link());
            text += &match line {
                JournalLine::Whole { entry, .. } => {
                    format!("{{\"link\":{link},\"entry\":{}}}\n", String::from_utf8_lossy(entry.as_bytes()))
                }
                JournalLine::Masked { kind, .. } => format!("{{\"link\":{link},\"masked\":\"{kind}\"}}\n"),
            };
        }
        text
    }

    /// Reads a journal and checks its whole chain.
    ///
    /// # Errors
    /// [`JournalError`] for the first line that is wrong, or everything that does not fit together.
    pub fn read(text: &str) -> Result<Journal, JournalError> {
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let first = lines.next().and_then(|(_, line)| serde_json::from_str::<FirstForm>(line).ok());
        let first = first
            .ok_or(JournalError::Line { line: 1, expected: "a journal that `ldn course export` wrote" })?;
        if first.ldn_journal != VERSION {
            return Err(JournalError::Version { found: first.ldn_journal, expected: VERSION });
        }
        let lines = lines.map(|(line, text)| read_line(line, text)).collect::<Result<Vec<_>, _>>()?;
        let FirstForm { course, person, name, taken, head, .. } = first;
        let journal = Journal { course, person, name, taken, head, lines };
        journal.check()?;
        Ok(journal)
    }

    fn check(&self) -> Result<(), JournalError> {
        let rows = self.lines.iter().map(|line| match line {
            JournalLine::Whole { link, entry } => Row { link, bytes: Some(entry.as_bytes()) },
            JournalLine::Masked { link, .. } => Row { link, bytes: None },
        });
        let mut findings: Vec<String> = match verify(self.course, rows, self.head) {
            Ok(_) => Vec::new(),
            Err(damage) => damage.iter().map(ToString::to_string).collect(),
        };
        let end = self.lines.last().map(|line| line.link().head());
        if findings.is_empty() && end != self.head {
            findings.push("the first line names another end".to_owned());
        }
        if findings.is_empty() { Ok(()) } else { Err(JournalError::Damaged { findings }) }
    }
}

fn read_line(line: usize, text: &str) -> Result<JournalLine, JournalError> {
    let wrong = JournalError::Line { line, expected: "a link with its entry" };
    let Ok(form) = serde_json::from_str::<LineForm>(text) else { return Err(wrong) };
    match (form.entry, form.masked) {
        (Some(entry), None) => {
            let entry = Entry::from_json(entry.to_string().as_bytes())
                .map_err(|source| JournalError::Entry { line, source })?;
            Ok(JournalLine::Whole { link: form.link, entry })
        }
        (None, Some(kind)) => Ok(JournalLine::Masked { link: form.link, kind }),
        _ => Err(wrong),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("ids, hashes, texts and instants are always JSON")
}
