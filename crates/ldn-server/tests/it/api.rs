//! The JSON of a course, its description, and what is counted.

use std::path::Path;

use axum::body::{Body as Bytes, to_bytes};
use axum::http::{Request, header};
use jiff::Timestamp;
use ldn_core::Measure;
use ldn_core::journal::{Body, Note, Role};
use ldn_server::{Settings, Site, metrics, router};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::journal::{TODAY, instant_on, mg, plus, responder, scores, taken, titration};
use crate::support::Place;

async fn json_at(place: &Place, path: &str) -> Value {
    let page = place.get(path).await;
    assert_eq!(page.status.as_u16(), 200, "{path}: {}", page.text);
    assert_eq!(page.headers["content-type"], "application/json", "{path}");
    serde_json::from_str(&page.text).unwrap()
}

#[tokio::test]
async fn a_course_is_listed_and_says_what_it_is_now() {
    let mut place = Place::patient().await;
    let course = place.course.to_string();
    assert_eq!(
        json_at(&place, "/api/courses").await,
        json!({ "courses": [{ "course": course, "entries": 0 }] })
    );
    let empty = json_at(&place, &format!("/api/courses/{course}")).await;
    assert_eq!((&empty["plan"], &empty["today"]["says"]), (&Value::Null, &json!("nothing")));
    place.born(1980).await;
    place.signed(plus(TODAY, -8), titration(plus(TODAY, -8))).await;
    place.write_all(scores(Measure::Pain, plus(TODAY, -3), &[Some(7), Some(6), None])).await;
    place.write_all(scores(Measure::Sleep, plus(TODAY, -2), &[Some(4)])).await;
    let state = json_at(&place, &format!("/api/courses/{course}")).await;
    assert_eq!(state["blinded"], json!(false));
    assert_eq!(state["today"]["says"], "take");
    assert_eq!(state["today"]["day"], TODAY.to_string());
    assert_eq!(state["today"]["take"], json!([{ "at": "bedtime", "dose_mg": 3.0 }]));
    assert_eq!(state["today"]["lines"], json!(["Tonight: 3 mg"]));
    assert_eq!((&state["plan"]["version"], &state["plan"]["signed"]), (&json!(1), &json!(true)));
    assert_eq!(
        state["scores"],
        json!([
            { "measure": "pain", "day": plus(TODAY, -2).to_string(), "score": 6.0 },
            { "measure": "sleep", "day": plus(TODAY, -2).to_string(), "score": 4.0 },
        ])
    );
    let plan = json_at(&place, &format!("/api/courses/{course}/plan")).await;
    assert_eq!((&plan["signed"], &plan["plan"]["id"]), (&json!(true), &state["plan"]["id"]));
    assert_eq!(plan["plan"]["steps"][0]["dose_mg"], json!(1.5));
}

#[tokio::test]
async fn a_journal_is_read_on_from_a_place() {
    let mut place = Place::patient().await;
    place.write_all(taken(plus(TODAY, -3), 3, mg("1.5"))).await;
    place.write(Role::Patient, TODAY, Body::Note(Note { text: "slept".to_owned() })).await;
    let path = format!("/api/courses/{}/entries", place.course);
    let all = json_at(&place, &path).await;
    let places: Vec<u64> =
        all["entries"].as_array().unwrap().iter().map(|e| e["seq"].as_u64().unwrap()).collect();
    assert_eq!((places, &all["more"]), (vec![1, 2, 3, 4], &json!(false)));
    let rest = json_at(&place, &format!("{path}?since=3")).await;
    assert_eq!(rest["entries"].as_array().unwrap().len(), 1);
    assert_eq!(rest["entries"][0], all["entries"][3]);
    let stored = place.store.entries(place.course).await.unwrap().pop().unwrap();
    assert_eq!(rest["entries"][0]["hash"], stored.link.hash.to_string());
    let entry: Value = serde_json::from_slice(stored.entry.as_bytes()).unwrap();
    assert_eq!(rest["entries"][0]["entry"], entry);
    assert_eq!(json_at(&place, &format!("{path}?since=4")).await["entries"], json!([]));
    for wrong in ["since=-1", "since=x", "since=1&until=2"] {
        let page = place.get(&format!("{path}?{wrong}")).await;
        assert_eq!(page.status.as_u16(), 422, "{wrong}");
        page.says(&["\"at\":\"since\""]);
    }
}

#[tokio::test]
async fn the_diary_and_its_verdict_are_those_of_the_command() {
    let mut place = Place::patient().await;
    let base = format!("/api/courses/{}", place.course);
    assert_eq!(json_at(&place, &format!("{base}/diary")).await, json!({ "rows": [] }));
    assert_eq!(
        json_at(&place, &format!("{base}/verdict")).await,
        json!({ "cannot_tell": "no-scores", "measure": "pain" })
    );
    place.write_all(responder(70)).await;
    let diary = json_at(&place, &format!("{base}/diary")).await;
    let rows = diary["rows"].as_array().unwrap();
    let last = rows.last().unwrap();
    assert_eq!(
        (&last["date"], &last["dose_mg"], &last["capsule"]),
        (&json!(TODAY.to_string()), &json!(4.5), &json!(true))
    );
    assert_eq!(rows[0]["dose_mg"], Value::Null, "before a plan nobody was asked about a dose");
    let verdict = json_at(&place, &format!("{base}/verdict?measure=pain")).await;
    assert_eq!((&verdict["schema"], &verdict["measure"]), (&json!(1), &json!("pain")));
    assert!(verdict["quantities"]["total"].is_object(), "{verdict}");
    let shown = place.newest().await;
    let Body::VerdictShown(shown) = shown.body() else { panic!("the patient knows it now: {shown:?}") };
    let mut recorded: Value = serde_json::from_str(&shown.document).unwrap();
    for for_prescriber in ["action", "regret", "text"] {
        assert!(verdict.get(for_prescriber).is_none(), "{for_prescriber} is for a prescriber");
        assert!(recorded.as_object_mut().unwrap().remove(for_prescriber).is_some(), "{for_prescriber}");
    }
    assert_eq!(recorded, verdict);
    let page = place.get(&format!("{base}/verdict?measure=luck")).await;
    assert_eq!(page.status.as_u16(), 422);
    page.says(&["one of pain", "\"at\":\"measure\""]);
}

#[tokio::test]
async fn while_a_trial_is_blinded_nothing_depends_on_its_arm() {
    let mut place = Place::patient().await;
    let base = format!("/api/courses/{}", place.course);
    place.signed(plus(TODAY, -69), titration(plus(TODAY, -69))).await;
    place.blinded(plus(TODAY, -69)).await;
    place.write_all(responder(70)).await;
    assert_eq!(json_at(&place, &format!("{base}/verdict")).await, json!({ "recording": true }));
    let state = json_at(&place, &base).await;
    assert_eq!((&state["blinded"], &state["today"]["take"]), (&json!(true), &json!([])));
    assert!(["kit", "ask"].contains(&state["today"]["says"].as_str().unwrap()), "{state}");
    let plan = json_at(&place, &format!("{base}/plan")).await;
    assert!(!plan.to_string().contains("dose_mg") && !plan.to_string().contains(" mg"), "{plan}");
    let diary = json_at(&place, &format!("{base}/diary")).await;
    let sealed = diary["rows"].as_array().unwrap().iter().filter(|row| row["blind"] == json!(true));
    assert!(sealed.clone().count() > 60);
    assert!(sealed.clone().all(|row| row["dose_mg"].is_null()), "{diary}");
    assert!(place.kinds().await.iter().all(|kind| kind != "verdict-shown"));
}

#[tokio::test]
async fn a_session_names_itself_and_its_token_sends_entries() {
    let place = Place::patient().await;
    let session = json_at(&place, "/api/session").await;
    assert_eq!((&session["role"], &session["proved"]), (&json!("patient"), &json!(true)));
    assert_eq!(session["account"], place.account.to_string());
    assert_eq!(session["form_token"], place.form_token());
    let stranger = place.get_as_stranger("/api/session").await;
    assert_eq!(stranger.status.as_u16(), 401);
    stranger.says(&["\"type\":\"/api/problems/sign-in\""]);
    assert_eq!(stranger.headers["content-type"], "application/problem+json");
}

/// `LDN_WRITE_OPENAPI=1` writes the file instead of comparing it.
#[test]
fn the_committed_description_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let document = ldn_server::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("LDN_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed, document,
        "docs/openapi.json is not of this code: LDN_WRITE_OPENAPI=1 cargo nextest run -p ldn-server committed_description"
    );
}

#[tokio::test]
async fn the_description_is_served_to_everybody() {
    let place = Place::patient().await;
    let page = place.get_as_stranger("/api/openapi.json").await;
    assert_eq!(page.status.as_u16(), 200);
    let document: Value = serde_json::from_str(&page.text).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    assert_eq!(document, serde_json::to_value(ldn_server::openapi()).unwrap());
}

#[tokio::test]
async fn counted_is_the_template_and_never_the_address() {
    let place = Place::patient().await;
    let clock: fn() -> Timestamp = || instant_on(TODAY);
    let settings = Settings { clock, sample: false, origin: "http://localhost:8080".to_owned() };
    let site = Site::new(place.store.clone(), settings);
    let (pages, counted) = (router(site.clone()), metrics::router(site));
    let course = place.course.to_string();
    for path in
        [format!("/api/courses/{course}"), "/plan".to_owned(), "/nothing".to_owned(), "/plan".to_owned()]
    {
        let request =
            Request::get(path).header(header::COOKIE, place.cookies()).body(Bytes::empty()).unwrap();
        pages.clone().oneshot(request).await.unwrap();
    }
    let form = format!("form_token={}&birth_year=1980", place.form_token());
    let request = Request::post("/start")
        .header(header::COOKIE, place.cookies())
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    pages.clone().oneshot(request.body(Bytes::from(form)).unwrap()).await.unwrap();
    let response = counted.oneshot(Request::get("/metrics").body(Bytes::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    for line in [
        "ldn_requests_total{route=\"/api/courses/{course}\",method=\"GET\",status=\"2xx\"} 1",
        "ldn_requests_total{route=\"/plan\",method=\"GET\",status=\"2xx\"} 2",
        "ldn_requests_total{route=\"unmatched\",method=\"GET\",status=\"4xx\"} 1",
        "ldn_requests_total{route=\"/start\",method=\"POST\",status=\"3xx\"} 1",
        "ldn_answer_seconds_count 5",
        "ldn_errors_total 0",
    ] {
        assert!(text.lines().any(|found| found == line), "no {line:?} in\n{text}");
    }
    for personal in [course.as_str(), &place.account.to_string(), "Ana", "/nothing"] {
        assert!(!text.contains(personal), "{personal:?} in\n{text}");
    }
    assert_eq!(place.get("/metrics").await.status.as_u16(), 404, "not where the pages are");
}

/// Two types of one name would be one in the document, and the other one's answers would be described by it.
#[test]
fn no_two_types_of_the_description_have_one_name() {
    let mut names = Vec::new();
    for source in crate::routes::sources() {
        for piece in source.split("ToSchema)]\n").skip(1) {
            let declared = piece.lines().find(|line| !line.starts_with("#[")).unwrap();
            let mut words =
                declared.split([' ', '<', '(']).skip_while(|word| *word != "struct" && *word != "enum");
            names.push(words.nth(1).unwrap().to_owned());
        }
    }
    assert!(names.len() > 60, "{} types: some are not seen", names.len());
    names.sort();
    let twice: Vec<&String> =
        names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
