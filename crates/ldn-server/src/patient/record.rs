//! Turning what a patient sent into entries of the journal.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use ldn_core::ids::{AccountId, CourseId, DeviceId, EntryId};
use ldn_core::journal::{Body, Entry, EntryError, EntryParts, Role, Salt};
use ldn_store::Appended;
use ldn_store::view::PatientView;
use uuid::Builder;

use super::Desk;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// What a device made itself, while it may have been offline: everything but author, role and course, which the session
/// decides.
pub(crate) struct Made {
    pub(crate) id: EntryId,
    pub(crate) device: Option<DeviceId>,
    pub(crate) day: Date,
    pub(crate) zone: String,
    pub(crate) offset: Offset,
    pub(crate) recorded: Timestamp,
    pub(crate) salt: Salt,
    pub(crate) body: Body,
}

impl Made {
    /// Makes what a form without script sent, here and now.
    pub(crate) fn here(site: &Site, zone: &str, day: Date, body: Body) -> Result<Made, Trouble> {
        let recorded = site.now();
        let random: [u8; 26] = random(site)?;
        let millis = u64::try_from(recorded.as_millisecond()).unwrap_or(0);
        let mut tail = [0; 10];
        tail.copy_from_slice(&random[..10]);
        // Twelve bits count, so that of two entries of one millisecond the later one is the later.
        tail[..2].copy_from_slice(&site.next_entry().to_be_bytes());
        let mut salt = [0; 16];
        salt.copy_from_slice(&random[10..]);
        let uuid = Builder::from_unix_timestamp_millis(millis, &tail).into_uuid();
        let id = EntryId::from_uuid(uuid).map_err(|error| site.broken(&error))?;
        let offset = TimeZone::get(zone).unwrap_or(TimeZone::UTC).to_offset(recorded);
        Ok(Made { id, device: None, day, zone: zone.to_owned(), offset, recorded, salt: Salt(salt), body })
    }

    /// Makes the entry that the journal keeps.
    pub(crate) fn entry(self, course: CourseId, author: AccountId) -> Result<Entry, EntryError> {
        self.entry_as(Role::Patient, course, author)
    }

    /// Makes the entry of somebody in another role.
    pub(crate) fn entry_as(
        self,
        role: Role,
        course: CourseId,
        author: AccountId,
    ) -> Result<Entry, EntryError> {
        Entry::new(EntryParts {
            id: self.id,
            course,
            author,
            role,
            device: self.device,
            day: self.day,
            zone: self.zone,
            offset: self.offset,
            recorded: self.recorded,
            salt: self.salt,
            body: self.body,
        })
    }
}

impl Desk {
    /// Records bodies of one day, all or none; when this returns they are on the disk. Returns their ids.
    pub(crate) async fn record(
        &self,
        site: &Site,
        day: Date,
        bodies: Vec<Body>,
    ) -> Result<Vec<EntryId>, Refused> {
        let refuse = |trouble| self.signed_in.refuse(trouble);
        let author = self.author().ok_or_else(|| refuse(Trouble::Denied))?;
        let mut entries = Vec::with_capacity(bodies.len());
        for body in bodies {
            let made = Made::here(site, &self.zone, day, body).map_err(refuse)?;
            entries.push(made.entry(self.course_id, author).map_err(|error| refuse(invalid(&error)))?);
        }
        self.append(site, &entries).await?;
        Ok(entries.iter().map(Entry::id).collect())
    }

    /// Records one body; when this returns it is on the disk. Returns its id.
    pub(crate) async fn record_one(&self, site: &Site, day: Date, body: Body) -> Result<EntryId, Refused> {
        let ids = self.record(site, day, vec![body]).await?;
        let missing = || self.signed_in.refuse(site.broken(&"an entry that was recorded has no id"));
        ids.first().copied().ok_or_else(missing)
    }

    /// Appends entries that a device made.
    pub(crate) async fn append(&self, site: &Site, entries: &[Entry]) -> Result<Vec<Appended>, Refused> {
        let refuse = |error| self.signed_in.refuse(site.refusal(&error));
        let view = PatientView::of(site.store(), self.signed_in.actor.clone()).map_err(refuse)?;
        let appended = view.append(self.course_id, entries, site.now()).await.map_err(refuse)?;
        site.metrics().appended(appended.iter().filter(|one| matches!(one, Appended::New(_))).count());
        Ok(appended)
    }

    /// Returns the account that writes.
    pub(crate) fn author(&self) -> Option<AccountId> {
        self.signed_in.actor.account()
    }
}

/// Says which rule of an entry is broken.
pub(crate) fn invalid(error: &EntryError) -> Trouble {
    match error {
        EntryError::Rule { at, expected, .. } => {
            Trouble::Invalid { at: at.clone(), expected: expected.clone() }
        }
        error => Trouble::Invalid { at: "entry".to_owned(), expected: error.to_string() },
    }
}

fn random<const N: usize>(site: &Site) -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| site.broken(&error))?;
    Ok(bytes)
}
