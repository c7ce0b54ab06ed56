//! Laboratory results: exact or refused, and shown as they were written.

use ldn_core::journal::{Body, LabResult};

use crate::support::Place;

const DAY: [(&str, &str); 3] = [("on_day", "28"), ("on_month", "5"), ("on_year", "2026")];

async fn send(place: &Place, fields: &[(&str, &str)]) -> crate::support::Page {
    place.post("/labs", &[fields, &DAY].concat()).await
}

#[tokio::test]
async fn a_result_is_kept_digit_by_digit_with_its_unit_and_limit() {
    let mut place = Place::patient().await;
    place.born(1980).await;
    let sent = send(&place, &[("test", "alt"), ("value", "38.0"), ("unit", "u/l"), ("limit", "40")]).await;
    assert_eq!((sent.status.as_u16(), sent.location()), (303, "/labs?done=lab"));
    let Body::Lab(lab) = place.newest().await.body().clone() else { panic!("a result") };
    let LabResult::Amount { value, unit, upper_limit } = lab.result else { panic!("an amount") };
    assert_eq!((lab.test.as_str(), value.as_str(), unit.as_str()), ("ALT", "38.0", "U/L"));
    assert_eq!(upper_limit.map(|limit| limit.to_string()).as_deref(), Some("40"));
    place.get("/labs").await.says(&["28 May 2026", "ALT (GPT), liver", "38.0 U/L", "40 U/L"]);
    send(&place, &[("test", "tsh"), ("value", "2.1"), ("unit", "mU/L"), ("no_limit", "yes")]).await;
    place.get("/labs").await.says(&["2.1 mU/L", "not on the report"]);
}

#[tokio::test]
async fn nothing_is_guessed() {
    let mut place = Place::patient().await;
    place.born(1980).await;
    let before = place.kinds().await.len();
    for (fields, says) in [
        (
            vec![("test", "alt"), ("value", "38,5"), ("unit", "U/L"), ("limit", "40")],
            "Write a point, not a comma: 38.5",
        ),
        (vec![("test", "alt"), ("value", "38"), ("limit", "40")], "enter one of these units: U/L, µkat/L"),
        (vec![("test", "crp"), ("value", "3"), ("no_limit", "yes")], "Enter the unit of the report."),
        (vec![("test", "alt"), ("value", "38"), ("unit", "U/L")], "Enter the upper limit, or say"),
        (vec![("value", "38"), ("unit", "U/L"), ("limit", "40")], "Choose a test."),
        (vec![("test", "other"), ("value", "3"), ("unit", "mg/L"), ("limit", "5")], "Write a name."),
        (
            vec![("test", "alt"), ("value", "< 5"), ("unit", "U/L"), ("limit", "40")],
            "plain number such as 38.0",
        ),
    ] {
        let page = send(&place, &fields).await;
        assert_eq!(page.status.as_u16(), 422, "{fields:?}");
        page.says(&[says, "<title>Error:"]);
    }
    let no_day =
        place.post("/labs", &[("test", "alt"), ("value", "38"), ("unit", "U/L"), ("limit", "40")]).await;
    no_day.says(&["Enter the day of the test"]);
    assert_eq!(place.kinds().await.len(), before);
}
