//! Lists the data files, so that a new file is compiled in without being named anywhere.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The folders of `data/` that make the library.
const FOLDERS: [&str; 7] =
    ["claims", "contradictions", "meta-analyses", "outcomes", "search", "sources", "trials"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders this way")]
    let (manifest, out) = (env::var("CARGO_MANIFEST_DIR")?, env::var("OUT_DIR")?);
    let data = Path::new(&manifest).join("../../data");
    let mut list = String::from("&[\n");
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={}", data.join(folder).display());
        for path in toml_files(&data.join(folder))? {
            let name = path.file_name().ok_or("a file has a name")?.to_string_lossy().into_owned();
            let path = path.canonicalize()?;
            list += &format!("    ({:?}, include_str!({path:?})),\n", format!("{folder}/{name}"));
        }
    }
    list += "]\n";
    fs::write(Path::new(&out).join("files.rs"), list)?;
    Ok(())
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
