//! Trials of other people: the wide CSV export of StudyU.
//!
//! One row per survey and day; `is_surveyN` says which survey a row answers. The start is local midnight written in UTC,
//! so that it tells the offset; the day of the study counts from 0 on.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use ldn_core::diary::{Arm, DATE_RANGE, Diary, DiaryRow};
use ldn_core::problem::{Problem, ProblemList, Problems};
use ldn_core::{Dose, Measure, Scale, Score};

/// Longest study that is read, in days.
const LONGEST_STUDY: i64 = 5_000;

/// One person's trial, its answers in the order of days; a day may have several.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyTrial {
    /// Id of the participant.
    pub participant: String,
    /// The question whose answers these are, if the file has it.
    pub question: Option<String>,
    /// The answers.
    pub answers: Vec<Answer>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Line of the file.
    pub line: u64,
    /// Day of the study, from 0.
    pub day: i64,
    /// Local date.
    pub date: Date,
    /// Name of the day's intervention.
    pub intervention: String,
    /// The number answered.
    pub value: f64,
    /// When it was given.
    recorded: Timestamp,
}

/// What the interventions were, in our terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Name of the intervention that was LDN, with its dose; `None` if none was.
    pub ldn: Option<(String, Dose)>,
    /// Name of the intervention that was a placebo capsule.
    pub placebo: Option<String>,
    /// Whether the participant did not know which was which.
    pub blind: bool,
}

impl Mapping {
    /// Keeps the names: nothing is LDN, nothing is a capsule.
    pub const fn as_named() -> Mapping {
        Mapping { ldn: None, placebo: None, blind: false }
    }
}

/// A trial that does not fit the mapping.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// No such intervention.
    #[error("no intervention `{name}`; the file has {found}")]
    UnknownIntervention {
        /// The name asked for.
        name: String,
        /// Those in the file.
        found: String,
    },
    /// A value outside the measure's scale.
    #[error(
        "line {line}, value `{value}`: expected {expected} for {measure}; choose another --outcome or --scale"
    )]
    OutsideScale {
        /// Line of the file.
        line: u64,
        /// The value.
        value: f64,
        /// The range.
        expected: String,
        /// The measure.
        measure: &'static str,
    },
    /// Two answers of one day that differ.
    #[error("lines {first} and {second} both answer for {date} and differ; remove one")]
    TwoAnswers {
        /// Line of the one.
        first: u64,
        /// Line of the other.
        second: u64,
        /// The day.
        date: Date,
    },
}

/// Reads an export: the answers in the column `outcome`, such as `survey1_question1_response`, by participant.
///
/// # Errors
/// Every problem at once, each with line, column, value and what was expected.
pub fn read(text: &str, outcome: &str) -> Result<Vec<StudyTrial>, Problems> {
    let mut records = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = records
        .headers()
        .map_err(|error| Problem::of_line(1, format!("expected a header row: {error}")))?
        .clone();
    let columns = Columns::of(&header, outcome)?;
    let mut problems = ProblemList::default();
    let mut trials: BTreeMap<String, StudyTrial> = BTreeMap::new();
    for record in records.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(Problem::of_line(
                    line,
                    format!("expected as many cells as in the header: {error}"),
                ));
                continue;
            }
        };
        if let Some((participant, question, answer)) = columns.answer(&record, &mut problems) {
            let trial = trials.entry(participant.clone()).or_insert_with(|| StudyTrial {
                participant,
                question,
                answers: Vec::new(),
            });
            trial.answers.push(answer);
        }
    }
    if trials.is_empty() {
        problems.push(Problem::of_file(format!("expected at least one answer in `{outcome}`")));
    }
    for trial in trials.values_mut() {
        trial.answers.sort_by_key(|answer| (answer.day, answer.recorded, answer.line));
    }
    problems.into_result(trials.into_values().collect())
}

/// Where things stand in the file.
struct Columns<'a> {
    outcome: &'a str,
    value: usize,
    asked: usize,
    question: Option<usize>,
    participant: usize,
    started: usize,
    recorded: usize,
    day: usize,
    intervention: usize,
}

impl<'a> Columns<'a> {
    fn of(header: &csv::StringRecord, outcome: &'a str) -> Result<Columns<'a>, Problems> {
        let mut problems = ProblemList::default();
        let found = |name: &str| header.iter().position(|column| column == name);
        let mut column = |name: &str| {
            found(name).unwrap_or_else(|| {
                problems
                    .push(Problem::of_line(1, format!("expected a column `{name}`, as StudyU exports it")));
                0
            })
        };
        let survey = outcome.split('_').next().unwrap_or_default();
        let columns = Columns {
            outcome,
            value: column(outcome),
            asked: column(&format!("is_{survey}")),
            question: outcome.strip_suffix("_response").and_then(|stem| found(&format!("{stem}_text"))),
            participant: column("participant_id"),
            started: column("participant_started_at"),
            recorded: column("measurement_time"),
            day: column("current_day_of_study"),
            intervention: column("current_intervention_name"),
        };
        problems.into_result(columns)
    }

    /// Returns participant, question and answer of a row that answers the outcome's survey.
    fn answer(
        &self,
        record: &csv::StringRecord,
        problems: &mut ProblemList,
    ) -> Option<(String, Option<String>, Answer)> {
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let mut refuse = |name: &str, value: &str, expected: &str| {
            problems.push(Problem::of_cell(line, name, value, expected));
        };
        match cell(self.asked) {
            "true" => {}
            "false" => return None,
            other => {
                refuse("is_survey", other, "expected true or false");
                return None;
            }
        }
        let value: Option<f64> = cell(self.value).parse().ok().filter(|value: &f64| value.is_finite());
        if value.is_none() {
            refuse(self.outcome, cell(self.value), "expected a number");
        }
        let day: Option<i64> = cell(self.day).parse().ok().filter(|day| (0..=LONGEST_STUDY).contains(day));
        if day.is_none() {
            refuse("current_day_of_study", cell(self.day), "expected a day from 0 on");
        }
        let recorded = time(cell(self.recorded));
        if recorded.is_none() {
            refuse(
                "measurement_time",
                cell(self.recorded),
                "expected a time such as 2023-07-26 22:00:00.000Z",
            );
        }
        let first_day = time(cell(self.started)).and_then(local_day);
        if first_day.is_none() {
            refuse(
                "participant_started_at",
                cell(self.started),
                "expected local midnight in UTC, such as 2023-07-26 22:00:00.000Z",
            );
        }
        for (name, column) in
            [("participant_id", self.participant), ("current_intervention_name", self.intervention)]
        {
            if cell(column).is_empty() {
                refuse(name, "", "expected a name");
                return None;
            }
        }
        let (day, first_day) = (day?, first_day?);
        let answer = Answer {
            line,
            day,
            date: first_day.saturating_add(jiff::Span::new().days(day)),
            intervention: cell(self.intervention).to_owned(),
            value: value?,
            recorded: recorded?,
        };
        let (earliest, latest) = DATE_RANGE;
        if !(earliest..=latest).contains(&answer.date) {
            refuse("participant_started_at", cell(self.started), "expected a year from 1980 to 2100");
            return None;
        }
        let question = self.question.map(|column| cell(column).to_owned());
        Some((cell(self.participant).to_owned(), question, answer))
    }
}

/// A time such as `2023-07-26 22:00:00.000Z`.
fn time(text: &str) -> Option<Timestamp> {
    text.ends_with('Z').then(|| text.parse().ok())?
}

/// The local date of a local midnight written in UTC: before noon the zone lies west, and the date is the same; after
/// noon it lies east, and it is the next. Zones more than twelve hours east would be taken for west.
fn local_day(midnight: Timestamp) -> Option<Date> {
    let utc: DateTime = midnight.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let whole_quarter = utc.minute() % 15 == 0 && utc.second() == 0 && utc.subsec_nanosecond() == 0;
    whole_quarter.then(|| utc.saturating_add(SignedDuration::from_hours(12)).date())
}

impl StudyTrial {
    /// Returns the names of the interventions by alphabet, the order in which StudyU's own analyses code them.
    pub fn interventions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.answers.iter().map(|answer| answer.intervention.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns the first answer of each day, and the lines of answers that repeat one, word for word.
    ///
    /// # Errors
    /// [`ImportError::TwoAnswers`] if two answers of a day differ.
    pub fn days(&self) -> Result<(Vec<&Answer>, Vec<u64>), ImportError> {
        let mut days: Vec<&Answer> = Vec::new();
        let mut repeated = Vec::new();
        for answer in &self.answers {
            match days.last().filter(|last| last.date == answer.date) {
                None => days.push(answer),
                Some(last) if last.value == answer.value && last.intervention == answer.intervention => {
                    repeated.push(answer.line);
                }
                Some(last) => {
                    let (first, second) = (last.line, answer.line);
                    return Err(ImportError::TwoAnswers { first, second, date: answer.date });
                }
            }
        }
        Ok((days, repeated))
    }

    /// Makes a diary of the answers; days without one are not in it. Returns the lines that repeat another, too.
    ///
    /// With `ldn` or `placebo` the days get dose and capsule, blinded ones also the arm; a blinded intervention that is
    /// neither keeps its name as a masked code, an open one goes into the note.
    ///
    /// # Errors
    /// [`ImportError`].
    pub fn diary(
        &self,
        measure: Measure,
        scale: Scale,
        mapping: &Mapping,
    ) -> Result<(Diary, Vec<u64>), ImportError> {
        let names = self.interventions();
        for name in mapping.ldn.iter().map(|(name, _)| name).chain(&mapping.placebo) {
            if !names.contains(&name.as_str()) {
                let found = names.join(", ");
                return Err(ImportError::UnknownIntervention { name: name.clone(), found });
            }
        }
        let (days, repeated) = self.days()?;
        let mut rows = Vec::with_capacity(days.len());
        for answer in days {
            rows.push(row(answer, measure, scale, mapping)?);
        }
        let diary = Diary::new(rows).expect("days are sorted, each is there once, and a trial has one");
        Ok((diary, repeated))
    }
}

fn row(answer: &Answer, measure: Measure, scale: Scale, mapping: &Mapping) -> Result<DiaryRow, ImportError> {
    let mut row = DiaryRow::empty(answer.date);
    row.scores[measure.index()] =
        Some(Score::new(measure, scale, answer.value).map_err(|_| ImportError::OutsideScale {
            line: answer.line,
            value: answer.value,
            expected: format!("0 to {}", scale.max()),
            measure: measure.id(),
        })?);
    let is = |name: Option<&String>| name == Some(&answer.intervention);
    let dose = mapping.ldn.as_ref().filter(|(name, _)| is(Some(name))).map(|(_, dose)| *dose);
    let placebo = is(mapping.placebo.as_ref());
    let knows_capsules = mapping.ldn.is_some() || mapping.placebo.is_some();
    row.blind = mapping.blind;
    if knows_capsules {
        row.dose = Some(dose.unwrap_or(Dose::ZERO));
        row.capsule = Some(dose.is_some() || placebo);
    }
    row.arm = match (mapping.blind, dose, placebo) {
        (false, ..) => None,
        (true, Some(_), _) => Some(Arm::Active),
        (true, None, true) => Some(Arm::Placebo),
        (true, None, false) => Some(Arm::Masked(answer.intervention.clone())),
    };
    if row.arm.is_none() && dose.is_none() && !placebo {
        row.note = Some(answer.intervention.clone());
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "measurement_time,participant_id,participant_started_at,current_day_of_study,current_intervention_name,is_survey1,survey1_question1_text,survey1_question1_response\n";
    const OUTCOME: &str = "survey1_question1_response";

    fn export(rows: &[&str]) -> String {
        HEADER.to_owned() + &rows.join("\n") + "\n"
    }

    #[test]
    fn local_midnight_tells_the_day_on_both_sides_of_greenwich() {
        for (start, day) in [
            ("2023-07-26 22:00:00.000Z", "2023-07-27"), // two hours east
            ("2023-07-27 04:00:00.000Z", "2023-07-27"), // four hours west
            ("2023-07-27 00:00:00.000Z", "2023-07-27"),
            ("2023-07-26 18:30:00.000Z", "2023-07-27"), // five and a half east
        ] {
            assert_eq!(local_day(time(start).unwrap()).unwrap().to_string(), day, "{start}");
        }
        assert_eq!(local_day(time("2023-07-26 22:07:00.000Z").unwrap()), None);
        assert_eq!(time("2023-07-26 22:00:00.000"), None);
    }

    #[test]
    fn answers_come_by_participant_and_day() {
        let text = export(&[
            "2023-08-02 06:00:00.000Z,b,2023-07-31 22:00:00.000Z,1,Tea,true,How well?,8",
            "2023-08-01 06:00:00.000Z,b,2023-07-31 22:00:00.000Z,0,No tea,true,How well?,7",
            "2023-08-01 06:00:00.000Z,b,2023-07-31 22:00:00.000Z,0,No tea,false,How well?,",
            "2023-08-01 06:00:00.000Z,a,2023-07-31 22:00:00.000Z,0,Tea,true,How well?,3",
        ]);
        let trials = read(&text, OUTCOME).unwrap();
        assert_eq!(trials.iter().map(|t| t.participant.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(trials[1].interventions(), ["No tea", "Tea"]);
        let values: Vec<f64> = trials[1].answers.iter().map(|answer| answer.value).collect();
        assert_eq!(values, [7.0, 8.0]);
        let mapping = Mapping {
            ldn: Some(("Tea".to_owned(), Dose::from_micrograms(4_500))),
            placebo: Some("No tea".to_owned()),
            blind: true,
        };
        let (diary, _) = trials[1].diary(Measure::Sleep, Scale::ZeroToTen, &mapping).unwrap();
        assert_eq!(
            diary.to_csv(Scale::ZeroToTen),
            "date,dose_mg,capsule,blind,arm,sleep\n2023-08-01,0,1,1,P,7\n2023-08-02,4.5,1,1,A,8\n"
        );
        let (open, _) = trials[1].diary(Measure::Sleep, Scale::ZeroToTen, &Mapping::as_named()).unwrap();
        assert_eq!(open.to_csv(Scale::ZeroToTen), "date,sleep,note\n2023-08-01,7,No tea\n2023-08-02,8,Tea\n");
    }

    #[test]
    fn mistakes_are_named_with_line_column_and_value() {
        let row = "2023-08-01 06:00:00.000Z,a,2023-07-31 22:00:00.000Z,0,Tea,true,How well?,3";
        for (from, to, expected) in [
            (",3", ",well", "line 2, column `survey1_question1_response`, value `well`: expected a number"),
            (
                ",0,Tea",
                ",-1,Tea",
                "line 2, column `current_day_of_study`, value `-1`: expected a day from 0 on",
            ),
            ("2023-08-01 06", "August 06", "line 2, column `measurement_time`, value `August 06:00:00.000Z`"),
            (
                "07-31 22:00",
                "07-31 22:10",
                "line 2, column `participant_started_at`, value `2023-07-31 22:10",
            ),
            (",Tea,", ",,", "line 2, column `current_intervention_name`, value ``: expected a name"),
            ("true", "yes", "value `yes`: expected true or false"),
        ] {
            let changed = row.replacen(from, to, 1);
            assert_ne!(changed, row);
            let error = read(&export(&[&changed]), OUTCOME).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let error = read(&export(&[row]), "survey2_question1_response").unwrap_err().to_string();
        assert!(error.contains("`survey2_question1_response`") && error.contains("`is_survey2`"), "{error}");
    }

    #[test]
    fn a_day_answered_twice() {
        let row = "2023-08-01 06:00:00.000Z,a,2023-07-31 22:00:00.000Z,0,Tea,true,How well?,3";
        let trials = read(&export(&[row, row]), OUTCOME).unwrap();
        let (diary, repeated) =
            trials[0].diary(Measure::Sleep, Scale::ZeroToTen, &Mapping::as_named()).unwrap();
        assert_eq!((diary.rows().len(), repeated), (1, vec![3]));
        let other = row.replace(",3", ",4");
        let trials = read(&export(&[row, &other]), OUTCOME).unwrap();
        let error = trials[0].diary(Measure::Sleep, Scale::ZeroToTen, &Mapping::as_named()).unwrap_err();
        assert!(matches!(error, ImportError::TwoAnswers { first: 2, second: 3, .. }), "{error}");
        let eleven = row.replace(",3", ",11");
        let trials = read(&export(&[&eleven]), OUTCOME).unwrap();
        let error = trials[0].diary(Measure::Sleep, Scale::ZeroToTen, &Mapping::as_named()).unwrap_err();
        assert!(error.to_string().starts_with("line 2, value `11`: expected 0 to 10"), "{error}");
    }
}
