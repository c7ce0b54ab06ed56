//! The screening of a running course, asked again on everything that its journal says.
//!
//! [`rerun`] puts what was recorded since the intake into the newest intake and screens that. Nothing is taken out: a
//! medicine leaves the picture only by a newer word about it or by a correction, and a patient cannot vouch for a name
//! that nobody knows. It is cheap, so whoever shows a dose asks it every time and keeps no answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::course::{Course, Recorded};
use ldn_core::ids::EntryId;
use ldn_core::instrument::InstrumentId;
use ldn_core::journal::{self, ItemAnswer, Outcome, Role};

use crate::intake::{
    self, Answer, Intake, Lab, LabResult, LabTest, ListedMedicine, Measured, Pregnancy, Procedure, Word,
};
use crate::medicine::Formulary;
use crate::screen::{Disposition, Finding, RuleSet, Screening, Severity, Value, screen};

/// The name under which a journal keeps whether the person is pregnant: a result that is positive, negative, or one of
/// the words `trying` and `breastfeeding`.
pub const PREGNANCY: &str = "pregnancy";

/// The rule that keeps days before a procedure without LDN.
const BEFORE_PROCEDURES: &str = "SU-01";
const HOURS_PER_DAY: f64 = 24.0;

/// The screening of a course on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Rerun {
    /// What was screened: the newest readable intake with everything that the journal says beside it.
    pub intake: Intake,
    /// What came out.
    pub screening: Screening,
    /// What forbids a dose now, gravest first: findings that contraindicate or that are emergencies, and the days before
    /// a procedure. Empty does not say that LDN is harmless.
    pub stopping: Vec<Finding>,
    /// Intakes that could not be read, so that an older one or none was used.
    pub unreadable: Vec<EntryId>,
}

impl Rerun {
    /// Returns true if somebody has to act now.
    pub fn is_emergency(&self) -> bool {
        self.screening.disposition == Disposition::Emergency
    }
}

/// Screens a course again on a day. The order in which entries arrived decides nothing.
pub fn rerun(course: &Course, today: Date, rules: &RuleSet, formulary: &Formulary) -> Rerun {
    let (intake, unreadable) = intake_of(course, today);
    let screening = screen(&intake, rules, formulary);
    let is_before_procedure = is_before_procedure(&intake, rules);
    let stops = |finding: &&Finding| {
        finding.severity >= Severity::Contraindicated
            || (finding.rule == BEFORE_PROCEDURES && is_before_procedure)
    };
    let stopping = screening.findings.iter().filter(stops).cloned().collect();
    Rerun { intake, screening, stopping, unreadable }
}

/// Screens a course again, and leaves out of [`Rerun::stopping`] what the signed plan in force overrides by name.
///
/// Every page that shows a dose asks this one, and so does the prescriber's list.
pub fn standing(course: &Course, today: Date, rules: &RuleSet, formulary: &Formulary) -> Rerun {
    let mut rerun = rerun(course, today, rules, formulary);
    let overrides = course.plans().in_force(today).map_or(&[][..], |signed| &signed.plan.parts().overrides);
    rerun.stopping.retain(|finding| !overrides.iter().any(|named| named.rule == finding.rule));
    rerun
}

/// Returns what is known about a person on a day: the newest readable intake and what the journal says beside it, and
/// the newer intakes that could not be read.
pub fn intake_of(course: &Course, today: Date) -> (Intake, Vec<EntryId>) {
    let mut unreadable = Vec::new();
    let mut found = None;
    for recorded in course.intakes().iter().rev() {
        match intake::read(recorded.value.document.as_bytes()) {
            Ok(intake) => {
                found = Some((intake, recorded.origin.order()));
                break;
            }
            Err(_) => unreadable.push(recorded.origin.entry),
        }
    }
    let (mut intake, order) =
        found.map_or_else(|| (Intake::unknown(today), None), |(i, order)| (i, Some(order)));
    intake.date = today;
    add_medicines(&mut intake, order, course);
    add_procedures(&mut intake, course);
    add_labs(&mut intake, course);
    add_pregnancy(&mut intake, order, course);
    add_ldn(&mut intake, course);
    (intake, unreadable)
}

/// What decides between two words about one thing: the instant of recording, then the name.
type Order = (Timestamp, EntryId);

/// Adds the medicines of the journal; of one name, as written but for case, the newest word holds.
fn add_medicines(intake: &mut Intake, order: Option<Order>, course: &Course) {
    let today = intake.date;
    let key = |name: &str| name.trim().to_lowercase();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, listed) in intake.medicines.iter().enumerate() {
        places.entry(key(&listed.name)).or_insert(place);
    }
    let n_of_intake = intake.medicines.len();
    for recorded in course.medicines() {
        let place = places.get(&key(&recorded.value.name)).copied();
        let before = place.and_then(|place| intake.medicines.get(place)).map(|listed| listed.not_an_opioid);
        let listed = listed(recorded, before.unwrap_or_default(), today);
        match place {
            Some(place) if place < n_of_intake && order > Some(recorded.origin.order()) => {}
            Some(place) => intake.medicines[place] = listed,
            None => {
                places.insert(key(&recorded.value.name), intake.medicines.len());
                intake.medicines.push(listed);
            }
        }
    }
}

fn listed(recorded: &Recorded<journal::Medicine>, before: Answer, today: Date) -> ListedMedicine {
    let medicine = &recorded.value;
    let said = word(medicine.not_an_opioid.word());
    ListedMedicine {
        name: medicine.name.clone(),
        usage: word(medicine.usage.word()).unwrap_or_default(),
        route: word(medicine.route.word()),
        release: word(medicine.release.word()).unwrap_or_default(),
        per_day: medicine.per_day.as_deref().and_then(|amount| amount.parse().ok()),
        // A day to come counts as today until it has passed: the interval cannot have begun.
        last_taken: medicine.last_taken.map(|day| day.min(today)),
        not_an_opioid: match (recorded.origin.role, said) {
            (Role::Prescriber | Role::Pharmacist, Some(said)) => said,
            // Anybody may say that something is an opioid; that it is none is not the patient's to say.
            (_, Some(Answer::No)) => Answer::No,
            _ => before,
        },
    }
}

/// Reads a word of the journal as a word of the intake; the two lists are the same, and a test holds them together.
fn word<W: Word>(text: &str) -> Option<W> {
    W::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
}

/// Adds the procedures of the journal; a day that became known replaces the same procedure without one.
fn add_procedures(intake: &mut Intake, course: &Course) {
    for recorded in course.procedures() {
        let said = &recorded.value;
        let procedure = Procedure {
            name: said.name.clone(),
            date: said.on,
            opioids_expected: word(said.opioids_expected.word()).unwrap_or_default(),
        };
        let same_name =
            |known: &&mut Procedure| known.name.trim().to_lowercase() == procedure.name.trim().to_lowercase();
        let replaced = intake
            .procedures
            .iter_mut()
            .filter(same_name)
            .find(|known| known.date == procedure.date || known.date.is_none());
        match replaced {
            Some(known) => *known = procedure,
            None => intake.procedures.push(procedure),
        }
    }
}

/// Adds results of the journal that a rule can read, and the newest answers about mood.
fn add_labs(intake: &mut Intake, course: &Course) {
    let today = intake.date;
    intake.labs.extend(course.labs().iter().filter_map(|lab| lab_of(&lab.value, today)));
    let of_mood = |recorded: &&Recorded<journal::Instrument>| {
        recorded.value.instrument == InstrumentId::Phq9.id() && points(&recorded.value, 9).is_some()
    };
    let Some(newest) = course.instruments().iter().rfind(of_mood) else { return };
    let day = newest.origin.day.min(today);
    let score = |test: LabTest, points: u32| Lab {
        test,
        written: test.name().to_owned(),
        result: LabResult::Score(Measured::from_whole(points)),
        date: Some(day),
    };
    if let Some(item9) = points(&newest.value, 9) {
        intake.labs.push(score(LabTest::Phq9Item9, item9));
    }
    let total: Option<u32> = (1..=9).map(|item| points(&newest.value, item)).sum();
    intake.labs.extend(total.map(|total| score(LabTest::Phq9, total)));
}

/// Returns an answer of the depression questionnaire; `None` if it was not given.
fn points(instrument: &journal::Instrument, item: u8) -> Option<u32> {
    match instrument.answers.get(&format!("phq9-{item}"))? {
        ItemAnswer::Points(points) => points.as_str().parse().ok().filter(|points| *points <= 3),
        ItemAnswer::Text(_) | ItemAnswer::LeftOpen => None,
    }
}

/// Reads a result of the journal as strictly as one of an intake; `None` for one that no rule could read.
fn lab_of(lab: &journal::Lab, today: Date) -> Option<Lab> {
    let number = |decimal: &journal::Decimal| decimal.as_str().parse::<Measured>().ok();
    let mut text = format!("schema = 1\ndate = {today}\n[[lab]]\ntest = {}\n", quoted(&lab.test));
    match &lab.result {
        journal::LabResult::Amount { value, unit, upper_limit } => {
            text += &format!("value = {}\nunit = {}\n", number(value)?, quoted(unit));
            if let Some(limit) = upper_limit.as_ref().and_then(number) {
                text += &format!("upper_limit = {limit}\n");
            }
        }
        journal::LabResult::Score(value) => text += &format!("value = {}\n", number(value)?),
        journal::LabResult::Positive => text += "text = \"positive\"\n",
        journal::LabResult::Negative => text += "text = \"negative\"\n",
        journal::LabResult::Text(_) => return None,
    }
    if let Some(on) = lab.on {
        text += &format!("date = {}\n", on.min(today));
    }
    intake::read(text.as_bytes()).ok()?.labs.pop()
}

/// Writes a text as a basic string of TOML; line breaks count as spaces, as in an intake they cannot stand.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push(' '),
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}

/// Takes over the newest word on pregnancy, unless a newer intake answers it.
fn add_pregnancy(intake: &mut Intake, order: Option<Order>, course: &Course) {
    let is_about = |lab: &&Recorded<journal::Lab>| lab.value.test == PREGNANCY;
    let Some(newest) = course.labs().iter().rfind(is_about) else { return };
    let is_answered_since =
        intake.person.pregnancy != Pregnancy::Unknown && order > Some(newest.origin.order());
    if is_answered_since {
        return;
    }
    intake.person.pregnancy = match &newest.value.result {
        journal::LabResult::Positive => Pregnancy::Pregnant,
        journal::LabResult::Negative => Pregnancy::No,
        journal::LabResult::Text(text) => word(text).unwrap_or(intake.person.pregnancy),
        journal::LabResult::Amount { .. } | journal::LabResult::Score(_) => intake.person.pregnancy,
    };
}

/// Adds what the diary says about LDN. A capsule of unknown content counts as LDN; a plan alone is no dose.
fn add_ldn(intake: &mut Intake, course: &Course) {
    let mut last_dose = None;
    for (date, day) in course.days().filter(|(date, _)| *date <= intake.date) {
        let doses: Vec<Option<Dose>> = day
            .doses
            .slots()
            .filter_map(|(_, slot)| match &slot.decided().report.value.outcome {
                Outcome::Taken { dose, .. } => Some(*dose),
                Outcome::NotTaken | Outcome::Skipped => None,
            })
            .filter(|dose| *dose != Some(Dose::ZERO))
            .collect();
        if doses.is_empty() {
            continue;
        }
        let ldn = &mut intake.course;
        ldn.ldn_since = Some(ldn.ldn_since.map_or(date, |since| since.min(date)));
        ldn.last_ldn_dose = ldn.last_ldn_dose.max(Some(date));
        let is_whole = day.doses.slot(None).is_some();
        last_dose = match doses.as_slice() {
            [one, ..] if is_whole => *one,
            parts => parts.iter().try_fold(Dose::ZERO, |sum, part| sum.checked_add((*part)?)),
        };
    }
    intake.course.current_dose = last_dose.or(intake.course.current_dose);
    if course.is_blinded() {
        intake.course.blinded_period = Answer::Yes;
    }
}

/// Returns true in the days before a procedure that may bring opioids, and on its day (H09).
fn is_before_procedure(intake: &Intake, rules: &RuleSet) -> bool {
    let hold = rules.rule(BEFORE_PROCEDURES).and_then(|rule| rule.parameters.get("hold"));
    let Some(Value::Number(hours)) = hold.map(|parameter| &parameter.value) else { return false };
    let days = (hours / HOURS_PER_DAY).ceil() as i32;
    intake.procedures.iter().any(|procedure| {
        let until = |date: Date| intake.date.until(date).map_or(i32::MAX, |span| span.get_days());
        let is_near = procedure.date.is_some_and(|date| (0..=days).contains(&until(date)));
        procedure.opioids_expected != Answer::No && is_near
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::Offset;
    use jiff::{SignedDuration, ToSpan};
    use ldn_core::ids::{AccountId, CourseId};
    use ldn_core::journal::{
        Body, DoseReport, Entry, EntryParts, Instrument, Release, Route, Salt, Screened, Use,
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = date(2026, 6, 1);

    fn entry(number: u64, role: Role, body: Body) -> Entry {
        let recorded: Timestamp = "2026-06-01T06:00:00Z".parse().unwrap();
        let recorded = recorded + SignedDuration::from_mins(i64::try_from(number).unwrap());
        let id = Uuid::from_u128(0x0197_a3c0_5f00_7000_8000_0000_0000_0000 + u128::from(number));
        Entry::new(EntryParts {
            id: EntryId::from_uuid(id).unwrap(),
            course: CourseId::from_uuid(Uuid::from_u128(7)),
            author: AccountId::from_uuid(Uuid::from_u128(8)),
            role,
            device: None,
            day: TODAY,
            zone: "Europe/Madrid".to_owned(),
            offset: Offset::constant(2),
            recorded,
            salt: Salt([7; 16]),
            body,
        })
        .unwrap()
    }

    fn patients(bodies: Vec<Body>) -> Course {
        let entries: Vec<Entry> =
            (1..).zip(bodies).map(|(number, body)| entry(number, Role::Patient, body)).collect();
        Course::replay(&entries)
    }

    fn again(course: &Course) -> Rerun {
        rerun(course, TODAY, RuleSet::shipped(), Formulary::shipped())
    }

    fn rules_of(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.rule.as_str()).collect()
    }

    fn intake(lines: &str) -> Body {
        let document = format!(
            "schema = 1\ndate = 2026-05-01\n[person]\nbirth_year = 1978\nsex = \"male\"\n[answers]\nlists_complete = \"yes\"\n\
             opioids_last_90_days = \"no\"\n{lines}"
        );
        Body::Intake(journal::Intake { document })
    }

    fn medicine(name: &str, usage: Use, last_taken: Option<Date>) -> Body {
        Body::Medicine(journal::Medicine {
            name: name.to_owned(),
            usage,
            route: Route::Oral,
            release: Release::Immediate,
            per_day: None,
            last_taken,
            not_an_opioid: journal::Answer::Unknown,
        })
    }

    fn procedure(name: &str, on: Option<Date>, opioids_expected: journal::Answer) -> Body {
        Body::Procedure(journal::Procedure { name: name.to_owned(), on, opioids_expected })
    }

    fn taken(milligrams: &str) -> Body {
        let dose = Some(Dose::from_milligrams_text(milligrams).unwrap());
        Body::Dose(DoseReport { day: TODAY, part: None, outcome: Outcome::Taken { dose, at: None } })
    }

    fn lab(test: &str, result: journal::LabResult) -> Body {
        Body::Lab(journal::Lab { test: test.to_owned(), result, on: Some(TODAY) })
    }

    fn screened() -> Body {
        let disposition = journal::Disposition::NoFinding;
        Body::Screened(Screened { disposition, document: "{}".to_owned() })
    }

    proptest! {
        /// H06: screening, a new opioid and a step of the dose, in any order of recording and of arrival, end blocked.
        #[test]
        fn any_order_of_screen_opioid_and_step_ends_blocked(
            order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
            arrival in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
        ) {
            let bodies = [intake(""), screened(), medicine("Ultram 50 mg", Use::Daily, None), taken("3")];
            let recorded: Vec<Entry> = (1..)
                .zip(order)
                .map(|(number, which)| entry(number, Role::Patient, bodies[which].clone()))
                .collect();
            let arrived: Vec<&Entry> = arrival.iter().map(|place| &recorded[*place]).collect();
            let again = again(&Course::replay(arrived));
            prop_assert_eq!(again.screening.disposition, Disposition::Refuse);
            prop_assert!(rules_of(&again.stopping).contains(&"OP-22"), "{:?}", again.stopping);
        }
    }

    #[test]
    fn without_an_opioid_nothing_stops_and_without_an_intake_nothing_is_taken_for_granted() {
        let quiet = again(&patients(vec![intake(""), screened(), taken("3")]));
        assert_eq!(quiet.stopping, Vec::new());
        let unknown = again(&patients(vec![taken("3")]));
        assert_eq!((unknown.stopping.len(), unknown.screening.disposition), (0, Disposition::Incomplete));
    }

    #[test]
    fn the_newest_word_about_a_medicine_holds_on_either_side() {
        let listed = "[[medicine]]\nname = \"ultram\"\nuse = \"daily\"\nrelease = \"immediate\"\n";
        let long_ago = Some(date(2026, 4, 1));
        let stopped = || medicine("Ultram", Use::Stopped, long_ago);
        assert_eq!(again(&patients(vec![intake(listed), stopped()])).stopping, Vec::new());
        assert!(!again(&patients(vec![stopped(), intake(listed)])).stopping.is_empty());
        assert!(!again(&patients(vec![stopped(), medicine("ultram", Use::Daily, None)])).stopping.is_empty());
        // An intake that does not name it takes nothing back.
        assert!(
            !again(&patients(vec![medicine("ultram", Use::Daily, None), intake("")])).stopping.is_empty()
        );
    }

    #[test]
    fn a_patient_cannot_vouch_for_a_name_that_nobody_knows() {
        let mut unknown = journal::Medicine {
            name: "Zorbletrax".to_owned(),
            usage: Use::Daily,
            route: Route::Oral,
            release: Release::Unknown,
            per_day: None,
            last_taken: None,
            not_an_opioid: journal::Answer::Yes,
        };
        let by = |role| {
            let first = entry(1, Role::Patient, intake(""));
            let second = entry(2, role, Body::Medicine(unknown.clone()));
            again(&Course::replay([&first, &second])).screening
        };
        assert_eq!(by(Role::Patient).disposition, Disposition::Incomplete);
        assert_eq!(by(Role::Prescriber).unrecognised, Vec::new());
        unknown.not_an_opioid = journal::Answer::No;
        let said = again(&patients(vec![intake(""), Body::Medicine(unknown)]));
        assert!(rules_of(&said.stopping).contains(&"OP-01"), "anybody may say that it is an opioid");
    }

    #[test]
    fn days_before_a_procedure_stop_unless_it_is_known_to_be_without_opioids() {
        use journal::Answer::{No, Unknown, Yes};
        let day = |days: i64| Some(TODAY.checked_add(days.days()).unwrap());
        for (on, opioids, stops) in [
            (day(4), Yes, false),
            (day(3), Yes, true),
            (day(3), Unknown, true),
            (day(3), No, false),
            (day(0), Yes, true),
            (day(-1), Unknown, true),
            (day(-60), Yes, false),
            (None, Yes, false),
        ] {
            let found =
                again(&patients(vec![intake(""), taken("3"), procedure("Hernia repair", on, opioids)]));
            assert_eq!(!found.stopping.is_empty(), stops, "{on:?} {opioids:?}: {:?}", found.stopping);
        }
        let undated = procedure("Hernia repair", None, Yes);
        let dated = procedure("hernia repair", day(3), Yes);
        assert_eq!(again(&patients(vec![undated, dated])).intake.procedures.len(), 1);
    }

    #[test]
    fn pregnancy_and_its_end_are_taken_over() {
        let positive = || lab(PREGNANCY, journal::LabResult::Positive);
        let found = again(&patients(vec![intake(""), positive()]));
        assert!(rules_of(&found.stopping).contains(&"PR-01"), "{:?}", found.stopping);
        let ended =
            again(&patients(vec![intake(""), positive(), lab(PREGNANCY, journal::LabResult::Negative)]));
        assert_eq!(ended.stopping, Vec::new());
        let trying = lab(PREGNANCY, journal::LabResult::Text("trying".to_owned()));
        assert_eq!(again(&patients(vec![trying])).intake.person.pregnancy, Pregnancy::Trying);
        // A newer intake that does not ask takes nothing back.
        assert!(!again(&patients(vec![positive(), intake("")])).stopping.is_empty());
    }

    #[test]
    fn results_and_the_ninth_answer_are_screened() {
        let alt = |value: &str, unit: &str| {
            let amount = journal::LabResult::Amount {
                value: value.parse().unwrap(),
                unit: unit.to_owned(),
                upper_limit: Some("40".parse().unwrap()),
            };
            again(&patients(vec![intake(""), lab("ALT", amount)])).intake.labs.len()
        };
        assert_eq!((alt("38.0", "U/L"), alt("38.0", "spoons")), (1, 0));
        let written = lab("\"Urine\\\n opioids\"", journal::LabResult::Positive);
        assert_eq!(again(&patients(vec![written])).intake.labs[0].test, LabTest::UrineOpioidScreen);
        let phq9 = |item9: &str| {
            let answers = [("phq9-9".to_owned(), ItemAnswer::Points(item9.parse().unwrap()))].into();
            let (instrument, version) = ("phq9".to_owned(), "phq9-1".to_owned());
            Body::Instrument(Instrument { instrument, version, answers })
        };
        assert!(again(&patients(vec![phq9("1")])).is_emergency());
        assert!(!again(&patients(vec![phq9("1"), phq9("0")])).is_emergency(), "the newest answer holds");
    }

    #[test]
    fn an_unreadable_intake_is_named_and_the_one_before_it_holds() {
        let broken = Body::Intake(journal::Intake { document: "schema = 2\n".to_owned() });
        let course = patients(vec![intake(""), broken]);
        let (found, unreadable) = intake_of(&course, TODAY);
        assert_eq!((found.answers.lists_complete, unreadable.len()), (Answer::Yes, 1));
    }

    #[test]
    fn every_word_of_the_journal_is_a_word_of_the_intake() {
        let all = |words: &[Use]| words.iter().all(|use_| word::<intake::Use>(use_.word()).is_some());
        assert!(all(Use::ALL));
        assert!(Route::ALL.iter().all(|route| word::<intake::Route>(route.word()).is_some()));
        assert!(Release::ALL.iter().all(|release| word::<intake::Release>(release.word()).is_some()));
        assert!(journal::Answer::ALL.iter().all(|answer| word::<Answer>(answer.word()).is_some()));
    }
}
