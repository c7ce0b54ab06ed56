//! One protocol: what its source states, what it leaves to a choice, what is missing.

use ldn_core::Dose;
use ldn_core::data::{Problems, Status, id_of};
use ldn_core::plan::TimeOfDay;
use serde::{Deserialize, Serialize};

/// A way of giving LDN, as a source describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Descriptive name; equals the file name.
    pub id: String,
    /// Its short name, `T01` to `T31`.
    pub alias: String,
    /// What it is, in a few words.
    pub title: String,
    /// Who it was described for.
    pub population: String,
    /// What kind of knowledge it is: trial, study, practice, opinion.
    pub evidence: String,
    /// Ids of the sources in `data/sources`; the first carries the steps.
    pub sources: Vec<String>,
    /// How far it has been checked.
    pub status: Status,
    /// What of it was seen and what was not, where `status` does not say it all.
    pub checked: String,
    /// What a reader must know about it.
    pub note: String,
    /// The form that the source describes, if it names one.
    pub form: Option<String>,
    /// The rule of screening that speaks about opioids beside it.
    pub opioid_rule: Option<String>,
    /// True if it is about the thyroid.
    pub thyroid: bool,
    /// The cap of a dose for children, in the words of the source; this program plans for adults only.
    pub paediatric_cap: Option<String>,
    /// When in the day; `None` if the source names no time.
    pub time_of_day: Option<TimeOfDay>,
    /// The time of day in the words of the source.
    pub time_words: String,
    /// What the source does on a side effect; empty if it says nothing.
    pub on_side_effect: String,
    /// When the source stops; empty if it says nothing.
    pub stop_rule: String,
    /// After how many days the source stops for no benefit; `None` if it says nothing.
    pub stop_after_days: Option<u16>,
    /// After how many days at the target the source judges; `None` if it says nothing or gives a range.
    pub judge_after_days: Option<u16>,
    /// When the source judges, in its words.
    pub judge_words: String,
    /// The newer protocol that replaces it.
    pub superseded_by: Option<String>,
    /// The steps, or what is missing to know them.
    pub(super) schedule: Result<Schedule, Vec<String>>,
}

/// How the dose rises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The first dose of a day.
    pub start: Field<Dose>,
    /// How it rises from there; `None` for a fixed dose.
    pub rise: Option<Rise>,
    /// Where it ends.
    pub target: Target,
    /// The most that the source gives in a day.
    pub most: Dose,
    /// True if each step is a further dose at another time of the day.
    pub divided: bool,
    /// True if the source halves the dose on a side effect that persists.
    pub halve: bool,
}

/// How a dose rises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rise {
    /// By how much.
    pub step: Field<Dose>,
    /// After how many days.
    pub interval_days: Field<u16>,
    /// Days of the first levels where they differ from the interval; empty if none does.
    pub level_days: Vec<u16>,
}

/// What a source says about one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<T> {
    /// This.
    Stated(T),
    /// Something from the first to the second: the prescriber chooses.
    Range(T, T),
    /// Nothing. We propose something from the first to the second: the prescriber chooses, and the plan says so.
    Proposed(T, T),
}

/// Where a rise ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// At a number, stated or to choose.
    Dose(Field<Dose>),
    /// At the most that is tolerated: the number is the dose asked for.
    MaximumTolerated,
    /// At a dose found for the person, which the source does not number: the dose asked for, as a proposal.
    Individual,
}

/// Whether a plan can be made from a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The source determines every step, or states the range to choose from.
    Plannable,
    /// Something is missing; with the prescriber's explicit choice it can be planned, and the plan says "proposed".
    Proposable,
    /// Shown only: too much is missing, or it is no protocol of LDN for an adult without opioids.
    Shown,
}

impl<T: Copy + PartialOrd> Field<T> {
    /// Returns the least value.
    pub fn least(self) -> T {
        match self {
            Field::Stated(value) | Field::Range(value, _) | Field::Proposed(value, _) => value,
        }
    }

    /// Returns the greatest value.
    pub fn greatest(self) -> T {
        match self {
            Field::Stated(value) | Field::Range(_, value) | Field::Proposed(_, value) => value,
        }
    }

    /// Returns the value of the source, if it states one.
    pub fn stated(self) -> Option<T> {
        match self {
            Field::Stated(value) => Some(value),
            _ => None,
        }
    }

    /// Returns true if the source says nothing and we propose.
    pub fn is_proposed(self) -> bool {
        matches!(self, Field::Proposed(..))
    }

    /// Returns true if a value lies inside.
    pub fn contains(self, value: T) -> bool {
        self.least() <= value && value <= self.greatest()
    }
}

impl Protocol {
    /// Returns the steps, or what is missing to know them.
    ///
    /// # Errors
    /// What is missing, in words, for a protocol that is only shown.
    pub fn schedule(&self) -> Result<&Schedule, &[String]> {
        self.schedule.as_ref().map_err(Vec::as_slice)
    }

    /// Returns whether a plan can be made from it.
    pub fn kind(&self) -> Kind {
        match &self.schedule {
            Err(_) => Kind::Shown,
            Ok(schedule) if schedule.proposed_fields().is_empty() => Kind::Plannable,
            Ok(_) => Kind::Proposable,
        }
    }

    /// Returns what the source does not state, in words.
    pub fn missing(&self) -> Vec<String> {
        match &self.schedule {
            Err(missing) => missing.clone(),
            Ok(schedule) => schedule
                .proposed_fields()
                .into_iter()
                .map(|field| format!("the {field} is not stated"))
                .collect(),
        }
    }

    /// Returns the id of the source that carries the steps.
    pub fn source(&self) -> &str {
        self.sources.first().map_or("", String::as_str)
    }

    /// Returns what a list of protocols shows of it, ready for JSON.
    pub fn listed(&self) -> Listed<'_> {
        let schedule = self.schedule.as_ref().ok();
        let rise = schedule.and_then(|schedule| schedule.rise.as_ref());
        Listed {
            id: &self.id,
            alias: &self.alias,
            title: &self.title,
            population: &self.population,
            kind: self.kind(),
            start: schedule.map(|schedule| ListedField::of(schedule.start, |dose| dose.to_string())),
            step: rise.map(|rise| ListedField::of(rise.step, |dose| dose.to_string())),
            interval_days: rise.map(|rise| ListedField::of(rise.interval_days, |days| days.to_string())),
            target: schedule.map(|schedule| match schedule.target {
                Target::Dose(field) => ListedField::of(field, |dose| dose.to_string()),
                Target::MaximumTolerated => ListedField::word("maximum tolerated", "stated"),
                Target::Individual => ListedField::word("individual", "proposed"),
            }),
            most: schedule.map(|schedule| schedule.most.to_string()),
            time_of_day: self.time_of_day,
            time_words: &self.time_words,
            on_side_effect: &self.on_side_effect,
            stop_rule: &self.stop_rule,
            judge_words: &self.judge_words,
            choices: schedule.map(Schedule::choices).unwrap_or_default(),
            missing: self.missing(),
            opioid_rule: self.opioid_rule.as_deref(),
            note: &self.note,
            evidence: &self.evidence,
            sources: &self.sources,
            status: self.status,
            checked: &self.checked,
        }
    }
}

impl Schedule {
    /// Returns the names of the values that the source does not state.
    pub fn proposed_fields(&self) -> Vec<&'static str> {
        let rise = self.rise.as_ref();
        let target = match self.target {
            Target::Dose(field) => field.is_proposed(),
            Target::MaximumTolerated => false,
            Target::Individual => true,
        };
        let fields = [
            ("start", self.start.is_proposed()),
            ("step", rise.is_some_and(|rise| rise.step.is_proposed())),
            ("interval", rise.is_some_and(|rise| rise.interval_days.is_proposed())),
            ("target", target),
            ("times of the divided doses", self.divided),
        ];
        fields.into_iter().filter(|(_, is_proposed)| *is_proposed).map(|(name, _)| name).collect()
    }

    /// Returns the flags that a plan from it needs.
    pub fn choices(&self) -> Vec<&'static str> {
        let open = |is_stated: bool, flag: &'static str| (!is_stated).then_some(flag);
        let rise = self.rise.as_ref();
        let target = match self.target {
            Target::Dose(field) => field.stated().is_some(),
            Target::MaximumTolerated | Target::Individual => false,
        };
        [
            open(self.start.stated().is_some(), "--start-dose"),
            open(rise.is_none_or(|rise| rise.step.stated().is_some()), "--step"),
            open(rise.is_none_or(|rise| rise.interval_days.stated().is_some()), "--interval"),
            open(target, "--target"),
            open(!self.divided, "--divided-at"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a list of protocols shows of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed<'a> {
    /// Descriptive name.
    pub id: &'a str,
    /// Short name.
    pub alias: &'a str,
    /// What it is.
    pub title: &'a str,
    /// Who it was described for.
    pub population: &'a str,
    /// Whether a plan can be made from it.
    pub kind: Kind,
    /// First dose.
    pub start: Option<ListedField>,
    /// Step.
    pub step: Option<ListedField>,
    /// Days between steps.
    pub interval_days: Option<ListedField>,
    /// Last dose.
    pub target: Option<ListedField>,
    /// The most that the source gives.
    pub most: Option<String>,
    /// When in the day.
    pub time_of_day: Option<TimeOfDay>,
    /// When in the day, in the words of the source.
    pub time_words: &'a str,
    /// On a side effect.
    pub on_side_effect: &'a str,
    /// When the source stops.
    pub stop_rule: &'a str,
    /// When the source judges.
    pub judge_words: &'a str,
    /// Flags that a plan needs.
    pub choices: Vec<&'static str>,
    /// What is not stated.
    pub missing: Vec<String>,
    /// The rule about opioids beside it.
    pub opioid_rule: Option<&'a str>,
    /// What a reader must know.
    pub note: &'a str,
    /// What kind of knowledge it is.
    pub evidence: &'a str,
    /// Ids of sources.
    pub sources: &'a [String],
    /// How far it has been checked.
    pub status: Status,
    /// What of it was seen.
    pub checked: &'a str,
}

/// One value of a protocol as text: "1.5 mg", or "0.5 mg to 1 mg".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedField {
    /// The value or the range.
    pub value: String,
    /// "stated", "range" or "proposed".
    pub from: &'static str,
}

impl ListedField {
    fn of<T: Copy>(field: Field<T>, text: impl Fn(T) -> String) -> ListedField {
        match field {
            Field::Stated(value) => ListedField { value: text(value), from: "stated" },
            Field::Range(a, b) => ListedField { value: range_text(a, b, text), from: "range" },
            Field::Proposed(a, b) => ListedField { value: range_text(a, b, text), from: "proposed" },
        }
    }

    fn word(value: &str, from: &'static str) -> ListedField {
        ListedField { value: value.to_owned(), from }
    }
}

fn range_text<T>(from: T, to: T, text: impl Fn(T) -> String) -> String {
    format!("{} to {}", text(from), text(to))
}

/// A protocol as its file holds it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProtocolFile {
    id: String,
    alias: String,
    title: String,
    population: String,
    evidence: String,
    sources: Vec<String>,
    status: Status,
    #[serde(default)]
    checked: String,
    #[serde(default)]
    note: String,
    form: Option<String>,
    opioid_rule: Option<String>,
    #[serde(default)]
    thyroid: bool,
    paediatric_cap: Option<String>,
    time_of_day: Option<TimeOfDay>,
    #[serde(default)]
    time_words: String,
    #[serde(default)]
    on_side_effect: String,
    #[serde(default)]
    stop_rule: String,
    stop_after_days: Option<u16>,
    judge_after_days: Option<u16>,
    #[serde(default)]
    judge_words: String,
    superseded_by: Option<String>,
    #[serde(default)]
    missing: Vec<String>,
    schedule: Option<ScheduleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleFile {
    start: FieldFile<String>,
    step: Option<FieldFile<String>>,
    interval_days: Option<FieldFile<u16>>,
    #[serde(default)]
    level_days: Vec<u16>,
    target: TargetFile,
    most: String,
    #[serde(default)]
    divided: bool,
    #[serde(default)]
    halve: bool,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FieldFile<T> {
    Stated(T),
    Range([T; 2]),
    Proposed([T; 2]),
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum TargetFile {
    Word(TargetWord),
    Dose(FieldFile<String>),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum TargetWord {
    MaximumTolerated,
    Individual,
}

impl ProtocolFile {
    /// Checks it and makes the protocol; what is wrong is added to the problems.
    pub(super) fn into_protocol(self, file: &str, problems: &mut Problems) -> Option<Protocol> {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        if self.sources.is_empty() {
            problems.value(file, "sources", "[]", "at least one source");
        }
        let schedule = match (self.schedule, self.missing.is_empty()) {
            (Some(schedule), true) => Ok(schedule.into_schedule(file, problems)?),
            (None, false) => Err(self.missing),
            _ => {
                problems.value(file, "schedule", "missing", "either `[schedule]` or what is `missing`");
                return None;
            }
        };
        Some(Protocol {
            id: self.id,
            alias: self.alias,
            title: self.title,
            population: self.population,
            evidence: self.evidence,
            sources: self.sources,
            status: self.status,
            checked: self.checked,
            note: self.note,
            form: self.form,
            opioid_rule: self.opioid_rule,
            thyroid: self.thyroid,
            paediatric_cap: self.paediatric_cap,
            time_of_day: self.time_of_day,
            time_words: self.time_words,
            on_side_effect: self.on_side_effect,
            stop_rule: self.stop_rule,
            stop_after_days: self.stop_after_days,
            judge_after_days: self.judge_after_days,
            judge_words: self.judge_words,
            superseded_by: self.superseded_by,
            schedule,
        })
    }
}

impl ScheduleFile {
    fn into_schedule(self, file: &str, problems: &mut Problems) -> Option<Schedule> {
        let start = dose_field(self.start, file, "schedule.start", problems)?;
        let most = dose(&self.most, file, "schedule.most", problems)?;
        let target = match self.target {
            TargetFile::Word(TargetWord::MaximumTolerated) => Target::MaximumTolerated,
            TargetFile::Word(TargetWord::Individual) => Target::Individual,
            TargetFile::Dose(field) => Target::Dose(dose_field(field, file, "schedule.target", problems)?),
        };
        let rise = match (self.step, self.interval_days) {
            (Some(step), Some(interval)) => Some(Rise {
                step: dose_field(step, file, "schedule.step", problems)?,
                interval_days: days_field(interval, file, problems)?,
                level_days: self.level_days,
            }),
            (None, None) => None,
            _ => {
                problems.value(file, "schedule.step", "alone", "step and interval_days together, or neither");
                return None;
            }
        };
        if rise.as_ref().is_some_and(|rise| rise.interval_days.least() == 0 || rise.step.least().is_zero()) {
            problems.value(file, "schedule", "0", "a step and an interval above 0");
        }
        if start.least().is_zero() || start.greatest() > most {
            problems.value(file, "schedule.start", start.greatest(), format_args!("above 0, up to {most}"));
        }
        if let Target::Dose(field) = target
            && (field.greatest() > most || field.greatest() < start.greatest())
        {
            problems.value(file, "schedule.target", field.greatest(), format_args!("start to {most}"));
        }
        Some(Schedule { start, rise, target, most, divided: self.divided, halve: self.halve })
    }
}

impl<T> From<FieldFile<T>> for Field<T> {
    fn from(field: FieldFile<T>) -> Field<T> {
        match field {
            FieldFile::Stated(value) => Field::Stated(value),
            FieldFile::Range([from, to]) => Field::Range(from, to),
            FieldFile::Proposed([from, to]) => Field::Proposed(from, to),
        }
    }
}

fn dose(text: &str, file: &str, key: &str, problems: &mut Problems) -> Option<Dose> {
    text.parse().map_err(|error| problems.value(file, key, text, error)).ok()
}

fn dose_field(
    field: FieldFile<String>,
    file: &str,
    key: &str,
    problems: &mut Problems,
) -> Option<Field<Dose>> {
    let [from, to] = match &field {
        FieldFile::Stated(text) => [text, text],
        FieldFile::Range([from, to]) | FieldFile::Proposed([from, to]) => [from, to],
    };
    let [from, to] = [dose(from, file, key, problems)?, dose(to, file, key, problems)?];
    ordered(
        match field {
            FieldFile::Stated(_) => Field::Stated(from),
            FieldFile::Range(_) => Field::Range(from, to),
            FieldFile::Proposed(_) => Field::Proposed(from, to),
        },
        file,
        key,
        problems,
    )
}

fn days_field(field: FieldFile<u16>, file: &str, problems: &mut Problems) -> Option<Field<u16>> {
    ordered(field.into(), file, "schedule.interval_days", problems)
}

/// Returns a field whose range ascends.
fn ordered<T: Copy + PartialOrd>(
    field: Field<T>,
    file: &str,
    key: &str,
    problems: &mut Problems,
) -> Option<Field<T>> {
    let descends = match field {
        Field::Stated(_) => false,
        Field::Range(from, to) | Field::Proposed(from, to) => from >= to,
    };
    if descends {
        problems.value(file, key, "a range", "two values, the smaller first");
        return None;
    }
    Some(field)
}
