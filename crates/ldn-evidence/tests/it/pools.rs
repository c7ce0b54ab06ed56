//! What may be pooled, and what is said about the rest.

use ldn_evidence::Library;
use ldn_evidence::pool::{self, CountOf, Recalled, Selection};

fn select(id: &str) -> Selection<'static> {
    pool::select(Library::shipped(), id, Recalled::Refuse).unwrap()
}

fn included<'a>(selection: &Selection<'a>) -> Vec<&'a str> {
    selection.included.iter().map(|study| study.trial).collect()
}

/// Checks that a trial is refused in one line that holds each of the words.
fn check_refused(selection: &Selection, trial: &str, words: &[&str]) {
    let refused = selection.refused_trials.iter().find(|refused| refused.trial == trial);
    let refused = refused.unwrap_or_else(|| panic!("{trial} is not refused in {}", selection.outcome.id));
    for word in words {
        assert!(refused.reason.contains(word), "{trial}: {word:?} in {:?}", refused.reason);
    }
}

/// Inverse-variance arithmetic by hand: mean, standard error, Q.
fn inverse_variance(studies: &[(f64, f64)], tau2: f64) -> (f64, f64, f64) {
    let weights: Vec<f64> = studies.iter().map(|(_, vi)| 1.0 / (vi + tau2)).collect();
    let total: f64 = weights.iter().sum();
    let mean = studies.iter().zip(&weights).map(|((yi, _), w)| yi * w).sum::<f64>() / total;
    let q = studies.iter().zip(&weights).map(|((yi, _), w)| w * (yi - mean) * (yi - mean)).sum();
    (mean, total.sqrt().recip(), q)
}

fn near(value: f64, printed: f64, half_unit: f64) {
    assert!((value - printed).abs() <= half_unit, "{value} is not {printed} ± {half_unit}");
}

#[test]
fn fibromyalgia_pain_is_final_and_innova() {
    let selection = select("fibromyalgia-pain-points");
    assert_eq!(included(&selection), ["final-2024", "innova-2026"]);
    let studies: Vec<(f64, f64)> = selection.included.iter().filter_map(|study| study.yi_vi()).collect();

    let (mean, se, q) = inverse_variance(&studies, 0.0);
    near(mean, -0.04, 0.005);
    near(mean - 1.96 * se, -0.53, 0.005);
    near(mean + 1.96 * se, 0.45, 0.005);
    near(q, 2.57, 0.005);
    near(100.0 * (q - 1.0) / q, 61.0, 0.5);

    let (sum, squares) =
        studies.iter().fold((0.0, 0.0), |(s, ss), (_, vi)| (s + 1.0 / vi, ss + 1.0 / (vi * vi)));
    let tau2 = (q - 1.0) / (sum - squares / sum);
    near(tau2, 0.21, 0.005);
    let (mean, se, _) = inverse_variance(&studies, tau2);
    near(mean, 0.03, 0.005);
    near(mean - 1.96 * se, -0.78, 0.005);
    near(mean + 1.96 * se, 0.84, 0.005);
}

#[test]
fn fibromyalgia_pain_says_what_is_derived() {
    let selection = select("fibromyalgia-pain-points");
    let [final_trial, innova] = &selection.included[..] else { panic!("two studies") };
    assert!(final_trial.se_is_derived() && !final_trial.sign_is_inferred());
    assert!(innova.se_is_derived() && innova.sign_is_inferred());
    assert_eq!((innova.n, innova.year), (Some(98), Some(2026)));
    assert_eq!(
        innova.dose_mg.zip(innova.weeks).map(|(dose, weeks)| (dose.value(), weeks.value())),
        Some((4.5, 13.0))
    );
    for caution in [
        "Two studies: how much they differ is hardly known; see the Hartung-Knapp interval.",
        "INNOVA 2026: the standard error is derived: size of the estimate divided by the normal quantile of the two-sided p; not reported.",
        "INNOVA 2026: the sign is inferred: taken as favouring placebo because the placebo arm improved more.",
        "Doses differ: 4.5 to 6 mg a day.",
        "Sign: LDN minus placebo in points of 0-10; below 0 favours LDN.",
    ] {
        assert!(
            selection.cautions.iter().any(|said| said == caution),
            "{caution}\n{:#?}",
            selection.cautions
        );
    }
}

#[test]
fn fibromyalgia_pain_says_why_the_others_are_not_in_it() {
    let selection = select("fibromyalgia-pain-points");
    for (trial, words) in [
        ("younger-2009", &["not randomised", "percent of the baseline, not in points", "only a bound"][..]),
        ("younger-2013", &["in percent of the baseline, not in points"]),
        ("younger-2012-prelim", &["the same participants as younger-2013", "within one arm"]),
        ("bested-2023", &["a median", "no stated range"]),
        ("paula-2023", &["within one arm", "factorial with transcranial", "no number"]),
        ("parkitny-2017", &["not randomised", "within one arm"]),
        ("anzctr-fm-2023", &["no result was found"]),
    ] {
        check_refused(&selection, trial, words);
    }
    // A change within one arm of an included trial stays out as well.
    let within: Vec<usize> =
        selection.refused.iter().filter(|row| row.trial == "final-2024").map(|row| row.row).collect();
    assert_eq!(within, [1, 2]);
    let json = serde_json::to_value(&selection).unwrap();
    assert_eq!(json["refused"][0]["reasons"][0]["code"], "no-result-yet");
    assert_eq!(json["included"][0]["effect"]["kind"], "difference");
}

#[test]
fn percent_and_points_never_mix() {
    let selection = select("fibromyalgia-pain-percent");
    assert_eq!(included(&selection), ["younger-2013"]);
    check_refused(&selection, "final-2024", &["in points, not in percent of the baseline"]);
    check_refused(&selection, "innova-2026", &["in points, not in percent of the baseline"]);
}

#[test]
fn no_pool_holds_a_change_within_one_arm() {
    let library = Library::shipped();
    for outcome in library.outcomes() {
        let selection = select(&outcome.id);
        for study in &selection.included {
            let trial = library.trial(study.trial).unwrap();
            assert!(trial.design.is_randomised(), "{} {}", outcome.id, study.trial);
            let between = study.yi_vi().is_none_or(|(_, vi)| vi > 0.0);
            assert!(between && (study.counts().is_some() || study.rows.len() == 1), "{}", study.trial);
            if study.counts().is_none() {
                let row = &trial.results[study.rows[0] - 1];
                assert_eq!(row.arm, ldn_evidence::trial::Arm::Difference, "{} {}", outcome.id, study.trial);
            }
        }
        assert!(selection.refused.iter().all(|row| !row.reason.is_empty()), "{}", outcome.id);
        let beside = selection.published.iter().flat_map(|review| &review.estimates);
        assert!(beside.clone().all(|estimate| !estimate.is_within_arm()), "{}", outcome.id);
        let in_both = |row: &&pool::RefusedTrial| included(&selection).contains(&row.trial);
        assert!(!selection.refused_trials.iter().any(|row| in_both(&row)), "{}", outcome.id);
    }
}

#[test]
fn counts_come_as_pairs() {
    let pair = |id: &str, study: usize| select(id).included[study].counts().unwrap();
    let of = |events, of| CountOf { events, of };
    for (id, study, counts) in [
        ("fibromyalgia-any-adverse-event", 0, (of(41, 49), of(43, 50))),
        ("fibromyalgia-any-adverse-event", 1, (of(33, 48), of(36, 50))),
        ("fibromyalgia-pain-response-30", 0, (of(22, 49), of(14, 50))),
        ("fibromyalgia-serious-adverse-event", 0, (of(0, 49), of(1, 50))),
        ("fibromyalgia-discontinuation-adverse-event", 0, (of(4, 49), of(3, 50))),
    ] {
        assert_eq!(pair(id, study), counts, "{id}");
    }
    check_refused(&select("fibromyalgia-serious-adverse-event"), "innova-2026", &["related to treatment"]);
    check_refused(&select("fibromyalgia-serious-adverse-event"), "younger-2013", &["crossover"]);
    let dreams = select("fibromyalgia-vivid-dreams");
    assert!(dreams.included.is_empty());
    let published = &dreams.published[0];
    assert_eq!((published.meta_analysis, published.estimates.len()), ("meta-annmedsurg-2025", 1));
    near(published.estimates[0].value.unwrap().value(), 2.41, 1e-9);
    assert_eq!(dreams.published[1].adverse_events[0].note.as_deref(), Some("Higher with LDN."));
    check_refused(&dreams, "younger-2012-prelim", &["no count of people in the placebo arm"]);
}

/// The library with one file changed.
fn changed(file: &str, changes: &[(&str, &str)]) -> Library {
    let files: Vec<(&str, String)> = Library::shipped_files()
        .iter()
        .map(|(name, text)| {
            let mut text = (*text).to_owned();
            for (from, to) in changes.iter().filter(|_| *name == file) {
                assert!(text.contains(from), "{from}");
                text = text.replace(from, to);
            }
            (*name, text)
        })
        .collect();
    Library::read(files.iter().map(|(name, text)| (*name, text.as_str())))
        .unwrap_or_else(|all| panic!("{all}"))
}

#[test]
fn recalled_rows_take_part_only_when_asked_and_are_named() {
    let library = changed("trials/innova-2026.toml", &[("status = \"seen\"", "status = \"recalled\"")]);
    let id = "fibromyalgia-pain-points";
    let refused = pool::select(&library, id, Recalled::Refuse).unwrap();
    assert_eq!(included(&refused), ["final-2024"]);
    check_refused(&refused, "innova-2026", &["the numbers are recalled, not looked up"]);
    let all = pool::select(&library, id, Recalled::Include).unwrap();
    assert_eq!(included(&all), ["final-2024", "innova-2026"]);
    let said = "INNOVA 2026: the numbers are recalled; nobody has looked them up.";
    assert!(all.cautions.iter().any(|caution| caution == said), "{:#?}", all.cautions);
}

#[test]
fn the_same_people_are_not_counted_twice() {
    let library = changed(
        "trials/innova-2026.toml",
        &[("dose_band = \"low\"", "same_people_as = \"final-2024\"\ndose_band = \"low\"")],
    );
    let selection = pool::select(&library, "fibromyalgia-pain-points", Recalled::Refuse).unwrap();
    assert_eq!(included(&selection), ["final-2024"]);
    check_refused(&selection, "innova-2026", &["the same participants as final-2024"]);
}

#[test]
fn a_crossover_needs_paired_differences() {
    let as_crossover = ("design = \"rct-parallel\"", "design = \"rct-crossover\"");
    let id = "fibromyalgia-pain-points";
    let library = changed("trials/innova-2026.toml", &[as_crossover]);
    let selection = pool::select(&library, id, Recalled::Refuse).unwrap();
    check_refused(&selection, "innova-2026", &["crossover without the spread of differences"]);
    let paired = ("adjusted = true", "adjusted = true\npaired = true");
    let library = changed("trials/innova-2026.toml", &[as_crossover, paired]);
    let selection = pool::select(&library, id, Recalled::Refuse).unwrap();
    assert_eq!(included(&selection), ["final-2024", "innova-2026"]);
}

#[test]
fn an_unknown_outcome_is_refused_with_the_known_ones() {
    let error = pool::select(Library::shipped(), "pain", Recalled::Refuse).unwrap_err().to_string();
    assert!(error.starts_with("there is no outcome `pain`; expected one of crohn-response, "), "{error}");
}
