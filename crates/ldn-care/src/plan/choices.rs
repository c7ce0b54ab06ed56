//! What a plan is made of: the request and the prescriber's choices.

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::plan::{Override, TimeOfDay};

use super::protocol::Protocol;
use crate::intake::Intake;
use crate::screen::Screening;

/// Everything that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The protocol to follow.
    pub protocol: &'a Protocol,
    /// The screening of this person; of the same day as the intake.
    pub screening: &'a Screening,
    /// What is known about the person.
    pub intake: &'a Intake,
    /// The first day.
    pub start: Date,
    /// What the prescriber chose.
    pub choices: &'a Choices,
    /// The day on which the plan is made.
    pub today: Date,
}

/// What the prescriber chose; everything not chosen is as the protocol states it, or the plan is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// `--start-dose`: the first dose of a day, inside what the protocol leaves open.
    pub start_dose: Option<Dose>,
    /// `--step`: by how much the dose rises.
    pub step: Option<Dose>,
    /// `--interval`: days between steps.
    pub interval_days: Option<u16>,
    /// `--target`: where the rise ends; else the dose asked for in the intake, else the protocol's own target.
    pub target: Option<Dose>,
    /// `--time`: the time of day, where the protocol gives one dose a day.
    pub time_of_day: Option<TimeOfDay>,
    /// `--divided-at`: the time of each further dose of a day, in the order in which they are added.
    pub divided_at: Vec<TimeOfDay>,
    /// `--hold-days`: days before a procedure without LDN, if the anaesthetist asks for more than the rule; never less.
    pub hold_days: Option<u16>,
    /// `--continue`: begin at the level of the present dose, not at the start; needs a dose in the last 14 days.
    pub continue_at_present_dose: bool,
    /// `--backdate`: the first day may lie in the past.
    pub backdate: bool,
    /// `--reason`: why the plan is made; a plain sentence if nothing is said.
    pub reason: Option<String>,
    /// `--override RULE --reason TEXT --prescriber NAME`, once for each rule.
    pub overrides: Vec<Override>,
}

impl Choices {
    /// Returns the override of a rule.
    pub(super) fn override_of(&self, rule: &str) -> Option<&Override> {
        self.overrides.iter().find(|found| found.rule == rule)
    }
}
