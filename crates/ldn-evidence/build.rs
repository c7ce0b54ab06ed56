//! Compiles the data files in.

/// The folders of `data/` that make the library.
const FOLDERS: [&str; 7] =
    ["claims", "contradictions", "meta-analyses", "outcomes", "search", "sources", "trials"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ldn_embed::embed(&[("files.rs", &FOLDERS)])
}
