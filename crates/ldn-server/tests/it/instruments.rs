//! Questionnaires: pause, finish, and the ninth question before everything else.

use ldn_core::journal::{Body, ItemAnswer};

use crate::support::Place;

async fn place() -> Place {
    let mut place = Place::patient().await;
    place.born(1980).await;
    place
}

#[tokio::test]
async fn any_thought_of_self_harm_is_recorded_and_leads_to_help_before_anything_else() {
    for (answer, button) in [("1", "finish"), ("2", "pause"), ("3", "")] {
        let place = place().await;
        let sent = place.post("/instruments/phq9", &[("phq9-9", answer), ("button", button)]).await;
        assert_eq!((sent.status.as_u16(), sent.location()), (303, "/danger/en/self-harm"), "{answer}");
        let Body::Instrument(recorded) = place.newest().await.body().clone() else {
            panic!("a questionnaire")
        };
        assert_eq!(recorded.answers.get("phq9-9"), Some(&ItemAnswer::Points(answer.parse().unwrap())));
        place.get("/events").await.says(&["If you might act on these thoughts", "/danger/self-harm"]);
    }
    let place = place().await;
    place.get("/instruments/phq9").await.says(&["id=\"help-now\"", "/danger/en/self-harm"]);
    place.get("/instruments/gad7").await.hides(&["id=\"help-now\""]);
}

#[tokio::test]
async fn a_pause_keeps_answers_shows_no_score_and_is_finished_later() {
    let place = place().await;
    let paused = place.post("/instruments/gad7", &[("gad7-1", "2"), ("button", "pause")]).await;
    assert_eq!(paused.location(), "/instruments?done=pause");
    place.get("/instruments").await.says(&["not finished"]);
    place.get("/instruments/gad7").await.says(&["1 of 7 answered", "value=\"2\" checked"]);
    assert_eq!(place.get("/instruments/gad7/result").await.location(), "/instruments/gad7");
    let fields: Vec<(String, &str)> = (1..=7).map(|item| (format!("gad7-{item}"), "2")).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let sent = place.post("/instruments/gad7", &[&fields[..], &[("button", "finish")]].concat()).await;
    assert_eq!(sent.location(), "/instruments/gad7/result");
    assert_eq!(place.newest().await.kind().word(), "corrected");
    place.get("/instruments/gad7/result").await.says(&["14 of 21", "moderate", "not a diagnosis"]);
}

#[tokio::test]
async fn gaps_are_asked_about_and_never_filled_in() {
    let place = place().await;
    let gaps = place.post("/instruments/gad7", &[("gad7-1", "2"), ("button", "finish")]).await;
    assert_eq!(gaps.status.as_u16(), 422);
    gaps.says(&["Question 2 is not answered.", "href=\"#gad7-2\"", "value=\"leave-open\""]);
    place.post("/instruments/gad7", &[("gad7-1", "2"), ("button", "leave-open")]).await;
    place.get("/instruments/gad7/result").await.says(&["No score", "1 of 7 questions are answered"]);
}

#[tokio::test]
async fn fiqr_names_its_sets_and_its_gaps() {
    let place = place().await;
    place
        .get("/instruments/fiqr")
        .await
        .says(&["The text of the questions is not included", "0 of 21 answered"]);
    let mut fields: Vec<(String, String)> = Vec::new();
    for (stem, count) in [("function", 9), ("overall", 2), ("symptoms", 10)] {
        for item in 1..=count {
            // 45.5: the gap between the printed bands of the first set.
            let value = if stem == "symptoms" { if item == 10 { 1 } else { 10 } } else { 0 };
            fields.push((format!("{stem}-{item}"), value.to_string()));
        }
    }
    fields.push(("button".into(), "finish".into()));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    place.post("/instruments/fiqr", &fields).await;
    let page = place.get("/instruments/fiqr/result").await;
    page.says(&[
        "45.5 of 100",
        "Salaffi 2018",
        "Salaffi 2021",
        "moderate",
        "first upper limit that it does not pass",
    ]);
}

#[tokio::test]
async fn the_map_is_whole_or_says_nothing_and_other_pages_are_missing() {
    let place = place().await;
    let page = place.get("/instruments/acr2016").await;
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 20, "nineteen places, and that they are all");
    let gaps = place.post("/instruments/acr2016", &[("neck", "1"), ("button", "finish")]).await;
    gaps.says(&[
        "The map of the body is not called complete.",
        "id=\"neck\" name=\"neck\" value=\"1\" checked",
    ]);
    let sent = place
        .post(
            "/instruments/acr2016",
            &[
                ("neck", "1"),
                ("map", "yes"),
                ("fatigue", "3"),
                ("unrefreshed", "3"),
                ("cognition", "3"),
                ("headache", "1"),
                ("abdominal-pain", "0"),
                ("depression", "0"),
                ("three-months", "unknown"),
                ("button", "finish"),
            ],
        )
        .await;
    assert_eq!(sent.location(), "/instruments/acr2016/result");
    place.get("/instruments/acr2016/result").await.says(&[
        "do not meet the criteria",
        "1 of 19",
        "10 of 12",
        "1 of 5",
    ]);
    assert_eq!(place.get("/instruments/phq8").await.status.as_u16(), 404);
    assert_eq!(place.post("/instruments/pgic", &[("button", "finish")]).await.status.as_u16(), 422);
    place.post("/instruments/pgic", &[("pgic-1", "much-improved"), ("button", "finish")]).await;
    place.get("/instruments/pgic/result").await.says(&["Much better"]);
}
