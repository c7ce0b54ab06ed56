//! Reading and writing files, all or nothing.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use ldn_core::diary::{LARGEST_FILE, ReadOptions, read};
use ldn_core::{Diary, Scale};

use crate::error::Failure;

/// Reads a diary from a file, or from standard input for `-`.
pub(crate) fn read_diary(path: &Path, scale: Scale) -> Result<Diary, Failure> {
    let bytes = if path == Path::new("-") {
        // One byte more than is allowed, so that an endless stream ends and is refused.
        let mut bytes = Vec::new();
        let stdin = std::io::stdin().lock();
        stdin.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(|e| Failure::read(path, e))?;
        bytes
    } else {
        std::fs::read(path).map_err(|e| Failure::read(path, e))?
    };
    read(&bytes, ReadOptions { scale }).map_err(|source| Failure::Diary { path: path.to_owned(), source })
}

/// Writes a file so that it is either there in full or not at all.
pub(crate) fn write(path: &Path, content: &str) -> Result<(), Failure> {
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
