//! Cuts the power at random moments and counts what is lost: `cargo run -p ldn-store --example power -- --cuts 1000`.
//!
//! Once with `synchronous=FULL`, as the store is, and once with `NORMAL`, which must lose some: otherwise the
//! measurement could not see a loss. Needs `strace`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "../tests/support/mod.rs"]
mod support;

use support::process::Writer;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, rest @ ..] if word == "writer" => support::writer::write(rest).await,
        [] => power(1_000).await,
        [option, cuts] if option == "--cuts" => power(cuts.parse().unwrap()).await,
        _ => {
            eprintln!("Usage: power [--cuts N]");
            std::process::exit(2);
        }
    }
}

async fn power(cuts: u32) {
    let writer = Writer { program: std::env::current_exe().unwrap(), arguments: vec!["writer".to_owned()] };
    for mode in ["full", "normal"] {
        let figures = support::power::run(&writer, mode, 1_000, cuts, 1).await;
        println!("synchronous={mode}: {figures:?}");
        assert_eq!(figures.lost == 0, mode == "full");
        assert_eq!(figures.damaged, 0);
    }
}
