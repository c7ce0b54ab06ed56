//! What must hold for every person, tried on people made up at random.

use jiff::civil::{Date, date};
use ldn_care::intake::{
    Alcohol, Allergy, Answer, Answers, Birth, Condition, ConditionStatus, Contraception, Course, CourseForm,
    Intake, Lab, LabTest, ListedMedicine, Person, Pregnancy, Procedure, Release, Sex, Symptom, Use, Word,
    read,
};
use ldn_care::screen::{Screening, Severity};
use proptest::prelude::*;
use proptest::sample::select;

use crate::screen::screened;

const TODAY: Date = date(2026, 1, 5);

fn word<W: Word + std::fmt::Debug>() -> impl Strategy<Value = W> {
    select(W::WORDS.iter().map(|(_, value)| *value).collect::<Vec<W>>())
}

/// No and unknown only: a yes that nothing on the lists explains is itself a finding, which an explanation takes away.
fn no_or_unknown() -> impl Strategy<Value = Answer> {
    select(vec![Answer::No, Answer::Unknown])
}

fn day() -> impl Strategy<Value = Date> {
    (-40_i64..=400).prop_map(|days| TODAY.saturating_sub(jiff::Span::new().days(days)))
}

/// Mostly within the time that rules and answers look back.
fn day_of_a_procedure() -> impl Strategy<Value = Date> {
    (-40_i64..=110).prop_map(|days| TODAY.saturating_sub(jiff::Span::new().days(days)))
}

fn past_day() -> impl Strategy<Value = Date> {
    day().prop_map(|day| day.min(TODAY))
}

prop_compose! {
    fn medicine()(
        name in select(vec![
            "Percocet", "oxycodone", "OxyContin 60 mg", "tramadol 50 mg", "Zydol", "co-codamol 30/500", "methadone",
            "Suboxone", "Butrans", "fentanyl patch", "Sublocade", "kratom", "Tussionex", "pentazocine", "loperamide",
            "oxycodoen", "Zyxol", "Narcan", "Movantik", "lofexidine", "LDN 4.5 mg", "LDN 1 mg", "naltrexone", "Vivitrol",
            "naltrexone 50 mg", "Contrave", "disulfiram", "thioridazine", "methotrexate", "paracetamol", "adalimumab",
            "levothyroxine", "warfarin", "semaglutide", "ibuprofen", "duloxetine 60 mg", "diazepam", "dextromethorphan",
        ]),
        usage in word::<Use>(),
        release in word::<Release>(),
        last_taken in proptest::option::of(past_day()),
        not_an_opioid in select(vec![Answer::Unknown, Answer::Yes]),
    ) -> ListedMedicine {
        ListedMedicine {
            name: name.to_owned(), usage, route: None, release, per_day: None, last_taken, not_an_opioid,
        }
    }
}

prop_compose! {
    fn condition()(
        name in select(vec![
            "fibromyalgia", "opioid use disorder", "liver failure", "cirrhosis", "fatty liver", "CKD", "CKD stage 3a",
            "dialysis", "kidney transplant", "MS", "MCAS", "Hashimoto's", "bipolar disorder", "severe depression",
            "suicide attempt", "lactose intolerance", "asthma", "zyxolitis", "pregnancy", "trying to conceive",
        ]),
        status in word::<ConditionStatus>(),
    ) -> Condition {
        Condition { name: name.to_owned(), status }
    }
}

fn symptom() -> impl Strategy<Value = Symptom> {
    let names = vec![
        "dark urine",
        "severe fatigue",
        "nausea",
        "hives",
        "throat swelling",
        "cough",
        "yawning",
        "diarrhoea",
        "night sweats",
        "dizziness",
        "vomiting",
        "missed dose",
        "vivid dreams",
        "zyxing",
        "suicidal thoughts",
        "broken leg",
    ];
    select(names).prop_map(|name| Symptom { name: name.to_owned() })
}

fn allergy() -> impl Strategy<Value = Allergy> {
    let names = vec!["naltrexone", "naloxone", "codeine", "lactose", "gelatin", "penicillin", "zyxol"];
    select(names).prop_map(|name| Allergy { substance: name.to_owned(), reaction: None })
}

prop_compose! {
    fn procedure()(
        name in select(vec!["hernia repair", "Colonoscopy", "emergency surgery", "zyxoloplexy", "dental extraction"]),
        date in proptest::option::of(day_of_a_procedure()),
        opioids_expected in word::<Answer>(),
    ) -> Procedure {
        Procedure { name: name.to_owned(), date, opioids_expected }
    }
}

/// Liver and kidney tests and scores; the reader makes them, so that they are what the reader lets through.
fn labs() -> impl Strategy<Value = Vec<Lab>> {
    let lab = select(vec![
        "test = \"ALT\"\nvalue = 30\nunit = \"U/L\"\nupper_limit = 40",
        "test = \"ALT\"\nvalue = 30\nunit = \"U/L\"",
        "test = \"AST\"\nvalue = 130\nunit = \"U/L\"\nupper_limit = 40",
        "test = \"ALT\"\nvalue = 3.6\nunit = \"µkat/L\"\nupper_limit = 0.7",
        "test = \"bilirubin\"\nvalue = 1.0\nunit = \"mg/dL\"\nupper_limit = 1.2",
        "test = \"bilirubin\"\nvalue = 3.0\nunit = \"mg/dL\"\nupper_limit = 1.2",
        "test = \"eGFR\"\nvalue = 29\nunit = \"mL/min/1.73m2\"",
        "test = \"eGFR\"\nvalue = 90\nunit = \"mL/min/1.73m2\"",
        "test = \"PHQ-9\"\nvalue = 16",
        "test = \"PHQ-9-item-9\"\nvalue = 1",
        "test = \"urine-opioid-screen\"\ntext = \"positive\"",
        "test = \"urine-oxycodone\"\ntext = \"positive\"\ndate = 2025-12-20",
    ]);
    proptest::collection::vec(lab, 0..4).prop_map(|labs| {
        let text: String = labs.iter().map(|lab| format!("[[lab]]\n{lab}\n")).collect();
        read(format!("schema = 1\ndate = 2026-01-05\n{text}").as_bytes()).unwrap().labs
    })
}

prop_compose! {
    fn person()(
        birth in select(vec![Birth::Unknown, Birth::Year(2008), Birth::Year(1978), Birth::Year(1960), Birth::Year(2010)]),
        sex in word::<Sex>(),
        pregnancy in word::<Pregnancy>(),
        contraception in word::<Contraception>(),
    ) -> Person {
        Person { birth, sex, pregnancy, contraception, weight_kg: None }
    }
}

prop_compose! {
    fn course()(
        requested in proptest::option::of(select(vec!["1 microgram", "1.5 mg", "4.5 mg", "6 mg", "9 mg", "12 mg", "50 mg"])),
        current in proptest::option::of(select(vec!["1.5 mg", "4.5 mg", "25 mg"])),
        form in word::<CourseForm>(),
        release in word::<Release>(),
        ldn_since in proptest::option::of(past_day()),
        last_ldn_dose in proptest::option::of(past_day()),
        blinded_period in word::<Answer>(),
    ) -> Course {
        Course {
            indication: None,
            requested_dose: requested.map(|dose| dose.parse().unwrap()),
            current_dose: current.map(|dose| dose.parse().unwrap()),
            form, release, last_ldn_dose, blinded_period,
            concentration: None,
            ldn_since,
        }
    }
}

prop_compose! {
    fn answers()(
        opioids in no_or_unknown(),
        alcohol in word::<Alcohol>(),
        others in proptest::collection::vec(word::<Answer>(), 12),
    ) -> Answers {
        Answers {
            lists_complete: others[0],
            opioids_last_90_days: opioids,
            suicidal_thoughts_now: others[1],
            past_suicide_attempt: others[2],
            depression_treated: others[3],
            alcohol,
            kidney_disease: others[4],
            liver_disease: others[5],
            household_opioid_user: others[6],
            swallowing_difficulty: others[7],
            sensitive_to_medicines: others[8],
            splits_tablets: others[9],
            drug_tested: others[10],
            drives: others[11],
        }
    }
}

prop_compose! {
    fn anybody()(
        person in person(),
        course in course(),
        answers in answers(),
        conditions in proptest::collection::vec(condition(), 0..3),
        symptoms in proptest::collection::vec(symptom(), 0..3),
        medicines in proptest::collection::vec(medicine(), 0..4),
        allergies in proptest::collection::vec(allergy(), 0..2),
        labs in labs(),
        procedures in proptest::collection::vec(procedure(), 0..2),
    ) -> Intake {
        Intake {
            date: TODAY, person, course, answers, conditions, symptoms, medicines, allergies, labs, procedures,
        }
    }
}

/// A fact that can be added to what is known.
#[derive(Clone, Debug)]
enum Fact {
    Condition(Condition),
    Symptom(Symptom),
    Medicine(ListedMedicine),
    Allergy(Allergy),
    Procedure(Procedure),
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        condition().prop_map(Fact::Condition),
        symptom().prop_map(Fact::Symptom),
        medicine().prop_map(Fact::Medicine),
        allergy().prop_map(Fact::Allergy),
        procedure().prop_map(Fact::Procedure),
    ]
}

fn with(mut intake: Intake, fact: Fact) -> Intake {
    match fact {
        Fact::Condition(condition) => intake.conditions.push(condition),
        Fact::Symptom(symptom) => intake.symptoms.push(symptom),
        Fact::Medicine(medicine) => intake.medicines.push(medicine),
        Fact::Allergy(allergy) => intake.allergies.push(allergy),
        Fact::Procedure(procedure) => intake.procedures.push(procedure),
    }
    intake
}

/// Anybody, the answer yes about opioids included: what nobody knows must not explain it away.
fn with_any_answer_about_opioids() -> impl Strategy<Value = Intake> {
    (anybody(), word::<Answer>()).prop_map(|(mut intake, answer)| {
        intake.answers.opioids_last_90_days = answer;
        intake
    })
}

/// Every answer that is no, one at a time, as unknown. Left out: contraception and `not_an_opioid`, where no is the
/// grave answer.
fn with_one_no_forgotten(intake: &Intake) -> Vec<Intake> {
    let fields: [fn(&mut Intake) -> &mut Answer; 14] = [
        |intake| &mut intake.answers.lists_complete,
        |intake| &mut intake.answers.opioids_last_90_days,
        |intake| &mut intake.answers.suicidal_thoughts_now,
        |intake| &mut intake.answers.past_suicide_attempt,
        |intake| &mut intake.answers.depression_treated,
        |intake| &mut intake.answers.kidney_disease,
        |intake| &mut intake.answers.liver_disease,
        |intake| &mut intake.answers.household_opioid_user,
        |intake| &mut intake.answers.swallowing_difficulty,
        |intake| &mut intake.answers.sensitive_to_medicines,
        |intake| &mut intake.answers.splits_tablets,
        |intake| &mut intake.answers.drug_tested,
        |intake| &mut intake.answers.drives,
        |intake| &mut intake.course.blinded_period,
    ];
    let mut forgotten = Vec::new();
    for field in fields {
        let mut changed = intake.clone();
        if *field(&mut changed) == Answer::No {
            *field(&mut changed) = Answer::Unknown;
            forgotten.push(changed);
        }
    }
    if intake.person.pregnancy == Pregnancy::No {
        let mut changed = intake.clone();
        changed.person.pregnancy = Pregnancy::Unknown;
        forgotten.push(changed);
    }
    for idx in 0..intake.procedures.len() {
        if intake.procedures[idx].opioids_expected == Answer::No {
            let mut changed = intake.clone();
            changed.procedures[idx].opioids_expected = Answer::Unknown;
            forgotten.push(changed);
        }
    }
    forgotten
}

/// Somebody who has answered everything and of whom one thing at most is known, so that nothing grave hides what a
/// change does.
fn calm() -> impl Strategy<Value = Intake> {
    let course = select(vec!["", "course.ldn_since = 2025-10-01\ncourse.last_ldn_dose = 2026-01-03\n"]);
    (course, word::<Answer>(), labs(), proptest::option::of(fact())).prop_map(
        |(course, opioids, labs, fact)| {
            let mut intake = crate::screen::intake_but(course);
            intake.answers.opioids_last_90_days = opioids;
            intake.labs.extend(labs.into_iter().take(1));
            match fact {
                Some(fact) => with(intake, fact),
                None => intake,
            }
        },
    )
}

/// What a screening says, whatever the places of the medicines.
fn without_places(screening: &Screening) -> Vec<(String, Severity, Option<Date>)> {
    let said = |finding: &ldn_care::screen::Finding| {
        (finding.rule.clone(), finding.severity, finding.action.earliest_start)
    };
    screening.findings.iter().map(said).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn adding_a_fact_never_lowers_the_gravity(intake in anybody(), fact in fact()) {
        let before = screened(&intake);
        let after = screened(&with(intake, fact));
        prop_assert!(after.disposition >= before.disposition, "{:?} became {:?}", before, after);
    }

    #[test]
    fn forgetting_a_no_never_lowers_the_gravity(intake in with_any_answer_about_opioids()) {
        let before = screened(&intake).disposition;
        for changed in with_one_no_forgotten(&intake) {
            let after = screened(&changed);
            prop_assert!(after.disposition >= before, "{before:?} became {after:?}\n{changed:?}");
        }
    }

    #[test]
    fn one_more_fact_about_a_calm_person_never_lowers_the_gravity(intake in calm(), fact in fact()) {
        // A yes about opioids asks for its explanation, and the explanation may lower it.
        prop_assume!(intake.answers.opioids_last_90_days != Answer::Yes);
        let before = screened(&intake);
        let after = screened(&with(intake, fact));
        prop_assert!(after.disposition >= before.disposition, "{:?} became {:?}", before, after);
    }

    #[test]
    fn forgetting_a_no_of_a_calm_person_never_lowers_the_gravity(intake in calm()) {
        let before = screened(&intake).disposition;
        for changed in with_one_no_forgotten(&intake) {
            let after = screened(&changed);
            prop_assert!(after.disposition >= before, "{before:?} became {after:?}\n{changed:?}");
        }
    }

    #[test]
    fn the_order_of_medicines_does_not_matter(intake in anybody(), turn in 0_usize..4) {
        let mut turned = intake.clone();
        let n = turned.medicines.len();
        turned.medicines.rotate_left(turn.min(n));
        turned.medicines.reverse();
        let (before, after) = (screened(&intake), screened(&turned));
        prop_assert_eq!(before.disposition, after.disposition);
        prop_assert_eq!(without_places(&before), without_places(&after));
        prop_assert_eq!(before.unrecognised.len(), after.unrecognised.len());
        prop_assert_eq!(before.questions.len(), after.questions.len());
    }

    #[test]
    fn screening_twice_gives_the_same_bytes(intake in anybody()) {
        let bytes = || serde_json::to_vec(&screened(&intake)).unwrap();
        prop_assert_eq!(bytes(), bytes());
    }

    #[test]
    fn findings_stand_gravest_first_and_rest_on_facts(intake in anybody()) {
        let screening = screened(&intake);
        prop_assert!(screening.findings.is_sorted_by(|a, b| a.severity >= b.severity));
        for finding in &screening.findings {
            prop_assert!(!finding.because.is_empty(), "{} rests on nothing", finding.rule);
            prop_assert!(finding.action.earliest_start.is_none_or(|day| day >= TODAY), "{finding:?}");
        }
        let lacks_enzymes = intake.labs.iter().all(|lab| !matches!(lab.test, LabTest::Alt | LabTest::Ast));
        prop_assert_eq!(screening.finding("HP-05").is_some(), lacks_enzymes);
        prop_assert!(!screening.not_checked.is_empty());
    }
}
