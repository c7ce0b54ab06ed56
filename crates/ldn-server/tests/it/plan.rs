//! The plan page and the papers, as a browser gets them.

use axum::http::{StatusCode, header};
use ldn_core::Plan;
use ldn_core::journal::{
    Body, Container, Content, Dispensed, Disposition, KitOpened, Ordered, PlanHeld, Role,
};
use ldn_core::plan::Hold;

use crate::journal::{TODAY, mg, plus, taken, titration, titration_parts};
use crate::support::{Place, evening_of};

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

#[tokio::test]
async fn tonight_is_a_dose_and_how_it_is_made() {
    let mut place = Place::patient().await;
    let start = plus(TODAY, -8);
    place.born(1980).await;
    place.signed(start, titration(start)).await;
    let page = place.get("/plan").await;
    assert_eq!(page.status, StatusCode::OK);
    page.says(&[
        "Tonight: 3 mg",
        "Next: 4.5 mg at bedtime",
        "Sunday 7 June 2026",
        "in 6 days",
        "Ana Prieto, born 1980",
    ]);
    page.says(&["Signed by Dr Vega on 24 May 2026", "Version 1", "Valid until 10 December 2026"]);
    page.says(&["31 people took part", "Low-dose naltrexone for fibromyalgia", "<svg"]);
    page.hides(&["(proposed)", "(MD-01)", "capsules"]);
    place.write(Role::Pharmacist, start, handed_out(&["1.5 mg"], 60)).await;
    place.get("/plan").await.says(&["Tonight: 3 mg", "two 1.5 mg capsules"]);
    place.get_in("es", "/plan").await.says(&[
        "Esta noche: 3 mg",
        "dos cápsulas de 1.5 mg",
        "domingo, 7 de junio de 2026",
    ]);
    place.write(Role::Pharmacist, start, handed_out(&["0.5 mg", "1 mg"], 60)).await;
    place.get("/plan").await.says(&["three 1 mg capsules"]);
    place.write(Role::Pharmacist, start, handed_out(&["4.5 mg"], 60)).await;
    place.get("/plan").await.hides(&["4.5 mg capsule"]);
    place.write(Role::Pharmacist, start, handed_out(&["1.5 mg"], -1)).await;
    let page = place.get("/plan").await;
    page.says(&["was to be used by 31 May 2026"]);
    page.hides(&["two 1.5 mg"]);
}

#[tokio::test]
async fn an_order_says_how_a_dose_is_made_until_something_is_handed_out() {
    let mut place = Place::patient().await;
    place.signed(TODAY, titration(TODAY)).await;
    let content =
        Content::Liquid { concentration: "1 mg/mL".parse().unwrap(), volume: "60 mL".parse().unwrap() };
    let ordered = Ordered { document: "order".into(), contents: vec![content] };
    place.write(Role::Prescriber, TODAY, Body::Ordered(ordered)).await;
    place.get("/plan").await.says(&["Tonight: 1.5 mg", "1.5 mL of the 1 mg/mL liquid"]);
}

#[tokio::test]
async fn a_dose_that_was_taken_is_not_offered_again() {
    let mut place = Place::patient().await;
    place.signed(TODAY, titration(TODAY)).await;
    place.get("/plan").await.hides(&[
        "noted today's dose",
        "noted today&#39;s dose",
        "noted today&#38;#39;s dose",
    ]);
    place.write_all(taken(TODAY, 1, mg("1.5"))).await;
    place.get("/plan").await.says(&["Never take two doses for one day"]);
}

#[tokio::test]
async fn a_plan_that_ended_or_was_stopped_has_no_dose_anywhere() {
    let mut place = Place::patient().await;
    place.born(1980).await;
    let mut parts = titration_parts(TODAY);
    parts.valid_until = plus(TODAY, 5);
    let first = Plan::new(parts.clone()).unwrap();
    place.signed(TODAY, first.clone()).await;
    evening_of(plus(TODAY, 6));
    let page = place.get("/plan").await;
    page.says(&["Ask before the next dose", "This plan has ended"]);
    page.hides(&[" mg"]);
    let file = place.get("/plan/calendar.ics").await;
    file.says(&["Ask before the next dose"]);
    file.hides(&[" mg", "RRULE"]);
    evening_of(TODAY);
    place.get("/plan").await.says(&["Tonight: 1.5 mg"]);
    place.screened(TODAY, Disposition::Refuse).await;
    let page = place.get("/plan").await;
    page.says(&["Ask before the next dose", "speaks against LDN"]);
    page.hides(&[" mg"]);
    assert_eq!(place.get("/plan/calendar.ics").await.location(), "/plan");
    // Whoever signs afterwards has seen the screening.
    (parts.version, parts.parent) = (2, Some(first.id()));
    place.signed(TODAY, Plan::new(parts).unwrap()).await;
    place.get("/plan").await.says(&["Tonight: 1.5 mg", "Version 2"]);
}

#[tokio::test]
async fn days_that_are_held_come_before_the_plan() {
    let mut place = Place::patient().await;
    place.signed(plus(TODAY, -8), titration(plus(TODAY, -8))).await;
    let hold = Hold {
        from: TODAY,
        to: Some(plus(TODAY, 3)),
        why: "operation".into(),
        rule: "SU-01".into(),
        resume: None,
    };
    place.write(Role::Prescriber, TODAY, Body::PlanHeld(PlanHeld { hold })).await;
    let page = place.get("/plan").await;
    page.says(&["No LDN today", "4 June 2026", "operation"]);
    page.hides(&["Tonight:"]);
    assert_eq!(place.get("/plan/calendar.ics").await.location(), "/plan", "a file would go on showing doses");
}

#[tokio::test]
async fn a_blinded_course_shows_kits_and_no_dose_on_any_page() {
    let mut place = Place::patient().await;
    place.born(1980).await;
    let start = plus(TODAY, -8);
    place.signed(start, titration(start)).await;
    place.write(Role::Pharmacist, start, handed_out(&["1.5 mg"], 60)).await;
    place.blinded(plus(TODAY, -2)).await;
    place.write(Role::Patient, plus(TODAY, -2), Body::KitOpened(KitOpened { kit: "K-17".into() })).await;
    place.write_all(taken(start, 9, mg("3"))).await;
    for path in ["/plan", "/verdict"] {
        let page = place.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.hides(&[" mg", "<svg"]);
    }
    place.get("/plan").await.says(&["kit K-17", "as if it were LDN"]);
    place.get("/verdict").await.says(&["Recording"]);
    let calendar = place.get("/plan/calendar.ics?titles=plain").await;
    calendar.says(&["the capsules labelled for the day"]);
    calendar.hides(&[" mg"]);
    // The team has to assume the highest dose of the plan, and is told that it does not know.
    place.get("/card").await.hides(&["3 mg", "1.5 mg"]);
}

#[tokio::test]
async fn the_calendar_file_tells_nobody_what_it_is_for() {
    let mut place = Place::patient().await;
    place.signed(TODAY, titration(TODAY)).await;
    let file = place.get("/plan/calendar.ics").await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"check-ins.ics\"");
    assert_eq!(file.headers[header::CACHE_CONTROL], "no-store");
    file.says(&["BEGIN:VCALENDAR", "SUMMARY:Evening check-in"]);
    place.get("/plan/calendar.ics?titles=plain").await.says(&["SUMMARY:LDN\\, 1.5 mg\\, at bedtime"]);
}

#[tokio::test]
async fn card_and_letter_are_papers_of_the_plan() {
    let mut place = Place::patient().await;
    place.get("/card").await.says(&["There is no plan yet", "year of birth is missing"]);
    assert_eq!(place.get("/card.txt").await.status, StatusCode::CONFLICT);
    place.born(1980).await;
    place.signed(plus(TODAY, -8), titration(plus(TODAY, -8))).await;
    place.write_all(taken(plus(TODAY, -1), 1, mg("3"))).await;
    let card = place.get("/card").await;
    card.says(&["I take naltrexone in a low dose", "1980", "31 May 2026", "Show this to the emergency team"]);
    let text = place.get("/card.txt").await;
    assert_eq!(text.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    text.says(&["Ana Prieto", "31 May 2026"]);
    let asked = place.get("/letter").await;
    asked.says(&["72 hours"]);
    let day =
        |day: &'static str| [("operation_day", day), ("operation_month", "7"), ("operation_year", "2026")];
    let letter = place.post("/letter", &day("20")).await;
    assert_eq!(letter.status, StatusCode::OK);
    letter.says(&["20 July 2026", "72 hours", "Download as plain text"]);
    place.post("/letter.txt", &day("20")).await.says(&["20 July 2026"]);
    for (fields, hint) in [
        (day("32").to_vec(), "Enter the day as day, month"),
        ([&day("20")[..], &[("hours", "48")]].concat(), "72 or more hours"),
        (
            vec![("operation_day", "1"), ("operation_month", "1"), ("operation_year", "2026")],
            "This day has passed",
        ),
    ] {
        let page = place.post("/letter", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        page.says(&[hint, "<title>Error:", "role=\"alert\""]);
    }
    let forged = place.post_raw("/letter", &[("form_token", "0"), ("operation_day", "20")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_else_sees_a_plan() {
    let mut place = Place::patient().await;
    place.signed(TODAY, titration(TODAY)).await;
    for path in
        ["/plan", "/plan/enter", "/plan/calendar.ics", "/card", "/card.txt", "/letter", "/charts", "/verdict"]
    {
        let page = place.get_as_stranger(path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.location().starts_with("/sign-in"), "{path}");
    }
}

#[tokio::test]
async fn an_address_with_a_day_that_is_none_shows_today() {
    let place = Place::patient().await;
    let today = place.get("/today").await;
    for day in ["soon", "", "2026-13-01", "%27%20OR%201", "9999999999-01-01"] {
        let page = place.get(&format!("/today?day={day}")).await;
        assert_eq!((page.status.as_u16(), &page.text), (200, &today.text), "{day:?}");
    }
}
