//! Every file of `data/`, also those that other parts read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ldn_evidence::{Library, Problems};
use toml::Value;

/// Path of the folder with every data file.
fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

/// Every TOML file under `data/`: its path inside, its text, its value.
fn files() -> Vec<(String, String, Value)> {
    let mut files = Vec::new();
    let mut folders = vec![data()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.strip_prefix(data()).unwrap().to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                let value = toml::from_str(&text).unwrap_or_else(|error| panic!("data/{name}: {error}"));
                files.push((name, text, value));
            }
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// Every string under a key `source` or `sources`, at any depth.
fn cited(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for (key, inner) in table {
                let is_list = matches!(key.as_str(), "source" | "sources");
                match inner {
                    Value::String(id) if is_list => into.push(id.clone()),
                    Value::Array(ids) if is_list => {
                        into.extend(ids.iter().filter_map(|id| id.as_str().map(str::to_owned)));
                    }
                    _ => cited(inner, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| cited(item, into)),
        _ => {}
    }
}

#[test]
fn the_shipped_library_has_no_problem() {
    if let Err(problems) = Library::read(Library::shipped_files().iter().copied()) {
        panic!("{problems}");
    }
}

#[test]
fn every_file_is_named_by_its_id_and_cites_sources_that_exist() {
    let files = files();
    let sources: BTreeSet<&str> = files
        .iter()
        .filter_map(|(name, _, _)| name.strip_prefix("sources/")?.strip_suffix(".toml"))
        .collect();
    let mut problems = Problems::new();
    // A file of medicines holds many things, and its `source` is an interval as printed; `ldn-care` checks those files.
    for (name, text, value) in files.iter().filter(|(name, _, _)| !name.starts_with("medicines/")) {
        let stem = name.rsplit('/').next().unwrap().trim_end_matches(".toml");
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
        if id != stem {
            problems.value(name, "id", id, format_args!("the file's own name, {stem:?}"));
        }
        let mut ids = Vec::new();
        cited(value, &mut ids);
        for id in ids.iter().filter(|id| !sources.contains(id.as_str())) {
            problems.value(name, "source", id, "the id of a file in sources/");
        }
        // What every loader refuses, here for the folders of other parts too.
        let _ = ldn_core::data::parse_into::<Value>(name, text, &mut problems);
    }
    assert!(problems.all().is_empty(), "{problems}");
}

#[test]
fn no_source_is_an_orphan() {
    let mut elsewhere = Vec::new();
    for (name, _, value) in files() {
        let of_the_library = Library::shipped_files().iter().any(|(file, _)| *file == name);
        if !of_the_library {
            cited(&value, &mut elsewhere);
        }
    }
    let orphans: Vec<&str> = Library::shipped()
        .uncited_sources()
        .into_iter()
        .map(|source| source.id.as_str())
        .filter(|id| !elsewhere.iter().any(|cited| cited == id))
        .collect();
    assert_eq!(orphans, Vec::<&str>::new(), "cite them, say what they are kept_for, or take them out");
}

#[test]
fn every_file_of_the_library_is_compiled_in() {
    let known =
        ["claims/", "contradictions/", "meta-analyses/", "outcomes/", "search/", "sources/", "trials/"];
    let on_disk: Vec<String> = files()
        .into_iter()
        .map(|(name, _, _)| name)
        .filter(|name| known.iter().any(|folder| name.starts_with(folder)))
        .collect();
    let compiled: Vec<&str> = Library::shipped_files().iter().map(|(file, _)| *file).collect();
    assert_eq!(compiled, on_disk);
}

#[test]
fn nothing_of_any_kind_is_missing() {
    let summary = Library::shipped().summary();
    assert_eq!(
        (
            summary.claims,
            summary.contradictions,
            summary.trial_rows,
            summary.adverse_event_rows,
            summary.reviews
        ),
        (192, 44, 149, 76, 14)
    );
    let numbers: Vec<u16> = Library::shipped().conflicts().iter().map(|found| found.number).collect();
    assert_eq!(numbers, (1..=44).collect::<Vec<u16>>());
}

#[test]
fn nothing_is_upgraded_from_recalled_to_seen() {
    let library = Library::shipped();
    let summary = library.summary();
    let of = |word: &str| summary.claims_by_status.get(word).copied().unwrap_or_default();
    assert_eq!((of("seen"), of("recalled"), of("judgement")), (148, 6, 38));
    assert_eq!(library.claims().filter(|claim| claim.recalled_in_part).count(), 5);
    assert_eq!((summary.trial_rows_recalled, summary.trial_rows_recalled_in_part), (1, 21));
    let recalled = library.meta_analyses().flat_map(|review| &review.estimates);
    assert_eq!(recalled.filter(|estimate| estimate.status == ldn_evidence::Status::Recalled).count(), 3);
    let verdicts: Vec<usize> = summary.claims_by_verdict.values().copied().collect();
    assert_eq!(verdicts, [24, 31, 61, 51, 25], "contradicted, opinion, partly, supported, unsupported");
}
