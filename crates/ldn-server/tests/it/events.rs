//! Co-treatments and events: whatever is entered is screened at once, and again on every page.

use ldn_core::journal::{Body, LabResult, Role};

use crate::journal::{TODAY, mg, plus, taken, titration};
use crate::support::Place;

const HELD: &str = "Do not take LDN until you have spoken with your prescriber";

async fn on_ldn() -> Place {
    let mut place = Place::patient().await;
    place.born(1980).await;
    place.signed(plus(TODAY, -3), titration(plus(TODAY, -3))).await;
    place.write_all(taken(plus(TODAY, -3), 3, mg("1.5"))).await;
    place
}

#[tokio::test]
async fn an_opioid_is_recognised_recorded_and_stops_at_once() {
    let place = on_ldn().await;
    place.get("/events").await.hides(&[HELD]);
    let sent = place.post("/events/medicine", &[("name", "Ultram 50 mg"), ("use", "as-needed")]).await;
    assert_eq!((sent.status.as_u16(), sent.location()), (303, "/events?done=medicine"));
    let page = place.get("/events?done=medicine").await;
    page.says(&[
        HELD,
        "Stop LDN before the opioid, and call your prescriber.",
        "Ultram 50 mg",
        "OP-22",
        "/danger/opioid",
    ]);
    for path in ["/labs", "/instruments", "/more"] {
        place.get(path).await.says(&[HELD]);
    }
    place.get_in("es", "/events").await.says(&["No tome LDN hasta que haya hablado con quien se lo recetó"]);
}

#[tokio::test]
async fn what_is_not_understood_is_asked_at_once_and_recorded_only_then() {
    let place = on_ldn().await;
    let before = place.kinds().await.len();
    let near =
        place.post("/events/medicine", &[("name", "oxycodne"), ("use", "daily"), ("last_day", "31")]).await;
    near.says(&["There is a problem", "href=\"#last_day\""]);
    let unknown = [("name", "Zorbletrax"), ("use", "daily")];
    let asked = place.post("/events/medicine", &unknown).await;
    asked.says(&["We do not know “Zorbletrax”", "as-written", "value=\"Zorbletrax\""]);
    assert_eq!(place.kinds().await.len(), before);
    let sent = place.post("/events/medicine", &[unknown[0], unknown[1], ("meant", "as-written")]).await;
    assert_eq!(sent.status.as_u16(), 303);
    place.get("/events").await.says(&["We do not know these names", "<strong>Zorbletrax</strong>"]);
    let near = place.post("/events/medicine", &[("name", "sertralin"), ("use", "daily")]).await;
    near.says(&["Did you mean one of these?", "sertraline", "None of these"]);
    place.post("/events/medicine", &[("name", "sertralin"), ("use", "daily"), ("meant", "sertraline")]).await;
    let Body::Medicine(medicine) = place.newest().await.body().clone() else { panic!("a medicine") };
    assert!(medicine.name.starts_with("sertraline"), "{}", medicine.name);
}

#[tokio::test]
async fn a_procedure_of_an_uncertain_day_counts_from_now_and_striking_it_out_ends_it() {
    let place = on_ldn().await;
    let fields = [("name", "Tooth removal"), ("when", "next-week"), ("opioids", "unknown")];
    let sent = place.post("/events/procedure", &fields).await;
    assert_eq!(sent.location(), "/events?done=procedure");
    assert_eq!(place.newest().await.kind().word(), "note");
    let page = place.get("/events").await;
    page.says(&[HELD, "Tell your surgeon and your anaesthetist that you take LDN."]);
    let entry = page.text.split("name=\"entry\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    place.post("/events/strike", &[("entry", entry), ("back", "/events")]).await;
    place.get("/events").await.hides(&[HELD]);
    let unanswered = place.post("/events/procedure", &[("name", "Tooth removal"), ("when", "day")]).await;
    assert_eq!(unanswered.status.as_u16(), 422);
    unanswered.says(&["<title>Error:", "href=\"#on_day\"", "href=\"#opioids\""]);
}

#[tokio::test]
async fn pregnancy_stops_and_an_infection_is_a_note() {
    let place = on_ldn().await;
    place
        .post(
            "/events/infection",
            &[("name", "flu"), ("since_day", "30"), ("since_month", "5"), ("since_year", "2026")],
        )
        .await;
    let Body::Note(note) = place.newest().await.body().clone() else { panic!("a note") };
    assert_eq!(note.text, "Infection: flu, since 30 May 2026");
    place.get("/events").await.hides(&[HELD]);
    assert_eq!(place.post("/events/pregnancy", &[]).await.status.as_u16(), 422);
    place.post("/events/pregnancy", &[("state", "pregnant")]).await;
    assert!(matches!(place.newest().await.body(), Body::Lab(lab) if lab.result == LabResult::Positive));
    place.get("/events").await.says(&[HELD, "Do not take LDN while you are pregnant"]);
    place.get("/labs").await.says(&["No results yet."]);
}

#[tokio::test]
async fn nobody_strikes_out_what_another_wrote_and_no_form_of_another_session_counts() {
    let mut place = on_ldn().await;
    let medicine = ldn_core::journal::Medicine {
        name: "Ultram".to_owned(),
        usage: ldn_core::journal::Use::Daily,
        route: ldn_core::journal::Route::Oral,
        release: ldn_core::journal::Release::Immediate,
        per_day: None,
        last_taken: None,
        not_an_opioid: ldn_core::journal::Answer::Unknown,
    };
    place.write(Role::Prescriber, TODAY, Body::Medicine(medicine)).await;
    let before = place.kinds().await.len();
    for path in
        ["/events/medicine", "/events/infection", "/events/procedure", "/events/pregnancy", "/events/strike"]
    {
        let refused = place.post_raw(path, &[("form_token", "0"), ("name", "x"), ("use", "daily")]).await;
        assert_eq!(refused.status.as_u16(), 403, "{path}");
    }
    assert_eq!(place.post("/events/strike", &[("entry", "nothing")]).await.status.as_u16(), 404);
    assert_eq!(place.kinds().await.len(), before);
}
