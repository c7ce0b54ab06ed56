//! The part of the page that is for the person who kept the diary.

use ldn_core::Diary;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::decision::{BASELINE_SCORES, EVALUATION_SCORES, Response};
use ldn_verdict::response::series::Series;

use super::Drawings;
use super::diary_table::DiaryTable;
use super::explanations::{Explanation, explanations};
use crate::answers::{Answers, Zone};
use crate::days::Days;
use crate::diary_chart::{diary_chart_in, sentence, wording_of};
use crate::dot_plot::{Reader, dot_plot_in};
use crate::numbers;
use crate::theme::Theme;

pub(super) struct Person<'a> {
    /// The patient's text up to what to do next, in paragraphs.
    pub(super) paragraphs: Vec<&'a str>,
    pub(super) next: &'a str,
    /// What stands after it in the text: what comes before everything else.
    pub(super) caution: &'a str,
    pub(super) surer: &'a str,
    pub(super) missing: Vec<MissingDays>,
    pub(super) answers: Option<AnswersView>,
    pub(super) diary: DiaryView,
    pub(super) explanations: Vec<Explanation>,
}

/// How far a window is from being enough.
pub(super) struct MissingDays {
    pub(super) words: String,
    /// A row of full and empty circles, for the eye only.
    pub(super) circles: String,
}

pub(super) struct AnswersView {
    pub(super) drawings: Drawings,
    pub(super) question: String,
    pub(super) sentence: String,
    pub(super) rows: Vec<(String, usize)>,
    pub(super) n: usize,
}

pub(super) struct DiaryView {
    pub(super) drawings: Drawings,
    pub(super) sentence: String,
    pub(super) table: DiaryTable,
}

impl<'a> Person<'a> {
    pub(super) fn new(diary: &Diary, series: &Series, verdict: &'a Verdict) -> Person<'a> {
        let text = &verdict.text;
        let (before, caution) =
            text.patient.split_once(text.next.as_str()).unwrap_or((text.patient.as_str(), ""));
        Person {
            paragraphs: paragraphs(before),
            next: &text.next,
            caution: caution.trim(),
            surer: &text.surer,
            missing: missing_days(verdict),
            answers: AnswersView::of(verdict),
            diary: DiaryView::of(diary, series, verdict),
            explanations: explanations(verdict),
        }
    }
}

/// The total with its range is one thought, and what follows from it another.
fn paragraphs(text: &str) -> Vec<&str> {
    const END_OF_TOTAL: &str = " scored days. ";
    let split = text.find(END_OF_TOTAL).map_or(0, |at| at + END_OF_TOTAL.len());
    let (total, rest) = text.split_at(split);
    [total, rest].map(str::trim).into_iter().filter(|part| !part.is_empty()).collect()
}

fn missing_days(verdict: &Verdict) -> Vec<MissingDays> {
    if verdict.response != Response::InsufficientData {
        return Vec::new();
    }
    let observed = verdict.observed;
    [
        ("Before the first capsule", observed.baseline_scored, BASELINE_SCORES),
        ("In the last four weeks on capsules", observed.evaluation_scored, EVALUATION_SCORES),
    ]
    .into_iter()
    .map(|(window, have, need)| {
        let full = have.min(need);
        let enough = match need - full {
            0 => "enough".to_owned(),
            lacking => format!("{lacking} of {need} missing"),
        };
        MissingDays {
            words: format!("{window}: {}, {enough}.", numbers::counted(have, "scored day", "scored days")),
            circles: "●".repeat(full) + &"○".repeat(need - full),
        }
    })
    .collect()
}

/// What the dots answer.
fn question(verdict: &Verdict, measure: &str) -> String {
    if verdict.judged_built_up {
        let dose = verdict.reference_dose_mg;
        format!("How much better can your {measure} be expected to be at {dose} mg, once built up?")
    } else {
        format!("How much has your {measure} changed since the start?")
    }
}

impl AnswersView {
    fn of(verdict: &Verdict) -> Option<AnswersView> {
        let answers = Answers::of(verdict, Reader::Patient)?;
        let measure = wording_of(verdict.measure);
        Some(AnswersView {
            drawings: Drawings::of(|layout| dot_plot_in(verdict, Reader::Patient, Theme::Page, layout))?,
            question: format!(
                "{} Each dot is one of {} answers that are equally likely.",
                question(verdict, measure),
                answers.dots.len()
            ),
            sentence: answers.sentence(),
            rows: Zone::ALL
                .map(|zone| (numbers::capitalised(&answers.zone_words(zone)), answers.count(zone)))
                .to_vec(),
            n: answers.dots.len(),
        })
    }
}

impl DiaryView {
    fn of(diary: &Diary, series: &Series, verdict: &Verdict) -> DiaryView {
        let days = Days::new(diary, series, verdict.measure);
        let draw = |layout| diary_chart_in(diary, series, verdict, Theme::Page, layout);
        DiaryView {
            drawings: Drawings {
                narrow: draw(crate::svg::Layout::Narrow),
                wide: draw(crate::svg::Layout::Wide),
            },
            sentence: sentence(&days, series, verdict),
            table: DiaryTable::of(&days),
        }
    }
}
