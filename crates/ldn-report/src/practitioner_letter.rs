//! A letter for the general practitioner: what the person takes, what must not be given beside it, and what is watched.
//!
//! What to do is quoted from the rules of screening (OP-22, SU-02, HP-04) with their sources; the days are those of the
//! plan.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::{Plan, data};
use serde::Deserialize;

use crate::calendar;
use crate::phrases::fill;
use crate::plan_paper::{Citations, Facts, LastDose, Person, rule};
use crate::sheet::{Format, Section, Sheet};
use crate::surgery_letter::{self, SurgeryLetterError, check_birth_year};

/// What a letter is made of.
#[derive(Clone, Copy, Debug)]
pub struct PractitionerLetterInput<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Whether a newer plan has replaced it.
    pub superseded: bool,
    /// Whose it is.
    pub person: &'a Person,
    /// The last dose taken, if somebody knows it already.
    pub last_dose: Option<LastDose>,
    /// The day of the letter.
    pub today: Date,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    text: BTreeMap<String, String>,
}

/// Writes the letter.
///
/// # Errors
/// [`SurgeryLetterError::BirthYear`] if the year of birth cannot be one.
pub fn practitioner_letter(input: &PractitionerLetterInput<'_>) -> Result<Sheet, SurgeryLetterError> {
    check_birth_year(input.person, input.today)?;
    let text = include_str!("../../../data/wording/practitioner-letter.toml");
    let Words { text, .. } =
        data::parse("wording/practitioner-letter.toml", text).expect("a test writes the letter");
    // Labels and values are those of the other letter: one thing is named in one way on every paper.
    let labels = surgery_letter::Words::shipped();
    let mut cited = Citations::default();
    let section =
        |heading: &str, paragraphs: Vec<String>| Section { heading: text[heading].clone(), paragraphs };
    let quoted = |cited: &mut Citations, id: &str| {
        let rule = rule(id);
        let disagreement = Some(rule.disagreement.clone()).filter(|text| !text.is_empty());
        std::iter::once(cited.marked(&rule.say_prescriber, rule)).chain(disagreement).collect::<Vec<_>>()
    };
    let sections = vec![
        section("what_head", vec![text["what"].clone()]),
        section("opioid_head", [vec![text["opioid"].clone()], quoted(&mut cited, "OP-22")].concat()),
        section("emergency_head", quoted(&mut cited, "SU-02")),
        section("watch_head", quoted(&mut cited, "HP-04")),
        section("review_head", reviews(input, &text)),
    ];
    let PractitionerLetterInput { plan, superseded, person, last_dose, today } = *input;
    let facts = Facts { plan, today, superseded, labels: labels.facts(), values: &labels.value };
    let mut all = vec![
        facts.fact("name", person.name.clone()),
        facts.fact("birth_year", person.birth_year.to_string()),
        facts.medicine(),
        facts.last_dose(last_dose),
    ];
    all.extend(facts.plan());
    let sheet = Sheet {
        title: text["title"].clone(),
        to: text["to"].clone(),
        facts: all,
        sections,
        closing: vec![text["off_label"].clone()],
        sources: cited.written(),
        format: Format::Page,
    };
    Ok(sheet.printable())
}

/// The days of review that are still to come.
fn reviews(input: &PractitionerLetterInput<'_>, text: &BTreeMap<String, String>) -> Vec<String> {
    let to_come = input.plan.parts().review.iter().filter(|review| input.today <= review.on);
    let lines: Vec<String> = to_come
        .map(|review| {
            fill(&text["review"], &[("on", &calendar::in_words(review.on)), ("what", &review.what)])
        })
        .collect();
    if lines.is_empty() { vec![text["no_review"].clone()] } else { lines }
}
