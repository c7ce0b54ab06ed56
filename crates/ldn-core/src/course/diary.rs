//! The diary that a course amounts to, for the verdict.

use jiff::civil::Date;

use super::{Course, Day, DayDoses, Trial};
use crate::Dose;
use crate::diary::{Arm, Diary, DiaryError, DiaryRow};
use crate::journal::{Outcome, Severity};
use crate::plan::{DayPlan, TimeOfDay};
use crate::score::Measure;

impl Course {
    /// Returns the diary: one row for each local day with a score, a dose, a side effect or a note.
    ///
    /// The scores and doses that count; a dose of which a part is unknown is unknown. Days of a trial are blind, and while
    /// its code is not broken their doses stay unknown and their arm is the number of the kit.
    ///
    /// # Errors
    /// [`DiaryError::Empty`] if there is no such day.
    pub fn diary(&self) -> Result<Diary, DiaryError> {
        let days = self.days().filter(|(_, day)| day.is_in_diary());
        let diary = Diary::new(days.map(|(date, day)| self.row(date, day)).collect())?;
        // Before a plan is signed there is nothing to take; from then on a day without a report is unknown.
        Ok(if self.plans().signed().is_empty() { diary } else { diary.with_place_for_doses() })
    }

    fn row(&self, date: Date, day: &Day) -> DiaryRow {
        let trial = self.trials().iter().rfind(|trial| trial.covers(date));
        let sealed = trial.is_some_and(Trial::is_blinded);
        let (dose, capsule) = day_dose(&day.doses, &self.planned_parts(date));
        DiaryRow {
            date,
            dose: dose.filter(|_| !sealed || capsule == Some(false)),
            capsule,
            blind: trial.is_some(),
            arm: trial.and_then(|trial| trial.kit_on(date)).map(|kit| Arm::Masked(kit.to_owned())),
            scores: Measure::ALL.map(|measure| day.score(measure).map(|score| score.value)),
            side_effects: side_effects(day),
            note: note(day),
        }
    }

    /// Returns the parts of a divided dose that the plan asks for on a day; empty for one dose or none.
    fn planned_parts(&self, date: Date) -> Vec<TimeOfDay> {
        match self.plan_on(date) {
            DayPlan::Take(step) if step.parts.len() > 1 => step.parts.iter().map(|part| part.at).collect(),
            _ => Vec::new(),
        }
    }
}

/// Returns the naltrexone of a day and whether anything was swallowed; `None` is unknown.
fn day_dose(doses: &DayDoses, planned: &[TimeOfDay]) -> (Option<Dose>, Option<bool>) {
    let outcomes: Vec<(Option<TimeOfDay>, &Outcome)> =
        doses.slots().map(|(part, slot)| (part, &slot.decided().report.value.outcome)).collect();
    if outcomes.is_empty() {
        return (None, None);
    }
    let taken = |outcome: &Outcome| matches!(outcome, Outcome::Taken { .. });
    let any_taken = outcomes.iter().any(|(_, outcome)| taken(outcome));
    // Reported whole and in parts is one day told twice, not two days' doses.
    if let Some((None, whole)) = outcomes.first()
        && taken(whole)
    {
        return (amount(whole), Some(true));
    }
    let reported =
        |part: &TimeOfDay| outcomes.iter().any(|(known, _)| known.is_none_or(|known| known == *part));
    let complete = planned.iter().all(reported);
    if !complete {
        return (None, any_taken.then_some(true));
    }
    let total = outcomes
        .iter()
        .try_fold(Dose::ZERO, |sum, (_, outcome)| amount(outcome).and_then(|dose| sum.checked_add(dose)));
    (total, Some(any_taken))
}

/// Returns the naltrexone of one outcome; `None` is unknown.
const fn amount(outcome: &Outcome) -> Option<Dose> {
    match outcome {
        Outcome::Taken { dose, .. } => *dose,
        Outcome::NotTaken | Outcome::Skipped => Some(Dose::ZERO),
    }
}

fn side_effects(day: &Day) -> Vec<String> {
    let there = day.side_effects.iter().filter(|effect| effect.value.severity != Severity::Absent);
    there.map(|effect| effect.value.term.clone()).collect()
}

fn note(day: &Day) -> Option<String> {
    let notes: Vec<&str> = day.notes.iter().map(|note| note.value.text.as_str()).collect();
    (!notes.is_empty()).then(|| notes.join("\n"))
}
