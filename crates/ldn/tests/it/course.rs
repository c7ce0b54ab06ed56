//! `ldn course`, and `--course` of other commands.

use std::path::Path;

use serde_json::Value;

use crate::screen::ANSWERED;

/// A folder with a personal store in it, and nothing from the outside's environment.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Home {
        Home { folder: tempfile::tempdir().unwrap() }
    }

    /// With a course of Zoe.
    pub(crate) fn with_course() -> Home {
        let home = Home::new();
        home.ok(&["course", "new", "--name", "Zoe"]);
        home
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn command(&self) -> assert_cmd::Command {
        let mut command = crate::ldn();
        for name in ["LDN_SITE_KEY", "LDN_SITE_KEY_FILE", "XDG_DATA_HOME", "PGPASSWORD"] {
            command.env_remove(name);
        }
        command.env("LDN_STORE", self.path("ldn.db")).env("HOME", self.folder.path());
        command
    }

    /// Standard output of a run that must succeed.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.command().args(args).assert().success().get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let value: Value = serde_json::from_str(&self.ok(&[args, &["--json"]].concat())).unwrap();
        assert_eq!(value["schema"], 1);
        value
    }

    /// Standard error of a run that must fail with this exit code.
    pub(crate) fn fails(&self, args: &[&str], code: i32) -> String {
        let output = self.command().args(args).assert().code(code).get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    }

    fn put(&self, name: &str, content: &str) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name)
    }
}

#[test]
fn a_new_course_makes_the_store_and_says_where_its_key_is() {
    let home = Home::new();
    let output =
        home.command().args(["course", "new", "--name", "Zoe"]).assert().success().get_output().clone();
    let said = String::from_utf8(output.stderr).unwrap();
    let key_file = home.path("ldn.db.key");
    assert!(said.contains("IMPORTANT") && said.contains(&key_file), "{said}");
    let key = std::fs::read_to_string(&key_file).unwrap();
    assert_eq!(key.trim().len(), 64);
    assert!(!said.contains(key.trim()) && !String::from_utf8(output.stdout).unwrap().contains(key.trim()));
    #[cfg(unix)]
    for name in ["ldn.db", "ldn.db.key"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(home.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // The second course goes into the same store, and says nothing of keys.
    let second =
        home.command().args(["course", "new", "--name", "Max"]).assert().success().get_output().clone();
    assert!(second.stderr.is_empty(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(home.json(&["course", "list"])["courses"].as_array().unwrap().len(), 2);
}

#[test]
fn a_diary_is_kept_at_the_terminal() {
    let home = Home::with_course();
    let items = ["pain=6", "fatigue=7", "dose=1.5 mg", "side-effect=vivid dreams:mild", "note=slept"];
    let said = home.ok(&[&["course", "log", "Zoe", "--day", "2026-01-05"][..], &items].concat());
    for line in ["saved for 2026-01-05", "pain 6", "fatigue 7", "dose 1.5 mg", "vivid dreams, mild", "slept"]
    {
        assert!(said.contains(line), "{line}: {said}");
    }
    let again = home.ok(&["course", "log", "zoe", "--day", "2026-01-05", "pain=4", "dose=not-taken"]);
    assert!(again.contains("was 6; both stay"), "{again}");
    assert!(again.contains("it counts as taken; both stay"), "{again}");
    home.ok(&["course", "log", "zoe", "--today", "mood=5"]);

    let shown = home.json(&["course", "show", "zoe", "--today", "2026-01-06"]);
    let course = &shown["course"];
    assert_eq!(
        course["last_scores"][0],
        serde_json::json!({"measure": "pain", "day": "2026-01-05", "value": 4.0})
    );
    assert_eq!(course["last_dose"]["said"], "1.5 mg");
    assert_eq!(course["today"]["says"], "nothing");
    assert_eq!(course["problems"], serde_json::json!([]));
    let text = home.ok(&["course", "show", "zoe"]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");

    let id = course["id"].as_str().unwrap();
    assert_eq!(home.json(&["course", "show", &id[..8]])["course"]["id"], id);
}

#[test]
fn what_cannot_be_read_saves_nothing_and_says_all_of_it() {
    let home = Home::with_course();
    let said =
        home.fails(&["course", "log", "zoe", "--day", "2026-01-05", "pain=11", "dose=4.5", "mood=5"], 2);
    assert!(
        said.contains("nothing was saved") && said.contains("pain=11") && said.contains("no unit"),
        "{said}"
    );
    let future = home.fails(&["course", "log", "zoe", "--day", "2099-01-05", "pain=1"], 2);
    assert!(future.contains("is to come"), "{future}");
    let nobody = home.fails(&["course", "log", "max", "--today", "pain=1"], 1);
    assert!(nobody.contains("no course is `max`") && nobody.contains("ldn course list"), "{nobody}");
    home.fails(&["course", "log", "zoe", "pain=1"], 2);
    assert_eq!(home.json(&["course", "list"])["courses"][0]["entries"], 0);
}

#[test]
fn a_wrong_store_or_key_says_the_way_out() {
    let home = Home::new();
    let said = home.fails(&["course", "list"], 1);
    assert!(said.contains("there is no store") && said.contains("ldn course new"), "{said}");
    home.ok(&["course", "new", "--name", "Zoe"]);
    let wrong = "ab".repeat(32);
    let output = home
        .command()
        .args(["course", "list"])
        .env("LDN_SITE_KEY", &wrong)
        .assert()
        .code(1)
        .get_output()
        .clone();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("does not fit") && said.contains("LDN_SITE_KEY_FILE") && !said.contains(&wrong),
        "{said}"
    );
    let output = home
        .command()
        .args(["course", "list"])
        .env("LDN_SITE_KEY", "abc")
        .assert()
        .code(1)
        .get_output()
        .clone();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("64 hexadecimal digits") && !said.contains("abc"), "{said}");
    std::fs::remove_file(home.path("ldn.db.key")).unwrap();
    assert!(home.fails(&["course", "list"], 1).contains("no site key"));
    let password = home.fails(&["course", "list", "--store", "postgres://ldn:hunter2@db/x"], 2);
    assert!(password.contains("LDN_STORE") && !password.contains("hunter2"), "{password}");
    let text = home.put("notes.txt", "this is no database at all, only a text that somebody wrote down");
    let said = home
        .command()
        .args(["course", "list", "--store", &text])
        .env("LDN_SITE_KEY", &wrong)
        .assert()
        .code(1)
        .get_output()
        .clone();
    assert!(String::from_utf8_lossy(&said.stderr).contains("error:"));
}

const DIARY: &str = "date,dose_mg,pain,side_effects,note\n\
    2026-01-05,0,7,,\n2026-01-06,0,6,,\n2026-01-07,1.5,6,vivid dreams,first capsule\n2026-01-08,,,,\n";

#[test]
fn a_diary_is_imported_dry_first_once_and_can_be_taken_back() {
    let home = Home::with_course();
    let csv = home.put("diary.csv", DIARY);
    let dry = home.json(&["course", "import", "zoe", &csv]);
    let import = &dry["import"];
    assert_eq!((&import["applied"], &import["entries"]), (&false.into(), &8.into()), "{import}");
    assert_eq!((&import["first"], &import["last"]), (&"2026-01-05".into(), &"2026-01-08".into()));
    assert_eq!(home.json(&["course", "list"])["courses"][0]["entries"], 0, "a dry run writes nothing");

    let applied = home.json(&["course", "import", "zoe", &csv, "--apply"]);
    let batch = applied["import"]["batch"].as_str().unwrap().to_owned();
    let again = home.json(&["course", "import", "zoe", &csv, "--apply"]);
    assert_eq!((&again["import"]["entries"], &again["import"]["duplicates"]), (&0.into(), &8.into()));
    assert_eq!(again["import"]["batch"], Value::Null);

    // What differs is refused with the reason, and nothing is brought in unless that is said.
    let other = home.put("other.csv", "date,dose_mg,pain\n2026-01-06,0,2\n2026-01-09,3,5\n");
    let refused = home.fails(&["course", "import", "zoe", &other, "--apply"], 1);
    assert!(refused.contains("nothing was brought in"), "{refused}");
    let dry = home.ok(&["course", "import", "zoe", &other]);
    assert!(dry.contains("refused 2026-01-06: the course has pain 6, the row 2"), "{dry}");
    let bad = home.put("bad.csv", "date,pain\n2026-01-06,77\n");
    assert!(home.fails(&["course", "import", "zoe", &bad], 1).contains("line 2, column `pain`, value `77`"));

    home.ok(&["course", "log", "zoe", "--day", "2026-01-05", "mood=5"]);
    let dry = home.json(&["course", "import", "zoe", "--undo", &batch]);
    assert_eq!((&dry["undo"]["applied"], &dry["undo"]["struck_out"]), (&false.into(), &8.into()));
    home.ok(&["course", "import", "zoe", "--undo", &batch, "--apply"]);
    let shown = home.json(&["course", "show", "zoe"]);
    assert_eq!(shown["course"]["last_scores"].as_array().unwrap().len(), 1, "only what was written by hand");
    assert_eq!(shown["course"]["last_dose"], Value::Null);
    assert_eq!(shown["course"]["problems"], serde_json::json!([]));
    assert_eq!(home.json(&["course", "import", "zoe", "--undo", &batch])["undo"]["struck_out"], 0);
    home.ok(&["course", "verify"]);
}

#[test]
fn other_commands_read_a_course_instead_of_a_file() {
    let home = Home::with_course();
    let example = "examples/simulated-open-label-responder.csv";
    home.ok(&["course", "import", "zoe", example, "--apply"]);
    assert_eq!(home.ok(&["verdict", "--course", "zoe", "--json"]), home.ok(&["verdict", example, "--json"]));

    let none = home.fails(&["screen", "--course", "zoe"], 1);
    assert!(none.contains("has no intake") && none.contains("--intake"), "{none}");
    let intake = home.put("intake.toml", ANSWERED);
    home.ok(&["course", "import", "zoe", "--intake", &intake, "--apply"]);
    assert_eq!(home.ok(&["screen", "--course", "zoe", "--json"]), home.ok(&["screen", &intake, "--json"]));
    let plan = ["--protocol", "T01", "--start", "2026-01-06", "--today", "2026-01-05", "--json"];
    let from_course = home.ok(&[&["plan", "--course", "zoe"], &plan[..]].concat());
    assert_eq!(from_course, home.ok(&[&["plan", &intake], &plan[..]].concat()));

    let both = home.fails(&["screen", &intake, "--course", "zoe"], 2);
    assert!(both.contains("expected one of them"), "{both}");
    assert!(home.fails(&["verdict", example, "--store", "x.db"], 2).contains("--course"));
}

#[test]
fn an_export_comes_back_identical_in_another_store() {
    let home = Home::with_course();
    home.ok(&["course", "import", "zoe", "examples/simulated-open-label-responder.csv", "--apply"]);
    let folder = home.path("taken");
    let export = home.json(&["course", "export", "zoe", "--to", &folder]);
    let (id, head) = (&export["export"]["courses"][0]["course"], &export["export"]["courses"][0]["head"]);
    let course = Path::new(&folder).join(id.as_str().unwrap());
    for name in ["journal.jsonl", "diary.csv", "trail.jsonl", "grants.json"] {
        assert!(course.join(name).is_file(), "{name}");
    }
    assert!(home.fails(&["course", "export", "zoe", "--to", &folder], 2).contains("is there already"));
    let diary = course.join("diary.csv").display().to_string();
    assert_eq!(home.ok(&["verdict", &diary, "--json"]), home.ok(&["verdict", "--course", "zoe", "--json"]));

    let other = Home::new();
    let journal = course.join("journal.jsonl").display().to_string();
    assert_eq!(other.json(&["course", "import", "--journal", &journal])["import"]["applied"], false);
    let imported = other.json(&["course", "import", "--journal", &journal, "--apply"]);
    assert_eq!(&imported["import"]["head"], head);
    other.ok(&["course", "verify", id.as_str().unwrap(), "--head", head.as_str().unwrap()]);
    let again = Home::path(&other, "taken");
    other.ok(&["course", "export", "Zoe", "--to", &again]);
    let read = |folder: &str| {
        let text =
            std::fs::read_to_string(Path::new(folder).join(id.as_str().unwrap()).join("journal.jsonl"))
                .unwrap();
        text.split_once('\n').unwrap().1.to_owned()
    };
    assert_eq!(read(&again), read(&folder), "every entry and link, byte by byte");
}

#[test]
fn damage_is_found_and_the_exit_code_says_so() {
    let home = Home::with_course();
    for day in 1..=9 {
        home.ok(&["course", "log", "zoe", "--day", &format!("2026-01-0{day}"), "pain=5"]);
    }
    let verified = home.json(&["course", "verify"]);
    let head = verified["verification"]["courses"][0]["head"].as_str().unwrap().to_owned();
    let id = verified["verification"]["courses"][0]["course"].as_str().unwrap().to_owned();
    home.ok(&["course", "verify", "zoe", "--head", &head]);
    assert!(home.fails(&["course", "verify", "zoe", "--head", "nonsense"], 2).contains("12:9f2c"));

    // The end cut off so that everything else fits: only a head that somebody kept shows it.
    let cut = "DELETE FROM entries WHERE seq > 5; UPDATE courses SET n_entries = 5, head = (SELECT hash FROM entries WHERE seq = 5);";
    sqlite(&home.path("ldn.db"), cut);
    home.ok(&["course", "verify"]);
    let said = home.fails(&["course", "verify", &id, "--head", &head], 1);
    assert!(said.contains("is damaged"), "{said}");
    sqlite(&home.path("ldn.db"), "UPDATE entries SET day = '2026-02-02' WHERE seq = 2;");
    let output = home.command().args(["course", "verify", "--json"]).assert().code(1).get_output().clone();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["verification"]["sound"], false);
    assert!(found["verification"]["damage"][0].as_str().unwrap().contains("entry 2"), "{found}");
}

/// Changes a file as somebody with Debian's sqlite3 would.
fn sqlite(path: &str, statements: &str) {
    let output = std::process::Command::new("sqlite3").arg(path).arg(statements).output();
    let output = output.expect("sqlite3 is missing: on Debian `apt-get install sqlite3`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn erasing_asks_who_and_gives_a_receipt() {
    let home = Home::with_course();
    home.ok(&["course", "log", "zoe", "--day", "2026-01-05", "pain=5", "note=wintergreen"]);
    for args in [&["course", "erase", "zoe"][..], &["course", "erase", "zoe", "--yes-erase", "Max"]] {
        let said = home.fails(args, 2);
        assert!(said.contains("--yes-erase \"Zoe\""), "{said}");
    }
    let (receipt, list) = (home.path("receipt.json"), home.path("ldn-erasures.json"));
    let erase = ["course", "erase", "zoe", "--yes-erase", "Zoe", "--receipt", &receipt, "--erasures", &list];
    let printed: Value = serde_json::from_str(&home.ok(&erase)).unwrap();
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&receipt).unwrap()).unwrap();
    assert_eq!(printed, kept);
    assert!(printed["receipt"]["courses"][0]["head"].as_str().unwrap().starts_with("2:"));
    let person = printed["receipt"]["person"].as_str().unwrap();
    assert!(std::fs::read_to_string(&list).unwrap().contains(person));
    let id = printed["receipt"]["courses"][0]["course"].as_str().unwrap();
    let said = home.fails(&["course", "show", id], 1);
    assert!(said.contains("was erased on"), "{said}");
    assert!(home.ok(&["course", "list"]).contains("(erased)"));
    assert!(home.ok(&["course", "verify"]).contains("(2 erased)"));
    for name in std::fs::read_dir(home.folder.path()).unwrap() {
        let bytes = std::fs::read(name.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(11).any(|window| window == b"wintergreen"));
    }
}
