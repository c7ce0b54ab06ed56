//! The fold: any order, any number of times, the same course.

use jiff::ToSpan;
use jiff::civil::date;
use ldn_core::course::{Course, DecidedBy, ProblemKind};
use ldn_core::diary::{Arm, DiaryError};
use ldn_core::journal::{
    Answer, Body, Consent, DoseReport, Entry, Kind, KitOpened, Outcome, Severity, SideEffect,
};
use ldn_core::plan::{DayPart, Step, TimeOfDay};
use ldn_core::{Dose, Measure};
use proptest::prelude::*;

use crate::any;
use crate::sample::{
    START, by_patient, by_prescriber, course_id, entry_id, milligrams, not_taken, note, one_of_each, pain,
    plan_of, proposed, signed, taken, trial_started, unblinded,
};

fn part_taken(part: TimeOfDay, text: &str) -> Body {
    let outcome = Outcome::Taken { dose: Some(milligrams(text)), at: None };
    Body::Dose(DoseReport { day: START, part: Some(part), outcome })
}

fn kit_taken(days: i64) -> Body {
    let outcome = Outcome::Taken { dose: None, at: None };
    Body::Dose(DoseReport { day: START + days.days(), part: None, outcome })
}

#[test]
fn one_entry_of_each_kind_is_in_the_course() {
    let entries: Vec<Entry> = (1..)
        .zip(one_of_each())
        .map(|(number, body)| match body {
            Body::PlanSigned(_) => by_prescriber(number, START, i64::try_from(number).unwrap(), body),
            body => by_patient(number, START, i64::try_from(number).unwrap(), body),
        })
        .collect();
    let course = Course::replay(&entries);
    assert_eq!(course.problems(), []);
    assert_eq!(course.id(), Some(course_id()));
    assert_eq!(course.n_entries(), Kind::ALL.len());
    assert_eq!(course.last_entry().map(|origin| origin.entry), Some(entry_id(23)));
    let day = course.day(START).unwrap();
    let counts = [
        ("intakes", course.intakes().len(), 1),
        ("screenings", course.screenings().len(), 1),
        ("proposals", course.plans().proposals().len(), 1),
        ("signed", course.plans().signed().len(), 1),
        ("holds", course.plans().holds().len(), 1),
        ("orders", course.orders().len(), 1),
        ("dispensed", course.dispensed().len(), 1),
        ("slots", day.doses.slots().count(), 1),
        // The correction of the last entry takes the place of both scores of the tenth.
        ("pain", day.all_scores(Measure::Pain).len(), 1),
        ("sleep", day.all_scores(Measure::Sleep).len(), 0),
        ("side effects", day.side_effects.len(), 1),
        ("instruments", course.instruments().len(), 1),
        ("labs", course.labs().len(), 1),
        ("medicines", course.medicines().len(), 1),
        ("procedures", course.procedures().len(), 1),
        ("trials", course.trials().len(), 1),
        ("kits", course.trials()[0].kits.len(), 1),
        ("beliefs", course.trials()[0].beliefs.len(), 1),
        ("unblinded", course.trials()[0].unblinded.len(), 1),
        ("verdicts", course.verdicts_shown().len(), 1),
        ("consents", course.consents().len(), 1),
        ("notes", day.notes.len(), 1),
        ("corrections", course.corrections().len(), 1),
    ];
    for (what, found, expected) in counts {
        assert_eq!(found, expected, "{what}");
    }
    assert_eq!(day.score(Measure::Pain).unwrap().origin.corrected_by, Some(entry_id(23)));
}

#[test]
fn nothing_recorded_is_not_a_course_with_zeros() {
    let course = Course::replay(&[]);
    assert_eq!(course, Course::default());
    assert!(course.day(START).is_none() && course.consent().is_none() && course.id().is_none());
    assert_eq!(course.diary(), Err(DiaryError::Empty));
}

#[test]
fn a_dose_that_may_have_been_taken_is_not_offered_again() {
    let skipped = || Body::Dose(DoseReport { day: START, part: None, outcome: Outcome::Skipped });
    let kit = || kit_taken(0);
    let dose = |text| Some(milligrams(text));
    for (bodies, expected, by) in [
        (vec![taken(START, "1.5")], dose("1.5"), DecidedBy::Agreement),
        (vec![taken(START, "1.5"), taken(START, "1.5")], dose("1.5"), DecidedBy::Agreement),
        (vec![taken(START, "1.5"), not_taken(START)], dose("1.5"), DecidedBy::TakenDominates),
        (vec![not_taken(START), taken(START, "1.5")], dose("1.5"), DecidedBy::TakenDominates),
        (vec![taken(START, "1.5"), skipped()], dose("1.5"), DecidedBy::TakenDominates),
        (vec![taken(START, "1.5"), taken(START, "3")], dose("3"), DecidedBy::TakenOnce),
        (vec![taken(START, "1.5"), taken(START, "3"), not_taken(START)], dose("3"), DecidedBy::TakenOnce),
        (vec![taken(START, "1.5"), kit()], dose("1.5"), DecidedBy::Agreement),
        (vec![skipped(), not_taken(START)], Some(Dose::ZERO), DecidedBy::SkippedIsFinal),
        (vec![not_taken(START), not_taken(START)], Some(Dose::ZERO), DecidedBy::Agreement),
        (vec![kit()], None, DecidedBy::Agreement),
    ] {
        let n = bodies.len();
        let entries: Vec<Entry> = (1..)
            .zip(bodies)
            .map(|(number, body)| by_patient(number, START, i64::try_from(number).unwrap(), body))
            .collect();
        let course = Course::replay(&entries);
        let doses = &course.day(START).unwrap().doses;
        let slot = doses.slot(None).unwrap();
        assert_eq!(slot.reports().len(), n, "every report is kept");
        assert_eq!(slot.decided().by, by, "{entries:?}");
        assert_eq!(doses.has_conflict(), by.is_conflict());
        assert_eq!(course.diary().unwrap().rows()[0].dose, expected, "{by:?}");
    }
}

#[test]
fn of_two_scores_of_one_day_both_are_kept_and_the_later_is_shown() {
    let course = Course::replay(&[by_patient(1, START, 5, pain(3.0)), by_patient(2, START, 4, pain(7.0))]);
    let day = course.day(START).unwrap();
    assert_eq!(day.all_scores(Measure::Pain).len(), 2);
    assert_eq!(day.score(Measure::Pain).unwrap().value.as_typed(), 3.0);
    assert_eq!(course.diary().unwrap().rows()[0].score(Measure::Pain).unwrap().as_typed(), 3.0);
}

#[test]
fn a_divided_dose_of_which_a_part_is_unknown_is_unknown() {
    let parts = [(TimeOfDay::Morning, "1"), (TimeOfDay::Bedtime, "2")]
        .map(|(at, dose)| DayPart { at, dose: milligrams(dose) });
    let step = Step {
        from: START,
        to: None,
        parts: parts.to_vec(),
        why: "divided".into(),
        source: "practice".into(),
    };
    let plan = plan_of(1, None, START, step);
    let basis =
        [by_prescriber(1, START, 0, proposed(&plan)), by_prescriber(2, START, 1, signed(&plan, START))];
    let row = |more: &[Entry]| {
        let course = Course::replay(basis.iter().chain(more));
        let row = course.diary().unwrap().rows()[0].clone();
        (row.dose, row.capsule)
    };
    let morning = by_patient(3, START, 2, part_taken(TimeOfDay::Morning, "1"));
    let evening = by_patient(4, START, 3, part_taken(TimeOfDay::Bedtime, "2"));
    let whole = by_patient(5, START, 4, taken(START, "3"));
    assert_eq!(row(std::slice::from_ref(&morning)), (None, Some(true)));
    assert_eq!(row(&[morning.clone(), evening.clone()]), (Some(milligrams("3")), Some(true)));
    assert_eq!(row(&[morning, evening, whole]), (Some(milligrams("3")), Some(true)), "not 6 mg");
}

#[test]
fn the_diary_has_what_counts() {
    let effect = |severity| {
        Body::SideEffect(SideEffect {
            term: format!("{severity} dreams"),
            severity,
            ongoing: Answer::Unknown,
        })
    };
    let course = Course::replay(&[
        by_patient(1, START, 0, taken(START, "1.5")),
        by_patient(2, START, 1, pain(6.0)),
        by_patient(3, START, 2, effect(Severity::Mild)),
        by_patient(4, START, 3, effect(Severity::Absent)),
        by_patient(5, START, 4, note("a")),
        by_patient(6, START, 5, note("b")),
        by_patient(7, date(2026, 1, 7), 6, pain(5.0)),
        by_patient(8, date(2026, 1, 8), 7, Body::Consent(Consent { version: "1".into(), given: true })),
    ]);
    let diary = course.diary().unwrap();
    assert!(diary.records_doses());
    let dates: Vec<_> = diary.rows().iter().map(|row| row.date).collect();
    assert_eq!(dates, [START, date(2026, 1, 7)], "a day without a row was not recorded");
    let row = &diary.rows()[0];
    assert_eq!((row.dose, row.capsule), (Some(milligrams("1.5")), Some(true)));
    assert_eq!(row.side_effects, ["mild dreams"]);
    assert_eq!(row.note.as_deref(), Some("a\nb"));
    assert!(!row.blind && row.arm.is_none());
    assert_eq!((diary.rows()[1].dose, diary.rows()[1].capsule), (None, None), "not recorded is not zero");
}

#[test]
fn a_diary_has_a_place_for_doses_from_the_first_signed_plan_on() {
    let scored = [by_patient(1, START, 0, pain(6.0))];
    assert!(!Course::replay(&scored).diary().unwrap().records_doses());
    let plan = crate::sample::plan(1, None, START, "1.5");
    let more =
        [by_prescriber(2, START, 1, proposed(&plan)), by_prescriber(3, START, 2, signed(&plan, START))];
    assert!(Course::replay(scored.iter().chain(&more)).diary().unwrap().records_doses());
}

#[test]
fn while_the_code_is_sealed_no_dose_of_the_trial_leaves_the_course() {
    let kit = |number, days: i64, kit: &str| {
        by_patient(number, START + days.days(), 10 * days + 1, Body::KitOpened(KitOpened { kit: kit.into() }))
    };
    let mut entries = vec![
        by_patient(1, START, 0, taken(START, "4.5")),
        by_patient(2, START + 1.day(), 5, trial_started()),
        kit(3, 1, "K-1"),
        kit(4, 3, "K-2"),
    ];
    for days in 1..6 {
        let body = if days == 2 { not_taken(START + days.days()) } else { kit_taken(days) };
        entries.push(by_patient(10 + u64::try_from(days).unwrap(), START + days.days(), 60 + days, body));
    }
    // Somebody wrote down the dose that the capsule would have had.
    entries.push(by_patient(20, START + 4.days(), 70, taken(START + 4.days(), "4.5")));

    let course = Course::replay(&entries);
    assert!(course.is_blinded());
    let rows = course.diary().unwrap().rows().to_vec();
    let masked = |kit: &str| Some(Arm::Masked(kit.to_owned()));
    let found: Vec<_> = rows.iter().map(|row| (row.blind, row.dose, row.capsule, row.arm.clone())).collect();
    assert_eq!(
        found,
        [
            (false, Some(milligrams("4.5")), Some(true), None),
            (true, None, Some(true), masked("K-1")),
            (true, Some(Dose::ZERO), Some(false), masked("K-1")),
            (true, None, Some(true), masked("K-2")),
            (true, None, Some(true), masked("K-2")),
            (true, None, Some(true), masked("K-2")),
        ]
    );

    entries.push(by_patient(30, START + 4.days(), 80, unblinded()));
    let course = Course::replay(&entries);
    assert!(!course.is_blinded());
    let blind: Vec<bool> = course.diary().unwrap().rows().iter().map(|row| row.blind).collect();
    assert_eq!(blind, [false, true, true, true, true, false], "what was blind then stays blind");
}

#[test]
fn what_belongs_to_no_trial_is_told() {
    let course = Course::replay(&[by_patient(1, START, 0, unblinded())]);
    assert!(!course.is_blinded());
    assert_eq!(course.problems()[0].kind, ProblemKind::NoTrial { kind: Kind::Unblinded });
}

#[test]
fn entries_of_another_course_are_left_out_and_told() {
    let mut other = crate::sample::parts(2, START, 1, pain(9.0));
    other.course = ldn_core::ids::CourseId::from_uuid(entry_id(77).uuid());
    let other = Entry::new(other).unwrap();
    let course = Course::replay(&[by_patient(1, START, 0, pain(6.0)), other.clone()]);
    assert_eq!(course.n_entries(), 1);
    assert_eq!(course.problems()[0].kind, ProblemKind::OtherCourse { course: other.course() });
}

#[test]
fn late_entries_are_marked() {
    let course = Course::replay(&[
        by_patient(1, START, 0, pain(6.0)),
        by_patient(2, START, 2 * 24 * 60, pain(5.0)),
        by_patient(3, START + 2.days(), 2 * 24 * 60, taken(START, "1.5")),
    ]);
    let late: Vec<_> = course.late_entries().iter().map(|origin| (origin.entry, origin.days_late)).collect();
    assert_eq!(late, [(entry_id(2), 2), (entry_id(3), 2)]);
    assert!(course.day(START).unwrap().score(Measure::Pain).unwrap().origin.is_late());
}

#[test]
fn two_contents_of_one_name_are_told_and_one_is_kept_whatever_came_first() {
    let (one, other) = (by_patient(1, START, 0, pain(6.0)), by_patient(1, START, 5, pain(7.0)));
    let course = Course::replay([&one, &other]);
    assert_eq!(course, Course::replay([&other, &one]));
    assert_eq!(course.n_entries(), 1);
    assert_eq!(course.problems()[0].kind, ProblemKind::SameNameOtherContent);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Two devices exchange their logs: any interleaving, any duplication, the same course.
    #[test]
    fn any_interleaving_and_duplication_folds_to_the_same_course(
        journal in any::journal(),
        resent in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
        order in any::<u64>(),
    ) {
        let expected = Course::replay(&journal);
        let mut received: Vec<&Entry> = journal.iter().collect();
        received.extend(resent.iter().map(|index| index.get(&journal)));
        let received = shuffled(received, order);
        prop_assert_eq!(Course::replay(received), expected);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// However the night was reported, a slot holds at most one dose, and one that was taken counts.
    #[test]
    fn a_slot_never_holds_two_doses(journal in any::journal()) {
        let course = Course::replay(&journal);
        for (_, day) in course.days() {
            for (_, slot) in day.doses.slots() {
                let taken = |outcome: &Outcome| matches!(outcome, Outcome::Taken { .. });
                let any_taken = slot.reports().iter().any(|report| taken(&report.value.outcome));
                prop_assert_eq!(taken(&slot.decided().report.value.outcome), any_taken);
            }
        }
        if let Ok(diary) = course.diary() {
            for row in diary.rows() {
                let single = course.day(row.date).unwrap().doses.slots().map(|(_, slot)| {
                    match slot.decided().report.value.outcome {
                        Outcome::Taken { dose: Some(dose), .. } => u128::from(dose.nanograms()),
                        _ => 0,
                    }
                });
                let most: u128 = single.sum();
                prop_assert!(row.dose.is_none_or(|dose| u128::from(dose.nanograms()) <= most));
            }
        }
    }

    /// Nothing is lost: every entry is in the course, is corrected, or is told as a problem.
    #[test]
    fn every_score_is_in_the_course_or_was_corrected(journal in any::journal()) {
        let course = Course::replay(&journal);
        let shown: std::collections::BTreeSet<_> = course
            .days()
            .flat_map(|(_, day)| Measure::ALL.map(|measure| day.all_scores(measure)).concat())
            .map(|score| score.origin.entry)
            .collect();
        let doubled: Vec<_> = course
            .problems()
            .iter()
            .filter(|problem| problem.kind == ProblemKind::SameNameOtherContent)
            .map(|problem| problem.entry)
            .collect();
        for entry in journal.iter().filter(|entry| entry.kind() == Kind::Scores) {
            let id = entry.id();
            let corrected = course.corrections().iter().any(|c| c.applied && c.replaces == id);
            prop_assert!(shown.contains(&id) || corrected || doubled.contains(&id), "{:?}", entry);
        }
    }
}

/// Shuffles by a seed, so that a failing case shrinks.
fn shuffled(mut entries: Vec<&Entry>, seed: u64) -> Vec<&Entry> {
    let mut state = seed | 1;
    for last in (1..entries.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap() % (last + 1);
        entries.swap(last, other);
    }
    entries
}
