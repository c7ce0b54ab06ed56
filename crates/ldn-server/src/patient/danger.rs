//! What to do now, in an emergency: short pages that need no account and no network.
//!
//! Each quotes the sense of rules of screening, which its foot names with their sources; a test checks that every rule of
//! an emergency has a page.

mod numbers;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use ldn_care::screen::RuleSet;
use ldn_evidence::Library;

use crate::frame::Frame;
use crate::look::Look;
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::words::{Language, Words};
use numbers::{Numbers, Whom};

/// Something that cannot wait.
struct Topic {
    slug: &'static str,
    /// How many steps its words have.
    steps: usize,
    /// Help is needed now, not only advice.
    emergency: bool,
    /// Whom to call, the most urgent first.
    call: &'static [Whom],
    /// The rules of screening behind it.
    rules: &'static [&'static str],
}

const TOPICS: [Topic; 8] = [
    Topic {
        slug: "opioid",
        steps: 4,
        emergency: false,
        call: &[Whom::Emergency],
        rules: &["OP-22", "OP-21", "OP-23"],
    },
    Topic { slug: "withdrawal", steps: 3, emergency: true, call: &[Whom::Emergency], rules: &["OP-21"] },
    Topic { slug: "allergy", steps: 3, emergency: true, call: &[Whom::Emergency], rules: &["AL-03"] },
    Topic { slug: "yellow-skin", steps: 3, emergency: true, call: &[Whom::Emergency], rules: &["HP-04"] },
    Topic {
        slug: "self-harm",
        steps: 3,
        emergency: true,
        call: &[Whom::Emergency, Whom::Crisis],
        rules: &["PS-01"],
    },
    Topic {
        slug: "too-much",
        steps: 3,
        emergency: true,
        call: &[Whom::Poison, Whom::Emergency],
        rules: &["UN-05b"],
    },
    Topic {
        slug: "surgery",
        steps: 4,
        emergency: false,
        call: &[Whom::Emergency],
        rules: &["SU-01", "SU-02"],
    },
    Topic { slug: "pregnant", steps: 3, emergency: false, call: &[], rules: &["PR-01"] },
];

/// A link to a page of danger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DangerLink {
    /// What happened.
    pub(crate) name: String,
    /// Where it says what to do.
    pub(crate) address: String,
}

/// What to do now.
#[derive(Template)]
#[template(path = "danger/page.html")]
pub(crate) struct DangerPage {
    frame: Frame,
    title: String,
    emergency: bool,
    steps: Vec<String>,
    calls: Vec<Call>,
    sources: Vec<String>,
    others: Vec<DangerLink>,
}

/// Whom to call, and their numbers.
struct Call {
    name: String,
    numbers: Vec<NumberLine>,
}

struct NumberLine {
    place: String,
    number: String,
    dial: String,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/danger/{slug}", get(in_own_language)).route("/danger/{language}/{slug}", get(show))
}

/// Returns the links of the diary's foot.
pub(crate) fn links(words: Words) -> Vec<DangerLink> {
    let link = |topic: &Topic| DangerLink {
        name: words.say(&format!("danger-{}", topic.slug)),
        address: address(words.language(), topic),
    };
    TOPICS.iter().map(link).collect()
}

/// Returns every address, for the service worker to keep.
pub(crate) fn addresses() -> Vec<String> {
    let of_language = |language| TOPICS.iter().map(move |topic| address(language, topic));
    Language::ALL.into_iter().flat_map(of_language).collect()
}

/// Returns every page in the language of a look.
pub(crate) fn pages(look: Look) -> Vec<DangerPage> {
    TOPICS.iter().map(|topic| DangerPage::of(topic, look)).collect()
}

fn address(language: Language, topic: &Topic) -> String {
    format!("/danger/{}/{}", language.code(), topic.slug)
}

async fn in_own_language(look: Look, Path(slug): Path<String>) -> Response {
    match find(&slug) {
        Some(topic) => Redirect::to(&address(look.language, topic)).into_response(),
        None => Trouble::Missing.into_page(look),
    }
}

async fn show(look: Look, Path((language, slug)): Path<(String, String)>) -> Response {
    match (Language::from_code(&language), find(&slug)) {
        (Some(language), Some(topic)) => {
            rendered(&DangerPage::of(topic, Look { language, ..look })).into_response()
        }
        _ => Trouble::Missing.into_page(look),
    }
}

fn find(slug: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.slug == slug)
}

impl DangerPage {
    fn of(topic: &Topic, look: Look) -> DangerPage {
        let words = look.words();
        let others = links(words).into_iter().filter(|link| link.address != address(words.language(), topic));
        DangerPage {
            // Without a language in it, so that a change of language at the foot is followed.
            frame: Frame::plain(look, &format!("/danger/{}", topic.slug)),
            title: words.say(&format!("danger-{}", topic.slug)),
            emergency: topic.emergency,
            steps: (1..=topic.steps)
                .map(|step| words.say(&format!("danger-{}-{step}", topic.slug)))
                .collect(),
            calls: topic.call.iter().map(|whom| call(*whom, words)).collect(),
            sources: sources(topic),
            others: others.collect(),
        }
    }
}

fn call(whom: Whom, words: Words) -> Call {
    let line = |number: &numbers::Number| NumberLine {
        place: words.say(&format!("danger-place-{}", number.place)),
        number: number.number.clone(),
        dial: number.number.chars().filter(char::is_ascii_digit).collect(),
    };
    Call { name: words.say(whom.code()), numbers: Numbers::shipped().of(whom).map(line).collect() }
}

fn sources(topic: &Topic) -> Vec<String> {
    let library = Library::shipped();
    let mut cited = Vec::new();
    for rule in topic.rules.iter().filter_map(|id| RuleSet::shipped().rule(id)) {
        let ids = rule.sources.iter().filter_map(|id| library.source(id));
        let citations: Vec<&str> = ids.map(|source| source.citation.as_str()).collect();
        cited.push(format!("{} ({}): {}", rule.id, rule.title, citations.join("; ")));
    }
    cited
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Theme;
    use ldn_care::screen::Severity;

    #[test]
    fn every_emergency_of_the_screening_has_a_page() {
        let covered: Vec<&str> = TOPICS.iter().flat_map(|topic| topic.rules).copied().collect();
        for rule in RuleSet::shipped().rules().filter(|rule| rule.severity == Severity::Emergency) {
            assert!(covered.contains(&rule.id.as_str()), "{} has no page", rule.id);
        }
        assert!(covered.iter().all(|id| RuleSet::shipped().rule(id).is_some()), "{covered:?}");
    }

    #[test]
    fn every_page_says_all_its_words_in_every_language() {
        for language in Language::ALL {
            for page in pages(Look { theme: Theme::Auto, language }) {
                let html = rendered(&page).0;
                assert!(!html.contains("danger-place-") && !html.contains(">danger-"), "{html}");
                assert!(!page.sources.is_empty(), "{}", page.title);
            }
        }
    }

    #[test]
    fn no_emergency_is_without_a_number() {
        for topic in TOPICS.iter().filter(|topic| topic.emergency) {
            assert!(topic.call.contains(&Whom::Emergency), "{}", topic.slug);
        }
    }
}
