//! Erased is erased: in the files of the engine, in backups, and after an older backup is restored.

use std::path::Path;

use ldn_core::journal::{Hash, Role};
use ldn_store::account::Accounts;
use ldn_store::backup::{BackupError, ERASURE_LIST, ErasureList, Erasures, write_file};
use ldn_store::local::erase;
use ldn_store::session::Actor;
use ldn_store::view::AdministratorView;
use ldn_store::{Engine, SealedAllocation, Store, StoreError};

use crate::accounts_people::{administrator, join, minute, request};
use crate::backup::{Keys, dumped, restored};
use crate::on_both_engines;
use crate::support::entries::{course, instant, note, person};
use crate::support::site::Site;

on_both_engines! {
    fifty_planted_strings_are_nowhere
    erased_people_stay_erased_after_an_older_backup
    a_restore_asks_for_the_right_list
    an_account_of_an_erased_person_opens_nothing_after_a_restore
}

fn planted() -> Vec<String> {
    (0..50).map(|number| format!("wintergreen-{number:02}-{:x}", number * 7919 + 12345)).collect()
}

/// A personal store with 50 strings of one person: a name, an allocation, and 48 entries. Another person stays.
async fn planted_store(site: &Site) -> (Store, Vec<String>) {
    let planted = planted();
    let store = site.create().await;
    store.add_person(person(1), &planted[0], instant(0)).await.unwrap();
    store.add_person(person(2), "Somebody else", instant(0)).await.unwrap();
    for number in [1, 2] {
        store.add_course(course(number), person(number)).await.unwrap();
    }
    let encrypted = planted[1].as_bytes().to_vec();
    let allocation = SealedAllocation {
        course: course(1),
        commitment: Hash::of(&encrypted),
        created: instant(0),
        encrypted,
    };
    store.put_allocation(&allocation).await.unwrap();
    for (number, text) in (1..).zip(&planted[2..]) {
        store.append(&[note(course(1), number, text)], instant(number as i64)).await.unwrap();
    }
    store.append(&[note(course(2), 1, "stays")], instant(1)).await.unwrap();
    (store, planted)
}

async fn keeper(store: &Store, number: u64, now: jiff::Timestamp) -> Actor {
    Accounts::of(store).local_keeper(course(number), request(), now).await.unwrap()
}

/// How many files under a folder hold a planted string, by the word that all of them begin with.
fn hits(folder: &Path) -> usize {
    files(folder).filter(|bytes| bytes.windows(12).any(|window| window == b"wintergreen-")).count()
}

/// What every file under a folder holds.
fn files(folder: &Path) -> impl Iterator<Item = Vec<u8>> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else if path.is_file() {
                paths.push(path)
            }
        }
    }
    paths.into_iter().map(|path| std::fs::read(path).unwrap_or_default())
}

fn place(site: &Site) -> std::path::PathBuf {
    match &site.cluster {
        None => site.folder.path().to_owned(),
        Some(cluster) => cluster.checkpointed_data(&site.url),
    }
}

async fn fifty_planted_strings_are_nowhere(site: &mut Site) {
    let keys = Keys::new();
    let (store, planted) = planted_store(site).await;
    // Whoever may read can read them all before, so the test looks for the right thing.
    let actor = keeper(&store, 1, instant(500)).await;
    let export = ldn_store::export::of_course(&store, &actor, course(1), instant(500)).await.unwrap();
    let text = export.journal.to_text();
    assert_eq!(planted.iter().filter(|needle| text.contains(*needle)).count(), 49, "all but the allocation");
    let backups = site.folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    write_file(&store, &backups, &keys.recipients(), instant(600)).await.unwrap();

    let receipt = erase(&store, &actor, course(1), instant(700)).await.unwrap();
    assert_eq!(receipt.person, person(1));
    assert_eq!(receipt.courses.len(), 1);
    assert_eq!(receipt.courses[0].1.unwrap().seq, 48);
    write_file(&store, &backups, &keys.recipients(), instant(800)).await.unwrap();
    ErasureList::of(&store, instant(800)).await.unwrap().write(&backups.join(ERASURE_LIST)).unwrap();
    let export = site.folder.path().join("export");
    std::fs::write(&export, &text).unwrap();
    assert_eq!(hits(site.folder.path()), 1, "the test must be able to see");
    std::fs::remove_file(&export).unwrap();
    assert_eq!(hits(&place(site)), 0, "in the engine's files");
    assert_eq!(hits(site.folder.path()), 0, "in the backups");
    // Also inside the encryption of the backups, and in everything that can be printed of the store.
    let plain = dumped(&store).await;
    let debugged = format!(
        "{:?} {:?}",
        store.people().await.unwrap(),
        store.verify_all(&store.heads().await.unwrap()).await
    );
    for needle in &planted {
        assert!(!plain.contains(needle) && !debugged.contains(needle), "{needle}");
    }
    let error = store.entries(course(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Erased { .. }), "{error}");
    assert_eq!(store.entries(course(2)).await.unwrap().len(), 1, "the other person is untouched");

    // Erasing again keeps the first date, for a log that could not be emptied the first time.
    let again = erase(&store, &actor, course(1), instant(710)).await.unwrap();
    assert_eq!(again, receipt);
    store.close().await;
    assert_eq!(hits(&place(site)), 0, "after closing");
}

/// Test D2: the older backup knows nothing of the erasure, the list does.
async fn erased_people_stay_erased_after_an_older_backup(site: &mut Site) {
    let keys = Keys::new();
    let (store, _) = planted_store(site).await;
    let older = write_file(&store, site.folder.path(), &keys.recipients(), instant(600)).await.unwrap();
    let wrapped = crate::support::raw::wrapped_key(&site.url, person(1).uuid()).await;
    let actor = keeper(&store, 1, instant(700)).await;
    erase(&store, &actor, course(1), instant(700)).await.unwrap();
    let list = ErasureList::of(&store, instant(900)).await.unwrap();
    store.close().await;

    let to = Site::new(site.engine).await;
    let restored_now = restored(&older.path, &keys.clinic(), &to, &Erasures::List(list)).await.unwrap();
    assert_eq!(restored_now.erased_again, [person(1)]);
    assert_eq!(restored_now.erasures_as_of, Some(instant(900)));
    let copy = to.open().await;
    assert!(matches!(copy.entries(course(1)).await.unwrap_err(), StoreError::Erased { .. }));
    assert_eq!(copy.erasures().await.unwrap(), [(person(1), instant(700))]);
    assert!(copy.verify_all(&copy.heads().await.unwrap()).await.unwrap().is_sound());
    assert_eq!(copy.entries(course(2)).await.unwrap().len(), 1);
    assert_eq!(hits(&place(&to)), 0);
    // The wrapped key never touched the new disk, not even its log.
    let holds_key = |bytes: Vec<u8>| bytes.windows(wrapped.len()).any(|window| window == wrapped);
    assert!(!files(&place(&to)).any(holds_key));

    // The test can see: without the list the person is back.
    let careless = Site::new(Engine::Sqlite).await;
    restored(&older.path, &keys.clinic(), &careless, &Erasures::NoList).await.unwrap();
    assert_eq!(careless.open().await.entries(course(1)).await.unwrap().len(), 48);
}

async fn a_restore_asks_for_the_right_list(site: &mut Site) {
    let keys = Keys::new();
    let (store, _) = planted_store(site).await;
    let early = ErasureList::of(&store, instant(100)).await.unwrap();
    store.destroy_key(person(2), instant(150)).await.unwrap();
    let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(200)).await.unwrap();
    let elsewhere = Site::new(Engine::Sqlite).await;
    let foreign = ErasureList::of(&elsewhere.with_courses(1).await, instant(300)).await.unwrap();
    let incomplete = ErasureList { as_of: instant(300), ..early.clone() };
    let to = Site::new(site.engine).await;
    let refused =
        async |list| restored(&file.path, &keys.clinic(), &to, &Erasures::List(list)).await.unwrap_err();
    assert!(matches!(refused(early).await, BackupError::OldErasureList { .. }));
    assert!(matches!(refused(foreign).await, BackupError::OtherStore { .. }));
    assert!(matches!(refused(incomplete).await, BackupError::IncompleteErasureList { .. }));
    let right = ErasureList::of(&store, instant(200)).await.unwrap();
    restored(&file.path, &keys.clinic(), &to, &Erasures::List(right)).await.unwrap();
}

async fn an_account_of_an_erased_person_opens_nothing_after_a_restore(site: &mut Site) {
    let keys = Keys::new();
    let store = site.with_courses(1).await;
    let boss = administrator(&store, minute(0)).await.actor(&store, minute(1)).await;
    let patient = join(&store, &boss, Role::Patient, Some(course(1)), "patient", minute(1)).await;
    let older = write_file(&store, site.folder.path(), &keys.recipients(), minute(2)).await.unwrap();
    // An administrator may end a course on the person's request, without seeing a word of it.
    erase(&store, &boss, course(1), minute(3)).await.unwrap();
    let rows = AdministratorView::of(&store, boss).unwrap().trail(9, minute(4)).await.unwrap();
    assert!(
        rows.iter().any(|row| row.why == "person-asked" && row.course == Some(course(1).uuid())),
        "{rows:?}"
    );
    let list = ErasureList::of(&store, minute(5)).await.unwrap();
    let to = Site::new(site.engine).await;
    restored(&older.path, &keys.clinic(), &to, &Erasures::List(list)).await.unwrap();
    let copy = to.open().await;
    let password = ldn_store::account::Password::typed(&patient.password);
    let credentials = crate::accounts_people::credentials(&patient.name, &password, None);
    assert!(Accounts::of(&copy).sign_in(&credentials, &request(), minute(6)).await.is_err());
}
