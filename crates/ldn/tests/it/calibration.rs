//! The promises about calibration and false alarms, re-run.

use serde_json::Value;

use crate::stdout;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Three hundred simulated people per design and world; the generator shares no code with the engine.
#[test]
fn stated_intervals_hold_the_truth_as_often_as_stated() {
    let rows = lines(&stdout(&["verdict", "calibrate", "--patients", "300", "--json"]));
    assert_eq!(rows.len(), 2 * 9);
    for row in &rows {
        let name = format!("{} {}", row["world"], row["design"]);
        assert_eq!(row["patients"], 300);
        assert_eq!(row["unreliable"], 0, "{name}");
        let of_80 = |quantity: &str| row["coverage"][quantity]["of_80"].as_f64().unwrap();
        for quantity in ["total", "b"] {
            let share = of_80(quantity);
            // To the whole per cent, as the model's specification prints it.
            let percent = (100.0 * share).round();
            assert!(
                (74.0..=86.0).contains(&percent),
                "{name}: the 80 % interval of {quantity} holds {share}"
            );
        }
        if row["world"] == "prior" {
            for (quantity, coverage) in row["coverage"].as_object().unwrap() {
                let p = coverage["uniformity_p"].as_f64().unwrap();
                assert!(p > 0.001, "{name}: ranks of {quantity} are not uniform, p {p}");
            }
            assert!(row["refitted"].as_f64().unwrap() < 0.4, "{name}: {}", row["refitted"]);
        }
    }
}

/// The figures on every page are those of the diaries in the repository.
#[test]
fn false_alarms_on_real_diaries_are_as_recorded() {
    let rows = lines(&stdout(&["verdict", "audit", "golden/null-diaries", "--json"]));
    let all = rows.last().unwrap();
    assert_eq!(all["diary"], "all");
    let recorded = ldn_verdict::response::audit::RecordedAudit::shipped().alarms;
    let recorded = serde_json::to_value(recorded).unwrap();
    for (key, value) in recorded.as_object().unwrap() {
        assert_eq!(all[key], *value, "{key}: record it in data/calibration/null-diaries.toml");
    }
    assert_eq!(all["attributed"], 0, "an open-label diary never separates drug from placebo and time");
    for row in rows.iter().filter(|row| row["diary"].as_str().unwrap().starts_with("participant-1")) {
        let share = row["welch"].as_f64().unwrap() / row["welch_windows"].as_f64().unwrap();
        assert!((0.36..=0.67).contains(&share), "before/after test on {}: {share}", row["diary"]);
    }
}
