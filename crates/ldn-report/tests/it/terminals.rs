//! The picture for the terminal.

use ldn_core::{Diary, Measure};
use ldn_report::terminal::render;

use crate::diaries::{Judged, NAMES, every_class, rows};

fn shown(judged: &Judged, width: usize, colour: bool) -> String {
    render(&judged.diary, judged.series(), judged.verdict(), width, colour)
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').expect("an escape sequence ends").1);
    }
    plain
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for judged in NAMES.map(Judged::golden) {
        for width in [0, 32, 40, 66, 80, 100, 250] {
            for line in shown(&judged, width, false).lines() {
                assert!(line.chars().count() <= width.max(32), "{width}: {line}");
            }
        }
    }
}

#[test]
fn colour_only_repeats() {
    for judged in NAMES.map(Judged::golden) {
        let plain = shown(&judged, 80, false);
        assert!(!plain.contains('\u{1b}'));
        let coloured = shown(&judged, 80, true);
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(without_colour(&coloured), plain);
    }
}

#[test]
fn it_says_what_the_page_says() {
    for judged in every_class() {
        let text = shown(&judged, 100, false);
        let verdict = judged.verdict();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for required in [&verdict.text.headline, &verdict.text.patient, &verdict.text.surer] {
            assert!(flat.contains(required.as_str()), "{required}");
        }
        assert!(flat.contains(&format!("Response {}", verdict.response.id())));
        assert!(flat.contains(&format!("Action {}", verdict.action.id())));
        let drawn = text
            .lines()
            .filter(|line| line.contains("● ●") || line.trim_start().starts_with(['●', '○', '◌']));
        assert_eq!(drawn.count() > 0, verdict.shown_estimate().is_some());
        assert!(!text.contains("NaN"));
    }
}

#[test]
fn twenty_dots_over_a_line() {
    let text = shown(&Judged::golden("s1_responder_open"), 80, false);
    let picture: String = text
        .lines()
        .skip_while(|line| !line.contains("20 equally likely answers") || line.len() > 40)
        .take_while(|line| !line.contains('╋'))
        .collect();
    assert_eq!(picture.chars().filter(|c| ['●', '○', '◌'].contains(c)).count(), 20);
}

#[test]
fn diaries_of_a_day_and_of_years() {
    for n in [1, 2, 3_650] {
        let judged = Judged::of(Diary::new(rows(n)).unwrap(), &[Measure::Pain]);
        assert!(shown(&judged, 80, false).lines().count() < 100);
    }
}
