//! What a verdict must say and must not say, over every class.

use ldn_core::Measure;
use ldn_verdict::response::decision::{Action, Attribution, Response};
use ldn_verdict::response::grade::Grade;
use ldn_verdict::response::verdict::{Settings, Verdict, judge};
use ldn_verdict::response::wording::{Text, text};

use crate::golden::Case;

/// Every combination of classes, on real numbers.
fn every_class() -> Vec<Verdict> {
    let judged = |name: &str| judge(&Case::load(name).diary, &Settings::new(Measure::Pain)).unwrap();
    let bases = [judged("s1_responder_open"), judged("s5_blinded_crossover"), judged("s2_placebo_only_open")];
    let mut all = Vec::new();
    for base in &bases {
        for response in Response::ALL {
            for attribution in Attribution::ALL {
                for grade in [Grade::A, Grade::B, Grade::C, Grade::D] {
                    if grade.is_blinded() || *attribution == Attribution::NotSeparable {
                        for sensitive in [false, true] {
                            all.push(changed(base, *response, *attribution, grade, sensitive));
                        }
                    }
                }
            }
        }
    }
    all
}

fn changed(
    base: &Verdict,
    response: Response,
    attribution: Attribution,
    grade: Grade,
    sensitive: bool,
) -> Verdict {
    let mut verdict = base.clone();
    (verdict.response, verdict.attribution, verdict.grade) = (response, attribution, grade);
    // A blinded design without an attribution is one in which another treatment was started, too.
    verdict.started_together = grade.is_blinded() && attribution == Attribution::NotSeparable;
    verdict.prior_sensitive = sensitive;
    verdict.action = Action::of(response, attribution, sensitive, 100);
    match response {
        Response::NoTreatmentYet => {
            verdict.estimate = None;
            verdict.first_capsule = None;
        }
        Response::InsufficientData => verdict.observed.baseline_scored = 3,
        _ => {}
    }
    if let Some(estimate) = verdict.estimate.as_mut().filter(|_| attribution != Attribution::NotSeparable) {
        estimate.drug_share = Some(0.41);
    }
    verdict
}

fn sentences(text: &Text) -> [&str; 5] {
    [&text.headline, &text.patient, &text.prescriber, &text.next, &text.surer]
}

#[test]
fn what_is_never_said() {
    let forbidden = [
        "works for you",
        "work for you",
        "not work",
        "does work",
        "is working",
        "proven to",
        "significan",
        "p-value",
        "guarantee",
        "will stay",
        "safe",
        "cure",
        "{",
        "}",
        "NaN",
        "inf ",
        "mcg",
        "definitely",
        "certainly",
    ];
    for verdict in every_class() {
        let text = text(&verdict);
        for sentence in sentences(&text) {
            for words in forbidden {
                assert!(!sentence.contains(words), "{words:?} in {sentence:?} ({:?})", verdict.response);
            }
        }
        if !verdict.grade.is_blinded() {
            for sentence in sentences(&text) {
                assert!(!sentence.contains("hare of the improvement"), "{sentence}");
                assert!(!sentence.contains("fits better with a drug effect"), "{sentence}");
            }
        }
    }
}

#[test]
fn what_is_always_said() {
    for verdict in every_class() {
        let Text { headline, patient, prescriber, next, surer } = text(&verdict);
        assert!(patient.ends_with("may or may not stay after stopping."), "{patient}");
        let says_dots = headline.contains("of 20");
        assert!(
            !says_dots || verdict.response != Response::TooEarly,
            "a count would be read as an answer: {headline}"
        );
        assert!(!headline.is_empty() && !next.is_empty() && !surer.is_empty());
        let shown = !matches!(verdict.response, Response::NoTreatmentYet | Response::InsufficientData);
        if !shown {
            assert!(
                !patient.contains("points better (") && !headline.contains("of 20"),
                "{patient} {headline}"
            );
            continue;
        }
        // The total comes first, in points and per cent, with its interval and the number of scored days.
        assert!(patient.starts_with("Since the start, your pain is "), "{patient}");
        let first = patient.split("scored days.").next().unwrap();
        assert!(
            first.contains("points") && first.contains("percent") && first.contains("between"),
            "{first}"
        );
        assert!(
            first.contains("90 times out of 100") && first.contains(&verdict.scored.to_string()),
            "{first}"
        );
        assert!(
            prescriber.starts_with("Change from baseline ") && prescriber.contains("90 % interval"),
            "{prescriber}"
        );
        // Where another treatment was started, too, nothing at all is said of the drug.
        let says = |words: &str| prescriber.contains(words) != verdict.started_together;
        assert!(says("prior set ldn-pain-1") && says("sceptical") && says("enthusiastic"), "{prescriber}");
        if verdict.attribution == Attribution::NotSeparable {
            assert!(
                patient.contains("lacebo") && patient.contains("time") && patient.contains("drug"),
                "{patient}"
            );
        } else {
            assert!(patient.contains("sceptic") && patient.contains("enthusiast"), "{patient}");
        }
        if matches!(verdict.response, Response::Unclear) && verdict.attribution == Attribution::NotSeparable {
            assert!(patient.contains("does not yet show"), "a wide interval is no yes and no no: {patient}");
        }
    }
}

#[test]
fn a_blinded_course_tells_the_share_and_an_open_one_does_not() {
    for verdict in every_class() {
        let told = text(&verdict).prescriber.contains("Share of the improvement");
        let may = verdict.attribution != Attribution::NotSeparable && verdict.estimate.is_some();
        assert_eq!(told, may, "{:?} {:?}", verdict.grade, verdict.response);
    }
}

#[test]
fn the_waiting_time_is_a_date() {
    let verdict = judge(&Case::load("s3_early_three_weeks").diary, &Settings::new(Measure::Pain)).unwrap();
    assert_eq!(verdict.response, Response::TooEarly);
    let date = verdict.built_up_on.unwrap();
    assert!(
        verdict.text.next.contains(&format!("built up by {}", date.strftime("%-d %B %Y"))),
        "{}",
        verdict.text.next
    );
    let waiting = (date - jiff::civil::date(2025, 2, 5)).get_days();
    assert!((7..90).contains(&waiting), "{waiting} days");
}

/// On a measure where higher is better, per cent are of the way to the best score.
#[test]
fn per_cent_of_what() {
    use ldn_core::{Diary, Scale, Score};
    let diary = Case::load("s1_responder_open").diary;
    let rows = diary.rows().iter().map(|row| {
        let mut changed = row.clone();
        let pain = changed.scores[Measure::Pain.index()].take();
        changed.scores[Measure::Sleep.index()] =
            pain.map(|score| Score::new(Measure::Sleep, Scale::ZeroToTen, 10.0 - score.as_typed()).unwrap());
        changed
    });
    let verdict = judge(&Diary::new(rows.collect()).unwrap(), &Settings::new(Measure::Sleep)).unwrap();
    assert!(
        verdict.text.patient.contains("percent of the way to the best score"),
        "{}",
        verdict.text.patient
    );
    assert!(
        verdict.text.prescriber.contains("percent of the way to the best score, from 4."),
        "{}",
        verdict.text.prescriber
    );
}

#[test]
fn an_open_diary_without_enough_scores_says_nothing_of_the_drug() {
    let verdict = judge(&Case::load("s4_heavy_missing").diary, &Settings::new(Measure::Pain)).unwrap();
    assert_eq!(verdict.response, Response::InsufficientData);
    assert!(!verdict.text.prescriber.contains("Drug effect"), "{}", verdict.text.prescriber);
}

#[test]
fn the_words_of_one_verdict() {
    let verdict = judge(&Case::load("s1_responder_open").diary, &Settings::new(Measure::Pain)).unwrap();
    insta::assert_snapshot!(sentences(&verdict.text).join("\n\n"));
}
