//! A site on a temporary store for the tests in a browser: `diary_site <store> <port> [two]`.
//!
//! Prints the link of the first invitation if the store is new, or with `two` those of two patients of a clinic, then a plan of today as a body of the journal, then
//! `ready`. Its site key is no secret: all zeros.

use std::net::SocketAddr;
use std::path::Path;

use jiff::{Timestamp, ToSpan};
use ldn_core::Dose;
use ldn_core::journal::{Body, PlanProposed, Role};
use ldn_core::plan::{DayPart, Plan, PlanParts, PlanRules, Step, TimeOfDay};
use ldn_server::{Settings, Site, serve};
use ldn_store::account::{Credentials, Password, Token};
use ldn_store::audit::RequestId;
use ldn_store::invitation::Redemption;
use ldn_store::session::{self, Actor};
use ldn_store::view::PrescriberView;
use ldn_store::{SiteKey, Store};
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::disallowed_methods, reason = "a shell: the one place of this program that reads the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let store = arguments.next().ok_or("expected a path for the store")?;
    let port: u16 = arguments.next().ok_or("expected a port")?.parse()?;
    let two = arguments.next().is_some_and(|word| word == "two");
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(&store, port, two))
}

async fn run(path: &str, port: u16, two: bool) -> Result<(), Failure> {
    let key = SiteKey::from_bytes([0; 32]);
    let is_new = !Path::new(path).exists();
    let store = if is_new { Store::create(path, key, now()).await? } else { Store::open(path, key).await? };
    let origin = format!("http://localhost:{port}");
    let site = Site::new(store, Settings { clock: now, sample: false, origin: origin.clone() });
    if is_new && two {
        for token in patients_of_a_clinic(&site).await? {
            println!("link {origin}/invitation/{token}");
        }
    } else if is_new {
        let invited = site.accounts().bootstrap(&RequestId::new("start"), now()).await?;
        println!("link {origin}/invitation/{}", invited.token.expose());
    }
    println!("plan {}", serde_json::to_string(&plan()?)?);
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
    println!("ready {origin}");
    serve(listener, site, std::future::pending()).await?;
    Ok(())
}

/// Sets up a clinic with one prescriber and two patients; returns the tokens that invite the patients.
async fn patients_of_a_clinic(site: &Site) -> Result<Vec<String>, Failure> {
    let first = site.accounts().bootstrap(&RequestId::new("start"), now()).await?;
    let administrator = join(site, &first.token, "clinic", Some(Role::Administrator)).await?;
    let invited = site.accounts().invite(&administrator, Role::Prescriber, None, now()).await?;
    let prescriber = join(site, &invited.token, "doctor", None).await?;
    let view = PrescriberView::of(site.store(), prescriber.clone())?;
    let mut tokens = Vec::new();
    for name in ["Ana Example", "Bea Example"] {
        let (_, course) = view.add_patient(name, now()).await?;
        let invited = site.accounts().invite(&prescriber, Role::Patient, Some(course), now()).await?;
        tokens.push(invited.token.expose());
    }
    Ok(tokens)
}

/// Redeems an invitation and signs in.
async fn join(site: &Site, token: &Token, name: &str, first_role: Option<Role>) -> Result<Actor, Failure> {
    let password = Password::typed("a quiet garden behind the mill");
    let request = RequestId::new("start");
    let accounts = site.accounts();
    let opened = accounts.open_invitation(token, now()).await?;
    let code = opened.factor.as_ref().map(|factor| factor.code(now()));
    let redemption = Redemption {
        name: Some(name),
        person_name: Some(name),
        password: Some(&password),
        code: code.as_deref(),
        first_role,
    };
    accounts.redeem(token, &redemption, &request, now()).await?;
    // A code counts once; the next one is that of the next half minute, which is accepted early.
    let next = opened.factor.as_ref().map(|factor| factor.code(now() + 30.seconds()));
    let credentials = Credentials {
        name,
        password: &password,
        code: next.as_deref(),
        source: "start",
        device: None,
        own_device: false,
    };
    let signed_in = accounts.sign_in(&credentials, &request, now()).await?;
    Ok(session::authenticate(site.store().database(), &signed_in.session, request, now()).await?)
}

/// 4.5 mg at bedtime since a month ago, for another two months.
fn plan() -> Result<Body, Failure> {
    let today = now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let dose = Dose::from_micrograms(4_500);
    let step = Step {
        from: today.checked_sub(30.days())?,
        to: None,
        parts: vec![DayPart { at: TimeOfDay::Bedtime, dose }],
        why: "as prescribed".into(),
        source: "as-prescribed".into(),
    };
    let plan = Plan::new(PlanParts {
        protocol: "as-prescribed".into(),
        version: 1,
        parent: None,
        reason: "as prescribed".into(),
        made_on: today.checked_sub(30.days())?,
        valid_until: today.checked_add(60.days())?,
        signature: None,
        blinded: false,
        steps: vec![step],
        holds: vec![],
        review: vec![],
        judge_on: None,
        rules: PlanRules::default(),
        fulfils: vec![],
        overrides: vec![],
        proposed: vec![],
    })?;
    Ok(Body::PlanProposed(PlanProposed { plan: Box::new(plan) }))
}
