//! What asks for the prescriber, with its basis and what can be done about it.

use ldn_care::attention::{Item, Weight, What};
use ldn_care::screen::RuleSet;

use crate::clinic::room::Room;
use crate::patient::{SourceMark, in_words};

/// Something to decide.
pub(super) struct Problem {
    pub(super) weight: &'static str,
    pub(super) is_urgent: bool,
    pub(super) matter: String,
    pub(super) heading: String,
    pub(super) words: String,
    /// The day and what was written.
    pub(super) because: Vec<(String, String)>,
    pub(super) rule: String,
    pub(super) disagreement: String,
    pub(super) marks: Vec<SourceMark>,
    pub(super) status: &'static str,
    pub(super) act: Act,
}

/// What can be done about it.
pub(super) enum Act {
    /// Hold all doses now, because of this.
    Hold {
        /// Id of the rule.
        rule: String,
        /// Why, as it will stand in the journal.
        why: String,
    },
    /// Screen again, and decide there.
    Screen,
    /// Accept or decline one of the changes below.
    Change,
    /// Say that it was screened again and nothing stands in the way.
    Record,
    /// Look at the verdict below.
    Verdict,
    /// Go on with the intake and the plan.
    Plan,
    /// Read the diary below.
    Read,
}

impl Problem {
    /// Returns every problem of a course, the most pressing first.
    pub(super) fn all(room: &Room) -> Vec<Problem> {
        room.look.items.iter().map(|item| Problem::of(room, item)).collect()
    }

    fn of(room: &Room, item: &Item) -> Problem {
        let words = room.words();
        let marks = item.sources.iter().map(|source| SourceMark::of(words, source)).collect();
        // In a blinded trial no dose of the plan is said.
        let is_masked =
            room.is_blinded() && matches!(item.what, What::Change | What::StepComing | What::AskFirst);
        let heading = words.say(&format!("clinic-what-{}", item.what.word()));
        let because = item.because.iter().filter(|_| !(is_masked && item.what == What::AskFirst));
        Problem {
            weight: item.weight.word(),
            is_urgent: item.weight == Weight::Urgent,
            matter: words.say(&format!("clinic-matter-{}", item.matter.word())),
            words: if is_masked { heading.clone() } else { item.words.clone() },
            heading,
            because: because.map(|cause| (in_words(words, cause.day), cause.said.clone())).collect(),
            disagreement: RuleSet::shipped()
                .rule(&item.rule)
                .map(|rule| rule.disagreement.clone())
                .unwrap_or_default(),
            rule: std::iter::once(&item.rule).chain(&item.also).cloned().collect::<Vec<_>>().join(", "),
            marks,
            status: item.status.word(),
            act: Act::of(room, item),
        }
    }
}

impl Act {
    fn of(room: &Room, item: &Item) -> Act {
        match item.what {
            What::Stopped if !is_held(room) => {
                let said: Vec<&str> = item.because.iter().map(|cause| cause.said.as_str()).collect();
                let why = match said.first() {
                    Some(said) => format!("{} ({})", said, item.rule),
                    None => item.rule.clone(),
                };
                Act::Hold { rule: item.rule.clone(), why }
            }
            What::Stopped
            | What::Held
            | What::Decide
            | What::NotRecognised
            | What::AskFirst
            | What::PlanEnds => Act::Screen,
            What::Change => Act::Change,
            What::StepComing | What::ReviewDue => Act::Record,
            What::Judge => Act::Verdict,
            What::NotPlanned => Act::Plan,
            What::DangerWords | What::SevereEffect | What::Silent => Act::Read,
        }
    }
}

/// Returns true if a hold counts today.
pub(super) fn is_held(room: &Room) -> bool {
    matches!(room.course.plan_on(room.today), ldn_core::plan::DayPlan::Hold(_))
}
