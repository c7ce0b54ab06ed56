//! The drawings.

use ldn_core::{Diary, Measure};
use ldn_report::{Reader, Theme, attribution_chart, diary_chart, dot_plot};
use ldn_verdict::response::Verdict;
use ldn_verdict::response::wording::equally_likely;
use roxmltree::{Document, Node};

use crate::diaries::{Judged, NAMES, every_class, rows};
use crate::markup::{dots, named, number, parse};

fn all_charts(judged: &Judged, theme: Theme) -> Vec<String> {
    let verdict = judged.verdict();
    let plots = [Reader::Patient, Reader::Clinician].map(|reader| dot_plot(verdict, reader, theme));
    let diary = diary_chart(&judged.diary, judged.series(), verdict, theme);
    plots.into_iter().chain([Some(diary), attribution_chart(verdict, theme)]).flatten().collect()
}

#[test]
fn a_file_stands_alone_and_a_drawing_on_the_page_takes_its_colours() {
    for name in NAMES {
        let judged = Judged::golden(name);
        for svg in all_charts(&judged, Theme::Standalone) {
            let document = parse(&svg);
            let root = document.root_element();
            assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
            assert!(number(root, "width") > 0.0 && number(root, "height") > 0.0);
            assert!(!svg.contains("var("), "a viewer outside the page knows no variables");
        }
        for svg in all_charts(&judged, Theme::Page) {
            parse(&svg);
            assert!(svg.contains("var(--ink)"));
            assert!(!svg.contains('#') && !svg.contains("http") && !svg.contains(" id="));
        }
    }
}

#[test]
fn nothing_lies_outside_its_drawing() {
    for judged in NAMES.map(Judged::golden).iter().chain(&every_class()) {
        for svg in all_charts(judged, Theme::Standalone) {
            let document = parse(&svg);
            let root = document.root_element();
            let (width, height) = (number(root, "width"), number(root, "height"));
            for node in document.descendants() {
                for (attribute, end) in
                    [("x", width), ("y", height), ("x1", width), ("x2", width), ("cx", width), ("cy", height)]
                {
                    if node.attribute(attribute).is_some() {
                        let place = number(node, attribute);
                        assert!((0.0..=end).contains(&place), "{attribute} {place} of {end} in {node:?}");
                    }
                }
            }
        }
    }
}

fn plot(verdict: &Verdict, reader: Reader) -> String {
    dot_plot(verdict, reader, Theme::Standalone).unwrap()
}

#[test]
fn dots_are_counted_and_filled_past_the_goal() {
    for name in ["s1_responder_open", "s3_early_three_weeks", "s5_blinded_crossover", "s7_flares_near_floor"]
    {
        let judged = Judged::golden(name);
        let verdict = judged.verdict();
        let estimate = verdict.estimate.as_ref().unwrap();
        let goal = 0.3 * estimate.quantities.baseline.mean;
        for (reader, n) in [(Reader::Patient, 20), (Reader::Clinician, 50)] {
            let svg = plot(verdict, reader);
            let document = parse(&svg);
            assert_eq!(dots(document.root()), n);
            let filled = document
                .descendants()
                .filter(|d| {
                    d.attribute("class") == Some("dot") && d.attribute("fill") == d.attribute("stroke")
                })
                .count();
            let answers = equally_likely(&estimate.total_dots, n);
            let past = answers.iter().filter(|answer| **answer >= goal).count();
            assert_eq!(filled, past, "{name}");
            let better = answers.iter().filter(|answer| **answer > 0.0).count();
            for words in [
                format!("{past} of {n}: better by "),
                format!("{} of {n}: a smaller improvement", better - past),
                format!("{} of {n}: no change, or worse", n - better),
            ] {
                assert!(svg.contains(&words), "{name}: {words}");
            }
        }
    }
}

/// The place of a text.
fn place_of(document: &Document<'_>, words: &str) -> f64 {
    let found: Vec<f64> = named(document, "text")
        .filter(|node| node.text() == Some(words))
        .map(|node| number(node, "x"))
        .collect();
    *found.last().unwrap_or_else(|| panic!("no {words}"))
}

#[test]
fn the_goal_and_every_dot_stand_where_the_axis_says() {
    for name in ["s1_responder_open", "s5_blinded_crossover"] {
        let judged = Judged::golden(name);
        let estimate = judged.verdict().estimate.as_ref().unwrap();
        let goal = 0.3 * estimate.quantities.baseline.mean;
        let svg = plot(judged.verdict(), Reader::Clinician);
        let document = parse(&svg);
        let zero = place_of(&document, "no change");
        let unit = place_of(&document, "+1") - zero;
        let is_dashed = |node: &Node<'_, '_>| node.attribute("stroke-dasharray").is_some();
        let line = named(&document, "line").find(is_dashed).unwrap();
        assert!((number(line, "x1") - zero - goal * unit).abs() < 0.02, "{name}");
        // A dot stands in its column: never farther from its answer than a column is wide.
        let places: Vec<(f64, f64)> = document
            .descendants()
            .filter(|d| d.attribute("class") == Some("dot"))
            .map(|d| (number(d, "cx"), number(d, "r")))
            .collect();
        for ((x, radius), answer) in places.iter().zip(&estimate.total_dots) {
            assert!((x - zero - answer * unit).abs() < 2.0 * radius + 4.0, "{name}: {answer}");
        }
    }
}

#[test]
fn without_an_estimate_there_is_no_picture_of_one() {
    let judged = Judged::golden("s4_heavy_missing");
    assert!(judged.verdict().estimate.is_some(), "there is a posterior, but it may not be shown");
    for reader in [Reader::Patient, Reader::Clinician] {
        assert_eq!(dot_plot(judged.verdict(), reader, Theme::Page), None);
    }
    assert_eq!(attribution_chart(judged.verdict(), Theme::Page), None);
    let svg = diary_chart(&judged.diary, judged.series(), judged.verdict(), Theme::Page);
    assert!(!svg.contains("on capsules:"), "two means side by side are a change");
}

#[test]
fn a_chart_of_ten_years_stays_small() {
    let mut rows = rows(3_650);
    for (t, row) in rows.iter_mut().enumerate() {
        // The worst case: side effects daily, the dose changing and missed all the time.
        row.side_effects = vec!["dreams".to_owned()];
        if t % 3 == 0 {
            row.dose = Some(ldn_core::Dose::from_micrograms(if t % 2 == 0 { 1_500 } else { 0 }));
        }
    }
    let judged = Judged::of(Diary::new(rows).unwrap(), &[Measure::Pain]);
    let svg = diary_chart(&judged.diary, judged.series(), judged.verdict(), Theme::Page);
    let document = parse(&svg);
    let elements = document.descendants().filter(Node::is_element).count();
    assert!(elements < 120, "{elements} elements");
    assert!(svg.len() < 200_000, "{} bytes", svg.len());
    assert!(judged.page().len() < 700_000);
}

#[test]
fn the_course_is_never_joined_across_missing_days() {
    let mut rows = rows(90);
    rows[40..50].iter_mut().for_each(|row| row.scores = Default::default());
    let judged = Judged::of(Diary::new(rows).unwrap(), &[Measure::Pain]);
    let svg = diary_chart(&judged.diary, judged.series(), judged.verdict(), Theme::Page);
    let document = parse(&svg);
    let course = named(&document, "path")
        .find(|node| node.attribute("stroke-width") == Some("3.2"))
        .expect("the course");
    let strokes: Vec<&str> = course.attribute("d").unwrap().split('M').filter(|s| !s.is_empty()).collect();
    assert_eq!(strokes.len(), 2);
    let x = |point: &str| point.split(' ').next().unwrap().parse::<f64>().unwrap();
    let (end, start) = (x(strokes[0].rsplit('L').next().unwrap()), x(strokes[1].split('L').next().unwrap()));
    // Ninety days on a plot of 536.
    let day = 536.0 / 90.0;
    assert!((start - end - 11.0 * day).abs() < 0.1, "{end} to {start}");
}

#[test]
fn the_axis_says_which_way_is_better() {
    let judged = Judged::of(Diary::new(rows(80)).unwrap(), &[Measure::Pain, Measure::Sleep]);
    for ((series, verdict), words, has_bands) in judged
        .verdicts
        .iter()
        .zip(["Pain ↓ lower is better", "Sleep ↑ higher is better"])
        .zip([true, false])
        .map(|((judged, words), bands)| (judged, words, bands))
    {
        let svg = diary_chart(&judged.diary, series, verdict, Theme::Page);
        assert!(svg.contains(words), "{words}");
        assert_eq!(svg.contains(">severe<"), has_bands);
        for score in ["0", "2", "4", "6", "8", "10"] {
            assert!(svg.contains(&format!(">{score}</text>")));
        }
        assert!(svg.contains("4.5 mg") && svg.contains("first capsule"));
    }
}

#[test]
fn blinded_periods_are_striped_and_open_ones_are_not() {
    for (name, striped) in [("s5_blinded_crossover", true), ("s1_responder_open", false)] {
        let judged = Judged::golden(name);
        let svg = diary_chart(&judged.diary, judged.series(), judged.verdict(), Theme::Page);
        assert_eq!(svg.contains("striped: blinded"), striped, "{name}");
        assert_eq!(svg.contains(">placebo<"), striped, "{name}");
        assert_eq!(svg.contains("opacity=\"0.55\""), striped, "{name}");
    }
}
