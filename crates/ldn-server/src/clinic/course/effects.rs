//! Side effects against dose steps: what was written at which dose, on how many days.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::course::Course;
use ldn_core::journal::Severity;
use ldn_core::plan::DayPlan;

use crate::clinic::room::Room;
use crate::patient::span;

/// What was written while a dose was taken.
pub(super) struct DoseStep {
    pub(super) dose: String,
    pub(super) days: String,
    /// "vivid dreams on 4 days, up to moderate".
    pub(super) effects: Vec<String>,
}

/// A run of days at one dose of the plan, or without one.
struct Run {
    dose: Option<Dose>,
    from: Date,
    to: Date,
    effects: BTreeMap<String, (u32, Severity)>,
}

impl DoseStep {
    /// Returns the steps of a course, newest first; the doses of a blinded trial are not said.
    pub(super) fn all(room: &Room) -> Vec<DoseStep> {
        let words = room.words();
        let is_blinded = room.is_blinded();
        let runs = runs(&room.course, room.today, is_blinded);
        let step = |run: &Run| DoseStep {
            dose: match run.dose {
                _ if is_blinded => words.say("clinic-now-blinded"),
                Some(dose) => dose.to_string(),
                None => words.say("clinic-effects-no-dose"),
            },
            days: span(words, run.from, Some(run.to)),
            effects: run
                .effects
                .iter()
                .map(|(term, (days, severity))| {
                    let severity = words.say(&format!("clinic-severity-{}", severity.word()));
                    words.say_with(
                        "clinic-effects-line",
                        &[("term", term), ("days", &days.to_string()), ("severity", &severity)],
                    )
                })
                .collect(),
        };
        runs.iter().rev().map(step).collect()
    }
}

fn runs(course: &Course, today: Date, is_blinded: bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (date, day) in course.days().filter(|(date, _)| *date <= today) {
        let dose = match course.plan_on(date) {
            DayPlan::Take(step) if !is_blinded => Some(step.dose()),
            _ => None,
        };
        let there: Vec<_> =
            day.side_effects.iter().filter(|effect| effect.value.severity != Severity::Absent).collect();
        if runs.last().is_none_or(|run| run.dose != dose) {
            runs.push(Run { dose, from: date, to: date, effects: BTreeMap::new() });
        }
        let Some(run) = runs.last_mut() else { continue };
        run.to = date;
        for effect in there {
            let known =
                run.effects.entry(effect.value.term.trim().to_lowercase()).or_insert((0, Severity::Unknown));
            known.0 += 1;
            if effect.value.severity.grade() > known.1.grade() {
                known.1 = effect.value.severity;
            }
        }
    }
    runs
}
