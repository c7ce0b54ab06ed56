//! What must hold of every address: nobody gets what is another's, no other site changes anything, and every answer
//! carries its headers.

use std::collections::BTreeSet;

use axum::body::Body as Bytes;
use axum::http::{Method, Request, header};
use ldn_core::journal::{Body, Note, Role};
use ldn_server::headers::CONTENT_SECURITY_POLICY;

use crate::journal::{TODAY, mg, plus, responder, taken, titration};
use crate::people::{Person, others};
use crate::routes::{Names, Route, all};
use crate::support::{Page, Place};

/// Every method that means something to somebody, asked of every address.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Stands in Ana's journal and nowhere else.
const SECRET: &str = "a-word-that-only-Ana-wrote";

/// Who must not see it.
struct Asker<'a> {
    name: &'static str,
    person: Option<&'a Person>,
}

async fn place() -> Place {
    let mut place = Place::patient().await;
    place.born(1980).await;
    place.signed(plus(TODAY, -3), titration(plus(TODAY, -3))).await;
    place.write_all(taken(plus(TODAY, -3), 3, mg("1.5"))).await;
    place.write(Role::Patient, TODAY, Body::Note(Note { text: SECRET.to_owned() })).await;
    place
}

/// Asks as a browser would that has a page of ours open.
async fn ask(place: &Place, asker: &Asker<'_>, route: &Route, path: &str) -> Page {
    let token = asker.person.map(Person::form_token).unwrap_or_default();
    let mut request =
        Request::builder().method(route.method).uri(path).header("sec-fetch-site", "same-origin");
    if let Some(person) = asker.person {
        request = request.header(header::COOKIE, person.cookies()).header("x-form-token", &token);
    }
    place.send(with_body(request, route, &token)).await
}

/// Fills a request with what its form asks for, as far as it is the same for all.
fn with_body(request: axum::http::request::Builder, route: &Route, token: &str) -> Request<Bytes> {
    let (kind, body) = match route.method {
        "POST" if route.is_change_by_program() => ("application/json", route.body().to_owned()),
        "POST" => (
            "application/x-www-form-urlencoded",
            format!(
                "form_token={token}&name=x&use=daily&state=pregnant&birth_year=1980&return_to=%2F&theme=dark\
                 &language=en&password=x&measure=pain&what=score&answer=3&entry=x&button=save&session=x"
            ),
        ),
        _ => return request.body(Bytes::empty()).unwrap(),
    };
    request.header(header::CONTENT_TYPE, kind).body(Bytes::from(body)).unwrap()
}

#[test]
fn the_list_of_addresses_is_the_whole_application() {
    let routes = all();
    let has = |method, template: &str| routes.contains(&Route { method, template: template.to_owned() });
    for (method, template) in [
        ("GET", "/today"),
        ("POST", "/today"),
        ("POST", "/data/erase"),
        ("POST", "/letter.txt"),
        ("POST", "/sign-out"),
        ("GET", "/api/today"),
        ("GET", "/api/courses/{course}/verdict"),
        ("POST", "/api/courses/{course}/entries"),
        ("GET", "/offline"),
    ] {
        assert!(has(method, template), "{method} {template}");
    }
    assert!(routes.len() >= 60, "{} addresses: some are not seen", routes.len());
}

#[tokio::test]
async fn nobody_gets_or_changes_what_is_anothers() {
    let place = place().await;
    let people = others(&place.store).await;
    let mut askers = vec![Asker { name: "stranger", person: None }];
    askers.extend(people.iter().map(|person| Asker { name: person.role.word(), person: Some(person) }));
    let before = place.kinds().await;
    let own = place.course.to_string();
    let (mut asked, mut successes) = (0, Vec::new());
    let routes = all();
    let templates: BTreeSet<&str> = routes.iter().map(|route| route.template.as_str()).collect();
    for (template, method) in templates.iter().flat_map(|template| METHODS.map(|method| (template, method))) {
        let route = Route { method, template: (*template).to_owned() };
        // Ends the session with which it is asked.
        if route.signs_out() {
            continue;
        }
        for asker in &askers {
            let page = ask(&place, asker, &route, &route.path(&Names { course: &own })).await;
            asked += 1;
            let is_patient = asker.person.is_some_and(|person| person.role == Role::Patient);
            let is_free = route.is_public()
                || (asker.person.is_some() && route.is_of_every_role())
                || (is_patient && !route.names_a_course())
                || asker.person.is_some_and(|person| route.is_home_of(person.role));
            let leads_out = page.location().starts_with("/sign-in") || page.location().starts_with("/prove");
            let refused = page.status.is_client_error() || (page.status.is_redirection() && leads_out);
            let leaks = [SECRET, "Ana Prieto"].iter().any(|secret| page.text.contains(secret));
            assert!(!page.status.is_server_error(), "{} {route:?}: {}", asker.name, page.status);
            if leaks || !(is_free || refused) {
                successes
                    .push(format!("{} {} {}: {}", asker.name, route.method, route.template, page.status));
            }
        }
    }
    println!(
        "{asked} requests of {} askers to {} addresses with {} methods: {} successes",
        askers.len(),
        templates.len(),
        METHODS.len(),
        successes.len()
    );
    assert_eq!(successes, [""; 0]);
    assert!(asked > 2_000, "only {asked} requests");
    assert_eq!(place.kinds().await, before, "nothing was written");
    assert!(place.get("/today").await.status.is_success(), "nobody ended Ana's session");
}

/// Without this, the test before could pass because nobody at all is let in.
#[tokio::test]
async fn what_others_are_refused_is_given_to_the_patient_herself() {
    let place = place().await;
    let own = place.course.to_string();
    let struck = place.newest().await.id().to_string();
    let mut given = 0;
    // Signed by a prescriber, begun, never answered, erased, left: these have tests of their own.
    let others =
        ["/plan/enter", "/plan/preview", "/start", "/result", "/data/erase", "/sign-in", "/sign-out"];
    let is_asked = |route: &&Route| {
        let is_other = others.iter().any(|end| route.template.ends_with(end));
        route.template.starts_with("/api/") && !is_other
    };
    for route in all().iter().filter(is_asked) {
        let request = signed(&place, route, &route.path(&Names { course: &own }));
        let request =
            request.header("sec-fetch-site", "same-origin").header("x-form-token", place.form_token());
        let body =
            if route.method == "POST" { route.body().replace("ENTRY", &struck) } else { String::new() };
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let page = place.send(request.body(Bytes::from(body)).unwrap()).await;
        assert!(page.status.is_success(), "{route:?}: {} {}", page.status, page.text);
        given += 1;
    }
    println!("{given} addresses of the API answer the patient herself");
    assert!(given >= 35, "{given}");
}

#[tokio::test]
async fn a_course_of_somebody_else_and_one_that_is_not_there_are_the_same() {
    let place = place().await;
    let people = others(&place.store).await;
    let other = Asker { name: "patient", person: people.first() };
    let own = place.course.to_string();
    for route in all().iter().filter(|route| route.names_a_course()) {
        let mut answers = Vec::new();
        for course in [own.as_str(), "00000000-0000-0000-0000-0000000000ff", "nonsense", "%FF"] {
            let page = ask(&place, &other, route, &route.path(&Names { course })).await;
            assert_eq!(page.status.as_u16(), route.status_for_others(), "{route:?} {course}");
            answers.push((page.text, page.headers));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{route:?}: {answers:?}");
    }
}

#[tokio::test]
async fn nobody_ends_anothers_session() {
    let place = place().await;
    // The session with which the page is asked has no button; a second one has.
    place.post_raw("/sign-in", &[("name", "ana"), ("password", "four quiet words together")]).await;
    let sessions = place.get("/sessions").await.text;
    let id =
        sessions.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(id.len(), 36, "the name of a session: {id}");
    for person in others(&place.store).await {
        let body = format!("form_token={}&session={id}", person.form_token());
        let request = Request::post("/sessions")
            .header(header::COOKIE, person.cookies())
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        place.send(request.body(Bytes::from(body)).unwrap()).await;
        assert!(place.get("/sessions").await.text.contains(&id), "ended by a {:?}", person.role);
    }
}

#[tokio::test]
async fn no_other_site_changes_anything() {
    let place = place().await;
    let before = place.kinds().await;
    let own = place.course.to_string();
    let posts: Vec<Route> = all().into_iter().filter(|route| route.method == "POST").collect();
    let mut asked = 0;
    for route in &posts {
        let path = route.path(&Names { course: &own });
        let elsewhere: [&[(&str, &str)]; 6] = [
            &[],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            // A browser's own word counts before a header that agrees with the host.
            &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
        ];
        for headers in elsewhere {
            let request = headers
                .iter()
                .fold(signed(&place, route, &path), |request, (name, value)| request.header(*name, *value));
            let request = request.header("x-form-token", place.form_token());
            let page = place.send(with_body(request, route, &place.form_token())).await;
            assert_eq!(page.status.as_u16(), 403, "{route:?} {headers:?}: {}", page.text);
            asked += 1;
        }
        // Theme and language name nobody; signing in and invitations carry a secret of their own.
        if route.is_public() {
            continue;
        }
        for token in ["", "0", &"0".repeat(64)] {
            let request = signed(&place, route, &path).header("sec-fetch-site", "same-origin");
            let page = place.send(with_body(request.header("x-form-token", token), route, token)).await;
            assert_eq!(page.status.as_u16(), 403, "{route:?} with the form token {token:?}: {}", page.text);
            asked += 1;
        }
    }
    println!("{asked} forged requests to {} addresses: 0 accepted", posts.len());
    assert!(posts.len() >= 18, "{} addresses change something", posts.len());
    assert_eq!(place.kinds().await, before);
    assert!(place.get("/today").await.status.is_success(), "nobody was signed out");
}

fn signed(place: &Place, route: &Route, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(route.method)
        .uri(path)
        .header(header::HOST, "localhost:8080")
        .header(header::COOKIE, place.cookies())
}

#[track_caller]
fn has_all_headers(page: &Page, what: &str) {
    let expected = [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in expected {
        assert_eq!(
            page.headers.get(name).map(|found| found.to_str().unwrap()),
            Some(value),
            "{what}: {name}"
        );
    }
    assert!(page.headers.contains_key("permissions-policy"), "{what}");
    assert!(page.headers.contains_key("cache-control"), "{what}");
    assert!(!page.headers.contains_key("server") && !page.headers.contains_key("x-powered-by"), "{what}");
}

#[tokio::test]
async fn every_answer_has_every_header_and_nothing_personal_is_kept() {
    let place = place().await;
    let own = place.course.to_string();
    let mut answers = 0;
    for route in all() {
        let path = route.path(&Names { course: &own });
        for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "BREW"] {
            for cookies in [None, Some(place.cookies())] {
                // Ends the session with which it is asked; a form without a token does not.
                let request = Request::builder()
                    .method(Method::from_bytes(method.as_bytes()).unwrap())
                    .uri(&path)
                    .header("sec-fetch-site", "same-origin");
                let request = match &cookies {
                    Some(cookies) => request.header(header::COOKIE, cookies),
                    None => request,
                };
                let page = place.send(request.body(Bytes::empty()).unwrap()).await;
                let what = format!("{method} {path} ({})", page.status);
                has_all_headers(&page, &what);
                assert!(!page.status.is_server_error(), "{what}");
                if !route.is_public() {
                    assert_eq!(page.headers["cache-control"], "no-store", "{what}");
                }
                answers += 1;
            }
        }
    }
    println!("{answers} answers with every header");
}

#[tokio::test]
async fn every_kind_of_answer_has_every_header() {
    let place = place().await;
    let huge = vec![b'x'; 5 * 1024 * 1024];
    let token = place.form_token();
    let entries = format!("/api/courses/{}/entries", place.course);
    let post = |path: &str, kind: &str, body: Vec<u8>| {
        Request::post(path)
            .header(header::COOKIE, place.cookies())
            .header("sec-fetch-site", "same-origin")
            .header("x-form-token", &token)
            .header(header::CONTENT_TYPE, kind)
            .body(Bytes::from(body))
            .unwrap()
    };
    let get =
        |path: &str| Request::get(path).header(header::COOKIE, place.cookies()).body(Bytes::empty()).unwrap();
    for (request, status) in [
        (get("/"), 303),
        (get("/sw.js"), 200),
        (get("/api/look"), 200),
        (get("/ready"), 200),
        (get("/nothing"), 404),
        (get("/api/nothing"), 404),
        (get("/metrics"), 404),
        (get("/api/courses/%FF/plan"), 404),
        (get("/static/0/nothing.css"), 404),
        (get(&format!("/api/courses/{}/verdict?measure=luck", place.course)), 422),
        (get(&format!("/api/courses/{}/entries?since=-1", place.course)), 422),
        (post(&entries, "application/json", huge), 413),
        (post(&entries, "application/json", b"{".to_vec()), 422),
        (post(&entries, "text/plain", b"{\"entries\":[]}".to_vec()), 422),
        (post("/plan", "text/plain", Vec::new()), 405),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        let page = place.send(request).await;
        assert_eq!(page.status.as_u16(), status, "{what}: {}", page.text);
        has_all_headers(&page, &what);
        if !what.contains("/sw.js") {
            assert_eq!(page.headers["cache-control"], "no-store", "{what}");
        }
    }
}

/// Everybody may ask whether the process answers and whether its store does, and learns nothing else.
#[tokio::test]
async fn a_store_that_does_not_answer_is_told_with_every_header_and_nothing_of_the_inside() {
    let place = place().await;
    for (path, says) in [("/health", "ok\n"), ("/ready", "ready\n")] {
        let page = place.get_as_stranger(path).await;
        assert_eq!((page.status.as_u16(), page.text.as_str()), (200, says), "{path}");
        has_all_headers(&page, path);
    }
    place.store.close().await;
    assert_eq!(place.get_as_stranger("/health").await.status.as_u16(), 200, "the process still answers");
    let not_ready = place.get_as_stranger("/ready").await;
    assert_eq!((not_ready.status.as_u16(), not_ready.text.as_str()), (503, "not ready\n"));
    has_all_headers(&not_ready, "/ready");
    for path in ["/today", "/api/today", "/api/session", "/sessions"] {
        let page = place.get(path).await;
        assert_eq!(page.status.as_u16(), 500, "{path}: {}", page.text);
        has_all_headers(&page, path);
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        for inside in ["sqlite", "pool", "Engine", "ldn.db", "SELECT", SECRET] {
            assert!(!page.text.contains(inside), "{path} tells {inside}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn the_cookie_of_a_session_goes_nowhere_else() {
    let place = Place::patient().await;
    let fields = [("name", "ana"), ("password", "four quiet words together"), ("own_device", "yes")];
    let page = place.post_raw("/sign-in", &fields).await;
    assert_eq!((page.status.as_u16(), page.location()), (303, "/today"));
    let cookies: Vec<&str> =
        page.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "a session and a device: {cookies:?}");
    for cookie in &cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for flag in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(cookie.contains(flag), "{cookie} lacks {flag}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain="), "{cookie}");
    }
    let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-session=")).unwrap();
    assert!(
        !place.cookies().contains(session.split(';').next().unwrap()),
        "each sign-in makes a new session"
    );
    // On a shared device it ends with the browser.
    let shared = place.post_raw("/sign-in", &fields[..2]).await;
    let shared =
        shared.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned());
    let session = shared.into_iter().find(|cookie| cookie.starts_with("__Host-session=")).unwrap();
    assert!(!session.contains("Max-Age"), "{session}");
    let left = place.post("/sign-out", &[]).await;
    assert_eq!(left.headers["clear-site-data"], "\"cache\", \"storage\"");
    left.headers
        .get_all(header::SET_COOKIE)
        .iter()
        .find(|value| value.to_str().unwrap().starts_with("__Host-session=; Max-Age=0"))
        .unwrap();
    assert!(place.get("/today").await.location().starts_with("/sign-in"), "it has ended in the store too");
}

#[tokio::test]
async fn a_long_diary_is_nobody_elses_either() {
    let mut place = place().await;
    place.write_all(responder(70)).await;
    let people = others(&place.store).await;
    let other = Asker { name: "patient", person: people.first() };
    let route = Route { method: "GET", template: "/api/courses/{course}/verdict".to_owned() };
    let path = route.path(&Names { course: &place.course.to_string() });
    let before = place.kinds().await.len();
    assert_eq!(ask(&place, &other, &route, &path).await.status.as_u16(), 404);
    assert_eq!(place.kinds().await.len(), before, "no verdict was recorded as shown");
    assert_eq!(place.get(&path).await.status.as_u16(), 200);
}
