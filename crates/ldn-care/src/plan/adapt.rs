//! From a plan and a diary to proposals of what to change, each with the diary entries that caused it.
//!
//! Nothing here raises a dose faster than the plan that it changes, and nothing moves into a hold: levels and their
//! days are read from the plan itself and laid anew around the same holds. Words are for the prescriber.

mod course;
mod effects;
mod gap;
mod scores;

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::data::Status;
use ldn_core::plan::Plan;
use ldn_core::{Diary, Dose};
use serde::Serialize;

use super::protocol::Protocol;
use super::protocols::Protocols;
use crate::screen::RuleSet;
use course::Course;

/// What a plan is to be adapted to.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The plan that is followed now.
    pub plan: &'a Plan,
    /// Its protocol.
    pub protocol: &'a Protocol,
    /// What happened; days after today are not looked at.
    pub diary: &'a Diary,
    /// The day on which the diary is read.
    pub today: Date,
}

/// Something that a diary asks for, addressed to the prescriber.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// What kind of thing.
    pub kind: ProposalKind,
    /// The diary entries that caused it, in order of days.
    pub because: Vec<DiaryFact>,
    /// Id of the rule of screening, or of the line of `data/protocols/adaptation.toml`.
    pub rule: String,
    /// Id of the source.
    pub source: String,
    /// How far it has been checked.
    pub status: Status,
    /// For the prescriber.
    pub words: String,
    /// The plan that would follow, unsigned, if one does.
    pub plan: Option<Plan>,
}

/// A diary entry that a proposal rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DiaryFact {
    /// Its day.
    pub date: Date,
    /// Its column.
    pub field: String,
    /// As written.
    pub value: String,
}

/// What a diary asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalKind {
    /// Stop and act now; stands alone.
    EmergencyStop,
    /// Stop the same day; stands alone.
    StopSameDay,
    /// The plan no longer speaks: screen again; stands alone.
    ReScreen,
    /// Begin again lower after a gap; stands alone.
    Retitrate,
    /// A gap, or blank days: ask; stands alone.
    AskAboutGap,
    /// Do not step up now.
    HoldStep,
    /// Back to the last dose that was tolerated.
    StepBack,
    /// Half the dose, then climb again.
    Halve,
    /// Take it in the morning.
    MoveToMorning,
    /// The side effect has gone: the next step stands.
    Resume,
    /// A lower dose works, and more was not tolerated.
    StayAtLowerDose,
    /// The day of judging has come.
    JudgeNow,
    /// Long enough without benefit.
    StopNoBenefit,
    /// Nothing asks for a change.
    Continue,
}

impl ProposalKind {
    /// Keys of the words in `data/protocols/adaptation.toml`.
    pub(super) const WORDS: [&'static str; 15] = [
        "emergency-stop",
        "stop-same-day",
        "re-screen",
        "retitrate",
        "ask-about-gap",
        "hold-step",
        "step-back",
        "halve",
        "move-to-morning",
        "resume",
        "stay-at-lower-dose",
        "judge-now",
        "stop-no-benefit",
        "continue",
        "blinded",
    ];

    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            ProposalKind::EmergencyStop => "emergency-stop",
            ProposalKind::StopSameDay => "stop-same-day",
            ProposalKind::ReScreen => "re-screen",
            ProposalKind::Retitrate => "retitrate",
            ProposalKind::AskAboutGap => "ask-about-gap",
            ProposalKind::HoldStep => "hold-step",
            ProposalKind::StepBack => "step-back",
            ProposalKind::Halve => "halve",
            ProposalKind::MoveToMorning => "move-to-morning",
            ProposalKind::Resume => "resume",
            ProposalKind::StayAtLowerDose => "stay-at-lower-dose",
            ProposalKind::JudgeNow => "judge-now",
            ProposalKind::StopNoBenefit => "stop-no-benefit",
            ProposalKind::Continue => "continue",
        }
    }
}

/// Says what a diary asks for; at least one proposal, gravest first.
///
/// Signs of an allergy or of the liver override everything else, then a plan that no longer speaks, then a gap. A new
/// plan begins tomorrow, keeps every hold and what has happened, and is not signed.
pub fn adapt(change: &Change<'_>, protocols: &Protocols, rules: &RuleSet) -> Vec<Proposal> {
    let course = Course::read(change, protocols, rules);
    let alone = effects::alarm(&course).or_else(|| re_screen(&course)).or_else(|| gap::gap(&course));
    if let Some(proposal) = alone {
        return vec![proposal];
    }
    let mut proposals = effects::proposals(&course);
    if !course.is_blinded() {
        proposals.extend(scores::proposals(&course));
    }
    if proposals.is_empty() {
        proposals.push(course.proposal(
            ProposalKind::Continue,
            course.written_today(),
            &BTreeMap::new(),
            None,
        ));
    }
    proposals
}

/// Says that the plan no longer speaks: it has expired, or a hold lasts until a new screening.
fn re_screen(course: &Course<'_>) -> Option<Proposal> {
    let (plan, today) = (course.plan, course.today);
    let until_screened = plan.hold_on(today).filter(|hold| hold.to.is_none());
    let what = match until_screened {
        _ if today > plan.parts().valid_until => format!("The plan ended on {}", plan.parts().valid_until),
        Some(hold) => format!("LDN is held since {} ({}, {})", hold.from, hold.why, hold.rule),
        None => return None,
    };
    let words = BTreeMap::from([("what", what)]);
    let rule = until_screened.map(|hold| hold.rule.clone());
    let proposal = course.proposal(ProposalKind::ReScreen, Vec::new(), &words, None);
    Some(Proposal { rule: rule.unwrap_or(proposal.rule), ..proposal })
}

/// Returns half a dose, in whole nanograms.
fn half(dose: Dose) -> Dose {
    Dose::from_nanograms(dose.nanograms() / 2)
}
