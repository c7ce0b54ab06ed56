//! Entering a plan as it was prescribed, step by step as a person does.

use axum::http::StatusCode;
use ldn_core::journal::{Body, Disposition, Role};

use crate::journal::{TODAY, titration};
use crate::support::Place;

fn fields<'a>(button: &'a str, steps: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("button", button),
        ("start_day", "1"),
        ("start_month", "6"),
        ("start_year", "2026"),
        ("at", "bedtime"),
    ];
    for ((dose, days), (dose_name, days_name)) in
        steps.iter().zip([("dose_1", "days_1"), ("dose_2", "days_2"), ("dose_3", "days_3")])
    {
        all.push((dose_name, *dose));
        all.push((days_name, *days));
    }
    all
}

#[tokio::test]
async fn a_plan_is_entered_checked_and_recorded_without_a_signature() {
    let place = Place::patient().await;
    place.get("/plan").await.says(&["No plan yet", "/plan/enter"]);
    let page = place.get("/plan/enter").await;
    page.says(&["Copy what your prescriber wrote", "Step 1"]);
    page.hides(&["Step 2"]);
    place
        .post("/plan/enter", &fields("more", &[("1.5 mg", "7")]))
        .await
        .says(&["Step 2", "value=\"1.5 mg\""]);
    let steps = [("1.5 mg", "7"), ("3 mg", "")];
    let check = place.post("/plan/enter", &fields("check", &steps)).await;
    assert_eq!(check.status, StatusCode::OK);
    check.says(&[
        "Is this what was prescribed?",
        "1 June 2026 to 7 June 2026",
        "3 mg at bedtime",
        "Not signed",
    ]);
    assert_eq!(place.kinds().await, Vec::<String>::new(), "nothing is recorded before it was checked");
    let saved = place.post("/plan/enter", &fields("save", &steps)).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/plan"));
    assert_eq!(place.kinds().await, ["plan-proposed"]);
    let entry = place.newest().await;
    assert_eq!(entry.role(), Role::Patient);
    let Body::PlanProposed(proposed) = entry.body() else { panic!("{entry:?}") };
    assert!(!proposed.plan.is_signed());
    assert_eq!(proposed.plan.parts().protocol, "as-prescribed");
    let page = place.get("/plan").await;
    page.says(&["Tonight: 1.5 mg", "Next: 3 mg", "as you say it was prescribed", "You entered this dose"]);
    page.hides(&["Signed by"]);
    // A changed plan is the next version and names the one before.
    place.post("/plan/enter", &fields("save", &[("2 mg", "")])).await;
    let entry = place.newest().await;
    let Body::PlanProposed(second) = entry.body() else { panic!("{entry:?}") };
    assert_eq!(
        (second.plan.parts().version, second.plan.parts().parent.clone()),
        (2, Some(proposed.plan.id()))
    );
    place.get("/plan").await.says(&["Tonight: 2 mg", "Version 2"]);
    place.get("/plan/calendar.ics").await.says(&["STATUS:CANCELLED"]);
}

#[tokio::test]
async fn a_dose_without_a_unit_or_with_a_comma_is_never_guessed() {
    let place = Place::patient().await;
    for (dose, hint) in [
        ("4.5", "has no unit"),
        ("4,5 mg", "Write a point, not a comma"),
        ("4.5 g", "not a unit for this dose"),
        ("50 mg", "50 mg is not low-dose naltrexone"),
        ("12.1 mg", "12.1 mg is not low-dose naltrexone"),
        ("0 mg", "more than 0"),
    ] {
        for button in ["check", "save"] {
            let page = place.post("/plan/enter", &fields(button, &[(dose, "")])).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{dose}");
            page.says(&[
                hint,
                "<title>Error:",
                "href=\"#dose_1\"",
                "aria-invalid=\"true\"",
                &format!("value=\"{dose}\""),
            ]);
        }
    }
    assert_eq!(place.kinds().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_dose_above_the_usual_one_is_recorded_only_when_it_was_checked() {
    let place = Place::patient().await;
    for (dose, words) in [("5 mg", "above 4.5 mg"), ("8 mg", "above 6 mg"), ("12 mg", "above 9 mg")] {
        let page = place.post("/plan/enter", &fields("check", &[(dose, "")])).await;
        page.says(&["Check with your prescriber", words, "id=\"confirmed\""]);
        let refused = place.post("/plan/enter", &fields("save", &[(dose, "")])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{dose}");
        refused.says(&["<title>Error:"]);
    }
    assert_eq!(place.kinds().await, Vec::<String>::new());
    let confirmed = [&fields("save", &[("5 mg", "")])[..], &[("confirmed", "yes")]].concat();
    assert_eq!(place.post("/plan/enter", &confirmed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.kinds().await, ["plan-proposed"]);
}

#[tokio::test]
async fn a_known_schedule_only_fills_in_the_form() {
    let place = Place::patient().await;
    let page = place.get("/plan/enter?protocol=T01").await;
    page.says(&[
        "value=\"1.5 mg\"",
        "value=\"3 mg\"",
        "value=\"4.5 mg\"",
        "Choose it only if your prescriber named it",
    ]);
    assert_eq!(place.kinds().await, Vec::<String>::new());
    let steps = [("1.5 mg", "7"), ("3 mg", "7"), ("4.5 mg", "")];
    let with = |steps| [&fields("save", steps)[..], &[("protocol", "T01")]].concat();
    place.post("/plan/enter", &with(&steps)).await;
    let entry = place.newest().await;
    let Body::PlanProposed(proposed) = entry.body() else { panic!("{entry:?}") };
    assert_eq!(proposed.plan.parts().protocol, "fibromyalgia-common");
    place.post("/plan/enter", &with(&[("1.5 mg", "7"), ("2 mg", "7"), ("4.5 mg", "")])).await;
    let entry = place.newest().await;
    let Body::PlanProposed(proposed) = entry.body() else { panic!("{entry:?}") };
    assert_eq!(proposed.plan.parts().protocol, "as-prescribed", "changed steps are no longer the schedule");
}

#[tokio::test]
async fn no_plan_is_entered_beside_a_prescriber_or_against_a_screening() {
    let mut place = Place::patient().await;
    let forged = place.post_raw("/plan/enter", &fields("save", &[("1.5 mg", "")])).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "the form's token is missing");
    place.screened(TODAY, Disposition::Refuse).await;
    let refused = place.post("/plan/enter", &fields("save", &[("1.5 mg", "")])).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&["settled with your prescriber first"]);
    place.signed(TODAY, titration(TODAY)).await;
    let refused = place.post("/plan/enter", &fields("save", &[("9 mg", "")])).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&["Your prescriber signs your plan"]);
    place.get("/plan").await.says(&["Tonight: 1.5 mg"]);
}
