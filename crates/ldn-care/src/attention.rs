//! What a course asks of its prescriber today: the items of the clinic's list, the most pressing first.
//!
//! [`attention`] reads a replayed course, its screening of today ([`crate::course_screen::rerun`]) and what its diary asks for
//! ([`proposals`]), and says what somebody should look at, each with the entries that caused it, its rule and its source. The
//! order of the matters is that of the list: safety, side effect, step due, silent, verdict ready. An item goes when a
//! prescriber has decided something after its cause: screened, signed or held. Nothing here decides: items point.
//!
//! It deliberately raises little (hazard H33): what can wait is [`Weight::Info`].

mod causes;
mod settings;

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::course::{Course, Origin};
use ldn_core::data::Status;
use ldn_core::ids::EntryId;
use ldn_core::journal::{Role, Severity as EffectSeverity};
use ldn_core::plan::Plan;
use serde::Serialize;

pub use settings::AttentionRules;

use crate::course_screen::Rerun;
use crate::plan::{Change, Proposal, ProposalKind, Protocols, adapt, days_between, plus};
use crate::screen::{ActionKind, Because, Disposition, Finding, RuleSet, Severity};
use causes::{answered_since, causes_of};

/// What kind of matter an item is, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// Somebody may come to harm.
    Safety,
    /// A side effect that the diary has.
    SideEffect,
    /// The plan asks for something: a step, a review, the next plan.
    StepDue,
    /// Nobody has written for days.
    Silent,
    /// The effect may be judged.
    VerdictReady,
}

/// How much an item presses, lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Worth knowing; raises nothing.
    Info,
    /// Somebody should look at it.
    Notice,
    /// Somebody must act today.
    Urgent,
}

/// What an item is about; its word is the key of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The screening of today forbids a dose.
    Stopped,
    /// Days without LDN that nobody has ended.
    Held,
    /// Something new that a prescriber has to decide.
    Decide,
    /// A medicine whose name nobody knows.
    NotRecognised,
    /// A danger word in free text.
    DangerWords,
    /// A severe side effect.
    SevereEffect,
    /// The diary asks for a change of the plan.
    Change,
    /// A gap in the doses, or a plan that no longer speaks.
    AskFirst,
    /// The next step is near.
    StepComing,
    /// A day of review has come.
    ReviewDue,
    /// The plan ends soon.
    PlanEnds,
    /// No plan is signed.
    NotPlanned,
    /// No entry for days.
    Silent,
    /// The day of judging has come, or there was no benefit for long.
    Judge,
}

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What kind of matter.
    pub matter: Matter,
    /// How much it presses.
    pub weight: Weight,
    /// What it is about.
    pub what: What,
    /// For the prescriber; names a dose of the plan where one matters, so a blinded list shows [`Item::what`] instead.
    pub words: String,
    /// The entries that caused it, in order of days.
    pub because: Vec<Cause>,
    /// Id of the rule of screening, or of the data file with the number.
    pub rule: String,
    /// Other rules that the same entries broke; one entry is one item.
    pub also: Vec<String>,
    /// Ids of the sources; empty where the number is ours.
    pub sources: Vec<String>,
    /// How far it has been checked.
    pub status: Status,
    /// The day on which its cause stands.
    pub since: Date,
}

/// An entry that caused an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cause {
    /// The day that it is about.
    pub day: Date,
    /// What it says, as written.
    pub said: String,
    /// The entry; `None` where several make one fact.
    pub entry: Option<EntryId>,
}

impl Matter {
    /// Every matter, in the order of the list.
    pub const ALL: [Matter; 5] =
        [Matter::Safety, Matter::SideEffect, Matter::StepDue, Matter::Silent, Matter::VerdictReady];

    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Matter::Safety => "safety",
            Matter::SideEffect => "side-effect",
            Matter::StepDue => "step-due",
            Matter::Silent => "silent",
            Matter::VerdictReady => "verdict-ready",
        }
    }
}

impl Weight {
    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Weight::Info => "info",
            Weight::Notice => "notice",
            Weight::Urgent => "urgent",
        }
    }
}

impl What {
    /// Every subject.
    pub const ALL: [What; 14] = [
        What::Stopped,
        What::Held,
        What::Decide,
        What::NotRecognised,
        What::DangerWords,
        What::SevereEffect,
        What::Change,
        What::AskFirst,
        What::StepComing,
        What::ReviewDue,
        What::PlanEnds,
        What::NotPlanned,
        What::Silent,
        What::Judge,
    ];

    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            What::Stopped => "stopped",
            What::Held => "held",
            What::Decide => "decide",
            What::NotRecognised => "not-recognised",
            What::DangerWords => "danger-words",
            What::SevereEffect => "severe-effect",
            What::Change => "change",
            What::AskFirst => "ask-first",
            What::StepComing => "step-coming",
            What::ReviewDue => "review-due",
            What::PlanEnds => "plan-ends",
            What::NotPlanned => "not-planned",
            What::Silent => "silent",
            What::Judge => "judge",
        }
    }
}

/// Returns what the diary of a course asks for: the proposals of [`adapt`] for the plan in force, without those that a
/// prescriber has declined; empty if no signed plan of a known protocol is in force, or LDN is held.
///
/// A proposal was declined if the same change of the same plan for the same reason was proposed and ended unsigned.
pub fn proposals(course: &Course, today: Date, protocols: &Protocols, rules: &RuleSet) -> Vec<Proposal> {
    let Some(signed) = course.plans().in_force(today) else { return Vec::new() };
    let (Some(protocol), Ok(diary)) = (protocols.find(&signed.plan.parts().protocol), course.diary()) else {
        return Vec::new();
    };
    let change = Change { plan: &signed.plan, protocol, diary: &diary, today };
    let mut found = adapt(&change, protocols, rules);
    found.retain(|proposal| proposal.plan.as_ref().is_none_or(|plan| !was_declined(course, plan)));
    found
}

/// Returns true if this change of this plan for this reason was proposed before and ended without a signature.
fn was_declined(course: &Course, plan: &Plan) -> bool {
    let is_same = |other: &Plan| {
        other.parts().parent == plan.parts().parent && other.parts().reason == plan.parts().reason
    };
    let plans = course.plans();
    plans.proposals().iter().filter(|proposal| is_same(&proposal.value)).any(|proposal| {
        let id = proposal.value.id();
        let is_signed = plans.signed().iter().any(|signed| signed.id == id);
        !is_signed && plans.ended().iter().any(|ended| ended.value.plan == id)
    })
}

/// Says what somebody should look at, the most pressing first: by matter, then by weight, then the oldest first.
///
/// `rerun` is the screening of the course today, without what the plan in force overrides; `proposals` what its diary asks
/// for.
pub fn attention(
    course: &Course,
    rerun: &Rerun,
    proposals: &[Proposal],
    today: Date,
    numbers: &AttentionRules,
) -> Vec<Item> {
    let looked = Looked { course, rerun, proposals, today, numbers };
    let mut items = looked.safety();
    items.extend(looked.side_effects());
    items.extend(looked.plan());
    items.extend(looked.silence());
    items.extend(looked.verdict());
    items.sort_by_key(|item| (item.matter, std::cmp::Reverse(item.weight), item.since));
    items
}

/// A course as the list looks at it.
struct Looked<'a> {
    course: &'a Course,
    rerun: &'a Rerun,
    proposals: &'a [Proposal],
    today: Date,
    numbers: &'a AttentionRules,
}

impl Looked<'_> {
    fn safety(&self) -> Vec<Item> {
        let mut items = self.held();
        let is_held = !items.is_empty();
        let has_begun = self.has_begun();
        // Before a plan is signed the screening is work in progress, not an alarm, unless somebody must act now.
        let is_alarm = |finding: &&Finding| has_begun || finding.severity == Severity::Emergency;
        let stopping: Vec<&Finding> = self.rerun.stopping.iter().filter(is_alarm).collect();
        items.extend(self.stopped(&stopping, is_held));
        if has_begun {
            items.extend(self.to_decide(&items));
            items.extend(self.not_recognised());
        }
        items.extend(self.danger_words());
        items.extend(self.alarms_of_diary());
        items
    }

    /// Returns true once a plan was signed.
    fn has_begun(&self) -> bool {
        !self.course.plans().signed().is_empty()
    }

    /// A hold without an end is a safety matter until somebody ends it; the doses are held already.
    fn held(&self) -> Vec<Item> {
        let open = self.course.plans().holds().iter().filter(|held| {
            held.hold.to.is_none()
                && held.hold.contains(self.today)
                && held.lifted_on.is_none_or(|lifted| self.today < lifted)
        });
        open.map(|held| {
            let values = [("since", held.hold.from.to_string()), ("why", held.hold.why.clone())];
            Item {
                because: vec![cause(&held.origin, &held.hold.why)],
                since: held.hold.from,
                rule: held.hold.rule.clone(),
                ..self.item(Matter::Safety, Weight::Notice, What::Held, "held", &values)
            }
        })
        .collect()
    }

    /// Findings that forbid a dose: urgent until a prescriber has held the doses because of them. What the same entries
    /// broke is one item, led by the finding that says what to do now.
    fn stopped(&self, findings: &[&Finding], is_held: bool) -> Vec<Item> {
        let mut items: Vec<(Vec<Origin>, Item)> = Vec::new();
        let acts = |finding: &Finding| matches!(finding.action.kind, ActionKind::Hold | ActionKind::Stop);
        let (first, rest): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().partition(|finding| acts(finding));
        for finding in first.into_iter().chain(rest) {
            let causes = causes_of(self.course, finding, self.today);
            if is_held && answered_since(self.course, &causes) {
                continue;
            }
            match items.iter_mut().find(|(known, _)| !causes.is_empty() && *known == causes) {
                Some((_, item)) => item.also.push(finding.rule.clone()),
                None => {
                    let item = self.of_finding(finding, Weight::Urgent, What::Stopped, &causes);
                    items.push((causes, item));
                }
            }
        }
        items.into_iter().map(|(_, item)| item).collect()
    }

    /// Findings that a prescriber must decide, whose causes nobody has looked at and no other item names.
    fn to_decide(&self, known: &[Item]) -> Vec<Item> {
        let decides = |finding: &&Finding| {
            finding.severity == Severity::NeedsPrescriberDecision && !self.rerun.stopping.contains(finding)
        };
        let is_named = |causes: &[Origin]| {
            let names = |item: &Item, origin: &Origin| {
                item.because.iter().any(|cause| cause.entry == Some(origin.entry))
            };
            causes.iter().all(|origin| known.iter().any(|item| names(item, origin)))
        };
        self.rerun
            .screening
            .findings
            .iter()
            .filter(decides)
            .filter_map(|finding| {
                let causes = causes_of(self.course, finding, self.today);
                let is_new = !answered_since(self.course, &causes) && !is_named(&causes);
                is_new.then(|| self.of_finding(finding, Weight::Notice, What::Decide, &causes))
            })
            .collect()
    }

    fn of_finding(&self, finding: &Finding, weight: Weight, what: What, causes: &[Origin]) -> Item {
        // A name tells which entry is meant; a date or a code beside it would not.
        let is_name = |fact: &&Because| fact.at.ends_with("].name") || fact.at.ends_with("].test");
        let mut said: Vec<String> =
            finding.because.iter().filter(is_name).map(|fact| fact.value.clone()).collect();
        if said.is_empty() {
            said = finding.because.iter().map(|fact| fact.value.clone()).collect();
        }
        let because = causes.iter().map(|origin| cause(origin, &said.join(", "))).collect();
        Item {
            matter: Matter::Safety,
            weight,
            what,
            words: finding.say_prescriber.clone(),
            because,
            rule: finding.rule.clone(),
            also: Vec::new(),
            sources: finding.sources.clone(),
            status: finding.status,
            since: causes.iter().map(|origin| origin.day).max().unwrap_or(self.today),
        }
    }

    /// Medicines that no list knows, entered since a prescriber last decided something.
    fn not_recognised(&self) -> Option<Item> {
        let names: Vec<&str> = self
            .rerun
            .screening
            .unrecognised
            .iter()
            .filter(|found| found.at.starts_with("medicine["))
            .map(|found| found.value.as_str())
            .collect();
        let origins: Vec<Origin> = self
            .course
            .medicines()
            .iter()
            .filter(|medicine| names.contains(&medicine.value.name.as_str()))
            .map(|medicine| medicine.origin)
            .collect();
        if origins.is_empty() || answered_since(self.course, &origins) {
            return None;
        }
        let values = [("names", names.join(", "))];
        let item = self.item(Matter::Safety, Weight::Notice, What::NotRecognised, "not-recognised", &values);
        Some(Item {
            because: origins.iter().map(|origin| cause(origin, &names.join(", "))).collect(),
            since: origins.iter().map(|origin| origin.day).max().unwrap_or(self.today),
            ..item
        })
    }

    /// Danger words of the last days' notes; each rule once, the newest note.
    fn danger_words(&self) -> Vec<Item> {
        let mut found: BTreeMap<&str, Item> = BTreeMap::new();
        for (date, day) in self.days_in_sight() {
            for note in &day.notes {
                for (danger, word) in self.numbers.dangers_in(&note.value.text) {
                    if note.origin.role != Role::Patient || answered_since(self.course, &[note.origin]) {
                        continue;
                    }
                    let weight = if danger.urgent { Weight::Urgent } else { Weight::Notice };
                    let values = [("date", date.to_string()), ("word", word)];
                    let item = self.item(Matter::Safety, weight, What::DangerWords, "danger", &values);
                    let because = vec![cause(&note.origin, &note.value.text)];
                    let rule = danger.rule.clone();
                    found.insert(&danger.rule, Item { because, since: date, rule, ..item });
                }
            }
        }
        found.into_values().collect()
    }

    fn days_in_sight(&self) -> impl Iterator<Item = (Date, &ldn_core::course::Day)> {
        let from = plus(self.today, -self.numbers.in_sight_days());
        self.course.days().filter(move |(date, _)| from < *date && *date <= self.today)
    }

    /// Side effects that stop everything: an allergy, signs of the liver.
    fn alarms_of_diary(&self) -> Vec<Item> {
        let alarms = self.proposals.iter().filter(|proposal| {
            matches!(proposal.kind, ProposalKind::EmergencyStop | ProposalKind::StopSameDay)
        });
        alarms
            .filter(|proposal| !self.is_answered(proposal))
            .map(|proposal| self.of_proposal(proposal, Matter::Safety, Weight::Urgent, What::Stopped))
            .collect()
    }

    fn side_effects(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for proposal in self.proposals {
            let weight = match proposal.kind {
                ProposalKind::StepBack
                | ProposalKind::Halve
                | ProposalKind::MoveToMorning
                | ProposalKind::HoldStep => Weight::Notice,
                ProposalKind::Resume => Weight::Info,
                _ => continue,
            };
            items.push(self.of_proposal(proposal, Matter::SideEffect, weight, What::Change));
        }
        // One change is enough to look at; the course's page has all of them.
        items.truncate(1);
        if items.is_empty() {
            items.extend(self.severe_effect());
        }
        items
    }

    /// The newest severe side effect in sight that nobody has answered.
    fn severe_effect(&self) -> Option<Item> {
        let severe = self.days_in_sight().flat_map(|(date, day)| {
            let of_day = day.side_effects.iter().filter(|effect| {
                effect.value.severity == EffectSeverity::Severe
                    && !answered_since(self.course, &[effect.origin])
            });
            of_day.map(move |effect| (date, effect))
        });
        let (date, effect) = severe.last()?;
        let values = [("effect", effect.value.term.clone()), ("date", date.to_string())];
        let item =
            self.item(Matter::SideEffect, Weight::Notice, What::SevereEffect, "severe-effect", &values);
        Some(Item { because: vec![cause(&effect.origin, &effect.value.term)], since: date, ..item })
    }

    fn of_proposal(&self, proposal: &Proposal, matter: Matter, weight: Weight, what: What) -> Item {
        let because: Vec<Cause> = proposal
            .because
            .iter()
            .map(|fact| Cause { day: fact.date, said: fact.value.clone(), entry: None })
            .collect();
        Item {
            matter,
            weight,
            what,
            words: proposal.words.clone(),
            since: because.first().map_or(self.today, |cause| cause.day),
            because,
            rule: proposal.rule.clone(),
            also: Vec::new(),
            sources: vec![proposal.source.clone()],
            status: proposal.status,
        }
    }

    /// A prescriber decided something on or after the last day that a proposal rests on.
    fn is_answered(&self, proposal: &Proposal) -> bool {
        let last = proposal.because.iter().map(|fact| fact.date).max();
        last.zip(self.last_decision()).is_some_and(|(last, decided)| last <= decided)
    }

    fn last_decision(&self) -> Option<Date> {
        causes::last_decision(self.course).map(|origin| origin.day)
    }

    fn plan(&self) -> Vec<Item> {
        if !self.has_begun() {
            return self.not_planned().into_iter().collect();
        }
        let mut items = self.ask_first();
        items.extend(self.step_coming());
        items.extend(self.review_due());
        items.extend(self.plan_ends());
        items
    }

    fn not_planned(&self) -> Option<Item> {
        let known = self.course.intakes().last().map(|intake| intake.origin.day);
        let since = known.or(self.course.last_entry().map(|origin| origin.day));
        let item = self.item(Matter::StepDue, Weight::Info, What::NotPlanned, "not-planned", &[]);
        Some(Item { since: since.unwrap_or(self.today), ..item })
    }

    fn ask_first(&self) -> Vec<Item> {
        let asks = |kind| {
            matches!(kind, ProposalKind::ReScreen | ProposalKind::Retitrate | ProposalKind::AskAboutGap)
        };
        let first = self.proposals.iter().find(|proposal| asks(proposal.kind));
        let item =
            first.map(|proposal| self.of_proposal(proposal, Matter::StepDue, Weight::Notice, What::AskFirst));
        item.into_iter().collect()
    }

    /// The next higher dose of the plan, if it is near; it presses only if the screening of today would not let it pass.
    fn step_coming(&self) -> Option<Item> {
        let signed = self.course.plans().in_force(self.today)?;
        let until = plus(self.today, self.numbers.step_in_sight_days());
        let now = signed.plan.step_on(self.today)?.dose();
        let next = signed.plan.steps().iter().find(|step| self.today < step.from && step.dose() > now)?;
        if next.from > until {
            return None;
        }
        let is_open = self.rerun.screening.disposition == Disposition::Incomplete;
        let weight = if is_open { Weight::Notice } else { Weight::Info };
        let values = [("dose", next.dose().to_string()), ("date", next.from.to_string())];
        let item = self.item(Matter::StepDue, weight, What::StepComing, "step-coming", &values);
        Some(Item { since: next.from, sources: vec![next.source.clone()], ..item })
    }

    fn review_due(&self) -> Option<Item> {
        let signed = self.course.plans().in_force(self.today)?;
        let from = plus(self.today, -self.numbers.review_open_days());
        let decided = self.last_decision();
        let due = signed.plan.parts().review.iter().rfind(|review| {
            from < review.on && review.on <= self.today && decided.is_none_or(|decided| decided < review.on)
        })?;
        let values = [("what", due.what.clone()), ("date", due.on.to_string())];
        let item = self.item(Matter::StepDue, Weight::Info, What::ReviewDue, "review-due", &values);
        Some(Item { since: due.on, ..item })
    }

    fn plan_ends(&self) -> Option<Item> {
        let signed = self.course.plans().in_force(self.today)?;
        let ends = signed.plan.parts().valid_until;
        let is_near = self.today <= ends && ends < plus(self.today, self.numbers.plan_ends_days());
        let values = [("date", ends.to_string())];
        let item = self.item(Matter::StepDue, Weight::Notice, What::PlanEnds, "plan-ends", &values);
        is_near.then(|| Item { since: plus(ends, -self.numbers.plan_ends_days()), ..item })
    }

    /// Days without an entry while a plan asks for doses.
    fn silence(&self) -> Option<Item> {
        let signed = self.course.plans().in_force(self.today)?;
        let first = signed.plan.steps().first().map(|step| step.from)?;
        let last = self.course.days().map(|(date, _)| date).filter(|date| *date <= self.today).last();
        // The day before the first dose counts as written: nobody is late before there is something to write.
        let since = last.unwrap_or_else(|| plus(first, -1));
        let days = days_between(since, self.today);
        if days < self.numbers.silent_days() || self.today < first {
            return None;
        }
        let weight = if days >= self.numbers.long_silent_days() { Weight::Notice } else { Weight::Info };
        let (code, date) = if last.is_some() { ("silent", since) } else { ("never-wrote", first) };
        let item = self.item(Matter::Silent, weight, What::Silent, code, &[("date", date.to_string())]);
        Some(Item { since, ..item })
    }

    /// The effect may be judged, and no prescriber has looked since; never while a trial is blinded.
    fn verdict(&self) -> Option<Item> {
        if self.course.is_blinded() {
            return None;
        }
        let judges = |kind| matches!(kind, ProposalKind::JudgeNow | ProposalKind::StopNoBenefit);
        let proposal = self.proposals.iter().find(|proposal| judges(proposal.kind))?;
        let due = self.course.plans().in_force(self.today)?.plan.parts().judge_on.unwrap_or(self.today);
        let shown = self.course.verdicts_shown().iter();
        let is_seen = shown
            .filter(|shown| shown.origin.role == Role::Prescriber)
            .any(|shown| shown.origin.day >= due.min(self.today));
        let item = self.of_proposal(proposal, Matter::VerdictReady, Weight::Notice, What::Judge);
        (!is_seen).then_some(Item { since: due.min(self.today), ..item })
    }

    /// Makes an item of our own words and numbers.
    fn item(
        &self,
        matter: Matter,
        weight: Weight,
        what: What,
        code: &str,
        values: &[(&str, String)],
    ) -> Item {
        Item {
            matter,
            weight,
            what,
            words: self.numbers.words(code, values),
            because: Vec::new(),
            rule: self.numbers.id().to_owned(),
            also: Vec::new(),
            sources: Vec::new(),
            status: self.numbers.status(),
            since: self.today,
        }
    }
}

fn cause(origin: &Origin, said: &str) -> Cause {
    Cause { day: origin.day, said: said.to_owned(), entry: Some(origin.entry) }
}
