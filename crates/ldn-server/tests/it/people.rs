//! People of every role beside the patient of the place.

use std::sync::atomic::{AtomicU32, Ordering};

use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::Role;
use ldn_store::Store;
use ldn_store::account::{Accounts, Cost, Credentials, Password, Token};
use ldn_store::audit::RequestId;
use ldn_store::invitation::Redemption;
use ldn_store::session::Actor;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::journal::{TODAY, instant_on};

/// Makes every name another one.
static NAMED: AtomicU32 = AtomicU32::new(0);

/// Somebody who has signed in.
pub(crate) struct Person {
    pub(crate) role: Role,
    pub(crate) account: AccountId,
    session: Token,
}

impl Person {
    pub(crate) fn cookies(&self) -> String {
        format!("__Host-session={}", self.session.expose())
    }

    pub(crate) fn form_token(&self) -> String {
        let hash = Sha256::new().chain_update(b"ldn-form-1\0").chain_update(self.session.expose()).finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Makes another patient with a course, and one person of each other role, all signed in.
pub(crate) async fn others(store: &Store) -> Vec<Person> {
    let person = PersonId::from_uuid(Uuid::from_u128(80));
    let course = CourseId::from_uuid(Uuid::from_u128(8));
    store.add_person(person, "Bea Ruiz", instant_on(TODAY)).await.unwrap();
    store.add_course(course, person).await.unwrap();
    let mut people = vec![join(store, Role::Patient, Some(course)).await];
    for role in [Role::Prescriber, Role::Pharmacist, Role::Researcher, Role::Administrator] {
        people.push(join(store, role, None).await);
    }
    people
}

/// Makes somebody in a role, signed in.
pub(crate) async fn join(store: &Store, role: Role, course: Option<CourseId>) -> Person {
    let (accounts, now, request) =
        (Accounts::of(store).with_cost(Cost::CHEAPEST), instant_on(TODAY), RequestId::new("t"));
    let operator = Actor::local_operator(request.clone(), now);
    let invited = accounts.invite(&operator, role, course, now).await.unwrap();
    let factor = accounts.open_invitation(&invited.token, now).await.unwrap().factor;
    let factor = factor.filter(|_| role != Role::Patient);
    let name = format!("other-{}-{}", role.word(), NAMED.fetch_add(1, Ordering::Relaxed));
    let (name, password) = (name, Password::typed("four other words together"));
    let code = factor.as_ref().map(|factor| factor.code(now));
    let redemption = Redemption {
        name: Some(&name),
        person_name: Some(&name).filter(|_| role != Role::Patient).map(String::as_str),
        password: Some(&password),
        code: code.as_deref(),
        ..Redemption::default()
    };
    let redeemed = accounts.redeem(&invited.token, &redemption, &request, now).await.unwrap();
    // A code works once: signing in takes the next one.
    let later = now + jiff::SignedDuration::from_secs(30);
    let code = factor.as_ref().map(|factor| factor.code(later));
    let credentials = Credentials {
        name: &name,
        password: &password,
        code: code.as_deref(),
        source: "192.0.2.2",
        device: None,
        own_device: false,
    };
    let signed_in = accounts.sign_in(&credentials, &request, later).await.unwrap();
    Person { role, account: redeemed.account, session: signed_in.session }
}
