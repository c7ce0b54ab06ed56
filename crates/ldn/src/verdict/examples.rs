//! The examples, compiled in so that they are there wherever the command is.

use crate::error::Failure;
use crate::files;

/// Name, what it shows, and the diary.
const EXAMPLES: [(&str, &str, &str); 5] = [
    (
        "simulated-open-label-responder",
        "simulated: sixteen weeks, pain falls after the start",
        include_str!("../../../../examples/simulated-open-label-responder.csv"),
    ),
    (
        "simulated-blinded-crossover",
        "simulated: six blinded periods of four weeks",
        include_str!("../../../../examples/simulated-blinded-crossover.csv"),
    ),
    (
        "simulated-early-days",
        "simulated: three weeks after the start",
        include_str!("../../../../examples/simulated-early-days.csv"),
    ),
    (
        "real-knee-pain-pretended-start",
        "real scores of half a year in which nothing was done; the doses are pretended",
        include_str!("../../../../examples/real-knee-pain-pretended-start.csv"),
    ),
    (
        "real-hip-pain-no-treatment",
        "real: three months of hip pain in which nothing was done",
        include_str!("../../../../examples/real-hip-pain-no-treatment.csv"),
    ),
];

/// Lists the examples, or prints one.
pub(super) fn run(name: &str) -> Result<(), Failure> {
    if name.is_empty() {
        let mut text = String::from(
            "Examples stand in the folder examples/ of the project, and inside this command:\n\n",
        );
        for (name, what, _) in EXAMPLES {
            text += &format!("  {name:<32} {what}\n");
        }
        text += "\nTry one:  ldn verdict --example simulated-open-label-responder | ldn verdict -\n";
        return files::print(&text);
    }
    match EXAMPLES.iter().find(|(known, _, _)| *known == name.trim_end_matches(".csv")) {
        Some((_, _, diary)) => files::print(diary),
        None => Err(Failure::Usage(format!("no example `{name}`; ldn verdict --example lists them"))),
    }
}
