//! Protocols as data, plans and refusals, and the helpers of the other tests of plans.

use std::path::Path;

use jiff::civil::{Date, date};
use ldn_care::intake::Intake;
use ldn_care::plan::{Choices, Kind, Protocols, Refusal, Request, propose};
use ldn_care::screen::{Disposition, RuleSet};
use ldn_core::Dose;
use ldn_core::plan::{Override, Plan, Resume, TimeOfDay};

use crate::screen::{intake_but, medicine, screened};

/// The day of every screening here, and the first day of every plan unless said otherwise.
pub(crate) const TODAY: Date = date(2026, 1, 5);

pub(crate) fn milligrams(text: &str) -> Dose {
    Dose::from_milligrams_text(text).unwrap()
}

/// Plans for an intake.
pub(crate) fn plan_for(
    intake: &Intake,
    protocol: &str,
    start: Date,
    choices: &Choices,
) -> Result<Plan, Refusal> {
    let protocols = Protocols::shipped();
    let request = Request {
        protocol: protocols.find(protocol).unwrap(),
        screening: &screened(intake),
        intake,
        start,
        choices,
        today: TODAY,
    };
    propose(&request, protocols, RuleSet::shipped())
}

/// Plans from today for the person with everything answered, but for this.
pub(crate) fn plan_but(changes: &str, protocol: &str, choices: &Choices) -> Result<Plan, Refusal> {
    plan_for(&intake_but(changes), protocol, TODAY, choices)
}

/// Choices that let every protocol that can be planned be planned: the slowest and lowest of each.
pub(crate) fn enough_choices(protocol: &str) -> Choices {
    let protocol = Protocols::shipped().find(protocol).unwrap();
    let schedule = protocol.schedule().unwrap();
    let rise = schedule.rise.as_ref();
    let target = match schedule.target {
        ldn_care::plan::Target::Dose(field) => field.stated().unwrap_or(milligrams("4.5")),
        _ => milligrams("4.5"),
    };
    Choices {
        start_dose: schedule.start.stated().is_none().then(|| schedule.start.least()),
        step: rise.filter(|rise| rise.step.stated().is_none()).map(|rise| rise.step.greatest()),
        interval_days: rise
            .filter(|rise| rise.interval_days.stated().is_none())
            .map(|rise| rise.interval_days.least()),
        target: Some(target),
        divided_at: if schedule.divided { vec![TimeOfDay::Bedtime, TimeOfDay::Morning] } else { vec![] },
        ..Choices::default()
    }
}

pub(crate) fn overriding(rule: &str) -> Choices {
    let found =
        Override { rule: rule.to_owned(), reason: "discussed".to_owned(), prescriber: "Dr A".to_owned() };
    Choices { overrides: vec![found], ..Choices::default() }
}

fn refusal(changes: &str, protocol: &str, choices: &Choices) -> String {
    plan_but(changes, protocol, choices).unwrap_err().to_string()
}

fn days(plan: &Plan) -> Vec<(String, Option<String>, String)> {
    let step = |step: &ldn_core::plan::Step| {
        (step.from.to_string(), step.to.map(|to| to.to_string()), step.dose().milligrams_text())
    };
    plan.steps().iter().map(step).collect()
}

#[test]
fn there_are_thirty_one_protocols_and_each_is_what_its_source_allows() {
    let protocols = Protocols::shipped();
    let of = |kind| -> Vec<&str> {
        protocols.all().filter(|one| one.kind() == kind).map(|one| one.alias.as_str()).collect()
    };
    assert_eq!(
        of(Kind::Plannable),
        ["T01", "T03", "T11", "T12", "T13", "T14", "T15", "T16", "T18", "T23", "T26"]
    );
    assert_eq!(of(Kind::Proposable), ["T02", "T04", "T05", "T07", "T10", "T17", "T19", "T27"]);
    assert_eq!(
        of(Kind::Shown),
        ["T06", "T08", "T09", "T20", "T21", "T22", "T24", "T25", "T28", "T29", "T30", "T31"]
    );
    assert_eq!(protocols.all().count(), 31);
    for protocol in protocols.all() {
        assert_eq!(protocols.find(&protocol.alias.to_lowercase()), Some(protocol));
        assert_eq!(protocols.find(&protocol.id), Some(protocol));
        assert_eq!(protocol.missing().is_empty(), protocol.kind() == Kind::Plannable, "{}", protocol.id);
        assert!(serde_json::to_value(protocol.listed()).unwrap()["kind"].is_string());
    }
    assert_eq!(protocols.find("T32"), None);
}

#[test]
fn every_source_of_a_protocol_is_in_the_library_and_no_file_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/protocols");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), Protocols::shipped_files().len());
    let library = ldn_evidence::Library::shipped();
    let protocols = Protocols::shipped();
    let own = protocols.all().flat_map(|one| &one.sources);
    for source in own.chain(protocols.planning().sources()).chain(protocols.adaptation_sources()) {
        assert!(library.source(source).is_some(), "{source}");
    }
}

#[test]
fn a_protocol_with_a_mistake_is_refused_with_its_place() {
    let change = |file: &str, from: &str, to: &str| {
        let files: Vec<(&str, String)> = Protocols::shipped_files()
            .iter()
            .map(|(name, text)| {
                let changed = if *name == file { text.replace(from, to) } else { (*text).to_owned() };
                assert!(*name != file || changed != *text, "{file} does not hold {from:?}");
                (*name, changed)
            })
            .collect();
        Protocols::read(files.iter().map(|(name, text)| (*name, text.as_str()))).unwrap_err().to_string()
    };
    let common = "protocols/fibromyalgia-common.toml";
    for (file, from, to, expected) in [
        (common, "start = { stated = \"1.5 mg\" }", "start = { stated = \"1.5\" }", "no unit"),
        (common, "id = \"fibromyalgia-common\"", "id = \"other\"", "file's own name"),
        (
            "protocols/fibromyalgia-general.toml",
            "alias = \"T02\"",
            "alias = \"T01\"",
            "a short name of its own",
        ),
        (common, "interval_days = { stated = 7 }", "", "step and interval_days together"),
        (common, "step = ", "colour = 1\nstep = ", "unknown field `colour`"),
        (common, "most = \"4.5 mg\"", "most = \"1 mg\"", "up to 1 mg"),
        ("protocols/general-practice-kim.toml", "[7, 28]", "[28, 7]", "the smaller first"),
        ("protocols/hospital-sheet-ontario.toml", "missing = [", "missing = []\nx = [", "unknown field"),
        ("protocols/planning.toml", "hold = \"No dose", "held = \"No dose", "how.hold"),
        ("protocols/adaptation.toml", "halve = \"", "halves = \"", "words.halve"),
    ] {
        let problems = change(file, from, to);
        assert!(problems.contains(file) && problems.contains(expected), "{from:?} -> {to:?}: {problems}");
    }
}

#[test]
fn the_common_schedule_is_seven_days_seven_days_then() {
    let plan = plan_but("", "T01", &Choices::default()).unwrap();
    let expected = [
        ("2026-01-05", Some("2026-01-11"), "1.5"),
        ("2026-01-12", Some("2026-01-18"), "3"),
        ("2026-01-19", None, "4.5"),
    ];
    let expected = expected.map(|(from, to, dose)| (from.to_owned(), to.map(str::to_owned), dose.to_owned()));
    assert_eq!(days(&plan), expected);
    assert_eq!(plan.parts().judge_on, Some(date(2026, 4, 13)), "84 days after 19 January");
    assert!(!plan.is_signed() && plan.parts().proposed.is_empty() && plan.parts().version == 1);
    // Six months are 5 July; the judge comes earlier; two weeks for the visit.
    assert_eq!(plan.parts().valid_until, date(2026, 7, 19));
}

#[test]
fn a_plan_is_refused_on_emergency_refusal_and_anything_that_blocks() {
    let none = Choices::default();
    for (changes, expected) in [
        ("answers.suicidal_thoughts_now = \"yes\"\n", "an emergency comes first (PS-01)"),
        ("person.pregnancy = \"pregnant\"\n", "contraindicated by PR-01"),
        ("answers.liver_disease = \"unknown\"\n", "answer answers.liver_disease in the intake"),
        ("course.release = \"extended\"\n", "contraindicated by FO-01"),
        ("[[medicine]]\nname = \"Zyxol\"\nuse = \"daily\"\n", "\"Zyxol\" is not recognised"),
        // A question blocks also where a prescriber has to decide about something graver.
        (
            "answers.liver_disease = \"unknown\"\n[[condition]]\nname = \"kidney transplant\"\nstatus = \"active\"\n",
            "answers.liver_disease",
        ),
        ("course.requested_dose = \"50 mg\"\n", "contraindicated by UN-05"),
    ] {
        let text = refusal(changes, "T01", &none);
        assert!(text.contains(expected), "{changes}: {text}");
    }
    let screening = screened(&intake_but("answers.opioids_last_90_days = \"unknown\"\n"));
    assert_eq!(screening.disposition, Disposition::Incomplete);
    let stopped =
        medicine("oxycodone", "use = \"stopped\"; release = \"immediate\"; last_taken = 2026-01-01");
    let stopped = format!("answers.opioids_last_90_days = \"yes\"\n{stopped}");
    assert!(refusal(&stopped, "T01", &none).contains("Screen again on 2026-01-11"));
}

#[test]
fn what_a_source_leaves_open_has_to_be_chosen_inside_its_range() {
    let choices = |step: Option<&str>, interval_days| Choices {
        step: step.map(milligrams),
        interval_days,
        ..Choices::default()
    };
    for (protocol, choices, expected) in [
        ("T16", choices(None, None), "leaves open the interval: choose with --interval, 7 to 14"),
        ("T16", choices(None, Some(6)), "--interval 6: protocol `clinic-one-and-a-half` allows 7 to 14"),
        ("T01", choices(None, Some(14)), "--interval 14: protocol `fibromyalgia-common` allows 7, as stated"),
        (
            "T05",
            choices(None, None),
            "does not state the step: choose with --step, 0.5 mg to 1.5 mg (proposal: 0.5 mg",
        ),
        (
            "T23",
            choices(Some("1"), None),
            "--step 1 mg: protocol `fibromyalgia-innova-trial` allows a fixed dose",
        ),
        (
            "T22",
            choices(None, None),
            "cannot be planned; its source does not give: whether 4.5 mg was reached",
        ),
        ("T20", choices(None, None), "cannot be planned"),
        ("T26", choices(None, None), "above protocol `long-covid-dublin`, which ends at 2 mg"),
        ("T27", choices(None, None), "--divided-at"),
    ] {
        let text = refusal("", protocol, &choices);
        assert!(text.contains(expected), "{protocol}: {text}");
    }
    let text = refusal("course.requested_dose = none\n", "T12", &Choices::default());
    assert!(text.contains("names no number for the target: choose with --target"), "{text}");
    let plan = plan_but("", "T05", &choices(Some("1.5"), Some(14))).unwrap();
    let proposed: Vec<_> =
        plan.parts().proposed.iter().map(|one| (one.field.as_str(), one.value.as_str())).collect();
    assert_eq!(proposed, [("step", "1.5 mg"), ("interval", "14 days"), ("time of day", "at bedtime")]);
}

#[test]
fn a_lower_target_is_open_and_a_higher_one_needs_a_reason() {
    let plan = plan_but("course.requested_dose = \"2 mg\"\n", "T11", &Choices::default()).unwrap();
    assert_eq!(plan.highest_dose(), milligrams("2"));
    let six = "course.requested_dose = \"6 mg\"\n";
    let text = refusal(six, "T12", &Choices::default());
    assert!(text.contains("6 mg is above 4.5 mg") && text.contains("--override UN-02"), "{text}");
    let plan = plan_but(six, "T12", &overriding("UN-02")).unwrap();
    assert_eq!((plan.highest_dose(), plan.parts().overrides.len()), (milligrams("6"), 1));
    let nine = "course.requested_dose = \"9 mg\"\n";
    assert!(refusal(nine, "T12", &overriding("UN-02")).contains("UN-03"), "the wrong band");
    assert!(plan_but(nine, "T12", &overriding("UN-03")).is_ok());
    let low = Choices { target: Some(milligrams("4.5")), ..Choices::default() };
    assert!(plan_but(nine, "T12", &low).is_ok(), "the plan never enters the band that was asked for");
    let high = Choices { target: Some(milligrams("12.5")), ..Choices::default() };
    assert!(refusal("", "T12", &high).contains("ends at 12 mg"));
}

#[test]
fn an_override_is_whole_and_only_for_a_rule_that_permits_one() {
    let transplant = "[[condition]]\nname = \"kidney transplant\"\nstatus = \"active\"\n";
    assert!(refusal(transplant, "T01", &Choices::default()).contains("IM-01 needs a prescriber's decision"));
    let plan = plan_but(transplant, "T01", &overriding("IM-01")).unwrap();
    assert_eq!(plan.parts().overrides[0].prescriber, "Dr A");
    assert!(refusal("", "T01", &overriding("IM-01")).contains("the screening has no such finding"));
    assert!(refusal("", "T01", &overriding("ZZ-99")).contains("the screening has no such finding"));
    assert!(
        refusal("person.pregnancy = \"pregnant\"\n", "T01", &overriding("PR-01"))
            .contains("permits no override")
    );
    let mut nameless = overriding("IM-01");
    nameless.overrides[0].prescriber.clear();
    assert!(refusal(transplant, "T01", &nameless).contains("expected the prescriber's name"));
    let mut twice = overriding("IM-01");
    twice.overrides.push(twice.overrides[0].clone());
    assert!(refusal(transplant, "T01", &twice).contains("one override for each rule"));
}

#[test]
fn an_override_of_op_14_lifts_that_medicine_and_no_other() {
    let yes = "answers.opioids_last_90_days = \"yes\"\n";
    let tramadol =
        medicine("tramadol 50 mg", "use = \"as-needed\"; release = \"immediate\"; last_taken = 2026-01-02");
    let now_and_then = format!("{yes}{tramadol}");
    assert!(refusal(&now_and_then, "T03", &Choices::default()).contains("contraindicated by OP-07"));
    let plan = plan_but(&now_and_then, "T03", &overriding("OP-14"));
    let screening = screened(&intake_but(&now_and_then));
    let standing: Vec<&str> = screening.findings.iter().map(|found| found.rule.as_str()).collect();
    assert!(plan.is_ok(), "{standing:?}: {plan:?}");
    let daily = medicine("oxycodone ER", "use = \"daily\"");
    assert!(refusal(&format!("{now_and_then}{daily}"), "T03", &overriding("OP-14")).contains("OP-02"));
}

#[test]
fn findings_are_fulfilled_by_the_plan_or_name_protocols_that_do() {
    let hashimoto = "[[condition]]\nname = \"Hashimoto's thyroiditis\"\nstatus = \"active\"\n";
    let text = refusal(hashimoto, "T01", &Choices::default());
    assert!(
        text.contains("TH-01 asks for a first dose of at most 0.5 mg") && text.contains("T12 ("),
        "{text}"
    );
    assert!(!text.contains("T01 (") && !text.contains("T23 ("), "{text}");
    let plan = plan_but(hashimoto, "T12", &Choices::default()).unwrap();
    let fulfilled = plan.parts().fulfils.iter().find(|one| one.rule == "TH-01").unwrap();
    assert_eq!(fulfilled.how, "Starts at 0.5 mg, every 14 days");
    let tests: Vec<String> = plan
        .parts()
        .review
        .iter()
        .filter(|review| review.what.contains("TSH"))
        .map(|review| review.on.to_string())
        .collect();
    assert_eq!(tests, ["2026-01-05", "2026-02-16", "2026-03-30"]);
    let mast = "[[condition]]\nname = \"MCAS\"\nstatus = \"active\"\n";
    assert!(
        refusal(mast, "T12", &Choices::default()).contains("at most 0.1 mg and steps of at least 14 days")
    );
    let drowsy = "answers.drives = \"yes\"\n[[symptom]]\nname = \"dizziness\"\n";
    let morning = Choices { time_of_day: Some(TimeOfDay::Morning), ..Choices::default() };
    assert!(plan_but(drowsy, "T01", &Choices::default()).is_ok());
    assert!(refusal(drowsy, "T01", &morning).contains("`--time bedtime`"));
}

#[test]
fn somebody_on_ldn_does_not_jump_and_begins_again_after_a_gap() {
    let on = |dose: &str, last: &str| {
        format!(
            "course.current_dose = \"{dose}\"\ncourse.ldn_since = 2025-11-01\ncourse.last_ldn_dose = {last}\n"
        )
    };
    let text = refusal(&on("1.5 mg", "2026-01-04"), "T23", &Choices::default());
    assert!(text.contains("UN-07"), "{text}");
    let goes_on = Choices { continue_at_present_dose: true, ..Choices::default() };
    let plan = plan_but(&on("3 mg", "2026-01-04"), "T01", &goes_on).unwrap();
    assert_eq!(days(&plan)[0].2, "3", "{:?}", days(&plan));
    let plan = plan_but(&on("4.5 mg", "2025-12-01"), "T01", &Choices::default()).unwrap();
    assert_eq!(days(&plan)[0].2, "1.5", "half of 4.5 mg is more than the start");
    assert!(plan.parts().fulfils.iter().any(|one| one.rule == "UN-08"));
    let text = refusal(&on("2 mg", "2025-12-01"), "T01", &Choices::default());
    assert!(text.contains("UN-08 asks for a first dose of at most 1 mg"), "{text}");
    assert!(refusal(&on("4.5 mg", "2025-12-01"), "T01", &goes_on).contains("at most 14 days without LDN"));
}

fn procedure(day: &str, opioids: &str) -> String {
    format!("[[procedure]]\nname = \"knee operation\"\ndate = {day}\nopioids_expected = \"{opioids}\"\n")
}

#[test]
fn a_procedure_holds_from_three_days_before_and_until_screened_where_opioids_are_possible() {
    let plan = plan_but(&procedure("2026-01-20", "unknown"), "T01", &Choices::default()).unwrap();
    let hold = &plan.holds()[0];
    assert_eq!((hold.from, hold.to, hold.resume), (date(2026, 1, 17), None, Some(Resume::ReScreen)));
    assert_eq!(hold.rule, "SU-01");
    assert_eq!(plan.steps().last().unwrap().to, Some(date(2026, 1, 16)));
    assert_eq!(plan.parts().judge_on, None, "the target is not reached");
    let how = &plan.parts().fulfils.iter().find(|one| one.rule == "SU-01").unwrap().how;
    assert_eq!(how, "No dose from 2026-01-17 until a new screening");

    let plan = plan_but(&procedure("2026-01-15", "no"), "T01", &Choices::default()).unwrap();
    let expected = [
        ("2026-01-05", Some("2026-01-11"), "1.5"),
        // 12 to 15 January are held: the second week begins behind them and keeps its seven days.
        ("2026-01-16", Some("2026-01-22"), "3"),
        ("2026-01-23", None, "4.5"),
    ];
    let expected = expected.map(|(from, to, dose)| (from.to_owned(), to.map(str::to_owned), dose.to_owned()));
    assert_eq!(days(&plan), expected);

    let dental = procedure("2026-03-02", "unknown").replace("knee operation", "dental extraction");
    assert_eq!(plan_but(&dental, "T01", &Choices::default()).unwrap().holds()[0].rule, "SU-04");
}

#[test]
fn a_longer_hold_begins_again_and_a_shorter_one_is_refused() {
    let held = |hold_days| Choices { hold_days: Some(hold_days), ..Choices::default() };
    let surgery = procedure("2026-03-02", "no");
    assert!(refusal(&surgery, "T01", &held(2)).contains("3 days at least (SU-01)"));
    let plan = plan_but(&surgery, "T01", &held(14)).unwrap();
    let behind = plan.step_on(date(2026, 3, 3)).unwrap();
    assert_eq!(behind.dose(), milligrams("1.5"), "15 days without LDN: {}", behind.why);
    assert!(behind.why.contains("UN-08"));
    let plan = plan_but(&surgery, "T01", &held(13)).unwrap();
    assert_eq!(plan.step_on(date(2026, 3, 3)).unwrap().dose(), milligrams("4.5"), "14 days");
    let undated = "[[procedure]]\nname = \"knee operation\"\nopioids_expected = \"yes\"\n";
    assert!(refusal(undated, "T01", &Choices::default()).contains("procedure[0].date: expected the day"));
    let soon = procedure("2026-01-07", "yes");
    assert!(refusal(&soon, "T01", &Choices::default()).contains("leaves no day for a dose"));
    let before = plan_for(&intake_but(&soon), "T01", date(2026, 1, 10), &Choices::default()).unwrap_err();
    assert!(before.to_string().contains("screen again after it"), "{before}");
}

#[test]
fn a_start_in_the_past_needs_a_word_and_a_blinded_course_is_marked() {
    let intake = intake_but("");
    let early = date(2026, 1, 4);
    let text = plan_for(&intake, "T01", early, &Choices::default()).unwrap_err().to_string();
    assert!(text.contains("lies before today") && text.contains("--backdate"), "{text}");
    let backdated = Choices { backdate: true, ..Choices::default() };
    assert_eq!(plan_for(&intake, "T01", early, &backdated).unwrap().steps()[0].from, early);
    assert!(
        plan_but("course.blinded_period = \"yes\"\n", "T01", &Choices::default()).unwrap().parts().blinded
    );
}

#[test]
fn a_divided_day_adds_each_dose_at_its_time() {
    let choices = Choices { divided_at: vec![TimeOfDay::Bedtime, TimeOfDay::Morning], ..Choices::default() };
    let plan = plan_but("", "T27", &choices).unwrap();
    let parts: Vec<Vec<String>> = plan
        .steps()
        .iter()
        .map(|step| step.parts.iter().map(|part| format!("{} {}", part.dose, part.at.words())).collect())
        .collect();
    assert_eq!(
        parts,
        [
            vec!["1.5 mg in the morning"],
            vec!["1.5 mg in the morning", "1.5 mg at bedtime"],
            vec!["3 mg in the morning", "1.5 mg at bedtime"]
        ]
    );
    assert_eq!(plan.steps()[2].from, date(2026, 2, 16), "after 6 weeks");
}
