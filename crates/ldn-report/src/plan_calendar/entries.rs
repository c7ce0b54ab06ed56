//! What stands in the calendar: doses by step, the diary, pauses, reviews, and the last day.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use ldn_core::Plan;
use ldn_core::plan::{AskBecause, DayPart, Hold, Step, TimeOfDay};

use super::{PlanCalendarInput, Words};
use crate::phrases::fill;
use crate::svg::printable;

/// One entry of the calendar.
pub(super) struct Entry {
    /// Its name inside the course; the same in every version of the plan.
    pub(super) key: String,
    pub(super) when: When,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) alarm: bool,
    /// True if it only takes back an entry of an older plan.
    pub(super) cancelled: bool,
}

/// On which days.
pub(super) enum When {
    /// Every day at the same time by the clock on the wall.
    Daily { from: Date, days: u32, at: Time },
    /// Whole days, the last one included.
    Whole { from: Date, to: Date },
}

/// The entries of a plan that speaks.
pub(super) fn current(input: &PlanCalendarInput<'_>, words: &Words) -> Vec<Entry> {
    let writer = Writer { input, words };
    let plan = input.plan;
    let mut entries = Vec::new();
    for (index, step) in plan.steps().iter().enumerate() {
        entries.extend(step.parts.iter().filter_map(|part| writer.dose(index, step, part)));
    }
    entries.extend(writer.diary());
    entries.extend(plan.holds().iter().enumerate().filter_map(|(index, hold)| writer.hold(index, hold)));
    entries.extend(writer.reviews());
    entries.extend(writer.judge());
    entries.push(writer.last());
    entries
}

/// The only entry of a plan that no longer speaks.
pub(super) fn ask(input: &PlanCalendarInput<'_>, words: &Words, because: AskBecause) -> Entry {
    let key = match because {
        AskBecause::Expired => "expired",
        AskBecause::Superseded => "superseded",
    };
    let valid_until = input.plan.parts().valid_until.to_string();
    let text = fill(&words.description[key], &[("valid_until", &valid_until)]);
    let writer = Writer { input, words };
    writer.whole(key.to_owned(), "ask", &text, input.today, input.today)
}

/// Entries of older plans that the new one does not have, taken back.
pub(super) fn replaced(
    input: &PlanCalendarInput<'_>,
    words: &Words,
    ancestors: &[&Plan],
    kept: &[Entry],
) -> Vec<Entry> {
    let mut seen: BTreeSet<String> = kept.iter().map(|entry| entry.key.clone()).collect();
    let mut gone = Vec::new();
    for plan in ancestors {
        let older = PlanCalendarInput { plan, ..*input };
        for entry in current(&older, words) {
            if seen.insert(entry.key.clone()) {
                let text = words.description["replaced"].clone();
                let title = words.titles(input.titles)["replaced"].clone();
                gone.push(Entry { title, description: text, alarm: false, cancelled: true, ..entry });
            }
        }
    }
    gone
}

struct Writer<'a> {
    input: &'a PlanCalendarInput<'a>,
    words: &'a Words,
}

impl Writer<'_> {
    fn dose(&self, index: usize, step: &Step, part: &DayPart) -> Option<Entry> {
        let days = self.days(step.from, step.to)?;
        let (name, at) = (word(part.at), self.input.times.of(part.at));
        let what = self.what(part);
        let steps = self.input.plan.steps().len().to_string();
        let text = fill(
            &self.words.description["dose"],
            &[
                ("what", &what),
                ("when", part.at.words()),
                ("step", &(index + 1).to_string()),
                ("steps", &steps),
            ],
        );
        let key = format!("step-{}-{name}", index + 1);
        let when = When::Daily { from: step.from, days, at };
        let entry = self.entry(key, name, &what, &text, when);
        // One reminder at a time is enough: the diary's own stands at that minute already.
        Some(Entry { alarm: at != self.input.times.diary, ..entry })
    }

    /// What is taken; in a blinded plan the same words whatever it contains.
    fn what(&self, part: &DayPart) -> String {
        let key = if self.input.plan.parts().blinded { "blinded" } else { "open" };
        fill(&self.words.what[key], &[("dose", &part.dose.to_string())])
    }

    fn diary(&self) -> Option<Entry> {
        let parts = self.input.plan.parts();
        let from = parts.steps.first().map_or(parts.made_on, |step| step.from.min(parts.made_on));
        let days = self.days(from, None)?;
        let when = When::Daily { from, days, at: self.input.times.diary };
        let entry =
            self.entry("diary".to_owned(), "diary", "", &self.words.description["diary"].clone(), when);
        Some(Entry { alarm: true, ..entry })
    }

    fn hold(&self, index: usize, hold: &Hold) -> Option<Entry> {
        let last = self.input.plan.parts().valid_until;
        if hold.from > last {
            return None;
        }
        let (name, to) = match hold.to {
            Some(to) => ("hold", to.to_string()),
            None => ("open_hold", String::new()),
        };
        let from = hold.from.to_string();
        let values = [("from", from.as_str()), ("to", &to), ("why", &hold.why)];
        let text = fill(&self.words.description[name], &values);
        let until = hold.to.map_or(last, |to| to.min(last));
        Some(self.whole(format!("hold-{}", index + 1), "hold", &text, hold.from, until))
    }

    fn reviews(&self) -> Vec<Entry> {
        let last = self.input.plan.parts().valid_until;
        let reviews = self.input.plan.parts().review.iter().enumerate();
        reviews
            .filter(|(_, review)| review.on <= last)
            .map(|(index, review)| {
                let text = fill(&self.words.description["review"], &[("what", &review.what)]);
                self.whole(format!("review-{}", index + 1), "review", &text, review.on, review.on)
            })
            .collect()
    }

    fn judge(&self) -> Option<Entry> {
        let parts = self.input.plan.parts();
        // A review on the day of judging says so already.
        let is_reviewed = |on: &Date| parts.review.iter().any(|review| review.on == *on);
        let on = parts.judge_on.filter(|on| *on <= parts.valid_until && !is_reviewed(on))?;
        Some(self.whole("judge".to_owned(), "judge", &self.words.description["judge"].clone(), on, on))
    }

    fn last(&self) -> Entry {
        let on = self.input.plan.parts().valid_until;
        self.whole("last".to_owned(), "last", &self.words.description["last"].clone(), on, on)
    }

    fn whole(&self, key: String, title: &str, text: &str, from: Date, to: Date) -> Entry {
        self.entry(key, title, "", text, When::Whole { from, to })
    }

    fn entry(&self, key: String, title: &str, what: &str, text: &str, when: When) -> Entry {
        let title = fill(&self.words.titles(self.input.titles)[title], &[("what", what)]);
        // Line by line: a line feed inside a text of the plan would look like one of ours.
        let description = format!("{}\n{}", printable(text), self.plan_line());
        Entry { key, when, title, description, alarm: false, cancelled: false }
    }

    /// Which plan it is and how long it counts.
    fn plan_line(&self) -> String {
        let parts = self.input.plan.parts();
        let description = &self.words.description;
        let signed = match &parts.signature {
            Some(signature) => fill(&description["signed"], &[("on", &signature.on.to_string())]),
            None => description["not_signed"].clone(),
        };
        fill(
            &description["plan"],
            &[
                ("version", &parts.version.to_string()),
                ("id", self.input.plan.id().as_str()),
                ("signed", &signed),
                ("valid_until", &parts.valid_until.to_string()),
            ],
        )
    }

    /// Number of days from one to another, the last included and never after the plan's own; `None` if there is none.
    fn days(&self, from: Date, to: Option<Date>) -> Option<u32> {
        let last = self.input.plan.parts().valid_until;
        let end = to.map_or(last, |to| to.min(last)).checked_add(1.day()).ok()?;
        let days = from.until(end).ok()?.get_days();
        u32::try_from(days).ok().filter(|days| *days > 0)
    }
}

/// The name of a time of day in keys and wording.
const fn word(at: TimeOfDay) -> &'static str {
    match at {
        TimeOfDay::Morning => "morning",
        TimeOfDay::Midday => "midday",
        TimeOfDay::Bedtime => "bedtime",
    }
}
