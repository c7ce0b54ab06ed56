//! A drawing in both widths, so that a phone shows one that was made for it.

use ldn_core::Plan;
use ldn_report::svg::Layout;
use ldn_report::{PlanWords, Theme, plan_chart};

use super::case::Case;
use super::days::{in_words, short_months};

/// A drawing in both widths; the style sheet shows one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) narrow: String,
    pub(crate) wide: String,
}

impl Drawn {
    /// Draws both; `None` if there is nothing to draw.
    pub(crate) fn of(draw: impl Fn(Layout) -> Option<String>) -> Option<Drawn> {
        Some(Drawn { narrow: draw(Layout::Narrow)?, wide: draw(Layout::Wide)? })
    }
}

/// Draws the steps of a plan; `None` for one of which no dose may be seen.
pub(crate) fn of_plan(case: Case<'_>, plan: &Plan) -> Option<(Drawn, String)> {
    let sentence = sentence(case, plan);
    let words = PlanWords {
        title: case.words.say("plan-chart"),
        description: sentence.clone(),
        today: case.words.say("plan-chart-today"),
        pause: case.words.say("plan-chart-pause"),
        months: short_months(case.words),
    };
    let drawn = Drawn::of(|layout| plan_chart(plan, case.today, &words, Theme::Page, layout))?;
    Some((drawn, sentence))
}

/// Says the same as the picture.
fn sentence(case: Case<'_>, plan: &Plan) -> String {
    let words = case.words;
    let steps = plan.steps().iter().map(|step| {
        let (dose, from) = (step.dose().to_string(), in_words(words, step.from));
        words.say_with("plan-chart-step", &[("dose", &dose), ("from", &from)])
    });
    let pauses = plan.holds().iter().map(|hold| {
        words.say_with("plan-chart-pause-from", &[("days", &super::days::span(words, hold.from, hold.to))])
    });
    let all: Vec<String> = steps.chain(pauses).collect();
    words.say_with("plan-chart-sentence", &[("steps", &all.join(", "))])
}
