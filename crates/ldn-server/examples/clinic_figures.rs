//! Figures of the prescriber's list: `clinic_figures alarms [patients]` and `clinic_figures speed [patients]`.
//!
//! `alarms` follows generated patients through half a year, with a prescriber who answers every item on the next day, and
//! prints how many items above "info" the list raised in a patient-day (hazard H33: at most one in twenty). `speed` makes a
//! store of courses in a temporary folder and prints how long the list and a case with three years of diary take.
#![expect(clippy::unwrap_used, reason = "a program that measures; it fails like a test")]
#![expect(clippy::print_stdout, reason = "it prints figures")]
#![expect(clippy::disallowed_methods, reason = "a shell: it times what it asks for")]

#[allow(dead_code, reason = "shared with the tests of the pages; each uses its part")]
#[path = "../tests/it/journal.rs"]
mod journal;
#[allow(dead_code, reason = "shared with the tests of the pages; each uses its part")]
#[path = "../tests/it/people.rs"]
mod people;

use std::collections::BTreeSet;
use std::time::Instant;

use axum::body::{Body as Bytes, to_bytes};
use axum::http::{Request, header};
use jiff::civil::Date;
use ldn_care::attention::{AttentionRules, Item, Weight, What, attention, proposals};
use ldn_care::course_screen::standing;
use ldn_care::medicine::Formulary;
use ldn_care::plan::Protocols;
use ldn_care::screen::RuleSet;
use ldn_core::Measure;
use ldn_core::course::Course;
use ldn_core::ids::{AccountId, CourseId, PersonId};
use ldn_core::journal::{
    Answer, Body, Disposition, DoseReport, Entry, Intake, Medicine, Outcome, PlanProposed, PlanSigned,
    Release, Role, Route, Scores, Screened, Severity, SideEffect, Use, VerdictShown,
};
use ldn_server::{Settings, Site, router};
use ldn_simulate::{Design, World, generator, simulate};
use ldn_store::audit::RequestId;
use ldn_store::grant::Span;
use ldn_store::session::Actor;
use ldn_store::view::AdministratorView;
use ldn_store::{SiteKey, Store};
use tower::ServiceExt;
use uuid::Uuid;

use journal::{TODAY, entry, instant_on, mg, plus, scores, taken, titration};

/// Days of diary before the first capsule in every simulated course.
const BASELINE_DAYS: i64 = 14;
/// Any fixed number: the same patients on every start.
const SEED: u64 = 33;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let patients = arguments.next().and_then(|number| number.parse().ok());
    match what.as_str() {
        "alarms" => alarms(patients.unwrap_or(200)),
        "speed" => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(speed(patients.unwrap_or(2_000))),
        other => println!("`{other}`; expected alarms or speed"),
    }
}

/// One generated course under way.
struct Patient {
    entries: Vec<Entry>,
    number: u64,
}

impl Patient {
    fn write(&mut self, role: Role, day: Date, body: Body) {
        self.number += 1;
        let (course, author) =
            (CourseId::from_uuid(Uuid::from_u128(7)), AccountId::from_uuid(Uuid::from_u128(8)));
        self.entries.push(entry(course, author, role, self.number, day, day, body));
    }
}

/// Follows patients through half a year and counts what the list raises.
fn alarms(patients: u64) {
    let (mut raised, mut days, mut by_what) = (0_u64, 0_u64, std::collections::BTreeMap::new());
    for number in 0..patients {
        let simulated = simulate(
            Design::Open26Weeks,
            World::Misspecified,
            &mut generator(SEED, Design::Open26Weeks, number),
        );
        let rows = simulated.diary.rows();
        let start = plus(rows[0].date, BASELINE_DAYS);
        let mut patient = Patient { entries: Vec::new(), number: 0 };
        begin(&mut patient, start);
        let mut known: BTreeSet<(What, Date)> = BTreeSet::new();
        let mut open: Vec<Item> = Vec::new();
        for row in rows {
            let today = row.date;
            answer(&mut patient, today, start, &open);
            write_day(&mut patient, row, start, number);
            let course = Course::replay(&patient.entries);
            open = items(&course, today);
            open.retain(|item| item.weight > Weight::Info);
            let now: BTreeSet<(What, Date)> = open.iter().map(|item| (item.what, item.since)).collect();
            for new in now.difference(&known) {
                raised += 1;
                *by_what.entry(new.0.word()).or_insert(0_u64) += 1;
            }
            known.extend(now);
            days += 1;
        }
    }
    println!("{patients} generated patients, {days} patient-days, {raised} items above info raised");
    println!("one item in {:.1} patient-days; the budget is one in 20", days as f64 / raised.max(1) as f64);
    for (what, count) in by_what {
        println!("  {what:<16}{count}");
    }
}

fn items(course: &Course, today: Date) -> Vec<Item> {
    let rules = RuleSet::shipped();
    let rerun = standing(course, today, rules, Formulary::shipped());
    let proposals = proposals(course, today, Protocols::shipped(), rules);
    attention(course, &rerun, &proposals, today, AttentionRules::shipped())
}

/// Intake, screening and the signed plan, on the day before the first capsule.
fn begin(patient: &mut Patient, start: Date) {
    let day = plus(start, -1);
    let document = format!("schema = 1\ndate = {day}\n{ANSWERED}");
    patient.write(Role::Prescriber, day, Body::Intake(Intake { document }));
    let plan = titration(start);
    patient.write(Role::Prescriber, day, screened());
    let id = plan.id();
    patient.write(Role::Prescriber, day, Body::PlanProposed(PlanProposed { plan: Box::new(plan) }));
    let signed = PlanSigned { plan: id, prescriber: "Dr Vega".to_owned(), on: day };
    patient.write(Role::Prescriber, day, Body::PlanSigned(signed));
}

fn screened() -> Body {
    Body::Screened(Screened { disposition: Disposition::NoFinding, document: "{}".to_owned() })
}

/// What the prescriber does in the morning about yesterday's items: signs the change, looks at the verdict, screens again.
fn answer(patient: &mut Patient, today: Date, start: Date, open: &[Item]) {
    if open.is_empty() || today < start {
        return;
    }
    let course = Course::replay(&patient.entries);
    if open.iter().any(|item| item.what == What::Judge) {
        let shown = VerdictShown { model: "verdict-1".to_owned(), document: "{}".to_owned() };
        patient.write(Role::Prescriber, today, Body::VerdictShown(shown));
    }
    patient.write(Role::Prescriber, today, screened());
    if open.iter().any(|item| item.what == What::Change) {
        let asked = proposals(&course, today, Protocols::shipped(), RuleSet::shipped());
        if let Some(plan) = asked.into_iter().find_map(|proposal| proposal.plan) {
            let id = plan.id();
            patient.write(Role::Prescriber, today, Body::PlanProposed(PlanProposed { plan: Box::new(plan) }));
            let signed = PlanSigned { plan: id, prescriber: "Dr Vega".to_owned(), on: today };
            patient.write(Role::Prescriber, today, Body::PlanSigned(signed));
        }
    }
}

/// A day as the simulated patient writes it, with side effects about as often as trials report them (practice, 4.1): vivid
/// dreams in 37 of 100 during the first two weeks, headache in 16, nausea in 10; a new medicine in 1 of 20 in half a year.
fn write_day(patient: &mut Patient, row: &ldn_core::DiaryRow, start: Date, number: u64) {
    let day = row.date;
    if let Some(pain) = row.score(Measure::Pain) {
        patient.write(Role::Patient, day, Body::Scores(Scores::new([pain]).unwrap()));
    }
    if day >= start
        && let Some(dose) = row.dose
    {
        let outcome =
            if dose.is_zero() { Outcome::Skipped } else { Outcome::Taken { dose: Some(dose), at: None } };
        patient.write(Role::Patient, day, Body::Dose(DoseReport { day, part: None, outcome }));
    }
    let on = i64::from(start.until(day).unwrap().get_days());
    let lot = |salt: u64| (number.wrapping_mul(0x9e37_79b9).wrapping_add(salt * 7_919)) % 100;
    let mut effect = |term: &str, severity| {
        let effect = SideEffect { term: term.to_owned(), severity, ongoing: Answer::Yes };
        patient.write(Role::Patient, day, Body::SideEffect(effect));
    };
    if lot(1) < 37 && (1..1 + i64::try_from(lot(2) % 9).unwrap()).contains(&on) {
        effect("vivid dreams", Severity::Mild);
    }
    if lot(3) < 16 && (8..8 + i64::try_from(lot(4) % 4).unwrap()).contains(&on) {
        effect("headache", Severity::Moderate);
    }
    if lot(5) < 10 && (2..2 + i64::try_from(lot(6) % 5).unwrap()).contains(&on) {
        effect("nausea", Severity::Mild);
    }
    if lot(7) < 5 && on == 60 {
        patient.write(
            Role::Patient,
            day,
            medicine(["ibuprofen", "tramadol 50 mg", "Zorbletrax"][number as usize % 3]),
        );
    }
}

fn medicine(name: &str) -> Body {
    Body::Medicine(Medicine {
        name: name.to_owned(),
        usage: Use::AsNeeded,
        route: Route::Oral,
        release: Release::Immediate,
        per_day: None,
        last_taken: None,
        not_an_opioid: Answer::Unknown,
    })
}

const ANSWERED: &str = r#"
[person]
birth_date = 1979-03-02
sex = "female"
pregnancy = "no"
[course]
indication = "fibromyalgia"
requested_dose = "4.5 mg"
form = "capsule"
[answers]
lists_complete = "yes"
opioids_last_90_days = "no"
suicidal_thoughts_now = "no"
past_suicide_attempt = "no"
kidney_disease = "no"
liver_disease = "no"
"#;

/// Makes a store of courses and measures the list and a long case.
async fn speed(patients: u64) {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("ldn.db").display().to_string();
    let store = Store::create(&url, SiteKey::from_bytes([0; 32]), instant_on(TODAY)).await.unwrap();
    let doctor = people::join(&store, Role::Prescriber, None).await;
    let operator = Actor::local_operator(RequestId::new("figures"), instant_on(TODAY));
    let view = AdministratorView::of(&store, operator).unwrap();
    let mut long = None;
    for number in 0..patients {
        let (person, course) = (
            PersonId::from_uuid(Uuid::from_u128(u128::from(number) + 1_000)),
            CourseId::from_uuid(Uuid::from_u128(u128::from(number) + 1_000_000)),
        );
        store.add_person(person, &format!("Person {number}"), instant_on(TODAY)).await.unwrap();
        store.add_course(course, person).await.unwrap();
        view.give(course, doctor.account, Span::from(instant_on(TODAY)), instant_on(TODAY)).await.unwrap();
        // The first has three years of diary, everybody else six weeks.
        let days = if number == 0 { 3 * 365 } else { 42 };
        store.append(&diary(course, number, days), instant_on(TODAY)).await.unwrap();
        long = long.or(Some(course));
    }
    let settings =
        Settings { clock: || instant_on(TODAY), sample: true, origin: "http://localhost:8080".to_owned() };
    let application = router(Site::new(store, settings));
    let measured = async |what: &str, path: &str| {
        let request = Request::get(path)
            .header(header::COOKIE, format!("{}; zone=Europe%2FMadrid", doctor.cookies()))
            .body(Bytes::empty())
            .unwrap();
        let began = Instant::now();
        let response = application.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        println!(
            "{what}: {:.0} ms ({status}, {} kB)",
            began.elapsed().as_secs_f64() * 1_000.0,
            bytes.len() / 1_000
        );
    };
    println!("{patients} patients");
    measured("the list after a restart", "/clinic").await;
    for _ in 0..3 {
        measured("the list", "/clinic").await;
    }
    let case = format!("/clinic/courses/{}", long.unwrap());
    for _ in 0..4 {
        measured("a case with three years of diary", &case).await;
    }
}

/// Intake, a signed plan, and a diary of so many days until today: pain and a dose on each.
fn diary(course: CourseId, seed: u64, days: i64) -> Vec<Entry> {
    let author = AccountId::from_uuid(Uuid::from_u128(8));
    let start = plus(TODAY, 1 - days);
    let document = format!("schema = 1\ndate = {}\n{ANSWERED}", plus(start, -1));
    let plan = titration(start);
    let id = plan.id();
    let mut bodies = vec![
        (Role::Prescriber, plus(start, -1), Body::Intake(Intake { document })),
        (Role::Prescriber, plus(start, -1), screened()),
        (Role::Prescriber, plus(start, -1), Body::PlanProposed(PlanProposed { plan: Box::new(plan) })),
        (
            Role::Prescriber,
            plus(start, -1),
            Body::PlanSigned(PlanSigned { plan: id, prescriber: "Dr Vega".to_owned(), on: plus(start, -1) }),
        ),
    ];
    let values: Vec<Option<u8>> = (0..days + 28).map(|day| Some(((day * 7 + 3) % 5 + 3) as u8)).collect();
    let written = scores(Measure::Pain, plus(start, -28), &values);
    let doses = taken(start, days, mg("4.5"));
    bodies.extend(written.into_iter().chain(doses).map(|(day, body)| (Role::Patient, day, body)));
    bodies
        .into_iter()
        .enumerate()
        .map(|(at, (role, day, body))| entry(course, author, role, seed * 10_000 + at as u64, day, day, body))
        .collect()
}
