//! Corrections, corrections of corrections, and those that cannot be applied.

use ldn_core::Measure;
use ldn_core::course::{Course, ProblemKind};
use ldn_core::journal::{Body, Kind, KitOpened, Role};
use proptest::prelude::*;

use crate::sample::{
    START, by_patient, by_prescriber, correction, entry_id, hold, note, pain, taken, trial_started, unblinded,
};

/// Entry 1 is a pain of 6; each further entry corrects the entry it names.
fn pain_after(corrections: &[(u64, Option<f64>)]) -> Option<f64> {
    let mut entries = vec![by_patient(1, START, 0, pain(6.0))];
    for (number, (replaces, with)) in (2..).zip(corrections) {
        let body = correction(*replaces, with.map(pain));
        entries.push(by_patient(number, START, i64::try_from(number).unwrap(), body));
    }
    let course = Course::replay(&entries);
    assert_eq!(course.problems(), [], "{corrections:?}");
    assert_eq!(course.corrections().len(), corrections.len(), "every correction is kept");
    let scores: Vec<f64> = course
        .days()
        .flat_map(|(_, day)| day.all_scores(Measure::Pain))
        .map(|score| score.value.as_typed())
        .collect();
    assert!(scores.len() < 2, "a correction adds no score of its own: {scores:?}");
    scores.first().copied()
}

#[test]
fn the_latest_correction_holds_and_a_correction_can_be_corrected() {
    for (corrections, expected) in [
        (vec![], Some(6.0)),
        (vec![(1, Some(5.0))], Some(5.0)),
        (vec![(1, None)], None),
        (vec![(1, Some(5.0)), (1, Some(4.0))], Some(4.0)),
        (vec![(1, Some(5.0)), (2, Some(3.0))], Some(3.0)),
        // To strike out a correction is to undo it.
        (vec![(1, Some(5.0)), (2, None)], Some(6.0)),
        (vec![(1, None), (2, None)], Some(6.0)),
        (vec![(1, None), (2, Some(3.0))], Some(3.0)),
        (vec![(1, Some(5.0)), (1, Some(4.0)), (3, None)], Some(5.0)),
        (vec![(1, Some(5.0)), (2, None), (3, None)], Some(5.0)),
        (vec![(1, Some(5.0)), (2, Some(4.0)), (3, Some(2.0))], Some(2.0)),
        (vec![(3, Some(0.0)), (1, None), (1, None)], None),
    ] {
        assert_eq!(pain_after(&corrections), expected, "{corrections:?}");
    }
}

#[test]
fn a_correction_keeps_the_day_and_the_place_of_what_it_replaces() {
    let course = Course::replay(&[
        by_patient(1, START, 0, pain(6.0)),
        by_patient(2, START, 1, pain(7.0)),
        by_patient(3, START.tomorrow().unwrap(), 1500, correction(1, Some(pain(2.0)))),
    ]);
    assert!(course.day(START.tomorrow().unwrap()).is_none());
    let scores = course.day(START).unwrap().all_scores(Measure::Pain);
    let points: Vec<f64> = scores.iter().map(|score| score.value.as_typed()).collect();
    assert_eq!(points, [2.0, 7.0]);
    assert_eq!(scores[0].origin.entry, entry_id(1));
    assert_eq!(scores[0].origin.corrected_by, Some(entry_id(3)));
}

/// A device whose clock is behind corrects something that, by its clock, was not there yet.
#[test]
fn lineage_decides_and_not_the_clock() {
    let course = Course::replay(&[
        by_patient(1, START, 100, pain(6.0)),
        by_patient(2, START, 5, correction(1, Some(pain(5.0)))),
        by_patient(3, START, 1, correction(2, Some(pain(4.0)))),
    ]);
    assert_eq!(course.day(START).unwrap().score(Measure::Pain).unwrap().value.as_typed(), 4.0);
}

#[test]
fn a_dose_can_be_moved_to_its_day() {
    let right = START.yesterday().unwrap();
    let course = Course::replay(&[
        by_patient(1, START, 0, taken(START, "1.5")),
        by_patient(2, START, 1, correction(1, Some(taken(right, "1.5")))),
    ]);
    assert!(course.day(START).is_none());
    assert_eq!(course.day(right).unwrap().doses.slots().count(), 1);
}

#[test]
fn what_cannot_be_applied_is_told_and_changes_nothing() {
    let other_kind = ProblemKind::CorrectsOtherKind { expected: Kind::Scores, found: Kind::Note };
    let back = |kind| ProblemKind::CannotBeTakenBack { kind };
    let trial = || by_patient(1, START, 0, trial_started());
    for (first, body, expected) in [
        (
            by_patient(1, START, 0, pain(6.0)),
            correction(9, None),
            ProblemKind::CorrectsUnknown { replaces: entry_id(9) },
        ),
        (by_patient(1, START, 0, pain(6.0)), correction(3, None), ProblemKind::CorrectsItself),
        (by_patient(1, START, 0, pain(6.0)), correction(1, Some(note("a"))), other_kind),
        (
            by_prescriber(1, START, 0, hold(START, None)),
            correction(1, None),
            ProblemKind::CorrectsOtherRole { role: Role::Prescriber },
        ),
        (trial(), correction(1, None), back(Kind::TrialStarted)),
        (trial(), correction(1, Some(trial_started())), back(Kind::TrialStarted)),
    ] {
        let alone = Course::replay([&first]);
        let entry = by_patient(3, START, 2, body);
        let course = Course::replay([&first, &entry]);
        let kinds: Vec<_> = course.problems().iter().map(|problem| problem.kind.clone()).collect();
        assert_eq!(kinds, [expected]);
        assert!(!course.corrections()[0].applied);
        assert_eq!(course.days().collect::<Vec<_>>(), alone.days().collect::<Vec<_>>());
        assert_eq!(course.plans(), alone.plans());
        assert_eq!(course.is_blinded(), alone.is_blinded());
    }
}

#[test]
fn nobody_makes_unknown_again_what_is_known() {
    let course = Course::replay(&[
        by_patient(1, START, 0, trial_started()),
        by_patient(2, START, 1, unblinded()),
        by_patient(3, START, 2, correction(2, None)),
    ]);
    assert!(!course.is_blinded());
    assert_eq!(course.problems()[0].kind, ProblemKind::CannotBeTakenBack { kind: Kind::Unblinded });
}

#[test]
fn the_number_of_a_kit_can_be_corrected() {
    let kit = |kit: &str| Body::KitOpened(KitOpened { kit: kit.into() });
    let course = Course::replay(&[
        by_patient(1, START, 0, trial_started()),
        by_patient(2, START, 1, kit("K-1")),
        by_patient(3, START, 2, correction(2, Some(kit("K-7")))),
    ]);
    assert_eq!(course.trials()[0].kit_on(START), Some("K-7"));
}

/// A chain of corrections may be as long as the journal without exhausting the stack.
#[test]
fn a_long_chain_of_corrections_is_followed() {
    let mut entries = vec![by_patient(1, START, 0, pain(6.0))];
    for number in 2..5_000 {
        entries.push(by_patient(number, START, 1, correction(number - 1, Some(pain(1.0)))));
    }
    let course = Course::replay(&entries);
    assert_eq!(course.day(START).unwrap().score(Measure::Pain).unwrap().value.as_typed(), 1.0);
    assert_eq!(course.problems(), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Against the definition, written as a recursion over small trees.
    #[test]
    fn corrections_agree_with_their_definition(
        given in proptest::collection::vec((0_u64..12, proptest::option::of(0_u8..10)), 0..11),
    ) {
        let corrections: Vec<(u64, u64, Option<f64>)> = (2..)
            .zip(&given)
            .map(|(number, (replaces, with))| (number, *replaces, with.map(f64::from)))
            .collect();
        let mut entries = vec![by_patient(1, START, 0, pain(6.0))];
        entries.extend(corrections.iter().map(|(number, replaces, with)| {
            by_patient(*number, START, i64::try_from(*number).unwrap(), correction(*replaces, with.map(pain)))
        }));
        let course = Course::replay(&entries);
        let found = course.day(START).and_then(|day| day.score(Measure::Pain)).map(|score| score.value.as_typed());
        let expected = match last_word(1, &corrections) {
            None => Some(6.0),
            Some(with) => with,
        };
        prop_assert_eq!(found, expected);
        let rooted = corrections.iter().filter(|(number, ..)| is_rooted(*number, &corrections, 20)).count();
        let applied = course.corrections().iter().filter(|correction| correction.applied).count();
        prop_assert_eq!(applied, rooted);
        prop_assert_eq!(course.problems().len(), corrections.len() - rooted);
    }
}

type Listed = (u64, u64, Option<f64>);

/// What the corrections of an entry make of it: nothing said, or the content that holds (`None` if struck out).
fn last_word(entry: u64, corrections: &[Listed]) -> Option<Option<f64>> {
    corrections.iter().rev().filter(|(_, replaces, _)| *replaces == entry).find_map(|(number, _, with)| {
        match last_word(*number, corrections) {
            None => Some(*with),
            Some(None) => None,
            Some(replaced) => Some(replaced),
        }
    })
}

fn is_rooted(number: u64, corrections: &[Listed], steps: u32) -> bool {
    number == 1
        || steps > 0
            && corrections
                .iter()
                .any(|(n, replaces, _)| *n == number && is_rooted(*replaces, corrections, steps - 1))
}
