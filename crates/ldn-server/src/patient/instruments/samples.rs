//! The pages of questionnaires with everything that they can show.

use askama::Template;
use ldn_core::instrument::{Catalogue, Instrument, InstrumentId};
use ldn_core::journal::{self, Body, ItemAnswer, Role};

use super::answers::{finished, open};
use super::fill::FillPage;
use super::list::{ListPage, lines};
use super::result::ResultPage;
use super::score::{Answers, CHANGES};
use crate::look::Look;
use crate::patient::samples::journal::TODAY;
use crate::patient::samples::{Journal, Sampled, frame};

/// Returns every page of this family with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let catalogue = Catalogue::shipped().unwrap();
    let mut all: Vec<Sampled> = catalogue.all().flat_map(|instrument| of_one(look, instrument)).collect();
    let phq9 = catalogue.get(InstrumentId::Phq9).unwrap();
    let answered = |answers| {
        let (instrument, version) = ("phq9".to_owned(), phq9.version.clone());
        Body::Instrument(journal::Instrument { instrument, version, answers })
    };
    let one: Answers = [("phq9-1".to_owned(), points(1))].into();
    let journal = Journal::default().with(Role::Patient, TODAY, answered(finished(phq9, one.clone()))).with(
        Role::Patient,
        TODAY,
        answered(one),
    );
    for (name, course) in
        [("instruments: never", Journal::default().course()), ("instruments: one paused", journal.course())]
    {
        let page = ListPage {
            frame: frame(look, "/instruments"),
            paused: true,
            held: None,
            instruments: lines(look.words(), &course, TODAY, &catalogue),
        };
        all.push(Sampled { name, html: page.render().unwrap() });
    }
    all
}

fn points(value: u8) -> ItemAnswer {
    ItemAnswer::Points(value.to_string().parse().unwrap())
}

/// Every question of a questionnaire answered with the same number, or the highest there is.
fn all_answered(instrument: &Instrument, value: u8) -> Answers {
    let answer = |highest: u8| match instrument.id {
        InstrumentId::Pgic => ItemAnswer::Text(CHANGES[usize::from(value.min(6))].to_owned()),
        _ => points(value.min(highest)),
    };
    instrument.items.iter().map(|item| (item.id.clone(), answer(item.highest))).collect()
}

fn of_one(look: Look, instrument: &Instrument) -> Vec<Sampled> {
    let fill = |name, answers: &Answers, gaps: bool| {
        let own = ["account", "course", "2026-06-01"].map(str::to_owned);
        let mut page = FillPage::new(frame(look, "/instruments"), "token", own, instrument, answers);
        if gaps {
            page.problems = page.gaps(&open(instrument, answers));
            page.may_leave_open = true;
        }
        Sampled { name, html: page.render().unwrap() }
    };
    let result = |name, answers: &Answers| {
        let page = ResultPage::new(frame(look, "/instruments"), instrument, TODAY, answers);
        Sampled { name, html: page.render().unwrap() }
    };
    let mut two_thirds = all_answered(instrument, 2);
    two_thirds.retain(|id, _| !id.ends_with('3'));
    two_thirds.remove("three-months");
    vec![
        fill("instruments: empty", &Answers::new(), false),
        fill("instruments: gaps", &Answers::new(), true),
        fill("instruments: answered", &all_answered(instrument, 1), false),
        result("instruments: result, low", &all_answered(instrument, 0)),
        result("instruments: result, middle", &all_answered(instrument, 1)),
        result("instruments: result, high", &all_answered(instrument, 10)),
        result("instruments: result, gaps", &finished(instrument, two_thirds)),
        result("instruments: result, all open", &finished(instrument, Answers::new())),
    ]
}
