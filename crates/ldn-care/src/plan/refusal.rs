//! Why there is no plan, and the way out.

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::plan::PlanError;

use crate::screen::Severity;

/// Why there is no plan; the text names the rule or the field, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody has to act now.
    #[error("an emergency comes first ({}): no plan. Act on the screening, then screen again", rules.join(", "))]
    Emergency {
        /// Ids of the rules.
        rules: Vec<String>,
    },
    /// Contraindicated.
    #[error(
        "contraindicated by {}: no plan. {}", rules.join(", "),
        earliest_start.map_or("Screen again when the circumstances have changed".to_owned(),
            |day| format!("Screen again on {day}, the earliest day if nothing more is taken"))
    )]
    Contraindicated {
        /// Ids of the rules.
        rules: Vec<String>,
        /// First day on which every refusal by a date has run out.
        earliest_start: Option<Date>,
    },
    /// A question blocks, or a medicine was not recognised.
    #[error("the screening is incomplete: answer {} in the intake and screen again", places.join(", "))]
    Incomplete {
        /// Where in the intake.
        places: Vec<String>,
    },
    /// Screening and intake are of different days.
    #[error("the screening is of {screening}, the intake of {intake}: screen this intake again")]
    OtherDay {
        /// The day of the screening.
        screening: Date,
        /// The day of the intake.
        intake: Date,
    },
    /// The protocol is only shown.
    #[error("protocol `{protocol}` cannot be planned; its source does not give: {}. Choose one of `ldn plan protocols`", missing.join("; "))]
    NotPlannable {
        /// Id of the protocol.
        protocol: String,
        /// What is missing.
        missing: Vec<String>,
    },
    /// The prescriber has to choose something.
    #[error("protocol `{protocol}` {says}: choose with {flag}, {range}{}", if proposal.is_empty() { String::new() } else { format!(" (proposal: {proposal})") })]
    ChoiceNeeded {
        /// Id of the protocol.
        protocol: String,
        /// What its source says.
        says: String,
        /// The flag.
        flag: &'static str,
        /// What may be chosen.
        range: String,
        /// What we would propose; empty if nothing.
        proposal: String,
    },
    /// A choice lies outside what the protocol leaves open.
    #[error("{flag} {value}: protocol `{protocol}` allows {range}. Choose inside it, or another protocol")]
    ChoiceOutside {
        /// Id of the protocol.
        protocol: String,
        /// The flag.
        flag: &'static str,
        /// What was chosen.
        value: String,
        /// What may be chosen.
        range: String,
    },
    /// The target lies above the protocol.
    #[error(
        "the target {target} ({at}) is above protocol `{protocol}`, which ends at {most}: choose `--target \"{most}\"` or less, or another protocol"
    )]
    TargetAboveProtocol {
        /// Id of the protocol.
        protocol: String,
        /// The target.
        target: Dose,
        /// Where it was asked for.
        at: &'static str,
        /// The most of the protocol.
        most: Dose,
    },
    /// The target lies below the first dose.
    #[error(
        "the target {target} ({at}) is below the start of protocol `{protocol}`, {start}: choose a protocol that starts lower"
    )]
    TargetBelowStart {
        /// Id of the protocol.
        protocol: String,
        /// The target.
        target: Dose,
        /// Where it was asked for.
        at: &'static str,
        /// The first dose.
        start: Dose,
    },
    /// The plan would go above the ceiling.
    #[error(
        "{dose} is above {ceiling}, the most of a plan without a prescriber's reason: `--override {rule} --reason TEXT --prescriber NAME`, or a lower `--target`"
    )]
    AboveCeiling {
        /// The highest dose.
        dose: Dose,
        /// The ceiling.
        ceiling: Dose,
        /// The rule of its band.
        rule: String,
    },
    /// The plan would go beyond every band.
    #[error("{dose} is beyond every band ({rule}): not low-dose naltrexone. Check the number and its unit")]
    BeyondEveryBand {
        /// The highest dose.
        dose: Dose,
        /// The rule.
        rule: String,
    },
    /// The first day lies in the past.
    #[error(
        "the start {start} lies before today, {today}: choose a later day, or `--backdate` for a course that has begun"
    )]
    StartInPast {
        /// The first day.
        start: Date,
        /// Today.
        today: Date,
    },
    /// The first day comes too early for a rule.
    #[error("the start {start} is too early for {rule}: {earliest} at the earliest")]
    StartTooEarly {
        /// The first day.
        start: Date,
        /// Id of the rule.
        rule: String,
        /// The earliest day.
        earliest: Date,
    },
    /// A rule asks for a prescriber's reason.
    #[error(
        "{rule} needs a prescriber's decision ({title}): `--override {rule} --reason TEXT --prescriber NAME`"
    )]
    NeedsOverride {
        /// Id of the rule.
        rule: String,
        /// What it is about.
        title: String,
    },
    /// An override of a rule that permits none.
    #[error("{rule} ({}) permits no override", severity.word())]
    NotOverridable {
        /// Id of the rule.
        rule: String,
        /// How grave it is.
        severity: Severity,
    },
    /// An override of a rule that found nothing.
    #[error("override of {rule}: the screening has no such finding. Leave it out, or check the id")]
    OverrideWithoutFinding {
        /// Id of the rule.
        rule: String,
    },
    /// An override without its reason or its prescriber, or given twice.
    #[error("override of {rule}: expected {expected}")]
    OverrideIncomplete {
        /// Id of the rule.
        rule: String,
        /// What is missing.
        expected: &'static str,
    },
    /// The chosen protocol does not do what a finding asks for.
    #[error(
        "{rule} asks for {asks}; protocol `{protocol}` with these choices does not. {}",
        way_out(protocols)
    )]
    NotFulfilled {
        /// Id of the rule.
        rule: String,
        /// What it asks for.
        asks: String,
        /// Id of the protocol.
        protocol: String,
        /// Short names and ids of protocols that can.
        protocols: Vec<String>,
    },
    /// A coming procedure has no day.
    #[error("{at}: expected the day of the procedure, because LDN is held before it")]
    ProcedureWithoutDate {
        /// Where in the intake.
        at: String,
    },
    /// A procedure with possible opioids comes before the start.
    #[error(
        "{at} is {date}, before the start, and opioids are possible: screen again after it, and plan then"
    )]
    ProcedureBeforeStart {
        /// Where in the intake.
        at: String,
        /// Its day.
        date: Date,
    },
    /// A hold leaves no day for a dose.
    #[error(
        "the hold from {from} ({rule}) leaves no day for a dose: screen again after the procedure, and plan then"
    )]
    NothingButHold {
        /// First day of the hold.
        from: Date,
        /// Id of its rule.
        rule: String,
    },
    /// Fewer days without LDN than the rule asks for.
    #[error(
        "--hold-days {days}: {least} days at least ({rule}); the anaesthetist may ask for more, never for less"
    )]
    HoldTooShort {
        /// What was chosen.
        days: u16,
        /// The least.
        least: u16,
        /// Id of the rule.
        rule: String,
    },
    /// The present dose cannot be continued.
    #[error("--continue: {expected}")]
    CannotContinue {
        /// What was expected.
        expected: String,
    },
    /// A number that a rule should hold is missing from the rules.
    #[error("rule {rule} holds no number `{parameter}`, which planning reads: check the rules")]
    RuleWithoutNumber {
        /// Id of the rule.
        rule: &'static str,
        /// The number.
        parameter: &'static str,
    },
    /// The parts make no plan, such as one that ended before it was made.
    #[error("these choices make no plan")]
    NoPlan(#[from] PlanError),
}

fn way_out(protocols: &[String]) -> String {
    if protocols.is_empty() {
        "No protocol here does".to_owned()
    } else {
        format!("These can: {}", protocols.join(", "))
    }
}
