//! The page of a day as it stands without script.

use askama::Template;
use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::journal::Outcome;
use ldn_core::plan::TimeOfDay;
use ldn_core::score::Measure;
use ldn_core::{Dose, journal};

use super::LATE_DAYS;
use super::line::Line;
use super::model::{DayModel, DoseModel, EffectModel, Model, ReportModel};
use super::show::{Wanted, writable};
use super::steps::Ask;
use crate::frame::Frame;
use crate::patient::danger;
use crate::words::Words;

/// The page of a day.
#[derive(Template)]
#[template(path = "today/show.html")]
pub(crate) struct TodayPage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    /// The data of the script.
    pub(super) model: String,
    pub(super) day: String,
    pub(super) heading: String,
    pub(super) days: Vec<DayLink>,
    pub(super) notes: Vec<String>,
    pub(super) stage: Stage,
    pub(super) steps: Vec<StepLine>,
    pub(super) effects: Vec<EffectLine>,
    pub(super) undo: Option<String>,
    pub(super) line: Line,
    pub(super) danger: Vec<danger::DangerLink>,
}

/// A day that can be opened.
pub(super) struct DayLink {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) current: bool,
    /// Today and yesterday stand alone; the others are one tap further.
    pub(super) near: bool,
}

/// What is asked now.
pub(super) enum Stage {
    /// Eleven buttons.
    Rating {
        measure: &'static str,
        name: String,
        low: String,
        high: String,
        points: Vec<Point>,
        /// True if "Just pain today" is offered.
        offers_just: bool,
        skip: String,
    },
    /// Yes, no, changed.
    Dose { place: usize, say: String, amount: Option<String>, unsigned: bool, skip: String },
    /// Chips.
    Effects { chips: Vec<String> },
    /// Thanked once, nothing more asked.
    Thanks,
}

/// One of the eleven buttons.
pub(super) struct Point {
    pub(super) value: u8,
    /// What it is called, such as "Pain 6 of 10".
    pub(super) label: String,
    pub(super) checked: bool,
}

/// A question that is not open.
pub(super) struct StepLine {
    pub(super) name: String,
    pub(super) answer: String,
    pub(super) answered: bool,
    pub(super) address: String,
}

/// A side effect that was noted.
pub(super) struct EffectLine {
    pub(super) entry: String,
    pub(super) term: String,
    pub(super) severity: Option<String>,
}

impl TodayPage {
    /// Makes the page; `today` is the person's local day and `hour` what their clock shows.
    pub(crate) fn new(
        frame: Frame,
        form_token: &str,
        model: &Model,
        wanted: &Wanted,
        today: Date,
        hour: i8,
    ) -> TodayPage {
        let words = frame.words;
        let date = writable(wanted.day, today);
        let day = model.day(date);
        let just = wanted.just.as_deref() == Some("pain");
        let asked = Ask::open(&day, wanted.ask.as_deref());
        let stage = match asked {
            _ if just && day.scores.contains_key(Measure::Pain.id()) => Stage::Thanks,
            _ if just => Asker { words, date, day: &day, model }.rating(Measure::Pain, true),
            asked => Asker { words, date, day: &day, model }.stage(asked),
        };
        let steps = if just { Vec::new() } else { steps(words, date, &day, asked) };
        TodayPage {
            form_token: form_token.to_owned(),
            model: model.for_page(),
            day: date.to_string(),
            heading: heading(words, date, (date == today).then_some(hour)),
            days: day_links(words, date, today),
            notes: notes(words, &day),
            stage,
            steps,
            effects: day.side_effects.iter().map(|effect| effect_line(words, effect)).collect(),
            undo: wanted.saved.clone(),
            line: model.line.clone(),
            danger: danger::links(words),
            frame,
        }
    }
}

/// Words the question that is open.
struct Asker<'a> {
    words: Words,
    date: Date,
    day: &'a DayModel,
    model: &'a Model,
}

impl Asker<'_> {
    fn stage(&self, asked: Ask) -> Stage {
        match (asked, asked.dose(self.day)) {
            (Ask::Rating(measure), _) => self.rating(measure, false),
            (Ask::Dose(place), Some(dose)) => Stage::Dose {
                place,
                say: dose.say.clone(),
                amount: dose.dose_ng.map(|dose| Dose::from_nanograms(dose).milligrams_text()),
                unsigned: self.model.plan.as_ref().is_some_and(|plan| !plan.signed),
                skip: self.after(asked),
            },
            _ => Stage::Effects { chips: self.model.chips.clone() },
        }
    }

    fn rating(&self, measure: Measure, just: bool) -> Stage {
        let say = |code: &str| self.words.say(&format!("today-{}{code}", measure.id()));
        Stage::Rating {
            measure: measure.id(),
            name: say(""),
            low: say("-low"),
            high: say("-high"),
            points: self.points(measure),
            offers_just: measure == Measure::Pain && !just,
            skip: self.after(Ask::Rating(measure)),
        }
    }

    fn points(&self, measure: Measure) -> Vec<Point> {
        let name = self.words.say(&format!("today-{}", measure.id()));
        let before = self.day.scores.get(measure.id()).map(|score| score.value);
        let point = |value: u8| Point {
            value,
            label: self.words.say_with("today-point", &[("measure", &name), ("value", &value.to_string())]),
            checked: before == Some(f64::from(value)),
        };
        (0..=10).map(point).collect()
    }

    /// Returns the address of the question after this one.
    fn after(&self, asked: Ask) -> String {
        let all = Ask::all(self.day);
        let next = all.iter().skip_while(|ask| **ask != asked).nth(1).copied().unwrap_or(Ask::Effects);
        address(self.date, next)
    }
}

fn address(date: Date, ask: Ask) -> String {
    format!("/today?day={date}&ask={}", ask.code())
}

fn steps(words: Words, date: Date, day: &DayModel, open: Ask) -> Vec<StepLine> {
    let line = |ask: Ask| StepLine {
        name: name(words, day, ask),
        answer: answer(words, day, ask),
        answered: ask.is_answered(day),
        address: address(date, ask),
    };
    Ask::all(day).into_iter().filter(|ask| *ask != open).map(line).collect()
}

fn name(words: Words, day: &DayModel, ask: Ask) -> String {
    match ask {
        Ask::Rating(measure) => words.say(&format!("today-{}", measure.id())),
        Ask::Dose(_) => ask.dose(day).map(|dose| dose.say.clone()).unwrap_or_default(),
        Ask::Effects => words.say("today-effects"),
    }
}

fn answer(words: Words, day: &DayModel, ask: Ask) -> String {
    let open = || words.say("today-open");
    match ask {
        Ask::Rating(measure) => {
            day.scores.get(measure.id()).map_or_else(open, |score| score.value.to_string())
        }
        Ask::Dose(_) => {
            let report = ask.dose(day).and_then(|dose| Some((dose, day.report(dose.part)?)));
            report.map_or_else(open, |(dose, report)| outcome(words, dose, report))
        }
        Ask::Effects if day.side_effects.is_empty() => open(),
        Ask::Effects => {
            let terms: Vec<&str> =
                day.side_effects.iter().map(|effect| effect.content.term.as_str()).collect();
            terms.join(", ")
        }
    }
}

fn outcome(words: Words, dose: &DoseModel, report: &ReportModel) -> String {
    match &report.content.outcome {
        Outcome::Taken { dose: Some(taken), .. }
            if dose.dose_ng.is_some_and(|ng| ng != taken.nanograms()) =>
        {
            words.say_with("today-taken-other", &[("dose", &taken.to_string())])
        }
        Outcome::Taken { .. } => words.say("today-taken"),
        Outcome::NotTaken | Outcome::Skipped => words.say("today-not-taken"),
    }
}

fn effect_line(words: Words, effect: &EffectModel) -> EffectLine {
    let severity = match effect.content.severity {
        journal::Severity::Unknown | journal::Severity::Absent => None,
        severity => Some(words.say(&format!("today-severity-{}", severity.word()))),
    };
    EffectLine { entry: effect.entry.clone(), term: effect.content.term.clone(), severity }
}

/// What the plan says instead of a dose, and what two devices disagree about.
fn notes(words: Words, day: &DayModel) -> Vec<String> {
    let mut notes: Vec<String> = day.says.iter().cloned().collect();
    for (measure, score) in &day.scores {
        if let Some(other) = score.others.first() {
            let measure = words.say(&format!("today-{measure}"));
            let values = [
                ("measure", measure.as_str()),
                ("value", &score.value.to_string()),
                ("other", &other.value.to_string()),
            ];
            notes.push(words.say_with("today-two-scores", &values));
        }
    }
    let parts: std::collections::BTreeSet<Option<TimeOfDay>> =
        day.reports.iter().map(|report| report.content.part).collect();
    if parts.into_iter().any(|part| disagree(day, part)) {
        notes.push(words.say("today-two-doses"));
    }
    notes
}

/// Two devices said different things of one dose.
fn disagree(day: &DayModel, part: Option<TimeOfDay>) -> bool {
    let mut outcomes = day.reports.iter().filter(|r| r.content.part == part).map(|r| &r.content.outcome);
    let first = outcomes.next();
    outcomes.any(|other| Some(other) != first)
}

fn day_links(words: Words, current: Date, today: Date) -> Vec<DayLink> {
    (0..=LATE_DAYS)
        .filter_map(|back| Some((back, today.checked_sub(back.days()).ok()?)))
        .map(|(back, date)| DayLink {
            address: if back == 0 { "/today".to_owned() } else { format!("/today?day={date}") },
            name: match back {
                0 => words.say("today-today"),
                1 => words.say("today-yesterday"),
                _ => heading(words, date, None),
            },
            current: date == current,
            near: back <= 1,
        })
        .collect()
}

/// Returns a date in words, of today with the part of the day: "Tuesday evening, 25 November".
fn heading(words: Words, date: Date, hour: Option<i8>) -> String {
    let weekday = words.say(&format!("today-weekday-{}", date.weekday().to_monday_one_offset()));
    let month = words.say(&format!("today-month-{}", date.month()));
    let part = match hour {
        Some(5..12) => "morning",
        Some(12..18) => "afternoon",
        Some(18..) => "evening",
        Some(_) => "night",
        None => {
            let values = [("weekday", weekday.as_str()), ("day", &date.day().to_string()), ("month", &month)];
            return words.say_with("today-date", &values);
        }
    };
    let part = words.say(&format!("today-part-{part}"));
    let values =
        [("weekday", weekday.as_str()), ("part", &part), ("day", &date.day().to_string()), ("month", &month)];
    words.say_with("today-date-now", &values)
}
