//! The diary as a picture.
use ldn_core::Diary;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::series::Series;

use crate::theme::Theme;

/// Draws the diary of one measure as SVG.
pub fn diary_chart(_diary: &Diary, _series: &Series, _verdict: &Verdict, _theme: Theme) -> String {
    String::new()
}
