//! The eight simulated patients of `golden/verdict/` (origin in its README) and their numbers.

use std::path::PathBuf;

use ldn_core::diary::{ReadOptions, read};
use ldn_core::{Diary, Dose, Measure};
use ldn_verdict::response::series::Series;
use serde_json::Value;

pub(crate) const CASES: [&str; 8] = [
    "s1_responder_open",
    "s2_placebo_only_open",
    "s3_early_three_weeks",
    "s4_heavy_missing",
    "s5_blinded_crossover",
    "s6_dose_changes_and_hold",
    "s7_flares_near_floor",
    "s8_constant_scores",
];

pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/verdict")).join(name)
}

pub(crate) fn json(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file(name)).unwrap()).unwrap()
}

pub(crate) struct Case {
    pub(crate) diary: Diary,
    pub(crate) reference_dose: Dose,
    pub(crate) step: f64,
}

impl Case {
    pub(crate) fn load(name: &str) -> Case {
        let bytes = std::fs::read(file(&format!("{name}.csv"))).unwrap();
        let meta = json(&format!("{name}.meta.json"));
        Case {
            diary: read(&bytes, ReadOptions::default()).unwrap(),
            reference_dose: Dose::from_milligrams_text(
                &meta["reference_dose_mg"].to_string().replace(".0", ""),
            )
            .unwrap(),
            step: meta["step"].as_f64().unwrap(),
        }
    }

    pub(crate) fn series(&self) -> Series {
        Series::from_diary(&self.diary, Measure::Pain, Some(self.reference_dose)).unwrap()
    }
}

pub(crate) fn numbers<const N: usize>(value: &Value) -> [f64; N] {
    let list: Vec<f64> = value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    list.try_into().unwrap()
}
