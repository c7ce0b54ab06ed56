//! The answer as dots.
use ldn_verdict::response::Verdict;

use crate::theme::Theme;

/// Who looks at a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The person who kept the diary: 20 dots.
    Patient,
    /// The prescriber: 50 dots and intervals.
    Clinician,
}

/// Draws the improvement as equally likely answers; `None` where no estimate may be shown.
pub fn dot_plot(_verdict: &Verdict, _reader: Reader, _theme: Theme) -> Option<String> {
    None
}
