//! Plans, signatures, holds: what a day may show.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use ldn_core::course::{Course, ProblemKind};
use ldn_core::journal::{Disposition, Entry, Role};
use ldn_core::plan::{AskBecause, DayPlan, Plan};

use crate::sample::{
    START, by_patient, by_prescriber, ended, hold, milligrams, plan, proposed, screened, signed,
};

fn says(course: &Course, day: Date) -> String {
    said(&course.plan_on(day))
}

fn said(plan: &DayPlan<'_>) -> String {
    match plan {
        DayPlan::Take(step) => step.dose().to_string(),
        DayPlan::Hold(hold) => format!("hold {}", hold.rule),
        DayPlan::Nothing => "nothing".to_owned(),
        DayPlan::Ask(AskBecause::Expired) => "ask: expired".to_owned(),
        DayPlan::Ask(AskBecause::Superseded) => "ask: superseded".to_owned(),
    }
}

/// The entries that propose a plan and sign it on a day, so many minutes after the start.
fn in_force(number: u64, minutes: i64, plan: &Plan, on: Date) -> [Entry; 2] {
    [
        by_prescriber(number, on, minutes, proposed(plan)),
        by_prescriber(number + 1, on, minutes + 1, signed(plan, on)),
    ]
}

#[test]
fn only_a_signed_plan_gives_a_dose() {
    let plan = plan(1, None, START, "1.5");
    let [proposal, signature] = in_force(1, 0, &plan, START);
    assert_eq!(says(&Course::replay([&proposal]), START), "nothing");
    // In any order: the prescriber's clock may be behind.
    let course = Course::replay([&signature, &proposal]);
    assert_eq!(says(&course, START), "1.5 mg");
    assert_eq!(says(&course, START.yesterday().unwrap()), "nothing");
    assert_eq!(says(&course, date(2027, 1, 1)), "ask: expired");
    let signature = course.plans().in_force(START).unwrap().plan.parts().signature.clone().unwrap();
    assert_eq!(signature.prescriber, "Dr Example");
}

#[test]
fn who_is_no_prescriber_signs_nothing() {
    let plan = plan(1, None, START, "1.5");
    let course = Course::replay(&[
        by_prescriber(1, START, 0, proposed(&plan)),
        by_patient(2, START, 1, signed(&plan, START)),
    ]);
    assert_eq!(says(&course, START), "nothing");
    assert_eq!(course.problems()[0].kind, ProblemKind::SignedByOther { role: Role::Patient });
    let course = Course::replay(&[by_prescriber(2, START, 1, signed(&plan, START))]);
    assert_eq!(course.problems()[0].kind, ProblemKind::UnknownPlan { plan: plan.id() });
}

#[test]
fn a_newer_plan_replaces_the_older_from_its_signing_on() {
    let first = plan(1, None, START, "1.5");
    let changed = START + 10.days();
    let second = plan(2, Some(first.id()), changed + 3.days(), "3");
    let entries = [in_force(1, 0, &first, START), in_force(3, 10, &second, changed)].concat();
    let course = Course::replay(&entries);
    for (days, expected) in
        [(0, "1.5 mg"), (9, "1.5 mg"), (10, "ask: superseded"), (12, "ask: superseded"), (13, "3 mg")]
    {
        assert_eq!(says(&course, START + i64::days(days)), expected, "day {days}");
    }
    let line: Vec<_> = course.plans().lineage(&second.id()).iter().map(|p| p.value.id()).collect();
    assert_eq!(line, [second.id(), first.id()]);
}

/// A phone that was offline from 1 to 60 days while the prescriber changed the plan: as soon as it knows of the change
/// it shows no dose of the old plan, and before that none beyond the old plan's last valid day.
#[test]
fn a_device_with_an_old_plan_shows_no_dose_once_it_knows() {
    let first = plan(1, None, START, "1.5");
    for offline in 1..=60 {
        let changed = START + i64::days(offline);
        let second = plan(2, Some(first.id()), changed, "3");
        let entries = [in_force(1, 0, &first, START), in_force(3, offline, &second, changed)].concat();
        let course = Course::replay(&entries);
        for days in 0..90 {
            let day = START + i64::days(days);
            let (old, new) =
                (course.plan_on_device(&first.id(), day), course.plan_on_device(&second.id(), day));
            if day < changed {
                assert_eq!((said(&old).as_str(), said(&new).as_str()), ("1.5 mg", "ask: superseded"));
            } else {
                assert_eq!((said(&old).as_str(), said(&new).as_str()), ("ask: superseded", "3 mg"));
            }
        }
    }
}

#[test]
fn two_signed_plans_of_one_version_give_no_dose() {
    let first = plan(1, None, START, "1.5");
    let (low, high) = (plan(2, Some(first.id()), START, "3"), plan(2, Some(first.id()), START, "4.5"));
    let mut entries =
        [in_force(1, 0, &first, START), in_force(3, 10, &low, START), in_force(5, 20, &high, START)].concat();
    let course = Course::replay(&entries);
    assert_eq!(says(&course, START), "ask: superseded");
    assert_eq!(course.problems()[0].kind, ProblemKind::TwoPlansOfOneVersion { version: 2 });
    entries.extend(in_force(7, 30, &plan(3, Some(low.id()), START, "3"), START));
    assert_eq!(says(&Course::replay(&entries), START), "3 mg", "a newer plan settles it");
}

#[test]
fn an_ended_plan_ends() {
    let first = plan(1, None, START, "1.5");
    let last = START + 5.days();
    let mut entries = in_force(1, 0, &first, START).to_vec();
    entries.push(by_patient(3, last, 10, ended(&first)));
    let course = Course::replay(&entries);
    assert_eq!(says(&course, last.yesterday().unwrap()), "1.5 mg");
    assert_eq!(says(&course, last), "nothing");
    assert!(course.plans().in_force(last).is_none());
}

#[test]
fn a_hold_comes_before_every_plan_and_ends_by_itself_only_if_it_has_an_end() {
    let first = plan(1, None, START, "1.5");
    let (from, to) = (START + 3.days(), START + 5.days());
    let mut entries = in_force(1, 0, &first, START).to_vec();
    entries.push(by_patient(3, START, 10, hold(from, Some(to))));
    let course = Course::replay(&entries);
    for (days, expected) in [(2, "1.5 mg"), (3, "hold SU-01"), (5, "hold SU-01"), (6, "1.5 mg")] {
        assert_eq!(says(&course, START + i64::days(days)), expected, "day {days}");
        assert_eq!(said(&course.plan_on_device(&first.id(), START + i64::days(days))), expected);
    }
}

/// After opioids: a new screening that does not refuse, and then a new signed plan. Neither alone.
#[test]
fn an_open_hold_ends_only_with_a_new_screening_and_a_new_plan() {
    let first = plan(1, None, START, "1.5");
    let from = START + 3.days();
    let again = START + 20.days();
    let second = plan(2, Some(first.id()), again, "1.5");
    let before =
        || in_force(1, 0, &first, START).into_iter().chain([by_patient(3, START, 10, hold(from, None))]);
    let screen = |disposition| by_prescriber(4, again, 20, screened(disposition));
    let plan_again = || in_force(5, 30, &second, again);
    let too_early = plan(2, Some(first.id()), START, "1.5");
    let cases: [(&str, Vec<Entry>, &str); 6] = [
        ("nothing", vec![], "hold SU-01"),
        ("a screening alone", vec![screen(Disposition::NoFinding)], "hold SU-01"),
        ("a plan alone", plan_again().to_vec(), "hold SU-01"),
        (
            "a screening that refuses",
            [vec![screen(Disposition::Refuse)], plan_again().to_vec()].concat(),
            "hold SU-01",
        ),
        (
            "a plan made before the hold began",
            [vec![screen(Disposition::NoFinding)], in_force(5, 30, &too_early, again).to_vec()].concat(),
            "hold SU-01",
        ),
        ("both", [vec![screen(Disposition::Caution)], plan_again().to_vec()].concat(), "1.5 mg"),
    ];
    for (what, more, expected) in cases {
        let entries: Vec<Entry> = before().chain(more).collect();
        let course = Course::replay(&entries);
        assert_eq!(says(&course, from), "hold SU-01", "{what}: what was held stays held");
        assert_eq!(says(&course, again), expected, "{what}");
        assert_eq!(says(&course, again + 30.days()), expected, "{what}");
    }
}

#[test]
fn the_strengths_of_the_steps_are_those_of_the_plan() {
    let first = plan(1, None, START, "1.5");
    let course = Course::replay(&in_force(1, 0, &first, START));
    assert!(matches!(course.plan_on(START), DayPlan::Take(step) if step.dose() == milligrams("1.5")));
}
