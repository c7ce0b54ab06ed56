//! `ldn serve --sample`: a clinic of people who do not exist, on a store that is gone afterwards.
//!
//! Everything is stored as in a real site: an administrator invites a prescriber, the prescriber makes the courses and
//! signs the plans, and each patient writes the own diary.

mod story;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use ldn_core::ids::{AccountId, CourseId, EntryId};
use ldn_core::journal::{Entry, EntryParts, Role, Salt};
use ldn_store::account::{Accounts, Credentials, Password, Token};
use ldn_store::audit::RequestId;
use ldn_store::invitation::Redemption;
use ldn_store::session::{self, Actor};
use ldn_store::view::{PatientView, PrescriberView};
use ldn_store::{SiteKey, Store};
use tempfile::TempDir;

use crate::error::Failure;
use crate::store_option::{new_entry_id, random};
use story::{Event, Story};

/// What everybody here signs in with; printed, because it guards nothing.
pub(super) const PASSWORD: &str = "a quiet garden behind the mill";

/// The zone of everything that was recorded; a browser shows its own from then on.
const ZONE: &str = "Etc/UTC";

/// A store with sample courses in a temporary folder, which is removed with it.
pub(super) struct Sample {
    folder: TempDir,
    /// The store.
    pub(super) store: Store,
    /// Who can sign in, and what there is to see.
    pub(super) guests: Vec<Guest>,
    /// The secret of the prescriber's second factor: it guards nothing here, and whoever looks around needs its codes.
    pub(super) prescriber: Option<String>,
}

/// Somebody whose course can be looked at.
pub(super) struct Guest {
    /// The name to sign in with.
    pub(super) name: &'static str,
    /// What there is to see.
    pub(super) about: &'static str,
}

/// A sign-in under way.
struct Door<'s> {
    store: &'s Store,
    request: RequestId,
    now: Timestamp,
}

impl Sample {
    /// Makes the store; the courses end yesterday, so that today's diary is open.
    ///
    /// # Errors
    /// What the disk or the store says.
    pub(super) async fn make(now: Timestamp) -> Result<Sample, Failure> {
        let folder = tempfile::Builder::new().prefix("ldn-sample-").tempdir();
        let folder = folder.map_err(|error| Failure::write(&std::env::temp_dir(), error))?;
        let url = folder.path().join("ldn.db").display().to_string();
        // The key is kept nowhere: with this process the store is gone in any case.
        let store = Store::create(&url, SiteKey::generate()?, now).await?;
        let (guests, prescriber) = fill(&store, now).await?;
        Ok(Sample { folder, store, guests, prescriber })
    }

    /// Removes the store with its folder.
    ///
    /// # Errors
    /// What the disk says.
    pub(super) fn remove(self) -> Result<(), Failure> {
        let path = self.folder.path().to_owned();
        self.folder.close().map_err(|error| Failure::write(&path, error))
    }
}

async fn fill(store: &Store, now: Timestamp) -> Result<(Vec<Guest>, Option<String>), Failure> {
    let door = Door { store, request: RequestId::new("sample"), now };
    let first = Accounts::of(store).bootstrap(&door.request, now).await?;
    let (administrator, _) = door.join(&first.token, "clinic", Some(Role::Administrator)).await?;
    let invited = Accounts::of(store).invite(&administrator, Role::Prescriber, None, now).await?;
    let (prescriber, secret) = door.join(&invited.token, "prescriber", None).await?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut guests = Vec::new();
    for story in story::all(today)? {
        guests.push(Guest { name: story.name, about: story.about });
        door.store_story(&prescriber, story).await?;
    }
    Ok((guests, secret))
}

impl Door<'_> {
    /// Makes the person, the account and the course, and writes down what happened.
    async fn store_story(&self, prescriber: &Actor, story: Story) -> Result<(), Failure> {
        let clinic = PrescriberView::of(self.store, prescriber.clone())?;
        let (_, course) = clinic.add_patient(story.person, self.now).await?;
        let invited =
            Accounts::of(self.store).invite(prescriber, Role::Patient, Some(course), self.now).await?;
        let (patient, _) = self.join(&invited.token, story.name, None).await?;
        let (mut by_prescriber, mut by_patient) = (Vec::new(), Vec::new());
        for event in story.events {
            match event.role {
                Role::Prescriber => by_prescriber.push(entry(course, prescriber.account(), event)?),
                _ => by_patient.push(entry(course, patient.account(), event)?),
            }
        }
        clinic.append(course, &by_prescriber, self.now).await?;
        PatientView::of(self.store, patient)?.append(course, &by_patient, self.now).await?;
        Ok(())
    }

    /// Redeems an invitation and signs in; a second factor is set up where the role must have one, and its secret returned.
    async fn join(
        &self,
        token: &Token,
        name: &str,
        first_role: Option<Role>,
    ) -> Result<(Actor, Option<String>), Failure> {
        let (accounts, now) = (Accounts::of(self.store), self.now);
        let password = Password::typed(PASSWORD);
        let opened = accounts.open_invitation(token, now).await?;
        let factor = opened.factor.filter(|_| opened.role != Some(Role::Patient));
        let code = factor.as_ref().map(|factor| factor.code(now));
        let redemption = Redemption {
            name: Some(name),
            person_name: Some(name),
            password: Some(&password),
            code: code.as_deref(),
            first_role,
        };
        accounts.redeem(token, &redemption, &self.request, now).await?;
        // A code counts once; the one of the next half minute is accepted early.
        let next = factor.as_ref().map(|factor| factor.code(now + 30.seconds()));
        let credentials = Credentials {
            name,
            password: &password,
            code: next.as_deref(),
            source: "sample",
            device: None,
            own_device: false,
        };
        let signed_in = accounts.sign_in(&credentials, &self.request, now).await?;
        let request = self.request.clone();
        let actor = session::authenticate(self.store.database(), &signed_in.session, request, now).await?;
        Ok((actor, factor.map(|factor| factor.expose())))
    }
}

/// Makes the entry of an event, recorded in the evening of its day.
fn entry(course: CourseId, author: Option<AccountId>, event: Event) -> Result<Entry, Failure> {
    let hour = if event.role == Role::Prescriber { 10 } else { 20 };
    let evening = event.day.at(hour, 0, 0, 0).to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    let evening = evening.map_err(|_| Failure::Usage(format!("{} is no day of a sample", event.day)))?;
    let recorded = evening + event.order.milliseconds();
    Ok(Entry::new(EntryParts {
        id: EntryId::from_uuid(new_entry_id(recorded)?).expect("the id was made as one of version 7"),
        course,
        author: author.expect("whoever signed in has an account"),
        role: event.role,
        device: None,
        day: event.day,
        zone: ZONE.to_owned(),
        offset: Offset::UTC,
        recorded,
        salt: Salt(random()?),
        body: event.body,
    })?)
}
