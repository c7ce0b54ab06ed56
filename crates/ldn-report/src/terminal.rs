//! A verdict in a terminal.
use ldn_core::Diary;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::series::Series;

/// Renders a verdict in at most `width` columns.
pub fn render(_diary: &Diary, _series: &Series, verdict: &Verdict, _width: usize, _colour: bool) -> String {
    verdict.text.headline.clone()
}
