//! What an entry says: the closed list of its kinds, and what each holds.

mod check;
mod dispense;
mod dose;
mod scores;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::text::{Decimal, Percent};
use super::words::{Answer, Disposition, Guess, Release, Route, Severity, Use};
use super::{EntryError, Hash};
use crate::ids::EntryId;
use crate::plan::{Hold, Plan, PlanId};

pub use dispense::{Container, Content, Dispensed, Ordered};
pub use dose::{DoseReport, Outcome};
pub use scores::{Scores, ScoresError};

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident($content:ty) = $word:literal,)+) => {
        /// What an entry says.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "content", deny_unknown_fields)]
        pub enum Body {
            $($(#[$doc])* #[serde(rename = $word)] $variant($content),)+
        }

        super::words::words! {
            /// The kind of an entry, without what it says.
            Kind { $($(#[$doc])* $variant = $word,)+ }
        }

        impl Body {
            /// Returns the kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Body::$variant(_) => Kind::$variant,)+ }
            }

            /// Checks what the types alone do not; `at` is the place in the stored form.
            pub(super) fn check(&self, at: &str) -> Result<(), EntryError> {
                match self { $(Body::$variant(content) => check::Check::check(content, at),)+ }
            }
        }
    };
}

bodies! {
    /// What is known about the person.
    Intake(Intake) = "intake",
    /// A screening and how it ended.
    Screened(Screened) = "screened",
    /// A plan that nobody has signed yet.
    PlanProposed(PlanProposed) = "plan-proposed",
    /// A prescriber signed a proposed plan: from that day it is in force.
    PlanSigned(PlanSigned) = "plan-signed",
    /// Days without LDN, whatever the plan says.
    PlanHeld(PlanHeld) = "plan-held",
    /// A plan ended before its time.
    PlanEnded(PlanEnded) = "plan-ended",
    /// An order to the pharmacy.
    Ordered(Ordered) = "ordered",
    /// What the pharmacy handed out.
    Dispensed(Dispensed) = "dispensed",
    /// A dose was taken, or not.
    Dose(DoseReport) = "dose",
    /// Scores of a day, all measures or some.
    Scores(Scores) = "scores",
    /// A side effect.
    SideEffect(SideEffect) = "side-effect",
    /// An answered questionnaire.
    Instrument(Instrument) = "instrument",
    /// A laboratory result.
    Lab(Lab) = "lab",
    /// A medicine was started, changed or stopped.
    Medicine(Medicine) = "medicine",
    /// An operation or another procedure.
    Procedure(Procedure) = "procedure",
    /// A blinded trial began.
    TrialStarted(TrialStarted) = "trial-started",
    /// A kit of a blinded trial was opened.
    KitOpened(KitOpened) = "kit-opened",
    /// What the person believes is in the kit.
    BeliefRecorded(BeliefRecorded) = "belief-recorded",
    /// The code of a blinded trial was broken.
    Unblinded(Unblinded) = "unblinded",
    /// A verdict was shown to somebody.
    VerdictShown(VerdictShown) = "verdict-shown",
    /// Consent was given or taken back.
    Consent(Consent) = "consent",
    /// Free text.
    Note(Note) = "note",
    /// An earlier entry is replaced or struck out.
    Corrected(Corrected) = "corrected",
}

/// What is known about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// `intake.toml` as it was written; TOML.
    pub document: String,
}

/// A screening and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screened {
    /// How it ended.
    pub disposition: Disposition,
    /// The whole screening; JSON.
    pub document: String,
}

/// A plan that nobody has signed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanProposed {
    /// The plan, without a signature: signing is an entry of its own.
    pub plan: Box<Plan>,
}

/// A prescriber signed a proposed plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSigned {
    /// Which plan.
    pub plan: PlanId,
    /// The prescriber's name.
    pub prescriber: String,
    /// The day of signing, from which it is in force.
    pub on: Date,
}

/// Days without LDN, whatever the plan says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanHeld {
    /// Which days, and why.
    pub hold: Hold,
}

/// A plan ended before its time, from the day of the entry on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanEnded {
    /// Which plan.
    pub plan: PlanId,
    /// Why.
    pub reason: String,
}

/// A side effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideEffect {
    /// Its name as written.
    pub term: String,
    /// How bad it was.
    pub severity: Severity,
    /// Whether it is still there.
    pub ongoing: Answer,
}

/// An answered questionnaire; its scores are computed again from the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Id of the questionnaire.
    pub instrument: String,
    /// Its version, because wording changes.
    pub version: String,
    /// Answers by the id of the question; a question that was not shown is absent.
    #[serde(deserialize_with = "super::form::map_without_repeats")]
    pub answers: BTreeMap<String, ItemAnswer>,
}

/// An answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemAnswer {
    /// A number.
    Points(Decimal),
    /// Words, or the code of a choice.
    Text(String),
    /// The question was shown and left open.
    LeftOpen,
}

/// A laboratory result or the sum of a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// The test as written.
    pub test: String,
    /// What came out.
    pub result: LabResult,
    /// When; `None` if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

/// What came out of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabResult {
    /// An amount with its unit.
    #[serde(rename_all = "snake_case")]
    Amount {
        /// The number as written.
        value: Decimal,
        /// The unit as written.
        unit: String,
        /// The upper limit on the same report; `None` is unknown, not "normal".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        upper_limit: Option<Decimal>,
    },
    /// A number that has no unit.
    Score(Decimal),
    /// Found; of a naloxone challenge, signs of withdrawal.
    Positive,
    /// Not found.
    Negative,
    /// Anything else as written, such as "< 0.01 mU/L".
    Text(String),
}

/// A medicine as it is used from the day of the entry on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medicine {
    /// Its name as written.
    pub name: String,
    /// How it is used.
    #[serde(rename = "use")]
    pub usage: Use,
    /// How it enters the body.
    pub route: Route,
    /// How fast the product lets it go.
    pub release: Release,
    /// Amount per day as written, with its unit; `None` if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<String>,
    /// Day of the last dose or injection, or on which a patch or implant came off; `None` if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_taken: Option<Date>,
    /// The prescriber's own word for a name that is not recognised.
    pub not_an_opioid: Answer,
}

/// An operation or another procedure, past or coming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Its name as written.
    pub name: String,
    /// Its day; `None` if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Whether opioids were or will be given.
    pub opioids_expected: Answer,
}

/// A blinded trial began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialStarted {
    /// Hash that commits to the sealed allocation without telling it.
    pub commitment: Hash,
    /// The design; JSON.
    pub design: String,
}

/// A kit of a blinded trial was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KitOpened {
    /// The number on the bottle, which tells nothing.
    pub kit: String,
}

/// What the person believes is in the kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeliefRecorded {
    /// The guess.
    pub guess: Guess,
    /// How sure; `None` if nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure_percent: Option<Percent>,
}

/// The code of a blinded trial was broken. What was in the kits stands nowhere in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unblinded {
    /// Why.
    pub reason: String,
    /// Name of the person who asked and was told.
    pub by: String,
}

/// A verdict was shown to somebody: from then on the person may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictShown {
    /// Version of the method.
    pub model: String,
    /// The verdict as shown; JSON.
    pub document: String,
}

/// Consent was given or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Version of the text that was consented to.
    pub version: String,
    /// True if given, false if refused or taken back.
    pub given: bool,
}

/// Free text; never leaves the machine in an export for others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The text.
    pub text: String,
}

/// An earlier entry is replaced or struck out; both stay.
///
/// The corrected content keeps the day of the entry that it replaces. Something entered for the wrong day is struck out
/// and entered again; a dose carries its day in itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrected {
    /// The entry that was wrong; it may be a correction itself.
    pub replaces: EntryId,
    /// What holds instead, of the same kind and never a correction; `None` strikes it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Box<Body>>,
    /// Why.
    pub reason: String,
}
