//! `ldn evidence`.

use serde_json::Value;

use crate::{ldn, root, stderr, stdout};

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&stdout(args)).unwrap()
}

#[test]
fn everything_of_the_dossiers_is_there() {
    let summary = &json(&["evidence", "list", "--summary", "--json"])["summary"];
    for (key, n) in [
        ("claims", 192),
        ("contradictions", 44),
        ("trial_rows", 149),
        ("adverse_event_rows", 76),
        ("reviews", 14),
    ] {
        assert_eq!(summary[key], n, "{key}");
    }
    let text = stdout(&["evidence", "list", "--summary"]);
    for n in ["192", "44", "149", "76", "14"] {
        assert!(text.contains(&format!("{n}  ")), "{n} in {text}");
    }
}

#[test]
fn listings_fit_eighty_columns() {
    for args in [
        &["evidence", "list"][..],
        &["evidence", "list", "--summary"],
        &["evidence", "conflicts"],
        &["evidence", "sources"],
        &["evidence", "search", "vivid", "dreams"],
        &["evidence", "show", "younger2013"],
        &["evidence", "show", "final-2024"],
        &["evidence", "pool", "--outcomes"],
        &["evidence", "pool", "--outcome", "fibromyalgia-pain-points"],
    ] {
        let text = stdout(args);
        assert!(text.lines().count() > 3, "{args:?}");
        // A single word, such as an address, may be longer than a line.
        let too_long = |line: &&str| line.chars().count() > 80 && line.trim().contains(' ');
        assert_eq!(text.lines().find(too_long), None, "{args:?}");
        assert!(!text.contains('\u{1b}'), "no colour when piped");
    }
}

#[test]
fn every_kind_can_be_shown() {
    for (id, kind) in [
        ("crohn-benefit", "claim"),
        ("bruun2024", "source"),
        ("final-2024", "trial"),
        ("x-2013-trial-arms", "contradiction"),
        ("meta-vatvani-2024", "meta"),
    ] {
        assert!(stdout(&["evidence", "show", id]).lines().count() > 4, "{id}");
        let shown = json(&["evidence", "show", id, "--json"]);
        assert!(shown["shown"].to_string().contains(id), "{kind} {id}");
    }
    let error = stderr(&["evidence", "show", "vivid-dream"], 1);
    assert!(
        error.contains("there is nothing with the id `vivid-dream`") && error.contains("did you mean"),
        "{error}"
    );
}

#[test]
fn search_forgives_and_knows_other_words() {
    for words in ["nightmares", "vivid dreams", "vivd dreams"] {
        let found = json(&["evidence", "search", words, "--json"]);
        let ids: Vec<&str> = found["found"]["hits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["id"].as_str().unwrap())
            .collect();
        assert!(ids.contains(&"se-dreams-37"), "{words}: {ids:?}");
    }
    let first = stdout(&["evidence", "search", "low-dose naltrexone crohn"]);
    assert!(first.lines().next().unwrap().contains("·"), "verdict and source come first: {first}");
    assert!(stdout(&["evidence", "search", "xylophone"]).contains("Nothing found"));
}

#[test]
fn pain_in_fibromyalgia() {
    let pooled = |method: &str| {
        let pool = json(&[
            "evidence",
            "pool",
            "--outcome",
            "fibromyalgia-pain-points",
            "--method",
            method,
            "--json",
        ]);
        let fit = pool["pool"]["fit"].clone();
        let number = |value: &Value| value.as_f64().unwrap();
        let ends = [number(&fit["ci"][0]), number(&fit["ci"][1])];
        (number(&fit["estimate"]), ends, number(&fit["i2"]))
    };
    for (method, estimate, [low, high]) in [("fe", -0.04, [-0.53, 0.45]), ("dl", 0.03, [-0.78, 0.84])] {
        let (found, ends, i2) = pooled(method);
        for (ours, theirs) in [(found, estimate), (ends[0], low), (ends[1], high)] {
            assert!((ours - theirs).abs() < 0.005, "{method}: {ours}, expected {theirs}");
        }
        assert_eq!(i2.round(), 61.0, "{method}");
    }
    let text = stdout(&["evidence", "pool", "--outcome", "fibromyalgia-pain-points"]);
    for reason in [
        "Stanford pilot 2009:",
        "Stanford crossover 2013:",
        "Pain Reports 2023:",
        "Brazilian factorial trial 2023:",
    ] {
        assert!(text.contains(reason), "{reason} {text}");
    }
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("INNOVA 2026: the standard error is derived"), "{flat}");
    assert!(flat.contains("INNOVA 2026: the sign is inferred"), "{flat}");
}

#[test]
fn where_nothing_can_be_pooled_the_reasons_are_given() {
    let run = ldn().args(["evidence", "pool", "--outcome", "fibromyalgia-vivid-dreams"]).assert().code(1);
    let output = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(output.contains("Nothing can be pooled") && output.contains("Not in the pool"), "{output}");
    let error = stderr(&["evidence", "pool", "--outcome", "nonsense"], 1);
    assert!(error.contains("fibromyalgia-pain-points"), "{error}");
}

/// Every row of the reference, through the command and its CSV.
#[test]
fn any_table_of_effects_is_pooled_as_metafor_does() {
    let folder = root().join("golden/metafor");
    let reference = std::fs::read_to_string(folder.join("reference_results.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(reference.as_bytes());
    let header = rows.headers().unwrap().clone();
    let mut compared = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let cell = |name: &str| row[header.iter().position(|h| h == name).unwrap()].to_owned();
        let method = match cell("method").as_str() {
            "EE" => "fe",
            "DL" => "dl",
            "PM" => "pm",
            "REML" => "reml",
            _ => continue,
        };
        let file = folder.join(format!("{}.csv", cell("dataset")));
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        // Missing values are named NA in these files; such studies took no part.
        let complete: Vec<&str> = text.lines().collect();
        let first: Vec<&str> = complete[0].split(',').map(|name| name.trim_matches('"')).collect();
        if !first.contains(&"yi") || !first.contains(&"vi") {
            continue;
        }
        let mut command = ldn();
        command
            .args(["evidence", "pool", "--method", method, "--like-metafor", "--json", "--csv"])
            .arg(&file);
        match cell("test").as_str() {
            "knha" => {
                command.arg("--hksj");
            }
            "z" => {}
            _ => continue,
        }
        let output = command.assert().success().get_output().stdout.clone();
        let fit = serde_json::from_slice::<Value>(&output).unwrap()["pool"]["fit"].clone();
        for (name, ours) in [
            ("estimate", &fit["estimate"]),
            ("se", &fit["se"]),
            ("ci_lb", &fit["ci"][0]),
            ("ci_ub", &fit["ci"][1]),
            ("pval", &fit["p"]),
            ("tau2", &fit["tau2"]),
            ("I2", &fit["i2"]),
            ("Q", &fit["q"]),
            ("Qp", &fit["q_p"]),
            ("pi_lb", &fit["prediction"][0]),
            ("pi_ub", &fit["prediction"][1]),
        ] {
            let Ok(theirs) = cell(name).parse::<f64>() else { continue };
            let ours = ours.as_f64().unwrap();
            assert!((ours - theirs).abs() <= 1e-8 + 1e-6 * theirs.abs(), "{row:?} {name}: {ours} {theirs}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} numbers were compared");
}

/// What a sign means is said of the measure that is pooled, wherever it is said.
#[test]
fn the_sign_is_that_of_the_measure() {
    for (outcome, measure, sign) in [
        ("fibromyalgia-any-adverse-event", "rr", "LDN against placebo; a risk ratio below 1 favours LDN"),
        ("fibromyalgia-any-adverse-event", "or", "LDN against placebo; an odds ratio below 1 favours LDN"),
        ("fibromyalgia-any-adverse-event", "rd", "LDN minus placebo; a risk difference below 0 favours LDN"),
        ("fibromyalgia-pain-response-30", "rd", "LDN minus placebo; a risk difference above 0 favours LDN"),
        ("fibromyalgia-pain-points", "rd", "LDN minus placebo in points of 0-10; below 0 favours LDN"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("forest.svg");
        let mut args = vec!["evidence", "pool", "--outcome", outcome, "--measure", measure];
        args.extend(["--svg", picture.to_str().unwrap()]);
        // Lines are broken anywhere.
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = plain(&stdout(&args));
        assert_eq!(text.matches(sign).count(), 2, "at the head and under the cautions: {text}");
        args.push("--json");
        let pool = &json(&args)["pool"];
        assert_eq!(pool["sign"], sign);
        let cautions = pool["selection"]["cautions"].as_array().unwrap();
        assert!(cautions.contains(&Value::String(format!("Sign: {sign}."))), "{cautions:?}");
        for said in
            [text, pool["selection"]["cautions"].to_string(), std::fs::read_to_string(&picture).unwrap()]
        {
            assert!(measure != "rd" || !said.contains("risk ratio below"), "{said}");
            assert!(measure != "rd" || !said.contains("risk ratio above"), "{said}");
        }
    }
}

#[test]
fn a_forest_plot() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("forest.svg");
    ldn()
        .args(["evidence", "pool", "--outcome", "fibromyalgia-pain-points", "--leave-one-out", "--svg"])
        .arg(&picture)
        .assert()
        .success();
    let svg = std::fs::read_to_string(&picture).unwrap();
    for wanted in ["FINAL 2024", "INNOVA 2026", "Not in the pool", "Pain Reports 2023"] {
        assert!(svg.contains(wanted), "{wanted}");
    }
}

/// With two trials the next one is nearly unknown, and the exact posterior says so.
#[test]
fn what_a_new_trial_may_find() {
    let args = ["evidence", "pool", "--outcome", "fibromyalgia-pain-points", "--tau-prior", "0.5", "--json"];
    let posterior = &json(&args)["pool"]["posterior"];
    let number = |key: &str, idx: usize| posterior[key][idx].as_f64().unwrap();
    let width = |key: &str| number(key, 2) - number(key, 1);
    assert!(width("predictive") > width("mu") && width("mu") > 0.98, "{posterior}");
    assert!(number("mu", 0).abs() < 0.1, "{posterior}");
    let mut text = args;
    text[6] = "--leave-one-out";
    assert!(stdout(&text).contains("true effect in a new trial"));
    let error = stderr(&["evidence", "pool", "--csv", "golden/metafor/dat.bcg.csv", "--tau-prior=0"], 1);
    assert!(error.contains("the prior's") && error.contains("is 0"), "{error}");
}

#[test]
fn bad_tables_are_named() {
    for (input, expected) in [
        ("", "`yi`"),
        ("yi,vi\n", "at least one study"),
        ("yi,vi\nNaN,1\n", "line 2, column `yi`, value `NaN`"),
        ("yi,vi\n1,0\n", "line 2, column `vi`, value `0`: expected a number above 0"),
        ("yi,vi\n1,0.1\n1,0.1\n", "have none"),
    ] {
        let run =
            ldn().args(["evidence", "pool", "--hksj", "--csv", "-"]).write_stdin(input).assert().code(1);
        let error = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(error.contains(expected), "{input:?}: {error}");
    }
}
