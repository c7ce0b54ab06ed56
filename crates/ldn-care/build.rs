//! Lists the data files, so that a new file is compiled in without being named anywhere.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The lists to make, each from its folders of `data/`.
const LISTS: [(&str, &[&str]); 2] = [
    ("files.rs", &["medicines", "medicines/opioids", "medicines/groups"]),
    ("screen_files.rs", &["screen", "screen/rules", "screen/terms"]),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders this way")]
    let (manifest, out) = (env::var("CARGO_MANIFEST_DIR")?, env::var("OUT_DIR")?);
    let data = Path::new(&manifest).join("../../data");
    for (list, folders) in LISTS {
        fs::write(Path::new(&out).join(list), source_text(&data, folders)?)?;
    }
    Ok(())
}

/// The text of a list: every file of the folders with its path inside `data/`.
fn source_text(data: &Path, folders: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    let mut list = String::from("&[\n");
    for folder in folders {
        println!("cargo::rerun-if-changed={}", data.join(folder).display());
        for path in toml_files(&data.join(folder))? {
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
