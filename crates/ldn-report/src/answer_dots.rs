//! The answer as 20 dots for the person who kept the diary, in the words of the reader's language.
//!
//! The picture is [`mod@crate::dot_plot`]'s for patients; here only the words are the caller's, so that it can stand in a page
//! of any language. The counts in words come from the same answers as the dots.

use ldn_verdict::response::Verdict;
use ldn_verdict::response::wording::PATIENT_DOTS;

use crate::answers::{Answers, Zone};
use crate::dot_plot::Reader;
use crate::scale::Scale;
use crate::stacks::{Stacks, pile_up};
use crate::svg::{Anchor, Drawing, Layout, Lettering, Stroke, TEXT};
use crate::theme::{Role, Theme};

/// Margin left and right.
const SIDE: f64 = 14.0;
/// Room above the dots for the label of the goal.
const ABOVE: f64 = 46.0;
/// About how wide a letter is.
const LETTER: f64 = 7.8;
/// Room between the highest dot and the label of the goal.
const CLEAR: f64 = 16.0;
/// Fewest dots that the picture has room for, so that a flat one does not look squeezed.
const LEAST_HIGH: usize = 5;
/// Height of one line of the legend.
const LINE: f64 = 23.0;

/// How many of equally likely answers fall into which of the three zones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerCounts {
    /// All of them.
    pub all: usize,
    /// Better by the goal or more.
    pub goal: usize,
    /// Better, by less than the goal.
    pub smaller: usize,
    /// No change, or worse.
    pub none_or_worse: usize,
    /// The goal, in points of a scale from 0 to 10.
    pub goal_points: f64,
}

/// The words of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerWords {
    /// What it is, for those who do not see it.
    pub title: String,
    /// The whole picture in a sentence.
    pub description: String,
    /// Two lines over the line of the goal.
    pub goal: [String; 2],
    /// At the left end of the axis, with its arrow.
    pub worse: String,
    /// At the right end of the axis, with its arrow.
    pub better: String,
    /// At zero.
    pub no_change: String,
    /// The three zones with their counts, best first.
    pub zones: [String; 3],
}

/// Counts the answers of a verdict; `None` where no estimate may be shown.
pub fn answer_counts(verdict: &Verdict) -> Option<AnswerCounts> {
    let answers = Answers::of(verdict, Reader::Patient)?;
    Some(AnswerCounts {
        all: answers.dots.len(),
        goal: answers.count(Zone::Goal),
        smaller: answers.count(Zone::Smaller),
        none_or_worse: answers.count(Zone::NoneOrWorse),
        goal_points: answers.goal,
    })
}

/// Draws 20 equally likely answers on the scale of points, filled past the goal; `None` where no estimate may be shown.
pub fn answer_dots(verdict: &Verdict, words: &AnswerWords, theme: Theme, layout: Layout) -> Option<String> {
    let answers = Answers::of(verdict, Reader::Patient)?;
    debug_assert_eq!(answers.dots.len(), PATIENT_DOTS);
    let scale = scale(&answers, layout);
    let piled = pile_up(&answers, &scale, column(layout));
    let mut plot = Plot { drawing: Drawing::new(layout, theme), goal: answers.goal, scale, layout, words };
    let floor = ABOVE + CLEAR + piled.width * piled.highest().max(LEAST_HIGH) as f64;
    plot.ground(floor);
    plot.dots(&piled, floor);
    let below = plot.axis(floor);
    let height = plot.legend(below);
    Some(plot.drawing.finish(height, &words.title, &words.description))
}

/// A picture under way.
struct Plot<'a> {
    drawing: Drawing,
    goal: f64,
    scale: Scale,
    layout: Layout,
    words: &'a AnswerWords,
}

impl Plot<'_> {
    /// The better side, the line of no change and the goal.
    fn ground(&mut self, floor: f64) {
        let (zero, goal) = (self.scale.place(0.0), self.scale.place(self.goal));
        let width = self.layout.width();
        self.drawing.rect([zero, ABOVE, width - SIDE - zero, floor - ABOVE], Role::Shade);
        self.drawing.line([zero, ABOVE], [zero, floor], Stroke::full(Role::Muted, 1.0));
        self.drawing.line([goal, ABOVE], [goal, floor], Stroke::dashed(Role::Ink, 1.6));
        let longest = self.words.goal.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        // Over its line, but never over the edge.
        let half = LETTER / 2.0 * longest as f64;
        let x = goal.min(width - half - 2.0).max(half + 2.0);
        for (line, y) in self.words.goal.iter().zip([18.0, 37.0]) {
            self.drawing.text([x, y], line, Lettering::PLAIN.at(Anchor::Middle));
        }
    }

    fn dots(&mut self, piled: &Stacks, floor: f64) {
        let radius = piled.width * 0.5 - 1.6;
        for stack in &piled.stacks {
            let (fill, rim) = looks(stack.zone);
            for level in 0..stack.n {
                let y = floor - 1.0 - piled.width * (level as f64 + 0.5);
                self.drawing.answer([stack.x, y], radius, fill, rim);
            }
        }
    }

    /// The axis with its words; returns the bottom of them.
    fn axis(&mut self, floor: f64) -> f64 {
        let width = self.layout.width();
        self.drawing.line([SIDE, floor], [width - SIDE, floor], Stroke::full(Role::Ink, 1.2));
        let lettering = Lettering { colour: Role::Ink, ..Lettering::QUIET };
        for tick in self.scale.ticks(1.0, 46.0) {
            let x = self.scale.place(tick);
            self.drawing.line([x, floor], [x, floor + 5.0], Stroke::full(Role::Ink, 1.2));
            let label =
                if tick.abs() < 1e-9 { self.words.no_change.clone() } else { format!("{:.0}", tick.abs()) };
            self.drawing.text([x, floor + 20.0], &label, lettering.at(Anchor::Middle));
        }
        let y = floor + 41.0;
        self.drawing.text([SIDE, y], &self.words.worse, Lettering::QUIET);
        self.drawing.text([width - SIDE, y], &self.words.better, Lettering::QUIET.at(Anchor::End));
        y + 12.0
    }

    /// The three zones in words, with counts; returns the height of the drawing.
    fn legend(&mut self, below: f64) -> f64 {
        let mut y = below + 12.0;
        for (zone, words) in Zone::ALL.into_iter().zip(&self.words.zones) {
            let (fill, rim) = looks(zone);
            // Not one of the dots of the answer: a key to them.
            self.drawing.ring([SIDE + 7.0, y], 6.0, fill, rim);
            self.drawing.text([SIDE + 22.0, y + TEXT / 3.0], words, Lettering::PLAIN);
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
const fn column(layout: Layout) -> f64 {
    match layout {
        Layout::Wide => 25.0,
        Layout::Narrow => 21.0,
    }
}

/// All dots, no change, a point on either side, and a column's width to spare.
fn scale(answers: &Answers, layout: Layout) -> Scale {
    let low = answers.dots.first().copied().unwrap_or(0.0).min(-1.0);
    let high = answers.dots.last().copied().unwrap_or(0.0).max(answers.goal).max(1.0);
    let spare = (high - low) * column(layout) / (layout.width() - 2.0 * SIDE);
    Scale::new([low - spare, high + spare], [SIDE, layout.width() - SIDE])
}
