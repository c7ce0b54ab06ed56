//! Reading and writing files, all or nothing.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ldn_core::diary::{LARGEST_FILE, ReadOptions, read};
use ldn_core::{Diary, Scale};
use serde::Serialize;
use tempfile::NamedTempFile;

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
    write_all(&[(path, content)])
}

/// Writes several files so that either all of them are there in full or everything is as before.
pub(crate) fn write_all(files: &[(&Path, &str)]) -> Result<(), Failure> {
    // What can be foreseen to fail, such as a full disk or a missing folder, fails here, before anything is in place.
    let prepared = files.iter().map(|(path, content)| Prepared::new(path, content));
    let mut prepared = prepared.collect::<Result<Vec<_>, _>>()?;
    if let [others @ .., _] = prepared.as_mut_slice() {
        others.iter_mut().try_for_each(Prepared::keep_old)?;
    }
    let mut placed = Vec::new();
    for file in prepared {
        match file.place() {
            Ok(file) => placed.push(file),
            Err(failure) => {
                placed.into_iter().for_each(Placed::undo);
                return Err(failure);
            }
        }
    }
    Ok(())
}

/// A file that is written in full beside its place.
struct Prepared {
    target: PathBuf,
    new: NamedTempFile,
    old: Option<NamedTempFile>,
}

/// A file in its place, and what was there before.
struct Placed {
    target: PathBuf,
    old: Option<NamedTempFile>,
}

impl Prepared {
    fn new(path: &Path, content: &str) -> Result<Prepared, Failure> {
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let written = || {
            let mut new = beside(&target)?;
            new.write_all(content.as_bytes())?;
            new.as_file().sync_all()?;
            Ok(new)
        };
        let new = written().map_err(|error| Failure::write(&target, error))?;
        Ok(Prepared { target, new, old: None })
    }

    /// Copies what is to be replaced.
    fn keep_old(&mut self) -> Result<(), Failure> {
        if self.target.is_file() {
            let copied = || {
                let old = beside(&self.target)?;
                std::fs::copy(&self.target, old.path())?;
                Ok(old)
            };
            self.old = Some(copied().map_err(|error| Failure::write(&self.target, error))?);
        }
        Ok(())
    }

    fn place(self) -> Result<Placed, Failure> {
        let Prepared { target, new, old } = self;
        match new.persist(&target) {
            Ok(_) => Ok(Placed { target, old }),
            Err(failed) => Err(Failure::write(&target, failed.error)),
        }
    }
}

impl Placed {
    /// Puts back what was there. The failure that led here is the one to be told, so that another is passed over.
    fn undo(self) {
        match self.old {
            Some(old) => drop(old.persist(&self.target)),
            None => drop(std::fs::remove_file(&self.target)),
        }
    }
}

/// An empty file in the folder of another, gone when it is dropped.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    tempfile::Builder::new().prefix(".ldn-").permissions(permissions()).tempfile_in(folder)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder in the place of the last file lets its write fail only when the others are in place.
    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let [new, old, last] = ["new", "old", "last"].map(|name| folder.path().join(name));
        std::fs::write(&old, "before").unwrap();
        std::fs::create_dir(&last).unwrap();
        let files = [(new.as_path(), "1"), (old.as_path(), "2"), (last.as_path(), "3")];
        assert!(matches!(write_all(&files), Err(Failure::Write { .. })));
        assert!(!new.exists());
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "before");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file is left");

        std::fs::remove_dir(&last).unwrap();
        write_all(&files).unwrap();
        for (path, content) in files {
            assert_eq!(std::fs::read_to_string(path).unwrap(), content);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
