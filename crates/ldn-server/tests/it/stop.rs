//! A new opioid takes the dose off every page at once, whatever was entered first (hazard H06, rule OP-22).

use axum::http::StatusCode;
use ldn_core::journal::{Answer, Body, Medicine, Release, Role, Route, Use};

use crate::journal::{TODAY, plus, titration};
use crate::support::Place;

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

async fn shows_no_dose(place: &Place, order: &str) {
    let today = place.get("/today").await;
    assert_eq!(today.status, StatusCode::OK, "{order}");
    today.says(&["No LDN on this day"]);
    let model = place.get("/api/today").await;
    let model: serde_json::Value = serde_json::from_str(&model.text).unwrap();
    for days in 0..=7 {
        let day = &model["days"][plus(TODAY, days).to_string()];
        assert_eq!(day["doses"], serde_json::json!([]), "{order}, in {days} days: {day}");
    }
    let plan = place.get("/plan").await;
    plan.says(&["Ask before the next dose"]);
    plan.hides(&["Tonight: 3 mg"]);
    assert_eq!(place.get("/plan/calendar.ics").await.location(), "/plan", "{order}");
}

#[tokio::test]
async fn a_new_opioid_takes_the_dose_off_every_page_in_any_order_of_events() {
    let start = plus(TODAY, -8);
    for opioid_first in [false, true] {
        let mut place = Place::patient().await;
        place.born(1980).await;
        if opioid_first {
            place.write(Role::Patient, TODAY, tramadol()).await;
            place.signed(start, titration(start)).await;
        } else {
            place.signed(start, titration(start)).await;
            let before = place.get("/plan").await;
            before.says(&["Tonight: 3 mg"]);
            place.write(Role::Patient, TODAY, tramadol()).await;
        }
        shows_no_dose(&place, &format!("opioid first: {opioid_first}")).await;
    }
}
