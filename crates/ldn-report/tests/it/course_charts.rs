//! Pictures for the pages of a patient: what they show, and what they must never show.

use jiff::civil::date;
use ldn_core::{Dose, Measure};
use ldn_report::svg::Layout;
use ldn_report::{ChartDay, CourseChart, CourseWords, PlanWords, Theme, course_chart, plan_chart};

use crate::plans::plan;

fn months() -> [String; 12] {
    ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"].map(str::to_owned)
}

fn chart(days: Vec<ChartDay>) -> CourseChart {
    let words = CourseWords {
        title: "Dolor".into(),
        description: "Dolor <día a día>".into(),
        heading: "Dolor: más bajo es mejor".into(),
        each_day: "cada día".into(),
        late: "después".into(),
        course: "mediana".into(),
        bands: ["nada", "leve", "moderado", "fuerte"].map(str::to_owned),
        goal: "meta".into(),
        doses: "Dosis".into(),
        blinded: "a ciegas".into(),
        side_effects: "Efectos".into(),
        months: months(),
    };
    CourseChart { measure: Measure::Pain, start: date(2026, 1, 1), days, goal: Some(4.2), words }
}

fn day(score: f64) -> ChartDay {
    ChartDay {
        score: Some(score),
        taken: Some(Dose::from_micrograms(3_000)),
        planned: Some(Dose::from_micrograms(4_500)),
        ..ChartDay::default()
    }
}

#[test]
fn everything_is_drawn_in_the_words_of_the_caller() {
    for layout in [Layout::Narrow, Layout::Wide] {
        let mut days = vec![day(6.0); 40];
        days[3].late = true;
        days[5].side_effect = true;
        let drawn = course_chart(&chart(days), Theme::Page, layout).unwrap();
        for word in
            ["Dolor &lt;día a día&gt;", "↓ Dolor", "fuerte", "meta", "después", "Efectos", "3 mg", " ene<"]
        {
            assert!(drawn.contains(word), "{word} in {drawn}");
        }
        assert!(!drawn.contains("Jan"), "{drawn}");
    }
}

#[test]
fn a_missing_week_is_a_gap_and_nothing_is_drawn_of_nothing() {
    let mut days = vec![day(5.0); 30];
    let unbroken = course_chart(&chart(days.clone()), Theme::Page, Layout::Wide).unwrap();
    for missing in &mut days[10..17] {
        missing.score = None;
    }
    let broken = course_chart(&chart(days), Theme::Page, Layout::Wide).unwrap();
    let course = |drawn: &str| {
        let line = drawn
            .lines()
            .find(|line| line.contains("stroke-width=\"3.2\"") && line.contains("d=\""))
            .unwrap();
        line.split("d=\"").nth(1).unwrap().split('"').next().unwrap().matches('M').count()
    };
    assert_eq!((course(&unbroken), course(&broken)), (1, 2));
    assert!(course_chart(&chart(Vec::new()), Theme::Page, Layout::Wide).is_none());
}

#[test]
fn a_blinded_day_has_no_dose() {
    let blinded = ChartDay { blinded: true, ..day(5.0) };
    let drawn = course_chart(&chart(vec![blinded; 30]), Theme::Page, Layout::Wide).unwrap();
    assert!(drawn.contains("a ciegas") && !drawn.contains(" mg"), "{drawn}");
    let other = ChartDay { taken: Some(Dose::ZERO), planned: None, ..blinded };
    let placebo = course_chart(&chart(vec![other; 30]), Theme::Page, Layout::Wide).unwrap();
    assert_eq!(drawn, placebo, "the same bytes whatever was in the kit");
}

#[test]
fn a_long_diary_stays_small() {
    let drawn = course_chart(&chart(vec![day(5.0); 3_650]), Theme::Page, Layout::Wide).unwrap();
    assert!(drawn.lines().count() < 120, "{} elements", drawn.lines().count());
}

#[test]
fn a_plan_is_drawn_in_steps_and_a_blinded_one_is_not() {
    let words = PlanWords {
        title: "t".into(),
        description: "d".into(),
        today: "hoy".into(),
        pause: "pausa".into(),
        months: months(),
    };
    let plan = plan(|_| {});
    let today = plan.steps()[0].from;
    let drawn = plan_chart(&plan, today, &words, Theme::Page, Layout::Wide).unwrap();
    assert!(drawn.contains("hoy") && drawn.contains(&plan.highest_dose().to_string()), "{drawn}");
    let mut parts = plan.into_parts();
    parts.blinded = true;
    let blinded = ldn_core::Plan::new(parts).unwrap();
    assert!(plan_chart(&blinded, today, &words, Theme::Page, Layout::Wide).is_none());
}
