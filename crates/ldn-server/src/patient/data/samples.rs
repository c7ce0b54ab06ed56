//! The pages of one's own data with everything that they can show.

use askama::Template;

use super::DataPage;
use super::erase::{ErasePage, ReceiptPage};
use crate::look::Look;
use crate::patient::events::FieldProblem;
use crate::patient::samples::{Sampled, frame};

/// Returns every page of this family with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let words = look.words();
    let data = DataPage { frame: frame(look, "/data"), entries: words.count("data-entries", 1) };
    let erase = |name, problems: Vec<FieldProblem>| {
        let page = ErasePage {
            frame: frame(look, "/data/erase"),
            form_token: "token".to_owned(),
            expected: "Ana Prieto".to_owned(),
            typed: "Anna".to_owned(),
            problems,
        };
        Sampled { name, html: page.render().unwrap() }
    };
    let wrong = words.say_with("data-erase-wrong", &[("name", "Ana Prieto")]);
    let receipt =
        ReceiptPage { frame: frame(look, "/help"), when: "1 June 2026, 20:30".into(), number: "7".into() };
    vec![
        Sampled { name: "data", html: data.render().unwrap() },
        erase("data: erase", Vec::new()),
        erase("data: erase, another name", vec![FieldProblem::new("name", wrong)]),
        Sampled { name: "data: receipt", html: receipt.render().unwrap() },
    ]
}
