//! The rule set as data, and what the library counts.

use std::collections::BTreeSet;

use ldn_care::medicine::Formulary;
use ldn_care::screen::{Disposition, RuleSet, alarm_budget, coverage};
use ldn_evidence::Library;

use crate::screen::{medicine as listed, screening_but};

#[test]
fn every_file_is_read_and_every_rule_is_checked_somewhere() {
    if let Err(problems) = RuleSet::read(RuleSet::shipped_files().iter().copied()) {
        panic!("{problems}");
    }
    let coverage = coverage();
    assert_eq!((coverage.rules, coverage.at_screening, coverage.at_reading), (91, 90, 1));
    assert!(coverage.not_expressible.is_empty());
    assert_eq!(coverage.by_severity.values().sum::<usize>(), 91);
}

#[test]
fn every_class_and_medicine_of_a_rule_is_in_the_formulary() {
    let formulary = Formulary::shipped();
    let classes: BTreeSet<&str> =
        formulary.medicines().flat_map(|medicine| medicine.classes.iter().map(String::as_str)).collect();
    let ids: BTreeSet<&str> = formulary.medicines().map(|medicine| medicine.id.as_str()).collect();
    let in_code = [
        "methadone",
        "buprenorphine",
        "kratom",
        "mixed-agonist-antagonist",
        "tianeptine",
        "opioid-cough-medicine",
        "tramadol",
        "tapentadol",
        "codeine",
        "antidiarrhoeal-opioid",
        "opioid-agonist",
        "opioid-long-acting",
        "opioid-patch",
        "opioid-depot",
        "loperamide",
        "opioid-antagonist",
        "peripheral-opioid-antagonist",
        "naloxone",
        "naltrexone",
        "naltrexone-depot",
        "naltrexone-full-dose",
        "bupropion-naltrexone",
        "disulfiram",
        "paracetamol",
    ];
    for class in in_code {
        assert!(classes.contains(class), "no medicine is of the class {class}");
    }
    for rule in RuleSet::shipped().rules() {
        for class in &rule.classes {
            assert!(classes.contains(class.as_str()), "{}: no medicine is of the class {class}", rule.id);
        }
        for id in rule.medicines.iter().chain(&rule.except) {
            assert!(ids.contains(id.as_str()), "{}: there is no medicine {id}", rule.id);
        }
    }
}

#[test]
fn every_source_of_a_rule_is_in_the_library() {
    for rule in RuleSet::shipped().rules() {
        for source in &rule.sources {
            assert!(Library::shipped().source(source).is_some(), "{}: {source}", rule.id);
        }
    }
}

#[test]
fn a_rule_set_with_a_mistake_is_refused_with_its_place() {
    let change = |file: &str, from: &str, to: &str| {
        let files: Vec<(&str, String)> = RuleSet::shipped_files()
            .iter()
            .map(|(name, text)| {
                let changed = if *name == file { text.replace(from, to) } else { (*text).to_owned() };
                assert!(*name != file || changed != *text, "{file} does not hold {from:?}");
                (*name, changed)
            })
            .collect();
        RuleSet::read(files.iter().map(|(name, text)| (*name, text.as_str()))).unwrap_err().to_string()
    };
    for (file, from, to, expected) in [
        (
            "screen/rules/OP-01.toml",
            "severity = \"contraindicated\"",
            "severity = \"bad\"",
            "unknown variant",
        ),
        ("screen/rules/OP-01.toml", "id = \"OP-01\"", "id = \"OP-99\"", "the file's own name"),
        ("screen/rules/OP-01.toml", "title =", "titel =", "unknown field"),
        (
            "screen/rules/OP-01.toml",
            "opioid_free_days",
            "opioid_free_dayz",
            "which the check of this rule reads",
        ),
        ("screen/rules/OP-01.toml", "value = 10", "value = \"ten\"", "which the check of this rule reads"),
        ("screen/rules/OP-01.toml", "unit = \"days\"", "unit = \"\"", "a unit"),
        ("screen/rules/HP-01.toml", "must not be started", "is unsafe", "another word"),
        ("screen/ruleset.toml", "stale_after_days = 365", "stale_after_days = 0", "at least 1"),
        (
            "screen/terms/conditions-of-rules.toml",
            "mast-cell =",
            "mastcell =",
            "because a rule asks about it",
        ),
    ] {
        let problems = change(file, from, to);
        let folder = file.rsplit_once('/').unwrap().0;
        assert!(problems.contains(expected) && problems.contains(folder), "{problems}");
    }
    let without: Vec<_> =
        RuleSet::shipped_files().iter().copied().filter(|(file, _)| !file.ends_with("OP-02.toml")).collect();
    let problems = RuleSet::read(without).unwrap_err().to_string();
    assert!(problems.contains("OP-02"), "{problems}");
}

#[test]
fn ordinary_patients_are_told_little_and_none_is_refused() {
    let budget = alarm_budget(1000);
    assert_eq!(budget.patients, 1000);
    assert!(budget.median_above_info <= 2, "{budget:#?}");
    for grave in ["emergency", "refuse", "incomplete"] {
        assert_eq!(budget.patients_by_disposition.get(grave), None, "{budget:#?}");
    }
    assert_eq!(budget, alarm_budget(1000), "the same people every time");
    assert_eq!(alarm_budget(0).median_above_info, 0);
}

#[test]
fn every_name_of_every_opioid_stands_in_the_way_of_a_start() {
    let formulary = Formulary::shipped();
    let mut silent = Vec::new();
    for (name, medicine) in formulary.names() {
        let Some(opioid) = &medicine.opioid else {
            continue;
        };
        let least = if medicine.is("antidiarrhoeal-opioid") {
            Disposition::Caution
        } else if opioid.opioid_free_days == 0 && !opioid.no_date {
            Disposition::NoFinding
        } else {
            Disposition::Refuse
        };
        let found = screening_but(&listed(name, "use = \"daily\"")).disposition;
        if found < least {
            silent.push(format!("{name} ({}): {found:?}", medicine.id));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
