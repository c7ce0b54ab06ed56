//! No number is lost: numeric cells per column of the tables that the files were made from, counted again here.

use std::collections::BTreeMap;

use ldn_evidence::Library;
use ldn_evidence::trial::{AdverseEvent, RowKind};
use serde::Deserialize;

const COUNTS: &str = include_str!("../numeric-cells.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    trials: BTreeMap<String, usize>,
    adverse_events: BTreeMap<String, usize>,
    claims: BTreeMap<String, usize>,
    contradictions: BTreeMap<String, usize>,
    reviews: BTreeMap<String, usize>,
}

fn counts() -> Counts {
    toml::from_str(COUNTS).unwrap()
}

fn map<const N: usize>(counted: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counted.into_iter().map(|(column, cells)| (column.to_owned(), cells)).collect()
}

/// Numerals in a text, but for source ids in square brackets.
fn numerals(text: &str) -> usize {
    let mut outside = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    let mut count = 0;
    let mut rest = outside.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        count += 1;
        rest = rest[start..].trim_start_matches(|c: char| c.is_ascii_digit());
        if let Some(fraction) = rest.strip_prefix('.').filter(|f| f.starts_with(|c: char| c.is_ascii_digit()))
        {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    count
}

#[test]
fn trials_keep_their_numbers() {
    let library = Library::shipped();
    let rows: Vec<_> =
        library.trials().flat_map(|trial| trial.results.iter().map(move |row| (trial, row))).collect();
    let count = |has: &dyn Fn(&ldn_evidence::Trial, &ldn_evidence::trial::ResultRow) -> bool| {
        rows.iter().filter(|(trial, row)| has(trial, row)).count()
    };
    // The table kept a sought dose in the column of the dose given; here it is an estimate.
    let sought = count(&|_, row| row.kind == RowKind::Dose);
    let levels = count(&|_, row| row.kind == RowKind::Level);
    let counted = map([
        ("n_randomised", count(&|trial, _| trial.n_randomised.is_some())),
        ("n_analysed", count(&|_, row| row.n_analysed.is_some())),
        ("dose_mg", count(&|trial, row| trial.dose_mg_of(row).is_some()) + sought),
        ("duration_weeks", count(&|trial, row| trial.weeks_of(row).is_some())),
        ("washout_weeks", count(&|trial, _| trial.washout_weeks.is_some())),
        ("mean_change", count(&|_, row| row.estimate.is_some()) - sought - levels),
        ("sd", count(&|_, row| row.sd.is_some())),
        ("se", count(&|_, row| row.se.is_some())),
        ("ci_low", count(&|_, row| row.ci.is_some())),
        ("ci_high", count(&|_, row| row.ci.is_some())),
        ("p_value", count(&|_, row| row.p.is_some() || row.p_below.is_some())),
        ("responders_n", count(&|_, row| row.responders.is_some())),
        ("responders_total", count(&|_, row| row.responders.is_some())),
    ]);
    assert_eq!(counted, counts().trials);
}

#[test]
fn adverse_events_keep_their_numbers() {
    let library = Library::shipped();
    let events: Vec<&AdverseEvent> = library
        .trials()
        .flat_map(|trial| &trial.adverse_events)
        .chain(library.meta_analyses().flat_map(|review| &review.adverse_events))
        .collect();
    let count = |has: &dyn Fn(&AdverseEvent) -> bool| events.iter().filter(|event| has(event)).count();
    let counted = map([
        ("dose_mg", count(&|event| event.dose_mg.is_some())),
        ("n_at_risk", count(&|event| event.n_at_risk.is_some())),
        ("count", count(&|event| event.count.is_some())),
        ("percent", count(&|event| event.percent.is_some())),
        ("effect", count(&|event| event.estimate.is_some())),
        ("effect_ci_low", count(&|event| event.ci.is_some())),
        ("effect_ci_high", count(&|event| event.ci.is_some())),
        ("p_value", count(&|event| event.p.is_some() || event.p_below.is_some())),
    ]);
    assert_eq!(counted, counts().adverse_events);
}

#[test]
fn claims_contradictions_and_reviews_keep_their_numbers() {
    let library = Library::shipped();
    let claims = || library.claims();
    let said = |text: &Option<String>| text.as_deref().map_or(0, numerals);
    let counted = map([
        ("rows_with_numbers_as_said", claims().filter(|claim| claim.numbers_as_said.is_some()).count()),
        (
            "numerals",
            claims().map(|c| numerals(&c.paraphrase) + said(&c.numbers_as_said) + numerals(c.basis())).sum(),
        ),
        ("typed", claims().map(|claim| claim.numbers.len()).sum()),
    ]);
    assert_eq!(counted, counts().claims);

    let of = |found: &ldn_evidence::Contradiction| {
        let sides: usize = found.sides.iter().map(|side| numerals(&side.says)).sum();
        sides + numerals(&found.title) + numerals(&found.reading)
    };
    let counted = map([("numerals", library.contradictions().map(of).sum())]);
    assert_eq!(counted, counts().contradictions);

    let estimates: Vec<_> = library.meta_analyses().flat_map(|review| &review.estimates).collect();
    let counted = map([
        ("estimates", estimates.len()),
        ("values", estimates.iter().filter(|estimate| estimate.value.is_some()).count()),
        ("intervals", estimates.iter().filter(|estimate| estimate.ci.is_some()).count()),
        ("i2", estimates.iter().filter(|estimate| estimate.i2.is_some()).count()),
        ("people", library.meta_analyses().filter(|review| review.n_people.is_some()).count()),
    ]);
    assert_eq!(counted, counts().reviews);
}
