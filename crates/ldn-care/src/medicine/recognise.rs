//! From words to medicines.
//!
//! Names are looked for at every place and over several words. Of what was found, longer runs of words win, except that
//! an opioid is never hidden by anything. What is left must be a number or a word that may stand beside a name; if not,
//! it is compared with all names for misspellings.

use super::formulary::Formulary;
use super::index::{Near, Slot};
use super::text::{Words, is_number};
use super::{Form, Match, Medicine, Reading, Release};

/// Words that are compared for misspellings at most: an item longer than this is no name of a medicine.
const MOST_WORDS: usize = 60;
/// Words that one name has at most when it is misspelt.
const MOST_JOINED: usize = 5;

/// Reads what somebody wrote.
pub(super) fn read<'a>(formulary: &'a Formulary, written: &str) -> Reading<'a> {
    let words = Words::of(written);
    let all = found_names(formulary, &words);
    let item = Item { formulary, words: &words, spans: chosen(formulary, &all, words.len()), all };
    item.reading()
}

/// A run of words that is a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
    slot: usize,
}

impl Span {
    fn len(self) -> usize {
        self.end - self.start
    }

    fn lies_in(self, other: Span) -> bool {
        other.start <= self.start && self.end <= other.end
    }
}

/// Every run of words that is a key, by place.
fn found_names(formulary: &Formulary, words: &Words) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut key = String::new();
    for start in 0..words.len() {
        key.clear();
        for end in start + 1..=words.len() {
            words.extend_key(&mut key, end - 1);
            let found = formulary.index.find(&key);
            spans.extend(found.slot.map(|slot| Span { start, end, slot }));
            if !found.more {
                break;
            }
        }
    }
    spans
}

/// The spans that count: the longest first, none over another, and every opioid that no longer opioid covers.
fn chosen(formulary: &Formulary, all: &[Span], n_words: usize) -> Vec<Span> {
    let says_something = |span: &Span| {
        let slot = formulary.index.slot(span.slot);
        slot.name.is_some() || !slot.ask.is_empty() || slot.word.is_some()
    };
    let mut longest: Vec<Span> = all.iter().copied().filter(says_something).collect();
    longest.sort_by_key(|span| (std::cmp::Reverse(span.len()), span.start));
    let (mut opioids, mut others) = (Cover::of(n_words), Cover::of(n_words));
    for span in longest {
        let is_opioid = is_opioid(formulary.index.slot(span.slot));
        if is_opioid && !opioids.holds(span) {
            opioids.add(span);
        } else if !is_opioid && !others.meets(span) {
            others.add(span);
        }
    }
    let mut spans = others.spans;
    spans.retain(|span| !opioids.holds(*span));
    spans.append(&mut opioids.spans);
    spans.sort_by_key(|span| (span.start, span.end));
    spans
}

/// Spans, and for each word which of them covers it.
struct Cover {
    spans: Vec<Span>,
    by_word: Vec<Option<usize>>,
}

impl Cover {
    fn of(n_words: usize) -> Cover {
        Cover { spans: Vec::new(), by_word: vec![None; n_words] }
    }

    fn add(&mut self, span: Span) {
        self.by_word[span.start..span.end].fill(Some(self.spans.len()));
        self.spans.push(span);
    }

    /// Tells whether one of the spans covers all of this one.
    fn holds(&self, span: Span) -> bool {
        let first = self.by_word[span.start];
        first.is_some() && first == self.by_word[span.end - 1]
    }

    /// Tells whether any of the spans shares a word with this one.
    fn meets(&self, span: Span) -> bool {
        self.by_word[span.start..span.end].iter().any(Option::is_some)
    }
}

fn is_opioid(slot: &Slot) -> bool {
    slot.name.as_ref().is_some_and(|name| name.opioid)
}

/// An item while it is being read.
struct Item<'a, 'w> {
    formulary: &'a Formulary,
    words: &'w Words,
    /// Every key found.
    all: Vec<Span>,
    /// The keys that count.
    spans: Vec<Span>,
}

impl<'a> Item<'a, '_> {
    fn reading(&self) -> Reading<'a> {
        let mut matches = self.matches();
        let mut asked = self.asked(&matches);
        let mut unknown = self.unknown();
        let mut near = self.near(&unknown, matches.is_empty() && asked.is_empty());
        self.decide_by_ending(&mut unknown, &mut matches, &mut near);
        if matches.is_empty() && asked.is_empty() && near.is_empty() {
            asked = self.asked_alone(&unknown);
        }
        matches.sort_by_key(|found| found.medicine.opioid.is_none());
        let mut unknown: Vec<String> = unknown.into_iter().map(|at| self.words.word(at).to_owned()).collect();
        // What is too long to be compared is not understood.
        if unknown.is_empty() && self.words.len() > MOST_WORDS {
            unknown.push(self.words.word(0).to_owned());
        }
        Reading { matches, near, asked, unknown }
    }

    /// The medicines that are named, in the order written, with what else is in them.
    fn matches(&self) -> Vec<Match<'a>> {
        let (release, forms) = (self.release(), self.forms());
        let mut matches: Vec<Match<'a>> = Vec::new();
        for span in &self.spans {
            let Some(name) = &self.formulary.index.slot(span.slot).name else { continue };
            let released = stronger(name.release, release);
            let named = self.in_forms(name.medicine, &forms).into_iter().map(|at| (at, released));
            // The release of the product says nothing about what is mixed into it.
            for (at, release) in named.chain(name.with.iter().map(|at| (*at, None))) {
                let medicine = self.medicine(at);
                let found = Match {
                    medicine,
                    matched: self.words.phrase(span.start, span.end),
                    release,
                    status: name.status,
                    exact: true,
                };
                let is_same = |other: &Match<'_>| {
                    std::ptr::eq(other.medicine, medicine) && other.release == found.release
                };
                if !matches.iter().any(is_same) {
                    matches.push(found);
                }
            }
        }
        matches
    }

    /// The release that the words beside the names say.
    fn release(&self) -> Option<Release> {
        let said: Vec<Release> =
            self.all.iter().filter_map(|span| self.formulary.index.slot(span.slot).word?.release).collect();
        let is_extended = said.contains(&Release::Extended);
        if is_extended { Some(Release::Extended) } else { said.first().copied() }
    }

    /// The forms that are said anywhere in the item.
    fn forms(&self) -> Vec<Form> {
        let mut forms: Vec<Form> =
            self.all.iter().filter_map(|span| self.formulary.index.slot(span.slot).word?.form).collect();
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    /// A medicine in the forms that are said; itself if they make nothing else of it.
    fn in_forms(&self, medicine: usize, forms: &[Form]) -> Vec<usize> {
        let becomes =
            self.formulary.forms.iter().filter(|of| of.base == medicine && forms.contains(&of.form));
        let others: Vec<usize> = becomes.map(|of| of.medicine).collect();
        if others.is_empty() { vec![medicine] } else { others }
    }

    /// The medicines that ambiguous words may mean, unless the other meaning is named.
    fn asked(&self, matches: &[Match<'a>]) -> Vec<&'a Medicine> {
        let mut asked = Vec::new();
        for span in &self.spans {
            for ask in &self.formulary.index.slot(span.slot).ask {
                let other = ask.or.map(|or| self.medicine(or));
                if other.is_some_and(|other| matches.iter().any(|found| found.medicine == other)) {
                    continue;
                }
                add_once(&mut asked, std::iter::once(self.medicine(ask.medicine)).chain(other));
            }
        }
        asked
    }

    /// The medicines that a form, a release or a place may mean where nothing else is written.
    fn asked_alone(&self, unknown: &[usize]) -> Vec<&'a Medicine> {
        let mut asked = Vec::new();
        let alone = |span: &&Span| !self.formulary.index.slot(span.slot).alone.is_empty();
        let spans: Vec<Span> = self.all.iter().filter(alone).copied().collect();
        let is_covered = |at: &usize| spans.iter().any(|span| (span.start..span.end).contains(at));
        if unknown.iter().all(is_covered) {
            for span in &spans {
                let medicines = &self.formulary.index.slot(span.slot).alone;
                add_once(&mut asked, medicines.iter().map(|at| self.medicine(*at)));
            }
        }
        asked
    }

    /// The places of words that no chosen span covers and that are no numbers.
    fn unknown(&self) -> Vec<usize> {
        let mut covered = vec![false; self.words.len()];
        for span in &self.spans {
            covered[span.start..span.end].fill(true);
        }
        let is_unknown = |at: &usize| !covered[*at] && !is_number(self.words.word(*at));
        (0..self.words.len()).filter(is_unknown).collect()
    }

    /// What misspelt words may mean, opioids first, then the nearest, then by id.
    fn near(&self, unknown: &[usize], nothing_named: bool) -> Vec<&'a Medicine> {
        if self.words.len() > MOST_WORDS {
            return Vec::new();
        }
        let mut is_unknown = vec![false; self.words.len()];
        unknown.iter().for_each(|at| is_unknown[*at] = true);
        let hooks = self.hooks();
        let mut found = Vec::new();
        let mut key = String::new();
        for start in 0..self.words.len() {
            key.clear();
            for end in start + 1..=self.words.len().min(start + MOST_JOINED) {
                self.words.extend_key(&mut key, end - 1);
                // `pen5tazocin` is three words that are all understood, and yet no pen of tazocin.
                let is_cut = end - start > 1 && self.words.is_one(start, end);
                if nothing_named || is_cut || is_unknown[start..end].contains(&true) {
                    self.formulary.index.near(&key, &mut found);
                } else if hooks[start..end].contains(&true) && self.may_be_phrase(start, end) {
                    self.formulary.index.near_phrases(&key, &mut found);
                }
            }
        }
        let glued = unknown.iter().flat_map(|at| self.opioids_inside(self.words.word(*at)));
        found.extend(glued.map(|slot| Near { slot, distance: 0 }));
        self.ranked(found)
    }

    /// For each word whether it occurs in opioid names of several words.
    fn hooks(&self) -> Vec<bool> {
        let hooks = &self.formulary.hooks;
        let is_hook = |at| hooks.binary_search_by(|hook| hook.as_str().cmp(self.words.word(at))).is_ok();
        (0..self.words.len()).map(is_hook).collect()
    }

    /// Tells whether a run with such a word, in which all words are understood, may yet be an opioid misspelt.
    fn may_be_phrase(&self, start: usize, end: usize) -> bool {
        let run = Span { start, end, slot: 0 };
        let names_it =
            |span: &Span| run.lies_in(*span) && self.formulary.index.slot(span.slot).name.is_some();
        end - start > 1 && !self.spans.iter().any(names_it)
    }

    /// The opioids whose whole name stands inside one unknown word, as in `Morphinsulfat`.
    fn opioids_inside(&self, word: &str) -> Vec<usize> {
        let mut inside = Vec::new();
        for (start, _) in word.char_indices() {
            for (length, c) in word[start..].char_indices() {
                let part = &word[start..start + length + c.len_utf8()];
                let found = self.formulary.index.find(part);
                let long_enough = part.len() >= 6;
                let opioid = |slot: &usize| is_opioid(self.formulary.index.slot(*slot));
                inside.extend(found.slot.filter(|slot| long_enough && opioid(slot)));
                if !found.more {
                    break;
                }
            }
        }
        inside
    }

    fn ranked(&self, mut found: Vec<Near>) -> Vec<&'a Medicine> {
        found.sort_by_key(|near| {
            let slot = self.formulary.index.slot(near.slot);
            let opioid = is_opioid(slot) || !slot.ask.is_empty();
            (!opioid, near.distance, near.slot)
        });
        let mut medicines = Vec::new();
        for near in found {
            let slot = self.formulary.index.slot(near.slot);
            let named = slot.name.iter().map(|name| name.medicine);
            let asked = slot.ask.iter().flat_map(|ask| std::iter::once(ask.medicine).chain(ask.or));
            add_once(&mut medicines, named.chain(asked).map(|at| self.medicine(at)));
        }
        medicines
    }

    /// Lets the endings of the WHO decide about long words that are near nothing.
    fn decide_by_ending(
        &self,
        unknown: &mut Vec<usize>,
        matches: &mut Vec<Match<'a>>,
        near: &mut Vec<&'a Medicine>,
    ) {
        let endings = &self.formulary.endings;
        let nothing_near = near.is_empty();
        unknown.retain(|at| {
            let word = self.words.word(*at);
            if word.len() < endings.shortest {
                return true;
            }
            let Some(ending) = endings.all.iter().find(|ending| word.ends_with(&ending.ending)) else {
                return true;
            };
            let medicine = self.medicine(ending.medicine);
            if ending.opioid {
                add_once(near, std::iter::once(medicine));
            } else if nothing_near {
                let matched = word.to_owned();
                matches.push(Match {
                    medicine,
                    matched,
                    release: None,
                    status: medicine.status,
                    exact: true,
                });
                return false;
            }
            true
        });
    }

    fn medicine(&self, at: usize) -> &'a Medicine {
        &self.formulary.medicines[at]
    }
}

/// The release of a name together with what the words beside it say: extended wins.
fn stronger(name: Option<Release>, said: Option<Release>) -> Option<Release> {
    match (name, said) {
        (Some(Release::Extended), _) | (_, Some(Release::Extended)) => Some(Release::Extended),
        (Some(Release::Immediate), _) | (_, Some(Release::Immediate)) => Some(Release::Immediate),
        (name, said) => name.or(said),
    }
}

fn add_once<'a>(list: &mut Vec<&'a Medicine>, medicines: impl Iterator<Item = &'a Medicine>) {
    for medicine in medicines {
        if !list.iter().any(|other| std::ptr::eq(*other, medicine)) {
            list.push(medicine);
        }
    }
}
