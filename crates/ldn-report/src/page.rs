//! One self-contained HTML page: no script, no request, nothing that is not in it.

mod diary_table;
mod explanations;
mod person;
mod prescriber;

use askama::Template;
use ldn_core::Diary;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::audit::FalseAlarms;
use ldn_verdict::response::series::Series;

use crate::diary_chart::wording_of;
use crate::numbers;
use crate::svg::{Layout, printable};
use crate::theme::Palette;

use person::Person;
pub use prescriber::{AttributionView, Change, CheckRow, OpinionRow, Prescriber};

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct PageInput<'a> {
    /// The diary.
    pub diary: &'a Diary,
    /// One verdict per measure with the series it was given on, the main one first; at least one.
    pub verdicts: &'a [(Series, Verdict)],
    /// How often the method is wrong about real diaries without treatment.
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
/// Free-text notes of the diary are left out: they are the person's own.
///
/// # Errors
/// [`PageError::NoVerdict`]; [`PageError::Template`] does not happen while memory lasts.
pub fn page(input: &PageInput<'_>) -> Result<String, PageError> {
    let (_, first) = input.verdicts.first().ok_or(PageError::NoVerdict)?;
    let several = input.verdicts.len() > 1;
    let measures: Vec<MeasureView<'_>> = input
        .verdicts
        .iter()
        .enumerate()
        .map(|(idx, (series, verdict))| MeasureView::new(input, series, verdict, idx))
        .collect();
    let mut prior_sets: Vec<&str> = input.verdicts.iter().map(|(_, v)| v.prior_set.as_str()).collect();
    prior_sets.dedup();
    let template = PageTemplate {
        title: printable(input.title),
        simulated: input.simulated,
        several,
        measures,
        model: first.model,
        prior_sets: prior_sets.join(", "),
        light: Palette::Light.declarations(),
        dark: Palette::Dark.declarations(),
        print: Palette::Print.declarations(),
    };
    Ok(template.render()?)
}

#[derive(Template)]
#[template(path = "page.html")]
struct PageTemplate<'a> {
    title: String,
    simulated: bool,
    several: bool,
    measures: Vec<MeasureView<'a>>,
    model: &'a str,
    prior_sets: String,
    light: String,
    dark: String,
    print: String,
}

/// One measure on the page.
struct MeasureView<'a> {
    id: &'static str,
    name: String,
    is_first: bool,
    /// Level of its sections' headings; deeper where the measure has a heading of its own.
    level: u8,
    headline: &'a str,
    person: Person<'a>,
    prescriber: Prescriber<'a>,
}

impl<'a> MeasureView<'a> {
    fn new(input: &PageInput<'a>, series: &Series, verdict: &'a Verdict, idx: usize) -> MeasureView<'a> {
        MeasureView {
            id: verdict.measure.id(),
            name: numbers::capitalised(wording_of(verdict.measure)),
            is_first: idx == 0,
            level: if idx == 0 { 2 } else { 3 },
            headline: &verdict.text.headline,
            person: Person::new(input.diary, series, verdict),
            prescriber: Prescriber::new(verdict, input.false_alarms),
        }
    }
}

/// The same drawing for a phone and for a column of text; the style sheet shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawings {
    /// For a phone.
    pub narrow: String,
    /// For a column of text.
    pub wide: String,
}

impl Drawings {
    fn of(draw: impl Fn(Layout) -> Option<String>) -> Option<Drawings> {
        Some(Drawings { narrow: draw(Layout::Narrow)?, wide: draw(Layout::Wide)? })
    }
}
