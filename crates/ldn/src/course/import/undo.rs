//! Taking an import back: its entries are struck out and stay.

use std::collections::BTreeSet;

use ldn_core::ids::{DeviceId, EntryId};
use ldn_core::journal::{Body, Corrected, Entry};
use ldn_store::view::PatientView;
use serde_json::json;

use super::super::entry::Writer;
use super::super::open::entries;
use super::ImportArgs;
use crate::error::Failure;
use crate::files;
use crate::store_option::Desk;

pub(super) async fn run(
    desk: &Desk,
    course: &str,
    batch: DeviceId,
    args: &ImportArgs,
) -> Result<(), Failure> {
    let id = desk.course(course).await?;
    let actor = desk.keeper(id).await?;
    let known = entries(desk, id).await?;
    let corrected: BTreeSet<EntryId> = known.iter().filter_map(corrects).collect();
    let of_batch: Vec<&Entry> = known.iter().filter(|entry| entry.device() == Some(batch)).collect();
    if of_batch.is_empty() {
        return Err(Failure::Refused(format!("there is no batch {batch} in this course")));
    }
    // What somebody has corrected since is theirs, and stays.
    let (kept, struck): (Vec<&Entry>, Vec<&Entry>) =
        of_batch.into_iter().partition(|entry| corrected.contains(&entry.id()));
    if args.apply {
        let writer = Writer::new(id, &actor, None, desk.now);
        let strike = |entry: &&Entry| {
            let reason = format!("import {batch} taken back");
            writer.entry(entry.day(), Body::Corrected(Corrected { replaces: entry.id(), with: None, reason }))
        };
        let strikes = struck.iter().map(strike).collect::<Result<Vec<_>, _>>()?;
        PatientView::of(&desk.store, actor)?.append(id, &strikes, desk.now).await?;
    }
    if args.json {
        let value =
            json!({ "applied": args.apply, "batch": batch, "struck_out": struck.len(), "kept": kept.len() });
        return files::print_json("undo", &value);
    }
    let kept = match kept.len() {
        0 => String::new(),
        n_kept => format!("; {n_kept} were corrected since and stay as they are"),
    };
    let said = if args.apply { "struck out" } else { "would be struck out; to do it, add --apply" };
    files::print(&format!("{} entries {said}{kept}\n", struck.len()))
}

fn corrects(entry: &Entry) -> Option<EntryId> {
    match entry.body() {
        Body::Corrected(corrected) => Some(corrected.replaces),
        _ => None,
    }
}
