//! The tests of the crate through its public face.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod attention;
mod dispense;
mod dispense_exhaustive;
mod dispense_order;
mod dispense_plans;
mod dispense_properties;
mod hazards;
mod intake;
#[path = "../../../ldn-server/tests/it/journal.rs"]
#[allow(dead_code, reason = "shared with the tests of the pages; each uses its part")]
mod journal;
mod medicine;
mod medicine_files;
mod medicine_golden;
mod medicine_properties;
mod plan;
mod plan_adapt;
mod plan_golden;
mod plan_missed;
mod plan_properties;
mod screen;
mod screen_properties;
mod screen_questions;
mod screen_rules;
mod screen_set;
