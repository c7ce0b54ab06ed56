//! The command as people use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod architecture;
mod backup;
mod calibration;
mod course;
mod dispense;
mod evidence;
mod import;
mod mutations;
mod plan;
mod screen;
mod verdict;

use std::path::PathBuf;

/// The command, run from the project's root so that paths in tests read as they do in the documents.
fn ldn() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("ldn"));
    command.current_dir(root());
    command
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Standard output of a run that must succeed.
fn stdout(args: &[&str]) -> String {
    let output = ldn().args(args).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

/// Standard error of a run that must fail with this exit code.
fn stderr(args: &[&str], code: i32) -> String {
    let output = ldn().args(args).assert().code(code).get_output().clone();
    assert!(output.stdout.is_empty(), "nothing is half-printed");
    String::from_utf8(output.stderr).unwrap()
}
