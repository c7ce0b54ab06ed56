//! What happened in the sample courses. The diaries are simulated patients whose truth is known: the one who responds
//! really does, the one who does not really does not.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_care::medicine::Formulary;
use ldn_care::plan::{Choices, Protocols, Request, propose};
use ldn_care::screen::{RuleSet, screen};
use ldn_core::journal::{
    Answer, Body, DoseReport, Instrument, Intake, ItemAnswer, Lab, LabResult, Medicine, Outcome,
    PlanProposed, PlanSigned, Release, Role, Route, Scores, Screened, Severity, SideEffect, Use,
};
use ldn_core::{DiaryRow, Dose, Measure, Scale, Score};
use ldn_simulate::{Design, Patient, World, generator, simulate};

use crate::error::Failure;

/// The common schedule: 1.5, 3 and 4.5 mg, a week each, as the simulated courses have it.
const PROTOCOL: &str = "T01";

/// Days of diary before the first capsule in every simulated course.
const BASELINE_DAYS: usize = 14;

/// Any fixed number: the same courses on every start.
const SEED: u64 = 20;

/// Simulated patients to choose from; with 400, each kind of course is among them.
const CANDIDATES: u64 = 400;

/// A course to be stored.
pub(super) struct Story {
    /// The name to sign in with.
    pub(super) name: &'static str,
    /// The name of a person who does not exist.
    pub(super) person: &'static str,
    /// What there is to see.
    pub(super) about: &'static str,
    /// What happened.
    pub(super) events: Vec<Event>,
}

/// What somebody wrote down.
pub(super) struct Event {
    /// By whom.
    pub(super) role: Role,
    /// The day that it is about, on which it was also recorded.
    pub(super) day: Date,
    /// Its place among the entries of a course, so that a signature follows its plan.
    pub(super) order: i64,
    /// What it says.
    pub(super) body: Body,
}

/// A course being written.
struct Writing {
    today: Date,
    events: Vec<Event>,
}

/// Returns the sample courses, which end the day before `today`.
///
/// # Errors
/// [`Failure::NoPlan`] if the shipped rules refuse the sample intake.
pub(super) fn all(today: Date) -> Result<Vec<Story>, Failure> {
    Ok(vec![responder(today)?, non_responder(today)?, beginner(today)?, new_opioid(today)?])
}

/// Pain falls by about three points, mostly because of the drug; week 20.
fn responder(today: Date) -> Result<Story, Failure> {
    let patient = drawn(|truth| truth.b > 2.0 && truth.total > 2.5 && (5.0..8.0).contains(&truth.baseline));
    let mut writing = Writing { today, events: Vec::new() };
    writing.course(&patient, 19 * 7 + 4, 1979)?;
    writing.side_effect(122, "vivid dreams", Severity::Mild, Answer::Yes);
    writing.side_effect(114, "vivid dreams", Severity::Absent, Answer::No);
    writing.pgic(35, "much-improved");
    writing.gad7(118, [2, 2, 1, 2, 1, 1, 1]);
    writing.gad7(33, [1, 1, 0, 1, 0, 1, 0]);
    writing.alt(30, "24");
    Ok(writing.told(
        "ana",
        "Ana Morales",
        "pain fell; week 20, with verdict, questionnaires and a laboratory result",
    ))
}

/// Nothing changes; week 15.
fn non_responder(today: Date) -> Result<Story, Failure> {
    let patient = drawn(|truth| {
        truth.b.abs() < 0.25 && truth.total.abs() < 0.5 && (4.5..7.5).contains(&truth.baseline)
    });
    let mut writing = Writing { today, events: Vec::new() };
    writing.course(&patient, 15 * 7, 1966)?;
    writing.pgic(12, "no-change");
    Ok(writing.told("ben", "Ben Carter", "nothing changed; week 15"))
}

/// The third week, the first on the full dose, with headaches.
fn beginner(today: Date) -> Result<Story, Failure> {
    let patient = drawn(|truth| (4.5..8.0).contains(&truth.baseline) && truth.total > 0.5);
    let mut writing = Writing { today, events: Vec::new() };
    writing.course(&patient, 17, 1991)?;
    writing.side_effect(3, "headache", Severity::Moderate, Answer::Yes);
    writing.side_effect(1, "headache", Severity::Moderate, Answer::Yes);
    Ok(writing.told("carla", "Carla Weiss", "third week, with a side effect"))
}

/// Tramadol after an injury, entered yesterday.
fn new_opioid(today: Date) -> Result<Story, Failure> {
    let patient = drawn(|truth| (4.5..8.0).contains(&truth.baseline) && truth.total > 1.0);
    let mut writing = Writing { today, events: Vec::new() };
    writing.course(&patient, 9 * 7, 1972)?;
    let medicine = Medicine {
        name: "tramadol 50 mg".to_owned(),
        usage: Use::AsNeeded,
        route: Route::Oral,
        release: Release::Immediate,
        per_day: None,
        last_taken: Some(writing.ago(1)),
        not_an_opioid: Answer::Unknown,
    };
    writing.add(Role::Patient, 1, Body::Medicine(medicine));
    Ok(writing.told("dan", "Dan Okafor", "a new opioid: the dose is withheld"))
}

/// Returns the first simulated patient whose truth is such.
fn drawn(fits: impl Fn(&ldn_simulate::Truth) -> bool) -> Patient {
    let patient = |number| {
        simulate(Design::Open26Weeks, World::Misspecified, &mut generator(SEED, Design::Open26Weeks, number))
    };
    let found = (0..CANDIDATES).map(patient).find(|patient| fits(&patient.truth));
    // Nobody fits only if the simulation was changed; then the last one is still a course.
    found.unwrap_or_else(|| patient(CANDIDATES))
}

impl Writing {
    /// The day so many days before today.
    fn ago(&self, days: i64) -> Date {
        self.today.saturating_sub(days.days())
    }

    fn add(&mut self, role: Role, days_ago: i64, body: Body) {
        let order = i64::try_from(self.events.len()).unwrap_or(i64::MAX);
        self.events.push(Event { role, day: self.ago(days_ago), order, body });
    }

    fn told(self, name: &'static str, person: &'static str, about: &'static str) -> Story {
        Story { name, person, about, events: self.events }
    }

    /// Intake, screening and signed plan, and the diary of a simulated patient until yesterday; the first capsule was
    /// `days` before today.
    fn course(&mut self, patient: &Patient, days: i64, birth_year: i16) -> Result<(), Failure> {
        self.signed_plan(days, birth_year)?;
        let before = BASELINE_DAYS as i64;
        for (row, days_ago) in patient.diary.rows().iter().zip((1..=days + before).rev()) {
            self.scores(row, days_ago);
            if days_ago <= days {
                self.dose(row, days_ago);
            }
        }
        Ok(())
    }

    /// What a prescriber does on the day before the first capsule.
    fn signed_plan(&mut self, days: i64, birth_year: i16) -> Result<(), Failure> {
        let made_on = self.ago(days + 1);
        let document = document(made_on, self.ago(days + 20), birth_year);
        let source = |source| Failure::Intake { path: "the sample intake".into(), source };
        let intake = ldn_care::intake::read(document.as_bytes()).map_err(source)?;
        let (protocols, rules) = (Protocols::shipped(), RuleSet::shipped());
        let screening = screen(&intake, rules, Formulary::shipped());
        let request = Request {
            protocol: protocols.find(PROTOCOL).expect("the common schedule is shipped"),
            screening: &screening,
            intake: &intake,
            start: self.ago(days),
            choices: &Choices::default(),
            today: made_on,
        };
        let plan =
            propose(&request, protocols, rules).map_err(|refusal| Failure::NoPlan(Box::new(refusal)))?;
        // The journal has its own words for how a screening ends, spelt alike.
        let ended = serde_json::to_value(screening.disposition).and_then(serde_json::from_value);
        let screened = Screened {
            disposition: ended.expect("the journal knows every way in which a screening ends"),
            document: serde_json::to_string(&screening).expect("a screening is plain data"),
        };
        let signed = PlanSigned { plan: plan.id(), prescriber: "Dr Vega".to_owned(), on: made_on };
        self.add(Role::Prescriber, days + 1, Body::Intake(Intake { document }));
        self.add(Role::Prescriber, days + 1, Body::Screened(screened));
        self.add(Role::Prescriber, days + 1, Body::PlanProposed(PlanProposed { plan: Box::new(plan) }));
        self.add(Role::Prescriber, days + 1, Body::PlanSigned(signed));
        Ok(())
    }

    /// Pain as simulated; fatigue and sleep follow it loosely, for the charts.
    fn scores(&mut self, row: &DiaryRow, days_ago: i64) {
        let Some(pain) = row.score(Measure::Pain).map(Score::on_ten_points) else { return };
        let sway = f64::from([0_i8, 1, -1, 0, 2, 0, -1, 1, 0, -2, 1][days_ago.unsigned_abs() as usize % 11]);
        let values = [
            (Measure::Pain, pain),
            (Measure::Fatigue, pain + sway),
            (Measure::Sleep, 10.0 - pain - sway / 2.0),
        ];
        let score = |(measure, value): (Measure, f64)| {
            Score::new(measure, Scale::ZeroToTen, value.round().clamp(0.0, 10.0)).ok()
        };
        if let Ok(scores) = Scores::new(values.into_iter().filter_map(score)) {
            self.add(Role::Patient, days_ago, Body::Scores(scores));
        }
    }

    fn dose(&mut self, row: &DiaryRow, days_ago: i64) {
        let outcome = match row.dose {
            None => return,
            Some(Dose::ZERO) => Outcome::Skipped,
            taken => Outcome::Taken { dose: taken, at: None },
        };
        let report = DoseReport { day: self.ago(days_ago), part: None, outcome };
        self.add(Role::Patient, days_ago, Body::Dose(report));
    }

    fn side_effect(&mut self, days_ago: i64, term: &str, severity: Severity, ongoing: Answer) {
        let effect = SideEffect { term: term.to_owned(), severity, ongoing };
        self.add(Role::Patient, days_ago, Body::SideEffect(effect));
    }

    fn pgic(&mut self, days_ago: i64, change: &str) {
        let answers = [("pgic-1".to_owned(), ItemAnswer::Text(change.to_owned()))].into();
        self.instrument(days_ago, "pgic", "pgic-1", answers);
    }

    fn gad7(&mut self, days_ago: i64, points: [u8; 7]) {
        let answer = |(index, points): (usize, u8)| {
            let points = points.to_string().parse().expect("digits are a number");
            (format!("gad7-{}", index + 1), ItemAnswer::Points(points))
        };
        self.instrument(days_ago, "gad7", "gad7-1", points.into_iter().enumerate().map(answer).collect());
    }

    fn instrument(
        &mut self,
        days_ago: i64,
        id: &str,
        version: &str,
        answers: std::collections::BTreeMap<String, ItemAnswer>,
    ) {
        let answered = Instrument { instrument: id.to_owned(), version: version.to_owned(), answers };
        self.add(Role::Patient, days_ago, Body::Instrument(answered));
    }

    fn alt(&mut self, days_ago: i64, value: &str) {
        let number = |text: &str| text.parse().expect("digits are a number");
        let result = LabResult::Amount {
            value: number(value),
            unit: "U/L".to_owned(),
            upper_limit: Some(number("40")),
        };
        let lab = Lab { test: "ALT".to_owned(), result, on: Some(self.ago(days_ago)) };
        self.add(Role::Patient, days_ago, Body::Lab(lab));
    }
}

/// An intake in which every question that decides was answered and nothing was found.
fn document(date: Date, tested: Date, birth_year: i16) -> String {
    let lab = |test: &str, value: &str| {
        format!(
            "\n[[lab]]\ntest = \"{test}\"\nvalue = {value}\nunit = \"U/L\"\nupper_limit = 40.0\ndate = {tested}\n"
        )
    };
    format!(
        "schema = 1\ndate = {date}\n\n[person]\nbirth_date = {birth_year}-03-02\nsex = \"female\"\n\
         pregnancy = \"no\"\ncontraception = \"yes\"\n\n[course]\nindication = \"fibromyalgia\"\n\
         requested_dose = \"4.5 mg\"\nform = \"capsule\"\nrelease = \"immediate\"\nblinded_period = \"no\"\n\n{ANSWERS}\n\
         [[condition]]\nname = \"fibromyalgia\"\nstatus = \"active\"\n{}{}",
        lab("ALT", "22.0"),
        lab("AST", "20.0"),
    )
}

const ANSWERS: &str = r#"[answers]
lists_complete = "yes"
opioids_last_90_days = "no"
suicidal_thoughts_now = "no"
past_suicide_attempt = "no"
depression_treated = "no"
alcohol = "none"
kidney_disease = "no"
liver_disease = "no"
household_opioid_user = "no"
swallowing_difficulty = "no"
sensitive_to_medicines = "no"
splits_tablets = "no"
drug_tested = "no"
drives = "no"
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 6, 1);

    #[test]
    fn the_sample_people_are_what_they_are_said_to_be() {
        let responder =
            drawn(|truth| truth.b > 2.0 && truth.total > 2.5 && (5.0..8.0).contains(&truth.baseline));
        assert!(responder.truth.b > 2.0, "{:?}", responder.truth);
        let other = drawn(|truth| {
            truth.b.abs() < 0.25 && truth.total.abs() < 0.5 && (4.5..7.5).contains(&truth.baseline)
        });
        assert!(other.truth.total.abs() < 0.5, "{:?}", other.truth);
    }

    #[test]
    fn every_course_has_a_signed_plan_in_force_and_ends_yesterday() {
        for story in all(TODAY).unwrap() {
            let plan = story.events.iter().find_map(|event| match &event.body {
                Body::PlanProposed(proposed) => Some(&proposed.plan),
                _ => None,
            });
            assert!(plan.unwrap().parts().valid_until >= TODAY, "{}", story.name);
            assert!(story.events.iter().any(|event| matches!(event.body, Body::PlanSigned(_))));
            let last = story.events.iter().map(|event| event.day).max().unwrap();
            assert_eq!(last, date(2026, 5, 31), "{}", story.name);
        }
    }
}
