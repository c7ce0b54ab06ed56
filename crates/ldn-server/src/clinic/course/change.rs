//! What the diary asks of the plan, each as a new plan that can be signed with one click or declined with a reason.

use jiff::civil::Date;
use ldn_care::plan::Proposal;
use ldn_core::plan::{Plan, Step};

use crate::clinic::room::Room;
use crate::patient::{Case, Drawn, SourceMark, in_words, of_plan, span};
use crate::words::Words;

/// A change that is proposed.
pub(super) struct Change {
    pub(super) words: String,
    /// The day and what was written.
    pub(super) because: Vec<(String, String)>,
    /// How many they are, in words.
    pub(super) n_because: String,
    pub(super) rule: String,
    pub(super) status: &'static str,
    pub(super) mark: SourceMark,
    /// The plan that would follow.
    pub(super) plan: Option<NewPlan>,
}

/// A plan that would follow.
pub(super) struct NewPlan {
    pub(super) id: String,
    /// Days and dose of each step that is still to come.
    pub(super) steps: Vec<[String; 2]>,
    pub(super) holds: Vec<[String; 2]>,
    pub(super) chart: Option<(Drawn, String)>,
}

impl Change {
    /// Returns every proposal that carries a plan, or that says what to do without one; "nothing asks for a change" is left
    /// out.
    pub(super) fn all(room: &Room) -> Vec<Change> {
        if room.is_blinded() {
            return Vec::new();
        }
        let is_asked = |proposal: &&Proposal| proposal.plan.is_some();
        room.look.proposals.iter().filter(is_asked).map(|proposal| Change::of(room, proposal)).collect()
    }

    fn of(room: &Room, proposal: &Proposal) -> Change {
        let words = room.words();
        Change {
            words: proposal.words.clone(),
            because: proposal
                .because
                .iter()
                .map(|fact| (in_words(words, fact.date), fact.value.clone()))
                .collect(),
            n_because: words.count("clinic-change-because", count(proposal.because.len())),
            rule: proposal.rule.clone(),
            status: proposal.status.word(),
            mark: SourceMark::of(words, &proposal.source),
            plan: proposal.plan.as_ref().map(|plan| NewPlan::of(room, plan)),
        }
    }
}

impl NewPlan {
    /// Shows a plan as a change shows it: what is still to come.
    pub(super) fn of(room: &Room, plan: &Plan) -> NewPlan {
        let case = Case { course: &room.course, today: room.today, words: room.words() };
        NewPlan {
            id: plan.id().as_str().to_owned(),
            steps: steps_to_come(room.words(), plan, room.today),
            holds: plan
                .holds()
                .iter()
                .filter(|hold| hold.to.is_none_or(|to| room.today <= to))
                .map(|hold| [span(room.words(), hold.from, hold.to), format!("{} ({})", hold.why, hold.rule)])
                .collect(),
            chart: of_plan(case, plan),
        }
    }
}

/// Returns a count as words take it.
pub(in crate::clinic) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn steps_to_come(words: Words, plan: &Plan, today: Date) -> Vec<[String; 2]> {
    let is_to_come = |step: &&Step| step.to.is_none_or(|to| today < to);
    let from = |step: &Step| step.from.max(today.saturating_add(jiff::Span::new().days(1)));
    let steps = plan.steps().iter().filter(is_to_come);
    steps.map(|step| [span(words, from(step), step.to), dose(step)]).collect()
}

/// Says the doses of a step: "1.5 mg at bedtime", or each part of a divided day.
pub(in crate::clinic) fn dose(step: &Step) -> String {
    let parts: Vec<String> =
        step.parts.iter().map(|part| format!("{} {}", part.dose, part.at.words())).collect();
    parts.join(", ")
}
