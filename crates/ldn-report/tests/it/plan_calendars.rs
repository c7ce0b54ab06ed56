//! The calendar file of a plan, also as other people's programs read it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use ldn_core::plan::{DayPlan, TimeOfDay};
use ldn_core::{Dose, Plan};
use ldn_report::{DayTimes, PlanCalendarError, PlanCalendarInput, Titles, plan_calendar};
use proptest::prelude::*;

use crate::plans::{hold, next, parts, plan, signed, step};

const ZONES: [&str; 3] = ["America/New_York", "Europe/Berlin", "Pacific/Auckland"];
const TODAY: Date = date(2026, 2, 1);

fn input(plan: &Plan) -> PlanCalendarInput<'_> {
    PlanCalendarInput {
        plan,
        replaces: &[],
        superseded: false,
        today: TODAY,
        titles: Titles::Neutral,
        times: DayTimes::default(),
    }
}

fn written(plan: &Plan) -> String {
    plan_calendar(&input(plan)).unwrap()
}

/// Lines as they were before folding.
fn unfolded(file: &str) -> Vec<String> {
    file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// The events of a file by their name, as properties by name.
fn events(file: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let (mut all, mut event, mut depth) = (BTreeMap::new(), BTreeMap::new(), 0);
    for line in unfolded(file) {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", _) => depth += 1,
            ("END", "VEVENT") => {
                let found: BTreeMap<String, String> = std::mem::take(&mut event);
                assert!(all.insert(found["UID"].clone(), found).is_none(), "a name twice");
                depth -= 1;
            }
            ("END", _) => depth -= 1,
            // Properties of an alarm are not those of its event.
            _ if depth == 2 => {
                event.insert(name.split(';').next().unwrap().to_owned(), value.to_owned());
            }
            _ => {}
        }
    }
    all
}

fn event<'a>(
    events: &'a BTreeMap<String, BTreeMap<String, String>>,
    key: &str,
) -> &'a BTreeMap<String, String> {
    let mut found = events.iter().filter(|(uid, _)| uid.ends_with(&format!("-{key}")));
    found.next().unwrap_or_else(|| panic!("no {key} in {:?}", events.keys())).1
}

static PYTHON: LazyLock<PathBuf> = LazyLock::new(python);

/// A Python with the two libraries; without it nothing can be said, so the test fails.
#[expect(clippy::disallowed_methods, reason = "a test is told by ./check where its outside tools are")]
fn python() -> PathBuf {
    let cache = std::env::var("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|_| std::env::var("HOME").map(|home| Path::new(&home).join(".cache"))).unwrap();
    let path = std::env::var("LDN_PYTHON").map_or(cache.join("ldn-check/bin/python"), PathBuf::from);
    let probe = Command::new(&path).args(["-c", "import icalendar, recurring_ical_events"]).output();
    assert!(
        probe.is_ok_and(|probe| probe.status.success()),
        "{} has no icalendar and recurring-ical-events; ./check installs both, or set LDN_PYTHON",
        path.display()
    );
    path
}

/// Reads a file from outside; what was counted, or the first difference.
fn read_outside(file: &str, plan: &Plan, zone: &str) -> Result<serde_json::Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let (ics, json) = (folder.path().join("plan.ics"), folder.path().join("plan.json"));
    std::fs::write(&ics, file).unwrap();
    std::fs::write(&json, serde_json::to_string(plan).unwrap()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/outside/read_plan_calendar.py");
    let run =
        Command::new(&*PYTHON).arg(script).args([&ics, &json]).arg(zone).env("TZ", zone).output().unwrap();
    if run.status.success() {
        Ok(serde_json::from_slice(&run.stdout).unwrap())
    } else {
        Err(String::from_utf8(run.stderr).unwrap())
    }
}

#[test]
fn an_outside_library_reads_every_step_on_its_day_across_both_changes_of_the_clock() {
    let open = plan(|_| ());
    let divided = plan(|p| {
        p.steps = vec![
            parts(date(2026, 1, 5), Some(date(2026, 1, 11)), &[(TimeOfDay::Morning, "1.5")]),
            parts(
                date(2026, 1, 12),
                Some(date(2026, 3, 26)),
                &[(TimeOfDay::Morning, "1.5"), (TimeOfDay::Midday, "0.001"), (TimeOfDay::Bedtime, "0.25")],
            ),
            step(date(2026, 4, 4), None, "4.5"),
        ];
    });
    let held_until_screened = plan(|p| {
        p.steps.pop();
        p.holds = vec![hold(date(2026, 3, 27), None)];
    });
    let blinded = plan(|p| p.blinded = true);
    let cases = [
        (open.clone(), vec![], 353),
        (signed(open.clone()), vec![], 353),
        (divided, vec![], 7 + 3 * 74 + 272),
        (held_until_screened, vec![], 81),
        (blinded, vec![], 353),
        (next(&open), vec![open.clone()], 334),
    ];
    for (plan, replaces, doses) in &cases {
        // Titles change no day, so one plan is enough to see that; every plan in every zone is what is slow.
        let titles = if *plan == open { &[Titles::Neutral, Titles::Plain][..] } else { &[Titles::Neutral] };
        for titles in titles {
            let file =
                plan_calendar(&PlanCalendarInput { replaces, titles: *titles, ..input(plan) }).unwrap();
            for zone in ZONES {
                let counted =
                    read_outside(&file, plan, zone).unwrap_or_else(|e| panic!("{zone}: {e}\n{file}"));
                assert_eq!(counted["doses"], *doses);
                assert_eq!(counted["offsets"], 2, "{zone}: summer and winter time lie in the plan");
            }
        }
    }
}

/// What the outside check is worth: it sees a time in UTC, a wrong dose, a lost day, a day too many.
#[test]
fn the_outside_library_sees_what_is_wrong() {
    let plan = plan(|_| ());
    let file = written(&plan);
    let (file, id) = (file.replace("\r\n ", ""), plan.id());
    let broken = [
        ("utc", file.replace("T213000\r\n", "T213000Z\r\n")),
        ("zone", file.replace("DTSTART:20260105", "DTSTART;TZID=Europe/Berlin:20260105")),
        ("time", file.replace("T213000\r\n", "T223000\r\n")),
        ("dose", file.replace("Take 1.5 mg", "Take 15 mg")),
        ("lost day", file.replace("COUNT=7", "COUNT=6")),
        ("day too many", file.replace("COUNT=67", "COUNT=68")),
        ("runs on", file.replace("COUNT=272", "COUNT=273")),
        ("version", file.replace("SEQUENCE:1", "SEQUENCE:2")),
        ("id", file.replace(&format!("Plan 1 ({id})"), "Plan 1 (0)")),
    ];
    for (what, broken) in broken {
        assert_ne!(file, broken, "{what}");
        assert!(read_outside(&broken, &plan, "Europe/Berlin").is_err(), "{what} was not seen");
    }
}

#[test]
fn lines_are_as_the_standard_wants_them() {
    let plan = plan(|p| {
        p.review[0].what = "Schlaf, Träume; Übelkeit \\ und 老虎\r\nEND:VEVENT ".repeat(9);
        p.holds[0].why = "\u{7}Zahn\nDTSTART:1".into();
    });
    for titles in [Titles::Neutral, Titles::Plain] {
        let file = plan_calendar(&PlanCalendarInput { titles, ..input(&plan) }).unwrap();
        assert!(
            file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && file.ends_with("END:VCALENDAR\r\n")
        );
        for line in file.split_terminator("\r\n") {
            assert!(line.len() <= 75, "{line}");
            assert!(!line.contains(char::is_control), "{line:?}");
        }
        for line in unfolded(&file) {
            assert!(!line.contains("TZID"), "{line}");
            let may_be_utc = line.starts_with("DTSTAMP:");
            assert!(may_be_utc || !line.ends_with('Z'), "{line}");
            assert!(!may_be_utc || line == "DTSTAMP:20260102T000000Z", "{line}");
        }
        assert_eq!(file.matches("END:VEVENT\r\n").count(), file.matches("BEGIN:VEVENT\r\n").count());
        assert!(!file.contains('{'), "every name is filled in");
        assert!(read_outside(&file, &plan, "Europe/Berlin").is_ok());
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_a_signature_a_later_stamp() {
    let open = plan(|_| ());
    assert_eq!(written(&open), written(&open.clone()));
    let signed = written(&signed(open));
    assert!(signed.contains("DTSTAMP:20260103T000000Z") && !signed.contains("DTSTAMP:20260102"));
    assert!(unfolded(&signed).iter().any(|line| line.contains("signed on 2026-01-03")));
}

#[test]
fn neutral_titles_name_no_medicine_and_plain_titles_the_dose() {
    let plan = plan(|_| ());
    let neutral = written(&plan);
    for line in unfolded(&neutral).iter().filter(|line| line.starts_with("SUMMARY")) {
        assert!(!line.contains(char::is_numeric) && !line.contains("LDN"), "{line}");
    }
    let without_mark = neutral.replace("PRODID:-//ldn//plan calendar 1//EN", "").to_lowercase();
    assert!(!without_mark.contains("ldn") && !without_mark.contains("naltrexone"), "{neutral}");
    assert_eq!(event(&events(&neutral), "step-1-bedtime")["SUMMARY"], "Evening check-in");
    let plain = plan_calendar(&PlanCalendarInput { titles: Titles::Plain, ..input(&plan) }).unwrap();
    assert_eq!(event(&events(&plain), "step-1-bedtime")["SUMMARY"], "LDN\\, 1.5 mg\\, at bedtime");
}

#[test]
fn the_day_of_judging_stands_there_once() {
    let has_judge = |plan: &Plan| events(&written(plan)).keys().any(|uid| uid.ends_with("-judge"));
    assert!(has_judge(&plan(|_| ())));
    assert!(!has_judge(&plan(|p| p.judge_on = Some(p.review[0].on))));
}

/// One reminder at one minute: the bedtime dose and the diary share theirs.
#[test]
fn nobody_is_reminded_twice_at_once() {
    let at_bedtime = written(&plan(|_| ()));
    assert_eq!(at_bedtime.matches("BEGIN:VALARM").count(), 1);
    let in_the_morning = plan(|p| {
        p.steps = vec![parts(date(2026, 1, 5), Some(date(2026, 1, 9)), &[(TimeOfDay::Morning, "1")])]
    });
    assert_eq!(written(&in_the_morning).matches("BEGIN:VALARM").count(), 2);
}

#[test]
fn a_new_plan_replaces_the_entries_of_all_before_it() {
    let first = plan(|_| ());
    let second = next(&first);
    let third = next(&second);
    let of = |plan: &Plan, replaces: &[Plan]| {
        events(&plan_calendar(&PlanCalendarInput { replaces, ..input(plan) }).unwrap())
    };
    let (one, two) = (of(&first, &[]), of(&second, std::slice::from_ref(&first)));
    let three = of(&third, &[second.clone(), first.clone()]);
    for (newer, version) in [(&two, "2"), (&three, "3")] {
        for (uid, entry) in &one {
            let entry_now = newer.get(uid).unwrap_or_else(|| panic!("{uid} would stay"));
            assert_eq!(entry_now["SEQUENCE"], version);
            let gone = ["step-2-", "step-3-", "step-4-", "hold-1"].iter().any(|key| uid.contains(key));
            assert_eq!(entry_now["STATUS"] == "CANCELLED", gone, "{uid}");
            assert!(!gone || (!entry_now.contains_key("RRULE") && !entry_now["DESCRIPTION"].contains("mg")));
            assert_eq!(entry["SEQUENCE"], "1");
        }
    }
    let missing =
        plan_calendar(&PlanCalendarInput { replaces: std::slice::from_ref(&second), ..input(&third) });
    assert_eq!(missing, Err(PlanCalendarError::MissingAncestor { missing: first.id() }));
    let stranger =
        plan_calendar(&PlanCalendarInput { replaces: std::slice::from_ref(&third), ..input(&first) });
    assert_eq!(stranger, Err(PlanCalendarError::NotAnAncestor(third.id())));
}

#[test]
fn an_expired_or_superseded_plan_exports_no_dose() {
    let plan = plan(|_| ());
    let expired = PlanCalendarInput { today: date(2027, 1, 1), ..input(&plan) };
    let superseded = PlanCalendarInput { superseded: true, ..input(&plan) };
    for (input, key) in [(expired, "expired"), (superseded, "superseded")] {
        for titles in [Titles::Neutral, Titles::Plain] {
            let file = plan_calendar(&PlanCalendarInput { titles, ..input }).unwrap();
            assert!(!file.contains(" mg") && !file.contains("RRULE"), "{file}");
            let events = events(&file);
            assert_eq!(events.len(), 1);
            let ask = event(&events, key);
            assert!(ask["SUMMARY"].to_lowercase().contains("ask before the next dose"));
            assert!(ask["DESCRIPTION"].contains("Ask before the next dose."));
        }
    }
    let last_day = PlanCalendarInput { today: plan.parts().valid_until, ..input(&plan) };
    assert!(plan_calendar(&last_day).unwrap().contains("1.5 mg"));
}

/// Two blinded plans that differ in every dose give the same file but for their names.
#[test]
fn a_blinded_calendar_does_not_depend_on_what_is_in_the_capsule() {
    let blinded = |milligrams: &'static str| {
        plan(move |p| {
            p.blinded = true;
            for step in &mut p.steps {
                step.parts[0].dose = Dose::from_milligrams_text(milligrams).unwrap();
            }
        })
    };
    let (one, other) = (blinded("4.5"), blinded("0.001"));
    for titles in [Titles::Neutral, Titles::Plain] {
        let file = |plan: &Plan| {
            let file = plan_calendar(&PlanCalendarInput { titles, ..input(plan) }).unwrap();
            file.replace("\r\n ", "").replace(plan.id().as_str(), "ID")
        };
        assert_eq!(file(&one), file(&other));
        assert!(!file(&one).contains(" mg") && !file(&one).contains("microgram"));
    }
}

/// Every dose that a file lists by its rules of recurrence, as days.
fn listed(file: &str) -> BTreeMap<Date, String> {
    let mut days = BTreeMap::new();
    for (uid, event) in events(file).into_iter().filter(|(uid, _)| uid.contains("-step-")) {
        let first: Date = event["DTSTART"][..8].parse().unwrap();
        let count: i32 = event["RRULE"].rsplit('=').next().unwrap().parse().unwrap();
        let what = event["DESCRIPTION"].split(" at bedtime").next().unwrap().replace("Take ", "");
        for day in (0..count).map(|n| first.checked_add(n.days()).unwrap()) {
            assert!(days.insert(day, what.clone()).is_none(), "{uid}: two doses on {day}");
        }
    }
    days
}

/// A plan of runs of days, each taken or held, cut off on any day.
fn any_plan() -> impl Strategy<Value = Plan> {
    let runs = prop::collection::vec((1_i32..40, any::<bool>(), 1_u32..12_000), 1..8);
    (runs, 0_i32..20_000, 0_i32..300, any::<bool>()).prop_map(|(runs, start, valid, open)| {
        let mut day = date(1990, 1, 1).checked_add(start.days()).unwrap();
        let (made_on, mut steps, mut holds) = (day, vec![], vec![]);
        let last = runs.len() - 1;
        for (index, (days, taken, micrograms)) in runs.into_iter().enumerate() {
            let to = day.checked_add((days - 1).days()).unwrap();
            let dose = Dose::from_micrograms(micrograms).milligrams_text();
            let end = (!open || index < last).then_some(to);
            if taken {
                steps.push(step(day, end, &dose))
            } else {
                holds.push(hold(day, end))
            }
            day = to.tomorrow().unwrap();
        }
        plan(|p| {
            p.made_on = made_on;
            p.valid_until = made_on.checked_add(valid.days()).unwrap();
            (p.steps, p.holds) = (steps, holds);
        })
    })
}

proptest! {
    /// The file lists a dose on exactly the days on which the plan gives one, and exactly that dose.
    #[test]
    fn the_calendar_is_the_plan(plan in any_plan()) {
        let parts = plan.parts();
        let file = plan_calendar(&PlanCalendarInput { today: parts.made_on, ..input(&plan) }).unwrap();
        let listed = listed(&file);
        let last = parts.valid_until.checked_add(400.days()).unwrap();
        for day in parts.made_on.series(1.day()).take_while(|day| *day <= last) {
            let expected = match plan.on(day) {
                DayPlan::Take(step) => Some(step.dose().to_string()),
                _ => None,
            };
            prop_assert_eq!(listed.get(&day), expected.as_ref(), "{}", day);
        }
    }
}
