//! What stands around every page: whose it is, where one can go, in which words and colours.

use crate::look::Look;
use crate::words::Words;

/// The context of the layout.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The words of this visitor's language.
    pub words: Words,
    /// Theme and language.
    pub look: Look,
    /// The address of this page, to come back to.
    pub path: String,
    /// Whose record this is; stands on every page that shows a dose, so that nobody reads another person's.
    pub person: Option<PersonLine>,
    /// Where one can go from here.
    pub pages: Vec<PageLink>,
    /// True on generated courses.
    pub sample: bool,
    /// True for pages with tables that need the room.
    pub wide: bool,
    /// True for pages of staff, whose foot does not speak to a patient.
    pub staff: bool,
}

/// Whose record a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// The person's name.
    pub name: String,
    /// The year of birth.
    pub birth_year: i16,
}

/// A link of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// Its name in the visitor's language.
    pub name: String,
    /// Where it leads.
    pub address: String,
    /// True if this is the page.
    pub current: bool,
}

impl Frame {
    /// Makes the frame of a page that belongs to nobody yet.
    pub fn plain(look: Look, path: &str) -> Frame {
        Frame {
            words: look.words(),
            look,
            path: path.to_owned(),
            person: None,
            pages: Vec::new(),
            sample: false,
            wide: false,
            staff: false,
        }
    }
}

impl PersonLine {
    /// Returns name and year of birth in one line.
    pub fn line(&self, words: &Words) -> String {
        words.say_with("frame-person", &[("name", &self.name), ("year", &self.birth_year.to_string())])
    }
}
