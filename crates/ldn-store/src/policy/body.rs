//! Which object of the policy an entry of the journal is.

use ldn_core::journal::Kind;

use super::Object;

/// Returns the object that an entry of this kind belongs to; `blinded` says whether a blinded trial hides its verdict.
///
/// `None` for a correction, which belongs to the object of the entry that it replaces.
pub const fn object_of(kind: Kind, blinded: bool) -> Option<Object> {
    Some(match kind {
        Kind::Dose
        | Kind::Scores
        | Kind::SideEffect
        | Kind::Instrument
        | Kind::BeliefRecorded
        | Kind::Note => Object::Diary,
        Kind::Intake | Kind::Lab | Kind::Medicine | Kind::Procedure => Object::HealthRecord,
        Kind::Screened => Object::Screening,
        Kind::PlanProposed => Object::PlanProposal,
        Kind::PlanSigned | Kind::PlanHeld | Kind::PlanEnded => Object::Plan,
        Kind::Ordered => Object::Order,
        Kind::Dispensed => Object::Dispensing,
        Kind::TrialStarted => Object::Trial,
        Kind::KitOpened => Object::KitNumber,
        Kind::Unblinded => Object::Unblinding,
        Kind::VerdictShown if blinded => Object::BlindedVerdict,
        Kind::VerdictShown => Object::Verdict,
        Kind::Consent => Object::Consent,
        Kind::Corrected => return None,
    })
}
