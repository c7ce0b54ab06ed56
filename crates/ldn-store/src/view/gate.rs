//! The one gate: the policy, the grants, and the trail.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::Role;

use super::AccessError;
use crate::audit::{Action, Event, Outcome, Why, append, append_refusal};
use crate::database::Transaction;
use crate::error::StoreError;
use crate::policy::{Object, Operation, Permit, Reach, permit};
use crate::session::Actor;
use crate::store::Store;
use crate::timestamp::to_micros;
use crate::{grant, people};

/// Asks whether an actor may do something with an object of a course, and records the answer as every view does.
///
/// # Errors
/// [`AccessError::Refused`], after recording it.
pub async fn ask(
    store: &Store,
    actor: &Actor,
    object: Object,
    operation: Operation,
    course: Option<CourseId>,
    now: Timestamp,
) -> Result<Permit, AccessError> {
    enter(store, actor, object, operation, course, now).await
}

/// The same, for the views.
pub(crate) async fn enter(
    store: &Store,
    actor: &Actor,
    object: Object,
    operation: Operation,
    course: Option<CourseId>,
    now: Timestamp,
) -> Result<Permit, AccessError> {
    let database = &store.vault().database;
    let mut reading = database.read().await?;
    let checked = check(&mut reading, actor, object, operation, course, now).await?;
    reading.rollback().await?;
    let event = Event { course, ..actor.event(Action::Operated(operation, object), now) };
    match checked {
        Ok(permit) if is_worth_recording(operation, permit) => {
            let mut writing = database.write().await?;
            append(&mut writing, &event).await?;
            writing.commit().await?;
            Ok(permit)
        }
        Ok(permit) => Ok(permit),
        Err(why) => {
            append_refusal(database, &Event { outcome: Outcome::Refused, why, ..event }).await?;
            Err(AccessError::Refused { role: actor.role(), operation, object })
        }
    }
}

/// Asks for several things of one course at once, without recording what is permitted: a view then shows only that.
pub(crate) async fn permitted(
    store: &Store,
    actor: &Actor,
    course: CourseId,
    now: Timestamp,
) -> Result<Vec<(Object, Permit)>, AccessError> {
    let mut reading = store.vault().database.read().await?;
    let mut objects = Vec::new();
    for object in Object::ALL.iter().copied() {
        if let Ok(permit) = check(&mut reading, actor, object, Operation::Read, Some(course), now).await? {
            objects.push((object, permit));
        }
    }
    reading.rollback().await?;
    Ok(objects)
}

/// The policy and the grants, without the trail.
pub(crate) async fn check(
    transaction: &mut Transaction,
    actor: &Actor,
    object: Object,
    operation: Operation,
    course: Option<CourseId>,
    now: Timestamp,
) -> Result<Result<Permit, Why>, StoreError> {
    let Some(permit) = permit(actor.role(), object, operation) else { return Ok(Err(Why::NotPermitted)) };
    let is_theirs = match (permit.reach, course) {
        (Reach::Site, _) | (Reach::OwnActions, None) => true,
        (Reach::OwnActions, Some(_)) => false,
        (Reach::OwnCourse | Reach::GrantedCourse | Reach::OneGrantedCourse, None) => false,
        (Reach::OwnCourse, Some(course)) => is_own(transaction, actor.person(), course).await?,
        (Reach::GrantedCourse | Reach::OneGrantedCourse, Some(course)) => {
            is_granted(transaction, actor.account(), object, operation, course, now).await?
        }
    };
    Ok(if is_theirs { Ok(permit) } else { Err(Why::NotTheirs) })
}

async fn is_own(
    transaction: &mut Transaction,
    person: Option<PersonId>,
    course: CourseId,
) -> Result<bool, StoreError> {
    let found = people::find_course(transaction, course).await?;
    Ok(found.is_some_and(|course| Some(course.person) == person))
}

async fn is_granted(
    transaction: &mut Transaction,
    account: Option<AccountId>,
    object: Object,
    operation: Operation,
    course: CourseId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(account) = account else { return Ok(false) };
    // Whoever broke the glass may help; who else may see the course is not theirs to decide.
    let only_given = matches!(object, Object::Grant | Object::Account) && operation != Operation::Read;
    grant::is_in_force(transaction, account, course, only_given, to_micros(now)).await
}

/// What people do with their own is not recorded a second time; looks at others' records are.
fn is_worth_recording(operation: Operation, permit: Permit) -> bool {
    match operation {
        Operation::Read | Operation::Verify => permit.reach != Reach::OwnCourse,
        // An entry, a grant or an account records itself, with its name.
        Operation::Append | Operation::Create | Operation::End => false,
        Operation::Open | Operation::Export => true,
    }
}

/// Records that a proof of identity was too old.
pub(crate) async fn record_stale(
    store: &Store,
    actor: &Actor,
    action: Action,
    now: Timestamp,
) -> Result<(), StoreError> {
    let event = Event { outcome: Outcome::Refused, why: Why::StaleProof, ..actor.event(action, now) };
    append_refusal(&store.vault().database, &event).await
}

/// Refuses an actor of another role than the view's.
pub(super) fn of_role(actor: &Actor, expected: Role) -> Result<(), AccessError> {
    let found = actor.role();
    if found == expected { Ok(()) } else { Err(AccessError::WrongRole { expected, found }) }
}
