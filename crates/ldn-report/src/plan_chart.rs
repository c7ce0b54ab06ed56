//! A plan as a picture: the dose of each day as steps, pauses as gaps, and today.

use jiff::civil::Date;
use ldn_core::{Dose, Plan};

use crate::axis::{self, AXIS_LABELS, ShortMonths};
use crate::scale::Scale;
use crate::svg::{Anchor, Drawing, Layout, Lettering, Path, SMALL, Stroke};
use crate::theme::{Role, Theme};

/// Margin left and right.
const SIDE: f64 = 10.0;
/// Top of the highest step.
const TOP: f64 = 46.0;
/// Height of the highest step.
const HIGH: f64 = 110.0;
/// About how wide a letter of a label is.
const LETTER: f64 = 7.4;
/// Days that are drawn after the last step began, if nothing later is of interest.
const AFTER_LAST: i64 = 28;
/// The longest plan that is drawn.
const LONGEST: i64 = 3_660;

/// The words of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanWords {
    /// What it is, for those who do not see it.
    pub title: String,
    /// The whole picture in a sentence.
    pub description: String,
    /// At the line of today.
    pub today: String,
    /// In a pause.
    pub pause: String,
    /// Short names of the months.
    pub months: ShortMonths,
}

/// Draws the steps of a plan; `None` if it has none or is blinded, because then no dose may be seen.
pub fn plan_chart(
    plan: &Plan,
    today: Date,
    words: &PlanWords,
    theme: Theme,
    layout: Layout,
) -> Option<String> {
    if plan.parts().blinded {
        return None;
    }
    let start = plan.steps().first()?.from;
    let n_days = n_days(plan, start, today);
    let x = Scale::new([-0.5, n_days as f64 - 0.5], [SIDE, layout.width() - SIDE]);
    let highest = plan.highest_dose().milligrams();
    let unit = if highest > 0.0 { HIGH / highest } else { 0.0 };
    let mut picture = Picture { drawing: Drawing::new(layout, theme), plan, start, n_days, x, unit, words };
    let floor = TOP + HIGH;
    let span = [TOP - 4.0, floor, layout.width()];
    axis::days(&mut picture.drawing, start, n_days, &x, span, &words.months);
    picture.steps(floor);
    picture.pauses(floor);
    picture.today(today, floor, layout);
    picture.drawing.line([SIDE, floor], [layout.width() - SIDE, floor], Stroke::full(Role::Muted, 1.0));
    Some(picture.drawing.finish(floor + AXIS_LABELS, &words.title, &words.description))
}

/// Days from the first step until everything that matters has been seen: the last step, today, the last hold.
fn n_days(plan: &Plan, start: Date, today: Date) -> usize {
    let after = |day: Date| i64::from((day - start).get_days());
    let last_step =
        plan.steps().last().map_or(0, |step| step.to.map_or(after(step.from) + AFTER_LAST, after));
    let last_hold = plan.holds().iter().filter_map(|hold| hold.to).map(after).max().unwrap_or(0);
    let seen = last_step.max(last_hold).max(after(today) + 7).min(after(plan.parts().valid_until));
    usize::try_from(seen.clamp(6, LONGEST)).unwrap_or(6) + 1
}

struct Picture<'a> {
    drawing: Drawing,
    plan: &'a Plan,
    start: Date,
    n_days: usize,
    x: Scale,
    unit: f64,
    words: &'a PlanWords,
}

impl Picture<'_> {
    fn index(&self, day: Date) -> usize {
        usize::try_from((day - self.start).get_days()).unwrap_or(0).min(self.n_days)
    }

    /// The first and last day of a run that are drawn, as places; `None` if it lies outside.
    fn places(&self, from: Date, to: Option<Date>) -> Option<[f64; 2]> {
        let first = self.index(from);
        let last = to.map_or(self.n_days, |to| (self.index(to) + 1).min(self.n_days));
        (first < last).then(|| [self.x.place(first as f64 - 0.5), self.x.place(last as f64 - 0.5)])
    }

    fn steps(&mut self, floor: f64) {
        let mut tops = Vec::new();
        for step in self.plan.steps() {
            let Some([left, right]) = self.places(step.from, step.to) else { continue };
            let top = floor - self.unit * step.dose().milligrams();
            let mut outline = Path::default();
            outline.move_to([left, floor]);
            outline.line_to([left, top]);
            outline.line_to([right, top]);
            outline.line_to([right, floor]);
            self.drawing.rect([left, top, right - left, floor - top], Role::Fill);
            // The outline shows the steps where fills are pale or, with forced colours, gone.
            self.drawing.path(&outline, Stroke::full(Role::Accent, 1.4));
            tops.push((step.dose(), [left, right, top]));
        }
        // After all bars, so that no bar covers the dose of the one before.
        let mut free_from = 0.0;
        for (dose, place) in tops {
            free_from = self.label(dose, place, free_from);
        }
    }

    /// Writes a dose over its step where there is room; returns from where the next may begin.
    fn label(&mut self, dose: Dose, [left, right, top]: [f64; 3], free_from: f64) -> f64 {
        let text = dose.to_string();
        let wide = LETTER * text.chars().count() as f64;
        // Over its own step, or ending with it over the lower steps before; never over a later one, whose dose it is not.
        let middle = (left + right - wide) / 2.0;
        let at = middle.min(right - wide).max(free_from);
        if at + wide > right + 1.0 {
            return free_from;
        }
        let lettering = Lettering { colour: Role::Ink, bold: true, rimmed: true, ..Lettering::QUIET };
        self.drawing.text([at, top - 6.0], &text, lettering);
        at + wide + 6.0
    }

    fn pauses(&mut self, floor: f64) {
        for hold in self.plan.holds() {
            let Some([left, right]) = self.places(hold.from, hold.to) else { continue };
            self.drawing.line([left, floor - 3.0], [right, floor - 3.0], Stroke::dashed(Role::Ink, 3.0));
            let middle = (left + right) / 2.0;
            let lettering = Lettering { colour: Role::Ink, rimmed: true, ..Lettering::QUIET };
            self.drawing.text([middle, floor - 12.0], &self.words.pause, lettering.at(Anchor::Middle));
        }
    }

    fn today(&mut self, today: Date, floor: f64, layout: Layout) {
        if today < self.start || self.index(today) >= self.n_days {
            return;
        }
        let x = self.x.place(self.index(today) as f64);
        self.drawing.line([x, 20.0], [x, floor], Stroke::dashed(Role::Ink, 1.4));
        let half = LETTER / 2.0 * self.words.today.chars().count() as f64;
        let place = x.clamp(half + 2.0, layout.width() - half - 2.0);
        let lettering = Lettering { colour: Role::Ink, ..Lettering::QUIET };
        self.drawing.text([place, SMALL], &self.words.today, lettering.at(Anchor::Middle));
    }
}
