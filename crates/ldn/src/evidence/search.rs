//! `ldn evidence search`.

use clap::Args;
use ldn_evidence::Library;

use crate::error::Failure;
use crate::files::{self, print_json};
use crate::text::wrapped;

/// Most hits that are shown to a reader; JSON has all.
const SHOWN: usize = 20;

/// Arguments of `ldn evidence search`.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// What to look for
    #[arg(required = true)]
    words: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(library: &Library, args: &SearchArgs) -> Result<(), Failure> {
    let words = args.words.join(" ");
    let found = library.search(&words);
    if args.json {
        return print_json("found", &found);
    }
    let mut text = String::new();
    for read_as in &found.read_as {
        text += &format!("read {:?} as {:?}\n", read_as.typed, read_as.read);
    }
    if found.hits.is_empty() {
        text += "Nothing found. Try fewer or other words; ldn evidence list shows every claim.\n";
    }
    for hit in found.hits.iter().take(SHOWN) {
        let verdict = hit.verdict.map_or(hit.kind.id(), |verdict| verdict.id());
        let sources =
            if hit.sources.is_empty() { String::new() } else { format!(" · {}", hit.sources.join(", ")) };
        text += &wrapped(&format!("{verdict}{sources}"), "", "    ");
        text += &wrapped(hit.title, "    ", "    ");
        let missing = if hit.missing.is_empty() {
            String::new()
        } else {
            format!(" (without {})", hit.missing.join(", "))
        };
        text += &format!("    → ldn evidence show {}{missing}\n", hit.id);
    }
    match found.hits.len().saturating_sub(SHOWN) {
        0 => {}
        more => text += &format!("… and {more} more; --json has all\n"),
    }
    files::print(&text)
}
