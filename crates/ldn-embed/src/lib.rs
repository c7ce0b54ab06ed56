//! For build scripts: lists data files as Rust source, so that a new file is compiled in without being named anywhere.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Writes a source file for every list into the build folder, to be included where the data are read.
///
/// A list is the name of its source file and the folders of `data/` that it is made of. It becomes an array of pairs:
/// the path of a TOML file inside `data/`, and its text.
///
/// # Errors
/// A folder that cannot be read, or a source file that cannot be written.
pub fn embed(lists: &[(&str, &[&str])]) -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders this way")]
    let (manifest, out) = (env::var("CARGO_MANIFEST_DIR")?, env::var("OUT_DIR")?);
    let data = Path::new(&manifest).join("../../data");
    for (list, folders) in lists {
        for folder in *folders {
            println!("cargo::rerun-if-changed={}", data.join(folder).display());
        }
        fs::write(Path::new(&out).join(list), source_text(&data, folders)?)?;
    }
    Ok(())
}

/// The text of a list: every file of the folders with its path inside `data/`.
fn source_text(data: &Path, folders: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut list = String::from("&[\n");
    for folder in folders {
        let place = data.join(folder);
        for path in toml_files(&place).map_err(|error| format!("{}: {error}", place.display()))? {
            let name = path.file_name().ok_or("a file has a name")?.to_string_lossy().into_owned();
            let path = path.canonicalize()?;
            list += &format!("    ({:?}, include_str!({path:?})),\n", format!("{folder}/{name}"));
        }
    }
    list += "]\n";
    Ok(list)
}

/// The TOML files of a folder by name.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_by_folder_and_name_and_only_toml() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("rules")).unwrap();
        for name in ["b.toml", "a.toml", "notes.md"] {
            fs::write(data.path().join("rules").join(name), "").unwrap();
        }
        let source = source_text(data.path(), &["rules"]).unwrap();
        let rules = data.path().canonicalize().unwrap().join("rules");
        let line = |name| format!("    (\"rules/{name}\", include_str!({:?})),\n", rules.join(name));
        assert_eq!(source, format!("&[\n{}{}]\n", line("a.toml"), line("b.toml")));
        assert!(source_text(data.path(), &["missing"]).unwrap_err().to_string().contains("missing"));
    }
}
