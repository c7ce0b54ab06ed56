//! The verdict page, as a browser gets it.

use axum::http::StatusCode;
use ldn_core::Measure;
use ldn_core::journal::{Body, Role};

use crate::journal::{TODAY, plus, responder, scores};
use crate::support::{Place, evening_of};

#[tokio::test]
async fn the_sentence_comes_first_then_the_dots_then_what_else_it_could_be() {
    let mut place = Place::patient().await;
    place.write_all(responder(70)).await;
    let page = place.get("/verdict").await;
    assert_eq!(page.status, StatusCode::OK);
    page.says(&[
        "of 20 equally likely answers say your pain is lower than before LDN",
        "your goal: 30 percent less,",
    ]);
    page.says(&[
        "Time",
        "Starting in a bad spell",
        "placebo response",
        "Other medicines",
        "cannot tell which",
    ]);
    page.says(&["What would make us surer", "blinded trial"]);
    assert_eq!(page.text.matches("class=\"dot\"").count(), 40, "20 dots, in a narrow and a wide drawing");
    let heading = page.text.find("<h1").unwrap();
    assert!(heading < page.text.find("class=\"dot\"").unwrap());
    page.hides(&["posterior", "interval", "Evidence grade", "regret"]);
    place
        .get_in("es", "/verdict")
        .await
        .says(&["de 20 respuestas igual de probables", "su meta: 30 por ciento menos"]);
}

#[tokio::test]
async fn what_was_shown_is_recorded_once_a_day_and_only_if_it_changed() {
    let mut place = Place::patient().await;
    place.write_all(responder(70)).await;
    let n_diary = place.kinds().await.len();
    for _ in 0..3 {
        place.get("/verdict").await;
    }
    assert_eq!(place.kinds().await.len(), n_diary + 1);
    let entry = place.newest().await;
    let Body::VerdictShown(shown) = entry.body() else { panic!("{entry:?}") };
    assert_eq!((entry.role(), entry.day()), (Role::Patient, TODAY));
    assert!(shown.document.contains("\"measure\":\"pain\""), "{}", shown.document);
    evening_of(plus(TODAY, 1));
    place.get("/verdict").await;
    assert_eq!(place.kinds().await.len(), n_diary + 1, "another day, the same verdict");
    place.write_all(scores(Measure::Pain, plus(TODAY, 1), &[Some(9)])).await;
    place.get("/verdict").await;
    assert_eq!(place.kinds().await.len(), n_diary + 3, "a score, and the verdict that it changed");
}

#[tokio::test]
async fn too_few_days_get_no_number_and_no_record() {
    let mut place = Place::patient().await;
    place.get("/verdict").await.says(&["Not enough yet", "7 are missing", "14 are missing"]);
    place.write_all(responder(10)).await;
    let n_diary = place.kinds().await.len();
    let page = place.get("/verdict").await;
    page.says(&["<h1>Not enough yet</h1>", "In the last four weeks on capsules"]);
    page.hides(&["equally likely", "points", "class=\"dot\""]);
    assert_eq!(place.kinds().await.len(), n_diary);
}

#[tokio::test]
async fn a_blinded_trial_is_only_recording() {
    let mut place = Place::patient().await;
    place.write_all(responder(70)).await;
    place.blinded(plus(TODAY, -60)).await;
    let n_entries = place.kinds().await.len();
    let page = place.get("/verdict").await;
    page.says(&["<h1>Recording</h1>"]);
    page.hides(&["equally likely", "class=\"dot\"", "points"]);
    assert_eq!(place.kinds().await.len(), n_entries, "nothing was shown, so nothing is recorded");
}
