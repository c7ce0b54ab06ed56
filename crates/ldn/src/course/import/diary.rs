//! Which entries a diary in CSV would add to a course.

use jiff::civil::Date;
use ldn_core::course::{Course, Day};
use ldn_core::journal::{Answer, Body, DoseReport, Note, Outcome, Scores, Severity, SideEffect};
use ldn_core::score::Measure;
use ldn_core::{Diary, DiaryRow, Score};

use super::super::log::outcome;

/// What became of the rows.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// What is new, by day.
    pub(super) new: Vec<(Date, Body)>,
    /// How many values the course has already, just so.
    pub(super) n_duplicates: usize,
    /// What is refused, and why.
    pub(super) refused: Vec<(Date, String)>,
}

/// Sorts the rows of a diary by what the course knows already; nothing that is there is ever overruled by an import.
pub(super) fn sort(diary: &Diary, course: &Course, today: Date) -> Sorted {
    let mut sorted = Sorted::default();
    for row in diary.rows() {
        if row.date > today {
            sorted.refused.push((row.date, format!("the day is to come; today is {today}")));
        } else if row.blind || row.arm.is_some() {
            let why = "a blinded day belongs to a trial, which begins in the store and is not imported";
            sorted.refused.push((row.date, why.to_owned()));
        } else {
            sorted.row(row, course.day(row.date));
        }
    }
    sorted
}

impl Sorted {
    fn row(&mut self, row: &DiaryRow, known: Option<&Day>) {
        let scores: Vec<Score> =
            Measure::ALL.into_iter().filter_map(|measure| self.score(row, measure, known)).collect();
        if let Ok(scores) = Scores::new(scores) {
            self.new.push((row.date, Body::Scores(scores)));
        }
        if let Some(found) = outcome_of(row) {
            self.dose(row.date, found, known);
        }
        for term in &row.side_effects {
            let is_known =
                known.is_some_and(|day| day.side_effects.iter().any(|effect| effect.value.term == *term));
            let effect =
                SideEffect { term: term.clone(), severity: Severity::Unknown, ongoing: Answer::Unknown };
            self.unless(is_known, row.date, Body::SideEffect(effect));
        }
        if let Some(text) = &row.note {
            let is_known = known.is_some_and(|day| day.notes.iter().any(|note| note.value.text == *text));
            self.unless(is_known, row.date, Body::Note(Note { text: text.clone() }));
        }
    }

    fn score(&mut self, row: &DiaryRow, measure: Measure, known: Option<&Day>) -> Option<Score> {
        let score = row.score(measure)?;
        match known.and_then(|day| day.score(measure)).map(|known| known.value) {
            None => return Some(score),
            Some(known) if known == score => self.n_duplicates += 1,
            Some(known) => {
                let (known, found) = (known.as_typed(), score.as_typed());
                self.refused.push((row.date, format!("the course has {measure} {known}, the row {found}")));
            }
        }
        None
    }

    fn dose(&mut self, day: Date, found: Outcome, known: Option<&Day>) {
        let known: Vec<&Outcome> = known
            .into_iter()
            .flat_map(|day| day.doses.slots())
            .map(|(_, slot)| &slot.decided().report.value.outcome)
            .collect();
        match known.as_slice() {
            [] => {
                self.new.push((day, Body::Dose(DoseReport { day, part: None, outcome: found })));
            }
            [known] if same(known, &found) => self.n_duplicates += 1,
            [known] => {
                let why = format!("the course has dose {}, the row {}", outcome(known), outcome(&found));
                self.refused.push((day, why));
            }
            _ => self.refused.push((day, "the course has the dose in parts, the row whole".to_owned())),
        }
    }

    fn unless(&mut self, is_known: bool, day: Date, body: Body) {
        if is_known {
            self.n_duplicates += 1;
        } else {
            self.new.push((day, body));
        }
    }
}

/// What a row says about the dose; a nought in a diary is final, so nobody asks for the dose again.
fn outcome_of(row: &DiaryRow) -> Option<Outcome> {
    match (row.dose, row.capsule) {
        (Some(dose), _) if !dose.is_zero() => Some(Outcome::Taken { dose: Some(dose), at: None }),
        (Some(dose), Some(true)) => Some(Outcome::Taken { dose: Some(dose), at: None }),
        (None, Some(true)) => Some(Outcome::Taken { dose: None, at: None }),
        (Some(_), _) | (None, Some(false)) => Some(Outcome::Skipped),
        (None, None) => None,
    }
}

/// Tells whether two outcomes are the same but for the time of day, which a diary does not have.
fn same(one: &Outcome, other: &Outcome) -> bool {
    match (one, other) {
        (Outcome::Taken { dose: one, .. }, Outcome::Taken { dose: other, .. }) => one == other,
        _ => one == other,
    }
}
