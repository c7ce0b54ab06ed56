//! Entries for tests: numbered, so that an id tells which it is.

use jiff::Timestamp;
use jiff::tz::Offset;
use ldn_core::ids::{AccountId, CourseId, EntryId, PersonId};
use ldn_core::journal::{Body, Entry, EntryParts, Note, Role, Salt};
use ldn_store::SiteKey;
use uuid::Uuid;

/// A UUID of version 7 with a number in it.
pub(crate) fn v7(number: u64) -> Uuid {
    Uuid::from_u128(0x0197_a3c0_5f00_7000_8000_0000_0000_0000 | u128::from(number))
}

pub(crate) fn course(number: u64) -> CourseId {
    CourseId::from_uuid(v7(number << 32))
}

pub(crate) fn person(number: u64) -> PersonId {
    PersonId::from_uuid(v7(number << 40))
}

/// The same number in another course is another id.
pub(crate) fn entry_id(course: CourseId, number: u64) -> EntryId {
    EntryId::from_uuid(v7(course.uuid().as_u128() as u64 & 0xffff_ffff_0000_0000 | number)).unwrap()
}

pub(crate) fn note(course: CourseId, number: u64, text: &str) -> Entry {
    Entry::new(EntryParts {
        id: entry_id(course, number),
        course,
        author: AccountId::from_uuid(v7(7)),
        role: Role::Patient,
        device: None,
        day: jiff::civil::date(2026, 1, 5),
        zone: "Europe/Berlin".to_owned(),
        offset: Offset::constant(1),
        recorded: instant(number as i64),
        salt: Salt((u128::from(number) * 0x9e37_79b9_7f4a_7c15).to_le_bytes()),
        body: Body::Note(Note { text: text.to_owned() }),
    })
    .unwrap()
}

/// The numbered entry of a course; the same number gives the same bytes.
pub(crate) fn entry(course: CourseId, number: u64) -> Entry {
    note(course, number, &format!("entry {number}: slept well, pain 4, fatigue 5, no nausea"))
}

/// An instant some seconds after a fixed one.
pub(crate) fn instant(seconds: i64) -> Timestamp {
    "2026-01-05T20:30:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_secs(seconds)
}

/// The site key of every test.
pub(crate) fn key() -> SiteKey {
    SiteKey::from_bytes(*b"the site key of all these tests!")
}
