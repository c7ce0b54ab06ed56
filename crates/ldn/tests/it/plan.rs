//! `ldn plan`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::screen::ANSWERED;
use crate::{ldn, stderr, stdout};

const TODAY: &str = "2026-01-05";

/// A folder with an intake in it.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("intake.toml"), ANSWERED).unwrap();
        Desk { folder }
    }

    pub(crate) fn blinded() -> Desk {
        let desk = Desk::new();
        desk.put("intake.toml", &ANSWERED.replace("blinded_period = \"no\"", "blinded_period = \"yes\""));
        desk
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn put(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The common schedule from 6 January on, written to `plan.json`; what is printed.
    pub(crate) fn plan(&self, more: &[&str]) -> String {
        let (intake, out) = (self.path("intake.toml"), self.path("plan.json"));
        let args =
            ["plan", &intake, "--protocol", "T01", "--start", "2026-01-06", "--today", TODAY, "--out", &out];
        stdout(&[&args[..], more].concat())
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_common_schedule_is_planned_day_by_day() {
    let desk = Desk::new();
    let text = desk.plan(&[]);
    for expected in [
        "NOT SIGNED",
        "2026-01-06 to 2026-01-12   7 d  1.5 mg at bedtime",
        "2026-01-13 to 2026-01-19   7 d  3 mg at bedtime",
        "2026-01-20 on                   4.5 mg at bedtime",
        "Highest dose  4.5 mg",
        "off-label",
        "If it goes badly",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let plan = json(&desk.plan(&["--json"]));
    assert_eq!(plan, json(&desk.read("plan.json")));
    assert_eq!(plan["schema"], 1);
    assert_eq!(plan["signed"], false);
    assert_eq!(plan["steps"][2]["dose_mg"], 4.5);
    assert_eq!(plan["judge_on"], "2026-04-14", "84 days at the target");
}

#[test]
fn every_refusal_names_the_way_out() {
    let desk = Desk::new();
    let intake = desk.path("intake.toml");
    let plan = |more: &[&str], code| stderr(&[&["plan", &intake, "--today", TODAY][..], more].concat(), code);
    let unknown = plan(&["--protocol", "fibro", "--start", "2026-01-06"], 1);
    assert!(unknown.contains("no protocol `fibro`; did you mean fibromyalgia-common (T01)"), "{unknown}");
    assert!(unknown.contains("hint: all of them: ldn plan protocols"));
    let past = plan(&["--protocol", "T01", "--start", "2026-01-04"], 1);
    assert!(past.contains("the start 2026-01-04 lies before today") && past.contains("--backdate"), "{past}");
    let shown = plan(&["--protocol", "T20", "--start", "2026-01-06"], 1);
    assert!(shown.contains("cannot be planned") && shown.contains("ldn plan protocols"), "{shown}");
    let no_unit = plan(&["--protocol", "T01", "--start", "2026-01-06", "--target", "4.5"], 2);
    assert!(no_unit.contains("`4.5` has no unit; expected mg or micrograms"), "{no_unit}");
    let choice = plan(&["--protocol", "T15", "--start", "2026-01-06"], 1);
    assert!(choice.contains("choose with --interval"), "{choice}");
    let alone = plan(&["--protocol", "T01", "--start", "2026-01-06", "--override", "UN-02"], 2);
    assert!(alone.contains("--reason") && alone.contains("--prescriber"), "{alone}");
    let not_overridable = plan(
        &[
            "--protocol",
            "T01",
            "--start",
            "2026-01-06",
            "--override",
            "op-01",
            "--reason",
            "x",
            "--prescriber",
            "Dr A",
        ],
        1,
    );
    assert!(not_overridable.contains("OP-01 (contraindicated) permits no override"), "{not_overridable}");
    assert!(stderr(&["plan", &intake], 2).contains("--protocol"));
    let unreadable = stderr(&["plan", "show", &intake], 1);
    assert!(unreadable.contains("is not a plan that can be read"), "{unreadable}");
}

#[test]
fn a_plan_needs_a_screening_that_allows_it() {
    let desk = Desk::new();
    desk.put(
        "intake.toml",
        &format!(
            "{ANSWERED}[[medicine]]\nname = \"OxyContin 60 mg\"\nuse = \"daily\"\nrelease = \"extended\"\n"
        ),
    );
    let intake = desk.path("intake.toml");
    let args = ["plan", &intake, "--protocol", "T01", "--start", "2026-01-06", "--today", TODAY];
    let refused = stderr(&args, 1);
    assert!(refused.contains("contraindicated by") && refused.contains("OP-02"), "{refused}");
}

#[test]
fn an_operation_in_the_intake_is_a_pause_in_plan_calendar_and_letter() {
    let desk = Desk::new();
    let operation =
        "[[procedure]]\nname = \"hernia operation\"\ndate = 2026-02-10\nopioids_expected = \"unknown\"\n";
    desk.put("intake.toml", &format!("{ANSWERED}{operation}"));
    let ics = desk.path("plan.ics");
    let text = desk.plan(&["--ics", &ics]);
    assert!(text.contains("2026-02-07 on") && text.contains("no LDN:") && text.contains("SU-01"), "{text}");
    let calendar = desk.read("plan.ics").replace("\r\n ", "");
    assert!(calendar.contains("DTSTART;VALUE=DATE:20260207") && calendar.contains("COUNT=18"), "{calendar}");
    let plan = desk.path("plan.json");
    let letter = stdout(&[
        "plan",
        "letter",
        &plan,
        "--name",
        "Ana M",
        "--birth-year",
        "1978",
        "--surgery",
        "2026-02-10",
        "--today",
        TODAY,
    ]);
    assert!(letter.contains("The plan pauses on all of these days."), "{letter}");
    assert!(letter.contains("Last dose not after  6 February 2026"), "{letter}");
}

#[test]
fn card_and_letter_are_text_and_page() {
    let desk = Desk::new();
    desk.plan(&[]);
    let (plan, html) = (desk.path("plan.json"), desk.path("card.html"));
    let who = ["--name", "Ana <M>", "--birth-year", "1978", "--today", TODAY];
    let card = stdout(&[&["plan", "card", &plan, "--html", &html][..], &who].concat());
    assert!(card.contains("Show this to the emergency team") && card.contains("Ana <M>"), "{card}");
    assert!(desk.read("card.html").contains("Ana &#60;M&#62;"));
    let letter = ["plan", "letter", &plan, "--surgery", "2026-02-10"];
    let run = ldn().args(letter).args(who).assert().success();
    let warning = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(warning.contains("the plan lists a dose on 4 of the days without LDN"), "{warning}");
    let shortened = stderr(&[&letter[..], &who, &["--hours", "48"]].concat(), 1);
    assert!(shortened.contains("72 hours are never shortened"), "{shortened}");
}

#[test]
fn signing_keeps_the_name_and_happens_once() {
    let desk = Desk::new();
    desk.plan(&[]);
    let (plan, signed) = (desk.path("plan.json"), desk.path("signed.json"));
    stdout(&["plan", "sign", &plan, "--prescriber", "Dr A", "--out", &signed, "--today", TODAY]);
    let (before, after) = (json(&desk.read("plan.json")), json(&desk.read("signed.json")));
    assert_eq!(before["id"], after["id"]);
    assert_eq!(after["signature"]["prescriber"], "Dr A");
    let again = stderr(&["plan", "sign", &signed, "--prescriber", "Dr B", "--today", TODAY], 1);
    assert!(again.contains("signed already, by Dr A on 2026-01-05"), "{again}");
    let late = stderr(&["plan", "sign", &plan, "--prescriber", "Dr A", "--today", "2027-01-01"], 1);
    assert!(late.contains("ask before the next dose"), "{late}");
    let shown = desk.plan(&["--sign", "Dr C"]);
    assert!(shown.contains("by Dr C on 2026-01-05") && !shown.contains("NOT SIGNED"), "{shown}");
}

#[test]
fn one_day_is_shown_and_after_the_end_nothing_but_a_question() {
    let desk = Desk::new();
    desk.plan(&[]);
    let plan = desk.path("plan.json");
    let on = |day: &str, more: &[&str]| {
        stdout(
            &[
                &["plan", "show", &plan, "--on", day][..],
                if more.is_empty() { &["--today", TODAY] } else { more },
            ]
            .concat(),
        )
    };
    assert_eq!(on("2026-01-13", &[]), "2026-01-13: 3 mg at bedtime (the plan is not signed)\n");
    assert_eq!(on("2026-01-05", &[]), "2026-01-05: no dose in this plan\n");
    assert!(on("2026-07-21", &[]).starts_with("Ask before the next dose."));
    for more in [&["--today", "2027-01-01"][..], &["--today", "2027-01-01", "--json"]] {
        let late = on("2026-01-13", more);
        assert!(late.to_lowercase().contains("ask before the next dose"), "{late}");
        assert!(!late.contains("mg"), "{late}");
    }
}

#[test]
fn a_diary_leads_to_the_next_plan_which_replaces_the_entries_of_the_first() {
    let desk = Desk::new();
    let first = desk.path("first.ics");
    desk.plan(&["--ics", &first]);
    desk.put("diary.csv", "date,dose_mg,pain,side_effects\n2026-01-06,1.5,7,\n2026-01-07,1.5,6,vivid dreams\n2026-01-08,1.5,6,vivid dreams\n");
    let [plan, diary, next, ics] =
        ["plan.json", "diary.csv", "next.json", "next.ics"].map(|name| desk.path(name));
    let args = ["plan", "adapt", &plan, &diary, "--today", "2026-01-08", "--out", &next, "--ics", &ics];
    let text = stdout(&args);
    assert!(
        text.contains("move to morning") && text.contains("2026-01-07, side_effects: vivid dreams"),
        "{text}"
    );
    let answer = json(&stdout(&[&args[..], &["--json"]].concat()));
    assert_eq!(answer["proposals"][0]["kind"], "move-to-morning");
    let (old, new) = (json(&desk.read("plan.json")), json(&desk.read("next.json")));
    assert_eq!(new["parent"], old["id"]);
    assert_eq!(new["version"], 2);
    let names = |file: &str| -> Vec<String> {
        let text = desk.read(file).replace("\r\n ", "");
        text.lines()
            .filter(|line| line.starts_with("UID:") && !line.ends_with("-alarm"))
            .map(str::to_owned)
            .collect()
    };
    let (before, after) = (names("first.ics"), names("next.ics"));
    assert!(before.iter().all(|name| after.contains(name)), "{before:?} {after:?}");
    // The old plan is replaced: no dose any more, on any day and in any form.
    let superseded = ["--superseded-by", &next, "--today", "2026-01-08"];
    for form in [
        &["plan", "show", &plan][..],
        &["plan", "show", &plan, "--json"],
        &["plan", "show", &plan, "--on", "2026-01-08"],
    ] {
        let shown = stdout(&[form, &superseded].concat());
        assert!(
            shown.to_lowercase().contains("ask before the next dose") && !shown.contains("mg"),
            "{shown}"
        );
    }
    let stranger = stderr(&["plan", "show", &next, "--superseded-by", &plan, "--today", "2026-01-08"], 1);
    assert!(stranger.contains("expected a plan that follows from"), "{stranger}");
    let no_parent = stderr(&["plan", "show", &next, "--ics", &ics, "--today", "2026-01-08"], 1);
    assert!(no_parent.contains("--replaces"), "{no_parent}");
}

#[test]
fn a_blinded_plan_prints_no_dose() {
    let desk = Desk::blinded();
    let ics = desk.path("plan.ics");
    let plan = desk.path("plan.json");
    let mut outputs = vec![
        desk.plan(&["--ics", &ics]),
        desk.read("plan.ics"),
        desk.plan(&["--ics", &ics, "--plain-titles"]),
    ];
    outputs.push(desk.read("plan.ics"));
    outputs.push(stdout(&["plan", "show", &plan, "--on", "2026-01-20", "--today", TODAY]));
    outputs.push(stdout(&["plan", "show", &plan, "--on", "2026-01-20", "--today", TODAY, "--json"]));
    for output in outputs {
        assert!(
            !output.contains(" mg") && !output.contains("_mg") && !output.contains("microgram"),
            "{output}"
        );
    }
    let shown = stdout(&["plan", "show", &plan, "--today", TODAY]);
    assert!(
        shown.contains("the capsules labelled for the day at bedtime") && shown.contains("BL-01"),
        "{shown}"
    );
}

#[test]
fn protocols_are_listed_with_what_is_missing() {
    let list = stdout(&["plan", "protocols"]);
    for expected in ["T01  fibromyalgia-common", "Shown only", "missing:", "choose --step"] {
        assert!(list.contains(expected), "{expected:?} is missing in {list}");
    }
    let all = json(&stdout(&["plan", "protocols", "--json"]));
    let all = all["protocols"].as_array().unwrap();
    assert_eq!(all.len(), 31, "T01 to T31");
    for protocol in all {
        let id = protocol["id"].as_str().unwrap();
        let in_full = stdout(&["plan", "protocols", id]);
        assert!(in_full.contains("Source") && in_full.contains("Checked"), "{in_full}");
        let by_alias = stdout(&["plan", "protocols", &protocol["alias"].as_str().unwrap().to_lowercase()]);
        assert_eq!(in_full, by_alias);
    }
    assert!(stderr(&["plan", "protocols", "T99"], 1).contains("no protocol `T99`"));
}

#[test]
fn nothing_is_written_over_the_intake_or_half_written() {
    let desk = Desk::new();
    let intake = desk.path("intake.toml");
    let args = ["plan", &intake, "--protocol", "T01", "--start", "2026-01-06", "--today", TODAY];
    stderr(&[&args[..], &["--out", &intake]].concat(), 2);
    assert_eq!(desk.read("intake.toml"), ANSWERED);
    let missing: PathBuf = Path::new(&desk.path("no")).join("plan.ics");
    let out = desk.path("plan.json");
    stderr(&[&args[..], &["--out", &out, "--ics", missing.to_str().unwrap()]].concat(), 1);
    assert!(!Path::new(&out).exists());
}
