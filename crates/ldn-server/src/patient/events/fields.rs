//! Forms as they were typed: fields by name, choices, and what is wrong with them.

use jiff::civil::Date;

use crate::patient::plan::TypedDate;
use crate::words::Words;

/// The longest name that is kept, in characters; that of an intake.
const LONGEST_NAME: usize = ldn_care::intake::LONGEST_TEXT;

/// The fields of a form in the order in which they were sent.
pub(crate) struct Fields(Vec<(String, String)>);

/// One answer of a question, offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its code in the form.
    pub(crate) value: &'static str,
    /// Its words.
    pub(crate) name: String,
    /// True if it was chosen.
    pub(crate) chosen: bool,
}

/// What is wrong with a field; the same words stand on top and beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldProblem {
    /// The id of the field.
    pub(crate) field: String,
    /// What is wrong, and what was expected.
    pub(crate) text: String,
}

impl FieldProblem {
    pub(crate) fn new(field: &str, text: String) -> FieldProblem {
        FieldProblem { field: field.to_owned(), text }
    }
}

/// Returns what is wrong with a field; `None` if nothing is.
pub(crate) fn problem_of<'p>(problems: &'p [FieldProblem], field: &str) -> Option<&'p str> {
    problems.iter().find(|problem| problem.field == field).map(|problem| problem.text.as_str())
}

impl Fields {
    pub(crate) fn of(sent: Vec<(String, String)>) -> Fields {
        Fields(sent)
    }

    /// Returns what stands in a field, without the spaces around it; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// Returns a date of three fields.
    pub(crate) fn date(&self, name: &str) -> TypedDate {
        let field = |part: &str| self.get(&format!("{name}_{part}")).to_owned();
        TypedDate { day: field("day"), month: field("month"), year: field("year") }
    }

    /// Returns a name that must be there.
    pub(crate) fn name(&self, field: &str, words: Words, problems: &mut Vec<FieldProblem>) -> String {
        let name = self.get(field);
        let code = match name.chars().count() {
            0 => "events-name-missing",
            length if length > LONGEST_NAME => "events-name-long",
            _ => return name.to_owned(),
        };
        problems.push(FieldProblem::new(field, words.say(code)));
        name.to_owned()
    }
}

/// Reads a date that may be left out and is never guessed; a wrong one is noted at its first field.
pub(crate) fn optional_date(
    typed: &TypedDate,
    name: &str,
    words: Words,
    problems: &mut Vec<FieldProblem>,
) -> Option<Date> {
    if typed.is_empty() {
        return None;
    }
    let date = typed.date();
    if date.is_none() {
        problems.push(FieldProblem::new(&format!("{name}_day"), words.say("events-date-wrong")));
    }
    date
}

/// Reads a date that is not to come.
pub(crate) fn past_date(
    typed: &TypedDate,
    name: &str,
    today: Date,
    words: Words,
    problems: &mut Vec<FieldProblem>,
) -> Option<Date> {
    let date = optional_date(typed, name, words, problems)?;
    if date > today {
        problems.push(FieldProblem::new(&format!("{name}_day"), words.say("events-date-to-come")));
        return None;
    }
    Some(date)
}

/// Returns the answers of a question; the words of each are `<stem>-<code>`.
pub(crate) fn choices(words: Words, stem: &str, codes: &[&'static str], chosen: &str) -> Vec<Choice> {
    let choice = |value: &&'static str| Choice {
        value,
        name: words.say(&format!("{stem}-{value}")),
        chosen: *value == chosen,
    };
    codes.iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::words::Language;

    #[test]
    fn dates_are_a_day_that_was_or_a_problem() {
        let today = date(2026, 6, 1);
        for (day, month, year, expected, problems) in [
            ("", "", "", None, 0),
            ("1", "6", "2026", Some(today), 0),
            ("2", "6", "2026", None, 1),
            ("31", "6", "2026", None, 1),
            ("1", "6", "26", None, 1),
        ] {
            let typed = TypedDate { day: day.into(), month: month.into(), year: year.into() };
            let mut found = Vec::new();
            let read = past_date(&typed, "last", today, Words::of(Language::English), &mut found);
            assert_eq!((read, found.len()), (expected, problems), "{day}/{month}/{year}");
            assert!(found.iter().all(|problem| problem.field == "last_day"));
        }
    }

    #[test]
    fn a_name_is_there_and_has_an_end() {
        for (name, problems) in [("", 1), ("  ", 1), ("flu", 0), (&"x".repeat(301), 1)] {
            let fields = Fields::of(vec![("name".to_owned(), name.to_owned())]);
            let mut found = Vec::new();
            fields.name("name", Words::of(Language::Spanish), &mut found);
            assert_eq!(found.len(), problems, "{name:?}");
        }
    }
}
