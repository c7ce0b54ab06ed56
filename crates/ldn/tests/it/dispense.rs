//! `ldn dispense`.

use std::path::Path;

use serde_json::Value;

use crate::plan::Desk;
use crate::{stderr, stdout};

const TODAY: [&str; 2] = ["--today", "2026-01-05"];

fn args<'a>(plan: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["dispense", plan][..], &TODAY, more].concat()
}

/// A plan, its path, and the path of the same plan signed.
fn planned() -> (Desk, String, String) {
    let desk = Desk::new();
    desk.plan(&[]);
    let (plan, signed) = (desk.path("plan.json"), desk.path("signed.json"));
    stdout(&["plan", "sign", &plan, "--prescriber", "Dr A", "--out", &signed, TODAY[0], TODAY[1]]);
    (desk, plan, signed)
}

const DETAILS: &str = r#"
[patient]
name = "Ana M"
birth_date = 1978-03-02
address = "1 Street"
[prescriber]
licence = "12345"
address = "2 Street"
[product]
condition = "fibromyalgia"
allergies = []
salt = "hydrochloride"
filler = "microcrystalline cellulose"
avoid = []
capsule_size = "3"
capsule_colour = "white"
"#;

#[test]
fn thirty_days_of_the_common_schedule_are_sixty_nine_capsules() {
    let (_desk, plan, _) = planned();
    let text = stdout(&args(&plan, &["--days", "30", "--stock", "1.5 mg"]));
    for expected in [
        "NOT SIGNED",
        "(7 days): 1.5 mg at bedtime: one 1.5 mg capsule; together 10.5 mg",
        "(16 days): 4.5 mg at bedtime: three 1.5 mg capsules; together 72 mg",
        "69 capsules of 1.5 mg",
        "all days: 103.5 mg",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    let made: Value = serde_json::from_str(&stdout(&args(&plan, &["--stock", "1.5 mg", "--json"]))).unwrap();
    assert_eq!(made["units"][0]["quantity"], 69);
    assert_eq!(made["total_mg"], 103.5);
    assert_eq!(made["days"], 30);
    assert_eq!(made["signed"], false);
    let first_week =
        stdout(&args(&plan, &["--days", "7", "--from", "2026-01-13", "--stock", "1.5 mg, 3 mg"]));
    assert!(first_week.contains("7 capsules of 3 mg"), "{first_week}");
}

#[test]
fn a_liquid_is_split_into_bottles_that_keep() {
    let (_desk, plan, _) = planned();
    let json = |more: &[&str]| -> Value {
        let all = [&["--days", "30", "--liquid", "1 mg/mL", "--json"][..], more].concat();
        serde_json::from_str(&stdout(&args(&plan, &all))).unwrap()
    };
    let plain = json(&["--check", "4.5 mg = 4.5 mL"]);
    assert_eq!(plain["liquid"]["volume_ml"], 103.5);
    assert_eq!(plain["liquid"]["bottles"], 3, "14 days each");
    assert_eq!(json(&["--preserved"])["liquid"]["bottles"], 1, "35 days");
}

#[test]
fn what_cannot_be_made_is_refused_with_the_way_out() {
    let (_desk, plan, _) = planned();
    let refused = |more: &[&str], code| stderr(&args(&plan, more), code);
    for (more, code, expected) in [
        (&["--stock", "1.5"][..], 2, "`1.5` has no unit; expected mg or micrograms"),
        (&["--stock", "2 mg"], 1, "with a 1.5 mg capsule it could be made"),
        (&["--stock", "50 mg tablet scored in halves"], 1, "FO-03"),
        (&["--liquid", "1 mg"], 2, "expected mg or micrograms in each mL"),
        (
            &["--liquid", "1 mg/mL", "--check", "4.5 mg = 0.9 mL"],
            1,
            "0.9 mL hold 0.9 mg, and 4.5 mg is 4.5 mL",
        ),
        (&["--stock", "1.5 mg", "--days", "400"], 1, "reach beyond 2026-07-20"),
        (&["--stock", "1.5 mg", "--days", "0"], 1, "expected at least 1 day"),
        (&["--stock", "1.5 mg", "--keeps", "no-such"], 1, "is no beyond-use limit"),
        (&[], 2, "--stock"),
    ] {
        let said = refused(more, code);
        assert!(said.contains(expected), "{more:?}: {said}");
    }
}

#[test]
fn the_fewest_strengths_are_found() {
    let (_desk, plan, _) = planned();
    let text = stdout(&args(&plan, &["--days", "30", "--choose-strengths"]));
    assert!(text.contains("1.5 mg and 3 mg and 4.5 mg: 30 capsules"), "{text}");
    let one = stdout(&args(&plan, &["--days", "30", "--choose-strengths", "1"]));
    assert!(one.contains("1.5 mg: 69 capsules") && !one.contains("and 3 mg"), "{one}");
}

#[test]
fn only_a_signed_plan_that_counts_becomes_an_order() {
    let (desk, plan, signed) = planned();
    desk.put("details.toml", DETAILS);
    let (out, details) = (desk.path("order.txt"), desk.path("details.toml"));
    let wanted = ["--stock", "1.5 mg", "--order", out.as_str(), "--patient", details.as_str()];
    let refused = stderr(&args(&plan, &wanted), 1);
    assert!(refused.contains("is not signed") && refused.contains("ldn plan sign"), "{refused}");
    assert!(!Path::new(&out).exists());
    stdout(&args(&signed, &wanted));
    let order = desk.read("order.txt");
    for expected in [
        "Ana M, born 2 March 1978",
        "Prescriber: Dr A",
        "69 capsules of 1.5 mg",
        "LABEL",
        "calcium carbonate",
    ] {
        assert!(order.contains(expected), "{expected:?} is missing in {order}");
    }
    desk.put("empty.toml", &stdout(&["dispense", "--new-details"]));
    let empty = desk.path("empty.toml");
    let incomplete = stderr(&args(&signed, &["--stock", "1.5 mg", "--order", &out, "--patient", &empty]), 1);
    assert!(incomplete.contains("patient.name: expected the patient's full name"), "{incomplete}");
    desk.put("wrong.toml", "[patient]\nnmae = \"x\"\n");
    let wrong = desk.path("wrong.toml");
    let unknown = stderr(&args(&signed, &["--stock", "1.5 mg", "--order", &out, "--patient", &wrong]), 1);
    assert!(unknown.contains("nmae"), "{unknown}");
    stderr(&args(&signed, &["--stock", "1.5 mg", "--order", &signed, "--patient", &details]), 2);
}

#[test]
fn an_expired_plan_gives_no_dose() {
    let (_desk, _, signed) = planned();
    let late = ["--today", "2027-01-01"];
    let refused = stderr(&[&["dispense", &signed, "--stock", "1.5 mg"][..], &late].concat(), 1);
    assert!(refused.contains("ask before the next dose") && !refused.contains(" mg"), "{refused}");
    let sheet = stdout(&[&["dispense", &signed, "--sheet"][..], &late].concat());
    assert!(sheet.starts_with("Ask before the next dose.") && !sheet.contains(" mg"), "{sheet}");
}

#[test]
fn the_sheet_says_how_each_dose_is_made() {
    let (_desk, _, signed) = planned();
    let sheet = stdout(&args(&signed, &["--stock", "1.5 mg, 3 mg", "--sheet"]));
    assert!(sheet.contains("4.5 mg at bedtime: one 3 mg capsule and one 1.5 mg capsule"), "{sheet}");
    assert!(sheet.contains("Prescribed by Dr A."), "{sheet}");
}

#[test]
fn a_blinded_plan_is_not_dispensed_and_its_sheet_names_no_dose() {
    let desk = Desk::blinded();
    desk.plan(&[]);
    let plan = desk.path("plan.json");
    let refused = stderr(&args(&plan, &["--stock", "1.5 mg"]), 1);
    assert!(refused.contains("blinded") && refused.contains("kit"), "{refused}");
    let sheet = stdout(&args(&plan, &["--sheet"]));
    assert!(sheet.contains("Treat every capsule as if it were LDN.") && !sheet.contains(" mg"), "{sheet}");
}
