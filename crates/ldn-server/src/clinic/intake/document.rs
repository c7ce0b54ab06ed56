//! The intake as it is kept: TOML, edited field by field and written anew after every page.

use jiff::civil::Date;
use ldn_care::intake::Problems;
use ldn_core::course::Course;
use ldn_core::journal::Intake;
use toml::{Table, Value};

/// An intake being filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Document(Table);

impl Document {
    /// Returns the newest readable intake of a course, or an empty one.
    pub(super) fn newest(course: &Course) -> Document {
        let read = |text: &str| text.parse::<Table>().ok();
        let newest = course.intakes().iter().rev().find_map(|intake| read(&intake.value.document));
        Document(newest.unwrap_or_default())
    }

    /// Returns a value as it would be typed; `None` if it was never answered.
    pub(super) fn text(&self, table: &str, key: &str) -> Option<String> {
        self.0.get(table)?.as_table()?.get(key).map(typed)
    }

    /// Returns the entries of a list, each with its values by key.
    pub(super) fn list(&self, table: &str) -> Vec<&Table> {
        let entries = self.0.get(table).and_then(Value::as_array);
        entries.map(|entries| entries.iter().filter_map(Value::as_table).collect()).unwrap_or_default()
    }

    /// Sets a value, or takes it out.
    pub(super) fn set(&mut self, table: &str, key: &str, value: Option<Value>) {
        let entry = self.0.entry(table).or_insert_with(|| Value::Table(Table::new()));
        let Some(found) = entry.as_table_mut() else { return };
        match value {
            Some(value) => drop(found.insert(key.to_owned(), value)),
            None => drop(found.remove(key)),
        }
    }

    /// Adds an entry to a list and returns its place.
    pub(super) fn add(&mut self, table: &str, entry: Table) -> usize {
        let list = self.0.entry(table).or_insert_with(|| Value::Array(Vec::new()));
        let Some(list) = list.as_array_mut() else { return 0 };
        list.push(Value::Table(entry));
        list.len() - 1
    }

    /// Takes an entry out of a list.
    pub(super) fn remove(&mut self, table: &str, place: usize) {
        if let Some(list) = self.0.get_mut(table).and_then(Value::as_array_mut)
            && place < list.len()
        {
            list.remove(place);
        }
    }

    /// Returns it as it is kept, dated today.
    ///
    /// # Errors
    /// What the strict reader of intakes says.
    pub(super) fn kept(&self, today: Date) -> Result<Intake, Problems> {
        let document = self.to_text(today);
        ldn_care::intake::read(document.as_bytes())?;
        Ok(Intake { document })
    }

    /// Writes it as TOML: `schema` and `date` first, then tables, then lists.
    fn to_text(&self, today: Date) -> String {
        let mut text = format!("schema = 1\ndate = {today}\n");
        let of_kind = |is_list: bool| self.0.iter().filter(move |(_, value)| value.is_array() == is_list);
        for (name, value) in of_kind(false) {
            if let Some(table) = value.as_table().filter(|table| !table.is_empty()) {
                text += &format!("\n[{name}]\n{}", lines(table));
            }
        }
        for (name, value) in of_kind(true) {
            for entry in value.as_array().into_iter().flatten().filter_map(Value::as_table) {
                text += &format!("\n[[{name}]]\n{}", lines(entry));
            }
        }
        text
    }
}

fn lines(table: &Table) -> String {
    table.iter().map(|(key, value)| format!("{key} = {}\n", written(value))).collect()
}

/// Writes a value as TOML has it.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Float(number) => format!("{number:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Datetime(at) => at.to_string(),
        // An intake nests no deeper.
        Value::Array(_) | Value::Table(_) => quoted(""),
    }
}

/// Writes a text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push(' '),
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}

/// Returns a value as it would be typed.
pub(super) fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Float(number) => number.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Datetime(at) => at.to_string(),
        Value::Boolean(_) | Value::Array(_) | Value::Table(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 6, 1);

    #[test]
    fn what_is_kept_reads_back_as_it_was_typed() {
        let mut document = Document::default();
        document.set("person", "sex", Some(Value::String("female".to_owned())));
        document.set("person", "weight_kg", Some(Value::Float(71.5)));
        document.set("course", "requested_dose", Some(Value::String("4.5 mg".to_owned())));
        let mut medicine = Table::new();
        medicine.insert("name".to_owned(), Value::String("St. \"John's\" wort \\ 3\n".to_owned()));
        assert_eq!(document.add("medicine", medicine), 0);
        let kept = document.kept(TODAY).unwrap();
        let read = ldn_care::intake::read(kept.document.as_bytes()).unwrap();
        assert_eq!(read.medicines[0].name, "St. \"John's\" wort \\ 3");
        assert_eq!(read.date, TODAY);
        assert_eq!(document.text("person", "weight_kg").as_deref(), Some("71.5"));
        document.remove("medicine", 0);
        assert!(
            ldn_care::intake::read(document.kept(TODAY).unwrap().document.as_bytes())
                .unwrap()
                .medicines
                .is_empty()
        );
    }

    #[test]
    fn what_no_intake_may_say_is_not_kept() {
        let mut document = Document::default();
        document.set("course", "requested_dose", Some(Value::String("4.5".to_owned())));
        let problems = document.kept(TODAY).unwrap_err();
        assert!(problems.to_string().contains("UN-01"), "{problems}");
    }
}
