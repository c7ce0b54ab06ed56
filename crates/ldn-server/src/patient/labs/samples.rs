//! The page of laboratory results with everything that it can show.

use askama::Template;
use ldn_core::ids::AccountId;
use ldn_core::journal::{Body, Lab, LabResult, Role};
use uuid::Uuid;

use super::enter::{LabsPage, TypedLab, results};
use crate::look::Look;
use crate::patient::events::Fields;
use crate::patient::samples::journal::TODAY;
use crate::patient::samples::{Journal, Sampled, frame};

/// Returns the page with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let amount = |upper_limit: Option<&str>| LabResult::Amount {
        value: "38.0".parse().unwrap(),
        unit: "U/L".to_owned(),
        upper_limit: upper_limit.map(|limit| limit.parse().unwrap()),
    };
    let journal = [
        ("ALT", amount(Some("40"))),
        ("TSH", amount(None)),
        ("ferritin", amount(None)),
        ("PHQ-9", LabResult::Score("7".parse().unwrap())),
        ("urine-opioid-screen", LabResult::Negative),
        ("naloxone-challenge", LabResult::Positive),
        ("TSH", LabResult::Text("< 0.01 mU/L".to_owned())),
    ]
    .into_iter()
    .fold(Journal::default(), |journal, (test, result)| {
        let on = (test != "ferritin").then_some(TODAY);
        journal.with(Role::Patient, TODAY, Body::Lab(Lab { test: test.to_owned(), result, on }))
    });
    let page = |name, fields: &[(&str, &str)], full: bool| {
        let fields = Fields::of(fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect());
        let typed = TypedLab::of(&fields);
        let problems =
            if full { typed.lab(&fields, TODAY, look.words()).err().unwrap_or_default() } else { Vec::new() };
        let reader = Some(AccountId::from_uuid(Uuid::from_u128(8)));
        let page = LabsPage {
            frame: frame(look, "/labs"),
            form_token: "token".to_owned(),
            typed,
            problems,
            saved: !full,
            held: None,
            results: if full { results(look.words(), &journal.course(), reader) } else { Vec::new() },
        };
        Sampled { name, html: page.render().unwrap() }
    };
    vec![
        page("labs: empty", &[], false),
        page("labs: everything missing", &[], true),
        page(
            "labs: a comma and a wrong unit",
            &[("test", "alt"), ("value", "38,5"), ("unit", "spoons")],
            true,
        ),
        page(
            "labs: another test without a unit",
            &[("test", "other"), ("value", "x"), ("limit", "1"), ("no_limit", "yes")],
            true,
        ),
    ]
}
