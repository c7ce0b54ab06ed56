//! All rules together: which version, and how old.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use ldn_core::data::{Problems, Status, id_of, parse_into};
use serde::Deserialize;

use super::answer::RuleSetVersion;
use super::facts::TERMS;
use super::lexicon::{Lexicon, TermFile};
use super::rule::{Rule, Value};
use super::rules::CHECKS;

/// The files under `data/screen`, compiled in.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/screen_files.rs"));

static SHIPPED: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::read(FILES.iter().copied()).expect("a test reads every file that is compiled in")
});

/// The rules of screening, with the words they look for.
#[derive(Clone, Debug)]
pub struct RuleSet {
    about: About,
    rules: BTreeMap<String, Rule>,
    lexicon: Lexicon,
}

/// `ruleset.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    id: String,
    title: String,
    version: String,
    #[serde(deserialize_with = "date")]
    date: Date,
    stale_after_days: u16,
    status: Status,
    pub(super) not_checked: Vec<String>,
    pub(super) not_on_file: NotOnFile,
}

/// What would be worth a look where it is missing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotOnFile {
    pub(super) urine_opioid_screen: String,
    pub(super) liver: String,
    pub(super) bilirubin: String,
    pub(super) kidney: String,
    pub(super) mood: String,
    pub(super) thyroid: String,
    pub(super) pregnancy_test: String,
}

fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let found = toml::value::Datetime::deserialize(deserializer)?;
    found.to_string().parse().map_err(serde::de::Error::custom)
}

impl RuleSet {
    /// Returns what is compiled in; read and checked once.
    pub fn shipped() -> &'static RuleSet {
        &SHIPPED
    }

    /// Returns the paths of the files that are compiled in, with their texts.
    pub fn shipped_files() -> &'static [(&'static str, &'static str)] {
        FILES
    }

    /// Reads a rule set from the paths inside `data/` and the texts of its files.
    ///
    /// # Errors
    /// All problems of all files at once; a rule that is missing is one.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<RuleSet, Problems> {
        let mut problems = Problems::new();
        let (mut about, mut rules, mut terms) = (None, BTreeMap::new(), Vec::new());
        for (file, text) in files {
            if file.starts_with("screen/rules/") {
                if let Some(rule) = parse_into::<Rule>(file, text, &mut problems) {
                    rule.check(file, &mut problems);
                    rules.insert(rule.id.clone(), rule);
                }
            } else if file.starts_with("screen/terms/") {
                terms.extend(
                    parse_into::<TermFile>(file, text, &mut problems).map(|read| (file.to_owned(), read)),
                );
            } else if let Some(read) = parse_into::<About>(file, text, &mut problems) {
                read.check(file, &mut problems);
                about = Some(read);
            }
        }
        check_complete(&rules, &mut problems);
        let lexicon = Lexicon::new(terms, &mut problems);
        for term in TERMS.iter().filter(|term| !lexicon.has_term(term)) {
            problems.value("screen/terms/*.toml", "terms", term, "a term, because a rule asks about it");
        }
        let Some(about) = about else {
            problems.value("screen/ruleset.toml", "file", "missing", "the version of the rules");
            return Err(problems);
        };
        problems.or(RuleSet { about, rules, lexicon })
    }

    /// Returns a rule with everything that is known about it.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// Returns all rules by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// Returns which rules these are.
    pub fn version(&self) -> RuleSetVersion {
        let About { id, version, date, .. } = &self.about;
        RuleSetVersion { id: id.clone(), version: version.clone(), date: *date }
    }

    /// Returns the name of the rule set.
    pub fn title(&self) -> &str {
        &self.about.title
    }

    /// Returns how far the rule set as a whole has been checked.
    pub fn status(&self) -> Status {
        self.about.status
    }

    /// Says that the rules are too old on a day; `None` while they are not.
    pub fn outdated(&self, today: Date) -> Option<String> {
        let About { version, date, stale_after_days, .. } = &self.about;
        let age = date.until(today).map_or(0, |span| span.get_days());
        (age > i32::from(*stale_after_days)).then(|| {
            format!(
                "THE RULES ARE OLD: version {version} of {date} is {age} days old on {today}, more than \
                 {stale_after_days}. Labels and recalls since then are not in it; update before relying on it."
            )
        })
    }

    /// Returns the words that rules look for.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    pub(super) fn about(&self) -> &About {
        &self.about
    }
}

impl About {
    fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        if self.stale_after_days == 0 {
            problems.value(file, "stale_after_days", 0, "at least 1");
        }
    }
}

/// Notes every check without its rule or its numbers, and every rule without its check.
fn check_complete(rules: &BTreeMap<String, Rule>, problems: &mut Problems) {
    for check in &CHECKS {
        let file = format!("screen/rules/{}.toml", check.rule);
        let Some(rule) = rules.get(check.rule) else {
            problems.value(&file, "file", "missing", "every rule that is checked");
            continue;
        };
        for name in check.reads {
            let found = rule.parameters.get(*name).map(|parameter| &parameter.value);
            if !matches!(found, Some(Value::Number(_) | Value::Numbers(_))) {
                problems.value(&file, name, "missing", "a number, which the check of this rule reads");
            }
        }
    }
    for id in rules.keys().filter(|id| CHECKS.iter().all(|check| check.rule != id.as_str())) {
        problems.value(&format!("screen/rules/{id}.toml"), "id", id, "a rule that is checked somewhere");
    }
}
