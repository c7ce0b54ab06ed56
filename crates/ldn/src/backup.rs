//! `ldn backup` and `ldn restore`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ldn_store::backup::{
    self, BackupFile, ERASURE_LIST, ErasureList, Erasures, Identities, Recipients, Restored, Rotation,
};
use ldn_store::policy::{Object, Operation};
use ldn_store::view::ask;
use serde_json::json;
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::files;
use crate::store_option::{StoreArgs, block_on, now};

/// Arguments of `ldn backup`.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The folder for backups; the list of erasures is kept there, too
    #[arg(value_name = "FOLDER", required_unless_present = "erasures")]
    folder: Option<PathBuf>,

    /// A public key that can open the backup, age1…; give two or more, one of them kept offline
    #[arg(long = "recipient", value_name = "KEY")]
    recipients: Vec<String>,

    /// A file of public keys, one a line
    #[arg(long, value_name = "FILE")]
    recipients_file: Vec<PathBuf>,

    /// Accept one key; say why, because a lost key is then a lost backup
    #[arg(long, value_name = "REASON")]
    one_recipient: Option<String>,

    /// Keep the newest N backups of the folder and remove older ones
    #[arg(long, value_name = "N")]
    keep: Option<usize>,

    /// Only write the list of erasures to this file, to be kept where the backups are
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "recipients", "recipients_file", "keep"])]
    erasures: Option<PathBuf>,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `ldn restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// A backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// A file with a secret key of the backup, as age-keygen writes it
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,

    /// The newest list of erasures; if not given, the one beside the backup
    #[arg(long, value_name = "FILE")]
    erasure_list: Option<PathBuf>,

    /// Restore without a list: people who were erased since the backup come back
    #[arg(long, conflicts_with = "erasure_list")]
    no_erasure_list: bool,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs `ldn backup`.
pub(crate) fn run(args: &BackupArgs) -> Result<(), Failure> {
    if let Some(path) = &args.erasures {
        return list_only(path, args);
    }
    let folder = args.folder.as_deref().ok_or_else(|| Failure::Usage("expected a folder".to_owned()))?;
    if args.keep == Some(0) {
        return Err(Failure::Usage("--keep 0 would remove every backup; expected at least 1".to_owned()));
    }
    let recipients = recipients(args)?;
    let (file, rotation) = args.store.with(async |desk| {
        ask(&desk.store, &desk.operator(), Object::BackupKey, Operation::Open, None, desk.now).await?;
        let file = backup::write_file(&desk.store, folder, &recipients, desk.now).await?;
        // Read after the backup, so that it knows everybody whom the backup knows.
        ErasureList::of(&desk.store, desk.now).await?.write(&folder.join(ERASURE_LIST))?;
        let rotation = args.keep.map(|keep| backup::rotate(folder, keep, &file)).transpose()?;
        Ok((file, rotation.unwrap_or_default()))
    })?;
    for path in &rotation.broken {
        eprintln!("warning: {} has the name of a backup and is none; it was not counted", path.display());
    }
    if args.json { made_json(&file, &rotation, &recipients) } else { made_text(&file, &rotation) }
}

fn recipients(args: &BackupArgs) -> Result<Recipients, Failure> {
    let mut lines = args.recipients.join("\n");
    for path in &args.recipients_file {
        lines += "\n";
        lines += &fs::read_to_string(path).map_err(|error| Failure::read(path, error))?;
    }
    let recipients = Recipients::read(&lines)?;
    match args.one_recipient.as_deref().map(str::trim) {
        Some("") => Err(Failure::Usage("--one-recipient: expected a reason".to_owned())),
        Some(reason) if recipients.n_different() == 1 => {
            eprintln!("warning: one key opens this backup: {reason}");
            Ok(recipients)
        }
        _ => Ok(recipients.at_least_two()?),
    }
}

fn list_only(path: &Path, args: &BackupArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        ask(&desk.store, &desk.operator(), Object::BackupKey, Operation::Open, None, desk.now).await?;
        let list = ErasureList::of(&desk.store, desk.now).await?;
        list.write(path)?;
        if args.json {
            let value = json!({ "path": path, "erased": list.erased.len(), "as_of": list.as_of });
            return files::print_json("erasures", &value);
        }
        files::print(&format!("{} erasures up to {} in {}\n", list.erased.len(), list.as_of, path.display()))
    })
}

fn made_json(file: &BackupFile, rotation: &Rotation, recipients: &Recipients) -> Result<(), Failure> {
    files::print_json(
        "backup",
        &json!({
            "path": file.path, "bytes": file.n_bytes, "sha256": file.sha256, "taken": file.header.taken,
            "rows": file.manifest.rows, "courses": file.manifest.heads.len(),
            "recipients": recipients.n_different(), "removed": rotation.removed, "broken": rotation.broken,
        }),
    )
}

fn made_text(file: &BackupFile, rotation: &Rotation) -> Result<(), Failure> {
    let rows = |table: &str| file.manifest.rows.get(table).copied().unwrap_or(0);
    files::print(&format!(
        "{}\n{} bytes, {} people, {} courses, {} entries; {} older backups removed\nsha256 {}\n",
        file.path.display(),
        file.n_bytes,
        rows("people"),
        rows("courses"),
        rows("entries"),
        rotation.removed.len(),
        file.sha256
    ))
}

/// Runs `ldn restore`.
pub(crate) fn restore(args: &RestoreArgs) -> Result<(), Failure> {
    let text = fs::read_to_string(&args.identity).map_err(|error| Failure::read(&args.identity, error))?;
    let identities = Identities::read(&Zeroizing::new(text))?;
    let erasures = erasures(args)?;
    let file = fs::File::open(&args.file).map_err(|error| Failure::read(&args.file, error))?;
    let (url, key) = (args.store.url()?, args.store.site_key()?);
    let restored = block_on(async { Ok(backup::restore(file, &identities, &url, key, &erasures).await?) })?;
    args.store.with(async |desk| {
        // That it was restored stands in the trail of the restored store.
        ask(&desk.store, &desk.operator(), Object::BackupKey, Operation::Open, None, now()).await?;
        Ok(())
    })?;
    told(&restored, args)
}

fn erasures(args: &RestoreArgs) -> Result<Erasures, Failure> {
    if args.no_erasure_list {
        eprintln!("warning: without a list, people who were erased since the backup come back");
        return Ok(Erasures::NoList);
    }
    let beside = args.file.with_file_name(ERASURE_LIST);
    let path = args.erasure_list.as_deref().unwrap_or(&beside);
    if args.erasure_list.is_none() && !path.exists() {
        return Err(Failure::NoErasureList { path: beside });
    }
    let text = fs::read_to_string(path).map_err(|error| Failure::read(path, error))?;
    Ok(Erasures::List(ErasureList::read(&text)?))
}

fn told(restored: &Restored, args: &RestoreArgs) -> Result<(), Failure> {
    let rows = &restored.manifest.rows;
    if args.json {
        let value = json!({
            "taken": restored.header.taken, "rows": rows, "courses": restored.manifest.heads.len(),
            "erased_again": restored.erased_again, "erasures_as_of": restored.erasures_as_of, "verified": true,
        });
        return files::print_json("restored", &value);
    }
    let count = |table: &str| rows.get(table).copied().unwrap_or(0);
    let erased = match restored.erasures_as_of {
        Some(as_of) => {
            format!("{} people erased again; erasures are known up to {as_of}", restored.erased_again.len())
        }
        None => "nobody erased again: there was no list".to_owned(),
    };
    files::print(&format!(
        "restored as of {}: {} people, {} courses, {} entries; every chain verified\n{erased}\n\
         everybody signs in again; accounts disabled and grants ended since then are as they were: look at them\n",
        restored.header.taken,
        count("people"),
        count("courses"),
        count("entries"),
    ))
}
