//! The charts, as a browser gets them.

use axum::http::StatusCode;
use ldn_core::Measure;
use ldn_core::journal::{Answer, Body, Role, Scores, Severity, SideEffect};
use ldn_core::score::{Scale, Score};

use crate::journal::{TODAY, plus, responder, scores, titration};
use crate::support::Place;

#[tokio::test]
async fn a_chart_its_sentence_and_its_table_say_the_same() {
    let mut place = Place::patient().await;
    place.get("/charts").await.says(&["There is no score to draw here yet"]);
    let first = plus(TODAY, -69);
    place.signed(first, titration(first)).await;
    place.write_all(responder(70)).await;
    place.write_all(scores(Measure::Sleep, plus(TODAY, -3), &[Some(5), None, Some(6)])).await;
    let dream = SideEffect { term: "vivid dreams".into(), severity: Severity::Mild, ongoing: Answer::No };
    place.write(Role::Patient, plus(TODAY, -30), Body::SideEffect(dream)).await;
    let page = place.get("/charts").await;
    assert_eq!(page.status, StatusCode::OK);
    page.says(&["↓ Pain: lower is better", "severe", "your goal: 30 percent less", "4.5 mg", "vivid dreams"]);
    page.says(&[
        "From 24 February 2026 to 1 June 2026",
        "Side effects are noted on one day",
        "<title>",
        "<desc>",
    ]);
    page.says(&[
        "Doses taken: 1.5 mg from 24 March 2026, 3 mg from 31 March 2026, 4.5 mg from 7 April 2026.",
    ]);
    page.says(&["id=\"content\"", "class=\"narrow\"", "class=\"wide\""]);
    let rows = page.text.matches("<tr>").count();
    assert_eq!(rows, 1 + 96, "a row for every day on which something was recorded, and the head");
    let sleep = place.get("/charts?measure=sleep&weeks=4").await;
    sleep.says(&["↑ Sleep: higher is better", "on 2 of 4 days"]);
    sleep.hides(&["severe"]);
    place.get_in("es", "/charts").await.says(&["↓ Dolor: más bajo es mejor", "24 de marzo de 2026", "abr"]);
}

#[tokio::test]
async fn late_entries_are_told_and_drawn_apart() {
    let mut place = Place::patient().await;
    place.write_all(scores(Measure::Pain, plus(TODAY, -6), &[Some(5), Some(6), Some(5)])).await;
    place.get("/charts").await.hides(&["entered later"]);
    let score = Score::new(Measure::Pain, Scale::ZeroToTen, 7.0).unwrap();
    let late = Body::Scores(Scores::new([score]).unwrap());
    place.write_late(Role::Patient, plus(TODAY, -3), TODAY, late).await;
    place.get("/charts").await.says(&["One score was entered later than its day", "(entered later)"]);
}

#[tokio::test]
async fn while_a_trial_is_blinded_nothing_is_compared() {
    let mut place = Place::patient().await;
    place.blinded(plus(TODAY, -200)).await;
    place.write_all(responder(70)).await;
    let page = place.get("/charts").await;
    page.says(&["nothing is compared until it ends", "striped: blinded", "from the kit"]);
    page.hides(&[" mg", "The middle of a week was", "Your goal is"]);
}
