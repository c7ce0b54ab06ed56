//! A site with one patient who has signed in, and a journal that the test writes.
//!
//! [`Place::patient`] makes an empty store, one account and one course. [`Place::write`] appends an entry of any role to
//! the journal; `journal` generates days of it. [`Place::get`] and [`Place::post`] ask as a signed-in browser would.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body as Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use ldn_core::Plan;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::{
    Body, Disposition, Entry, Hash, Intake, PlanProposed, PlanSigned, Role, Screened, TrialStarted,
};
use ldn_server::{Settings, Site, router};
use ldn_store::account::{Accounts, Cost, Credentials, Password, Token};
use ldn_store::audit::RequestId;
use ldn_store::invitation::Redemption;
use ldn_store::{SiteKey, Store};
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use uuid::Uuid;

use crate::journal::{TODAY, ZONE, entry, instant_on};

/// Seconds since the epoch; the clock of the site. Each test is a process of its own.
static NOW: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap()
}

/// Turns the site's clock to half past eight in the evening of a day.
pub(crate) fn evening_of(day: Date) {
    NOW.store(instant_on(day).as_second(), Ordering::Relaxed);
}

/// A site with one signed-in patient; gone at the end of the test.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) course: CourseId,
    pub(crate) account: AccountId,
    router: Router,
    session: Token,
    written: u64,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    /// Returns where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that it is a page with all of these texts.
    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.text.contains(text), "{} lacks {text:?}:\n{}", self.status, self.text);
        }
    }

    /// Asserts that it has none of these texts.
    #[track_caller]
    pub(crate) fn hides(&self, texts: &[&str]) {
        for text in texts {
            assert!(!self.text.contains(text), "{} has {text:?}:\n{}", self.status, self.text);
        }
    }
}

impl Place {
    /// Makes a site with a patient "Ana", an empty course, and the clock at the evening of [`TODAY`].
    pub(crate) async fn patient() -> Place {
        evening_of(TODAY);
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("ldn.db").display().to_string();
        let key = SiteKey::from_bytes(*b"the site key of all these tests!");
        let store = Store::create(&url, key, clock()).await.unwrap();
        let (account, person, session) = sign_up(&store).await;
        let course = CourseId::from_uuid(Uuid::from_u128(7));
        store.add_course(course, person).await.unwrap();
        let settings = Settings { clock, sample: false, origin: "http://localhost:8080".to_owned() };
        let router = router(Site::new(store.clone(), settings));
        Place { store, course, account, router, session, written: 0, _folder: folder }
    }

    /// Appends an entry of a day, made on its evening.
    pub(crate) async fn write(&mut self, role: Role, day: Date, body: Body) {
        self.write_late(role, day, day, body).await;
    }

    /// Appends an entry of a day, made on the evening of another.
    pub(crate) async fn write_late(&mut self, role: Role, day: Date, recorded_on: Date, body: Body) {
        self.written += 1;
        let entry = entry(self.course, self.account, role, self.written, day, recorded_on, body);
        self.store.append(&[entry], clock()).await.unwrap();
    }

    /// Appends many entries of the patient, each made on the evening of its day.
    pub(crate) async fn write_all(&mut self, entries: Vec<(Date, Body)>) {
        let made: Vec<Entry> = entries
            .into_iter()
            .map(|(day, body)| {
                self.written += 1;
                entry(self.course, self.account, Role::Patient, self.written, day, day, body)
            })
            .collect();
        self.store.append(&made, clock()).await.unwrap();
    }

    /// Writes an intake with a year of birth.
    pub(crate) async fn born(&mut self, year: i16) {
        let document = format!("schema = 1\ndate = 2026-01-05\n\n[person]\nbirth_year = {year}\n");
        self.write(Role::Patient, date(2026, 1, 5), Body::Intake(Intake { document })).await;
    }

    /// Writes how a screening ended.
    pub(crate) async fn screened(&mut self, day: Date, disposition: Disposition) {
        let screened = Screened { disposition, document: "{}".to_owned() };
        self.write(Role::Patient, day, Body::Screened(screened)).await;
    }

    /// Proposes a plan and signs it, both on a day.
    pub(crate) async fn signed(&mut self, day: Date, plan: Plan) {
        let id = plan.id();
        self.write(Role::Prescriber, day, Body::PlanProposed(PlanProposed { plan: Box::new(plan) })).await;
        let signed = PlanSigned { plan: id, prescriber: "Dr Vega".to_owned(), on: day };
        self.write(Role::Prescriber, day, Body::PlanSigned(signed)).await;
    }

    /// Starts a blinded trial.
    pub(crate) async fn blinded(&mut self, day: Date) {
        let commitment = Hash::of(b"sealed");
        let started = TrialStarted { commitment, design: "{}".to_owned() };
        self.write(Role::Prescriber, day, Body::TrialStarted(started)).await;
    }

    /// Asks for a page in English.
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.get_in("en", path).await
    }

    /// Asks for a page in a language.
    pub(crate) async fn get_in(&self, language: &str, path: &str) -> Page {
        let request = Request::get(path)
            .header(header::COOKIE, self.cookies())
            .header(header::ACCEPT_LANGUAGE, language)
            .body(Bytes::empty())
            .unwrap();
        self.send(request).await
    }

    /// Asks for a page as somebody who has not signed in.
    pub(crate) async fn get_as_stranger(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Bytes::empty()).unwrap()).await
    }

    /// Sends a form of this session.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.form_token();
        let with_token: Vec<(&str, &str)> =
            fields.iter().copied().chain([("form_token", token.as_str())]).collect();
        self.post_raw(path, &with_token).await
    }

    /// Sends JSON of this session to an address below `/api`; `{course}` stands for the course.
    pub(crate) async fn send_json(&self, path: &str, body: &serde_json::Value) -> Page {
        let path = format!("/api{}", path.replace("{course}", &format!("courses/{}", self.course)));
        let request = Request::post(path)
            .header(header::COOKIE, self.cookies())
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("x-form-token", self.form_token())
            .body(Bytes::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// Sends a form as it is.
    pub(crate) async fn post_raw(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, self.cookies())
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Bytes::from(body.join("&")))
            .unwrap();
        self.send(request).await
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Page { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Returns the cookies of this browser.
    pub(crate) fn cookies(&self) -> String {
        format!("__Host-session={}; zone={}", self.session.expose(), ZONE.replace('/', "%2F"))
    }

    /// Returns the token of this session's forms; a page carries the same one.
    pub(crate) fn form_token(&self) -> String {
        let hash = Sha256::new().chain_update(b"ldn-form-1\0").chain_update(self.session.expose()).finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Returns the kinds of the journal's entries, in order.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        let entries = self.store.entries(self.course).await.unwrap();
        entries.iter().map(|stored| stored.entry.kind().word().to_owned()).collect()
    }

    /// Returns the newest entry of the journal.
    pub(crate) async fn newest(&self) -> Entry {
        self.store.entries(self.course).await.unwrap().pop().unwrap().entry
    }
}

async fn sign_up(store: &Store) -> (AccountId, PersonId, Token) {
    let accounts = Accounts::of(store).with_cost(Cost::CHEAPEST);
    let request = RequestId::new("test");
    let invited = accounts.bootstrap(&request, clock()).await.unwrap();
    let password = Password::typed("four quiet words together");
    let redemption = Redemption {
        name: Some("ana"),
        person_name: Some("Ana Prieto"),
        password: Some(&password),
        first_role: Some(Role::Patient),
        ..Redemption::default()
    };
    let redeemed = accounts.redeem(&invited.token, &redemption, &request, clock()).await.unwrap();
    let credentials = Credentials {
        name: "ana",
        password: &password,
        code: None,
        source: "192.0.2.1",
        device: None,
        own_device: true,
    };
    let signed_in = accounts.sign_in(&credentials, &request, clock()).await.unwrap();
    (redeemed.account, redeemed.person, signed_in.session)
}

pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
