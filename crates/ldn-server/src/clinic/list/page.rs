//! The list as a page: one row for each patient, fifty on a page.

use std::cmp::Reverse;
use std::sync::Arc;

use askama::Template;
use jiff::civil::Date;
use ldn_care::attention::{Item, Matter, Weight, What};
use ldn_care::screen::RuleSet;
use ldn_core::ids::CourseId;
use ldn_report::recent_line::small_recent_line;

use super::summary::{Now, Summary};
use crate::clinic::room::Clinician;
use crate::frame::Frame;
use crate::patient::in_words;
use crate::site::Site;
use crate::words::Words;

/// Rows of one page.
const ROWS: usize = 50;

/// A patient of the list.
pub(super) struct Listed {
    pub(super) course: CourseId,
    pub(super) name: String,
    pub(super) summary: Arc<Summary>,
}

/// By what the list is sorted: those with an item first, by its matter, weight and age; then the one who wrote longest ago.
type Order = (bool, Option<Matter>, Reverse<Option<Weight>>, Option<Date>, Option<Date>, CourseId);

impl Listed {
    pub(super) fn order(&self) -> Order {
        let first = self.summary.items.first();
        (
            first.is_none(),
            first.map(|item| item.matter),
            Reverse(first.map(|item| item.weight)),
            first.map(|item| item.since),
            self.summary.last_entry,
            self.course,
        )
    }

    /// Returns true if the name, or the initials, have what was searched for.
    pub(super) fn is_called(&self, wanted: &str) -> bool {
        self.name.to_lowercase().contains(wanted) || initials(&self.name).to_lowercase() == wanted
    }
}

#[derive(Template)]
#[template(path = "clinic/list.html")]
pub(super) struct ListPage {
    frame: Frame,
    form_token: String,
    searched: String,
    /// How many patients there are in all, and how many of them press.
    count: String,
    rows: Vec<Row>,
    before: Option<usize>,
    after: Option<usize>,
    /// Said where the rules are older than they may be (hazard H30).
    outdated: Option<String>,
}

/// One patient.
struct Row {
    address: String,
    who: String,
    day: String,
    now: String,
    is_away: bool,
    line: String,
    last: String,
    action: String,
    first: Option<Told>,
    others: Vec<Told>,
}

/// An item of a row.
struct Told {
    matter: String,
    weight: &'static str,
    weight_words: Option<String>,
    what: String,
    said: String,
}

impl ListPage {
    pub(super) fn of(
        site: &Site,
        clinician: &Clinician,
        listed: Vec<Listed>,
        searched: &str,
        page: usize,
    ) -> ListPage {
        let (words, today) = (clinician.words(), clinician.today(site));
        let n_pages = listed.len().div_ceil(ROWS).max(1);
        let page = page.min(n_pages - 1);
        let presses = |one: &&Listed| one.summary.items.iter().any(|item| item.weight > Weight::Info);
        let count = words.say_with(
            "clinic-list-count",
            &[
                ("patients", &listed.len().to_string()),
                ("pressing", &listed.iter().filter(presses).count().to_string()),
            ],
        );
        let rows = listed.iter().skip(page * ROWS).take(ROWS).map(|one| row(words, one, today)).collect();
        ListPage {
            frame: Frame { wide: true, ..clinician.frame(site, "/clinic") },
            form_token: clinician.form_token(),
            searched: searched.to_owned(),
            count,
            rows,
            before: page.checked_sub(1),
            after: (page + 1 < n_pages).then_some(page + 1),
            outdated: RuleSet::shipped().outdated(today),
        }
    }
}

fn row(words: Words, listed: &Listed, today: Date) -> Row {
    let summary = &listed.summary;
    let initials = initials(&listed.name);
    let who = match summary.birth_year {
        Some(year) => {
            words.say_with("clinic-list-who", &[("initials", &initials), ("year", &year.to_string())])
        }
        None => words.say_with("clinic-list-who-unknown", &[("initials", &initials)]),
    };
    let first = summary.items.first();
    Row {
        address: format!("/clinic/courses/{}", listed.course),
        line: small_recent_line(&summary.pain, &line_words(words, summary, &initials)),
        who,
        day: day(words, summary.day),
        now: now(words, summary.now),
        is_away: matches!(summary.now, Now::Stopped | Now::Held | Now::Ask),
        last: last(words, summary.last_entry, today),
        action: words.say(&format!("clinic-act-{}", first.map_or("open", |item| item.what.word()))),
        first: first.map(|item| told(words, item)),
        others: summary.items.iter().skip(1).map(|item| told(words, item)).collect(),
    }
}

fn told(words: Words, item: &Item) -> Told {
    // What the patient wrote names the item; a dose of the plan would not be for a blinded list.
    let is_named = matches!(
        item.what,
        What::Stopped | What::Decide | What::NotRecognised | What::SevereEffect | What::Change
    );
    let mut said: Vec<&str> = Vec::new();
    for cause in item.because.iter().filter(|_| is_named) {
        if !said.contains(&cause.said.as_str()) {
            said.push(&cause.said);
        }
    }
    Told {
        matter: words.say(&format!("clinic-matter-{}", item.matter.word())),
        weight: item.weight.word(),
        weight_words: (item.weight == Weight::Urgent).then(|| words.say("clinic-weight-urgent")),
        what: words.say(&format!("clinic-what-{}", item.what.word())),
        said: said.join(", "),
    }
}

pub(super) fn day(words: Words, day: Option<i64>) -> String {
    match day {
        Some(day) if day > 0 => words.say_with("clinic-list-day", &[("day", &day.to_string())]),
        Some(day) => words.say_with("clinic-list-starts", &[("days", &(1 - day).to_string())]),
        None => words.say("clinic-list-not-begun"),
    }
}

/// Says what is taken now.
pub(super) fn now(words: Words, now: Now) -> String {
    match now {
        Now::Blinded => words.say("clinic-now-blinded"),
        Now::Dose(dose) => dose.to_string(),
        Now::Stopped => words.say("clinic-now-stopped"),
        Now::Held => words.say("clinic-now-held"),
        Now::Ask => words.say("clinic-now-ask"),
        Now::Nothing => words.say("clinic-now-nothing"),
    }
}

fn last(words: Words, last: Option<Date>, today: Date) -> String {
    let Some(last) = last else { return words.say("clinic-list-last-never") };
    let days = last.until(today).map_or(0, |span| span.get_days());
    match days {
        ..=0 => words.say("clinic-list-last-today"),
        1 => words.say("clinic-list-last-yesterday"),
        2..=13 => words.say_with("clinic-list-last-days", &[("days", &days.to_string())]),
        _ => in_words(words, last),
    }
}

/// Says the small picture: how many days, and where it ends.
fn line_words(words: Words, summary: &Summary, initials: &str) -> String {
    let scored = summary.pain.iter().flatten().count().to_string();
    let newest = summary.pain.iter().flatten().next_back();
    let value = newest.map_or_else(|| "–".to_owned(), |score| format!("{:.0}", score.value));
    words.say_with("clinic-list-line", &[("initials", initials), ("scored", &scored), ("value", &value)])
}

/// Returns the first letters of the parts of a name: "AM" of "Ana Morales"; two at most.
pub(super) fn initials(name: &str) -> String {
    let parts: Vec<&str> = name.split_whitespace().collect();
    let first = parts.first().and_then(|part| part.chars().next());
    let last = parts.last().filter(|_| parts.len() > 1).and_then(|part| part.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_part() {
        for (name, expected) in
            [("Ana Morales", "AM"), ("María José de la Ó", "MÓ"), ("cher", "C"), ("", ""), ("ßen ö", "SSÖ")]
        {
            assert_eq!(initials(name), expected, "{name:?}");
        }
    }
}
