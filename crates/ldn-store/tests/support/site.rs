//! A place for a store, on either engine.

use ldn_core::journal::Hash;
use ldn_store::{Engine, Store};

use super::entries::{course, instant, key, person};
use super::postgres::Cluster;

/// An empty place for a store; gone at the end of the test.
pub(crate) struct Site {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) cluster: Option<Cluster>,
}

impl Site {
    pub(crate) async fn new(engine: Engine) -> Site {
        let folder = tempfile::tempdir().unwrap();
        match engine {
            Engine::Sqlite => {
                let url = folder.path().join("ldn.db").display().to_string();
                Site { engine, url, folder, cluster: None }
            }
            Engine::Postgres => {
                let cluster = Cluster::start();
                let url = cluster.new_database().await;
                Site { engine, url, folder, cluster: Some(cluster) }
            }
        }
    }

    pub(crate) async fn create(&self) -> Store {
        Store::create(&self.url, key(), instant(0)).await.unwrap()
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url, key()).await.unwrap()
    }

    /// A store with people 1 to n, each with the course of the same number.
    pub(crate) async fn with_courses(&self, n_courses: u64) -> Store {
        let store = self.create().await;
        for number in 1..=n_courses {
            store.add_person(person(number), &format!("Person {number}"), instant(0)).await.unwrap();
            store.add_course(course(number), person(number)).await.unwrap();
        }
        store
    }
}

/// The counts and hashes of a store, in lines.
pub(crate) async fn summary(store: &Store) -> String {
    let mut lines = String::new();
    for person in store.people().await.unwrap() {
        lines += &format!("person {} {}\n", person.id, person.name.unwrap_or_default());
    }
    for (course, head) in store.heads().await.unwrap() {
        let entries = store.entries(course).await.unwrap();
        let all: Vec<u8> = entries.iter().flat_map(|stored| stored.entry.to_bytes()).collect();
        lines += &format!("course {course} {} {} {}\n", head.seq, head.hash, Hash::of(&all));
    }
    lines
}
