//! Backups: restored they are the original, on either engine and across; what is damaged is refused.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use age::secrecy::ExposeSecret;
use ldn_core::journal::{Hash, Role};
use ldn_store::backup::{
    BackupError, BackupFile, ErasureList, Erasures, Identities, Recipients, Restored, dump, restore, rotate,
    write_file,
};
use ldn_store::view::AdministratorView;
use ldn_store::{Engine, SealedAllocation, SiteKey, Store, StoreError};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use zeroize::Zeroizing;

use crate::accounts_people::{administrator, join, minute};
use crate::support::entries::{course, entry, instant, key, note, person};
use crate::support::site::Site;
use crate::{on_both_engines, run};

/// A clinic's key and an offline one.
pub(crate) struct Keys {
    clinic: age::x25519::Identity,
    offline: age::x25519::Identity,
}

impl Keys {
    pub(crate) fn new() -> Keys {
        Keys { clinic: age::x25519::Identity::generate(), offline: age::x25519::Identity::generate() }
    }

    pub(crate) fn recipients(&self) -> Recipients {
        let lines = format!("# clinic\n{}\n{}\n", self.clinic.to_public(), self.offline.to_public());
        Recipients::read(&lines).unwrap().at_least_two().unwrap()
    }

    fn text(identity: &age::x25519::Identity) -> Zeroizing<String> {
        Zeroizing::new(format!("# created: today\n{}\n", identity.to_string().expose_secret()))
    }

    pub(crate) fn clinic(&self) -> Identities {
        Identities::read(&Keys::text(&self.clinic)).unwrap()
    }

    fn offline(&self) -> Identities {
        Identities::read(&Keys::text(&self.offline)).unwrap()
    }
}

/// A store with a bit of everything, of a seed.
async fn generated(site: &Site, seed: u64) -> Store {
    let mut rng = Pcg64::seed_from_u64(seed);
    let n_courses = rng.random_range(1..=5_u64);
    let store = site.with_courses(n_courses).await;
    for number in 1..=n_courses {
        let mut next = 1;
        for _ in 0..rng.random_range(0..6_u64) {
            let batch: Vec<_> =
                (next..next + rng.random_range(1..12_u64)).map(|at| entry(course(number), at)).collect();
            next += batch.len() as u64;
            store.append(&batch, instant(next as i64 * 60 + rng.random_range(0..50_i64))).await.unwrap();
        }
        if rng.random_bool(0.4) {
            let encrypted: Vec<u8> = (0..rng.random_range(1..300)).map(|_| rng.random::<u8>()).collect();
            let commitment = Hash::of(&encrypted);
            let allocation =
                SealedAllocation { course: course(number), commitment, created: instant(5), encrypted };
            store.put_allocation(&allocation).await.unwrap();
        }
    }
    if rng.random_bool(0.7) {
        staff(&store, n_courses).await;
    }
    if rng.random_bool(0.5) {
        store.destroy_key(person(1), instant(9_000)).await.unwrap();
    }
    store
}

/// Accounts, grants, a broken glass, a trail with a published head.
async fn staff(store: &Store, n_courses: u64) {
    let boss = administrator(store, minute(0)).await.actor(store, minute(1)).await;
    let doctor = join(store, &boss, Role::Prescriber, None, "doctor", minute(1)).await;
    join(store, &boss, Role::Pharmacist, None, "pharmacist", minute(1)).await;
    join(store, &boss, Role::Patient, Some(course(n_courses)), "patient", minute(1)).await;
    let view = AdministratorView::of(store, boss).unwrap();
    let span = ldn_store::grant::Span::from(minute(0));
    let grant = view.give(course(1), doctor.account, span, minute(1)).await.unwrap();
    view.end_grant(course(1), grant, minute(2)).await.unwrap();
    view.publish_head(minute(3)).await.unwrap();
    view.trail(10, minute(4)).await.unwrap();
}

pub(crate) async fn dumped(store: &Store) -> String {
    let mut out = Vec::new();
    dump(store, &mut out, instant(77)).await.unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) async fn list(store: &Store) -> Erasures {
    Erasures::List(ErasureList::of(store, instant(100_000)).await.unwrap())
}

pub(crate) async fn restored(
    file: &Path,
    identities: &Identities,
    to: &Site,
    erasures: &Erasures,
) -> Result<Restored, BackupError> {
    restore(std::fs::File::open(file).unwrap(), identities, &to.url, key(), erasures).await
}

/// Backs a generated store up, restores it on an engine, and compares.
async fn round_trip(seed: u64, from: Engine, to: Engine) {
    let keys = Keys::new();
    let from = Site::new(from).await;
    let to = Site::new(to).await;
    let store = generated(&from, seed).await;
    let before = dumped(&store).await;
    let file = write_file(&store, from.folder.path(), &keys.recipients(), instant(50_000)).await.unwrap();
    let identities = if seed.is_multiple_of(2) { keys.clinic() } else { keys.offline() };
    let restored = restored(&file.path, &identities, &to, &list(&store).await).await.unwrap();
    assert!(restored.erased_again.is_empty());
    assert_eq!(restored.manifest, file.manifest);
    let copy = to.open().await;
    assert_eq!(dumped(&copy).await, before, "seed {seed}");
    let heads = store.heads().await.unwrap();
    assert!(copy.verify_all(&heads).await.unwrap().is_sound(), "seed {seed}");
    copy.close().await;
    store.close().await;
}

/// What must hold 7, on SQLite: 20 stores.
#[test]
fn restored_is_the_original_20_times() {
    run(Engine::Sqlite, async |_: &mut Site| {
        for seed in 0..20 {
            round_trip(seed, Engine::Sqlite, Engine::Sqlite).await;
        }
    });
}

/// The same on the other engine, and from each to the other.
#[test]
fn restored_is_the_original_on_either_engine_and_across() {
    run(Engine::Sqlite, async |_: &mut Site| {
        for seed in 100..103 {
            round_trip(seed, Engine::Postgres, Engine::Postgres).await;
        }
        for seed in 200..202 {
            round_trip(seed, Engine::Sqlite, Engine::Postgres).await;
            round_trip(seed, Engine::Postgres, Engine::Sqlite).await;
        }
    });
}

on_both_engines! {
    a_restored_store_goes_on
    a_backup_is_one_state_while_others_write
    sessions_and_invitations_do_not_come_back
    only_an_empty_store_is_restored_into
    the_wrong_key_restores_nothing
}

async fn a_restored_store_goes_on(site: &mut Site) {
    let keys = Keys::new();
    let store = site.with_courses(1).await;
    store.append(&[entry(course(1), 1)], instant(1)).await.unwrap();
    let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(2)).await.unwrap();
    let to = Site::new(site.engine).await;
    restored(&file.path, &keys.clinic(), &to, &list(&store).await).await.unwrap();
    let copy = to.open().await;
    copy.append(&[entry(course(1), 2)], instant(3)).await.unwrap();
    store.append(&[entry(course(1), 2)], instant(3)).await.unwrap();
    assert_eq!(copy.head(course(1)).await.unwrap(), store.head(course(1)).await.unwrap());
    copy.add_person(person(2), "Another", instant(3)).await.unwrap();
}

async fn a_backup_is_one_state_while_others_write(site: &mut Site) {
    let keys = Keys::new();
    let store = site.with_courses(3).await;
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 1..=300 {
                let entries: Vec<_> = (1..=3).map(|of| entry(course(of), number)).collect();
                store.append(&entries, instant(number as i64)).await.unwrap();
            }
        })
    };
    let mut lengths = Vec::new();
    for number in 0..8 {
        let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(number)).await.unwrap();
        let to = Site::new(Engine::Sqlite).await;
        restored(&file.path, &keys.clinic(), &to, &list(&store).await).await.unwrap();
        let ends: Vec<u64> = to.open().await.heads().await.unwrap().values().map(|head| head.seq).collect();
        assert!(ends.iter().all(|end| *end == ends[0]), "each append was to three courses at once: {ends:?}");
        lengths.push(ends.first().copied().unwrap_or(0));
    }
    writing.await.unwrap();
    assert!(lengths.is_sorted(), "{lengths:?}");
    assert_eq!(store.head(course(1)).await.unwrap().unwrap().seq, 300);
}

/// A session that was ended after the backup must not open anything after the restore.
async fn sessions_and_invitations_do_not_come_back(site: &mut Site) {
    let keys = Keys::new();
    let store = site.with_courses(1).await;
    let boss = administrator(&store, minute(0)).await;
    let session = boss.sign_in(&store, minute(1)).await.session;
    let actor = boss.actor(&store, minute(2)).await;
    let accounts = crate::accounts_people::accounts(&store);
    let invited = accounts.invite(&actor, Role::Pharmacist, None, minute(2)).await.unwrap();
    let file = write_file(&store, site.folder.path(), &keys.recipients(), minute(3)).await.unwrap();
    let to = Site::new(site.engine).await;
    restored(&file.path, &keys.clinic(), &to, &list(&store).await).await.unwrap();
    let copy = to.open().await;
    let request = crate::accounts_people::request;
    assert!(ldn_store::session::authenticate(store.database(), &session, request(), minute(4)).await.is_ok());
    assert!(ldn_store::session::authenticate(copy.database(), &session, request(), minute(4)).await.is_err());
    let accounts = crate::accounts_people::accounts(&copy);
    assert!(accounts.open_invitation(&invited.token, minute(4)).await.is_err());
    boss.actor(&copy, minute(30)).await;
}

async fn only_an_empty_store_is_restored_into(site: &mut Site) {
    let keys = Keys::new();
    let store = site.with_courses(1).await;
    let before = dumped(&store).await;
    let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(2)).await.unwrap();
    let error = restored(&file.path, &keys.clinic(), site, &list(&store).await).await.unwrap_err();
    assert!(matches!(error, BackupError::NotEmpty { .. }), "{error}");
    assert_eq!(dumped(&store).await, before);
}

async fn the_wrong_key_restores_nothing(site: &mut Site) {
    let keys = Keys::new();
    let store = site.with_courses(1).await;
    let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(2)).await.unwrap();
    let erasures = list(&store).await;
    let to = Site::new(site.engine).await;
    let stranger = Keys::new();
    let error = restored(&file.path, &stranger.clinic(), &to, &erasures).await.unwrap_err();
    assert!(matches!(error, BackupError::Decrypt(_)), "{error}");
    let encrypted = || std::fs::File::open(&file.path).unwrap();
    let other = SiteKey::generate().unwrap();
    let error = restore(encrypted(), &keys.clinic(), &to.url, other, &erasures).await.unwrap_err();
    assert!(matches!(error, BackupError::Store(StoreError::WrongSiteKey)), "{error}");
    // The place is still empty: the right keys fill it.
    restored(&file.path, &keys.clinic(), &to, &erasures).await.unwrap();
}

async fn backed_up(site: &Site, keys: &Keys) -> (Store, BackupFile) {
    let store = site.with_courses(2).await;
    for number in 1..=2 {
        let entries: Vec<_> = (1..=20).map(|at| entry(course(number), at)).collect();
        store.append(&entries, instant(1)).await.unwrap();
    }
    let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(2)).await.unwrap();
    (store, file)
}

/// Every truncation and every changed byte of a sample is refused, and leaves no store behind.
#[test]
fn a_damaged_file_is_refused() {
    run(Engine::Sqlite, async |site: &mut Site| {
        let keys = Keys::new();
        let (store, file) = backed_up(site, &keys).await;
        let erasures = list(&store).await;
        let bytes = std::fs::read(&file.path).unwrap();
        assert_eq!(Hash::of(&bytes), file.sha256);
        assert_eq!(bytes.len() as u64, file.n_bytes);
        let to = Site::new(Engine::Sqlite).await;
        let mut rng = Pcg64::seed_from_u64(6);
        for round in 0..40 {
            let at = rng.random_range(0..bytes.len());
            let mut damaged = bytes.clone();
            if round % 2 == 0 {
                damaged.truncate(at)
            } else {
                damaged[at] ^= 1 << rng.random_range(0..8)
            }
            let outcome = restore(&damaged[..], &keys.clinic(), &to.url, key(), &erasures).await;
            assert!(outcome.is_err(), "byte {at} of round {round}");
            assert_eq!(std::fs::read_dir(to.folder.path()).unwrap().count(), 0, "something is left behind");
        }
        restore(&bytes[..], &keys.clinic(), &to.url, key(), &erasures).await.unwrap();
    });
}

/// Somebody who can write backups but lacks the site key changes lines and makes the manifest fit.
#[test]
fn changed_lines_are_found() {
    run(Engine::Sqlite, async |site: &mut Site| {
        let keys = Keys::new();
        let (store, _) = backed_up(site, &keys).await;
        let erasures = list(&store).await;
        let plain = dumped(&store).await;
        let lines: Vec<&str> = plain.lines().collect();
        let row = |table: &str| {
            lines.iter().position(|line| line.contains("\"row\"") && line.contains(table)).unwrap()
        };
        let without =
            |at: usize| lines.iter().enumerate().filter(move |(line, _)| *line != at).map(|(_, line)| *line);
        let entries = row("\"entries\"");
        let cases: Vec<(&str, Vec<&str>, bool)> = vec![
            ("a row is missing, the manifest as it was", without(entries).collect(), false),
            ("a row is missing, the manifest made to fit", without(entries).collect(), true),
            ("a key is missing", without(row("\"person_keys\"")).collect(), true),
            ("the manifest is missing", lines[..lines.len() - 1].to_vec(), false),
            ("the site is missing", without(row("\"site\"")).collect(), true),
        ];
        for (what, lines, fits) in cases {
            let text = if fits { with_fitting_manifest(&lines) } else { lines.join("\n") + "\n" };
            let encrypted = encrypt(&keys, text.as_bytes());
            let to = Site::new(Engine::Sqlite).await;
            let outcome = restore(&encrypted[..], &keys.clinic(), &to.url, key(), &erasures).await;
            assert!(outcome.is_err(), "{what}");
            assert_eq!(std::fs::read_dir(to.folder.path()).unwrap().count(), 0, "{what}");
        }
        for (what, text) in [
            ("another form", plain.replacen("\"ldn_backup\":1", "\"ldn_backup\":2", 1)),
            ("another schema", plain.replacen("\"schema\":1", "\"schema\":99", 1)),
        ] {
            let encrypted = encrypt(&keys, text.as_bytes());
            let to = Site::new(Engine::Sqlite).await;
            let error = restore(&encrypted[..], &keys.clinic(), &to.url, key(), &erasures).await.unwrap_err();
            assert!(matches!(error, BackupError::OtherVersion { .. }), "{what}: {error}");
        }
        let untouched = encrypt(&keys, plain.as_bytes());
        let to = Site::new(Engine::Sqlite).await;
        restore(&untouched[..], &keys.clinic(), &to.url, key(), &erasures).await.unwrap();
    });
}

/// Counts and hash made anew; the heads stay as they were.
fn with_fitting_manifest(lines: &[&str]) -> String {
    let (last, before) = lines.split_last().unwrap();
    let text = before.join("\n") + "\n";
    let mut manifest: serde_json::Value = serde_json::from_str(last).unwrap();
    let mut rows = BTreeMap::new();
    for line in before {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(table) = line["table"].as_str() {
            *rows.entry(table.to_owned()).or_insert(0) += u64::from(line["row"].is_array());
        }
    }
    manifest["manifest"]["rows"] = serde_json::json!(rows);
    manifest["manifest"]["sha256"] = Hash::of(text.as_bytes()).to_string().into();
    text + &manifest.to_string() + "\n"
}

fn encrypt(keys: &Keys, plain: &[u8]) -> Vec<u8> {
    age::encrypt(&keys.clinic.to_public(), plain).unwrap()
}

/// The `age` of Debian, which we did not write, opens it with either key and finds the same lines.
#[test]
fn the_outside_tool_decrypts_it() {
    run(Engine::Sqlite, async |site: &mut Site| {
        let keys = Keys::new();
        let (store, file) = backed_up(site, &keys).await;
        for identity in [&keys.clinic, &keys.offline] {
            let identity_file = site.folder.path().join("identity.txt");
            std::fs::write(&identity_file, &*Keys::text(identity)).unwrap();
            let output = Command::new("age")
                .args(["--decrypt", "--identity"])
                .arg(&identity_file)
                .arg(&file.path)
                .output()
                .expect("age is missing: on Debian `apt-get install age`");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let mut ours = Vec::new();
            dump(&store, &mut ours, instant(2)).await.unwrap();
            assert_eq!(output.stdout, ours);
        }
    });
}

#[test]
fn rotation_keeps_the_newest_good_ones() {
    run(Engine::Sqlite, async |site: &mut Site| {
        let keys = Keys::new();
        let store = site.with_courses(1).await;
        let folder = site.folder.path().join("backups");
        std::fs::create_dir(&folder).unwrap();
        let mut paths = Vec::new();
        let mut last = None;
        for number in 0..5 {
            let file = write_file(&store, &folder, &keys.recipients(), instant(number)).await.unwrap();
            paths.push(file.path.clone());
            last = Some(file);
        }
        let last = last.unwrap();
        // Newer by name and no backup: it must not push a good one out.
        let broken = folder.join("ldn-backup-29991231T235959.000Z.age");
        std::fs::write(&broken, "age-encryption.org/v1\n").unwrap();
        let foreign = folder.join("holiday.age");
        std::fs::write(&foreign, "mine").unwrap();
        assert!(matches!(rotate(&folder, 0, &last), Err(BackupError::KeepNone)));
        let rotation = rotate(&folder, 2, &last).unwrap();
        assert_eq!((rotation.kept, rotation.removed), (paths[3..].to_vec(), paths[..3].to_vec()));
        assert_eq!(rotation.broken, std::slice::from_ref(&broken));
        assert!(foreign.exists() && broken.exists() && paths[4].exists());

        // A clock that was set back: what was just written sorts first and stays.
        let early = write_file(&store, &folder, &keys.recipients(), instant(-1_000_000)).await.unwrap();
        let rotation = rotate(&folder, 1, &early).unwrap();
        assert_eq!(rotation.kept, std::slice::from_ref(&early.path));
        let twice = write_file(&store, &folder, &keys.recipients(), instant(-1_000_000)).await.unwrap_err();
        assert!(matches!(twice, BackupError::File { .. }), "a backup never replaces another: {twice}");
    });
}

#[test]
fn a_folder_that_is_not_there_leaves_nothing_half_written() {
    run(Engine::Sqlite, async |site: &mut Site| {
        let store = site.with_courses(1).await;
        let folder: PathBuf = site.folder.path().join("missing");
        let error = write_file(&store, &folder, &Keys::new().recipients(), instant(0)).await.unwrap_err();
        assert!(error.to_string().contains("missing"), "{error}");
        assert!(!folder.exists());
    });
}

/// Not readable for others, and the parts that nobody sealed are inside the encryption.
#[test]
fn a_backup_shows_nothing() {
    run(Engine::Sqlite, async |site: &mut Site| {
        let keys = Keys::new();
        let store = site.with_courses(1).await;
        store.append(&[note(course(1), 1, "wintergreen in the morning")], instant(1)).await.unwrap();
        let file = write_file(&store, site.folder.path(), &keys.recipients(), instant(2)).await.unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file.path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let encrypted = std::fs::read(&file.path).unwrap();
        let plain = dumped(&store).await.into_bytes();
        let id = course(1).to_string();
        let holds =
            |bytes: &[u8], needle: &str| bytes.windows(needle.len()).any(|part| part == needle.as_bytes());
        assert!(holds(&plain, &id) && !holds(&encrypted, &id));
        for needle in ["wintergreen", "Person 1", "the site key of all"] {
            assert!(!holds(&plain, needle) && !holds(&encrypted, needle), "{needle}");
        }
    });
}
