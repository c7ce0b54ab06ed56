//! People, keys, allocations: who is sealed, who is erased, and what a thief reads.

use std::path::Path;

use ldn_core::journal::Hash;
use ldn_store::{Engine, SealedAllocation, SiteKey, Store, StoreError};

use crate::on_both_engines;
use crate::support::entries::{course, entry, instant, key, note, person};
use crate::support::site::Site;

on_both_engines! {
    a_store_opens_only_with_its_key
    people_and_courses_come_back_as_they_were_given
    an_interrupted_restore_is_not_taken_for_an_empty_database
    a_stolen_database_says_nothing
    an_erased_person_is_unreadable_for_good
    allocations_are_kept_as_they_were_sealed
}

async fn a_store_opens_only_with_its_key(site: &mut Site) {
    site.with_courses(1).await.close().await;
    let wrong = Store::open(&site.url, SiteKey::generate().unwrap()).await.unwrap_err();
    assert!(matches!(wrong, StoreError::WrongSiteKey), "{wrong}");
    let twice = Store::create(&site.url, key(), instant(0)).await.unwrap_err();
    assert!(matches!(twice, StoreError::AlreadyAStore { .. }), "{twice}");
    assert_eq!(site.open().await.courses().await.unwrap().len(), 1);
}

async fn an_interrupted_restore_is_not_taken_for_an_empty_database(site: &mut Site) {
    site.with_courses(1).await.close().await;
    crate::support::raw::execute(&site.url, "DELETE FROM site").await;
    let made = Store::create(&site.url, SiteKey::generate().unwrap(), instant(0)).await.unwrap_err();
    assert!(matches!(made, StoreError::HalfRestored { .. }), "{made}");
    let opened = Store::open(&site.url, key()).await.unwrap_err();
    assert!(matches!(opened, StoreError::NotAStore { .. }), "{opened}");
}

async fn people_and_courses_come_back_as_they_were_given(site: &mut Site) {
    let store = site.create().await;
    store.add_person(person(1), "Zoë Quandt", instant(3)).await.unwrap();
    store.add_person(person(1), "Zoë Quandt", instant(4)).await.unwrap();
    let known = store.person(person(1)).await.unwrap().unwrap();
    assert_eq!((known.name.as_deref(), known.created), (Some("Zoë Quandt"), instant(3)));
    let taken = store.add_person(person(1), "Somebody else", instant(4)).await.unwrap_err();
    assert!(matches!(taken, StoreError::Taken { kind: "person", .. }), "{taken}");
    store.rename_person(person(1), "Zoë Quandt-Meyer").await.unwrap();
    assert_eq!(store.people().await.unwrap()[0].name.as_deref(), Some("Zoë Quandt-Meyer"));

    let nobody = store.add_course(course(1), person(2)).await.unwrap_err();
    assert!(matches!(nobody, StoreError::NoPerson { .. }), "{nobody}");
    store.add_course(course(1), person(1)).await.unwrap();
    store.add_course(course(1), person(1)).await.unwrap();
    store.add_person(person(2), "Another", instant(0)).await.unwrap();
    let taken = store.add_course(course(1), person(2)).await.unwrap_err();
    assert!(matches!(taken, StoreError::Taken { kind: "course", .. }), "{taken}");
    let record = store.course(course(1)).await.unwrap().unwrap();
    assert_eq!((record.person, record.head), (person(1), None));
    assert_eq!(store.courses_of(person(1)).await.unwrap(), [record]);
    assert!(store.courses_of(person(2)).await.unwrap().is_empty());
}

/// Names, texts and keys occur nowhere in what the engine wrote; and the test can see, because an id does occur.
async fn a_stolen_database_says_nothing(site: &mut Site) {
    let store = site.create().await;
    let planted: Vec<String> = (0..50).map(|number| format!("planted-{number:02}-wintergreen")).collect();
    store.add_person(person(1), &planted[0], instant(0)).await.unwrap();
    store.add_course(course(1), person(1)).await.unwrap();
    for (number, text) in (1..).zip(&planted[1..]) {
        store.append(&[note(course(1), number, text)], instant(0)).await.unwrap();
    }
    // Every planted text ends in this.
    let needles = [b"wintergreen".as_slice(), b"the site key of all these tests!"];
    let files = engine_files(site);
    for needle in needles {
        assert_eq!(occurrences(&files, needle), 0, "{}", String::from_utf8_lossy(needle));
    }
    assert!(occurrences(&files, course(1).uuid().as_bytes()) > 0);
    if site.engine == Engine::Sqlite {
        assert!(Path::new(&format!("{}-wal", site.url)).metadata().unwrap().len() > 0);
        store.close().await;
        for needle in needles {
            assert_eq!(occurrences(&engine_files(site), needle), 0);
        }
    }
}

async fn an_erased_person_is_unreadable_for_good(site: &mut Site) {
    let store = site.with_courses(2).await;
    for number in [1, 2] {
        store.append(&[entry(course(number), 1), entry(course(number), 2)], instant(0)).await.unwrap();
    }
    let heads = store.heads().await.unwrap();
    let links = store.links(course(1)).await.unwrap();
    let wrapped = crate::support::raw::wrapped_key(&site.url, person(1).uuid()).await;
    if site.engine == Engine::Sqlite {
        assert!(occurrences(&engine_files(site), &wrapped) > 0, "the test must be able to see the key");
    }

    assert!(store.destroy_key(person(1), instant(100)).await.unwrap());
    assert!(!store.destroy_key(person(1), instant(200)).await.unwrap());
    assert_eq!(store.erasures().await.unwrap(), [(person(1), instant(100))]);
    if site.engine == Engine::Sqlite {
        assert_eq!(occurrences(&engine_files(site), &wrapped), 0, "a copy of the wrapped key is left");
    }
    let erased = |error: StoreError| {
        assert!(matches!(error, StoreError::Erased { erased, .. } if erased == instant(100)), "{error}");
    };
    erased(store.entries(course(1)).await.unwrap_err());
    erased(store.append(&[entry(course(1), 3)], instant(0)).await.unwrap_err());
    erased(store.add_person(person(1), "Person 1", instant(0)).await.unwrap_err());
    erased(store.add_course(course(3), person(1)).await.unwrap_err());
    assert_eq!(store.person(person(1)).await.unwrap().unwrap().name, None);

    // The chain still proves what was there, and the other person is untouched.
    assert_eq!(store.links(course(1)).await.unwrap(), links);
    let verification = store.verify_all(&heads).await.unwrap();
    assert!(verification.is_sound(), "{:?}", verification.damage);
    assert_eq!(verification.sound[&course(1)].erased, 2);
    assert_eq!(verification.sound[&course(2)].readable, 2);
    assert_eq!(store.entries(course(2)).await.unwrap().len(), 2);

    // A person that this store never knew, from a list of erasures.
    assert!(!store.destroy_key(person(9), instant(300)).await.unwrap());
    erased_later(&store).await;
}

async fn erased_later(store: &Store) {
    let error = store.add_person(person(9), "back again", instant(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Erased { .. }), "{error}");
}

async fn allocations_are_kept_as_they_were_sealed(site: &mut Site) {
    let store = site.with_courses(1).await;
    let allocation = SealedAllocation {
        course: course(1),
        commitment: Hash::of(b"capsule list and its salt"),
        created: instant(1),
        encrypted: b"age-encryption.org/v1 and so on".to_vec(),
    };
    assert_eq!(store.allocation(allocation.commitment).await.unwrap(), None);
    store.put_allocation(&allocation).await.unwrap();
    store.put_allocation(&allocation).await.unwrap();
    let other = SealedAllocation { encrypted: b"something else".to_vec(), ..allocation.clone() };
    let taken = store.put_allocation(&other).await.unwrap_err();
    assert!(matches!(taken, StoreError::Taken { kind: "allocation", .. }), "{taken}");
    let kept = store.allocation(allocation.commitment).await.unwrap().unwrap();
    assert!(kept == allocation);
    assert!(!format!("{kept:?}").contains("age"));
}

/// Everything that the engine keeps on the disk, file by file.
fn engine_files(site: &Site) -> Vec<Vec<u8>> {
    let root = match &site.cluster {
        None => site.folder.path().to_owned(),
        Some(cluster) => cluster.checkpointed_data(&site.url),
    };
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                files.push(std::fs::read(path).unwrap_or_default());
            }
        }
    }
    files
}

fn occurrences(files: &[Vec<u8>], needle: &[u8]) -> usize {
    files.iter().filter(|file| file.windows(needle.len()).any(|window| window == needle)).count()
}
