//! Everything that a patient's pages do, done by a program: the same answers, the same refusals, with their places.

use serde_json::{Value, json};

use crate::journal::{TODAY, mg, plus, taken, titration};
use crate::routes::{Route, all};
use crate::support::{Page, Place, evening_of};

/// Pages that change something and have no twin, with the reason.
const ONLY_PAGES: [(&str, &str); 2] = [
    ("/invitation/", "opened once by a person in a browser, before there is an account that could ask"),
    ("/clinic", "of the clinic; the API is the patient's so far"),
];

#[track_caller]
fn read(page: &Page, status: u16) -> Value {
    assert_eq!(page.status.as_u16(), status, "{}", page.text);
    serde_json::from_str(&page.text).unwrap()
}

/// Returns the places that a problem names.
#[track_caller]
fn places(page: &Page) -> Vec<String> {
    assert_eq!(page.headers["content-type"], "application/problem+json", "{}", page.text);
    let problem = read(page, 422);
    assert_eq!((&problem["type"], &problem["status"]), (&json!("/api/problems/invalid"), &json!(422)));
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["at"].as_str().unwrap().to_owned()).collect()
}

async fn on_ldn() -> Place {
    let mut place = Place::patient().await;
    place.born(1980).await;
    place.signed(plus(TODAY, -3), titration(plus(TODAY, -3))).await;
    place.write_all(taken(plus(TODAY, -3), 3, mg("1.5"))).await;
    place
}

#[test]
fn every_page_that_changes_something_has_a_twin_for_programs() {
    let routes = all();
    let has = |template: &str| routes.contains(&Route { method: "POST", template: template.to_owned() });
    let mut twins = 0;
    for page in routes.iter().filter(|route| route.method == "POST" && !route.template.starts_with("/api/")) {
        let own = [format!("/api{}", page.template), format!("/api/courses/{{course}}{}", page.template)];
        let reason = ONLY_PAGES.iter().find(|(prefix, _)| page.template.starts_with(prefix));
        match (own.iter().find(|twin| has(twin)), reason) {
            (Some(twin), _) => {
                println!("{:24} {twin}", page.template);
                twins += 1;
            }
            (None, Some((_, reason))) => println!("{:24} none: {reason}", page.template),
            (None, None) => panic!("{}: neither {} nor {}", page.template, own[0], own[1]),
        }
    }
    assert!(twins >= 17, "{twins} twins");
}

#[tokio::test]
async fn a_program_goes_from_no_course_to_a_plan_and_a_diary() {
    let place = Place::patient().await;
    let begun = read(&place.send_json("/start", &json!({ "birth_year": 1980 })).await, 201);
    assert_eq!(begun["course"], place.course.to_string());
    let again = read(&place.send_json("/start", &json!({ "birth_year": 1950 })).await, 409);
    assert_eq!(again["type"], "/api/problems/closed");

    let schedules = place.get(&format!("/api/courses/{}/plan/enter", place.course)).await;
    let schedules = read(&schedules, 200);
    let common = schedules["schedules"].as_array().unwrap().iter();
    let common = common.clone().find(|schedule| schedule["protocol"] == "T01").unwrap();
    assert_eq!(common["steps"][0], json!({ "dose": "1.5 mg", "days": 7 }));

    let plan =
        json!({ "start": TODAY.to_string(), "at": "bedtime", "protocol": "T01", "steps": common["steps"] });
    let before = place.kinds().await.len();
    let shown = read(&place.send_json("/{course}/plan/preview", &plan).await, 200);
    assert_eq!((&shown["recorded"], &shown["cautions"]), (&json!(false), &json!([])));
    assert_eq!(place.kinds().await.len(), before, "a preview records nothing");
    let entered = read(&place.send_json("/{course}/plan/enter", &plan).await, 201);
    assert_eq!((&entered["recorded"], &entered["plan"]), (&json!(true), &shown["plan"]));
    place.get("/plan").await.says(&["1.5 mg"]);

    let saved = read(
        &place.send_json("/{course}/today", &json!({ "what": "score", "measure": "pain", "value": 7 })).await,
        201,
    );
    let taken = json!({ "what": "dose", "place": 0, "answer": "yes" });
    read(&place.send_json("/{course}/today", &taken).await, 201);
    let today = read(&place.get("/api/today").await, 200);
    let day = &today["days"][&TODAY.to_string()];
    assert_eq!(day["scores"]["pain"]["value"], 7.0);
    assert_eq!(day["reports"].as_array().unwrap().len(), 1);
    assert_eq!(today["token"], place.form_token());
    let undo = json!({ "what": "undo", "entry": saved["entry"] });
    read(&place.send_json("/{course}/today", &undo).await, 201);
    let today = read(&place.get("/api/today").await, 200);
    assert!(today["days"][&TODAY.to_string()]["scores"].get("pain").is_none());
}

#[tokio::test]
async fn a_dose_above_the_usual_is_confirmed_and_one_far_above_is_refused() {
    let place = Place::patient().await;
    place.send_json("/start", &json!({ "birth_year": 1980 })).await;
    let plan = |dose: &str, confirmed: bool| json!({ "start": TODAY.to_string(), "at": "bedtime", "confirmed": confirmed, "steps": [{ "dose": dose }] });
    let shown = read(&place.send_json("/{course}/plan/preview", &plan("9 mg", false)).await, 200);
    assert_eq!(shown["cautions"][0]["rule"], "UN-03");
    assert_eq!(places(&place.send_json("/{course}/plan/enter", &plan("9 mg", false)).await), ["confirmed"]);
    read(&place.send_json("/{course}/plan/enter", &plan("9 mg", true)).await, 201);
    let far = place.send_json("/{course}/plan/enter", &plan("50 mg", true)).await;
    assert_eq!(places(&far), ["steps[0].dose"]);
}

#[tokio::test]
async fn an_opioid_stops_at_once_and_striking_it_out_ends_it() {
    let place = on_ldn().await;
    let medicine = json!({ "name": "Ultram 50 mg", "use": "as-needed" });
    let sent = read(&place.send_json("/{course}/events/medicine", &medicine).await, 201);
    let held = &sent["screening"]["held"];
    let reasons = held["reasons"].as_array().unwrap();
    let stops = reasons.iter().find(|reason| reason["rule"] == "OP-22").unwrap();
    assert_eq!((&held["emergency"], &stops["danger"]), (&json!(false), &json!("opioid")));
    let calendar = place.get(&format!("/api/courses/{}/plan/calendar.ics", place.course)).await;
    assert_eq!(read(&calendar, 409)["type"], "/api/problems/closed");
    let events = read(&place.get(&format!("/api/courses/{}/events", place.course)).await, 200);
    assert_eq!(events["events"][0]["what"]["medicine"]["name"], "Ultram 50 mg");
    assert_eq!(events["screening"], sent["screening"]);
    let strike = json!({ "entry": events["events"][0]["entry"] });
    let struck = read(&place.send_json("/{course}/events/strike", &strike).await, 201);
    assert_eq!(struck["screening"]["held"], Value::Null);
    let calendar = place.get(&format!("/api/courses/{}/plan/calendar.ics?titles=plain", place.course)).await;
    assert_eq!(calendar.headers["content-type"], "text/calendar; charset=utf-8");
    calendar.says(&["BEGIN:VCALENDAR"]);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_asked_about_with_offers() {
    let place = on_ldn().await;
    let before = place.kinds().await.len();
    let near =
        place.send_json("/{course}/events/medicine", &json!({ "name": "sertralin", "use": "daily" })).await;
    assert_eq!(places(&near), ["meant"]);
    let problem = read(&near, 422);
    let offers = problem["errors"][0]["offers"].as_array().unwrap();
    assert_eq!(offers[0]["name"], "sertraline");
    assert_eq!(offers.last().unwrap()["value"], "as-written");
    assert_eq!(place.kinds().await.len(), before);
    let answered = json!({ "name": "sertralin", "use": "daily", "meant": offers[0]["value"] });
    read(&place.send_json("/{course}/events/medicine", &answered).await, 201);
    assert_eq!(place.kinds().await.len(), before + 1);
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named_with_its_place() {
    let place = Place::patient().await;
    place.send_json("/start", &json!({ "birth_year": 1980 })).await;
    let before = place.kinds().await.len();
    let plan = json!({ "start": "1900-01-01", "at": "noon", "steps": [{ "dose": "1.5", "days": 7 }, { "dose": "3 mg", "days": 0 }] });
    for (path, body, expected) in [
        ("/{course}/plan/enter", plan, vec!["at", "start", "steps[0].dose", "steps[1].days"]),
        ("/{course}/plan/enter", json!({ "start": "1900-01-01", "at": "x", "steps": [] }), vec!["steps"]),
        ("/{course}/plan/enter", json!({ "start": "soon", "at": "bedtime", "steps": [] }), vec!["start"]),
        (
            "/{course}/events/medicine",
            json!({ "name": "", "use": "x", "last": "2030-01-01" }),
            vec!["name", "last", "use"],
        ),
        (
            "/{course}/events/procedure",
            json!({ "name": "x", "when": "day", "opioids": "" }),
            vec!["on", "opioids"],
        ),
        ("/{course}/events/pregnancy", json!({ "state": "maybe" }), vec!["state"]),
        ("/{course}/events/infection", json!({ "name": "flu", "since": "2030-01-01" }), vec!["since"]),
        ("/{course}/events/strike", json!({ "entry": "x" }), vec!["entry"]),
        (
            "/{course}/labs",
            json!({ "test": "alt", "value": "38,5", "unit": "mg" }),
            vec!["value", "unit", "limit", "on"],
        ),
        (
            "/{course}/instruments/phq9",
            json!({ "answers": { "phq9-1": "4", "x": "1" } }),
            vec!["answers.phq9-1", "answers.x"],
        ),
        ("/{course}/today", json!({ "what": "score", "measure": "luck" }), vec!["measure"]),
        ("/{course}/today", json!({ "what": "score", "measure": "pain", "value": 11 }), vec!["value"]),
        ("/{course}/today", json!({ "what": "score", "color": "red" }), vec!["color"]),
        ("/{course}/data/erase", json!({ "name": "Anna" }), vec!["name"]),
        ("/start", json!({ "birth_year": 1800 }), vec!["birth_year"]),
        ("/look", json!({ "theme": "pink", "language": "en" }), vec!["theme"]),
        ("/prove", json!({ "password": "wrong" }), vec!["password"]),
        ("/sign-in", json!({ "name": "ana", "password": "wrong" }), vec!["password"]),
    ] {
        assert_eq!(places(&place.send_json(path, &body).await), expected, "{path} {body}");
    }
    assert_eq!(place.kinds().await.len(), before, "nothing was recorded");
}

#[tokio::test]
async fn questionnaires_are_defined_scored_and_kept() {
    let place = on_ldn().await;
    let base = format!("/api/courses/{}/instruments", place.course);
    let listed = read(&place.get(&base).await, 200);
    assert_eq!(listed["instruments"].as_array().unwrap().len(), 5);
    let gad7 = read(&place.get(&format!("{base}/gad7")).await, 200);
    let questions = gad7["questions"].as_array().unwrap();
    assert_eq!((questions.len(), questions[0]["options"].as_array().unwrap().len()), (7, 4));
    let acr = read(&place.get(&format!("{base}/acr2016")).await, 200);
    assert_eq!(acr["questions"].as_array().unwrap().len(), 19 + 7);
    let answers: Value =
        (1..=7).map(|item| (format!("gad7-{item}"), json!("2"))).collect::<serde_json::Map<_, _>>().into();
    let before = place.kinds().await.len();
    let scored = place.send_json("/{course}/instruments/gad7/score", &json!({ "answers": answers })).await;
    assert_eq!(read(&scored, 200)["score"], json!({ "total": 14, "band": "moderate" }));
    assert_eq!(place.kinds().await.len(), before, "scoring keeps nothing");
    let missing = place.get(&format!("{base}/gad7/result")).await;
    assert_eq!(missing.status.as_u16(), 404);
    let gap = place.send_json("/{course}/instruments/gad7", &json!({ "answers": { "gad7-1": "0" } })).await;
    assert_eq!(places(&gap).len(), 6);
    let kept =
        read(&place.send_json("/{course}/instruments/gad7", &json!({ "answers": answers })).await, 201);
    assert_eq!((&kept["kept"], &kept["score"]["total"]), (&json!("finished"), &json!(14)));
    let result = read(&place.get(&format!("{base}/gad7/result")).await, 200);
    assert_eq!((&result["day"], &result["score"]), (&json!(TODAY.to_string()), &kept["score"]));
    let map = json!({ "answers": { "neck": "1", "jaw-left": "0" }, "map": true, "button": "pause" });
    assert_eq!(read(&place.send_json("/{course}/instruments/acr2016", &map).await, 201)["kept"], "paused");
}

#[tokio::test]
async fn thoughts_of_self_harm_come_before_every_gap() {
    let place = on_ldn().await;
    let sent = place.send_json("/{course}/instruments/phq9", &json!({ "answers": { "phq9-9": "1" } })).await;
    let kept = read(&sent, 201);
    assert_eq!((&kept["kept"], &kept["self_harm"]), (&json!("self-harm"), &json!("/danger/en/self-harm")));
}

#[tokio::test]
async fn results_charts_and_papers_are_data() {
    let place = on_ldn().await;
    let course = format!("/api/courses/{}", place.course);
    let lab = json!({ "test": "tsh", "value": "2.0", "unit": "mU/L", "limit": "4", "on": TODAY.to_string() });
    read(&place.send_json("/{course}/labs", &lab).await, 201);
    let labs = read(&place.get(&format!("{course}/labs")).await, 200);
    assert_eq!(labs["results"][0]["lab"]["test"], "TSH");
    let score = json!({ "what": "score", "measure": "sleep", "value": 4 });
    place.send_json("/{course}/today", &score).await;
    let chart = read(&place.get(&format!("{course}/charts?measure=sleep&weeks=4")).await, 200);
    assert_eq!(chart["days"].as_array().unwrap().last().unwrap()["score"], 4.0);
    assert!(chart["svg"].as_str().unwrap().starts_with("<svg"));
    let empty = read(&place.get(&format!("{course}/charts")).await, 200);
    assert_eq!((&empty["measure"], &empty["days"]), (&json!("pain"), &json!([])));
    assert_eq!(places(&place.get(&format!("{course}/charts?weeks=5")).await), ["weeks"]);
    let card = read(&place.get(&format!("{course}/card")).await, 200);
    assert!(card["facts"].to_string().contains("Ana Prieto"), "{card}");
    let text = place.get(&format!("{course}/card.txt")).await;
    assert_eq!(text.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(text.text, place.get("/card.txt").await.text, "the same paper as the page's");
    let operation = plus(TODAY, 30);
    let letter = json!({ "operation": operation.to_string() });
    assert!(
        !read(&place.send_json("/{course}/letter", &letter).await, 200)["sections"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let text = place.send_json("/{course}/letter.txt", &letter).await;
    let (day, month) = (operation.day().to_string(), operation.month().to_string());
    let form = [("operation_day", day.as_str()), ("operation_month", &month), ("operation_year", "2026")];
    assert_eq!(text.text, place.post("/letter.txt", &form).await.text);
    let past = json!({ "operation": "2020-01-01" });
    assert_eq!(places(&place.send_json("/{course}/letter", &past).await), ["operation"]);
}

#[tokio::test]
async fn what_is_missing_for_a_paper_is_said() {
    let place = Place::patient().await;
    let card = place.get(&format!("/api/courses/{}/card", place.course)).await;
    assert_eq!(read(&card, 409)["type"], "/api/problems/closed");
    let letter = place.send_json("/{course}/letter", &json!({ "operation": "2026-07-01" })).await;
    assert_eq!(letter.status.as_u16(), 409);
}

#[tokio::test]
async fn a_program_signs_in_lists_its_sessions_and_leaves() {
    let place = Place::patient().await;
    let sign_in = json!({ "name": "ana", "password": "four quiet words together" });
    let opened = place.send_json("/sign-in", &sign_in).await;
    let body = read(&opened, 200);
    assert_eq!(body["role"], "patient");
    assert_ne!(body["form_token"], place.form_token(), "each session has its own");
    let cookie = opened.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-session=") && cookie.contains("HttpOnly"), "{cookie}");
    let sessions = read(&place.get("/api/sessions").await, 200);
    let sessions = sessions["sessions"].as_array().unwrap();
    let current = sessions.iter().filter(|session| session["current"] == true).count();
    assert_eq!((sessions.len(), current), (2, 1));
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let ended = place.send_json("/sessions", &json!({ "session": other["session"] })).await;
    assert_eq!(ended.status.as_u16(), 204);
    assert_eq!(read(&place.get("/api/sessions").await, 200)["sessions"].as_array().unwrap().len(), 1);
    let left = place.send_json("/sign-out", &json!({})).await;
    assert_eq!(
        (left.status.as_u16(), &left.headers["clear-site-data"]),
        (204, &"\"cache\", \"storage\"".parse().unwrap())
    );
    assert_eq!(place.get("/api/session").await.status.as_u16(), 401);
}

#[tokio::test]
async fn export_and_erasure_ask_programs_for_the_same_proof() {
    let mut place = on_ldn().await;
    place.write_all(taken(TODAY, 1, mg("1.5"))).await;
    evening_of(plus(TODAY, 1));
    let data = format!("/api/courses/{}/data", place.course);
    for file in ["journal.jsonl", "diary.csv", "trail.jsonl"] {
        let refused = place.get(&format!("{data}/{file}")).await;
        assert_eq!(read(&refused, 403)["type"], "/api/problems/stale-proof", "{file}");
    }
    let refused = place.send_json("/{course}/data/erase", &json!({ "name": "Ana Prieto" })).await;
    assert_eq!(read(&refused, 403)["type"], "/api/problems/stale-proof");
    let proof = json!({ "password": "four quiet words together" });
    assert_eq!(place.send_json("/prove", &proof).await.status.as_u16(), 204);
    for file in ["journal.jsonl", "diary.csv"] {
        let taken = place.get(&format!("{data}/{file}")).await;
        assert_eq!(
            taken.text,
            place.get(&format!("/data/{file}")).await.text,
            "{file}: the same as the page's"
        );
    }
    assert_eq!(place.get(&format!("{data}/trail.jsonl")).await.status.as_u16(), 200);
    let erased = place.send_json("/{course}/data/erase", &json!({ "name": "ana prieto" })).await;
    assert_eq!(read(&erased, 200)["course"], place.course.to_string());
    assert!(erased.headers.contains_key("clear-site-data"));
    assert!(place.store.entries(place.course).await.is_err(), "the key is destroyed");
}

#[tokio::test]
async fn language_and_theme_are_kept_and_problems_speak_the_language() {
    let place = Place::patient().await;
    let kept = place.send_json("/look", &json!({ "theme": "dim", "language": "es" })).await;
    let cookies: Vec<&str> =
        kept.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies[0].starts_with("theme=dim;") && cookies[1].starts_with("language=es;"), "{cookies:?}");
    assert!(
        cookies.iter().all(|cookie| cookie.contains("; Secure;") && cookie.contains("; HttpOnly")),
        "{cookies:?}"
    );
    let look = read(&place.get_in("es", "/api/look").await, 200);
    assert_eq!((&look["theme"], &look["language"]), (&json!("auto"), &json!("es")));
    assert_eq!(look["languages"], json!(["en", "es"]));
}

#[tokio::test]
async fn every_kind_of_problem_is_described_where_its_type_points() {
    let place = Place::patient().await;
    for refused in ["/api/session", "/api/nothing", "/api/courses/%FF"] {
        let problem: Value = serde_json::from_str(&place.get_as_stranger(refused).await.text).unwrap();
        let kind = read(&place.get_as_stranger(problem["type"].as_str().unwrap()).await, 200);
        assert_eq!((&kind["title"], &kind["status"]), (&problem["title"], &problem["status"]), "{refused}");
    }
    assert_eq!(place.get_as_stranger("/api/problems/none").await.status.as_u16(), 404);
}

#[tokio::test]
async fn without_a_course_today_is_missing_and_sends_nobody_to_a_page() {
    let place = Place::patient().await;
    let person = crate::people::others(&place.store).await;
    let prescriber = person.iter().find(|person| person.role == ldn_core::journal::Role::Prescriber).unwrap();
    let request = axum::http::Request::get("/api/today").header("cookie", prescriber.cookies());
    let page = place.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(page.status.is_client_error(), "{}", page.status);
}

/// One block of the guide: a request, and what its answer holds.
struct Step<'a> {
    method: &'a str,
    path: &'a str,
    body: &'a str,
    status: u16,
    holds: Vec<&'a str>,
}

fn steps(guide: &str) -> Vec<Step<'_>> {
    let blocks = guide.split("```http\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let step = |block| {
        let (request, answer): (&str, &str) = str::split_once(block, "\n\n").unwrap();
        let (first, body) = request.split_once('\n').unwrap_or((request, ""));
        let (method, path) = first.split_once(' ').unwrap();
        let answers = answer.lines().map(|line| line.split_once(' ').unwrap());
        let status = answers.clone().next().unwrap().0.parse().unwrap();
        Step { method, path, body, status, holds: answers.map(|(_, holds)| holds).collect() }
    };
    blocks.map(step).collect()
}

#[tokio::test]
async fn the_worked_example_of_the_guide_works() {
    let place = Place::patient().await;
    let guide = include_str!("../../../../docs/api.md");
    let steps = steps(guide);
    assert!(steps.len() >= 10, "{} steps", steps.len());
    for Step { method, path, body, status, holds } in steps {
        let page = match method {
            "GET" => place.get(&path.replace("{course}", &place.course.to_string())).await,
            _ => {
                let body = serde_json::from_str(body).unwrap();
                let path = path.trim_start_matches("/api").replace("courses/{course}", "{course}");
                place.send_json(&path, &body).await
            }
        };
        assert_eq!(page.status.as_u16(), status, "{method} {path}: {}", page.text);
        page.says(&holds);
    }
}
