//! What the newest finished answers add up to: numbers and how they came about, no judgement.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_core::instrument::{
    Acr2016Score, FiqrBandSet, FiqrScore, Instrument, InstrumentId, ItemSum, NotScored, Pgic,
};

use super::answers::newest_finished;
use super::fill::{catalogue, find};
use super::question::text;
use super::score::{Answers, Scored, score};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::plan::in_words;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

#[derive(Template)]
#[template(path = "instruments/result.html")]
pub(super) struct ResultPage {
    frame: Frame,
    name: String,
    day: String,
    headline: String,
    facts: Vec<(String, String)>,
    notes: Vec<String>,
}

/// What the page says of a score.
pub(crate) struct Told {
    pub(crate) headline: String,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) notes: Vec<String>,
}

pub(super) async fn show(
    State(site): State<Site>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let catalogue = catalogue(&site, &desk)?;
    let instrument = find(&desk, &catalogue, &id)?;
    let Some(newest) = newest_finished(&desk.course, instrument) else {
        return Ok(Redirect::to(&format!("/instruments/{}", instrument.id)).into_response());
    };
    let frame = desk.frame(&site, &format!("/instruments/{}/result", instrument.id));
    let page = ResultPage::new(frame, instrument, newest.origin.day, &newest.value.answers);
    Ok(rendered(&page).into_response())
}

impl ResultPage {
    pub(super) fn new(frame: Frame, instrument: &Instrument, day: Date, answers: &Answers) -> ResultPage {
        let words = frame.words;
        let Told { headline, facts, notes } = result_told(words, instrument, answers);
        ResultPage {
            name: words.say(&format!("instruments-{}", instrument.id)),
            day: in_words(words, day),
            headline,
            facts,
            notes,
            frame,
        }
    }
}

/// Says what a set of answers adds up to, or why it does not.
pub(crate) fn result_told(words: Words, instrument: &Instrument, answers: &Answers) -> Told {
    match score(instrument.id, answers) {
        Ok(scored) => told(words, instrument, scored),
        Err(not_scored) => without_score(words, &not_scored),
    }
}

fn told(words: Words, instrument: &Instrument, scored: Scored) -> Told {
    match scored {
        Scored::Fiqr(score) => of_fiqr(words, score),
        Scored::Acr2016(score) => of_acr2016(words, score),
        Scored::Sum(sum) => of_sum(words, instrument, sum),
        Scored::Pgic(change) => of_pgic(words, instrument, change),
    }
}

fn of(words: Words, total: &str, highest: u8) -> String {
    words.say_with("instruments-total", &[("total", total), ("highest", &highest.to_string())])
}

fn of_fiqr(words: Words, score: FiqrScore) -> Told {
    let band = |set: FiqrBandSet| words.say(&format!("instruments-band-{}", set.band(score.total)));
    let fact = |code: &str, value: String| (words.say(code), value);
    let gaps = score.prorated.then(|| words.say("instruments-fiqr-prorated"));
    Told {
        headline: of(words, &score.total.to_string(), 100),
        facts: vec![
            fact("instruments-fiqr-function", of(words, &score.function.to_string(), 30)),
            fact("instruments-fiqr-overall", of(words, &score.overall.to_string(), 20)),
            fact("instruments-fiqr-symptoms", of(words, &score.symptoms.to_string(), 50)),
            fact("instruments-fiqr-set-a", band(FiqrBandSet::Salaffi2018)),
            fact("instruments-fiqr-set-b", band(FiqrBandSet::Salaffi2021)),
        ],
        notes: gaps
            .into_iter()
            .chain([words.say("instruments-higher-worse"), words.say("instruments-fiqr-bands")])
            .collect(),
    }
}

fn of_acr2016(words: Words, score: Acr2016Score) -> Told {
    let fact = |code: &str, total: u8, highest: u8| (words.say(code), of(words, &total.to_string(), highest));
    Told {
        headline: words.say(match score.meets_criteria {
            Some(true) => "instruments-acr-met",
            Some(false) => "instruments-acr-not-met",
            None => "instruments-acr-open",
        }),
        facts: vec![
            fact("instruments-acr-wpi", score.widespread_pain_index, 19),
            fact("instruments-acr-sss", score.symptom_severity, 12),
            fact("instruments-acr-psd", score.polysymptomatic_distress, 31),
            fact("instruments-acr-regions", score.regions, 5),
        ],
        notes: vec![words.say("instruments-acr-rule"), words.say("instruments-no-diagnosis")],
    }
}

fn of_sum(words: Words, instrument: &Instrument, sum: ItemSum) -> Told {
    let band = words.say(&format!("instruments-band-{}", sum.band));
    let about =
        if instrument.id == InstrumentId::Phq9 { "instruments-phq9-band" } else { "instruments-gad7-band" };
    Told {
        headline: of(words, &sum.total.to_string(), instrument.range[1]),
        facts: vec![(words.say(about), band)],
        notes: vec![words.say("instruments-higher-worse"), words.say("instruments-no-diagnosis")],
    }
}

fn of_pgic(words: Words, instrument: &Instrument, change: Pgic) -> Told {
    let place = Pgic::ALL.iter().position(|known| *known == change);
    let wording = place.and_then(|place| instrument.answers.get(place));
    Told {
        headline: wording.map(|wording| text(words, wording).to_owned()).unwrap_or_default(),
        facts: Vec::new(),
        notes: vec![words.say("instruments-pgic-note")],
    }
}

/// A gap is told, and never filled in.
fn without_score(words: Words, not_scored: &NotScored) -> Told {
    let note = match not_scored {
        NotScored::TooFewAnswers { answered, items, .. } => words.say_with(
            "instruments-too-few",
            &[("answered", &answered.to_string()), ("items", &items.to_string())],
        ),
        NotScored::OutOfRange { .. } => words.say("instruments-out-of-range"),
    };
    Told { headline: words.say("instruments-no-score"), facts: Vec::new(), notes: vec![note] }
}
