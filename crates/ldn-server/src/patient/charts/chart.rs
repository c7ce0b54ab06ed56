//! One measure of a course, day by day: what picture, sentence and table are made of.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::course::{Course, Trial};
use ldn_core::diary::DiaryRow;
use ldn_core::plan::DayPlan;
use ldn_core::{Direction, Dose, Measure};
use ldn_report::{ChartDay, CourseChart, CourseWords, course_of, goal_score};
use ldn_verdict::response::decision::BASELINE_SCORES;

use crate::patient::plan::{Case, in_words, short_months};
use crate::words::Words;

/// Days before the first capsule that the goal is counted from: the baseline window of the verdict.
const BEFORE_DAYS: i64 = 28;
/// The longest stretch that is drawn.
const LONGEST_DAYS: i64 = 730;
/// Days whose middle the sentence names.
const WEEK: usize = 7;

/// How far back a chart goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    FourWeeks,
    TwelveWeeks,
    All,
}

impl Stretch {
    pub(crate) const ALL: [Stretch; 3] = [Stretch::FourWeeks, Stretch::TwelveWeeks, Stretch::All];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Stretch::FourWeeks => "4",
            Stretch::TwelveWeeks => "12",
            Stretch::All => "all",
        }
    }

    const fn days(self) -> i64 {
        match self {
            Stretch::FourWeeks => 28,
            Stretch::TwelveWeeks => 84,
            Stretch::All => LONGEST_DAYS,
        }
    }
}

/// One measure of a course.
pub(crate) struct Charted {
    pub(crate) chart: CourseChart,
    pub(crate) sentences: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) date: String,
    pub(crate) score: String,
    pub(crate) late: bool,
    pub(crate) dose: String,
    pub(crate) side_effects: Vec<String>,
}

impl Charted {
    /// Looks at a measure; `None` if it has no score in the stretch.
    pub(crate) fn of(case: Case<'_>, measure: Measure, stretch: Stretch) -> Option<Charted> {
        let rows = case.course.diary().ok()?.rows().to_vec();
        let scored = |row: &&DiaryRow| row.score(measure).is_some() && row.date <= case.today;
        let oldest = rows.iter().find(scored)?.date;
        let longest = case.today.checked_sub((stretch.days() - 1).days()).ok()?;
        let start = oldest.max(longest);
        let last = rows.iter().filter(scored).map(|row| row.date).max()?;
        if last < start {
            return None;
        }
        let goal = goal(&rows, measure);
        let days: Vec<ChartDay> = start
            .series(1.day())
            .take_while(|date| *date <= case.today)
            .map(|date| day(case, &rows, measure, date))
            .collect();
        let words = words_of(case.words, measure, goal);
        let mut chart = CourseChart { measure, start, days, goal, words };
        let sentences = sentences(case, &chart);
        chart.words.description = sentences.join(" ");
        let rows = rows.iter().filter(|row| start <= row.date && row.date <= case.today);
        let rows = rows.rev().filter_map(|row| Row::of(case, row, measure)).collect();
        Some(Charted { chart, sentences, rows })
    }
}

fn day(case: Case<'_>, rows: &[DiaryRow], measure: Measure, date: Date) -> ChartDay {
    let row = rows.binary_search_by_key(&date, |row| row.date).ok().map(|at| &rows[at]);
    let blinded = sealed(case.course, date);
    let planned = match case.on(date) {
        DayPlan::Take(step) if !blinded && !case.is_blinded() => Some(step.dose()),
        _ => None,
    };
    ChartDay {
        score: row.and_then(|row| row.score(measure)).map(|score| score.on_ten_points()),
        late: is_late(case.course, measure, date),
        taken: row.and_then(|row| row.dose).filter(|_| !blinded),
        planned,
        side_effect: row.is_some_and(|row| !row.side_effects.is_empty()),
        blinded,
    }
}

/// A day of a trial whose code was not broken: what was taken is nobody's to see.
fn sealed(course: &Course, date: Date) -> bool {
    course.trials().iter().rfind(|trial| trial.covers(date)).is_some_and(Trial::is_blinded)
}

fn is_late(course: &Course, measure: Measure, date: Date) -> bool {
    let score = course.day(date).and_then(|day| day.score(measure));
    score.is_some_and(|score| score.origin.is_late())
}

/// The goal in points, once there are enough scores from before the first capsule.
fn goal(rows: &[DiaryRow], measure: Measure) -> Option<f64> {
    let took = |row: &&DiaryRow| row.capsule == Some(true) || row.dose.is_some_and(|dose| !dose.is_zero());
    let first = rows.iter().find(took)?.date;
    let from = first.checked_sub(BEFORE_DAYS.days()).ok()?;
    let before = rows.iter().filter(|row| from <= row.date && row.date < first);
    let scores: Vec<f64> =
        before.filter_map(|row| row.score(measure)).map(|score| score.on_ten_points()).collect();
    (scores.len() >= BASELINE_SCORES)
        .then(|| goal_score(measure, scores.iter().sum::<f64>() / scores.len() as f64))
}

fn words_of(words: Words, measure: Measure, goal: Option<f64>) -> CourseWords {
    let name = words.say(name_code(measure));
    let lower = measure.direction() == Direction::LowerIsBetter;
    let direction = words.say(if lower { "charts-lower" } else { "charts-higher" });
    let goal = goal.map(points).unwrap_or_default();
    CourseWords {
        title: words.say_with("charts-title", &[("measure", &name)]),
        description: String::new(),
        heading: words.say_with("charts-heading", &[("measure", &name), ("direction", &direction)]),
        each_day: words.say("charts-each-day"),
        late: words.say("charts-late"),
        course: words.say("charts-course"),
        bands: ["charts-none", "charts-mild", "charts-moderate", "charts-severe"].map(|code| words.say(code)),
        goal: words.say_with(if lower { "charts-goal" } else { "charts-goal-up" }, &[("goal", &goal)]),
        doses: words.say("charts-doses"),
        blinded: words.say("charts-doses-blinded"),
        side_effects: words.say("charts-side-effects"),
        months: short_months(words),
    }
}

/// What the picture shows, in the same order. While a trial is blinded nothing is compared.
fn sentences(case: Case<'_>, chart: &CourseChart) -> Vec<String> {
    let words = case.words;
    let name = words.say(in_sentence(chart.measure));
    let scored = chart.days.iter().filter(|day| day.score.is_some()).count();
    let mut all = vec![words.say_with(
        "charts-scored",
        &[
            ("from", &in_words(words, chart.start)),
            ("to", &in_words(words, case.today)),
            ("scored", &scored.to_string()),
            ("days", &chart.days.len().to_string()),
            ("measure", &name),
        ],
    )];
    if !case.is_blinded() {
        all.extend(weeks(words, chart));
        all.extend(chart.goal.map(|goal| words.say_with("charts-goal-sentence", &[("goal", &points(goal))])));
        all.extend(doses(words, chart));
    } else {
        all.push(words.say("charts-recording"));
    }
    let late = chart.days.iter().filter(|day| day.late && day.score.is_some()).count();
    let marked = chart.days.iter().filter(|day| day.side_effect).count();
    for (code, count) in [("charts-late-days", late), ("charts-marked-days", marked)] {
        if count > 0 {
            all.push(words.count(code, u32::try_from(count).unwrap_or(u32::MAX)));
        }
    }
    all
}

/// The bold line at its two ends.
fn weeks(words: Words, chart: &CourseChart) -> Option<String> {
    let course = course_of(chart);
    let first = course.iter().flatten().next()?;
    let last = course.iter().flatten().next_back()?;
    let lower = chart.measure.direction() == Direction::LowerIsBetter;
    let direction = words.say(if lower { "charts-lower" } else { "charts-higher" });
    (course.len() > WEEK).then(|| {
        let values = [("first", points(*first)), ("last", points(*last)), ("direction", direction)];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        words.say_with("charts-weeks", &values)
    })
}

/// Since when which dose was taken, in the order of days; the last six changes.
fn doses(words: Words, chart: &CourseChart) -> Option<String> {
    const MOST: usize = 6;
    let mut changes: Vec<(Date, Dose)> = Vec::new();
    for (index, day) in chart.days.iter().enumerate() {
        let Some(dose) = day.taken.filter(|dose| !dose.is_zero()) else { continue };
        if changes.last().is_none_or(|(_, before)| *before != dose) {
            let date = chart.start.checked_add(i64::try_from(index).ok()?.days()).ok()?;
            changes.push((date, dose));
        }
    }
    let recent = changes.iter().skip(changes.len().saturating_sub(MOST));
    let said: Vec<String> = recent
        .map(|(date, dose)| {
            words.say_with(
                "charts-dose-from",
                &[("dose", &dose.to_string()), ("date", &in_words(words, *date))],
            )
        })
        .collect();
    (!said.is_empty()).then(|| words.say_with("charts-doses-sentence", &[("doses", &said.join(", "))]))
}

impl Row {
    fn of(case: Case<'_>, row: &DiaryRow, measure: Measure) -> Option<Row> {
        let score = row.score(measure).map(|score| points(score.on_ten_points()));
        let blinded = sealed(case.course, row.date);
        let dose = match (blinded, row.dose, row.capsule) {
            (true, _, Some(true)) => case.words.say("charts-kit"),
            (false, Some(dose), _) if !dose.is_zero() => dose.to_string(),
            (_, _, Some(false)) | (false, Some(_), _) => case.words.say("charts-no-dose"),
            _ => String::new(),
        };
        if score.is_none() && dose.is_empty() && row.side_effects.is_empty() {
            return None;
        }
        Some(Row {
            date: in_words(case.words, row.date),
            late: score.is_some() && is_late(case.course, measure, row.date),
            score: score.unwrap_or_else(|| "–".to_owned()),
            dose,
            side_effects: row.side_effects.clone(),
        })
    }
}

/// Prints a score with at most one decimal.
pub(super) fn points(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

pub(crate) const fn name_code(measure: Measure) -> &'static str {
    match measure {
        Measure::Pain => "charts-pain",
        Measure::Fatigue => "charts-fatigue",
        Measure::Sleep => "charts-sleep",
        Measure::Mood => "charts-mood",
        Measure::Fog => "charts-fog",
    }
}

/// The measure inside a sentence: "pain", "el dolor".
pub(crate) const fn in_sentence(measure: Measure) -> &'static str {
    match measure {
        Measure::Pain => "charts-the-pain",
        Measure::Fatigue => "charts-the-fatigue",
        Measure::Sleep => "charts-the-sleep",
        Measure::Mood => "charts-the-mood",
        Measure::Fog => "charts-the-fog",
    }
}
