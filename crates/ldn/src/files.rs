//! Reading and writing files, all or nothing.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use ldn_core::diary::{LARGEST_FILE, ReadOptions, read};
use ldn_core::{Diary, Scale};
use serde::Serialize;

use crate::error::Failure;

/// Reads a diary from a file, or from standard input for `-`.
pub(crate) fn read_diary(path: &Path, scale: Scale) -> Result<Diary, Failure> {
    let bytes = read_bytes(path, LARGEST_FILE)?;
    read(&bytes, ReadOptions { scale }).map_err(|source| Failure::Diary { path: path.to_owned(), source })
}

/// Reads a file, or standard input for `-`, up to one byte more than is allowed: an endless stream ends, and whoever
/// reads the bytes can refuse them.
pub(crate) fn read_bytes(path: &Path, largest: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = largest as u64 + 1;
    let result = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    result.map_err(|error| Failure::read(path, error))?;
    Ok(bytes)
}

/// Refuses to write over what is being read, over another output, or over anything that is not a plain file.
pub(crate) fn check_outputs(input: &Path, outputs: &[Option<&Path>]) -> Result<(), Failure> {
    let place = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut taken = vec![place(input)];
    for output in outputs.iter().flatten() {
        if output.exists() && !output.is_file() {
            return Err(Failure::Usage(format!("`{}` is not a file that can be written", output.display())));
        }
        if taken.contains(&place(output)) {
            return Err(Failure::Usage(format!(
                "`{}` would be written over; choose another name",
                output.display()
            )));
        }
        taken.push(place(output));
    }
    Ok(())
}

/// Writes a file so that it is either there in full or not at all; through a link, the file that it leads to.
pub(crate) fn write(path: &Path, content: &str) -> Result<(), Failure> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = target.as_path();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let error = |e| Failure::write(path, e);
    let mut file = tempfile::Builder::new()
        .prefix(".ldn-")
        .permissions(permissions())
        .tempfile_in(folder)
        .map_err(error)?;
    file.write_all(content.as_bytes()).map_err(error)?;
    file.as_file().sync_all().map_err(error)?;
    file.persist(path).map_err(|e| error(e.error))?;
    Ok(())
}

/// Readable for others as any new file, subject to the user's own mask.
fn permissions() -> std::fs::Permissions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::Permissions::from_mode(0o666)
    }
    #[cfg(not(unix))]
    {
        std::fs::metadata(".").map(|m| m.permissions()).expect("the current folder exists")
    }
}

/// Lists the diaries of a folder, by name.
pub(crate) fn diaries_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Failure::read(folder, e))? {
        let path = entry.map_err(|e| Failure::read(folder, e))?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Failure::Content {
            path: folder.to_owned(),
            expected: "expected at least one file ending in .csv".to_owned(),
        });
    }
    Ok(paths)
}

/// Prints to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Failure::Output)
}

/// Prints one JSON object that says which layout it has.
pub(crate) fn print_json<T: Serialize>(key: &str, value: &T) -> Result<(), Failure> {
    let mut object = serde_json::Map::new();
    object.insert("schema".to_owned(), 1.into());
    object.insert(
        key.to_owned(),
        serde_json::to_value(value).expect("texts and finite numbers are always JSON"),
    );
    print(&(serde_json::Value::Object(object).to_string() + "\n"))
}
