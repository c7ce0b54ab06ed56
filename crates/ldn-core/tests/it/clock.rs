//! Clocks and zones: the right local day each time, and one slot per local day.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, date, datetime, time};
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan};
use ldn_core::course::{Course, DayBoundary, local_day};
use ldn_core::journal::{Body, DoseReport, Entry, EntryParts, Outcome, Salt};

use crate::sample::{account_id, course_id, device_id, entry_id, milligrams};

fn four_in_the_morning() -> DayBoundary {
    DayBoundary::new(time(4, 0, 0, 0)).unwrap()
}

/// A dose swallowed at an instant in a zone, as a device records it.
fn dose(number: u64, device: u8, at: Timestamp, zone: &TimeZone, boundary: DayBoundary) -> Entry {
    let zoned = at.to_zoned(zone.clone());
    let day = local_day(zoned.datetime(), boundary);
    let outcome = Outcome::Taken { dose: Some(milligrams("4.5")), at: Some(at) };
    Entry::new(EntryParts {
        id: entry_id(number),
        course: course_id(),
        author: account_id(),
        role: ldn_core::journal::Role::Patient,
        device: Some(device_id(device)),
        day,
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        offset: zoned.offset(),
        recorded: at,
        salt: Salt([device; 16]),
        body: Body::Dose(DoseReport { day, part: None, outcome }),
    })
    .unwrap()
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn day_of(instant: &str, name: &str, boundary: DayBoundary) -> Date {
    let instant: Timestamp = instant.parse().unwrap();
    local_day(instant.to_zoned(zone(name)).datetime(), boundary)
}

#[test]
fn the_right_local_day_each_time() {
    let (midnight, four) = (DayBoundary::MIDNIGHT, four_in_the_morning());
    for (what, instant, name, boundary, expected) in [
        ("an evening", "2026-01-05T20:30:00Z", "Europe/Berlin", midnight, date(2026, 1, 5)),
        ("after midnight", "2026-01-05T23:30:00Z", "Europe/Berlin", midnight, date(2026, 1, 6)),
        ("after midnight, before bed", "2026-01-05T23:30:00Z", "Europe/Berlin", four, date(2026, 1, 5)),
        ("at the boundary", "2026-01-06T03:00:00Z", "Europe/Berlin", four, date(2026, 1, 6)),
        ("just before the boundary", "2026-01-06T02:59:59.999Z", "Europe/Berlin", four, date(2026, 1, 5)),
        ("an evening before UTC's", "2026-01-06T03:30:00Z", "America/New_York", midnight, date(2026, 1, 5)),
        ("a morning after UTC's", "2026-01-05T18:30:00Z", "Pacific/Kiritimati", midnight, date(2026, 1, 6)),
        // The clock goes from 2 to 3: 1:59 and 3:00 follow each other.
        ("before the spring gap", "2026-03-08T06:59:59Z", "America/New_York", midnight, date(2026, 3, 8)),
        ("after the spring gap", "2026-03-08T07:00:00Z", "America/New_York", four, date(2026, 3, 7)),
        ("after gap and boundary", "2026-03-08T08:00:00Z", "America/New_York", four, date(2026, 3, 8)),
        // The clock goes back from 2 to 1: half past one is there twice, on one day.
        ("first of the fold", "2026-11-01T05:30:00Z", "America/New_York", midnight, date(2026, 11, 1)),
        ("second of the fold", "2026-11-01T06:30:00Z", "America/New_York", midnight, date(2026, 11, 1)),
        ("first, still awake", "2026-11-01T05:30:00Z", "America/New_York", four, date(2026, 10, 31)),
        ("second, still awake", "2026-11-01T06:30:00Z", "America/New_York", four, date(2026, 10, 31)),
        // The clock of Havana goes back from 1 to midnight, so that the first hour of the day is there twice.
        ("Havana, first", "2026-11-01T04:30:00Z", "America/Havana", midnight, date(2026, 11, 1)),
        ("Havana, second", "2026-11-01T05:30:00Z", "America/Havana", midnight, date(2026, 11, 1)),
        ("a leap day", "2028-02-29T12:00:00Z", "Europe/Berlin", midnight, date(2028, 2, 29)),
        ("the night after it", "2028-03-01T01:00:00Z", "Europe/Berlin", four, date(2028, 2, 29)),
        ("no leap day", "2026-03-01T01:00:00Z", "Europe/Berlin", four, date(2026, 2, 28)),
        ("the new year", "2025-12-31T23:30:00Z", "Europe/Berlin", four, date(2025, 12, 31)),
        // Samoa left out 30 December 2011.
        ("Samoa, before the leap", "2011-12-30T09:59:59Z", "Pacific/Apia", midnight, date(2011, 12, 29)),
        ("Samoa, after the leap", "2011-12-30T10:00:00Z", "Pacific/Apia", midnight, date(2011, 12, 31)),
        (
            "Kiritimati at one instant",
            "2026-01-05T11:00:00Z",
            "Pacific/Kiritimati",
            midnight,
            date(2026, 1, 6),
        ),
        ("American Samoa at the same", "2026-01-05T11:00:00Z", "Pacific/Pago_Pago", four, date(2026, 1, 4)),
    ] {
        assert_eq!(day_of(instant, name, boundary), expected, "{what}");
    }
}

#[test]
fn a_day_begins_before_noon() {
    assert!(DayBoundary::new(time(11, 59, 59, 0)).is_ok());
    let error = DayBoundary::new(time(12, 0, 0, 0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "12:00:00 is not the beginning of a day; expected a time from 00:00 to before 12:00"
    );
    assert_eq!(local_day(DateTime::MIN, four_in_the_morning()), DateTime::MIN.date());
}

/// From Kiritimati eastward over the date line to American Samoa the same date comes twice: one slot, and a question.
#[test]
fn the_same_date_twice_is_one_slot_with_a_question() {
    let boundary = four_in_the_morning();
    let (kiritimati, samoa) = (zone("Pacific/Kiritimati"), zone("Pacific/Pago_Pago"));
    let first = datetime(2026, 1, 6, 22, 0, 0, 0).to_zoned(kiritimati.clone()).unwrap().timestamp();
    let second = datetime(2026, 1, 6, 22, 0, 0, 0).to_zoned(samoa.clone()).unwrap().timestamp();
    assert_eq!(second.duration_since(first).as_hours(), 25);
    let entries = [dose(1, 1, first, &kiritimati, boundary), dose(2, 1, second, &samoa, boundary)];
    let course = Course::replay(&entries);
    let day = course.day(date(2026, 1, 6)).unwrap();
    assert_eq!(day.doses.slots().count(), 1);
    assert_eq!(day.doses.slot(None).unwrap().reports().len(), 2, "both are kept");
    assert!(day.doses.has_conflict());
    assert_eq!(course.diary().unwrap().rows()[0].dose, Some(milligrams("4.5")), "counted once");
}

/// Westward a date is left out: no slot is made up for it.
#[test]
fn a_date_that_was_left_out_has_no_slot() {
    let boundary = four_in_the_morning();
    let (samoa, kiritimati) = (zone("Pacific/Pago_Pago"), zone("Pacific/Kiritimati"));
    let at = |day: i8, zone: &TimeZone| {
        datetime(2026, 1, day, 22, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp()
    };
    let entries =
        [dose(1, 1, at(5, &samoa), &samoa, boundary), dose(2, 1, at(7, &kiritimati), &kiritimati, boundary)];
    let course = Course::replay(&entries);
    let days: Vec<Date> = course.days().map(|(date, _)| date).collect();
    assert_eq!(days, [date(2026, 1, 5), date(2026, 1, 7)]);
    assert!(course.day(date(2026, 1, 6)).is_none());
}

/// The instants at which a zone's clock is changed.
fn transitions(zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    zone.following(from).map(|t| t.timestamp()).take_while(|instant| *instant < to).collect()
}

/// In every zone of the database, around every change of its clock in 2026 (and around the day that Samoa and Tokelau
/// left out in 2011), doses at all hours, in the gap and in the fold, each reported by two devices and sent twice: each
/// local day has exactly one slot with one dose, and no slot is without an instant at which somebody swallowed one.
#[test]
fn in_every_zone_each_local_day_has_one_slot() {
    let span = |from: &str, to: &str| (from.parse::<Timestamp>().unwrap(), to.parse::<Timestamp>().unwrap());
    let (mut n_zones, mut n_changes, mut n_doses) = (0, 0, 0);
    for name in tz::db().available() {
        let zone = zone(name.as_str());
        n_zones += 1;
        let spans = match name.as_str() {
            "Pacific/Apia" | "Pacific/Fakaofo" => vec![span("2011-01-01T00:00:00Z", "2012-12-31T00:00:00Z")],
            _ => vec![span("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")],
        };
        for change in spans.iter().flat_map(|(from, to)| transitions(&zone, *from, *to)) {
            n_changes += 1;
            for boundary in [DayBoundary::MIDNIGHT, four_in_the_morning()] {
                n_doses += one_slot_per_day(&zone, change, boundary);
            }
        }
    }
    println!(
        "{n_zones} zones, {n_changes} changes of a clock, {n_doses} doses, each reported by two devices, twice"
    );
    assert!(n_zones > 400 && n_changes > 300, "{n_zones} zones, {n_changes} changes");
}

fn one_slot_per_day(zone: &TimeZone, change: Timestamp, boundary: DayBoundary) -> usize {
    let mut expected: BTreeMap<Date, usize> = BTreeMap::new();
    let mut entries = Vec::new();
    let mut number = 0;
    // All around the clock, and at the edges of the change itself: whatever instant somebody swallows at.
    let hourly = (-7..=7).map(|times| change + i64::hours(times * 5));
    let edges = [-1_i64, 0, 1, 1_800, 3_599, 3_600, 5_400].map(|seconds| change + seconds.seconds());
    for at in hourly.chain(edges) {
        let day = local_day(at.to_zoned(zone.clone()).datetime(), boundary);
        let reports = expected.entry(day).or_default();
        for device in [1, 2] {
            number += 1;
            *reports += 1;
            entries.push(dose(number, device, at, zone, boundary));
        }
    }
    let resent = entries.clone();
    let course = Course::replay(entries.iter().chain(&resent));
    assert_eq!(course.problems(), []);
    let found: BTreeMap<Date, usize> = course
        .days()
        .map(|(date, day)| {
            assert_eq!(day.doses.slots().count(), 1, "{date} in {:?}", zone.iana_name());
            (date, day.doses.slot(None).unwrap().reports().len())
        })
        .collect();
    assert_eq!(found, expected, "{:?} around {change}", zone.iana_name());
    let diary = course.diary().unwrap();
    assert!(diary.rows().iter().all(|row| row.dose == Some(milligrams("4.5"))), "never two doses");
    entries.len() / 2
}

/// Somebody who takes a dose every evening at ten gets a slot for every date on the calendar, whatever the clocks do.
#[test]
fn every_evening_at_ten_is_a_slot_of_its_own() {
    for name in
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"]
    {
        let zone = zone(name);
        let first = date(2026, 1, 1);
        let entries: Vec<Entry> = (0..365)
            .map(|days| {
                let wall = (first + i64::days(days)).at(22, 0, 0, 0);
                let at = zone.to_ambiguous_zoned(wall).compatible().unwrap().timestamp();
                dose(u64::try_from(days).unwrap() + 1, 1, at, &zone, four_in_the_morning())
            })
            .collect();
        let course = Course::replay(&entries);
        assert_eq!(course.days().count(), 365, "{name}");
        assert!(course.days().all(|(_, day)| day.doses.slots().count() == 1 && !day.doses.has_conflict()));
        assert_eq!(course.late_entries(), []);
    }
}
