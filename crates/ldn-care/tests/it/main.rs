//! The tests of the crate through its public face.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod dispense;
mod dispense_exhaustive;
mod dispense_order;
mod dispense_plans;
mod dispense_properties;
mod hazards;
mod intake;
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
