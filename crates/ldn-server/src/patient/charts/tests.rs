//! The charts with everything that they can show.

use askama::Template;
use ldn_core::Measure;
use ldn_core::course::Course;
use ldn_core::journal::{Answer, Body, Hash, Role, Severity, SideEffect, TrialStarted};

use super::show::{Asked, ChartsPage};
use crate::look::Look;
use crate::patient::plan::Case;
use crate::patient::samples::journal::{TODAY, plus, responder, scores, titration};
use crate::patient::samples::{Journal, Sampled, frame};

/// Returns every page of this family with every sample.
pub(crate) fn pages(look: Look) -> Vec<Sampled> {
    let start = plus(TODAY, -69);
    let full = || {
        let dream = SideEffect { term: "vivid dreams".into(), severity: Severity::Mild, ongoing: Answer::No };
        let sleep = scores(Measure::Sleep, plus(TODAY, -20), &[Some(4), None, Some(6), Some(6)]);
        Journal::default().signed(start, titration(start)).with_all(responder(70)).with_all(sleep).with(
            Role::Patient,
            plus(TODAY, -40),
            Body::SideEffect(dream),
        )
    };
    let trial = TrialStarted { commitment: Hash::of(b"sealed"), design: "{}".to_owned() };
    let blinded = Journal::default()
        .with(Role::Prescriber, plus(TODAY, -400), Body::TrialStarted(trial))
        .with_all(responder(70));
    let page = |name, course: &Course, measure: &str, weeks: &str| {
        let case = Case { course, today: TODAY, words: look.words() };
        let asked = Asked { measure: measure.to_owned(), weeks: weeks.to_owned() };
        Sampled { name, html: ChartsPage::of(case, frame(look, "/charts"), &asked).render().unwrap() }
    };
    let (full, blinded, empty) = (full().course(), blinded.course(), Journal::default().course());
    vec![
        page("charts: pain", &full, "pain", "all"),
        page("charts: pain, 4 weeks", &full, "pain", "4"),
        page("charts: sleep", &full, "sleep", "12"),
        page("charts: nothing of this measure", &full, "mood", "all"),
        page("charts: blinded", &blinded, "pain", "all"),
        page("charts: empty", &empty, "", ""),
    ]
}
