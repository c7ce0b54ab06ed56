//! People with accounts, for tests: a clinic whose clock the test moves.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId, EntryId, PersonId};
use ldn_core::journal::{Body, Entry, EntryParts, Role, Salt};
use ldn_store::Store;
use ldn_store::account::{Accounts, Cost, Credentials, FactorSecret, Password, RecoveryCode, SignedIn};
use ldn_store::audit::RequestId;
use ldn_store::invitation::{Invited, Redemption};
use ldn_store::session::{Actor, authenticate};
use uuid::Uuid;

use crate::support::entries::instant;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) factor: Option<FactorSecret>,
    pub(crate) recovery_codes: Vec<RecoveryCode>,
}

pub(crate) fn request() -> RequestId {
    RequestId::new("test")
}

/// The accounts of a store with passwords that cost little.
pub(crate) fn accounts(store: &Store) -> Accounts<'_> {
    Accounts::of(store).with_cost(Cost::CHEAPEST)
}

/// Minutes after a fixed instant.
pub(crate) fn minute(minutes: i64) -> Timestamp {
    instant(minutes * 60)
}

/// The first account: an administrator, made at `now`.
pub(crate) async fn administrator(store: &Store, now: Timestamp) -> Member {
    let invited = accounts(store).bootstrap(&request(), now).await.unwrap();
    let first_role = Some(Role::Administrator);
    redeem(store, &invited, "admin", Redemption { first_role, ..Redemption::default() }, now).await
}

/// Invites somebody and redeems the invitation at once.
pub(crate) async fn join(
    store: &Store,
    inviter: &Actor,
    role: Role,
    course: Option<CourseId>,
    name: &str,
    now: Timestamp,
) -> Member {
    let invited = accounts(store).invite(inviter, role, course, now).await.unwrap();
    redeem(store, &invited, name, Redemption::default(), now).await
}

pub(crate) async fn redeem(
    store: &Store,
    invited: &Invited,
    name: &str,
    redemption: Redemption<'_>,
    now: Timestamp,
) -> Member {
    let accounts = accounts(store);
    let opened = accounts.open_invitation(&invited.token, now).await.unwrap();
    let is_staff = opened.role != Some(Role::Patient) && redemption.first_role != Some(Role::Patient);
    let factor = opened.factor.filter(|_| is_staff);
    let code = factor.as_ref().map(|factor| factor.code(now));
    let password = format!("four quiet words for {}", name.to_uppercase().replace(|c: char| c != 'Z', "z"));
    let typed = Password::typed(&password);
    let redemption = Redemption {
        name: Some(name),
        person_name: Some(name),
        password: Some(&typed),
        code: code.as_deref(),
        ..redemption
    };
    let redeemed = accounts.redeem(&invited.token, &redemption, &request(), now).await.unwrap();
    Member {
        account: redeemed.account,
        person: redeemed.person,
        role: redeemed.role,
        name: name.to_owned(),
        password,
        factor,
        recovery_codes: redeemed.recovery_codes,
    }
}

impl Member {
    pub(crate) fn code(&self, now: Timestamp) -> Option<String> {
        self.factor.as_ref().map(|factor| factor.code(now))
    }

    /// Signs in with everything right, from a new device.
    pub(crate) async fn sign_in(&self, store: &Store, now: Timestamp) -> SignedIn {
        let (password, code) = (Password::typed(&self.password), self.code(now));
        let credentials = credentials(&self.name, &password, code.as_deref());
        accounts(store).sign_in(&credentials, &request(), now).await.unwrap()
    }

    /// Signs in and returns the actor.
    pub(crate) async fn actor(&self, store: &Store, now: Timestamp) -> Actor {
        let signed_in = self.sign_in(store, now).await;
        authenticate(store.database(), &signed_in.session, request(), now).await.unwrap()
    }

    /// An entry in the member's own name.
    pub(crate) fn writes(&self, course: CourseId, number: u64, body: Body) -> Entry {
        written_by(self.account, self.role, course, number, body)
    }
}

pub(crate) fn written_by(author: AccountId, role: Role, course: CourseId, number: u64, body: Body) -> Entry {
    let base = 0x0197_a3c0_5f00_7000_8000_0000_0000_0000_u128;
    let id = Uuid::from_u128(base | (course.uuid().as_u128() & 0xffff_0000_0000) | u128::from(number));
    Entry::new(EntryParts {
        id: EntryId::from_uuid(id).unwrap(),
        course,
        author,
        role,
        device: None,
        day: jiff::civil::date(2026, 1, 5),
        zone: "Europe/Berlin".to_owned(),
        offset: jiff::tz::Offset::constant(1),
        recorded: instant(0),
        salt: Salt([7; 16]),
        body,
    })
    .unwrap()
}

pub(crate) fn credentials<'a>(
    name: &'a str,
    password: &'a Password,
    code: Option<&'a str>,
) -> Credentials<'a> {
    Credentials { name, password, code, source: "192.0.2.1", device: None, own_device: false }
}
