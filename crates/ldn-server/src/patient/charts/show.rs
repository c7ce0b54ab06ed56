//! The page of charts: one measure at a time, chosen by links.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use ldn_core::Measure;
use ldn_report::{Theme, course_chart};
use serde::Deserialize;

use super::chart::{Charted, Row, Stretch, name_code};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::plan::{Case, Drawn};
use crate::site::Site;
use crate::trouble::rendered;

/// Which measure, and how far back.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) measure: String,
    #[serde(default)]
    pub(super) weeks: String,
}

#[derive(Template)]
#[template(path = "charts/show.html")]
pub(super) struct ChartsPage {
    pub(super) frame: Frame,
    name: String,
    measures: Vec<Choice>,
    stretches: Vec<Choice>,
    charted: Option<(Drawn, Vec<String>, Vec<Row>)>,
    blinded: bool,
}

/// A link that chooses.
struct Choice {
    name: String,
    address: String,
    current: bool,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk, Query(asked): Query<Asked>) -> Response {
    rendered(&ChartsPage::of(Case::of(&desk), desk.frame(&site, "/charts"), &asked)).into_response()
}

impl ChartsPage {
    pub(super) fn of(case: Case<'_>, frame: Frame, asked: &Asked) -> ChartsPage {
        let words = case.words;
        let scored = case.course.diary().map(|diary| diary.scored_measures()).unwrap_or_default();
        let measure = asked.measure.parse().ok().or(scored.first().copied()).unwrap_or(Measure::Pain);
        let stretch =
            Stretch::ALL.into_iter().find(|stretch| stretch.code() == asked.weeks).unwrap_or(Stretch::All);
        let address = |measure: Measure, stretch: Stretch| {
            format!("/charts?measure={}&weeks={}", measure.id(), stretch.code())
        };
        let measures = Measure::ALL.map(|other| Choice {
            name: words.say(name_code(other)),
            address: address(other, stretch),
            current: other == measure,
        });
        let stretches = Stretch::ALL.map(|other| Choice {
            name: words.say(&format!("charts-weeks-{}", other.code())),
            address: address(measure, other),
            current: other == stretch,
        });
        let charted = Charted::of(case, measure, stretch).and_then(|charted| {
            let drawn = Drawn::of(|layout| course_chart(&charted.chart, Theme::Page, layout))?;
            Some((drawn, charted.sentences, charted.rows))
        });
        ChartsPage {
            name: words.say(name_code(measure)),
            measures: measures.into(),
            stretches: stretches.into(),
            charted,
            blinded: case.is_blinded(),
            frame,
        }
    }
}
