//! The verdict page with everything that it can say.

use askama::Template;
use ldn_core::Measure;
use ldn_core::course::Course;
use ldn_core::diary::{Arm, Diary, DiaryRow};
use ldn_core::score::{Scale, Score};
use ldn_verdict::response::decision::{Attribution, Response};
use ldn_verdict::response::grade::Grade;
use ldn_verdict::response::{Settings, Verdict, judge};

use super::show::VerdictPage;
use super::told::Told;
use super::untreated;
use crate::look::Look;
use crate::patient::samples::journal::{TODAY, mg, plus, responder};
use crate::patient::samples::{Journal, Sampled, frame};
use crate::words::{Language, Words};

/// Returns every page of this family with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let words = look.words();
    let page = |name, told| {
        let measures = vec![Measure::Pain, Measure::Sleep];
        let html = VerdictPage::of(frame(look, "/verdict"), Measure::Pain, measures, told).render().unwrap();
        Sampled { name, html }
    };
    let mut all = vec![
        page("verdict: blinded", Told::recording(words)),
        page("verdict: empty", Told::empty(words)),
        page("verdict: doses unknown", Told::doses_unknown(words, 30, 90)),
        page("verdict: unreliable", Told::unreliable(words)),
    ];
    for (name, verdict) in verdicts() {
        all.push(page(name, Told::of(words, &verdict)));
    }
    all
}

/// Verdicts of every kind: some computed, the others with the class that a computed one could have had.
fn verdicts() -> Vec<(&'static str, Verdict)> {
    let computed = judged(&Journal::default().with_all(responder(70)).course());
    let short = judged(&Journal::default().with_all(responder(14)).course());
    let before = {
        let entries = responder(70).into_iter().filter(|(day, _)| *day < plus(TODAY, -69)).collect();
        judged(&Journal::default().with_all(entries).course())
    };
    let with = |change: &dyn Fn(&mut Verdict)| {
        let mut verdict = computed.clone();
        change(&mut verdict);
        verdict
    };
    let mut all = vec![
        ("verdict: responder", computed.clone()),
        ("verdict: too few days", short),
        ("verdict: before treatment", before),
        ("verdict: withdrawal", with(&|verdict| verdict.grade = Grade::C)),
        ("verdict: together", with(&|verdict| verdict.started_together = true)),
        ("verdict: stopped", with(&|verdict| verdict.stopped_on = Some(plus(TODAY, -10)))),
        ("verdict: one arm", with(&|verdict| verdict.judged_built_up = true)),
        (
            "verdict: sensitive",
            with(&|verdict| {
                (verdict.attribution, verdict.prior_sensitive, verdict.grade) =
                    (Attribution::Likely, true, Grade::B);
            }),
        ),
        ("verdict: sleep", with(&|verdict| verdict.measure = Measure::Sleep)),
        (
            "verdict: built up later",
            with(&|verdict| {
                (verdict.response, verdict.built_up_on) = (Response::TooEarly, Some(plus(TODAY, 40)));
            }),
        ),
        (
            "verdict: baseline lost",
            with(&|verdict| {
                verdict.response = Response::InsufficientData;
                verdict.observed.baseline_scored = 2;
            }),
        ),
    ];
    for response in Response::ALL {
        all.push(("verdict: a response", with(&|verdict| verdict.response = *response)));
    }
    for attribution in Attribution::ALL {
        all.push((
            "verdict: an attribution",
            with(&|verdict| {
                (verdict.attribution, verdict.grade) = (*attribution, Grade::A);
            }),
        ));
    }
    all
}

fn judged(course: &Course) -> Verdict {
    judge(&untreated::diary(course).unwrap(), &Settings::new(Measure::Pain)).unwrap()
}

#[test]
fn a_blinded_period_that_ended_is_judged_and_told_without_a_share() {
    let row = |day: i64| {
        let active = (day / 28) % 2 == 0;
        let on = day >= 28;
        let score = if on && active { 4.0 } else { 6.0 } + f64::from(u8::from(day % 3 == 0));
        let mut row = DiaryRow::empty(plus(TODAY, day - 200));
        row.scores[Measure::Pain.index()] = Some(Score::new(Measure::Pain, Scale::ZeroToTen, score).unwrap());
        row.capsule = Some(on);
        row.dose = Some(if on && active { mg("4.5") } else { mg("0") });
        row.blind = on;
        row.arm = on.then_some(if active { Arm::Active } else { Arm::Placebo });
        row
    };
    let diary = Diary::new((0..200).map(row).collect()).unwrap();
    let verdict = judge(&diary, &Settings::new(Measure::Pain)).unwrap();
    assert!(verdict.grade.is_blinded());
    let told = Told::of(Words::of(Language::English), &verdict);
    let text = told.paragraphs.join(" ");
    assert!(text.contains("In the blinded periods") || text.contains("The blinded periods"), "{text}");
    assert!(!text.contains('%') && !text.contains("share"), "{text}");
}

#[test]
fn the_three_zones_are_all_the_answers() {
    for (name, verdict) in verdicts() {
        let told = Told::of(Words::of(Language::English), &verdict);
        let Some(picture) = told.picture else { continue };
        let counted: usize = picture.zones.iter().map(|(_, count)| count).sum();
        assert_eq!(counted, 20, "{name}");
        assert_eq!(picture.drawn.wide.matches("class=\"dot\"").count(), 20, "{name}");
        assert_eq!(picture.drawn.narrow.matches("class=\"dot\"").count(), 20, "{name}");
    }
}

#[test]
fn too_few_days_are_told_without_a_number_of_the_change() {
    let course = Journal::default().with_all(responder(14)).course();
    let told = Told::of(Words::of(Language::English), &judged(&course));
    assert_eq!(told.headline, "Not enough yet");
    assert!(told.picture.is_none() && told.paragraphs.is_empty());
    assert_eq!(told.missing.len(), 1);
    assert!(told.missing[0].contains("missing"), "{:?}", told.missing);
}
