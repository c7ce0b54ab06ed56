//! What the diary knows: the days that can be written, the plan of the next ones, and the card for emergencies.
//!
//! It is the page's data and, sealed in the browser's vault, all that a phone without a network has. So it holds no
//! more than the diary, the plan line and the card need.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ldn_core::course::{Day, Recorded};
use ldn_core::journal::{DoseReport, Outcome, SideEffect};
use ldn_core::plan::{DayPlan, Step, TimeOfDay};
use ldn_core::score::{Measure, Scale, Score};
use ldn_report::{LastDose, Person, WalletCardInput, wallet_card};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::line::{Line, line};
use crate::patient::Desk;
use crate::words::{Language, Words, codes};

/// Days before today that a page carries: one more than may be written, because the phone may be a zone further west.
const DAYS_BACK: i32 = super::LATE_DAYS + 1;

/// Days of the plan that a phone without a network knows. A month and some: longer, nobody should go unseen.
const DAYS_AHEAD: i32 = 35;

/// How many of the person's own side effects are offered.
const CHIPS: usize = 5;

/// Columns of the card as text; fits a phone.
const CARD_WIDTH: usize = 46;

/// What the diary knows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Model {
    /// Whose it is, in script: the vault is named after it.
    pub(crate) account: String,
    /// The course that entries go to.
    pub(crate) course: String,
    /// Name and year of birth in one line; `None` while the year is unknown.
    pub(crate) person: Option<String>,
    /// Code of the language of every text in here.
    pub(crate) language: &'static str,
    /// The person's local day, as the server understands it.
    pub(crate) today: String,
    /// When this was true.
    pub(crate) made: String,
    /// True while a trial is blinded: no amount is shown or asked.
    pub(crate) blinded: bool,
    /// True if a copy may be kept on this device for days without a network.
    pub(crate) may_keep: bool,
    /// How many entries the course has.
    pub(crate) n_entries: usize,
    /// The days, by date.
    pub(crate) days: BTreeMap<String, DayModel>,
    /// The plan behind the doses; `None` without one.
    pub(crate) plan: Option<PlanModel>,
    /// The person's own last side effects, the newest first.
    pub(crate) chips: Vec<String>,
    /// The card for emergencies; `None` without a plan or a year of birth.
    pub(crate) card: Option<String>,
    /// The last 28 days.
    pub(crate) line: Line,
    /// What the script says.
    pub(crate) words: BTreeMap<String, String>,
}

/// One day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct DayModel {
    /// The doses that the plan names.
    pub(crate) doses: Vec<DoseModel>,
    /// What the plan says instead: held, ask, nothing.
    pub(crate) says: Option<String>,
    /// The scores, by measure.
    pub(crate) scores: BTreeMap<&'static str, ScoreModel>,
    /// What was said of the doses.
    pub(crate) reports: Vec<ReportModel>,
    /// The side effects.
    pub(crate) side_effects: Vec<EffectModel>,
}

/// One dose of a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct DoseModel {
    /// Which part of a divided day; `None` where the day has one dose.
    #[schema(value_type = Option<String>)]
    pub(crate) part: Option<TimeOfDay>,
    /// When in the day.
    #[schema(value_type = String)]
    pub(crate) at: TimeOfDay,
    /// The dose in words: "4.5 mg at bedtime", of a kit without the amount.
    pub(crate) say: String,
    /// The amount; `None` from a kit.
    pub(crate) dose_ng: Option<u64>,
}

/// A score and what else was said of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ScoreModel {
    /// The entry that counts.
    pub(crate) entry: String,
    /// On ten points.
    pub(crate) value: f64,
    /// Every score of that entry: a correction keeps the others.
    #[schema(value_type = Vec<Object>)]
    pub(crate) content: Value,
    /// Other entries of the same day and measure: two devices, worth one question.
    pub(crate) others: Vec<OtherScore>,
}

/// Another score of the same day and measure.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct OtherScore {
    /// Its entry.
    pub(crate) entry: String,
    /// On ten points.
    pub(crate) value: f64,
    /// True if the entry says nothing else, so that it can be struck out alone.
    pub(crate) alone: bool,
}

/// What was said of a dose.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ReportModel {
    /// Its entry.
    pub(crate) entry: String,
    /// What it says, as stored.
    #[schema(value_type = Object)]
    pub(crate) content: DoseReport,
}

/// A side effect.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct EffectModel {
    /// Its entry.
    pub(crate) entry: String,
    /// What it says, as stored.
    #[schema(value_type = Object)]
    pub(crate) content: SideEffect,
}

/// The plan behind the doses.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct PlanModel {
    /// Its version.
    pub(crate) version: u32,
    /// The last day on which it gives a dose.
    pub(crate) valid_until: String,
    /// True only if a prescriber signed it.
    pub(crate) signed: bool,
}

impl Model {
    /// Makes the model of a desk; `now` is the present instant.
    pub(crate) fn of(desk: &Desk, now: Timestamp, may_keep: bool) -> Model {
        let words = desk.signed_in.visitor.look.words();
        let blinded = is_blinded(desk);
        Model {
            account: desk.author().map(|account| account.to_string()).unwrap_or_default(),
            course: desk.course_id.to_string(),
            person: desk.birth_year().map(|year| {
                words.say_with("frame-person", &[("name", &desk.name), ("year", &year.to_string())])
            }),
            language: words.language().code(),
            today: desk.today.to_string(),
            made: now.to_string(),
            blinded,
            may_keep,
            n_entries: desk.course.n_entries(),
            days: days(desk, words, blinded),
            plan: desk.plan().map(|on_desk| PlanModel {
                version: on_desk.plan.parts().version,
                valid_until: on_desk.plan.parts().valid_until.to_string(),
                signed: on_desk.signed,
            }),
            chips: chips(desk),
            card: card(desk),
            line: line(&desk.course, desk.today, blinded, words),
            words: script_words(words),
        }
    }

    /// Writes it for a data block of a page, in which `<` would end the block.
    pub(crate) fn for_page(&self) -> String {
        let json = serde_json::to_string(self).expect("texts and numbers, keys are texts");
        json.replace('<', "\\u003c")
    }

    /// Returns a day; one that the model does not carry has nothing.
    pub(crate) fn day(&self, date: Date) -> DayModel {
        self.days.get(&date.to_string()).cloned().unwrap_or_default()
    }
}

impl DayModel {
    /// Returns what counts of a dose: "taken" before "skipped" before "not taken", of equals the later.
    pub(crate) fn report(&self, part: Option<TimeOfDay>) -> Option<&ReportModel> {
        self.reports.iter().filter(|report| report.content.part == part).max_by_key(|report| {
            match &report.content.outcome {
                Outcome::NotTaken => (0, false),
                Outcome::Skipped => (1, false),
                Outcome::Taken { dose, .. } => (2, dose.is_some()),
            }
        })
    }
}

/// Nothing may depend on the arm: one blinded plan or trial silences every amount.
fn is_blinded(desk: &Desk) -> bool {
    desk.course.is_blinded() || desk.plan().is_some_and(|on_desk| on_desk.plan.parts().blinded)
}

fn days(desk: &Desk, words: Words, blinded: bool) -> BTreeMap<String, DayModel> {
    (-DAYS_BACK..=DAYS_AHEAD)
        .filter_map(|offset| desk.today.checked_add(offset.days()).ok())
        .map(|date| (date.to_string(), day(desk, date, words, blinded)))
        .collect()
}

fn day(desk: &Desk, date: Date, words: Words, blinded: bool) -> DayModel {
    let (doses, says) = match desk.plan_on(date) {
        DayPlan::Take(step) => (doses(step, words, blinded), None),
        DayPlan::Hold(hold) => (Vec::new(), Some(words.say_with("today-held", &[("why", &hold.why)]))),
        DayPlan::Ask(_) => (Vec::new(), Some(words.say("today-ask"))),
        DayPlan::Nothing => (Vec::new(), None),
    };
    let recorded = desk.course.day(date);
    DayModel {
        doses,
        says,
        scores: recorded.map(scores).unwrap_or_default(),
        reports: recorded.map(reports).unwrap_or_default(),
        side_effects: recorded.map(side_effects).unwrap_or_default(),
    }
}

fn doses(step: &Step, words: Words, blinded: bool) -> Vec<DoseModel> {
    let divided = step.parts.len() > 1;
    let dose = |part: &ldn_core::plan::DayPart| {
        let at = words.say(match part.at {
            TimeOfDay::Morning => "today-at-morning",
            TimeOfDay::Midday => "today-at-midday",
            TimeOfDay::Bedtime => "today-at-bedtime",
        });
        let say = if blinded {
            words.say_with("today-dose-kit", &[("at", &at)])
        } else {
            words.say_with("today-dose", &[("dose", &part.dose.to_string()), ("at", &at)])
        };
        DoseModel {
            part: divided.then_some(part.at),
            at: part.at,
            say,
            dose_ng: (!blinded).then_some(part.dose.nanograms()),
        }
    };
    step.parts.iter().map(dose).collect()
}

fn scores(day: &Day) -> BTreeMap<&'static str, ScoreModel> {
    Measure::ALL
        .into_iter()
        .filter_map(|measure| Some((measure.id(), score(day, measure, day.score(measure)?))))
        .collect()
}

fn score(day: &Day, measure: Measure, counts: &Recorded<Score>) -> ScoreModel {
    let other = |other: &Recorded<Score>| OtherScore {
        entry: other.origin.entry.to_string(),
        value: other.value.on_ten_points(),
        alone: of_one_entry(day, other).len() == 1,
    };
    let differs = |one: &&Recorded<Score>| {
        one.origin.entry != counts.origin.entry && one.value.on_ten_points() != counts.value.on_ten_points()
    };
    ScoreModel {
        entry: counts.origin.entry.to_string(),
        value: counts.value.on_ten_points(),
        content: of_one_entry(day, counts).into_iter().map(form).collect(),
        others: day.all_scores(measure).iter().filter(differs).map(other).collect(),
    }
}

/// Returns every score that stands in the same entry as this one.
fn of_one_entry<'day>(day: &'day Day, counts: &Recorded<Score>) -> Vec<&'day Score> {
    let all = Measure::ALL.into_iter().flat_map(|measure| day.all_scores(measure));
    all.filter(|score| score.origin.entry == counts.origin.entry).map(|score| &score.value).collect()
}

fn form(score: &Score) -> Value {
    let scale = match score.scale() {
        Scale::ZeroToTen => "0-10",
        Scale::ZeroToHundred => "0-100",
    };
    let typed = score.as_typed();
    // A whole score has no point in the stored form, and the browser writes none either.
    let value = if typed.fract() == 0.0 { json!(typed as u64) } else { json!(typed) };
    json!({ "measure": score.measure().id(), "scale": scale, "value": value })
}

fn reports(day: &Day) -> Vec<ReportModel> {
    let of_slot = |report: &Recorded<DoseReport>| ReportModel {
        entry: report.origin.entry.to_string(),
        content: report.value.clone(),
    };
    day.doses.slots().flat_map(|(_, slot)| slot.reports()).map(of_slot).collect()
}

fn side_effects(day: &Day) -> Vec<EffectModel> {
    let effect = |effect: &Recorded<SideEffect>| EffectModel {
        entry: effect.origin.entry.to_string(),
        content: effect.value.clone(),
    };
    day.side_effects.iter().map(effect).collect()
}

fn chips(desk: &Desk) -> Vec<String> {
    let mut recorded: Vec<&Recorded<SideEffect>> =
        desk.course.days().flat_map(|(_, day)| &day.side_effects).collect();
    recorded.sort_by_key(|effect| std::cmp::Reverse(effect.origin.order()));
    let mut chips: Vec<String> = Vec::new();
    for effect in recorded {
        let term = effect.value.term.trim();
        if !chips.iter().any(|chip| chip.to_lowercase() == term.to_lowercase()) {
            chips.push(term.to_owned());
        }
        if chips.len() == CHIPS {
            break;
        }
    }
    chips
}

/// Writes the card in the words of the paper one; it is for a team that may not read the person's language.
fn card(desk: &Desk) -> Option<String> {
    let plan = desk.plan()?;
    let person = Person { name: desk.name.clone(), birth_year: desk.birth_year()? };
    let input = WalletCardInput {
        plan: plan.plan,
        superseded: false,
        person: &person,
        last_dose: last_dose(desk),
        today: desk.today,
    };
    wallet_card(&input).ok().map(|card| card.text(CARD_WIDTH))
}

fn last_dose(desk: &Desk) -> Option<LastDose> {
    let mut days: Vec<(Date, &Day)> = desk.course.days().collect();
    days.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
    let zone = TimeZone::get(&desk.zone).unwrap_or(TimeZone::UTC);
    days.into_iter().find_map(|(on, day)| {
        let taken = day.doses.slots().filter_map(|(_, slot)| match slot.decided().report.value.outcome {
            Outcome::Taken { dose, at } => Some((dose, at)),
            Outcome::NotTaken | Outcome::Skipped => None,
        });
        let (dose, at) = taken.last()?;
        let at = at.map(|at| at.to_zoned(zone.clone()).datetime());
        // A dose of the evening may be swallowed after midnight; the card says when, not to which day it belongs.
        Some(LastDose { on: at.map_or(on, |at| at.date()), at: at.map(|at| at.time()), dose })
    })
}

/// Returns every sentence of the script, with the places of its values in braces.
fn script_words(words: Words) -> BTreeMap<String, String> {
    const PLACES: [&str; 14] = [
        "measure", "value", "other", "dose", "at", "why", "count", "when", "day", "version", "term",
        "weekday", "month", "part",
    ];
    let braced: Vec<(&str, String)> = PLACES.iter().map(|name| (*name, format!("{{{name}}}"))).collect();
    let values: Vec<(&str, &str)> = braced.iter().map(|(name, text)| (*name, text.as_str())).collect();
    codes(Language::English)
        .into_iter()
        .filter(|code| code.starts_with("today-"))
        .map(|code| {
            let text = words.say_with(&code, &values);
            (code["today-".len()..].to_owned(), text)
        })
        .collect()
}
