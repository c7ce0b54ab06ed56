//! Making entries: who, when, in which zone.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use ldn_core::ids::{AccountId, CourseId, DeviceId, EntryId};
use ldn_core::journal::{Body, Entry, EntryParts, Role, Salt};
use ldn_store::session::Actor;

use crate::error::Failure;
use crate::store_option::{new_entry_id, random};

/// What all entries of one command have in common.
pub(super) struct Writer {
    course: CourseId,
    author: AccountId,
    device: Option<DeviceId>,
    zone: String,
    offset: Offset,
    now: Timestamp,
}

impl Writer {
    /// The patient at this machine; an import is a device of its own, so that it can be taken back.
    pub(super) fn new(course: CourseId, actor: &Actor, device: Option<DeviceId>, now: Timestamp) -> Writer {
        let local = local(now);
        let person = actor.person().map_or_else(|| course.uuid(), |person| person.uuid());
        Writer {
            course,
            // The keeper of a personal store has no account and writes in the person's own name.
            author: actor.account().unwrap_or(AccountId::from_uuid(person)),
            device,
            zone: local.time_zone().iana_name().unwrap_or("Etc/Unknown").to_owned(),
            offset: local.offset(),
            now,
        }
    }

    /// Makes an entry about a day.
    pub(super) fn entry(&self, day: Date, body: Body) -> Result<Entry, Failure> {
        let id = EntryId::from_uuid(new_entry_id(self.now)?).expect("the id was made as one of version 7");
        Ok(Entry::new(EntryParts {
            id,
            course: self.course,
            author: self.author,
            role: Role::Patient,
            device: self.device,
            day,
            zone: self.zone.clone(),
            offset: self.offset,
            recorded: self.now,
            salt: Salt(random()?),
            body,
        })?)
    }
}

/// What the clock on this machine's wall shows.
pub(super) fn local(now: Timestamp) -> Zoned {
    now.to_zoned(TimeZone::system())
}
