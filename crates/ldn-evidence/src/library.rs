//! All data files together, checked against one another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ldn_core::data::{Problems, Source, SourceKind, Status, id_of, parse_into};
use serde::{Deserialize, Serialize};

use crate::claim::Claim;
use crate::contradiction::Contradiction;
use crate::kind::Kind;
use crate::meta_analysis::MetaAnalysis;
use crate::outcome::{Outcome, PublishedFinding, Table};
use crate::trial::Trial;

/// The files of `data/`, compiled in.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

static SHIPPED: LazyLock<Library> = LazyLock::new(|| {
    Library::read(FILES.iter().copied()).expect("a test reads every file that is compiled in")
});

/// Everything that is known, by id.
///
/// ```
/// use ldn_evidence::Library;
/// let library = Library::shipped();
/// assert_eq!(library.summary().claims, 192);
/// let found = library.search("nightmares");
/// assert!(found.hits.iter().any(|hit| hit.id == "se-dreams-37"), "a claim that speaks of vivid dreams");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Library {
    sources: BTreeMap<String, Source>,
    claims: BTreeMap<String, Claim>,
    contradictions: BTreeMap<String, Contradiction>,
    trials: BTreeMap<String, Trial>,
    meta_analyses: BTreeMap<String, MetaAnalysis>,
    outcomes: BTreeMap<String, Outcome>,
    synonyms: Vec<Vec<String>>,
    /// Ids of files that could not be read: links to them are not told about on top.
    unread: BTreeSet<String>,
}

/// How much there is of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Claims of lay articles.
    pub claims: usize,
    /// Claims by verdict.
    pub claims_by_verdict: BTreeMap<&'static str, usize>,
    /// Claims by status.
    pub claims_by_status: BTreeMap<&'static str, usize>,
    /// Disagreements.
    pub contradictions: usize,
    /// Trials, series and registrations.
    pub trials: usize,
    /// Rows of results.
    pub trial_rows: usize,
    /// Rows of results whose numbers are recalled.
    pub trial_rows_recalled: usize,
    /// Rows of results that were seen but for a particular that is recalled.
    pub trial_rows_recalled_in_part: usize,
    /// Rows of adverse events, of trials and of reviews.
    pub adverse_event_rows: usize,
    /// Published reviews.
    pub reviews: usize,
    /// Sources.
    pub sources: usize,
    /// Outcomes that can be asked of the trials together.
    pub outcomes: usize,
}

/// The file of words that people use for one thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonyms {
    id: String,
    #[expect(
        dead_code,
        reason = "every data file states it; words are proposed until somebody reviews them"
    )]
    status: Status,
    groups: Vec<Vec<String>>,
}

impl Library {
    /// Returns what is compiled in; read and checked once.
    pub fn shipped() -> &'static Library {
        &SHIPPED
    }

    /// Returns the paths of the files that are compiled in, with their texts.
    pub fn shipped_files() -> &'static [(&'static str, &'static str)] {
        FILES
    }

    /// Reads a library from the paths inside `data/` and the texts of its files.
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Library, Problems> {
        let mut library = Library::default();
        let mut problems = Problems::new();
        let mut file_of = BTreeMap::new();
        for (file, text) in files {
            library.read_file(file, text, &mut file_of, &mut problems);
        }
        library.check_links(&mut problems);
        problems.or(library)
    }

    fn read_file(
        &mut self,
        file: &str,
        text: &str,
        file_of: &mut BTreeMap<String, String>,
        problems: &mut Problems,
    ) {
        let mut is_new = |id: &str, problems: &mut Problems| {
            let earlier = file_of.insert(id.to_owned(), file.to_owned());
            if let Some(earlier) = earlier {
                problems.value(file, "id", id, format_args!("an id of its own; {earlier} has this one"));
            }
        };
        macro_rules! read {
            ($kind:ty, $into:ident) => {
                match parse_into::<$kind>(file, text, problems) {
                    Some(read) => {
                        read.check(file, problems);
                        is_new(&read.id, problems);
                        self.$into.insert(read.id.clone(), read);
                    }
                    None => {
                        self.unread.insert(id_of(file).to_owned());
                    }
                }
            };
        }
        match file.split('/').next().unwrap_or_default() {
            "sources" => read!(Source, sources),
            "claims" => read!(Claim, claims),
            "contradictions" => read!(Contradiction, contradictions),
            "trials" => read!(Trial, trials),
            "meta-analyses" => read!(MetaAnalysis, meta_analyses),
            "outcomes" => read!(Outcome, outcomes),
            "search" => {
                if let Some(read) = parse_into::<Synonyms>(file, text, problems) {
                    is_new(&read.id, problems);
                    self.synonyms.extend(read.groups);
                }
            }
            folder => problems.value(file, "folder", folder, "a folder that the library knows"),
        }
    }

    /// Returns the claims by id.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.values()
    }

    /// Returns the contradictions by id; [`Library::conflicts`] has them in their order.
    pub fn contradictions(&self) -> impl Iterator<Item = &Contradiction> {
        self.contradictions.values()
    }

    /// Returns the trials by id.
    pub fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.trials.values()
    }

    /// Returns the published reviews by id.
    pub fn meta_analyses(&self) -> impl Iterator<Item = &MetaAnalysis> {
        self.meta_analyses.values()
    }

    /// Returns the sources by id.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// Returns the outcomes that can be pooled, by id.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.values()
    }

    /// Returns a claim.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.get(id)
    }

    /// Returns a contradiction.
    pub fn contradiction(&self, id: &str) -> Option<&Contradiction> {
        self.contradictions.get(id)
    }

    /// Returns a trial.
    pub fn trial(&self, id: &str) -> Option<&Trial> {
        self.trials.get(id)
    }

    /// Returns a published review.
    pub fn meta_analysis(&self, id: &str) -> Option<&MetaAnalysis> {
        self.meta_analyses.get(id)
    }

    /// Returns a source.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// Returns an outcome.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.get(id)
    }

    /// Returns the groups of words for one thing.
    pub(crate) fn synonyms(&self) -> &[Vec<String>] {
        &self.synonyms
    }

    /// Returns what kind of thing an id names.
    pub fn kind_of(&self, id: &str) -> Option<Kind> {
        let kinds = [
            (self.claims.contains_key(id), Kind::Claim),
            (self.contradictions.contains_key(id), Kind::Contradiction),
            (self.trials.contains_key(id), Kind::Trial),
            (self.meta_analyses.contains_key(id), Kind::MetaAnalysis),
            (self.sources.contains_key(id), Kind::Source),
        ];
        kinds.into_iter().find_map(|(is, kind)| is.then_some(kind))
    }

    /// Returns every contradiction in the order of its number.
    pub fn conflicts(&self) -> Vec<&Contradiction> {
        let mut all: Vec<&Contradiction> = self.contradictions.values().collect();
        all.sort_by_key(|contradiction| contradiction.number);
        all
    }

    /// Returns how much there is of each.
    pub fn summary(&self) -> Summary {
        let mut claims_by_verdict = BTreeMap::new();
        let mut claims_by_status = BTreeMap::new();
        for claim in self.claims.values() {
            *claims_by_verdict.entry(claim.verdict.id()).or_default() += 1;
            *claims_by_status.entry(status_id(claim.status)).or_default() += 1;
        }
        let rows = || self.trials.values().flat_map(|trial| &trial.results);
        let of_trials: usize = self.trials.values().map(|trial| trial.adverse_events.len()).sum();
        let of_reviews: usize = self.meta_analyses.values().map(|review| review.adverse_events.len()).sum();
        Summary {
            claims: self.claims.len(),
            claims_by_verdict,
            claims_by_status,
            contradictions: self.contradictions.len(),
            trials: self.trials.len(),
            trial_rows: rows().count(),
            trial_rows_recalled: rows().filter(|row| row.status == Status::Recalled).count(),
            trial_rows_recalled_in_part: rows().filter(|row| !row.recalled.is_empty()).count(),
            adverse_event_rows: of_trials + of_reviews,
            reviews: self.meta_analyses.len(),
            sources: self.sources.len(),
            outcomes: self.outcomes.len(),
        }
    }

    /// Returns the sources that nothing in the library cites and that do not say what else they are kept for.
    ///
    /// Data of other parts (priors, calibration) may cite them; a test of the whole folder `data/` looks there too.
    pub fn uncited_sources(&self) -> Vec<&Source> {
        let cited = self.cited_sources();
        self.sources.values().filter(|s| s.kept_for.is_none() && !cited.contains(&s.id.as_str())).collect()
    }

    /// The ids of all sources that anything in the library cites.
    fn cited_sources(&self) -> BTreeSet<&str> {
        let sides = self.contradictions.values().flat_map(|c| &c.sides);
        let claims = self.claims.values().flat_map(|claim| claim.cites());
        let trials = self.trials.values().flat_map(|trial| trial.cites());
        let reviews = self.meta_analyses.values().map(|review| review.source.as_str());
        claims
            .chain(sides.flat_map(|side| side.sources.iter().map(String::as_str)))
            .chain(trials)
            .chain(reviews)
            .collect()
    }

    /// Notes every id that names nothing, or the wrong thing.
    fn check_links(&self, problems: &mut Problems) {
        self.claims.values().for_each(|claim| self.check_claim_links(claim, problems));
        self.contradictions.values().for_each(|c| self.check_contradiction_links(c, problems));
        self.trials.values().for_each(|trial| self.check_trial_links(trial, problems));
        for review in self.meta_analyses.values() {
            let file = format!("meta-analyses/{}.toml", review.id);
            self.need_source(&file, "source", &review.source, problems);
            for trial in review.trials.iter().filter(|id| self.lacks(&self.trials, id)) {
                problems.value(&file, "trials", trial, "the id of a file in trials/");
            }
        }
        self.outcomes.values().for_each(|outcome| self.check_outcome_links(outcome, problems));
    }

    /// Whether nothing of a kind has this id, and no unreadable file might.
    fn lacks<T>(&self, things: &BTreeMap<String, T>, id: &str) -> bool {
        !things.contains_key(id) && !self.unread.contains(id)
    }

    fn need_source(&self, file: &str, key: &str, id: &str, problems: &mut Problems) -> Option<&Source> {
        let source = self.sources.get(id);
        if self.lacks(&self.sources, id) {
            problems.value(file, key, id, "the id of a file in sources/");
        }
        source
    }

    fn check_claim_links(&self, claim: &Claim, problems: &mut Problems) {
        let file = format!("claims/{}.toml", claim.id);
        for id in &claim.said_by {
            let source = self.need_source(&file, "said_by", id, problems);
            if source.is_some_and(|source| source.kind != SourceKind::LayArticle) {
                problems.value(&file, "said_by", id, "a source of kind lay-article");
            }
        }
        for id in &claim.carried_by {
            let source = self.need_source(&file, "carried_by", id, problems);
            if source.is_some_and(|source| source.kind == SourceKind::LayArticle) {
                problems.value(&file, "carried_by", id, "a source that is not a lay article");
            }
        }
        let listed = |id: &&str| claim.said_by.iter().chain(&claim.carried_by).any(|known| known == id);
        for id in claim.cites().into_iter().filter(|id| !listed(id)) {
            self.need_source(&file, "best_source_says", id, problems);
        }
    }

    fn check_contradiction_links(&self, contradiction: &Contradiction, problems: &mut Problems) {
        let file = format!("contradictions/{}.toml", contradiction.id);
        for (index, side) in contradiction.sides.iter().enumerate() {
            for id in &side.sources {
                self.need_source(&file, &format!("side[{}].sources", index + 1), id, problems);
            }
            for id in side.claims.iter().filter(|id| self.lacks(&self.claims, id)) {
                let key = format!("side[{}].claims", index + 1);
                problems.value(&file, &key, id, "the id of a file in claims/");
            }
        }
        let same = self.contradictions.values().filter(|other| other.number == contradiction.number).count();
        if same > 1 {
            problems.value(&file, "number", contradiction.number, "a number of its own");
        }
    }

    fn check_trial_links(&self, trial: &Trial, problems: &mut Problems) {
        let file = format!("trials/{}.toml", trial.id);
        self.need_source(&file, "source", &trial.source, problems);
        for id in &trial.also_in {
            self.need_source(&file, "also_in", id, problems);
        }
        if let Some(other) = trial.same_people_as.as_deref().filter(|id| self.lacks(&self.trials, id)) {
            problems.value(&file, "same_people_as", other, "the id of a file in trials/");
        }
    }

    fn check_outcome_links(&self, outcome: &Outcome, problems: &mut Problems) {
        let file = format!("outcomes/{}.toml", outcome.id);
        for finding in &outcome.published {
            self.check_published(&file, finding, problems);
        }
        for condition in &outcome.conditions {
            if !self.trials.values().any(|trial| &trial.condition == condition) {
                problems.value(&file, "conditions", condition, "the condition of a trial");
            }
        }
        for measure in outcome.measures.iter().chain(&outcome.also_looked_at) {
            if !self.has_measure(outcome.table, measure) {
                problems.value(&file, "measures", measure, "a measure or term that some row has");
            }
        }
    }

    fn check_published(&self, file: &str, finding: &PublishedFinding, problems: &mut Problems) {
        let PublishedFinding { review: id, estimate } = finding;
        if self.lacks(&self.meta_analyses, id) {
            problems.value(file, "published", id, "the id of a file in meta-analyses/");
        }
        let Some(review) = self.meta_analyses.get(id) else { return };
        if review.estimates_of(estimate).is_empty() && review.adverse_events_of(estimate).is_empty() {
            let expected = "a finding of the review that compares, or an adverse event of it";
            problems.value(file, "published", format_args!("{id}: {estimate}"), expected);
        }
    }

    fn has_measure(&self, table: Table, measure: &str) -> bool {
        self.trials.values().any(|trial| match table {
            Table::Result => trial.results.iter().any(|row| row.measure.as_deref() == Some(measure)),
            Table::AdverseEvent => {
                trial.adverse_events.iter().any(|event| event.term.as_deref() == Some(measure))
            }
        })
    }
}

/// The word for a status.
fn status_id(status: Status) -> &'static str {
    match status {
        Status::Proposed => "proposed",
        Status::Recalled => "recalled",
        Status::Judgement => "judgement",
        Status::Seen => "seen",
        Status::Reviewed => "reviewed",
    }
}
