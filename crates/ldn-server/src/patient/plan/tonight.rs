//! What today asks for: the first thing on the page, and the only one for which anybody opens it on a bad evening.

use ldn_core::journal::Outcome;
use ldn_core::plan::{AskBecause, DayPlan, Hold, Plan, Step, TimeOfDay};

use super::case::Case;
use super::days::in_words;
use super::making::AtHome;

/// What today asks for, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tonight {
    /// "Tonight: 3 mg".
    pub(crate) headings: Vec<Line>,
    /// What else belongs to it.
    pub(crate) notes: Vec<String>,
    /// Words of the plan itself, in the language in which it was written.
    pub(crate) quoted: Option<String>,
    /// Whether somebody must act today.
    pub(crate) act: bool,
    /// Whether there is no plan to look at.
    pub(crate) no_plan: bool,
    /// Whether it names a dose, so that the rest of the page may, too.
    pub(crate) speaks: bool,
}

/// A dose and how it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) dose: String,
    pub(crate) how: Option<String>,
}

impl Tonight {
    pub(crate) fn of(case: Case<'_>) -> Tonight {
        if case.is_stopped() {
            return Tonight::act(case, "plan-stopped", "plan-stopped-text");
        }
        match case.on(case.today) {
            DayPlan::Hold(hold) => Tonight::hold(case, hold),
            DayPlan::Ask(AskBecause::Expired) => Tonight::act(case, "plan-ask", "plan-ask-expired"),
            DayPlan::Ask(AskBecause::Superseded) => Tonight::act(case, "plan-ask", "plan-ask-superseded"),
            _ if case.is_blinded() => Tonight::kit(case),
            DayPlan::Take(step) => Tonight::take(case, step),
            DayPlan::Nothing => Tonight::nothing(case),
        }
    }

    fn act(case: Case<'_>, heading: &str, note: &str) -> Tonight {
        Tonight {
            headings: vec![Line { dose: case.words.say(heading), how: None }],
            notes: vec![case.words.say(note)],
            act: true,
            ..Tonight::default()
        }
    }

    fn hold(case: Case<'_>, hold: &Hold) -> Tonight {
        let words = case.words;
        let note = match hold.to {
            Some(to) => words.say_with("plan-hold-until", &[("to", &in_words(words, to))]),
            None => words.say("plan-hold-open"),
        };
        Tonight {
            headings: vec![Line { dose: words.say("plan-hold-today"), how: None }],
            notes: vec![note],
            quoted: Some(hold.why.clone()),
            speaks: true,
            ..Tonight::default()
        }
    }

    /// A blinded period: the same words whatever the capsules hold.
    fn kit(case: Case<'_>) -> Tonight {
        let words = case.words;
        let kit = case.course.trials().last().and_then(|trial| trial.kit_on(case.today));
        let heading = match kit {
            Some(kit) => words.say_with("plan-kit-numbered", &[("kit", kit)]),
            None => words.say("plan-kit"),
        };
        Tonight {
            headings: vec![Line { dose: heading, how: None }],
            notes: vec![words.say("plan-kit-text")],
            ..Tonight::default()
        }
    }

    fn take(case: Case<'_>, step: &Step) -> Tonight {
        let words = case.words;
        let at_home = AtHome::of(case.course, case.today);
        let plan = case.plan().map(|on_desk| on_desk.plan);
        let recipes = plan.map(|plan| at_home.recipes(words, plan, case.today)).unwrap_or_default();
        let line = |part: &ldn_core::plan::DayPart| Line {
            dose: words.say_with(tonight_code(part.at), &[("dose", &part.dose.to_string())]),
            how: recipes.iter().find(|(at, _)| *at == part.at).map(|(_, how)| how.clone()),
        };
        let mut notes = Vec::new();
        if let AtHome::PastUse { on } = at_home {
            notes.push(words.say_with("plan-past-use", &[("date", &in_words(words, on))]));
        }
        notes.extend(already(case));
        Tonight { headings: step.parts.iter().map(line).collect(), notes, speaks: true, ..Tonight::default() }
    }

    fn nothing(case: Case<'_>) -> Tonight {
        let words = case.words;
        let Some(plan) = case.plan().map(|on_desk| on_desk.plan) else {
            let heading = Line { dose: words.say("plan-none"), how: None };
            let notes = vec![words.say("plan-none-text")];
            return Tonight { headings: vec![heading], notes, no_plan: true, ..Tonight::default() };
        };
        let first = plan.steps().iter().find(|step| step.from > case.today);
        let note = match first {
            Some(step) => words.say_with("plan-begins", &[("date", &in_words(words, step.from))]),
            None => words.say("plan-nothing-text"),
        };
        Tonight {
            headings: vec![Line { dose: words.say("plan-nothing"), how: None }],
            notes: vec![note],
            speaks: true,
            ..Tonight::default()
        }
    }
}

/// Says that today's dose was noted already, so that nobody takes it twice.
fn already(case: Case<'_>) -> Option<String> {
    let doses = &case.course.day(case.today)?.doses;
    let taken = |outcome: &Outcome| matches!(outcome, Outcome::Taken { .. });
    let mut outcomes = doses.slots().map(|(_, slot)| &slot.decided().report.value.outcome);
    outcomes.any(taken).then(|| case.words.say("plan-taken-already"))
}

const fn tonight_code(at: TimeOfDay) -> &'static str {
    match at {
        TimeOfDay::Morning => "plan-tonight-morning",
        TimeOfDay::Midday => "plan-tonight-midday",
        TimeOfDay::Bedtime => "plan-tonight-bedtime",
    }
}

/// Returns "3 mg at bedtime", or both parts of a divided day.
pub(crate) fn step_in_words(words: crate::words::Words, step: &Step) -> String {
    let part = |part: &ldn_core::plan::DayPart| {
        let code = match part.at {
            TimeOfDay::Morning => "plan-dose-morning",
            TimeOfDay::Midday => "plan-dose-midday",
            TimeOfDay::Bedtime => "plan-dose-bedtime",
        };
        words.say_with(code, &[("dose", &part.dose.to_string())])
    };
    step.parts.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// Returns the step after today's, if the plan has one that it may still speak about.
pub(crate) fn next_step(plan: &Plan, today: jiff::civil::Date) -> Option<&Step> {
    plan.steps().iter().find(|step| step.from > today && step.from <= plan.parts().valid_until)
}
