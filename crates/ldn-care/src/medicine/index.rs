//! Finding names: exactly by binary search, nearly by length and letters first and edits last.

use ldn_core::data::Status;

use super::edits::{MOST_EDITS, edits_between};
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
    /// The first eight bytes of every key as one number: a search reads these and hardly ever a key.
    heads: Vec<u64>,
    /// Names and questions that a misspelling may mean.
    near: Candidates,
    /// Opioid names of several words, for which all words may be understood although one is wrong (`Tylenol 33`).
    near_phrases: Candidates,
}

/// Keys that a misspelling may mean, by their number of letters.
#[derive(Debug, Default)]
struct Candidates(Vec<OfLength>);

/// Keys of one length, one property after the other: most are passed over by their letters alone.
#[derive(Debug, Default)]
struct OfLength {
    letters: Vec<u64>,
    slots: Vec<usize>,
    /// The keys themselves, end to end.
    spelt: Vec<char>,
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
        let near = Candidates::of(&slots, asked);
        let near_phrases = Candidates::of(&slots, phrase);
        let heads = slots.iter().map(|slot| head_of(&slot.key)).collect();
        Index { slots, heads, near, near_phrases }
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
        let head = head_of(key);
        let mut at = self.heads.partition_point(|other| *other < head);
        // Only among long keys that begin alike do the letters behind the head decide.
        if key.len() > HEAD {
            let alike = self.heads[at..].iter().take_while(|other| **other == head).count();
            at += self.slots[at..at + alike].partition_point(|slot| slot.key.as_str() < key);
        }
        let is_found = self.slots.get(at).is_some_and(|slot| slot.key == key);
        let next = if is_found { at + 1 } else { at };
        let more = self.slots.get(next).is_some_and(|slot| slot.key.starts_with(key));
        Found { slot: is_found.then_some(at), more }
    }

    /// Adds the names and questions near a key: one edit for names of six letters, two for names of nine.
    pub(super) fn near(&self, key: &str, found: &mut Vec<Near>) {
        self.near.compare(key, MOST_EDITS, found);
    }

    /// Adds the opioid names of several words that are one edit away.
    pub(super) fn near_phrases(&self, key: &str, found: &mut Vec<Near>) {
        self.near_phrases.compare(key, 1, found);
    }
}

impl Candidates {
    fn of(slots: &[Slot], wanted: impl Fn(&Slot) -> bool) -> Candidates {
        let mut all: Vec<OfLength> = Vec::new();
        for (at, slot) in slots.iter().enumerate().filter(|(_, slot)| wanted(slot)) {
            let len = slot.key.chars().count();
            if all.len() <= len {
                all.resize_with(len + 1, OfLength::default);
            }
            all[len].letters.push(letters_of(&slot.key));
            all[len].slots.push(at);
            all[len].spelt.extend(slot.key.chars());
        }
        Candidates(all)
    }

    /// Adds the keys that are near one, the short ones first; of the edits that each forgives, only so many count.
    fn compare(&self, key: &str, most: usize, found: &mut Vec<Near>) {
        let spelt: Vec<char> = key.chars().collect();
        let letters = letters_of(key);
        for len in spelt.len().saturating_sub(most)..=spelt.len() + most {
            let allowed = edits_allowed(len).min(most);
            if let Some(keys) = self.0.get(len).filter(|_| len.abs_diff(spelt.len()) <= allowed) {
                keys.compare(&spelt, letters, allowed, found);
            }
        }
    }
}

impl OfLength {
    fn compare(&self, spelt: &[char], letters: u64, allowed: usize, found: &mut Vec<Near>) {
        if allowed == 0 || self.slots.is_empty() {
            return;
        }
        let len = self.spelt.len() / self.slots.len();
        let may_be_near =
            |other: &u64| beyond(other & !letters, allowed) | beyond(letters & !other, allowed) == 0;
        for (at, _) in self.letters.iter().enumerate().filter(|(_, other)| may_be_near(other)) {
            let name = &self.spelt[at * len..(at + 1) * len];
            found.extend(
                edits_between(name, spelt, allowed).map(|distance| Near { slot: self.slots[at], distance }),
            );
        }
    }
}

/// Bytes of a key in its head.
const HEAD: usize = size_of::<u64>();

/// The first bytes of a key as a number, so that numbers are ordered as the keys are.
fn head_of(key: &str) -> u64 {
    let mut head = [0; HEAD];
    let len = key.len().min(HEAD);
    head[..len].copy_from_slice(&key.as_bytes()[..len]);
    u64::from_be_bytes(head)
}

/// Edits that a name of this many letters forgives.
fn edits_allowed(len: usize) -> usize {
    match len {
        0..6 => 0,
        6..9 => 1,
        _ => 2,
    }
}

/// What a word holds of letters: one bit for each letter that occurs, one for each that occurs twice, one for each
/// digit, and one for everything else.
///
/// To add a letter sets at most one bit and to drop one clears at most one, so that edits are never fewer than the bits
/// that only one of two words has.
fn letters_of(key: &str) -> u64 {
    key.chars().fold(0, |letters, c| match c {
        'a'..='z' => {
            let once = 1 << (c as u32 - 'a' as u32);
            letters | if letters & once == 0 { once } else { once << 26 }
        }
        '0'..='9' => letters | 1 << (52 + c as u32 - '0' as u32),
        _ => letters | 1 << 62,
    })
}

/// The bits that are left without one for each edit; none if there were no more than that.
fn beyond(bits: u64, edits: usize) -> u64 {
    let rest = bits & bits.wrapping_sub(1);
    if edits == 1 { rest } else { rest & rest.wrapping_sub(1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index as Place;

    use super::*;
    use crate::medicine::Formulary;

    fn index() -> &'static Index {
        &Formulary::shipped().index
    }

    /// What is near by comparing every key in full, the plain way that [`Index::near`] and its companion must equal.
    fn compared_in_full(key: &str, most: usize, wanted: impl Fn(&Slot) -> bool) -> Vec<Near> {
        let near = |(slot, other): (usize, &Slot)| {
            let distance = strsim::damerau_levenshtein(&other.key, key);
            let allowed = edits_allowed(other.key.chars().count()).min(most);
            (allowed > 0 && distance <= allowed && wanted(other)).then_some(Near { slot, distance })
        };
        index().slots().iter().enumerate().filter_map(near).collect()
    }

    fn by_slot(search: impl Fn(&mut Vec<Near>)) -> Vec<Near> {
        let mut found = Vec::new();
        search(&mut found);
        found.sort_by_key(|near| near.slot);
        found
    }

    fn agrees(key: &str) {
        let all = compared_in_full(key, 2, |slot| slot.name.is_some() || !slot.ask.is_empty());
        assert_eq!(by_slot(|found| index().near(key, found)), all, "{key:?}");
        let phrases = compared_in_full(key, 1, |slot| slot.name.as_ref().is_some_and(|name| name.phrase));
        assert_eq!(by_slot(|found| index().near_phrases(key, found)), phrases, "{key:?}");
    }

    /// A key with some of its letters dropped, added, replaced and swapped.
    fn misspelt() -> impl Strategy<Value = String> {
        let edit = (0..4_u8, any::<Place>(), "[a-z0-9/éж]");
        (any::<Place>(), proptest::collection::vec(edit, 0..4)).prop_map(|(at, edits)| {
            let mut letters: Vec<char> =
                index().slots()[at.index(index().slots().len())].key.chars().collect();
            for (kind, place, letter) in edits {
                let (n, letter) = (letters.len(), letter.chars().next().unwrap());
                match kind {
                    0 => letters.insert(place.index(n + 1), letter),
                    1 if n > 0 => drop(letters.remove(place.index(n))),
                    2 if n > 0 => letters[place.index(n)] = letter,
                    3 if n > 1 => {
                        let place = place.index(n - 1);
                        letters.swap(place, place + 1);
                    }
                    _ => {}
                }
            }
            letters.into_iter().collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_near_is_passed_over(key in misspelt()) {
            agrees(&key);
        }

        #[test]
        fn nothing_far_is_found(key in "[a-z]{0,14}[0-9é/]{0,3}") {
            agrees(&key);
        }
    }

    #[test]
    fn every_key_and_every_beginning_is_found() {
        let slots = index().slots();
        for (at, slot) in slots.iter().enumerate() {
            let longer = |key: &str| {
                slots.iter().any(|other| other.key.len() > key.len() && other.key.starts_with(key))
            };
            assert_eq!(index().find(&slot.key).slot, Some(at));
            for (end, _) in slot.key.char_indices().skip(1) {
                let found = index().find(&slot.key[..end]);
                assert!(found.more, "{} begins {}", &slot.key[..end], slot.key);
                assert!(found.slot.is_none_or(|at| slots[at].key == slot.key[..end]));
            }
            let beside = format!("{}q", slot.key);
            assert_eq!(index().find(&beside).more, longer(&beside), "{beside}");
        }
    }
}
