//! The map of the code names what there is, and nothing else.

use std::collections::BTreeSet;

use crate::root;

fn document() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// Everything between single backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_crate_is_named_and_every_named_crate_exists() {
    let crates: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let text = document();
    let named: BTreeSet<String> = quoted(&text)
        .into_iter()
        .filter(|word| *word == "ldn" || word.starts_with("ldn-"))
        .map(str::to_owned)
        .collect();
    assert_eq!(named, crates);
}

#[test]
fn every_path_that_is_named_exists() {
    let text = document();
    let paths: Vec<&str> = quoted(&text)
        .into_iter()
        .filter(|word| word.contains('/') || word.ends_with(".toml") || word.ends_with(".rs"))
        .collect();
    assert!(paths.len() > 6, "{paths:?}");
    for path in paths {
        assert!(root().join(path).exists(), "`{path}` is named in ARCHITECTURE.md");
    }
}

/// Links of the documents lead somewhere.
#[test]
fn every_link_leads_somewhere() {
    let mut checked = 0;
    for document in
        ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "examples/README.md", "docs/method.md"]
    {
        let path = root().join(document);
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if !link.starts_with("http") {
                assert!(path.parent().unwrap().join(link).exists(), "{document} links to {link}");
                checked += 1;
            }
        }
    }
    assert!(checked > 10);
}

/// Names of modules and types are spelt as in the code.
#[test]
fn every_item_that_is_named_exists() {
    let mut code = String::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                code += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let text = document();
    let items: Vec<&str> = quoted(&text).into_iter().filter(|word| word.contains("::")).collect();
    assert!(items.len() > 4, "{items:?}");
    for item in items {
        for part in item.split("::") {
            let known = ["fn ", "struct ", "enum ", "mod "]
                .iter()
                .any(|kind| code.contains(&format!("{kind}{part}")))
                || root().join("crates").join(part.replace('_', "-")).is_dir();
            assert!(known, "`{item}` is named in ARCHITECTURE.md, and there is no `{part}`");
        }
    }
}
