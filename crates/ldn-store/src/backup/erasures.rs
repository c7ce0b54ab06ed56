//! The list of erasures: small, readable, without a name, and kept where the backups are.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use ldn_core::ids::PersonId;
use ldn_core::journal::Hash;
use serde::{Deserialize, Serialize};

use super::BackupError;
use super::file::sync_folder;
use crate::{Store, StoreError};

/// The name of the list beside backups.
pub const ERASURE_LIST: &str = "ldn-erasures.json";

/// The version of the list's form.
const VERSION: u32 = 1;

/// Who was erased from a store and when, so that a restored backup can be erased again. It names nobody: ids only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureList {
    /// Which store, as in [`Header`](super::Header).
    pub store: Hash,
    /// Up to when the list is complete.
    pub as_of: Timestamp,
    /// Who was erased and when.
    pub erased: BTreeMap<PersonId, Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    ldn_erasures: u32,
    store: Hash,
    as_of: Timestamp,
    erased: Vec<Erased>,
    /// Of all lines above, one value a line; finds a list that was cut or edited by mistake.
    sha256: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Erased {
    person: PersonId,
    at: Timestamp,
}

impl ErasureList {
    /// Reads the list of a store as it is now.
    ///
    /// # Errors
    /// [`BackupError::Store`].
    pub async fn of(store: &Store, now: Timestamp) -> Result<ErasureList, BackupError> {
        let erased = store.erasures().await?.into_iter().collect();
        let mut transaction = store.database().read().await?;
        let (check,): (Vec<u8>,) = per_engine!(&mut transaction, connection =>
            sqlx::query_as("SELECT key_check FROM site WHERE id = 1").fetch_one(connection).await)
        .map_err(StoreError::engine("reading the mark of the site key"))?;
        transaction.rollback().await?;
        let as_of = crate::timestamp::from_micros(crate::timestamp::to_micros(now), "now")?;
        Ok(ErasureList { store: Hash::of(&check), as_of, erased })
    }

    /// Reads a list as [`ErasureList::to_text`] writes it.
    ///
    /// # Errors
    /// [`BackupError::ErasureList`].
    pub fn read(text: &str) -> Result<ErasureList, BackupError> {
        let refused = |why: String| BackupError::ErasureList { why };
        let form: Form = serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        if form.ldn_erasures != VERSION {
            return Err(refused(format!("its form is {}, this program reads {VERSION}", form.ldn_erasures)));
        }
        let n_erased = form.erased.len();
        let erased: BTreeMap<PersonId, Timestamp> =
            form.erased.into_iter().map(|erased| (erased.person, erased.at)).collect();
        let list = ErasureList { store: form.store, as_of: form.as_of, erased };
        if list.erased.len() != n_erased || list.hash() != form.sha256 {
            return Err(refused("it does not fit its checksum: lines were lost or changed".to_owned()));
        }
        Ok(list)
    }

    /// Returns the list as JSON, one person a line.
    pub fn to_text(&self) -> String {
        let erased = self.erased.iter().map(|(person, at)| Erased { person: *person, at: *at }).collect();
        let form =
            Form { ldn_erasures: VERSION, store: self.store, as_of: self.as_of, erased, sha256: self.hash() };
        serde_json::to_string_pretty(&form).expect("ids, hashes and instants are always JSON") + "\n"
    }

    /// Writes the list in the place of an older one, which must not know more.
    ///
    /// # Errors
    /// [`BackupError::OtherStore`] or [`BackupError::IncompleteErasureList`] if the older list is of another store or
    /// names somebody that this one lacks, as after a restore without a list; [`BackupError::File`].
    pub fn write(&self, path: &Path) -> Result<(), BackupError> {
        if let Ok(older) = std::fs::read_to_string(path) {
            let older = ErasureList::read(&older)?;
            self.covers(&older)?;
        }
        let writing = BackupError::file(path, "written");
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut file = tempfile::Builder::new().prefix(".ldn-").tempfile_in(folder).map_err(&writing)?;
        file.write_all(self.to_text().as_bytes()).map_err(&writing)?;
        file.as_file().sync_all().map_err(&writing)?;
        file.persist(path).map_err(|failed| writing(failed.error))?;
        sync_folder(folder)
    }

    fn covers(&self, older: &ErasureList) -> Result<(), BackupError> {
        if older.store != self.store {
            return Err(BackupError::OtherStore { found: older.store, expected: self.store });
        }
        match older.erased.keys().find(|person| !self.erased.contains_key(person)) {
            Some(person) => Err(BackupError::IncompleteErasureList { person: *person }),
            None => Ok(()),
        }
    }

    fn hash(&self) -> Hash {
        let mut lines = format!("{VERSION}\n{}\n{}\n", self.store, self.as_of);
        for (person, at) in &self.erased {
            lines += &format!("{person} {at}\n");
        }
        Hash::of(lines.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn list(people: &[u128]) -> ErasureList {
        let at: Timestamp = "2026-11-25T02:00:00Z".parse().unwrap();
        let erased = people.iter().map(|number| (PersonId::from_uuid(Uuid::from_u128(*number)), at));
        ErasureList { store: Hash::of(b"store"), as_of: at, erased: erased.collect() }
    }

    #[test]
    fn a_list_reads_back_and_a_lost_line_shows() {
        let text = list(&[1, 2, 3]).to_text();
        assert_eq!(ErasureList::read(&text).unwrap(), list(&[1, 2, 3]));
        let mut form: serde_json::Value = serde_json::from_str(&text).unwrap();
        form["erased"].as_array_mut().unwrap().pop();
        let error = ErasureList::read(&form.to_string()).unwrap_err();
        assert!(matches!(error, BackupError::ErasureList { .. }), "{error}");
        for text in ["", "{}", &text[..text.len() / 2]] {
            assert!(ErasureList::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_never_replaces_one_that_knows_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ERASURE_LIST);
        list(&[1]).write(&path).unwrap();
        list(&[1, 2]).write(&path).unwrap();
        let error = list(&[1]).write(&path).unwrap_err();
        assert!(matches!(error, BackupError::IncompleteErasureList { .. }), "{error}");
        let other = ErasureList { store: Hash::of(b"other"), ..list(&[1, 2, 3]) };
        assert!(matches!(other.write(&path), Err(BackupError::OtherStore { .. })));
        assert_eq!(ErasureList::read(&std::fs::read_to_string(&path).unwrap()).unwrap(), list(&[1, 2]));
    }
}
