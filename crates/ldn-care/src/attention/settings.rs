//! The numbers and words of the list, and the danger words of free text, as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ldn_core::data::{Problems, Status, id_of, parse_into};
use serde::Deserialize;

use crate::screen::RuleSet;

/// The files under `data/attention`, compiled in.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/attention_files.rs"));

static SHIPPED: LazyLock<AttentionRules> = LazyLock::new(|| {
    AttentionRules::read(FILES.iter().copied()).expect("a test reads every file that is compiled in")
});

/// Keys of the words, each with what is filled in.
const WORDS: [&str; 10] = [
    "held",
    "not-recognised",
    "danger",
    "severe-effect",
    "step-coming",
    "review-due",
    "plan-ends",
    "silent",
    "never-wrote",
    "not-planned",
];

/// The numbers, words and danger words of the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttentionRules {
    id: String,
    status: Status,
    #[expect(dead_code, reason = "for the reader of the file")]
    checked: String,
    silent_days: Count,
    long_silent_days: Count,
    step_in_sight_days: Count,
    review_open_days: Count,
    plan_ends_days: Count,
    in_sight_days: Count,
    #[serde(rename = "danger")]
    dangers: Vec<Danger>,
    words: BTreeMap<String, String>,
}

/// Danger words that may belong to a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Danger {
    pub(super) rule: String,
    /// Whether somebody must read it today.
    pub(super) urgent: bool,
    words: Vec<String>,
}

/// A number of days with how far it has been checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    value: u16,
    #[expect(dead_code, reason = "for the reader of the file; required of every number")]
    status: Status,
    #[expect(dead_code, reason = "for the reader of the file; required of every number")]
    note: String,
}

impl AttentionRules {
    /// Returns those that are compiled in.
    pub fn shipped() -> &'static AttentionRules {
        &SHIPPED
    }

    /// Reads them from the paths inside `data/` and the texts of their files.
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<AttentionRules, Problems> {
        let mut problems = Problems::new();
        let mut found = None;
        for (file, text) in files {
            if let Some(read) = parse_into::<AttentionRules>(file, text, &mut problems) {
                read.check(file, &mut problems);
                found = Some(read);
            }
        }
        match found {
            Some(found) => problems.or(found),
            None => {
                problems.value("attention/list.toml", "file", "missing", "the numbers of the list");
                Err(problems)
            }
        }
    }

    fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        for code in WORDS {
            if self.words.get(code).is_none_or(|text| text.trim().is_empty()) {
                problems.value(file, &format!("words.{code}"), "missing", "words for the prescriber");
            }
        }
        for danger in &self.dangers {
            if RuleSet::shipped().rule(&danger.rule).is_none() {
                problems.value(file, "danger.rule", &danger.rule, "the id of a rule of screening");
            }
        }
        if self.long_silent_days.value < self.silent_days.value {
            problems.value(file, "long_silent_days", self.long_silent_days.value, "at least silent_days");
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn status(&self) -> Status {
        self.status
    }

    pub(super) fn silent_days(&self) -> i64 {
        i64::from(self.silent_days.value)
    }

    pub(super) fn long_silent_days(&self) -> i64 {
        i64::from(self.long_silent_days.value)
    }

    pub(super) fn step_in_sight_days(&self) -> i64 {
        i64::from(self.step_in_sight_days.value)
    }

    pub(super) fn review_open_days(&self) -> i64 {
        i64::from(self.review_open_days.value)
    }

    pub(super) fn plan_ends_days(&self) -> i64 {
        i64::from(self.plan_ends_days.value)
    }

    pub(super) fn in_sight_days(&self) -> i64 {
        i64::from(self.in_sight_days.value)
    }

    /// Returns words with values in their places.
    pub(super) fn words(&self, code: &str, values: &[(&str, String)]) -> String {
        let text = self.words.get(code).map_or("", String::as_str);
        values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// Returns the danger words in a text, each rule once, with the word as it stands in the list.
    pub(super) fn dangers_in(&self, text: &str) -> Vec<(&Danger, String)> {
        let text = plain(text);
        let found = self.dangers.iter().filter_map(|danger| {
            let word = danger.words.iter().find(|word| contains(&text, word))?;
            Some((danger, word.trim_end_matches('*').to_owned()))
        });
        found.collect()
    }
}

/// Writes a text in small letters, single spaces and nothing but letters, digits and hyphens.
fn plain(text: &str) -> String {
    let letters = text.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { ' ' });
    let text: String = letters.flat_map(char::to_lowercase).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns true if a text has a word, or several in a row; a star stands for any ending of the last.
fn contains(text: &str, word: &str) -> bool {
    let padded = format!(" {text} ");
    match word.strip_suffix('*') {
        Some(stem) => padded.contains(&format!(" {stem}")),
        None => padded.contains(&format!(" {word} ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_words_are_whole_words_and_every_rule_exists() {
        let numbers = AttentionRules::shipped();
        let rules = |text: &str| -> Vec<String> {
            numbers.dangers_in(text).into_iter().map(|(danger, _)| danger.rule.clone()).collect()
        };
        for (text, expected) in [
            ("Took a TRAMADOL last night.", vec!["OP-22"]),
            ("My co-operational mood", vec![]),
            ("surgery, and I am suicidal", vec!["PS-01", "SU-01"]),
            ("I can’t breathe", vec!["AL-03"]),
            ("Slept well", vec![]),
        ] {
            assert_eq!(rules(text), expected, "{text:?}");
        }
    }
}
