//! What was understood of a medicine as written.

use ldn_core::data::Status;

use super::{Medicine, Release};

/// What a written medicine is: three outcomes, and no fourth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition<'a> {
    /// Every part was understood, or an opioid was found; opioids first, then in the order written.
    Recognised(Vec<Match<'a>>),
    /// Something is near these, opioids first; it blocks until somebody answers.
    DidYouMean(Vec<&'a Medicine>),
    /// Something was not understood; it blocks until the prescriber confirms that it is no opioid.
    NotRecognised,
}

/// A medicine found in what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// The medicine.
    pub medicine: &'a Medicine,
    /// The words that matched, in small letters and without accents.
    pub matched: String,
    /// What the brand or the words around it say about its release; `None` if they say nothing.
    pub release: Option<Release>,
    /// How far it has been checked that the matched name means this medicine.
    pub status: Status,
    /// False for an opioid whose name is only near: it counts because the item names an opioid anyway.
    pub exact: bool,
}

/// All that was found in an item, understood or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading<'a> {
    /// Names found, opioids first, then in the order written.
    pub matches: Vec<Match<'a>>,
    /// What a misspelt word may mean, opioids first, then the nearest.
    pub near: Vec<&'a Medicine>,
    /// What an ambiguous word may mean.
    pub asked: Vec<&'a Medicine>,
    /// Words that are neither a name nor a strength, form, salt, route, frequency or filler.
    pub unknown: Vec<String>,
}

/// Medicines that one question names at most: more would not be read.
const MOST_ASKED: usize = 6;

impl<'a> Reading<'a> {
    /// Returns the outcome.
    ///
    /// An opioid that is named outright is recognised whatever else is in the item, and opioids that are only near
    /// come with it: the item is refused anyway. An antidiarrhoeal is not refused, so it does not cover what stands
    /// beside it. Otherwise anything ambiguous, misspelt or unknown keeps the item from being recognised.
    pub fn summary(self) -> Recognition<'a> {
        if self.matches.iter().any(|found| found.medicine.is_refused_opioid()) {
            return Recognition::Recognised(self.with_near_opioids());
        }
        let mut ask = self.asked;
        for medicine in self.near {
            if !ask.contains(&medicine) {
                ask.push(medicine);
            }
        }
        if !ask.is_empty() {
            ask.sort_by_key(|medicine| medicine.opioid.is_none());
            ask.truncate(MOST_ASKED);
            return Recognition::DidYouMean(ask);
        }
        if self.matches.is_empty() || !self.unknown.is_empty() {
            return Recognition::NotRecognised;
        }
        Recognition::Recognised(self.matches)
    }

    fn with_near_opioids(self) -> Vec<Match<'a>> {
        let mut matches = self.matches;
        for medicine in self.near.into_iter().filter(|medicine| medicine.opioid.is_some()) {
            if matches.iter().all(|found| found.medicine.ingredient != medicine.ingredient) {
                let matched = self.unknown.join(" ");
                matches.push(Match {
                    medicine,
                    matched,
                    release: None,
                    status: Status::Proposed,
                    exact: false,
                });
            }
        }
        matches.sort_by_key(|found| found.medicine.opioid.is_none());
        matches
    }
}
