//! The last 28 days of pain: a small picture and one sentence.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::course::Course;
use ldn_core::score::Measure;
use ldn_report::recent_line::{RecentScore, recent_line};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::Words;

/// How many days the picture shows: four weeks, so that each weekday counts alike.
const DAYS: usize = 28;

/// The picture and the sentence that says the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Line {
    /// SVG.
    pub(crate) svg: String,
    /// The sentence.
    pub(crate) sentence: String,
}

/// Draws the last 28 days of pain. In a blinded trial the sentence counts days and nothing else.
pub(crate) fn line(course: &Course, today: Date, blinded: bool, words: Words) -> Line {
    let score = |days_ago: usize| {
        let date = today.checked_sub((days_ago as i64).days()).ok()?;
        let score = course.day(date)?.score(Measure::Pain)?;
        Some(RecentScore { value: score.value.on_ten_points(), late: score.origin.is_late() })
    };
    let scores: Vec<Option<RecentScore>> = (0..DAYS).rev().map(score).collect();
    let values: Vec<f64> = scores.iter().flatten().map(|score| score.value).collect();
    let count = values.len().to_string();
    let sentence = if values.is_empty() {
        words.say("today-line-none")
    } else if blinded {
        words.say_with("today-line-blinded", &[("count", &count)])
    } else {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        words.say_with("today-line", &[("count", &count), ("value", &format!("{mean:.1}"))])
    };
    let svg = recent_line(&scores, &words.say("today-line-title"), &sentence);
    Line { svg, sentence }
}
