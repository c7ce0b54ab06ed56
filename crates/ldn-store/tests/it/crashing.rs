//! Killed processes and failing disks: what was acknowledged is there.

use crate::on_both_engines;
use crate::support::process::Writer;
use crate::support::site::Site;
use crate::support::{crash, power};

on_both_engines! {
    a_killed_process_loses_nothing_that_was_acknowledged
}

fn writer() -> Writer {
    Writer { program: env!("CARGO_BIN_EXE_store-writer").into(), arguments: Vec::new() }
}

/// Twelve kills; `cargo run -p ldn-store --example crash` does two hundred.
async fn a_killed_process_loses_nothing_that_was_acknowledged(site: &mut Site) {
    let figures = crash::run(site, &writer(), 12, 600, 1).await;
    println!("{figures:?}");
    assert_eq!((figures.lost, figures.damaged), (0, 0), "{figures:?}");
    assert!(figures.acknowledged >= 600, "{figures:?}");
}

/// The same cuts, once for the store as it is and once for one that may lose commits: if that lost nothing, the test
/// would be blind.
#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let full = runtime.block_on(power::run(&writer(), "full", 150, 40, 1));
    let normal = runtime.block_on(power::run(&writer(), "normal", 150, 40, 1));
    println!("synchronous=FULL {full:?}\nsynchronous=NORMAL {normal:?}");
    assert_eq!((full.lost, full.damaged, full.acknowledged_unsynced), (0, 0, 0), "{full:?}");
    assert!(full.found > 0);
    assert!(normal.lost > 0 && normal.acknowledged_unsynced > 0, "the test is blind: {normal:?}");
    assert_eq!(normal.damaged, 0, "{normal:?}");
}
