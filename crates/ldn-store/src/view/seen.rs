//! Entries as a role sees them.

use jiff::Timestamp;
use jiff::civil::Date;
use ldn_core::ids::EntryId;
use ldn_core::journal::{Body, Kind, Role};

use crate::entries::StoredEntry;
use crate::policy::{Object, Permit, Shape, object_of};

/// An entry as a role sees it; what a role may not see is not there at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// All of it.
    Whole(Box<StoredEntry>),
    /// That it exists.
    Masked(MaskedEntry),
}

/// That an entry exists, and nothing of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskedEntry {
    /// Its name.
    pub id: EntryId,
    /// Its kind.
    pub kind: Kind,
    /// The local day of the event.
    pub day: Date,
    /// In which role it was written.
    pub role: Role,
    /// When it was recorded.
    pub recorded: Timestamp,
}

/// The object of each entry, in the order of the chain; `None` for a correction of something that is not there.
///
/// A correction is what it corrects. A verdict belongs to a blinded trial if it was shown between a trial's beginning
/// and its opening, as long as that is still to come; striking out the beginning does not lift the mask.
pub(super) fn objects(entries: &[StoredEntry]) -> Vec<Option<Object>> {
    let blinded_from = blinded_from(entries);
    let mut objects: Vec<Option<Object>> = Vec::with_capacity(entries.len());
    for (at, stored) in entries.iter().enumerate() {
        let is_blinded = blinded_from.is_some_and(|from| at >= from);
        let object = match stored.entry.body() {
            Body::Corrected(correction) => {
                position(&entries[..at], correction.replaces).and_then(|at| objects[at])
            }
            body => object_of(body.kind(), is_blinded),
        };
        objects.push(object);
    }
    objects
}

/// From which entry on a blinded trial hides its verdict; `None` if no trial is blinded now.
pub(super) fn blinded_from(entries: &[StoredEntry]) -> Option<usize> {
    entries.iter().enumerate().fold(None, |from, (at, stored)| match stored.entry.kind() {
        Kind::TrialStarted => from.or(Some(at)),
        Kind::Unblinded => None,
        _ => from,
    })
}

/// The place of the entry with this name.
pub(super) fn position(entries: &[StoredEntry], id: EntryId) -> Option<usize> {
    entries.iter().position(|stored| stored.entry.id() == id)
}

/// What is left of the entries for somebody who may see these objects in these shapes.
pub(super) fn filter(entries: Vec<StoredEntry>, permits: &[(Object, Permit)]) -> Vec<Seen> {
    let objects = objects(&entries);
    let shape =
        |object: Object| permits.iter().find(|(named, _)| *named == object).map(|(_, permit)| permit.shape);
    entries
        .into_iter()
        .zip(objects)
        .filter_map(|(stored, object)| match shape(object?)? {
            // The number of a kit is all that its entry holds.
            Shape::Whole | Shape::NumberOnly => Some(Seen::Whole(Box::new(stored))),
            Shape::Masked => Some(Seen::Masked(masked(&stored))),
            Shape::Counts => None,
        })
        .collect()
}

fn masked(stored: &StoredEntry) -> MaskedEntry {
    let entry = &stored.entry;
    MaskedEntry {
        id: entry.id(),
        kind: entry.kind(),
        day: entry.day(),
        role: entry.role(),
        recorded: entry.recorded(),
    }
}
