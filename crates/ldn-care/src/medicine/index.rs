//! Finding names: exactly by binary search, nearly by length and letters first and edit distance last.

use ldn_core::data::Status;

use super::{Form, Release};

/// Everything that one key can mean.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    /// Words without gaps; see [`super::text::Words::extend_key`].
    pub(super) key: String,
    /// The medicine that it names.
    pub(super) name: Option<NameAt>,
    /// Medicines that it only raises a question about.
    pub(super) ask: Vec<AskAt>,
    /// Medicines that it raises a question about where nothing else is named.
    pub(super) alone: Vec<usize>,
    /// What it says as a word beside a name.
    pub(super) word: Option<Word>,
}

/// A name that decides.
#[derive(Clone, Debug)]
pub(super) struct NameAt {
    pub(super) medicine: usize,
    /// What else is in the product.
    pub(super) with: Vec<usize>,
    pub(super) release: Option<Release>,
    pub(super) status: Status,
    pub(super) opioid: bool,
    /// A name of several words of an opioid that is refused: misspellings of the whole phrase are looked for.
    pub(super) phrase: bool,
}

/// A name that only raises a question.
#[derive(Clone, Debug)]
pub(super) struct AskAt {
    pub(super) medicine: usize,
    /// Where this one is named too there is nothing to ask.
    pub(super) or: Option<usize>,
}

/// A word that may stand beside a name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    pub(super) release: Option<Release>,
    pub(super) form: Option<Form>,
}

/// All keys, sorted.
#[derive(Debug, Default)]
pub(super) struct Index {
    slots: Vec<Slot>,
    /// Names and questions that a misspelling may mean.
    near: Vec<Candidate>,
    /// Opioid names of several words, for which all words may be understood although one is wrong (`Tylenol 33`).
    near_phrases: Vec<Candidate>,
}

/// What can be compared quickly of a key.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    slot: usize,
    len: usize,
    letters: u64,
}

/// A key near a misspelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Near {
    /// Place of the slot.
    pub(super) slot: usize,
    /// Edits between the two.
    pub(super) distance: usize,
}

/// What a search for a key found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Place of the slot with exactly this key.
    pub(super) slot: Option<usize>,
    /// Whether longer keys begin with this one.
    pub(super) more: bool,
}

impl Index {
    /// Takes slots in the order of their keys.
    pub(super) fn of(slots: Vec<Slot>) -> Index {
        let asked = |slot: &Slot| slot.name.is_some() || !slot.ask.is_empty();
        let phrase = |slot: &Slot| slot.name.as_ref().is_some_and(|name| name.phrase);
        let near = candidates(&slots, asked);
        let near_phrases = candidates(&slots, phrase);
        Index { slots, near, near_phrases }
    }

    /// The slot at a place that a search returned.
    pub(super) fn slot(&self, at: usize) -> &Slot {
        &self.slots[at]
    }

    /// All slots, by key.
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Looks for exactly this key.
    pub(super) fn find(&self, key: &str) -> Found {
        let found = self.slots.binary_search_by(|slot| slot.key.as_str().cmp(key));
        let next = found.map_or_else(|at| at, |at| at + 1);
        let more = self.slots.get(next).is_some_and(|slot| slot.key.starts_with(key));
        Found { slot: found.ok(), more }
    }

    /// Adds the names and questions near a key: one edit for names of six letters, two for names of nine.
    pub(super) fn near(&self, key: &str, found: &mut Vec<Near>) {
        self.compare(&self.near, key, edits_allowed, found);
    }

    /// Adds the opioid names of several words that are one edit away.
    pub(super) fn near_phrases(&self, key: &str, found: &mut Vec<Near>) {
        self.compare(&self.near_phrases, key, |len| edits_allowed(len).min(1), found);
    }

    fn compare(&self, among: &[Candidate], key: &str, allowed: fn(usize) -> usize, found: &mut Vec<Near>) {
        let (len, letters) = (key.chars().count(), letters_of(key));
        let from = among.partition_point(|candidate| candidate.len + 2 < len);
        for candidate in among[from..].iter().take_while(|candidate| candidate.len <= len + 2) {
            let allowed = allowed(candidate.len);
            // An edit changes at most two of the letters that occur.
            let differing = (candidate.letters ^ letters).count_ones() as usize;
            if allowed == 0 || candidate.len.abs_diff(len) > allowed || differing > 2 * allowed {
                continue;
            }
            let distance = strsim::damerau_levenshtein(&self.slots[candidate.slot].key, key);
            if distance <= allowed {
                found.push(Near { slot: candidate.slot, distance });
            }
        }
    }
}

/// Edits that a name of this many letters forgives.
fn edits_allowed(len: usize) -> usize {
    match len {
        0..6 => 0,
        6..9 => 1,
        _ => 2,
    }
}

fn candidates(slots: &[Slot], wanted: impl Fn(&Slot) -> bool) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = (0..slots.len())
        .filter(|&at| wanted(&slots[at]))
        .map(|slot| Candidate {
            slot,
            len: slots[slot].key.chars().count(),
            letters: letters_of(&slots[slot].key),
        })
        .filter(|candidate| edits_allowed(candidate.len) > 0)
        .collect();
    all.sort_by_key(|candidate| candidate.len);
    all
}

/// One bit for each letter and digit that occurs, and one for everything else.
fn letters_of(key: &str) -> u64 {
    key.chars().fold(0, |letters, c| {
        letters
            | 1 << match c {
                'a'..='z' => c as u32 - 'a' as u32,
                '0'..='9' => 26 + c as u32 - '0' as u32,
                _ => 36,
            }
    })
}
