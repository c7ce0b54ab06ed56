//! What side effects ask for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ldn_core::plan::{DayPart, Hold, Plan, TimeOfDay};

use super::course::{Course, Turn, in_the_morning, side_effect};
use super::{DiaryFact, Proposal, ProposalKind, half};
use crate::plan::days_between;
use crate::plan::ladder::Level;
use crate::plan::terms::{Effect, effect, is_known};

/// Days ahead that a planned step is worth naming.
const STEP_IN_SIGHT: i64 = 7;

/// A run of days with side effects, up to the last one written.
struct Episode {
    since: Date,
    last: Date,
    facts: Vec<DiaryFact>,
    is_about_sleep: bool,
}

impl Episode {
    fn days(&self) -> i64 {
        days_between(self.since, self.last) + 1
    }
}

/// Returns the side effects of the course, with what each asks for.
fn written<'a>(course: &'a Course<'_>) -> impl Iterator<Item = (Date, &'a str, Effect)> {
    course.rows().flat_map(move |row| {
        row.side_effects
            .iter()
            .map(move |text| (row.date, text.as_str(), effect(text, course.adaptation, course.rules)))
    })
}

/// Signs of an allergy or of the liver, ever since the first dose: nothing is tried again after them.
pub(super) fn alarm(course: &Course<'_>) -> Option<Proposal> {
    let find = |wanted: Effect| -> Vec<DiaryFact> {
        let found = written(course).filter(|(_, _, effect)| *effect == wanted);
        found.map(|(date, text, _)| side_effect(date, text)).collect()
    };
    let lists = &course.adaptation;
    let kinds = [
        (Effect::Emergency, ProposalKind::EmergencyStop, &lists.emergency),
        (Effect::StopSameDay, ProposalKind::StopSameDay, &lists.stop_same_day),
    ];
    for (wanted, kind, alarm) in kinds {
        let facts = find(wanted);
        if let Some(first) = facts.first() {
            let values = BTreeMap::from([("effects", effects_of(&facts)), ("date", first.date.to_string())]);
            let rule = course.rules.rule(&alarm.rule);
            let proposal = course.proposal(kind, facts.clone(), &values, None);
            return Some(Proposal {
                rule: alarm.rule.clone(),
                source: alarm.source.clone(),
                status: rule.map_or(proposal.status, |rule| rule.status),
                ..proposal
            });
        }
    }
    None
}

/// What ordinary side effects ask for: morning, step back or half, hold the step; or that the step stands again.
pub(super) fn proposals(course: &Course<'_>) -> Vec<Proposal> {
    let Some(episode) = last_episode(course) else {
        return Vec::new();
    };
    if days_between(episode.last, course.today) > course.adaptation.present_days.days() {
        return resume(course, &episode).into_iter().collect();
    }
    let mut proposals: Vec<Proposal> = to_morning(course, &episode).into_iter().collect();
    if episode.days() > course.adaptation.lasting_days.days() {
        proposals.extend(lower(course, &episode));
    }
    proposals.extend(hold_step(course, &episode));
    proposals
}

/// Returns true if a side effect is there now, or was written while the dose was higher than at present.
pub(super) fn more_was_not_tolerated(course: &Course<'_>) -> Option<Vec<DiaryFact>> {
    let present = course.present()?.dose();
    if let Some(episode) = last_episode(course)
        && days_between(episode.last, course.today) <= course.adaptation.present_days.days()
    {
        return Some(episode.facts);
    }
    let at_more: Vec<DiaryFact> = written(course)
        .filter(|(_, _, effect)| *effect != Effect::None)
        .filter(|(date, _, _)| course.plan.step_on(*date).is_some_and(|step| step.dose() > present))
        .map(|(date, text, _)| side_effect(date, text))
        .collect();
    (!at_more.is_empty()).then_some(at_more)
}

/// Returns the last run of days with side effects; days between them that were left blank do not end it.
fn last_episode(course: &Course<'_>) -> Option<Episode> {
    let all: Vec<_> = written(course).filter(|(_, _, effect)| *effect != Effect::None).collect();
    let (last, ..) = *all.last()?;
    let mut since = last;
    for (date, ..) in all.iter().rev() {
        if days_between(*date, since) > course.adaptation.present_days.days() {
            break;
        }
        since = *date;
    }
    let mine: Vec<_> = all.into_iter().filter(|(date, ..)| *date >= since).collect();
    Some(Episode {
        since,
        last,
        is_about_sleep: mine.iter().any(|(_, _, effect)| *effect == Effect::Sleep),
        facts: mine.iter().map(|(date, text, _)| side_effect(*date, text)).collect(),
    })
}

/// Step 1: the next step waits; one interval from tomorrow at the earliest, and never earlier than planned.
fn hold_step(course: &Course<'_>, episode: &Episode) -> Option<Proposal> {
    course.next_rise()?;
    let present = course.present()?;
    let days = course.interval(present.dose()).max(course.days_left());
    let climb = course.climb_from(present.parts.clone(), days, format!("no step up: {}", effects(episode)));
    let plan = course.turn(&Turn {
        climb,
        again: course.ladder.clone(),
        holds: course.plan.holds().to_vec(),
        reason: &format!("hold the step: {} since {}", effects(episode), episode.since),
    });
    let next = plan.as_ref().and_then(|plan| rise_of(plan, course)).or(course.next_rise())?;
    let values = BTreeMap::from([
        ("effects", effects_words(course, episode)),
        ("since", episode.since.to_string()),
        ("next", next.to_string()),
    ]);
    Some(course.proposal(ProposalKind::HoldStep, episode.facts.clone(), &values, plan))
}

/// Step 2: back to the last dose that was tolerated, or half the dose, then climb again.
fn lower(course: &Course<'_>, episode: &Episode) -> Option<Proposal> {
    let present = course.present()?;
    let dose = present.dose();
    let halves = course.protocol.schedule().is_ok_and(|schedule| schedule.halve);
    let tolerated = if halves { None } else { tolerated_below(course, episode) };
    let (kind, parts) = match tolerated {
        Some(level) => (ProposalKind::StepBack, level.parts.clone()),
        None => (ProposalKind::Halve, halved(&present.parts)),
    };
    let to = parts.iter().fold(0, |sum, part| sum + part.dose.nanograms());
    let to = ldn_core::Dose::from_nanograms(to);
    if to.is_zero() || to >= dose {
        return None;
    }
    let why = format!("back from {dose}: {}", effects(episode));
    let climb = if course.ladder.len() > 1 {
        course.climb_from(parts, course.interval(to), why)
    } else {
        // A fixed dose has no steps to climb by: the lower one stays.
        vec![Level { parts, days: None, why, source: course.source() }]
    };
    let again = if course.ladder.len() > 1 { course.ladder.clone() } else { climb.clone() };
    let reason = format!("{} since {} at {dose}: down to {to}", effects(episode), episode.since);
    let holds = course.plan.holds().to_vec();
    let plan = course.turn(&Turn { climb, again, holds, reason: &reason });
    let values = BTreeMap::from([
        ("effects", effects_words(course, episode)),
        ("since", episode.since.to_string()),
        ("days", episode.days().to_string()),
        ("dose", dose.to_string()),
        ("lower", to.to_string()),
    ]);
    Some(course.proposal(kind, episode.facts.clone(), &values, plan))
}

/// Returns the highest lower dose of the plan that was taken on written days, none of them with a side effect.
fn tolerated_below<'a>(course: &'a Course<'_>, episode: &Episode) -> Option<&'a Level> {
    let present = course.present()?.dose();
    let bad: BTreeSet<Date> =
        written(course).filter(|(_, _, effect)| *effect != Effect::None).map(|(date, ..)| date).collect();
    let was_good = |level: &&Level| {
        let days: Vec<Date> = course
            .rows()
            .map(|row| row.date)
            .filter(|day| *day < episode.since)
            .filter(|day| course.plan.step_on(*day).is_some_and(|step| step.dose() == level.dose()))
            .collect();
        !days.is_empty() && days.iter().all(|day| !bad.contains(day))
    };
    course.ladder.iter().rev().filter(|level| level.dose() < present).find(was_good)
}

/// Step 3: dreams and sleep: in the morning. A day without a dose lies between, so that two are never close.
fn to_morning(course: &Course<'_>, episode: &Episode) -> Option<Proposal> {
    let present = course.present()?;
    let at_bedtime = |parts: &[DayPart]| parts.iter().any(|part| part.at == TimeOfDay::Bedtime);
    if !episode.is_about_sleep || !at_bedtime(&present.parts) {
        return None;
    }
    let tomorrow = course.tomorrow();
    let mut holds = course.plan.holds().to_vec();
    let is_taken_today = course.plan.step_on(course.today).is_some();
    let is_held_anyway = course.plan.hold_on(tomorrow).is_some();
    if is_taken_today && !is_held_anyway {
        holds.push(Hold {
            from: tomorrow,
            to: Some(tomorrow),
            why: "change from bedtime to morning: without this day two doses would be close".to_owned(),
            rule: "MD-01".to_owned(),
            resume: None,
        });
        holds.sort_by_key(|hold| hold.from);
    }
    let days = course.interval(present.dose()).max(course.days_left());
    let why = format!("in the morning: {}", effects(episode));
    let mut climb = course.climb_from(present.parts.clone(), days, why);
    let mut again = course.ladder.clone();
    for level in climb.iter_mut().chain(&mut again) {
        level.parts = in_the_morning(&level.parts);
    }
    let reason = format!("move to the morning: {} since {}", effects(episode), episode.since);
    // A driver's plan was fulfilled by the bedtime dose; the prescriber has to weigh that, so no plan is made.
    let needs_bedtime = course.plan.parts().fulfils.iter().any(|found| found.rule == "DR-01");
    let turn = Turn { climb, again, holds, reason: &reason };
    let plan = if needs_bedtime { None } else { course.turn(&turn) };
    let values = BTreeMap::from([
        ("effects", effects_words(course, episode)),
        ("since", episode.since.to_string()),
        ("between", tomorrow.to_string()),
    ]);
    let mut proposal = course.proposal(ProposalKind::MoveToMorning, episode.facts.clone(), &values, plan);
    if needs_bedtime {
        proposal.words += " DR-01 asks for bedtime in somebody who drives: decide which weighs more.";
    }
    Some(proposal)
}

/// Step 4: the side effect has gone for an interval, and the next step is near: it stands.
fn resume(course: &Course<'_>, episode: &Episode) -> Option<Proposal> {
    course.plan.parts().parent.as_ref()?;
    let next = course.next_rise()?;
    let present = course.present()?.dose();
    let has_been_quiet = days_between(episode.last, course.today) >= i64::from(course.interval(present));
    let is_near = days_between(course.today, next) <= STEP_IN_SIGHT;
    let values = BTreeMap::from([("since", episode.last.to_string()), ("next", format!("on {next}"))]);
    (has_been_quiet && is_near)
        .then(|| course.proposal(ProposalKind::Resume, episode.facts.clone(), &values, None))
}

/// Returns the first day after today with more than the present dose.
fn rise_of(plan: &Plan, course: &Course<'_>) -> Option<Date> {
    let present = course.present()?.dose();
    let later = plan.steps().iter().filter(|step| step.from > course.today && step.dose() > present);
    later.map(|step| step.from).next()
}

fn halved(parts: &[DayPart]) -> Vec<DayPart> {
    let halves = parts.iter().map(|part| DayPart { at: part.at, dose: half(part.dose) });
    halves.filter(|part| !part.dose.is_zero()).collect()
}

/// Returns the side effects of an episode, each once.
fn effects(episode: &Episode) -> String {
    effects_of(&episode.facts)
}

fn effects_of(facts: &[DiaryFact]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for fact in facts {
        if !texts.contains(&fact.value.as_str()) {
            texts.push(&fact.value);
        }
    }
    texts.join(", ")
}

/// Returns the side effects, with a word about those that no list knows.
fn effects_words(course: &Course<'_>, episode: &Episode) -> String {
    let unknown: Vec<DiaryFact> =
        episode.facts.iter().filter(|fact| !is_known(&fact.value, course.adaptation)).cloned().collect();
    let all = effects(episode);
    if unknown.is_empty() { all } else { format!("{all} (not recognised: {})", effects_of(&unknown)) }
}
