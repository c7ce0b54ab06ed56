//! One thing of the library in lines: what it says, how far it was checked, what carries it, and who disagrees.

use ldn_evidence::show::{ClaimShown, ContradictionShown, MetaAnalysisShown, Shown, SourceShown, TrialShown};
use ldn_evidence::trial::ResultRow;
use ldn_evidence::{Claim, Contradiction, Library, MetaAnalysis, Source, Trial};

use super::Link;
use crate::words::Words;

/// The most plots of one page.
const MOST_PLOTS: usize = 2;

/// One thing in lines.
pub(super) struct Facts {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) lines: Vec<[String; 2]>,
    /// Heading and links.
    pub(super) links: Vec<(String, Vec<Link>)>,
}

impl Facts {
    /// Returns a thing of any kind, or a pooled outcome, with the outcomes to be drawn beside it; `None` if there is none.
    pub(super) fn of(words: Words, library: &Library, id: &str) -> Option<(Facts, Vec<String>)> {
        if let Some(outcome) = library.outcome(id) {
            let facts = Facts {
                kind: words.say("clinic-evidence-is-outcome"),
                title: outcome.title.clone(),
                lines: vec![
                    line(words, "compared", outcome.comparator.words()),
                    line(words, "unit", &outcome.unit),
                    line(words, "sign", &outcome.sign),
                ],
                links: Vec::new(),
            };
            return Some((facts, vec![outcome.id.clone()]));
        }
        let teller = Teller { words };
        Some(match library.show(id)? {
            Shown::Claim(shown) => (teller.claim(&shown), outcomes_of(library, &shown.trials)),
            Shown::Contradiction(shown) => {
                (teller.contradiction(&shown), outcomes_of(library, &shown.trials))
            }
            Shown::Trial(shown) => (
                teller.trial(&shown),
                shown.pooled_in.iter().map(|id| (*id).to_owned()).take(MOST_PLOTS).collect(),
            ),
            Shown::MetaAnalysis(shown) => {
                let outcomes = shown.outcomes.iter().map(|outcome| outcome.id.clone());
                (teller.review(&shown), outcomes.take(MOST_PLOTS).collect())
            }
            Shown::Source(shown) => (teller.source(&shown), outcomes_of(library, &shown.trials)),
        })
    }
}

/// The outcomes in which any of these trials is pooled.
fn outcomes_of(library: &Library, trials: &[&Trial]) -> Vec<String> {
    let mut outcomes: Vec<String> = Vec::new();
    for trial in trials {
        let Some(Shown::Trial(shown)) = library.show(&trial.id) else { continue };
        for id in shown.pooled_in {
            if !outcomes.iter().any(|known| known == id) {
                outcomes.push(id.to_owned());
            }
        }
    }
    outcomes.truncate(MOST_PLOTS);
    outcomes
}

fn line(words: Words, code: &str, text: &str) -> [String; 2] {
    [words.say(&format!("clinic-evidence-{code}")), text.to_owned()]
}

#[derive(Clone, Copy)]
struct Teller {
    words: Words,
}

impl Teller {
    fn line(self, code: &str, text: &str) -> Option<[String; 2]> {
        (!text.is_empty()).then(|| line(self.words, code, text))
    }

    fn optional(self, code: &str, text: Option<&String>) -> Option<[String; 2]> {
        text.and_then(|text| self.line(code, text))
    }

    fn is(self, what: &str) -> String {
        self.words.say(&format!("clinic-evidence-is-{what}"))
    }

    fn claim(self, shown: &ClaimShown<'_>) -> Facts {
        let claim = shown.claim;
        let verdict = match &claim.verdict_note {
            Some(note) => format!("{} ({note})", self.is(claim.verdict.id())),
            None => self.is(claim.verdict.id()),
        };
        let recalled = if claim.recalled_in_part { ", in part recalled" } else { "" };
        Facts {
            kind: self.is("claim"),
            title: claim.paraphrase.clone(),
            lines: [
                self.line("verdict", &verdict),
                self.optional("best", claim.best_source_says.as_ref()),
                self.optional("because", claim.reason.as_ref()),
                self.optional("as-said", claim.numbers_as_said.as_ref()),
                self.line("checked", &format!("{}{recalled}", claim.status.word())),
            ]
            .into_iter()
            .flatten()
            .collect(),
            links: self.linked([
                ("disputed", self.contradictions(&shown.contradictions)),
                ("carried-by", self.sources(&shown.carried_by)),
                ("said-by", self.sources(&shown.said_by)),
                ("also-cited", self.sources(&shown.also_cited)),
                ("trials", self.trials(&shown.trials)),
                ("reviews", self.reviews(&shown.meta_analyses)),
            ]),
        }
    }

    fn contradiction(self, shown: &ContradictionShown<'_>) -> Facts {
        let contradiction = shown.contradiction;
        let sides = contradiction.sides.iter().filter_map(|side| self.line("side", &side.says));
        let rest = [
            self.line("reading", &contradiction.reading),
            self.line("here", &contradiction.product),
            self.line("checked", contradiction.status.word()),
        ];
        Facts {
            kind: self.is("contradiction"),
            title: contradiction.title.clone(),
            lines: sides.chain(rest.into_iter().flatten()).collect(),
            links: self.linked([
                ("claims", self.claims(&shown.claims)),
                ("sources", self.sources(&shown.sources)),
                ("trials", self.trials(&shown.trials)),
            ]),
        }
    }

    fn trial(self, shown: &TrialShown<'_>) -> Facts {
        let trial = shown.trial;
        let mut particulars = vec![trial.design.words().to_owned(), trial.condition.clone()];
        particulars.extend(trial.n_randomised.map(|n| format!("{n} people")));
        particulars.extend(trial.dose_mg.map(|dose| format!("{dose} mg a day")));
        particulars.extend(trial.weeks.map(|weeks| format!("{weeks} weeks")));
        let results = trial.results.iter().filter_map(|row| self.line("result", &result(row)));
        let refused = shown
            .refused_in
            .iter()
            .filter_map(|refused| self.line("not-in", &format!("{}: {}", refused.outcome, refused.reason)));
        let first =
            [self.line("design", &particulars.join(", ")), self.optional("note", trial.note.as_ref())];
        Facts {
            kind: self.is("trial"),
            title: trial.name.clone(),
            lines: first.into_iter().flatten().chain(results).chain(refused).collect(),
            links: self.linked([
                ("disputed", self.contradictions(&shown.contradictions)),
                ("sources", self.sources(&shown.sources)),
                ("claims", self.claims(&shown.claims)),
            ]),
        }
    }

    fn review(self, shown: &MetaAnalysisShown<'_>) -> Facts {
        let review = shown.meta_analysis;
        let estimates = review.estimates.iter().filter_map(|estimate| {
            let mut numbers = vec![estimate.measure.clone()];
            numbers.extend(estimate.value.map(|value| value.to_string()));
            numbers.extend(estimate.ci.map(|[low, high]| format!("95 % interval {low} to {high}")));
            numbers.extend(estimate.finding.clone());
            self.line("estimate", &format!("{}: {}", estimate.outcome, numbers.join("; ")))
        });
        let rest = [self.optional("note", review.note.as_ref()), self.line("checked", review.status.word())];
        Facts {
            kind: self.is("meta-analysis"),
            title: review.included.clone(),
            lines: estimates.chain(rest.into_iter().flatten()).collect(),
            links: self.linked([
                ("disputed", self.contradictions(&shown.contradictions)),
                ("sources", self.sources(&shown.source.into_iter().collect::<Vec<_>>())),
                ("trials", self.trials(&shown.trials)),
                ("claims", self.claims(&shown.claims)),
            ]),
        }
    }

    fn source(self, shown: &SourceShown<'_>) -> Facts {
        let source = shown.source;
        Facts {
            kind: self.is("source"),
            title: source.citation.clone(),
            lines: [
                self.optional("doi", source.doi.as_ref()),
                self.optional("note", source.note.as_ref()),
                self.line("checked", source.status.word()),
            ]
            .into_iter()
            .flatten()
            .collect(),
            links: self.linked([
                ("disputed", self.contradictions(&shown.contradictions)),
                ("carries", self.claims(&shown.carries)),
                ("says", self.claims(&shown.says)),
                ("named-in", self.claims(&shown.mentioned_in)),
                ("trials", self.trials(&shown.trials)),
                ("reviews", self.reviews(&shown.meta_analyses)),
            ]),
        }
    }

    fn linked<const N: usize>(self, all: [(&str, Vec<Link>); N]) -> Vec<(String, Vec<Link>)> {
        let filled = all.into_iter().filter(|(_, links)| !links.is_empty());
        filled.map(|(code, links)| (self.words.say(&format!("clinic-evidence-{code}")), links)).collect()
    }

    fn sources(self, sources: &[&Source]) -> Vec<Link> {
        sources.iter().map(|source| link(&source.id, &source.citation, source.status.word())).collect()
    }

    fn claims(self, claims: &[&Claim]) -> Vec<Link> {
        claims.iter().map(|claim| link(&claim.id, &claim.paraphrase, &self.is(claim.verdict.id()))).collect()
    }

    fn contradictions(self, found: &[&Contradiction]) -> Vec<Link> {
        found.iter().map(|found| link(&found.id, &found.title, &found.reading)).collect()
    }

    fn trials(self, trials: &[&Trial]) -> Vec<Link> {
        trials.iter().map(|trial| link(&trial.id, &trial.name, trial.design.words())).collect()
    }

    fn reviews(self, reviews: &[&MetaAnalysis]) -> Vec<Link> {
        reviews.iter().map(|review| link(&review.id, &review.included, review.status.word())).collect()
    }
}

fn link(id: &str, title: &str, about: &str) -> Link {
    Link { id: id.to_owned(), title: title.to_owned(), about: about.to_owned() }
}

/// One line of numbers as the source prints them.
fn result(row: &ResultRow) -> String {
    let unit = row.scale.unit.as_deref().unwrap_or("");
    let mut numbers = Vec::new();
    numbers.extend(row.estimate.map(|estimate| format!("{estimate} {unit}").trim_end().to_owned()));
    numbers.extend(row.ci.map(|[low, high]| format!("95 % interval {low} to {high}")));
    numbers.extend(row.responders.as_ref().map(|found| format!("{} of {} people", found.n, found.of)));
    numbers.push(row.status.word().to_owned());
    format!("{} · {}: {}", row.arm.words(), row.outcome, numbers.join("; "))
}
