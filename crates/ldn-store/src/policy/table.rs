//! The table itself.

use ldn_core::journal::Role::{Administrator, Patient, Pharmacist, Prescriber, Researcher};

use super::Object::{
    Account, Allocation, AuditTrail, BackupKey, BlindedVerdict, Consent, Course, Diary, Dispensing,
    ExportKey, FindingsOnOrder, Grant, HealthRecord, KitContent, KitNumber, Order, Plan, PlanProposal,
    Screening, Trial, TrialKey, Unblinding, Verdict,
};
use super::Operation::{Append, Create, End, Export, Open, Read, Verify};
use super::Reach::{GrantedCourse, OneGrantedCourse, OwnActions, OwnCourse, Site};
use super::Shape::{Counts, Masked, NumberOnly, Whole};
use super::{Object, Operation, Permit, Reach, Role, Rule, Shape};

const fn rule(role: Role, object: Object, operation: Operation, reach: Reach, shape: Shape) -> Rule {
    Rule { role, object, operation, permit: Permit { reach, shape } }
}

/// Every permission that exists. Whoever adds a line adds it to the second table in `tests/it/policy.rs` too.
pub const RULES: &[Rule] = &[
    // A patient: all of the own course, written only where the patient is the one who knows.
    rule(Patient, Course, Read, OwnCourse, Whole),
    // Used alone: a course of one's own, which the view gives to nobody else.
    rule(Patient, Course, Create, Site, Whole),
    rule(Patient, Course, End, OwnCourse, Whole),
    rule(Patient, Course, Export, OwnCourse, Whole),
    rule(Patient, Course, Verify, OwnCourse, Whole),
    rule(Patient, Diary, Read, OwnCourse, Whole),
    rule(Patient, Diary, Append, OwnCourse, Whole),
    rule(Patient, HealthRecord, Read, OwnCourse, Whole),
    rule(Patient, HealthRecord, Append, OwnCourse, Whole),
    rule(Patient, Screening, Read, OwnCourse, Whole),
    rule(Patient, PlanProposal, Read, OwnCourse, Whole),
    // Used alone, the plan as the patient says it was prescribed; it is never a signed one.
    rule(Patient, PlanProposal, Append, OwnCourse, Whole),
    rule(Patient, Plan, Read, OwnCourse, Whole),
    rule(Patient, Order, Read, OwnCourse, Whole),
    rule(Patient, Dispensing, Read, OwnCourse, Whole),
    rule(Patient, Consent, Read, OwnCourse, Whole),
    rule(Patient, Consent, Append, OwnCourse, Whole),
    rule(Patient, Trial, Read, OwnCourse, Whole),
    rule(Patient, KitNumber, Read, OwnCourse, NumberOnly),
    rule(Patient, KitNumber, Append, OwnCourse, NumberOnly),
    rule(Patient, Unblinding, Read, OwnCourse, Masked),
    rule(Patient, Verdict, Read, OwnCourse, Whole),
    rule(Patient, Verdict, Append, OwnCourse, Whole),
    rule(Patient, BlindedVerdict, Read, OwnCourse, Masked),
    rule(Patient, AuditTrail, Read, OwnCourse, Whole),
    rule(Patient, ExportKey, Open, OwnCourse, Whole),
    rule(Patient, Grant, Read, OwnCourse, Whole),
    // A prescriber: own patients, written where the prescriber decides, never the diary.
    rule(Prescriber, Course, Create, Site, Whole),
    rule(Prescriber, Course, Read, GrantedCourse, Whole),
    rule(Prescriber, Course, Verify, GrantedCourse, Whole),
    rule(Prescriber, Diary, Read, GrantedCourse, Whole),
    rule(Prescriber, HealthRecord, Read, GrantedCourse, Whole),
    rule(Prescriber, HealthRecord, Append, GrantedCourse, Whole),
    rule(Prescriber, Screening, Read, GrantedCourse, Whole),
    rule(Prescriber, Screening, Append, GrantedCourse, Whole),
    rule(Prescriber, FindingsOnOrder, Read, GrantedCourse, Whole),
    rule(Prescriber, PlanProposal, Read, GrantedCourse, Whole),
    rule(Prescriber, PlanProposal, Append, GrantedCourse, Whole),
    rule(Prescriber, Plan, Read, GrantedCourse, Whole),
    rule(Prescriber, Plan, Append, GrantedCourse, Whole),
    rule(Prescriber, Order, Read, GrantedCourse, Whole),
    rule(Prescriber, Order, Append, GrantedCourse, Whole),
    rule(Prescriber, Dispensing, Read, GrantedCourse, Whole),
    rule(Prescriber, Consent, Read, GrantedCourse, Whole),
    rule(Prescriber, Trial, Read, GrantedCourse, Whole),
    rule(Prescriber, Trial, Append, GrantedCourse, Whole),
    rule(Prescriber, KitNumber, Read, GrantedCourse, NumberOnly),
    rule(Prescriber, Unblinding, Read, GrantedCourse, Masked),
    rule(Prescriber, Unblinding, Append, GrantedCourse, Whole),
    rule(Prescriber, Verdict, Read, GrantedCourse, Whole),
    rule(Prescriber, Verdict, Append, GrantedCourse, Whole),
    rule(Prescriber, BlindedVerdict, Read, GrantedCourse, Masked),
    rule(Prescriber, AuditTrail, Read, GrantedCourse, Whole),
    rule(Prescriber, Grant, Read, GrantedCourse, Whole),
    rule(Prescriber, Grant, Create, GrantedCourse, Whole),
    rule(Prescriber, Grant, End, GrantedCourse, Whole),
    // A patient of one's own may be invited to have an account.
    rule(Prescriber, Account, Create, GrantedCourse, Whole),
    // Breaking the glass: any course, for four hours, with a reason, and everybody is told.
    rule(Prescriber, Grant, Open, Site, Whole),
    // A pharmacist: what is to be made and what is in it, never how the person feels.
    rule(Pharmacist, Course, Read, GrantedCourse, Whole),
    rule(Pharmacist, FindingsOnOrder, Read, GrantedCourse, Whole),
    rule(Pharmacist, Plan, Read, GrantedCourse, Whole),
    rule(Pharmacist, Order, Read, GrantedCourse, Whole),
    rule(Pharmacist, Dispensing, Read, GrantedCourse, Whole),
    rule(Pharmacist, Dispensing, Append, GrantedCourse, Whole),
    rule(Pharmacist, Trial, Read, GrantedCourse, Whole),
    rule(Pharmacist, Allocation, Read, OneGrantedCourse, Whole),
    rule(Pharmacist, KitNumber, Read, GrantedCourse, NumberOnly),
    rule(Pharmacist, KitContent, Read, OneGrantedCourse, Whole),
    rule(Pharmacist, Unblinding, Read, GrantedCourse, Masked),
    // At the end of a trial its pharmacist opens it.
    rule(Pharmacist, Unblinding, Append, OneGrantedCourse, Whole),
    rule(Pharmacist, AuditTrail, Read, OwnActions, Whole),
    rule(Pharmacist, TrialKey, Open, OneGrantedCourse, Whole),
    // A researcher: counts over many people.
    rule(Researcher, Diary, Read, Site, Counts),
    rule(Researcher, Screening, Read, Site, Counts),
    rule(Researcher, KitNumber, Read, Site, Counts),
    rule(Researcher, BlindedVerdict, Read, Site, Counts),
    rule(Researcher, Course, Read, Site, Counts),
    // An administrator: accounts, grants, the trail and the backup, and no medical text.
    rule(Administrator, Course, Read, Site, NumberOnly),
    rule(Administrator, Course, Create, Site, Whole),
    rule(Administrator, Course, Verify, Site, NumberOnly),
    rule(Administrator, Course, End, Site, NumberOnly),
    rule(Administrator, Account, Read, Site, Whole),
    rule(Administrator, Account, Create, Site, Whole),
    rule(Administrator, Account, End, Site, Whole),
    rule(Administrator, Grant, Read, Site, Whole),
    rule(Administrator, Grant, Create, Site, Whole),
    rule(Administrator, Grant, End, Site, Whole),
    rule(Administrator, AuditTrail, Read, Site, Whole),
    rule(Administrator, AuditTrail, Verify, Site, Whole),
    rule(Administrator, BackupKey, Open, Site, Whole),
];
