//! The strict reader of `intake.toml`.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::dose::DoseError;
use ldn_core::{Dose, Problem, Problems};
use toml::de::{DeTable, DeValue};

use super::lab::{units_expected, units_of};
use super::quantity::comma_hint;
use super::table::{Entry, Reader, Table};
use super::{
    Allergy, Answers, Birth, Concentration, Condition, Course, DailyAmount, Intake, Lab, LabResult, LabTest,
    ListedMedicine, Measured, Person, Procedure, QuantityError, Symptom, UnitOfLab,
};

/// The largest intake that is read, in bytes.
pub const LARGEST_FILE: usize = 1_000_000;

/// The longest list of medicines, conditions and so on that is read.
pub const LARGEST_LIST: usize = 500;

/// The longest text in an intake, in characters.
pub const LONGEST_TEXT: usize = 300;

/// Oldest age that is believed, in years.
const OLDEST: i16 = 130;

/// Reads an intake.
///
/// # Errors
/// Everything that is wrong, each with its place. A file that is no TOML is told about by line; its values are then
/// not looked at.
///
/// ```
/// use ldn_care::intake::read;
/// let problems = read(b"schema = 1\ndate = 2026-01-05\n[course]\nrequested_dose = 4.5\n").unwrap_err();
/// assert!(problems.to_string().starts_with("line 4, `course.requested_dose` is `4.5`: UN-01: "));
/// ```
pub fn read(bytes: &[u8]) -> Result<Intake, Problems> {
    let text = text_of(bytes)?;
    let mut reader = Reader::new(text);
    let (file, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = match error.span().filter(|span| span.end > 0) {
            Some(span) => reader.line(span.start),
            None => deepest_line(text),
        };
        reader.problems.push(Problem::of_message(line, &format!("not TOML: {}", error.message().trim())));
    }
    if !errors.is_empty() {
        let nothing = Intake::unknown(Date::constant(2000, 1, 1));
        return reader.problems.into_result(nothing);
    }
    let intake = read_file(&mut reader, Table::new(file.get_ref(), "", 0));
    reader.problems.into_result(intake)
}

/// Returns the line that nests deepest. The parser names no place for a key with too many parts.
fn deepest_line(text: &str) -> u64 {
    let depth = |line: &str| line.bytes().filter(|byte| matches!(byte, b'.' | b'[' | b'{')).count();
    let lines = text.lines().enumerate().map(|(idx, line)| (depth(line), std::cmp::Reverse(idx)));
    lines.max().map_or(1, |(_, std::cmp::Reverse(idx))| idx as u64 + 1)
}

/// Returns the text of a file that is small enough and UTF-8.
fn text_of(bytes: &[u8]) -> Result<&str, Problems> {
    if bytes.len() > LARGEST_FILE {
        let expected = format!(
            "an intake has at most {LARGEST_FILE} bytes; this file has {}, is it the right one?",
            bytes.len()
        );
        return Err(Problem::of_file(expected).into());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        let expected = "not UTF-8: expected text saved as UTF-8; save the file as UTF-8 and try again";
        Problems::from(Problem::of_line(before as u64 + 1, expected))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        let expected = "the file is empty; expected an intake, `ldn screen --new` writes one to fill in";
        return Err(Problem::of_file(expected).into());
    }
    Ok(text)
}

fn read_file(reader: &mut Reader<'_>, file: Table<'_>) -> Intake {
    reader.check_keys(
        file,
        &[
            "schema",
            "date",
            "person",
            "course",
            "answers",
            "condition",
            "symptom",
            "medicine",
            "allergy",
            "lab",
            "procedure",
        ],
    );
    check_schema(reader, file);
    if file.get("date").is_none() {
        reader.missing(file, "date", "the day of screening, such as 2026-01-05");
    }
    let today = reader.date(file, "date", false);
    let mut intake = Intake::unknown(today.unwrap_or(Date::constant(2100, 12, 31)));
    if let Some(table) = reader.table(file, "person") {
        intake.person = read_person(reader, table, today);
    }
    if let Some(table) = reader.table(file, "course") {
        intake.course = read_course(reader, table, today);
    }
    if let Some(table) = reader.table(file, "answers") {
        intake.answers = read_answers(reader, table);
    }
    intake.conditions = read_list(reader, file, "condition", read_condition);
    intake.symptoms = read_list(reader, file, "symptom", read_symptom);
    intake.medicines = read_list(reader, file, "medicine", |r, table| read_medicine(r, table, today));
    intake.allergies = read_list(reader, file, "allergy", read_allergy);
    intake.labs = read_list(reader, file, "lab", |r, table| read_lab(r, table, today));
    intake.procedures = read_list(reader, file, "procedure", read_procedure);
    intake
}

/// Reads every table of a list; what is wrong with one does not hide another.
fn read_list<T>(
    reader: &mut Reader<'_>,
    file: Table<'_>,
    key: &str,
    mut read_one: impl FnMut(&mut Reader<'_>, Table<'_>) -> Option<T>,
) -> Vec<T> {
    let mut list = Vec::new();
    for (entries, path, start) in reader.tables(file, key, LARGEST_LIST) {
        list.extend(read_one(reader, Table::new(entries, &path, start)));
    }
    list
}

fn check_schema(reader: &mut Reader<'_>, file: Table<'_>) {
    let Some(entry) = file.get("schema") else {
        return reader.missing(file, "schema", "the line schema = 1");
    };
    if !matches!(entry.value, DeValue::Integer(number) if number.as_str() == "1") {
        reader.refuse(&entry, "expected 1, the only version there is");
    }
}

fn read_person(reader: &mut Reader<'_>, table: Table<'_>, today: Option<Date>) -> Person {
    reader.check_keys(table, &["birth_year", "birth_date", "sex", "pregnancy", "contraception", "weight_kg"]);
    let weight_kg = reader.number(table, "weight_kg").filter(|weight| {
        let is_believable = (Measured::from_whole(20)..=Measured::from_whole(400)).contains(weight);
        if let (false, Some(entry)) = (is_believable, table.get("weight_kg")) {
            reader.refuse(&entry, "expected kilograms from 20 to 400");
        }
        is_believable
    });
    Person {
        birth: read_birth(reader, table, today),
        sex: reader.word(table, "sex").unwrap_or_default(),
        pregnancy: reader.word(table, "pregnancy").unwrap_or_default(),
        contraception: reader.word(table, "contraception").unwrap_or_default(),
        weight_kg,
    }
}

fn read_birth(reader: &mut Reader<'_>, table: Table<'_>, today: Option<Date>) -> Birth {
    let year = read_birth_year(reader, table, today);
    let date = reader.past_date(table, "birth_date", today, false);
    let is_too_old = |date: Date| today.is_some_and(|today| today.year() - date.year() > OLDEST);
    if let (Some(_), Some(entry)) = (date.filter(|date| is_too_old(*date)), table.get("birth_date")) {
        reader.refuse(&entry, format!("expected a day at most {OLDEST} years ago"));
    }
    match (year, date) {
        (Some(year), Some(date)) if date.year() != year => {
            if let Some(entry) = table.get("birth_year") {
                reader.refuse(&entry, format!("expected the year of `birth_date`, {}", date.year()));
            }
            Birth::Unknown
        }
        (_, Some(date)) => Birth::Date(date),
        (Some(year), None) => Birth::Year(year),
        (None, None) => Birth::Unknown,
    }
}

fn read_birth_year(reader: &mut Reader<'_>, table: Table<'_>, today: Option<Date>) -> Option<i16> {
    let entry = table.get("birth_year")?;
    let last = today.map_or(2100, Date::year);
    let year = match entry.value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse::<i16>().ok(),
        _ => None,
    };
    let year = year.filter(|year| (last - OLDEST..=last).contains(year));
    if year.is_none() {
        reader.refuse(&entry, format!("expected a year from {} to {last}", last - OLDEST));
    }
    year
}

fn read_course(reader: &mut Reader<'_>, table: Table<'_>, today: Option<Date>) -> Course {
    reader.check_keys(
        table,
        &[
            "indication",
            "requested_dose",
            "form",
            "concentration",
            "release",
            "ldn_since",
            "last_ldn_dose",
            "current_dose",
            "blinded_period",
        ],
    );
    let course = Course {
        indication: reader.text(table, "indication", "fibromyalgia"),
        requested_dose: read_dose(reader, table, "requested_dose"),
        form: reader.word(table, "form").unwrap_or_default(),
        concentration: read_concentration(reader, table),
        release: reader.word(table, "release").unwrap_or_default(),
        ldn_since: reader.past_date(table, "ldn_since", today, false),
        last_ldn_dose: reader.past_date(table, "last_ldn_dose", today, true),
        current_dose: read_dose(reader, table, "current_dose"),
        blinded_period: reader.word(table, "blinded_period").unwrap_or_default(),
    };
    if let (Some(since), Some(last)) = (course.ldn_since, course.last_ldn_dose)
        && last < since
        && let Some(entry) = table.get("last_ldn_dose")
    {
        reader.refuse(&entry, format!("expected a day that is not before `course.ldn_since`, {since}"));
    }
    course
}

/// Reads a dose of naltrexone. A number without its unit is never guessed (UN-01).
fn read_dose(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Option<Dose> {
    let entry = table.get(key)?;
    let DeValue::String(text) = entry.value else {
        let expected =
            "UN-01: expected a dose with its unit, in quotes, such as \"4.5 mg\" or \"500 micrograms\"";
        reader.refuse(&entry, expected);
        return None;
    };
    match text.parse() {
        Ok(dose) => Some(dose),
        Err(error) => {
            reader.refuse(&entry, dose_expected(text, &error));
            None
        }
    }
}

/// Says what a dose must look like. Wrong and missing units name the rule that stops them.
fn dose_expected(text: &str, error: &DoseError) -> String {
    match error {
        DoseError::MissingUnit { .. } if text.trim().is_empty() => {
            "UN-01: expected a dose such as \"4.5 mg\"; leave the key out if it is unknown".to_owned()
        }
        DoseError::MissingUnit { .. } => format!(
            "UN-01: expected a unit after the number: \"{0} mg\" or \"{0} micrograms\", a thousand times less{1}",
            text.trim(),
            comma_hint(text.trim())
        ),
        DoseError::UnknownUnit { unit } => {
            format!("UN-01: `{unit}` is no unit of dose; expected mg or micrograms, such as \"4.5 mg\"")
        }
        DoseError::NotANumber { text: amount } => {
            let hint = comma_hint(amount);
            format!("expected a plain number and its unit, such as \"4.5 mg\"{hint}")
        }
        DoseError::TooFine { .. } => "expected at most one nanogram as the smallest step".to_owned(),
        DoseError::TooLarge { .. } => "expected a dose; this is too large to be one".to_owned(),
    }
}

fn read_concentration(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Concentration> {
    let text = reader.text(table, "concentration", "1 mg/mL")?;
    read_quantity(reader, table, "concentration", &text)
}

/// Parses a quantity; what is wrong with it is noted at its key.
fn read_quantity<Q: std::str::FromStr<Err = QuantityError>>(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    key: &str,
    text: &str,
) -> Option<Q> {
    match text.parse() {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            if let Some(entry) = table.get(key) {
                reader.refuse(&entry, error.to_string());
            }
            None
        }
    }
}

fn read_answers(reader: &mut Reader<'_>, table: Table<'_>) -> Answers {
    reader.check_keys(
        table,
        &[
            "lists_complete",
            "opioids_last_90_days",
            "suicidal_thoughts_now",
            "past_suicide_attempt",
            "depression_treated",
            "alcohol",
            "kidney_disease",
            "liver_disease",
            "household_opioid_user",
            "swallowing_difficulty",
            "sensitive_to_medicines",
            "splits_tablets",
            "drug_tested",
            "drives",
        ],
    );
    let alcohol = reader.word(table, "alcohol").unwrap_or_default();
    let mut answer = |key| reader.word(table, key).unwrap_or_default();
    Answers {
        lists_complete: answer("lists_complete"),
        opioids_last_90_days: answer("opioids_last_90_days"),
        suicidal_thoughts_now: answer("suicidal_thoughts_now"),
        past_suicide_attempt: answer("past_suicide_attempt"),
        depression_treated: answer("depression_treated"),
        alcohol,
        kidney_disease: answer("kidney_disease"),
        liver_disease: answer("liver_disease"),
        household_opioid_user: answer("household_opioid_user"),
        swallowing_difficulty: answer("swallowing_difficulty"),
        sensitive_to_medicines: answer("sensitive_to_medicines"),
        splits_tablets: answer("splits_tablets"),
        drug_tested: answer("drug_tested"),
        drives: answer("drives"),
    }
}

fn read_condition(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Condition> {
    reader.check_keys(table, &["name", "status"]);
    let status = reader.word(table, "status").unwrap_or_default();
    let name = reader.needed_text(table, "name", "Hashimoto's thyroiditis")?;
    Some(Condition { name, status })
}

fn read_symptom(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Symptom> {
    reader.check_keys(table, &["name"]);
    reader.needed_text(table, "name", "dark urine").map(|name| Symptom { name })
}

fn read_medicine(reader: &mut Reader<'_>, table: Table<'_>, today: Option<Date>) -> Option<ListedMedicine> {
    reader.check_keys(table, &["name", "use", "route", "release", "per_day", "last_taken", "not_an_opioid"]);
    let usage = reader.word(table, "use").unwrap_or_default();
    let route = reader.word(table, "route");
    let release = reader.word(table, "release").unwrap_or_default();
    let per_day = read_per_day(reader, table);
    let last_taken = reader.past_date(table, "last_taken", today, true);
    let not_an_opioid = reader.word(table, "not_an_opioid").unwrap_or_default();
    let name = reader.needed_text(table, "name", "Ultram 50 mg")?;
    Some(ListedMedicine { name, usage, route, release, per_day, last_taken, not_an_opioid })
}

fn read_per_day(reader: &mut Reader<'_>, table: Table<'_>) -> Option<DailyAmount> {
    let entry = table.get("per_day")?;
    if matches!(entry.value, DeValue::Integer(_) | DeValue::Float(_)) {
        let expected = "UN-01: expected an amount with its unit, in quotes, such as \"200 mg\"";
        reader.refuse(&entry, expected);
        return None;
    }
    let text = reader.text(table, "per_day", "200 mg")?;
    read_quantity(reader, table, "per_day", &text)
}

fn read_allergy(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Allergy> {
    reader.check_keys(table, &["substance", "reaction"]);
    let reaction = reader.text(table, "reaction", "rash");
    let substance = reader.needed_text(table, "substance", "lactose")?;
    Some(Allergy { substance, reaction })
}

fn read_procedure(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Procedure> {
    reader.check_keys(table, &["name", "date", "opioids_expected"]);
    let date = reader.date(table, "date", false);
    let opioids_expected = reader.word(table, "opioids_expected").unwrap_or_default();
    let name = reader.needed_text(table, "name", "dental extraction")?;
    Some(Procedure { name, date, opioids_expected })
}

fn read_lab(reader: &mut Reader<'_>, table: Table<'_>, today: Option<Date>) -> Option<Lab> {
    reader.check_keys(table, &["test", "value", "text", "unit", "upper_limit", "date"]);
    let date = reader.past_date(table, "date", today, false);
    let written = reader.needed_text(table, "test", "ALT");
    let test = LabTest::from_written(written.as_deref().unwrap_or_default());
    let result = match (table.get("value"), table.get("text")) {
        (Some(_), Some(entry)) => {
            reader.refuse(&entry, "expected either a `value` or a `text`, not both");
            None
        }
        (None, Some(entry)) => read_finding(reader, test, &entry),
        (Some(entry), None) => read_value(reader, table, test, &entry),
        (None, None) => {
            reader.missing(table, "value", "a number, or text = \"positive\" or \"negative\"");
            None
        }
    };
    Some(Lab { test, written: written?, result: result?, date })
}

/// Reads a result that is positive or negative.
fn read_finding(reader: &mut Reader<'_>, test: LabTest, entry: &Entry<'_>) -> Option<LabResult> {
    use LabTest::{NaloxoneChallenge, Other, UrineOpioidScreen, UrineOxycodone};
    if !matches!(test, Other | NaloxoneChallenge | UrineOpioidScreen | UrineOxycodone) {
        reader.refuse(entry, format!("expected a `value`: {} is a number", test.name()));
        return None;
    }
    match entry.value {
        DeValue::String(text) if text == "positive" => Some(LabResult::Positive),
        DeValue::String(text) if text == "negative" => Some(LabResult::Negative),
        _ => {
            reader.refuse(entry, "expected \"positive\" or \"negative\"");
            None
        }
    }
}

/// Reads a result that is a number.
fn read_value(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    test: LabTest,
    entry: &Entry<'_>,
) -> Option<LabResult> {
    let value = reader.number(table, "value");
    match test {
        LabTest::NaloxoneChallenge | LabTest::UrineOpioidScreen | LabTest::UrineOxycodone => {
            reader.refuse(entry, "expected no `value`, but text = \"positive\" or \"negative\"");
            None
        }
        LabTest::Phq9 => read_score(reader, table, entry, value?, 27),
        LabTest::Phq9Item9 => read_score(reader, table, entry, value?, 3),
        LabTest::Other => read_other(reader, table, value),
        _ => read_amount(reader, table, test, value),
    }
}

/// Reads a whole score; it has no unit.
fn read_score(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    entry: &Entry<'_>,
    score: Measured,
    highest: u32,
) -> Option<LabResult> {
    for key in ["unit", "upper_limit"] {
        if let Some(surplus) = table.get(key) {
            reader.refuse(&surplus, "expected none: a score has no unit and no upper limit");
        }
    }
    let is_whole = score.millionths().is_multiple_of(Measured::from_whole(1).millionths());
    if !is_whole || score > Measured::from_whole(highest) {
        reader.refuse(entry, format!("expected a whole score from 0 to {highest}"));
        return None;
    }
    Some(LabResult::Score(score))
}

/// Reads the number of a test that no rule reads.
fn read_other(reader: &mut Reader<'_>, table: Table<'_>, value: Option<Measured>) -> Option<LabResult> {
    let unit = reader.text(table, "unit", "g/L");
    let upper_limit = reader.number(table, "upper_limit");
    let value = value?;
    let written = unit.map_or_else(|| value.to_string(), |unit| format!("{value} {unit}"));
    Some(LabResult::Amount { value, upper_limit, unit: UnitOfLab::AsWritten, written })
}

/// Reads an amount with its unit and the upper limit of the same report.
fn read_amount(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    test: LabTest,
    value: Option<Measured>,
) -> Option<LabResult> {
    let expected = units_expected(test);
    let unit = reader.needed_text(table, "unit", expected.split('"').nth(1).unwrap_or("U/L"));
    let upper_limit = read_upper_limit(reader, table);
    let unit = unit?;
    let plain = unit.to_lowercase().replace(' ', "");
    let Some((_, held_in, factor)) = units_of(test).iter().find(|(name, ..)| *name == plain) else {
        if let Some(entry) = table.get("unit") {
            reader.refuse(&entry, format!("expected {expected}"));
        }
        return None;
    };
    let value = value?;
    let limit_written = upper_limit.map(|limit| format!(", upper limit {limit} {unit}")).unwrap_or_default();
    let written = format!("{value} {unit}{limit_written}");
    let upper_limit = match upper_limit {
        Some(limit) => Some(limit.checked_mul(*factor)?),
        None => None,
    };
    Some(LabResult::Amount { value: value.checked_mul(*factor)?, upper_limit, unit: *held_in, written })
}

fn read_upper_limit(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Measured> {
    let limit = reader.number(table, "upper_limit")?;
    if limit == Measured::from_whole(0)
        && let Some(entry) = table.get("upper_limit")
    {
        reader.refuse(&entry, "expected the upper limit of the same report, which is above 0");
        return None;
    }
    Some(limit)
}

/// Returns the age of a person on a day, the least and the most it can be; `None` if the birth is unknown.
pub(crate) fn age_range(birth: Birth, today: Date) -> Option<(i16, i16)> {
    let age_of = |born: Date| {
        let years = today.year() - born.year();
        let had_birthday = born.checked_add(i32::from(years).years()).is_ok_and(|birthday| birthday <= today);
        if had_birthday { years } else { years - 1 }
    };
    match birth {
        Birth::Unknown => None,
        Birth::Date(born) => Some((age_of(born), age_of(born))),
        Birth::Year(year) => {
            let (first, last) = (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?);
            Some((age_of(last).max(0), age_of(first)))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ages_by_year_and_by_day() {
        let today = date(2026, 1, 5);
        for (birth, range) in [
            (Birth::Unknown, None),
            (Birth::Year(2008), Some((17, 18))),
            (Birth::Year(2007), Some((18, 19))),
            (Birth::Year(2026), Some((0, 0))),
            (Birth::Date(date(2008, 1, 5)), Some((18, 18))),
            (Birth::Date(date(2008, 1, 6)), Some((17, 17))),
            (Birth::Date(date(1960, 1, 5)), Some((66, 66))),
        ] {
            assert_eq!(age_range(birth, today), range, "{birth:?}");
        }
        assert_eq!(age_range(Birth::Year(2008), date(2026, 12, 31)), Some((18, 18)));
        assert_eq!(age_range(Birth::Date(date(2008, 2, 29)), date(2026, 2, 28)), Some((18, 18)));
    }
}
