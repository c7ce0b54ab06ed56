//! Full disks, read-only files, failing disks, locks: a clear error, nothing half-written, and it works again.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use ldn_store::{Database, Engine, Fault, Store, StoreError};
use sqlx::Connection;

use crate::on_both_engines;
use crate::support::crash::found;
use crate::support::entries::{course, entry, instant, key};
use crate::support::postgres::server_user;
use crate::support::process::{Job, Running};
use crate::support::raw;
use crate::support::site::Site;

on_both_engines! {
    a_locked_store_says_so_and_works_again
    a_read_only_store_says_so_and_works_again
}

/// Appends three entries, of which the store must take all or none; and none after a fault.
async fn refused(store: &Store, fault: Fault, said: &str) {
    let before = store.heads().await.unwrap();
    let sent: Vec<_> = (100..103).map(|number| entry(course(1), number)).collect();
    let error = store.append(&sent, instant(0)).await.unwrap_err();
    assert_eq!(error.fault(), Some(fault), "{error:?}");
    assert!(error.to_string().contains(said), "{error}");
    assert_eq!(store.heads().await.unwrap(), before);
}

async fn works_again(store: &Store) {
    let sent: Vec<_> = (100..103).map(|number| entry(course(1), number)).collect();
    store.append(&sent, instant(0)).await.unwrap();
    assert!(store.verify_all(&store.heads().await.unwrap()).await.unwrap().is_sound());
}

async fn a_locked_store_says_so_and_works_again(site: &mut Site) {
    let store = site.with_courses(1).await;
    store.append(&[entry(course(1), 1)], instant(0)).await.unwrap();
    match site.engine {
        Engine::Sqlite => {
            let mut other = raw::sqlite(&site.url).await;
            let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
            refused(&store, Fault::Locked, "send it again").await;
            lock.rollback().await.unwrap();
        }
        Engine::Postgres => {
            let mut other = raw::postgres(&site.url).await;
            let mut lock = other.begin().await.unwrap();
            sqlx::query("SELECT id FROM courses FOR UPDATE").execute(&mut *lock).await.unwrap();
            refused(&store, Fault::Locked, "send it again").await;
            lock.rollback().await.unwrap();
        }
    }
    works_again(&store).await;
}

async fn a_read_only_store_says_so_and_works_again(site: &mut Site) {
    let store = site.with_courses(1).await;
    store.append(&[entry(course(1), 1)], instant(0)).await.unwrap();
    set_read_only(&store, site, true).await;
    refused(&store, Fault::ReadOnly, "read-only").await;
    set_read_only(&store, site, false).await;
    works_again(&store).await;
}

async fn set_read_only(store: &Store, site: &Site, read_only: bool) {
    match store.database() {
        Database::Sqlite { writer, .. } => {
            let pragma = if read_only { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" };
            sqlx::query(pragma).execute(writer).await.unwrap();
        }
        Database::Postgres(pool) => {
            let name = site.url.split('?').next().unwrap().rsplit('/').next().unwrap();
            let state = if read_only { "on" } else { "off" };
            let setting = format!("ALTER DATABASE {name} SET default_transaction_read_only = {state}");
            // A connection that was begun before is not concerned, so this one may change it back.
            let mut connection = raw::postgres(&site.url).await;
            let begin = "SET default_transaction_read_only = off";
            sqlx::query(begin).execute(&mut connection).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(setting)).execute(&mut connection).await.unwrap();
            let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                          WHERE application_name = 'ldn' AND datname = current_database()";
            sqlx::query(others).execute(&mut connection).await.unwrap();
            // The pool notices that its connections are gone when it tries them.
            for _ in 0..50 {
                if sqlx::query("SELECT 1").execute(pool).await.is_ok() && pool.num_idle() > 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// A file that may not grow is a full disk to SQLite; a large batch fails as a whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_nothing_and_works_again() {
    let site = Site::new(Engine::Sqlite).await;
    let store = site.with_courses(1).await;
    store.append(&[entry(course(1), 1)], instant(0)).await.unwrap();
    let Database::Sqlite { writer, .. } = store.database() else { panic!() };
    let (pages,): (i64,) = sqlx::query_as("PRAGMA page_count").fetch_one(writer).await.unwrap();
    let limit = |pages: i64| sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(limit(pages + 2)).execute(writer).await.unwrap();
    let many: Vec<_> = (1_000..1_200).map(|number| entry(course(1), number)).collect();
    let error = store.append(&many, instant(0)).await.unwrap_err();
    assert_eq!(error.fault(), Some(Fault::DiskFull), "{error:?}");
    assert_eq!(
        error.to_string(),
        "storing entries: the disk is full; nothing of this was stored; make room and send it again"
    );
    assert_eq!(store.entries(course(1)).await.unwrap().len(), 1);
    sqlx::query(limit(1_000_000)).execute(writer).await.unwrap();
    store.append(&many, instant(0)).await.unwrap();
    assert_eq!(store.entries(course(1)).await.unwrap().len(), 201);
    works_again(&store).await;
}

/// The system's calls fail under the writer, a hundred times and more: no room, an error of the disk, a failed sync.
#[tokio::test(flavor = "multi_thread")]
async fn a_failing_disk_loses_nothing_and_damages_nothing() {
    let mut faults = 0;
    for (calls, error, expected) in [
        ("pwrite64", "ENOSPC", "DiskFull"),
        ("pwrite64", "EIO", "InputOutput"),
        ("fsync", "EIO", "InputOutput"),
    ] {
        let site = Site::new(Engine::Sqlite).await;
        site.with_courses(1).await.close().await;
        // Counted per thread, and a new connection is a new thread: its first commit syncs three times.
        let step = if calls == "fsync" { "when=5+7" } else { "when=15+23" };
        let job = Job { url: &site.url, mode: "full", first: 0, count: 300, batch: 2, lanes: 1 };
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "signal=none", "-e", &format!("trace={calls}")]);
        command.args(["-e", &format!("inject={calls}:error={error}:{step}"), "-o"]);
        command.arg(site.folder.path().join("trace"));
        command.arg(env!("CARGO_BIN_EXE_store-writer")).args(job.arguments());
        let said = Running::start(command).finish();
        let trace = std::fs::read_to_string(site.folder.path().join("trace")).unwrap();
        faults += trace.matches("(INJECTED)").count();
        println!("{calls} {error}: {} refused, {} acknowledged", said.errors.len(), said.acknowledged.len());
        assert!(said.errors.iter().all(|line| line.contains(expected)), "{:?}", said.errors);
        assert!(said.errors.len() > 5, "{:?}", said.errors);
        assert!(said.acknowledged_after_error > 0, "it never worked again");

        let (answer,): (String,) = sqlx::query_as("PRAGMA integrity_check")
            .fetch_one(&mut raw::sqlite(&site.url).await)
            .await
            .unwrap();
        assert_eq!(answer, "ok");
        let store = site.open().await;
        let stored = found(&store).await;
        assert!(said.acknowledged.is_subset(&stored), "{calls} {error}: lost");
        assert!(store.verify_all(&BTreeMap::new()).await.unwrap().is_sound());
        // Batches are of two, and each is there as a whole or not at all.
        assert!(stored.iter().all(|&(lane, number)| stored.contains(&(lane, number ^ 1))));
    }
    println!("{faults} faults");
    assert!(faults >= 100, "{faults} faults");
}

/// A file that this user may not write, in a folder that this user may not write.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_permission_is_refused_and_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(Engine::Sqlite).await;
    site.with_courses(1).await.close().await;
    let before = std::fs::read(&site.url).unwrap();
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(site.url.as_ref(), 0o444);
    allow(site.folder.path(), 0o555);
    // Root may write everywhere; another user may not.
    let writer = site.folder.path().join("store-writer");
    allow(site.folder.path(), 0o755);
    std::fs::copy(env!("CARGO_BIN_EXE_store-writer"), &writer).unwrap();
    allow(site.folder.path(), 0o555);
    let mut command = Command::new("setpriv");
    if let Some((uid, gid)) = server_user() {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    }
    let job = Job { url: &site.url, mode: "full", first: 0, count: 4, batch: 2, lanes: 1 };
    command.arg("--").arg(&writer).args(job.arguments());
    let said = Running::start(command).finish();
    allow(site.folder.path(), 0o755);
    println!("{:?}", said.errors);
    assert!(said.acknowledged.is_empty());
    assert!(!said.errors.is_empty());
    assert!(said.errors.iter().all(|line| line.contains("ReadOnly") || line.contains("Unreachable")));
    assert_eq!(std::fs::read(&site.url).unwrap(), before);
    allow(site.url.as_ref(), 0o644);
    works_again(&site.open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let missing = Store::open(&path("typo.db"), key()).await.unwrap_err();
    assert!(matches!(missing, StoreError::Missing { .. }), "{missing}");
    assert!(!std::fs::exists(path("typo.db")).unwrap());
    std::fs::write(path("letter.txt"), "Dear colleague, ".repeat(100)).unwrap();
    let letter = Store::open(&path("letter.txt"), key()).await.unwrap_err();
    assert_eq!(letter.fault(), Some(Fault::Malformed), "{letter:?}");
    std::fs::write(path("empty.db"), "").unwrap();
    let empty = Store::open(&path("empty.db"), key()).await.unwrap_err();
    assert!(matches!(empty, StoreError::NotAStore { .. }), "{empty}");
    let nobody = Store::open("postgres://nobody@localhost/none?host=/nonexistent", key()).await.unwrap_err();
    assert_eq!(nobody.fault(), Some(Fault::Unreachable), "{nobody:?}");
}
