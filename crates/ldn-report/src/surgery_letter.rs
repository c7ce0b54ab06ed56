//! A letter for the anaesthetist: when the last dose is, what is known about the interval, and what to do in an
//! emergency.
//!
//! What to do is quoted from the rules of screening (SU-01, SU-02, SU-03, BL-01) with their sources; the letter computes
//! only dates.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::{Plan, data};
use serde::Deserialize;

use crate::calendar;
use crate::phrases::fill;
use crate::plan_calendar::ask_because;
use crate::plan_paper::{Citations, Facts, LastDose, Person, number, rule};
use crate::sheet::{Format, Section, Sheet};

const HOURS_A_DAY: u16 = 24;
/// Longer than any source asks for; a typing error.
const LONGEST_HOURS: u16 = 24 * 60;

/// What a letter is made of.
#[derive(Clone, Copy, Debug)]
pub struct SurgeryLetterInput<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Whether a newer plan has replaced it.
    pub superseded: bool,
    /// Whose it is.
    pub person: &'a Person,
    /// The day of the operation or procedure.
    pub operation: Date,
    /// The hours without a dose that the anaesthetist asks for; `None` for the default of rule SU-01.
    pub hours: Option<u16>,
    /// The last dose taken, if somebody knows it already.
    pub last_dose: Option<LastDose>,
    /// The day of the letter.
    pub today: Date,
}

/// Why there is no letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SurgeryLetterError {
    /// The interval is shorter than the default, or no interval.
    #[error(
        "{hours} hours without a dose: expected {shortest} to {LONGEST_HOURS}, because {shortest} hours are never shortened"
    )]
    Hours {
        /// As asked.
        hours: u16,
        /// The default of rule SU-01.
        shortest: u16,
    },
    /// The operation lies before the letter.
    #[error("the operation on {operation} lies before today, {today}: expected a day from today on")]
    Past {
        /// The day of the operation.
        operation: Date,
        /// The day of the letter.
        today: Date,
    },
    /// The year of birth cannot be one.
    #[error("year of birth {0}: expected a year from 1900 to this year")]
    BirthYear(i16),
}

/// The days without a dose before an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The first day without.
    pub from: Date,
    /// The last day without that is known now: the day of the operation.
    pub to: Date,
    /// Hours without a dose at the least when the day of the operation begins.
    pub hours: u16,
}

impl Pause {
    /// Returns the days without a dose for an operation on a day: from as many whole days before as the hours need,
    /// three for 72 hours.
    ///
    /// # Errors
    /// [`SurgeryLetterError::Hours`] if fewer hours are asked than rule SU-01 holds, or absurdly many.
    pub fn before(operation: Date, hours: Option<u16>) -> Result<Pause, SurgeryLetterError> {
        let shortest = default_hours();
        let hours = hours.unwrap_or(shortest);
        if !(shortest..=LONGEST_HOURS).contains(&hours) {
            return Err(SurgeryLetterError::Hours { hours, shortest });
        }
        let days = i32::from(hours.div_ceil(HOURS_A_DAY));
        let from =
            operation.checked_sub(days.days()).map_err(|_| SurgeryLetterError::Hours { hours, shortest })?;
        Ok(Pause { from, to: operation, hours })
    }

    /// Counts the days on which a plan lists a dose although it should not.
    pub fn doses_in(self, plan: &Plan) -> usize {
        self.from.series(1.day()).take_while(|day| *day <= self.to).filter(|day| listed(plan, *day)).count()
    }
}

fn listed(plan: &Plan, day: Date) -> bool {
    matches!(plan.on(day), ldn_core::plan::DayPlan::Take(_))
}

/// Returns the hours without a dose before an operation, by rule SU-01.
pub fn default_hours() -> u16 {
    number(rule("SU-01"), "hold") as u16
}

/// Writes the letter.
///
/// # Errors
/// [`SurgeryLetterError`] if the interval is shorter than the default, the operation is over, or the year of birth cannot
/// be one.
pub fn surgery_letter(input: &SurgeryLetterInput<'_>) -> Result<Sheet, SurgeryLetterError> {
    check_birth_year(input.person, input.today)?;
    if input.operation < input.today {
        return Err(SurgeryLetterError::Past { operation: input.operation, today: input.today });
    }
    let pause = Pause::before(input.operation, input.hours)?;
    let words = Words::shipped();
    Ok(Writer { input, words: &words, pause }.sheet().printable())
}

/// Refuses a year in which nobody alive was born.
pub(crate) fn check_birth_year(person: &Person, today: Date) -> Result<(), SurgeryLetterError> {
    if (1900..=today.year()).contains(&person.birth_year) {
        Ok(())
    } else {
        Err(SurgeryLetterError::BirthYear(person.birth_year))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    text: BTreeMap<String, String>,
    fact: BTreeMap<String, String>,
    /// What stands beside a label; the card says it in the same words.
    pub(crate) value: BTreeMap<String, String>,
}

impl Words {
    /// The labels of the facts, which every letter uses.
    pub(crate) fn facts(&self) -> &BTreeMap<String, String> {
        &self.fact
    }

    pub(crate) fn shipped() -> Words {
        let text = include_str!("../../../data/wording/surgery-letter.toml");
        data::parse("wording/surgery-letter.toml", text).expect("a test writes the letter")
    }
}

struct Writer<'a> {
    input: &'a SurgeryLetterInput<'a>,
    words: &'a Words,
    pause: Pause,
}

impl Writer<'_> {
    fn sheet(&self) -> Sheet {
        let mut cited = Citations::default();
        let sections = vec![
            self.before_the_operation(&mut cited),
            self.afterwards(&mut cited),
            self.emergency(&mut cited),
            self.for_the_person(),
        ];
        Sheet {
            title: self.words.text["title"].clone(),
            to: self.words.text["to"].clone(),
            facts: self.facts(),
            sections,
            closing: vec![self.words.text["off_label"].clone()],
            sources: cited.written(),
            format: Format::Page,
        }
    }

    fn facts(&self) -> Vec<crate::sheet::Fact> {
        let SurgeryLetterInput { plan, superseded, person, operation, last_dose, today, .. } = *self.input;
        let facts = Facts { plan, today, superseded, labels: &self.words.fact, values: &self.words.value };
        let mut all = vec![
            facts.fact("name", person.name.clone()),
            facts.fact("birth_year", person.birth_year.to_string()),
            facts.fact("operation", calendar::in_words(operation)),
            facts.medicine(),
        ];
        // The first day without a dose has a day before it, or the pause could not have been counted back to it.
        if let Ok(last) = self.pause.from.checked_sub(1.day()) {
            let last = calendar::in_words(last);
            all.push(facts.fact("stop", fill(&self.words.value["stop"], &[("last", &last)])));
        }
        all.push(facts.last_dose(last_dose));
        all.extend(facts.plan());
        all
    }

    fn before_the_operation(&self, cited: &mut Citations) -> Section {
        let text = &self.words.text;
        let hours = self.pause.hours.to_string();
        let by = if self.input.hours.is_some_and(|hours| hours > default_hours()) {
            "as_asked"
        } else {
            "by_default"
        };
        let stop = fill(
            &text["stop"],
            &[
                ("from", &calendar::in_words(self.pause.from)),
                ("on", &calendar::in_words(self.pause.to)),
                ("hours", &fill(&text[by], &[("hours", &hours)])),
            ],
        );
        let rule = rule("SU-01");
        let mut paragraphs = vec![stop];
        paragraphs.extend(self.against_the_plan());
        paragraphs.push(cited.marked(&rule.say_prescriber, rule));
        paragraphs.push(rule.disagreement.clone());
        paragraphs.push(self.left(&hours));
        self.section("team_head", paragraphs)
    }

    /// Whether the plan pauses on these days; silent about a plan that no longer speaks.
    fn against_the_plan(&self) -> Option<String> {
        let input = self.input;
        if ask_because(input.plan, input.today, input.superseded).is_some() {
            return None;
        }
        let text = &self.words.text;
        let valid_until = input.plan.parts().valid_until;
        Some(match self.pause.doses_in(input.plan) {
            0 if self.pause.to > valid_until => {
                fill(&text["ends_before"], &[("valid_until", &calendar::in_words(valid_until))])
            }
            0 => text["agrees"].clone(),
            days => fill(&text["clash"], &[("days", &days.to_string())]),
        })
    }

    /// Arithmetic of half-lives, no measurement.
    fn left(&self, hours: &str) -> String {
        let rule = rule("SU-02");
        let (parent, metabolite) =
            (number(rule, "half_life_naltrexone"), number(rule, "half_life_metabolite"));
        let percent = 100.0 * libm::exp2(-f64::from(self.pause.hours) / metabolite);
        fill(
            &self.words.text["left"],
            &[
                ("parent", &parent.to_string()),
                ("metabolite", &metabolite.to_string()),
                ("percent", &format!("{percent:.1}")),
                ("hours", hours),
            ],
        )
    }

    fn afterwards(&self, cited: &mut Citations) -> Section {
        let rule = rule("SU-03");
        let days = number(rule, "opioid_free_days");
        let paragraphs = vec![
            cited.marked(&rule.say_prescriber, rule),
            fill(&self.words.text["opioid_free"], &[("days", &days.to_string())]),
            rule.disagreement.clone(),
        ];
        self.section("restart_head", paragraphs)
    }

    fn emergency(&self, cited: &mut Citations) -> Section {
        let rule = rule("SU-02");
        let paragraphs = vec![cited.marked(&rule.say_prescriber, rule), rule.disagreement.clone()];
        self.section("emergency_head", paragraphs)
    }

    fn for_the_person(&self) -> Section {
        let mut paragraphs = vec![rule("SU-01").say_patient.clone(), rule("SU-03").say_patient.clone()];
        if self.input.plan.parts().blinded {
            paragraphs.push(rule("BL-01").say_patient.clone());
        }
        Section {
            heading: fill(&self.words.text["person_head"], &[("name", &self.input.person.name)]),
            paragraphs,
        }
    }

    fn section(&self, heading: &str, paragraphs: Vec<String>) -> Section {
        Section { heading: self.words.text[heading].clone(), paragraphs }
    }
}
