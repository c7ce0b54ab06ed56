use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use ldn_core::journal::{Answer, DoseReport, Outcome, Severity, SideEffect};
use ldn_core::plan::TimeOfDay;
use ldn_core::score::Measure;
use serde_json::json;

use super::line::Line;
use super::model::{DayModel, DoseModel, EffectModel, Model, OtherScore, PlanModel, ReportModel, ScoreModel};
use super::page::TodayPage;
use super::show::{Wanted, writable};
use super::steps::Ask;
use crate::frame::Frame;
use crate::look::{Look, Theme};
use crate::trouble::rendered;
use crate::words::Language;

const TODAY: Date = date(2026, 11, 25);

fn score(measure: Measure, value: f64) -> (&'static str, ScoreModel) {
    let content = json!([{ "measure": measure.id(), "scale": "0-10", "value": value }]);
    (measure.id(), ScoreModel { entry: format!("entry-{measure}"), value, content, others: Vec::new() })
}

fn dose(part: Option<TimeOfDay>, at: TimeOfDay, say: &str) -> DoseModel {
    DoseModel { part, at, say: say.to_owned(), dose_ng: Some(4_500_000) }
}

fn report(part: Option<TimeOfDay>, outcome: Outcome) -> ReportModel {
    ReportModel { entry: "entry-dose".to_owned(), content: DoseReport { day: TODAY, part, outcome } }
}

/// Days as they occur: empty, half answered, held, answered with everything, two devices, divided.
fn samples() -> Vec<(&'static str, DayModel)> {
    let bedtime = || vec![dose(None, TimeOfDay::Bedtime, "4.5 mg at bedtime")];
    let all = || Measure::ALL.map(|measure| score(measure, 5.0)).into_iter().collect::<BTreeMap<_, _>>();
    let effect = |severity| EffectModel {
        entry: "entry-effect".to_owned(),
        content: SideEffect { term: "</script><b>".to_owned(), severity, ongoing: Answer::Unknown },
    };
    let mut disputed = all();
    if let Some(pain) = disputed.get_mut("pain") {
        pain.others = vec![OtherScore { entry: "other".to_owned(), value: 3.0, alone: true }];
    }
    vec![
        ("empty", DayModel { doses: bedtime(), ..DayModel::default() }),
        (
            "half",
            DayModel { doses: bedtime(), scores: [score(Measure::Pain, 6.0)].into(), ..DayModel::default() },
        ),
        ("held", DayModel { says: Some("No LDN on this day: operation".to_owned()), ..DayModel::default() }),
        ("dose asked", DayModel { doses: bedtime(), scores: all(), ..DayModel::default() }),
        (
            "done",
            DayModel {
                doses: bedtime(),
                scores: all(),
                reports: vec![report(None, Outcome::Taken { dose: None, at: None })],
                side_effects: vec![effect(Severity::Unknown), effect(Severity::Mild)],
                ..DayModel::default()
            },
        ),
        (
            "two devices",
            DayModel {
                doses: bedtime(),
                scores: disputed,
                reports: vec![
                    report(None, Outcome::NotTaken),
                    report(None, Outcome::Taken { dose: None, at: None }),
                ],
                ..DayModel::default()
            },
        ),
        (
            "divided",
            DayModel {
                doses: vec![
                    dose(Some(TimeOfDay::Morning), TimeOfDay::Morning, "1.5 mg in the morning"),
                    dose(Some(TimeOfDay::Bedtime), TimeOfDay::Bedtime, "3 mg at bedtime"),
                ],
                scores: all(),
                reports: vec![report(Some(TimeOfDay::Morning), Outcome::Skipped)],
                ..DayModel::default()
            },
        ),
    ]
}

fn model(day: DayModel) -> Model {
    Model {
        account: "account".to_owned(),
        course: "course".to_owned(),
        person: Some("Ana, born 1980".to_owned()),
        language: "en",
        today: TODAY.to_string(),
        made: "2026-11-25T20:00:00Z".to_owned(),
        blinded: false,
        may_keep: true,
        n_entries: 3,
        days: [(TODAY.to_string(), day)].into(),
        plan: Some(PlanModel { version: 1, valid_until: "2027-01-01".to_owned(), signed: false }),
        chips: vec!["Vivid dreams".to_owned()],
        card: None,
        line: Line::default(),
        words: BTreeMap::new(),
    }
}

fn page(day: DayModel, language: Language, wanted: &Wanted) -> String {
    let frame = Frame::plain(Look { theme: Theme::Auto, language }, "/today");
    rendered(&TodayPage::new(frame, "token", &model(day), wanted, TODAY, 20)).0
}

#[test]
fn every_day_is_shown_in_every_language_with_all_its_words() {
    for language in Language::ALL {
        for (name, day) in samples() {
            for just in [None, Some("pain".to_owned())] {
                let html = page(day.clone(), language, &Wanted { just, ..Wanted::default() });
                assert!(
                    !html.contains(">today-") && !html.contains("\"today-"),
                    "{name} {language:?}: {html}"
                );
                let forms = html.matches("<form").count();
                // Theme and language are no secret and need no session.
                assert_eq!(html.matches("name=\"form_token\"").count(), forms - 1, "{name}");
                assert_eq!(html.matches("<h1>").count(), 1, "{name}");
            }
        }
    }
}

#[test]
fn what_somebody_typed_does_not_end_the_block_of_data() {
    let (_, done) = samples().remove(4);
    let html = page(done, Language::English, &Wanted::default());
    assert_eq!(html.matches("</script>").count(), 2, "diary.js and the block itself");
    assert!(html.contains("\\u003c/script>"));
}

#[test]
fn no_button_is_chosen_before_the_person_chooses_one() {
    let html = page(DayModel::default(), Language::English, &Wanted::default());
    assert_eq!(html.matches("type=\"radio\"").count(), 11);
    assert!(!html.contains(" checked"));
}

#[test]
fn questions_keep_their_order_and_the_first_without_an_answer_is_open() {
    let open = |name: &str| {
        let (_, day) = samples().into_iter().find(|(known, _)| *known == name).expect("a sample");
        Ask::open(&day, None).code()
    };
    for (name, code) in [
        ("empty", "pain"),
        ("half", "fatigue"),
        ("dose asked", "dose-0"),
        ("done", "side-effects"),
        ("divided", "dose-1"),
    ] {
        assert_eq!(open(name), code, "{name}");
    }
    let (_, day) = samples().remove(0);
    assert_eq!(Ask::open(&day, Some("mood")).code(), "mood");
    assert_eq!(Ask::open(&day, Some("dose-7")).code(), "pain", "no such dose");
}

#[test]
fn only_the_last_seven_days_can_be_written() {
    for (day, expected) in [
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 11, 18), date(2026, 11, 18)),
        (date(2026, 11, 17), TODAY),
        (date(2026, 11, 26), TODAY),
    ] {
        assert_eq!(writable(Some(day), TODAY), expected, "{day}");
    }
}

#[test]
fn a_dose_that_was_taken_counts_before_one_that_was_not() {
    let (_, day) = samples().remove(5);
    let counts = day.report(None).map(|report| &report.content.outcome);
    assert_eq!(counts, Some(&Outcome::Taken { dose: None, at: None }));
}
