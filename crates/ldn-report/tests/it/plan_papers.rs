//! The letter for an operation and the card for the wallet.

use jiff::civil::{Date, date, time};
use ldn_core::{Dose, Plan};
use ldn_report::surgery_letter::{Pause, SurgeryLetterError};
use ldn_report::{
    LastDose, Person, PractitionerLetterInput, Sheet, SurgeryLetterInput, WalletCardInput,
    practitioner_letter, surgery_letter, wallet_card,
};
use proptest::prelude::*;

use crate::markup::{named, parse, strict, words};
use crate::plans::{plan, signed};

const TODAY: Date = date(2026, 2, 1);
const OPERATION: Date = date(2026, 3, 30);

fn person() -> Person {
    Person { name: "Ana <Müller> & Co".into(), birth_year: 1978 }
}

fn letter_input<'a>(plan: &'a Plan, person: &'a Person) -> SurgeryLetterInput<'a> {
    SurgeryLetterInput {
        plan,
        superseded: false,
        person,
        operation: OPERATION,
        hours: None,
        last_dose: None,
        today: TODAY,
    }
}

fn card_input<'a>(plan: &'a Plan, person: &'a Person) -> WalletCardInput<'a> {
    WalletCardInput { plan, superseded: false, person, last_dose: None, today: TODAY }
}

fn letter(plan: &Plan) -> String {
    one_line(&surgery_letter(&letter_input(plan, &person())).unwrap())
}

fn card(plan: &Plan) -> String {
    one_line(&wallet_card(&card_input(plan, &person())).unwrap())
}

fn one_line(sheet: &Sheet) -> String {
    sheet.text(80).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_letter_says_when_to_stop_and_who_says_so() {
    let letter = letter(&signed(plan(|_| ())));
    for expected in [
        "Ana <Müller> & Co",
        "1978",
        "No low-dose naltrexone from 27 March 2026 through 30 March 2026, the day of the operation: 72 hours, the default.",
        "If the anaesthetist asks for longer, that counts",
        "Last dose not after 26 March 2026",
        "up to 4.5 mg a day",
        "2.2 percent of the metabolite is left after 72 hours",
        "The plan pauses on all of these days.",
        "At least 10 days without any opioid come first.",
        "its effect on breathing may come late, deep and long",
        "Regional and non-opioid pain relief first",
        "date ____________",
        "version 1",
        "31 December 2026",
        "by Dr A. Example on 3 January 2026",
        "off-label",
        "[1]",
    ] {
        assert!(letter.contains(expected), "{expected:?} is missing in {letter}");
    }
}

#[test]
fn a_plan_without_the_pause_is_told_about() {
    let plan = plan(|_| ());
    let person = person();
    let input = SurgeryLetterInput { operation: date(2026, 5, 4), ..letter_input(&plan, &person) };
    let text = one_line(&surgery_letter(&input).unwrap());
    assert!(text.contains("CAREFUL: the plan still lists a dose on 4 of these days."), "{text}");
    let after = SurgeryLetterInput { operation: date(2027, 5, 4), ..input };
    let text = one_line(&surgery_letter(&after).unwrap());
    assert!(text.contains("The plan ends on 31 December 2026, before the operation"), "{text}");
}

#[test]
fn the_interval_grows_and_never_shrinks() {
    let plan = plan(|_| ());
    let person = person();
    let asked =
        |hours| surgery_letter(&SurgeryLetterInput { hours: Some(hours), ..letter_input(&plan, &person) });
    let text = one_line(&asked(96).unwrap());
    assert!(
        text.contains("from 26 March 2026") && text.contains("96 hours, as the anaesthetist asked"),
        "{text}"
    );
    assert!(text.contains("lists a dose on 1 of these days"), "{text}");
    for hours in [0, 48, 71, 1441] {
        assert_eq!(asked(hours), Err(SurgeryLetterError::Hours { hours, shortest: 72 }));
    }
    let past = SurgeryLetterInput { operation: date(2026, 1, 31), ..letter_input(&plan, &person) };
    assert!(matches!(surgery_letter(&past), Err(SurgeryLetterError::Past { .. })));
    for birth_year in [78, 2027] {
        let person = Person { birth_year, ..person.clone() };
        assert!(surgery_letter(&letter_input(&plan, &person)).is_err());
        assert!(wallet_card(&card_input(&plan, &person)).is_err());
    }
}

proptest! {
    /// Whatever the hours, the last permitted bedtime lies at least so many hours before the day of the operation.
    #[test]
    fn no_dose_lies_in_the_interval(hours in 72_u16..=1440, day in 0_i64..20_000) {
        use jiff::ToSpan;
        let operation = date(1990, 1, 1).checked_add(day.days()).unwrap();
        let pause = Pause::before(operation, Some(hours)).unwrap();
        let days = pause.from.until(operation).unwrap().get_days();
        prop_assert!(days * 24 >= i32::from(hours) && (days - 1) * 24 < i32::from(hours));
        prop_assert_eq!(pause.to, operation);
    }
}

#[test]
fn the_card_holds_what_an_emergency_needs() {
    let plan = signed(plan(|_| ()));
    let person = person();
    let last_dose = Some(LastDose {
        on: date(2026, 1, 31),
        at: Some(time(21, 30, 0, 0)),
        dose: Some(Dose::from_micrograms(4_500)),
    });
    let text = one_line(&wallet_card(&WalletCardInput { last_dose, ..card_input(&plan, &person) }).unwrap());
    for expected in [
        "Emergency card",
        "Show this to the emergency team",
        "its effect on breathing may come late, deep and long",
        "31 January 2026 at 21:30, 4.5 mg",
        "No dose in the 72 hours before and on the day itself; longer if the anaesthetist asks.",
        "This card counts until 31 December 2026.",
        "off-label",
        "1978",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
}

#[test]
fn a_plan_that_no_longer_speaks_gives_no_dose() {
    let plan = plan(|_| ());
    let person = person();
    let late = date(2027, 1, 1);
    let letters = [
        SurgeryLetterInput { today: late, operation: date(2027, 2, 1), ..letter_input(&plan, &person) },
        SurgeryLetterInput { superseded: true, ..letter_input(&plan, &person) },
    ];
    let cards = [
        WalletCardInput { today: late, ..card_input(&plan, &person) },
        WalletCardInput { superseded: true, ..card_input(&plan, &person) },
    ];
    let texts = letters.map(|input| one_line(&surgery_letter(&input).unwrap()));
    let texts = texts.into_iter().chain(cards.map(|input| one_line(&wallet_card(&input).unwrap())));
    for text in texts {
        assert!(text.contains("ask before the next dose"), "{text}");
        assert!(!text.contains("4.5 mg") && !text.contains("mg a day"), "{text}");
    }
}

/// What both say of a blinded plan is the same whatever is in the capsules of a period, and assumes the highest dose.
#[test]
fn a_blinded_plan_is_treated_as_the_highest_dose() {
    let blinded = plan(|p| p.blinded = true);
    let person = person();
    for text in [letter(&blinded), card(&blinded)] {
        assert!(text.contains("assume naltrexone by mouth, low dose (LDN), up to 4.5 mg a day"), "{text}");
        assert!(text.contains("Treat every capsule as if it were LDN."), "{text}");
    }
    let with = |dose| {
        let last_dose = Some(LastDose { on: date(2026, 1, 31), at: None, dose });
        one_line(&wallet_card(&WalletCardInput { last_dose, ..card_input(&blinded, &person) }).unwrap())
    };
    assert_eq!(with(None), with(Some(Dose::ZERO)));
    assert!(with(None).contains("a capsule of the blinded period"));
}

#[test]
fn both_forms_say_the_same_and_the_page_needs_nothing_else() {
    let plan = plan(|_| ());
    let person = person();
    let sheets = [
        surgery_letter(&letter_input(&plan, &person)).unwrap(),
        wallet_card(&card_input(&plan, &person)).unwrap(),
    ];
    for sheet in sheets {
        let html = sheet.html().unwrap();
        let text = strict(&html);
        let document = parse(&text);
        for banned in ["script", "link", "iframe", "img", "image", "object", "form", "base"] {
            assert_eq!(named(&document, banned).count(), 0, "{banned}");
        }
        for banned in ["http", "url(", "@import", "//"] {
            assert!(!html.contains(banned), "{banned}");
        }
        assert_eq!(named(&document, "h1").count(), 1);
        assert!(html.contains("@media print") && html.contains("@page"));
        let (words, plain) = (words(&document), one_line(&sheet));
        for word in
            plain.split_whitespace().filter(|word| word.chars().all(|c| c.is_alphanumeric() || c == '.'))
        {
            assert!(words.to_lowercase().contains(&word.to_lowercase()), "{word:?} is only in the text");
        }
        for either in [&plain, &words] {
            assert!(!either.contains('{') && !either.contains("mcg"), "{either}");
            let lower = either.to_lowercase();
            assert!(!lower.contains("safe"), "nothing is called safe: {either}");
        }
        for width in [32, 60, 80] {
            let widest = sheet.text(width).lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width, "{widest} in {width}:\n{}", sheet.text(width));
        }
    }
}

/// Numbers in the words of the papers are those of the rules, and every source is known.
#[test]
fn every_source_has_its_citation() {
    let text = surgery_letter(&letter_input(&plan(|_| ()), &person())).unwrap().text(200);
    let sources: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert!(sources.len() >= 8, "{text}");
    for source in sources {
        assert!(source.contains('(') && source.len() > 20, "{source}");
    }
}

#[test]
fn the_general_practitioner_is_told_what_must_not_be_given_and_what_is_watched() {
    let person = person();
    let written = |plan: &Plan, superseded| {
        let input =
            PractitionerLetterInput { plan, superseded, person: &person, last_dose: None, today: TODAY };
        one_line(&practitioner_letter(&input).unwrap())
    };
    let letter = written(&signed(plan(|_| ())), false);
    for expected in [
        "To the general practitioner",
        "Ana <Müller> & Co",
        "up to 4.5 mg a day",
        "BEFORE ANY OPIOID Give no opioid",
        "Hold LDN at once",
        "by Dr A. Example on 3 January 2026",
        "[1, 2, 3]",
    ] {
        assert!(letter.contains(expected), "{expected:?} in {letter}");
    }
    assert!(
        !written(&signed(plan(|_| ())), true).contains("4.5 mg"),
        "a plan that was replaced gives no dose"
    );
}
