//! The pages of a prescriber: the list, the case, and every decision on it.

use std::collections::BTreeSet;

use axum::body::Body as Bytes;
use axum::http::{Request, StatusCode, header};
use ldn_core::journal::{Answer, Body, Medicine, Release, Role, Route, Severity, SideEffect, Use};
use ldn_store::audit::RequestId;
use ldn_store::grant::Span;
use ldn_store::session::Actor;
use ldn_store::view::AdministratorView;

use crate::journal::{TODAY, instant_on, plus, responder, titration};
use crate::people::{Person, join};
use crate::support::{Page, Place, escaped};

/// A clinic with one prescriber, whose patient is the one of the place.
pub(crate) struct Clinic {
    pub(crate) place: Place,
    pub(crate) doctor: Person,
}

impl Clinic {
    pub(crate) async fn open() -> Clinic {
        let place = Place::patient().await;
        let doctor = join(&place.store, Role::Prescriber, None).await;
        let now = instant_on(TODAY);
        let operator = Actor::local_operator(RequestId::new("test"), now);
        let view = AdministratorView::of(&place.store, operator).unwrap();
        view.give(place.course, doctor.account, Span::from(now), now).await.unwrap();
        Clinic { place, doctor }
    }

    /// The address of a page of the patient's course.
    pub(crate) fn case(&self, page: &str) -> String {
        format!("/clinic/courses/{}{page}", self.place.course)
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        let request = Request::get(path)
            .header(header::COOKIE, format!("{}; zone=Europe%2FMadrid", self.doctor.cookies()))
            .header(header::ACCEPT_LANGUAGE, "en");
        well_made(path, self.place.send(request.body(Bytes::empty()).unwrap()).await)
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.doctor.form_token();
        let all = fields.iter().copied().chain([("form_token", token.as_str())]);
        let body: Vec<String> =
            all.map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, format!("{}; zone=Europe%2FMadrid", self.doctor.cookies()))
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        well_made(path, self.place.send(request.body(Bytes::from(body.join("&"))).unwrap()).await)
    }

    /// Ana is born in 1980, on a plan that began so many days ago, and her diary is that of a responder.
    async fn on_plan(&mut self, days: i64) {
        self.place.born(1980).await;
        self.place.signed(plus(TODAY, -days), titration(plus(TODAY, 1 - days))).await;
        self.place.write_all(responder(days)).await;
    }
}

fn tramadol() -> Body {
    Body::Medicine(Medicine {
        name: "Ultram 50 mg".into(),
        usage: Use::Daily,
        route: Route::Oral,
        release: Release::Immediate,
        per_day: None,
        last_taken: Some(TODAY),
        not_an_opioid: Answer::Unknown,
    })
}

/// Checks what holds of every page: one heading, every word said, nothing inline, each id once, each label at its field.
#[track_caller]
fn well_made(path: &str, page: Page) -> Page {
    if !page.text.starts_with("<!doctype html>") {
        return page;
    }
    let html = &page.text;
    assert_eq!(html.matches("<h1").count(), 1, "{path}: {html}");
    assert!(!html.contains(" style=") && !html.contains("<script>"), "{path}: nothing inline");
    assert!(!html.contains("/static/missing"), "{path}: every file exists");
    let said: String =
        html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
    for word in said.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        // Three protocols are named so.
        let is_protocol = ["clinic-half", "clinic-one"].iter().any(|name| word.starts_with(name));
        assert!(is_protocol || !word.starts_with("clinic-"), "{path}: `{word}` has no words");
    }
    let values = |attribute: &str| -> Vec<&str> {
        html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    };
    let ids = values(" id=\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{path}: an id stands twice: {ids:?}");
    for target in values(" for=\"") {
        assert!(unique.contains(target), "{path}: a label for `{target}`, which is not there");
    }
    page
}

/// Returns the value of a hidden field, of the first form that has it.
pub(crate) fn hidden<'p>(page: &'p Page, name: &str) -> &'p str {
    let field = format!("name=\"{name}\" value=\"");
    let rest = page.text.split(&field).nth(1).unwrap_or_else(|| panic!("no field {name} in {}", page.text));
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn a_prescriber_begins_at_the_list_and_sees_own_patients_only() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(70).await;
    assert_eq!(clinic.get("/").await.location(), "/clinic");
    let list = clinic.get("/clinic").await;
    assert_eq!(list.status, StatusCode::OK);
    list.says(&["AP, born 1980", "Day 70", "4.5 mg", "1 patients", "<svg"]);
    // The full name stands on the case, not on a list that others can see over a shoulder.
    list.hides(&["Ana Prieto"]);
    let stranger = join(&clinic.place.store, Role::Prescriber, None).await;
    let other = Clinic { place: clinic.place, doctor: stranger };
    other.get("/clinic").await.hides(&["AP, born 1980"]);
    assert_eq!(other.get(&other.case("")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.post(&other.case("/screened"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_patient_has_no_way_into_the_clinic() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(20).await;
    for path in ["/clinic".to_owned(), clinic.case(""), clinic.case("/history")] {
        assert_eq!(clinic.place.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(clinic.place.get_as_stranger(&path).await.location().starts_with("/sign-in"), "{path}");
    }
}

#[tokio::test]
async fn a_name_is_found_by_a_form_and_never_by_an_address() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(20).await;
    clinic.post("/clinic", &[("name", "prie")]).await.says(&["AP, born 1980"]);
    clinic.post("/clinic", &[("name", "ap")]).await.says(&["AP, born 1980"]);
    clinic.post("/clinic", &[("name", "nobody")]).await.hides(&["AP, born 1980"]);
    clinic.get("/clinic?name=nobody").await.says(&["AP, born 1980"]);
}

#[tokio::test]
async fn a_new_opioid_comes_first_and_the_doses_are_held_with_one_click() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(20).await;
    clinic.get("/clinic").await.hides(&["Doses stopped"]);
    clinic.place.write(Role::Patient, TODAY, tramadol()).await;
    // The line was kept; a new entry makes it anew.
    clinic.get("/clinic").await.says(&["Doses stopped", "Ultram 50 mg", "no dose: stopped", "Today"]);
    let case = clinic.get(&clinic.case("")).await;
    case.says(&["Ana Prieto, born 1980", "Doses stopped", "Hold all doses from today", "no dose: stopped"]);
    let held = clinic
        .post(&clinic.case("/hold"), &[("rule", hidden(&case, "rule")), ("why", hidden(&case, "why"))])
        .await;
    assert_eq!(held.location(), format!("{}?done=held", clinic.case("")));
    let after = clinic.get(&clinic.case("")).await;
    after.says(&["Held until somebody screens again", "no dose: held"]);
    let kinds = clinic.place.kinds().await;
    assert_eq!(kinds[kinds.len() - 2..], ["screened", "plan-held"]);
    let newest = clinic.place.newest().await;
    assert_eq!((newest.role(), newest.author()), (Role::Prescriber, clinic.doctor.account));
}

async fn with_nausea(clinic: &mut Clinic) {
    clinic.on_plan(20).await;
    for ago in (0..6).rev() {
        let effect =
            SideEffect { term: "nausea".to_owned(), severity: Severity::Moderate, ongoing: Answer::Yes };
        clinic.place.write(Role::Patient, plus(TODAY, -ago), Body::SideEffect(effect)).await;
    }
}

#[tokio::test]
async fn a_change_that_the_diary_asks_for_is_signed_with_one_click() {
    let mut clinic = Clinic::open().await;
    with_nausea(&mut clinic).await;
    clinic.get("/clinic").await.says(&["Change of the plan proposed: nausea"]);
    let case = clinic.get(&clinic.case("")).await;
    case.says(&["The diary asks for a change", "Accept and sign", "nausea on 6 days, up to moderate"]);
    let plan = hidden(&case, "plan").to_owned();
    let signed = clinic.post(&clinic.case("/accept"), &[("plan", &plan)]).await;
    assert_eq!(signed.location(), format!("{}?done=signed", clinic.case("")));
    let kinds = clinic.place.kinds().await;
    assert_eq!(kinds[kinds.len() - 3..], ["screened", "plan-proposed", "plan-signed"]);
    clinic.get(&clinic.case("?done=signed")).await.says(&[
        "Signed. The new plan counts from tomorrow.",
        &plan,
        "Version 2",
    ]);
    // The same click again finds a case that has changed.
    let again = clinic.post(&clinic.case("/accept"), &[("plan", &plan)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.says(&["The case has changed", "<title>Error:"]);
}

#[tokio::test]
async fn a_change_is_declined_with_a_reason_and_not_without() {
    let mut clinic = Clinic::open().await;
    with_nausea(&mut clinic).await;
    let plan = hidden(&clinic.get(&clinic.case("")).await, "plan").to_owned();
    let without = clinic.post(&clinic.case("/decline"), &[("plan", &plan), ("reason", " ")]).await;
    assert_eq!(without.status, StatusCode::CONFLICT);
    let before = clinic.place.kinds().await.len();
    let declined =
        clinic.post(&clinic.case("/decline"), &[("plan", &plan), ("reason", "she prefers to wait")]).await;
    assert_eq!(declined.location(), format!("{}?done=declined", clinic.case("")));
    assert_eq!(clinic.place.kinds().await[before..], ["plan-proposed", "plan-ended"]);
    let after = clinic.get(&clinic.case("")).await;
    assert!(!after.text.contains(&format!("value=\"{plan}\"")), "it is proposed again");
    after.says(&["she prefers to wait", "Version 1"]);
}

#[tokio::test]
async fn nothing_is_signed_over_an_opioid() {
    let mut clinic = Clinic::open().await;
    with_nausea(&mut clinic).await;
    let plan = hidden(&clinic.get(&clinic.case("")).await, "plan").to_owned();
    clinic.place.write(Role::Patient, TODAY, tramadol()).await;
    let refused = clinic.post(&clinic.case("/accept"), &[("plan", &plan)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&["forbids a dose today, so nothing was signed"]);
    assert!(clinic.place.kinds().await.iter().filter(|kind| *kind == "plan-signed").count() == 1);
}

#[tokio::test]
async fn a_blinded_trial_shows_no_dose_and_no_verdict() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(70).await;
    clinic.place.blinded(plus(TODAY, -1)).await;
    let list = clinic.get("/clinic").await;
    list.says(&["blinded trial"]);
    list.hides(&[" mg"]);
    let case = clinic.get(&clinic.case("")).await;
    case.says(&["A blinded trial is running", "Recording."]);
    case.hides(&["of 100", "Interval of", "4.5 mg at bedtime"]);
}

#[tokio::test]
async fn the_case_has_the_verdict_with_its_intervals_and_other_priors() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(70).await;
    let case = clinic.get(&clinic.case("")).await;
    case.says(&[
        "Improvement, interval of 80 %",
        "Improvement, interval of 95 %",
        "The same diary with other priors",
        "Sceptical",
        "Enthusiastic",
        "planned doses taken",
        "head of the journal",
    ]);
    assert_eq!(case.text.matches("class=\"dot\"").count(), 100, "fifty dots, for a phone and for a column");
    let seen = clinic.post(&clinic.case("/verdict"), &[("measure", "pain")]).await;
    assert_eq!(seen.location(), format!("{}?done=seen", clinic.case("")));
    assert_eq!(clinic.place.kinds().await.last().unwrap(), "verdict-shown");
}

#[tokio::test]
async fn the_history_has_every_entry_and_who_looked() {
    let mut clinic = Clinic::open().await;
    clinic.on_plan(20).await;
    let history = clinic.get(&clinic.case("/history")).await;
    history.says(&["Plan signed", "Dr Vega", "Scores", "pain 6", "prescriber", "read course"]);
}
