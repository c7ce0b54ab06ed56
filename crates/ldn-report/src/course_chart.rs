//! The diary of one measure for the person who keeps it: scores, their weekly course, doses, plan, side effects, goal.
//!
//! It differs from [`mod@crate::diary_chart`] in what it knows: no verdict and so no window or mean, but which scores were
//! entered late, what the plan said, and the person's own goal. Words are the caller's.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ldn_core::{Direction, Dose, Measure};

use crate::axis::{self, AXIS_LABELS, ShortMonths};
use crate::days::{Day, Days, Taken};
use crate::scale::Scale;
use crate::svg::{Anchor, Drawing, Layout, Lettering, Path, SMALL, Stroke};
use crate::theme::{Role, Theme};

/// Room left of the plot for the numbers of the axis.
const LEFT: f64 = 30.0;
/// Height of the dose ribbon, without the labels above it.
const RIBBON: f64 = 44.0;
/// Height of a caption, and of the labels above the steps.
const CAPTION: f64 = 22.0;
/// About how wide a letter of a small label is.
const LETTER: f64 = 7.3;
/// Points per unit of width from which on the course is thinned out.
const DENSEST: f64 = 1.5;
/// The longest stretch whose late scores are drawn as rings; beyond it they would hide the course.
const LONGEST_WITH_RINGS: usize = 400;

/// A diary to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseChart {
    /// What was scored.
    pub measure: Measure,
    /// The first day.
    pub start: Date,
    /// One for each calendar day from the first on, also those on which nothing was recorded.
    pub days: Vec<ChartDay>,
    /// The person's goal, on the measure's own scale from 0 to 10.
    pub goal: Option<f64>,
    /// The words of the picture.
    pub words: CourseWords,
}

/// One calendar day of the diary.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChartDay {
    /// The score as typed, on 0 to 10; `None` if there is none.
    pub score: Option<f64>,
    /// Whether the score was entered after its day.
    pub late: bool,
    /// Naltrexone that was taken; `None` if nobody said, or nobody may know.
    pub taken: Option<Dose>,
    /// Naltrexone that the plan asked for; `None` if it asked for nothing, or nobody may know.
    pub planned: Option<Dose>,
    /// Whether a side effect was noted.
    pub side_effect: bool,
    /// Whether the day belongs to a blinded period: then no dose is drawn.
    pub blinded: bool,
}

/// The words of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseWords {
    /// What it is, for those who do not see it.
    pub title: String,
    /// The whole picture in a sentence.
    pub description: String,
    /// The measure with the direction that is better: "Pain: lower is better".
    pub heading: String,
    /// Key of the dots.
    pub each_day: String,
    /// Key of the rings; used only if there are late scores.
    pub late: String,
    /// Key of the bold line.
    pub course: String,
    /// The bands of the scale: none, mild, moderate, severe.
    pub bands: [String; 4],
    /// At the line of the goal.
    pub goal: String,
    /// Caption of the doses.
    pub doses: String,
    /// Caption of the doses where part of the time is blinded.
    pub blinded: String,
    /// Caption of the side effects.
    pub side_effects: String,
    /// Short names of the months.
    pub months: ShortMonths,
}

/// Draws the diary; `None` if it has no day.
///
/// However long it is, the number of elements stays bounded: dots, rings, lines and marks are one path each.
pub fn course_chart(chart: &CourseChart, theme: Theme, layout: Layout) -> Option<String> {
    if chart.days.is_empty() {
        return None;
    }
    let days = days_of(chart);
    let frame = Frame::new(chart, &days, layout);
    let mut picture = Picture { drawing: Drawing::new(layout, theme), chart, days: &days, frame, layout };
    picture.header();
    picture.ground();
    let Frame { top, axis, .. } = picture.frame;
    let span = [top, axis, layout.width()];
    axis::days(&mut picture.drawing, chart.start, days.n(), &picture.frame.x, span, &chart.words.months);
    picture.goal();
    picture.scores();
    picture.ribbon();
    picture.side_effects();
    let height = axis + AXIS_LABELS;
    Some(picture.drawing.finish(height, &chart.words.title, &chart.words.description))
}

/// Returns the median of the scored days around each day, as the bold line shows it; `None` where it is broken.
pub fn course_of(chart: &CourseChart) -> Vec<Option<f64>> {
    days_of(chart).medians()
}

fn days_of(chart: &CourseChart) -> Days {
    let day = |day: &ChartDay| Day {
        score: day.score,
        taken: match day.taken {
            Some(dose) if !dose.is_zero() && !day.blinded => Taken::Dose(dose),
            _ => Taken::Nothing,
        },
        blind: day.blinded,
        side_effects: Vec::new(),
    };
    Days { measure: chart.measure, start: chart.start, days: chart.days.iter().map(day).collect() }
}

/// Where everything stands.
struct Frame {
    x: Scale,
    y: Scale,
    top: f64,
    bottom: f64,
    right: f64,
    /// Bottom of the dose ribbon; absent if there is nothing to draw on it.
    ribbon: Option<f64>,
    /// Middle of the row of side effects; absent if there are none.
    marks: Option<f64>,
    axis: f64,
}

impl Frame {
    fn new(chart: &CourseChart, days: &Days, layout: Layout) -> Frame {
        let longest = chart.words.bands.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        let edge = if has_bands(chart.measure) { LETTER * longest as f64 + 10.0 } else { 10.0 };
        let right = layout.width() - edge;
        let (top, high) = match layout {
            Layout::Narrow => (92.0, 216.0),
            Layout::Wide => (50.0, 240.0),
        };
        let bottom = top + high;
        let mut y = bottom + 6.0;
        let has_doses = chart.days.iter().any(|day| day.blinded || day.taken.or(day.planned).is_some());
        let ribbon = has_doses.then(|| {
            y += CAPTION + CAPTION + RIBBON;
            y
        });
        let marks = chart.days.iter().any(|day| day.side_effect).then(|| {
            y += CAPTION + 16.0;
            y - 5.0
        });
        Frame {
            x: Scale::new([-0.5, days.n() as f64 - 0.5], [LEFT, right]),
            y: Scale::new([0.0, 10.0], [bottom, top]),
            top,
            bottom,
            right,
            ribbon,
            marks,
            axis: y + 4.0,
        }
    }
}

/// Sleep and mood have no bands in words.
const fn has_bands(measure: Measure) -> bool {
    matches!(measure, Measure::Pain | Measure::Fatigue | Measure::Fog)
}

/// The middle of each band: none 0, mild 1 to 3, moderate 4 to 6, severe 7 to 10.
const BANDS: [f64; 4] = [0.0, 2.0, 5.0, 8.5];

struct Picture<'a> {
    drawing: Drawing,
    chart: &'a CourseChart,
    days: &'a Days,
    frame: Frame,
    layout: Layout,
}

impl Picture<'_> {
    fn lower_is_better(&self) -> bool {
        self.chart.measure.direction() == Direction::LowerIsBetter
    }

    fn has_late(&self) -> bool {
        self.days.n() <= LONGEST_WITH_RINGS
            && self.chart.days.iter().any(|day| day.late && day.score.is_some())
    }

    /// The measure with its arrow, and the key.
    fn header(&mut self) {
        let arrow = if self.lower_is_better() { "↓" } else { "↑" };
        let heading = format!("{arrow} {}", self.chart.words.heading);
        self.drawing.text([2.0, 18.0], &heading, Lettering { bold: true, ..Lettering::PLAIN });
        let words = &self.chart.words;
        let mut keys = vec![(Key::Dot, words.each_day.clone()), (Key::Line, words.course.clone())];
        if self.has_late() {
            keys.insert(1, (Key::Ring, words.late.clone()));
        }
        let widths: Vec<f64> = keys
            .iter()
            .map(|(key, text)| key.width() + LETTER * text.chars().count() as f64 + 14.0)
            .collect();
        let (mut x, mut y) = match self.layout {
            Layout::Narrow => (2.0, 41.0),
            Layout::Wide => ((self.layout.width() - widths.iter().sum::<f64>()).max(2.0), 40.0),
        };
        for ((key, text), wide) in keys.iter().zip(widths) {
            if x > 2.0 && x + wide > self.layout.width() + 14.0 {
                (x, y) = (2.0, y + 20.0);
            }
            self.key(*key, [x, y]);
            self.drawing.text([x + key.width(), y], text, Lettering::QUIET);
            x += wide;
        }
    }

    fn key(&mut self, key: Key, [x, y]: [f64; 2]) {
        let mut dot = Path::default();
        dot.dot([x + 4.0, y - 4.5]);
        match key {
            Key::Dot => self.drawing.path(&dot, DOTS),
            Key::Ring => {
                self.drawing.path(&dot, RING);
                self.drawing.path(&dot, HOLE);
            }
            Key::Line => self.drawing.line([x, y - 4.5], [x + 22.0, y - 4.5], COURSE),
        }
    }

    /// The better side, the axis from 0 to 10 and the bands in words.
    fn ground(&mut self) {
        let Frame { top, bottom, right, .. } = self.frame;
        let place = |score: f64| self.frame.y.place(score);
        let [upper, lower] = if self.lower_is_better() { [place(3.5), bottom] } else { [top, place(6.5)] };
        let lines: Vec<(u8, f64)> = (0..=5).map(|k| (2 * k, place(f64::from(2 * k)))).collect();
        let bands = BANDS.map(place);
        self.drawing.rect([LEFT, upper, right - LEFT, lower - upper], Role::Shade);
        for (score, y) in lines {
            self.drawing.line([LEFT, y], [right, y], Stroke::full(Role::Soft, 0.8));
            let lettering = Lettering::QUIET.at(Anchor::End);
            self.drawing.text([LEFT - 9.0, y + SMALL / 3.0], &score.to_string(), lettering);
        }
        if has_bands(self.chart.measure) {
            for (y, word) in bands.into_iter().zip(&self.chart.words.bands) {
                self.drawing.text([right + 6.0, y + SMALL / 3.0], word, Lettering::QUIET);
            }
        }
        self.axis_arrow();
    }

    /// The axis itself is an arrow to the better end.
    fn axis_arrow(&mut self) {
        let Frame { top, bottom, .. } = self.frame;
        let (from, to, back) = if self.lower_is_better() { (top, bottom, -7.0) } else { (bottom, top, 7.0) };
        let mut arrow = Path::default();
        arrow.move_to([LEFT, from]);
        arrow.line_to([LEFT, to]);
        arrow.move_to([LEFT - 4.0, to + back]);
        arrow.line_to([LEFT, to]);
        arrow.line_to([LEFT + 4.0, to + back]);
        self.drawing.path(&arrow, Stroke::full(Role::Accent, 1.8));
    }

    fn goal(&mut self) {
        let Some(goal) = self.chart.goal else { return };
        let (y, right) = (self.frame.y.place(goal.clamp(0.0, 10.0)), self.frame.right);
        self.drawing.line([LEFT, y], [right, y], Stroke::dashed(Role::Ink, 1.4));
    }

    fn scores(&mut self) {
        let (mut dots, mut rings) = (Path::default(), Path::default());
        let mut drawn = BTreeSet::new();
        let with_rings = self.has_late();
        for (t, day) in self.chart.days.iter().enumerate() {
            let Some(score) = day.score else { continue };
            let at = [self.frame.x.place(t as f64), self.frame.y.place(score)];
            // In a very long diary many days fall on the same spot: one dot is enough.
            if drawn.insert(at.map(|place| (place * 2.0).round() as i64)) {
                let path = if day.late && with_rings { &mut rings } else { &mut dots };
                path.dot(at);
            }
        }
        self.drawing.path(&dots, DOTS);
        self.drawing.path(&rings, RING);
        self.drawing.path(&rings, HOLE);
        let course = self.course();
        self.drawing.path(&course, COURSE);
        self.goal_label();
    }

    /// Over or under its line, at the left or the right, where it covers the least of the course.
    fn goal_label(&mut self) {
        let Some(goal) = self.chart.goal else { return };
        let line = self.frame.y.place(goal.clamp(0.0, 10.0));
        let wide = LETTER * self.chart.words.goal.chars().count() as f64;
        let lefts = [LEFT + 8.0, (self.frame.right - wide - 4.0).max(LEFT + 8.0)];
        let medians = self.days.medians();
        let covered = |left: f64, baseline: f64| {
            let points = medians.iter().enumerate().filter_map(|(t, median)| Some((t, (*median)?)));
            let inside = points.filter(|(t, median)| {
                let (x, y) = (self.frame.x.place(*t as f64), self.frame.y.place(*median));
                left <= x && x <= left + wide && baseline - SMALL - 2.0 <= y && y <= baseline + 4.0
            });
            inside.count()
        };
        let places = lefts.into_iter().flat_map(|left| [(left, line - 6.0), (left, line + 16.0)]);
        let fits =
            |(_, baseline): &(f64, f64)| *baseline - SMALL > self.frame.top && *baseline < self.frame.bottom;
        let best = places.filter(fits).min_by_key(|(left, baseline)| covered(*left, *baseline));
        let (left, baseline) = best.unwrap_or((lefts[0], line - 6.0));
        let lettering = Lettering { colour: Role::Ink, rimmed: true, ..Lettering::QUIET };
        self.drawing.text([left, baseline], &self.chart.words.goal, lettering);
    }

    /// The medians as a line that no missing run is joined across.
    fn course(&self) -> Path {
        let step = (1.0 / (DENSEST * self.frame.x.unit())).floor().max(1.0) as usize;
        let medians = self.days.medians();
        let mut path = Path::default();
        let mut pen_is_down = false;
        for (t, median) in medians.iter().enumerate() {
            let Some(median) = median else {
                pen_is_down = false;
                continue;
            };
            let at = [self.frame.x.place(t as f64), self.frame.y.place(*median)];
            let alone = medians.get(t + 1).copied().flatten().is_none();
            match (pen_is_down, alone) {
                (false, true) => path.dot(at),
                (false, false) => path.move_to(at),
                (true, _) if t % step == 0 || alone => path.line_to(at),
                (true, _) => {}
            }
            pen_is_down = true;
        }
        path
    }

    /// What was taken as filled steps, what the plan asked for as an outline.
    fn ribbon(&mut self) {
        let Some(floor) = self.frame.ribbon else { return };
        let words = &self.chart.words;
        let caption =
            if self.chart.days.iter().any(|day| day.blinded) { &words.blinded } else { &words.doses };
        self.drawing.text([LEFT, floor - RIBBON - CAPTION - 8.0], caption, Lettering::QUIET);
        let highest = self.chart.days.iter().filter(|day| !day.blinded);
        let highest = highest.flat_map(|day| [day.taken, day.planned]).flatten().max().unwrap_or(Dose::ZERO);
        let unit = if highest.is_zero() { 0.0 } else { RIBBON / highest.milligrams() };
        for (run, dose) in self.runs(|day| day.taken) {
            let [left, right] = self.ends(&run);
            let high = unit * dose.milligrams();
            self.drawing.rect([left, floor - high, right - left, high], Role::Fill);
        }
        let planned = self.outline(floor, unit);
        self.drawing.path(&planned, Stroke::full(Role::Accent, 1.6));
        let blinded = self.hatching(floor);
        self.drawing.path(&blinded, Stroke { opacity: 0.55, ..Stroke::full(Role::Ink, 0.8) });
        self.drawing.line([LEFT, floor], [self.frame.right, floor], Stroke::full(Role::Muted, 1.0));
        self.dose_labels(floor, unit);
    }

    /// Runs of days with the same dose, more than nothing.
    fn runs(&self, dose: impl Fn(&ChartDay) -> Option<Dose>) -> Vec<(std::ops::Range<usize>, Dose)> {
        let mut runs: Vec<(std::ops::Range<usize>, Dose)> = Vec::new();
        for (t, day) in self.chart.days.iter().enumerate().filter(|(_, day)| !day.blinded) {
            let Some(dose) = dose(day).filter(|dose| !dose.is_zero()) else { continue };
            match runs.last_mut() {
                Some((run, same)) if run.end == t && *same == dose => run.end = t + 1,
                _ => runs.push((t..t + 1, dose)),
            }
        }
        runs
    }

    fn ends(&self, run: &std::ops::Range<usize>) -> [f64; 2] {
        [self.frame.x.place(run.start as f64 - 0.5), self.frame.x.place(run.end as f64 - 0.5)]
    }

    fn outline(&self, floor: f64, unit: f64) -> Path {
        let mut path = Path::default();
        let mut before: Option<(usize, f64)> = None;
        for (run, dose) in self.runs(|day| day.planned) {
            let [left, right] = self.ends(&run);
            let top = floor - unit * dose.milligrams();
            match before {
                Some((end, level)) if end == run.start => {
                    path.line_to([left, level]);
                    path.line_to([left, top]);
                }
                _ => {
                    path.move_to([left, floor]);
                    path.line_to([left, top]);
                }
            }
            path.line_to([right, top]);
            before = Some((run.end, top));
        }
        path
    }

    /// Stripes over the blinded days, the same whatever was in the kit.
    fn hatching(&self, floor: f64) -> Path {
        const APART: f64 = 6.0;
        let mut path = Path::default();
        for run in self.days.runs(|day| day.blind) {
            let [left, right] = self.ends(&run);
            let first = ((left - RIBBON) / APART).ceil() as i64;
            let last = (right / APART).floor() as i64;
            for stripe in first..=last {
                let x = stripe as f64 * APART;
                let (from, to) = (x.max(left), (x + RIBBON).min(right));
                if from < to {
                    path.move_to([from, floor - (from - x)]);
                    path.line_to([to, floor - (to - x)]);
                }
            }
        }
        path
    }

    /// One label for each dose, where there is room: of what was taken, else of what was planned.
    fn dose_labels(&mut self, floor: f64, unit: f64) {
        let taken = self.days.regimens().into_iter().filter_map(|regimen| match regimen.taken {
            Taken::Dose(dose) => Some((regimen.first..regimen.last + 1, dose)),
            Taken::Nothing | Taken::Placebo => None,
        });
        let taken: Vec<_> = taken.collect();
        let runs = if taken.is_empty() { self.runs(|day| day.planned) } else { taken };
        let mut free_from = LEFT;
        for (run, dose) in runs {
            let [left, right] = self.ends(&run);
            let text = dose.to_string();
            let wide = LETTER * text.chars().count() as f64;
            let at = ((left + right - wide) / 2.0).max(free_from).min(self.frame.right - wide);
            if right - left < 0.4 * wide || at < free_from {
                continue;
            }
            let baseline = floor - unit * dose.milligrams() - 5.0;
            let lettering = Lettering { colour: Role::Ink, rimmed: true, ..Lettering::QUIET };
            self.drawing.text([at, baseline], &text, lettering);
            free_from = at + wide + 5.0;
        }
    }

    fn side_effects(&mut self) {
        let Some(y) = self.frame.marks else { return };
        self.drawing.text([LEFT, y - 12.0], &self.chart.words.side_effects, Lettering::QUIET);
        let mut marks = Path::default();
        let mut drawn = None;
        for (t, _) in self.chart.days.iter().enumerate().filter(|(_, day)| day.side_effect) {
            let x = (self.frame.x.place(t as f64) * 2.0).round() / 2.0;
            if drawn != Some(x) {
                marks.move_to([x, y - 5.0]);
                marks.line_to([x, y + 5.0]);
                drawn = Some(x);
            }
        }
        self.drawing.path(&marks, Stroke::full(Role::Ink, 1.8));
    }
}

/// A kind of key.
#[derive(Clone, Copy)]
enum Key {
    Dot,
    Ring,
    Line,
}

impl Key {
    const fn width(self) -> f64 {
        match self {
            Key::Dot | Key::Ring => 13.0,
            Key::Line => 29.0,
        }
    }
}

const DOTS: Stroke = Stroke { opacity: 0.5, ..Stroke::full(Role::Muted, 4.4) };
const RING: Stroke = Stroke::full(Role::Muted, 6.4);
const HOLE: Stroke = Stroke::full(Role::Paper, 3.2);
const COURSE: Stroke = Stroke::full(Role::Accent, 3.2);
