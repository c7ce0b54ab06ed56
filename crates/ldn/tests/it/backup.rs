//! `ldn backup` and `ldn restore`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::course::Home;

/// A key pair of the outside tool: the file with the secret, and the public key.
fn key(home: &Home, name: &str) -> (String, String) {
    let path = home.path(name);
    let output = Command::new("age-keygen").arg("--output").arg(&path).output();
    let output = output.expect("age-keygen is missing: on Debian `apt-get install age`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&path).unwrap();
    let public = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    (path, public.to_owned())
}

fn backups(folder: &str) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "age")).collect();
    paths.sort();
    paths
}

/// A home with a course, a folder for backups, and two keys.
fn site() -> (Home, String, (String, String), (String, String)) {
    let home = Home::with_course();
    home.ok(&["course", "log", "zoe", "--day", "2026-01-05", "pain=5", "note=wintergreen"]);
    let folder = home.path("backups");
    std::fs::create_dir(&folder).unwrap();
    let (clinic, offline) = (key(&home, "clinic.txt"), key(&home, "offline.txt"));
    (home, folder, clinic, offline)
}

#[test]
fn a_backup_restores_and_the_outside_tool_opens_it() {
    let (home, folder, clinic, offline) = site();
    let made = home.json(&["backup", &folder, "--recipient", &clinic.1, "--recipient", &offline.1]);
    let path = made["backup"]["path"].as_str().unwrap();
    assert_eq!(made["backup"]["rows"]["entries"], 2);
    let sum = Command::new("sha256sum").arg(path).output().unwrap().stdout;
    assert!(String::from_utf8(sum).unwrap().starts_with(made["backup"]["sha256"].as_str().unwrap()));
    let plain = Command::new("age").args(["--decrypt", "--identity", &offline.0, path]).output();
    let plain = plain.expect("age is missing: on Debian `apt-get install age`");
    assert!(plain.status.success(), "{}", String::from_utf8_lossy(&plain.stderr));
    let plain = String::from_utf8(plain.stdout).unwrap();
    assert!(plain.starts_with("{\"ldn_backup\":1,"), "{}", &plain[..80]);
    assert!(plain.lines().last().unwrap().starts_with("{\"manifest\":"));
    assert!(!plain.contains("wintergreen") && !plain.contains("Zoe"));

    // Into another place, with the key that was copied there.
    let other = Home::new();
    let refused = other.fails(&["restore", path, "--identity", &clinic.0], 1);
    assert!(refused.contains("ldn course new") || refused.contains("site key"), "{refused}");
    std::fs::copy(home.path("ldn.db.key"), other.path("ldn.db.key")).unwrap();
    let restored = other.json(&["restore", path, "--identity", &clinic.0]);
    assert_eq!(restored["restored"]["verified"], true);
    assert!(other.ok(&["course", "show", "zoe"]).contains("5 on 2026-01-05"));
    let head = |home: &Home| home.json(&["course", "verify"])["verification"]["courses"].clone();
    assert_eq!(head(&other), head(&home));
    let again = other.fails(&["restore", path, "--identity", &clinic.0], 1);
    assert!(again.contains("is not empty"), "{again}");
}

#[test]
fn two_keys_are_demanded_and_secret_ones_refused() {
    let (home, folder, clinic, _) = site();
    let one = home.fails(&["backup", &folder, "--recipient", &clinic.1, "--recipient", &clinic.1], 1);
    assert!(one.contains("at least 2 different"), "{one}");
    let secret = std::fs::read_to_string(&clinic.0).unwrap().lines().last().unwrap().to_owned();
    let said = home.fails(&["backup", &folder, "--recipient", &secret], 1);
    assert!(said.contains("secret key") && !said.contains(&secret), "{said}");
    assert!(backups(&folder).is_empty());
    home.ok(&["backup", &folder, "--recipient", &clinic.1, "--one-recipient", "alone at home"]);
    home.fails(&["backup", &folder, "--recipient", &clinic.1, "--one-recipient", " "], 2);
    assert_eq!(backups(&folder).len(), 1);
}

#[test]
fn rotation_keeps_the_newest() {
    let (home, folder, clinic, offline) = site();
    let keys = home.path("keys.txt");
    std::fs::write(&keys, format!("# clinic\n{}\n{}\n", clinic.1, offline.1)).unwrap();
    for _ in 0..3 {
        home.ok(&["backup", &folder, "--recipients-file", &keys]);
    }
    let all = backups(&folder);
    home.fails(&["backup", &folder, "--recipients-file", &keys, "--keep", "0"], 2);
    let made = home.json(&["backup", &folder, "--recipients-file", &keys, "--keep", "2"]);
    assert_eq!(made["backup"]["removed"].as_array().unwrap().len(), 2);
    let left = backups(&folder);
    assert_eq!((left.len(), &left[0]), (2, &all[2]));
    assert_eq!(left[1], Path::new(made["backup"]["path"].as_str().unwrap()));
}

/// Test D2 at the command line.
#[test]
fn an_older_backup_does_not_bring_an_erased_person_back() {
    let (home, folder, clinic, offline) = site();
    home.ok(&["backup", &folder, "--recipient", &clinic.1, "--recipient", &offline.1]);
    let older = backups(&folder).remove(0).display().to_string();
    let list = Path::new(&folder).join("ldn-erasures.json").display().to_string();
    home.ok(&["course", "erase", "zoe", "--yes-erase", "Zoe"]);
    home.ok(&["backup", "--erasures", &list]);

    let other = Home::new();
    std::fs::copy(home.path("ldn.db.key"), other.path("ldn.db.key")).unwrap();
    let away = other.path("away.age");
    std::fs::copy(&older, &away).unwrap();
    let refused = other.fails(&["restore", &away, "--identity", &clinic.0], 1);
    assert!(refused.contains("no list of erasures") && refused.contains("--no-erasure-list"), "{refused}");
    let restored = other.json(&["restore", &away, "--identity", &clinic.0, "--erasure-list", &list]);
    assert_eq!(restored["restored"]["erased_again"].as_array().unwrap().len(), 1);
    assert!(other.ok(&["course", "list"]).contains("(erased)"));

    let careless = Home::new();
    std::fs::copy(home.path("ldn.db.key"), careless.path("ldn.db.key")).unwrap();
    careless.ok(&["restore", &away, "--identity", &clinic.0, "--no-erasure-list"]);
    assert!(careless.ok(&["course", "list"]).contains("Zoe"), "the test can see");
    // And its list, which knows less, does not replace the one that is kept.
    let said = careless.fails(&["backup", "--erasures", &list], 1);
    assert!(said.contains("the list is incomplete"), "{said}");
}
