//! Removing older backups.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::file::{PREFIX, SUFFIX, sync_folder};
use super::{BackupError, BackupFile};

/// What every age file begins with.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// What became of the backups of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Those that stay, oldest first.
    pub kept: Vec<PathBuf>,
    /// Those that were removed.
    pub removed: Vec<PathBuf>,
    /// Those that have the name of a backup and are none; they stay, count for nothing, and somebody should look.
    pub broken: Vec<PathBuf>,
}

/// Keeps the newest backups of a folder and removes the others.
///
/// Only files with the name of a backup are looked at. One that is no age file does not count, and the one that was just
/// written is never removed, whatever the clocks said. Call it after a backup succeeded, not before.
///
/// # Errors
/// [`BackupError::KeepNone`], [`BackupError::File`].
pub fn rotate(folder: &Path, keep: usize, newest: &BackupFile) -> Result<Rotation, BackupError> {
    if keep == 0 {
        return Err(BackupError::KeepNone);
    }
    let (good, broken) = backups(folder)?.into_iter().partition::<Vec<_>, _>(|path| is_age(path));
    let mut rotation = Rotation { broken, ..Rotation::default() };
    let others: Vec<&PathBuf> = good.iter().filter(|path| **path != newest.path).collect();
    let n_removed = others.len().saturating_sub(keep - 1);
    for path in &others[..n_removed] {
        fs::remove_file(path).map_err(BackupError::file(path, "removed"))?;
        rotation.removed.push((*path).clone());
    }
    rotation.kept = good.iter().filter(|path| !rotation.removed.contains(path)).cloned().collect();
    sync_folder(folder)?;
    Ok(rotation)
}

/// Lists the files with the name of a backup, oldest first.
fn backups(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let reading = BackupError::file(folder, "read");
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(&reading)? {
        let entry = entry.map_err(&reading)?;
        let name = entry.file_name();
        let is_backup = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if is_backup && entry.file_type().map_err(&reading)?.is_file() {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// Tells whether a file begins as an age file does and has something after it.
fn is_age(path: &Path) -> bool {
    let mut beginning = [0; AGE.len() + 1];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut beginning)).is_ok()
        && beginning.starts_with(AGE)
}
