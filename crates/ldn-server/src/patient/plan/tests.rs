//! The pages of a plan with everything that they can show.

use askama::Template;
use ldn_core::course::Course;
use ldn_core::journal::{
    Body, Container, Content, Dispensed, Disposition, Hash, PlanHeld, Role, Screened, TrialStarted,
};
use ldn_core::plan::{Hold, Plan, PlanParts, Resume};
use ldn_report::{Person, SurgeryLetterInput, WalletCardInput, surgery_letter, wallet_card};

use super::card::CardPage;
use super::case::Case;
use super::days::TypedDate;
use super::draft::{Place, draft};
use super::enter::{CheckPage, ClosedPage, EnterPage};
use super::letter::{LetterForm, LetterPage};
use super::paper::SheetView;
use super::show::PlanPage;
use super::typed::{Typed, TypedStep, offered};
use crate::look::Look;
use crate::patient::events::FieldProblem;
use crate::patient::samples::journal::{TODAY, mg, plus, taken, titration, titration_parts};
use crate::patient::samples::{Journal, Sampled, frame};

/// Returns every page of this family with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let mut all: Vec<Sampled> =
        courses().iter().map(|(name, course)| plan_page(look, name, course)).collect();
    all.extend(forms(look));
    all.extend(papers(look));
    all
}

fn plan_page(look: Look, name: &'static str, course: &Course) -> Sampled {
    let case = Case { course, today: TODAY, words: look.words() };
    Sampled { name, html: PlanPage::of(case, frame(look, "/plan")).render().unwrap() }
}

fn changed(change: impl FnOnce(&mut PlanParts)) -> Plan {
    let mut parts = titration_parts(plus(TODAY, -3));
    change(&mut parts);
    Plan::new(parts).unwrap()
}

fn handed_out(strengths: &[&str], last: i64) -> Body {
    let container = |strength: &&str| Container {
        content: Content::Units {
            strength: strength.parse().unwrap(),
            quantity: "60 capsules".parse().unwrap(),
        },
        lot: None,
        beyond_use: Some(plus(TODAY, last)),
    };
    Body::Dispensed(Dispensed {
        document: "as labelled".into(),
        containers: strengths.iter().map(container).collect(),
    })
}

fn courses() -> Vec<(&'static str, Course)> {
    let start = plus(TODAY, -3);
    let signed = || Journal::default().signed(start, titration(start));
    let trial = TrialStarted { commitment: Hash::of(b"sealed"), design: "{}".to_owned() };
    let hold = |to: Option<i64>| Hold {
        from: TODAY,
        to: to.map(|to| plus(TODAY, to)),
        why: "operation".to_owned(),
        rule: "SU-01".to_owned(),
        resume: to.is_none().then_some(Resume::ReScreen),
    };
    let held = |to| Body::PlanHeld(PlanHeld { hold: hold(to) });
    let refused = Body::Screened(Screened { disposition: Disposition::Refuse, document: "{}".to_owned() });
    vec![
        ("plan: none", Journal::default().with_all(vec![]).course()),
        ("plan: signed", signed().course()),
        (
            "plan: signed and capsules at home",
            signed().with(Role::Pharmacist, start, handed_out(&["1.5 mg"], 90)).course(),
        ),
        (
            "plan: capsules past their date",
            signed().with(Role::Pharmacist, start, handed_out(&["1.5 mg"], -1)).course(),
        ),
        ("plan: taken already", signed().with_all(taken(TODAY, 1, mg("1.5"))).course()),
        ("plan: as prescribed", Journal::default().proposed(start, titration(start)).course()),
        ("plan: held", signed().with(Role::Prescriber, TODAY, held(Some(4))).course()),
        ("plan: held until screened again", signed().with(Role::Prescriber, TODAY, held(None)).course()),
        ("plan: stopped by a screening", signed().with(Role::Patient, TODAY, refused).course()),
        ("plan: begins later", Journal::default().signed(start, titration(plus(TODAY, 4))).course()),
        (
            "plan: expired",
            Journal::default().signed(start, changed(|parts| parts.valid_until = plus(TODAY, -1))).course(),
        ),
        ("plan: blinded", Journal::default().signed(start, changed(|parts| parts.blinded = true)).course()),
        (
            "plan: blinded by a trial",
            signed().with(Role::Prescriber, start, Body::TrialStarted(trial)).course(),
        ),
    ]
}

fn forms(look: Look) -> Vec<Sampled> {
    let words = look.words();
    let course = Journal::default().course();
    let case = Case { course: &course, today: TODAY, words };
    let sampled = |name, page: &dyn askama::DynTemplate| Sampled { name, html: page.dyn_render().unwrap() };
    let typed = |dose: &str| Typed {
        start: TypedDate::of(TODAY),
        steps: vec![TypedStep { dose: dose.to_owned(), days: String::new() }],
        ..Typed::empty()
    };
    let check = |dose, asks| {
        let draft = draft(words, &typed(dose), &Place { version: 1, parent: None }, TODAY).unwrap();
        CheckPage::of(case, frame(look, "/plan/enter"), "token", typed(dose), &draft, asks)
    };
    let problems = |dose| -> Vec<FieldProblem> {
        draft(words, &typed(dose), &Place { version: 1, parent: None }, TODAY).unwrap_err()
    };
    let enter = |typed, problems| EnterPage::new(frame(look, "/plan/enter"), "token", typed, problems);
    let schedule = offered().next().unwrap();
    let closed = |code| ClosedPage { frame: frame(look, "/plan/enter"), text: words.say(code) };
    let wrong = ["4.5", "4,5 mg", "4.5 g", "", "0 mg", "50 mg", "1.2.3 mg"]
        .map(|dose| sampled("plan: a dose that is refused", &enter(typed(dose), problems(dose))));
    let mut all = vec![
        sampled("plan: enter", &enter(Typed::empty(), Vec::new())),
        sampled("plan: enter a known schedule", &enter(Typed::following(schedule), Vec::new())),
        sampled(
            "plan: nothing typed",
            &enter(Typed { at: String::new(), ..Typed::empty() }, {
                let empty = Typed { at: String::new(), ..Typed::empty() };
                draft(words, &empty, &Place { version: 1, parent: None }, TODAY).unwrap_err()
            }),
        ),
        sampled("plan: check", &check("1.5 mg", false)),
        sampled("plan: check a dose of 5 mg", &check("5 mg", false)),
        sampled("plan: check a dose of 8 mg", &check("8 mg", true)),
        sampled("plan: check a dose of 12 mg", &check("12 mg", false)),
        sampled("plan: closed, signed", &closed("plan-enter-closed-signed")),
        sampled("plan: closed, stopped", &closed("plan-enter-closed-stopped")),
        sampled("plan: closed, blinded", &closed("plan-enter-closed-blinded")),
    ];
    all.extend(wrong);
    all
}

fn papers(look: Look) -> Vec<Sampled> {
    let plan = titration(plus(TODAY, -3));
    let person = Person { name: "Ana Prieto".to_owned(), birth_year: 1980 };
    let card = wallet_card(&WalletCardInput {
        plan: &plan,
        superseded: false,
        person: &person,
        last_dose: None,
        today: TODAY,
    });
    let letter = surgery_letter(&SurgeryLetterInput {
        plan: &plan,
        superseded: false,
        person: &person,
        operation: plus(TODAY, 20),
        hours: None,
        last_dose: None,
        today: TODAY,
    });
    let (card, letter) = (SheetView::of(&card.unwrap()), SheetView::of(&letter.unwrap()));
    let missing = vec!["plan-paper-no-plan", "plan-paper-no-birth-year"];
    let card_page = |sheet, missing| CardPage { frame: frame(look, "/card"), sheet, missing };
    let letter_page = |sheet, missing, problem| LetterPage {
        frame: frame(look, "/letter"),
        form_token: "token".to_owned(),
        typed: LetterForm::default(),
        shortest: "72".to_owned(),
        sheet,
        missing,
        problem,
    };
    let wrong = |field, code| Some((field, look.words().say_with(code, &[("hours", "72")])));
    vec![
        Sampled { name: "card", html: card_page(Some(card), vec![]).render().unwrap() },
        Sampled { name: "card: impossible", html: card_page(None, missing.clone()).render().unwrap() },
        Sampled { name: "letter", html: letter_page(Some(letter), vec![], None).render().unwrap() },
        Sampled { name: "letter: asked", html: letter_page(None, vec![], None).render().unwrap() },
        Sampled { name: "letter: impossible", html: letter_page(None, missing, None).render().unwrap() },
        Sampled {
            name: "letter: no date",
            html: letter_page(None, vec![], wrong("operation_day", "plan-letter-date")).render().unwrap(),
        },
        Sampled {
            name: "letter: hours",
            html: letter_page(None, vec![], wrong("hours", "plan-letter-hours")).render().unwrap(),
        },
    ]
}
