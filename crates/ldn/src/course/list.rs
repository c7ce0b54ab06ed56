//! `ldn course list`.

use std::collections::BTreeMap;

use clap::Args;
use ldn_store::view::AdministratorView;
use serde_json::json;

use crate::error::Failure;
use crate::files;
use crate::store_option::{Desk, StoreArgs};

/// Arguments of `ldn course list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ListArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        let view = AdministratorView::of(&desk.store, desk.operator())?;
        let courses = view.courses(desk.now).await?;
        let names = names(desk).await?;
        if args.json {
            let courses: Vec<_> = courses
                .iter()
                .map(|course| {
                    let mut line = json!({ "id": course.id, "entries": course.n_entries });
                    if let Some(name) = names.get(&course.id) {
                        line["name"] = json!(name);
                    }
                    line
                })
                .collect();
            return files::print_json("courses", &courses);
        }
        if courses.is_empty() {
            return files::print("no courses; begin one with: ldn course new\n");
        }
        let lines = courses.iter().map(|course| {
            let name = match names.get(&course.id) {
                Some(Some(name)) => format!("  {name}"),
                Some(None) => "  (erased)".to_owned(),
                None => String::new(),
            };
            format!("{}  {:>5} in the journal{name}\n", course.id, course.n_entries)
        });
        files::print(&lines.collect::<String>())
    })
}

/// Whose courses they are, in a personal store only; `None` was erased.
async fn names(desk: &Desk) -> Result<BTreeMap<ldn_core::ids::CourseId, Option<String>>, Failure> {
    if !desk.is_personal() {
        return Ok(BTreeMap::new());
    }
    let people: BTreeMap<_, _> =
        desk.store.people().await?.into_iter().map(|person| (person.id, person.name)).collect();
    let courses = desk.store.courses().await?;
    Ok(courses.into_iter().map(|course| (course.id, people.get(&course.person).cloned().flatten())).collect())
}
