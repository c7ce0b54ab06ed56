//! One sheet of paper for somebody who has no program: as plain text, and as a page that needs nothing else.

use askama::Template;

use crate::svg::{printable, wrap};
use crate::theme::Palette;

/// A document of facts and short sections, the same in both forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What it is.
    pub(crate) title: String,
    /// Whom it is for.
    pub(crate) to: String,
    /// What identifies person, medicine and plan.
    pub(crate) facts: Vec<Fact>,
    /// What to do.
    pub(crate) sections: Vec<Section>,
    /// What always stands below.
    pub(crate) closing: Vec<String>,
    /// Sources in the order of their marks.
    pub(crate) sources: Vec<String>,
    /// How it is laid out on paper.
    pub(crate) format: Format,
}

/// A label and what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A heading and its paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) paragraphs: Vec<String>,
}

/// The paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A whole page.
    Page,
    /// A card to fold, 86 mm wide.
    Card,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be written")]
pub struct SheetError(#[from] askama::Error);

impl Sheet {
    /// Writes it as plain text in lines of at most `width` columns (never fewer than 32), with a final line feed.
    pub fn text(&self, width: usize) -> String {
        let width = width.max(32);
        let mut text = lines(&self.title, width);
        text += &format!("{}\n\n", "=".repeat(self.title.chars().count().min(width)));
        text += &lines(&self.to, width);
        text.push('\n');
        let labels = self.facts.iter().map(|fact| fact.label.chars().count()).max().unwrap_or(0) + 2;
        for fact in &self.facts {
            for (index, line) in wrap(&fact.value, width.saturating_sub(labels)).iter().enumerate() {
                let label = if index == 0 { fact.label.as_str() } else { "" };
                text += &format!("{label:<labels$}{line}\n");
            }
        }
        for section in &self.sections {
            text.push('\n');
            text += &lines(&section.heading.to_uppercase(), width);
            for paragraph in &section.paragraphs {
                text += &lines(paragraph, width);
            }
        }
        text.push('\n');
        for paragraph in &self.closing {
            text += &lines(paragraph, width);
        }
        for (index, source) in self.sources.iter().enumerate() {
            text += &lines(&format!("[{}] {source}", index + 1), width);
        }
        text
    }

    /// Writes it as one self-contained page: no script, no request, readable offline, laid out for paper.
    ///
    /// # Errors
    /// [`SheetError`] does not happen while memory lasts.
    pub fn html(&self) -> Result<String, SheetError> {
        let page = Page {
            sheet: self,
            class: match self.format {
                Format::Page => "page",
                Format::Card => "card",
            },
            light: Palette::Light.declarations(),
            dark: Palette::Dark.declarations(),
            print: Palette::Print.declarations(),
        };
        Ok(page.render()?)
    }

    /// Removes what neither paper nor a page can show, whoever wrote it.
    pub(crate) fn printable(mut self) -> Sheet {
        for fact in &mut self.facts {
            fact.value = printable(&fact.value);
        }
        for section in &mut self.sections {
            section.heading = printable(&section.heading);
            for paragraph in &mut section.paragraphs {
                *paragraph = printable(paragraph);
            }
        }
        self
    }
}

fn lines(paragraph: &str, width: usize) -> String {
    wrap(paragraph, width).into_iter().map(|line| line + "\n").collect()
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Page<'a> {
    sheet: &'a Sheet,
    class: &'static str,
    light: String,
    dark: String,
    print: String,
}
