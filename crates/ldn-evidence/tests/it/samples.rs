//! Good and bad files side by side: what is said about each slip.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ldn_evidence::Library;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

/// The valid files by their paths.
fn valid() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let root = samples().join("valid");
    for folder in fs::read_dir(&root).unwrap() {
        for entry in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    files
}

fn read(files: &BTreeMap<String, String>) -> Result<Library, ldn_evidence::Problems> {
    Library::read(files.iter().map(|(file, text)| (file.as_str(), text.as_str())))
}

#[test]
fn valid_samples_are_read() {
    let library = read(&valid()).unwrap_or_else(|problems| panic!("{problems}"));
    let summary = library.summary();
    assert_eq!((summary.claims, summary.contradictions, summary.trials, summary.reviews), (2, 1, 1, 1));
}

/// Each invalid file stands in for a valid one (`# file:`) and must be told about (`# expect:`).
#[test]
fn invalid_samples_are_told_about() {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(samples().join("invalid")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 30);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let comment = |word: &str| {
            let start = format!("# {word}: ");
            text.lines().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect::<Vec<_>>()
        };
        let (files, expected) = (comment("file"), comment("expect"));
        // The comments are taken off so that lines are counted as in the file itself.
        let body: Vec<&str> = text.lines().filter(|line| !line.starts_with("# ")).collect();
        let mut all = valid();
        let replaced = all.insert(files[0].clone(), body.join("\n"));
        assert!(replaced.is_some(), "{}: {} is no valid sample", path.display(), files[0]);
        let said = read(&all).map(|_| ()).expect_err(&path.display().to_string()).to_string();
        for message in &expected {
            assert!(said.contains(message), "{}\nexpected: {message}\nsaid: {said}", path.display());
        }
    }
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let mut files = valid();
    for (file, from, to) in [
        ("sources/sample2020.toml", "10.1000", "doi:10.1000"),
        ("claims/dreams-sample.toml", "unit = \"%\"", "unit = \"\""),
        ("trials/sample-2020.toml", "0.3112", "0.4112"),
        ("contradictions/x-sample.toml", "number = 1", "number = 1\nweight = 2"),
    ] {
        let text = files[file].replacen(from, to, 1);
        assert_ne!(files[file], text, "{file}");
        files.insert(file.to_owned(), text);
    }
    let problems = read(&files).unwrap_err();
    let said = problems.to_string();
    assert!(said.starts_with("4 problems in the data files\n"), "{said}");
    for file in
        ["sources/sample2020", "claims/dreams-sample", "trials/sample-2020", "contradictions/x-sample"]
    {
        assert!(said.contains(file), "{file}: {said}");
    }
    let folder = Library::read([("recipes/soup.toml", "id = \"soup\"")]).unwrap_err().to_string();
    assert!(folder.contains("`folder` is \"recipes\": expected a folder that the library knows"), "{folder}");
}
