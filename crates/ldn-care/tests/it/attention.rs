//! What puts a course on the list, what takes it off again, and in which order.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_care::attention::{AttentionRules, Item, Matter, Weight, What, attention, proposals};
use ldn_care::course_screen::standing;
use ldn_care::medicine::Formulary;
use ldn_care::plan::Protocols;
use ldn_care::screen::RuleSet;
use ldn_core::course::Course;
use ldn_core::ids::{AccountId, CourseId};
use ldn_core::journal::{
    Answer, Body, Disposition, Entry, Hash, Instrument, Intake, ItemAnswer, Medicine, Note, PlanEnded,
    PlanHeld, PlanProposed, PlanSigned, Release, Role, Route, Screened, Severity, SideEffect, TrialStarted,
    Use, VerdictShown,
};
use ldn_core::plan::{Hold, Resume};
use ldn_core::{Measure, Plan};
use uuid::Uuid;

use crate::journal::{TODAY, entry, mg, plus, scores, taken, titration};

/// A journal under way.
#[derive(Default)]
struct Journal(Vec<Entry>);

impl Journal {
    /// An intake without a finding, and a plan that began so many days ago, signed the day before.
    fn on_plan(days: i64) -> Journal {
        let start = plus(TODAY, -days);
        let document = format!("schema = 1\ndate = {}\n{ANSWERED}", plus(start, -1));
        Journal::default()
            .with(Role::Prescriber, plus(start, -1), Body::Intake(Intake { document }))
            .screened(plus(start, -1))
            .signed(plus(start, -1), titration(start))
    }

    fn with(mut self, role: Role, day: Date, body: Body) -> Journal {
        let number = self.0.len() as u64 + 1;
        let (course, author) =
            (CourseId::from_uuid(Uuid::from_u128(7)), AccountId::from_uuid(Uuid::from_u128(8)));
        self.0.push(entry(course, author, role, number, day, day, body));
        self
    }

    fn screened(self, day: Date) -> Journal {
        let screened = Screened { disposition: Disposition::NoFinding, document: "{}".to_owned() };
        self.with(Role::Prescriber, day, Body::Screened(screened))
    }

    fn signed(self, day: Date, plan: Plan) -> Journal {
        let signed = PlanSigned { plan: plan.id(), prescriber: "Dr Vega".to_owned(), on: day };
        self.with(Role::Prescriber, day, Body::PlanProposed(PlanProposed { plan: Box::new(plan) })).with(
            Role::Prescriber,
            day,
            Body::PlanSigned(signed),
        )
    }

    /// Pain on every day from a first one on, until another.
    fn wrote(self, from: Date, until: Date) -> Journal {
        let days = usize::try_from(from.until(until).unwrap().get_days() + 1).unwrap();
        let entries = scores(Measure::Pain, from, &vec![Some(6); days]);
        entries.into_iter().fold(self, |journal, (day, body)| journal.with(Role::Patient, day, body))
    }

    /// A dose on so many days.
    fn took(self, from: Date, days: i64) -> Journal {
        let entries = taken(from, days, mg("4.5"));
        entries.into_iter().fold(self, |journal, (day, body)| journal.with(Role::Patient, day, body))
    }

    fn side_effect(self, day: Date, term: &str, severity: Severity) -> Journal {
        let effect = SideEffect { term: term.to_owned(), severity, ongoing: Answer::Yes };
        self.with(Role::Patient, day, Body::SideEffect(effect))
    }

    fn items(&self) -> Vec<Item> {
        items(&Course::replay(&self.0), TODAY)
    }
}

fn items(course: &Course, today: Date) -> Vec<Item> {
    let rules = RuleSet::shipped();
    let rerun = standing(course, today, rules, Formulary::shipped());
    let proposals = proposals(course, today, Protocols::shipped(), rules);
    attention(course, &rerun, &proposals, today, AttentionRules::shipped())
}

fn found(items: &[Item]) -> Vec<(What, Weight)> {
    items.iter().map(|item| (item.what, item.weight)).collect()
}

fn medicine(name: &str) -> Body {
    Body::Medicine(Medicine {
        name: name.to_owned(),
        usage: Use::Daily,
        route: Route::Oral,
        release: Release::Immediate,
        per_day: None,
        last_taken: Some(TODAY),
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

#[test]
fn a_course_that_goes_well_asks_for_nothing() {
    let journal = Journal::on_plan(30).wrote(plus(TODAY, -30), TODAY);
    assert_eq!(found(&journal.items()), Vec::new());
}

#[test]
fn a_new_opioid_is_urgent_until_a_prescriber_has_held_the_doses() {
    let reported = || {
        Journal::on_plan(30).wrote(plus(TODAY, -30), TODAY).took(plus(TODAY, -30), 31).with(
            Role::Patient,
            TODAY,
            medicine("tramadol"),
        )
    };
    let items = reported().items();
    assert_eq!(
        (items[0].matter, items[0].weight, items[0].what),
        (Matter::Safety, Weight::Urgent, What::Stopped)
    );
    assert_eq!(items[0].rule, "OP-22", "what to do now leads");
    assert_eq!(items[0].also, ["OP-07"]);
    assert_eq!(items.len(), 1, "one entry is one item: {:?}", found(&items));
    assert_eq!(items[0].because[0].said, "tramadol");
    assert!(items[0].because.iter().any(|cause| cause.day == TODAY && cause.entry.is_some()));
    assert!(!items[0].sources.is_empty());
    let hold = Hold {
        from: TODAY,
        to: None,
        why: "tramadol".to_owned(),
        rule: "OP-22".to_owned(),
        resume: Some(Resume::ReScreen),
    };
    let held = reported().with(Role::Prescriber, TODAY, Body::PlanHeld(PlanHeld { hold }));
    assert_eq!(found(&held.items()), [(What::Held, Weight::Notice)]);
    // A patient's word about another medicine after the hold is new again.
    let again = held.with(Role::Patient, TODAY, medicine("oxycodone"));
    assert!(again.items().iter().any(|item| item.what == What::Stopped && item.weight == Weight::Urgent));
}

#[test]
fn an_unknown_medicine_asks_for_its_name_until_a_prescriber_has_screened_again() {
    let reported = Journal::on_plan(30).wrote(plus(TODAY, -30), TODAY).with(
        Role::Patient,
        TODAY,
        medicine("Zorbletrax"),
    );
    let items = reported.items();
    assert_eq!(found(&items), [(What::NotRecognised, Weight::Notice)]);
    assert!(items[0].words.contains("Zorbletrax"));
    assert_eq!(found(&reported.screened(TODAY).items()), Vec::new());
}

#[test]
fn any_point_on_item_9_is_urgent() {
    let answers: BTreeMap<String, ItemAnswer> = (1..=9)
        .map(|item| {
            let points = if item == 9 { "1" } else { "0" };
            (format!("phq9-{item}"), ItemAnswer::Points(points.parse().unwrap()))
        })
        .collect();
    let answered = Instrument { instrument: "phq9".to_owned(), version: "phq9-1".to_owned(), answers };
    let journal = Journal::on_plan(30).wrote(plus(TODAY, -30), TODAY).with(
        Role::Patient,
        TODAY,
        Body::Instrument(answered),
    );
    let items = journal.items();
    assert_eq!((items[0].rule.as_str(), items[0].weight), ("PS-01", Weight::Urgent));
}

#[test]
fn a_danger_word_is_read_once_and_not_judged() {
    let wrote = |text: &str| {
        let note = Body::Note(Note { text: text.to_owned() });
        Journal::on_plan(30).wrote(plus(TODAY, -30), TODAY).with(Role::Patient, TODAY, note)
    };
    let items = wrote("I took my sister's codeine").items();
    assert_eq!(found(&items), [(What::DangerWords, Weight::Urgent)]);
    assert_eq!(items[0].words, format!("The diary of {TODAY} says \"codeine\". Read it and ask."));
    assert_eq!(found(&wrote("surgery next month").items()), [(What::DangerWords, Weight::Notice)]);
    assert_eq!(found(&wrote("I took codeine").screened(TODAY).items()), Vec::new());
}

#[test]
fn a_side_effect_that_lasts_proposes_a_change_until_it_is_accepted_or_declined() {
    let mut journal = Journal::on_plan(30).wrote(plus(TODAY, -30), TODAY);
    for ago in (0..6).rev() {
        journal = journal.side_effect(plus(TODAY, -ago), "nausea", Severity::Moderate);
    }
    let items = journal.items();
    assert_eq!(items[0].matter, Matter::SideEffect);
    assert_eq!((items[0].what, items[0].weight), (What::Change, Weight::Notice));
    let course = Course::replay(&journal.0);
    let asked = proposals(&course, TODAY, Protocols::shipped(), RuleSet::shipped());
    let plan = asked.iter().find_map(|proposal| proposal.plan.clone()).expect("a change with a plan");
    let ended = PlanEnded { plan: plan.id(), reason: "the patient prefers to wait".to_owned() };
    let declined = journal
        .with(Role::Prescriber, TODAY, Body::PlanProposed(PlanProposed { plan: Box::new(plan.clone()) }))
        .with(Role::Prescriber, TODAY, Body::PlanEnded(ended));
    let course = Course::replay(&declined.0);
    let after = proposals(&course, TODAY, Protocols::shipped(), RuleSet::shipped());
    let reasons = |plan: &Plan| plan.parts().reason.clone();
    assert!(
        after
            .iter()
            .filter_map(|proposal| proposal.plan.as_ref())
            .all(|other| reasons(other) != reasons(&plan))
    );
    // The plan in force is untouched.
    assert_eq!(course.plans().in_force(TODAY).unwrap().plan.parts().version, 1);
    let tomorrow = proposals(&course, plus(TODAY, 1), Protocols::shipped(), RuleSet::shipped());
    assert!(
        tomorrow
            .iter()
            .filter_map(|proposal| proposal.plan.as_ref())
            .all(|other| reasons(other) != reasons(&plan)),
        "declined today, it is not proposed again tomorrow"
    );
}

#[test]
fn a_step_a_silence_and_a_verdict_come_when_they_are_due() {
    let last_wrote = |days: i64| Journal::on_plan(30).wrote(plus(TODAY, -30), plus(TODAY, -days));
    for (days, expected) in
        [(2, vec![]), (3, vec![(What::Silent, Weight::Info)]), (7, vec![(What::Silent, Weight::Notice)])]
    {
        assert_eq!(found(&last_wrote(days).items()), expected, "silent for {days} days");
    }
    let near = Journal::on_plan(6).wrote(plus(TODAY, -6), TODAY);
    assert_eq!(found(&near.items()), [(What::StepComing, Weight::Info)]);
    let ready = || Journal::on_plan(100).wrote(plus(TODAY, -130), TODAY);
    let items = ready().items();
    assert_eq!(found(&items), [(What::Judge, Weight::Notice)]);
    let shown = VerdictShown { model: "verdict-1".to_owned(), document: "{}".to_owned() };
    let by = |role| ready().with(role, TODAY, Body::VerdictShown(shown.clone()));
    assert_eq!(found(&by(Role::Patient).items()).len(), 1, "the patient has looked, the prescriber has not");
    assert_eq!(found(&by(Role::Prescriber).items()), Vec::new());
    let started = TrialStarted { commitment: Hash::of(b"sealed"), design: "{}".to_owned() };
    let blinded = ready().with(Role::Prescriber, TODAY, Body::TrialStarted(started));
    assert!(blinded.items().iter().all(|item| item.what != What::Judge), "nothing is judged while blinded");
}

#[test]
fn items_stand_in_the_order_of_the_list() {
    let journal = Journal::on_plan(100).wrote(plus(TODAY, -130), plus(TODAY, -9)).with(
        Role::Patient,
        plus(TODAY, -9),
        medicine("tramadol"),
    );
    let items = journal.items();
    assert!(items.windows(2).all(|pair| pair[0].matter <= pair[1].matter), "{:?}", found(&items));
    assert_eq!(items[0].matter, Matter::Safety);
    assert!(items.iter().any(|item| item.matter == Matter::Silent));
}

#[test]
fn before_a_plan_a_finding_is_work_and_no_alarm() {
    let document =
        format!("schema = 1\ndate = {TODAY}\n[[medicine]]\nname = \"tramadol\"\nuse = \"daily\"\n");
    let journal = Journal::default().with(Role::Prescriber, TODAY, Body::Intake(Intake { document }));
    assert_eq!(found(&journal.items()), [(What::NotPlanned, Weight::Info)]);
}
