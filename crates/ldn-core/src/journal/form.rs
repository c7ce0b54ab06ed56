//! The stored form of an entry: versioned JSON, strict and canonical.
//!
//! Canonical means that one entry has one form, byte for byte: keys in the order written here, nothing between the
//! tokens, an unknown value left out, whole numbers without a point. So an entry can be hashed, and anybody can check
//! the hash with `sha256sum`.
//!
//! A stored form is never changed. A new version gets a variant of [`Version`] and structs of its own beside these; the
//! old structs and their fixtures stay for ever. An entry keeps the version that it was read in, so it keeps its hash.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::body::Body;
use super::entry::{EntryError, EntryParts, Salt};
use super::words::Role;
use crate::ids::{AccountId, CourseId, DeviceId, EntryId};

/// The version in which entries are written.
pub const VERSION: u32 = 1;

/// The versions that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Since the first release.
    One,
}

/// What every version has: its number.
#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

/// Version 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form1<'body> {
    v: u32,
    id: EntryId,
    course: CourseId,
    author: AccountId,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<DeviceId>,
    day: Date,
    zone: String,
    offset_s: i32,
    recorded: Timestamp,
    #[serde(with = "hex")]
    salt: [u8; 16],
    body: Cow<'body, Body>,
}

impl Version {
    /// The version in which new entries are written.
    pub(super) const NEWEST: Version = Version::One;

    const fn from_number(number: u32) -> Option<Version> {
        match number {
            1 => Some(Version::One),
            _ => None,
        }
    }
}

/// Writes an entry in a version.
pub(super) fn write(parts: &EntryParts, version: Version) -> Vec<u8> {
    match version {
        Version::One => write_1(parts),
    }
}

/// Reads an entry and says in which version it was.
pub(super) fn read(bytes: &[u8]) -> Result<(EntryParts, Version), EntryError> {
    let Versioned { v } = from_json(bytes)?;
    let version = Version::from_number(v).ok_or(EntryError::Version { found: v })?;
    let parts = match version {
        Version::One => from_json::<Form1<'_>>(bytes)?.into_parts(),
    }?;
    Ok((parts, version))
}

fn write_1(parts: &EntryParts) -> Vec<u8> {
    let form = Form1 {
        v: 1,
        id: parts.id,
        course: parts.course,
        author: parts.author,
        role: parts.role,
        device: parts.device,
        day: parts.day,
        zone: parts.zone.clone(),
        offset_s: parts.offset.seconds(),
        recorded: parts.recorded,
        salt: parts.salt.0,
        body: Cow::Borrowed(&parts.body),
    };
    serde_json::to_vec(&form).expect("strings, whole numbers and checked doses always serialise")
}

impl Form1<'_> {
    fn into_parts(self) -> Result<EntryParts, EntryError> {
        let offset = Offset::from_seconds(self.offset_s).map_err(|_| {
            EntryError::rule("offset_s", self.offset_s, "seconds east of UTC, less than 26 hours")
        })?;
        Ok(EntryParts {
            id: self.id,
            course: self.course,
            author: self.author,
            role: self.role,
            device: self.device,
            day: self.day,
            zone: self.zone,
            offset,
            recorded: self.recorded,
            salt: Salt(self.salt),
            body: self.body.into_owned(),
        })
    }
}

fn from_json<'bytes, T: Deserialize<'bytes>>(bytes: &'bytes [u8]) -> Result<T, EntryError> {
    serde_json::from_slice(bytes).map_err(|error| EntryError::Unreadable { message: error.to_string() })
}

/// Returns bytes as hexadecimal digits in lower case.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads exactly `2 N` hexadecimal digits in lower case.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (place, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *place = digit(pair[0])? * 16 + digit(pair[1])?;
    }
    Some(bytes)
}

/// Reads a map and refuses a key that stands in it twice, of which one would be lost.
pub(super) fn map_without_repeats<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Pairs<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object in which every key stands once")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = pairs.next_entry::<String, T>()? {
                if let Some((key, _)) = map.remove_entry(&key) {
                    return Err(A::Error::custom(format!("`{key}` stands twice; expected every key once")));
                }
                map.insert(key, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Pairs(PhantomData))
}

/// Sixteen bytes in hexadecimal.
mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 16], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::to_hex(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
        let text = String::deserialize(deserializer)?;
        super::from_hex(&text).ok_or_else(|| D::Error::custom("expected 32 hexadecimal digits in lower case"))
    }
}

/// A dose in whole nanograms, or unknown.
pub(super) mod option_nanograms {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::Dose;

    pub(in crate::journal) fn serialize<S: Serializer>(
        dose: &Option<Dose>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        dose.map(Dose::nanograms).serialize(serializer)
    }

    pub(in crate::journal) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Dose>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Dose::from_nanograms))
    }
}

/// A number in its shortest form that reads back exactly; a whole one without a point, as every language writes it.
pub(super) mod exact_number {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Below it every whole number is exact.
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

    pub(in crate::journal) fn serialize<S: Serializer>(
        number: &f64,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let whole = number.fract() == 0.0 && (0.0..LARGEST_EXACT).contains(number);
        if whole { serializer.serialize_u64(*number as u64) } else { serializer.serialize_f64(*number) }
    }

    pub(in crate::journal) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<f64, D::Error> {
        f64::deserialize(deserializer)
    }
}
