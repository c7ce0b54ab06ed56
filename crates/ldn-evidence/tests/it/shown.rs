//! One thing with everything linked to it.

use ldn_evidence::Library;
use ldn_evidence::show::Shown;

#[test]
fn every_id_of_every_kind_is_shown() {
    let library = Library::shipped();
    let ids = library
        .claims()
        .map(|claim| &claim.id)
        .chain(library.contradictions().map(|found| &found.id))
        .chain(library.trials().map(|trial| &trial.id))
        .chain(library.meta_analyses().map(|review| &review.id))
        .chain(library.sources().map(|source| &source.id));
    for id in ids {
        let shown = library.show(id).unwrap_or_else(|| panic!("{id}"));
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!(json["kind"], library.kind_of(id).unwrap().id(), "{id}");
    }
    assert!(library.show("no-such-id").is_none());
    assert_eq!(library.kind_of("no-such-id"), None);
}

#[test]
fn a_claim_is_shown_with_sources_contradictions_and_trials() {
    let library = Library::shipped();
    let Some(Shown::Claim(shown)) = library.show("se-dreams-37") else { panic!("not a claim") };
    let ids = |of: &[&ldn_evidence::Source]| of.iter().map(|source| source.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&shown.carried_by), ["younger2012", "younger2009", "annmedsurg2025"]);
    assert_eq!(ids(&shown.said_by), ["lay-physician-review"]);
    let contradictions: Vec<&str> = shown.contradictions.iter().map(|found| found.id.as_str()).collect();
    assert_eq!(contradictions, ["x-side-effect-frequency", "x-dreams-placebo"]);
    let trials: Vec<&str> = shown.trials.iter().map(|trial| trial.id.as_str()).collect();
    assert_eq!(trials, ["younger-2009", "younger-2012-prelim"]);
    assert_eq!(shown.meta_analyses[0].id, "meta-annmedsurg-2025");
}

#[test]
fn a_trial_says_where_it_is_pooled_and_where_not() {
    let library = Library::shipped();
    let Some(Shown::Trial(shown)) = library.show("younger-2013") else { panic!("not a trial") };
    assert_eq!(shown.pooled_in, ["fibromyalgia-pain-percent"]);
    let refused =
        shown.refused_in.iter().find(|refused| refused.outcome == "fibromyalgia-pain-points").unwrap();
    assert_eq!(refused.reason, "in percent of the baseline, not in points");
    assert_eq!(shown.same_people[0].id, "younger-2012-prelim");
    let Some(Shown::Source(shown)) = library.show("bruun2024") else { panic!("not a source") };
    assert_eq!(shown.trials[0].id, "final-2024");
    assert!(shown.carries.iter().any(|claim| claim.id == "fm-pain-reduction"));
}
