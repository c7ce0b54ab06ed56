//! How long it takes to fold, to read and to verify the journal of three years.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::{Date, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use ldn_core::course::Course;
use ldn_core::ids::{AccountId, CourseId, EntryId};
use ldn_core::journal::{
    Answer, Body, Corrected, DoseReport, Entry, EntryParts, Link, Note, Outcome, Role, Row, Salt, Scores,
    Severity, SideEffect, verify,
};
use ldn_core::{Dose, Measure, Scale, Score};
use uuid::Uuid;

const DAYS: u32 = 1_100;

fn id(number: u64) -> EntryId {
    EntryId::from_uuid(Uuid::from_u128(0x0197a3c0_5f00_7000_8000_000000000000 + u128::from(number)))
        .expect("version 7")
}

fn entry(number: u64, day: Date, body: Body) -> Entry {
    let evening: Timestamp = "2026-01-05T20:00:00Z".parse().expect("an instant");
    let days = i64::from((day - date(2026, 1, 5)).get_days());
    let uuid = |last: u128| Uuid::from_u128(0x0197a3c0_5f00_7000_8000_00000000c000 + last);
    Entry::new(EntryParts {
        id: id(number),
        course: CourseId::from_uuid(uuid(1)),
        author: AccountId::from_uuid(uuid(2)),
        role: Role::Patient,
        device: None,
        day,
        zone: "Europe/Berlin".to_owned(),
        offset: Offset::constant(1),
        recorded: evening + SignedDuration::from_hours(24 * days),
        salt: Salt([7; 16]),
        body,
    })
    .expect("an entry")
}

/// Four entries a day: the dose, scores of all measures, a side effect or a correction, a note.
fn journal() -> Vec<Entry> {
    let mut entries = Vec::new();
    for index in 0..u64::from(DAYS) {
        let day = date(2026, 1, 5) + i64::try_from(index).expect("small").days();
        let dose = Some(Dose::from_micrograms(4_500));
        let points = f64::from(u32::try_from(index % 21).expect("small")) / 2.0;
        let scores = Measure::ALL.map(|m| Score::new(m, Scale::ZeroToTen, points).expect("on the scale"));
        let scores = Body::Scores(Scores::new(scores).expect("each once"));
        let third = if index % 10 == 9 {
            let reason = "a slip of the finger".to_owned();
            Body::Corrected(Corrected {
                replaces: id(4 * index + 1),
                with: Some(Box::new(scores.clone())),
                reason,
            })
        } else {
            let term = "vivid dreams".to_owned();
            Body::SideEffect(SideEffect { term, severity: Severity::Mild, ongoing: Answer::No })
        };
        let bodies = [
            Body::Dose(DoseReport { day, part: None, outcome: Outcome::Taken { dose, at: None } }),
            scores,
            third,
            Body::Note(Note { text: "Slept well, walked for an hour.".to_owned() }),
        ];
        entries.extend((0..).zip(bodies).map(|(place, body)| entry(4 * index + place, day, body)));
    }
    entries
}

fn replay(c: &mut Criterion) {
    let entries = journal();
    let mut links: Vec<Link> = Vec::new();
    for entry in &entries {
        let link = Link::next(links.last(), entry, entry.recorded());
        links.push(link);
    }
    let bytes: usize = entries.iter().map(|entry| entry.as_bytes().len()).sum();
    let course = Course::replay(&entries);
    assert!(course.problems().is_empty());
    println!(
        "{} entries of {DAYS} days, {} bytes, {} corrections",
        entries.len(),
        bytes,
        course.corrections().len()
    );

    c.bench_function("replay, three years", |b| b.iter(|| Course::replay(black_box(&entries))));
    c.bench_function("diary of three years", |b| b.iter(|| course.diary()));
    c.bench_function("read the entries of three years", |b| {
        b.iter(|| entries.iter().filter(|entry| Entry::from_bytes(entry.as_bytes()).is_ok()).count());
    });
    c.bench_function("verify the chain of three years", |b| {
        let rows = || links.iter().zip(&entries).map(|(link, e)| Row { link, bytes: Some(e.as_bytes()) });
        b.iter(|| verify(entries[0].course(), rows(), links.last().map(Link::head)));
    });
}

criterion_group!(benches, replay);
criterion_main!(benches);
