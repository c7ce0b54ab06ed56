//! The names of things that are stored: one type per kind of thing, each a UUID.
//!
//! Nothing here makes an id: whoever has a clock and a generator does, and hands it over.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::{Uuid, Variant};

/// Why a text or a UUID is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is no UUID.
    #[error("`{text}` is not a {kind} id; expected a UUID such as 0197a3c0-5f00-7000-8000-000000000001")]
    NotAUuid {
        /// The kind of thing.
        kind: &'static str,
        /// The text as given.
        text: String,
    },
    /// It is a UUID of another version.
    #[error("`{uuid}` is not an entry id; expected a UUID of version 7, found version {version}")]
    NotVersion7 {
        /// The UUID as given.
        uuid: Uuid,
        /// Its version number, or 0 if it has none.
        version: usize,
    },
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes an id of a UUID.
            pub const fn from_uuid(uuid: Uuid) -> $name {
                $name(uuid)
            }

            /// Returns the UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<$name, IdError> {
                parse(text, $kind).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }
    };
}

id! {
    /// The name of one course of one person.
    CourseId, "course"
}
id! {
    /// The name of one person.
    PersonId, "person"
}
id! {
    /// The name of one account: who did something.
    AccountId, "account"
}
id! {
    /// The name of one device: where it was done.
    DeviceId, "device"
}

/// The name of one journal entry: a UUID of version 7, made by the client together with the entry.
///
/// Its time orders entries that were recorded in the same instant and says nothing about the day of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Uuid", into = "Uuid")]
pub struct EntryId(Uuid);

impl EntryId {
    /// Makes an id of a UUID.
    ///
    /// # Errors
    /// [`IdError::NotVersion7`] for any other version or variant.
    pub fn from_uuid(uuid: Uuid) -> Result<EntryId, IdError> {
        let version = if uuid.get_variant() == Variant::RFC4122 { uuid.get_version_num() } else { 0 };
        if version == 7 { Ok(EntryId(uuid)) } else { Err(IdError::NotVersion7 { uuid, version }) }
    }

    /// Returns the UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl TryFrom<Uuid> for EntryId {
    type Error = IdError;

    fn try_from(uuid: Uuid) -> Result<EntryId, IdError> {
        EntryId::from_uuid(uuid)
    }
}

impl From<EntryId> for Uuid {
    fn from(id: EntryId) -> Uuid {
        id.0
    }
}

impl FromStr for EntryId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<EntryId, IdError> {
        EntryId::from_uuid(parse(text, "entry")?)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

fn parse(text: &str, kind: &'static str) -> Result<Uuid, IdError> {
    Uuid::try_parse(text).map_err(|_| IdError::NotAUuid { kind, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_id_is_of_version_7() {
        let seven = "0197a3c0-5f00-7000-8000-000000000001";
        assert_eq!(seven.parse::<EntryId>().unwrap().to_string(), seven);
        for (text, version) in [
            ("0197a3c0-5f00-4000-8000-000000000001", 4),
            ("0197a3c0-5f00-7000-c000-000000000001", 0),
            ("00000000-0000-0000-0000-000000000000", 0),
        ] {
            let uuid = Uuid::try_parse(text).unwrap();
            assert_eq!(text.parse::<EntryId>(), Err(IdError::NotVersion7 { uuid, version }), "{text}");
            assert!(serde_json::from_str::<EntryId>(&format!("{text:?}")).is_err());
        }
    }

    #[test]
    fn an_error_says_what_was_expected() {
        let error = "7".parse::<CourseId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`7` is not a course id; expected a UUID such as 0197a3c0-5f00-7000-8000-000000000001"
        );
    }
}
