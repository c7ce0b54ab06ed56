//! A bar on standard error while many things are worked on.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Starts a bar; it shows only at a terminal.
pub(crate) fn bar(n: usize, of_what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}, {eta} left")
        .expect("the template is constant and well-formed");
    ProgressBar::with_draw_target(Some(n as u64), ProgressDrawTarget::stderr())
        .with_style(style)
        .with_message(of_what)
}
