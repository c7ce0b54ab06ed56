//! Screenings of whole people, and the helpers of the other tests.

use jiff::civil::date;
use ldn_care::intake::{Intake, read};
use ldn_care::medicine::Formulary;
use ldn_care::screen::{ActionKind, Disposition, RuleSet, Screening, screen};
use serde_json::{Value, json};

/// Somebody with fibromyalgia, no medicines, everything answered, tests in order. Day of screening: 5 January 2026.
const EVERYTHING_ANSWERED: [(&str, &[(&str, &str)]); 3] = [
    (
        "person",
        &[
            ("birth_date", "1978-03-02"),
            ("sex", "\"female\""),
            ("pregnancy", "\"no\""),
            ("contraception", "\"yes\""),
        ],
    ),
    (
        "course",
        &[
            ("indication", "\"fibromyalgia\""),
            ("requested_dose", "\"4.5 mg\""),
            ("form", "\"capsule\""),
            ("release", "\"immediate\""),
            ("blinded_period", "\"no\""),
        ],
    ),
    (
        "answers",
        &[
            ("lists_complete", "\"yes\""),
            ("opioids_last_90_days", "\"no\""),
            ("suicidal_thoughts_now", "\"no\""),
            ("past_suicide_attempt", "\"no\""),
            ("depression_treated", "\"no\""),
            ("alcohol", "\"none\""),
            ("kidney_disease", "\"no\""),
            ("liver_disease", "\"no\""),
            ("household_opioid_user", "\"no\""),
            ("swallowing_difficulty", "\"no\""),
            ("sensitive_to_medicines", "\"no\""),
            ("splits_tablets", "\"no\""),
            ("drug_tested", "\"no\""),
            ("drives", "\"no\""),
        ],
    ),
];

/// Tests in order; left out as soon as a case brings its own of the same name.
const TESTS_IN_ORDER: [(&str, &str); 4] = [
    ("ALT", "value = 30\nunit = \"U/L\"\nupper_limit = 40"),
    ("AST", "value = 25\nunit = \"U/L\"\nupper_limit = 40"),
    ("bilirubin", "value = 0.6\nunit = \"mg/dL\"\nupper_limit = 1.2"),
    ("eGFR", "value = 95\nunit = \"mL/min/1.73m2\""),
];

/// The person with everything answered, but for this: lines such as `answers.alcohol = "heavy"` (an empty value takes
/// the key away, `no labs` the tests), then blocks of lists.
pub(crate) fn person_but(changes: &str) -> String {
    let (lines, blocks) = match changes.find("[[") {
        Some(start) => changes.split_at(start),
        None => (changes, ""),
    };
    let changed: Vec<(&str, &str)> = lines.lines().filter_map(|line| line.split_once(" = ")).collect();
    let mut text = "schema = 1\ndate = 2026-01-05\n".to_owned();
    for (table, keys) in EVERYTHING_ANSWERED {
        text += &format!("[{table}]\n");
        let is_changed = |key: &str| changed.iter().any(|(path, _)| *path == format!("{table}.{key}"));
        for (key, value) in keys.iter().filter(|(key, _)| !is_changed(key)) {
            text += &format!("{key} = {value}\n");
        }
        for (path, value) in &changed {
            if let Some(key) = path.strip_prefix(&format!("{table}."))
                && *value != "none"
            {
                text += &format!("{key} = {value}\n");
            }
        }
    }
    for (test, rest) in TESTS_IN_ORDER {
        if !lines.contains("no labs") && !blocks.contains(&format!("test = \"{test}\"")) {
            text += &format!("[[lab]]\ntest = \"{test}\"\n{rest}\n");
        }
    }
    text + blocks
}

/// The intake of the person with everything answered, but for this.
pub(crate) fn intake_but(changes: &str) -> Intake {
    let text = person_but(changes);
    read(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

/// The screening of an intake by the shipped rules.
pub(crate) fn screened(intake: &Intake) -> Screening {
    screen(intake, RuleSet::shipped(), Formulary::shipped())
}

/// The screening of the person with everything answered, but for this.
pub(crate) fn screening_but(changes: &str) -> Screening {
    screened(&intake_but(changes))
}

/// The rules that speak about the person with everything answered, but for this.
pub(crate) fn rules_but(changes: &str) -> Vec<String> {
    screening_but(changes).findings.into_iter().map(|finding| finding.rule).collect()
}

/// A medicine as a block.
pub(crate) fn medicine(name: &str, rest: &str) -> String {
    format!("[[medicine]]\nname = \"{name}\"\n{}\n", rest.replace("; ", "\n"))
}

#[test]
fn fibromyalgia_on_long_acting_oxycodone_is_refused() {
    let opioid = medicine("oxycodone ER 60 mg", "use = \"daily\"; per_day = \"120 mg\"");
    let screening = screening_but(&format!("answers.opioids_last_90_days = \"yes\"\n{opioid}"));
    assert_eq!(screening.disposition, Disposition::Refuse);
    let finding = screening.finding("OP-02").unwrap();
    assert_eq!(finding.action.kind, ActionKind::Refuse);
    assert_eq!(finding.action.earliest_start, None, "it is still taken");
    assert_eq!(finding.because[0].at, "medicine[0].name");
    assert_eq!(finding.because[0].recognised.as_deref(), Some("oxycodone"));
    assert_eq!(screening.findings.len(), 1, "{:#?}", screening.findings);
}

#[test]
fn fibromyalgia_without_medicines_and_everything_answered_is_no_finding() {
    let screening = screening_but("");
    assert_eq!(screening.disposition, Disposition::NoFinding);
    assert!(screening.findings.is_empty(), "{:#?}", screening.findings);
    assert!(screening.questions.is_empty(), "{:#?}", screening.questions);
    assert!(screening.unrecognised.is_empty());
    let not_checked = screening.not_checked.join("\n");
    for part in ["nobody listed", "urine test", "PHQ-9", "pregnancy test", "the pharmacy"] {
        assert!(not_checked.contains(part), "{part} in {not_checked}");
    }
    assert!(!not_checked.contains("THE RULES ARE OLD"));
}

#[test]
fn the_json_is_that_of_the_design() {
    let tramadol =
        medicine("Ultram 50 mg", "use = \"as-needed\"; release = \"immediate\"; last_taken = 2026-01-04");
    let unknown = medicine("Zyxol", "use = \"daily\"");
    let screening = screening_but(&format!("answers.liver_disease = \"unknown\"\n{tramadol}{unknown}"));
    let value = serde_json::to_value(&screening).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    let expected =
        ["date", "disposition", "findings", "not_checked", "questions", "ruleset", "schema", "unrecognised"];
    assert_eq!(keys, expected);
    assert_eq!(value["schema"], 1);
    assert_eq!(value["date"], "2026-01-05");
    assert_eq!(value["disposition"], "refuse");
    let finding = &value["findings"][0];
    assert_eq!(finding["rule"], "OP-07");
    assert_eq!(finding["severity"], "contraindicated");
    assert_eq!(
        finding["because"][0],
        json!({"at": "medicine[0].name", "value": "Ultram 50 mg", "recognised": "tramadol"})
    );
    assert_eq!(finding["action"], json!({"kind": "refuse", "earliest_start": "2026-01-14"}));
    assert_eq!(finding["status"], "seen");
    for text in ["say_prescriber", "say_patient", "disagreement"] {
        assert!(finding[text].as_str().is_some_and(|text| !text.is_empty()), "{text}");
    }
    assert!(finding["sources"].as_array().is_some_and(|sources| !sources.is_empty()));
    assert_eq!(value["unrecognised"], json!([{"at": "medicine[1].name", "value": "Zyxol"}]));
    let liver =
        value["questions"].as_array().unwrap().iter().find(|asked| asked["at"] == "answers.liver_disease");
    assert_eq!(liver.unwrap()["blocks"], true);
    let without_date = serde_json::to_value(screening_but(&medicine("methadone", ""))).unwrap();
    assert_eq!(without_date["findings"][0]["action"], json!({"kind": "refuse"}));
    assert_eq!(value["ruleset"]["id"], "ruleset");
    assert!(
        matches!(&value["ruleset"]["version"], Value::String(version) if version.split('.').count() == 3)
    );
}

#[test]
fn dispositions_follow_from_severity_alone() {
    let unknown = "[[medicine]]\nname = \"Zyxol\"\n";
    for (changes, disposition) in [
        ("", Disposition::NoFinding),
        ("answers.drug_tested = \"yes\"", Disposition::NoFinding),
        ("answers.alcohol = \"light\"", Disposition::Caution),
        ("answers.liver_disease = \"unknown\"", Disposition::Incomplete),
        (unknown, Disposition::Incomplete),
        ("[[condition]]\nname = \"Zyxolitis\"", Disposition::NoFinding),
        ("answers.alcohol = \"heavy\"", Disposition::PrescriberDecision),
        ("answers.alcohol = \"heavy\"\nanswers.liver_disease = \"unknown\"", Disposition::PrescriberDecision),
        ("person.pregnancy = \"pregnant\"", Disposition::Refuse),
        ("person.pregnancy = \"pregnant\"\nanswers.liver_disease = \"unknown\"", Disposition::Refuse),
        ("person.pregnancy = \"pregnant\"\nanswers.suicidal_thoughts_now = \"yes\"", Disposition::Emergency),
    ] {
        assert_eq!(screening_but(changes).disposition, disposition, "{changes}");
    }
}

#[test]
fn a_rule_set_that_is_too_old_says_so_first() {
    let rules = RuleSet::shipped();
    let mut intake = intake_but("");
    for (days, is_outdated) in [(0, false), (365, false), (366, true), (4000, true)] {
        let day = rules.version().date.checked_add(jiff::Span::new().days(days)).unwrap();
        assert_eq!(rules.outdated(day).is_some(), is_outdated, "{day}");
        intake.date = day;
        let screening = screened(&intake);
        assert_eq!(screening.not_checked[0].starts_with("THE RULES ARE OLD"), is_outdated, "{day}");
        assert_eq!(screening.outdated.is_some(), is_outdated, "{day}");
    }
    assert_eq!(rules.outdated(date(1990, 1, 1)), None);
}

#[test]
fn the_earliest_start_of_a_person_is_the_latest_of_all_or_none() {
    let stopped = |name: &str, last: &str| medicine(name, &format!("use = \"stopped\"; last_taken = {last}"));
    let both = stopped("Percocet", "2026-01-04") + &stopped("OxyContin", "2026-01-02");
    assert_eq!(screening_but(&both).earliest_start(), Some(date(2026, 1, 16)));
    let with_depot = both + &stopped("Sublocade", "2025-12-01");
    assert_eq!(screening_but(&with_depot).earliest_start(), None);
    assert_eq!(screening_but("").earliest_start(), None);
}

#[test]
fn nothing_that_is_said_calls_anything_harmless() {
    let everything: String = ["tramadol", "OxyContin", "kratom", "disulfiram", "levothyroxine", "Vivitrol"]
        .iter()
        .map(|name| medicine(name, "use = \"daily\""))
        .collect();
    for changes in ["", everything.as_str()] {
        let text = serde_json::to_string(&screening_but(changes)).unwrap().to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        assert!(!words.any(|word| ["safe", "safely", "unsafe", "harmless"].contains(&word)), "{text}");
    }
}
