//! One encrypted file, there in full or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ldn_core::journal::Hash;
use sha2::{Digest, Sha256};

use super::{BackupError, Header, Manifest, Recipients, dump};
use crate::Store;

/// What the names of backups begin and end with.
pub(super) const PREFIX: &str = "ldn-backup-";
pub(super) const SUFFIX: &str = ".age";

/// A backup that lies on the disk, synced and read back.
#[derive(Clone, Debug)]
pub struct BackupFile {
    /// Where.
    pub path: PathBuf,
    /// Its size in bytes.
    pub n_bytes: u64,
    /// The SHA-256 of the encrypted file, as `sha256sum` prints it.
    pub sha256: Hash,
    /// Its first line.
    pub header: Header,
    /// Its last line.
    pub manifest: Manifest,
}

/// Writes a backup into a folder, under a name with the instant, and reads it back before it gets that name.
///
/// # Errors
/// [`BackupError`]; no file of that name is there then.
pub async fn write_file(
    store: &Store,
    folder: &Path,
    recipients: &Recipients,
    taken: Timestamp,
) -> Result<BackupFile, BackupError> {
    let path = folder.join(name(taken));
    let writing = BackupError::file(&path, "written");
    let unfinished = tempfile::Builder::new().prefix(".ldn-backup-").tempfile_in(folder).map_err(&writing)?;
    let hashed = Hashed { file: unfinished.as_file(), hash: Sha256::new(), n_bytes: 0 };
    let encryptor = age::Encryptor::with_recipients(recipients.as_dyn())
        .map_err(|source| BackupError::Encrypt(std::sync::Arc::new(source)))?;
    let mut stream = encryptor.wrap_output(BufWriter::new(hashed)).map_err(&writing)?;
    let (header, manifest) = dump(store, &mut stream, taken).await?;
    let buffered = stream.finish().map_err(&writing)?;
    let hashed = buffered.into_inner().map_err(|error| writing(error.into_error()))?;
    let (sha256, n_bytes) = (Hash(hashed.hash.finalize().into()), hashed.n_bytes);
    unfinished.as_file().sync_all().map_err(&writing)?;
    read_back(unfinished.path(), sha256)?;
    unfinished.persist_noclobber(&path).map_err(|failed| writing(failed.error))?;
    sync_folder(folder)?;
    Ok(BackupFile { path, n_bytes, sha256, header, manifest })
}

/// Returns the name of a backup of an instant; names sort as the instants do.
fn name(taken: Timestamp) -> String {
    let utc = jiff::tz::Offset::UTC.to_datetime(taken);
    format!("{PREFIX}{}.{:03}Z{SUFFIX}", utc.strftime("%Y%m%dT%H%M%S"), utc.millisecond())
}

/// Compares what lies on the disk with what was written.
fn read_back(path: &Path, expected: Hash) -> Result<(), BackupError> {
    let reading = BackupError::file(path, "read back");
    let mut file = File::open(path).map_err(&reading)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(&reading)? {
            0 => break,
            n_bytes => hash.update(&buffer[..n_bytes]),
        }
    }
    if Hash(hash.finalize().into()) == expected {
        return Ok(());
    }
    Err(reading(io::Error::new(io::ErrorKind::InvalidData, "the disk holds other bytes than were written")))
}

/// Makes the names in a folder as durable as the files.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder, "written"))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// A file and the hash of what was written to it.
struct Hashed<'f> {
    file: &'f File,
    hash: Sha256,
    n_bytes: u64,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n_bytes = self.file.write(bytes)?;
        self.hash.update(&bytes[..n_bytes]);
        self.n_bytes += n_bytes as u64;
        Ok(n_bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_their_instants() {
        let names = ["2026-11-25T01:56:34.5Z", "2026-11-25T01:56:34.75Z", "2027-01-01T00:00:00Z"]
            .map(|instant| name(instant.parse().unwrap()));
        assert_eq!(names[0], "ldn-backup-20261125T015634.500Z.age");
        assert!(names.is_sorted());
    }
}
