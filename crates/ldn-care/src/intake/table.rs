//! Reading one table of an intake, key by key, keeping every problem.

use jiff::civil::{Date, date};
use ldn_core::Problem;
use ldn_core::problem::ProblemList;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::words::Word;
use super::{LONGEST_TEXT, Measured};

/// First and last date an intake may hold; anything outside is a slip of the pen.
const DATE_RANGE: (Date, Date) = (date(1880, 1, 1), date(2100, 12, 31));

/// The text of an intake, and what was found wrong with it so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    pub(super) problems: ProblemList,
}

/// A table, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Table<'r> {
    entries: &'r DeTable<'r>,
    path: &'r str,
    start: usize,
}

/// A value, its key and where it stands.
pub(super) struct Entry<'r> {
    pub(super) path: String,
    pub(super) value: &'r DeValue<'r>,
    pub(super) start: usize,
    end: usize,
}

impl<'r> Table<'r> {
    /// Makes a table; the path is empty for the file itself.
    pub(super) fn new(entries: &'r DeTable<'r>, path: &'r str, start: usize) -> Table<'r> {
        Table { entries, path, start }
    }

    /// Returns the value of a key with its place.
    pub(super) fn get(self, key: &str) -> Option<Entry<'r>> {
        let value = self.entries.get(key)?;
        Some(Entry {
            path: self.path_of(key),
            value: value.get_ref(),
            start: value.span().start,
            end: value.span().end,
        })
    }

    /// Returns the path of a key in it.
    pub(super) fn path_of(self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'t> Reader<'t> {
    /// Starts on a text.
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(idx, _)| idx + 1)).collect();
        Reader { text, line_starts, problems: ProblemList::default() }
    }

    /// Returns the line of a place, counted from 1.
    pub(super) fn line(&self, start: usize) -> u64 {
        self.line_starts.partition_point(|line_start| *line_start <= start) as u64
    }

    /// Notes that a value is not what was expected.
    pub(super) fn refuse(&mut self, entry: &Entry<'_>, expected: impl Into<String>) {
        let shown = match entry.value {
            DeValue::String(text) => text.to_string(),
            DeValue::Array(_) => "an array".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
            _ => self.text.get(entry.start..entry.end).unwrap_or_default().trim().to_owned(),
        };
        let line = self.line(entry.start);
        self.problems.push(Problem::of_value(line, &entry.path, &shown, expected));
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&mut self, table: Table<'_>, key: &str, expected: &str) {
        let line = self.line(table.start);
        self.problems.push(Problem::of_key(
            line,
            &table.path_of(key),
            format!("missing; expected {expected}"),
        ));
    }

    /// Notes every key that is not known.
    pub(super) fn check_keys(&mut self, table: Table<'_>, known: &[&str]) {
        for key in table.entries.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let near = known.iter().find(|known| strsim::levenshtein(known, name) <= 2);
            let hint = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            let line = self.line(key.span().start);
            let expected = format!("unknown key{hint}; expected one of {}", known.join(", "));
            self.problems.push(Problem::of_key(line, &table.path_of(name), expected));
        }
    }

    /// Returns the text of a key, trimmed; `None` if it is absent or wrong.
    pub(super) fn text(&mut self, table: Table<'_>, key: &str, example: &str) -> Option<String> {
        let entry = table.get(key)?;
        let DeValue::String(text) = entry.value else {
            self.refuse(&entry, format!("expected text in quotes, such as {example:?}"));
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.refuse(
                &entry,
                format!("expected text such as {example:?}; leave the key out if it is unknown"),
            );
            return None;
        }
        if text.chars().nth(LONGEST_TEXT).is_some() || text.contains(char::is_control) {
            let expected = format!("expected one line of at most {LONGEST_TEXT} characters");
            self.refuse(&entry, expected);
            return None;
        }
        Some(text.to_owned())
    }

    /// Returns the text of a key that must be there.
    pub(super) fn needed_text(&mut self, table: Table<'_>, key: &str, example: &str) -> Option<String> {
        if table.get(key).is_none() {
            self.missing(table, key, &format!("text in quotes, such as {example:?}"));
        }
        self.text(table, key, example)
    }

    /// Returns a word out of its fixed list; `None` if it is absent or wrong.
    pub(super) fn word<W: Word>(&mut self, table: Table<'_>, key: &str) -> Option<W> {
        let entry = table.get(key)?;
        let found = match entry.value {
            DeValue::String(text) => W::WORDS.iter().find(|(word, _)| *word == &**text),
            _ => None,
        };
        if found.is_none() {
            let words: Vec<String> = W::WORDS.iter().map(|(word, _)| format!("{word:?}")).collect();
            self.refuse(&entry, format!("expected one of {}", words.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    /// Returns a date; a time of day is accepted where `time_allowed` says so, and not kept.
    pub(super) fn date(&mut self, table: Table<'_>, key: &str, time_allowed: bool) -> Option<Date> {
        let entry = table.get(key)?;
        let hint = match entry.value {
            DeValue::String(_) => ", without quotes",
            _ => "",
        };
        let expected = format!("expected a date such as 2026-01-05{hint}");
        let DeValue::Datetime(found) = entry.value else {
            self.refuse(&entry, expected);
            return None;
        };
        let Some(day) = found.date.filter(|_| time_allowed || found.time.is_none()) else {
            self.refuse(&entry, expected);
            return None;
        };
        let year = i16::try_from(day.year).unwrap_or(i16::MAX);
        let (month, day_of_month) = (i8::try_from(day.month), i8::try_from(day.day));
        let read =
            month.ok().zip(day_of_month.ok()).and_then(|(month, day)| Date::new(year, month, day).ok());
        match read.filter(|date| (DATE_RANGE.0..=DATE_RANGE.1).contains(date)) {
            Some(date) => Some(date),
            None => {
                let expected =
                    format!("expected a day of the calendar from {} to {}", DATE_RANGE.0, DATE_RANGE.1);
                self.refuse(&entry, expected);
                None
            }
        }
    }

    /// Returns a date that may not lie after the day of screening.
    pub(super) fn past_date(
        &mut self,
        table: Table<'_>,
        key: &str,
        today: Option<Date>,
        time_allowed: bool,
    ) -> Option<Date> {
        let date = self.date(table, key, time_allowed)?;
        if let (Some(entry), Some(today)) = (table.get(key), today.filter(|today| date > *today)) {
            self.refuse(&entry, format!("expected a day that is not after `date`, {today}"));
            return None;
        }
        Some(date)
    }

    /// Returns a number, exactly as written.
    pub(super) fn number(&mut self, table: Table<'_>, key: &str) -> Option<Measured> {
        let entry = table.get(key)?;
        let text = match entry.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            DeValue::String(text) => {
                let hint = super::quantity::comma_hint(text);
                self.refuse(&entry, format!("expected a number without quotes, such as 38.0{hint}"));
                return None;
            }
            _ => {
                self.refuse(&entry, "expected a number such as 38.0");
                return None;
            }
        };
        match text.parse() {
            Ok(number) => Some(number),
            Err(error) => {
                self.refuse(&entry, error.to_string());
                None
            }
        }
    }

    /// Returns a table inside another; `None` if it is absent or no table.
    pub(super) fn table<'r>(&mut self, table: Table<'r>, key: &'r str) -> Option<Table<'r>> {
        let entry = table.get(key)?;
        let DeValue::Table(entries) = entry.value else {
            self.refuse(&entry, format!("expected a table: a line [{key}], then its keys"));
            return None;
        };
        Some(Table::new(entries, key, entry.start))
    }

    /// Returns the tables of a list; none if it is absent or no list of tables.
    pub(super) fn tables<'r>(
        &mut self,
        table: Table<'r>,
        key: &str,
        most: usize,
    ) -> Vec<(&'r DeTable<'r>, String, usize)> {
        let Some(entry) = table.get(key) else {
            return Vec::new();
        };
        let expected = format!("expected tables: a line [[{key}]] before each");
        let DeValue::Array(items) = entry.value else {
            self.refuse(&entry, expected);
            return Vec::new();
        };
        if items.len() > most {
            self.refuse(&entry, format!("expected at most {most} of these, found {}", items.len()));
            return Vec::new();
        }
        let mut tables = Vec::new();
        for (idx, item) in items.iter().enumerate() {
            self.push_table(&format!("{key}[{idx}]"), item, &expected, &mut tables);
        }
        tables
    }

    fn push_table<'r>(
        &mut self,
        path: &str,
        item: &'r Spanned<DeValue<'r>>,
        expected: &str,
        tables: &mut Vec<(&'r DeTable<'r>, String, usize)>,
    ) {
        let (start, end) = (item.span().start, item.span().end);
        match item.get_ref() {
            DeValue::Table(entries) => tables.push((entries, path.to_owned(), start)),
            value => self.refuse(&Entry { path: path.to_owned(), value, start, end }, expected),
        }
    }
}
