//! What every plan obeys, whatever its protocol: `data/protocols/planning.toml` and `adaptation.toml`.

use std::collections::BTreeMap;

use jiff::civil::Time;
use ldn_core::Dose;
use ldn_core::data::{Problems, Status, id_of};
use ldn_core::plan::TimeOfDay;
use serde::{Deserialize, Deserializer};

use crate::screen::{ActionKind, Rule, Value};

/// What every plan obeys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planning {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) checked: String,
    pub(super) sources: Vec<String>,
    #[serde(deserialize_with = "dose")]
    pub(super) ceiling: Dose,
    pub(super) bands: Vec<String>,
    pub(super) beyond: String,
    pub(super) defaults: Defaults,
    pub(super) calendar: Calendar,
    pub(super) slots: SlotNumbers,
    #[serde(rename = "review")]
    pub(super) reviews: Vec<ReviewRule>,
    pub(super) lifts: BTreeMap<String, Vec<String>>,
    how: BTreeMap<ActionWord, String>,
    #[serde(rename = "fulfil")]
    fulfils: Vec<Fulfil>,
    pub(super) words: Words,
}

/// What we would propose where a protocol leaves something open.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    pub(super) start: String,
    pub(super) start_if_sensitive: String,
    pub(super) step: String,
    pub(super) interval_days: u16,
    pub(super) interval_days_if_sensitive: u16,
    pub(super) target: String,
    pub(super) time_of_day: TimeOfDay,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Calendar {
    pub(super) judge_after_days: u16,
    pub(super) stop_after_months: u16,
    pub(super) grace_days: u16,
    pub(super) at_most_days: u16,
}

/// When a forgotten dose is late, and when a day of doses begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SlotNumbers {
    pub(super) on_time_minutes: u16,
    pub(super) day_turns_at: Time,
}

/// When somebody looks at what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewRule {
    pub(super) from: ReviewFrom,
    #[serde(default)]
    pub(super) days: u16,
    #[serde(default)]
    pub(super) months: u16,
    pub(super) what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReviewFrom {
    Start,
    Target,
}

/// What a rule asks of a plan where the rule itself holds no number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fulfil {
    rule: String,
    #[serde(default, deserialize_with = "optional_dose")]
    start_at_most: Option<Dose>,
    interval_at_least_days: Option<u16>,
    #[serde(default)]
    pub(super) review_weeks: Vec<u16>,
    #[serde(default)]
    pub(super) what: String,
}

/// What a plan says for a bad day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) on_side_effect: String,
    pub(super) on_missed_dose: String,
    pub(super) on_gap: String,
    pub(super) on_no_benefit: String,
    pub(super) on_opioid: String,
}

/// A kind of action as a key of the file.
type ActionWord = String;

/// What a finding asks of the doses of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The first dose is at most this.
    pub(super) start_at_most: Option<Dose>,
    /// The interval is at least this.
    pub(super) interval_at_least: Option<u16>,
}

impl Planning {
    /// Returns the largest daily dose of a plan without an override.
    pub fn ceiling(&self) -> Dose {
        self.ceiling
    }

    /// Returns the rules of the bands of doses above the ceiling, which a prescriber may override with a reason.
    pub fn bands(&self) -> &[String] {
        &self.bands
    }

    /// Returns after how many days at the target the effect is judged.
    pub fn judge_after_days(&self) -> u16 {
        self.calendar.judge_after_days
    }

    /// Returns how far these settings have been checked, and what of them was seen.
    pub fn status(&self) -> (Status, &str) {
        (self.status, &self.checked)
    }

    /// Returns the ids of their sources.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Returns the words for how a plan fulfils an action of this kind.
    pub(super) fn how(&self, kind: ActionKind) -> &str {
        self.how.get(kind.word()).map_or("", String::as_str)
    }

    /// Returns what is written about a rule.
    pub(super) fn fulfil(&self, rule: &str) -> Option<&Fulfil> {
        self.fulfils.iter().find(|fulfil| fulfil.rule == rule)
    }

    /// Returns what a rule asks of the doses: its own numbers first, then ours.
    pub(super) fn bounds(&self, rule: &Rule) -> Bounds {
        let ours = self.fulfil(&rule.id);
        let weeks = number(rule, "step", "weeks").map(|weeks| (weeks * 7.0).round() as u16);
        Bounds {
            start_at_most: milligrams(rule, "start").or(ours.and_then(|ours| ours.start_at_most)),
            interval_at_least: weeks.or(ours.and_then(|ours| ours.interval_at_least_days)),
        }
    }

    /// Notes what is wrong with the file.
    pub(super) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        for kind in
            ["tell", "monitor", "ask", "change-form", "change-time", "start-lower", "slower", "hold", "delay"]
        {
            if self.how.get(kind).is_none_or(|text| text.trim().is_empty()) {
                problems.value(file, &format!("how.{kind}"), "missing", "words");
            }
        }
        if self.calendar.at_most_days == 0 || self.calendar.judge_after_days == 0 {
            problems.value(file, "calendar", 0, "at least 1");
        }
    }
}

/// Returns a number of a rule that counts this unit.
pub(super) fn number(rule: &Rule, name: &str, unit: &str) -> Option<f64> {
    let parameter = rule.parameters.get(name)?;
    match parameter.value {
        Value::Number(number) if parameter.unit == unit => Some(number),
        _ => None,
    }
}

/// Returns a dose in milligrams of a rule.
pub(super) fn milligrams(rule: &Rule, name: &str) -> Option<Dose> {
    number(rule, name, "mg").map(|number| Dose::from_nanograms((number * 1e6).round() as u64))
}

fn dose<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Dose, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn optional_dose<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Dose>, D::Error> {
    dose(deserializer).map(Some)
}

/// What a diary may change in a plan.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Adaptation {
    id: String,
    pub(super) status: Status,
    #[expect(dead_code, reason = "for the reader of the file")]
    checked: String,
    pub(super) sources: Vec<String>,
    pub(super) present_days: Count,
    pub(super) lasting_days: Count,
    pub(super) baseline_days: Count,
    pub(super) recent_days: Count,
    pub(super) scores_at_least: Count,
    pub(super) works_percent: Count,
    pub(super) no_benefit_percent: Count,
    pub(super) emergency: Alarm,
    pub(super) stop_same_day: Alarm,
    pub(super) sleep: Terms,
    pub(super) other: Terms,
    pub(super) none: Terms,
    words: BTreeMap<String, String>,
}

/// A number with how far it has been checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Count {
    pub(super) value: u16,
    #[expect(dead_code, reason = "for the reader of the file; required of every number")]
    status: Status,
    #[expect(dead_code, reason = "for the reader of the file; required of every number")]
    note: String,
}

/// Side effects that stop everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alarm {
    pub(super) rule: String,
    pub(super) source: String,
    pub(super) screening_terms: Vec<String>,
    pub(super) terms: Vec<String>,
}

/// Names of side effects.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Terms {
    pub(super) terms: Vec<String>,
}

impl Count {
    pub(super) fn days(&self) -> i64 {
        i64::from(self.value)
    }
}

impl Adaptation {
    /// Returns the words of a kind of proposal.
    pub(super) fn words(&self, kind: &str) -> &str {
        self.words.get(kind).map_or("", String::as_str)
    }

    pub(super) fn check(&self, file: &str, kinds: &[&str], problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        for kind in kinds {
            if self.words(kind).trim().is_empty() {
                problems.value(file, &format!("words.{kind}"), "missing", "words for the prescriber");
            }
        }
    }
}
