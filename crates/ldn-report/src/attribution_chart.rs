//! The drug effect under three opinions.
use ldn_verdict::response::Verdict;

use crate::theme::Theme;

/// Draws the drug effect under three opinions; `None` where there is nothing to show.
pub fn attribution_chart(_verdict: &Verdict, _theme: Theme) -> Option<String> {
    None
}
