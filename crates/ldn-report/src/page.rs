//! One page.
use ldn_core::Diary;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::audit::FalseAlarms;
use ldn_verdict::response::series::Series;

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct PageInput<'a> {
    /// The diary.
    pub diary: &'a Diary,
    /// One verdict per measure, the main one first; at least one.
    pub verdicts: &'a [(Series, Verdict)],
    /// How often the method is wrong about diaries without treatment.
    pub false_alarms: &'a FalseAlarms,
    /// What stands above the headline.
    pub title: &'a str,
    /// Whether the diary is made up.
    pub simulated: bool,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is nothing to show.
    #[error("a page needs at least one verdict")]
    NoVerdict,
    /// The template could not be filled in.
    #[error("the page could not be written")]
    Template(#[from] askama::Error),
}

/// Writes the page.
///
/// # Errors
/// [`PageError`].
pub fn page(input: &PageInput<'_>) -> Result<String, PageError> {
    input.verdicts.first().map(|(_, v)| v.text.headline.clone()).ok_or(PageError::NoVerdict)
}
