//! The stored form: kept for ever, canonical, strict.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use ldn_core::journal::{Body, Entry, EntryError, EntryParts, Kind, LARGEST_ENTRY, Note};
use proptest::prelude::*;

use crate::any;
use crate::sample::{START, by_patient, correction, note, one_of_each, parts, plan, proposed};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journal")
}

/// What stands in a list in the form of `sha256sum`: hash, two spaces, file name.
fn listed_hashes(folder: &Path) -> BTreeMap<String, String> {
    let list = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let pairs = list.lines().map(|line| line.split_once("  ").unwrap());
    pairs.map(|(hash, name)| (name.to_owned(), hash.to_owned())).collect()
}

/// Every version that was ever written is read for ever, and its hash stays.
#[test]
fn every_fixture_of_every_version_reads_and_keeps_its_hash() {
    let mut n_read = 0;
    for version in fs::read_dir(fixtures()).unwrap() {
        let folder = version.unwrap().path();
        let hashes = listed_hashes(&folder);
        let mut names: Vec<String> = Vec::new();
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name == "SHA256SUMS" {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let entry = Entry::from_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(entry.to_bytes(), bytes, "{name}");
            assert_eq!(format!("{}.json", entry.kind()), name);
            assert_eq!(Some(&entry.hash().to_string()), hashes.get(&name), "{name}");
            names.push(name);
            n_read += 1;
        }
        assert_eq!(names.len(), hashes.len(), "every listed file is there");
    }
    assert!(n_read >= Kind::ALL.len(), "{n_read} fixtures");
}

/// Version 1 is written as it was the day it landed.
#[test]
fn the_newest_version_writes_its_fixtures() {
    let bodies = one_of_each();
    let kinds: Vec<Kind> = bodies.iter().map(Body::kind).collect();
    assert_eq!(kinds, Kind::ALL, "one sample of each kind");
    for (number, body) in (1..).zip(bodies) {
        let entry = by_patient(number, START, i64::try_from(number).unwrap(), body);
        let path = fixtures().join("v1").join(format!("{}.json", entry.kind()));
        let stored = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(String::from_utf8(entry.to_bytes()).unwrap(), stored);
    }
}

#[test]
fn what_is_not_exactly_the_stored_form_is_refused() {
    let entry = by_patient(1, START, 0, note("a"));
    let text = String::from_utf8(entry.to_bytes()).unwrap();
    let reordered = text.replacen("{\"v\":1,", "{", 1).replacen('}', "", 0);
    let reordered = format!("{},\"v\":1}}", &reordered[..reordered.len() - 1]);
    for (other, expected) in [
        (text.replace("\"note\"", "\"nota\""), "unknown variant"),
        (text.replace("\"zone\"", "\"zona\""), "unknown field"),
        (text.replace("\"text\":\"a\"", "\"text\":\"a\",\"more\":1"), "unknown field"),
        (text.replace("\"v\":1", "\"v\":2"), "`v` is 2; expected at most 1"),
        (text.replace("\"v\":1,", ""), "missing field `v`"),
        (text.replace("\"text\":\"a\"", "\"text\":\" \""), "`body.content.text` is \" \": expected a text"),
        (text.replace("Europe/Berlin", "Europe//Berlin"), "expected a name such as Europe/Berlin"),
        (text.replace("\"day\":\"2026-01-05\"", "\"day\":\"1979-12-31\""), "`day` is 1979-12-31"),
        (text.replace("7000-8000-000000000001", "4000-8000-000000000001"), "expected a UUID of version 7"),
        (text.replace("\"offset_s\":3600", "\"offset_s\":93600"), "`offset_s` is 93600"),
        (text.replace(",\"zone\"", ", \"zone\""), "is not as the stored form has it"),
        (text.replace("20:00:00Z", "20:00:00.0Z"), "is not as the stored form has it"),
        (format!("{text}\n"), "is not as the stored form has it"),
        (reordered.clone(), "is not as the stored form has it"),
        (text[..text.len() - 1].to_owned(), "EOF while parsing"),
        (format!("{text}x"), "trailing characters"),
    ] {
        assert_ne!(other, text, "{expected}");
        let error = Entry::from_bytes(other.as_bytes()).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}\n{expected}");
    }
    assert_eq!(Entry::from_json(reordered.as_bytes()).unwrap(), entry, "a client may order keys as it likes");
}

#[test]
fn rules_beyond_the_types_are_told_with_their_place() {
    let signed = plan(1, None, START, "1.5")
        .sign(ldn_core::plan::Signature { prescriber: "Dr Example".into(), on: START });
    for (body, expected) in [
        (proposed(&signed), "`body.content.plan.signed` is true"),
        (correction(1, Some(note(" "))), "`body.content.with.content.text` is \" \""),
        (correction(1, Some(correction(2, None))), "`body.content.with.kind` is corrected"),
        (
            Body::Intake(ldn_core::journal::Intake { document: "a = ".into() }),
            "`body.content.document` is a = : expected TOML",
        ),
        (
            Body::VerdictShown(ldn_core::journal::VerdictShown { model: "m".into(), document: "{".into() }),
            "`body.content.document` is {: expected JSON",
        ),
    ] {
        let error = Entry::new(parts(1, START, 0, body)).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let long = Body::Note(Note { text: "a".repeat(LARGEST_ENTRY) });
    assert!(matches!(Entry::new(parts(1, START, 0, long)), Err(EntryError::TooLarge { .. })));
}

#[test]
fn a_key_that_stands_twice_is_refused_before_one_is_lost() {
    let bodies = one_of_each();
    let entry = by_patient(12, START, 0, bodies[11].clone());
    let text = String::from_utf8(entry.to_bytes()).unwrap();
    let twice = text.replace("\"q2\":", "\"q1\":");
    let error = Entry::from_json(twice.as_bytes()).expect_err("q1 twice").to_string();
    assert!(error.contains("`q1` stands twice"), "{error}");
}

#[test]
fn lateness_is_counted_on_the_wall_clock_of_the_device() {
    // 23:30 UTC is half past midnight of the next day in Berlin.
    let entry = by_patient(1, START, 3 * 60 + 30, note("a"));
    assert_eq!(entry.recorded_local().date(), date(2026, 1, 6));
    assert_eq!(entry.days_late(), 1);
    assert_eq!(by_patient(1, date(2026, 1, 9), 0, note("a")).days_late(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn parse_after_print_is_the_same(parts in any::entry_parts()) {
        let entry = Entry::new(parts.clone()).unwrap();
        let again = Entry::from_bytes(entry.as_bytes()).unwrap();
        prop_assert_eq!(again.parts(), &parts);
        prop_assert_eq!(again.as_bytes(), entry.as_bytes());
        prop_assert_eq!(again.hash(), entry.hash());
    }

    /// However a client writes it, one value has one form.
    #[test]
    fn the_same_value_is_the_same_bytes(parts in any::entry_parts()) {
        let entry = Entry::new(parts).unwrap();
        let loose: serde_json::Value = serde_json::from_slice(entry.as_bytes()).unwrap();
        let sorted_and_spaced = serde_json::to_vec_pretty(&loose).unwrap();
        prop_assert_eq!(Entry::from_json(&sorted_and_spaced).unwrap().to_bytes(), entry.to_bytes());
    }

    #[test]
    fn two_different_entries_differ_in_their_bytes(one in any::entry_parts(), other in any::entry_parts()) {
        let differ = one != other;
        let (one, other) = (Entry::new(one).unwrap(), Entry::new(EntryParts { ..other }).unwrap());
        prop_assert_eq!(one.as_bytes() != other.as_bytes(), differ);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Entry::from_json(&bytes).is_err());
    }

    /// A stored entry with one byte changed is refused, or is another entry with another hash.
    #[test]
    fn a_changed_byte_never_passes_for_the_same_entry(
        parts in any::entry_parts(), place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let entry = Entry::new(parts).unwrap();
        let mut bytes = entry.to_bytes();
        let at = place.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        if let Ok(other) = Entry::from_bytes(&bytes) {
            prop_assert_ne!(other.hash(), entry.hash());
            prop_assert_eq!(other.to_bytes(), bytes);
        }
    }
}
