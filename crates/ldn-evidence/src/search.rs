//! Search over everything in the library: words, their synonyms, and one typo per word.

use std::collections::{BTreeMap, BTreeSet};

use ldn_core::data::Source;
use serde::Serialize;

use crate::claim::{Claim, Verdict};
use crate::contradiction::Contradiction;
use crate::kind::Kind;
use crate::library::Library;
use crate::meta_analysis::MetaAnalysis;
use crate::trial::Trial;

/// What a search found, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found<'a> {
    /// Words that were read as others, with what they were read as.
    pub read_as: Vec<ReadAs>,
    /// Words beyond the first [`MOST_WORDS`], which were not looked for.
    pub ignored: Vec<String>,
    /// Hits: those with all words first, then by score.
    pub hits: Vec<Hit<'a>>,
}

/// A word that occurs nowhere, and the word it was read as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadAs {
    /// As typed.
    pub typed: String,
    /// As searched.
    pub read: String,
}

/// One thing that was found; verdict and source come first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit<'a> {
    /// How the best source judges it, for a claim.
    pub verdict: Option<Verdict>,
    /// The sources that carry it.
    pub sources: Vec<&'a str>,
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: &'a str,
    /// What it says.
    pub title: &'a str,
    /// Whether every word was found.
    pub all_words: bool,
    /// The words that were not.
    pub missing: Vec<String>,
    /// Higher is better; comparable within one search only.
    pub score: f64,
}

/// The most words that one search looks for.
pub const MOST_WORDS: usize = 32;
/// Words that say nothing by themselves, as [`tokens`] leaves them.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "at", "be", "by", "can", "do", "doe", "for", "from", "help", "how", "i", "in",
    "is", "it", "my", "of", "on", "or", "the", "to", "what", "when", "why", "with", "work",
];
/// Claims, contradictions, trials and reviews are about LDN, also where they do not say so.
const ABOUT_LDN: &str = "ldn";
/// How much a match counts: by field, and by how it was found.
const FIELD_WEIGHTS: [f64; 3] = [3.0, 2.0, 1.0];
const BY_SYNONYM: f64 = 0.8;
const BY_PREFIX: f64 = 0.6;
/// Words shorter than this are not corrected and not completed.
const CORRECTED_FROM: usize = 4;

impl Library {
    /// Finds what the words say, by any of their synonyms and with one typo per word of four letters or more.
    pub fn search(&self, words: &str) -> Found<'_> {
        let documents = self.documents();
        let vocabulary = vocabulary(&documents, self.synonyms());
        let mut typed = without_stop_words(unique(tokens(words)));
        let ignored = typed.split_off(typed.len().min(MOST_WORDS));
        let (read, read_as) = corrected(&typed, &vocabulary);
        let concepts = self.concepts(&read, &vocabulary);
        let weights: Vec<f64> = concepts.iter().map(|concept| rarity(concept, &documents)).collect();
        let mut hits: Vec<Hit> =
            documents.iter().filter_map(|document| document.hit(&concepts, &weights)).collect();
        hits.sort_by(|a, b| {
            (b.all_words.cmp(&a.all_words))
                .then(b.score.total_cmp(&a.score))
                .then(a.kind.cmp(&b.kind))
                .then(a.id.cmp(b.id))
        });
        Found { read_as, ignored, hits }
    }

    /// Everything that can be found.
    fn documents(&self) -> Vec<Document<'_>> {
        let reviews = self.meta_analyses().map(|review| {
            let title = self.source(&review.source).map_or(review.id.as_str(), |source| &source.citation);
            Document::of_review(review, title)
        });
        self.claims()
            .map(Document::of_claim)
            .chain(self.contradictions().map(Document::of_contradiction))
            .chain(self.trials().map(Document::of_trial))
            .chain(reviews)
            .chain(self.sources().map(Document::of_source))
            .collect()
    }

    /// What was asked for, each as the ways in which a text may say it.
    fn concepts(&self, read: &[String], vocabulary: &BTreeMap<String, usize>) -> Vec<Concept> {
        let groups: Vec<Vec<Vec<String>>> =
            self.synonyms().iter().map(|group| group.iter().map(|phrase| tokens(phrase)).collect()).collect();
        let mut concepts = Vec::new();
        let mut rest = read;
        while !rest.is_empty() {
            let phrase = groups
                .iter()
                .flat_map(|group| group.iter().map(move |phrase| (phrase, group)))
                .filter(|(phrase, _)| !phrase.is_empty() && rest.starts_with(phrase))
                .max_by_key(|(phrase, _)| phrase.len());
            let (length, others) = phrase.map_or((1, &[][..]), |(phrase, group)| (phrase.len(), &group[..]));
            let own = rest[..length].to_vec();
            concepts.push(Concept {
                said: own.join(" "),
                is_prefix: length == 1
                    && own[0].chars().count() >= CORRECTED_FROM
                    && vocabulary.get(&own[0]).is_none_or(|count| *count == 0),
                synonyms: others.iter().filter(|phrase| **phrase != own).cloned().collect(),
                own,
            });
            rest = &rest[length..];
        }
        concepts
    }
}

/// Keeps the first of equal names.
fn once_each<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept = Vec::new();
    for name in names {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

/// One thing that can be found.
struct Document<'a> {
    verdict: Option<Verdict>,
    sources: Vec<&'a str>,
    kind: Kind,
    id: &'a str,
    title: &'a str,
    /// Words of its heading, of its key facts, of the rest.
    fields: [Vec<String>; 3],
}

/// Something asked for.
struct Concept {
    said: String,
    own: Vec<String>,
    synonyms: Vec<Vec<String>>,
    is_prefix: bool,
}

impl Concept {
    /// How well a text says it: 0 not at all, 1 in the very words.
    fn strength(&self, field: &[String]) -> f64 {
        if contains(field, &self.own) {
            return 1.0;
        }
        if self.synonyms.iter().any(|phrase| contains(field, phrase)) {
            return BY_SYNONYM;
        }
        let begins = self.is_prefix && field.iter().any(|word| word.starts_with(&self.own[0]));
        if begins { BY_PREFIX } else { 0.0 }
    }
}

impl<'a> Document<'a> {
    fn of_claim(claim: &'a Claim) -> Document<'a> {
        let key = [ABOUT_LDN, claim.topic.title(), opt(&claim.numbers_as_said)].join(" ");
        Document {
            verdict: Some(claim.verdict),
            kind: Kind::Claim,
            id: &claim.id,
            title: &claim.paraphrase,
            fields: fields(&[&claim.paraphrase, &claim.id], &key, claim.basis()),
            sources: claim.carried_by.iter().map(String::as_str).collect(),
        }
    }

    fn of_contradiction(found: &'a Contradiction) -> Document<'a> {
        let says = found.sides.iter().map(|side| side.says.as_str());
        let key = std::iter::once(ABOUT_LDN).chain(says).collect::<Vec<_>>().join(" ");
        Document {
            verdict: None,
            kind: Kind::Contradiction,
            id: &found.id,
            title: &found.title,
            fields: fields(&[&found.title, &found.id], &key, &found.reading),
            sources: once_each(found.sides.iter().flat_map(|side| side.sources.iter().map(String::as_str))),
        }
    }

    fn of_trial(trial: &'a Trial) -> Document<'a> {
        let outcomes = trial.results.iter().map(|row| row.outcome.as_str());
        let events = trial.adverse_events.iter().map(|event| event.event.as_str());
        let key = std::iter::once(ABOUT_LDN).chain(outcomes).chain(events).collect::<Vec<_>>().join(" ");
        Document {
            verdict: None,
            kind: Kind::Trial,
            id: &trial.id,
            title: &trial.name,
            fields: fields(&[&trial.name, &trial.id, &trial.condition], &key, opt(&trial.note)),
            sources: vec![&trial.source],
        }
    }

    fn of_review(review: &'a MetaAnalysis, title: &'a str) -> Document<'a> {
        let outcomes = review.estimates.iter().map(|estimate| estimate.outcome.as_str());
        let events = review.adverse_events.iter().map(|event| event.event.as_str());
        let key = std::iter::once(ABOUT_LDN).chain(outcomes).chain(events).collect::<Vec<_>>().join(" ");
        Document {
            verdict: None,
            kind: Kind::MetaAnalysis,
            id: &review.id,
            title,
            fields: fields(&[title, &review.id], &key, &review.included),
            sources: vec![&review.source],
        }
    }

    fn of_source(source: &'a Source) -> Document<'a> {
        Document {
            verdict: None,
            kind: Kind::Source,
            id: &source.id,
            title: &source.citation,
            fields: fields(&[&source.citation, &source.id], &source.also_called.join(" "), opt(&source.note)),
            sources: vec![&source.id],
        }
    }

    fn score_of(&self, concept: &Concept) -> f64 {
        let weighted = self.fields.iter().zip(FIELD_WEIGHTS).map(|(f, weight)| weight * concept.strength(f));
        weighted.fold(0.0, f64::max)
    }

    fn hit(&self, concepts: &[Concept], weights: &[f64]) -> Option<Hit<'a>> {
        let scores: Vec<f64> = concepts.iter().map(|concept| self.score_of(concept)).collect();
        let score: f64 = scores.iter().zip(weights).map(|(score, weight)| score * weight).sum();
        let missing: Vec<String> = concepts
            .iter()
            .zip(&scores)
            .filter(|(_, score)| **score == 0.0)
            .map(|(concept, _)| concept.said.clone())
            .collect();
        (missing.len() < concepts.len()).then(|| Hit {
            verdict: self.verdict,
            sources: self.sources.clone(),
            kind: self.kind,
            id: self.id,
            title: self.title,
            all_words: missing.is_empty(),
            missing,
            score,
        })
    }
}

fn opt(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn fields(heading: &[&str], key: &str, rest: &str) -> [Vec<String>; 3] {
    [tokens(&heading.join(" ")), tokens(key), tokens(rest)]
}

/// The words of a text: lower case, without possessives and plurals.
fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace("'s", "")
        .replace('’', "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

/// Takes the plural off a word, roughly; the same for a text and for what is asked of it.
fn singular(word: &str) -> String {
    let long = word.len() > 3;
    if long && word.ends_with("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    let keeps = word.ends_with("ss") || word.ends_with("us") || word.ends_with("is");
    if long && word.ends_with('s') && !keeps { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// Each word once, in the order typed.
fn unique(words: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

fn without_stop_words(words: Vec<String>) -> Vec<String> {
    let telling: Vec<String> =
        words.iter().filter(|word| !STOP_WORDS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// Every word there is, with the number of documents that have it.
fn vocabulary(documents: &[Document], synonyms: &[Vec<String>]) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for document in documents {
        let words: BTreeSet<&String> = document.fields.iter().flatten().collect();
        for word in words {
            *count.entry(word.clone()).or_default() += 1;
        }
    }
    for word in synonyms.iter().flatten().flat_map(|phrase| tokens(phrase)) {
        count.entry(word).or_default();
    }
    count
}

/// Replaces each word that occurs nowhere, and begins none, by the commonest word one typo away.
fn corrected(typed: &[String], vocabulary: &BTreeMap<String, usize>) -> (Vec<String>, Vec<ReadAs>) {
    let mut read_as = Vec::new();
    let read = typed.iter().map(|word| {
        // A digit in a word makes it a dose, a year or a registration, where one typo is another thing.
        let long = word.chars().count() >= CORRECTED_FROM && word.chars().all(char::is_alphabetic);
        let known =
            vocabulary.contains_key(word) || vocabulary.keys().any(|other| other.starts_with(word.as_str()));
        if !long || known {
            return word.clone();
        }
        let near = vocabulary.iter().filter(|(other, _)| is_one_typo_away(word, other));
        match near.max_by_key(|(_, count)| **count) {
            Some((other, _)) => {
                read_as.push(ReadAs { typed: word.clone(), read: other.clone() });
                other.clone()
            }
            None => word.clone(),
        }
    });
    let read = read.collect();
    (read, read_as)
}

/// Whether one letter too many, too few, wrong, or two swapped turn one word into the other.
fn is_one_typo_away(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[same..], &b[same..]);
    let skip = |rest: &[char], n: usize| rest.get(n..).map(<[char]>::to_vec);
    let swapped = rest_a.len() > 1
        && rest_b.len() > 1
        && rest_a[0] == rest_b[1]
        && rest_a[1] == rest_b[0]
        && rest_a[2..] == rest_b[2..];
    swapped
        || skip(rest_a, 1) == skip(rest_b, 1)
        || skip(rest_a, 1).as_deref() == Some(rest_b)
        || skip(rest_b, 1).as_deref() == Some(rest_a)
}

fn contains(field: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && field.windows(phrase.len()).any(|window| window == phrase)
}

/// How telling a concept is: the fewer documents say it, the more.
fn rarity(concept: &Concept, documents: &[Document]) -> f64 {
    let saying = documents.iter().filter(|document| document.score_of(concept) > 0.0).count();
    libm::log(1.0 + documents.len() as f64 / (1.0 + saying as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typo_is_forgiven_and_two_are_not() {
        for (typed, meant, is) in [
            ("nightmaers", "nightmares", true),
            ("nigtmare", "nightmare", true),
            ("nightmaree", "nightmare", true),
            ("nightmarx", "nightmare", true),
            ("nightmare", "nightmare", true),
            ("nigthmaer", "nightmare", false),
            ("pain", "gout", false),
            ("", "a", true),
        ] {
            assert_eq!(is_one_typo_away(typed, meant), is, "{typed} {meant}");
            assert_eq!(is_one_typo_away(meant, typed), is, "{meant} {typed}");
        }
    }

    #[test]
    fn words_lose_plural_and_possessive() {
        let same = [
            ("Crohn's disease", vec!["crohn", "disease"]),
            ("low-dose", vec!["low", "dose"]),
            ("studies", vec!["study"]),
            ("fibromyalgia, pains", vec!["fibromyalgia", "pain"]),
            ("virus", vec!["virus"]),
        ];
        for (text, words) in same {
            assert_eq!(tokens(text), words, "{text}");
        }
    }
}
