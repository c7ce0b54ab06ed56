//! The answer as dots: each one of 20 or 50 equally likely values of the improvement.

use ldn_verdict::response::Verdict;
use ldn_verdict::response::summary::Summary;

use crate::answers::{Answers, Zone, goal_words};
use crate::numbers;
use crate::scale::Scale;
use crate::stacks::{Stacks, pile_up};
use crate::svg::{Anchor, Drawing, Layout, Lettering, Stroke, TEXT};
use crate::theme::{Role, Theme};

/// Who looks at a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The person who kept the diary: 20 dots, no intervals.
    Patient,
    /// The prescriber: 50 dots and the 50 and 90 % intervals.
    Clinician,
}

/// Margin left and right.
const SIDE: f64 = 14.0;
/// Room above the dots for the label of the goal.
const ABOVE: f64 = 46.0;
/// About how wide one of its letters is.
const LETTER: f64 = 7.8;
/// Room between the highest dot and that label.
const CLEAR: f64 = 16.0;
/// Fewest dots that the picture has room for, so that a flat one does not look squeezed.
const LEAST_HIGH: usize = 5;
/// Height of one line of the legend.
const LINE: f64 = 23.0;

/// Draws the improvement as equally likely answers on the scale of points, for a column of text or a file.
///
/// Dots past the goal (30 % of the baseline) are filled. Returns `None` where no estimate may be shown.
pub fn dot_plot(verdict: &Verdict, reader: Reader, theme: Theme) -> Option<String> {
    dot_plot_in(verdict, reader, theme, Layout::Wide)
}

/// Draws the same with a given amount of room.
pub fn dot_plot_in(verdict: &Verdict, reader: Reader, theme: Theme, layout: Layout) -> Option<String> {
    let answers = Answers::of(verdict, reader)?;
    let total = verdict.judged(verdict.shown_estimate()?);
    let scale = scale(&answers, reader, &total, layout);
    let piled = pile_up(&answers, &scale, column(reader, layout));
    let mut plot = Plot { drawing: Drawing::new(layout, theme), answers, scale, layout, reader };
    let title = format!("How much better? {} equally likely answers", plot.answers.dots.len());
    let top = match theme {
        // On the page the heading is above the picture.
        Theme::Page => 0.0,
        Theme::Standalone => {
            plot.drawing.text([SIDE, 26.0], &title, Lettering { bold: true, ..Lettering::PLAIN });
            28.0
        }
    };
    let diameter = piled.width;
    let floor = top + ABOVE + CLEAR + diameter * piled.highest().max(LEAST_HIGH) as f64;
    plot.ground(top, floor, verdict);
    plot.dots(&piled, floor);
    let mut y = plot.axis(floor);
    if reader == Reader::Clinician {
        y = plot.intervals(&total, y);
    }
    let height = plot.legend(y);
    let description = plot.answers.sentence();
    Some(plot.drawing.finish(height, &title, &description))
}

/// A plot under way.
struct Plot {
    drawing: Drawing,
    answers: Answers,
    scale: Scale,
    layout: Layout,
    reader: Reader,
}

impl Plot {
    /// The better side, the line of no change and the goal.
    fn ground(&mut self, top: f64, floor: f64, verdict: &Verdict) {
        let (zero, goal) = (self.scale.place(0.0), self.scale.place(self.answers.goal));
        let right = self.layout.width() - SIDE;
        let high = top + ABOVE;
        self.drawing.rect([zero, high, right - zero, floor - high], Role::Shade);
        self.drawing.line([zero, high], [zero, floor], Stroke::full(Role::Muted, 1.0));
        self.drawing.line([goal, high], [goal, floor], Stroke::dashed(Role::Ink, 1.6));
        let lines = self.goal_label(verdict);
        // Over its line, but never over the edge.
        let half = LETTER / 2.0
            * lines.each_ref().map(|line| line.chars().count()).into_iter().max().unwrap_or(0) as f64;
        let x = goal.clamp(half + 2.0, self.layout.width() - half - 2.0);
        for (line, y) in lines.iter().zip([top + 18.0, top + 37.0]) {
            self.drawing.text([x, y], line, Lettering::PLAIN.at(Anchor::Middle));
        }
    }

    fn goal_label(&self, verdict: &Verdict) -> [String; 2] {
        let points = format!("that is {} better", numbers::of_points(self.answers.goal));
        match self.reader {
            Reader::Patient => [format!("your goal: {},", goal_words(verdict)), points],
            Reader::Clinician => ["goal: 30 % of the baseline burden,".to_owned(), points],
        }
    }

    fn dots(&mut self, piled: &Stacks, floor: f64) {
        let diameter = piled.width;
        let radius = diameter * 0.5 - 1.6;
        for stack in &piled.stacks {
            let (fill, rim) = looks(stack.zone);
            for level in 0..stack.n {
                let y = floor - 1.0 - diameter * (level as f64 + 0.5);
                self.drawing.answer([stack.x, y], radius, fill, rim);
            }
        }
    }

    /// The axis with its words; returns the bottom of them.
    fn axis(&mut self, floor: f64) -> f64 {
        let width = self.layout.width();
        self.drawing.line([SIDE, floor], [width - SIDE, floor], Stroke::full(Role::Ink, 1.2));
        for tick in self.scale.ticks(1.0, 46.0) {
            let x = self.scale.place(tick);
            self.drawing.line([x, floor], [x, floor + 5.0], Stroke::full(Role::Ink, 1.2));
            let label = self.tick_label(tick);
            let lettering = Lettering { colour: Role::Ink, ..Lettering::QUIET };
            self.drawing.text([x, floor + 20.0], &label, lettering.at(Anchor::Middle));
        }
        let y = floor + 41.0;
        self.drawing.text([SIDE, y], "← points worse", Lettering::QUIET);
        self.drawing.text([width - SIDE, y], "points better →", Lettering::QUIET.at(Anchor::End));
        y + 12.0
    }

    fn tick_label(&self, tick: f64) -> String {
        if tick.abs() < 1e-9 {
            return "no change".to_owned();
        }
        let text = match self.reader {
            Reader::Patient => numbers::points(tick.abs()),
            Reader::Clinician => numbers::signed(tick),
        };
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    }

    /// Bars of the central intervals; returns the bottom.
    fn intervals(&mut self, total: &Summary, y: f64) -> f64 {
        let [low, lower, _, upper, high] = total.q;
        let mean = self.scale.place(total.mean);
        let bars = [
            ("90 % interval", [low, high], 3.0, Role::Muted),
            ("50 % interval", [lower, upper], 9.0, Role::Accent),
        ];
        for (_, [from, to], width, role) in bars {
            let (from, to) = (self.scale.place(from), self.scale.place(to));
            self.drawing.line([from, y + 8.0], [to, y + 8.0], Stroke::full(role, width));
        }
        self.drawing.ring([mean, y + 8.0], 5.0, Role::Paper, Role::Ink);
        let words = format!(
            "mean {}; 50 % {}; 90 % {}",
            numbers::signed(total.mean),
            numbers::range(lower, upper),
            numbers::range(low, high)
        );
        self.drawing.text([SIDE, y + 32.0], &words, Lettering::QUIET);
        y + 40.0
    }

    /// The three zones in words, with counts; returns the height of the drawing.
    fn legend(&mut self, y: f64) -> f64 {
        let mut y = y + 12.0;
        for zone in Zone::ALL {
            let (fill, rim) = looks(zone);
            // Not one of the dots of the answer: a key to them.
            self.drawing.ring([SIDE + 7.0, y], 6.0, fill, rim);
            self.drawing.text([SIDE + 22.0, y + TEXT / 3.0], &self.answers.counted(zone), Lettering::PLAIN);
            y += LINE;
        }
        y
    }
}

/// Filled past the goal; hollow in the accent for less; hollow and grey for none. Position says the same.
const fn looks(zone: Zone) -> (Role, Role) {
    match zone {
        Zone::Goal => (Role::Accent, Role::Accent),
        Zone::Smaller => (Role::Paper, Role::Accent),
        Zone::NoneOrWorse => (Role::Paper, Role::Muted),
    }
}

/// Width of a column of dots.
const fn column(reader: Reader, layout: Layout) -> f64 {
    match (reader, layout) {
        (Reader::Patient, Layout::Wide) => 25.0,
        (Reader::Patient, Layout::Narrow) => 21.0,
        (Reader::Clinician, Layout::Wide) => 15.0,
        (Reader::Clinician, Layout::Narrow) => 11.5,
    }
}

/// All dots, no change, a point on either side, and a column's width to spare.
fn scale(answers: &Answers, reader: Reader, total: &Summary, layout: Layout) -> Scale {
    let (first, last) = (answers.dots[0], answers.dots[answers.dots.len() - 1]);
    let (low, high) = match reader {
        Reader::Patient => (first, last),
        Reader::Clinician => (first.min(total.q[0]), last.max(total.q[4])),
    };
    let (low, high) = (low.min(-1.0), high.max(answers.goal).max(1.0));
    let inside = layout.width() - 2.0 * SIDE;
    let spare = (high - low) * column(reader, layout) / inside;
    Scale::new([low - spare, high + spare], [SIDE, layout.width() - SIDE])
}
