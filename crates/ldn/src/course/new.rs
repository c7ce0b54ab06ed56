//! `ldn course new`.

use std::path::PathBuf;

use clap::Args;
use ldn_core::ids::{CourseId, PersonId};
use ldn_core::journal::{Body, Intake};
use ldn_store::local::begin_course;
use ldn_store::view::PatientView;
use serde_json::json;

use super::entry::Writer;
use super::open::today;
use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, Made, StoreArgs, new_id, shown};

/// The earliest year in which somebody who lives may be born.
const EARLIEST_BIRTH: i16 = 1900;

/// Arguments of `ldn course new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The person's name; kept sealed, and may be any word that you recognise
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The person's year of birth; kept as an intake in which all else is unknown
    #[arg(long, value_name = "YEAR")]
    birth_year: Option<i16>,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &NewArgs) -> Result<(), Failure> {
    let name = args.name.as_deref().unwrap_or("me").trim();
    if name.is_empty() {
        return Err(Failure::Usage("--name: expected a name, or leave it out".to_owned()));
    }
    if let Some(year) = args.birth_year.filter(|year| !(EARLIEST_BIRTH..=today().year()).contains(year)) {
        let this_year = today().year();
        return Err(Failure::Usage(format!("--birth-year {year}: expected {EARLIEST_BIRTH} to {this_year}")));
    }
    args.store.with_new(async |desk, made| begin(desk, made, name, args).await)
}

async fn begin(desk: &Desk, made: Option<&Made>, name: &str, args: &NewArgs) -> Result<(), Failure> {
    if args.birth_year.is_some() && !desk.is_personal() {
        return Err(Failure::NotPersonal);
    }
    let (person, course) = (PersonId::from_uuid(new_id()?), CourseId::from_uuid(new_id()?));
    begin_course(&desk.store, &desk.operator(), (person, name), course, desk.now).await?;
    if let Some(year) = args.birth_year {
        let actor = desk.keeper(course).await?;
        let day = today();
        let document = format!("schema = 1\ndate = {day}\n\n[person]\nbirth_year = {year}\n");
        let entry =
            Writer::new(course, &actor, None, desk.now).entry(day, Body::Intake(Intake { document }))?;
        PatientView::of(&desk.store, actor)?.append(course, &[entry], desk.now).await?;
    }
    let url = args.store.url()?;
    let key_file: Option<&PathBuf> = made.and_then(|made| made.key_file.as_ref());
    if args.json {
        let value = json!({ "id": course, "person": person, "name": name, "store_made": made.is_some(),
            "key_file": key_file });
        return files::print_json("course", &value);
    }
    if made.is_some() {
        eprintln!("made the store {}", shown(&url));
    }
    let short = &course.to_string()[..8];
    files::print(&format!(
        "course {course} of {name}\nwrite down today: ldn course log {short} --today pain=6\n"
    ))
}
