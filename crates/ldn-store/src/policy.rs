//! Who may do what: one table, and what it does not name is refused.
//!
//! The table is the matrix of section 6 of the project's reliability anchors, written out per role, object and
//! operation. [`permit`] is its only reader. The views ask it for every call, and so does the command line of the
//! administrator: nobody has a way around it. A second table, written independently, stands in the tests.

mod body;
mod table;

use ldn_core::journal::Role;

pub use body::object_of;
pub use table::RULES;

/// A kind of thing that somebody may want to see or change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// What the patient tells of a day: doses taken, scores, side effects, questionnaires, beliefs, notes.
    Diary,
    /// What is known about the person: intake, medicines, procedures, laboratory values.
    HealthRecord,
    /// What the screening found.
    Screening,
    /// Only those findings that an order carries for the pharmacy.
    FindingsOnOrder,
    /// A plan that is proposed and not signed.
    PlanProposal,
    /// The plan: signed, held, ended.
    Plan,
    /// What the pharmacy shall make.
    Order,
    /// What the pharmacy has handed over.
    Dispensing,
    /// What the patient agreed to.
    Consent,
    /// That a blinded trial runs, its design and the commitment to its allocation.
    Trial,
    /// Which capsule is active: the sealed allocation of a blinded trial.
    Allocation,
    /// The number on a kit.
    KitNumber,
    /// What is inside a kit.
    KitContent,
    /// That somebody opened the allocation, when and why; not what it said.
    Unblinding,
    /// The verdict of an open course, or of a trial after its opening.
    Verdict,
    /// The verdict while a blinded trial runs.
    BlindedVerdict,
    /// The trail of who did what.
    AuditTrail,
    /// The key with which a person's own export can be read.
    ExportKey,
    /// The key that opens allocations.
    TrialKey,
    /// The key that opens backups.
    BackupKey,
    /// That a course exists: its identifier and its day of opening, no medical text.
    Course,
    /// Who may see a course.
    Grant,
    /// An account: its role and state.
    Account,
}

impl Object {
    /// Every object, in the order of the table.
    pub const ALL: &[Object] = &[
        Object::Diary,
        Object::HealthRecord,
        Object::Screening,
        Object::FindingsOnOrder,
        Object::PlanProposal,
        Object::Plan,
        Object::Order,
        Object::Dispensing,
        Object::Consent,
        Object::Trial,
        Object::Allocation,
        Object::KitNumber,
        Object::KitContent,
        Object::Unblinding,
        Object::Verdict,
        Object::BlindedVerdict,
        Object::AuditTrail,
        Object::ExportKey,
        Object::TrialKey,
        Object::BackupKey,
        Object::Course,
        Object::Grant,
        Object::Account,
    ];

    /// The object as the audit trail and the tests write it.
    pub const fn name(self) -> &'static str {
        match self {
            Object::Diary => "diary",
            Object::HealthRecord => "health-record",
            Object::Screening => "screening",
            Object::FindingsOnOrder => "findings-on-order",
            Object::PlanProposal => "plan-proposal",
            Object::Plan => "plan",
            Object::Order => "order",
            Object::Dispensing => "dispensing",
            Object::Consent => "consent",
            Object::Trial => "trial",
            Object::Allocation => "allocation",
            Object::KitNumber => "kit-number",
            Object::KitContent => "kit-content",
            Object::Unblinding => "unblinding",
            Object::Verdict => "verdict",
            Object::BlindedVerdict => "blinded-verdict",
            Object::AuditTrail => "audit-trail",
            Object::ExportKey => "export-key",
            Object::TrialKey => "trial-key",
            Object::BackupKey => "backup-key",
            Object::Course => "course",
            Object::Grant => "grant",
            Object::Account => "account",
        }
    }
}

/// What somebody wants to do with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Look at it.
    Read,
    /// Add to it; nothing is ever changed in place.
    Append,
    /// Make it: a course, an account by invitation.
    Create,
    /// Use it up once: break the blind, use a key.
    Open,
    /// End it: a grant, an account, a course on the person's request.
    End,
    /// Check that nobody changed it.
    Verify,
    /// Take a copy away.
    Export,
}

impl Operation {
    /// Every operation, in the order of the table.
    pub const ALL: &[Operation] = &[
        Operation::Read,
        Operation::Append,
        Operation::Create,
        Operation::Open,
        Operation::End,
        Operation::Verify,
        Operation::Export,
    ];

    /// The operation as the audit trail and the tests write it.
    pub const fn name(self) -> &'static str {
        match self {
            Operation::Read => "read",
            Operation::Append => "append",
            Operation::Create => "create",
            Operation::Open => "open",
            Operation::End => "end",
            Operation::Verify => "verify",
            Operation::Export => "export",
        }
    }
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The course of the person who acts.
    OwnCourse,
    /// A course for which the account holds a grant that is in force, or has broken the glass.
    GrantedCourse,
    /// The same, and one subject per call: there is no list.
    OneGrantedCourse,
    /// Only what the same account did.
    OwnActions,
    /// The whole site. No role has it for anything medical that names a person.
    Site,
}

/// How much of the object is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// All of it.
    Whole,
    /// That it exists, and nothing that depends on the arm.
    Masked,
    /// The number, not what stands behind it.
    NumberOnly,
    /// Counts over many people, small ones suppressed.
    Counts,
}

/// What the table permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permit {
    /// How far it reaches.
    pub reach: Reach,
    /// How much is shown.
    pub shape: Shape,
}

/// One line of the table: this role may do this with this object, so far and in this shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Who.
    pub role: Role,
    /// With what.
    pub object: Object,
    /// Does what.
    pub operation: Operation,
    /// How far, and how much of it.
    pub permit: Permit,
}

/// What a role may do with an object, or `None`: never.
pub fn permit(role: Role, object: Object, operation: Operation) -> Option<Permit> {
    RULES
        .iter()
        .find(|rule| rule.role == role && rule.object == object && rule.operation == operation)
        .map(|rule| rule.permit)
}

/// Whether somebody with the role `inviter` may invite somebody to the role `invited`.
///
/// An administrator brings in staff and patients, a prescriber only patients of their own. Nobody else invites.
pub const fn may_invite(inviter: Role, invited: Role) -> bool {
    match inviter {
        Role::Administrator => true,
        Role::Prescriber => matches!(invited, Role::Patient),
        Role::Patient | Role::Pharmacist | Role::Researcher => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_object_and_operation_stands_twice() {
        for (at, rule) in RULES.iter().enumerate() {
            let again = RULES[at + 1..].iter().any(|other| {
                (other.role, other.object, other.operation) == (rule.role, rule.object, rule.operation)
            });
            assert!(!again, "{rule:?}");
        }
    }

    #[test]
    fn what_is_not_named_is_refused() {
        assert_eq!(permit(Role::Researcher, Object::Allocation, Operation::Read), None);
        assert_eq!(permit(Role::Administrator, Object::Diary, Operation::Read), None);
        assert_eq!(permit(Role::Pharmacist, Object::Diary, Operation::Read), None);
    }

    #[test]
    fn the_trail_is_never_written_or_ended_by_a_role() {
        for rule in RULES.iter().filter(|rule| rule.object == Object::AuditTrail) {
            assert!(matches!(rule.operation, Operation::Read | Operation::Verify), "{rule:?}");
        }
    }

    #[test]
    fn only_counts_of_medical_objects_reach_the_whole_site() {
        let not_medical =
            [Object::AuditTrail, Object::BackupKey, Object::Course, Object::Grant, Object::Account];
        for rule in RULES.iter().filter(|rule| rule.permit.reach == Reach::Site) {
            let harmless = not_medical.contains(&rule.object) || rule.permit.shape == Shape::Counts;
            assert!(harmless, "{rule:?}");
        }
    }
}
