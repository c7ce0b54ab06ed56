//! The trail: nothing done to it stays unseen, and the engines themselves refuse to change it.

use ldn_core::journal::Role;
use ldn_store::audit::{Head, RequestId, publish_head, published_heads, verify_store};
use ldn_store::session::Actor;
use ldn_store::view::AdministratorView;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use sqlx::AssertSqlSafe;

use crate::accounts_people::{administrator, join, minute, request};
use crate::on_both_engines;
use crate::support::raw;
use crate::support::site::Site;

on_both_engines! {
    the_engine_refuses_to_change_the_trail
    five_hundred_damages_are_all_seen
    a_head_is_published_once_a_day
    a_forged_request_stays_on_its_line
    two_writers_make_one_chain
}

/// A store whose trail has at least `n_rows` rows.
async fn with_trail(site: &Site, n_rows: u32) -> ldn_store::Store {
    let store = site.create().await;
    administrator(&store, minute(0)).await;
    let boss = Actor::local_operator(request(), minute(1));
    for number in 0..n_rows / 10 {
        join(&store, &boss, Role::Researcher, None, &format!("researcher-{number}"), minute(1)).await;
    }
    let view = AdministratorView::of(&store, boss).unwrap();
    while view.trail(n_rows, minute(2)).await.unwrap().len() < usize::try_from(n_rows).unwrap() {}
    store
}

/// Executes statements as somebody with the password would; the error if the engine refuses.
async fn try_change(site: &Site, statement: &str) -> Result<(), sqlx::Error> {
    let statement = AssertSqlSafe(statement.to_owned());
    if raw::is_postgres(&site.url) {
        use sqlx::ConnectOptions;
        let options: sqlx::postgres::PgConnectOptions = site.url.parse().unwrap();
        sqlx::raw_sql(statement).execute(&mut options.connect().await?).await.map(drop)
    } else {
        sqlx::raw_sql(statement).execute(&mut raw::sqlite(&site.url).await).await.map(drop)
    }
}

async fn the_engine_refuses_to_change_the_trail(site: &mut Site) {
    let store = with_trail(site, 20).await;
    let before = verify_store(store.database(), &[]).await.unwrap().unwrap();
    publish_head(store.database(), minute(3), &request()).await.unwrap();
    for statement in [
        "UPDATE audit SET why = 'care' WHERE place = 3",
        "DELETE FROM audit WHERE place = 3",
        "DELETE FROM audit",
        "UPDATE audit_heads SET place = 1",
        "DELETE FROM audit_heads",
    ] {
        let refused = try_change(site, statement).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
    if raw::is_postgres(&site.url) {
        assert!(try_change(site, "TRUNCATE audit").await.is_err());
    }
    let now = verify_store(store.database(), &[]).await.unwrap().unwrap();
    assert_eq!(now.n_rows, before.n_rows + 1);
}

/// Random damage by somebody who owns the disk and has taken the triggers away: each of 500 is seen, and undone again.
async fn five_hundred_damages_are_all_seen(site: &mut Site) {
    let store = with_trail(site, 60).await;
    let kept = verify_store(store.database(), &[]).await.unwrap().unwrap().head;
    let drop_triggers = if raw::is_postgres(&site.url) {
        "DROP TRIGGER audit_no_change ON audit"
    } else {
        "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete"
    };
    raw::execute(&site.url, &format!("{drop_triggers}; CREATE TABLE audit_copy AS SELECT * FROM audit"))
        .await;
    let mut rng = Pcg64Mcg::seed_from_u64(2026);
    let mut n_seen = 0;
    for _ in 0..500 {
        let damage = damage(&mut rng, kept.place, raw::is_postgres(&site.url));
        raw::execute(&site.url, &damage).await;
        let verdict = verify_store(store.database(), &[kept]).await.unwrap();
        n_seen += usize::from(verdict.is_err());
        assert!(verdict.is_err(), "unseen: {damage}");
        let undo = "DELETE FROM audit; INSERT INTO audit SELECT * FROM audit_copy";
        raw::execute(&site.url, undo).await;
    }
    println!("{:?}: {n_seen} of 500 damages seen", site.engine);
    assert_eq!(verify_store(store.database(), &[kept]).await.unwrap().unwrap().head, kept);
    assert_eq!(n_seen, 500);
}

/// An edit of any column, a removal, a swap, a cut end with its note, a copy, or an inserted row.
fn damage(rng: &mut Pcg64Mcg, n_rows: i64, is_postgres: bool) -> String {
    let place = rng.random_range(1..=n_rows);
    let other = (place + rng.random_range(1..n_rows) - 1) % n_rows + 1;
    let bytes =
        |n: i64| if is_postgres { format!("decode('{n:064x}', 'hex')") } else { format!("X'{n:064x}'") };
    let uuid = |n: i64| {
        let digits = format!("{n:032x}");
        if is_postgres { format!("'{digits}'::uuid") } else { format!("X'{digits}'") }
    };
    let number = rng.random_range(1_000_000..2_000_000_i64);
    match rng.random_range(0..6) {
        0 => {
            let (column, value) = match rng.random_range(0..13) {
                0 => ("at_us", format!("at_us + {number}")),
                1 => ("id", uuid(number)),
                2 => ("account", uuid(number)),
                3 => ("role", "'patient-'".to_owned()),
                4 => ("course", uuid(number)),
                5 => ("action", "action || ' '".to_owned()),
                6 => ("subject", uuid(number)),
                7 => ("outcome", "outcome || 'd'".to_owned()),
                8 => ("why", "'person-asked'".to_owned()),
                9 => ("before_hash", bytes(number)),
                10 => ("after_hash", bytes(number)),
                11 => ("previous", bytes(number)),
                _ => ("own", bytes(number)),
            };
            format!("UPDATE audit SET {column} = {value} WHERE place = {place}")
        }
        1 => format!("DELETE FROM audit WHERE place = {place}"),
        2 => format!(
            "UPDATE audit SET place = -1 WHERE place = {place}; UPDATE audit SET place = {place} WHERE place = {other}; \
             UPDATE audit SET place = {other} WHERE place = -1"
        ),
        3 => format!("DELETE FROM audit WHERE place >= {place}"),
        4 => format!(
            "INSERT INTO audit SELECT {n_rows} + 1, {}, at_us, account, role, course, action, subject, outcome, why, \
             before_hash, after_hash, request, previous, own FROM audit WHERE place = {place}",
            uuid(number)
        ),
        _ => format!("UPDATE audit SET request = request || 'x' WHERE place = {place}"),
    }
}

async fn a_head_is_published_once_a_day(site: &mut Site) {
    let store = with_trail(site, 20).await;
    let database = store.database();
    let (day, head) = publish_head(database, minute(5), &request()).await.unwrap();
    let (same_day, same) = publish_head(database, minute(6), &request()).await.unwrap();
    assert_eq!((day, head), (same_day, same));
    let (next, later) = publish_head(database, minute(5 + 1_440), &request()).await.unwrap();
    assert!(next > day && later.place > head.place);
    assert_eq!(published_heads(database).await.unwrap(), [(day, head), (next, later)]);
    assert_eq!(head.line(day).parse::<Head>(), Ok(head));
    let verified = verify_store(database, &[head]).await.unwrap().unwrap();
    assert_eq!(verified.n_published, 3);
}

async fn a_forged_request_stays_on_its_line(site: &mut Site) {
    let store = with_trail(site, 10).await;
    let forged = RequestId::new("r\n2026-11-25 administrator read diary\u{1b}[2K\u{202e}");
    let view = AdministratorView::of(&store, Actor::local_operator(forged, minute(3))).unwrap();
    view.courses(minute(3)).await.unwrap();
    let row = view.trail(2, minute(3)).await.unwrap().remove(1);
    assert_eq!(row.request, "r\\u{a}2026-11-25 administrator read diary\\u{1b}[2K\\u{202e}");
    assert!(row.request.chars().all(|character| !character.is_control()));
}

async fn two_writers_make_one_chain(site: &mut Site) {
    let store = with_trail(site, 10).await;
    let before = verify_store(store.database(), &[]).await.unwrap().unwrap().n_rows;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let actor = Actor::local_operator(RequestId::new(&format!("writer {writer}")), minute(3));
                let view = AdministratorView::of(&store, actor).unwrap();
                for _ in 0..25 {
                    view.courses(minute(3)).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let after = verify_store(store.database(), &[]).await.unwrap().unwrap().n_rows;
    assert_eq!(after - before, 200, "one row per action, in one chain");
}
