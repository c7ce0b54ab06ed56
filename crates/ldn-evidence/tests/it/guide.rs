//! The guide `docs/guide/researcher-evidence.md` shows files that are read and messages that are said.

use ldn_evidence::{Library, Problems};

const GUIDE: &str = include_str!("../../../../docs/guide/researcher-evidence.md");

/// Reads the shipped files with some replaced or added.
fn read_with(files: &[(&str, &str)]) -> Result<Library, Problems> {
    let shipped = Library::shipped_files().iter().copied();
    let kept = shipped.filter(|(name, _)| files.iter().all(|(file, _)| file != name));
    Library::read(kept.chain(files.iter().copied()))
}

#[test]
fn its_examples_are_read() {
    let blocks = GUIDE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let files: Vec<(&str, &str)> =
        blocks.filter_map(|block| Some((block.lines().next()?.strip_prefix("# data/")?, block))).collect();
    assert_eq!(files.len(), 3);
    let library = read_with(&files).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(library.source("example2025").is_some());
    assert_eq!(library.claim("example-claim").unwrap().numbers.len(), 2);
    assert_eq!(library.trial("example-2025").unwrap().results.len(), 1);
}

#[test]
fn its_message_is_the_one_that_is_said() {
    let file = "trials/final-2024.toml";
    let (_, text) = Library::shipped_files().iter().find(|(name, _)| *name == file).unwrap();
    let changed = text.replace("se = 0.3112", "se = 0.4112");
    let said = read_with(&[(file, &changed)]).unwrap_err().to_string();
    assert!(GUIDE.contains(&format!("```text\n{said}\n```")), "the guide does not show:\n{said}");
}
