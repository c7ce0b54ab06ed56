//! One entry of each kind, and short ways to make entries.

use jiff::civil::{Date, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use ldn_core::ids::{AccountId, CourseId, DeviceId, EntryId};
use ldn_core::journal::{
    Answer, BeliefRecorded, Body, Consent, Container, Content, Corrected, Dispensed, Disposition, DoseReport,
    Entry, EntryParts, Guess, Hash, Instrument, Intake, ItemAnswer, KitOpened, Lab, LabResult, Medicine,
    Note, Ordered, Outcome, Percent, PlanEnded, PlanHeld, PlanProposed, PlanSigned, Procedure, Release, Role,
    Route, Salt, Scores, Screened, Severity, SideEffect, TrialStarted, Unblinded, Use, VerdictShown,
};
use ldn_core::plan::{DayPart, Hold, Plan, PlanId, PlanParts, PlanRules, Resume, Step, TimeOfDay};
use ldn_core::quantity::{Concentration, Quantity, Strength, UnitForm, Volume};
use ldn_core::{Dose, Measure, Scale, Score};
use uuid::Uuid;

/// The day on which every sample course begins.
pub(crate) const START: Date = date(2026, 1, 5);

/// Nine in the evening of the first day in Berlin.
pub(crate) fn start() -> Timestamp {
    "2026-01-05T20:00:00Z".parse().unwrap()
}

pub(crate) fn course_id() -> CourseId {
    CourseId::from_uuid(Uuid::from_u128(0x0197a3c0_5f00_7000_8000_00000000c001))
}

pub(crate) fn account_id() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(0x0197a3c0_5f00_7000_8000_00000000a001))
}

pub(crate) fn device_id(number: u8) -> DeviceId {
    DeviceId::from_uuid(Uuid::from_u128(0x0197a3c0_5f00_7000_8000_00000000d000 + u128::from(number)))
}

pub(crate) fn entry_id(number: u64) -> EntryId {
    EntryId::from_uuid(Uuid::from_u128(0x0197a3c0_5f00_7000_8000_000000000000 + u128::from(number))).unwrap()
}

/// The parts of an entry that a patient recorded so many minutes after the start.
pub(crate) fn parts(number: u64, day: Date, minutes: i64, body: Body) -> EntryParts {
    EntryParts {
        id: entry_id(number),
        course: course_id(),
        author: account_id(),
        role: Role::Patient,
        device: Some(device_id(1)),
        day,
        zone: "Europe/Berlin".to_owned(),
        offset: Offset::constant(1),
        recorded: start() + SignedDuration::from_mins(minutes),
        salt: Salt([u8::try_from(number % 251).unwrap(); 16]),
        body,
    }
}

pub(crate) fn by_patient(number: u64, day: Date, minutes: i64, body: Body) -> Entry {
    Entry::new(parts(number, day, minutes, body)).unwrap()
}

pub(crate) fn by_prescriber(number: u64, day: Date, minutes: i64, body: Body) -> Entry {
    Entry::new(EntryParts { role: Role::Prescriber, ..parts(number, day, minutes, body) }).unwrap()
}

pub(crate) fn milligrams(text: &str) -> Dose {
    Dose::from_milligrams_text(text).unwrap()
}

pub(crate) fn taken(day: Date, text: &str) -> Body {
    let outcome = Outcome::Taken { dose: Some(milligrams(text)), at: None };
    Body::Dose(DoseReport { day, part: None, outcome })
}

pub(crate) fn not_taken(day: Date) -> Body {
    Body::Dose(DoseReport { day, part: None, outcome: Outcome::NotTaken })
}

pub(crate) fn pain(points: f64) -> Body {
    let score = Score::new(Measure::Pain, Scale::ZeroToTen, points).unwrap();
    Body::Scores(Scores::new([score]).unwrap())
}

pub(crate) fn note(text: &str) -> Body {
    Body::Note(Note { text: text.to_owned() })
}

pub(crate) fn correction(replaces: u64, with: Option<Body>) -> Body {
    let reason = "a slip of the finger".to_owned();
    Body::Corrected(Corrected { replaces: entry_id(replaces), with: with.map(Box::new), reason })
}

pub(crate) fn unblinded() -> Body {
    Body::Unblinded(Unblinded { reason: "a fall".into(), by: "Dr Example".into() })
}

pub(crate) fn trial_started() -> Body {
    Body::TrialStarted(TrialStarted { commitment: Hash::of(b"sealed"), design: "{\"pairs\":3}".into() })
}

/// A plan of one dose from a day on.
pub(crate) fn plan(version: u32, parent: Option<PlanId>, from: Date, dose: &str) -> Plan {
    let parts = vec![DayPart { at: TimeOfDay::Bedtime, dose: milligrams(dose) }];
    let why = "first step".to_owned();
    plan_of(version, parent, from, Step { from, to: None, parts, why, source: "practice".into() })
}

pub(crate) fn plan_of(version: u32, parent: Option<PlanId>, made_on: Date, step: Step) -> Plan {
    Plan::new(PlanParts {
        protocol: "fibromyalgia-common".into(),
        version,
        parent,
        reason: "as agreed".into(),
        made_on,
        valid_until: date(2026, 12, 31),
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
    })
    .unwrap()
}

pub(crate) fn hold(from: Date, to: Option<Date>) -> Body {
    let resume = to.is_none().then_some(Resume::ReScreen);
    Body::PlanHeld(PlanHeld {
        hold: Hold { from, to, why: "an operation".into(), rule: "SU-01".into(), resume },
    })
}

pub(crate) fn screened(disposition: Disposition) -> Body {
    Body::Screened(Screened { disposition, document: "{\"schema\":1}".into() })
}

pub(crate) fn proposed(plan: &Plan) -> Body {
    Body::PlanProposed(PlanProposed { plan: Box::new(plan.clone()) })
}

pub(crate) fn signed(plan: &Plan, on: Date) -> Body {
    Body::PlanSigned(PlanSigned { plan: plan.id(), prescriber: "Dr Example".into(), on })
}

pub(crate) fn ended(plan: &Plan) -> Body {
    Body::PlanEnded(PlanEnded { plan: plan.id(), reason: "no benefit".into() })
}

fn scores() -> Body {
    let score = |measure, scale, value| Score::new(measure, scale, value).unwrap();
    Body::Scores(
        Scores::new([
            score(Measure::Sleep, Scale::ZeroToHundred, 70.0),
            score(Measure::Pain, Scale::ZeroToTen, 6.5),
        ])
        .unwrap(),
    )
}

fn instrument() -> Body {
    let answers = [
        ("q1", ItemAnswer::Points("2".parse().unwrap())),
        ("q2", ItemAnswer::LeftOpen),
        ("q3", ItemAnswer::Text("mostly at night".into())),
    ];
    Body::Instrument(Instrument {
        instrument: "phq-9".into(),
        version: "1999".into(),
        answers: answers.into_iter().map(|(question, answer)| (question.to_owned(), answer)).collect(),
    })
}

fn medicine() -> Body {
    Body::Medicine(Medicine {
        name: "Ultram 50 mg".into(),
        usage: Use::AsNeeded,
        route: Route::Oral,
        release: Release::Unknown,
        per_day: Some("200 mg".into()),
        last_taken: Some(date(2026, 1, 4)),
        not_an_opioid: Answer::Unknown,
    })
}

fn dispensed() -> Body {
    let capsules = |count| Quantity { count, form: UnitForm::Capsule };
    let strength = Strength::of(milligrams("1.5")).unwrap();
    Body::Dispensed(Dispensed {
        document: "naltrexone 1.5 mg, 69 capsules".into(),
        containers: vec![
            Container {
                content: Content::Units { strength, quantity: capsules(69) },
                lot: Some("L-7".into()),
                beyond_use: Some(date(2026, 7, 1)),
            },
            Container {
                content: Content::Kit { number: "K-0042".into(), quantity: capsules(28) },
                lot: None,
                beyond_use: None,
            },
        ],
    })
}

fn ordered() -> Body {
    let concentration = Concentration::per_millilitre(milligrams("1")).unwrap();
    let contents = vec![Content::Liquid { concentration, volume: Volume::from_microlitres(101_500) }];
    Body::Ordered(Ordered { document: "{\"schema\":1}".into(), contents })
}

fn lab() -> Body {
    let result = LabResult::Amount {
        value: "38.0".parse().unwrap(),
        unit: "U/L".into(),
        upper_limit: Some("40".parse().unwrap()),
    };
    Body::Lab(Lab { test: "ALT".into(), result, on: Some(date(2025, 12, 20)) })
}

fn dose() -> Body {
    let at = Some("2026-01-05T23:30:00Z".parse().unwrap());
    let outcome = Outcome::Taken { dose: Some(milligrams("1.5")), at };
    Body::Dose(DoseReport { day: START, part: Some(TimeOfDay::Bedtime), outcome })
}

/// One body of each kind, in the order of the kinds.
pub(crate) fn one_of_each() -> Vec<Body> {
    let plan = plan(1, None, START, "1.5");
    vec![
        Body::Intake(Intake { document: "schema = 1\ndate = 2026-01-05\n".into() }),
        screened(Disposition::Caution),
        proposed(&plan),
        signed(&plan, START),
        hold(date(2026, 2, 1), None),
        ended(&plan),
        ordered(),
        dispensed(),
        dose(),
        scores(),
        Body::SideEffect(SideEffect {
            term: "vivid dreams".into(),
            severity: Severity::Mild,
            ongoing: Answer::Yes,
        }),
        instrument(),
        lab(),
        medicine(),
        Body::Procedure(Procedure {
            name: "dental extraction".into(),
            on: Some(date(2026, 2, 1)),
            opioids_expected: Answer::Unknown,
        }),
        trial_started(),
        Body::KitOpened(KitOpened { kit: "K-0042".into() }),
        Body::BeliefRecorded(BeliefRecorded {
            guess: Guess::Active,
            sure_percent: Some(Percent::from_percent(70).unwrap()),
        }),
        unblinded(),
        Body::VerdictShown(VerdictShown { model: "verdict-1".into(), document: "{\"schema\":1}".into() }),
        Body::Consent(Consent { version: "2026-01".into(), given: true }),
        note("Slept badly: \"hot\" – 30 °C.\n"),
        correction(10, Some(pain(4.0))),
    ]
}
