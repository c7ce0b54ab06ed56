//! The papers: order, labels, worksheet, patient sheet; and who may not have them.

use jiff::civil::Date;
use ldn_care::dispense::{
    Dispensing, Order, OrderDetails, OrderRefusal, PatientSheet, SignedPlan, Stock, dispense, labels, order,
    sheet,
};
use ldn_core::plan::AskBecause;
use ldn_core::{Plan, PlanId};

use crate::dispense_plans::{START, day, hold, parts, plan, shipped, signed, steps, stock};

const DETAILS: &str = r#"
[patient]
name = "Erika Mustermann"
birth_date = 1978-03-02
address = "Lindenweg 5, 10115 Berlin"

[prescriber]
licence = "A-12345"
address = "Ringstrasse 7, 10117 Berlin"

[product]
condition = "fibromyalgia"
diagnosis_code = "M79.7"
allergies = ["penicillin"]
salt = "hydrochloride"
filler = "microcrystalline cellulose"
avoid = ["lactose"]
capsule_size = "3"
capsule_colour = "white"
"#;

fn details() -> OrderDetails {
    OrderDetails::from_toml(DETAILS).unwrap()
}

/// A course with a hold, an open end and three fills.
fn course() -> Plan {
    let mut steps = steps("1.5 mg x 7; 3 mg x 7; 4.5 mg x 26; 4.5 mg");
    steps[3].from = day(44);
    signed(Plan::new(parts(steps, vec![hold(day(40), Some(day(43)))])).unwrap())
}

fn dispensing(plan: &Plan, stock_text: &str, days: u32) -> Dispensing {
    let stock = stock(stock_text);
    let stock = if stock.liquid().is_some() { stock } else { stock.with_fill_days(30).unwrap() };
    dispense(plan, START, days, &stock, shipped()).unwrap()
}

fn ordered(plan: &Plan, dispensing: &Dispensing, details: &OrderDetails) -> Result<Order, OrderRefusal> {
    let signed = SignedPlan::new(plan, START, None, shipped())?;
    order(&signed, dispensing, details, shipped())
}

/// True if a number ends in a point and a zero, as /\d\.0\b/ finds it.
fn has_trailing_zero(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).enumerate().any(|(at, window)| {
        let next = bytes.get(at + 3).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        window[0].is_ascii_digit() && window[1..] == *b".0" && !next
    })
}

/// True if a number begins with a point.
fn lacks_leading_zero(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().any(|(at, window)| {
        let before = at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_digit());
        window[0] == b'.' && window[1].is_ascii_digit() && !before
    })
}

/// True if two amounts stand side by side, as in "1 1.5 mg".
fn has_numerals_side_by_side(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !word.is_empty();
    words.windows(2).any(|pair| is_number(pair[0]) && is_number(pair[1]))
}

fn check_wording(text: &str) {
    assert!(!has_trailing_zero(text), "{text}");
    assert!(!lacks_leading_zero(text), "{text}");
    assert!(!has_numerals_side_by_side(text), "{text}");
    assert!(!text.contains("mcg") && !text.contains(" ug") && !text.contains('µ'), "{text}");
}

#[test]
fn the_papers_of_a_course_are_as_reviewed() {
    let plan = course();
    let dispensing = dispensing(&plan, "1.5 mg, 3 mg", 60);
    let order = ordered(&plan, &dispensing, &details()).unwrap();
    let patient = sheet(&plan, START, None, Some(&dispensing)).unwrap();
    for (found, reviewed, name) in [
        (order.to_text(shipped()), include_str!("../../../../golden/dispense/order.txt"), "order"),
        (
            dispensing.to_text(shipped()),
            include_str!("../../../../golden/dispense/worksheet.txt"),
            "worksheet",
        ),
        (patient.to_text(shipped()), include_str!("../../../../golden/dispense/patient-sheet.txt"), "sheet"),
    ] {
        assert_eq!(found, reviewed, "{name}:\n{found}");
        check_wording(&found);
    }
}

#[test]
fn the_patient_sheet_says_how_to_make_each_dose() {
    let plan = course();
    let PatientSheet::Doses(doses) =
        sheet(&plan, START, None, Some(&dispensing(&plan, "1.5 mg, 3 mg", 60))).unwrap()
    else {
        panic!("doses")
    };
    let lines = doses.lines();
    assert_eq!(lines[2].1, ["4.5 mg at bedtime: one 3 mg capsule and one 1.5 mg capsule"]);
    assert_eq!(lines[3].1, ["no LDN: planned operation"]);
    let many = dispensing(&plan, "0.1 mg", 60);
    let text = sheet(&plan, START, None, Some(&many)).unwrap().to_text(shipped());
    assert!(text.contains("1.5 mg at bedtime: 15 capsules of 0.1 mg each"), "{text}");
    let liquid = dispensing(&plan, "5 mg/mL liquid-preserved", 60);
    let text = sheet(&plan, START, None, Some(&liquid)).unwrap().to_text(shipped());
    assert!(text.contains("4.5 mg at bedtime: 0.9 mL of the 5 mg/mL liquid"), "{text}");
    assert!(text.contains("Note the strength: 5 mg in each mL"), "{text}");
    check_wording(&text);
}

#[test]
fn every_label_has_dose_dates_and_warnings() {
    let plan = course();
    for (stock_text, needle) in [
        ("1.5 mg, 3 mg", "4.5 mg at bedtime: one 3 mg capsule and one 1.5 mg capsule"),
        ("1 mg/mL liquid-unpreserved", "4.5 mg at bedtime: 4.5 mL of the 1 mg/mL liquid"),
        ("3 mg tablet scored in halves", "4.5 mg at bedtime: one 3 mg tablet and half of a 3 mg tablet"),
        ("0.1 mg", "4.5 mg at bedtime: 45 capsules of 0.1 mg each"),
    ] {
        let dispensing = dispensing(&plan, stock_text, 60);
        let order = ordered(&plan, &dispensing, &details()).unwrap();
        let labels = labels(&order, shipped());
        assert_eq!(labels.len(), dispensing.fills().iter().map(|fill| fill.bottles.len()).sum::<usize>());
        assert!(labels.iter().any(|label| label.contains(needle)), "{stock_text}: {labels:?}");
        for label in labels {
            for part in [
                "Erika Mustermann, born 2 March 1978",
                "naltrexone hydrochloride, immediate release",
                "Child-resistant container",
                "someone who takes opioids very ill",
                "Do not use after ",
                &format!("Plan {}, version 1", plan.id()),
                "Ask before the next dose.",
                "Keep ",
            ] {
                assert!(label.contains(part), "{part:?} is missing in\n{label}");
            }
            check_wording(&label);
        }
    }
}

#[test]
fn an_order_says_everything_a_pharmacy_needs() {
    let plan = course();
    let order = ordered(&plan, &dispensing(&plan, "1.5 mg, 3 mg", 60), &details()).unwrap();
    let text = order.to_text(shipped());
    for part in [
        "ORDER, 5 January 2026",
        "Patient: Erika Mustermann, born 2 March 1978",
        "Address: Lindenweg 5",
        "Allergies: penicillin",
        "To be compounded",
        "Medicine: naltrexone hydrochloride",
        "immediate-release capsules: ",
        "Supply: 60 days",
        "Refills: 1, needed on 4 February 2026",
        "Directions",
        "Condition treated: fibromyalgia (M79.7)",
        "Filler: microcrystalline cellulose",
        "Not in it: calcium carbonate and lactose",
        "Immediate release only",
        "Capsule size: 3",
        "Capsule colour: white",
        "Prescriber: Dr Anna Beispiel, licence A-12345",
        "signed on 5 January 2026",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

/// What is missing is listed, all at once and by name; nothing is left blank.
#[test]
fn missing_things_are_listed() {
    let plan = course();
    let dispensing = dispensing(&plan, "1.5 mg, 3 mg", 60);
    let empty = OrderDetails::from_toml(OrderDetails::template()).unwrap();
    assert_eq!(empty, OrderDetails::default());
    let OrderRefusal::Incomplete(problems) = ordered(&plan, &dispensing, &empty).unwrap_err() else {
        panic!("incomplete")
    };
    let at: Vec<&str> = problems.iter().map(|problem| problem.at).collect();
    assert_eq!(
        at,
        [
            "patient.name",
            "patient.birth_date",
            "patient.address",
            "prescriber.licence",
            "prescriber.address",
            "product.condition",
            "product.allergies",
            "product.avoid",
            "product.salt",
            "product.filler",
            "product.capsule_size",
            "product.capsule_colour",
        ]
    );
    assert_eq!(problems[0].to_string(), "patient.name: expected the patient's full name");
}

#[test]
fn what_an_order_may_not_say_is_refused() {
    let plan = course();
    let capsules = dispensing(&plan, "1.5 mg, 3 mg", 60);
    for (found, changed, words) in [
        (
            "\"microcrystalline cellulose\"",
            "\"Calcium carbonate\"",
            "product.filler is \"Calcium carbonate\": expected another filler",
        ),
        ("\"microcrystalline cellulose\"", "\"Lactose\"", "expected none of what is avoided: lactose"),
        ("[\"lactose\"]", "[\"cellulose\"]", "expected none of what is avoided: cellulose"),
        ("[\"penicillin\"]", "[\"MCC\"]", "expected none of what is avoided: MCC"),
        ("\"hydrochloride\"", "\"sulphate\"", "product.salt is \"sulphate\": expected hydrochloride or base"),
        (
            "capsule_size = \"3\"",
            "release = \"extended\"",
            "product.release is \"extended\": expected immediate",
        ),
        ("\"A-12345\"", "\" \"", "prescriber.licence: expected"),
    ] {
        assert!(DETAILS.contains(found), "{found}");
        let details = OrderDetails::from_toml(&DETAILS.replace(found, changed)).unwrap();
        let error = ordered(&plan, &capsules, &details).expect_err(changed).to_string();
        assert!(error.contains(words), "{changed}: {error}");
    }
    assert!(OrderDetails::from_toml("[patient]\nnick = \"E\"").is_err());
    let home = dispensing(&plan, "1 mg/mL liquid-home 50 mL", 60);
    let error = ordered(&plan, &home, &details()).unwrap_err().to_string();
    assert!(error.contains("expected a liquid that a pharmacy makes"), "{error}");
    let by_study = stock("1.5 mg").units_keeping("capsule-study", shipped()).unwrap();
    let by_study = dispense(&plan, START, 60, &by_study, shipped()).unwrap();
    assert!(ordered(&plan, &by_study, &details()).is_ok());
    let sucrose = OrderDetails::from_toml(&DETAILS.replace("microcrystalline cellulose", "sucrose")).unwrap();
    let error = ordered(&plan, &by_study, &sucrose).unwrap_err().to_string();
    assert!(error.contains("because 360 days rest on a study with it"), "{error}");
}

#[test]
fn only_a_signed_plan_in_force_is_ordered() {
    let plan = course();
    let newer = crate::dispense_plans::plan("3 mg").id();
    let unsigned = crate::dispense_plans::plan("4.5 mg");
    fn refusal(plan: &Plan, today: Date, newer: Option<&PlanId>) -> Option<OrderRefusal> {
        SignedPlan::new(plan, today, newer, shipped()).err()
    }
    assert_eq!(refusal(&plan, START, None), None);
    assert_eq!(refusal(&plan, START, Some(&plan.id())), None, "a plan does not replace itself");
    assert_eq!(refusal(&plan, day(729), None), None, "its last valid day");
    assert!(matches!(refusal(&unsigned, START, None), Some(OrderRefusal::NotSigned { .. })));
    assert!(matches!(refusal(&plan, day(730), None), Some(OrderRefusal::Expired { .. })));
    assert!(matches!(refusal(&plan, START, Some(&newer)), Some(OrderRefusal::Superseded { .. })));
    let other = dispensing(&unsigned, "4.5 mg", 30);
    assert!(matches!(ordered(&plan, &other, &details()), Err(OrderRefusal::OtherPlan { .. })));
    let later = SignedPlan::new(&plan, day(3), None, shipped()).unwrap();
    let error = order(&later, &dispensing(&plan, "1.5 mg, 3 mg", 60), &details(), shipped()).unwrap_err();
    assert!(error.to_string().contains("expected a first day from 2026-01-08"), "{error}");
}

#[test]
fn an_old_plan_prints_ask_and_no_dose() {
    let plan = course();
    let quantities = dispensing(&plan, "1.5 mg, 3 mg", 60);
    let newer = crate::dispense_plans::plan("3 mg").id();
    for (today, newer, because, text) in [
        (day(730), None, AskBecause::Expired, "Ask before the next dose. This plan has ended.\n"),
        (
            START,
            Some(&newer),
            AskBecause::Superseded,
            "Ask before the next dose. A newer plan has replaced this one.\n",
        ),
    ] {
        for quantities in [Some(&quantities), None] {
            let sheet = sheet(&plan, today, newer, quantities).unwrap();
            assert_eq!(sheet, PatientSheet::Ask(because));
            assert_eq!(sheet.to_text(shipped()), text);
            assert!(!text.bytes().any(|byte| byte.is_ascii_digit()));
        }
    }
    assert!(sheet(&plan, START, None, None).is_err());
    let other = crate::dispense_plans::plan("4.5 mg");
    assert!(sheet(&other, START, None, Some(&quantities)).is_err());
}

#[test]
fn an_unsigned_sheet_says_so() {
    let plan = plan("1.5 mg x 7; 3 mg");
    let quantities = dispensing(&plan, "1.5 mg", 14);
    let text = sheet(&plan, START, None, Some(&quantities)).unwrap().to_text(shipped());
    assert!(text.contains("NOT SIGNED"), "{text}");
    assert!(quantities.to_text(shipped()).starts_with("NOT SIGNED"));
    let signed = dispensing(&course(), "1.5 mg", 14);
    assert!(signed.is_signed() && !signed.to_text(shipped()).contains("NOT SIGNED"));
}

/// With a blinded plan nothing that is printed depends on what the capsules hold.
#[test]
fn a_blinded_plan_prints_the_same_whatever_the_capsules_hold() {
    let blinded = |text: &str| {
        let mut steps = steps(text);
        steps[0].to = Some(day(27));
        let mut parts = parts(steps, vec![hold(day(28), Some(day(31)))]);
        parts.blinded = true;
        signed(Plan::new(parts).unwrap())
    };
    let (one, other) = (blinded("4.5 mg"), blinded("0.5 mg"));
    let text = |plan: &Plan| sheet(plan, START, None, None).unwrap().to_text(shipped());
    assert_eq!(text(&one), text(&other));
    assert!(!text(&one).contains("mg") && text(&one).contains("take no capsule"), "{}", text(&one));
    let refusal = |plan: &Plan| SignedPlan::new(plan, START, None, shipped()).unwrap_err();
    assert_eq!(refusal(&one), refusal(&other));
    assert!(refusal(&one).to_string().contains("made as kits by the trial"));
    let refused = |plan: &Plan, stock: &Stock| dispense(plan, START, 14, stock, shipped()).unwrap_err();
    assert_eq!(refused(&one, &stock("4.5 mg")), refused(&other, &stock("4.5 mg")));
}
