//! The committed lists under `golden/medicines/`.

use std::collections::BTreeSet;

use ldn_care::medicine::{Formulary, Recognition};

use crate::medicine::answer;

const OPIOID_NAMES: &str = include_str!("../../../../golden/medicines/opioid-names.csv");
const ONE_EDIT_APART: &str = include_str!("../../../../golden/medicines/one-edit-apart.csv");
const LOOK_ALIKES: &str = include_str!("../../../../golden/medicines/look-alikes.txt");
const ORDINARY: &str = include_str!("../../../../golden/medicines/ordinary.txt");

fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Splits a line of a CSV file whose quoted fields contain no quotes.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

#[test]
fn every_name_string_of_the_dossier_is_recognised_or_asked_about() {
    let mut counts = [0, 0, 0, 0];
    for line in lines(OPIOID_NAMES).skip(1) {
        let [_, _, written, outcome, medicines, reason] = fields(line).try_into().unwrap();
        let wanted = |id: &str| medicines.split(' ').any(|medicine| medicine == id);
        let found = Formulary::shipped().recognise(&written);
        let (place, is_right) = match (outcome.as_str(), &found) {
            ("recognised", Recognition::Recognised(all)) => {
                (0, all.iter().any(|one| wanted(&one.medicine.id)))
            }
            ("asked", Recognition::DidYouMean(all)) => (1, all.iter().any(|one| wanted(&one.id))),
            ("not-recognised", found) => (2, *found == Recognition::NotRecognised),
            ("no-name", _) => (3, true),
            _ => (0, false),
        };
        counts[place] += 1;
        assert!(is_right, "{line}: {}", answer(&written));
        assert_eq!(reason.is_empty(), outcome == "recognised", "an exception says why: {line}");
    }
    assert_eq!(counts, [386, 45, 2, 26], "recognised, asked, not recognised, no name");
}

fn raises_no_alarm(list: &str, at_least: usize) {
    let all: Vec<&str> = lines(list).collect();
    assert!(all.len() >= at_least, "{}", all.len());
    for written in all {
        match Formulary::shipped().recognise(written) {
            Recognition::Recognised(found) => {
                assert!(found.iter().all(|one| one.medicine.opioid.is_none()), "{written}");
            }
            _ => panic!("{written}: {}", answer(written)),
        }
    }
}

#[test]
fn look_alikes_raise_no_alarm() {
    raises_no_alarm(LOOK_ALIKES, 120);
}

#[test]
fn ordinary_medicines_raise_no_alarm() {
    raises_no_alarm(ORDINARY, 300);
}

#[test]
fn the_pairs_one_edit_apart_are_known() {
    let names: Vec<(&str, bool)> = Formulary::shipped()
        .names()
        .filter(|(name, _)| name.chars().count() >= 5)
        .map(|(name, medicine)| (name, medicine.opioid.is_some()))
        .collect();
    let mut pairs = BTreeSet::new();
    for (opioid, _) in names.iter().filter(|(name, is_opioid)| *is_opioid && name.len() >= 6) {
        for (other, _) in names.iter().filter(|(_, is_opioid)| !is_opioid) {
            let near = other.len().abs_diff(opioid.len()) < 2;
            if near && strsim::damerau_levenshtein(opioid, other) == 1 {
                pairs.insert(format!("{opioid},{other}"));
            }
        }
    }
    let known: BTreeSet<String> = lines(ONE_EDIT_APART).skip(1).map(str::to_owned).collect();
    assert_eq!(pairs, known);
}
