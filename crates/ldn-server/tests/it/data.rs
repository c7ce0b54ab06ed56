//! One's own data: everything or nothing, after a fresh proof; and pages of help that need no account.

use ldn_store::export::Journal;

use crate::journal::{TODAY, mg, plus, taken};
use crate::support::{Place, evening_of};

async fn place() -> Place {
    let mut place = Place::patient().await;
    place.born(1980).await;
    place.write_all(taken(plus(TODAY, -3), 3, mg("1.5"))).await;
    place
}

#[tokio::test]
async fn everything_can_be_taken_away_and_read_back() {
    let place = place().await;
    place.get("/data").await.says(&["Your record has 4 entries."]);
    let file = place.get("/data/journal.jsonl").await;
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let journal = Journal::read(&file.text).unwrap();
    assert_eq!((journal.lines.len(), journal.name.as_deref()), (4, Some("Ana Prieto")));
    let diary = place.get("/data/diary.csv").await.text;
    assert_eq!(diary.lines().count(), 4, "{diary}");
    let trail = place.get("/data/trail.jsonl").await.text;
    assert!(trail.lines().all(|line| line.starts_with('{')) && trail.contains("export"), "{trail}");
}

#[tokio::test]
async fn without_a_fresh_proof_nothing_is_taken_or_erased() {
    let place = place().await;
    evening_of(plus(TODAY, 1));
    for path in ["/data/journal.jsonl", "/data/diary.csv", "/data/trail.jsonl", "/data/erase"] {
        let page = place.get(path).await;
        assert_eq!(
            (page.status.as_u16(), page.location()),
            (303, format!("/prove?next={path}").as_str()),
            "{path}"
        );
    }
    let refused = place.post("/data/erase", &[("name", "Ana Prieto")]).await;
    assert_eq!(refused.location(), "/prove?next=/data/erase");
    assert_eq!(place.kinds().await.len(), 4);
}

#[tokio::test]
async fn erasing_takes_the_name_typed_again_and_leaves_a_receipt() {
    let place = place().await;
    let wrong = place.post("/data/erase", &[("name", "Anna")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    wrong.says(&["Type exactly: Ana Prieto", "<title>Error:"]);
    assert_eq!(place.kinds().await.len(), 4);
    let receipt = place.post("/data/erase", &[("name", "ana prieto")]).await;
    receipt.says(&["You are erased", &place.course.to_string(), "1 June 2026, 20:30"]);
    assert!(receipt.headers.contains_key("clear-site-data"));
    assert!(place.store.entries(place.course).await.is_err(), "the key is destroyed");
    assert!(place.get("/today").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn more_lists_every_page_and_help_needs_no_account() {
    let place = place().await;
    let more = place.get("/more").await;
    for address in ["/events", "/labs", "/instruments", "/card", "/letter", "/sessions", "/data", "/help"] {
        more.says(&[&format!("href=\"{address}\"")]);
    }
    more.says(&["action=\"/sign-out\""]);
    for path in ["/help", "/help/sign-in"] {
        assert_eq!(place.get_as_stranger(path).await.status.as_u16(), 200, "{path}");
    }
    for path in ["/more", "/events", "/labs", "/instruments", "/instruments/phq9", "/data", "/data/diary.csv"]
    {
        assert!(place.get_as_stranger(path).await.location().starts_with("/sign-in"), "{path}");
    }
}
