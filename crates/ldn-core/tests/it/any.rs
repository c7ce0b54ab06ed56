//! Generators of entries.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use ldn_core::ids::{AccountId, CourseId, DeviceId, EntryId};
use ldn_core::journal::{
    Answer, BeliefRecorded, Body, Consent, Container, Content, Corrected, Decimal, Dispensed, Disposition,
    DoseReport, Entry, EntryParts, Guess, Hash, Instrument, Intake, ItemAnswer, KitOpened, Lab, LabResult,
    Medicine, Note, Ordered, Outcome, Percent, PlanEnded, PlanSigned, Procedure, Release, Role, Route, Salt,
    Scores, Screened, Severity, SideEffect, TrialStarted, Unblinded, Use, VerdictShown,
};
use ldn_core::plan::TimeOfDay;
use ldn_core::quantity::{Concentration, Quantity, Strength, UnitForm, Volume};
use ldn_core::{Dose, Measure, Scale, Score};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::sample;

/// A text that says something, with everything that a form of text must quote.
fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z\"\\\\\u{e9}\u{1f319}\n\t\u{1}][a-z \"\\\\/<>&\u{2028}\u{7f}]{0,12}"
        .prop_filter("not blank", |text| !text.trim().is_empty())
}

fn word<T: Copy + std::fmt::Debug + 'static>(words: &'static [T]) -> impl Strategy<Value = T> {
    select(words)
}

fn day() -> impl Strategy<Value = Date> {
    (0_i64..20_000).prop_map(|days| jiff::civil::date(2011, 1, 5) + days.days())
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000, prop_oneof![Just(0_i32), 0_i32..1_000_000_000])
        .prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap())
}

fn dose() -> impl Strategy<Value = Dose> {
    prop_oneof![
        (0_u64..25).prop_map(|halves| Dose::from_nanograms(halves * 500_000)),
        (0_u64..=1 << 53).prop_map(Dose::from_nanograms),
    ]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    "-?[0-9]{1,6}(\\.[0-9]{1,6})?".prop_map(|text| text.parse().unwrap())
}

fn part() -> impl Strategy<Value = Option<TimeOfDay>> {
    option::of(select(&[TimeOfDay::Morning, TimeOfDay::Midday, TimeOfDay::Bedtime][..]))
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::NotTaken),
        Just(Outcome::Skipped),
        (option::of(dose()), option::of(instant())).prop_map(|(dose, at)| Outcome::Taken { dose, at }),
    ]
}

fn scores() -> impl Strategy<Value = Scores> {
    let value = prop_oneof![(0_u32..=10).prop_map(f64::from), 0.0..=10.0_f64];
    let score = (any::<bool>(), value);
    vec(option::of(score), Measure::ALL.len()).prop_filter_map("some", |given| {
        let scores = Measure::ALL.into_iter().zip(given).filter_map(|(measure, score)| {
            let (hundred, value) = score?;
            let (scale, value) =
                if hundred { (Scale::ZeroToHundred, value * 10.0) } else { (Scale::ZeroToTen, value) };
            Score::new(measure, scale, value.clamp(0.0, scale.max())).ok()
        });
        Scores::new(scores.collect::<Vec<_>>()).ok()
    })
}

fn instrument() -> impl Strategy<Value = Instrument> {
    let answer = prop_oneof![
        decimal().prop_map(ItemAnswer::Points),
        text().prop_map(ItemAnswer::Text),
        Just(ItemAnswer::LeftOpen),
    ];
    (text(), text(), btree_map(text(), answer, 1..5)).prop_map(|(instrument, version, answers)| Instrument {
        instrument,
        version,
        answers,
    })
}

fn lab_result() -> impl Strategy<Value = LabResult> {
    prop_oneof![
        (decimal(), text(), option::of(decimal())).prop_map(|(value, unit, upper_limit)| LabResult::Amount {
            value,
            unit,
            upper_limit
        }),
        decimal().prop_map(LabResult::Score),
        Just(LabResult::Positive),
        Just(LabResult::Negative),
        text().prop_map(LabResult::Text),
    ]
}

fn medicine() -> impl Strategy<Value = Medicine> {
    let words = (word(Use::ALL), word(Route::ALL), word(Release::ALL), word(Answer::ALL));
    (text(), words, option::of(text()), option::of(day())).prop_map(
        |(name, (usage, route, release, not_an_opioid), per_day, last_taken)| Medicine {
            name,
            usage,
            route,
            release,
            per_day,
            last_taken,
            not_an_opioid,
        },
    )
}

fn content() -> impl Strategy<Value = Content> {
    let strength = (1_u64..).prop_map(|nanograms| Strength::of(Dose::from_nanograms(nanograms)).unwrap());
    let concentration = (1_u64..)
        .prop_map(|nanograms| Concentration::per_millilitre(Dose::from_nanograms(nanograms)).unwrap());
    let volume = (1_u64..).prop_map(Volume::from_nanolitres);
    prop_oneof![
        (strength, quantity()).prop_map(|(strength, quantity)| Content::Units { strength, quantity }),
        (concentration, volume).prop_map(|(concentration, volume)| Content::Liquid { concentration, volume }),
        (text(), quantity()).prop_map(|(number, quantity)| Content::Kit { number, quantity }),
    ]
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let form = prop_oneof![Just(UnitForm::Capsule), Just(UnitForm::Tablet), Just(UnitForm::Troche)];
    (1_u32.., form).prop_map(|(count, form)| Quantity { count, form })
}

fn dispensed() -> impl Strategy<Value = Dispensed> {
    let container = (content(), option::of(text()), option::of(day()))
        .prop_map(|(content, lot, beyond_use)| Container { content, lot, beyond_use });
    (text(), vec(container, 1..3)).prop_map(|(document, containers)| Dispensed { document, containers })
}

fn plan_body() -> impl Strategy<Value = Body> {
    (day(), 1_u64..24, option::of(0_i64..30), 0_u8..4).prop_map(|(from, halves, days, kind)| {
        let dose = Dose::from_nanograms(halves * 500_000).milligrams_text();
        let from = from.max(jiff::civil::date(2012, 1, 1)).min(jiff::civil::date(2026, 12, 1));
        let plan = sample::plan(1, None, from, &dose);
        match kind {
            0 => sample::proposed(&plan),
            1 => Body::PlanSigned(PlanSigned { plan: plan.id(), prescriber: "Dr Example".into(), on: from }),
            2 => Body::PlanEnded(PlanEnded { plan: plan.id(), reason: "no benefit".into() }),
            _ => sample::hold(from, days.map(|days| from + days.days())),
        }
    })
}

fn clinical() -> impl Strategy<Value = Body> {
    prop_oneof![
        (day(), part(), outcome()).prop_map(|(day, part, outcome)| Body::Dose(DoseReport {
            day,
            part,
            outcome
        })),
        scores().prop_map(Body::Scores),
        (text(), word(Severity::ALL), word(Answer::ALL)).prop_map(|(term, severity, ongoing)| {
            Body::SideEffect(SideEffect { term, severity, ongoing })
        }),
        instrument().prop_map(Body::Instrument),
        (text(), lab_result(), option::of(day())).prop_map(|(test, result, on)| Body::Lab(Lab {
            test,
            result,
            on
        })),
        medicine().prop_map(Body::Medicine),
        (text(), option::of(day()), word(Answer::ALL)).prop_map(|(name, on, opioids_expected)| {
            Body::Procedure(Procedure { name, on, opioids_expected })
        }),
    ]
}

fn administrative() -> impl Strategy<Value = Body> {
    prop_oneof![
        any::<u32>().prop_map(|n| Body::Intake(Intake { document: format!("schema = {n}\n") })),
        word(Disposition::ALL).prop_map(sample::screened),
        plan_body(),
        (text(), content())
            .prop_map(|(document, content)| Body::Ordered(Ordered { document, contents: vec![content] })),
        dispensed().prop_map(Body::Dispensed),
        any::<[u8; 32]>().prop_map(|hash| {
            Body::TrialStarted(TrialStarted { commitment: Hash(hash), design: "{}".into() })
        }),
        text().prop_map(|kit| Body::KitOpened(KitOpened { kit })),
        (word(Guess::ALL), option::of(0_u8..=100)).prop_map(|(guess, sure)| {
            let sure_percent = sure.map(|sure| Percent::from_percent(sure).unwrap());
            Body::BeliefRecorded(BeliefRecorded { guess, sure_percent })
        }),
        (text(), text()).prop_map(|(reason, by)| Body::Unblinded(Unblinded { reason, by })),
        text().prop_map(|model| Body::VerdictShown(VerdictShown { model, document: "[1.50]".into() })),
        (text(), any::<bool>()).prop_map(|(version, given)| Body::Consent(Consent { version, given })),
        text().prop_map(|text| Body::Note(Note { text })),
        word(Disposition::ALL)
            .prop_map(|disposition| Body::Screened(Screened { disposition, document: "null".into() })),
    ]
}

fn not_a_correction() -> impl Strategy<Value = Body> {
    prop_oneof![clinical(), administrative()]
}

fn entry_id() -> impl Strategy<Value = EntryId> {
    any::<u128>().prop_map(|bits| {
        let version_7 = bits & !(0xf << 76) & !(0b11 << 62) | (7 << 76) | (0b10 << 62);
        EntryId::from_uuid(Uuid::from_u128(version_7)).unwrap()
    })
}

/// Any body at all.
pub(crate) fn body() -> impl Strategy<Value = Body> {
    let corrected =
        (entry_id(), option::of(not_a_correction()), text()).prop_map(|(replaces, with, reason)| {
            Body::Corrected(Corrected { replaces, with: with.map(Box::new), reason })
        });
    prop_oneof![6 => not_a_correction(), 1 => corrected]
}

/// The parts of any entry at all.
pub(crate) fn entry_parts() -> impl Strategy<Value = EntryParts> {
    let uuid = || any::<u128>().prop_map(Uuid::from_u128);
    let zone = "[A-Z][a-z]{1,8}(/[A-Z][A-Za-z_-]{1,10}){0,2}";
    let who = (uuid(), uuid(), word(Role::ALL), option::of(uuid()));
    let when = (day(), zone, -93_599_i32..=93_599, instant());
    (entry_id(), who, when, any::<[u8; 16]>(), body()).prop_map(|(id, who, when, salt, body)| {
        let (course, author, role, device) = who;
        let (day, zone, offset_s, recorded) = when;
        EntryParts {
            id,
            course: CourseId::from_uuid(course),
            author: AccountId::from_uuid(author),
            role,
            device: device.map(DeviceId::from_uuid),
            day,
            zone,
            offset: Offset::from_seconds(offset_s).unwrap(),
            recorded,
            salt: Salt(salt),
            body,
        }
    })
}

/// The entries of one course as two devices make them: few days, few names, clocks that disagree, corrections of
/// whatever there is (and of what there is not).
pub(crate) fn journal() -> impl Strategy<Value = Vec<Entry>> {
    let body = prop_oneof![
        4 => (0_i64..6, part(), outcome()).prop_map(|(days, part, outcome)| {
            Body::Dose(DoseReport { day: sample::START + days.days(), part, outcome })
        }),
        3 => scores().prop_map(Body::Scores),
        2 => clinical(),
        3 => administrative(),
        3 => (0_u64..45, option::of(not_a_correction()), text()).prop_map(|(replaces, with, reason)| {
            let replaces = sample::entry_id(replaces);
            Body::Corrected(Corrected { replaces, with: with.map(Box::new), reason })
        }),
        2 => (0_u64..45, scores()).prop_map(|(replaces, scores)| {
            sample::correction(replaces, Some(Body::Scores(scores)))
        }),
    ];
    let role = prop_oneof![3 => Just(Role::Patient), 1 => Just(Role::Prescriber)];
    let entry = (0_u64..40, 0_i64..6, 0_i64..20, 0_u8..2, role, body);
    vec(entry, 1..40).prop_map(|entries| {
        let make = |(number, days, minutes, device, role, body)| {
            let day = sample::START + i64::days(days);
            let behind = SignedDuration::from_mins(i64::from(device) * -7);
            let parts = sample::parts(number, day, minutes, body);
            let recorded = parts.recorded + behind;
            Entry::new(EntryParts { role, device: Some(sample::device_id(device)), recorded, ..parts })
                .unwrap()
        };
        entries.into_iter().map(make).collect()
    })
}
