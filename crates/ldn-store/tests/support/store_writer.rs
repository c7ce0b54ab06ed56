//! The process that the crash tests kill, see `writer.rs`.
#![expect(clippy::unwrap_used, reason = "the writer of a test ends when it cannot go on")]

#[path = "entries.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod entries;
#[path = "writer.rs"]
mod writer;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    writer::write(&arguments).await;
}
