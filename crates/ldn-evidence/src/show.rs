//! One thing with everything that is linked to it.

use ldn_core::data::Source;
use serde::Serialize;

use crate::claim::Claim;
use crate::contradiction::Contradiction;
use crate::library::Library;
use crate::meta_analysis::MetaAnalysis;
use crate::outcome::Outcome;
use crate::pool;
use crate::trial::Trial;

/// One thing of the library with its links.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Shown<'a> {
    /// A claim.
    Claim(ClaimShown<'a>),
    /// A contradiction.
    Contradiction(ContradictionShown<'a>),
    /// A trial.
    Trial(TrialShown<'a>),
    /// A published review.
    MetaAnalysis(MetaAnalysisShown<'a>),
    /// A source.
    Source(SourceShown<'a>),
}

/// A claim with its links.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimShown<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Sources that carry the verdict.
    pub carried_by: Vec<&'a Source>,
    /// Other sources that its text cites.
    pub also_cited: Vec<&'a Source>,
    /// Lay articles that make it.
    pub said_by: Vec<&'a Source>,
    /// Contradictions it takes part in.
    pub contradictions: Vec<&'a Contradiction>,
    /// Trials of the sources it cites, with their rows.
    pub trials: Vec<&'a Trial>,
    /// Published reviews among the sources it cites.
    pub meta_analyses: Vec<&'a MetaAnalysis>,
}

/// A contradiction with its links.
#[derive(Clone, Debug, Serialize)]
pub struct ContradictionShown<'a> {
    /// The contradiction.
    pub contradiction: &'a Contradiction,
    /// Claims on any side.
    pub claims: Vec<&'a Claim>,
    /// Sources on any side.
    pub sources: Vec<&'a Source>,
    /// Trials of these sources.
    pub trials: Vec<&'a Trial>,
}

/// A trial with its links.
#[derive(Clone, Debug, Serialize)]
pub struct TrialShown<'a> {
    /// The trial.
    pub trial: &'a Trial,
    /// Where it was read and what else is about it.
    pub sources: Vec<&'a Source>,
    /// Other trials with the same participants.
    pub same_people: Vec<&'a Trial>,
    /// Claims that cite its source.
    pub claims: Vec<&'a Claim>,
    /// Contradictions that name its source.
    pub contradictions: Vec<&'a Contradiction>,
    /// Outcomes it is pooled in.
    pub pooled_in: Vec<&'a str>,
    /// Outcomes that refuse it, with the reason.
    pub refused_in: Vec<RefusedIn<'a>>,
}

/// An outcome that refuses a trial.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedIn<'a> {
    /// The outcome.
    pub outcome: &'a str,
    /// The reason.
    pub reason: String,
}

/// A published review with its links.
#[derive(Clone, Debug, Serialize)]
pub struct MetaAnalysisShown<'a> {
    /// The review.
    pub meta_analysis: &'a MetaAnalysis,
    /// Where it was published.
    pub source: Option<&'a Source>,
    /// Its trials that are in the library.
    pub trials: Vec<&'a Trial>,
    /// Claims that cite it.
    pub claims: Vec<&'a Claim>,
    /// Contradictions that name it.
    pub contradictions: Vec<&'a Contradiction>,
    /// Outcomes it is shown beside.
    pub outcomes: Vec<&'a Outcome>,
}

/// A source with its links.
#[derive(Clone, Debug, Serialize)]
pub struct SourceShown<'a> {
    /// The source.
    pub source: &'a Source,
    /// Claims whose verdict it carries.
    pub carries: Vec<&'a Claim>,
    /// Claims it makes.
    pub says: Vec<&'a Claim>,
    /// Claims that only mention it.
    pub mentioned_in: Vec<&'a Claim>,
    /// Contradictions that name it.
    pub contradictions: Vec<&'a Contradiction>,
    /// Trials read in it or described by it.
    pub trials: Vec<&'a Trial>,
    /// Reviews published in it.
    pub meta_analyses: Vec<&'a MetaAnalysis>,
}

impl Library {
    /// Returns one thing of any kind with everything linked to it; `None` if no id is like this.
    pub fn show(&self, id: &str) -> Option<Shown<'_>> {
        let claim = || self.claim(id).map(|claim| Shown::Claim(self.show_claim(claim)));
        let contradiction =
            || self.contradiction(id).map(|found| Shown::Contradiction(self.show_contradiction(found)));
        let trial = || self.trial(id).map(|trial| Shown::Trial(self.show_trial(trial)));
        let review = || self.meta_analysis(id).map(|found| Shown::MetaAnalysis(self.show_review(found)));
        let source = || self.source(id).map(|source| Shown::Source(self.show_source(source)));
        claim().or_else(contradiction).or_else(trial).or_else(review).or_else(source)
    }

    fn show_claim<'a>(&'a self, claim: &'a Claim) -> ClaimShown<'a> {
        let listed = |id: &str| claim.carried_by.iter().chain(&claim.said_by).any(|known| known == id);
        let also: Vec<&str> = claim.cites().into_iter().filter(|id| !listed(id)).collect();
        let carrying: Vec<&str> =
            claim.carried_by.iter().map(String::as_str).chain(also.iter().copied()).collect();
        ClaimShown {
            claim,
            carried_by: self.sources_of(claim.carried_by.iter().map(String::as_str)),
            also_cited: self.sources_of(also.iter().copied()),
            said_by: self.sources_of(claim.said_by.iter().map(String::as_str)),
            contradictions: self
                .conflicts()
                .into_iter()
                .filter(|c| c.sides.iter().any(|side| side.claims.contains(&claim.id)))
                .collect(),
            trials: self.trials_of(&carrying),
            meta_analyses: self
                .meta_analyses()
                .filter(|review| carrying.contains(&review.source.as_str()))
                .collect(),
        }
    }

    fn show_contradiction<'a>(&'a self, contradiction: &'a Contradiction) -> ContradictionShown<'a> {
        let claims = unique(contradiction.sides.iter().flat_map(|side| &side.claims));
        let sources = unique(contradiction.sides.iter().flat_map(|side| &side.sources));
        ContradictionShown {
            contradiction,
            claims: claims.into_iter().filter_map(|id| self.claim(id)).collect(),
            trials: self.trials_of(&sources),
            sources: self.sources_of(sources),
        }
    }

    fn show_trial<'a>(&'a self, trial: &'a Trial) -> TrialShown<'a> {
        let cites: Vec<&str> = trial.cites().collect();
        let same = |other: &&Trial| {
            other.same_people_as.as_deref() == Some(&trial.id)
                || trial.same_people_as.as_deref() == Some(&other.id)
        };
        let mut pooled_in = Vec::new();
        let mut refused_in = Vec::new();
        for outcome in self.outcomes() {
            let selection = pool::select_outcome(self, outcome, pool::Recalled::Refuse);
            if selection.included.iter().any(|study| study.trial == trial.id) {
                pooled_in.push(outcome.id.as_str());
            } else if let Some(refused) = selection.refused_trials.iter().find(|r| r.trial == trial.id) {
                refused_in.push(RefusedIn { outcome: &outcome.id, reason: refused.reason.clone() });
            }
        }
        TrialShown {
            trial,
            same_people: self.trials().filter(same).collect(),
            claims: self.claims().filter(|claim| claim.cites().iter().any(|id| cites.contains(id))).collect(),
            contradictions: self.contradictions_of(&cites),
            sources: self.sources_of(cites),
            pooled_in,
            refused_in,
        }
    }

    fn show_review<'a>(&'a self, review: &'a MetaAnalysis) -> MetaAnalysisShown<'a> {
        MetaAnalysisShown {
            meta_analysis: review,
            source: self.source(&review.source),
            trials: review.trials.iter().filter_map(|id| self.trial(id)).collect(),
            claims: self.claims().filter(|claim| claim.cites().contains(&review.source.as_str())).collect(),
            contradictions: self.contradictions_of(&[&review.source]),
            outcomes: self
                .outcomes()
                .filter(|outcome| outcome.published.iter().any(|p| p.review == review.id))
                .collect(),
        }
    }

    fn show_source<'a>(&'a self, source: &'a Source) -> SourceShown<'a> {
        let id = &source.id;
        let mentions = |claim: &&Claim| {
            claim.cites().contains(&id.as_str())
                && !claim.carried_by.contains(id)
                && !claim.said_by.contains(id)
        };
        SourceShown {
            source,
            carries: self.claims().filter(|claim| claim.carried_by.contains(id)).collect(),
            says: self.claims().filter(|claim| claim.said_by.contains(id)).collect(),
            mentioned_in: self.claims().filter(mentions).collect(),
            contradictions: self.contradictions_of(&[id]),
            trials: self.trials_of(&[id]),
            meta_analyses: self.meta_analyses().filter(|review| &review.source == id).collect(),
        }
    }

    /// The sources behind ids, in the order given.
    fn sources_of<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Vec<&Source> {
        ids.into_iter().filter_map(|id| self.source(id)).collect()
    }

    /// The trials that name any of these sources.
    fn trials_of(&self, sources: &[&str]) -> Vec<&Trial> {
        self.trials().filter(|trial| trial.cites().any(|id| sources.contains(&id))).collect()
    }

    /// The contradictions that name any of these sources.
    fn contradictions_of(&self, sources: &[&str]) -> Vec<&Contradiction> {
        let names = |c: &&Contradiction| {
            c.sides.iter().flat_map(|side| &side.sources).any(|id| sources.contains(&id.as_str()))
        };
        self.conflicts().into_iter().filter(names).collect()
    }
}

/// Each id once, in the order of its first occurrence.
fn unique<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut once: Vec<&str> = Vec::new();
    for id in ids {
        if !once.contains(&id.as_str()) {
            once.push(id);
        }
    }
    once
}
