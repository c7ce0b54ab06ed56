//! The chain: whatever is done to stored rows is found.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use ldn_core::journal::{
    DamageKind, Entry, EntryParts, Hash, Head, Link, Role, Row, Verified, genesis, verify,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::any;
use crate::sample::{START, by_patient, course_id, entry_id, note, parts, start};

/// A row as a table holds it.
#[derive(Clone, Debug, PartialEq)]
struct Stored {
    link: Link,
    bytes: Option<Vec<u8>>,
}

/// What was found, by place.
type Found = Vec<(u64, DamageKind)>;

/// Something done to the rows.
type Change<'a> = &'a dyn Fn(&mut Vec<Stored>);

fn stored(entries: &[Entry]) -> Vec<Stored> {
    let mut rows: Vec<Stored> = Vec::new();
    for (second, entry) in (0..).zip(entries) {
        let received = start() + SignedDuration::from_secs(second);
        let link = Link::next(rows.last().map(|row| &row.link), entry, received);
        rows.push(Stored { link, bytes: Some(entry.to_bytes()) });
    }
    rows
}

fn check(rows: &[Stored], published: Option<Head>) -> Result<Verified, Found> {
    let rows = rows.iter().map(|row| Row { link: &row.link, bytes: row.bytes.as_deref() });
    verify(course_id(), rows, published)
        .map_err(|damage| damage.into_iter().map(|damage| (damage.seq, damage.kind)).collect())
}

fn head(rows: &[Stored]) -> Option<Head> {
    rows.last().map(|row| row.link.head())
}

fn notes(n: u64) -> Vec<Entry> {
    (1..=n).map(|number| by_patient(number, START, 0, note(&format!("note {number}")))).collect()
}

#[test]
fn an_untouched_chain_is_verified_also_where_entries_were_erased() {
    let mut rows = stored(&notes(5));
    let head = head(&rows);
    assert_eq!(check(&rows, head), Ok(Verified { head, readable: 5, erased: 0 }));
    rows[1].bytes = None;
    rows[4].bytes = None;
    assert_eq!(check(&rows, head), Ok(Verified { head, readable: 3, erased: 2 }));
    assert_eq!(check(&[], None), Ok(Verified { head: None, readable: 0, erased: 0 }));
    let earlier = rows[2].link.head();
    assert!(check(&rows, Some(earlier)).is_ok(), "an older head still fits");
}

#[test]
fn each_kind_of_damage_is_named_with_its_place() {
    let rows = stored(&notes(5));
    let head = head(&rows);
    let other = by_patient(9, START, 0, note("other"));
    let damaged = |change: Change<'_>| {
        let mut rows = rows.clone();
        change(&mut rows);
        check(&rows, head).expect_err("damaged")
    };
    let cases: [(Found, Change<'_>); 9] = [
        (vec![(2, DamageKind::EntryEdited)], &|rows| rows[1].bytes = Some(other.to_bytes())),
        (vec![(2, DamageKind::LinkEdited), (2, DamageKind::HeaderDiffers)], &|rows| {
            rows[1].link.header.role = Role::Prescriber
        }),
        (vec![(3, DamageKind::Missing { to: 4 })], &|rows| drop(rows.drain(2..4))),
        (vec![(1, DamageKind::Missing { to: 1 })], &|rows| drop(rows.remove(0))),
        (vec![(4, DamageKind::Truncated { published: 5 })], &|rows| drop(rows.pop())),
        (vec![(0, DamageKind::Truncated { published: 5 })], &Vec::clear),
        (vec![(2, DamageKind::Missing { to: 2 }), (2, DamageKind::OutOfOrder)], &|rows| rows.swap(1, 2)),
        (
            vec![(3, DamageKind::OutOfOrder), (3, DamageKind::RepeatedEntry { id: entry_id(3), first: 3 })],
            &|rows| rows.insert(3, rows[2].clone()),
        ),
        (vec![(5, DamageKind::Rewritten { published: rows[4].link.hash })], &|rows| {
            *rows =
                stored(&notes(4).into_iter().chain([by_patient(9, START, 0, note("x"))]).collect::<Vec<_>>());
        }),
    ];
    for (expected, change) in cases {
        assert_eq!(damaged(change), expected);
    }
}

#[test]
fn an_entry_under_a_header_that_is_not_its_own_is_found() {
    let entry = by_patient(1, START, 0, note("a"));
    let mut link = Link::next(None, &entry, start());
    link.header.role = Role::Prescriber;
    link.hash = link.computed_hash(course_id());
    let rows = [Stored { link, bytes: Some(entry.to_bytes()) }];
    assert_eq!(check(&rows, None), Err(vec![(1, DamageKind::HeaderDiffers)]));
}

/// A chain written anew by whoever owns the disk is in itself sound; only a head that somebody else holds shows it.
#[test]
fn rewriting_shows_only_against_a_published_head() {
    let before = stored(&notes(5));
    let mut entries = notes(5);
    entries[2] = by_patient(3, START, 0, note("never happened"));
    let after = stored(&entries);
    assert!(check(&after, None).is_ok());
    let published = before[3].link.head();
    let expected = DamageKind::Rewritten { published: published.hash };
    assert_eq!(check(&after, Some(published)), Err(vec![(4, expected)]));
}

#[test]
fn received_is_kept_as_finely_as_every_database_keeps_it() {
    let entry = by_patient(1, START, 0, note("a"));
    for (given, kept) in [
        ("2026-01-05T20:00:00.123456789Z", "2026-01-05T20:00:00.123456Z"),
        ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
        ("2026-01-05T20:00:00Z", "2026-01-05T20:00:00.000000Z"),
    ] {
        let link = Link::next(None, &entry, given.parse().unwrap());
        assert_eq!(link.received, kept.parse::<Timestamp>().unwrap());
        assert!(link.hashed_text(course_id()).contains(&format!("\nreceived {kept}\n")), "{kept}");
    }
}

#[test]
fn links_read_back_as_json() {
    let link = stored(&notes(1))[0].link;
    let text = serde_json::to_string(&link).unwrap();
    assert_eq!(serde_json::from_str::<Link>(&text).unwrap(), link);
    assert_eq!(link.previous, genesis(course_id()));
}

/// What somebody with access to the tables does to them.
#[derive(Clone, Debug)]
enum Tampering {
    Edit {
        row: prop::sample::Index,
        byte: prop::sample::Index,
        to: u8,
    },
    EditLink {
        row: prop::sample::Index,
        field: u8,
        hash: [u8; 32],
    },
    /// Edits the entry and makes its own link fit again.
    EditAndRehash {
        row: prop::sample::Index,
    },
    Delete {
        row: prop::sample::Index,
        n: usize,
    },
    Swap {
        one: prop::sample::Index,
        other: prop::sample::Index,
    },
    /// Exchanges two entries under their links.
    SwapBodies {
        one: prop::sample::Index,
        other: prop::sample::Index,
    },
    Insert {
        at: prop::sample::Index,
    },
    Truncate {
        keep: prop::sample::Index,
    },
    /// Deletes rows and numbers and links the rest anew.
    Rewrite {
        without: prop::sample::Index,
    },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    use prop::sample::Index;
    let row = any::<Index>;
    prop_oneof![
        (row(), row(), any::<u8>()).prop_map(|(row, byte, to)| Tampering::Edit { row, byte, to }),
        (row(), 0_u8..8, any::<[u8; 32]>()).prop_map(|(row, field, hash)| Tampering::EditLink {
            row,
            field,
            hash
        }),
        row().prop_map(|row| Tampering::EditAndRehash { row }),
        (row(), 1_usize..4).prop_map(|(row, n)| Tampering::Delete { row, n }),
        (row(), row()).prop_map(|(one, other)| Tampering::Swap { one, other }),
        (row(), row()).prop_map(|(one, other)| Tampering::SwapBodies { one, other }),
        row().prop_map(|at| Tampering::Insert { at }),
        row().prop_map(|keep| Tampering::Truncate { keep }),
        row().prop_map(|without| Tampering::Rewrite { without }),
    ]
}

fn edit_link(link: &mut Link, field: u8, hash: Hash) {
    match field {
        0 => link.seq += 1,
        1 => link.received += SignedDuration::from_micros(1),
        2 => link.previous = hash,
        3 => link.entry = hash,
        4 => link.hash = hash,
        5 => link.header.day = link.header.day.tomorrow().unwrap(),
        6 => link.header.id = entry_id(999),
        _ => link.header.role = Role::Administrator,
    }
}

fn tamper(rows: &mut Vec<Stored>, how: &Tampering) {
    let n = rows.len();
    match how {
        Tampering::Edit { row, byte, to } => {
            let bytes = rows[row.index(n)].bytes.as_mut().unwrap();
            let at = byte.index(bytes.len());
            bytes[at] = *to;
        }
        Tampering::EditLink { row, field, hash } => {
            edit_link(&mut rows[row.index(n)].link, *field, Hash(*hash))
        }
        Tampering::EditAndRehash { row } => {
            let row = &mut rows[row.index(n)];
            let entry = Entry::from_bytes(row.bytes.as_ref().unwrap()).unwrap();
            let body = note("never happened");
            let entry = Entry::new(EntryParts { body, ..entry.parts().clone() }).unwrap();
            row.link.entry = entry.hash();
            row.link.hash = row.link.computed_hash(course_id());
            row.bytes = Some(entry.to_bytes());
        }
        Tampering::Delete { row, n: many } => {
            let from = row.index(n);
            rows.drain(from..(from + many).min(n));
        }
        Tampering::Swap { one, other } => rows.swap(one.index(n), other.index(n)),
        Tampering::SwapBodies { one, other } => {
            let (one, other) = (one.index(n), other.index(n));
            let bytes = rows[one].bytes.clone();
            rows[one].bytes = std::mem::replace(&mut rows[other].bytes, bytes);
        }
        Tampering::Insert { at } => {
            let at = at.index(n);
            let entry = by_patient(999, START, 0, note("never happened"));
            let link = Link::next(at.checked_sub(1).map(|before| &rows[before].link), &entry, start());
            rows.insert(at, Stored { link, bytes: Some(entry.to_bytes()) });
        }
        Tampering::Truncate { keep } => rows.truncate(keep.index(n)),
        Tampering::Rewrite { without } => {
            let without = without.index(n);
            let entries = rows.iter().map(|row| Entry::from_bytes(row.bytes.as_ref().unwrap()).unwrap());
            let kept: Vec<Entry> =
                entries.enumerate().filter(|(at, _)| *at != without).map(|(_, entry)| entry).collect();
            *rows = stored(&kept);
        }
    }
}

fn of_our_course(entries: Vec<EntryParts>) -> Vec<Entry> {
    let ours = |(number, parts): (u64, EntryParts)| {
        Entry::new(EntryParts { id: entry_id(number), course: course_id(), ..parts }).unwrap()
    };
    (1..).zip(entries).map(ours).collect()
}

#[test]
fn five_hundred_random_changes_are_all_found() {
    let changes = proptest::collection::vec(tampering(), 1..3);
    let journal = proptest::collection::vec(any::entry_parts(), 2..8);
    let (changed, untouched) = (Cell::new(0_u32), Cell::new(0_u32));
    let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    runner
        .run(&(journal, changes), |(journal, changes)| {
            let before = stored(&of_our_course(journal));
            let head = head(&before);
            let mut after = before.clone();
            for change in &changes {
                if !after.is_empty() && after.iter().all(|row| row.bytes.as_ref().is_some_and(readable)) {
                    tamper(&mut after, change);
                }
            }
            if after == before {
                untouched.set(untouched.get() + 1);
                prop_assert!(check(&after, head).is_ok());
            } else {
                changed.set(changed.get() + 1);
                prop_assert!(check(&after, head).is_err(), "{:?}", changes);
            }
            Ok(())
        })
        .unwrap();
    println!(
        "{} changed chains, all found; {} left as they were, all verified",
        changed.get(),
        untouched.get()
    );
    assert!(changed.get() >= 500, "{}", changed.get());
}

fn readable(bytes: impl AsRef<[u8]>) -> bool {
    Entry::from_bytes(bytes.as_ref()).is_ok()
}

#[test]
fn the_same_entry_has_another_link_in_another_course() {
    let one = Entry::new(parts(1, START, 0, note("a"))).unwrap();
    let link = Link::next(None, &one, start());
    let other = ldn_core::ids::CourseId::from_uuid(entry_id(7).uuid());
    assert_ne!(link.computed_hash(other), link.hash);
    assert_ne!(genesis(other), genesis(course_id()));
}
