//! `ldn course erase`.

use std::path::PathBuf;

use clap::Args;
use ldn_core::ids::CourseId;
use ldn_store::backup::ErasureList;
use ldn_store::local::{ErasureReceipt, erase};
use serde_json::{Value, json};

use super::verify::head_text;
use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs};

/// Arguments of `ldn course erase`.
#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    /// The course; its person is erased with all their courses
    #[arg(value_name = "COURSE")]
    course: String,

    /// Say again who is to be erased: the person's name, or where there are accounts the person's id
    #[arg(long, value_name = "NAME")]
    yes_erase: Option<String>,

    /// Write the receipt to this file, too
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,

    /// Bring the list of erasures beside the backups up to date
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,

    #[command(flatten)]
    store: StoreArgs,
}

pub(super) fn run(args: &EraseArgs) -> Result<(), Failure> {
    let receipt = args.store.with(async |desk| {
        let course = desk.course(&args.course).await?;
        confirm(desk, course, args).await?;
        let actor = desk.keeper_or_operator(course).await?;
        let receipt = erase(&desk.store, &actor, course, desk.now).await?;
        if let Some(path) = &args.erasures {
            ErasureList::of(&desk.store, desk.now).await?.write(path)?;
        }
        Ok(receipt)
    })?;
    let receipt = receipt_json(&receipt);
    if let Some(path) = &args.receipt {
        files::write(path, &(receipt.to_string() + "\n"))?;
    }
    files::print(&(receipt.to_string() + "\n"))?;
    if args.erasures.is_none() {
        eprintln!(
            "note: so that no older backup brings the person back: ldn backup --erasures FILE, beside the backups"
        );
    }
    eprintln!("note: older backups hold the sealed entries and the wrapped key until rotation removes them");
    Ok(())
}

async fn confirm(desk: &Desk, course: CourseId, args: &EraseArgs) -> Result<(), Failure> {
    let record = desk.store.course(course).await?;
    let record = record.ok_or_else(|| Failure::NoCourse(format!("no course is `{course}`")))?;
    let name = if desk.is_personal() {
        desk.store.person(record.person).await?.and_then(|person| person.name)
    } else {
        None
    };
    let expected = name.unwrap_or_else(|| record.person.to_string());
    let others = desk.store.courses_of(record.person).await?.len();
    if args.yes_erase.as_deref().map(str::trim) == Some(expected.as_str()) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "erasing is for good and takes all {others} courses of the person; take them away first with `ldn course export`. \
         If it is meant, say who: --yes-erase \"{expected}\""
    )))
}

fn receipt_json(receipt: &ErasureReceipt) -> Value {
    let courses: Vec<Value> = receipt
        .courses
        .iter()
        .map(|(course, head)| json!({ "course": course, "head": head.map(|head| head_text(&head)) }))
        .collect();
    json!({ "schema": 1, "receipt": {
        "what": "the key of this person was destroyed; what was sealed under it cannot be read again",
        "person": receipt.person, "erased": receipt.erased, "courses": courses,
    } })
}
