//! What people call conditions, symptoms, substances and procedures.

use std::collections::{BTreeMap, BTreeSet};

use ldn_core::data::{Problems, Status, id_of};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words shorter than this are never taken for a slip of another.
const SHORTEST_WORD_WITH_A_SLIP: usize = 7;

/// A file of terms: an id for each thing, and how it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermFile {
    id: String,
    #[expect(
        dead_code,
        reason = "every data file states it; words are proposed until somebody reviews them"
    )]
    status: Status,
    terms: BTreeMap<String, Vec<String>>,
}

/// All terms, ready to be found in what people write.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    terms: BTreeSet<String>,
    /// Patterns by their first word, where that has no star.
    by_first_word: BTreeMap<String, Vec<Pattern>>,
    /// Patterns whose first word has a star.
    starred: Vec<Pattern>,
    /// Patterns that are the whole text.
    whole: BTreeMap<String, Vec<String>>,
    /// Words long enough that a slip in them is recognised.
    long_words: BTreeSet<String>,
}

/// A run of words that stands for a term.
#[derive(Clone, Debug)]
struct Pattern {
    words: Vec<WordPattern>,
    term: String,
}

/// A word, or a part of one.
#[derive(Clone, Debug)]
enum WordPattern {
    Exact(String),
    StartsWith(String),
    EndsWith(String),
}

impl WordPattern {
    fn new(word: &str) -> WordPattern {
        match (word.strip_prefix('*'), word.strip_suffix('*')) {
            (Some(end), _) => WordPattern::EndsWith(end.to_owned()),
            (None, Some(start)) => WordPattern::StartsWith(start.to_owned()),
            (None, None) => WordPattern::Exact(word.to_owned()),
        }
    }

    fn matches(&self, word: &str) -> bool {
        match self {
            WordPattern::Exact(exact) => word == exact,
            WordPattern::StartsWith(start) => word.starts_with(start.as_str()),
            WordPattern::EndsWith(end) => word.ends_with(end.as_str()),
        }
    }
}

impl Pattern {
    fn matches(&self, words: &[String]) -> bool {
        words.len() >= self.words.len()
            && self.words.iter().zip(words).all(|(pattern, word)| pattern.matches(word))
    }
}

impl Lexicon {
    /// Makes a lexicon from files of terms; what is wrong with them is noted.
    pub(super) fn new(files: Vec<(String, TermFile)>, problems: &mut Problems) -> Lexicon {
        let mut lexicon = Lexicon::default();
        for (file, read) in files {
            if read.id != id_of(&file) {
                problems.value(
                    &file,
                    "id",
                    &read.id,
                    format_args!("the file's own name, {:?}", id_of(&file)),
                );
            }
            for (term, patterns) in read.terms {
                if !lexicon.terms.insert(term.clone()) {
                    problems.value(&file, "terms", &term, "a term that no other file has");
                }
                for pattern in &patterns {
                    lexicon.add(&file, &term, pattern, problems);
                }
            }
        }
        lexicon
    }

    fn add(&mut self, file: &str, term: &str, pattern: &str, problems: &mut Problems) {
        let (text, is_whole) = pattern.strip_prefix('=').map_or((pattern, false), |text| (text, true));
        let plain = words_of(&text.replace('*', "")).join(" ");
        if plain.is_empty() || plain != text.replace('*', "") {
            problems.value(file, term, pattern, format_args!("a pattern as it is compared, {plain:?}"));
        }
        if is_whole {
            self.whole.entry(text.to_owned()).or_default().push(term.to_owned());
            return;
        }
        let words: Vec<WordPattern> = text.split(' ').map(WordPattern::new).collect();
        for word in &words {
            if let WordPattern::Exact(word) = word
                && word.len() >= SHORTEST_WORD_WITH_A_SLIP
            {
                self.long_words.insert(word.clone());
            }
        }
        let pattern = Pattern { words, term: term.to_owned() };
        match pattern.words.first() {
            Some(WordPattern::Exact(first)) => {
                self.by_first_word.entry(first.clone()).or_default().push(pattern);
            }
            _ => self.starred.push(pattern),
        }
    }

    /// Returns true if there is such a term.
    pub fn has_term(&self, term: &str) -> bool {
        self.terms.contains(term)
    }

    /// Returns the terms found in what somebody wrote; none means that nothing was recognised.
    ///
    /// A slip of one letter in a long word is forgiven, but only where nothing was found without that.
    pub fn find(&self, written: &str) -> BTreeSet<&str> {
        let words = words_of(written);
        let found = self.find_words(&words);
        if !found.is_empty() {
            return found;
        }
        let mended: Vec<String> = words.iter().map(|word| self.mend(word)).collect();
        if mended == words { found } else { self.find_words(&mended) }
    }

    fn find_words(&self, words: &[String]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        if let Some(terms) = self.whole.get(&words.join(" ")) {
            found.extend(terms.iter().map(String::as_str));
        }
        for (idx, word) in words.iter().enumerate() {
            let of_word = self.by_first_word.get(word).map(Vec::as_slice).unwrap_or_default();
            for pattern in of_word.iter().chain(&self.starred) {
                if pattern.matches(&words[idx..]) {
                    found.insert(pattern.term.as_str());
                }
            }
        }
        found
    }

    /// Returns the only long word that is one slip away; the word itself if there is none or several.
    fn mend(&self, word: &str) -> String {
        if word.len() < SHORTEST_WORD_WITH_A_SLIP || self.long_words.contains(word) {
            return word.to_owned();
        }
        let mut near = self
            .long_words
            .iter()
            .filter(|known| known.len().abs_diff(word.len()) <= 1 && strsim::osa_distance(known, word) == 1);
        match (near.next(), near.next()) {
            (Some(only), None) => only.clone(),
            _ => word.to_owned(),
        }
    }
}

/// Returns the words of a text as they are compared: small letters, no accents, letters and digits apart.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let continues = c.is_alphanumeric()
            && word.chars().next_back().is_none_or(|last| last.is_numeric() == c.is_numeric());
        if !continues && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.push(c);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
