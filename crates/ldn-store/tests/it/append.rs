//! Appending: once each, in order, whatever is sent.

use std::collections::BTreeSet;

use ldn_core::journal::Head;
use ldn_store::{Appended, StoreError};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::on_both_engines;
use crate::support::entries::{course, entry, entry_id, instant, note, person};
use crate::support::site::Site;

on_both_engines! {
    new_known_and_conflicting_entries_are_told_apart
    a_thousand_entries_sent_many_times_by_four_clients_are_a_thousand_rows
    a_refused_append_stores_nothing_and_harms_nobody
    a_damaged_course_is_not_appended_to
    entries_are_read_from_any_place_on
}

async fn new_known_and_conflicting_entries_are_told_apart(site: &mut Site) {
    let store = site.with_courses(2).await;
    let [one, two] = [course(1), course(2)];
    let sent = [entry(one, 1), entry(two, 1), entry(one, 2), entry(one, 1)];
    let answers = store.append(&sent, instant(5)).await.unwrap();
    let [Appended::New(first), Appended::New(_), Appended::New(second), Appended::Known { seq: 1 }] =
        answers.as_slice()
    else {
        panic!("{answers:?}");
    };
    assert_eq!((first.seq, second.seq), (1, 2));
    assert_eq!(store.head(one).await.unwrap(), Some(*second));

    let other = note(one, 2, "another text under the same id");
    let again = store.append(&[other, entry(one, 2), entry(one, 3)], instant(6)).await.unwrap();
    assert!(
        matches!(again[..], [Appended::Conflict, Appended::Known { seq: 2 }, Appended::New(_)]),
        "{again:?}"
    );

    let stored = store.entries(one).await.unwrap();
    let texts: Vec<_> = stored.iter().map(|stored| stored.entry.clone()).collect();
    assert_eq!(texts, [entry(one, 1), entry(one, 2), entry(one, 3)]);
    assert_eq!(stored[0].link.received, instant(5));
    assert_eq!(stored[2].link.received, instant(6));
    // The id belongs to the first course for good.
    let stolen = ldn_core::journal::Entry::new(ldn_core::journal::EntryParts {
        id: entry_id(one, 1),
        ..entry(two, 9).parts().clone()
    });
    let answer = store.append(&[stolen.unwrap()], instant(7)).await.unwrap();
    assert_eq!(answer, [Appended::Conflict]);
    assert!(store.verify_all(&store.heads().await.unwrap()).await.unwrap().is_sound());
}

/// 1,000 entries, each sent one to five times, shuffled, by four clients at once, in batches of random size.
async fn a_thousand_entries_sent_many_times_by_four_clients_are_a_thousand_rows(site: &mut Site) {
    use rand::RngExt;
    let store = site.with_courses(2).await;
    let mut rng = Pcg64Mcg::seed_from_u64(6);
    let mut sends = Vec::new();
    for number in 0..1_000_u64 {
        let entry = entry(course(1 + number % 2), number);
        sends.extend((0..rng.random_range(1..=5)).map(|_| entry.clone()));
    }
    sends.shuffle(&mut rng);
    let n_sends = sends.len();
    let clients: Vec<_> = sends
        .chunks(n_sends.div_ceil(4))
        .map(|part| {
            let (store, part) = (store.clone(), part.to_vec());
            let size = rng.random_range(1..=20);
            tokio::spawn(async move {
                let mut new = 0;
                for batch in part.chunks(size) {
                    let answers = store.append(batch, instant(0)).await.unwrap();
                    assert!(!answers.contains(&Appended::Conflict));
                    new += answers.iter().filter(|answer| matches!(answer, Appended::New(_))).count();
                }
                new
            })
        })
        .collect();
    let mut new = 0;
    for client in clients {
        new += client.await.unwrap();
    }
    println!("{n_sends} sends, {new} new");
    assert_eq!(new, 1_000);
    let mut ids = BTreeSet::new();
    for number in [1, 2] {
        let entries = store.entries(course(number)).await.unwrap();
        assert_eq!(entries.len(), 500);
        ids.extend(entries.iter().map(|stored| stored.entry.id()));
    }
    assert_eq!(ids.len(), 1_000);
    assert!(store.verify_all(&store.heads().await.unwrap()).await.unwrap().is_sound());
}

/// Appends that wait together share a transaction; one of them that names no course must not spoil the others.
async fn a_refused_append_stores_nothing_and_harms_nobody(site: &mut Site) {
    let store = site.with_courses(1).await;
    let appends: Vec<_> = (0..40_u64)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let good = entry(course(1), number);
                let batch = if number % 4 == 0 { vec![good, entry(course(99), number)] } else { vec![good] };
                store.append(&batch, instant(0)).await
            })
        })
        .collect();
    for (number, append) in appends.into_iter().enumerate() {
        let answer = append.await.unwrap();
        match number % 4 {
            0 => assert!(
                matches!(answer, Err(StoreError::NoCourse { course: missing }) if missing == course(99))
            ),
            _ => assert!(matches!(answer.unwrap()[..], [Appended::New(_)])),
        }
    }
    assert_eq!(store.entries(course(1)).await.unwrap().len(), 30);
    let error = store.append(&[entry(course(99), 0)], instant(0)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("there is no course {} in this store", course(99)));
}

async fn a_damaged_course_is_not_appended_to(site: &mut Site) {
    let store = site.with_courses(1).await;
    store.append(&[entry(course(1), 1), entry(course(1), 2)], instant(0)).await.unwrap();
    crate::support::raw::execute(&site.url, "DELETE FROM entries WHERE seq = 2").await;
    let error = store.append(&[entry(course(1), 3)], instant(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

async fn entries_are_read_from_any_place_on(site: &mut Site) {
    let store = site.with_courses(1).await;
    let all: Vec<_> = (1..=9).map(|number| entry(course(1), number)).collect();
    store.append(&all, instant(0)).await.unwrap();
    for since in 0..=9_u64 {
        let read = store.entries_since(course(1), since).await.unwrap();
        let read: Vec<_> = read.into_iter().map(|stored| stored.entry).collect();
        assert_eq!(read, all[usize::try_from(since).unwrap()..], "since {since}");
    }
    assert!(matches!(store.entries_since(course(1), 10).await, Err(StoreError::Damaged { .. })));
    assert_eq!(store.links(course(1)).await.unwrap().len(), 9);
    assert!(store.person(person(9)).await.unwrap().is_none());
    let published = store.head(course(1)).await.unwrap().unwrap();
    assert!(store.verify(course(1), Some(published)).await.unwrap().is_sound());
    let ahead = Head { seq: 10, ..published };
    assert!(!store.verify(course(1), Some(ahead)).await.unwrap().is_sound());
}
