//! What `docs/journal.md` says is so.

use std::fs;
use std::path::Path;

use ldn_core::journal::{Entry, Hash, Kind, Link};

use crate::sample::{START, by_patient, course_id, note, start};

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/journal.md")).unwrap()
}

/// The blocks between fences that carry this word.
fn blocks<'text>(document: &'text str, word: &str) -> Vec<&'text str> {
    let fence = format!("\n```{word}\n");
    document.split(fence.as_str()).skip(1).map(|rest| &rest[..=rest.find("\n```").unwrap()]).collect()
}

#[test]
fn the_example_is_an_entry_and_its_link_with_these_hashes() {
    let document = document();
    let entry_text = blocks(&document, "json")[0].trim_end();
    let entry = Entry::from_bytes(entry_text.as_bytes()).unwrap();
    assert_eq!(entry, by_patient(1, START, 0, note("Slept well.")));
    let link = Link::next(None, &entry, start());
    let links = blocks(&document, "text");
    let genesis = links.iter().find(|text| text.starts_with("ldn journal genesis 1\n")).unwrap();
    let lines = links.iter().find(|text| text.starts_with("ldn journal link 1\n")).unwrap();
    assert_eq!(Hash::of(genesis.as_bytes()), link.previous);
    assert_eq!(lines.to_string(), link.hashed_text(course_id()));
    for hash in [entry.hash(), link.previous, link.hash] {
        assert!(document.contains(&hash.to_string()), "{hash}");
    }
}

#[test]
fn every_kind_is_described() {
    let document = document();
    for kind in Kind::ALL {
        assert!(document.contains(&format!("| `{kind}` |")), "{kind}");
    }
}
