//! Names of side effects as people write them in a diary.

use super::settings::Adaptation;
use crate::screen::RuleSet;

/// What a side effect asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// The cell says that there was none.
    None,
    /// A side effect, recognised or not: a word that nobody knows is a side effect too.
    Other,
    /// Dreams or sleep.
    Sleep,
    /// Signs of the liver.
    StopSameDay,
    /// Signs of a severe allergic reaction.
    Emergency,
}

/// Returns what a text of a diary asks for; the gravest of what it holds.
pub(super) fn effect(text: &str, adaptation: &Adaptation, rules: &RuleSet) -> Effect {
    let words = words_of(text);
    let screened = rules.lexicon().find(text);
    let is_screened = |terms: &[String]| terms.iter().any(|term| screened.contains(term.as_str()));
    let holds = |terms: &[String]| terms.iter().any(|term| holds(&words, term));
    if is_screened(&adaptation.emergency.screening_terms) || holds(&adaptation.emergency.terms) {
        Effect::Emergency
    } else if is_screened(&adaptation.stop_same_day.screening_terms) || holds(&adaptation.stop_same_day.terms)
    {
        Effect::StopSameDay
    } else if holds(&adaptation.sleep.terms) {
        Effect::Sleep
    } else if adaptation.none.terms.iter().any(|term| words.join(" ") == *term) {
        Effect::None
    } else {
        Effect::Other
    }
}

/// Returns true if a text is a side effect that the lists know.
pub(super) fn is_known(text: &str, adaptation: &Adaptation) -> bool {
    let words = words_of(text);
    let lists = [&adaptation.other.terms, &adaptation.sleep.terms];
    lists.into_iter().flatten().any(|term| holds(&words, term))
}

fn words_of(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns true if a run of whole words matches; a star stands for the rest of a word.
fn holds(words: &[String], term: &str) -> bool {
    let pattern: Vec<&str> = term.split(' ').collect();
    let matches = |(word, pattern): (&String, &&str)| match pattern.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == pattern,
    };
    words.windows(pattern.len()).any(|run| run.iter().zip(&pattern).all(matches))
}
