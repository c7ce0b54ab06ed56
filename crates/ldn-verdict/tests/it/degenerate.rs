//! Diaries that are no course: each gets what the model's section 11 says.

use ldn_core::diary::{ReadOptions, read};
use ldn_core::{Dose, Measure};
use ldn_verdict::response::decision::{Action, Attribution, Response};
use ldn_verdict::response::grade::Grade;
use ldn_verdict::response::prior::DrugPrior;
use ldn_verdict::response::series::SeriesError;
use ldn_verdict::response::verdict::{Settings, Verdict, VerdictError, judge};

use crate::golden::Case;

/// One row per day from a function of the day: dose in milligrams and score, as text.
fn csv(n_days: usize, row: impl Fn(usize) -> (String, String)) -> String {
    let start = jiff::civil::date(2026, 1, 5);
    let mut text = "date,dose_mg,pain\n".to_owned();
    for t in 0..n_days {
        let (dose, pain) = row(t);
        let date = start + jiff::Span::new().days(t as i64);
        text += &format!("{date},{dose},{pain}\n");
    }
    text
}

fn judged(text: &str) -> Result<Verdict, VerdictError> {
    judge(&read(text.as_bytes(), ReadOptions::default()).unwrap(), &Settings::new(Measure::Pain))
}

fn after(day: usize) -> impl Fn(usize) -> String {
    move |t| if t < day { "0".to_owned() } else { "4.5".to_owned() }
}

/// Scores that vary a little, without a pattern that matters.
fn varied(t: usize) -> String {
    (4 + (t * 7) % 4).to_string()
}

fn flagged(verdict: &Verdict, words: &str) -> bool {
    verdict.flagged().any(|check| check.consequence.contains(words))
}

#[test]
fn no_capsule_ever() {
    let verdict = judged(&csv(40, |t| ("0".into(), varied(t)))).unwrap();
    assert_eq!(verdict.response, Response::NoTreatmentYet);
    assert_eq!(verdict.action, Action::KeepTheDiary);
    assert!(verdict.estimate.is_none());
    assert!(verdict.observed.baseline_mean.is_some() && verdict.observed.evaluation_mean.is_none());
}

#[test]
fn no_score_at_all() {
    let verdict = judged(&csv(60, |t| (after(14)(t), String::new()))).unwrap();
    assert_eq!(verdict.response, Response::InsufficientData);
    assert!(verdict.estimate.is_none(), "the posterior would be the prior, and is not shown");
}

#[test]
fn no_baseline_scores() {
    let verdict = judged(&csv(90, |t| (after(0)(t), varied(t)))).unwrap();
    assert_eq!(verdict.response, Response::InsufficientData);
    assert!(verdict.shown_estimate().is_none());
    assert_eq!(verdict.observed.baseline_scored, 0, "the day of the first capsule alone is no baseline");
    assert!(verdict.text.patient.contains("cannot be made up for from memory"), "{}", verdict.text.patient);
}

#[test]
fn a_blinded_test_without_a_baseline_still_has_an_attribution() {
    let text = std::fs::read_to_string(crate::golden::file("s5_blinded_crossover.csv")).unwrap();
    let without_baseline: String = text
        .lines()
        .enumerate()
        .filter(|(i, _)| !(1..=14).contains(i))
        .map(|(_, l)| format!("{l}\n"))
        .collect();
    let verdict = judged(&without_baseline).unwrap();
    assert_eq!((verdict.response, verdict.grade), (Response::InsufficientData, Grade::A));
    assert_ne!(verdict.attribution, Attribution::NotSeparable);
    assert!(
        !verdict.text.patient.contains("points better ("),
        "the total is not shown: {}",
        verdict.text.patient
    );
}

#[test]
fn constant_scores() {
    let verdict = judged(&csv(98, |t| (after(14)(t), "7".into()))).unwrap();
    assert_eq!(verdict.response, Response::None);
    assert!(flagged(&verdict, "scores constant"));
}

#[test]
fn a_very_long_diary_uses_its_ends() {
    let verdict = judged(&csv(2_200, |t| (after(60)(t), varied(t)))).unwrap();
    assert_eq!(verdict.days, 2_200);
    assert_eq!(verdict.scored, 730 + 28);
    assert!(flagged(&verdict, "last two years"));
}

#[test]
fn unknown_doses() {
    let with_blanks = |blanks: usize| {
        csv(100, move |t| {
            let dose = if (40..40 + blanks).contains(&t) { String::new() } else { after(14)(t) };
            (dose, varied(t))
        })
    };
    let verdict = judged(&with_blanks(20)).unwrap();
    assert!(flagged(&verdict, "the dose of the day before was assumed"));
    let error = judged(&with_blanks(21)).unwrap_err();
    assert_eq!(error, VerdictError::Series(SeriesError::DoseUnknown { unknown: 21, days: 100 }));
}

#[test]
fn a_long_silence_is_reported() {
    let verdict =
        judged(&csv(200, |t| (after(14)(t), if (60..125).contains(&t) { String::new() } else { varied(t) })))
            .unwrap();
    assert!(flagged(&verdict, "a long silence"));
}

#[test]
fn a_reference_dose_of_zero_is_the_highest_dose_taken() {
    let text = csv(60, |t| {
        (
            if t < 14 {
                "0".into()
            } else if t < 30 {
                "1.5".into()
            } else {
                "3".into()
            },
            varied(t),
        )
    });
    let diary = read(text.as_bytes(), ReadOptions::default()).unwrap();
    let settings = Settings { reference_dose: Some(Dose::ZERO), ..Settings::new(Measure::Pain) };
    assert_eq!(judge(&diary, &settings).unwrap().reference_dose_mg, 3.0);
}

#[test]
fn below_half_a_milligram_the_sceptic_speaks() {
    let text = csv(60, |t| (if t < 14 { "0".into() } else { "0.1".into() }, varied(t)));
    let verdict = judged(&text).unwrap();
    assert_eq!(verdict.prior, DrugPrior::Sceptical);
    assert_eq!(
        verdict.estimate.unwrap().sensitivity.keys().copied().collect::<Vec<_>>(),
        ["enthusiastic", "flat", "main"]
    );
}

#[test]
fn treatment_that_was_stopped_is_judged_as_of_the_stop() {
    let text = csv(120, |t| (if (14..80).contains(&t) { "4.5".into() } else { "0".into() }, varied(t)));
    let diary = read(text.as_bytes(), ReadOptions::default()).unwrap();
    let series = ldn_verdict::response::series::Series::from_diary(&diary, Measure::Pain, None).unwrap();
    assert_eq!(series.evaluation().last(), Some(&80));
    let verdict = judged(&text).unwrap();
    assert_eq!(verdict.grade, Grade::C);
    assert!(verdict.text.patient.contains("stopped for a while, but knowingly"), "{}", verdict.text.patient);
}

#[test]
fn weekly_scores_are_questioned() {
    let verdict =
        judged(&csv(200, |t| (after(60)(t), if t % 7 == 0 { varied(t) } else { String::new() }))).unwrap();
    assert_eq!(verdict.response, Response::InsufficientData);
    assert!(flagged(&verdict, "scores about a week apart"));
}

#[test]
fn two_treatments_started_together_are_never_told_apart() {
    let diary = Case::load("s5_blinded_crossover").diary;
    let settings = Settings { started_together: true, ..Settings::new(Measure::Pain) };
    let verdict = judge(&diary, &settings).unwrap();
    assert_eq!(verdict.attribution, Attribution::NotSeparable);
    assert!(verdict.text.patient.contains("Another treatment was started at the same time"));
    assert!(verdict.estimate.unwrap().drug_share.is_none());
    let open = judge(&Case::load("s1_responder_open").diary, &settings).unwrap();
    assert!(
        open.text.patient.contains("Another treatment was started at the same time"),
        "{}",
        open.text.patient
    );
}

#[test]
fn a_single_day() {
    for text in [
        "date,dose_mg,pain\n2026-01-05,4.5,7\n",
        "date,pain\n2026-01-05,7\n",
        "date,dose_mg,pain\n2026-01-05,0,\n",
    ] {
        let verdict = judged(text).unwrap();
        assert!(matches!(verdict.response, Response::InsufficientData | Response::NoTreatmentYet), "{text}");
    }
}

#[test]
fn the_first_capsule_on_the_last_day() {
    let verdict = judged(&csv(30, |t| (after(29)(t), varied(t)))).unwrap();
    assert_eq!(verdict.response, Response::InsufficientData);
    let estimate = verdict.estimate.unwrap();
    assert!(estimate.quantities.total.q.iter().all(|q| q.is_finite()));
}
