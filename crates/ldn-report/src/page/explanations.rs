//! What else could explain a change, and what the analysis did about each.

use ldn_verdict::response::Verdict;

use crate::diary_chart::wording_of;
use crate::numbers;

pub(super) struct Explanation {
    pub(super) name: &'static str,
    pub(super) what: String,
    pub(super) done: String,
}

/// Returns the explanations; none where there is no change to explain.
pub(super) fn explanations(verdict: &Verdict) -> Vec<Explanation> {
    if verdict.shown_estimate().is_none() {
        return Vec::new();
    }
    vec![time(verdict), regression_to_the_mean(verdict), placebo(verdict), other_medicines()]
}

fn time(verdict: &Verdict) -> Explanation {
    let measure = wording_of(verdict.measure);
    let mut done = format!(
        "It lets your {measure} drift slowly by itself, up or down, and makes the range wider for that."
    );
    if verdict.grade.is_blinded() {
        done.push_str(
            " In the blinded periods both kinds of capsule took turns, so time touches both alike.",
        );
    }
    Explanation {
        name: "Time",
        what: "Symptoms get better and worse over months without any treatment.".to_owned(),
        done,
    }
}

fn regression_to_the_mean(verdict: &Verdict) -> Explanation {
    let days = numbers::counted(verdict.baseline_days, "day", "days");
    Explanation {
        name: "Starting in a bad spell (regression to the mean)",
        what:
            "People often begin a treatment when things are at their worst, and a bad spell ends by itself."
                .to_owned(),
        done: format!(
            "It compares with all {days} up to the first capsule instead of the worst ones, expects bad days to come in runs, and allows for a change that comes with the start whatever is swallowed."
        ),
    }
}

fn placebo(verdict: &Verdict) -> Explanation {
    let done = if verdict.grade.is_blinded() {
        "In the blinded periods you did not know which capsule you took, so hope was the same in both. What is said about the drug rests on comparing them."
    } else {
        "It gives taking a capsule an effect of its own. But you knew what you took, so this effect cannot be told from one of the drug."
    };
    Explanation {
        name: "Hope and care (placebo response)",
        what: "Taking a capsule and hoping for relief can ease symptoms, whatever is in it.".to_owned(),
        done: done.to_owned(),
    }
}

fn other_medicines() -> Explanation {
    Explanation {
        name: "Other medicines and changes",
        what:
            "A new medicine, another dose of an old one, an illness, a different daily life can do as much."
                .to_owned(),
        done: "Nothing: the diary file does not record them. Tell your prescriber what else changed."
            .to_owned(),
    }
}
