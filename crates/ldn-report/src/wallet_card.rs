//! A card for the wallet: what an emergency team has to know, readable without any device.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::{Plan, data};
use serde::Deserialize;

use crate::calendar;
use crate::phrases::fill;
use crate::plan_paper::{Citations, Facts, LastDose, Person, rule};
use crate::sheet::{Format, Section, Sheet};
use crate::surgery_letter::{self, SurgeryLetterError, check_birth_year, default_hours};

/// What a card is made of.
#[derive(Clone, Copy, Debug)]
pub struct WalletCardInput<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Whether a newer plan has replaced it.
    pub superseded: bool,
    /// Whose it is.
    pub person: &'a Person,
    /// The last dose taken; `None` leaves a line to write on.
    pub last_dose: Option<LastDose>,
    /// The day of the card.
    pub today: Date,
}

/// Writes the card.
///
/// # Errors
/// [`SurgeryLetterError::BirthYear`] if the year of birth cannot be one.
pub fn wallet_card(input: &WalletCardInput<'_>) -> Result<Sheet, SurgeryLetterError> {
    check_birth_year(input.person, input.today)?;
    let words = Words::shipped();
    let mut cited = Citations::default();
    let sections = vec![emergency(&words, input.plan, &mut cited), planned(&words, &mut cited)];
    let valid_until = calendar::in_words(input.plan.parts().valid_until);
    let sheet = Sheet {
        title: words.text["title"].clone(),
        to: words.text["to"].clone(),
        facts: facts(input, &words),
        sections,
        closing: vec![
            fill(&words.text["expires"], &[("valid_until", &valid_until)]),
            words.text["off_label"].clone(),
        ],
        sources: cited.written(),
        format: Format::Card,
    };
    Ok(sheet.printable())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    text: BTreeMap<String, String>,
    fact: BTreeMap<String, String>,
}

impl Words {
    fn shipped() -> Words {
        let text = include_str!("../../../data/wording/wallet-card.toml");
        data::parse("wording/wallet-card.toml", text).expect("a test writes the card")
    }
}

fn facts(input: &WalletCardInput<'_>, words: &Words) -> Vec<crate::sheet::Fact> {
    let WalletCardInput { plan, superseded, person, last_dose, today } = *input;
    let values = surgery_letter::Words::shipped().value;
    let facts = Facts { plan, today, superseded, labels: &words.fact, values: &values };
    let mut all = vec![
        facts.fact("name", person.name.clone()),
        facts.fact("birth_year", person.birth_year.to_string()),
        facts.medicine(),
        facts.last_dose(last_dose),
    ];
    all.extend(facts.plan());
    all.push(facts.fact("printed", calendar::in_words(today)));
    all
}

fn emergency(words: &Words, plan: &Plan, cited: &mut Citations) -> Section {
    let rule_02 = rule("SU-02");
    let mut paragraphs = vec![
        rule_02.say_patient.clone(),
        cited.marked(&rule_02.say_prescriber, rule_02),
        rule_02.disagreement.clone(),
    ];
    if plan.parts().blinded {
        paragraphs.push(rule("BL-01").say_patient.clone());
    }
    Section { heading: words.text["emergency_head"].clone(), paragraphs }
}

fn planned(words: &Words, cited: &mut Citations) -> Section {
    let hours = default_hours().to_string();
    let sentence = fill(&words.text["planned"], &[("hours", &hours)]);
    Section {
        heading: words.text["planned_head"].clone(),
        paragraphs: vec![cited.marked(&sentence, rule("SU-01"))],
    }
}
