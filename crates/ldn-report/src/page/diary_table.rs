//! The diary as a table: the same days as the chart, summed up by week.

use crate::calendar::in_words;
use crate::days::{Day, Days, LONGEST_BY_WEEK, Taken, median};
use crate::numbers;
use crate::svg::printable;

/// Most side effects that a row lists.
const SIDE_EFFECTS: usize = 5;

pub(super) struct DiaryTable {
    pub(super) caption: String,
    pub(super) rows: Vec<Row>,
    pub(super) has_side_effects: bool,
}

pub(super) struct Row {
    pub(super) from: String,
    pub(super) scored: String,
    pub(super) middle: String,
    pub(super) dose: String,
    pub(super) side_effects: String,
}

impl DiaryTable {
    pub(super) fn of(days: &Days) -> DiaryTable {
        let (block, name) = if days.n() <= LONGEST_BY_WEEK { (7, "week") } else { (28, "four weeks") };
        let rows = days
            .days
            .chunks(block)
            .enumerate()
            .map(|(idx, chunk)| Row::of(chunk, in_words(days.date(idx * block))))
            .collect();
        let has_side_effects = days.days.iter().any(|day| !day.side_effects.is_empty());
        DiaryTable { caption: format!("The diary by {name}"), rows, has_side_effects }
    }
}

impl Row {
    fn of(days: &[Day], from: String) -> Row {
        let scores: Vec<f64> = days.iter().filter_map(|day| day.score).collect();
        Row {
            from,
            scored: format!("{} of {}", scores.len(), days.len()),
            middle: median(scores).map_or("–".to_owned(), numbers::points),
            dose: doses(days),
            side_effects: side_effects(days),
        }
    }
}

fn doses(days: &[Day]) -> String {
    let taken = days.iter().map(|day| day.taken).filter(|taken| *taken != Taken::Nothing);
    match listed(taken.map(Taken::words), usize::MAX) {
        none if none.is_empty() => "none".to_owned(),
        doses => doses,
    }
}

fn side_effects(days: &[Day]) -> String {
    listed(days.iter().flat_map(|day| day.side_effects.iter().map(|words| printable(words))), SIDE_EFFECTS)
}

/// Each once, in the order in which they came.
fn listed(words: impl Iterator<Item = String>, most: usize) -> String {
    let mut once: Vec<String> = Vec::new();
    for word in words {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    let more = once.len().saturating_sub(most);
    once.truncate(most);
    match more {
        0 => once.join(", "),
        more => format!("{} and {more} more", once.join(", ")),
    }
}
