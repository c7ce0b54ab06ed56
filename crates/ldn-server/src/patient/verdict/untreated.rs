//! The diary with the days before LDN said to be without a dose.
//!
//! Nobody is asked about a dose before there is a plan, so those days stand in the journal without one. They are what the
//! verdict compares with: left unknown, no diary that began before the first capsule would ever be judged.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::course::Course;
use ldn_core::diary::DiaryRow;
use ldn_core::{Diary, Dose};

/// Returns the diary of a course; `None` if it is empty.
///
/// A day is without a dose if it lies before the first dose reported, before the first day of every plan, and before the
/// day on which the intake says that LDN began. Every other day without a report stays unknown.
pub(crate) fn diary(course: &Course) -> Option<Diary> {
    let diary = course.diary().ok()?;
    let Some(first) = first_day_that_may_have_one(course, &diary) else { return Some(diary) };
    let known = diary.rows().to_vec();
    let mut rows: Vec<DiaryRow> = Vec::with_capacity(known.len());
    for row in known {
        let mut day = rows.last().map_or(row.date, |last| next(last.date));
        while day < row.date && day < first {
            rows.push(without_dose(DiaryRow::empty(day)));
            day = next(day);
        }
        let untreated = row.date < first && row.dose.is_none() && row.capsule.is_none();
        rows.push(if untreated { without_dose(row) } else { row });
    }
    let filled = Diary::new(rows).ok()?;
    Some(if diary.records_doses() { filled.with_place_for_doses() } else { filled })
}

/// Returns the first day on which a dose may have been taken; `None` if LDN was taken before and nobody said since when,
/// or no dose was ever reported.
fn first_day_that_may_have_one(course: &Course, diary: &Diary) -> Option<Date> {
    let took = |row: &&DiaryRow| row.capsule == Some(true) || row.dose.is_some_and(|dose| !dose.is_zero());
    let reported = diary.rows().iter().find(took)?.date;
    let plans = course.plans().proposals().iter().filter_map(|plan| plan.value.steps().first());
    let mut first = plans.map(|step| step.from).fold(reported, Date::min);
    for intake in course.intakes() {
        let Ok(intake) = ldn_care::intake::read(intake.value.document.as_bytes()) else { continue };
        match (intake.course.ldn_since, intake.course.current_dose, intake.course.last_ldn_dose) {
            (Some(since), ..) => first = first.min(since),
            (None, None, None) => {}
            (None, ..) => return None,
        }
    }
    Some(first)
}

fn without_dose(row: DiaryRow) -> DiaryRow {
    DiaryRow { dose: Some(Dose::ZERO), capsule: Some(false), ..row }
}

fn next(day: Date) -> Date {
    day.saturating_add(1.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ldn_core::journal::{Body, Intake, Role};

    use crate::patient::samples::Journal;
    use crate::patient::samples::journal::{TODAY, plus, responder, titration};

    fn unknown(course: &Course) -> usize {
        diary(course).unwrap().rows().iter().filter(|row| row.capsule.is_none() && row.dose.is_none()).count()
    }

    #[test]
    fn only_days_before_anything_could_be_taken_are_without_a_dose() {
        let course = || Journal::default().with_all(responder(70));
        assert_eq!(unknown(&course().course()), 0);
        assert_eq!(
            diary(&course().course()).unwrap().rows().len(),
            98,
            "every day before the first dose has a row"
        );
        let planned = course().proposed(TODAY, titration(plus(TODAY, -79)));
        assert_eq!(
            unknown(&planned.course()),
            9,
            "the plan asked for ten doses that nobody reported, one day has no row"
        );
        let already = |line: &str| {
            let document = format!("schema = 1\ndate = 2026-05-01\n\n[course]\n{line}\n");
            unknown(&course().with(Role::Patient, TODAY, Body::Intake(Intake { document })).course())
        };
        assert_eq!(already("ldn_since = 2026-03-20"), 4);
        assert!(
            already("current_dose = \"1.5 mg\"") > 20,
            "LDN was taken before, and nobody knows since when"
        );
    }
}
