//! A backup into an empty store.

use std::fs;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use ldn_core::ids::PersonId;
use sqlx::AssertSqlSafe;

use super::file::sync_folder;
use super::load::{Loaded, Reader};
use super::tables::TABLES;
use super::{BackupError, ErasureList, Header, Identities, Manifest};
use crate::crypt::SiteKey;
use crate::database::{Database, file_path, without_password};
use crate::{Store, StoreError, audit};

/// What is known of the people who were erased since the backup.
#[derive(Clone, Debug)]
pub enum Erasures {
    /// The list that the store kept.
    List(ErasureList),
    /// There is no list; whoever says so answers for people who come back.
    NoList,
}

/// A backup that was restored and verified.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The backup's first line.
    pub header: Header,
    /// Its last line.
    pub manifest: Manifest,
    /// Who was erased after the backup, and is erased again.
    pub erased_again: Vec<PersonId>,
    /// Up to when erasures are known; `None` without a list.
    pub erasures_as_of: Option<Timestamp>,
}

/// Restores an encrypted backup into an empty store, erases again, and verifies every chain; only then can the store be
/// opened. A SQLite file appears under its name when all of that is done.
///
/// Sessions, devices and invitations are not restored: everybody signs in again, and whoever still waits is invited
/// again.
///
/// # Errors
/// [`BackupError`]; the store is as empty as before, but for [`BackupError::Damaged`] on a server, where the tables are
/// filled and cannot be opened: drop that database.
pub async fn restore(
    encrypted: impl Read,
    identities: &Identities,
    url: &str,
    site_key: SiteKey,
    erasures: &Erasures,
) -> Result<Restored, BackupError> {
    let target = Target::of(url)?;
    let decrypt = |source| BackupError::Decrypt(Arc::new(source));
    let decryptor = age::Decryptor::new_buffered(BufReader::new(encrypted)).map_err(decrypt)?;
    let plain = decryptor.decrypt(identities.as_dyn()).map_err(decrypt)?;
    let (reader, header) = Reader::open(BufReader::new(plain))?;
    let list = match erasures {
        Erasures::List(list) => Some(list),
        Erasures::NoList => None,
    };
    if let Some(list) = list {
        check_list(list, &header)?;
    }
    let database = Database::create(&target.url()).await?;
    let loaded = fill(&database, url, reader, site_key, list).await;
    database.close().await;
    match loaded {
        Ok(loaded) => {
            target.keep()?;
            Ok(Restored {
                header,
                manifest: loaded.manifest,
                erased_again: loaded.erased_again,
                erasures_as_of: list.map(|list| list.as_of),
            })
        }
        Err(error) => {
            target.discard();
            Err(error)
        }
    }
}

fn check_list(list: &ErasureList, header: &Header) -> Result<(), BackupError> {
    if list.store != header.store {
        return Err(BackupError::OtherStore { found: list.store, expected: header.store });
    }
    if list.as_of < header.taken {
        return Err(BackupError::OldErasureList { list: list.as_of, backup: header.taken });
    }
    Ok(())
}

async fn fill(
    database: &Database,
    url: &str,
    reader: Reader<impl std::io::BufRead>,
    site_key: SiteKey,
    list: Option<&ErasureList>,
) -> Result<Loaded, BackupError> {
    let mut transaction = database.write().await?;
    for table in TABLES {
        // The trail's end is there from the beginning.
        if table.name == "audit_tip" {
            continue;
        }
        let statement = AssertSqlSafe(table.count());
        let (n_rows,): (i64,) = per_engine!(&mut transaction, connection =>
            sqlx::query_as(statement).fetch_one(connection).await)
        .map_err(StoreError::engine("looking whether the store is empty"))?;
        if n_rows > 0 {
            let what = format!("{} has {n_rows} rows", table.name);
            return Err(BackupError::NotEmpty { place: without_password(url), what });
        }
    }
    let loaded = reader.load(&mut transaction, &site_key, list).await?;
    transaction.commit().await?;
    verify(database, site_key, &loaded.manifest).await?;
    let mut transaction = database.write().await?;
    loaded.mark.set(&mut transaction).await?;
    transaction.commit().await?;
    Ok(loaded)
}

/// Checks every chain against the heads of the manifest.
async fn verify(database: &Database, site_key: SiteKey, manifest: &Manifest) -> Result<(), BackupError> {
    let heads = manifest
        .course_heads()
        .map_err(|course| BackupError::Manifest { what: format!("`{course}` is no course") })?;
    let store = Store::unmarked(database.clone(), site_key);
    let verification = store.verify_all(&heads).await?;
    let mut findings: Vec<String> = verification.damage.iter().map(ToString::to_string).collect();
    let end = audit::Head { place: manifest.audit.place, hash: manifest.audit.hash };
    if let Err(damage) = audit::verify_store(database, &[end]).await? {
        findings.extend(damage.iter().map(|damage| format!("audit trail: {damage}")));
    }
    if findings.is_empty() { Ok(()) } else { Err(BackupError::Damaged { findings }) }
}

/// Where the store comes to be.
enum Target {
    /// A file beside its place, which gets its name at the end.
    File {
        unfinished: PathBuf,
        place: PathBuf,
    },
    Server {
        url: String,
    },
}

impl Target {
    fn of(url: &str) -> Result<Target, BackupError> {
        let Some(place) = file_path(url) else { return Ok(Target::Server { url: url.to_owned() }) };
        if place.exists() {
            let what = "there is a file".to_owned();
            return Err(BackupError::NotEmpty { place: place.display().to_string(), what });
        }
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let unfinished = place.with_file_name(format!(".{name}.restoring"));
        let target = Target::File { unfinished, place: place.to_owned() };
        // What an earlier restore left when its machine stopped.
        target.discard();
        Ok(target)
    }

    fn url(&self) -> String {
        match self {
            Target::File { unfinished, .. } => unfinished.display().to_string(),
            Target::Server { url } => url.clone(),
        }
    }

    fn keep(&self) -> Result<(), BackupError> {
        let Target::File { unfinished, place } = self else { return Ok(()) };
        let writing = BackupError::file(place, "written");
        let left = fs::metadata(beside(unfinished, "-wal")).map_or(0, |log| log.len());
        if left > 0 {
            let why = format!("{left} bytes of the log were not written back into the file");
            return Err(writing(io::Error::other(why)));
        }
        fs::File::open(unfinished).and_then(|file| file.sync_all()).map_err(&writing)?;
        if place.exists() {
            return Err(writing(io::Error::from(io::ErrorKind::AlreadyExists)));
        }
        fs::rename(unfinished, place).map_err(&writing)?;
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
        sync_folder(folder.unwrap_or(Path::new(".")))
    }

    /// Removes what is unfinished; what cannot be removed is no store and harms nobody.
    fn discard(&self) {
        let Target::File { unfinished, .. } = self else { return };
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(beside(unfinished, ending));
        }
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
