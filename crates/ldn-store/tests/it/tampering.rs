//! Somebody with the file or the server's password changes the tables: verification finds it.

use std::collections::BTreeMap;

use ldn_core::ids::CourseId;
use ldn_core::journal::{Hash, Head};
use ldn_store::{Engine, SealedAllocation, Store};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::on_both_engines;
use crate::support::entries::{course, entry, instant};
use crate::support::raw;
use crate::support::site::Site;

on_both_engines! {
    every_change_from_outside_is_found
}

const COURSES: u64 = 3;
const ENTRIES: u64 = 12;

/// Ways to change a store with SQL. `{c}` and `{d}` become the ids of two courses, `{n}` a place, `{m}` another, `{p}`
/// the person of the first course, `{x}` a blob; `flip(column)` changes one byte of a blob.
const ATTACKS: &[&str] = &[
    // Edits of each column.
    "UPDATE entries SET body = {flip:body} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET hash = {flip:hash} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET previous = {flip:previous} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET entry_hash = {flip:entry_hash} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET received_us = received_us + {n} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET author = {d} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET role = 'prescriber' WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET role = 'nobody' WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET day = '2026-01-04' WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET day = 'yesterday' WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET id = {c} WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET seq = seq + 100 WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET seq = -seq WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET course = {d}, seq = seq + 100 WHERE course = {c} AND seq = {n}",
    "UPDATE courses SET n_entries = n_entries + 1 WHERE id = {c}",
    "UPDATE courses SET head = {flip:head} WHERE id = {c}",
    "UPDATE courses SET person = (SELECT person FROM courses WHERE id = {d}) WHERE id = {c}",
    "UPDATE person_keys SET wrapped = {flip:wrapped} WHERE person = {p}",
    "UPDATE people SET name = {flip:name} WHERE id = {p}",
    "UPDATE people SET created_us = created_us - 1 WHERE id = {p}",
    "UPDATE sealed_allocations SET sealed = {flip:sealed} WHERE course = {c}",
    "UPDATE sealed_allocations SET commitment = {flip:commitment} WHERE course = {c}",
    "UPDATE sealed_allocations SET created_us = created_us + 1 WHERE course = {c}",
    "UPDATE sealed_allocations SET course = {d} WHERE course = {c}",
    // Deletions.
    "DELETE FROM entries WHERE course = {c} AND seq = {n}",
    "DELETE FROM entries WHERE course = {c}",
    "DELETE FROM courses WHERE id = {c}",
    "DELETE FROM courses WHERE id = {c}; DELETE FROM entries WHERE course = {c}",
    "DELETE FROM person_keys WHERE person = {p}",
    // Exchanges.
    "UPDATE entries SET seq = -1 WHERE course = {c} AND seq = {n};
     UPDATE entries SET seq = {n} WHERE course = {c} AND seq = {m};
     UPDATE entries SET seq = {m} WHERE course = {c} AND seq = -1",
    "UPDATE entries SET body = (SELECT body FROM entries WHERE course = {c} AND seq = {m})
     WHERE course = {c} AND seq = {n}",
    "UPDATE entries SET body = (SELECT body FROM entries WHERE course = {d} AND seq = {n})
     WHERE course = {c} AND seq = {n}",
    "UPDATE person_keys SET wrapped = (SELECT wrapped FROM person_keys WHERE person <> {p} LIMIT 1) WHERE person = {p}",
    "UPDATE people SET name = (SELECT name FROM people WHERE id <> {p} LIMIT 1) WHERE id = {p}",
    // The end cut off, and the course's own row made to fit: only the published head shows it.
    "DELETE FROM entries WHERE course = {c} AND seq >= {k};
     UPDATE courses SET n_entries = {k} - 1, head = (SELECT hash FROM entries WHERE course = {c} AND seq = {k} - 1)
     WHERE id = {c}",
    "DELETE FROM entries WHERE course = {c};
     UPDATE courses SET n_entries = 0, head = (SELECT previous FROM saved_entries WHERE course = {c} AND seq = 1)
     WHERE id = {c}",
];

const TABLES: &[&str] = &["sealed_allocations", "entries", "courses", "person_keys", "people"];

/// 250 changes on each engine, drawn from the ways above and their parameters.
async fn every_change_from_outside_is_found(site: &mut Site) {
    let store = filled(site).await;
    let published = store.heads().await.unwrap();
    assert!(store.verify_all(&published).await.unwrap().is_sound());
    for table in TABLES {
        raw::execute(&site.url, &format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
    }
    let mut rng = Pcg64Mcg::seed_from_u64(2026);
    let mut undetected = Vec::new();
    for n_attack in 0..250 {
        // Each way at least once, then at random.
        let attack = ATTACKS.get(n_attack).unwrap_or_else(|| ATTACKS.choose(&mut rng).unwrap());
        let statements = draw(attack, site.engine, &mut rng);
        raw::execute(&site.url, &statements).await;
        if !is_detected(&store, &published).await {
            undetected.push(statements);
        }
        raw::execute(&site.url, &restore()).await;
    }
    assert!(undetected.is_empty(), "{} of 250 undetected: {undetected:#?}", undetected.len());
    let after = store.verify_all(&published).await.unwrap();
    assert!(after.is_sound(), "the tables were not put back: {:?}", after.damage);
}

async fn filled(site: &Site) -> Store {
    let store = site.with_courses(COURSES).await;
    for number in 1..=COURSES {
        let entries: Vec<_> = (1..=ENTRIES).map(|n| entry(course(number), n)).collect();
        store.append(&entries, instant(0)).await.unwrap();
        let allocation = SealedAllocation {
            course: course(number),
            commitment: Hash::of(&number.to_be_bytes()),
            created: instant(0),
            encrypted: b"for the pharmacist".to_vec(),
        };
        store.put_allocation(&allocation).await.unwrap();
    }
    store
}

/// An error that names what is unreadable is a detection, too.
async fn is_detected(store: &Store, published: &BTreeMap<CourseId, Head>) -> bool {
    match store.verify_all(published).await {
        Ok(verification) => !verification.is_sound(),
        Err(error) => panic!("verification must find, not fail: {error:?}"),
    }
}

fn restore() -> String {
    let emptied = TABLES.iter().map(|table| format!("DELETE FROM {table};"));
    let filled = TABLES.iter().rev().map(|table| format!("INSERT INTO {table} SELECT * FROM saved_{table};"));
    format!("BEGIN; {} COMMIT;", emptied.chain(filled).collect::<String>())
}

/// Fills the parameters of an attack in.
fn draw(attack: &str, engine: Engine, rng: &mut Pcg64Mcg) -> String {
    let first = rng.random_range(1..=COURSES);
    let second = 1 + first % COURSES;
    let place = rng.random_range(1..=ENTRIES);
    let other = 1 + place % ENTRIES;
    let id = |uuid: uuid::Uuid| match engine {
        Engine::Sqlite => format!("x'{}'", uuid.simple()),
        Engine::Postgres => format!("'{uuid}'"),
    };
    let mut text = attack
        .replace("{c}", &id(course(first).uuid()))
        .replace("{d}", &id(course(second).uuid()))
        .replace("{p}", &id(crate::support::entries::person(first).uuid()))
        .replace("{n}", &place.to_string())
        .replace("{m}", &other.to_string())
        .replace("{k}", &rng.random_range(2..=ENTRIES).to_string());
    while let Some((before, rest)) = text.clone().split_once("{flip:") {
        let (column, after) = rest.split_once('}').unwrap();
        text = format!("{before}{}{after}", flip(column, engine, rng));
    }
    text
}

/// An expression for a blob with another byte at a random place of its first 32, or cut by one byte.
fn flip(column: &str, engine: Engine, rng: &mut Pcg64Mcg) -> String {
    let at = rng.random_range(1..=31);
    let cut = rng.random_bool(0.1);
    match (engine, cut) {
        (Engine::Sqlite, true) => format!("substr({column}, 1, length({column}) - 1)"),
        (Engine::Postgres, true) => format!("substring({column} from 1 for length({column}) - 1)"),
        (Engine::Sqlite, false) => format!(
            "CAST(substr({column}, 1, {at}) || CASE WHEN substr({column}, {at} + 1, 1) = x'5a' THEN x'5b' ELSE x'5a' END \
             || substr({column}, {at} + 2) AS BLOB)"
        ),
        (Engine::Postgres, false) => {
            format!("set_byte({column}, {at}, get_byte({column}, {at}) # 1)")
        }
    }
}
