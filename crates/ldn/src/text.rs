//! Plain text for a terminal of any width: readable without colour, and piped.

/// Widest line, in columns.
pub(crate) const WIDTH: usize = 80;

/// Wraps a text, the first line with one indent and the others with another.
pub(crate) fn wrapped(text: &str, first: &str, rest: &str) -> String {
    let options = textwrap::Options::new(WIDTH).initial_indent(first).subsequent_indent(rest);
    let mut lines = textwrap::fill(text, options);
    lines.push('\n');
    lines
}

/// A paragraph under a short heading.
pub(crate) fn paragraph(heading: &str, text: &str) -> String {
    wrapped(text, &format!("  {heading:<14}"), &" ".repeat(16))
}

/// A heading with a line under it.
pub(crate) fn heading(text: &str) -> String {
    format!("{text}\n{}\n", "─".repeat(text.chars().count().min(WIDTH)))
}
