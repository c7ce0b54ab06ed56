//! `ldn course verify`.

use std::collections::BTreeMap;

use clap::Args;
use ldn_core::ids::CourseId;
use ldn_core::journal::Head;
use ldn_store::Verification;
use ldn_store::policy::{Object, Operation};
use ldn_store::view::ask;
use serde_json::json;

use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs};

/// Arguments of `ldn course verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The course; all courses if not given
    #[arg(value_name = "COURSE")]
    course: Option<String>,

    /// A head of the course that somebody else kept; only then does it show that the end was cut off
    #[arg(long, value_name = "SEQ:HASH", value_parser = parse_head, requires = "course")]
    head: Option<Head>,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let verification = args.store.with(async |desk| verify(desk, args).await)?;
    let findings: Vec<String> = verification.damage.iter().map(ToString::to_string).collect();
    if args.json {
        let sound: Vec<_> = verification
            .sound
            .iter()
            .map(|(course, verified)| {
                json!({ "course": course, "head": verified.head.map(|head| head_text(&head)),
                    "readable": verified.readable, "erased": verified.erased })
            })
            .collect();
        let value = json!({ "sound": findings.is_empty(), "courses": sound, "damage": findings });
        files::print_json("verification", &value)?;
    } else {
        let lines = verification.sound.iter().map(|(course, verified)| {
            let head = verified.head.map_or("no entries".to_owned(), |head| head_text(&head));
            let erased =
                if verified.erased > 0 { format!("  ({} erased)", verified.erased) } else { String::new() };
            format!("sound  {course}  {head}{erased}\n")
        });
        files::print(&lines.collect::<String>())?;
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Failure::Damaged { what: "the store".to_owned(), findings })
    }
}

async fn verify(desk: &Desk, args: &VerifyArgs) -> Result<Verification, Failure> {
    let course = match &args.course {
        // A course whose row is gone is not found by a name, so a whole id is taken as it is.
        Some(text) => Some(match text.parse::<CourseId>() {
            Ok(course) => course,
            Err(_) => desk.course(text).await?,
        }),
        None => None,
    };
    ask(&desk.store, &desk.operator(), Object::Course, Operation::Verify, course, desk.now).await?;
    Ok(match course {
        Some(course) => desk.store.verify(course, args.head).await?,
        None => desk.store.verify_all(&BTreeMap::new()).await?,
    })
}

/// Writes a head so that it can be given to somebody and read back.
pub(super) fn head_text(head: &Head) -> String {
    format!("{}:{}", head.seq, head.hash)
}

fn parse_head(text: &str) -> Result<Head, String> {
    let expected =
        || "expected a place and a hash, such as 12:9f2c…, as `ldn course verify` prints them".to_owned();
    let (seq, hash) = text.split_once(':').ok_or_else(expected)?;
    Ok(Head {
        seq: seq.parse().map_err(|_| expected())?,
        hash: hash.parse().map_err(|error: ldn_core::journal::HashError| error.to_string())?,
    })
}
