//! `ldn verdict`.

use serde_json::Value;

use crate::{ldn, root, stderr, stdout};

const EXAMPLE: &str = "examples/simulated-open-label-responder.csv";

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&stdout(args)).unwrap()
}

#[test]
fn every_example_is_judged() {
    for (file, response) in [
        ("simulated-open-label-responder", "moderate"),
        ("simulated-blinded-crossover", "some"),
        ("simulated-early-days", "too early"),
        ("real-knee-pain-pretended-start", "none"),
        ("real-hip-pain-no-treatment", "no treatment yet"),
    ] {
        let path = format!("examples/{file}.csv");
        assert_eq!(json(&["verdict", &path, "--json"])["response"], response, "{file}");
        let compiled_in = stdout(&["verdict", "--example", file]);
        assert_eq!(compiled_in, std::fs::read_to_string(root().join(&path)).unwrap(), "{file}");
        assert!(stdout(&["verdict", "--example"]).contains(file));
        assert!(stdout(&["verdict", &path]).lines().count() > 10, "{file}");
    }
}

#[test]
fn json_has_the_documented_names() {
    let verdict = json(&["verdict", EXAMPLE, "--json"]);
    for key in [
        "schema",
        "model",
        "measure",
        "direction",
        "days",
        "scored",
        "baseline_days",
        "evaluation_days",
        "prior",
        "reference_dose_mg",
        "step",
        "quantities",
        "theta",
        "probabilities",
        "observed",
        "grade",
        "response",
        "attribution",
        "action",
        "regret",
        "sensitivity",
        "checks",
        "text",
    ] {
        assert!(!verdict[key].is_null(), "{key}");
    }
    assert_eq!(verdict["schema"], 1);
    assert_eq!(verdict["direction"], "lower-is-better");
    for quantity in ["total", "baseline", "drug_now", "nonspecific_now", "b", "total_ss", "buildup"] {
        let summary = &verdict["quantities"][quantity];
        assert_eq!(summary["q"].as_array().unwrap().len(), 5, "{quantity}");
    }
    for probability in [
        "total_ge_30pct",
        "total_ge_50pct",
        "total_ge_1",
        "total_le_minus1",
        "b_gt_0",
        "b_ge_0.5",
        "b_ge_1",
        "drug_now_ge_1",
        "ss_ge_30pct",
    ] {
        assert!(verdict["probabilities"][probability].is_number(), "{probability}");
    }
    assert!(verdict["regret"]["continue"].is_number() && verdict["regret"]["stop"].is_number());
}

#[test]
fn standard_input_is_a_diary_like_any_other() {
    let diary = std::fs::read(root().join(EXAMPLE)).unwrap();
    let run = ldn().args(["verdict", "-", "--json"]).write_stdin(diary).assert().success();
    assert_eq!(
        String::from_utf8(run.get_output().stdout.clone()).unwrap(),
        stdout(&["verdict", EXAMPLE, "--json"])
    );
}

#[test]
fn settings_reach_the_verdict() {
    let verdict = json(&[
        "verdict",
        EXAMPLE,
        "--json",
        "--prior",
        "sceptical",
        "--reference-dose",
        "3 mg",
        "--step",
        "0.5",
    ]);
    assert_eq!(verdict["prior"], "sceptical");
    assert_eq!(verdict["reference_dose_mg"], 3.0);
    assert_eq!(verdict["step"], 0.5);
    assert_eq!(json(&["verdict", EXAMPLE, "--json", "--prior", "default"])["prior"], "main");
}

#[test]
fn several_measures() {
    let diary = "date,dose_mg,pain,sleep\n".to_owned()
        + &(1..=28)
            .map(|day| {
                format!(
                    "2026-01-{day:02},{},{},{}\n",
                    if day < 15 { 0.0 } else { 4.5 },
                    5 + day % 3,
                    4 + day % 2
                )
            })
            .collect::<String>();
    let run = |args: &[&str]| {
        let assert = ldn().args(args).write_stdin(diary.clone()).assert();
        (assert.get_output().status.code().unwrap(), assert.get_output().clone())
    };
    let (code, output) = run(&["verdict", "-", "--measure", "all", "--json"]);
    assert_eq!(code, 0);
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let measures: Vec<&str> =
        all["verdicts"].as_array().unwrap().iter().map(|v| v["measure"].as_str().unwrap()).collect();
    assert_eq!(measures, ["pain", "sleep"]);
    let (code, output) = run(&["verdict", "-", "--measure", "fog"]);
    assert_eq!(code, 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the diary has pain, sleep"));
}

#[test]
fn a_folder_gives_a_line_each_in_order_whatever_the_threads() {
    let one = stdout(&["verdict", "golden/verdict", "--json", "--threads", "1"]);
    assert_eq!(one, stdout(&["verdict", "golden/verdict", "--json", "--threads", "2"]));
    assert_eq!(one, stdout(&["verdict", "golden/verdict", "--json"]));
    let files: Vec<String> = one
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["file"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(files.len(), 8);
    assert!(files.is_sorted());
}

#[test]
fn a_bad_diary_in_a_folder_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join(EXAMPLE), folder.path().join("a.csv")).unwrap();
    std::fs::write(folder.path().join("b.csv"), "date,pain\n2026-01-05,x\n").unwrap();
    std::fs::copy(root().join(EXAMPLE), folder.path().join("c.csv")).unwrap();
    let run = ldn().args(["verdict", "--json"]).arg(folder.path()).assert().code(1);
    let output = run.get_output();
    let lines: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1]["error"].as_str().unwrap().contains("line 2, column `pain`, value `x`"));
    assert_eq!(lines[2]["response"], "moderate");
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 3 diaries could not be judged"));
}

#[test]
fn bad_input_is_named_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.csv");
    std::fs::write(&bad, "date,dose_mg,pain\n2026-01-05,5000,\"7,5\"\n").unwrap();
    let page = folder.path().join("page.html");
    let run = ldn().arg("verdict").arg(&bad).arg("--html").arg(&page).assert().code(1);
    let error = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(
        error.contains("line 2, column `dose_mg`, value `5000`: expected milligrams from 0 to 12"),
        "{error}"
    );
    assert!(error.contains("line 2, column `pain`, value `7,5`"), "all problems at once: {error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no page, no temporary file");

    let nowhere = folder.path().join("no/such/folder/page.html");
    let run = ldn().args(["verdict", EXAMPLE, "--html"]).arg(&nowhere).assert().code(1);
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("no half-written file was left"));
    // One output that cannot be written keeps the other from being written, and from being replaced.
    for (one, other) in [("--html", "--svg"), ("--svg", "--html")] {
        for before in [None, Some("before")] {
            before.iter().for_each(|text| std::fs::write(&page, text).unwrap());
            let mut command = ldn();
            let run = command.args(["verdict", EXAMPLE, one]).arg(&page).arg(other).arg(&nowhere);
            let output = run.assert().code(1).get_output().clone();
            assert!(!String::from_utf8_lossy(&output.stderr).contains("wrote "));
            assert_eq!(std::fs::read_to_string(&page).ok().as_deref(), before);
        }
        std::fs::remove_file(&page).unwrap();
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file");
}

/// An example that a hint names can be printed, and stands among the examples of the project.
#[test]
fn the_hint_about_a_diary_names_an_example_that_exists() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.csv");
    std::fs::write(&bad, "").unwrap();
    let error = stderr(&["verdict", bad.to_str().unwrap()], 1);
    let name = error.split("--example ").nth(1).unwrap().trim();
    let file = std::fs::read_to_string(root().join("examples").join(format!("{name}.csv"))).unwrap();
    assert_eq!(stdout(&["verdict", "--example", name]), file);
    assert!(root().join("docs/diary.md").exists(), "the hint names it too");
}

/// An output never destroys the diary, another output, or a device.
#[test]
fn outputs_do_not_destroy_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let diary = folder.path().join("diary.csv");
    std::fs::copy(root().join(EXAMPLE), &diary).unwrap();
    let before = std::fs::read(&diary).unwrap();
    let link = folder.path().join("link.csv");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&diary, &link).unwrap();
    for output in [&diary, &link] {
        ldn().arg("verdict").arg(&diary).arg("--svg").arg(output).assert().code(2);
        assert_eq!(std::fs::read(&diary).unwrap(), before);
    }
    let page = folder.path().join("page");
    std::fs::write(&page, "").unwrap();
    ldn().arg("verdict").arg(&diary).arg("--svg").arg(&page).arg("--html").arg(&page).assert().code(2);
    ldn().arg("verdict").arg(&diary).arg("--html").arg("/dev/null").assert().code(2);
    assert!(!std::path::Path::new("/dev/null").is_file());
}

#[test]
fn the_headline_s_opinion_does_not_decide_what_the_drug_does() {
    let verdict = |prior: &str| {
        json(&["verdict", "examples/simulated-blinded-crossover.csv", "--json", "--prior", prior])
    };
    for prior in ["main", "enthusiastic", "flat", "sceptical"] {
        let other = verdict(prior);
        assert_eq!(other["attribution"], "undecided", "{prior}");
        assert_ne!(other["action"], "continue, supported", "{prior}");
    }
}

#[test]
fn nothing_is_said_about_doses_above_those_taken() {
    let verdict =
        json(&["verdict", "examples/simulated-blinded-crossover.csv", "--json", "--reference-dose", "9 mg"]);
    assert_eq!(verdict["extrapolated"], true);
    assert_eq!(verdict["judged_built_up"], false, "the answer rests on what was seen");
    assert!(verdict["text"]["prescriber"].as_str().unwrap().contains("extrapolated"));
    assert!(stderr(&["verdict", EXAMPLE, "--reference-dose", "50 mg"], 2).contains("12 mg"));
}

#[test]
fn a_course_that_was_stopped_is_told_as_stopped() {
    let text = std::fs::read_to_string(root().join(EXAMPLE)).unwrap();
    let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
    let last: jiff::civil::Date = rows.last().unwrap()[..10].parse().unwrap();
    for day in 1..=20 {
        rows.push(format!("{},0,0,0,,6", last + jiff::Span::new().days(day)));
    }
    let run = ldn().args(["verdict", "-", "--json"]).write_stdin(rows.join("\n") + "\n").assert().success();
    let verdict: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    assert_eq!(verdict["stopped_on"], last.to_string());
    assert!(verdict["text"]["patient"].as_str().unwrap().contains("as of the stop on"));
    assert!(verdict["text"]["next"].as_str().unwrap().starts_with("The capsules were stopped on"));
}

#[test]
fn a_lost_baseline_cannot_be_scored_back() {
    let diary: String = "date,dose_mg,pain\n".to_owned()
        + &(1..=28).map(|day| format!("2026-01-{day:02},4.5,{}\n", 4 + day % 3)).collect::<String>();
    let run = ldn().args(["verdict", "-", "--json"]).write_stdin(diary).assert().success();
    let verdict: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    let next = verdict["text"]["next"].as_str().unwrap();
    assert!(next.starts_with("This diary cannot show a change any more"), "{next}");
    assert!(!verdict["text"]["surer"].as_str().unwrap().contains("More scored days"));
}

#[test]
fn hostile_input() {
    for (what, input) in [
        ("empty", Vec::new()),
        ("fifty megabytes", vec![b'7'; 50 << 20]),
        ("not text", vec![0xff, 0xfe, 0x00, 0x31]),
        ("header only", b"date,pain\n".to_vec()),
    ] {
        let run = ldn().args(["verdict", "-"]).write_stdin(input).assert().code(1);
        let error = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(error.contains("expected"), "{what}: {error}");
        assert!(run.get_output().stdout.is_empty(), "{what}");
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for args in [
        &["verdict"][..],
        &["verdict", EXAMPLE, "--prior", "hopeful"],
        &["verdict", EXAMPLE, "--reference-dose", "4.5"],
        &["verdict", EXAMPLE, "--step", "0"],
        &["verdict", EXAMPLE, "--worthwhile", "3"],
        &["verdict", EXAMPLE, "--score-covers", "week"],
        &["verdict", "golden/verdict"],
        &["verdict", "--example", "nonsense"],
        &["verdict", "calibrate", "--patients", "0"],
        &["no-such-command"],
    ] {
        let error = stderr(args, 2);
        assert!(!error.is_empty(), "{args:?}");
    }
    assert!(stderr(&["verdict", EXAMPLE, "--reference-dose", "4.5"], 2).contains("has no unit"));
    assert!(stderr(&["verdict", "no/such/file.csv"], 1).contains("could not be read"));
}

#[test]
fn a_page_and_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let (page, picture) = (folder.path().join("page.html"), folder.path().join("diary.svg"));
    let run = ldn()
        .args(["verdict", EXAMPLE, "--json", "--html"])
        .arg(&page)
        .arg("--svg")
        .arg(&picture)
        .assert()
        .success();
    let verdict: Value =
        serde_json::from_slice(&run.get_output().stdout).expect("only JSON on standard output");
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(html.contains(verdict["text"]["headline"].as_str().unwrap()));
    assert!(std::fs::read_to_string(&picture).unwrap().starts_with("<svg"));
}

#[test]
fn the_exact_part_at_given_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let thetas = folder.path().join("theta.json");
    let expected: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("golden/verdict/s1_responder_open.exact.json")).unwrap(),
    )
    .unwrap();
    let at = &expected["at_theta"][0];
    std::fs::write(&thetas, format!("[{{\"theta\":{},\"prior\":{}}}]", at["theta"], at["prior"])).unwrap();
    let run = ldn()
        .args([
            "verdict",
            "golden/verdict/s1_responder_open.csv",
            "--reference-dose",
            "4.5 mg",
            "--step",
            "1",
        ])
        .arg("--theta-file")
        .arg(&thetas)
        .assert()
        .success();
    let ours: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    let key = "log_marginal_likelihood";
    assert!((ours[key].as_f64().unwrap() - at[key].as_f64().unwrap()).abs() < 1e-8);
}
