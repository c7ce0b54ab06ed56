//! The mark of a source: a tap shows what it is, how many people it rests on, and what kind of knowledge that is.

use ldn_care::screen::RuleSet;
use ldn_core::data::{Source, SourceKind, Status};
use ldn_evidence::Library;

use crate::words::Words;

/// What a tap on the mark of a source shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceMark {
    /// Enough to find it; English, as published.
    pub(crate) citation: Option<String>,
    /// How many people it rests on, in words.
    pub(crate) size: Option<String>,
    /// What kind of knowledge it is, in words.
    pub(crate) grade: String,
    /// Whether it was read, in words.
    pub(crate) status: Option<String>,
}

impl SourceMark {
    /// Returns the mark of a source by its id; one that the library does not have is named as what was prescribed.
    pub(crate) fn of(words: Words, id: &str) -> SourceMark {
        let library = Library::shipped();
        match library.source(id) {
            Some(source) => SourceMark {
                citation: Some(source.citation.clone()),
                size: Some(size(words, library, &source.id)),
                grade: words.say(grade(source.kind)),
                status: Some(words.say(status(source))),
            },
            None => SourceMark {
                citation: None,
                size: None,
                grade: words.say("plan-grade-prescribed"),
                status: None,
            },
        }
    }

    /// Returns the marks of the sources of a rule of screening; none for a rule that does not exist.
    pub(crate) fn of_rule(words: Words, rule: &str) -> Vec<SourceMark> {
        let sources = RuleSet::shipped().rule(rule).map_or(&[][..], |rule| &rule.sources);
        sources.iter().map(|id| SourceMark::of(words, id)).collect()
    }
}

/// How many people took part in the trials that were read in a source.
fn size(words: Words, library: &Library, id: &str) -> String {
    let trials =
        library.trials().filter(|trial| trial.source == id || trial.also_in.iter().any(|other| other == id));
    // The same people stand in two trials only if one of them says so.
    let counted =
        trials.filter(|trial| trial.same_people_as.is_none()).filter_map(|trial| trial.n_randomised);
    match counted.sum::<u32>() {
        0 => words.say("plan-size-unknown"),
        people => words.count("plan-size", people),
    }
}

const fn grade(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Trial => "plan-grade-trial",
        SourceKind::Registration => "plan-grade-registration",
        SourceKind::Review => "plan-grade-review",
        SourceKind::Study | SourceKind::DataSet => "plan-grade-study",
        SourceKind::Guidance => "plan-grade-guidance",
        SourceKind::Label => "plan-grade-label",
        SourceKind::Reference => "plan-grade-reference",
        SourceKind::LayArticle | SourceKind::News => "plan-grade-article",
        SourceKind::PracticePage => "plan-grade-practice",
    }
}

const fn status(source: &Source) -> &'static str {
    match source.status {
        Status::Seen | Status::Reviewed => "plan-status-seen",
        Status::Recalled | Status::Proposed | Status::Judgement => "plan-status-recalled",
    }
}
