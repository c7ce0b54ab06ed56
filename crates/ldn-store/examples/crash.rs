//! Kills a writer at random moments and counts what is lost: `cargo run -p ldn-store --example crash -- --kills 200`.
//!
//! The writers have 10,000 entries acknowledged between them, on SQLite and then on PostgreSQL, where every other kill
//! hits the server as well. Fails if anything acknowledged is missing.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "../tests/support/mod.rs"]
mod support;

use ldn_store::Engine;

use support::process::Writer;
use support::site::Site;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, rest @ ..] if word == "writer" => support::writer::write(rest).await,
        [] => crash(200).await,
        [option, kills] if option == "--kills" => crash(kills.parse().unwrap()).await,
        _ => {
            eprintln!("Usage: crash [--kills N]");
            std::process::exit(2);
        }
    }
}

async fn crash(kills: u32) {
    let writer = Writer { program: std::env::current_exe().unwrap(), arguments: vec!["writer".to_owned()] };
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut site = Site::new(engine).await;
        let figures = support::crash::run(&mut site, &writer, kills, 10_000, 1).await;
        println!("{engine:?}: {figures:?}");
        assert_eq!((figures.lost, figures.damaged), (0, 0));
    }
}
