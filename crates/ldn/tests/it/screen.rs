//! `ldn screen`.

use serde_json::Value;

use crate::{ldn, stderr, stdout};

/// Runs an intake from standard input; its exit code, output and errors.
fn screened(intake: &[u8], args: &[&str]) -> (i32, String, String) {
    let run = ldn().args(["screen", "-"]).args(args).write_stdin(intake.to_vec()).assert();
    let output = run.get_output();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn json(intake: &str) -> Value {
    let (code, output, errors) = screened(intake.as_bytes(), &["--json"]);
    assert_eq!(code, 0, "{errors}");
    serde_json::from_str(&output).unwrap()
}

pub(crate) const ANSWERED: &str = r#"
schema = 1
date = 2026-01-05
[person]
birth_date = 1978-03-02
sex = "female"
pregnancy = "no"
contraception = "yes"
[course]
indication = "fibromyalgia"
requested_dose = "4.5 mg"
form = "capsule"
release = "immediate"
blinded_period = "no"
[answers]
lists_complete = "yes"
opioids_last_90_days = "no"
suicidal_thoughts_now = "no"
past_suicide_attempt = "no"
depression_treated = "no"
alcohol = "none"
kidney_disease = "no"
liver_disease = "no"
household_opioid_user = "no"
swallowing_difficulty = "no"
sensitive_to_medicines = "no"
splits_tablets = "no"
drug_tested = "no"
drives = "no"
[[condition]]
name = "fibromyalgia"
status = "active"
[[lab]]
test = "ALT"
value = 22.0
unit = "U/L"
upper_limit = 40.0
date = 2025-12-20
[[lab]]
test = "AST"
value = 20.0
unit = "U/L"
upper_limit = 40.0
date = 2025-12-20
"#;

#[test]
fn nothing_found_is_said_with_what_was_not_checked() {
    let screening = json(ANSWERED);
    assert_eq!(screening["disposition"], "no-finding", "{screening}");
    assert!(!screening["not_checked"].as_array().unwrap().is_empty());
    let (_, text, _) = screened(ANSWERED.as_bytes(), &[]);
    assert!(text.starts_with("NO FINDING above information.") && text.contains("Not checked"), "{text}");
    for reader in ["prescriber", "patient"] {
        let (_, text, _) = screened(ANSWERED.as_bytes(), &["--for", reader]);
        assert!(!text.to_lowercase().contains("safe"), "{text}");
    }
}

#[test]
fn oxycodone_extended_release_is_refused() {
    let intake = ANSWERED.to_owned()
        + "[[medicine]]\nname = \"OxyContin 60 mg\"\nuse = \"daily\"\nrelease = \"extended\"\nper_day = \"120 mg\"\n";
    let screening = json(&intake);
    assert_eq!(screening["disposition"], "refuse");
    let finding = screening["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "OP-02").unwrap();
    assert_eq!(finding["severity"], "contraindicated");
    assert_eq!(finding["because"][0]["value"], "OxyContin 60 mg");
    assert_eq!(finding["action"]["kind"], "refuse");
    let (_, patient, _) = screened(intake.as_bytes(), &["--for", "patient"]);
    assert!(patient.starts_with("Do not start LDN."), "{patient}");
}

#[test]
fn a_name_that_is_not_recognised_blocks() {
    let with = |name: &str| json(&format!("{ANSWERED}[[medicine]]\nname = \"{name}\"\nuse = \"daily\"\n"));
    for (name, disposition) in [
        ("Zyxol", "incomplete"),
        ("tramadoll 50", "incomplete"),
        ("Ultram", "refuse"),
        ("paracetamol 500 mg", "no-finding"),
    ] {
        let screening = with(name);
        let found = screening["disposition"].as_str().unwrap();
        let asked = found == disposition || (disposition == "incomplete" && found == "refuse");
        assert!(asked, "{name}: {screening}");
    }
}

#[test]
fn an_empty_intake_is_incomplete_on_one_screen() {
    let empty = stdout(&["screen", "--new"]);
    let screening = json(&empty);
    assert_eq!(screening["disposition"], "incomplete");
    let questions = screening["questions"].as_array().unwrap();
    assert!((5..=24).contains(&questions.len()), "{}", questions.len());
    assert_eq!(questions[0]["blocks"], true, "the most decisive come first");
}

#[test]
fn the_same_intake_gives_the_same_bytes() {
    assert_eq!(screened(ANSWERED.as_bytes(), &["--json"]), screened(ANSWERED.as_bytes(), &["--json"]));
}

#[test]
fn malformed_intakes_are_named() {
    let deep = format!("schema = 1\ndate = 2026-01-05\nx = {}", "[".repeat(20_000));
    let huge = vec![b'#'; 10 << 20];
    for (what, intake, expected) in [
        ("empty", &b""[..], "the file is empty"),
        ("a key that is not known", b"schema = 1\ndate = 2026-01-05\ncolour = \"red\"\n", "colour"),
        ("an impossible date", b"schema = 1\ndate = 2026-02-30\n", "line 2"),
        (
            "a dose without a unit",
            b"schema = 1\ndate = 2026-01-05\n[course]\nrequested_dose = \"4.5\"\n",
            "UN-01",
        ),
        (
            "a decimal comma",
            b"schema = 1\ndate = 2026-01-05\n[course]\nrequested_dose = \"4,5 mg\"\n",
            "4.5 mg",
        ),
        ("not text", b"schema = 1\n\xff\xfe", "UTF-8"),
        ("deep nesting", deep.as_bytes(), ""),
        ("ten megabytes", &huge, "at most 1000000 bytes"),
    ] {
        let (code, output, errors) = screened(intake, &["--json"]);
        assert_eq!(code, 1, "{what}: {errors}");
        assert!(output.is_empty(), "{what}");
        assert!(errors.contains(expected), "{what}: {errors}");
    }
    let micrograms = ANSWERED.replace("4.5 mg", "4500 micrograms");
    assert_eq!(json(&micrograms)["disposition"], json(ANSWERED)["disposition"]);
}

#[test]
fn rules_can_be_counted_and_explained() {
    let coverage: Value = serde_json::from_str(&stdout(&["screen", "--coverage", "--json"])).unwrap();
    assert_eq!(coverage["coverage"]["rules"], 91);
    assert!(stdout(&["screen", "--explain", "op-02"]).contains("14 days"));
    assert!(stderr(&["screen", "--explain", "XX-99"], 1).contains("OP-01"));
    assert!(!stderr(&["screen"], 2).is_empty());
}

#[test]
fn ordinary_people_are_not_drowned() {
    let budget: Value =
        serde_json::from_str(&stdout(&["screen", "--alarm-budget", "1000", "--json"])).unwrap();
    assert_eq!(budget["alarm_budget"]["patients"], 1000);
    assert!(budget["alarm_budget"]["median_above_info"].as_u64().unwrap() <= 2, "{budget}");
}
