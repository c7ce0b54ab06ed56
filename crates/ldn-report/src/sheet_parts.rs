//! What a sheet says, for those who lay it out themselves.

use crate::sheet::Sheet;

/// A heading and the paragraphs under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetSection<'sheet> {
    /// The heading.
    pub heading: &'sheet str,
    /// The paragraphs, in order.
    pub paragraphs: &'sheet [String],
}

impl Sheet {
    /// Returns what it is.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns whom it is for.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// Returns what identifies person, medicine and plan: label and value, in order.
    pub fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.facts.iter().map(|fact| (fact.label.as_str(), fact.value.as_str()))
    }

    /// Returns the sections in order.
    pub fn sections(&self) -> impl Iterator<Item = SheetSection<'_>> {
        self.sections
            .iter()
            .map(|section| SheetSection { heading: &section.heading, paragraphs: &section.paragraphs })
    }

    /// Returns what always stands below.
    pub fn closing(&self) -> &[String] {
        &self.closing
    }

    /// Returns the sources in the order of their marks.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }
}
