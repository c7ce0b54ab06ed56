//! The pages of events with everything that they can show.

use askama::Template;
use jiff::civil::Date;
use ldn_care::course_screen::PREGNANCY;
use ldn_core::course::Course;
use ldn_core::ids::AccountId;
use ldn_core::journal::{Answer, Body, Lab, LabResult, Medicine, Procedure, Release, Role, Route, Use};
use uuid::Uuid;

use super::fields::FieldProblem;
use super::hold::{held, screened};
use super::infection::InfectionPage;
use super::list::{EventsPage, lines, to_tell, unknown};
use super::medicine::{Asked, MedicinePage, TypedMedicine};
use super::pregnancy::PregnancyPage;
use super::procedure::{ProcedurePage, TypedProcedure};
use crate::look::Look;
use crate::patient::plan::TypedDate;
use crate::patient::samples::journal::{TODAY, plus};
use crate::patient::samples::{Journal, Sampled, frame};

/// Returns every page of this family with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let mut all: Vec<Sampled> =
        courses().iter().map(|(name, course)| list_page(look, name, course)).collect();
    all.extend(forms(look));
    all
}

fn medicine(name: &str, usage: Use) -> Body {
    Body::Medicine(Medicine {
        name: name.to_owned(),
        usage,
        route: Route::Oral,
        release: Release::Unknown,
        per_day: None,
        last_taken: Some(plus(TODAY, -1)),
        not_an_opioid: Answer::Unknown,
    })
}

fn procedure(on: Option<Date>) -> Body {
    Body::Procedure(Procedure { name: "Hernia repair".to_owned(), on, opioids_expected: Answer::Unknown })
}

fn courses() -> Vec<(&'static str, Course)> {
    let with = |bodies: Vec<Body>| {
        bodies
            .into_iter()
            .fold(Journal::default(), |journal, body| journal.with(Role::Patient, TODAY, body))
            .course()
    };
    let pregnancy = |result| Body::Lab(Lab { test: PREGNANCY.to_owned(), result, on: Some(TODAY) });
    vec![
        ("events: none", with(Vec::new())),
        ("events: an opioid", with(vec![medicine("Ultram 50 mg", Use::Daily)])),
        ("events: every state of pregnancy", {
            let states = ["trying", "breastfeeding"].map(|text| pregnancy(LabResult::Text(text.to_owned())));
            with(
                [vec![pregnancy(LabResult::Positive), pregnancy(LabResult::Negative)], states.to_vec()]
                    .concat(),
            )
        }),
        ("events: every use, an unknown name, a procedure to come", {
            let uses = Use::ALL.iter().map(|usage| medicine(&format!("Zorbletrax {}", usage.word()), *usage));
            with(uses.chain([procedure(None), procedure(Some(plus(TODAY, 30)))]).collect())
        }),
    ]
}

fn list_page(look: Look, name: &'static str, course: &Course) -> Sampled {
    let again = screened(course, TODAY);
    let page = EventsPage {
        frame: frame(look, "/events"),
        form_token: "token".to_owned(),
        saved: true,
        held: held(&again),
        tell: to_tell(&again),
        unknown: unknown(&again),
        events: lines(look.words(), course, Some(AccountId::from_uuid(Uuid::from_u128(8)))),
    };
    Sampled { name, html: page.render().unwrap() }
}

fn forms(look: Look) -> Vec<Sampled> {
    let frame = |here| frame(look, here);
    let token = || "token".to_owned();
    let problems = |fields: &[&str]| -> Vec<FieldProblem> {
        fields.iter().map(|field| FieldProblem::new(field, look.words().say("events-date-wrong"))).collect()
    };
    let medicine = |name, asked, fields: &[&str]| {
        let page = MedicinePage {
            frame: frame("/events/medicine"),
            form_token: token(),
            typed: TypedMedicine::default(),
            asked,
            problems: problems(fields),
        };
        Sampled { name, html: page.render().unwrap() }
    };
    let infection = |name, fields: &[&str]| {
        let page = InfectionPage {
            frame: frame("/events/infection"),
            form_token: token(),
            name: String::new(),
            since: TypedDate::of(TODAY),
            problems: problems(fields),
        };
        Sampled { name, html: page.render().unwrap() }
    };
    let procedure = |name, fields: &[&str]| {
        let page = ProcedurePage {
            frame: frame("/events/procedure"),
            form_token: token(),
            typed: TypedProcedure::default(),
            problems: problems(fields),
        };
        Sampled { name, html: page.render().unwrap() }
    };
    let pregnancy = |name, fields: &[&str]| {
        let page = PregnancyPage {
            frame: frame("/events/pregnancy"),
            form_token: token(),
            problems: problems(fields),
        };
        Sampled { name, html: page.render().unwrap() }
    };
    let near = vec![("sertraline".to_owned(), "sertraline".to_owned())];
    vec![
        medicine("events: medicine, empty", None, &[]),
        medicine("events: medicine, problems", None, &["name", "use", "last_day"]),
        medicine("events: medicine, did you mean", Some(Asked::DidYouMean(near)), &[]),
        medicine("events: medicine, not recognised", Some(Asked::NotRecognised), &[]),
        infection("events: infection, empty", &[]),
        infection("events: infection, problems", &["name", "since_day"]),
        procedure("events: procedure, empty", &[]),
        procedure("events: procedure, problems", &["name", "when", "on_day", "opioids"]),
        pregnancy("events: pregnancy, empty", &[]),
        pregnancy("events: pregnancy, problems", &["state"]),
    ]
}
