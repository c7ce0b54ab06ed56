//! The hazard log: complete, and held to the code. What it names exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    hazard: Vec<Hazard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hazard {
    id: String,
    hazard: String,
    cause: String,
    harm: String,
    severity: String,
    prevention: String,
    #[serde(default)]
    outside: String,
    control: Vec<String>,
    verification: Vec<String>,
    #[serde(default)]
    open: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn log() -> Vec<Hazard> {
    let text = fs::read_to_string(root().join("docs/safety/hazards.toml")).unwrap();
    toml::from_str::<Log>(&text).unwrap().hazard
}

#[test]
fn every_hazard_of_the_dossier_is_there_and_says_everything() {
    let ids: BTreeSet<String> = log().into_iter().map(|hazard| hazard.id).collect();
    let expected: BTreeSet<String> = (1..=49).map(|number| format!("H{number:02}")).collect();
    assert_eq!(ids, expected);
    for hazard in log() {
        for text in [&hazard.hazard, &hazard.cause, &hazard.harm, &hazard.prevention] {
            assert!(!text.trim().is_empty(), "{}", hazard.id);
        }
        for severity in hazard.severity.split('-') {
            assert!(["S1", "S2", "S3", "S4", "S5"].contains(&severity), "{}: {severity}", hazard.id);
        }
        let is_grave = hazard.severity.contains("S4") || hazard.severity.contains("S5");
        assert!(!is_grave || !hazard.outside.is_empty(), "{}: no human control outside", hazard.id);
    }
}

#[test]
fn a_hazard_is_controlled_and_verified_or_says_that_it_is_open() {
    for hazard in log() {
        let is_shown = !hazard.control.is_empty() && !hazard.verification.is_empty();
        assert!(is_shown || !hazard.open.is_empty(), "{} is neither controlled nor open", hazard.id);
    }
}

#[test]
fn every_file_and_every_test_that_is_named_exists() {
    for hazard in log() {
        for path in &hazard.control {
            assert!(root().join(path).exists(), "{}: {path}", hazard.id);
        }
        for test in &hazard.verification {
            let (path, name) = test.split_once("::").unwrap_or_else(|| panic!("{}: {test}", hazard.id));
            let text = fs::read_to_string(root().join(path));
            let text = text.unwrap_or_else(|error| panic!("{}: {path}: {error}", hazard.id));
            assert!(text.contains(&format!("fn {name}(")), "{}: there is no {test}", hazard.id);
        }
    }
}

#[test]
fn the_intended_purpose_says_what_it_must() {
    let text = fs::read_to_string(root().join("docs/safety/intended-purpose.md")).unwrap();
    for part in ["prescriber decides", "Not for", "not a medical device unless", "hazards.toml", "no finding"]
    {
        assert!(text.contains(part), "{part}");
    }
}
