//! The states of one dose, and every run of events on a small clock.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, date};
use ldn_care::plan::{Protocols, Slot, SlotId, SlotRefusal, Slots, TakeLate};
use ldn_care::screen::RuleSet;
use ldn_core::plan::TimeOfDay;

const DAY: Date = date(2026, 3, 28);

fn late() -> TakeLate {
    TakeLate::of(RuleSet::shipped(), Protocols::shipped()).unwrap()
}

fn id(offset: i64, at: TimeOfDay) -> SlotId {
    SlotId { day: DAY.saturating_add(jiff::Span::new().days(offset)), at }
}

fn clock(offset: i64, hour: i8, minute: i8) -> DateTime {
    DAY.saturating_add(jiff::Span::new().days(offset)).at(hour, minute, 0, 0)
}

/// Four days of one dose at a time of day; the last only ends the third.
fn once_a_day(at: TimeOfDay, hour: i8) -> Slots {
    let planned: Vec<_> = (0..4).map(|offset| (id(offset, at), clock(offset, hour, 0))).collect();
    Slots::new(&planned, late())
}

#[test]
fn a_forgotten_dose_waits_until_twelve_hours_before_the_next() {
    let morning = id(0, TimeOfDay::Morning);
    let slots = || once_a_day(TimeOfDay::Morning, 8);
    assert!(slots().take(morning, clock(0, 20, 0)).is_ok(), "the next is 12 hours away");
    let refused = slots().take(morning, clock(0, 20, 1)).unwrap_err();
    assert_eq!(refused, SlotRefusal::NextTooNear { next: clock(1, 8, 0) });
    assert_eq!(slots().settle(clock(0, 20, 1)).get(morning), Some(Slot::Missed));
    assert_eq!(slots().settle(clock(0, 20, 0)).get(morning), Some(Slot::Pending));
    let refused = slots().settle(clock(0, 21, 0)).take(morning, clock(0, 21, 0)).unwrap_err();
    assert_eq!(refused, SlotRefusal::Missed);
}

#[test]
fn a_late_night_belongs_to_the_day_before_until_four() {
    let night = id(0, TimeOfDay::Bedtime);
    let slots = || once_a_day(TimeOfDay::Bedtime, 22);
    assert!(slots().take(night, clock(1, 3, 59)).is_ok());
    let refused = slots().take(night, clock(1, 4, 0)).unwrap_err();
    assert!(matches!(refused, SlotRefusal::OtherDay { .. }), "{refused}");
    // After a late night the next dose is not taken early.
    let slots = slots().take(night, clock(1, 3, 0)).unwrap();
    let refused = slots.clone().take(id(1, TimeOfDay::Bedtime), clock(1, 13, 0)).unwrap_err();
    assert_eq!(refused, SlotRefusal::TooSoonAfter { last: clock(1, 3, 0), planned: clock(1, 22, 0) });
    assert!(slots.take(id(1, TimeOfDay::Bedtime), clock(1, 22, 0)).is_ok());
}

#[test]
fn a_second_dose_is_refused_and_a_skip_is_final() {
    let night = id(0, TimeOfDay::Bedtime);
    let taken = once_a_day(TimeOfDay::Bedtime, 22).take(night, clock(0, 22, 5)).unwrap();
    let at = clock(0, 22, 5);
    assert_eq!(taken.clone().take(night, clock(0, 22, 6)).unwrap_err(), SlotRefusal::AlreadyTaken { at });
    assert_eq!(taken.skip(night, clock(0, 22, 6)).unwrap_err(), SlotRefusal::AlreadyTaken { at });
    let at = clock(0, 21, 0);
    let skipped = once_a_day(TimeOfDay::Bedtime, 22).skip(night, at).unwrap();
    assert_eq!(skipped.clone().take(night, clock(0, 22, 0)).unwrap_err(), SlotRefusal::Skipped { at });
    assert_eq!(skipped.settle(clock(2, 0, 0)).get(night), Some(Slot::Skipped { at }));
    let nobody = id(9, TimeOfDay::Bedtime);
    assert!(matches!(
        once_a_day(TimeOfDay::Bedtime, 22).take(nobody, clock(9, 22, 0)),
        Err(SlotRefusal::NoSuchSlot { .. })
    ));
}

#[test]
fn a_traveller_who_lives_a_day_twice_takes_one_dose_in_it() {
    let night = id(1, TimeOfDay::Bedtime);
    let taken = once_a_day(TimeOfDay::Bedtime, 22).take(night, clock(1, 22, 0)).unwrap();
    // East over the date line: the clock shows the same date again.
    let refused = taken.clone().take(night, clock(1, 22, 0)).unwrap_err();
    assert!(matches!(refused, SlotRefusal::AlreadyTaken { .. }));
    // West over it: a date never comes, and nothing is made up for.
    let west = taken.settle(clock(3, 5, 0));
    assert_eq!(west.get(id(2, TimeOfDay::Bedtime)), Some(Slot::Missed));
}

#[test]
fn a_divided_day_has_a_slot_for_each_dose() {
    let planned: Vec<_> = (0..3)
        .flat_map(|offset| {
            [
                (id(offset, TimeOfDay::Morning), clock(offset, 8, 0)),
                (id(offset, TimeOfDay::Bedtime), clock(offset, 22, 0)),
            ]
        })
        .collect();
    let slots = || Slots::new(&planned, late());
    let both = slots().take(id(0, TimeOfDay::Morning), clock(0, 8, 0)).unwrap();
    assert!(both.take(id(0, TimeOfDay::Bedtime), clock(0, 22, 0)).is_ok());
    assert!(slots().take(id(0, TimeOfDay::Morning), clock(0, 10, 0)).is_ok());
    assert!(slots().take(id(0, TimeOfDay::Morning), clock(0, 11, 0)).is_err(), "11 hours to the next");
}

/// Follows every run of take, skip and settle on a clock of three hours, and looks at every state that is reached.
fn explore(start: Slots, ids: &[SlotId], hours: &[DateTime]) -> usize {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![(0_usize, start, Vec::<(SlotId, DateTime)>::new())];
    while let Some((next, slots, swallowed)) = open.pop() {
        if !reached.insert(format!("{next} {slots:?} {swallowed:?}")) {
            continue;
        }
        for id in ids {
            let n_doses = swallowed.iter().filter(|(of, _)| of == id).count();
            let is_taken = matches!(slots.get(*id), Some(Slot::Taken { .. }));
            assert!(n_doses <= 1, "two doses in one slot: {swallowed:?}");
            assert_eq!(n_doses == 1, is_taken, "{slots:?}");
        }
        let days: Vec<Date> = swallowed.iter().map(|(_, at)| late().day_of(*at)).collect();
        let distinct: BTreeSet<Date> = days.iter().copied().collect();
        assert_eq!(days.len(), distinct.len(), "two doses in one local day: {swallowed:?}");
        for pair in swallowed.windows(2) {
            let hours = pair[0].1.duration_until(pair[1].1).as_hours();
            assert!(hours >= 12, "{hours} hours apart: {swallowed:?}");
        }
        let Some(now) = hours.get(next) else {
            continue;
        };
        open.push((next + 1, slots.clone().settle(*now), swallowed.clone()));
        for id in ids {
            if let Ok(taken) = slots.clone().take(*id, *now) {
                let mut more = swallowed.clone();
                more.push((*id, *now));
                // The same moment again: a second device, a repeated tap.
                assert!(taken.clone().take(*id, *now).is_err() && taken.clone().skip(*id, *now).is_err());
                open.push((next + 1, taken, more));
            }
            if let Ok(skipped) = slots.clone().skip(*id, *now) {
                assert!(skipped.clone().take(*id, *now).is_err(), "a skip is final");
                open.push((next + 1, skipped, swallowed.clone()));
            }
        }
    }
    reached.len()
}

#[test]
fn no_reachable_state_has_two_doses_in_one_slot_or_one_local_day() {
    for (at, hour) in [(TimeOfDay::Bedtime, 22), (TimeOfDay::Morning, 8)] {
        let ids: Vec<SlotId> = (0..3).map(|offset| id(offset, at)).collect();
        let hours: Vec<DateTime> =
            (0..12).map(|step| clock(step / 4, [1, 7, 13, 21][(step % 4) as usize], 30)).collect();
        let n_states = explore(once_a_day(at, hour), &ids, &hours);
        assert!(n_states > 1_000, "{n_states}");
    }
}
