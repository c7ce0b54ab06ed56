//! The page.

use std::collections::BTreeSet;

use ldn_core::{Diary, Measure};
use ldn_report::{PageError, PageInput, page};
use ldn_verdict::response::audit::FalseAlarms;
use ldn_verdict::response::decision::Response;

use crate::diaries::{FALSE_ALARMS, Judged, NAMES, every_class, rows};
use crate::markup::{dots, named, parse, strict, words};

/// What no page may say, whatever the verdict.
const FORBIDDEN: [&str; 15] = [
    "ldn works",
    "ldn worked",
    "does not work",
    "did not work",
    "doesn't work",
    "works for you",
    "significan",
    "p-value",
    "p value",
    "proven that",
    "95 %",
    "mcg",
    "very likely that",
    "nan",
    "inf ",
];

fn check_markup(html: &str) {
    let text = strict(html);
    let document = parse(&text);
    assert_eq!(named(&document, "h1").count(), 1);
    for landmark in ["header", "main", "footer"] {
        assert_eq!(named(&document, landmark).count(), 1, "{landmark}");
    }
    for banned in ["script", "link", "iframe", "img", "image", "use", "object", "form", "base"] {
        assert_eq!(named(&document, banned).count(), 0, "{banned}");
    }
    check_attributes(&document, &text);
    check_headings(&document);
    for table in named(&document, "table") {
        assert!(table.children().any(|child| child.has_tag_name("caption")));
    }
    for cell in named(&document, "th") {
        assert!(cell.attribute("scope").is_some());
    }
    for svg in named(&document, "svg") {
        assert_eq!(svg.attribute("role"), Some("img"));
        let first: Vec<&str> =
            svg.children().filter(|n| n.is_element()).take(2).map(|n| n.tag_name().name()).collect();
        assert_eq!(first, ["title", "desc"]);
    }
}

/// Nothing is requested, and what is pointed to is there once.
fn check_attributes(document: &roxmltree::Document<'_>, text: &str) {
    for banned in ["http", "url(", "@import", "javascript:", "//"] {
        assert!(!text.contains(banned), "{banned}");
    }
    let mut ids = BTreeSet::new();
    for node in document.descendants() {
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(
                !name.starts_with("on") && name != "src" && name != "srcset" && name != "style",
                "{name}"
            );
            if name == "id" {
                assert!(ids.insert(value), "{value} twice");
            }
        }
    }
    for node in document.descendants() {
        if let Some(href) = node.attribute("href") {
            let target = href.strip_prefix('#').expect("only to places on the page");
            assert!(ids.contains(target), "{href}");
        }
        for reference in node.attribute("aria-labelledby").into_iter().flat_map(str::split_whitespace) {
            assert!(ids.contains(reference), "{reference}");
        }
    }
}

fn check_headings(document: &roxmltree::Document<'_>) {
    let mut before = 0;
    for node in document.descendants().filter(|n| n.is_element()) {
        let name = node.tag_name().name();
        if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok()) {
            assert!(level <= before + 1, "h{level} after h{before}");
            before = level;
        }
    }
}

fn check_words(judged: &Judged, html: &str) {
    let text = strict(html);
    let document = parse(&text);
    let words = words(&document);
    let verdict = judged.verdict();
    let class = format!("{:?} {:?} {:?}", verdict.response, verdict.attribution, verdict.grade);
    let lower = words.to_lowercase();
    for forbidden in FORBIDDEN {
        assert!(!lower.split(' ').any(|w| w == forbidden), "{class}: {forbidden}");
        assert!(forbidden.len() < 4 || !lower.contains(forbidden), "{class}: {forbidden}");
    }
    let t = &verdict.text;
    for required in [
        t.headline.as_str(),
        &t.next,
        &t.surer,
        &t.prescriber,
        "your prescriber decides",
        "not a medical device",
        "False alarms of this method on real diaries without treatment: 2 in 100; of a before/after test: 38 in 100.",
        "Simulated diary.",
        verdict.prior_set.as_str(),
        verdict.model,
        verdict.measure.direction().words(),
    ] {
        assert!(words.contains(required), "{class}: {required}");
    }
    for sentence in t.patient.split(". ") {
        assert!(words.contains(sentence), "{class}: {sentence}");
    }
    assert_eq!(lower.contains("share of the improvement"), t.prescriber.contains("Share"), "{class}");
    let drawn = dots(document.root());
    match verdict.shown_estimate() {
        Some(_) => {
            assert_eq!(drawn, 2 * (20 + 50), "{class}: each dot plot for a phone and for a column of text");
            for required in [
                "your goal: 30 percent less",
                "Time",
                "regression to the mean",
                "placebo response",
                "Other medicines",
                "30 % better or more",
                "50 % better or more",
                "1 point worse or more",
                "90 % interval",
                "sceptical",
                "enthusiastic",
            ] {
                assert!(words.contains(required), "{class}: {required}");
            }
            let open = !verdict.grade.is_blinded();
            assert_eq!(
                words.contains("the bars move with the prior and not with the diary"),
                open,
                "{class}"
            );
        }
        None => {
            assert_eq!(drawn, 0, "{class}");
            for number_of_change in [
                "points better",
                "points worse",
                "equally likely",
                "Improvement so far",
                "on capsules it was",
            ] {
                assert!(!words.contains(number_of_change), "{class}: {number_of_change}");
            }
        }
    }
    if verdict.response == Response::InsufficientData {
        assert!(words.contains("Not enough yet"), "{class}");
        assert!(words.contains("5 of 14 missing"), "{class}");
    }
}

#[test]
fn every_class_of_verdict_gives_a_sound_page() {
    let all = every_class();
    assert_eq!(all.len(), 1 + 2 * 8 + 2 * 8 * 6);
    for judged in all {
        let html = judged.page();
        check_markup(&html);
        check_words(&judged, &html);
    }
}

#[test]
fn every_simulated_diary_gives_a_sound_page_and_the_same_one_again() {
    for name in NAMES {
        let html = Judged::golden(name).page();
        check_markup(&html);
        assert_eq!(html, Judged::golden(name).page(), "{name}");
    }
}

#[test]
fn diaries_at_the_edge_give_a_page() {
    let mut without_scores = rows(30);
    without_scores.iter_mut().for_each(|row| row.scores = Default::default());
    let mut treated_from_the_first_day = rows(40);
    treated_from_the_first_day.drain(..12);
    for rows in [rows(1), rows(2), rows(29), without_scores, treated_from_the_first_day] {
        let judged = Judged::of(Diary::new(rows).unwrap(), &[Measure::Pain]);
        check_markup(&judged.page());
    }
}

#[test]
fn several_measures_have_headings_and_links() {
    let judged = Judged::of(Diary::new(rows(120)).unwrap(), &Measure::ALL);
    let html = judged.page();
    check_markup(&html);
    let text = strict(&html);
    let document = parse(&text);
    let links: Vec<&str> = named(&document, "nav")
        .flat_map(|nav| nav.descendants())
        .filter_map(|n| n.attribute("href"))
        .collect();
    assert_eq!(links, ["#pain", "#fatigue", "#sleep", "#mood", "#fog"]);
    let words = words(&document);
    assert!(words.contains("higher is better") && words.contains("30 percent of the way to 10"));
    assert!(words.contains("Brain fog"));
}

#[test]
fn hostile_texts_are_texts_and_notes_stay_with_the_person() {
    let hostile = "<script>alert('1')</script>\"&\u{0}\u{1b}]]>";
    let mut rows = rows(60);
    for t in [3, 20, 21, 40] {
        rows[t].side_effects = vec![hostile.to_owned(), "dreams <b>vivid</b>".to_owned()];
        rows[t].note = Some("a secret of the person".to_owned());
    }
    let judged = Judged::of(Diary::new(rows).unwrap(), &[Measure::Pain]);
    let input = PageInput {
        diary: &judged.diary,
        verdicts: &judged.verdicts,
        false_alarms: &FALSE_ALARMS,
        title: "</title><script>alert(1)</script>",
        simulated: false,
    };
    let html = page(&input).unwrap();
    check_markup(&html);
    assert!(html.contains("alert("), "the text itself is shown");
    assert!(!html.contains("a secret of the person"));
    assert!(!html.contains("Simulated"));
}

#[test]
fn no_colour_is_red() {
    let html = Judged::golden("s1_responder_open").page();
    let mut colours = 0;
    for (at, _) in html.match_indices('#') {
        let Some(digits) = html.get(at + 1..at + 7).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
        else {
            continue;
        };
        let channel = |at: usize| u32::from_str_radix(&digits[at..at + 2], 16).unwrap();
        assert!(channel(0) <= channel(2).max(channel(4)) + 24, "#{digits}");
        colours += 1;
    }
    assert!(colours >= 21);
}

#[test]
fn nothing_to_show_is_an_error_and_nothing_counted_is_not_claimed() {
    let mut judged = Judged::golden("s3_early_three_weeks");
    let input = |judged: &Judged, alarms: &FalseAlarms| {
        page(&PageInput {
            diary: &judged.diary,
            verdicts: &judged.verdicts,
            false_alarms: alarms,
            title: "x",
            simulated: false,
        })
    };
    let html = input(&judged, &FalseAlarms::default()).unwrap();
    assert!(!html.contains("False alarms") && !html.contains("NaN"));
    judged.verdicts.clear();
    assert!(matches!(input(&judged, &FALSE_ALARMS), Err(PageError::NoVerdict)));
}
