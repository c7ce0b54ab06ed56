//! The prescriber's choices as they are typed, and as a plan takes them.

use jiff::civil::Date;
use ldn_care::plan::{Choices, Refusal};
use ldn_core::Dose;
use ldn_core::plan::{Override, TimeOfDay};

use crate::patient::{FieldProblem, Fields, TypedDate};
use crate::words::Words;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) start: TypedDate,
    pub(super) start_dose: String,
    pub(super) step: String,
    pub(super) interval: String,
    pub(super) target: String,
    pub(super) time: String,
    pub(super) divided: Vec<String>,
    pub(super) hold_days: String,
    pub(super) continues: bool,
    pub(super) reason: String,
    /// Rule and reason of each override.
    pub(super) overrides: Vec<(String, String)>,
}

/// Doses of a divided day beside the first one.
const MOST_DIVIDED: usize = 2;

impl Typed {
    /// Fills in what is usual: from tomorrow on.
    pub(super) fn from(start: Date) -> Typed {
        Typed { start: TypedDate::of(start), divided: vec![String::new(); MOST_DIVIDED], ..Typed::default() }
    }

    /// Reads the form; `rules` are those that may be overridden.
    pub(super) fn of(fields: &Fields, rules: &[String]) -> Typed {
        let get = |name: &str| fields.get(name).to_owned();
        Typed {
            start: fields.date("start"),
            start_dose: get("start_dose"),
            step: get("step"),
            interval: get("interval"),
            target: get("target"),
            time: get("time"),
            divided: (0..MOST_DIVIDED).map(|part| get(&format!("divided_{part}"))).collect(),
            hold_days: get("hold_days"),
            continues: !fields.get("continues").is_empty(),
            reason: get("reason"),
            overrides: rules.iter().map(|rule| (rule.clone(), get(&format!("override_{rule}")))).collect(),
        }
    }

    /// Turns it into a start and choices; what cannot be read is noted at its field.
    pub(super) fn read(
        &self,
        prescriber: &str,
        words: Words,
        problems: &mut Vec<FieldProblem>,
    ) -> Option<(Date, Choices)> {
        let start = self.start.date();
        if start.is_none() {
            problems.push(FieldProblem::new("start_day", words.say("events-date-wrong")));
        }
        let choices = Choices {
            start_dose: dose(&self.start_dose, "start_dose", problems),
            step: dose(&self.step, "step", problems),
            interval_days: days(&self.interval, "interval", words, problems),
            target: dose(&self.target, "target", problems),
            time_of_day: time(&self.time),
            divided_at: self.divided.iter().filter_map(|part| time(part)).collect(),
            hold_days: days(&self.hold_days, "hold_days", words, problems),
            continue_at_present_dose: self.continues,
            backdate: false,
            reason: (!self.reason.is_empty()).then(|| self.reason.clone()),
            overrides: self
                .overrides
                .iter()
                .filter(|(_, reason)| !reason.is_empty())
                .map(|(rule, reason)| Override {
                    rule: rule.clone(),
                    reason: reason.clone(),
                    prescriber: prescriber.to_owned(),
                })
                .collect(),
        };
        start.filter(|_| problems.is_empty()).map(|start| (start, choices))
    }

    /// Returns every field by name, to be carried through a page of confirmation.
    pub(super) fn carried(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = [
            ("start_day", &self.start.day),
            ("start_month", &self.start.month),
            ("start_year", &self.start.year),
            ("start_dose", &self.start_dose),
            ("step", &self.step),
            ("interval", &self.interval),
            ("target", &self.target),
            ("time", &self.time),
            ("hold_days", &self.hold_days),
            ("reason", &self.reason),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
        if self.continues {
            all.push(("continues".to_owned(), "yes".to_owned()));
        }
        for (part, at) in self.divided.iter().enumerate() {
            all.push((format!("divided_{part}"), at.clone()));
        }
        for (rule, reason) in &self.overrides {
            all.push((format!("override_{rule}"), reason.clone()));
        }
        all.retain(|(_, value)| !value.is_empty());
        all
    }
}

fn dose(text: &str, field: &str, problems: &mut Vec<FieldProblem>) -> Option<Dose> {
    if text.is_empty() {
        return None;
    }
    match text.parse() {
        Ok(dose) => Some(dose),
        Err(error) => {
            problems.push(FieldProblem::new(field, format!("{error}")));
            None
        }
    }
}

fn days(text: &str, field: &str, words: Words, problems: &mut Vec<FieldProblem>) -> Option<u16> {
    if text.is_empty() {
        return None;
    }
    let days = text.parse().ok();
    if days.is_none() {
        problems.push(FieldProblem::new(field, words.say("clinic-plan-days-wrong")));
    }
    days
}

/// Reads a time of day by its word.
fn time(word: &str) -> Option<TimeOfDay> {
    match word {
        "morning" => Some(TimeOfDay::Morning),
        "midday" => Some(TimeOfDay::Midday),
        "bedtime" => Some(TimeOfDay::Bedtime),
        _ => None,
    }
}

/// The flags of the command line that a refusal may name, with the code of the field that they are here.
const FLAGS: [(&str, &str); 9] = [
    ("--start-dose", "clinic-plan-start-dose"),
    ("--step", "clinic-plan-by"),
    ("--interval", "clinic-plan-interval"),
    ("--target", "clinic-plan-target"),
    ("--time", "clinic-plan-time"),
    ("--divided-at", "clinic-plan-divided"),
    ("--hold-days", "clinic-plan-hold-days"),
    ("--continue", "clinic-plan-continues"),
    ("--backdate", "clinic-plan-start"),
];

/// Says a refusal in the names of the fields; the crate that refuses names the flags of the command.
pub(super) fn in_fields(words: Words, refusal: &Refusal) -> String {
    let way = words.say("clinic-plan-override-way");
    let text = match refusal {
        Refusal::NeedsOverride { rule, title } => {
            return words.say_with("clinic-plan-needs-override", &[("rule", rule), ("title", title)]);
        }
        refusal => refusal.to_string(),
    };
    let text =
        FLAGS.iter().fold(text, |text, (flag, code)| text.replace(flag, &format!("“{}”", words.say(code))));
    match text.split_once("`--override") {
        Some((before, after)) => {
            let rest = after.split_once('`').map_or("", |(_, rest)| rest);
            format!("{before}{way}{rest}")
        }
        None => text.replace('`', ""),
    }
}
