//! Entries of a course for tests: generated, the same bytes every time.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ldn_core::ids::{AccountId, CourseId, EntryId};
use ldn_core::journal::{Body, DoseReport, Entry, EntryParts, Outcome, Role, Salt, Scores};
use ldn_core::plan::{DayPart, PlanParts, PlanRules, Review, Step, TimeOfDay};
use ldn_core::score::{Scale, Score};
use ldn_core::{Dose, Measure, Plan};

/// The zone of every patient here.
pub(crate) const ZONE: &str = "Europe/Madrid";

/// The day of every test until it turns the calendar.
pub(crate) const TODAY: Date = date(2026, 6, 1);

/// Returns half past eight in the evening of a day.
pub(crate) fn instant_on(day: Date) -> Timestamp {
    day.at(20, 30, 0, 0).to_zoned(TimeZone::get(ZONE).unwrap()).unwrap().timestamp()
}

/// Makes the numbered entry of a course, of a day and recorded on the evening of another.
pub(crate) fn entry(
    course: CourseId,
    author: AccountId,
    role: Role,
    number: u64,
    day: Date,
    recorded_on: Date,
    body: Body,
) -> Entry {
    let recorded = instant_on(recorded_on) + jiff::SignedDuration::from_millis(number as i64);
    let mut tail = [0; 10];
    tail[2..].copy_from_slice(&number.to_be_bytes());
    let millis = u64::try_from(recorded.as_millisecond()).unwrap();
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid();
    Entry::new(EntryParts {
        id: EntryId::from_uuid(id).unwrap(),
        course,
        author,
        role,
        device: None,
        day,
        zone: ZONE.to_owned(),
        offset: TimeZone::get(ZONE).unwrap().to_offset(recorded),
        recorded,
        salt: Salt((u128::from(number) * 0x9e37_79b9_7f4a_7c15).to_le_bytes()),
        body,
    })
    .unwrap()
}

/// Returns the day so many days after another; before it if negative.
pub(crate) fn plus(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap()
}

/// Reads a dose.
pub(crate) fn mg(text: &str) -> Dose {
    Dose::from_milligrams_text(text).unwrap()
}

/// Scores of one measure, one for each day from a first on; `None` is a day without one.
pub(crate) fn scores(measure: Measure, from: Date, values: &[Option<u8>]) -> Vec<(Date, Body)> {
    let scored = values.iter().enumerate().filter_map(|(index, value)| Some((index, (*value)?)));
    scored
        .map(|(index, value)| {
            let score = Score::new(measure, Scale::ZeroToTen, f64::from(value)).unwrap();
            (plus(from, index as i64), Body::Scores(Scores::new([score]).unwrap()))
        })
        .collect()
}

/// A dose taken on each of so many days.
pub(crate) fn taken(from: Date, days: i64, dose: Dose) -> Vec<(Date, Body)> {
    (0..days)
        .map(|offset| {
            let day = plus(from, offset);
            let outcome = Outcome::Taken { dose: Some(dose), at: None };
            (day, Body::Dose(DoseReport { day, part: None, outcome }))
        })
        .collect()
}

/// A diary of pain that falls from about 7 to about 4 over the first six weeks of LDN: four weeks before the first
/// capsule, and `on` days on 1.5, 3 and 4.5 mg until [`TODAY`].
pub(crate) fn responder(on: i64) -> Vec<(Date, Body)> {
    let first = plus(TODAY, 1 - on);
    let before = 28;
    let noise = [0_i64, 1, -1, 0, 1, 0, -1, 0, 0, 1, -1];
    let values: Vec<Option<u8>> = (-before..on)
        .map(|day| {
            let level = 7 - (day.clamp(0, 42) * 3) / 42;
            let score = (level + noise[day.rem_euclid(11) as usize]).clamp(0, 10);
            (day.rem_euclid(13) != 5).then_some(score as u8)
        })
        .collect();
    let mut entries = scores(Measure::Pain, plus(first, -before), &values);
    for (offset, days, dose) in [(0, 7, "1.5"), (7, 7, "3"), (14, on - 14, "4.5")] {
        entries.extend(taken(plus(first, offset), days, mg(dose)));
    }
    entries
}

/// A plan of 1.5, 3 and 4.5 mg at bedtime, a week each, that began on a day.
pub(crate) fn titration(from: Date) -> Plan {
    Plan::new(titration_parts(from)).unwrap()
}

/// The parts of [`titration`], to be changed by the test.
pub(crate) fn titration_parts(from: Date) -> PlanParts {
    let step = |offset: i64, to: Option<i64>, dose: &str, why: &str| Step {
        from: plus(from, offset),
        to: to.map(|to| plus(from, to)),
        parts: vec![DayPart { at: TimeOfDay::Bedtime, dose: mg(dose) }],
        why: why.to_owned(),
        source: "younger2013".to_owned(),
    };
    PlanParts {
        protocol: "fibromyalgia-common".to_owned(),
        version: 1,
        parent: None,
        reason: "first plan".to_owned(),
        made_on: from,
        valid_until: plus(from, 200),
        signature: None,
        blinded: false,
        steps: vec![
            step(0, Some(6), "1.5", "first dose of the protocol"),
            step(7, Some(13), "3", "7 days after the last step"),
            step(14, None, "4.5", "the target of the protocol"),
        ],
        holds: Vec::new(),
        review: vec![Review {
            on: plus(from, 35),
            what: "Review of the dose, between 4 and 6 weeks (proposed)".to_owned(),
        }],
        judge_on: Some(plus(from, 98)),
        rules: PlanRules {
            on_side_effect: "Do not step up. Call the practice.".to_owned(),
            on_missed_dose: "Never two doses for one day. (MD-01)".to_owned(),
            on_gap: "More than 14 days without LDN: ask before the next dose. (UN-08)".to_owned(),
            on_no_benefit: "No effect by 6 months: stop.".to_owned(),
            on_opioid: "After any opioid: no LDN, and ask before the next dose. (OP-22)".to_owned(),
        },
        fulfils: Vec::new(),
        overrides: Vec::new(),
        proposed: Vec::new(),
    }
}
