//! The diary as a picture: scores, their weekly course, doses, side effects and the two windows that are compared.

use std::collections::BTreeSet;

use ldn_core::{Diary, Measure};
use ldn_verdict::response::Verdict;
use ldn_verdict::response::decision::Response;
use ldn_verdict::response::series::Series;

use crate::calendar::{self, in_words};
use crate::days::{Days, Regimen, Taken};
use crate::numbers;
use crate::scale::Scale;
use crate::svg::{Anchor, Drawing, Layout, Lettering, Path, SMALL, Stroke};
use crate::theme::{Role, Theme};

/// Room left of the plot for the numbers of the axis.
const LEFT: f64 = 30.0;
/// Height of the dose ribbon, without the labels above it.
const RIBBON: f64 = 44.0;
/// Height of a ribbon's caption and of the labels above its steps.
const CAPTION: f64 = 22.0;
/// Distance of the stripes of a blinded period.
const STRIPE: f64 = 6.0;
/// Points per unit of width from which on the weekly course is thinned out.
const DENSEST: f64 = 1.5;
/// Most changes of dose that a sentence lists.
const CHANGES_IN_WORDS: usize = 6;

/// Draws the diary of one measure as SVG, for a column of text or a file.
///
/// However long the diary is, the number of elements stays bounded: dots, lines and marks are one path each, and labels
/// are left out where there is no room.
pub fn diary_chart(diary: &Diary, series: &Series, verdict: &Verdict, theme: Theme) -> String {
    diary_chart_in(diary, series, verdict, theme, Layout::Wide)
}

/// Draws the same with a given amount of room.
pub fn diary_chart_in(
    diary: &Diary,
    series: &Series,
    verdict: &Verdict,
    theme: Theme,
    layout: Layout,
) -> String {
    let days = Days::new(diary, series, verdict.measure);
    let frame = Frame::new(&days, layout);
    let mut chart = Chart { drawing: Drawing::new(layout, theme), days: &days, frame, layout };
    chart.header();
    chart.ground();
    chart.months();
    chart.first_capsule(series.first_capsule());
    chart.scores();
    chart.windows(series, verdict);
    chart.ribbon();
    chart.side_effects();
    let title = format!("{}, day by day", numbers::capitalised(wording_of(verdict.measure)));
    let height = chart.frame.axis + 38.0;
    chart.drawing.finish(height, &title, &sentence(&days, series, verdict))
}

/// What a measure is called in a sentence.
pub(crate) const fn wording_of(measure: Measure) -> &'static str {
    match measure {
        Measure::Fog => "brain fog",
        other => other.id(),
    }
}

/// The observed means of the two windows, where they may stand side by side.
pub(crate) fn shown_means(verdict: &Verdict) -> [Option<f64>; 2] {
    let observed = verdict.observed;
    match verdict.response {
        // Two means next to each other are a change, and too few days allow none to be told.
        Response::InsufficientData => [None, None],
        Response::NoTreatmentYet => [observed.baseline_mean, None],
        _ => [observed.baseline_mean, observed.evaluation_mean],
    }
}

/// The chart in words.
pub(crate) fn sentence(days: &Days, series: &Series, verdict: &Verdict) -> String {
    let mut sentences = vec![format!(
        "From {} to {}, {} of {} days have a {} score.",
        in_words(days.date(0)),
        in_words(days.date(days.n() - 1)),
        days.n_scored(),
        days.n(),
        wording_of(verdict.measure)
    )];
    sentences.extend(means_in_words(verdict));
    sentences.push(doses_in_words(days, series));
    let marked = days.runs(|day| !day.side_effects.is_empty()).iter().map(|run| run.len()).sum::<usize>();
    if marked > 0 {
        sentences.push(format!("Side effects are noted on {}.", numbers::counted(marked, "day", "days")));
    }
    sentences.join(" ")
}

fn means_in_words(verdict: &Verdict) -> Option<String> {
    let observed = verdict.observed;
    let measure = wording_of(verdict.measure);
    match shown_means(verdict) {
        [Some(before), Some(after)] => Some(format!(
            "Before the first capsule the mean {measure} was {} ({}); in the last {} on capsules it was {} ({}); {}.",
            numbers::points(before),
            numbers::counted(observed.baseline_scored, "scored day", "scored days"),
            numbers::counted(verdict.evaluation_days, "day", "days"),
            numbers::points(after),
            numbers::counted(observed.evaluation_scored, "scored day", "scored days"),
            verdict.measure.direction().words(),
        )),
        [Some(before), None] => Some(format!(
            "The mean {measure} is {} ({}); {}.",
            numbers::points(before),
            numbers::counted(observed.baseline_scored, "scored day", "scored days"),
            verdict.measure.direction().words(),
        )),
        _ => None,
    }
}

fn doses_in_words(days: &Days, series: &Series) -> String {
    let Some(first) = series.first_capsule() else { return "No capsule was taken.".to_owned() };
    if days.days.iter().any(|day| day.blind) {
        let blinded = days.days.iter().filter(|day| day.blind).count();
        return format!(
            "The first capsule was taken on {}; {} were blinded.",
            in_words(days.date(first)),
            numbers::counted(blinded, "day", "days")
        );
    }
    let regimens = days.regimens();
    let listed: Vec<String> = regimens
        .iter()
        .take(CHANGES_IN_WORDS)
        .map(|r| format!("{} from {}", r.taken.words(), in_words(days.date(r.first))))
        .collect();
    match regimens.len().saturating_sub(CHANGES_IN_WORDS) {
        0 => format!("Doses: {}.", listed.join(", ")),
        more => format!("Doses: {} and {more} more changes.", listed.join(", ")),
    }
}

/// Where everything stands.
struct Frame {
    x: Scale,
    y: Scale,
    top: f64,
    bottom: f64,
    right: f64,
    /// Bottom of the dose ribbon; absent if no capsule was ever taken.
    ribbon: Option<f64>,
    /// Middle of the row of side effects; absent if there are none.
    marks: Option<f64>,
    axis: f64,
}

impl Frame {
    fn new(days: &Days, layout: Layout) -> Frame {
        let right = layout.width() - if bands(days.measure).is_empty() { 10.0 } else { 74.0 };
        let (top, high) = match layout {
            Layout::Narrow => (70.0, 210.0),
            Layout::Wide => (54.0, 240.0),
        };
        let bottom = top + high;
        let mut y = bottom + 6.0;
        let ribbon = (!days.regimens().is_empty()).then(|| {
            y += CAPTION + CAPTION + RIBBON;
            y
        });
        let marks = days.days.iter().any(|day| !day.side_effects.is_empty()).then(|| {
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

/// The bands of a scale in words: lowest and highest score of each. Sleep and mood have none.
const fn bands(measure: Measure) -> &'static [(&'static str, f64, f64)] {
    match measure {
        Measure::Pain | Measure::Fatigue | Measure::Fog => {
            &[("none", 0.0, 0.0), ("mild", 1.0, 3.0), ("moderate", 4.0, 6.0), ("severe", 7.0, 10.0)]
        }
        Measure::Sleep | Measure::Mood => &[],
    }
}

struct Chart<'a> {
    drawing: Drawing,
    days: &'a Days,
    frame: Frame,
    layout: Layout,
}

impl Chart<'_> {
    fn header(&mut self) {
        let name = numbers::capitalised(wording_of(self.days.measure));
        let arrow = if self.days.lower_is_better() { "↓" } else { "↑" };
        let words = format!("{name} {arrow} {}", self.days.measure.direction().words());
        self.drawing.text([2.0, 18.0], &words, Lettering { bold: true, ..Lettering::PLAIN });
        let (x, y) = match self.layout {
            Layout::Narrow => (2.0, 40.0),
            Layout::Wide => (self.layout.width() - 232.0, 18.0),
        };
        let mut dot = Path::default();
        dot.dot([x + 4.0, y - 4.5]);
        self.drawing.path(&dot, DOTS);
        self.drawing.text([x + 13.0, y], "each day", Lettering::QUIET);
        self.drawing.line([x + 82.0, y - 4.5], [x + 104.0, y - 4.5], COURSE);
        let course = format!("middle of {} days", self.days.course_days());
        self.drawing.text([x + 111.0, y], &course, Lettering::QUIET);
    }

    /// The better side, the axis from 0 to 10 and the bands in words.
    fn ground(&mut self) {
        let Frame { top, bottom, right, .. } = self.frame;
        let y = |score: f64| self.frame.y.place(score);
        let better = if self.days.lower_is_better() { [y(3.5), bottom] } else { [top, y(6.5)] };
        let labels: Vec<(f64, f64)> =
            (0..=5).map(|k| 2.0 * f64::from(k)).map(|score| (score, y(score))).collect();
        let words: Vec<(f64, &str)> =
            bands(self.days.measure).iter().map(|(word, low, high)| (y((low + high) / 2.0), *word)).collect();
        self.drawing.rect([LEFT, better[0], right - LEFT, better[1] - better[0]], Role::Shade);
        for (score, y) in labels {
            self.drawing.line([LEFT, y], [right, y], Stroke::full(Role::Soft, 0.8));
            let label = format!("{score:.0}");
            self.drawing.text([LEFT - 9.0, y + SMALL / 3.0], &label, Lettering::QUIET.at(Anchor::End));
        }
        for (y, word) in words {
            self.drawing.text([right + 6.0, y + SMALL / 3.0], word, Lettering::QUIET);
        }
        self.axis_arrow();
    }

    /// The axis itself is an arrow to the better end.
    fn axis_arrow(&mut self) {
        let Frame { top, bottom, .. } = self.frame;
        let (from, to, back) =
            if self.days.lower_is_better() { (top, bottom, -7.0) } else { (bottom, top, 7.0) };
        let mut arrow = Path::default();
        arrow.move_to([LEFT, from]);
        arrow.line_to([LEFT, to]);
        arrow.move_to([LEFT - 4.0, to + back]);
        arrow.line_to([LEFT, to]);
        arrow.line_to([LEFT + 4.0, to + back]);
        self.drawing.path(&arrow, Stroke::full(Role::Accent, 1.8));
    }

    fn months(&mut self) {
        let Frame { top, axis, .. } = self.frame;
        for mark in calendar::marks(self.days.start, self.days.n(), self.frame.x.unit(), 46.0) {
            let x = self.frame.x.place(mark.day as f64 - 0.5);
            self.drawing.line([x, top], [x, axis], Stroke::full(Role::Soft, 0.8));
            // Not beyond the edge of the drawing.
            let x = x.min(self.layout.width() - 30.0);
            self.drawing.text([x + 2.0, axis + 14.0], &mark.label, Lettering::QUIET);
            if let Some(year) = &mark.year {
                self.drawing.text([x + 2.0, axis + 31.0], year, Lettering::QUIET);
            }
        }
    }

    fn first_capsule(&mut self, first: Option<usize>) {
        let Some(first) = first else { return };
        let x = self.frame.x.place(first as f64);
        self.drawing.line([x, self.frame.top - 2.0], [x, self.frame.bottom], Stroke::dashed(Role::Ink, 1.3));
        let anchor = if x > 0.6 * self.frame.right { Anchor::End } else { Anchor::Start };
        let ink = Lettering { colour: Role::Ink, ..Lettering::QUIET };
        self.drawing.text([x, self.frame.top - 7.0], "first capsule", ink.at(anchor));
    }

    fn scores(&mut self) {
        let mut dots = Path::default();
        let mut drawn = BTreeSet::new();
        for (t, score) in self.days.days.iter().enumerate().filter_map(|(t, day)| Some((t, day.score?))) {
            let at = [self.frame.x.place(t as f64), self.frame.y.place(score)];
            // In a very long diary many days fall on the same spot: one dot is enough.
            if drawn.insert(at.map(|place| (place * 2.0).round() as i64)) {
                dots.dot(at);
            }
        }
        self.drawing.path(&dots, DOTS);
        let course = self.course();
        self.drawing.path(&course, COURSE);
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

    /// The two windows with their observed means.
    fn windows(&mut self, series: &Series, verdict: &Verdict) {
        let [before, after] = shown_means(verdict);
        let treated = series.first_capsule().is_some();
        let word = if treated { "before:" } else { "mean:" };
        self.window(series.baseline(), before, word, Anchor::Start);
        self.window(series.evaluation(), after, "on capsules:", Anchor::End);
    }

    fn window(&mut self, window: &[usize], mean: Option<f64>, word: &str, anchor: Anchor) {
        let (Some(mean), Some(first), Some(last)) = (mean, window.first(), window.last()) else { return };
        let (from, to) = (self.frame.x.place(*first as f64 - 0.4), self.frame.x.place(*last as f64 + 0.4));
        let y = self.frame.y.place(mean);
        let mut beam = Path::default();
        for x in [from, to] {
            beam.move_to([x, y - 6.0]);
            beam.line_to([x, y + 6.0]);
        }
        beam.move_to([from, y]);
        beam.line_to([to, y]);
        self.drawing.path(&beam, Stroke::full(Role::Ink, 1.6));
        let words = format!("{word} {}", numbers::points(mean));
        let wide = width_of(&words);
        let left = if anchor == Anchor::End { to - wide } else { from + 4.0 };
        let lettering = Lettering { bold: true, rimmed: true, size: SMALL, ..Lettering::PLAIN };
        self.drawing.text([left, self.quietest(left, wide, y)], &words, lettering);
    }

    /// Where near a line a label of this width covers the fewest scores.
    fn quietest(&self, left: f64, wide: f64, y: f64) -> f64 {
        let from = self.frame.x.value(left).floor().max(0.0) as usize;
        let to = (self.frame.x.value(left + wide).ceil().max(0.0) as usize).min(self.days.n() - 1);
        let medians = self.days.medians();
        let covered = |baseline: f64| {
            let covers = |score: f64| {
                let place = self.frame.y.place(score);
                place > baseline - SMALL - 2.0 && place < baseline + 4.0
            };
            let days = from.min(to)..=to;
            let dots = self.days.days[days.clone()].iter().filter_map(|day| day.score);
            // The bold line is the worse thing to cover.
            let line = medians[days].iter().flatten();
            dots.filter(|score| covers(*score)).count() + 3 * line.filter(|score| covers(**score)).count()
        };
        [-11.0, 21.0, -28.0, 38.0]
            .into_iter()
            .map(|offset| y + offset)
            .filter(|place| *place > self.frame.top + SMALL && *place < self.frame.bottom - 4.0)
            .min_by_key(|place| covered(*place))
            .unwrap_or(y - 11.0)
    }

    fn ribbon(&mut self) {
        let Some(floor) = self.frame.ribbon else { return };
        let blinded = self.days.days.iter().any(|day| day.blind);
        let caption = if blinded { "Dose (striped: blinded)" } else { "Dose" };
        let caption_y = floor - RIBBON - CAPTION - 8.0;
        self.drawing.text([LEFT, caption_y], caption, Lettering::QUIET);
        let steps = self.steps(floor);
        self.drawing.area(&steps, Role::Fill);
        // The outline shows the steps where fills are pale or, with forced colours, gone.
        self.drawing.path(&steps, Stroke::full(Role::Accent, 1.0));
        let stripes = self.stripes(floor);
        self.drawing.path(&stripes, Stroke { opacity: 0.55, ..Stroke::full(Role::Ink, 0.8) });
        self.drawing.line([LEFT, floor], [self.frame.right, floor], Stroke::full(Role::Muted, 1.0));
        self.dose_labels(floor);
    }

    /// The doses as a stepped area; in a very long diary the highest dose of each sliver.
    fn steps(&self, floor: f64) -> Path {
        let height = dose_height(self.days);
        let n = self.days.n();
        let slivers = n.min((2.0 * (self.frame.right - LEFT)) as usize);
        let mut path = Path::default();
        let mut level = 0.0;
        for sliver in 0..=slivers {
            let from = sliver * n / slivers;
            let to = (sliver + 1) * n / slivers;
            let dose = self.days.days.get(from..to.min(n)).unwrap_or_default();
            let dose = dose.iter().map(|day| day.taken.milligrams()).fold(0.0, f64::max);
            if dose == level {
                continue;
            }
            let x = self.frame.x.place(from as f64 - 0.5);
            if level == 0.0 {
                path.move_to([x, floor]);
            } else {
                path.line_to([x, floor - height * level]);
            }
            path.line_to([x, floor - height * dose]);
            if dose == 0.0 {
                path.close();
            }
            level = dose;
        }
        path
    }

    /// Stripes over the blinded periods.
    fn stripes(&self, floor: f64) -> Path {
        let mut path = Path::default();
        for run in self.days.runs(|day| day.blind) {
            let left = self.frame.x.place(run.start as f64 - 0.5);
            let right = self.frame.x.place(run.end as f64 - 0.5);
            let first = ((left - RIBBON) / STRIPE).ceil() as i64;
            let last = (right / STRIPE).floor() as i64;
            for stripe in first..=last {
                // A line rising to the right, cut off at the ends of the period.
                let x = stripe as f64 * STRIPE;
                let (from, to) = (x.max(left), (x + RIBBON).min(right));
                if from < to {
                    path.move_to([from, floor - (from - x)]);
                    path.line_to([to, floor - (to - x)]);
                }
            }
        }
        path
    }

    /// One label per regimen, where there is room.
    fn dose_labels(&mut self, floor: f64) {
        let height = dose_height(self.days);
        let mut taken_places: Vec<[f64; 4]> = Vec::new();
        for Regimen { first, last, taken } in self.days.regimens() {
            let from = self.frame.x.place(first as f64 - 0.5);
            let to = self.frame.x.place(last as f64 + 0.5);
            let words = taken.words();
            let wide = width_of(&words);
            let top = if taken == Taken::Placebo { 0.0 } else { height * taken.milligrams() };
            let baseline = floor - top - 5.0;
            // In the middle of its step or, where steps are short, ending with it; never over another label.
            let free = [(from + to - wide) / 2.0, to - wide].into_iter().find(|left| {
                let inside = *left >= LEFT && left + wide <= self.frame.right;
                inside && taken_places.iter().all(|place| !overlap(*place, [*left, baseline, wide, SMALL]))
            });
            let (true, Some(left)) = (to - from >= 0.4 * wide, free) else { continue };
            let lettering =
                Lettering { colour: Role::Ink, rimmed: taken == Taken::Placebo, ..Lettering::QUIET };
            self.drawing.text([left, baseline], &words, lettering);
            taken_places.push([left, baseline, wide, SMALL]);
        }
    }

    fn side_effects(&mut self) {
        let Some(y) = self.frame.marks else { return };
        self.drawing.text([LEFT, y - 12.0], "Side effects", Lettering::QUIET);
        let mut marks = Path::default();
        let mut drawn = None;
        for (t, _) in self.days.days.iter().enumerate().filter(|(_, day)| !day.side_effects.is_empty()) {
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

/// About how wide a small label is.
fn width_of(words: &str) -> f64 {
    7.3 * words.chars().count() as f64
}

/// Whether two boxes (left, baseline, width, height) come too close.
fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    let apart_x = (a[0] + a[2] + 4.0).min(b[0] + b[2] + 4.0) < a[0].max(b[0]);
    let apart_y = (a[1] - b[1]).abs() >= a[3].max(b[3]) - 1.0;
    !(apart_x || apart_y)
}

/// Height of a milligram on the ribbon.
fn dose_height(days: &Days) -> f64 {
    let highest = days.highest_mg();
    if highest > 0.0 { RIBBON / highest } else { 0.0 }
}

const DOTS: Stroke = Stroke { opacity: 0.5, ..Stroke::full(Role::Muted, 4.4) };
const COURSE: Stroke = Stroke::full(Role::Accent, 3.2);
